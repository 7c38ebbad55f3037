/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/request_split.h"

#include "tests/unit/unit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 1000

static bool bad[BATCH];
static unsigned arrived[BATCH];

/* A receiver that takes a request unless there is a bad message in it; it names the first one where
 * `blames`. Returns the number of requests. */
static unsigned
run(struct request_split *split, size_t fitting, bool blames)
{
	unsigned requests = 0;
	size_t count;

	memset(arrived, 0, sizeof(arrived));
	while (request_split_is_plausible(split) &&
	       (count = request_split_next(split, fitting)) > 0) {
		size_t at = split->at, first = 0;
		while (first < count && !bad[at + first])
			first++;
		requests++;
		if (first == count) {
			for (size_t i = 0; i < count; i++)
				arrived[at + i]++;
			request_split_settle(split, count, 0);
			continue;
		}
		request_split_refused(split, count);
		if (blames && count > 1)
			request_split_blame(split, first);
	}
	return requests;
}

static void
require_all_but_bad(const struct request_split *split)
{
	size_t refused = 0;

	for (size_t i = 0; i < BATCH; i++) {
		refused += bad[i];
		CU_ASSERT_EQUAL(arrived[i], bad[i] ? 0 : 1);
	}
	CU_ASSERT_EQUAL(split->refused, refused);
	CU_ASSERT_EQUAL(request_split_settled(split), BATCH);
}

static void
one_bad_message_costs_few_requests(void)
{
	struct request_split split;

	for (size_t at = 0; at < BATCH; at++) {
		memset(bad, 0, sizeof(bad));
		bad[at] = true;
		request_split_init(&split, BATCH, true);
		CU_ASSERT_TRUE(run(&split, SIZE_MAX, false) <= 14);
		require_all_but_bad(&split);
		request_split_init(&split, BATCH, true);
		CU_ASSERT_TRUE(run(&split, SIZE_MAX, true) <= 4);
		require_all_but_bad(&split);
	}
}

static void
many_bad_messages_are_all_found(void)
{
	struct request_split split;

	srand(1);
	for (unsigned round = 0; round < 200; round++) {
		for (size_t i = 0; i < BATCH; i++)
			bad[i] = rand() % 20 == 0;
		request_split_init(&split, BATCH, true);
		run(&split, 1 + (size_t)(rand() % BATCH), rand() % 2);
		require_all_but_bad(&split);
	}
}

static void
nothing_is_given_up_before_something_was_taken(void)
{
	struct request_split split;

	memset(bad, 1, sizeof(bad));
	request_split_init(&split, BATCH, false);
	run(&split, SIZE_MAX, false);
	CU_ASSERT_FALSE(request_split_is_plausible(&split));
	CU_ASSERT_EQUAL(request_split_settled(&split), 0);
	/* One that is taken behind a few that are not proves that it is they. */
	bad[3] = false;
	request_split_init(&split, 4, false);
	run(&split, SIZE_MAX, false);
	CU_ASSERT_TRUE(split.took);
	CU_ASSERT_EQUAL(request_split_settled(&split), 4);
	CU_ASSERT_EQUAL(split.refused, 3);
}

static void
a_wrong_name_of_the_bad_one_does_no_harm(void)
{
	struct request_split split;

	memset(bad, 0, sizeof(bad));
	bad[7] = true;
	for (size_t named = 0; named < 20; named++) {
		request_split_init(&split, 10, true);
		request_split_refused(&split, 10);
		request_split_blame(&split, named);
		run(&split, SIZE_MAX, false);
		CU_ASSERT_EQUAL(request_split_settled(&split), 10);
		CU_ASSERT_EQUAL(split.refused, 1);
		CU_ASSERT_EQUAL(arrived[7], 0);
	}
}

static const struct unit_case cases[] = {
	{"one_bad_message_costs_few_requests", one_bad_message_costs_few_requests},
	{"many_bad_messages_are_all_found", many_bad_messages_are_all_found},
	{"nothing_is_given_up_before_something_was_taken",
	 nothing_is_given_up_before_something_was_taken},
	{"a_wrong_name_of_the_bad_one_does_no_harm", a_wrong_name_of_the_bad_one_does_no_harm},
};

int
main(void)
{
	return unit_run("request_split", cases, sizeof(cases) / sizeof(*cases));
}
