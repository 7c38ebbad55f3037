/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line of JSON as the journal hands it out, told in every text format: whatever is in it, the
 * message keeps to its limit, is one line of clean UTF-8, and has the form that its standard asks
 * for.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "dashboard-export/formats/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char text[FORMAT_MESSAGE_MAX + 1];

static void
require(bool good)
{
	if (!good)
		abort();
}

/* A tab separates in LEEF, and stands nowhere else. */
static void
require_clean_line(const char *at, size_t left, bool tabs)
{
	while (left > 0) {
		uint32_t code_point;
		size_t len = utf8_decode(at, left, &code_point);
		require(len > 0);
		require(!utf8_is_unsafe(code_point) || (tabs && code_point == '\t'));
		at += len;
		left -= len;
	}
}

/* The next `sign` that no reverse solidus stands before; NULL: there is none. */
static char *
find_unescaped(char *at, char sign)
{
	for (; *at != '\0'; at++) {
		if (*at == sign)
			return at;
		if (*at == '\\' && *++at == '\0')
			return NULL;
	}
	return NULL;
}

static bool
is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Seven pipes, then keys and values where no `=` stands for itself in a value. */
static void
require_cef(char *at)
{
	require(strncmp(at, "CEF:0|vigie|vigie|", 18) == 0);
	for (unsigned i = 0; i < 7; i++) {
		at = find_unescaped(at, '|');
		require(at != NULL);
		at++;
	}
	for (char *equals = find_unescaped(at, '='); equals != NULL;) {
		char *key = equals;
		while (key > at && is_letter_or_digit(key[-1]))
			key--;
		require(key < equals && (key == at || key[-1] == ' '));
		at = equals + 1;
		equals = find_unescaped(at, '=');
	}
	/* No reverse solidus stands alone at the end. */
	for (; *at != '\0'; at++) {
		if (*at != '\\')
			continue;
		at++;
		require(*at != '\0' && strchr("=\\nr", *at) != NULL);
	}
}

/* Six pipes, the sixth field the tab's number, then pairs with tabs between. */
static void
require_leef(char *at)
{
	require(strncmp(at, "LEEF:2.0|vigie|vigie|", 21) == 0);
	for (unsigned i = 0; i < 5; i++) {
		at = strchr(at, '|');
		require(at != NULL);
		at++;
	}
	require(strncmp(at, "0x09|", 5) == 0);
	for (char *pair = at + 5; pair != NULL; pair = strchr(pair, '\t')) {
		pair += *pair == '\t';
		char *key = pair;
		while (is_letter_or_digit(*key))
			key++;
		require(key > pair && *key == '=');
	}
}

/* RFC 5424 6.3: returns what is behind the element. */
static char *
require_element(char *at)
{
	require(*at++ == '[');
	for (;;) {
		size_t len = strcspn(at, " =]\"");
		require(len > 0 && len <= 32);
		at += len;
		if (*at == '=') {
			require(at[1] == '"');
			char *end = at + 2;
			while (*end != '"') {
				require(*end != '\0' && *end != ']');
				if (*end == '\\') {
					end++;
					require(*end == '"' || *end == '\\' || *end == ']');
				}
				end++;
			}
			at = end + 1;
		}
		if (*at == ']')
			return at + 1;
		require(*at++ == ' ');
	}
}

/* RFC 5424 6.2; returns the structured data. */
static char *
require_header(char *at)
{
	static const size_t max_lens[] = {32, 255, 48, 128, 32};
	size_t priority = strspn(at + 1, "0123456789");

	require(at[0] == '<' && priority >= 1 && priority <= 3);
	at += priority + 1;
	require(strncmp(at, ">1 ", 3) == 0);
	at += 3;
	for (unsigned i = 0; i < 5; i++) {
		size_t len = 0;
		while (at[len] > 0x20 && at[len] < 0x7f)
			len++;
		require(len > 0 && len <= max_lens[i] && at[len] == ' ');
		at += len + 1;
	}
	return at;
}

static char *
require_structured_data(char *at)
{
	if (*at == '-') {
		at++;
	} else {
		require(*at == '[');
		while (*at == '[')
			at = require_element(at);
	}
	require(*at == ' ');
	return at + 1;
}

static void
require_mark(const char *message)
{
	for (const char *c = message; *c != '\0'; c++) {
		if ((unsigned char)*c >= 0x80) {
			require(strncmp(message, "\xef\xbb\xbf", 3) == 0);
			return;
		}
	}
}

static void
tell(const struct format *format, bool envelope, const struct event *event,
     const struct format_context *context, size_t limit)
{
	size_t len = format_message(format, envelope, event, context, text, limit);
	char *body = text;

	require(len > 0 && len <= limit);
	text[len] = '\0';
	require_clean_line(text, len, format == &format_leef);
	if (event->class != EVENT_CLASS_FLOW)
		require(strstr(text, event->id) != NULL);
	if (envelope || format == &format_syslog)
		body = require_structured_data(require_header(text));
	if (format == &format_cef)
		require_cef(body);
	else if (format == &format_leef)
		require_leef(body);
	else if (format == &format_syslog)
		require_mark(body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct format *const formats[] = {&format_cef, &format_leef, &format_syslog,
						       &format_text};
	static const size_t limits[] = {FORMAT_LIMIT_MIN, 8192, FORMAT_MESSAGE_MAX};
	static struct event event;
	struct format_context context = {
		.sensor = "sensor",
		.version = "1",
		.enterprise_number = 32473,
		.facility = 20,
		.upload = size % 2 == 0 ? FORMAT_UPLOAD_OUT : FORMAT_UPLOAD_IN,
	};
	struct arena *arena = arena_create();
	unsigned way = 0; /* which envelope and limit: all of them for every input take long */
	char why[256];

	for (size_t i = 0; i < size; i++)
		way += data[i];
	require(arena != NULL);
	int error = event_parse((const char *)data, size, arena, &event, why);
	require((error == 0) == (why[0] == '\0'));
	require_clean_line(why, strlen(why), false);
	event.sequence = size;
	for (unsigned i = 0; error == 0 && i < 4; i++)
		tell(formats[i], way % 2 != 0, &event, &context, limits[way / 2 % 3]);
	if (error == 0)
		require(event_clean(&event, arena) == 0);
	arena_destroy(arena);
	return 0;
}
