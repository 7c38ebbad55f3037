/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calendar is counted in years that begin on the 1st of March: then the leap day is the last
 * day of the year, and month and day follow from the day of the year by one division each. 400
 * years have 146,097 days, so the count of days since 1 March of the year 0 splits into eras that
 * are all alike.
 */
#include "base/rfc3339.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define NS_PER_SECOND 1000000000u
#define SECONDS_PER_DAY 86400u
#define DAYS_PER_ERA 146097u    /* 400 years */
#define DAYS_TO_1970 719468u    /* from 0000-03-01 to 1970-01-01 */
#define DAYS_PER_CENTURY 36524u /* without the leap day of every fourth one */
#define DAYS_PER_FOUR_YEARS 1461u

struct civil_date {
	uint32_t year;
	uint32_t month; /* 1 to 12 */
	uint32_t day;   /* 1 to 31 */
};

static struct civil_date
civil_date_of(uint32_t days_since_1970)
{
	uint32_t days = days_since_1970 + DAYS_TO_1970;
	uint32_t era = days / DAYS_PER_ERA;
	uint32_t day_of_era = days % DAYS_PER_ERA;
	/* Leap days before this day taken out, every year has 365 days. */
	uint32_t leap_days = day_of_era / (DAYS_PER_FOUR_YEARS - 1) -
			     day_of_era / DAYS_PER_CENTURY + day_of_era / (DAYS_PER_ERA - 1);
	uint32_t year_of_era = (day_of_era - leap_days) / 365;
	uint32_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	/* From March on, five months have 153 days: 31, 30, 31, 30, 31, and again. */
	uint32_t month_from_march = (5 * day_of_year + 2) / 153;
	uint32_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;

	return (struct civil_date){
		.year = 400 * era + year_of_era + (month <= 2),
		.month = month,
		.day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
	};
}

/* Writes `value` with leading zeros in `digits` places. */
static void
put_digits(char *out, unsigned digits, uint32_t value)
{
	while (digits > 0) {
		out[--digits] = (char)('0' + value % 10);
		value /= 10;
	}
}

void
rfc3339_format(uint64_t time_ns, char *out)
{
	uint64_t seconds = time_ns / NS_PER_SECOND;
	uint32_t second_of_day = (uint32_t)(seconds % SECONDS_PER_DAY);
	struct civil_date date = civil_date_of((uint32_t)(seconds / SECONDS_PER_DAY));

	memcpy(out, "0000-00-00T00:00:00.000000000Z", RFC3339_LEN + 1);
	put_digits(out, 4, date.year);
	put_digits(out + 5, 2, date.month);
	put_digits(out + 8, 2, date.day);
	put_digits(out + 11, 2, second_of_day / 3600);
	put_digits(out + 14, 2, second_of_day / 60 % 60);
	put_digits(out + 17, 2, second_of_day % 60);
	put_digits(out + 20, 9, (uint32_t)(time_ns % NS_PER_SECOND));
}

/* Days since 1970 of a date that exists, from 1970 on. */
static uint32_t
days_of(const struct civil_date *date)
{
	uint32_t year = date->year - (date->month <= 2);
	uint32_t era = year / 400, year_of_era = year % 400;
	uint32_t month_from_march = date->month > 2 ? date->month - 3 : date->month + 9;
	uint32_t day_of_year = (153 * month_from_march + 2) / 5 + date->day - 1;
	uint32_t day_of_era = 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

/* `count` digits at `*at`, which is moved behind them. False where there are not so many. */
static bool
take_digits(const char **at, unsigned count, uint32_t *value)
{
	*value = 0;
	while (count-- > 0) {
		if (**at < '0' || **at > '9')
			return false;
		*value = 10 * *value + (uint32_t)(*(*at)++ - '0');
	}
	return true;
}

static bool
take_sign(const char **at, char sign)
{
	if (**at != sign)
		return false;
	(*at)++;
	return true;
}

/* "2026-12-01T" */
static bool
take_date(const char **at, struct civil_date *date)
{
	static const uint8_t days_of_month[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (!take_digits(at, 4, &date->year) || !take_sign(at, '-') ||
	    !take_digits(at, 2, &date->month) || !take_sign(at, '-') ||
	    !take_digits(at, 2, &date->day) || !take_sign(at, 'T'))
		return false;
	if (date->month < 1 || date->month > 12 || date->day < 1)
		return false;
	bool leap = date->year % 4 == 0 && (date->year % 100 != 0 || date->year % 400 == 0);
	uint32_t days = days_of_month[date->month - 1] + (uint32_t)(leap && date->month == 2);

	return date->day <= days;
}

/* "08:15:02" */
static bool
take_second_of_day(const char **at, uint32_t *second_of_day)
{
	uint32_t hour, minute, second;

	if (!take_digits(at, 2, &hour) || !take_sign(at, ':') || !take_digits(at, 2, &minute) ||
	    !take_sign(at, ':') || !take_digits(at, 2, &second))
		return false;
	*second_of_day = 3600 * hour + 60 * minute + second;
	return hour < 24 && minute < 60 && second < 60;
}

/* ".123456789", or fewer digits, or nothing. */
static bool
take_fraction(const char **at, uint32_t *ns)
{
	uint32_t digit, unit = NS_PER_SECOND;

	*ns = 0;
	if (!take_sign(at, '.'))
		return true;
	while (unit > 1 && take_digits(at, 1, &digit))
		*ns += digit * (unit /= 10);
	return unit < NS_PER_SECOND;
}

int
rfc3339_parse(const char *text, uint64_t *time_ns)
{
	struct civil_date date;
	uint32_t second_of_day, ns;
	uint64_t seconds;

	if (!take_date(&text, &date) || !take_second_of_day(&text, &second_of_day) ||
	    !take_fraction(&text, &ns) || !take_sign(&text, 'Z') || *text != '\0')
		return -EINVAL;
	if (date.year < 1970)
		return -ERANGE;
	seconds = (uint64_t)days_of(&date) * SECONDS_PER_DAY + second_of_day;
	if (seconds > (UINT64_MAX - ns) / NS_PER_SECOND)
		return -ERANGE;
	*time_ns = seconds * NS_PER_SECOND + ns;
	return 0;
}
