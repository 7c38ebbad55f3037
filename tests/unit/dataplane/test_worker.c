/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/worker.h"

#include "tests/unit/dataplane/first_messages.h"
#include "tests/unit/dataplane/worker_trace.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NOTHING slice_of(NULL, 0)
#define TEXT(literal) slice_of(literal, sizeof(literal) - 1)

static struct trace t;
static struct outcome o;
static struct wire bytes;

static void
run(void)
{
	struct worker_config config = trace_config();
	trace_run(&t, &config, &o);
}

/* The only record there should be. */
static const struct flow_record *
run_to_one_record(void)
{
	run();
	CU_ASSERT_EQUAL_FATAL(outcome_flow_count(&o), 1);
	return outcome_flow(&o, 0);
}

static bool
address_is(const struct ip_address *a, const char *text)
{
	char shown[IP_ADDRESS_TEXT_MAX];
	ip_address_format(a, shown);
	return strcmp(shown, text) == 0;
}

static void
expect_initiator(const struct flow_record *r, const char *client, uint16_t client_port)
{
	CU_ASSERT(address_is(&r->source, client));
	CU_ASSERT_EQUAL(r->source_port, client_port);
}

static void
the_syn_tells_who_began_whatever_the_ports_and_addresses(void)
{
	static const struct talk talks[] = {
		{"10.0.0.1", "93.184.216.34", 50000, 443},
		{"93.184.216.34", "10.0.0.1", 50000, 443},
		{"10.0.0.1", "93.184.216.34", 443, 50000},
		{"2a00:1450::1", "fd00::1", 80, 80},
	};

	for (size_t i = 0; i < COUNT(talks); i++) {
		/* All of the handshake, its answer alone, and the answer before the SYN. */
		for (unsigned seen = 0; seen < 3; seen++) {
			trace_begin(&t);
			t.talk = talks[i];
			if (seen == 0)
				trace_tcp(&t, true, TCP_SYN, 1, NOTHING);
			trace_tcp(&t, false, TCP_SYN | TCP_ACK, 1, NOTHING);
			if (seen == 2)
				trace_tcp(&t, true, TCP_SYN, 1, NOTHING);
			const struct flow_record *r = run_to_one_record();
			expect_initiator(r, talks[i].client, talks[i].client_port);
			CU_ASSERT_EQUAL(r->destination_port, talks[i].server_port);
			CU_ASSERT_EQUAL(r->flags & FLOW_FLAG_MIDSTREAM, 0);
		}
	}
}

static void
without_a_syn_ports_then_the_inside_then_the_first_packet_tell(void)
{
	static const struct {
		struct talk talk; /* `client` is who should be taken for it */
		bool only_from_server;
	} rows[] = {
		{{"93.184.216.34", "10.0.0.1", 50000, 443}, true}, /* port before inside */
		{{"10.0.0.1", "93.184.216.34", 50000, 443}, true},
		{{"10.0.0.1", "93.184.216.34", 50000, 8443}, true}, /* inside before sender */
		{{"10.0.0.1", "93.184.216.34", 123, 123}, true},
		{{"10.0.0.1", "10.0.0.2", 50000, 8443}, false}, /* both inside: the sender */
		{{"10.0.0.2", "10.0.0.1", 50000, 8443}, false},
		{{"8.8.8.8", "93.184.216.34", 8443, 50000}, false},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		for (unsigned udp = 0; udp < 2; udp++) {
			trace_begin(&t);
			t.talk = rows[i].talk;
			if (udp)
				trace_udp(&t, !rows[i].only_from_server, TEXT("?"));
			else
				trace_tcp(&t, !rows[i].only_from_server, TCP_ACK, 1, NOTHING);
			const struct flow_record *r = run_to_one_record();
			expect_initiator(r, rows[i].talk.client, rows[i].talk.client_port);
			CU_ASSERT_EQUAL(r->flags, udp ? 0 : FLOW_FLAG_MIDSTREAM);
		}
	}
}

static void
a_client_hello_corrects_a_wrong_guess(void)
{
	trace_begin(&t);
	t.talk = (struct talk){"93.184.216.34", "10.0.0.1", 50000, 8443};
	trace_tcp(&t, false, TCP_ACK, 700, NOTHING); /* guessed: the inside end began */
	bytes.len = 0;
	message_client_stream(&bytes, "intranet.example.org", 0);
	trace_tcp(&t, true, TCP_ACK, 100, wire_slice(&bytes));
	const struct flow_record *r = run_to_one_record();
	expect_initiator(r, "93.184.216.34", 50000);
	CU_ASSERT_EQUAL(r->from_source.payload, bytes.len);
	CU_ASSERT_EQUAL(r->from_source.packets, 1);
	CU_ASSERT_EQUAL(r->from_destination.packets, 1);
	CU_ASSERT_EQUAL(flow_record_direction(r), FLOW_DIRECTION_INGRESS);
	CU_ASSERT_STRING_EQUAL(r->name, "intranet.example.org");
}

static void
a_whole_connection_gives_one_final_record(void)
{
	trace_begin(&t);
	trace_handshake(&t);
	bytes.len = 0;
	message_client_stream(&bytes, "www.Example.org", 0);
	uint32_t hello_len = (uint32_t)bytes.len;
	trace_tcp(&t, true, TCP_ACK | TCP_PSH, 1001, wire_slice(&bytes));
	t.now_ns += 3;
	bytes.len = 0;
	message_server_stream(&bytes, 0x0304);
	trace_tcp(&t, false, TCP_ACK | TCP_PSH, 5001, wire_slice(&bytes));
	trace_tcp(&t, false, TCP_FIN | TCP_ACK, 5001 + (uint32_t)bytes.len, NOTHING);
	trace_tcp(&t, true, TCP_FIN | TCP_ACK, 1001 + hello_len, NOTHING);
	const struct flow_record *r = run_to_one_record();
	CU_ASSERT_EQUAL(r->final, 1);
	CU_ASSERT_EQUAL(r->seq, 0);
	CU_ASSERT_EQUAL(r->start_ns, TRACE_START);
	CU_ASSERT_EQUAL(r->end_ns, TRACE_START + 3);
	CU_ASSERT_EQUAL(r->from_source.packets, 4);
	CU_ASSERT_EQUAL(r->from_destination.packets, 3);
	CU_ASSERT_EQUAL(r->from_source.bytes, 4 * 40 + hello_len);
	CU_ASSERT_EQUAL(r->from_source.payload, hello_len);
	CU_ASSERT_EQUAL(r->from_destination.payload, bytes.len);
	CU_ASSERT_EQUAL(r->transport, TRANSPORT_TCP);
	CU_ASSERT_EQUAL(r->protocol, APP_PROTOCOL_TLS);
	CU_ASSERT_EQUAL(r->tls_version, 0x0304);
	CU_ASSERT_EQUAL(r->name_source, NAME_SOURCE_TLS_SNI);
	CU_ASSERT_STRING_EQUAL(r->name, "www.example.org");
	CU_ASSERT_EQUAL(r->name_len, strlen(r->name));
	CU_ASSERT_EQUAL(r->flags, 0);
	CU_ASSERT_EQUAL(flow_record_direction(r), FLOW_DIRECTION_EGRESS);
	CU_ASSERT_EQUAL(r->vlan, FLOW_NO_VLAN);
	CU_ASSERT_EQUAL(r->vni, FLOW_NO_VNI);
}

static void
each_tcp_byte_counts_once_and_as_long_as_on_the_wire(void)
{
	static uint8_t block[1000];

	trace_begin(&t);
	trace_handshake(&t);
	for (uint32_t i = 0; i < 5;
	     i++) /* the third comes last, the fourth is lost to the capture */
		if (i != 2 && i != 3)
			trace_tcp(&t, true, TCP_ACK, 1001 + 1000 * i, slice_of(block, 1000));
	trace_tcp(&t, true, TCP_ACK, 1001, slice_of(block, 1000));       /* again */
	trace_tcp(&t, true, TCP_ACK, 1001 + 500, slice_of(block, 1000)); /* across two */
	trace_tcp(&t, true, TCP_ACK, 1001 + 2000, slice_of(block, 1000));
	for (size_t i = 0; i < t.count; i++) /* headers only were captured */
		t.packets[i].captured_len = 14 + 20 + 20;
	const struct flow_record *r = run_to_one_record();
	CU_ASSERT_EQUAL(r->from_source.payload, 4000);
	CU_ASSERT_EQUAL(r->from_source.packets, 2 + 6);
	CU_ASSERT_EQUAL(r->from_source.bytes, 8 * 40 + 6 * 1000);
	CU_ASSERT_EQUAL(o.counters.bytes_in, 9 * 54 + 6 * 1000);
}

static void
a_port_pair_used_again_is_another_flow(void)
{
	enum { FIN_BOTH, FIN_ONE, RESET, DATA, WAYS };

	for (unsigned way = 0; way < WAYS; way++) {
		trace_begin(&t);
		trace_handshake(&t);
		if (way == DATA)
			trace_tcp(&t, true, TCP_ACK, 1001, TEXT("data"));
		if (way == FIN_BOTH || way == FIN_ONE)
			trace_tcp(&t, true, TCP_FIN | TCP_ACK, 1001, NOTHING);
		if (way == FIN_BOTH)
			trace_tcp(&t, false, TCP_FIN | TCP_ACK, 5001, NOTHING);
		if (way == RESET)
			trace_tcp(&t, false, TCP_RST, 5001, NOTHING);
		/* At the same time, as in captures without times. */
		trace_tcp(&t, true, TCP_SYN, 900000, NOTHING);
		/* In an open connection only the answer tells that it is over. */
		if (way == DATA)
			trace_tcp(&t, false, TCP_SYN | TCP_ACK, 700000, NOTHING);
		trace_tcp(&t, true, TCP_ACK, 900001, TEXT("more"));
		run();
		CU_ASSERT_EQUAL_FATAL(outcome_flow_count(&o), 2);
		const struct flow_record *first = outcome_flow(&o, 0),
					 *second = outcome_flow(&o, 1);
		CU_ASSERT_EQUAL(first->from_source.payload, way == DATA ? 4 : 0);
		CU_ASSERT_EQUAL(second->from_source.payload, 4);
		CU_ASSERT_EQUAL(second->from_source.packets, way == DATA ? 1 : 2);
		CU_ASSERT_NOT_EQUAL(first->flow_id, second->flow_id);
		CU_ASSERT_EQUAL(first->final + second->final, 2);
	}
}

static void
a_syn_sent_again_is_the_same_flow(void)
{
	trace_begin(&t);
	trace_tcp(&t, true, TCP_SYN, 1000, NOTHING);
	trace_tcp(&t, true, TCP_SYN, 1000, NOTHING);
	trace_tcp(&t, true, TCP_SYN, 7000, NOTHING); /* no data yet: it only starts anew */
	trace_tcp(&t, true, TCP_ACK, 7001, TEXT("data"));
	trace_tcp(&t, true, TCP_SYN, 7000, NOTHING); /* late copy */
	const struct flow_record *r = run_to_one_record();
	CU_ASSERT_EQUAL(r->from_source.payload, 4);
	CU_ASSERT_EQUAL(r->from_source.packets, 5);
}

static void
icmp_records_have_type_and_code_for_ports(void)
{
	static struct builder b;

	trace_begin(&t);
	for (unsigned i = 0; i < 2; i++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		build_ip(&b, i == 0 ? "10.0.0.1" : "8.8.8.8", i == 0 ? "8.8.8.8" : "10.0.0.1");
		build_icmp(&b, i == 0 ? 8 : 0, 0, 99);
		build_fill(&b, 'p', 56);
		trace_packet(&t, &b);
	}
	const struct flow_record *r = run_to_one_record();
	CU_ASSERT(address_is(&r->source, "10.0.0.1"));
	CU_ASSERT_EQUAL(r->source_port, 8);
	CU_ASSERT_EQUAL(r->destination_port, 0);
	CU_ASSERT_EQUAL(r->from_destination.payload, 56);
}

static void
tags_and_port_are_those_of_the_first_packet(void)
{
	static struct builder b;

	trace_begin(&t);
	for (unsigned i = 0; i < 2; i++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		build_vlan(&b, 0x8100, (uint16_t)(10 + i));
		build_ip(&b, "172.16.0.1", "172.16.0.2");
		build_udp(&b, 1, 4789);
		build_vxlan(&b, 77);
		build_inner_ethernet(&b);
		build_vlan(&b, 0x8100, (uint16_t)(20 + i));
		build_ip(&b, "10.0.0.1", "8.8.8.8");
		build_udp(&b, 5000, 5001);
		trace_packet(&t, &b)->port = (uint16_t)(3 + i);
	}
	const struct flow_record *r = run_to_one_record();
	CU_ASSERT_EQUAL(r->vlan, 10);
	CU_ASSERT_EQUAL(r->inner_vlan, 20);
	CU_ASSERT_EQUAL(r->vni, 77);
	CU_ASSERT_EQUAL(r->capture_port, 3);
	CU_ASSERT_EQUAL(r->from_source.packets, 2);
}

static void
dns_answers_are_handed_on_as_they_were(void)
{
	trace_begin(&t);
	t.talk.server_port = 53;
	bytes.len = 0;
	message_dns_answer(&bytes, "www.example.org");
	uint32_t query_len = (uint32_t)bytes.len - 16;
	bytes.bytes[2] = 0x01;
	bytes.bytes[7] = 0;
	trace_udp(&t, true, slice_of(bytes.bytes, query_len));
	bytes.bytes[2] = 0x81;
	bytes.bytes[7] = 1;
	t.now_ns += 5;
	trace_udp(&t, false, wire_slice(&bytes));
	run();
	CU_ASSERT_EQUAL_FATAL(o.count, 2);
	CU_ASSERT_EQUAL_FATAL(o.messages[0].message.kind, WORKER_MESSAGE_DNS);
	CU_ASSERT_EQUAL(o.messages[0].message.time_ns, TRACE_START + 5);
	CU_ASSERT_EQUAL(o.messages[0].order.packet, 2);
	const struct dns_message *m = o.messages[0].message.body;
	CU_ASSERT(address_is(&m->client, "10.0.0.1"));
	CU_ASSERT(address_is(&m->server, "93.184.216.34"));
	CU_ASSERT_EQUAL_FATAL(m->len, bytes.len);
	CU_ASSERT_EQUAL(memcmp(m->bytes, bytes.bytes, bytes.len), 0);
	CU_ASSERT_EQUAL(outcome_flow(&o, 0)->protocol, APP_PROTOCOL_DNS);
	expect_initiator(outcome_flow(&o, 0), "10.0.0.1", 50000);
}

/* Port 53 alone makes nothing DNS, and DNS is answered from there. */
static void
what_is_no_dns_is_inspected_on_its_port_too(void)
{
	static const uint16_t ports[][2] = {{50000, 53}, {53, 443}};
	static struct wire hello, frames;

	for (size_t i = 0; i < COUNT(ports); i++) {
		trace_begin(&t);
		t.talk.client_port = ports[i][0];
		t.talk.server_port = ports[i][1];
		bytes.len = hello.len = frames.len = 0;
		message_client_hello(&hello, "video.example.org", 0);
		message_crypto_frame(&frames, 0, wire_slice(&hello));
		message_quic_initial(&bytes, "firstdst", 0, wire_slice(&frames), 1200);
		trace_udp(&t, true, wire_slice(&bytes));
		const struct flow_record *r = run_to_one_record();
		CU_ASSERT_STRING_EQUAL(r->name, "video.example.org");
		CU_ASSERT_EQUAL(r->protocol, APP_PROTOCOL_QUIC);
	}
	trace_begin(&t);
	t.talk.server_port = 53;
	trace_udp(&t, true, TEXT("some words that are no question at all"));
	CU_ASSERT_EQUAL(run_to_one_record()->protocol, APP_PROTOCOL_UNKNOWN);
}

static void
dns_answers_nobody_asked_for_are_not_believed(void)
{
	trace_begin(&t);
	t.talk.server_port = 53;
	bytes.len = 0;
	message_dns_answer(&bytes, "www.example.org");
	trace_udp(&t, false, wire_slice(&bytes));
	run();
	CU_ASSERT_EQUAL(o.count, 1);
	CU_ASSERT_EQUAL(o.messages[0].message.kind, WORKER_MESSAGE_FLOW);
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_DNS_UNSOLICITED], 1);
}

static void
dns_answers_too_long_are_counted(void)
{
	trace_begin(&t);
	t.talk.server_port = 53;
	trace_udp(&t, true, slice_of("?", 1));
	for (size_t len = DNS_MESSAGE_MAX; len <= DNS_MESSAGE_MAX + 1; len++) {
		bytes.len = 0;
		message_dns_answer(&bytes, "www.example.org");
		wire_fill(&bytes, 0, len - bytes.len);
		trace_udp(&t, false, wire_slice(&bytes));
	}
	run();
	CU_ASSERT_EQUAL(o.count, 2);
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_DNS_TOO_LONG], 1);
}

static void
every_packet_is_tracked_or_refused_for_one_reason(void)
{
	static const uint8_t frame[60];

	for (unsigned workers = 1; workers <= 3; workers += 2) {
		struct worker_config config = trace_config();
		config.count = workers;
		trace_begin(&t);
		trace_handshake(&t);
		for (unsigned i = 0; i < 200; i++) {
			t.talk.client_port = (uint16_t)(50000 + i % 7);
			struct packet *p = i % 2 ? trace_udp(&t, i % 3 == 0, slice_of(frame, 60))
						 : trace_tcp(&t, true, TCP_ACK, i, NOTHING);
			p->captured_len = i % 5 == 0 ? i % p->captured_len : p->captured_len;
			if (i % 11 == 0)
				((uint8_t *)p->data)[12] ^= 1; /* another ethertype */
			if (i % 13 == 0)
				p->link = LINK_TYPE_UNSUPPORTED;
		}
		trace_run(&t, &config, &o);
		uint64_t sum = 0, in_flows = 0, wire = 0;
		for (unsigned i = 0; i < DECODE_RESULT_COUNT; i++)
			sum += o.counters.decoded[i];
		for (size_t i = 0; i < outcome_flow_count(&o); i++)
			in_flows += outcome_flow(&o, i)->from_source.packets +
				    outcome_flow(&o, i)->from_destination.packets;
		for (size_t i = 0; i < t.count; i++)
			wire += t.packets[i].wire_len;
		CU_ASSERT_EQUAL(sum, t.count);
		CU_ASSERT_EQUAL(o.counters.packets_in, t.count);
		CU_ASSERT_EQUAL(o.counters.bytes_in, wire);
		CU_ASSERT_EQUAL(o.counters.decoded[DECODE_TRACKED], in_flows);
		CU_ASSERT_EQUAL(o.counters.decoded[DECODE_LINK_UNSUPPORTED], 16);
	}
}

static void
a_full_table_evicts_flags_and_counts(void)
{
	struct worker_config config = trace_config();
	unsigned evicted = 0;

	config.max_flows = 4;
	trace_begin(&t);
	for (unsigned i = 0; i < 10; i++) {
		t.talk.client_port = (uint16_t)(50000 + i);
		t.now_ns += SECOND;
		trace_udp(&t, true, TEXT("x"));
	}
	trace_run(&t, &config, &o);
	CU_ASSERT_EQUAL(outcome_flow_count(&o), 10);
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_FLOW_EVICTED], 6);
	for (size_t i = 0; i < 10; i++) {
		const struct flow_record *r = outcome_flow(&o, i);
		evicted += (r->flags & FLOW_FLAG_EVICTED) != 0;
		CU_ASSERT_EQUAL(r->final, 1);
		/* All of the table is looked at: the most silent goes first. */
		CU_ASSERT(i >= 6 || r->source_port == 50000 + i);
	}
	CU_ASSERT_EQUAL(evicted, 6);
}

/* The old upload is the flow that counts; a scan past the table's size must not cost it its name.
 */
static void
a_busy_old_flow_outlives_a_flood(void)
{
	struct worker_config config = trace_config();
	const struct talk upload = {"10.0.0.1", "93.184.216.34", 50000, 443};

	config.max_flows = 256;
	trace_begin(&t);
	trace_handshake(&t);
	for (unsigned i = 0; i < 20000; i++) {
		t.now_ns += SECOND / 1000;
		t.talk = (struct talk){"10.0.0.9", "8.8.8.8", (uint16_t)(1024 + i), 80};
		trace_tcp(&t, true, TCP_SYN, i, NOTHING);
		t.talk = upload;
		if (i % 100 == 0)
			trace_tcp(&t, true, TCP_ACK, 1001 + i, TEXT("x"));
	}
	trace_run(&t, &config, &o);
	for (size_t i = 0; i < outcome_flow_count(&o); i++) {
		const struct flow_record *r = outcome_flow(&o, i);
		if (r->source_port == 50000 && r->destination_port == 443)
			CU_ASSERT_EQUAL(r->from_source.packets, 2 + 200);
	}
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_FLOW_EVICTED], 20001 - 256);
}

static const struct unit_case cases[] = {
	{"the_syn_tells_who_began_whatever_the_ports_and_addresses",
	 the_syn_tells_who_began_whatever_the_ports_and_addresses},
	{"without_a_syn_ports_then_the_inside_then_the_first_packet_tell",
	 without_a_syn_ports_then_the_inside_then_the_first_packet_tell},
	{"a_client_hello_corrects_a_wrong_guess", a_client_hello_corrects_a_wrong_guess},
	{"a_whole_connection_gives_one_final_record", a_whole_connection_gives_one_final_record},
	{"each_tcp_byte_counts_once_and_as_long_as_on_the_wire",
	 each_tcp_byte_counts_once_and_as_long_as_on_the_wire},
	{"a_port_pair_used_again_is_another_flow", a_port_pair_used_again_is_another_flow},
	{"a_syn_sent_again_is_the_same_flow", a_syn_sent_again_is_the_same_flow},
	{"icmp_records_have_type_and_code_for_ports", icmp_records_have_type_and_code_for_ports},
	{"tags_and_port_are_those_of_the_first_packet",
	 tags_and_port_are_those_of_the_first_packet},
	{"dns_answers_are_handed_on_as_they_were", dns_answers_are_handed_on_as_they_were},
	{"what_is_no_dns_is_inspected_on_its_port_too",
	 what_is_no_dns_is_inspected_on_its_port_too},
	{"dns_answers_nobody_asked_for_are_not_believed",
	 dns_answers_nobody_asked_for_are_not_believed},
	{"dns_answers_too_long_are_counted", dns_answers_too_long_are_counted},
	{"every_packet_is_tracked_or_refused_for_one_reason",
	 every_packet_is_tracked_or_refused_for_one_reason},
	{"a_full_table_evicts_flags_and_counts", a_full_table_evicts_flags_and_counts},
	{"a_busy_old_flow_outlives_a_flood", a_busy_old_flow_outlives_a_flood},
};

int
main(void)
{
	int status = unit_run("worker", cases, COUNT(cases));
	outcome_clear(&o);
	trace_end(&t);
	return status;
}
