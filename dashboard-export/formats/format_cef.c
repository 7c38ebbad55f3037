/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ArcSight's Common Event Format, version 0, by its Implementation Standard. Two places of that
 * standard need a decision:
 *
 * `src` and `dst` are IPv4 there. IPv6 goes into c6a2 and c6a3 with the labels "Source IPv6
 * Address" and "Destination IPv6 Address": the standard's table has c6a1, c6a3 and c6a4 without a
 * meaning of their own, but receivers and other vendors use these two for source and destination.
 *
 * `in` are bytes from source to destination there, and `out` those that come back, so that an
 * upload is `in`; most vendors mean it the other way round. A setting decides, and cn2 tells the
 * upload in any case.
 */
#include "dashboard-export/formats/format.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/ip_address.h"
#include "dashboard-export/formats/text_details.h"
#include "dashboard-export/formats/text_values.h"

/* Limits of the standard. */
#define VERSION_MAX 31
#define NAME_MAX_LEN 512
#define BRIEF_NAME_MAX_LEN 128

/* The header is separated by pipes; no line break can be told in it. */
static const struct text_escape header_escape = {{['|'] = "\\|", ['\\'] = "\\\\"}};

static const struct text_escape value_escape = {
	{['='] = "\\=", ['\\'] = "\\\\", ['\n'] = "\\n", ['\r'] = "\\r"}};

static const struct text_style style = {" ", "=", "", &value_escape};

static const char *
of_version(const char *ip, unsigned version)
{
	struct ip_address address;

	return ip != NULL && ip_address_parse(ip, &address) == 0 && address.version == version
		       ? ip
		       : NULL;
}

static TEXT_VALUE(src)
{
	(void)context;
	(void)scratch;
	return of_version(event->source.ip, 4);
}

static TEXT_VALUE(src6)
{
	(void)context;
	(void)scratch;
	return of_version(event->source.ip, 6);
}

static TEXT_VALUE(dst)
{
	(void)context;
	(void)scratch;
	return of_version(event->destination.ip, 4);
}

static TEXT_VALUE(dst6)
{
	(void)context;
	(void)scratch;
	return of_version(event->destination.ip, 6);
}

static bool
goes(const struct event *event, const char *direction)
{
	return event->direction != NULL && strcmp(event->direction, direction) == 0;
}

/* The inside host, where it is the source. */
static TEXT_VALUE(shost)
{
	(void)context;
	(void)scratch;
	return goes(event, "ingress") ? NULL : event->host;
}

/* A host name; an address that stands as one has its own key. */
static TEXT_VALUE(dhost)
{
	struct ip_address address;

	(void)context;
	(void)scratch;
	if (event->domain != NULL)
		return event->domain;
	return event->name != NULL && ip_address_parse(event->name, &address) != 0 ? event->name
										   : NULL;
}

/* "The DNS domain part of the complete name": what is behind the first label, where that has two.
 */
static TEXT_VALUE(dns_domain)
{
	const char *name = text_value_dhost(event, context, scratch);
	const char *dot = name != NULL ? strchr(name, '.') : NULL;

	return dot != NULL && strchr(dot + 1, '.') != NULL ? dot + 1 : name;
}

static TEXT_VALUE(service)
{
	(void)context;
	(void)scratch;
	return event->service != NULL ? event->service : event->service_kind;
}

static TEXT_VALUE(server_name)
{
	(void)context;
	(void)scratch;
	return event->tls_server_name != NULL ? event->tls_server_name : event->name;
}

/* The standard writes them in capitals: "TCP". */
static TEXT_VALUE(proto)
{
	size_t i = 0;

	(void)context;
	if (event->transport == NULL)
		return NULL;
	for (; event->transport[i] != '\0' && i < TEXT_FIELD_SCRATCH - 1; i++)
		scratch[i] = (char)toupper((unsigned char)event->transport[i]);
	scratch[i] = '\0';
	return scratch;
}

static const char *
bytes_of(const struct event *event, bool upload, char *scratch)
{
	bool from_source = upload != goes(event, "ingress");
	const struct event_end *end = from_source ? &event->source : &event->destination;

	if (!end->has_counts)
		return NULL;
	snprintf(scratch, TEXT_FIELD_SCRATCH, "%" PRIu64, end->bytes);
	return scratch;
}

static TEXT_VALUE(in)
{
	return bytes_of(event, context->upload == FORMAT_UPLOAD_IN, scratch);
}

static TEXT_VALUE(out)
{
	return bytes_of(event, context->upload == FORMAT_UPLOAD_OUT, scratch);
}

/* Of several flows: aggregated. */
static TEXT_VALUE(type)
{
	(void)context;
	(void)scratch;
	return event->flows > 1 ? "1" : NULL;
}

/* Nothing is ever stopped here. */
static TEXT_VALUE(act)
{
	(void)context;
	(void)scratch;
	if (event->class == EVENT_CLASS_FLOW)
		return "observed";
	return event->class == EVENT_CLASS_SENSOR ? "reported" : "detected";
}

/* Data went out; nothing was stopped. */
static TEXT_VALUE(outcome)
{
	(void)context;
	(void)scratch;
	return event->has_counts && event->payload_out > 0 ? "success" : NULL;
}

static TEXT_VALUE(device_direction)
{
	(void)context;
	(void)scratch;
	if (goes(event, "egress"))
		return "1";
	return goes(event, "ingress") ? "0" : NULL;
}

/* The order of OCSF's confidence_id; no probability. */
static TEXT_VALUE(confidence)
{
	static const char *const words[] = {"low", "medium", "high"};

	(void)context;
	for (unsigned i = 0; event->confidence != NULL && i < 3; i++) {
		if (strcmp(event->confidence, words[i]) != 0)
			continue;
		snprintf(scratch, TEXT_FIELD_SCRATCH, "%u.0", i + 1);
		return scratch;
	}
	return NULL;
}

#define FIELD(name, type, member, max, brief_max)                                                 \
	{                                                                                         \
		.key = name, .kind = TEXT_FIELD_##type, .offset = offsetof(struct event, member), \
		.max_len = max, .brief_len = brief_max                                            \
	}
#define LABELLED(name, says, member, max, brief_max)                                             \
	{                                                                                        \
		.key = name, .label = says, .kind = TEXT_FIELD_TEXT,                             \
		.offset = offsetof(struct event, member), .max_len = max, .brief_len = brief_max \
	}
#define PORT(name, end)                                                                           \
	{                                                                                         \
		.key = name, .kind = TEXT_FIELD_PORT, .offset = offsetof(struct event, end.port), \
		.given = offsetof(struct event, end.has_port), .max_len = 5, .brief_len = 5       \
	}
#define MADE(name, says, value, max, brief_max)                                      \
	{                                                                            \
		.key = name, .label = says, .kind = TEXT_FIELD_MADE, .max_len = max, \
		.brief_len = brief_max, .make = text_value_##value                   \
	}

/* In the standard's own dictionary; longest values as there, but of ids, which are not cut. */
static const struct text_field fields[] = {
	MADE("rt", NULL, told_ms, 20, 20),
	MADE("start", NULL, start_ms, 20, 20),
	MADE("end", NULL, end_ms, 20, 20),
	FIELD("externalId", TEXT, id, 40, 40),
	{.key = "cn3",
	 .label = "Sequence",
	 .kind = TEXT_FIELD_COUNT,
	 .offset = offsetof(struct event, sequence),
	 .max_len = 20,
	 .brief_len = 20},
	MADE("cat", NULL, class, 16, 16),
	MADE("type", NULL, type, 1, 1),
	FIELD("cnt", COUNT, flows, 20, 20),
	MADE("act", NULL, act, 16, 16),
	MADE("outcome", NULL, outcome, 16, 16),
	MADE("deviceDirection", NULL, device_direction, 1, 1),
	MADE("src", NULL, src, 15, 15),
	MADE("c6a2", "Source IPv6 Address", src6, 45, 45),
	PORT("spt", source),
	MADE("shost", NULL, shost, TEXT_CODE_MAX, TEXT_CODE_MAX),
	MADE("dst", NULL, dst, 15, 15),
	MADE("c6a3", "Destination IPv6 Address", dst6, 45, 45),
	PORT("dpt", destination),
	MADE("dhost", NULL, dhost, 1023, 256),
	MADE("destinationDnsDomain", NULL, dns_domain, 255, 0),
	MADE("destinationServiceName", NULL, service, TEXT_ID_MAX, TEXT_ID_MAX),
	MADE("proto", NULL, proto, 31, 16),
	FIELD("app", TEXT, protocol, 31, 16),
	MADE("in", NULL, in, 20, 20),
	MADE("out", NULL, out, 20, 20),
	LABELLED("cs1", "Jurisdiction", exposure, 48, 32),
	LABELLED("cs2", "Provider", operator_id, TEXT_ID_MAX, TEXT_ID_MAX),
	LABELLED("cs3", "DataClass", data_class, 48, 32),
	LABELLED("cs4", "PolicyId", rule_id, TEXT_CODE_MAX, TEXT_CODE_MAX),
	MADE("cs5", "ServerName", server_name, 1023, 0),
	LABELLED("cs6", "JA4", tls_ja4, 64, 64),
	MADE("cn1", "ASN", as_number, 20, 20),
	MADE("cn2", "UploadBytes", payload_out, 20, 20),
	MADE("cfp1", "Confidence", confidence, 8, 8),
	LABELLED("flexString1", "Zone", zone, TEXT_ID_MAX, TEXT_ID_MAX),
	LABELLED("flexString2", "Host", host, TEXT_CODE_MAX, TEXT_CODE_MAX),
	MADE("frameworkName", NULL, framework, 16, 16),
	MADE("threatAttackID", NULL, technique, 16, 16),
	FIELD("reason", WORDS, evidence, 1023, 64),
	MADE("dvchost", NULL, sensor, 100, 100),
	MADE("deviceExternalId", NULL, sensor, 255, 0),
};

static const char *
name_of(const struct event *event)
{
	if (event->rule_name != NULL)
		return event->rule_name;
	if (event->class != EVENT_CLASS_FLOW)
		return event->rule_id;
	return event->has_severity ? "Network flow judged" : "Network flow";
}

static void
write_header(struct text_writer *w, const struct event *event, const struct format_context *context)
{
	const char *name = name_of(event), *rule = text_value_rule(event);

	text_writer_put(w, "CEF:0|vigie|vigie|");
	text_writer_text(w, context->version, strlen(context->version), VERSION_MAX,
			 &header_escape);
	text_writer_put(w, "|");
	text_writer_text(w, rule, strlen(rule), TEXT_CODE_MAX, &header_escape);
	text_writer_put(w, "|");
	text_writer_text(w, name, strlen(name), context->brief ? BRIEF_NAME_MAX_LEN : NAME_MAX_LEN,
			 &header_escape);
	text_writer_put(w, "|");
	text_writer_uint(w, event->has_severity ? severity_ecs(event->severity) : 0);
	text_writer_put(w, "|");
}

/* Last, since readers that know no escapes take it to the end of the line. */
static void
write_message(struct text_writer *w, const struct event *event,
	      const struct format_context *context)
{
	text_writer_put(w, " msg=");
	text_value_write_sentence(w, event, context->brief ? 600 : 1023, &value_escape);
}

static size_t
write_cef(const struct event *event, const struct format_context *context, char *out, size_t size)
{
	struct text_telling telling = {event, context, &style, false};
	struct text_writer w;

	text_writer_init(&w, out, size);
	write_header(&w, event, context);
	text_fields_write(&w, &telling, fields, sizeof(fields) / sizeof(*fields));
	text_details_write(&w, &telling, TEXT_DETAILS_CEF);
	write_message(&w, event, context);
	return text_writer_len(&w);
}

const struct format format_cef = {
	.name = "cef",
	.content_type = "text/plain; charset=utf-8",
	.write = write_cef,
};
