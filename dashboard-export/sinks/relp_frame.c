/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/relp_frame.h"

#include <stdio.h>
#include <string.h>

#define NUMBER_DIGITS_MAX 9

/* A byte at `*at`; -1 behind the last. */
static int
byte_at(struct slice bytes, size_t at)
{
	return at < bytes.len ? bytes.data[at] : -1;
}

static bool
is_digit(int byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
is_letter(int byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* 1 to 9 digits, which fit 32 bits. They are followed by something else, so NEED_MORE at the end.
 */
static enum parse_result
parse_number(struct slice bytes, size_t *at, uint32_t *number)
{
	size_t start = *at;

	*number = 0;
	while (is_digit(byte_at(bytes, *at))) {
		if (*at - start == NUMBER_DIGITS_MAX)
			return PARSE_MALFORMED;
		*number = *number * 10 + (uint32_t)(bytes.data[(*at)++] - '0');
	}
	if (*at == bytes.len)
		return PARSE_NEED_MORE;
	return *at > start ? PARSE_FOUND : PARSE_MALFORMED;
}

static enum parse_result
parse_space(struct slice bytes, size_t *at)
{
	int byte = byte_at(bytes, *at);

	if (byte < 0)
		return PARSE_NEED_MORE;
	(*at)++;
	return byte == ' ' ? PARSE_FOUND : PARSE_MALFORMED;
}

static enum parse_result
parse_command(struct slice bytes, size_t *at, struct slice *command)
{
	size_t start = *at;

	while (is_letter(byte_at(bytes, *at)) && *at - start < RELP_COMMAND_MAX)
		(*at)++;
	if (*at == bytes.len)
		return PARSE_NEED_MORE;
	if (*at == start)
		return PARSE_MALFORMED;
	*command = slice_of(bytes.data + start, *at - start);
	return parse_space(bytes, at);
}

/* From the space behind the length to the newline. Without data the space may be there or not. */
static enum parse_result
parse_data(struct slice bytes, size_t *at, uint32_t len, struct slice *data)
{
	if (len > RELP_ANSWER_MAX)
		return PARSE_MALFORMED;
	if (len > 0 || byte_at(bytes, *at) == ' ') {
		enum parse_result space = parse_space(bytes, at);
		if (space != PARSE_FOUND)
			return space;
	}
	if (bytes.len - *at <= len)
		return PARSE_NEED_MORE;
	*data = slice_of(bytes.data + *at, len);
	*at += len;
	return bytes.data[(*at)++] == '\n' ? PARSE_FOUND : PARSE_MALFORMED;
}

enum parse_result
relp_frame_parse(struct slice bytes, struct relp_frame *frame)
{
	uint32_t len = 0;
	size_t at = 0;
	enum parse_result result = parse_number(bytes, &at, &frame->txnr);

	if (result == PARSE_FOUND)
		result = parse_space(bytes, &at);
	if (result == PARSE_FOUND)
		result = parse_command(bytes, &at, &frame->command);
	if (result == PARSE_FOUND)
		result = parse_number(bytes, &at, &len);
	if (result == PARSE_FOUND)
		result = parse_data(bytes, &at, len, &frame->data);
	frame->len = at;
	return result;
}

static bool
slice_is(struct slice s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.data, text, s.len) == 0;
}

bool
relp_frame_is(const struct relp_frame *frame, const char *command)
{
	return slice_is(frame->command, command);
}

/* What stands before the first `end` in `rest`, which goes on behind it. */
static struct slice
take_until(struct slice *rest, uint8_t end)
{
	const uint8_t *found = rest->len > 0 ? memchr(rest->data, end, rest->len) : NULL;
	struct slice taken = *rest;

	if (found == NULL) {
		*rest = (struct slice){0};
		return taken;
	}
	taken.len = (size_t)(found - rest->data);
	*rest = slice_of(found + 1, rest->len - taken.len - 1);
	return taken;
}

bool
relp_response_parse(struct slice data, struct relp_response *response)
{
	struct slice first = take_until(&data, '\n');

	*response = (struct relp_response){.further = data};
	for (size_t i = 0; i < 3; i++) {
		if (!is_digit(byte_at(first, i)))
			return false;
		response->code = response->code * 10 + (unsigned)(first.data[i] - '0');
	}
	if (first.len == 3)
		return true;
	if (first.data[3] != ' ')
		return false;
	response->text = slice_of(first.data + 4, first.len - 4);
	return true;
}

bool
relp_offer_find(struct slice further, const char *name, struct slice *value)
{
	while (further.len > 0) {
		struct slice line = take_until(&further, '\n');
		struct slice offer = take_until(&line, '=');
		if (!slice_is(offer, name))
			continue;
		*value = line;
		return true;
	}
	return false;
}

bool
relp_list_has(struct slice list, const char *word)
{
	while (list.len > 0) {
		if (slice_is(take_until(&list, ','), word))
			return true;
	}
	return false;
}

size_t
relp_frame_head(uint32_t txnr, const char *command, size_t len, char *out)
{
	int written = snprintf(out, RELP_HEAD_MAX + 1, "%u %.32s %zu%s", txnr, command, len,
			       len > 0 ? " " : "");

	return written > 0 && written <= RELP_HEAD_MAX ? (size_t)written : 0;
}

uint32_t
relp_txnr_next(uint32_t txnr)
{
	return txnr >= RELP_TXNR_MAX ? 1 : txnr + 1;
}

uint32_t
relp_txnr_distance(uint32_t from, uint32_t to)
{
	return to >= from ? to - from : RELP_TXNR_MAX - from + to;
}
