/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/back_off.h"

#include "tests/unit/unit.h"

static void
pauses_double_up_to_the_most(void)
{
	struct back_off b = {0};
	uint32_t most = BACK_OFF_FIRST_MS;

	for (unsigned i = 0; i < 20; i++) {
		uint32_t pause = back_off_wait(&b, 12345 * i);
		CU_ASSERT_TRUE(pause >= most / 2 && pause <= most);
		most = most * 2 > BACK_OFF_MOST_MS ? BACK_OFF_MOST_MS : most * 2;
	}
	CU_ASSERT_EQUAL(most, BACK_OFF_MOST_MS);
}

static void
chance_spreads_them_over_half(void)
{
	struct back_off a = {0}, b = {0};

	CU_ASSERT_EQUAL(back_off_wait(&a, 0), BACK_OFF_FIRST_MS / 2);
	CU_ASSERT_EQUAL(back_off_wait(&b, BACK_OFF_FIRST_MS / 2), BACK_OFF_FIRST_MS);
}

static void
success_begins_anew(void)
{
	struct back_off b = {0};

	for (unsigned i = 0; i < 10; i++)
		(void)back_off_wait(&b, 0);
	back_off_reset(&b);
	CU_ASSERT_EQUAL(back_off_wait(&b, 0), BACK_OFF_FIRST_MS / 2);
}

static const struct unit_case cases[] = {
	{"pauses_double_up_to_the_most", pauses_double_up_to_the_most},
	{"chance_spreads_them_over_half", chance_spreads_them_over_half},
	{"success_begins_anew", success_begins_anew},
};

int
main(void)
{
	return unit_run("back_off", cases, sizeof(cases) / sizeof(*cases));
}
