/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Syslog over RELP, where the receiver acknowledges every message. Messages are sent without
 * waiting for one another, up to a window; answers may come in any order. Spoken here and not by
 * librelp, whose client does not tell which message was acknowledged.
 */
#include "dashboard-export/sinks/transport.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard-export/sinks/relp_session.h"

/* Messages that may wait for their answer. rsyslog's own client has 128. */
#define WINDOW_MAX 1024

#define OUT_SIZE (256u * 1024u)

/*
 * A receiver that answers other than 200 did not take the message; the protocol does not tell
 * whether it ever will. It is sent again so often, with the pauses of delivery some five minutes,
 * before it counts as refused: one message that is never taken must not hold up the others for
 * ever.
 */
#define REFUSALS_MAX 12

enum answer {
	ANSWER_AWAITED,
	ANSWER_GOOD,
	ANSWER_BAD, /* for the last time */
};

struct transport {
	struct stream_target target;
	size_t window;
	/* The message that was refused last, and how often. */
	char refused_id[64];
	uint64_t refused_sequence;
	unsigned refusals;
	size_t out_at, out_used; /* what of `out` is not written yet */
	struct relp_session session;
	uint8_t answers[WINDOW_MAX]; /* enum answer, of message N at N modulo the size */
	char out[OUT_SIZE];
};

/* A call of relp_send: `report->accepted` messages are done, those before `next` are sent. */
struct sending {
	const struct outgoing *messages;
	size_t count, next;
	uint32_t first_txnr; /* of message `report->accepted` */
	struct transport_report *report;
};

static struct transport *
relp_create(const struct sink_config *config, const struct transport_stop *stop, char why[256])
{
	if (config->host == NULL || config->port == NULL) {
		snprintf(why, 256, "`address` is missing: where to");
		return NULL;
	}
	struct transport *t = calloc(1, sizeof(*t));
	if (t == NULL) {
		snprintf(why, 256, "no memory");
		return NULL;
	}
	t->target = (struct stream_target){.host = config->host,
					   .port = config->port,
					   .tls = config->tls.wanted ? &config->tls : NULL,
					   .timeout_s = config->timeout_s,
					   .stop = stop};
	t->window = config->batch == 0 || config->batch > WINDOW_MAX ? WINDOW_MAX : config->batch;
	return t;
}

static void
relp_disconnect(struct transport *t)
{
	relp_session_close(&t->session);
}

static void
relp_destroy(struct transport *t)
{
	if (t == NULL)
		return;
	relp_disconnect(t);
	free(t);
}

static int
relp_connect(struct transport *t, struct transport_report *report)
{
	relp_disconnect(t);
	return relp_session_open(&t->session, &t->target, report->answer);
}

static void
add_frame(struct transport *t, const struct outgoing *message)
{
	char *at = t->out + t->out_used;

	at += relp_frame_head(t->session.next_txnr, "syslog", message->len, at);
	memcpy(at, message->bytes, message->len);
	at += message->len;
	*at++ = '\n';
	t->out_used = (size_t)(at - t->out);
	t->session.next_txnr = relp_txnr_next(t->session.next_txnr);
}

/* Puts as many further messages into the buffer as window and room allow. */
static void
add_frames(struct transport *t, struct sending *s)
{
	if (t->out_at == t->out_used)
		t->out_at = t->out_used = 0;
	while (s->next < s->count && s->next - s->report->accepted < t->window) {
		const struct outgoing *message = &s->messages[s->next];
		if (message->len > FORMAT_MESSAGE_MAX ||
		    OUT_SIZE - t->out_used < RELP_HEAD_MAX + message->len + 1)
			break;
		add_frame(t, message);
		t->answers[s->next++ % WINDOW_MAX] = ANSWER_AWAITED;
	}
}

/* Whether this was the last time that the message was tried. */
static bool
is_refused_for_good(struct transport *t, const struct outgoing *message)
{
	const char *id = message->id != NULL ? message->id : "";

	if (t->refused_sequence != message->sequence ||
	    strncmp(t->refused_id, id, sizeof(t->refused_id) - 1) != 0)
		t->refusals = 0;
	t->refused_sequence = message->sequence;
	snprintf(t->refused_id, sizeof(t->refused_id), "%s", id);
	return ++t->refusals >= REFUSALS_MAX;
}

static int
take_answer(struct transport *t, struct sending *s, const struct relp_frame *frame)
{
	struct relp_response response;
	char *why = s->report->answer;
	size_t ahead = frame->txnr != 0 ? relp_txnr_distance(s->first_txnr, frame->txnr) : SIZE_MAX;

	if (!relp_frame_is(frame, "rsp") || !relp_response_parse(frame->data, &response) ||
	    ahead >= s->next - s->report->accepted)
		return relp_session_say(&t->session, why, "an answer to something else",
					frame->command, -EPROTO);
	size_t number = s->report->accepted + ahead;
	uint8_t *answer = &t->answers[number % WINDOW_MAX];
	if (*answer != ANSWER_AWAITED)
		return relp_session_say(&t->session, why, "an answer that was given before",
					frame->data, -EPROTO);
	if (response.code == 200) {
		*answer = ANSWER_GOOD;
		return 0;
	}
	(void)relp_session_say(&t->session, why, "the receiver did not take a message", frame->data,
			       0);
	if (!is_refused_for_good(t, &s->messages[number]))
		return -EIO;
	*answer = ANSWER_BAD;
	return 0;
}

/* Moves `accepted` over the leading messages that have their answer. */
static void
count_answered(const struct transport *t, struct sending *s)
{
	struct transport_report *report = s->report;

	while (report->accepted < s->next &&
	       t->answers[report->accepted % WINDOW_MAX] != ANSWER_AWAITED) {
		report->refused += t->answers[report->accepted % WINDOW_MAX] == ANSWER_BAD;
		report->accepted++;
		s->first_txnr = relp_txnr_next(s->first_txnr);
	}
}

/* Takes the answers that have arrived. Returns how many, or -errno. */
static int
take_answers(struct transport *t, struct sending *s)
{
	struct relp_frame frame;
	int taken = 0;

	int got = relp_session_read(&t->session, s->report->answer);
	if (got < 0)
		return got;
	while ((got = relp_session_next(&t->session, &frame, s->report->answer)) > 0) {
		int error = take_answer(t, s, &frame);
		if (error != 0)
			return error;
		taken++;
	}
	return got < 0 ? got : taken;
}

/* Writes and reads what is possible. Returns whether something went on (1), or -errno. */
static int
exchange(struct transport *t, struct sending *s)
{
	ssize_t written = 0;

	add_frames(t, s);
	if (t->out_at < t->out_used)
		written = stream_write_some(t->session.stream, t->out + t->out_at,
					    t->out_used - t->out_at, s->report->answer);
	if (written > 0)
		t->out_at += (size_t)written;
	/* Also when the connection broke: what was acknowledged before is still there to read. */
	char first_reason[sizeof(s->report->answer)];
	memcpy(first_reason, s->report->answer, sizeof(first_reason));
	int taken = take_answers(t, s);
	count_answered(t, s);
	if (written < 0) {
		memcpy(s->report->answer, first_reason, sizeof(first_reason));
		return (int)written;
	}
	return taken < 0 ? taken : written > 0 || taken > 0;
}

/* A message that no format makes is passed over, once all before it are answered. */
static bool
pass_over_too_long(struct sending *s)
{
	struct transport_report *report = s->report;

	if (report->accepted != s->next || s->messages[s->next].len <= FORMAT_MESSAGE_MAX)
		return false;
	s->next++;
	report->accepted++;
	report->refused++;
	return true;
}

static int
not_connected(struct transport_report *report)
{
	snprintf(report->answer, sizeof(report->answer), "not connected");
	return -ENOTCONN;
}

static int
relp_send(struct transport *t, const struct outgoing *messages, size_t count,
	  struct transport_report *report)
{
	struct sending s = {.messages = messages, .count = count, .report = report};

	if (t->session.stream == NULL)
		return not_connected(report);
	struct deadline deadline = stream_deadline(t->session.stream);
	s.first_txnr = t->session.next_txnr;
	t->out_at = t->out_used = 0;
	while (report->accepted < count) {
		if (pass_over_too_long(&s))
			continue;
		int went_on = exchange(t, &s);
		if (went_on > 0) {
			deadline = stream_deadline(t->session.stream);
			continue;
		}
		if (went_on == 0)
			went_on = stream_wait(t->session.stream, t->out_at < t->out_used, &deadline,
					      report->answer);
		if (went_on < 0)
			return went_on;
	}
	return 0;
}

static int
relp_check(struct transport *t, struct transport_report *report)
{
	struct relp_frame frame;

	if (t->session.stream == NULL)
		return not_connected(report);
	int got = relp_session_read(&t->session, report->answer);
	if (got >= 0)
		got = relp_session_next(&t->session, &frame, report->answer);
	if (got > 0)
		got = relp_session_say(&t->session, report->answer, "an answer to nothing",
				       frame.command, -EPROTO);
	return got;
}

static int
relp_finish(struct transport *t, struct transport_report *report)
{
	(void)report;
	relp_session_finish(&t->session);
	return 0;
}

const struct transport_kind transport_relp = {
	.name = "relp",
	.acknowledges = true,
	.envelope = true,
	.create = relp_create,
	.destroy = relp_destroy,
	.connect = relp_connect,
	.send = relp_send,
	.check = relp_check,
	.finish = relp_finish,
	.disconnect = relp_disconnect,
};
