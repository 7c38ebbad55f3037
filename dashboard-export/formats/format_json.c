/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/format_json.h"

#include "base/ip_address.h"
#include "base/rfc3339.h"

/*
 * In full, lengths are those of the journal's lines (dashboard-export/flow_json_parts.h): what is
 * in the line is in the message. A host name may be all escapes of six bytes. In short, the first
 * row that fits is taken: identifiers of 48 bytes are in all of them, and only where every text is
 * that long does anything come down to the last.
 */
static const struct format_json_room rooms[] = {
	{.text = 6144, .name = 6 * 254, .code = 192, .word = 192, .lists = true, .secondary = true},
	{.text = 1024, .name = 253, .code = 192, .word = 192, .secondary = true},
	{.text = 256, .name = 253, .code = 128, .word = 64},
	{.text = 96, .name = 96, .code = 80, .word = 32},
	{.text = 48, .name = 48, .code = 48, .word = 32},
};

size_t
format_json_write(format_json_body body, const struct event *event,
		  const struct format_context *context, char *out, size_t size)
{
	size_t first = context->brief ? 1 : 0;
	size_t behind_last = context->brief ? sizeof(rooms) / sizeof(*rooms) : 1;

	for (size_t i = first; i < behind_last; i++) {
		struct format_json_event e = {.event = event, .context = context, .room = rooms[i]};
		struct json_writer w;

		json_writer_init(&w, out, size);
		json_writer_open(&w, '{');
		body(&w, &e);
		json_writer_close(&w, '}');
		if (!w.overflow)
			return json_writer_len(&w);
	}
	return 0;
}

static bool
is_there(const char *text)
{
	return text != NULL && text[0] != '\0';
}

void
format_json_text(struct json_writer *w, const struct format_json_event *e, const char *key,
		 const char *text)
{
	if (is_there(text))
		json_writer_text_member(w, key, text, e->room.text);
}

void
format_json_name(struct json_writer *w, const struct format_json_event *e, const char *key,
		 const char *name)
{
	if (is_there(name))
		json_writer_text_member(w, key, name, e->room.name);
}

/* Half an identifier would be another one. It is measured as it is written. */
static bool
code_fits(const char *code, size_t room)
{
	char written[256];
	struct json_writer w;

	json_writer_init(&w, written, room + 2);
	json_writer_text(&w, code, sizeof(written));
	return !w.overflow;
}

static void
write_whole(struct json_writer *w, const char *key, const char *text, size_t room)
{
	if (is_there(text) && code_fits(text, room))
		json_writer_text_member(w, key, text, room);
}

void
format_json_code(struct json_writer *w, const struct format_json_event *e, const char *key,
		 const char *code)
{
	write_whole(w, key, code, e->room.code);
}

void
format_json_word(struct json_writer *w, const struct format_json_event *e, const char *key,
		 const char *word)
{
	write_whole(w, key, word, e->room.word);
}

void
format_json_words(struct json_writer *w, const struct format_json_event *e, const char *key,
		  const struct event_words *words)
{
	if (words->count == 0 || !e->room.lists)
		return;
	json_writer_open_array(w, key);
	for (size_t i = 0; i < words->count; i++)
		json_writer_text(w, words->words[i], e->room.name);
	json_writer_close(w, ']');
}

void
format_json_number_text(struct json_writer *w, const char *key, uint64_t number)
{
	json_writer_key(w, key);
	json_writer_raw(w, "\"", 1);
	json_writer_uint(w, number);
	json_writer_raw(w, "\"", 1);
}

void
format_json_time(struct json_writer *w, const char *key, uint64_t time_ns)
{
	char text[RFC3339_LEN + 1];

	rfc3339_format(time_ns, text);
	json_writer_plain_member(w, key, text);
}

uint64_t
format_json_own_time_ns(const struct event *event)
{
	return event->class == EVENT_CLASS_FLOW ? event->timestamp_ns : event_time_ns(event);
}

void
format_json_raw(struct json_writer *w, const char *key, const char *json)
{
	json_writer_key(w, key);
	json_writer_raw(w, json, strlen(json));
	w->comma = true;
}

bool
format_json_is_ip(const char *text)
{
	struct ip_address address;

	return is_there(text) && ip_address_parse(text, &address) == 0;
}

void
format_json_ip(struct json_writer *w, const char *key, const char *ip)
{
	if (format_json_is_ip(ip))
		json_writer_plain_member(w, key, ip);
}

bool
format_json_is(const char *word, const char *wanted)
{
	return word != NULL && strcmp(word, wanted) == 0;
}

unsigned
format_json_protocol_number(const char *transport)
{
	static const struct {
		const char *transport;
		unsigned number;
	} rows[] = {
		{"tcp", 6}, {"udp", 17}, {"icmp", 1}, {"ipv6-icmp", 58}, {"sctp", 132}, {"esp", 50},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (format_json_is(transport, rows[i].transport))
			return rows[i].number;
	return 0;
}

const char *
format_json_dataset(const struct event *event)
{
	switch (event->class) {
	case EVENT_CLASS_FLOW:
		return "vigie.flow";
	case EVENT_CLASS_SENSOR:
		return "vigie.sensor";
	case EVENT_CLASS_ALERT:
	case EVENT_CLASS_FINDING:
		break;
	}
	return "vigie.alert";
}

const char *
format_json_rule_category(const struct event *event)
{
	switch (event->class) {
	case EVENT_CLASS_FINDING:
		return "governance";
	case EVENT_CLASS_SENSOR:
		return "sensor";
	case EVENT_CLASS_FLOW:
	case EVENT_CLASS_ALERT:
		break;
	}
	return "data-export";
}

bool
format_json_is_lowered(const struct event *event)
{
	return event->has_severity && is_there(event->exception) &&
	       event->severity < event->severity_before_exception;
}
