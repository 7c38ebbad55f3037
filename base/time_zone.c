/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The offsets of a zone are sampled while it is loaded; where two samples differ, halving finds the
 * second of the change. Calendar arithmetic counts years from March: then the leap day is the last
 * of the year, and months need no table (400 years are 146,097 days).
 */
#include "base/time_zone.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ZONES_FOLDER "/usr/share/zoneinfo/"
#define NAME_MAX_LEN 64

#define DAY_S INT64_C(86400)
#define NS_PER_S UINT64_C(1000000000)

/* 1 January 2101; what a zone does then it does for ever. */
#define SAMPLED_UNTIL (INT64_C(47847) * DAY_S)

/* No zone of tzdata 2025b changes twice within less than seven days after 1970, as Recife did in
 * October 2000 and Gaza will in 2040. */
#define SAMPLE_STEP (5 * DAY_S)

/* From 1 March of the year 0 to 1970-01-01. */
#define DAYS_BEFORE_1970 719468
#define DAYS_OF_400_YEARS 146097

/* Days that texts of four digits can show: 0000-01-01 to 9999-12-31. */
#define DAY_MIN (-719528)
#define DAY_MAX 2932896

struct transition {
	int64_t at;     /* seconds since 1970 UTC */
	int32_t offset; /* from then on: seconds that the clock is ahead of UTC */
};

/* The first transition stands for everything before it. */
struct time_zone {
	struct transition *transitions;
	size_t count;
};

static int32_t
offset_at(int64_t at)
{
	time_t moment = (time_t)at;
	struct tm tm;

	return localtime_r(&moment, &tm) != NULL ? (int32_t)tm.tm_gmtoff : 0;
}

static int
add_transition(struct time_zone *zone, int64_t at, int32_t offset)
{
	struct transition *grown = reallocarray(zone->transitions, zone->count + 1, sizeof(*grown));

	if (grown == NULL)
		return -ENOMEM;
	grown[zone->count++] = (struct transition){at, offset};
	zone->transitions = grown;
	return 0;
}

/* The first second behind `same` with another offset than there; `other` has another one. */
static int64_t
find_change(int64_t same, int64_t other)
{
	int32_t offset = offset_at(same);

	while (other - same > 1) {
		int64_t middle = same + (other - same) / 2;
		if (offset_at(middle) == offset)
			same = middle;
		else
			other = middle;
	}
	return other;
}

/* Of the zone that TZ names. */
static int
sample(struct time_zone *zone)
{
	int64_t at = 0;
	int error = add_transition(zone, at, offset_at(at));

	while (error == 0 && at < SAMPLED_UNTIL) {
		int32_t current = zone->transitions[zone->count - 1].offset;
		int64_t next = at + SAMPLE_STEP;
		if (offset_at(next) != current) {
			next = find_change(at, next);
			error = add_transition(zone, next, offset_at(next));
		}
		at = next;
	}
	return error;
}

static void
set_tz(const char *value)
{
	if (value != NULL)
		setenv("TZ", value, 1);
	else
		unsetenv("TZ");
	tzset();
}

static int
sample_zone(struct time_zone *zone, const char *path)
{
	char tz[sizeof(":" ZONES_FOLDER) + NAME_MAX_LEN];
	const char *before = getenv("TZ");
	char *kept = before != NULL ? strdup(before) : NULL;

	if (before != NULL && kept == NULL)
		return -ENOMEM;
	snprintf(tz, sizeof(tz), ":%s", path);
	set_tz(tz);
	int error = sample(zone);
	set_tz(kept);
	free(kept);
	return error;
}

/* Letters, digits and what stands between them in "America/Port-au-Prince" and "Etc/GMT+1". */
static bool
is_zone_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+-/";
	size_t len = strlen(name);

	return len > 0 && len <= NAME_MAX_LEN && strspn(name, allowed) == len && *name != '/';
}

/* The folder holds other files too: those of zones begin with "TZif" (RFC 8536 3.1). */
static bool
is_zone_file(const char *path)
{
	char magic[4] = {0};
	FILE *file = fopen(path, "rbe");

	if (file == NULL)
		return false;
	size_t got = fread(magic, 1, sizeof(magic), file);
	fclose(file);
	return got == sizeof(magic) && memcmp(magic, "TZif", sizeof(magic)) == 0;
}

/* Fills an empty zone; 0 or -errno. */
static int
load(struct time_zone *zone, const char *name)
{
	char path[sizeof(ZONES_FOLDER) + NAME_MAX_LEN];

	if (!is_zone_name(name))
		return -EINVAL;
	if (strcmp(name, "UTC") == 0)
		return add_transition(zone, 0, 0);
	snprintf(path, sizeof(path), ZONES_FOLDER "%s", name);
	return is_zone_file(path) ? sample_zone(zone, path) : -ENOENT;
}

struct time_zone *
time_zone_load(const char *name)
{
	struct time_zone *zone = calloc(1, sizeof(*zone));

	if (zone == NULL)
		return NULL;
	int error = load(zone, name);
	if (error != 0) {
		time_zone_destroy(zone);
		errno = -error;
		return NULL;
	}
	return zone;
}

void
time_zone_destroy(struct time_zone *zone)
{
	if (zone == NULL)
		return;
	free(zone->transitions);
	free(zone);
}

static int32_t
find_offset(const struct time_zone *zone, int64_t at)
{
	size_t low = 0, high = zone->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (zone->transitions[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	return zone->transitions[low].offset;
}

/* Of a day between DAY_MIN and DAY_MAX. */
static struct calendar_day
calendar_of(int32_t day)
{
	/* A year more than 400 below 1 March of the year 0 keeps all numbers positive. */
	uint32_t days = (uint32_t)(day + DAYS_BEFORE_1970 + DAYS_OF_400_YEARS);
	uint32_t of_era = days % DAYS_OF_400_YEARS;
	/* Leap days so far: one in 1,461 days, not one in 36,524, but one in 146,096. */
	uint32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	uint32_t of_year = of_era - (365 * year + year / 4 - year / 100);
	/* From March on, five months have 153 days together. */
	uint32_t month = (5 * of_year + 2) / 153;

	return (struct calendar_day){
		.year = (int32_t)(year + days / DAYS_OF_400_YEARS * 400 + month / 10) - 400,
		.month = month < 10 ? month + 3 : month - 9,
		.day = of_year - (153 * month + 2) / 5 + 1,
	};
}

/* The way back, for the years 0 to 9999. */
static int32_t
day_of(struct calendar_day c)
{
	uint32_t year = (uint32_t)c.year + 400 - (c.month <= 2);
	uint32_t month = c.month > 2 ? c.month - 3 : c.month + 9;
	uint32_t of_year = (153 * month + 2) / 5 + c.day - 1;
	uint32_t days = 365 * year + year / 4 - year / 100 + year / 400 + of_year;

	return (int32_t)days - DAYS_OF_400_YEARS - DAYS_BEFORE_1970;
}

static unsigned
days_of_month(int32_t year, unsigned month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29u : days[month - 1];
}

struct wall_time
time_zone_wall(const struct time_zone *zone, uint64_t time_ns)
{
	int64_t at = (int64_t)(time_ns / NS_PER_S);
	/* No zone is a day behind UTC: a day more before the division keeps it positive. */
	int64_t shown = at + find_offset(zone, at) + DAY_S;

	return (struct wall_time){
		.day = (int32_t)(shown / DAY_S) - 1,
		.seconds = (uint32_t)(shown % DAY_S),
	};
}

static char *
put_digits(char *at, unsigned value, unsigned count)
{
	for (unsigned i = count; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + count;
}

static int32_t
clamp_day(int32_t day)
{
	if (day < DAY_MIN)
		return DAY_MIN;
	return day > DAY_MAX ? DAY_MAX : day;
}

struct calendar_day
time_zone_calendar(int32_t day)
{
	return calendar_of(clamp_day(day));
}

void
time_zone_format_day(int32_t day, char *out)
{
	struct calendar_day c = time_zone_calendar(day);

	out = put_digits(out, (unsigned)c.year, 4);
	*out++ = '-';
	out = put_digits(out, c.month, 2);
	*out++ = '-';
	out = put_digits(out, c.day, 2);
	*out = '\0';
}

bool
time_zone_parse_day(const char *text, int32_t *day)
{
	if (strlen(text) != TIME_ZONE_DATE_LEN - 1)
		return false;
	for (unsigned i = 0; i < TIME_ZONE_DATE_LEN - 1; i++) {
		bool dash = i == 4 || i == 7;
		if (dash ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	}
	struct calendar_day c = {
		.year = (int32_t)strtoul(text, NULL, 10),
		.month = (unsigned)strtoul(text + 5, NULL, 10),
		.day = (unsigned)strtoul(text + 8, NULL, 10),
	};
	if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > days_of_month(c.year, c.month))
		return false;
	*day = day_of(c);
	return true;
}

int32_t
time_zone_add_months(int32_t day, unsigned months)
{
	struct calendar_day c = time_zone_calendar(day);
	uint64_t month = c.month - 1 + (uint64_t)months;
	uint64_t year = (uint64_t)c.year + month / 12;

	if (year > 9999)
		return DAY_MAX;
	c.year = (int32_t)year;
	c.month = (unsigned)(month % 12) + 1;
	if (c.day > days_of_month(c.year, c.month))
		c.day = days_of_month(c.year, c.month);
	return day_of(c);
}
