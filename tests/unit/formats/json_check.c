/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/formats/json_check.h"

#include "base/utf8.h"
#include "dashboard-export/formats/format_json.h"
#include "tests/unit/dashboard-export/golden.h"
#include "tests/unit/formats/sample_event.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

static const enum event_class classes[] = {EVENT_CLASS_FLOW, EVENT_CLASS_ALERT, EVENT_CLASS_FINDING,
					   EVENT_CLASS_SENSOR};
#define CLASSES (sizeof(classes) / sizeof(*classes))

static char message[FORMAT_MESSAGE_MAX + 1];

static size_t
write_sample(const struct format *format, const struct sample_event *sample)
{
	struct event event;

	sample->fill(&event);
	return format->write(&event, sample_context(), message, FORMAT_MESSAGE_MAX);
}

static json_t *
parse(const char *bytes, size_t len)
{
	json_error_t error;
	json_t *root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &error);

	if (root == NULL)
		printf("# no JSON at byte %d: %s\n", error.position, error.text);
	return root;
}

void
json_check_golden(const struct format *format)
{
	const struct sample_event *sample;

	for (unsigned i = 0; (sample = sample_event_at(i)) != NULL; i++) {
		char name[128];
		size_t len = write_sample(format, sample);
		CU_ASSERT_NOT_EQUAL_FATAL(len, 0);
		CU_ASSERT_PTR_NULL(memchr(message, '\n', len));
		json_t *root = parse(message, len);
		CU_ASSERT_PTR_NOT_NULL(root);
		json_decref(root);
		message[len] = '\n';
		snprintf(name, sizeof(name), "formats/%s/%s.json", format->name, sample->name);
		CU_ASSERT_TRUE(golden_matches(name, message, len + 1));
	}
}

/* Into memory of just that size, so that the sanitizer sees a byte behind it. */
static size_t
write_within(const struct format *format, const struct event *event,
	     const struct format_context *context, size_t size)
{
	char *room = malloc(size > 0 ? size : 1);

	CU_ASSERT_PTR_NOT_NULL_FATAL(room);
	size_t len = format->write(event, context, room, size);
	CU_ASSERT_TRUE(len <= size);
	if (len > 0) {
		json_t *root = parse(room, len);
		CU_ASSERT_PTR_NOT_NULL(root);
		CU_ASSERT_PTR_NULL(memchr(room, '\n', len));
		json_decref(root);
	}
	free(room);
	return len;
}

void
json_check_bounds(const struct format *format)
{
	const struct sample_event *sample;

	for (unsigned i = 0; (sample = sample_event_at(i)) != NULL; i++) {
		struct event event;
		size_t len = write_sample(format, sample);
		sample->fill(&event);
		CU_ASSERT_EQUAL(write_within(format, &event, sample_context(), len), len);
		for (size_t size = 0; size < len; size += size + 64 < len ? 61 : 1)
			CU_ASSERT_EQUAL(write_within(format, &event, sample_context(), size), 0);
	}
}

/* Texts of one byte, of escapes of six, and of bytes that become three. */
void
json_check_brief(const struct format *format)
{
	static const char fillings[] = {'a', '"', '\x01', '\xff'};
	static const size_t lens[] = {1, 8, 16, 48, 49, 80, 128, 192, 255, 4096};
	struct format_context context = *sample_context();
	size_t longest = 0;

	context.brief = true;
	for (size_t c = 0; c < CLASSES; c++)
		for (size_t f = 0; f < sizeof(fillings); f++)
			for (size_t l = 0; l < sizeof(lens) / sizeof(*lens); l++) {
				struct event event;
				sample_event_longest(classes[c], fillings[f], lens[l], &event);
				context.sensor = event.message;
				context.policy = event.message;
				size_t len = write_within(format, &event, &context,
							  FORMAT_JSON_BRIEF_MAX);
				CU_ASSERT_NOT_EQUAL(len, 0);
				longest = len > longest ? len : longest;
			}
	printf("# %s: the longest short message has %zu bytes\n", format->name, longest);
}

json_t *
json_check_sample(const struct format *format, const char *sample)
{
	struct event event;

	sample_event_fill(sample, &event);
	size_t len = format->write(&event, sample_context(), message, FORMAT_MESSAGE_MAX);
	json_t *root = parse(message, len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	return root;
}

const json_t *
json_check_at(const json_t *root, const char *path)
{
	char copy[128], *rest = copy, *part;

	snprintf(copy, sizeof(copy), "%s", path);
	while (root != NULL && (part = strsep(&rest, ".")) != NULL)
		root = json_is_array(root) ? json_array_get(root, strtoul(part, NULL, 10))
					   : json_object_get(root, part);
	return root;
}

static void
repair(const char *text, char *out, size_t size)
{
	size_t left = strlen(text), used = 0;

	while (left > 0 && used + 4 < size) {
		size_t len = utf8_decode(text, left, NULL);
		memcpy(out + used, len > 0 ? text : UTF8_REPLACEMENT,
		       len > 0 ? len : UTF8_REPLACEMENT_LEN);
		used += len > 0 ? len : UTF8_REPLACEMENT_LEN;
		text += len > 0 ? len : 1;
		left -= len > 0 ? len : 1;
	}
	out[used] = '\0';
}

bool
json_check_text(const json_t *root, const char *path, const char *text)
{
	char repaired[4096];
	const json_t *at = json_check_at(root, path);
	const char *found = json_string_value(at);

	if (text == NULL)
		return at == NULL;
	repair(text, repaired, sizeof(repaired));
	if (found != NULL && strcmp(found, repaired) == 0)
		return true;
	printf("# %s: \"%s\", wanted \"%s\"\n", path, found != NULL ? found : "(nothing)",
	       repaired);
	return false;
}

bool
json_check_number(const json_t *root, const char *path, long long number)
{
	const json_t *found = json_check_at(root, path);

	if (json_is_integer(found) && json_integer_value(found) == number)
		return true;
	printf("# %s: %" JSON_INTEGER_FORMAT ", wanted %lld\n", path, json_integer_value(found),
	       number);
	return false;
}
