/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RFC 5424 as it was meant: the fields are parameters of one element of structured data, the
 * sentence is the message. Without an envelope there is no place for the fields, so that
 * format_message gives it one always.
 */
#include "dashboard-export/formats/format.h"

#include "dashboard-export/formats/text_details.h"
#include "dashboard-export/formats/text_values.h"

/* The sentence is the first thing that is cut, but not to nothing as long as the fields can be
 * less. */
#define SENTENCE_MAX_LEN 16384
#define SENTENCE_MIN_ROOM 1024

/* RFC 5424 6.3.3: these three, and no others. */
static const struct text_escape escape = {{['"'] = "\\\"", ['\\'] = "\\\\", [']'] = "\\]"}};

static const struct text_style style = {" ", "=\"", "\"", &escape};

static const struct text_field sensor = {
	.key = "sensor",
	.kind = TEXT_FIELD_MADE,
	.max_len = 255,
	.make = text_value_sensor,
};

static size_t
write_structured_data(const struct event *event, const struct format_context *context, char *out,
		      size_t size)
{
	struct text_telling telling = {event, context, &style, true};
	struct text_writer w;

	text_writer_init(&w, out, size);
	text_writer_put(&w, "[vigie@");
	text_writer_uint(&w, context->enterprise_number);
	text_details_write(&w, &telling, TEXT_DETAILS_SYSLOG);
	text_field_write(&w, &telling, sensor.key, &sensor);
	text_writer_put(&w, "]");
	return text_writer_len(&w);
}

static size_t
write_sentence(const struct event *event, const struct format_context *context, char *out,
	       size_t size)
{
	struct text_writer w;

	if (size < TEXT_WRITER_CUT_LEN || (!context->brief && size < SENTENCE_MIN_ROOM))
		return 0;
	text_writer_init(&w, out, size);
	text_value_write_sentence(&w, event, size < SENTENCE_MAX_LEN ? size : SENTENCE_MAX_LEN,
				  &text_escape_none);
	return text_writer_len(&w);
}

const struct format format_syslog = {
	.name = "syslog",
	.content_type = "text/plain; charset=utf-8",
	.write = write_sentence,
	.write_structured_data = write_structured_data,
};
