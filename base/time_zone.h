/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days and hours of the clock on the wall, for packet times: a day of the policy begins at midnight
 * of its time zone and may have 23 or 25 hours. The rules of the zone are asked of the C library
 * once, when it is loaded, and kept as a table of offsets from 1970 to 2100 (later the last one
 * holds); after that every answer is pure, and any number of threads may ask.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct time_zone;

/** Time of day and calendar day of a moment. */
struct wall_time {
	int32_t day;      /**< days since 1970-01-01, of the zone's calendar */
	uint32_t seconds; /**< since that day's midnight by the clock shown, 0 to 86399 */
};

struct calendar_day {
	int32_t year;
	unsigned month; /**< 1 to 12 */
	unsigned day;   /**< 1 to 31 */
};

/** Room for "2026-12-01" and a NUL. */
#define TIME_ZONE_DATE_LEN 11

/**
 * Loads the zone of that IANA name ("Europe/Paris", "UTC"). Returns NULL with errno: ENOENT where
 * the system knows no such zone (or has no tzdata), EINVAL for a text that is no zone name, ENOMEM.
 * Changes TZ of the process while it runs, so no other thread may ask the C library for local times
 * meanwhile. Free with time_zone_destroy (NULL allowed).
 */
struct time_zone *time_zone_load(const char *name);
void time_zone_destroy(struct time_zone *zone);

/** The clock on the wall at `time_ns` (nanoseconds since 1970 UTC). */
struct wall_time time_zone_wall(const struct time_zone *zone, uint64_t time_ns);

/** The calendar's day of a day number. Days outside the years 0 to 9999 are given as the nearest
 * one within. */
struct calendar_day time_zone_calendar(int32_t day);

/** "2026-12-01" of a day number, into TIME_ZONE_DATE_LEN bytes. Days outside the years 0 to 9999
 * are written as the nearest one within. */
void time_zone_format_day(int32_t day, char *out);

/** Day number of a text "2026-12-01". Returns whether it is a day of the calendar; `*day` is left
 * alone where it is none. */
bool time_zone_parse_day(const char *text, int32_t *day);

/** The same day `months` later, the last of the month where that has fewer days (31 January and one
 * month give 28 or 29 February). Never beyond 9999-12-31. */
int32_t time_zone_add_months(int32_t day, unsigned months);
