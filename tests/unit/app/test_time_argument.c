/* SPDX-License-Identifier: Apache-2.0 */
#include "app/time_argument.h"

#include <stdio.h>

#include "base/rfc3339.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static struct time_zone *utc, *paris;

typedef bool (*parse_function)(const char *text, const struct time_argument_clock *clock,
			       uint64_t *out);

struct row {
	const char *text, *meant;
};

static void
check(parse_function parse, const struct time_zone *zone, const struct row *rows, size_t count)
{
	struct time_argument_clock clock = {.zone = zone};

	CU_ASSERT_EQUAL(rfc3339_parse("2026-12-01T12:00:00Z", &clock.now_ns), 0);
	for (size_t i = 0; i < count; i++) {
		char shown[RFC3339_LEN + 1] = "nothing";
		uint64_t out;
		if (parse(rows[i].text, &clock, &out))
			rfc3339_format(out, shown);
		CU_ASSERT_STRING_EQUAL(shown, rows[i].meant);
	}
}

static void
moments_days_and_spans_are_taken(void)
{
	static const struct row rows[] = {
		{"2026-12-01T08:15:02Z", "2026-12-01T08:15:02.000000000Z"},
		{"2026-12-01t08:15:02z", "2026-12-01T08:15:02.000000000Z"},
		{"2026-12-01 08:15:02Z", "2026-12-01T08:15:02.000000000Z"},
		{"2026-12-01T08:15:02.123456789Z", "2026-12-01T08:15:02.123456789Z"},
		{"2026-12-01T00:15:02+01:00", "2026-11-30T23:15:02.000000000Z"},
		{"2026-12-01T08:15:02.5-05:30", "2026-12-01T13:45:02.500000000Z"},
		{"2026-12-01", "2026-12-01T00:00:00.000000000Z"},
		{"1970-01-01", "1970-01-01T00:00:00.000000000Z"},
		{"90s", "2026-12-01T11:58:30.000000000Z"},
		{"15m", "2026-12-01T11:45:00.000000000Z"},
		{"2h", "2026-12-01T10:00:00.000000000Z"},
		{"7d", "2026-11-24T12:00:00.000000000Z"},
		{"1w", "2026-11-24T12:00:00.000000000Z"},
		{"0s", "2026-12-01T12:00:00.000000000Z"},
		{"999999999w", "1970-01-01T00:00:00.000000000Z"},
	};

	check(time_argument_parse_since, utc, rows, COUNT(rows));
}

static void
other_texts_are_refused(void)
{
	static const struct row rows[] = {
		{"", "nothing"},
		{"yesterday", "nothing"},
		{"2", "nothing"},
		{"h", "nothing"},
		{"-2h", "nothing"},
		{"2H", "nothing"},
		{"2hh", "nothing"},
		{"2 h", "nothing"},
		{"1000000000s", "nothing"},
		{"2026-13-01", "nothing"},
		{"2026-02-29", "nothing"},
		{"2026-12-01T", "nothing"},
		{"2026-12-01T08:15", "nothing"},
		{"2026-12-01T08:15:02", "nothing"},
		{"2026-12-01T25:15:02Z", "nothing"},
		{"2026-12-01T08:15:02+1:00", "nothing"},
		{"2026-12-01T08:15:02+24:00", "nothing"},
		{"2026-12-01T08:15:02+01:60", "nothing"},
		{"2026-12-01T08:15:02ZZ", "nothing"},
		{"2026-12-01T08:15:02.1234567891234567891234567890Z", "nothing"},
		{"1970-01-01T00:00:00+01:00", "nothing"},
		{"2026-12-01\n", "nothing"},
	};

	check(time_argument_parse_since, utc, rows, COUNT(rows));
	check(time_argument_parse_until, utc, rows, COUNT(rows));
}

static void
days_are_those_of_the_zone(void)
{
	/* The clock goes forward on 29 March and back on 25 October, at 1 o'clock UTC. */
	static const struct row since[] = {
		{"2026-12-01", "2026-11-30T23:00:00.000000000Z"},
		{"2026-07-01", "2026-06-30T22:00:00.000000000Z"},
		{"2026-03-29", "2026-03-28T23:00:00.000000000Z"},
		{"2026-03-30", "2026-03-29T22:00:00.000000000Z"},
		{"2026-10-25", "2026-10-24T22:00:00.000000000Z"},
		{"2026-10-26", "2026-10-25T23:00:00.000000000Z"},
		{"1970-01-01", "1970-01-01T00:00:00.000000000Z"},
	};
	static const struct row until[] = {
		{"2026-12-01", "2026-12-01T23:00:00.000000000Z"},
		{"2026-03-29", "2026-03-29T22:00:00.000000000Z"},
		{"2026-10-25", "2026-10-25T23:00:00.000000000Z"},
		{"2h", "2026-12-01T10:00:00.000000000Z"},
		{"2026-12-01T08:15:02Z", "2026-12-01T08:15:02.000000000Z"},
	};

	if (paris == NULL) {
		unit_skip("no tzdata here");
		return;
	}
	check(time_argument_parse_since, paris, since, COUNT(since));
	check(time_argument_parse_until, paris, until, COUNT(until));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"moments_days_and_spans_are_taken", moments_days_and_spans_are_taken},
		{"other_texts_are_refused", other_texts_are_refused},
		{"days_are_those_of_the_zone", days_are_those_of_the_zone},
	};

	utc = time_zone_load("UTC");
	paris = time_zone_load("Europe/Paris");
	int status = unit_run("time_argument", cases, COUNT(cases));
	time_zone_destroy(utc);
	time_zone_destroy(paris);
	return status;
}
