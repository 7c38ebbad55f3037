/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/text_fields.h"

#include <string.h>

#include "base/utf8.h"

/* A list, and how much of its room is taken. */
struct listing {
	struct text_writer *w;
	const struct text_escape *escape;
	char *start;
	size_t max_len;
	bool full;
};

/* In front of the next entry. */
static void
separate(struct listing *l)
{
	if (l->w->at != l->start)
		text_writer_put(l->w, ",");
}

/* An entry stands whole or not at all; where one does not fit, the list ends in the mark. */
static void
end_entry(struct listing *l, char *before)
{
	size_t used = (size_t)(l->w->at - l->start);

	if (used + 1 + TEXT_WRITER_CUT_LEN <= l->max_len)
		return;
	l->w->at = before;
	separate(l);
	text_writer_put(l->w, TEXT_WRITER_CUT);
	l->full = true;
}

/*
 * Signs that stand between entries would say something wrong in one of them. An entry that is
 * longer than the list may be is not written to its end: end_entry takes it back.
 */
static void
write_word(struct listing *l, const char *word, const char *signs)
{
	while ((size_t)(l->w->at - l->start) <= l->max_len) {
		size_t len = strcspn(word, signs);
		text_writer_text(l->w, word, len, l->max_len, l->escape);
		if (word[len] == '\0')
			return;
		text_writer_put(l->w, UTF8_REPLACEMENT);
		word += len + 1;
	}
}

static void
write_words(struct listing *l, const struct event_words *words)
{
	for (size_t i = 0; i < words->count && !l->full; i++) {
		char *before = l->w->at;
		separate(l);
		write_word(l, words->words[i], ",");
		end_entry(l, before);
	}
}

static void
write_steps(struct listing *l, const struct event *event)
{
	for (size_t i = 0; i < event->step_count && !l->full; i++) {
		const struct event_step *step = &event->steps[i];
		char *before = l->w->at;
		separate(l);
		write_word(l, step->step, ",:");
		text_writer_put(l->w, ":");
		write_word(l, step->before, ",:");
		text_writer_put(l->w, ":");
		write_word(l, step->after, ",:");
		end_entry(l, before);
	}
}

static void
write_text(struct text_writer *w, const char *text, size_t max_len,
	   const struct text_escape *escape)
{
	if (text == NULL)
		return;
	text += strspn(text, " ");
	text_writer_text(w, text, strlen(text), max_len, escape);
}

static void
write_number(struct text_writer *w, const struct event *event, const struct text_field *field,
	     uint64_t value)
{
	bool there = field->given != 0 ? *(const bool *)((const char *)event + field->given)
				       : value != 0;

	if (there)
		text_writer_uint(w, value);
}

static void
write_value(struct text_writer *w, const struct text_telling *telling,
	    const struct text_field *field, size_t max_len)
{
	const struct event *event = telling->event;
	const struct text_escape *escape = telling->style->escape;
	const void *at = (const char *)event + field->offset;
	struct listing listing = {w, escape, w->at, max_len, false};
	char scratch[TEXT_FIELD_SCRATCH];

	switch (field->kind) {
	case TEXT_FIELD_TEXT:
		write_text(w, *(const char *const *)at, max_len, escape);
		break;
	case TEXT_FIELD_COUNT:
		write_number(w, event, field, *(const uint64_t *)at);
		break;
	case TEXT_FIELD_PORT:
		write_number(w, event, field, *(const uint16_t *)at);
		break;
	case TEXT_FIELD_TRUE:
		write_text(w, *(const bool *)at ? "true" : NULL, max_len, escape);
		break;
	case TEXT_FIELD_WORDS:
		write_words(&listing, at);
		break;
	case TEXT_FIELD_STEPS:
		write_steps(&listing, event);
		break;
	case TEXT_FIELD_MADE:
		write_text(w, field->make(event, telling->context, scratch), max_len, escape);
		break;
	}
}

void
text_field_write(struct text_writer *w, struct text_telling *telling, const char *key,
		 const struct text_field *field)
{
	const struct text_style *style = telling->style;
	size_t max_len = telling->context->brief ? field->brief_len : field->max_len;
	char *before = w->at;

	if (max_len == 0)
		return;
	if (telling->any)
		text_writer_put(w, style->between);
	text_writer_put(w, key);
	text_writer_put(w, style->before);
	char *value = w->at;
	write_value(w, telling, field, max_len);
	while (w->at > value && w->at[-1] == ' ')
		w->at--;
	if (w->at == value) {
		w->at = before;
		return;
	}
	text_writer_put(w, style->behind);
	telling->any = true;
	if (field->label == NULL)
		return;
	text_writer_put(w, style->between);
	text_writer_put(w, key);
	text_writer_put(w, "Label");
	text_writer_put(w, style->before);
	text_writer_put(w, field->label);
	text_writer_put(w, style->behind);
}

void
text_fields_write(struct text_writer *w, struct text_telling *telling,
		  const struct text_field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		text_field_write(w, telling, fields[i].key, &fields[i]);
}
