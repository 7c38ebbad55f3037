/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kafka, by an idempotent producer that waits for all in-sync replicas: the only file that knows
 * librdkafka. The key is the alert's id, so that all rows of an alert are in one partition and in
 * order. A call that fails takes its messages back out of the library and gives the producer up:
 * nothing is delivered behind our back later, but for what was on the wire already.
 *
 * A broker refuses a whole batch of the producer's because of one message in it. Then the next
 * producer sends every message in a batch of its own, and only a message that is refused alone is
 * passed over.
 */
#include "dashboard-export/sinks/transport.h"

#include "base/printable_text.h"

#include <librdkafka/rdkafka.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Longest sleep between two looks at the stop. */
#define STEP_MS 100

/* Time for messages that were taken back to be told as such. */
#define PURGE_MS 5000

/* Of a message that no report has come for. */
#define PENDING RD_KAFKA_RESP_ERR__IN_PROGRESS

struct transport {
	const struct sink_config *config;
	const struct transport_stop *stop;
	rd_kafka_t *producer; /* NULL: not connected */
	bool one_by_one;      /* every message in a batch of its own */
	int error;            /* what a broker's connection failed with for good, or 0 */
	char words[256];      /* the library's last ones */
	/* Of the current call. A report of an earlier one is known by its number. */
	uint32_t call;
	rd_kafka_resp_err_t *results;
	size_t size, count, reported;
};

static uint64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static int
error_of(rd_kafka_resp_err_t code)
{
	switch (code) {
	case RD_KAFKA_RESP_ERR_NO_ERROR:
		return 0;
	case RD_KAFKA_RESP_ERR__AUTHENTICATION:
	case RD_KAFKA_RESP_ERR__SSL:
	case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
	case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
	case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
		return -EACCES;
	case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
	case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
		return -ENOENT;
	case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
		return -EINVAL;
	case RD_KAFKA_RESP_ERR__TIMED_OUT:
	case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
		return -ETIMEDOUT;
	case RD_KAFKA_RESP_ERR__TRANSPORT:
	case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
		return -ECONNREFUSED;
	default:
		return -EAGAIN;
	}
}

/* Whether the fault may be one message's. */
static bool
blames_message(rd_kafka_resp_err_t code)
{
	return code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ||
	       code == RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE ||
	       code == RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE ||
	       code == RD_KAFKA_RESP_ERR_INVALID_RECORD;
}

static void
be_silent(const rd_kafka_t *producer, int level, const char *facility, const char *text)
{
	(void)producer;
	(void)level;
	(void)facility;
	(void)text;
}

/* Most errors pass, and the library tries again; some need a person. */
static void
note_error(rd_kafka_t *producer, int code, const char *reason, void *context)
{
	struct transport *t = context;
	bool fatal = code == RD_KAFKA_RESP_ERR__FATAL;
	char words[256];

	/* That all brokers are away says less than why the last one is. */
	if (t->error != 0 || (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && t->words[0] != '\0'))
		return;
	if (fatal)
		code = rd_kafka_fatal_error(producer, words, sizeof(words));
	printable_text_copy(fatal ? words : reason, t->words, sizeof(t->words));
	if (error_of((rd_kafka_resp_err_t)code) == -EACCES)
		t->error = -EACCES;
	else if (fatal)
		t->error = -EIO;
}

static void
note_report(rd_kafka_t *producer, const rd_kafka_message_t *message, void *context)
{
	struct transport *t = context;
	uint64_t tag = (uint64_t)(uintptr_t)message->_private;
	size_t at = (size_t)(tag & UINT32_MAX);

	(void)producer;
	if (tag >> 32 != t->call || at >= t->count || t->results[at] != PENDING)
		return;
	t->results[at] = message->err;
	t->reported++;
}

static bool
set(rd_kafka_conf_t *conf, const char *name, const char *value, char why[256])
{
	char words[256];

	if (value == NULL ||
	    rd_kafka_conf_set(conf, name, value, words, sizeof(words)) == RD_KAFKA_CONF_OK)
		return true;
	printable_text_copy(words, why, 256);
	return false;
}

static bool
set_number(rd_kafka_conf_t *conf, const char *name, uint64_t value, char why[256])
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	return set(conf, name, text, why);
}

/* With TLS the password may go through it as it is, as hosted clusters want it; without TLS it is
 * proven and never sent (RFC 5802). */
static bool
set_security(rd_kafka_conf_t *conf, const struct sink_config *config, char why[256])
{
	bool logs_in = config->user != NULL && config->password != NULL;
	const char *protocol = config->tls.wanted ? logs_in ? "sasl_ssl" : "ssl"
			       : logs_in          ? "sasl_plaintext"
						  : "plaintext";

	if (!set(conf, "security.protocol", protocol, why))
		return false;
	if (logs_in &&
	    !(set(conf, "sasl.mechanisms", config->tls.wanted ? "PLAIN" : "SCRAM-SHA-512", why) &&
	      set(conf, "sasl.username", config->user, why) &&
	      set(conf, "sasl.password", config->password, why)))
		return false;
	return !config->tls.wanted ||
	       (set(conf, "ssl.ca.location", config->tls.ca, why) &&
		set(conf, "ssl.certificate.location", config->tls.certificate, why) &&
		set(conf, "ssl.key.location", config->tls.key, why) &&
		set(conf, "enable.ssl.certificate.verification", "true", why) &&
		set(conf, "ssl.endpoint.identification.algorithm", "https", why));
}

static bool
set_options(struct transport *t, rd_kafka_conf_t *conf, char why[256])
{
	const struct sink_config *config = t->config;
	uint64_t timeout_ms = (uint64_t)config->timeout_s * 1000;
	/* Bounds of the library's own: 10 s to 5 min for sockets. */
	uint64_t socket_ms = timeout_ms < 10000 ? 10000 : timeout_ms > 300000 ? 300000 : timeout_ms;

	rd_kafka_conf_set_opaque(conf, t);
	rd_kafka_conf_set_log_cb(conf, be_silent);
	rd_kafka_conf_set_error_cb(conf, note_error);
	rd_kafka_conf_set_dr_msg_cb(conf, note_report);
	return set(conf, "bootstrap.servers", config->brokers, why) &&
	       set(conf, "client.id", "vigie", why) &&
	       set(conf, "enable.idempotence", "true", why) && set(conf, "acks", "all", why) &&
	       /* We wait ourselves; a message that the library gives up would leave a gap. */
	       set(conf, "message.timeout.ms", "0", why) &&
	       set_number(conf, "socket.timeout.ms", socket_ms, why) &&
	       set(conf, "linger.ms", "2", why) &&
	       set(conf, "batch.num.messages", t->one_by_one ? "1" : "10000", why) &&
	       set_security(conf, config, why);
}

/* NULL with `why`. */
static rd_kafka_t *
make_producer(struct transport *t, char why[256])
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_t *producer = NULL;
	char words[256];

	if (set_options(t, conf, why)) {
		producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, words, sizeof(words));
		if (producer != NULL)
			return producer; /* the settings are its own now */
		printable_text_copy(words, why, 256);
	}
	rd_kafka_conf_destroy(conf);
	return NULL;
}

static void
kafka_disconnect(struct transport *t)
{
	if (t->producer == NULL)
		return;
	/* Nothing may be sent from here on; there is nobody for the reports. */
	t->count = 0;
	(void)rd_kafka_purge(t->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	(void)rd_kafka_poll(t->producer, 0);
	rd_kafka_destroy(t->producer);
	t->producer = NULL;
}

static void
kafka_destroy(struct transport *t)
{
	if (t == NULL)
		return;
	kafka_disconnect(t);
	free(t->results);
	free(t);
}

static const char *
fault_of(const struct sink_config *config)
{
	if (config->brokers == NULL)
		return "no brokers";
	if (config->alerts && config->topic == NULL)
		return "no topic";
	if (config->flows && config->flow_topic == NULL)
		return "no flow_topic";
	if (config->tls.server_name != NULL)
		return "tls.server_name cannot be used: every broker must have its own name in its "
		       "certificate";
	return NULL;
}

static struct transport *
kafka_create(const struct sink_config *config, const struct transport_stop *stop, char why[256])
{
	const char *fault = fault_of(config);
	struct transport *t = fault == NULL ? calloc(1, sizeof(*t)) : NULL;

	if (t == NULL) {
		snprintf(why, 256, "%s", fault != NULL ? fault : "out of memory");
		return NULL;
	}
	t->config = config;
	t->stop = stop;
	/* Mistakes in settings show now and not at the first message. */
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	bool good = set_options(t, conf, why);
	rd_kafka_conf_destroy(conf);
	if (good)
		return t;
	kafka_destroy(t);
	return NULL;
}

static int
stopped(const struct transport *t, struct transport_report *report)
{
	if (!atomic_load(&t->stop->wanted))
		return 0;
	snprintf(report->answer, sizeof(report->answer), "told to stop");
	return -ECANCELED;
}

static void
tell(struct transport_report *report, const struct transport *t, rd_kafka_resp_err_t code)
{
	const char *what = rd_kafka_err2str(code);

	if (t->words[0] != '\0' && code != RD_KAFKA_RESP_ERR_NO_ERROR)
		snprintf(report->answer, sizeof(report->answer), "%.80s: %.160s", what, t->words);
	else
		snprintf(report->answer, sizeof(report->answer), "%.240s",
			 t->words[0] != '\0' ? t->words : what);
}

/* What the cluster says of a topic. */
static rd_kafka_resp_err_t
ask_topic(struct transport *t, rd_kafka_topic_t *topic)
{
	const struct rd_kafka_metadata *metadata;
	rd_kafka_resp_err_t code = rd_kafka_metadata(t->producer, 0, topic, &metadata, 5 * STEP_MS);

	if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
		return code;
	if (metadata->topic_cnt == 1)
		code = metadata->topics[0].err;
	rd_kafka_metadata_destroy(metadata);
	return code;
}

/* Waits until the cluster knows the topic, which it may have to make first. */
static int
find_topic(struct transport *t, const char *name, struct transport_report *report)
{
	uint64_t until_ms = now_ms() + (uint64_t)t->config->timeout_s * 1000;
	rd_kafka_topic_t *topic = rd_kafka_topic_new(t->producer, name, NULL);
	int error = -EINVAL;

	if (topic == NULL)
		tell(report, t, rd_kafka_last_error());
	while (topic != NULL) {
		rd_kafka_resp_err_t code = ask_topic(t, topic);
		(void)rd_kafka_poll(t->producer, 0);
		error = t->error != 0 ? t->error : error_of(code);
		if (error == 0)
			break;
		tell(report, t, code);
		if (error == -EACCES || error == -EINVAL || now_ms() >= until_ms)
			break;
		int stop = stopped(t, report);
		if (stop != 0) {
			error = stop;
			break;
		}
		(void)rd_kafka_poll(t->producer, STEP_MS);
	}
	if (topic != NULL)
		rd_kafka_topic_destroy(topic);
	return error;
}

static int
kafka_connect(struct transport *t, struct transport_report *report)
{
	int error = 0;

	kafka_disconnect(t);
	t->error = 0;
	t->words[0] = '\0';
	t->producer = make_producer(t, report->answer);
	if (t->producer == NULL)
		return -EINVAL;
	if (t->config->alerts)
		error = find_topic(t, t->config->topic, report);
	if (error == 0 && t->config->flows)
		error = find_topic(t, t->config->flow_topic, report);
	if (error == 0) {
		t->words[0] = '\0';
		return 0;
	}
	kafka_disconnect(t);
	return error;
}

static bool
begin_call(struct transport *t, size_t count)
{
	if (count > t->size) {
		free(t->results);
		t->results = calloc(count, sizeof(*t->results));
		t->size = t->results != NULL ? count : 0;
	}
	if (count > t->size || count > UINT32_MAX)
		return false;
	for (size_t i = 0; i < count; i++)
		t->results[i] = PENDING;
	t->call++;
	t->count = count;
	t->reported = 0;
	return true;
}

static rd_kafka_resp_err_t
produce(struct transport *t, const struct outgoing *message, size_t at)
{
	const char *topic = message->is_flow ? t->config->flow_topic : t->config->topic;
	const char *id = message->id != NULL ? message->id : "";
	const char *journal = message->journal != NULL ? message->journal : "";
	uint64_t tag = (uint64_t)t->call << 32 | at;
	char sequence[24];

	if (topic == NULL)
		return RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC;
	int len = snprintf(sequence, sizeof(sequence), "%" PRIu64, message->sequence);
	return rd_kafka_producev(t->producer, RD_KAFKA_V_TOPIC(topic),
				 RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
				 RD_KAFKA_V_KEY(id, strlen(id)),
				 RD_KAFKA_V_VALUE((void *)(uintptr_t)message->bytes, message->len),
				 RD_KAFKA_V_HEADER("sequence", sequence, len),
				 RD_KAFKA_V_HEADER("journal", journal, (ssize_t)strlen(journal)),
				 RD_KAFKA_V_OPAQUE((void *)(uintptr_t)tag), RD_KAFKA_V_END);
}

/* Waits for the next reports. Returns 0, or -errno where there is no use in waiting longer. */
static int
wait_reports(struct transport *t, uint64_t *moved_ms, struct transport_report *report)
{
	size_t before = t->reported;

	(void)rd_kafka_poll(t->producer, STEP_MS);
	int error = stopped(t, report);
	if (error != 0)
		return error;
	if (t->reported != before)
		*moved_ms = now_ms();
	if (t->error != 0) {
		tell(report, t, RD_KAFKA_RESP_ERR_NO_ERROR);
		return t->error;
	}
	if (now_ms() - *moved_ms < (uint64_t)t->config->timeout_s * 1000)
		return 0;
	tell(report, t, RD_KAFKA_RESP_ERR__TIMED_OUT);
	return -ETIMEDOUT;
}

/* Hands all messages to the library, which has room for so many at a time. */
static int
produce_all(struct transport *t, const struct outgoing *messages, size_t count,
	    struct transport_report *report)
{
	uint64_t moved_ms = now_ms();
	int error = 0;

	for (size_t i = 0; i < count && error == 0;) {
		rd_kafka_resp_err_t code = produce(t, &messages[i], i);
		if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
			error = wait_reports(t, &moved_ms, report);
			continue;
		}
		if (code != RD_KAFKA_RESP_ERR_NO_ERROR && t->results[i] == PENDING) {
			t->results[i] = code;
			t->reported++;
		}
		i++;
	}
	while (error == 0 && t->reported < count)
		error = wait_reports(t, &moved_ms, report);
	return error;
}

/* Takes back what no report has come for, so that the library does not send it later. */
static void
take_back(struct transport *t)
{
	uint64_t until_ms = now_ms() + PURGE_MS;

	(void)rd_kafka_purge(t->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	while (rd_kafka_outq_len(t->producer) > 0 && now_ms() < until_ms)
		(void)rd_kafka_poll(t->producer, STEP_MS);
}

/* Counts the leading messages that are settled; the error of the first that is not. */
static int
count_accepted(struct transport *t, struct transport_report *report)
{
	for (size_t i = 0; i < t->count; i++) {
		rd_kafka_resp_err_t code = t->results[i];
		if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
			tell(report, t, code);
			if (!blames_message(code))
				return error_of(code);
			if (!t->one_by_one) {
				t->one_by_one = true;
				return -EAGAIN;
			}
			report->refused++;
		}
		report->accepted++;
	}
	return 0;
}

static int
kafka_send(struct transport *t, const struct outgoing *messages, size_t count,
	   struct transport_report *report)
{
	if (t->producer == NULL) {
		snprintf(report->answer, sizeof(report->answer), "not connected");
		return -ENOTCONN;
	}
	if (!begin_call(t, count)) {
		snprintf(report->answer, sizeof(report->answer), "out of memory");
		return -ENOMEM;
	}
	int error = produce_all(t, messages, count, report);
	if (error != 0)
		take_back(t);
	struct transport_report counted = {0};
	int counted_error = count_accepted(t, &counted);
	report->accepted = counted.accepted;
	report->refused = counted.refused;
	if (error == 0) {
		error = counted_error;
		memcpy(report->answer, counted.answer, sizeof(report->answer));
	}
	if (error != 0)
		kafka_disconnect(t);
	return error;
}

static int
kafka_check(struct transport *t, struct transport_report *report)
{
	if (t->producer == NULL)
		return -ENOTCONN;
	(void)rd_kafka_poll(t->producer, 0);
	if (t->error != 0)
		tell(report, t, RD_KAFKA_RESP_ERR_NO_ERROR);
	return t->error;
}

const struct transport_kind transport_kafka = {
	.name = "kafka",
	.acknowledges = true,
	.create = kafka_create,
	.destroy = kafka_destroy,
	.connect = kafka_connect,
	.send = kafka_send,
	.check = kafka_check,
	.disconnect = kafka_disconnect,
};
