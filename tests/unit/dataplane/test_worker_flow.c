/* SPDX-License-Identifier: Apache-2.0 */
/* Which packets are one flow, whatever their order, and what else its bytes hand on. */
#include "dataplane/worker.h"

#include "tests/unit/dataplane/first_messages.h"
#include "tests/unit/dataplane/worker_trace.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NOTHING slice_of(NULL, 0)
#define TEXT(literal) slice_of(literal, sizeof(literal) - 1)
#define NAME "files.example.org"

static struct trace t;
static struct outcome o;
static struct wire bytes;

static void
run(unsigned workers)
{
	struct worker_config config = trace_config();

	config.count = workers;
	trace_run(&t, &config, &o);
}

/* Packets of one connection; `seq` counts from the SYN's number. */
struct step {
	bool from_client;
	uint8_t flags;
	uint32_t seq;
	const char *text;
};

static void
show(const struct step *steps, size_t count)
{
	for (size_t i = 0; i < count && steps[i].flags != 0; i++) {
		const char *text = steps[i].text != NULL ? steps[i].text : "";
		uint32_t start = steps[i].from_client ? 1000 : 5000;
		trace_tcp(&t, steps[i].from_client, steps[i].flags, start + steps[i].seq,
			  slice_of(text, strlen(text)));
	}
}

#define STEPS_MAX 6

static void
a_syn_seen_late_belongs_to_its_connection(void)
{
	static const struct step rows[][STEPS_MAX] = {
		{{true, TCP_ACK, 1, "data"}, {true, TCP_SYN, 0, NULL}},
		{{true, TCP_ACK, 5, "more"}, {true, TCP_ACK, 1, "data"}, {true, TCP_SYN, 0, NULL}},
		{{true, TCP_ACK, 1, NULL}, {true, TCP_SYN, 0, NULL}, {true, TCP_ACK, 1, "data"}},
		{{true, TCP_FIN | TCP_ACK, 5, NULL},
		 {true, TCP_SYN, 0, NULL},
		 {true, TCP_ACK, 1, "data"}},
		{{true, TCP_ACK, 1, "data"},
		 {true, TCP_FIN | TCP_ACK, 5, NULL},
		 {false, TCP_FIN | TCP_ACK, 1, NULL},
		 {true, TCP_SYN, 0, NULL}},
		{{false, TCP_RST | TCP_ACK, 0, NULL}, {true, TCP_SYN, 0, NULL}},
		{{true, TCP_SYN, 0, NULL},
		 {false, TCP_RST | TCP_ACK, 0, NULL},
		 {true, TCP_SYN, 0, NULL},
		 {false, TCP_RST | TCP_ACK, 0, NULL}},
		{{false, TCP_SYN | TCP_ACK, 0, NULL},
		 {false, TCP_ACK, 1, "answer"},
		 {true, TCP_RST, 5, NULL},
		 {true, TCP_ACK, 1, "data"},
		 {true, TCP_SYN, 0, NULL}},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		trace_begin(&t);
		show(rows[i], STEPS_MAX);
		run(1);
		CU_ASSERT_EQUAL_FATAL(outcome_flow_count(&o), 1);
		CU_ASSERT_EQUAL(outcome_flow(&o, 0)->flags & FLOW_FLAG_MIDSTREAM, 0);
		CU_ASSERT_EQUAL(outcome_flow(&o, 0)->source_port, 50000);
	}
}

/* The SYN of another connection, by its number. */
static void
a_syn_far_from_what_was_seen_begins_another_flow(void)
{
	static const struct step rows[][STEPS_MAX] = {
		{{true, TCP_ACK, 1, "data"}, {true, TCP_SYN, 70000, NULL}},
		{{true, TCP_ACK, 80000, "data"}, {true, TCP_SYN, 0, NULL}},
		{{true, TCP_FIN | TCP_ACK, 1, NULL}, {true, TCP_SYN, 10, NULL}},
		{{true, TCP_SYN, 0, NULL}, {false, TCP_RST, 0, NULL}, {true, TCP_SYN, 70000, NULL}},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		trace_begin(&t);
		show(rows[i], STEPS_MAX);
		run(1);
		CU_ASSERT_EQUAL(outcome_flow_count(&o), 2);
	}
}

/* Nobody answers the SYN, or the answer is to another one: the connection goes on. */
static void
a_syn_without_an_answer_changes_nothing(void)
{
	static const uint8_t body[1000];

	for (unsigned row = 0; row < 6; row++) {
		uint32_t at = row % 3 == 0 ? 0 : row % 3 == 1 ? 20 : 60, fake = 1000000;
		trace_begin(&t);
		trace_handshake(&t);
		bytes.len = 0;
		message_client_stream(&bytes, NAME, 0);
		if (at != 0)
			trace_tcp(&t, true, TCP_ACK, 1001, slice_of(bytes.bytes, at));
		trace_tcp(&t, true, TCP_SYN, row == 5 ? 3000000000u : fake, NOTHING);
		if (row >= 3) {
			t.acked = 2000001;
			trace_tcp(&t, false, TCP_SYN | TCP_ACK, 8000, NOTHING);
		}
		trace_tcp(&t, true, TCP_ACK, 1001 + at, slice_of(bytes.bytes + at, bytes.len - at));
		for (unsigned i = 0; i < 20; i++)
			trace_tcp(&t, true, TCP_ACK, 1001 + (uint32_t)bytes.len + i * 1000,
				  slice_of(body, 1000));
		run(1);
		CU_ASSERT_EQUAL_FATAL(outcome_flow_count(&o), 1);
		CU_ASSERT_STRING_EQUAL(outcome_flow(&o, 0)->name, NAME);
		CU_ASSERT_EQUAL(outcome_flow(&o, 0)->from_source.payload, bytes.len + 20000);
		CU_ASSERT_EQUAL(outcome_flow(&o, 0)->flags, 0);
	}
}

/* Ports used again: the second connection has the second name. */
static void
an_answer_to_another_connection_begins_another_flow(void)
{
	/* With the SYN or without it; closed, reset or left open before. */
	static const struct {
		uint8_t closing;
		bool has_syn;
		size_t flows;
	} rows[] = {{TCP_FIN | TCP_ACK, true, 2}, {TCP_FIN | TCP_ACK, false, 2},
		    {TCP_RST, true, 2},           {TCP_RST, false, 2},
		    {TCP_ACK, true, 2},           {TCP_ACK, false, 1}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		trace_begin(&t);
		trace_handshake(&t);
		bytes.len = 0;
		message_client_stream(&bytes, "old.example.org", 0);
		trace_tcp(&t, true, TCP_ACK, 1001, wire_slice(&bytes));
		trace_tcp(&t, true, rows[i].closing, 1001 + (uint32_t)bytes.len, NOTHING);
		t.now_ns += 2 * SECOND;
		if (rows[i].has_syn)
			trace_tcp(&t, true, TCP_SYN, 900000000, NOTHING);
		t.acked = 900000001;
		trace_tcp(&t, false, TCP_SYN | TCP_ACK, 800000000, NOTHING);
		bytes.len = 0;
		message_client_stream(&bytes, NAME, 0);
		trace_tcp(&t, true, TCP_ACK, 900000001, wire_slice(&bytes));
		run(1);
		CU_ASSERT_EQUAL(outcome_flow_count(&o), rows[i].flows);
		if (rows[i].flows != 2)
			continue;
		CU_ASSERT_STRING_EQUAL(outcome_flow(&o, 0)->name, "old.example.org");
		CU_ASSERT_STRING_EQUAL(outcome_flow(&o, 1)->name, NAME);
		CU_ASSERT_EQUAL(outcome_flow(&o, 1)->flags, 0);
		CU_ASSERT_EQUAL(outcome_flow(&o, 1)->source_port, 50000);
		CU_ASSERT_EQUAL(outcome_flow(&o, 1)->from_source.payload, bytes.len);
	}
}

static struct packet
take_out(size_t index)
{
	struct packet packet = t.packets[index];

	memmove(&t.packets[index], &t.packets[index + 1],
		(t.count - index - 1) * sizeof(t.packets[0]));
	return packet;
}

/* Permutes the first eight packets; times stay in place. */
static void
shuffle(unsigned *seed)
{
	uint64_t times[8];

	for (size_t i = 0; i < 8; i++)
		times[i] = t.packets[i].time_ns;
	for (size_t i = 0; i < 8; i++) {
		struct packet moved = take_out(i + (size_t)rand_r(seed) % (8 - i));
		memmove(&t.packets[i + 1], &t.packets[i], (t.count - i - 1) * sizeof(t.packets[0]));
		t.packets[i] = moved;
	}
	for (size_t i = 0; i < 8; i++)
		t.packets[i].time_ns = times[i];
}

/* Three-way handshake, a hello in three segments, the answer in two. */
static void
write_connection(void)
{
	static struct wire answer;

	trace_begin(&t);
	trace_handshake(&t);
	bytes.len = answer.len = 0;
	message_client_stream(&bytes, NAME, 1000);
	message_server_stream(&answer, 0x0304);
	for (size_t at = 0; at < bytes.len; at += 400)
		trace_tcp(&t, true, TCP_ACK, 1001 + (uint32_t)at,
			  slice_of(bytes.bytes + at, bytes.len - at < 400 ? bytes.len - at : 400));
	for (size_t at = 0; at < answer.len; at += 40)
		trace_tcp(&t, false, TCP_ACK, 5001 + (uint32_t)at,
			  slice_of(answer.bytes + at, answer.len - at < 40 ? answer.len - at : 40));
	for (size_t i = 0; i < t.count; i++)
		t.packets[i].time_ns += i;
}

static void
a_shuffled_connection_has_its_name_with_any_workers(void)
{
	unsigned seed = 4;

	for (unsigned round = 0; round < 500; round++) {
		write_connection();
		if (round != 0)
			shuffle(&seed);
		run(round % 3 + 1);
		CU_ASSERT_EQUAL_FATAL(outcome_flow_count(&o), 1);
		const struct flow_record *r = outcome_flow(&o, 0);
		CU_ASSERT_STRING_EQUAL(r->name, NAME);
		CU_ASSERT_EQUAL(r->tls_version, 0x0304);
		CU_ASSERT_EQUAL(r->flags, 0);
		CU_ASSERT_EQUAL(r->source_port, 50000);
		for (unsigned i = 0; i < WORKER_NOTE_COUNT; i++)
			CU_ASSERT_EQUAL(o.counters.notes[i], 0);
	}
}

/* Bytes and SYNs that no host takes must not hide what is sent. */
static void
decoys_hide_no_payload(void)
{
	static const uint8_t body[1400];

	for (unsigned row = 0; row < 6; row++) {
		trace_begin(&t);
		if (row == 5) {
			trace_tcp(&t, true, TCP_SYN, 700000000, NOTHING);
			trace_tcp(&t, true, TCP_ACK, 700000001, TEXT("x"));
		}
		if (row != 3)
			trace_tcp(&t, true, TCP_SYN, 1000, NOTHING);
		if (row == 2 || row == 3)
			trace_tcp(&t, true, TCP_SYN, 500000000, NOTHING);
		for (unsigned i = 1; row == 0 && i <= 5; i++)
			trace_tcp(&t, true, TCP_ACK, 1001 + i * 100000000u, TEXT("x"));
		for (unsigned i = 0; i < 100; i++) {
			if (row == 1)
				trace_tcp(&t, true, TCP_ACK, 1001 + i * 700000001u, TEXT("x"));
			if (row == 4 && i % 9 == 5)
				trace_tcp(&t, true, TCP_SYN, 1000 + i * 2000u, NOTHING);
			trace_tcp(&t, true, TCP_ACK, 1001 + i * 1400, slice_of(body, 1400));
		}
		run(1);
		uint64_t sum = 0;
		for (size_t i = 0; i < outcome_flow_count(&o); i++)
			sum += outcome_flow(&o, i)->from_source.payload;
		CU_ASSERT(sum >= 140000 && sum <= 140000 + 100);
	}
}

/* A ServerHello of TLS 1.2, and a certificate of `len` bytes in a record of its own. */
static void
write_flight(size_t len)
{
	bytes.len = 0;
	message_server_stream(&bytes, 0x0303);
	wire_number(&bytes, 0x160303, 3);
	size_t record = wire_begin(&bytes, 2);
	wire_number(&bytes, 11, 1);
	size_t message = wire_begin(&bytes, 3), list = wire_begin(&bytes, 3),
	       der = wire_begin(&bytes, 3);
	wire_fill(&bytes, 0x30, len);
	wire_end(&bytes, der, 3);
	wire_end(&bytes, list, 3);
	wire_end(&bytes, message, 3);
	wire_end(&bytes, record, 2);
}

static void
a_certificate_comes_before_the_record_that_names_it(void)
{
	trace_begin(&t);
	trace_handshake(&t);
	write_flight(1500);
	trace_tcp(&t, false, TCP_ACK, 5001, slice_of(bytes.bytes, 1200));
	trace_tcp(&t, false, TCP_ACK, 6201, slice_of(bytes.bytes + 1200, bytes.len - 1200));
	run(1);
	CU_ASSERT_EQUAL_FATAL(o.count, 2);
	CU_ASSERT_EQUAL_FATAL(o.messages[0].message.kind, WORKER_MESSAGE_CERTIFICATE);
	const struct certificate_message *m = o.messages[0].message.body;
	CU_ASSERT_EQUAL(m->len, 1500);
	CU_ASSERT_EQUAL(m->bytes[1499], 0x30);
	CU_ASSERT_EQUAL(m->order.packet, 5);
	CU_ASSERT_NOT_EQUAL(m->id, 0);
	CU_ASSERT_EQUAL(outcome_flow(&o, 0)->detail.certificate, m->id);
}

static void
append_flight(uint16_t port)
{
	t.talk.client_port = port;
	trace_handshake(&t);
	trace_tcp(&t, false, TCP_ACK, 5001, slice_of(bytes.bytes, 1200));
	trace_tcp(&t, false, TCP_ACK, 6201, slice_of(bytes.bytes + 1200, bytes.len - 1200));
}

/* Every flow tells its certificate; it is handed on again after a while, or after many others. */
static void
a_certificate_is_not_handed_on_with_every_flow(void)
{
	trace_begin(&t);
	write_flight(1500);
	for (uint16_t i = 0; i < 50; i++)
		append_flight(1000 + i);
	t.now_ns += 61 * SECOND;
	append_flight(2000);
	run(1);
	CU_ASSERT_EQUAL(outcome_flow_count(&o), 51);
	CU_ASSERT_EQUAL(o.count, 51 + 2);
	for (size_t i = 0; i < 51; i++)
		CU_ASSERT_EQUAL(outcome_flow(&o, i)->detail.certificate,
				outcome_flow(&o, 0)->detail.certificate);
	CU_ASSERT_NOT_EQUAL(outcome_flow(&o, 0)->detail.certificate, 0);

	trace_begin(&t);
	for (uint16_t i = 0; i < 1200; i++) {
		write_flight(1500);
		bytes.bytes[bytes.len - 1] = (uint8_t)i;
		bytes.bytes[bytes.len - 2] = (uint8_t)(i >> 8);
		append_flight(3000 + i);
	}
	write_flight(1500);
	bytes.bytes[bytes.len - 1] = bytes.bytes[bytes.len - 2] = 0;
	append_flight(2000);
	run(1);
	CU_ASSERT_EQUAL(o.count, 2 * 1201);
}

static void
dns_over_tcp_tells_client_and_server(void)
{
	trace_begin(&t);
	t.talk.server_port = 53;
	trace_handshake(&t);
	trace_tcp(&t, true, TCP_ACK, 1001, TEXT("a question"));
	bytes.len = 0;
	size_t length = wire_begin(&bytes, 2);
	message_dns_answer(&bytes, "www.example.org");
	wire_end(&bytes, length, 2);
	trace_tcp(&t, false, TCP_ACK, 5001, wire_slice(&bytes));
	run(1);
	CU_ASSERT_EQUAL_FATAL(o.count, 2);
	CU_ASSERT_EQUAL_FATAL(o.messages[0].message.kind, WORKER_MESSAGE_DNS);
	const struct dns_message *m = o.messages[0].message.body;
	char client[IP_ADDRESS_TEXT_MAX], server[IP_ADDRESS_TEXT_MAX];
	ip_address_format(&m->client, client);
	ip_address_format(&m->server, server);
	CU_ASSERT_STRING_EQUAL(client, "10.0.0.1");
	CU_ASSERT_STRING_EQUAL(server, "93.184.216.34");
	CU_ASSERT_EQUAL_FATAL(m->len, bytes.len - 2);
	CU_ASSERT_EQUAL(memcmp(m->bytes, bytes.bytes + 2, m->len), 0);
	CU_ASSERT_EQUAL(outcome_flow(&o, 0)->protocol, APP_PROTOCOL_DNS);
}

static void
multicast_dns_is_no_dns(void)
{
	trace_begin(&t);
	t.talk = (struct talk){"10.0.0.1", "224.0.0.251", 5353, 5353};
	bytes.len = 0;
	message_dns_answer(&bytes, "printer.example.org");
	trace_udp(&t, true, wire_slice(&bytes));
	run(1);
	CU_ASSERT_EQUAL(o.count, 1);
	CU_ASSERT_EQUAL(outcome_flow(&o, 0)->protocol, APP_PROTOCOL_UNKNOWN);
}

/* A request counts once, however often its segment is sent. */
static void
requests_to_other_hosts_are_counted_once(void)
{
	static const char first[] = "GET / HTTP/1.1\r\nHost: " NAME "\r\n\r\n",
			  second[] = "GET / HTTP/1.1\r\nHost: other.example.org\r\n\r\n";

	trace_begin(&t);
	trace_handshake(&t);
	trace_tcp(&t, true, TCP_ACK, 1001, TEXT(first));
	for (unsigned i = 0; i < 3; i++)
		trace_tcp(&t, true, TCP_ACK, 1001 + sizeof(first) - 1, TEXT(second));
	run(1);
	CU_ASSERT_STRING_EQUAL(outcome_flow(&o, 0)->name, NAME);
	CU_ASSERT_EQUAL(outcome_flow(&o, 0)->detail.other_names, 1);
}

static const struct unit_case cases[] = {
	{"a_syn_seen_late_belongs_to_its_connection", a_syn_seen_late_belongs_to_its_connection},
	{"a_syn_far_from_what_was_seen_begins_another_flow",
	 a_syn_far_from_what_was_seen_begins_another_flow},
	{"a_shuffled_connection_has_its_name_with_any_workers",
	 a_shuffled_connection_has_its_name_with_any_workers},
	{"a_syn_without_an_answer_changes_nothing", a_syn_without_an_answer_changes_nothing},
	{"an_answer_to_another_connection_begins_another_flow",
	 an_answer_to_another_connection_begins_another_flow},
	{"decoys_hide_no_payload", decoys_hide_no_payload},
	{"a_certificate_comes_before_the_record_that_names_it",
	 a_certificate_comes_before_the_record_that_names_it},
	{"a_certificate_is_not_handed_on_with_every_flow",
	 a_certificate_is_not_handed_on_with_every_flow},
	{"dns_over_tcp_tells_client_and_server", dns_over_tcp_tells_client_and_server},
	{"multicast_dns_is_no_dns", multicast_dns_is_no_dns},
	{"requests_to_other_hosts_are_counted_once", requests_to_other_hosts_are_counted_once},
};

int
main(void)
{
	int status = unit_run("worker_flow", cases, COUNT(cases));
	outcome_clear(&o);
	trace_end(&t);
	return status;
}
