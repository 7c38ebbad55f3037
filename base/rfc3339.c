/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calendar is counted in years that begin on the 1st of March: then the leap day is the last
 * day of the year, and month and day follow from the day of the year by one division each. 400
 * years have 146,097 days, so the count of days since 1 March of the year 0 splits into eras that
 * are all alike.
 */
#include "base/rfc3339.h"

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
