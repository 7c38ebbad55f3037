/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A unit is 1,024 times the one before. */
static const char *const units[] = {"", "KiB", "MiB", "GiB", "TiB"};
#define UNIT_COUNT (sizeof(units) / sizeof(*units))

/* Leading decimal digits of `*text`, which is moved behind them. False for none and beyond 64 bits.
 */
static bool
take_number(const char **text, uint64_t *out)
{
	const char *at = *text;
	uint64_t value = 0;

	for (; *at >= '0' && *at <= '9'; at++) {
		if (__builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*at - '0'), &value))
			return false;
	}
	if (at == *text)
		return false;
	*text = at;
	*out = value;
	return true;
}

bool
config_value_parse_uint(const char *text, uint64_t *out)
{
	uint64_t value;

	if (!take_number(&text, &value) || *text != '\0')
		return false;
	*out = value;
	return true;
}

bool
config_value_parse_size(const char *text, uint64_t *out)
{
	uint64_t value;

	if (!take_number(&text, &value))
		return false;
	for (unsigned i = 0; i < UNIT_COUNT; i++) {
		if (strcmp(text, units[i]) == 0 && value <= UINT64_MAX >> (10 * i)) {
			*out = value << (10 * i);
			return true;
		}
	}
	return false;
}

/* One to four digits to the end of the text, added to `value`. */
static bool
take_decimals(const char *text, uint64_t *value)
{
	uint64_t worth = CONFIG_VALUE_RATIO_ONE / 10;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++, worth /= 10) {
		if (*text < '0' || *text > '9' || worth == 0)
			return false;
		*value += worth * (uint64_t)(*text - '0');
	}
	return true;
}

bool
config_value_parse_ratio(const char *text, uint64_t *out)
{
	uint64_t value = CONFIG_VALUE_RATIO_ONE;

	if (*text != '0' && *text != '1')
		return false;
	value *= (uint64_t)(*text++ - '0');
	if (*text == '.' && !take_decimals(text + 1, &value))
		return false;
	if ((*text != '.' && *text != '\0') || value > CONFIG_VALUE_RATIO_ONE)
		return false;
	*out = value;
	return true;
}

void
config_value_format_size(uint64_t size, char *text)
{
	unsigned unit = 0;

	while (size != 0 && unit + 1 < UNIT_COUNT && size % 1024 == 0) {
		size /= 1024;
		unit++;
	}
	snprintf(text, CONFIG_VALUE_TEXT_MAX, "%" PRIu64 "%s", size, units[unit]);
}

void
config_value_format_ratio(uint64_t ratio, char *text)
{
	int len = snprintf(text, CONFIG_VALUE_TEXT_MAX, "%" PRIu64 ".%04" PRIu64,
			   ratio / CONFIG_VALUE_RATIO_ONE, ratio % CONFIG_VALUE_RATIO_ONE);

	while (len > 1 && text[len - 1] == '0')
		text[--len] = '\0';
	if (text[len - 1] == '.')
		text[len - 1] = '\0';
}
