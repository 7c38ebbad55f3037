/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/event.h"

#include "base/utf8.h"
#include "dashboard-export/formats/event_members.h"

#include <errno.h>
#include <string.h>

/* An event being cleaned. */
struct cleaning {
	struct event *event;
	struct arena *arena;
	bool good;
};

static bool
is_clean(const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		uint32_t code_point;
		size_t len = utf8_decode(text, left, &code_point);
		if (len == 0 || utf8_is_unsafe(code_point))
			return false;
		text += len;
		left -= len;
	}
	return true;
}

static void
clean_text(struct cleaning *c, const char **text)
{
	if (*text == NULL || is_clean(*text))
		return;
	/* The longest replacement takes three bytes for one. */
	size_t size = 3 * strlen(*text) + 1;
	char *copy = arena_alloc(c->arena, size);
	if (copy == NULL) {
		c->good = false;
		return;
	}
	(void)utf8_copy_clean(*text, copy, size);
	*text = copy;
}

static void
clean_words(struct cleaning *c, struct event_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		clean_text(c, &words->words[i]);
}

static void
clean_steps(struct cleaning *c)
{
	for (size_t i = 0; i < c->event->step_count; i++) {
		clean_text(c, &c->event->steps[i].step);
		clean_text(c, &c->event->steps[i].before);
		clean_text(c, &c->event->steps[i].after);
	}
}

/* Goes down as deep as the table does. */
static void
clean_members(struct cleaning *c, const struct event_members *members)
{
	for (size_t i = 0; i < members->count; i++) {
		const struct event_member *member = &members->rows[i];
		void *at = (char *)c->event + member->offset;
		if (member->kind == EVENT_MEMBER_TEXT)
			clean_text(c, at);
		else if (member->kind == EVENT_MEMBER_WORDS)
			clean_words(c, at);
		else if (member->kind == EVENT_MEMBER_STEPS)
			clean_steps(c);
		else if (member->kind == EVENT_MEMBER_OBJECT)
			clean_members(c, member->members);
	}
}

int
event_clean(struct event *event, struct arena *arena)
{
	struct cleaning c = {event, arena, true};

	clean_members(&c, &event_members_of_line);
	return c.good ? 0 : -ENOMEM;
}

uint64_t
event_time_ns(const struct event *event)
{
	if (event->end_ns != 0)
		return event->end_ns;
	return event->start_ns != 0 ? event->start_ns : event->timestamp_ns;
}

uint64_t
event_told_ns(const struct event *event)
{
	return event->recorded_ns != 0 ? event->recorded_ns : event_time_ns(event);
}

static bool
is(const char *word, const char *wanted)
{
	return word != NULL && strcmp(word, wanted) == 0;
}

const char *
event_technique(const struct event *event)
{
	bool has_form = event->class == EVENT_CLASS_ALERT && !event->test &&
			is(event->direction, "egress") &&
			(is(event->service_kind, "object-storage") ||
			 is(event->service_kind, "file-sharing")) &&
			(is(event->shape, "export") || is(event->shape, "bulk"));

	return has_form ? "T1567.002" : NULL;
}
