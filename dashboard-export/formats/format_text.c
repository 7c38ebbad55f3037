/* SPDX-License-Identifier: Apache-2.0 */
/* One line for people: when, how urgent, which rule, where, the sentence, and the alert's id. */
#include "dashboard-export/formats/format.h"

#include <string.h>

#include "dashboard-export/formats/text_details.h"
#include "dashboard-export/formats/text_values.h"

/* "2026-12-01T08:15:02" */
#define SECONDS_LEN 19

static void
write_time(struct text_writer *w, const struct event *event)
{
	struct event at = {.end_ns = event_time_ns(event)};
	char scratch[TEXT_FIELD_SCRATCH];
	const char *text = text_value_end(&at, NULL, scratch);

	if (text == NULL)
		return;
	text_writer_raw(w, text, SECONDS_LEN);
	text_writer_put(w, "Z ");
}

/* A word and a space; nothing where there is no word. */
static void
write_word(struct text_writer *w, const char *text)
{
	if (text == NULL)
		return;
	text_writer_text(w, text, strlen(text), TEXT_ID_MAX, &text_escape_none);
	text_writer_put(w, " ");
}

/* "[alert 00112233445566778899aabbccddeeff, 42]" */
static void
write_id(struct text_writer *w, const struct event *event, const struct format_context *context)
{
	char scratch[TEXT_FIELD_SCRATCH];

	text_writer_put(w, " [");
	text_writer_put(w, text_value_class(event, context, scratch));
	if (event->id != NULL) {
		text_writer_put(w, " ");
		text_writer_text(w, event->id, strlen(event->id), TEXT_CODE_MAX, &text_escape_none);
	}
	if (event->sequence != 0) {
		text_writer_put(w, ", ");
		text_writer_uint(w, event->sequence);
	}
	text_writer_put(w, "]");
}

static size_t
write_line(const struct event *event, const struct format_context *context, char *out, size_t size)
{
	char scratch[TEXT_FIELD_SCRATCH];
	struct text_writer w;

	text_writer_init(&w, out, size);
	write_time(&w, event);
	write_word(&w, context->sensor);
	write_word(&w, event->test ? "TEST" : NULL);
	write_word(&w, text_value_severity(event, context, scratch));
	write_word(&w, event->rule_id);
	write_word(&w, event->zone);
	write_word(&w, event->host);
	write_word(&w, event_technique(event));
	text_writer_put(&w, "- ");
	text_value_write_sentence(&w, event, context->brief ? 2048 : 16384, &text_escape_none);
	write_id(&w, event, context);
	return text_writer_len(&w);
}

const struct format format_text = {
	.name = "text",
	.content_type = "text/plain; charset=utf-8",
	.write = write_line,
};
