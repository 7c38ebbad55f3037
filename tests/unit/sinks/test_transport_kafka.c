/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/transport.h"

#include "tests/unit/sinks/receiver_samples.h"
#include "tests/unit/unit.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOPIC "vigie-alerts"
#define FLOWS "vigie-flows"
#define NUMBERS_MAX 8192

/* Requests of Kafka's protocol by number. */
enum api { API_PRODUCE = 0, API_METADATA = 3, API_INIT_PRODUCER_ID = 22 };

/* A cluster of brokers that the library itself plays, and what a reader finds in it. */
static struct {
	rd_kafka_t *handle;
	rd_kafka_mock_cluster_t *mock;
	unsigned arrived[NUMBERS_MAX];
	uint64_t last_of_key[16]; /* by the key's last digit */
	size_t count, out_of_order, wrong_header;
} cluster;

static struct sink_config config;
static struct transport_stop stop;
static struct transport_report report;
static struct transport *transport;

static void
start_cluster(void)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[256];

	memset(&cluster, 0, sizeof(cluster));
	rd_kafka_conf_set_log_cb(conf, NULL);
	cluster.handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	CU_ASSERT_PTR_NOT_NULL_FATAL(cluster.handle);
	cluster.mock = rd_kafka_mock_cluster_new(cluster.handle, 3);
	CU_ASSERT_PTR_NOT_NULL_FATAL(cluster.mock);
	rd_kafka_mock_topic_create(cluster.mock, TOPIC, 4, 3);
	rd_kafka_mock_topic_create(cluster.mock, FLOWS, 1, 3);
}

static void
stop_cluster(void)
{
	rd_kafka_mock_cluster_destroy(cluster.mock);
	rd_kafka_destroy(cluster.handle);
}

static void
begin(void)
{
	start_cluster();
	sample_config_init(&config);
	sample_stop_init(&stop);
	config.brokers = rd_kafka_mock_cluster_bootstraps(cluster.mock);
	config.topic = TOPIC;
	config.flow_topic = FLOWS;
	report = (struct transport_report){0};
	transport = transport_kafka.create(&config, &stop, report.answer);
	CU_ASSERT_PTR_NOT_NULL_FATAL(transport);
}

static void
end(void)
{
	transport_kafka.destroy(transport);
	stop_cluster();
	sample_stop_fini(&stop);
}

static int
connect_again(void)
{
	report = (struct transport_report){0};
	return transport_kafka.connect(transport, &report);
}

static int
send_messages(const struct outgoing *messages, size_t count)
{
	report = (struct transport_report){0};
	return transport_kafka.send(transport, messages, count, &report);
}

/* Sends alerts numbered from `first`; every sixteenth has the same key. */
static int
send_samples(size_t count, size_t len, uint64_t first)
{
	struct outgoing *messages = sample_messages(count, len, first);

	for (size_t i = 0; i < count; i++)
		memset((char *)(uintptr_t)messages[i].id, '0', 31);
	int error = send_messages(messages, count);
	sample_messages_free(messages, count);
	return error;
}

static bool
has_header(const rd_kafka_message_t *message, const char *name, const char *value)
{
	rd_kafka_headers_t *headers;
	const void *bytes;
	size_t len;

	return rd_kafka_message_headers(message, &headers) == 0 &&
	       rd_kafka_header_get_last(headers, name, &bytes, &len) == 0 && len == strlen(value) &&
	       memcmp(bytes, value, len) == 0;
}

static void
take_message(const rd_kafka_message_t *message)
{
	const char *payload = message->payload, *key = message->key;
	uint64_t number;
	char text[32];

	CU_ASSERT_EQUAL_FATAL(sscanf(payload, "{\"number\":%" SCNu64, &number), 1);
	CU_ASSERT_FATAL(number < NUMBERS_MAX && message->key_len == 32);
	cluster.count++;
	cluster.arrived[number]++;
	size_t digit = key[31] <= '9' ? (size_t)(key[31] - '0') : (size_t)(key[31] - 'a' + 10);
	cluster.out_of_order += number < cluster.last_of_key[digit];
	cluster.last_of_key[digit] = number;
	snprintf(text, sizeof(text), "%" PRIu64, number);
	cluster.wrong_header += !has_header(message, "sequence", text) ||
				!has_header(message, "journal", SAMPLE_JOURNAL);
}

/* Reads the topic from its beginning until all `partitions` of it have ended. */
static void
read_topic(const char *topic, int32_t partitions)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(partitions);
	char why[256];
	int32_t ended = 0;
	double limit = sample_seconds() + 30;

	cluster.count = 0;
	memset(cluster.arrived, 0, sizeof(cluster.arrived));
	memset(cluster.last_of_key, 0, sizeof(cluster.last_of_key));
	rd_kafka_conf_set(conf, "bootstrap.servers", config.brokers, why, sizeof(why));
	rd_kafka_conf_set(conf, "group.id", "reader", why, sizeof(why));
	rd_kafka_conf_set(conf, "enable.partition.eof", "true", why, sizeof(why));
	rd_kafka_conf_set_log_cb(conf, NULL);
	rd_kafka_t *reader = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	for (int32_t i = 0; i < partitions; i++)
		rd_kafka_topic_partition_list_add(all, topic, i)->offset =
			RD_KAFKA_OFFSET_BEGINNING;
	rd_kafka_assign(reader, all);
	while (ended < partitions && sample_seconds() < limit) {
		rd_kafka_message_t *message = rd_kafka_consumer_poll(reader, 100);
		if (message == NULL)
			continue;
		if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
			take_message(message);
		ended += message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
		rd_kafka_message_destroy(message);
	}
	CU_ASSERT_EQUAL(ended, partitions);
	rd_kafka_consumer_close(reader);
	rd_kafka_topic_partition_list_destroy(all);
	rd_kafka_destroy(reader);
}

static void
every_message_arrives_once_and_in_order(void)
{
	begin();
	config.alerts = config.flows = true;
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	for (unsigned i = 0; i < 4; i++) {
		CU_ASSERT_EQUAL(send_samples(1000, 200, 1 + 1000 * i), 0);
		CU_ASSERT_EQUAL(report.accepted, 1000);
		CU_ASSERT_EQUAL(report.refused, 0);
	}
	read_topic(TOPIC, 4);
	CU_ASSERT_EQUAL(cluster.count, 4000);
	for (size_t i = 1; i <= 4000; i++)
		CU_ASSERT_EQUAL(cluster.arrived[i], 1);
	CU_ASSERT_EQUAL(cluster.out_of_order, 0);
	CU_ASSERT_EQUAL(cluster.wrong_header, 0);
	struct outgoing *flow = sample_messages(1, 100, 1);
	flow->is_flow = true;
	CU_ASSERT_EQUAL(send_messages(flow, 1), 0);
	sample_messages_free(flow, 1);
	read_topic(FLOWS, 1);
	CU_ASSERT_EQUAL(cluster.count, 1);
	CU_ASSERT_EQUAL(transport_kafka.check(transport, &report), 0);
	end();
}

/* The library tries again by itself; its numbers keep a batch from being there twice. */
static void
passing_errors_pass(void)
{
	begin();
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	rd_kafka_mock_push_request_errors(
		cluster.mock, API_PRODUCE, 3, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
		RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS);
	CU_ASSERT_EQUAL(send_samples(100, 200, 1), 0);
	CU_ASSERT_EQUAL(report.accepted, 100);
	read_topic(TOPIC, 4);
	CU_ASSERT_EQUAL(cluster.count, 100);
	end();
}

static void
brokers_that_are_away_take_nothing(void)
{
	begin();
	config.timeout_s = 1;
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	CU_ASSERT_EQUAL(send_samples(10, 200, 1), 0);
	for (int32_t i = 1; i <= 3; i++)
		rd_kafka_mock_broker_set_down(cluster.mock, i);
	CU_ASSERT_EQUAL(send_samples(10, 200, 11), -ETIMEDOUT);
	CU_ASSERT_EQUAL(report.accepted, 0);
	CU_ASSERT_NOT_EQUAL(report.answer[0], '\0');
	CU_ASSERT_EQUAL(send_samples(10, 200, 11), -ENOTCONN);
	CU_ASSERT_NOT_EQUAL(connect_again(), 0);
	for (int32_t i = 1; i <= 3; i++)
		rd_kafka_mock_broker_set_up(cluster.mock, i);
	/* What could not be sent then is not sent later by itself. */
	config.timeout_s = 10;
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	CU_ASSERT_EQUAL(send_samples(10, 200, 21), 0);
	read_topic(TOPIC, 4);
	CU_ASSERT_EQUAL(cluster.count, 20);
	CU_ASSERT_EQUAL(cluster.arrived[11], 0);
	end();
}

static void
refusals_need_a_person(void)
{
	begin();
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	rd_kafka_mock_push_request_errors(cluster.mock, API_PRODUCE, 4,
					  RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
					  RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
					  RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
					  RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
	CU_ASSERT_EQUAL(send_samples(1, 200, 1), -EACCES);
	CU_ASSERT_EQUAL(report.accepted, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "authorization"));
	rd_kafka_mock_clear_request_errors(cluster.mock, API_PRODUCE);
	rd_kafka_mock_topic_set_error(cluster.mock, TOPIC,
				      RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
	CU_ASSERT_EQUAL(connect_again(), -EACCES);
	config.timeout_s = 1;
	rd_kafka_mock_topic_set_error(cluster.mock, TOPIC, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
	CU_ASSERT_EQUAL(connect_again(), -ENOENT);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "Unknown topic"));
	rd_kafka_mock_topic_set_error(cluster.mock, TOPIC, RD_KAFKA_RESP_ERR_NO_ERROR);
	CU_ASSERT_EQUAL(connect_again(), 0);
	CU_ASSERT_EQUAL(send_samples(1, 200, 1), 0);
	end();
}

/* A broker refuses the batch; sent one by one, it refuses one message. */
static void
only_the_message_that_is_too_large_is_passed_over(void)
{
	begin();
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	rd_kafka_mock_push_request_errors(cluster.mock, API_PRODUCE, 1,
					  RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
	CU_ASSERT_EQUAL(send_samples(64, 200, 1), -EAGAIN);
	CU_ASSERT_EQUAL(report.refused, 0);
	CU_ASSERT_TRUE(report.accepted < 64);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "too large"));
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	rd_kafka_mock_push_request_errors(cluster.mock, API_PRODUCE, 1,
					  RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
	CU_ASSERT_EQUAL(send_samples(64, 200, 1001), 0);
	CU_ASSERT_EQUAL(report.accepted, 64);
	CU_ASSERT_EQUAL(report.refused, 1);
	read_topic(TOPIC, 4);
	unsigned arrived = 0;
	for (unsigned i = 1001; i <= 1064; i++) {
		CU_ASSERT_TRUE(cluster.arrived[i] <= 1);
		arrived += cluster.arrived[i];
	}
	CU_ASSERT_EQUAL(arrived, 63);
	end();
}

/* What the library itself refuses does not wait for a broker. */
static void
messages_that_no_broker_takes_are_passed_over(void)
{
	begin();
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	struct outgoing *messages = sample_messages(3, 100, 1);
	struct outgoing *large = sample_messages(1, 2000000, 2);
	const struct outgoing small = messages[1];
	messages[1] = large[0];
	CU_ASSERT_EQUAL(send_messages(messages, 3), -EAGAIN);
	CU_ASSERT_EQUAL(report.accepted, 1);
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	CU_ASSERT_EQUAL(send_messages(messages + 1, 2), 0);
	CU_ASSERT_EQUAL(report.accepted, 2);
	CU_ASSERT_EQUAL(report.refused, 1);
	messages[1] = small;
	sample_messages_free(messages, 3);
	sample_messages_free(large, 1);
	end();
}

static void
a_fatal_error_gives_the_producer_up(void)
{
	begin();
	config.timeout_s = 2;
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	CU_ASSERT_EQUAL(send_samples(1, 200, 1), 0);
	rd_kafka_mock_push_request_errors(cluster.mock, API_INIT_PRODUCER_ID, 2,
					  RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
					  RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED);
	/* It comes at once, or with the first message. */
	int error = connect_again();
	CU_ASSERT_EQUAL(error != 0 ? error : send_samples(1, 200, 2), -EACCES);
	CU_ASSERT_EQUAL(report.accepted, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "authorization"));
	rd_kafka_mock_clear_request_errors(cluster.mock, API_INIT_PRODUCER_ID);
	CU_ASSERT_EQUAL(connect_again(), 0);
	CU_ASSERT_EQUAL(send_samples(1, 200, 2), 0);
	end();
}

static void
stop_ends_waiting(void)
{
	begin();
	config.timeout_s = 300;
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	for (int32_t i = 1; i <= 3; i++)
		rd_kafka_mock_broker_set_down(cluster.mock, i);
	sample_stop_later(&stop, 300);
	CU_ASSERT_EQUAL(send_samples(10, 200, 1), -ECANCELED);
	CU_ASSERT_EQUAL(report.accepted, 0);
	CU_ASSERT_EQUAL(connect_again(), -ECANCELED);
	end();
}

static void
nobody_there_is_told(void)
{
	begin();
	config.timeout_s = 1;
	config.brokers = "127.0.0.1:1";
	CU_ASSERT_EQUAL(connect_again(), -ECONNREFUSED);
	CU_ASSERT_NOT_EQUAL(report.answer[0], '\0');
	end();
}

static void
settings_are_checked(void)
{
	char why[256];

	begin();
	transport_kafka.destroy(transport);
	config.tls.wanted = true;
	config.tls.server_name = "siem.example";
	CU_ASSERT_PTR_NULL(transport_kafka.create(&config, &stop, why));
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "tls.server_name"));
	config.tls.server_name = NULL;
	config.tls.ca = "/nonexistent/ca.pem";
	transport = transport_kafka.create(&config, &stop, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(transport);
	CU_ASSERT_EQUAL(connect_again(), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "ssl.ca.location"));
	transport_kafka.destroy(transport);
	config.brokers = NULL;
	CU_ASSERT_PTR_NULL(transport_kafka.create(&config, &stop, why));
	config.brokers = "x:1";
	config.topic = NULL;
	CU_ASSERT_PTR_NULL(transport_kafka.create(&config, &stop, why));
	transport = NULL;
	end();
}

/* Connects to something with that certificate that is no broker. */
static int
connect_tls(const char *certificate)
{
	char pem[160], key[160], port[16], brokers[64];

	snprintf(pem, sizeof(pem), "%s/%s.pem", sample_folder(), certificate);
	snprintf(key, sizeof(key), "%s/%s.key", sample_folder(), certificate);
	pid_t pid = sample_start(
		(const char *const[]){"python3",
				      unit_source_path("tests/unit/sinks/https_server.py"), pem,
				      key, NULL},
		port, sizeof(port));
	snprintf(brokers, sizeof(brokers), "localhost:%s", port);
	config.brokers = brokers;
	int error = connect_again();
	sample_end(pid);
	return error;
}

static void
certificates_of_brokers_are_checked(void)
{
	char ca[160];

	begin();
	CU_ASSERT_TRUE_FATAL(sample_run((const char *const[]){
		"sh", unit_source_path("tests/unit/sinks/https_certificates.sh"), sample_folder(),
		NULL}));
	snprintf(ca, sizeof(ca), "%s/ca.pem", sample_folder());
	config.timeout_s = 5;
	config.tls.wanted = true;
	config.tls.ca = ca;
	CU_ASSERT_EQUAL(connect_tls("expired"), -EACCES);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "certificate"));
	CU_ASSERT_EQUAL(connect_tls("named"), -EACCES);
	snprintf(ca, sizeof(ca), "%s/other-ca.pem", sample_folder());
	CU_ASSERT_EQUAL(connect_tls("good"), -EACCES);
	snprintf(ca, sizeof(ca), "%s/ca.pem", sample_folder());
	config.timeout_s = 1;
	int error = connect_tls("good");
	CU_ASSERT_TRUE(error != 0 && error != -EACCES);
	sample_folder_remove();
	end();
}

static void
passwords_are_accepted_with_and_without_tls(void)
{
	char why[256];

	begin();
	config.user = "vigie";
	config.password = "secret";
	for (unsigned tls = 0; tls < 2; tls++) {
		transport_kafka.destroy(transport);
		config.tls.wanted = tls;
		transport = transport_kafka.create(&config, &stop, why);
		CU_ASSERT_PTR_NOT_NULL_FATAL(transport);
	}
	/* These brokers know of no log-in. */
	config.tls.wanted = false;
	config.timeout_s = 1;
	CU_ASSERT_NOT_EQUAL(connect_again(), 0);
	end();
}

static void
many_messages_a_second(void)
{
	begin();
	CU_ASSERT_EQUAL_FATAL(connect_again(), 0);
	struct outgoing *messages = sample_messages(1024, 1024, 1);
	double start = sample_seconds();
	for (unsigned i = 0; i < 50; i++)
		CU_ASSERT_EQUAL(send_messages(messages, 1024), 0);
	printf("# %.0f messages of 1 KiB a second\n", 50 * 1024 / (sample_seconds() - start));
	sample_messages_free(messages, 1024);
	end();
}

static const struct unit_case cases[] = {
	{"every_message_arrives_once_and_in_order", every_message_arrives_once_and_in_order},
	{"passing_errors_pass", passing_errors_pass},
	{"brokers_that_are_away_take_nothing", brokers_that_are_away_take_nothing},
	{"refusals_need_a_person", refusals_need_a_person},
	{"only_the_message_that_is_too_large_is_passed_over",
	 only_the_message_that_is_too_large_is_passed_over},
	{"messages_that_no_broker_takes_are_passed_over",
	 messages_that_no_broker_takes_are_passed_over},
	{"a_fatal_error_gives_the_producer_up", a_fatal_error_gives_the_producer_up},
	{"stop_ends_waiting", stop_ends_waiting},
	{"nobody_there_is_told", nobody_there_is_told},
	{"settings_are_checked", settings_are_checked},
	{"certificates_of_brokers_are_checked", certificates_of_brokers_are_checked},
	{"passwords_are_accepted_with_and_without_tls",
	 passwords_are_accepted_with_and_without_tls},
	{"many_messages_a_second", many_messages_a_second},
};

int
main(void)
{
	return unit_run("transport_kafka", cases, sizeof(cases) / sizeof(*cases));
}
