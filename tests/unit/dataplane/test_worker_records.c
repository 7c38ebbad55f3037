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
show(struct worker *worker)
{
	for (size_t i = 0; i < t.count; i++)
		worker_process(worker, &t.packets[i], 1);
	trace_end(&t);
}

static struct worker *
create(const struct worker_config *config)
{
	struct worker *worker = worker_create(config);
	CU_ASSERT_PTR_NOT_NULL_FATAL(worker);
	outcome_clear(&o);
	return worker;
}

static void
append_kind(unsigned kind)
{
	static struct builder b;

	trace_begin(&t);
	switch (kind) {
	case 0: /* TCP, open */
		trace_handshake(&t);
		break;
	case 1: /* closed from one side */
		trace_handshake(&t);
		trace_tcp(&t, true, TCP_FIN | TCP_ACK, 1001, NOTHING);
		break;
	case 2: /* closed from both */
		trace_handshake(&t);
		trace_tcp(&t, true, TCP_FIN | TCP_ACK, 1001, NOTHING);
		trace_tcp(&t, false, TCP_FIN | TCP_ACK, 5001, NOTHING);
		break;
	case 3: /* reset */
		trace_handshake(&t);
		trace_tcp(&t, false, TCP_RST, 5001, NOTHING);
		break;
	case 4:
		trace_udp(&t, true, TEXT("?"));
		break;
	default:
		build_begin(&b, LINK_TYPE_ETHERNET);
		build_ip(&b, "10.0.0.1", "8.8.8.8");
		build_esp(&b);
		trace_packet(&t, &b);
		break;
	}
}

/* Silent for exactly the time-out it is over, and a second before it is not. */
static void
a_flow_ends_after_its_own_time_of_silence(void)
{
	static const uint32_t idle_s[] = {30, 30, 5, 5, 20, 10};
	struct worker_config config = trace_config();

	config.timeouts = (struct flow_timeouts){30, 5, 20, 10, 0};
	for (unsigned kind = 0; kind < COUNT(idle_s); kind++) {
		struct worker *worker = create(&config);
		append_kind(kind);
		show(worker);
		worker_advance(worker, TRACE_START + (idle_s[kind] - 1) * SECOND);
		outcome_take(&o, worker, 0);
		CU_ASSERT_EQUAL(o.count, 0);
		CU_ASSERT_EQUAL(worker_flow_count(worker), 1);
		worker_advance(worker, TRACE_START + idle_s[kind] * SECOND);
		outcome_take(&o, worker, 0);
		CU_ASSERT_EQUAL_FATAL(o.count, 1);
		CU_ASSERT_EQUAL(o.messages[0].message.time_ns, TRACE_START + idle_s[kind] * SECOND);
		CU_ASSERT_EQUAL(outcome_flow(&o, 0)->final, 1);
		CU_ASSERT_EQUAL(worker_flow_count(worker), 0);
		worker_destroy(worker);
	}
}

static void
a_packet_puts_the_end_off(void)
{
	struct worker_config config = trace_config();

	config.timeouts = (struct flow_timeouts){30, 5, 20, 10, 0};
	struct worker *worker = create(&config);
	trace_begin(&t);
	for (unsigned i = 0; i < 40; i++) {
		t.now_ns = TRACE_START + 19 * i * SECOND;
		trace_udp(&t, true, TEXT("?"));
	}
	show(worker);
	worker_advance(worker, TRACE_START + (39 * 19 + 19) * SECOND);
	outcome_take(&o, worker, 0);
	CU_ASSERT_EQUAL(o.count, 0);
	worker_advance(worker, TRACE_START + (39 * 19 + 20) * SECOND);
	outcome_take(&o, worker, 0);
	CU_ASSERT_EQUAL(o.count, 1);
	CU_ASSERT_EQUAL(outcome_flow(&o, 0)->from_source.packets, 40);
	worker_destroy(worker);
}

/* More than the wheel has slots: such a time-out takes more than one round. */
static void
time_outs_longer_than_the_wheel_hold(void)
{
	struct worker_config config = trace_config();

	config.timeouts = (struct flow_timeouts){7200, 5, 20, 10, 0};
	struct worker *worker = create(&config);
	append_kind(0);
	show(worker);
	worker_advance(worker, TRACE_START + 7199 * SECOND);
	outcome_take(&o, worker, 0);
	CU_ASSERT_EQUAL(o.count, 0);
	worker_advance(worker, TRACE_START + 7200 * SECOND);
	outcome_take(&o, worker, 0);
	CU_ASSERT_EQUAL(o.count, 1);
	worker_destroy(worker);
}

static void
a_long_flow_gives_interim_records_that_add_up(void)
{
	struct worker_config config = trace_config();

	config.timeouts.active_s = 60;
	trace_begin(&t);
	trace_handshake(&t);
	for (uint32_t i = 0; i < 200; i++) {
		t.now_ns = TRACE_START + (1 + i) * SECOND;
		trace_tcp(&t, true, TCP_ACK, 1001 + i, TEXT("x"));
	}
	trace_run(&t, &config, &o);
	CU_ASSERT_EQUAL_FATAL(outcome_flow_count(&o), 4);
	for (size_t i = 0; i < 4; i++) {
		const struct flow_record *r = outcome_flow(&o, i);
		CU_ASSERT_EQUAL(r->seq, i);
		CU_ASSERT_EQUAL(r->final, i == 3);
		CU_ASSERT_EQUAL(r->flow_id, outcome_flow(&o, 0)->flow_id);
		/* What came before the tick: the packet of that second comes after the record. */
		CU_ASSERT_EQUAL(r->from_source.payload, i == 3 ? 200 : 60 * (i + 1) - 1);
		CU_ASSERT_EQUAL(o.messages[i].message.time_ns,
				TRACE_START + (i == 3 ? 200 : 60 * (i + 1)) * SECOND);
	}

	config.timeouts.active_s = 0;
	trace_run(&t, &config, &o);
	CU_ASSERT_EQUAL(outcome_flow_count(&o), 1);
}

static void
packets_out_of_order_in_time_do_not_turn_the_clock_back(void)
{
	static const int64_t offsets_ms[] = {0, 5000, -3000, 4000, -60000};
	struct worker_config config = trace_config();

	trace_begin(&t);
	for (size_t i = 0; i < COUNT(offsets_ms); i++) {
		t.now_ns = TRACE_START + (uint64_t)(offsets_ms[i] * 1000000);
		trace_udp(&t, true, TEXT("?"));
	}
	trace_run(&t, &config, &o);
	CU_ASSERT_EQUAL_FATAL(outcome_flow_count(&o), 1);
	const struct flow_record *r = outcome_flow(&o, 0);
	CU_ASSERT_EQUAL(r->start_ns, TRACE_START);
	CU_ASSERT_EQUAL(r->end_ns, TRACE_START + 5 * SECOND);
	CU_ASSERT_EQUAL(o.messages[0].message.time_ns, TRACE_START + 5 * SECOND);
}

/* No time at all, and times that no clock has: neither hangs nor loses a packet. */
static void
odd_times_are_taken_as_they_are(void)
{
	static const uint64_t times[] = {0, 0, 1, TRACE_START, UINT64_MAX - 1, UINT64_MAX - 1, 7};
	struct worker_config config = trace_config();

	for (unsigned same_flow = 0; same_flow < 2; same_flow++) {
		uint64_t packets = 0;
		trace_begin(&t);
		for (size_t i = 0; i < COUNT(times); i++) {
			t.now_ns = times[i];
			t.talk.client_port = (uint16_t)(50000 + (same_flow ? 0 : i));
			trace_udp(&t, true, TEXT("?"));
		}
		trace_run(&t, &config, &o);
		for (size_t i = 0; i < outcome_flow_count(&o); i++) {
			packets += outcome_flow(&o, i)->from_source.packets;
			CU_ASSERT(outcome_flow(&o, i)->end_ns >= outcome_flow(&o, i)->start_ns);
		}
		CU_ASSERT_EQUAL(packets, COUNT(times));
	}
}

/* Conversations of all kinds that end in every way, many of them in the same second; and DNS. */
static void
append_mixture(void)
{
	unsigned seed = 42;

	trace_begin(&t);
	bytes.len = 0;
	message_dns_answer(&bytes, "www.example.org");
	for (unsigned i = 0; i < 4000; i++) {
		unsigned number = (unsigned)rand_r(&seed) % 300;
		uint32_t seq = 1000 * (uint32_t)(i % 50);
		t.talk = (struct talk){"10.0.0.1", number % 2 ? "93.184.216.34" : "8.8.8.8",
				       (uint16_t)(40000 + number),
				       (uint16_t)(number % 5 == 0 ? 53 : 443)};
		t.now_ns += (unsigned)rand_r(&seed) % (SECOND / 4) * (i % 3);
		if (number % 5 == 0 && i % 2 != 0)
			trace_udp(&t, true, TEXT("?"));
		if (number % 5 == 0)
			trace_udp(&t, i % 2 == 0, wire_slice(&bytes));
		else if (number % 5 == 1)
			trace_udp(&t, i % 2 == 0, TEXT("media"));
		else if (i % 7 == 0)
			trace_tcp(&t, true, TCP_SYN, seq, NOTHING);
		else
			trace_tcp(&t, i % 2 == 0,
				  i % 11 == 0 ? TCP_RST
				  : i % 5     ? TCP_ACK
					      : TCP_FIN,
				  seq, TEXT("payload"));
		if (i % 401 == 0)
			t.packets[t.count - 1].captured_len = 20;
	}
}

static bool
messages_equal(const struct outcome *a, const struct outcome *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct message *m = &a->messages[i].message, *n = &b->messages[i].message;
		if (m->time_ns != n->time_ns || m->kind != n->kind || m->len != n->len ||
		    memcmp(m->body, n->body, m->len) != 0)
			return false;
	}
	return true;
}

static void
one_worker_or_several_say_the_same_in_the_same_order(void)
{
	static struct outcome alone;
	struct worker_config config = trace_config();

	config.timeouts = (struct flow_timeouts){30, 5, 20, 10, 25};
	append_mixture();
	trace_run(&t, &config, &alone);
	CU_ASSERT(outcome_flow_count(&alone) > 300);
	CU_ASSERT(alone.count > outcome_flow_count(&alone) + 300);
	for (config.count = 2; config.count <= 8; config.count++) {
		trace_run(&t, &config, &o);
		CU_ASSERT_TRUE(messages_equal(&alone, &o));
		CU_ASSERT_EQUAL(memcmp(&alone.counters, &o.counters, sizeof(o.counters)), 0);
	}
	/* Nor does the seed matter, which is another in every run. */
	config.hash_seed = 1;
	config.count = 3;
	trace_run(&t, &config, &o);
	CU_ASSERT_TRUE(messages_equal(&alone, &o));
	outcome_clear(&alone);
}

static void
a_ring_never_goes_back_in_its_own_order(void)
{
	struct worker_config config = trace_config();

	config.timeouts = (struct flow_timeouts){30, 5, 20, 10, 25};
	append_mixture();
	trace_run(&t, &config, &o);
	for (size_t i = 1; i < o.count; i++) {
		const struct outcome_message *a = &o.messages[i - 1], *b = &o.messages[i];
		CU_ASSERT(a->message.time_ns <= b->message.time_ns);
		if (a->message.time_ns < b->message.time_ns)
			continue;
		CU_ASSERT(a->order.packet <= b->order.packet);
		/* Those of one packet come from one worker, in whatever order. */
		CU_ASSERT(a->order.packet != b->order.packet || a->order.flow <= b->order.flow ||
			  (a->order.packet != 0 && a->order.packet != UINT64_MAX));
	}
}

static void
every_record_of_one_flow_has_one_id_and_no_two_flows_share_it(void)
{
	struct worker_config config = trace_config();

	append_mixture();
	for (size_t i = 0; i < t.count; i++)
		t.packets[i].time_ns = 0; /* a capture without times */
	trace_run(&t, &config, &o);
	size_t count = outcome_flow_count(&o);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			CU_ASSERT_NOT_EQUAL(outcome_flow(&o, i)->flow_id,
					    outcome_flow(&o, k)->flow_id);
}

/* Fills the ring with DNS answers, so that nothing fits any more. */
static void
fill_ring(struct worker *worker, uint64_t time_ns)
{
	trace_begin(&t);
	t.now_ns = time_ns;
	t.talk.server_port = 53;
	bytes.len = 0;
	message_dns_answer(&bytes, "www.example.org");
	worker_process(worker, trace_udp(&t, true, TEXT("?")), 1);
	for (size_t len = DNS_MESSAGE_MAX; len > bytes.len; len /= 2) {
		static struct wire padded;
		padded.len = 0;
		wire_bytes(&padded, bytes.bytes, bytes.len);
		wire_fill(&padded, 0, len - bytes.len);
		struct packet *p = trace_udp(&t, false, wire_slice(&padded));
		for (unsigned i = 0; i < 2500; i++)
			worker_process(worker, p, 1);
	}
	trace_end(&t);
}

/* Live: what does not fit waits for a later tick, and nothing is lost. */
static void
a_full_ring_delays_records_and_loses_none(void)
{
	enum { FLOWS = 1000 };
	struct worker_config config = trace_config();
	size_t records = 0;

	config.wait_for_ring = false;
	struct worker *worker = create(&config);
	trace_begin(&t);
	for (unsigned i = 0; i < FLOWS; i++) {
		t.talk.client_port = (uint16_t)(10000 + i);
		trace_udp(&t, true, TEXT("?"));
	}
	show(worker);
	fill_ring(worker, TRACE_START);
	const struct worker_counters *counters = worker_get_counters(worker);
	CU_ASSERT(counters->notes[NOTE_DNS_NOT_SENT] > 0);
	worker_advance(worker, TRACE_START + 200 * SECOND);
	CU_ASSERT(worker_flow_count(worker) >= FLOWS);
	CU_ASSERT(counters->notes[NOTE_RECORD_DELAYED] >= FLOWS);

	outcome_take(&o, worker, 0);
	CU_ASSERT_EQUAL(outcome_flow_count(&o), 0);
	outcome_clear(&o);
	worker_advance(worker, TRACE_START + 202 * SECOND);
	outcome_take(&o, worker, 0);
	records = outcome_flow_count(&o);
	CU_ASSERT_EQUAL(worker_flow_count(worker), 0);
	CU_ASSERT_EQUAL(records, FLOWS + 1); /* and the one of DNS */
	for (size_t i = 0; i < records; i++) {
		CU_ASSERT_EQUAL(outcome_flow(&o, i)->final, 1);
		CU_ASSERT_EQUAL(outcome_flow(&o, i)->seq, 0);
	}
	worker_destroy(worker);
}

/* Table and ring full at once: the packet has no flow, which is counted; no flow pays for it. */
static void
a_packet_that_finds_no_room_is_counted(void)
{
	struct worker_config config = trace_config();

	config.wait_for_ring = false;
	config.max_flows = 3;
	struct worker *worker = create(&config);
	trace_begin(&t);
	for (unsigned i = 0; i < 2; i++) {
		t.talk.client_port = (uint16_t)(50000 + i);
		trace_tcp(&t, true, TCP_SYN, 1, NOTHING);
	}
	show(worker);
	fill_ring(worker, TRACE_START);
	trace_begin(&t);
	for (unsigned i = 0; i < 5; i++) {
		t.talk.client_port = (uint16_t)(50010 + i);
		trace_udp(&t, true, TEXT("?"));
	}
	show(worker);
	const struct worker_counters *counters = worker_get_counters(worker);
	CU_ASSERT_EQUAL(counters->notes[NOTE_PACKET_WITHOUT_FLOW], 5);
	CU_ASSERT_EQUAL(counters->notes[NOTE_FLOW_EVICTED], 0);
	outcome_take(&o, worker, 0);
	outcome_clear(&o);
	worker_drain(worker);
	outcome_take(&o, worker, 0);
	CU_ASSERT_EQUAL(outcome_flow_count(&o), 3);
	for (size_t i = 0; i < outcome_flow_count(&o); i++)
		CU_ASSERT_EQUAL(outcome_flow(&o, i)->flags & FLOW_FLAG_EVICTED, 0);
	worker_destroy(worker);
}

static void
draining_ends_every_flow_and_the_ring(void)
{
	struct worker_config config = trace_config();
	struct worker *worker = create(&config);

	append_kind(0);
	t.now_ns += SECOND / 2;
	t.talk.client_port++;
	trace_udp(&t, true, TEXT("?"));
	show(worker);
	CU_ASSERT_EQUAL(message_ring_time(worker_ring(worker)), TRACE_START + SECOND / 2);
	CU_ASSERT_EQUAL(message_ring_packet(worker_ring(worker)), 4);
	worker_drain(worker);
	CU_ASSERT_EQUAL(message_ring_time(worker_ring(worker)), MESSAGE_RING_END);
	CU_ASSERT_EQUAL(worker_flow_count(worker), 0);
	outcome_take(&o, worker, 0);
	CU_ASSERT_EQUAL(outcome_flow_count(&o), 2);
	worker_destroy(worker);
	worker_destroy(NULL);
}

/* The record of the old one is owed: the new one must not go under its name, and counts once there
 * is room again. */
static void
ports_used_again_with_a_full_ring_are_not_the_old_flow(void)
{
	struct worker_config config = trace_config();
	config.wait_for_ring = false;
	struct worker *worker = create(&config);

	fill_ring(worker, TRACE_START);
	trace_begin(&t);
	trace_handshake(&t);
	bytes.len = 0;
	message_client_stream(&bytes, "old.example.org", 0);
	trace_tcp(&t, true, TCP_ACK, 1001, wire_slice(&bytes));
	trace_tcp(&t, true, TCP_FIN | TCP_ACK, 1001 + (uint32_t)bytes.len, NOTHING);
	trace_tcp(&t, false, TCP_FIN | TCP_ACK, 5001, NOTHING);
	trace_tcp(&t, true, TCP_SYN, 70001000, NOTHING);
	trace_tcp(&t, false, TCP_SYN | TCP_ACK, 90005000, NOTHING);
	show(worker);
	CU_ASSERT_EQUAL(worker_get_counters(worker)->notes[NOTE_PACKET_WITHOUT_FLOW], 2);
	CU_ASSERT_EQUAL(worker_get_counters(worker)->notes[NOTE_RECORD_DELAYED], 1);
	outcome_take(&o, worker, 0);
	outcome_clear(&o);
	trace_begin(&t);
	bytes.len = 0;
	message_client_stream(&bytes, "new.example.net", 0);
	trace_tcp(&t, true, TCP_ACK, 70001001, wire_slice(&bytes));
	show(worker);
	worker_advance(worker, TRACE_START + 3600 * SECOND);
	outcome_take(&o, worker, 0);
	CU_ASSERT_EQUAL_FATAL(outcome_flow_count(&o), 3);
	const struct flow_record *old = outcome_flow(&o, 0);
	CU_ASSERT_STRING_EQUAL(old->name, "old.example.org");
	CU_ASSERT_EQUAL(old->from_source.packets + old->from_destination.packets, 6);
	unsigned found = 0;
	for (size_t i = 1; i < 3; i++)
		found += strcmp(outcome_flow(&o, i)->name, "new.example.net") == 0;
	CU_ASSERT_EQUAL(found, 1);
	worker_destroy(worker);
}

/* A flow that could not be evicted has lost nothing. */
static void
a_failed_eviction_keeps_a_half_read_hello(void)
{
	struct worker_config config = trace_config();
	config.wait_for_ring = false;
	config.max_flows = 2;
	struct worker *worker = create(&config);

	fill_ring(worker, TRACE_START);
	trace_begin(&t);
	trace_handshake(&t);
	bytes.len = 0;
	message_client_stream(&bytes, "long.example.org", 200);
	trace_tcp(&t, true, TCP_ACK, 1001, slice_of(bytes.bytes, 100));
	for (unsigned i = 0; i < 50; i++) {
		t.talk.client_port++;
		trace_udp(&t, true, TEXT("?"));
	}
	t.talk.client_port = 50000;
	trace_tcp(&t, true, TCP_ACK, 1101, slice_of(bytes.bytes + 100, bytes.len - 100));
	show(worker);
	CU_ASSERT_EQUAL(worker_get_counters(worker)->notes[NOTE_PACKET_WITHOUT_FLOW], 50);
	outcome_take(&o, worker, 0);
	outcome_clear(&o);
	worker_advance(worker, TRACE_START + 3600 * SECOND);
	outcome_take(&o, worker, 0);
	unsigned found = 0;
	for (size_t i = 0; i < outcome_flow_count(&o); i++)
		found += strcmp(outcome_flow(&o, i)->name, "long.example.org") == 0;
	CU_ASSERT_EQUAL(found, 1);
	worker_destroy(worker);
}

static const struct unit_case cases[] = {
	{"ports_used_again_with_a_full_ring_are_not_the_old_flow",
	 ports_used_again_with_a_full_ring_are_not_the_old_flow},
	{"a_failed_eviction_keeps_a_half_read_hello", a_failed_eviction_keeps_a_half_read_hello},
	{"a_flow_ends_after_its_own_time_of_silence", a_flow_ends_after_its_own_time_of_silence},
	{"a_packet_puts_the_end_off", a_packet_puts_the_end_off},
	{"time_outs_longer_than_the_wheel_hold", time_outs_longer_than_the_wheel_hold},
	{"a_long_flow_gives_interim_records_that_add_up",
	 a_long_flow_gives_interim_records_that_add_up},
	{"packets_out_of_order_in_time_do_not_turn_the_clock_back",
	 packets_out_of_order_in_time_do_not_turn_the_clock_back},
	{"odd_times_are_taken_as_they_are", odd_times_are_taken_as_they_are},
	{"one_worker_or_several_say_the_same_in_the_same_order",
	 one_worker_or_several_say_the_same_in_the_same_order},
	{"a_ring_never_goes_back_in_its_own_order", a_ring_never_goes_back_in_its_own_order},
	{"every_record_of_one_flow_has_one_id_and_no_two_flows_share_it",
	 every_record_of_one_flow_has_one_id_and_no_two_flows_share_it},
	{"a_full_ring_delays_records_and_loses_none", a_full_ring_delays_records_and_loses_none},
	{"a_packet_that_finds_no_room_is_counted", a_packet_that_finds_no_room_is_counted},
	{"draining_ends_every_flow_and_the_ring", draining_ends_every_flow_and_the_ring},
};

int
main(void)
{
	int status = unit_run("worker_records", cases, COUNT(cases));
	outcome_clear(&o);
	trace_end(&t);
	return status;
}
