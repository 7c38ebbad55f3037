/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/inspect_protocol.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/dataplane/first_messages.h"
#include "tests/unit/dataplane/worker_trace.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define BYTES(text) slice_of(text, sizeof(text) - 1)
#define BITTORRENT   \
	BYTES("\x13" \
	      "BitTorrent protocol\0\0\0\0\0\0\0\0hhhhhhhhhhhhhhhhhhhh-XX0001-pppppppppppp")
#define NOISE BYTES("\x8a\x12\x80\x99 nothing of the kind")

#define FLOWS 400

static struct trace trace;
static struct outcome outcome;
static struct wire hello;

static void
run(enum protocol_detection detection, uint32_t workers)
{
	struct worker_config config = trace_config();

	config.protocol_detection = detection;
	config.count = workers;
	trace_run(&trace, &config, &outcome);
}

/* One conversation: what the client says first, and what the server answers. */
static void
talk(uint16_t client_port, uint16_t server_port, struct slice request, struct slice answer)
{
	trace.talk.client_port = client_port;
	trace.talk.server_port = server_port;
	trace_handshake(&trace);
	trace_tcp(&trace, true, TCP_PSH | TCP_ACK, 1001, request);
	if (answer.len != 0)
		trace_tcp(&trace, false, TCP_PSH | TCP_ACK, 5001, answer);
}

static const struct flow_record *
flow_from(uint16_t client_port)
{
	const struct flow_record *record;

	for (size_t n = 0; (record = outcome_flow(&outcome, n)) != NULL; n++) {
		if (record->source_port == client_port || record->destination_port == client_port)
			return record;
	}
	abort();
}

static void
begin(void)
{
	trace_begin(&trace);
	hello.len = 0;
	message_client_stream(&hello, "video.example.org", 0);
	talk(1, 50001, BITTORRENT, slice_of(NULL, 0));
	talk(2, 443, wire_slice(&hello), slice_of(NULL, 0));
	talk(3, 50003, NOISE, NOISE);
	trace.talk.client_port = 4;
	trace.talk.server_port = 53;
	trace_udp(&trace, true, BYTES("\x12\x34\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1"));
}

static void
off_asks_about_no_flow(void)
{
	begin();
	run(PROTOCOL_DETECTION_OFF, 1);
	for (uint16_t port = 1; port <= 4; port++)
		CU_ASSERT_STRING_EQUAL(flow_from(port)->detail.protocol, "");
}

static void
unnamed_asks_about_flows_that_we_do_not_know(void)
{
	begin();
	run(PROTOCOL_DETECTION_UNNAMED, 1);
	CU_ASSERT_STRING_EQUAL(flow_from(1)->detail.protocol, "bittorrent");
	CU_ASSERT_STRING_EQUAL(flow_from(1)->detail.category, "file-transfer");
	CU_ASSERT_EQUAL(flow_from(1)->protocol, APP_PROTOCOL_UNKNOWN);
	CU_ASSERT_STRING_EQUAL(flow_from(2)->detail.protocol, "");
	CU_ASSERT_STRING_EQUAL(flow_from(2)->name, "video.example.org");
	CU_ASSERT_STRING_EQUAL(flow_from(3)->detail.protocol, "");
	CU_ASSERT_STRING_EQUAL(flow_from(4)->detail.protocol, "");
}

static void
all_asks_about_every_flow(void)
{
	begin();
	run(PROTOCOL_DETECTION_ALL, 1);
	CU_ASSERT_STRING_EQUAL(flow_from(1)->detail.protocol, "bittorrent");
	CU_ASSERT_STRING_EQUAL(flow_from(2)->detail.protocol, "tls");
	CU_ASSERT_STRING_EQUAL(flow_from(2)->detail.category, "web");
	CU_ASSERT_STRING_EQUAL(flow_from(3)->detail.protocol, "");
	CU_ASSERT_STRING_EQUAL(flow_from(4)->detail.protocol, "dns");
	CU_ASSERT_EQUAL(outcome.counters.notes[NOTE_NAME_DISPUTED], 0);
}

/* Many flows, of which most say nothing by themselves; peers that spoke BitTorrent speak noise
 * later. */
static void
fill_with_flows(void)
{
	trace_begin(&trace);
	for (uint16_t i = 0; i < FLOWS; i++) {
		trace.now_ns += 1000;
		trace.talk.client = i % 3 == 0 ? "10.0.0.1" : "10.0.0.2";
		switch (i % 5) {
		case 0:
			talk(10000 + i, 6881, BITTORRENT, slice_of(NULL, 0));
			break;
		case 1:
			talk(10000 + i, 6881, NOISE, NOISE);
			break;
		case 2:
			talk(10000 + i, 6379, BYTES("*1\r\n$4\r\nPING\r\n"), BYTES("+PONG\r\n"));
			break;
		case 3:
			talk(10000 + i, 2222, BYTES("SSH-2.0-x\r\n"), BYTES("SSH-2.0-y\r\n"));
			break;
		case 4:
			trace.talk.client_port = 10000 + i;
			trace.talk.server_port = 6881;
			trace_udp(
				&trace, true,
				BYTES("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe"));
			break;
		}
	}
}

static void
number_of_workers_does_not_matter(void)
{
	static struct flow_detail one[FLOWS];
	static const uint32_t counts[] = {2, 8};

	fill_with_flows();
	run(PROTOCOL_DETECTION_ALL, 1);
	for (uint16_t i = 0; i < COUNT(one); i++)
		one[i] = flow_from(10000 + i)->detail;
	CU_ASSERT_STRING_EQUAL(one[0].protocol, "bittorrent");
	CU_ASSERT_STRING_EQUAL(one[1].protocol, "");
	CU_ASSERT_STRING_EQUAL(one[3].protocol, "ssh");
	CU_ASSERT_STRING_EQUAL(one[4].protocol, "bittorrent");
	for (size_t k = 0; k < COUNT(counts); k++) {
		run(PROTOCOL_DETECTION_ALL, counts[k]);
		for (uint16_t i = 0; i < COUNT(one); i++)
			CU_ASSERT_EQUAL(
				memcmp(&one[i], &flow_from(10000 + i)->detail, sizeof(*one)), 0);
	}
}

/* More flows under way than there are states: the oldest give way, counted, and their end is as
 * usual. */
static void
oldest_flows_give_way(void)
{
	const unsigned more = 100;

	trace_begin(&trace);
	for (unsigned i = 0; i < PROTOCOL_STATES_MAX + more; i++) {
		trace.talk.client_port = (uint16_t)(1000 + i);
		trace.talk.server_port = 50001;
		trace_udp(&trace, true, NOISE);
	}
	for (unsigned i = 0; i < PROTOCOL_PACKETS_MAX; i++)
		trace_udp(&trace, true, NOISE);
	run(PROTOCOL_DETECTION_UNNAMED, 1);
	CU_ASSERT_EQUAL(outcome.counters.notes[NOTE_PROTOCOL_EVICTED], more);
	CU_ASSERT_EQUAL(outcome_flow_count(&outcome), PROTOCOL_STATES_MAX + more);
}

/* The table is full: what ends early gives its state back, or the states would run out. */
static void
evicted_flows_give_their_state_back(void)
{
	struct worker_config config = trace_config();

	config.protocol_detection = PROTOCOL_DETECTION_UNNAMED;
	config.max_flows = 16;
	trace_begin(&trace);
	for (unsigned i = 0; i < 2 * PROTOCOL_STATES_MAX; i++) {
		trace.now_ns += SECOND / 1000;
		trace.talk.client_port = (uint16_t)(1000 + i);
		trace_udp(&trace, true, NOISE);
	}
	trace_run(&trace, &config, &outcome);
	CU_ASSERT(outcome.counters.notes[NOTE_FLOW_EVICTED] > 0);
	CU_ASSERT_EQUAL(outcome.counters.notes[NOTE_PROTOCOL_EVICTED], 0);
}

static void
cut_packets_end_the_question(void)
{
	trace_begin(&trace);
	struct packet *packet = trace_udp(&trace, true, BITTORRENT);
	packet->captured_len -= 10;
	trace_udp(&trace, true, BITTORRENT);
	run(PROTOCOL_DETECTION_UNNAMED, 1);
	CU_ASSERT_EQUAL(outcome.counters.notes[NOTE_PROTOCOL_CUT], 1);
	CU_ASSERT_STRING_EQUAL(outcome_flow(&outcome, 0)->detail.protocol, "");
}

/* As a live worker does it: at the start, and not for the first flow. */
static void
without_waiting_it_is_there_at_once(void)
{
	static struct inspector inspector;
	struct protocol_inspector lazy, eager;

	CU_ASSERT_EQUAL(protocol_inspector_init(&lazy, &inspector, PROTOCOL_DETECTION_ALL, true),
			0);
	CU_ASSERT_PTR_NULL(lazy.detector);
	CU_ASSERT_EQUAL(protocol_inspector_init(&eager, &inspector, PROTOCOL_DETECTION_ALL, false),
			0);
	CU_ASSERT_PTR_NOT_NULL(eager.detector);
	protocol_inspector_fini(&lazy);
	protocol_inspector_fini(&eager);
	CU_ASSERT_EQUAL(protocol_inspector_init(&eager, &inspector, PROTOCOL_DETECTION_OFF, false),
			0);
	CU_ASSERT_PTR_NULL(eager.detector);
}

static const struct name_dispute_message *
dispute(size_t n)
{
	for (size_t i = 0; i < outcome.count; i++) {
		if (outcome.messages[i].message.kind == WORKER_MESSAGE_NAME_DISPUTE && n-- == 0)
			return outcome.messages[i].message.body;
	}
	return NULL;
}

/* A host that is no host name for us: nDPI reads it, and we refuse it. That is no dispute. */
static void
refused_names_are_no_dispute(void)
{
	trace_begin(&trace);
	talk(1, 80, BYTES("GET / HTTP/1.1\r\nHost: a b\r\nUser-Agent: x\r\n\r\n"),
	     slice_of(NULL, 0));
	run(PROTOCOL_DETECTION_ALL, 1);
	CU_ASSERT_PTR_NULL(dispute(0));
}

/* The library reads the Host field, we the target that goes before it. */
static void
another_name_is_disputed(void)
{
	trace_begin(&trace);
	talk(1, 80,
	     BYTES("GET http://one.example.org/ HTTP/1.1\r\nHost: two.example.org\r\n"
		   "User-Agent: x\r\n\r\n"),
	     slice_of(NULL, 0));
	run(PROTOCOL_DETECTION_ALL, 1);
	const struct name_dispute_message *m = dispute(0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(m);
	CU_ASSERT_STRING_EQUAL(m->ours, "one.example.org");
	CU_ASSERT_STRING_EQUAL(m->theirs, "two.example.org");
	CU_ASSERT_STRING_EQUAL(m->protocol, "http");
	CU_ASSERT_EQUAL(m->source_port, 1);
	CU_ASSERT_EQUAL(m->destination_port, 80);
	CU_ASSERT_EQUAL(m->source.bytes[0], 10);
	CU_ASSERT_EQUAL(m->destination.bytes[0], 93);
	CU_ASSERT_EQUAL(outcome.counters.notes[NOTE_NAME_DISPUTED], 1);
	CU_ASSERT_PTR_NULL(dispute(1));
	CU_ASSERT_STRING_EQUAL(outcome_flow(&outcome, 0)->name, "one.example.org");
}

/* Cut, with a port, in other letters, with a final dot: one name. */
static void
spelling_is_no_dispute(void)
{
	static const char *const hosts[] = {
		"WWW.Example.ORG",
		"www.example.org:8080",
		"www.example.org.",
		"192.0.2.7:80",
		"a23456789.b23456789.c23456789.d23456789.e23456789.f23456789.g23456789.h23456789."
		"example.org",
		"a23456789.b23456789.c23456789.d23456789.e23456789.f23456789.g23456789.h23456789."
		"example.org:8080",
	};
	char request[256];

	trace_begin(&trace);
	for (size_t i = 0; i < COUNT(hosts); i++) {
		int len = snprintf(request, sizeof(request),
				   "GET / HTTP/1.1\r\nHost: %s\r\nUser-Agent: x\r\n\r\n", hosts[i]);
		talk((uint16_t)(1 + i), 80, slice_of(request, (size_t)len), slice_of(NULL, 0));
	}
	run(PROTOCOL_DETECTION_ALL, 1);
	for (size_t i = 0; i < COUNT(hosts); i++)
		CU_ASSERT_STRING_EQUAL(flow_from((uint16_t)(1 + i))->detail.protocol, "http");
	CU_ASSERT_PTR_NULL(dispute(0));
}

static const struct unit_case cases[] = {
	{"off_asks_about_no_flow", off_asks_about_no_flow},
	{"unnamed_asks_about_flows_that_we_do_not_know",
	 unnamed_asks_about_flows_that_we_do_not_know},
	{"all_asks_about_every_flow", all_asks_about_every_flow},
	{"number_of_workers_does_not_matter", number_of_workers_does_not_matter},
	{"oldest_flows_give_way", oldest_flows_give_way},
	{"evicted_flows_give_their_state_back", evicted_flows_give_their_state_back},
	{"cut_packets_end_the_question", cut_packets_end_the_question},
	{"without_waiting_it_is_there_at_once", without_waiting_it_is_there_at_once},
	{"refused_names_are_no_dispute", refused_names_are_no_dispute},
	{"another_name_is_disputed", another_name_is_disputed},
	{"spelling_is_no_dispute", spelling_is_no_dispute},
};

int
main(void)
{
	int status = unit_run("inspect_protocol", cases, COUNT(cases));

	trace_end(&trace);
	outcome_clear(&outcome);
	return status;
}
