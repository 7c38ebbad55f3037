/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages as entries of a Redis stream, a part of the batch at a time as one transaction: it
 * arrives whole or not at all. So the newest entry of a journal says how far that journal has come,
 * and after a break nothing is sent twice.
 */
#include "dashboard-export/sinks/redis_connection.h"
#include "dashboard-export/sinks/transport.h"

#include "base/printable_text.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of one transaction, which the server holds in memory and runs at one go. */
#define PART_BYTES_MAX ((size_t)1 << 20)
#define PART_MESSAGES_MAX 1024

/* Entries looked through for one of a journal, where several sensors share a stream. A step of the
 * longest messages is below what redis_connection takes as one reply. */
#define LOOK_BACK_STEP 8
#define LOOK_BACK_MAX 8192

/* XADD key MAXLEN ~ n * and six fields with their values. */
#define WORDS_MAX 18

struct transport {
	const struct sink_config *config;
	struct redis_connection *redis;
	char max_len[24];
};

struct words {
	const char *words[WORDS_MAX];
	size_t lens[WORDS_MAX];
	size_t count;
};

static void
add_word(struct words *w, const char *word, size_t len)
{
	assert(w->count < WORDS_MAX);
	w->words[w->count] = word;
	w->lens[w->count++] = len;
}

static void
add_field(struct words *w, const char *name, const char *value)
{
	if (value == NULL)
		return;
	add_word(w, name, strlen(name));
	add_word(w, value, strlen(value));
}

/* XADD stream MAXLEN ~ n * journal J seq N id ID format F message M */
static int
put_message(struct transport *t, const struct outgoing *message)
{
	const char *stream = message->is_flow ? t->config->flow_stream : t->config->stream;
	struct words w = {.count = 0};
	char sequence[24];

	if (stream == NULL)
		return -EDESTADDRREQ;
	snprintf(sequence, sizeof(sequence), "%" PRIu64, message->sequence);
	add_word(&w, "XADD", 4);
	add_word(&w, stream, strlen(stream));
	if (t->config->max_len != 0) {
		add_word(&w, "MAXLEN", 6);
		add_word(&w, "~", 1);
		add_word(&w, t->max_len, strlen(t->max_len));
	}
	add_word(&w, "*", 1);
	add_field(&w, "journal", message->journal);
	if (message->sequence != 0)
		add_field(&w, "seq", sequence);
	add_field(&w, "sink", t->config->by_hand ? NULL : t->config->name);
	add_field(&w, "id", message->id);
	add_field(&w, "format", t->config->format->name);
	add_word(&w, "message", 7);
	add_word(&w, message->bytes, message->len);
	return redis_connection_put(t->redis, w.count, w.words, w.lens);
}

static struct transport *
redis_create(const struct sink_config *config, const struct transport_stop *stop, char why[256])
{
	struct transport *t = calloc(1, sizeof(*t));

	if (t != NULL) {
		t->config = config;
		t->redis = redis_connection_create(config, stop);
		snprintf(t->max_len, sizeof(t->max_len), "%" PRIu64, config->max_len);
	}
	if (t == NULL || t->redis == NULL) {
		free(t);
		snprintf(why, 256, "out of memory");
		return NULL;
	}
	return t;
}

static void
redis_destroy(struct transport *t)
{
	if (t == NULL)
		return;
	redis_connection_destroy(t->redis);
	free(t);
}

/* A server that asks for a password says so to the first command only. */
static int
redis_connect(struct transport *t, struct transport_report *report)
{
	struct redis_reply reply;
	int error = redis_connection_open(t->redis, report->answer);

	if (error == 0)
		error = redis_connection_put_words(t->redis, (const char *const[]){"PING", NULL});
	if (error == 0)
		error = redis_connection_take(t->redis, &reply, report->answer);
	if (error != 0 || reply.kind != REDIS_KIND_ERROR)
		return error;
	error = redis_error_of(reply.text);
	/* A user who may add entries need not be allowed to ping. */
	if (strncmp(reply.text, "NOPERM ", 7) == 0)
		return 0;
	printable_text_copy(reply.text, report->answer, sizeof(report->answer));
	redis_connection_close(t->redis);
	return error;
}

/* How many messages from the first on go into one transaction; one at least, and all of one
 * stream: commands that are wrong for one of two would not keep those for the other from being
 * run. */
static size_t
part_of(const struct outgoing *messages, size_t count)
{
	size_t part = 0, bytes = 0;

	while (part < count && part < PART_MESSAGES_MAX &&
	       messages[part].is_flow == messages[0].is_flow &&
	       (part == 0 || bytes + messages[part].len <= PART_BYTES_MAX))
		bytes += messages[part++].len;
	return part;
}

/* The first error of a reply or of what is in it; NULL: none. */
static const char *
error_in(const struct redis_reply *reply)
{
	if (reply->kind == REDIS_KIND_ERROR)
		return reply->text;
	for (size_t i = 0; reply->kind == REDIS_KIND_ARRAY && i < reply->count; i++) {
		struct redis_reply element = redis_reply_element(reply, i);
		if (element.kind == REDIS_KIND_ERROR)
			return element.text;
	}
	return NULL;
}

static void
keep_words(const char *words, struct transport_report *report)
{
	if (report->answer[0] == '\0')
		printable_text_copy(words, report->answer, sizeof(report->answer));
}

/*
 * Takes the replies of MULTI, of each command and of EXEC. An error of a command keeps the whole
 * transaction from being run, and is the reason; EXEC only says that it was.
 */
static int
take_part(struct transport *t, size_t part, struct transport_report *report)
{
	struct redis_reply reply;
	int first_error = 0;

	report->answer[0] = '\0';
	for (size_t i = 0; i < part + 2; i++) {
		int error = redis_connection_take(t->redis, &reply, report->answer);
		if (error != 0)
			return error;
		const char *words = error_in(&reply);
		if (words == NULL)
			continue;
		keep_words(words, report);
		if (first_error == 0)
			first_error = redis_error_of(words);
	}
	if (first_error != 0)
		return first_error;
	if (reply.kind == REDIS_KIND_ARRAY && reply.count == part)
		return 0;
	keep_words("EXEC was not answered as it should be", report);
	return -EPROTO;
}

static int
send_part(struct transport *t, const struct outgoing *messages, size_t part,
	  struct transport_report *report)
{
	int error = redis_connection_put_words(t->redis, (const char *const[]){"MULTI", NULL});

	for (size_t i = 0; i < part && error == 0; i++)
		error = put_message(t, &messages[i]);
	if (error == 0)
		error = redis_connection_put_words(t->redis, (const char *const[]){"EXEC", NULL});
	if (error == 0)
		return take_part(t, part, report);
	keep_words(error == -EDESTADDRREQ ? "no stream is set for such messages" : strerror(-error),
		   report);
	return error;
}

static int
redis_send(struct transport *t, const struct outgoing *messages, size_t count,
	   struct transport_report *report)
{
	int error = 0;

	while (report->accepted < count && error == 0) {
		const struct outgoing *first = messages + report->accepted;
		size_t part = part_of(first, count - report->accepted);
		error = send_part(t, first, part, report);
		if (error == 0)
			report->accepted += part;
	}
	/* Half a transaction may be on its way. */
	if (error != 0)
		redis_connection_close(t->redis);
	return error;
}

static int
redis_check(struct transport *t, struct transport_report *report)
{
	return redis_connection_check(t->redis, report->answer);
}

/* The sequence number of an entry, [ID, [field, value, ...]], where it is of that journal and this
 * sink: what others put there, or somebody by hand, does not say how far we are. */
static bool
sequence_of(const struct transport *t, const struct redis_reply *entry, const char *journal,
	    uint64_t *sequence)
{
	bool ours = false, of_sink = false, found = false;

	if (entry->kind != REDIS_KIND_ARRAY || entry->count != 2)
		return false;
	const struct redis_reply fields = redis_reply_element(entry, 1);
	for (size_t i = 0; fields.kind == REDIS_KIND_ARRAY && i + 1 < fields.count; i += 2) {
		const struct redis_reply name = redis_reply_element(&fields, i);
		const struct redis_reply value = redis_reply_element(&fields, i + 1);
		if (strcmp(name.text, "journal") == 0)
			ours = strcmp(value.text, journal) == 0;
		else if (strcmp(name.text, "sink") == 0)
			of_sink = strcmp(value.text, t->config->name) == 0;
		else if (strcmp(name.text, "seq") == 0)
			found = sscanf(value.text, "%" SCNu64, sequence) == 1;
	}
	return ours && of_sink && found;
}

/* Looks through the entries before `from`, newest first. `from` becomes the oldest one's id.
 * Returns 1 where one was found, 0, or -errno; -ENOENT: there are no more. */
static int
look_back(struct transport *t, char from[64], const char *journal, uint64_t *sequence,
	  struct transport_report *report)
{
	char step[16];
	struct redis_reply reply;

	snprintf(step, sizeof(step), "%d", LOOK_BACK_STEP);
	int error = redis_connection_put_words(
		t->redis, (const char *const[]){"XREVRANGE", t->config->stream, from, "-", "COUNT",
						step, NULL});
	if (error == 0)
		error = redis_connection_take(t->redis, &reply, report->answer);
	if (error != 0)
		return error;
	if (reply.kind == REDIS_KIND_ERROR) {
		printable_text_copy(reply.text, report->answer, sizeof(report->answer));
		return redis_error_of(reply.text);
	}
	for (size_t i = 0; reply.kind == REDIS_KIND_ARRAY && i < reply.count; i++) {
		struct redis_reply entry = redis_reply_element(&reply, i);
		if (sequence_of(t, &entry, journal, sequence))
			return 1;
	}
	if (reply.kind != REDIS_KIND_ARRAY || reply.count < LOOK_BACK_STEP)
		return -ENOENT;
	const struct redis_reply oldest = redis_reply_element(&reply, reply.count - 1);
	if (oldest.kind != REDIS_KIND_ARRAY || oldest.count != 2)
		return -EPROTO;
	snprintf(from, 64, "(%.60s", redis_reply_element(&oldest, 0).text);
	return 0;
}

static int
redis_resume(struct transport *t, const char *journal, uint64_t *sequence,
	     struct transport_report *report)
{
	char from[64] = "+";
	int found = 0;

	*sequence = 0;
	if (t->config->stream == NULL)
		return 0;
	for (unsigned looked = 0; looked < LOOK_BACK_MAX && found == 0; looked += LOOK_BACK_STEP)
		found = look_back(t, from, journal, sequence, report);
	if (found == -ENOENT)
		found = 0;
	/* A user who may only add entries is not told; nothing is lost, a few may come twice. */
	if (found == -EACCES) {
		report->answer[0] = '\0';
		found = 0;
	}
	if (found <= 0)
		*sequence = 0;
	return found < 0 ? found : 0;
}

static void
redis_disconnect(struct transport *t)
{
	redis_connection_close(t->redis);
}

const struct transport_kind transport_redis = {
	.name = "redis",
	.acknowledges = true,
	.create = redis_create,
	.destroy = redis_destroy,
	.connect = redis_connect,
	.send = redis_send,
	.check = redis_check,
	.resume = redis_resume,
	.disconnect = redis_disconnect,
};
