/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include <string.h>

/*
 * RFC 3629 4: what the first byte says, and which second bytes keep overlong forms and surrogates
 * out.
 */
struct utf8_lead {
	uint8_t first;
	uint8_t last;
	uint8_t len;
	uint8_t second_min;
	uint8_t second_max;
};

static const struct utf8_lead utf8_leads[] = {
	{0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x80, 0xbf},
	{0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf}, {0xf0, 0xf0, 4, 0x90, 0xbf},
	{0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

static const struct utf8_lead *
utf8_find_lead(uint8_t byte)
{
	for (size_t i = 0; i < sizeof(utf8_leads) / sizeof(*utf8_leads); i++) {
		if (byte >= utf8_leads[i].first && byte <= utf8_leads[i].last)
			return &utf8_leads[i];
	}
	return NULL;
}

size_t
utf8_decode(const char *at, size_t left, uint32_t *code_point)
{
	const uint8_t *bytes = (const uint8_t *)at;
	uint32_t value;
	size_t len = 1;

	if (left == 0)
		return 0;
	value = bytes[0];
	if (value >= 0x80) {
		const struct utf8_lead *lead = utf8_find_lead(bytes[0]);
		if (lead == NULL || left < lead->len || bytes[1] < lead->second_min ||
		    bytes[1] > lead->second_max)
			return 0;
		len = lead->len;
		value &= 0x7fu >> len;
		for (size_t i = 1; i < len; i++) {
			if ((bytes[i] & 0xc0) != 0x80)
				return 0;
			value = value << 6 | (bytes[i] & 0x3fu);
		}
	}
	if (code_point != NULL)
		*code_point = value;
	return len;
}

struct code_range {
	uint32_t first;
	uint32_t last;
};

static bool
in_ranges(uint32_t code_point, const struct code_range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (code_point >= ranges[i].first && code_point <= ranges[i].last)
			return true;
	}
	return false;
}

bool
utf8_is_unsafe(uint32_t code_point)
{
	static const struct code_range unsafe[] = {
		{0x00, 0x1f}, {0x7f, 0x9f}, {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069},
	};
	return in_ranges(code_point, unsafe, sizeof(unsafe) / sizeof(*unsafe));
}

size_t
utf8_copy_clean(const char *text, char *out, size_t size)
{
	size_t left = strlen(text);
	size_t used = 0;

	while (left > 0) {
		uint32_t code_point;
		size_t len = utf8_decode(text, left, &code_point);
		bool keep = len > 0 && !utf8_is_unsafe(code_point);
		const char *from = keep ? text : UTF8_REPLACEMENT;
		size_t from_len = keep ? len : UTF8_REPLACEMENT_LEN;

		if (used + from_len >= size)
			break;
		memcpy(out + used, from, from_len);
		used += from_len;
		len = len > 0 ? len : 1;
		text += len;
		left -= len;
	}
	if (size > 0)
		out[used] = '\0';
	return used;
}

/*
 * The blocks that occur in names of organisations; the full Unicode tables would be kilobytes for
 * nothing.
 */
static unsigned
columns_of(uint32_t code_point)
{
	static const struct code_range combining[] = {
		{0x0300, 0x036f}, {0x0483, 0x0489}, {0x200b, 0x200d},
		{0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
	};
	static const struct code_range wide[] = {
		{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xac00, 0xd7a3},
		{0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
		{0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
	};
	if (code_point < 0x0300)
		return 1;
	if (in_ranges(code_point, combining, sizeof(combining) / sizeof(*combining)))
		return 0;
	return in_ranges(code_point, wide, sizeof(wide) / sizeof(*wide)) ? 2 : 1;
}

size_t
utf8_prefix(const char *text, size_t columns, size_t *width)
{
	size_t left = strlen(text);
	size_t used = 0;

	*width = 0;
	while (used < left) {
		uint32_t code_point;
		size_t len = utf8_decode(text + used, left - used, &code_point);
		unsigned wide = len > 0 ? columns_of(code_point) : 1;

		if (*width + wide > columns)
			break;
		*width += wide;
		used += len > 0 ? len : 1;
	}
	return used;
}

size_t
utf8_width(const char *text)
{
	size_t width;

	(void)utf8_prefix(text, SIZE_MAX, &width);
	return width;
}
