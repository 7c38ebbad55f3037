/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/unit_map.h"

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const uint32_t edges[] = {0, 1, 2, 62, 63, 64, 65, 127, 128, 129, 4096, 8190, 8191, 8192};

static void
what_was_set_is_there_and_nothing_else(void)
{
	for (size_t i = 0; i < COUNT(edges); i++) {
		for (size_t k = i; k < COUNT(edges); k++) {
			struct unit_map map = {0};
			uint32_t first = edges[i], last = edges[k];

			unit_map_set(&map, first, last);
			CU_ASSERT_EQUAL(unit_map_count(&map, 0, UNITS_MAX), last - first);
			CU_ASSERT_EQUAL(unit_map_count(&map, first, last), last - first);
			CU_ASSERT_EQUAL(unit_map_count(&map, 0, first), 0);
			CU_ASSERT_EQUAL(unit_map_count(&map, last, UNITS_MAX), 0);
			CU_ASSERT_EQUAL(unit_map_leading(&map), first == 0 ? last : 0);
			if (first == last)
				continue;
			CU_ASSERT(unit_map_has(&map, first) && unit_map_has(&map, last - 1));
			CU_ASSERT(first == 0 || !unit_map_has(&map, first - 1));
			CU_ASSERT(last == UNITS_MAX || !unit_map_has(&map, last));
		}
	}
}

static void
bytes_take_whole_units(void)
{
	CU_ASSERT_EQUAL(unit_map_end(0), 0);
	CU_ASSERT_EQUAL(unit_map_end(1), 1);
	CU_ASSERT_EQUAL(unit_map_end(8), 1);
	CU_ASSERT_EQUAL(unit_map_end(9), 2);
	CU_ASSERT_EQUAL(unit_map_end(65535), UNITS_MAX);
}

static const struct unit_case cases[] = {
	{"what_was_set_is_there_and_nothing_else", what_was_set_is_there_and_nothing_else},
	{"bytes_take_whole_units", bytes_take_whole_units},
};

int
main(void)
{
	return unit_run("unit_map", cases, COUNT(cases));
}
