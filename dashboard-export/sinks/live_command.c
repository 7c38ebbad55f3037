/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/live_command.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MINUTE_NS UINT64_C(60000000000)

void
live_escape(const char *text, char out[LIVE_ESCAPED_MAX])
{
	static const char hex[] = "0123456789ABCDEF";
	size_t left = strnlen(text, LIVE_TEXT_MAX), len = 0;

	while (left > 0) {
		uint32_t code_point = 0;
		size_t taken = utf8_decode(text, left, &code_point);
		bool plain = taken > 0 && code_point > ' ' && !utf8_is_unsafe(code_point) &&
			     (taken > 1 || strchr("%|:*", *text) == NULL);
		if (taken == 0)
			taken = 1;
		for (size_t i = 0; i < taken; i++) {
			uint8_t byte = (uint8_t)text[i];
			if (plain) {
				out[len++] = text[i];
				continue;
			}
			out[len++] = '%';
			out[len++] = hex[byte >> 4];
			out[len++] = hex[byte & 0xf];
		}
		text += taken;
		left -= taken;
	}
	out[len] = '\0';
}

void
live_minute_format(uint64_t minute, char out[LIVE_MINUTE_LEN + 1])
{
	char text[RFC3339_LEN + 1];

	rfc3339_format(minute * MINUTE_NS, text);
	memcpy(out, text, LIVE_MINUTE_LEN - 1);
	memcpy(out + LIVE_MINUTE_LEN - 1, "Z", 2);
}

void
live_command_begin(struct live_command *c, const char *sensor, uint64_t minute)
{
	char name[LIVE_MINUTE_LEN + 1];

	live_minute_format(minute, name);
	snprintf(c->key, sizeof(c->key), "vigie:live:%s:%s", sensor, name);
	c->rows = 0;
}

bool
live_command_add(struct live_command *c, const struct live_row *row)
{
	static const char *const names[] = {"up", "down", "flows"};
	const uint64_t sums[] = {row->sums.up, row->sums.down, row->sums.flows};
	char zone[LIVE_ESCAPED_MAX] = "*", operator_id[LIVE_ESCAPED_MAX] = "*",
	     exposure[LIVE_ESCAPED_MAX] = "*";

	if (!row->others) {
		live_escape(row->zone, zone);
		live_escape(row->operator_id, operator_id);
		live_escape(row->exposure, exposure);
	}
	for (size_t i = 0; i < 3; i++) {
		size_t at = 3 * c->rows + i;
		int len = snprintf(c->fields[at], LIVE_FIELD_MAX, "%s|%s|%s|%s", zone, operator_id,
				   exposure, names[i]);
		c->words[2 + 2 * at] = c->fields[at];
		c->lens[2 + 2 * at] = (size_t)len;
		len = snprintf(c->values[at], sizeof(c->values[at]), "%" PRIu64, sums[i]);
		c->words[3 + 2 * at] = c->values[at];
		c->lens[3 + 2 * at] = (size_t)len;
	}
	return ++c->rows == LIVE_COMMAND_ROWS;
}

int
live_command_put(struct live_command *c, struct redis_connection *redis, size_t *replies)
{
	size_t count = 2 + 6 * c->rows;

	if (c->rows == 0)
		return 0;
	c->words[0] = "HSET";
	c->lens[0] = 4;
	c->words[1] = c->key;
	c->lens[1] = strlen(c->key);
	c->rows = 0;
	(*replies)++;
	return redis_connection_put(redis, count, c->words, c->lens);
}
