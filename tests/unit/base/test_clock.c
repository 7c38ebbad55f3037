/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include "tests/unit/unit.h"

#include <time.h>

static void
the_monotonic_clock_goes_forward(void)
{
	uint64_t before = clock_monotonic_ns();

	nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	CU_ASSERT_TRUE(clock_monotonic_ns() - before >= 1000000);
}

static void
the_wall_clock_is_the_systems(void)
{
	uint64_t before = (uint64_t)time(NULL);
	uint64_t now = clock_wall_ns() / 1000000000u;

	CU_ASSERT_TRUE(now >= before && now <= before + 5);
}

static const struct unit_case cases[] = {
	{"the_monotonic_clock_goes_forward", the_monotonic_clock_goes_forward},
	{"the_wall_clock_is_the_systems", the_wall_clock_is_the_systems},
};

int
main(void)
{
	return unit_run("clock", cases, sizeof(cases) / sizeof(*cases));
}
