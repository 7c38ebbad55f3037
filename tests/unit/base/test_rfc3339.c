/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rfc3339.h"

#include "tests/unit/unit.h"

#include <CUnit/CUnit.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NS UINT64_C(1000000000)

static void
known_times_have_their_text(void)
{
	static const struct {
		uint64_t time_ns;
		const char *text;
	} rows[] = {
		{0, "1970-01-01T00:00:00.000000000Z"},
		{1, "1970-01-01T00:00:00.000000001Z"},
		{951782399 * NS + 999999999, "2000-02-28T23:59:59.999999999Z"},
		{951782400 * NS, "2000-02-29T00:00:00.000000000Z"},
		{951868800 * NS, "2000-03-01T00:00:00.000000000Z"},
		{1796112902 * NS + 123456789, "2026-12-01T08:15:02.123456789Z"},
		{4107542399 * NS, "2100-02-28T23:59:59.000000000Z"},
		{4107542400 * NS, "2100-03-01T00:00:00.000000000Z"},
		{UINT64_MAX, "2554-07-21T23:34:33.709551615Z"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[RFC3339_LEN + 1];
		rfc3339_format(rows[i].time_ns, text);
		CU_ASSERT_STRING_EQUAL(text, rows[i].text);
	}
}

static bool
comes_back(uint64_t time_ns)
{
	char text[RFC3339_LEN + 1];
	uint64_t parsed = ~time_ns;

	rfc3339_format(time_ns, text);
	return rfc3339_parse(text, &parsed) == 0 && parsed == time_ns;
}

/* Compares with the C library's calendar. */
static bool
agrees_with_libc(uint64_t time_ns)
{
	char expected[64];
	char text[RFC3339_LEN + 1];
	time_t seconds = (time_t)(time_ns / NS);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	size_t len = strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(expected + len, sizeof(expected) - len, ".%09" PRIu64 "Z", time_ns % NS);
	rfc3339_format(time_ns, text);
	return strcmp(text, expected) == 0 && comes_back(time_ns);
}

static void
every_day_agrees_with_libc(void)
{
	const uint64_t day_ns = 86400 * NS;
	unsigned wrong = 0;

	for (uint64_t t = 0; t <= UINT64_MAX - day_ns; t += day_ns) {
		wrong += !agrees_with_libc(t);
		wrong += !agrees_with_libc(t + day_ns - 1);
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

static void
scattered_times_agree_with_libc(void)
{
	uint64_t t = 88172645463325252u;
	unsigned wrong = 0;

	for (unsigned i = 0; i < 200000; i++) {
		t ^= t << 13; /* xorshift: the same values in every run */
		t ^= t >> 7;
		t ^= t << 17;
		wrong += !agrees_with_libc(t);
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

static void
nothing_is_written_behind_the_nul(void)
{
	char out[RFC3339_LEN + 2];

	out[RFC3339_LEN + 1] = 'x';
	rfc3339_format(UINT64_MAX, out);
	CU_ASSERT_EQUAL(strlen(out), RFC3339_LEN);
	CU_ASSERT_EQUAL(out[RFC3339_LEN + 1], 'x');
}

static void
shorter_fractions_are_read(void)
{
	static const struct {
		const char *text;
		uint64_t time_ns;
	} rows[] = {
		{"1970-01-01T00:00:00Z", 0},
		{"2026-12-01T08:15:02Z", 1796112902 * NS},
		{"2026-12-01T08:15:02.1Z", 1796112902 * NS + 100000000},
		{"2026-12-01T08:15:02.123456Z", 1796112902 * NS + 123456000},
		{"2554-07-21T23:34:33.709551615Z", UINT64_MAX},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint64_t time_ns = 7;
		CU_ASSERT_EQUAL(rfc3339_parse(rows[i].text, &time_ns), 0);
		CU_ASSERT_EQUAL(time_ns, rows[i].time_ns);
	}
}

static void
what_is_no_time_is_refused(void)
{
	static const struct {
		const char *text;
		int error;
	} rows[] = {
		{"", -EINVAL},
		{"2026-12-01", -EINVAL},
		{"2026-12-01T08:15:02", -EINVAL},
		{"2026-12-01T08:15:02.Z", -EINVAL},
		{"2026-12-01T08:15:02.1234567890Z", -EINVAL},
		{"2026-12-01T08:15:02+01:00", -EINVAL},
		{"2026-12-01T08:15:02Zx", -EINVAL},
		{"2026-12-01 08:15:02Z", -EINVAL},
		{"2026-13-01T08:15:02Z", -EINVAL},
		{"2026-00-01T08:15:02Z", -EINVAL},
		{"2026-11-31T08:15:02Z", -EINVAL},
		{"2026-12-00T08:15:02Z", -EINVAL},
		{"2026-02-29T08:15:02Z", -EINVAL},
		{"2100-02-29T08:15:02Z", -EINVAL},
		{"2026-12-01T24:00:00Z", -EINVAL},
		{"2026-12-01T08:60:00Z", -EINVAL},
		{"2026-12-01T08:15:60Z", -EINVAL},
		{"+026-12-01T08:15:02Z", -EINVAL},
		{"1969-12-31T23:59:59.999999999Z", -ERANGE},
		{"0000-01-01T00:00:00Z", -ERANGE},
		{"2554-07-21T23:34:33.709551616Z", -ERANGE},
		{"9999-12-31T23:59:59.999999999Z", -ERANGE},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint64_t time_ns = 7;
		CU_ASSERT_EQUAL(rfc3339_parse(rows[i].text, &time_ns), rows[i].error);
		CU_ASSERT_EQUAL(time_ns, 7);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"known_times_have_their_text", known_times_have_their_text},
		{"every_day_agrees_with_libc", every_day_agrees_with_libc},
		{"scattered_times_agree_with_libc", scattered_times_agree_with_libc},
		{"nothing_is_written_behind_the_nul", nothing_is_written_behind_the_nul},
		{"shorter_fractions_are_read", shorter_fractions_are_read},
		{"what_is_no_time_is_refused", what_is_no_time_is_refused},
	};
	return unit_run("rfc3339", cases, sizeof(cases) / sizeof(*cases));
}
