/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IBM QRadar's Log Event Extended Format 2.0. It has no escapes: what separates fields must not
 * stand in them. So a tab, a line break or, in the header, a pipe of somebody's text becomes a
 * space; the delimiter is the tab, which no name of ours has. Each key stands once, since QRadar
 * passes over the second of two.
 */
#include "dashboard-export/formats/format.h"

#include <string.h>

#include "dashboard-export/formats/text_details.h"
#include "dashboard-export/formats/text_values.h"

#define VERSION_MAX 31

static const struct text_escape header_escape = {
	{['|'] = " ", ['\t'] = " ", ['\n'] = " ", ['\r'] = " "}};

static const struct text_escape value_escape = {{['\t'] = " ", ['\n'] = " ", ['\r'] = " "}};

static const struct text_style style = {"\t", "=", "", &value_escape};

/* 1 to 10. */
static TEXT_VALUE(sev)
{
	unsigned sev = event->has_severity ? severity_ecs(event->severity) : 1;

	(void)context;
	scratch[0] = sev >= 10 ? '1' : (char)('0' + sev);
	scratch[1] = sev >= 10 ? '0' : '\0';
	scratch[2] = '\0';
	return scratch;
}

#define TEXT(name, member, max)                                                                 \
	{                                                                                       \
		.key = name, .kind = TEXT_FIELD_TEXT, .offset = offsetof(struct event, member), \
		.max_len = max, .brief_len = max                                                \
	}
#define NUMBER(name, type, member, flag)                                                          \
	{                                                                                         \
		.key = name, .kind = TEXT_FIELD_##type, .offset = offsetof(struct event, member), \
		.given = offsetof(struct event, flag), .max_len = 20, .brief_len = 20             \
	}
#define MADE(name, value, max)                                                          \
	{                                                                               \
		.key = name, .kind = TEXT_FIELD_MADE, .max_len = max, .brief_len = max, \
		.make = text_value_##value                                              \
	}

/* Predefined keys; those that QRadar normalises first. */
static const struct text_field fields[] = {
	MADE("cat", class, 16),
	MADE("devTime", told_ms, 20),
	MADE("sev", sev, 2),
	TEXT("proto", transport, 16),
	TEXT("src", source.ip, 48),
	NUMBER("srcPort", PORT, source.port, source.has_port),
	TEXT("dst", destination.ip, 48),
	NUMBER("dstPort", PORT, destination.port, destination.has_port),
	NUMBER("srcBytes", COUNT, source.bytes, source.has_counts),
	NUMBER("dstBytes", COUNT, destination.bytes, destination.has_counts),
	NUMBER("srcPackets", COUNT, source.packets, source.has_counts),
	NUMBER("dstPackets", COUNT, destination.packets, destination.has_counts),
	NUMBER("totalPackets", COUNT, packets, has_counts),
	{.key = "policy", .kind = TEXT_FIELD_MADE, .max_len = 192, .make = text_value_policy},
	MADE("sensor", sensor, 255),
};

static size_t
write_leef(const struct event *event, const struct format_context *context, char *out, size_t size)
{
	struct text_telling telling = {event, context, &style, false};
	const char *rule = text_value_rule(event);
	struct text_writer w;

	text_writer_init(&w, out, size);
	text_writer_put(&w, "LEEF:2.0|vigie|vigie|");
	text_writer_text(&w, context->version, strlen(context->version), VERSION_MAX,
			 &header_escape);
	text_writer_put(&w, "|");
	text_writer_text(&w, rule, strlen(rule), TEXT_CODE_MAX, &header_escape);
	text_writer_put(&w, "|0x09|");
	text_fields_write(&w, &telling, fields, sizeof(fields) / sizeof(*fields));
	text_details_write(&w, &telling, TEXT_DETAILS_LEEF);
	text_writer_put(&w, "\tmsg=");
	text_value_write_sentence(&w, event, context->brief ? 600 : 6144, &value_escape);
	return text_writer_len(&w);
}

const struct format format_leef = {
	.name = "leef",
	.content_type = "text/plain; charset=utf-8",
	.write = write_leef,
};
