/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines in the shape of Suricata's eve.json, for receivers that read that: `alert` and `flow` as
 * they are there, notes of the sensor as `engine`, the type of Suricata's own log. What Suricata
 * has no place for stands in `vigie`.
 */
#include "dashboard-export/formats/format_json.h"

#include "base/rfc3339.h"

#include <stdlib.h>

/* Where "2026-12-01T08:15:02.123456789Z" has had six digits of its fraction. */
#define MICROSECOND_LEN 26

/* Numbers up to 2^51 - 1 are whole in every reader of JSON; Suricata cuts its ids there too. */
#define FLOW_ID_MASK ((UINT64_C(1) << 51) - 1)

#define SIGNATURE_ID_FIRST 1000000000u
#define SIGNATURE_ID_COUNT 1000000000u

#define NS_PER_S 1000000000u

static void
write_time(struct json_writer *w, const char *key, uint64_t time_ns)
{
	char text[RFC3339_LEN + 1];

	rfc3339_format(time_ns, text);
	memcpy(text + MICROSECOND_LEN, "+00", 3);
	json_writer_key(w, key);
	json_writer_raw(w, "\"", 1);
	json_writer_raw(w, text, MICROSECOND_LEN + 3);
	json_writer_raw(w, "00\"", 3);
	w->comma = true;
}

static void
write_flow_id(struct json_writer *w, const char *flow_id)
{
	char *end;

	if (flow_id == NULL || strspn(flow_id, "0123456789abcdef") != 16 || flow_id[16] != '\0')
		return;
	uint64_t number = strtoull(flow_id, &end, 16);
	json_writer_uint_member(w, "flow_id", number & FLOW_ID_MASK);
}

static const char *
proto_text(const char *transport)
{
	static const char *const rows[][2] = {
		{"tcp", "TCP"},   {"udp", "UDP"}, {"icmp", "ICMP"}, {"ipv6-icmp", "IPv6-ICMP"},
		{"sctp", "SCTP"}, {"esp", "ESP"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (format_json_is(transport, rows[i][0]))
			return rows[i][1];
	return transport;
}

static void
write_vlan(struct json_writer *w, const char *id)
{
	if (id != NULL && id[0] != '\0' && id[strspn(id, "0123456789")] == '\0')
		json_writer_uint(w, strtoul(id, NULL, 10));
}

/* VLAN ids are numbers here: from the outside in. */
static void
write_vlans(struct json_writer *w, const struct event *event)
{
	if (event->vlan_id == NULL)
		return;
	json_writer_open_array(w, "vlan");
	write_vlan(w, event->vlan_id);
	write_vlan(w, event->inner_vlan_id);
	json_writer_close(w, ']');
}

static void
write_tuple(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	format_json_ip(w, "src_ip", event->source.ip);
	if (event->source.has_port)
		json_writer_uint_member(w, "src_port", event->source.port);
	format_json_ip(w, "dest_ip", event->destination.ip);
	if (event->destination.has_port)
		json_writer_uint_member(w, "dest_port", event->destination.port);
	format_json_word(w, e, "proto", proto_text(event->transport));
	if (format_json_is(event->type, "ipv4"))
		json_writer_uint_member(w, "ip_v", 4);
	else if (format_json_is(event->type, "ipv6"))
		json_writer_uint_member(w, "ip_v", 6);
	format_json_word(w, e, "community_id", event->community_id);
	format_json_word(w, e, "app_proto", event->protocol);
}

/*
 * A number that is the same everywhere and for rules to come, without a table that everybody would
 * have to have: FNV-1a of the rule's id, in a range that no published set of rules uses.
 */
static uint32_t
signature_id(const char *rule_id)
{
	uint32_t hash = 2166136261u;

	for (const char *at = rule_id; *at != '\0'; at++)
		hash = (hash ^ (uint8_t)*at) * 16777619u;
	return SIGNATURE_ID_FIRST + hash % SIGNATURE_ID_COUNT;
}

/* Suricata's priorities: 1 is the highest. Readers of eve.json take 1 for high and 4 for nothing to
 * do, so the two highest share it. */
static unsigned
priority_of(const struct event *event)
{
	static const unsigned priorities[] = {
		[SEVERITY_INFORMATIONAL] = 4, [SEVERITY_LOW] = 3,      [SEVERITY_MEDIUM] = 2,
		[SEVERITY_HIGH] = 1,          [SEVERITY_CRITICAL] = 1,
	};

	return event->has_severity ? priorities[event->severity] : 4;
}

static const char *
category_of(const struct event *event)
{
	if (event->test)
		return "Test";
	if (event->class == EVENT_CLASS_FINDING)
		return "Governance";
	return event->class == EVENT_CLASS_SENSOR ? "Sensor" : "Data export";
}

static void
write_listed(struct json_writer *w, const struct format_json_event *e, const char *key,
	     const char *word)
{
	if (word == NULL)
		return;
	json_writer_open_array(w, key);
	json_writer_text(w, word, e->room.name);
	json_writer_close(w, ']');
}

/* Of rules, Suricata's metadata are lists of texts. */
static void
write_alert_metadata(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	if (!e->room.lists)
		return;
	json_writer_open_object(w, "metadata");
	write_listed(w, e, "policy", e->context->policy);
	write_listed(w, e, "confidence", event->confidence);
	if (event->has_severity)
		write_listed(w, e, "severity", severity_text(event->severity));
	if (event_technique(event) != NULL) {
		write_listed(w, e, "mitre_tactic_id", "TA0010");
		write_listed(w, e, "mitre_technique_id", event_technique(event));
	}
	json_writer_close(w, '}');
}

static void
write_alert(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	json_writer_open_object(w, "alert");
	json_writer_plain_member(w, "action", "allowed");
	json_writer_uint_member(w, "gid", 1);
	if (event->rule_id != NULL)
		json_writer_uint_member(w, "signature_id", signature_id(event->rule_id));
	json_writer_uint_member(w, "rev",
				e->context->policy_version != 0 ? e->context->policy_version : 1);
	format_json_text(w, e, "signature",
			 event->rule_name != NULL ? event->rule_name : event->rule_id);
	json_writer_plain_member(w, "category", category_of(event));
	json_writer_uint_member(w, "severity", priority_of(event));
	write_alert_metadata(w, e);
	json_writer_close(w, '}');
}

/* The server is the destination, whoever is inside. */
static void
write_flow(struct json_writer *w, const struct event *event)
{
	if (!event->has_counts)
		return;
	json_writer_open_object(w, "flow");
	if (event->source.has_counts) {
		json_writer_uint_member(w, "pkts_toserver", event->source.packets);
		json_writer_uint_member(w, "bytes_toserver", event->source.bytes);
	}
	if (event->destination.has_counts) {
		json_writer_uint_member(w, "pkts_toclient", event->destination.packets);
		json_writer_uint_member(w, "bytes_toclient", event->destination.bytes);
	}
	write_time(w, "start", event->start_ns);
	if (event->class == EVENT_CLASS_FLOW) {
		write_time(w, "end", event->end_ns);
		json_writer_uint_member(w, "age", event->duration_ns / NS_PER_S);
	}
	json_writer_close(w, '}');
}

static const char *
tls_version_text(const char *version)
{
	static const char *const rows[][2] = {
		{"1.0", "TLSv1"},
		{"1.1", "TLS 1.1"},
		{"1.2", "TLS 1.2"},
		{"1.3", "TLS 1.3"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (format_json_is(version, rows[i][0]))
			return rows[i][1];
	return version;
}

static void
write_tls(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	if (event->tls_version == NULL && event->tls_server_name == NULL &&
	    event->tls_ja4 == NULL && !event->tls_resumed)
		return;
	json_writer_open_object(w, "tls");
	format_json_name(w, e, "sni", event->tls_server_name);
	format_json_word(w, e, "version", tls_version_text(event->tls_version));
	if (e->room.secondary)
		format_json_code(w, e, "ja4", event->tls_ja4);
	if (event->tls_resumed && e->room.secondary)
		json_writer_bool_member(w, "session_resumed", true);
	json_writer_close(w, '}');
}

static void
write_engine(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;
	bool bad = event->has_severity && event->severity > SEVERITY_INFORMATIONAL;

	json_writer_plain_member(w, "log_level", bad ? "Warning" : "Info");
	json_writer_open_object(w, "engine");
	format_json_text(w, e, "message", event->message);
	json_writer_plain_member(w, "module", "vigie");
	json_writer_close(w, '}');
}

/* What says which alert this is and which telling of it; then the block as it is everywhere. */
static void
write_vigie(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;
	const struct event_end *far =
		format_json_is(event->direction, "ingress") ? &event->source : &event->destination;

	json_writer_open_object(w, "vigie");
	format_json_code(w, e, "id", event->id);
	if (event->sequence != 0)
		json_writer_uint_member(w, "sequence", event->sequence);
	format_json_code(w, e, "rule", event->rule_id);
	format_json_text(w, e, "message", event->message);
	write_time(w, "start", event->start_ns);
	write_time(w, "end", event->end_ns);
	if (event->recorded_ns != 0)
		write_time(w, "recorded", event->recorded_ns);
	format_json_name(w, e, "domain", event->domain);
	if (far->as_number != 0)
		json_writer_uint_member(w, "as_number", far->as_number);
	if (e->room.secondary)
		format_json_name(w, e, "as_organization", far->as_organization);
	format_json_word(w, e, "country", far->country);
	format_json_vigie(w, e);
	json_writer_close(w, '}');
}

static void
write_body(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;
	/* A test has to go the way of an alert. */
	bool engine = event->class == EVENT_CLASS_SENSOR && !event->test;
	bool flow = event->class == EVENT_CLASS_FLOW;

	write_time(w, "timestamp", format_json_own_time_ns(event));
	write_flow_id(w, event->flow_id);
	json_writer_plain_member(w, "event_type", flow ? "flow" : engine ? "engine" : "alert");
	format_json_name(w, e, "host", e->context->sensor);
	if (e->room.lists)
		format_json_text(w, e, "pcap_filename", event->capture);
	write_vlans(w, event);
	write_tuple(w, e);
	if (engine)
		write_engine(w, e);
	else if (!flow)
		write_alert(w, e);
	write_flow(w, event);
	write_tls(w, e);
	write_vigie(w, e);
}

static size_t
write_eve(const struct event *event, const struct format_context *context, char *out, size_t size)
{
	return format_json_write(write_body, event, context, out, size);
}

const struct format format_eve = {
	.name = "eve",
	.content_type = "application/json",
	.write = write_eve,
};
