/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the rows of a minute are written to Redis: the key of the minute's hash, and in it three
 * fields for every row (docs/redis.md). One thread at a time.
 */
#pragma once

#include "base/rfc3339.h"
#include "dashboard-export/sinks/live_rows.h"
#include "dashboard-export/sinks/redis_connection.h"

/** Rows of one HSET. */
#define LIVE_COMMAND_ROWS 32

/** Length of "2026-12-01T08:15Z". */
#define LIVE_MINUTE_LEN 17

/** A text with every byte as %XX, and its NUL. */
#define LIVE_ESCAPED_MAX (3 * LIVE_TEXT_MAX + 1)

#define LIVE_KEY_MAX (LIVE_ESCAPED_MAX + 64)
#define LIVE_FIELD_MAX (3 * LIVE_ESCAPED_MAX + 16)

/** Room for the words of one HSET. */
struct live_command {
	char key[LIVE_KEY_MAX];
	char fields[3 * LIVE_COMMAND_ROWS][LIVE_FIELD_MAX];
	char values[3 * LIVE_COMMAND_ROWS][24];
	const char *words[2 + 6 * LIVE_COMMAND_ROWS];
	size_t lens[2 + 6 * LIVE_COMMAND_ROWS];
	size_t rows;
};

/**
 * Copies a text, LIVE_TEXT_MAX bytes at most, as a part of a key or a field: these are parted by
 * ':' and '|', and "*" stands for the others, so these three, '%', blanks, controls and what is no
 * UTF-8 become %XX.
 */
void live_escape(const char *text, char out[LIVE_ESCAPED_MAX]);

/** "2026-12-01T08:15Z"; `minute` since 1970 UTC. */
void live_minute_format(uint64_t minute, char out[LIVE_MINUTE_LEN + 1]);

/** Begins with the hash `vigie:live:SENSOR:MINUTE`; `sensor` is escaped already. */
void live_command_begin(struct live_command *command, const char *sensor, uint64_t minute);

/** Adds a row. Returns whether the command is now full and has to be put. */
bool live_command_add(struct live_command *command, const struct live_row *row);

/** Puts the command, if there is a row in it, and empties it for further rows of the same minute;
 * `replies` then counts one more. Returns as redis_connection_put. */
int live_command_put(struct live_command *command, struct redis_connection *redis, size_t *replies);
