/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/history.h"

#include "tests/unit/unit.h"

#include <CUnit/CUnit.h>

#define S UINT64_C(1000000000)
#define MIB (UINT64_C(1) << 20)
#define HOUR UINT64_C(3600)

static const int zone, other_zone, amazon, google;

/* A flow of one host to one service at second `at` of the epoch, in UTC. */
static struct history_flow
flow_at(uint64_t at, uint64_t up, uint64_t down)
{
	static struct ip_address host;

	(void)ip_address_parse("10.0.0.1", &host);
	return (struct history_flow){
		.zone = &zone,
		.host = &host,
		.operator_record = &amazon,
		.service_key = 7,
		.start_ns = at * S,
		.start = {.day = (int32_t)(at / 86400), .seconds = (uint32_t)(at % 86400)},
		.up = up,
		.down = down,
		.fresh_up = up,
		.fresh_down = down,
		.first = true,
		.day_limit = 50 * MIB,
	};
}

static struct history_answer
add(struct history *h, struct history_flow flow)
{
	struct history_answer answer;

	history_add(h, &flow, &answer);
	return answer;
}

static void
the_flow_that_reaches_the_limit_and_later_ones_are_exports(void)
{
	struct history *h = history_create(16, 16);

	CU_ASSERT_FALSE(add(h, flow_at(100, 30 * MIB, 0)).day_reached);
	struct history_answer reached = add(h, flow_at(300, 20 * MIB, 0));
	CU_ASSERT_TRUE(reached.day_reached);
	CU_ASSERT_TRUE(add(h, flow_at(400, 1, 0)).day_reached);
	/* It began earlier and is only told of later. */
	CU_ASSERT_FALSE(add(h, flow_at(200, 1, 0)).day_reached);
	history_destroy(h);
}

static void
sums_are_of_one_zone_host_operator_and_day(void)
{
	static const char *const names[] = {"zone", "operator", "unknown operator", "host", "day"};
	struct ip_address neighbour;
	struct history *h = history_create(16, 16);

	(void)ip_address_parse("10.0.0.2", &neighbour);
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct history_flow other = flow_at(100, MIB, 0);
		(void)add(h, flow_at(100, 49 * MIB, 0));
		if (i == 0)
			other.zone = &other_zone;
		else if (i == 1)
			other.operator_record = &google;
		else if (i == 2)
			other.operator_record = NULL;
		else if (i == 3)
			other.host = &neighbour;
		else
			other.start.day++;
		CU_ASSERT_FALSE(add(h, other).day_reached);
		history_clear(h);
	}
	history_destroy(h);
}

static void
unknown_operators_of_a_host_sum_as_one(void)
{
	struct history *h = history_create(16, 16);
	struct history_flow flow = flow_at(100, 30 * MIB, 0);

	flow.operator_record = NULL;
	(void)add(h, flow);
	flow.service_key = 8;
	CU_ASSERT_TRUE(add(h, flow).day_reached);
	history_destroy(h);
}

static void
claimed_operators_do_not_split_the_sum(void)
{
	static const int operators[10];
	struct history *h = history_create(16, 16);

	for (unsigned i = 0; i < 10; i++) {
		struct history_flow flow = flow_at(100 + i, 6 * MIB, 0);
		flow.operator_record = &operators[i];
		flow.is_claimed = true;
		CU_ASSERT_EQUAL(add(h, flow).day_reached, i >= 8);
	}
	/* What a confirmed operator got is none of theirs. */
	CU_ASSERT_FALSE(add(h, flow_at(200, 6 * MIB, 0)).day_reached);
	history_destroy(h);
}

static void
without_a_limit_no_sum_makes_an_export(void)
{
	struct history *h = history_create(16, 16);
	struct history_flow flow = flow_at(100, 1000 * MIB, 0);

	flow.day_limit = 0;
	CU_ASSERT_FALSE(add(h, flow).day_reached);
	history_destroy(h);
}

static void
growing_sums_of_a_flow_count_once(void)
{
	struct history *h = history_create(16, 16);
	struct history_flow flow = flow_at(100, 30 * MIB, 0);

	(void)add(h, flow);
	flow.up = 40 * MIB;
	flow.fresh_up = 10 * MIB;
	flow.first = false;
	struct history_answer answer = add(h, flow);
	CU_ASSERT_FALSE(answer.day_reached);
	CU_ASSERT_EQUAL(answer.window_up, 40 * MIB);
	history_destroy(h);
}

static void
low_and_slow_takes_24_flows_all_below_one_mib(void)
{
	struct history *h = history_create(16, 16);
	struct history_answer answer = {0};

	for (uint64_t i = 0; i < 23; i++) {
		struct history_flow flow = flow_at(1000 * i, 900000, 0);
		flow.day_limit = 20000000;
		answer = add(h, flow);
	}
	CU_ASSERT_TRUE(answer.day_reached);
	CU_ASSERT_FALSE(answer.low_slow);
	struct history_flow flow = flow_at(24000, 900000, 0);
	flow.day_limit = 20000000;
	CU_ASSERT_TRUE(add(h, flow).low_slow);
	flow.up = flow.fresh_up = MIB;
	CU_ASSERT_FALSE(add(h, flow).low_slow);
	history_destroy(h);
}

static void
flows_ten_minutes_apart_do_not_sum(void)
{
	struct history *h = history_create(16, 16);

	(void)add(h, flow_at(1000, 10, 1));
	CU_ASSERT_EQUAL(add(h, flow_at(1000 + 599, 10, 2)).window_up, 20);
	struct history_answer apart = add(h, flow_at(1000 + 600, 10, 4));
	CU_ASSERT_EQUAL(apart.window_up, 20);
	CU_ASSERT_EQUAL(apart.window_down, 6);
	history_destroy(h);
}

static void
a_flow_told_late_sees_only_earlier_ones(void)
{
	struct history *h = history_create(16, 16);

	(void)add(h, flow_at(1000, 10, 0));
	(void)add(h, flow_at(1200, 100, 0));
	CU_ASSERT_EQUAL(add(h, flow_at(1100, 1, 0)).window_up, 11);
	history_destroy(h);
}

static void
many_flows_in_ten_minutes_are_never_overstated(void)
{
	struct history *h = history_create(16, 16);
	uint64_t most = 0;

	for (uint64_t i = 0; i < 3000; i++) {
		uint64_t sum = add(h, flow_at(10000 + i, 1, 0)).window_up;
		CU_ASSERT_TRUE_FATAL(sum <= 600);
		CU_ASSERT_TRUE_FATAL(i < 600 || sum >= 540);
		most = sum > most ? sum : most;
	}
	CU_ASSERT_TRUE(most > 590);
	history_destroy(h);
}

static void
a_backup_recurs_from_the_fourth_night(void)
{
	struct history *h = history_create(16, 16);

	for (uint64_t night = 0; night < 5; night++) {
		uint64_t start = night * 86400 + 2 * HOUR + night * 600;
		struct history_answer answer = add(h, flow_at(start, (100 + night) * MIB, 0));
		CU_ASSERT_TRUE(answer.night);
		CU_ASSERT_EQUAL(answer.recurring, night >= 3);
	}
	history_destroy(h);
}

struct night_row {
	const char *name;
	uint64_t start; /* seconds of the sixth night's flow */
	uint64_t up;
	uint64_t service;
	bool recurring;
};

static void
recurring_takes_the_same_service_time_and_volume(void)
{
	static const struct night_row rows[] = {
		{"the same", 5 * 86400 + 2 * HOUR, 100, 7, true},
		{"an hour later", 5 * 86400 + 3 * HOUR, 100, 7, true},
		{"more than an hour later", 5 * 86400 + 3 * HOUR + 1, 100, 7, false},
		{"more than an hour earlier", 5 * 86400 + 1 * HOUR - 1, 100, 7, false},
		{"twice as much", 5 * 86400 + 2 * HOUR, 200, 7, false},
		{"little more", 5 * 86400 + 2 * HOUR, 130, 7, true},
		{"much less", 5 * 86400 + 2 * HOUR, 60, 7, false},
		{"another service", 5 * 86400 + 2 * HOUR, 100, 8, false},
		{"weeks later", 50 * 86400 + 2 * HOUR, 100, 7, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct history *h = history_create(16, 16);
		for (uint64_t night = 1; night < 5; night++)
			(void)add(h, flow_at(night * 86400 + 2 * HOUR, 100, 0));
		struct history_flow flow = flow_at(rows[i].start, rows[i].up, 0);
		flow.service_key = rows[i].service;
		CU_ASSERT_EQUAL(add(h, flow).recurring, rows[i].recurring);
		history_destroy(h);
	}
}

static void
several_flows_of_a_night_are_one_night(void)
{
	struct history *h = history_create(16, 16);
	struct history_answer answer = {0};

	for (uint64_t i = 0; i < 10; i++)
		answer = add(h, flow_at(86400 + HOUR + i * 60, 100, 0));
	CU_ASSERT_FALSE(answer.recurring);
	history_destroy(h);
}

static void
a_night_goes_over_midnight(void)
{
	struct history *h = history_create(16, 16);

	CU_ASSERT_FALSE(add(h, flow_at(22 * HOUR - 1, 1, 0)).night);
	CU_ASSERT_TRUE(add(h, flow_at(22 * HOUR, 1, 0)).night);
	CU_ASSERT_TRUE(add(h, flow_at(86400 + 6 * HOUR - 1, 1, 0)).night);
	CU_ASSERT_FALSE(add(h, flow_at(86400 + 6 * HOUR, 1, 0)).night);
	history_destroy(h);
}

static void
full_tables_forget_and_count(void)
{
	struct history *h = history_create(2, 2);

	for (uint64_t i = 0; i < 5; i++) {
		struct history_flow flow = flow_at(100 + i * 86400, 1, 0);
		flow.service_key = i;
		(void)add(h, flow);
	}
	CU_ASSERT_EQUAL(history_evicted(h), 6);
	history_destroy(h);
}

static void
keys_of_texts_and_addresses_differ(void)
{
	struct ip_address a, b;

	(void)ip_address_parse("192.0.2.1", &a);
	(void)ip_address_parse("192.0.2.2", &b);
	CU_ASSERT_NOT_EQUAL(history_address_key(&a), history_address_key(&b));
	CU_ASSERT_EQUAL(history_text_key("a.example"), history_text_key("a.example"));
	CU_ASSERT_NOT_EQUAL(history_text_key("a.example"), history_text_key("b.example"));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"the_flow_that_reaches_the_limit_and_later_ones_are_exports",
		 the_flow_that_reaches_the_limit_and_later_ones_are_exports},
		{"sums_are_of_one_zone_host_operator_and_day",
		 sums_are_of_one_zone_host_operator_and_day},
		{"unknown_operators_of_a_host_sum_as_one", unknown_operators_of_a_host_sum_as_one},
		{"claimed_operators_do_not_split_the_sum", claimed_operators_do_not_split_the_sum},
		{"without_a_limit_no_sum_makes_an_export", without_a_limit_no_sum_makes_an_export},
		{"growing_sums_of_a_flow_count_once", growing_sums_of_a_flow_count_once},
		{"low_and_slow_takes_24_flows_all_below_one_mib",
		 low_and_slow_takes_24_flows_all_below_one_mib},
		{"flows_ten_minutes_apart_do_not_sum", flows_ten_minutes_apart_do_not_sum},
		{"a_flow_told_late_sees_only_earlier_ones",
		 a_flow_told_late_sees_only_earlier_ones},
		{"many_flows_in_ten_minutes_are_never_overstated",
		 many_flows_in_ten_minutes_are_never_overstated},
		{"a_backup_recurs_from_the_fourth_night", a_backup_recurs_from_the_fourth_night},
		{"recurring_takes_the_same_service_time_and_volume",
		 recurring_takes_the_same_service_time_and_volume},
		{"several_flows_of_a_night_are_one_night", several_flows_of_a_night_are_one_night},
		{"a_night_goes_over_midnight", a_night_goes_over_midnight},
		{"full_tables_forget_and_count", full_tables_forget_and_count},
		{"keys_of_texts_and_addresses_differ", keys_of_texts_and_addresses_differ},
	};

	return unit_run("history", cases, sizeof(cases) / sizeof(*cases));
}
