/* SPDX-License-Identifier: Apache-2.0 */
/* Which outer ends a flow in tunnels has, and which packets are one flow. */
#include "dataplane/worker.h"

#include "tests/unit/dataplane/first_messages.h"
#include "tests/unit/dataplane/worker_trace.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define INSIDE "10.0.0.1"
#define GATE "10.0.0.2"
#define ABROAD "93.184.216.34"
#define ELSEWHERE "93.184.216.35"
#define PROTOCOL_IPV4 4

/* A packet of the one inner conversation, in one tunnel or in two; NULL: none. */
struct step {
	const char *from, *to;                 /* outermost */
	const char *between_from, *between_to; /* in that one */
	bool answers;
};

static struct trace t;
static struct outcome o;
static struct builder b;

/* The outer packet is sent in fragments of this many bytes; 0: whole. */
static size_t fragment_len;

static void
write_be16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void
send(void)
{
	enum { IP = 14, DATA = IP + 20 };
	static struct builder piece;
	static uint8_t id;

	if (fragment_len == 0 || b.bytes[IP + 9] != PROTOCOL_IPV4) {
		(void)trace_packet(&t, &b);
		return;
	}
	size_t len = build_end(&b).captured_len - DATA;
	id++;
	for (size_t from = 0; from < len; from += fragment_len) {
		size_t to = from + fragment_len < len ? from + fragment_len : len;
		piece = b;
		piece.length_count = 0;
		piece.len = DATA + to - from;
		memcpy(piece.bytes + DATA, b.bytes + DATA + from, to - from);
		write_be16(piece.bytes + IP + 2, 20 + to - from);
		write_be16(piece.bytes + IP + 4, id);
		write_be16(piece.bytes + IP + 6, (to < len ? 0x2000u : 0) | from / 8);
		(void)trace_packet(&t, &piece);
	}
}

static void
append(const struct step *step)
{
	build_begin(&b, LINK_TYPE_ETHERNET);
	if (step->from != NULL) {
		build_ip(&b, step->from, step->to);
		build_protocol(&b, PROTOCOL_IPV4);
	}
	if (step->between_from != NULL) {
		build_ip(&b, step->between_from, step->between_to);
		build_protocol(&b, PROTOCOL_IPV4);
	}
	build_ip(&b, step->answers ? "10.7.7.7" : "10.8.8.8",
		 step->answers ? "10.8.8.8" : "10.7.7.7");
	build_udp(&b, step->answers ? 700 : 5000, step->answers ? 5000 : 700);
	build_bytes(&b, "some data", 9);
	send();
}

static void
run(const struct step *steps, size_t count)
{
	struct worker_config config = trace_config();

	trace_begin(&t);
	for (size_t i = 0; i < count; i++)
		append(&steps[i]);
	trace_run(&t, &config, &o);
}

static bool
address_is(const struct ip_address *a, const char *text)
{
	char shown[IP_ADDRESS_TEXT_MAX];

	if (a->version == 0)
		return text == NULL;
	ip_address_format(a, shown);
	return text != NULL && strcmp(shown, text) == 0;
}

/* The flow of `packets` packets by way of these ends. */
static void
expect_flow(const char *source, const char *destination, uint64_t packets)
{
	for (size_t i = 0; i < outcome_flow_count(&o); i++) {
		const struct flow_record *r = outcome_flow(&o, i);
		const struct flow_detail *d = &r->detail;
		if (!address_is(&d->outer_source, source) ||
		    !address_is(&d->outer_destination, destination))
			continue;
		CU_ASSERT_EQUAL(r->from_source.packets + r->from_destination.packets, packets);
		CU_ASSERT_EQUAL((r->flags & FLOW_FLAG_TUNNELLED) != 0, source != NULL);
		CU_ASSERT_EQUAL(d->tunnel, source != NULL ? FLOW_TUNNEL_4IN4 : FLOW_TUNNEL_NONE);
		CU_ASSERT_EQUAL(d->outer_source_inside,
				source != NULL && strncmp(source, "10.", 3) == 0);
		CU_ASSERT_EQUAL(d->outer_destination_inside,
				source != NULL && strncmp(destination, "10.", 3) == 0);
		return;
	}
	CU_FAIL("no flow by way of these ends");
}

static void
flow_without_tunnel_has_no_outer_ends(void)
{
	static const struct step steps[] = {{NULL}, {NULL, .answers = true}};

	run(steps, COUNT(steps));
	CU_ASSERT_EQUAL(outcome_flow_count(&o), 1);
	expect_flow(NULL, NULL, 2);
}

static void
outer_source_is_the_end_behind_which_the_initiator_is(void)
{
	static const struct step steps[][2] = {
		{{INSIDE, ABROAD}, {ABROAD, INSIDE, .answers = true}},
		{{ABROAD, INSIDE, .answers = true}, {INSIDE, ABROAD}},
		{{ABROAD, INSIDE}, {INSIDE, ABROAD, .answers = true}},
	};

	for (size_t i = 0; i < COUNT(steps); i++) {
		run(steps[i], 2);
		CU_ASSERT_EQUAL(outcome_flow_count(&o), 1);
		expect_flow(i == 2 ? ABROAD : INSIDE, i == 2 ? INSIDE : ABROAD, 2);
	}
}

static void
no_harmless_packet_hides_those_that_leave(void)
{
	static const struct step steps[] = {
		{NULL},
		{INSIDE, GATE},
		{INSIDE, ABROAD},
		{INSIDE, ELSEWHERE},
		{INSIDE, ABROAD},
		{ELSEWHERE, INSIDE, .answers = true},
		{GATE, INSIDE, .answers = true},
		{INSIDE, ELSEWHERE},
	};

	run(steps, COUNT(steps));
	CU_ASSERT_EQUAL(outcome_flow_count(&o), 3);
	expect_flow(INSIDE, GATE, 3);
	expect_flow(INSIDE, ABROAD, 2);
	expect_flow(INSIDE, ELSEWHERE, 3);
	for (size_t i = 0; i < 3; i++)
		CU_ASSERT_NOT_EQUAL(outcome_flow(&o, i)->flow_id,
				    outcome_flow(&o, (i + 1) % 3)->flow_id);
}

/* Each packet in a tunnel comes in two. */
static void
fragmented_tunnels_have_their_path(void)
{
	static const struct step steps[] = {
		{NULL}, {INSIDE, GATE}, {INSIDE, ABROAD}, {INSIDE, ELSEWHERE}, {INSIDE, ABROAD},
	};

	fragment_len = 24;
	run(steps, COUNT(steps));
	fragment_len = 0;
	CU_ASSERT_EQUAL(outcome_flow_count(&o), 3);
	expect_flow(INSIDE, GATE, 3);
	expect_flow(INSIDE, ABROAD, 4);
	expect_flow(INSIDE, ELSEWHERE, 2);
}

/* What is given up for others is counted, and where it went is known. */
static void
fragmented_tunnels_given_up_have_their_path(void)
{
	struct worker_config config = trace_config();

	trace_begin(&t);
	fragment_len = 32;
	for (unsigned i = 0; i < 1100; i++) {
		append(&(struct step){INSIDE, i < 200 ? ABROAD : ELSEWHERE});
		free((void *)t.packets[--t.count].data); /* the second one is lost */
		((uint8_t *)t.packets[t.count - 1].data)[14 + 4] = (uint8_t)(i >> 8);
	}
	fragment_len = 0;
	trace_run(&t, &config, &o);
	CU_ASSERT_EQUAL(outcome_flow_count(&o), 2);
	expect_flow(INSIDE, ABROAD, 200);
	expect_flow(INSIDE, ELSEWHERE, 900);
}

static void
each_direction_may_take_its_own_way_within_the_inside(void)
{
	static const struct step steps[] = {
		{INSIDE, GATE},
		{"10.0.0.3", "10.0.0.4", .answers = true},
		{"10.0.0.5", "10.0.0.6"},
	};

	run(steps, COUNT(steps));
	CU_ASSERT_EQUAL(outcome_flow_count(&o), 1);
	expect_flow(INSIDE, GATE, 3);
}

static void
of_tunnels_in_each_other_the_one_that_leaves_counts(void)
{
	static const struct {
		struct step step;
		const char *source, *destination;
	} cases[] = {
		{{INSIDE, GATE, INSIDE, ABROAD}, INSIDE, ABROAD},
		{{INSIDE, ABROAD, "10.0.0.3", GATE}, INSIDE, ABROAD},
		{{INSIDE, ABROAD, INSIDE, ELSEWHERE}, INSIDE, ABROAD},
		{{ABROAD, INSIDE, INSIDE, ELSEWHERE}, INSIDE, ELSEWHERE},
		{{INSIDE, GATE, ABROAD, INSIDE}, ABROAD, INSIDE},
		{{ABROAD, INSIDE, ELSEWHERE, INSIDE}, ABROAD, INSIDE},
		{{INSIDE, GATE, GATE, INSIDE}, INSIDE, GATE},
		{{ABROAD, ELSEWHERE, INSIDE, GATE}, ABROAD, ELSEWHERE},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		run(&cases[i].step, 1);
		expect_flow(cases[i].source, cases[i].destination, 1);
	}
}

/* What an end sent is what came from its side of the tunnel, whatever the addresses inside say. */
static void
packets_are_counted_by_the_way_that_the_tunnel_goes(void)
{
	static const struct {
		struct step steps[3];
		uint64_t from_near, from_far; /* ends of the tunnel */
	} cases[] = {
		{{{INSIDE, ABROAD}, {ABROAD, INSIDE, .answers = true}, {INSIDE, ABROAD}}, 2, 1},
		{{{ABROAD, INSIDE}, {ABROAD, INSIDE, .answers = true}, {ABROAD, INSIDE}}, 0, 3},
		{{{ABROAD, INSIDE, .answers = true}, {ABROAD, INSIDE}, {INSIDE, ABROAD}}, 1, 2},
		{{{INSIDE, ABROAD}, {INSIDE, ABROAD, .answers = true}, {ABROAD, INSIDE}}, 2, 1},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		run(cases[i].steps, COUNT(cases[i].steps));
		CU_ASSERT_EQUAL_FATAL(outcome_flow_count(&o), 1);
		const struct flow_record *r = outcome_flow(&o, 0);
		bool near_is_source = r->detail.outer_source_inside;
		const struct flow_side *near =
			near_is_source ? &r->from_source : &r->from_destination;
		const struct flow_side *far =
			near_is_source ? &r->from_destination : &r->from_source;
		CU_ASSERT_NOT_EQUAL(near_is_source, r->detail.outer_destination_inside != 0);
		CU_ASSERT_EQUAL(near->packets, cases[i].from_near);
		CU_ASSERT_EQUAL(far->packets, cases[i].from_far);
		CU_ASSERT_EQUAL(near->payload, 9 * cases[i].from_near);
		CU_ASSERT_EQUAL(far->payload, 9 * cases[i].from_far);
	}
}

/* The id must not follow the seed of the hash, which is another in every run. */
static void
flow_ids_are_the_same_in_every_run_and_for_any_workers(void)
{
	static const struct step steps[] = {{INSIDE, ABROAD}, {INSIDE, ELSEWHERE}, {NULL}};
	uint64_t expected = 0;

	for (unsigned round = 0; round < 6; round++) {
		struct worker_config config = trace_config();
		config.hash_seed = round * UINT64_C(0x9e3779b97f4a7c15) + 1;
		config.count = 1 + round % 3;
		trace_begin(&t);
		for (size_t i = 0; i < COUNT(steps); i++)
			append(&steps[i]);
		trace_run(&t, &config, &o);
		CU_ASSERT_EQUAL_FATAL(outcome_flow_count(&o), 3);
		uint64_t sum = 0;
		for (size_t i = 0; i < 3; i++)
			sum += outcome_flow(&o, i)->flow_id;
		if (round == 0)
			expected = sum;
		CU_ASSERT_EQUAL(sum, expected);
	}
}

/* Many sites may use the same private addresses; in 16 bits some of so many ways would be one. */
static void
the_same_ends_by_six_hundred_ways_are_as_many_flows(void)
{
	enum { WAYS = 600 };
	static char far[WAYS][16];
	static struct step steps[WAYS];

	for (unsigned i = 0; i < WAYS; i++) {
		(void)snprintf(far[i], sizeof(far[i]), "93.184.%u.%u", i / 200, 1 + i % 200);
		steps[i] = (struct step){INSIDE, far[i]};
	}
	run(steps, WAYS);
	CU_ASSERT_EQUAL(outcome_flow_count(&o), WAYS);
}

/* Question and answer, over UDP or TCP, as whoever is at the tunnel's outer end may write them. */
static void
append_dns(const char *from, const char *to, bool is_tcp, bool answers)
{
	static struct wire message;

	message.len = 0;
	size_t length = is_tcp ? wire_begin(&message, 2) : 0;
	message_dns_answer(&message, "www.example.org");
	if (is_tcp)
		wire_end(&message, length, 2);
	build_begin(&b, LINK_TYPE_ETHERNET);
	if (from != NULL) {
		build_ip(&b, from, to);
		build_protocol(&b, PROTOCOL_IPV4);
	}
	build_ip(&b, answers ? "9.9.9.9" : "10.0.0.9", answers ? "10.0.0.9" : "9.9.9.9");
	uint16_t source = answers ? 53 : 5000, destination = answers ? 5000 : 53;
	if (is_tcp)
		build_tcp(&b, &(struct build_tcp){source, destination, .seq = 1, .flags = TCP_ACK});
	else
		build_udp(&b, source, destination);
	if (answers)
		build_bytes(&b, message.bytes, message.len);
	else
		build_bytes(&b, "?", 1);
	(void)trace_packet(&t, &b);
}

static void
answers_of_dns_in_tunnels_over_the_border_are_not_believed(void)
{
	static const struct {
		const char *from, *to;
		unsigned believed;
	} rows[] = {{NULL, NULL, 1}, {INSIDE, GATE, 1}, {ABROAD, INSIDE, 0}, {INSIDE, ABROAD, 0}};

	for (size_t i = 0; i < 2 * COUNT(rows); i++) {
		struct worker_config config = trace_config();
		trace_begin(&t);
		append_dns(rows[i / 2].from, rows[i / 2].to, i % 2 != 0, false);
		append_dns(rows[i / 2].from, rows[i / 2].to, i % 2 != 0, true);
		trace_run(&t, &config, &o);
		CU_ASSERT_EQUAL(o.count - outcome_flow_count(&o), rows[i / 2].believed);
		CU_ASSERT_EQUAL(o.counters.notes[NOTE_DNS_UNSOLICITED], 1 - rows[i / 2].believed);
	}
}

static const struct unit_case cases[] = {
	{"answers_of_dns_in_tunnels_over_the_border_are_not_believed",
	 answers_of_dns_in_tunnels_over_the_border_are_not_believed},
	{"the_same_ends_by_six_hundred_ways_are_as_many_flows",
	 the_same_ends_by_six_hundred_ways_are_as_many_flows},
	{"flow_without_tunnel_has_no_outer_ends", flow_without_tunnel_has_no_outer_ends},
	{"outer_source_is_the_end_behind_which_the_initiator_is",
	 outer_source_is_the_end_behind_which_the_initiator_is},
	{"no_harmless_packet_hides_those_that_leave", no_harmless_packet_hides_those_that_leave},
	{"fragmented_tunnels_have_their_path", fragmented_tunnels_have_their_path},
	{"fragmented_tunnels_given_up_have_their_path",
	 fragmented_tunnels_given_up_have_their_path},
	{"each_direction_may_take_its_own_way_within_the_inside",
	 each_direction_may_take_its_own_way_within_the_inside},
	{"of_tunnels_in_each_other_the_one_that_leaves_counts",
	 of_tunnels_in_each_other_the_one_that_leaves_counts},
	{"packets_are_counted_by_the_way_that_the_tunnel_goes",
	 packets_are_counted_by_the_way_that_the_tunnel_goes},
	{"flow_ids_are_the_same_in_every_run_and_for_any_workers",
	 flow_ids_are_the_same_in_every_run_and_for_any_workers},
};

int
main(void)
{
	return unit_run("worker_outer", cases, COUNT(cases));
}
