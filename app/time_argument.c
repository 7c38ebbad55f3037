/* SPDX-License-Identifier: Apache-2.0 */
#include "app/time_argument.h"

#include <stdlib.h>
#include <string.h>

#include "base/rfc3339.h"

#define NS_PER_S UINT64_C(1000000000)
#define DAY_S 86400
#define SPAN_DIGITS_MAX 9

/* "+01:00", "-05:30" in seconds east of Greenwich. */
static bool
parse_offset(const char *text, int64_t *seconds)
{
	static const char form[] = "sdd:dd";

	if (strlen(text) != sizeof(form) - 1)
		return false;
	for (size_t i = 1; form[i] != '\0'; i++) {
		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return false;
	}
	int hours = 10 * (text[1] - '0') + text[2] - '0';
	int minutes = 10 * (text[4] - '0') + text[5] - '0';
	*seconds = (*text == '-' ? -1 : 1) * (3600 * hours + 60 * minutes);
	return hours < 24 && minutes < 60;
}

/* RFC 3339 5.6; the date and its T are as long as "2026-12-01T". */
static bool
parse_moment(const char *text, uint64_t *out)
{
	const size_t date_len = TIME_ZONE_DATE_LEN;
	char utc[RFC3339_LEN + 1];
	int64_t offset = 0;

	if (strlen(text) <= date_len)
		return false;
	size_t len = date_len + strcspn(text + date_len, "+-zZ");
	const char *zone = text + len;
	if (len + 1 >= sizeof(utc))
		return false;
	memcpy(utc, text, len);
	utc[len] = 'Z';
	utc[len + 1] = '\0';
	if (utc[date_len - 1] == 't' || utc[date_len - 1] == ' ')
		utc[date_len - 1] = 'T';
	if (strcmp(zone, "Z") != 0 && strcmp(zone, "z") != 0 && !parse_offset(zone, &offset))
		return false;
	if (rfc3339_parse(utc, out) != 0)
		return false;
	uint64_t shift = (uint64_t)llabs(offset) * NS_PER_S;
	if (offset > 0 ? *out < shift : *out > UINT64_MAX - shift)
		return false;
	*out = offset > 0 ? *out - shift : *out + shift;
	return true;
}

/*
 * Midnight by the zone's clock. The clock's distance from UTC is asked of the zone near the day;
 * asked a second time at what that gives, it is right also where it changes that night.
 */
static uint64_t
day_begin(const struct time_zone *zone, int32_t day)
{
	int64_t utc_s = (int64_t)day * DAY_S, at_s = utc_s;

	for (unsigned i = 0; i < 2; i++) {
		if (at_s < 0)
			return 0;
		const struct wall_time wall = time_zone_wall(zone, (uint64_t)at_s * NS_PER_S);
		int64_t shown_s = (int64_t)wall.day * DAY_S + wall.seconds;
		at_s += utc_s - shown_s;
	}
	return at_s < 0 ? 0 : (uint64_t)at_s * NS_PER_S;
}

static bool
parse_span(const char *text, uint64_t now_ns, uint64_t *out)
{
	static const struct {
		char letter;
		uint64_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', DAY_S}, {'w', 7 * DAY_S}};
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || digits > SPAN_DIGITS_MAX || text[digits] == '\0' ||
	    text[digits + 1] != '\0')
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (units[i].letter != text[digits])
			continue;
		uint64_t seconds = strtoull(text, NULL, 10) * units[i].seconds;
		*out = seconds > now_ns / NS_PER_S ? 0 : now_ns - seconds * NS_PER_S;
		return true;
	}
	return false;
}

static bool
parse(const char *text, const struct time_argument_clock *clock, int32_t days, uint64_t *out)
{
	int32_t day;

	if (time_zone_parse_day(text, &day)) {
		*out = day_begin(clock->zone, day + days);
		return true;
	}
	return parse_span(text, clock->now_ns, out) || parse_moment(text, out);
}

bool
time_argument_parse_since(const char *text, const struct time_argument_clock *clock, uint64_t *out)
{
	return parse(text, clock, 0, out);
}

bool
time_argument_parse_until(const char *text, const struct time_argument_clock *clock, uint64_t *out)
{
	return parse(text, clock, 1, out);
}
