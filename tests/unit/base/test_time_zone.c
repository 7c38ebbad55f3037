/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time_zone.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NS_PER_S UINT64_C(1000000000)

/* Seconds since 1970 of a time in UTC. */
static uint64_t
utc(int year, int month, int day, int hour, int minute, int second)
{
	struct tm tm = {.tm_year = year - 1900,
			.tm_mon = month - 1,
			.tm_mday = day,
			.tm_hour = hour,
			.tm_min = minute,
			.tm_sec = second};
	return (uint64_t)timegm(&tm);
}

static struct time_zone *
load(const char *name)
{
	struct time_zone *zone = time_zone_load(name);

	CU_ASSERT_PTR_NOT_NULL_FATAL(zone);
	return zone;
}

/* Day and clock in one text: "2026-03-29 03:00:00". */
static const char *
wall(const struct time_zone *zone, uint64_t seconds)
{
	static char text[64];
	struct wall_time w = time_zone_wall(zone, seconds * NS_PER_S + 999999999);
	struct calendar_day c = time_zone_calendar(w.day);
	char day[TIME_ZONE_DATE_LEN];

	time_zone_format_day(w.day, day);
	snprintf(text, sizeof(text), "%04d-%02u-%02u", c.year, c.month, c.day);
	CU_ASSERT_STRING_EQUAL(text, day);
	snprintf(text, sizeof(text), "%s %02u:%02u:%02u", day, w.seconds / 3600,
		 w.seconds / 60 % 60, w.seconds % 60);
	return text;
}

static void
clocks_show_the_time_of_their_zone(void)
{
	static const struct {
		const char *zone;
		int at[6];
		const char *shown;
	} rows[] = {
		{"UTC", {1970, 1, 1, 0, 0, 0}, "1970-01-01 00:00:00"},
		{"UTC", {2026, 12, 31, 23, 59, 59}, "2026-12-31 23:59:59"},
		{"Europe/Paris", {2026, 1, 15, 23, 30, 0}, "2026-01-16 00:30:00"},
		{"Europe/Paris", {2026, 7, 15, 22, 30, 0}, "2026-07-16 00:30:00"},
		{"Europe/Paris", {2026, 3, 29, 0, 59, 59}, "2026-03-29 01:59:59"},
		{"Europe/Paris", {2026, 3, 29, 1, 0, 0}, "2026-03-29 03:00:00"},
		{"Europe/Paris", {2026, 10, 25, 0, 59, 59}, "2026-10-25 02:59:59"},
		{"Europe/Paris", {2026, 10, 25, 1, 0, 0}, "2026-10-25 02:00:00"},
		{"Europe/Paris", {2070, 7, 1, 0, 0, 0}, "2070-07-01 02:00:00"},
		{"America/New_York", {2026, 3, 8, 6, 59, 59}, "2026-03-08 01:59:59"},
		{"America/New_York", {2026, 3, 8, 7, 0, 0}, "2026-03-08 03:00:00"},
		{"America/New_York", {2026, 11, 1, 5, 59, 59}, "2026-11-01 01:59:59"},
		{"America/New_York", {2026, 11, 1, 6, 0, 0}, "2026-11-01 01:00:00"},
		{"America/New_York", {1970, 1, 1, 0, 0, 0}, "1969-12-31 19:00:00"},
		{"Asia/Kolkata", {2026, 6, 1, 18, 30, 0}, "2026-06-02 00:00:00"},
		{"Asia/Kathmandu", {1985, 12, 31, 18, 29, 59}, "1985-12-31 23:59:59"},
		{"Asia/Kathmandu", {1985, 12, 31, 18, 30, 0}, "1986-01-01 00:15:00"},
		{"Pacific/Apia", {2011, 12, 30, 9, 59, 59}, "2011-12-29 23:59:59"},
		{"Pacific/Apia", {2011, 12, 30, 10, 0, 0}, "2011-12-31 00:00:00"},
		{"Etc/GMT+12", {2026, 1, 1, 0, 0, 0}, "2025-12-31 12:00:00"},
		{"Pacific/Kiritimati", {2026, 1, 1, 10, 0, 0}, "2026-01-02 00:00:00"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const int *at = rows[i].at;
		struct time_zone *zone = load(rows[i].zone);
		CU_ASSERT_STRING_EQUAL(wall(zone, utc(at[0], at[1], at[2], at[3], at[4], at[5])),
				       rows[i].shown);
		time_zone_destroy(zone);
	}
}

/* Seconds of UTC that belong to the day of the zone. */
static uint32_t
seconds_of_day(const struct time_zone *zone, const char *text)
{
	int32_t day;
	uint32_t count = 0;

	CU_ASSERT_TRUE_FATAL(time_zone_parse_day(text, &day));
	uint64_t from = (uint64_t)(day - 1) * 86400, to = (uint64_t)(day + 2) * 86400;
	for (uint64_t at = from; at < to; at += 60)
		count += time_zone_wall(zone, at * NS_PER_S).day == day ? 60 : 0;
	return count;
}

static void
days_of_a_change_have_23_or_25_hours(void)
{
	struct time_zone *paris = load("Europe/Paris"), *utc_zone = load("UTC");

	CU_ASSERT_EQUAL(seconds_of_day(paris, "2026-03-28"), 24 * 3600);
	CU_ASSERT_EQUAL(seconds_of_day(paris, "2026-03-29"), 23 * 3600);
	CU_ASSERT_EQUAL(seconds_of_day(paris, "2026-10-25"), 25 * 3600);
	CU_ASSERT_EQUAL(seconds_of_day(paris, "2026-10-26"), 24 * 3600);
	CU_ASSERT_EQUAL(seconds_of_day(utc_zone, "2026-03-29"), 24 * 3600);
	time_zone_destroy(paris);
	time_zone_destroy(utc_zone);
}

/* Every few hours for 130 years, against the C library itself. */
static void
the_table_agrees_with_the_c_library(void)
{
	static const char *const names[] = {
		"Europe/Dublin",    "Africa/Casablanca",   "America/Argentina/San_Luis",
		"Antarctica/Troll", "Australia/Lord_Howe", "America/Recife",
		"Asia/Gaza"};
	for (size_t i = 0; i < COUNT(names); i++) {
		struct time_zone *zone = load(names[i]);
		unsigned wrong = 0;
		setenv("TZ", names[i], 1);
		tzset();
		for (uint64_t at = 0; at < UINT64_C(4102444800); at += 5 * 3600 + 7) {
			time_t moment = (time_t)at;
			struct tm tm;
			localtime_r(&moment, &tm);
			struct wall_time w = time_zone_wall(zone, at * NS_PER_S);
			struct calendar_day c = time_zone_calendar(w.day);
			wrong += c.year != tm.tm_year + 1900 || (int)c.month != tm.tm_mon + 1 ||
				 (int)c.day != tm.tm_mday ||
				 (int)w.seconds != tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
		}
		CU_ASSERT_EQUAL(wrong, 0);
		unsetenv("TZ");
		tzset();
		time_zone_destroy(zone);
	}
}

static void
the_last_moment_of_64_bits_is_in_2554(void)
{
	struct time_zone *zone = load("UTC"), *paris = load("Europe/Paris");
	struct wall_time w = time_zone_wall(zone, UINT64_MAX);

	struct calendar_day c = time_zone_calendar(w.day);

	CU_ASSERT_EQUAL(c.year, 2554);
	CU_ASSERT_EQUAL(c.month, 7);
	CU_ASSERT_EQUAL(c.day, 21);
	CU_ASSERT_EQUAL(w.seconds, 23 * 3600 + 34 * 60 + 33);
	CU_ASSERT_EQUAL(time_zone_calendar(time_zone_wall(paris, UINT64_MAX).day).year, 2554);
	time_zone_destroy(zone);
	time_zone_destroy(paris);
}

static void
other_names_are_refused(void)
{
	static const struct {
		const char *name;
		int error;
	} rows[] = {
		{"Europe/Pariss", ENOENT},
		{"Europe", ENOENT},
		{"Europe/", ENOENT},
		{"leapseconds", ENOENT},
		{"Europe/Paris/", ENOENT},
		{"zone.tab", EINVAL},
		{"", EINVAL},
		{"/etc/localtime", EINVAL},
		{"../zoneinfo/UTC", EINVAL},
		{"Europe/../UTC", EINVAL},
		{":Europe/Paris", EINVAL},
		{"CET-1CEST,M3.5.0,M10.5.0/3", EINVAL},
		{"Europe/Paris\n", EINVAL},
		{"Europe/Par\xc3\xads", EINVAL},
		{"%s%s%s%n", EINVAL},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", EINVAL},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ENOENT},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		errno = 0;
		CU_ASSERT_PTR_NULL(time_zone_load(rows[i].name));
		CU_ASSERT_EQUAL(errno, rows[i].error);
	}
	time_zone_destroy(NULL);
}

static void
loading_leaves_the_zone_of_the_process_alone(void)
{
	setenv("TZ", "Asia/Tokyo", 1);
	time_zone_destroy(load("Europe/Paris"));
	CU_ASSERT_STRING_EQUAL(getenv("TZ"), "Asia/Tokyo");
	unsetenv("TZ");
	time_zone_destroy(load("Europe/Paris"));
	CU_ASSERT_PTR_NULL(getenv("TZ"));
}

static const struct {
	const char *text;
	int32_t day;
} days[] = {
	{"1970-01-01", 0},       {"1969-12-31", -1},      {"1970-12-31", 364},
	{"2000-02-29", 11016},   {"2000-03-01", 11017},   {"2026-11-22", 20779},
	{"2100-03-01", 47541},   {"2554-07-21", 213503},  {"9999-12-31", 2932896},
	{"0000-01-01", -719528}, {"0000-02-29", -719469}, {"0000-03-01", -719468},
};

static void
days_are_parsed_and_written(void)
{
	for (size_t i = 0; i < COUNT(days); i++) {
		char text[TIME_ZONE_DATE_LEN];
		int32_t day = 1;
		CU_ASSERT_TRUE(time_zone_parse_day(days[i].text, &day));
		CU_ASSERT_EQUAL(day, days[i].day);
		time_zone_format_day(day, text);
		CU_ASSERT_STRING_EQUAL(text, days[i].text);
	}
}

static void
every_day_of_600_years_reads_back(void)
{
	unsigned wrong = 0;

	for (int32_t day = 0; day < 220000; day++) {
		char text[TIME_ZONE_DATE_LEN];
		int32_t again = -1;
		time_zone_format_day(day, text);
		wrong += !time_zone_parse_day(text, &again) || again != day;
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

static void
days_beyond_four_digits_are_the_nearest_that_can_be_shown(void)
{
	char text[TIME_ZONE_DATE_LEN];

	time_zone_format_day(INT32_MAX, text);
	CU_ASSERT_STRING_EQUAL(text, "9999-12-31");
	time_zone_format_day(INT32_MIN, text);
	CU_ASSERT_STRING_EQUAL(text, "0000-01-01");
}

static void
what_is_no_day_is_refused(void)
{
	static const char *const wrong[] = {"",           "2026-13-01",  "2026-00-10", "2026-01-00",
					    "2026-04-31", "2025-02-29",  "1900-02-29", "2026-1-1",
					    "22.11.2026", "2026-11-22 ", "2026/11/22", "+026-11-22",
					    "2026-11-2",  "2026-11- 2",  "20261122"};
	for (size_t i = 0; i < COUNT(wrong); i++) {
		int32_t day = 77;
		CU_ASSERT_FALSE(time_zone_parse_day(wrong[i], &day));
		CU_ASSERT_EQUAL(day, 77);
	}
}

static void
months_end_where_the_shorter_month_does(void)
{
	static const struct {
		const char *from;
		unsigned months;
		const char *to;
	} rows[] = {
		{"2026-01-31", 1, "2026-02-28"},  {"2028-01-31", 1, "2028-02-29"},
		{"2026-01-31", 2, "2026-03-31"},  {"2026-08-31", 1, "2026-09-30"},
		{"2026-12-15", 1, "2027-01-15"},  {"2026-11-30", 3, "2027-02-28"},
		{"2028-02-29", 12, "2029-02-28"}, {"2028-02-29", 48, "2032-02-29"},
		{"2026-05-05", 0, "2026-05-05"},  {"2026-12-31", 24, "2028-12-31"},
		{"1970-01-01", 6, "1970-07-01"},  {"2026-01-01", UINT32_MAX, "9999-12-31"},
		{"9999-12-01", 1, "9999-12-31"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[TIME_ZONE_DATE_LEN];
		int32_t day;
		CU_ASSERT_TRUE(time_zone_parse_day(rows[i].from, &day));
		time_zone_format_day(time_zone_add_months(day, rows[i].months), text);
		CU_ASSERT_STRING_EQUAL(text, rows[i].to);
	}
}

static const struct unit_case cases[] = {
	{"clocks_show_the_time_of_their_zone", clocks_show_the_time_of_their_zone},
	{"days_of_a_change_have_23_or_25_hours", days_of_a_change_have_23_or_25_hours},
	{"the_table_agrees_with_the_c_library", the_table_agrees_with_the_c_library},
	{"the_last_moment_of_64_bits_is_in_2554", the_last_moment_of_64_bits_is_in_2554},
	{"other_names_are_refused", other_names_are_refused},
	{"loading_leaves_the_zone_of_the_process_alone",
	 loading_leaves_the_zone_of_the_process_alone},
	{"days_are_parsed_and_written", days_are_parsed_and_written},
	{"every_day_of_600_years_reads_back", every_day_of_600_years_reads_back},
	{"days_beyond_four_digits_are_the_nearest_that_can_be_shown",
	 days_beyond_four_digits_are_the_nearest_that_can_be_shown},
	{"what_is_no_day_is_refused", what_is_no_day_is_refused},
	{"months_end_where_the_shorter_month_does", months_end_where_the_shorter_month_does},
};

int
main(void)
{
	return unit_run("time_zone", cases, COUNT(cases));
}
