/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/transport.h"

#include "dashboard-export/sinks/relp_frame.h"
#include "tests/unit/sinks/sink_sample.h"
#include "tests/unit/sinks/socket_peer.h"
#include "tests/unit/sinks/tls_peer.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define OFFERS "200 OK\nrelp_version=0\nrelp_software=test\ncommands=syslog"

/* A receiver that reads frames; what it answers is the test's. */
struct receiver {
	const char *offers; /* NULL: the usual ones */
	/* The frame `number` of a connection, from 0, without the one that opened it. */
	void (*take)(struct receiver *receiver, const struct relp_frame *frame, size_t number);
	const struct tls_peer_settings *tls_settings; /* NULL: without TLS */
	struct socket_peer *peer;
	int fd;
	struct tls_peer *tls;
	bool done; /* the connection shall be closed */
	size_t used, taken;
	char bytes[200000];
	atomic_uint closes; /* sessions ended by agreement */
	size_t total, awaited_max;
	uint32_t held[64]; /* numbers that are not answered yet */
	size_t held_count;
};

static struct socket_peer peer;
static struct receiver receiver;
static struct sink_config config;
static struct transport_report report;

static void
answer_text(struct receiver *r, const char *text)
{
	if (r->tls != NULL)
		(void)tls_peer_write(r->tls, text, strlen(text));
	else
		socket_peer_write(r->fd, text);
}

static void
answer(struct receiver *r, uint32_t txnr, const char *data)
{
	char frame[512];

	snprintf(frame, sizeof(frame), "%u rsp %zu %s\n", txnr, strlen(data), data);
	answer_text(r, frame);
}

static ssize_t
read_more(struct receiver *r)
{
	char *room = r->bytes + r->used;
	size_t size = sizeof(r->bytes) - r->used;

	return r->tls != NULL ? tls_peer_read(r->tls, room, size)
			      : socket_peer_read(r->peer, r->fd, room, size);
}

static void
take_frame(struct receiver *r, const struct relp_frame *frame)
{
	if (relp_frame_is(frame, "open")) {
		answer(r, frame->txnr, r->offers != NULL ? r->offers : OFFERS);
	} else if (relp_frame_is(frame, "close")) {
		answer_text(r, "0 serverclose 0\n");
		r->closes++;
		r->done = true;
	} else {
		r->total++;
		r->take(r, frame, r->taken++);
	}
}

static void
serve(struct socket_peer *p, int fd)
{
	struct receiver *r = p->context;
	struct relp_frame frame;
	ssize_t got;

	r->fd = fd;
	r->peer = p;
	r->used = r->taken = r->held_count = 0;
	r->done = false;
	r->tls = r->tls_settings != NULL ? tls_peer_accept(fd, r->tls_settings) : NULL;
	while (!r->done && (got = read_more(r)) > 0) {
		size_t at = 0;
		r->used += (size_t)got;
		while (!r->done && relp_frame_parse(slice_of(r->bytes + at, r->used - at),
						    &frame) == PARSE_FOUND) {
			take_frame(r, &frame);
			at += frame.len;
		}
		memmove(r->bytes, r->bytes + at, r->used - at);
		r->used -= at;
	}
	if (r->tls != NULL)
		tls_peer_close(r->tls, true);
}

static void
take_all(struct receiver *r, const struct relp_frame *frame, size_t number)
{
	(void)number;
	answer(r, frame->txnr, "200 OK");
}

static struct transport *
start(void (*take)(struct receiver *, const struct relp_frame *, size_t))
{
	static char why[256];

	memset(&receiver, 0, sizeof(receiver));
	receiver.take = take;
	CU_ASSERT_TRUE_FATAL(socket_peer_start(&peer, AF_INET, serve, &receiver));
	config = sink_sample_config(peer.port);
	struct transport *t = transport_relp.create(&config, sink_sample_stop(), why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	return t;
}

static int
connect_anew(struct transport *t)
{
	memset(&report, 0, sizeof(report));
	return transport_relp.connect(t, &report);
}

static struct transport *
start_connected(void (*take)(struct receiver *, const struct relp_frame *, size_t))
{
	struct transport *t = start(take);

	CU_ASSERT_EQUAL_FATAL(connect_anew(t), 0);
	return t;
}

static void
end(struct transport *t)
{
	transport_relp.destroy(t);
	socket_peer_stop(&peer);
}

static int
send_messages(struct transport *t, const struct outgoing *messages, size_t count)
{
	memset(&report, 0, sizeof(report));
	return transport_relp.send(t, messages, count, &report);
}

static void
every_message_is_acknowledged(void)
{
	struct outgoing *messages = sink_sample_messages(5000, 300);
	struct transport *t = start_connected(take_all);

	CU_ASSERT_TRUE(transport_relp.acknowledges);
	CU_ASSERT_EQUAL(send_messages(t, messages, 5000), 0);
	CU_ASSERT_EQUAL(report.accepted, 5000);
	CU_ASSERT_EQUAL(report.refused, 0);
	CU_ASSERT_EQUAL(transport_relp.check(t, &report), 0);
	CU_ASSERT_EQUAL(transport_relp.finish(t, &report), 0);
	end(t);
	CU_ASSERT_EQUAL(receiver.total, 5000);
	CU_ASSERT_EQUAL(receiver.closes, 1);
	sink_sample_free(messages);
}

static void
large_messages_go_over_tls(void)
{
	struct tls_peer_settings settings = {TLS_PEER_GOOD};
	struct outgoing *messages = sink_sample_messages(40, 16000);
	struct transport *t = start(take_all);

	receiver.tls_settings = &settings;
	config.tls = (struct sink_tls){.wanted = true, .ca = tls_peer_file(TLS_PEER_CA)};
	transport_relp.destroy(t);
	t = transport_relp.create(&config, sink_sample_stop(), report.answer);
	CU_ASSERT_EQUAL_FATAL(connect_anew(t), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages, 40), 0);
	CU_ASSERT_EQUAL(report.accepted, 40);
	CU_ASSERT_EQUAL(transport_relp.finish(t, &report), 0);
	end(t);
	CU_ASSERT_EQUAL(receiver.closes, 1);
	sink_sample_free(messages);
}

/* Answers in groups of 8, the last first. */
static void
answer_backwards(struct receiver *r, const struct relp_frame *frame, size_t number)
{
	(void)number;
	r->held[r->held_count++] = frame->txnr;
	if (r->held_count < 8)
		return;
	while (r->held_count > 0)
		answer(r, r->held[--r->held_count], "200 OK");
}

static void
answers_may_come_in_any_order(void)
{
	struct outgoing *messages = sink_sample_messages(800, 200);
	struct transport *t = start_connected(answer_backwards);

	CU_ASSERT_EQUAL(send_messages(t, messages, 800), 0);
	CU_ASSERT_EQUAL(report.accepted, 800);
	end(t);
	sink_sample_free(messages);
}

/* The first of a group is answered last, and until then nothing further must come. */
static void
count_awaited(struct receiver *r, const struct relp_frame *frame, size_t number)
{
	(void)number;
	r->held[r->held_count++] = frame->txnr;
	if (r->held_count > r->awaited_max)
		r->awaited_max = r->held_count;
	if (r->held_count < 16)
		return;
	while (r->held_count > 0)
		answer(r, r->held[--r->held_count], "200 OK");
}

static void
no_more_than_the_batch_is_under_way(void)
{
	struct outgoing *messages = sink_sample_messages(160, 100);
	struct transport *t = start(count_awaited);

	config.batch = 16;
	transport_relp.destroy(t);
	t = transport_relp.create(&config, sink_sample_stop(), report.answer);
	CU_ASSERT_EQUAL_FATAL(connect_anew(t), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages, 160), 0);
	end(t);
	CU_ASSERT_EQUAL(receiver.awaited_max, 16);
	sink_sample_free(messages);
}

/* Takes three messages and goes away. */
static void
take_three(struct receiver *r, const struct relp_frame *frame, size_t number)
{
	if (number < 3)
		answer(r, frame->txnr, "200 OK");
	else
		r->done = true;
}

static void
what_was_not_acknowledged_before_a_break_is_not_accepted(void)
{
	struct outgoing *messages = sink_sample_messages(100, 200);
	struct transport *t = start_connected(take_three);

	CU_ASSERT_NOT_EQUAL(send_messages(t, messages, 100), 0);
	CU_ASSERT_TRUE(report.accepted <= 3);
	CU_ASSERT_TRUE(report.answer[0] != '\0');
	CU_ASSERT_EQUAL(connect_anew(t), 0);
	end(t);
	sink_sample_free(messages);
}

static void
end_session(struct receiver *r, const struct relp_frame *frame, size_t number)
{
	if (number < 3)
		answer(r, frame->txnr, "200 OK");
	else if (number == 3)
		answer_text(r, "0 serverclose 0\n");
}

static void
a_receiver_may_end_the_session(void)
{
	struct outgoing *messages = sink_sample_messages(10, 200);
	struct transport *t = start_connected(end_session);

	CU_ASSERT_EQUAL(send_messages(t, messages, 10), -ECONNRESET);
	CU_ASSERT_EQUAL(report.accepted, 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "the receiver ends the session"));
	end(t);
	sink_sample_free(messages);
}

static void
refuse_third(struct receiver *r, const struct relp_frame *frame, size_t number)
{
	const char *text = (const char *)frame->data.data;

	(void)number;
	answer(r, frame->txnr, memcmp(text, "<166>1 2 ", 9) == 0 ? "500 disk \x1b full" : "200 OK");
}

static void
a_message_that_is_refused_again_and_again_holds_up_no_other(void)
{
	struct outgoing *messages = sink_sample_messages(6, 200);
	struct transport *t = start_connected(refuse_third);
	size_t done = 0, refused = 0;

	for (unsigned i = 0; i < 12; i++) {
		int error = send_messages(t, messages + done, 6 - done);
		done += report.accepted;
		refused += report.refused;
		CU_ASSERT_EQUAL(error, i < 11 ? -EIO : 0);
		CU_ASSERT_EQUAL(done, i < 11 ? 2 : 6);
		CU_ASSERT_PTR_NOT_NULL(strstr(
			report.answer, "the receiver did not take a message: 500 disk \\x1b full"));
		CU_ASSERT_EQUAL_FATAL(connect_anew(t), 0);
	}
	CU_ASSERT_EQUAL(refused, 1);
	end(t);
	sink_sample_free(messages);
}

static const char *hostile_answer;

static void
answer_hostile(struct receiver *r, const struct relp_frame *frame, size_t number)
{
	(void)frame;
	if (number == 0)
		answer_text(r, hostile_answer);
}

static void
answers_out_of_place_end_the_connection(void)
{
	static const char *const answers[] = {
		"HTTP/1.1 400\r\n",    "2 rsp 999999999 200 OK\n", "3 rsp 6 200 OK\n",
		"1 rsp 6 200 OK\n",    "0 rsp 6 200 OK\n",         "2 rsp 2 OK\n",
		"2 syslog 6 200 OK\n", "\xff\xff\xff\xff",
	};
	struct outgoing *messages = sink_sample_messages(1, 200);

	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		hostile_answer = answers[i];
		struct transport *t = start_connected(answer_hostile);
		CU_ASSERT_EQUAL(send_messages(t, messages, 1), -EPROTO);
		CU_ASSERT_EQUAL(report.accepted, 0);
		end(t);
	}
	sink_sample_free(messages);
}

static void
an_answer_counts_once(void)
{
	struct outgoing *messages = sink_sample_messages(2, 200);

	hostile_answer = "2 rsp 6 200 OK\n2 rsp 6 200 OK\n";
	struct transport *t = start_connected(answer_hostile);
	CU_ASSERT_EQUAL(send_messages(t, messages, 2), -EPROTO);
	CU_ASSERT_EQUAL(report.accepted, 1);
	end(t);
	sink_sample_free(messages);
}

static void
sessions_that_cannot_be_are_refused(void)
{
	static const struct {
		const char *offers;
		int error;
		const char *words;
	} rows[] = {
		{"500 go \x1b away", -EACCES, "refused the session: go \\x1b away"},
		{"200 OK\nrelp_version=1\ncommands=syslog", -EACCES, "another version of RELP: 1"},
		{"200 OK", -EACCES, "another version of RELP"},
		{"200 OK\nrelp_version=0\ncommands=eventlog", -EACCES, "no syslog messages"},
		{"200 OK\nrelp_version=0", -EACCES, "no syslog messages"},
		{"OK", -EPROTO, "an answer to something else"},
	};
	struct transport *t = start(take_all);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		receiver.offers = rows[i].offers;
		CU_ASSERT_EQUAL(connect_anew(t), rows[i].error);
		CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, rows[i].words));
	}
	end(t);
}

static void
never_answer(struct receiver *r, const struct relp_frame *frame, size_t number)
{
	(void)r;
	(void)frame;
	(void)number;
}

static void
a_receiver_that_never_answers_is_given_up(void)
{
	struct outgoing *messages = sink_sample_messages(10, 200);
	struct transport *t = start(never_answer);

	config.timeout_s = 1;
	transport_relp.destroy(t);
	t = transport_relp.create(&config, sink_sample_stop(), report.answer);
	CU_ASSERT_EQUAL_FATAL(connect_anew(t), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages, 10), -ETIMEDOUT);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "no progress for 1 s"));
	CU_ASSERT_EQUAL(report.accepted, 0);
	end(t);
	sink_sample_free(messages);
}

static void
tell_stop_and_be_silent(struct receiver *r, const struct relp_frame *frame, size_t number)
{
	(void)r;
	(void)frame;
	if (number == 0)
		sink_sample_tell_stop(true);
}

static void
being_told_to_stop_ends_waiting(void)
{
	struct outgoing *messages = sink_sample_messages(10, 200);
	struct transport *t = start_connected(tell_stop_and_be_silent);

	CU_ASSERT_EQUAL(send_messages(t, messages, 10), -ECANCELED);
	sink_sample_tell_stop(false);
	end(t);
	sink_sample_free(messages);
}

static void
messages_that_no_format_makes_are_refused(void)
{
	struct outgoing *messages = sink_sample_messages(3, FORMAT_MESSAGE_MAX + 1);
	struct transport *t = start_connected(take_all);

	messages[0].len = messages[2].len = 100;
	CU_ASSERT_EQUAL(send_messages(t, messages, 3), 0);
	CU_ASSERT_EQUAL(report.accepted, 3);
	CU_ASSERT_EQUAL(report.refused, 1);
	CU_ASSERT_EQUAL(transport_relp.finish(t, &report), 0);
	end(t);
	CU_ASSERT_EQUAL(receiver.total, 2);
	sink_sample_free(messages);
}

static void
nothing_goes_without_a_connection(void)
{
	struct outgoing *messages = sink_sample_messages(1, 100);
	struct transport *t = start(take_all);

	CU_ASSERT_EQUAL(send_messages(t, messages, 1), -ENOTCONN);
	CU_ASSERT_EQUAL(transport_relp.check(t, &report), -ENOTCONN);
	transport_relp.disconnect(t);
	end(t);
	transport_relp.destroy(NULL);
	sink_sample_free(messages);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"every_message_is_acknowledged", every_message_is_acknowledged},
		{"large_messages_go_over_tls", large_messages_go_over_tls},
		{"answers_may_come_in_any_order", answers_may_come_in_any_order},
		{"no_more_than_the_batch_is_under_way", no_more_than_the_batch_is_under_way},
		{"what_was_not_acknowledged_before_a_break_is_not_accepted",
		 what_was_not_acknowledged_before_a_break_is_not_accepted},
		{"a_receiver_may_end_the_session", a_receiver_may_end_the_session},
		{"a_message_that_is_refused_again_and_again_holds_up_no_other",
		 a_message_that_is_refused_again_and_again_holds_up_no_other},
		{"answers_out_of_place_end_the_connection",
		 answers_out_of_place_end_the_connection},
		{"an_answer_counts_once", an_answer_counts_once},
		{"sessions_that_cannot_be_are_refused", sessions_that_cannot_be_are_refused},
		{"a_receiver_that_never_answers_is_given_up",
		 a_receiver_that_never_answers_is_given_up},
		{"being_told_to_stop_ends_waiting", being_told_to_stop_ends_waiting},
		{"messages_that_no_format_makes_are_refused",
		 messages_that_no_format_makes_are_refused},
		{"nothing_goes_without_a_connection", nothing_goes_without_a_connection},
	};
	return unit_run("transport_relp", cases, sizeof(cases) / sizeof(*cases));
}
