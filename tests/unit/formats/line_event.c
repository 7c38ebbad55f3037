/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/formats/line_event.h"

#include "dashboard-export/formats/event_members.h"
#include "tests/unit/dashboard-export/golden.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const line_event_names[] = {
	"alert-ipv4", "alert-ipv6", "served", "finding", "sensor", "test", "flow", "hostile", NULL,
};

static struct arena *arena;

const struct event *
line_event(const char *name)
{
	static char line[EVENT_LINE_MAX];
	static struct event event;
	char relative[128], why[256];

	snprintf(relative, sizeof(relative), "tests/golden/formats/input/%s.json", name);
	FILE *file = fopen(unit_source_path(relative), "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	size_t len = fread(line, 1, sizeof(line), file);
	fclose(file);
	arena_destroy(arena);
	arena = arena_create();
	CU_ASSERT_EQUAL_FATAL(event_parse(line, len, arena, &event, why), 0);
	event.sequence = 42;
	event.recorded_ns = LINE_EVENT_RECORDED_NS;
	return &event;
}

const struct format_context *
line_event_context(void)
{
	static const struct format_context context = {
		.sensor = "sensor-1.phares.example",
		.version = "0.1.0",
		.policy = "phares",
		.policy_version = 7,
		.enterprise_number = 32473,
		.facility = 20,
		.upload = FORMAT_UPLOAD_OUT,
		.process_id = 4711,
	};
	return &context;
}

/* The longest text and the event that has it everywhere. */
struct filling {
	struct event *event;
	const char *text;
};

static void
fill_words(const struct filling *f, struct event_words *words)
{
	for (words->count = 0; words->count < EVENT_WORDS_MAX; words->count++)
		words->words[words->count] = f->text;
}

static void
fill_steps(const struct filling *f)
{
	struct event *e = f->event;

	for (e->step_count = 0; e->step_count < EVENT_STEPS_MAX; e->step_count++)
		e->steps[e->step_count] = (struct event_step){f->text, f->text, f->text};
}

static void
fill_members(const struct filling *f, const struct event_members *members)
{
	for (size_t i = 0; i < members->count; i++) {
		const struct event_member *m = &members->rows[i];
		void *at = (char *)f->event + m->offset;
		if (m->kind == EVENT_MEMBER_TEXT)
			*(const char **)at = f->text;
		else if (m->kind == EVENT_MEMBER_COUNT || m->kind == EVENT_MEMBER_TIME)
			*(uint64_t *)at = UINT64_MAX;
		else if (m->kind == EVENT_MEMBER_PORT)
			*(uint16_t *)at = UINT16_MAX;
		else if (m->kind == EVENT_MEMBER_BOOL)
			*(bool *)at = true;
		else if (m->kind == EVENT_MEMBER_WORDS)
			fill_words(f, at);
		else if (m->kind == EVENT_MEMBER_STEPS)
			fill_steps(f);
		else if (m->kind == EVENT_MEMBER_OBJECT)
			fill_members(f, m->members);
		if (m->given != 0)
			*(bool *)((char *)f->event + m->given) = true;
	}
}

const struct event *
line_event_longest(const char *unit, size_t text_len)
{
	static struct event event;
	static char *text;
	struct filling filling = {&event, NULL};

	free(text);
	text = malloc(text_len + 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (size_t i = 0; i < text_len; i++)
		text[i] = unit[i % strlen(unit)];
	text[text_len] = '\0';
	filling.text = text;
	fill_members(&filling, &event_members_of_line);
	event.class = EVENT_CLASS_ALERT;
	event.id = "00112233445566778899aabbccddeeff";
	event.flow_id = "0123456789abcdef";
	event.sequence = event.recorded_ns = UINT64_MAX;
	event.severity = SEVERITY_CRITICAL;
	event.severity_before_exception = SEVERITY_INFORMATIONAL;
	return &event;
}

const char *
line_event_message(const struct format *format, bool envelope, const struct event *event,
		   const struct format_context *context)
{
	static char text[FORMAT_MESSAGE_MAX + 1];

	size_t len = format_message(format, envelope, event, context, text, FORMAT_MESSAGE_MAX);
	text[len] = '\0';
	CU_ASSERT_EQUAL(strlen(text), len);
	return text;
}

bool
line_event_all_match(const struct format *format, bool envelope, const char *folder)
{
	bool match = true;

	for (size_t i = 0; line_event_names[i] != NULL; i++) {
		const char *text = line_event_message(
			format, envelope, line_event(line_event_names[i]), line_event_context());
		char name[128];
		snprintf(name, sizeof(name), "formats/%s/%s.txt", folder, line_event_names[i]);
		match &= golden_matches(name, text, strlen(text));
	}
	return match;
}
