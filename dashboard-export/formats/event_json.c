/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every object of the line is gone through once, and each member looked for in the object's table
 * from where the last one was found: lines have their members in the table's order, so that the
 * first comparison is nearly always the right one.
 */
#include "dashboard-export/formats/event.h"

#include "base/printable_text.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "dashboard-export/formats/event_members.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ALERT_ID_DIGITS 32
#define WHY_MAX 256

/* A line being read. */
struct reading {
	struct arena *arena;
	struct event *event;
	char *why;
	int error; /* the first; 0: none */
	bool has_kind;
};

static bool fault(struct reading *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Always false. */
static bool
fault(struct reading *r, const char *format, ...)
{
	va_list args;

	r->error = -EINVAL;
	va_start(args, format);
	(void)vsnprintf(r->why, WHY_MAX, format, args);
	va_end(args);
	return false;
}

/* Always false. */
static bool
out_of_memory(struct reading *r)
{
	r->error = -ENOMEM;
	snprintf(r->why, WHY_MAX, "out of memory");
	return false;
}

/* With U+FFFD for each NUL, which no text of ours can hold. */
static char *
copy_without_nul(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_alloc(arena, UTF8_REPLACEMENT_LEN * len + 1), *at = copy;

	for (size_t i = 0; copy != NULL && i < len; i++) {
		if (text[i] != '\0') {
			*at++ = text[i];
			continue;
		}
		memcpy(at, UTF8_REPLACEMENT, UTF8_REPLACEMENT_LEN);
		at += UTF8_REPLACEMENT_LEN;
	}
	return copy;
}

static bool
take_text(struct reading *r, const char *key, const json_t *value, const char **out)
{
	if (!json_is_string(value))
		return fault(r, "`%s` is no text", key);
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);
	*out = memchr(text, '\0', len) == NULL ? arena_copy_text(r->arena, text, len)
					       : copy_without_nul(r->arena, text, len);
	return *out != NULL || out_of_memory(r);
}

static bool
take_count(struct reading *r, const char *key, const json_t *value, uint64_t *out)
{
	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return fault(r, "`%s` is no count", key);
	*out = (uint64_t)json_integer_value(value);
	return true;
}

static bool
take_port(struct reading *r, const char *key, const json_t *value, uint16_t *out)
{
	uint64_t port = UINT64_MAX;

	if (!json_is_integer(value) || !take_count(r, key, value, &port) || port > UINT16_MAX)
		return fault(r, "`%s` is no port", key);
	*out = (uint16_t)port;
	return true;
}

static bool
take_bool(struct reading *r, const char *key, const json_t *value, bool *out)
{
	if (!json_is_boolean(value))
		return fault(r, "`%s` is neither true nor false", key);
	*out = json_is_true(value);
	return true;
}

static bool
take_time(struct reading *r, const char *key, const json_t *value, uint64_t *out)
{
	if (!json_is_string(value) || rfc3339_parse(json_string_value(value), out) != 0)
		return fault(r, "`%s` is no time in UTC since 1970", key);
	return true;
}

static bool
take_severity(struct reading *r, const char *key, const json_t *value, enum severity *out)
{
	if (!json_is_string(value))
		return fault(r, "`%s` is no text", key);
	for (unsigned i = 0; i < SEVERITY_COUNT; i++) {
		if (strcmp(json_string_value(value), severity_text(i)) != 0)
			continue;
		*out = (enum severity)i;
		return true;
	}
	return fault(r, "`%s` is no severity", key);
}

static bool
take_kind(struct reading *r, const json_t *value, enum event_class *out)
{
	const char *kind = json_string_value(value);

	if (kind == NULL || (strcmp(kind, "alert") != 0 && strcmp(kind, "event") != 0))
		return true;
	*out = strcmp(kind, "alert") == 0 ? EVENT_CLASS_ALERT : EVENT_CLASS_FLOW;
	r->has_kind = true;
	return true;
}

static bool
take_words(struct reading *r, const char *key, const json_t *value, struct event_words *out)
{
	if (!json_is_array(value) || json_array_size(value) > EVENT_WORDS_MAX)
		return fault(r, "`%s` is no list of at most %d words", key, EVENT_WORDS_MAX);
	for (size_t i = 0; i < json_array_size(value); i++) {
		const json_t *word = json_array_get(value, i);
		if (!json_is_string(word))
			return fault(r, "`%s` holds something that is no text", key);
		if (!take_text(r, key, word, &out->words[out->count++]))
			return false;
	}
	return true;
}

static bool
take_step(struct reading *r, const json_t *value, struct event_step *out)
{
	const json_t *step = json_object_get(value, "step");
	const json_t *before = json_object_get(value, "before");
	const json_t *after = json_object_get(value, "after");

	if (step == NULL || before == NULL || after == NULL)
		return fault(r, "a step lacks `step`, `before` or `after`");
	return take_text(r, "step", step, &out->step) &&
	       take_text(r, "before", before, &out->before) &&
	       take_text(r, "after", after, &out->after);
}

static bool
take_steps(struct reading *r, const char *key, const json_t *value)
{
	struct event *e = r->event;

	if (!json_is_array(value) || json_array_size(value) > EVENT_STEPS_MAX)
		return fault(r, "`%s` is no list of at most %d steps", key, EVENT_STEPS_MAX);
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (!take_step(r, json_array_get(value, i), &e->steps[e->step_count++]))
			return false;
	}
	return true;
}

static bool take_members(struct reading *r, const char *key, const json_t *object,
			 const struct event_members *members);

static bool
take_value(struct reading *r, const struct event_member *member, const json_t *value)
{
	void *out = (char *)r->event + member->offset;

	switch (member->kind) {
	case EVENT_MEMBER_TEXT:
		return take_text(r, member->key, value, out);
	case EVENT_MEMBER_COUNT:
		return take_count(r, member->key, value, out);
	case EVENT_MEMBER_PORT:
		return take_port(r, member->key, value, out);
	case EVENT_MEMBER_BOOL:
		return take_bool(r, member->key, value, out);
	case EVENT_MEMBER_TIME:
		return take_time(r, member->key, value, out);
	case EVENT_MEMBER_SEVERITY:
		return take_severity(r, member->key, value, out);
	case EVENT_MEMBER_KIND:
		return take_kind(r, value, out);
	case EVENT_MEMBER_WORDS:
		return take_words(r, member->key, value, out);
	case EVENT_MEMBER_STEPS:
		return take_steps(r, member->key, value);
	case EVENT_MEMBER_OBJECT:
		return take_members(r, member->key, value, member->members);
	}
	return true;
}

/* The member of that key, from `*next` on and around; NULL: we know none. */
static const struct event_member *
find_member(const struct event_members *members, const char *key, size_t *next)
{
	for (size_t i = 0; i < members->count; i++) {
		size_t at = *next + i < members->count ? *next + i : *next + i - members->count;
		if (strcmp(members->rows[at].key, key) != 0)
			continue;
		*next = at + 1 < members->count ? at + 1 : 0;
		return &members->rows[at];
	}
	return NULL;
}

/* Goes down as deep as the table does, whatever the line is like. */
static bool
take_members(struct reading *r, const char *key, const json_t *object,
	     const struct event_members *members)
{
	const char *name;
	json_t *value;
	size_t next = 0;

	if (!json_is_object(object))
		return fault(r, "`%s` is no object", key);
	/* The iterator takes no const object and changes nothing. */
	json_object_foreach((json_t *)(uintptr_t)object, name, value)
	{
		const struct event_member *member = find_member(members, name, &next);
		if (member == NULL)
			continue;
		if (!take_value(r, member, value))
			return false;
		if (member->given != 0)
			*(bool *)((char *)r->event + member->given) = true;
	}
	return true;
}

static bool
is_alert_id(const char *id)
{
	return id != NULL && strlen(id) == ALERT_ID_DIGITS &&
	       strspn(id, "0123456789abcdef") == ALERT_ID_DIGITS;
}

static bool
begins_with(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool
check_alert(struct reading *r)
{
	struct event *e = r->event;

	if (!is_alert_id(e->id))
		return fault(r, "`event.id` is not %d hexadecimal digits", ALERT_ID_DIGITS);
	if (e->rule_id == NULL || e->message == NULL || !e->has_severity)
		return fault(r, "an alert lacks `rule.id`, `message` or `vigie.severity`");
	if (begins_with(e->rule_id, "SYS-"))
		e->class = EVENT_CLASS_SENSOR;
	else if (begins_with(e->rule_id, "GOV-") && e->type == NULL)
		e->class = EVENT_CLASS_FINDING;
	return true;
}

static bool
take_line(struct reading *r, const json_t *root)
{
	struct event *e = r->event;

	e->severity_before_exception = SEVERITY_COUNT;
	if (!json_is_object(root))
		return fault(r, "expected an object");
	if (!take_members(r, "", root, &event_members_of_line))
		return false;
	if (!r->has_kind)
		return fault(r, "`event.kind` is neither `event` nor `alert`");
	if (e->severity_before_exception == SEVERITY_COUNT)
		e->severity_before_exception = e->severity;
	if (e->class == EVENT_CLASS_ALERT)
		return check_alert(r);
	e->id = e->flow_id;
	return true;
}

int
event_parse(const char *line, size_t len, struct arena *arena, struct event *out, char why[256])
{
	struct reading r = {arena, out, why, 0, false};
	json_error_t error;

	*out = (struct event){0};
	why[0] = '\0';
	if (len > EVENT_LINE_MAX) {
		(void)fault(&r, "a line of more than %d bytes", EVENT_LINE_MAX);
		return r.error;
	}
	json_t *root = json_loadb(line, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	if (root != NULL)
		(void)take_line(&r, root);
	else if (json_error_code(&error) == json_error_out_of_memory)
		(void)out_of_memory(&r);
	else
		(void)fault(&r, "no JSON: %.200s", printable_text(error.text).text);
	json_decref(root);
	return r.error;
}
