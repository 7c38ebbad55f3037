/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/syslog_envelope.h"

#include <string.h>

#include "base/rfc3339.h"
#include "dashboard-export/formats/text_values.h"

/* RFC 5424 6. */
#define HOSTNAME_MAX_LEN 255
#define MSGID_MAX_LEN 32

/* RFC 5424 allows six digits of a second's fraction; QRadar documents three. */
#define TIMESTAMP_LEN 23

/* RFC 5424 6.4: a MSG in UTF-8 begins with it. */
#define BOM "\xef\xbb\xbf"
#define BOM_LEN 3

/* RFC 5424 7.3.1: from 1, and from there again. */
#define SEQUENCE_ID_MAX UINT64_C(2147483647)

/* RFC 5612: for examples, nobody's own. */
#define EXAMPLE_ENTERPRISE 32473

static const struct text_escape parameter_escape = {
	{['"'] = "\\\"", ['\\'] = "\\\\", [']'] = "\\]"}};

/* RFC 5424 6.2.1. */
static unsigned
severity_of(const struct event *event)
{
	static const unsigned numbers[SEVERITY_COUNT] = {
		[SEVERITY_INFORMATIONAL] = 6, [SEVERITY_LOW] = 5,      [SEVERITY_MEDIUM] = 4,
		[SEVERITY_HIGH] = 3,          [SEVERITY_CRITICAL] = 2,
	};
	return event->has_severity ? numbers[event->severity] : 6;
}

/* A field of the header, or NILVALUE, and a space. */
static void
write_header_field(struct text_writer *w, const char *text, size_t max_len)
{
	size_t len = text != NULL ? strlen(text) : 0;

	if (len == 0)
		text_writer_put(w, "-");
	for (size_t i = 0; i < len && i < max_len; i++) {
		char c = text[i] > 0x20 && text[i] < 0x7f ? text[i] : '_';
		text_writer_raw(w, &c, 1);
	}
	text_writer_put(w, " ");
}

static void
write_timestamp(struct text_writer *w, const struct event *event)
{
	uint64_t time_ns = event_time_ns(event);
	char text[RFC3339_LEN + 1];

	if (time_ns == 0) {
		text_writer_put(w, "- ");
		return;
	}
	rfc3339_format(time_ns, text);
	text_writer_raw(w, text, TIMESTAMP_LEN);
	text_writer_put(w, "Z ");
}

static void
write_header(struct text_writer *w, const struct event *event, const struct format_context *context)
{
	text_writer_put(w, "<");
	text_writer_uint(w, 8 * (uint64_t)context->facility + severity_of(event));
	text_writer_put(w, ">1 ");
	write_timestamp(w, event);
	write_header_field(w, context->sensor, HOSTNAME_MAX_LEN);
	text_writer_put(w, "vigie ");
	if (context->process_id != 0)
		text_writer_uint(w, context->process_id);
	text_writer_put(w, context->process_id != 0 ? " " : "- ");
	write_header_field(w, text_value_rule(event), MSGID_MAX_LEN);
}

/* RFC 5424 7.2 and 7.3. */
static void
write_registered(struct text_writer *w, const struct event *event,
		 const struct format_context *context)
{
	text_writer_put(w, "[origin software=\"vigie\" swVersion=\"");
	text_writer_text(w, context->version, strlen(context->version), 32, &parameter_escape);
	text_writer_put(w, "\"");
	if (context->enterprise_number != EXAMPLE_ENTERPRISE) {
		text_writer_put(w, " enterpriseId=\"");
		text_writer_uint(w, context->enterprise_number);
		text_writer_put(w, "\"");
	}
	text_writer_put(w, "]");
	if (event->sequence == 0)
		return;
	text_writer_put(w, "[meta sequenceId=\"");
	text_writer_uint(w, (event->sequence - 1) % SEQUENCE_ID_MAX + 1);
	text_writer_put(w, "\"]");
}

/* What `write` puts into the room that is left; where it fits nothing, nothing fits. */
static void
write_part(struct text_writer *w,
	   size_t (*write)(const struct event *event, const struct format_context *context,
			   char *out, size_t size),
	   const struct event *event, const struct format_context *context)
{
	size_t len = w->overflow ? 0 : write(event, context, w->at, (size_t)(w->end - w->at));

	if (len == 0)
		w->overflow = true;
	w->at += len;
}

static bool
is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] >= 0x80)
			return false;
	}
	return true;
}

/*
 * The sentence of the format `syslog` is text of nobody else's standard, so where it is not ASCII
 * the BOM says that it is UTF-8. CEF, LEEF and JSON are UTF-8 by their own standards, and readers
 * look for their first letter: RFC 5424's MSG-ANY.
 */
static void
mark_encoding(struct text_writer *w, char *message)
{
	size_t len = (size_t)(w->at - message);

	if (w->overflow || is_ascii(message, len))
		return;
	memmove(message + BOM_LEN, message, len);
	memcpy(message, BOM, BOM_LEN);
	w->at += BOM_LEN;
}

size_t
syslog_envelope_write(const struct format *format, const struct event *event,
		      const struct format_context *context, char *out, size_t size)
{
	bool has_fields = format->write_structured_data != NULL;
	struct text_writer w;

	/* Room for the mark is kept. */
	if (size < BOM_LEN)
		return 0;
	text_writer_init(&w, out, has_fields ? size - BOM_LEN : size);
	write_header(&w, event, context);
	if (has_fields) {
		write_registered(&w, event, context);
		write_part(&w, format->write_structured_data, event, context);
	} else {
		text_writer_put(&w, "-");
	}
	text_writer_put(&w, " ");
	char *message = w.at;
	write_part(&w, format->write, event, context);
	if (has_fields)
		mark_encoding(&w, message);
	return text_writer_len(&w);
}
