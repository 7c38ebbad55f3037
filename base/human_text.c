/* SPDX-License-Identifier: Apache-2.0 */
#include "base/human_text.h"

#include <stdio.h>
#include <string.h>

/* Writes the number in decimal digits and returns the place behind them. */
static char *
put_number(char *at, uint64_t number)
{
	char reversed[20]; /* as many as 2^64 - 1 has */
	unsigned len = 0;

	do {
		reversed[len++] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	while (len > 0)
		*at++ = reversed[--len];
	return at;
}

struct human_text
human_bytes(uint64_t bytes)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	struct human_text out;
	unsigned unit = 0;

	while (bytes >> (10 * unit) >= 1024)
		unit++;
	if (unit == 0) {
		strcpy(put_number(out.text, bytes), " B");
		return out;
	}
	uint64_t size = UINT64_C(1) << (10 * unit);
	uint64_t whole = bytes / size;
	/* The rest is below 2^60, so ten times as much and half a unit fit into 64 bits. */
	uint64_t tenths = (bytes % size * 10 + size / 2) / size;
	if (tenths == 10) {
		tenths = 0;
		whole++;
	}
	if (whole == 1024) { /* 1,023.96 KiB reads 1.0 MiB */
		whole = 1;
		unit++;
	}
	char *at = put_number(out.text, whole);
	*at++ = '.';
	*at++ = (char)('0' + tenths);
	*at++ = ' ';
	strcpy(at, units[unit]);
	return out;
}

struct human_text
human_count(uint64_t count)
{
	struct human_text out;
	char reversed[sizeof(out.text)];
	unsigned len = 0;

	for (unsigned digits = 0; count > 0 || digits == 0; digits++) {
		if (digits > 0 && digits % 3 == 0)
			reversed[len++] = ',';
		reversed[len++] = (char)('0' + count % 10);
		count /= 10;
	}
	for (unsigned i = 0; i < len; i++)
		out.text[i] = reversed[len - 1 - i];
	out.text[len] = '\0';
	return out;
}

struct human_text
human_percent(uint64_t part, uint64_t whole)
{
	struct human_text out = {.text = "-"};

	if (whole == 0)
		return out;
	double percent = 100.0 * (double)part / (double)whole;
	unsigned tenths = (unsigned)(percent * 10 + 0.5);
	if (part > 0 && tenths == 0)
		strcpy(out.text, "<0.1%");
	else if (part < whole && tenths >= 1000)
		strcpy(out.text, ">99.9%");
	else
		snprintf(out.text, sizeof(out.text), "%u.%u%%", tenths / 10, tenths % 10);
	return out;
}
