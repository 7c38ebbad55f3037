/* SPDX-License-Identifier: Apache-2.0 */
/* Class 4001, Network Activity, and the objects of the wire, which findings use too. */
#include "dashboard-export/formats/format_ocsf.h"

/* Ids of the schema's enumerations. */
#define DIRECTION_UNKNOWN 0
#define DIRECTION_INBOUND 1
#define DIRECTION_OUTBOUND 2
#define DIRECTION_LATERAL 3
#define BOUNDARY_UNKNOWN 0
#define BOUNDARY_INTERNAL 2
#define BOUNDARY_EXTERNAL 3
#define SCOPE_INTERNAL 1
#define SCOPE_EXTERNAL 2
#define OBSERVED_BY_NEITHER_END 3
#define OBSERVABLE_HOSTNAME 1
#define OBSERVABLE_IP_ADDRESS 2
#define JA4_OF_CLIENT 1

bool
ocsf_has_wire(const struct event *event)
{
	return event->transport != NULL || event->type != NULL || event->has_counts;
}

/* One end with what is known of it from elsewhere. */
struct endpoint {
	const struct event_end *end;
	const char *key;
	const char *host;     /* pseudonym, of the inside end */
	const char *zone;     /* of the inside end */
	const char *hostname; /* of the destination */
	const char *service;  /* of the far end */
	unsigned scope;       /* 0: not known */
};

/* Which of the two is inside follows from the direction; of internal flows the zone is the
 * source's. */
static struct endpoint
endpoint_of(const struct event *event, bool destination)
{
	bool ingress = format_json_is(event->direction, "ingress");
	bool egress = format_json_is(event->direction, "egress");
	bool internal = format_json_is(event->direction, "internal");
	bool inside = internal || (destination ? ingress : egress);
	bool judged = destination ? ingress : egress || internal;
	bool far = destination ? egress : ingress;

	return (struct endpoint){
		.end = destination ? &event->destination : &event->source,
		.key = destination ? "dst_endpoint" : "src_endpoint",
		.host = judged ? event->host : NULL,
		.zone = judged ? event->zone : NULL,
		.hostname = destination ? event->domain : NULL,
		.service = destination && egress ? event->service : NULL,
		.scope = inside ? SCOPE_INTERNAL
			 : far  ? SCOPE_EXTERNAL
				: 0,
	};
}

static bool
is_identified(const struct endpoint *endpoint)
{
	return format_json_is_ip(endpoint->end->ip) || endpoint->host != NULL ||
	       endpoint->hostname != NULL;
}

static void
write_origin(struct json_writer *w, const struct format_json_event *e, const struct event_end *end)
{
	if (end->as_number != 0) {
		json_writer_open_object(w, "autonomous_system");
		json_writer_uint_member(w, "number", end->as_number);
		if (e->room.secondary)
			format_json_name(w, e, "name", end->as_organization);
		json_writer_close(w, '}');
	}
	if (end->country != NULL) {
		json_writer_open_object(w, "location");
		format_json_word(w, e, "country", end->country);
		json_writer_close(w, '}');
	}
}

static void
write_endpoint(struct json_writer *w, const struct format_json_event *e,
	       const struct endpoint *endpoint)
{
	json_writer_open_object(w, endpoint->key);
	format_json_ip(w, "ip", endpoint->end->ip);
	if (endpoint->end->has_port)
		json_writer_uint_member(w, "port", endpoint->end->port);
	format_json_code(w, e, "uid", endpoint->host);
	if (e->room.secondary)
		format_json_code(w, e, "zone", endpoint->zone);
	if (endpoint->zone != NULL && e->event->vlan_id != NULL)
		format_json_word(w, e, "vlan_uid", e->event->vlan_id);
	format_json_name(w, e, "hostname", endpoint->hostname);
	if (e->room.secondary)
		format_json_code(w, e, "svc_name", endpoint->service);
	if (endpoint->scope != 0)
		json_writer_uint_member(w, "network_scope_id", endpoint->scope);
	write_origin(w, e, endpoint->end);
	json_writer_close(w, '}');
}

void
ocsf_endpoints(struct json_writer *w, const struct format_json_event *e)
{
	struct endpoint source = endpoint_of(e->event, false);
	struct endpoint destination = endpoint_of(e->event, true);

	if (is_identified(&source))
		write_endpoint(w, e, &source);
	if (is_identified(&destination))
		write_endpoint(w, e, &destination);
	if (!is_identified(&source) && !is_identified(&destination))
		format_json_raw(w, "src_endpoint", "{\"name\":\"hidden\"}");
}

static unsigned
direction_id(const char *direction)
{
	if (format_json_is(direction, "egress"))
		return DIRECTION_OUTBOUND;
	if (format_json_is(direction, "ingress"))
		return DIRECTION_INBOUND;
	return format_json_is(direction, "internal") ? DIRECTION_LATERAL : DIRECTION_UNKNOWN;
}

static unsigned
boundary_id(unsigned direction)
{
	static const unsigned boundaries[] = {
		[DIRECTION_UNKNOWN] = BOUNDARY_UNKNOWN,
		[DIRECTION_INBOUND] = BOUNDARY_EXTERNAL,
		[DIRECTION_OUTBOUND] = BOUNDARY_EXTERNAL,
		[DIRECTION_LATERAL] = BOUNDARY_INTERNAL,
	};
	return boundaries[direction];
}

void
ocsf_connection(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;
	unsigned direction = direction_id(event->direction);
	unsigned number = format_json_protocol_number(event->transport);

	json_writer_open_object(w, "connection_info");
	json_writer_uint_member(w, "direction_id", direction);
	json_writer_uint_member(w, "boundary_id", boundary_id(direction));
	format_json_code(w, e, "uid", event->flow_id);
	if (number != 0)
		json_writer_uint_member(w, "protocol_num", number);
	format_json_word(w, e, "protocol_name", event->transport);
	if (format_json_is(event->type, "ipv4"))
		json_writer_uint_member(w, "protocol_ver_id", 4);
	else if (format_json_is(event->type, "ipv6"))
		json_writer_uint_member(w, "protocol_ver_id", 6);
	format_json_word(w, e, "community_uid", event->community_id);
	json_writer_close(w, '}');
}

/* `out` is what the source sends, whoever is inside. */
void
ocsf_traffic(struct json_writer *w, const struct event *event, const char *key)
{
	if (!event->has_counts)
		return;
	json_writer_open_object(w, key);
	json_writer_uint_member(w, "bytes", event->bytes);
	json_writer_uint_member(w, "packets", event->packets);
	if (event->source.has_counts) {
		json_writer_uint_member(w, "bytes_out", event->source.bytes);
		json_writer_uint_member(w, "packets_out", event->source.packets);
	}
	if (event->destination.has_counts) {
		json_writer_uint_member(w, "bytes_in", event->destination.bytes);
		json_writer_uint_member(w, "packets_in", event->destination.packets);
	}
	json_writer_close(w, '}');
}

bool
ocsf_has_tls(const struct event *event)
{
	return event->tls_version != NULL;
}

void
ocsf_tls(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	if (event->tls_version == NULL && event->tls_server_name == NULL)
		return;
	json_writer_open_object(w, "tls");
	format_json_word(w, e, "version", event->tls_version);
	format_json_name(w, e, "sni", event->tls_server_name);
	json_writer_close(w, '}');
}

void
ocsf_ja4(struct json_writer *w, const struct format_json_event *e)
{
	if (e->event->tls_ja4 == NULL || !e->room.lists)
		return;
	json_writer_open_array(w, "ja4_fingerprint_list");
	json_writer_open(w, '{');
	json_writer_uint_member(w, "type_id", JA4_OF_CLIENT);
	format_json_name(w, e, "value", e->event->tls_ja4);
	json_writer_close(w, '}');
	json_writer_close(w, ']');
}

static void
write_observable(struct json_writer *w, const struct format_json_event *e, const char *attribute,
		 unsigned type, const char *value)
{
	if (value == NULL || (type == OBSERVABLE_IP_ADDRESS && !format_json_is_ip(value)))
		return;
	json_writer_open(w, '{');
	json_writer_plain_member(w, "name", attribute);
	json_writer_uint_member(w, "type_id", type);
	json_writer_plain_member(w, "type",
				 type == OBSERVABLE_IP_ADDRESS ? "IP Address" : "Hostname");
	format_json_name(w, e, "value", value);
	json_writer_close(w, '}');
}

void
ocsf_observables(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;
	/* Findings have no `tls` of their own. */
	const char *sni = event->class == EVENT_CLASS_FLOW && ocsf_has_tls(event)
				  ? "tls.sni"
				  : "unmapped.tls.sni";

	if (!e->room.lists ||
	    (!format_json_is_ip(event->source.ip) && !format_json_is_ip(event->destination.ip) &&
	     event->domain == NULL && event->tls_server_name == NULL))
		return;
	json_writer_open_array(w, "observables");
	write_observable(w, e, "src_endpoint.ip", OBSERVABLE_IP_ADDRESS, event->source.ip);
	write_observable(w, e, "dst_endpoint.ip", OBSERVABLE_IP_ADDRESS, event->destination.ip);
	write_observable(w, e, "dst_endpoint.hostname", OBSERVABLE_HOSTNAME, event->domain);
	write_observable(w, e, sni, OBSERVABLE_HOSTNAME, event->tls_server_name);
	json_writer_close(w, ']');
}

/* Who controls the far end is no attribute of the class, so it is told as what was added to it. */
static void
write_enrichment(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;
	bool ingress = format_json_is(event->direction, "ingress");
	const char *ip = ingress ? event->source.ip : event->destination.ip;
	const char *domain = ingress ? NULL : event->domain;

	if (!e->room.lists || event->operator_id == NULL ||
	    (domain == NULL && !format_json_is_ip(ip)))
		return;
	json_writer_open_array(w, "enrichments");
	json_writer_open(w, '{');
	json_writer_plain_member(w, "name",
				 domain != NULL ? "dst_endpoint.hostname"
				 : ingress      ? "src_endpoint.ip"
						: "dst_endpoint.ip");
	format_json_name(w, e, "value", domain != NULL ? domain : ip);
	json_writer_plain_member(w, "type", "operator");
	json_writer_plain_member(w, "provider", "vigie");
	json_writer_open_object(w, "data");
	format_json_code(w, e, "operator", event->operator_id);
	format_json_code(w, e, "host_operator", event->host_operator);
	format_json_code(w, e, "service", event->service);
	format_json_word(w, e, "service_kind", event->service_kind);
	format_json_code(w, e, "region", event->region);
	format_json_word(w, e, "exposure", event->exposure);
	format_json_word(w, e, "confidence", event->confidence);
	json_writer_close(w, '}');
	json_writer_close(w, '}');
	json_writer_close(w, ']');
}

static void
write_unmapped(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	json_writer_open_object(w, "unmapped");
	format_json_word(w, e, "app_protocol_name", event->protocol);
	if (!ocsf_has_tls(event))
		ocsf_tls(w, e);
	format_json_word(w, e, "inner_vlan_uid", event->inner_vlan_id);
	json_writer_open_object(w, "vigie");
	format_json_vigie(w, e);
	json_writer_close(w, '}');
	json_writer_close(w, '}');
}

static bool
has_word(const struct event_words *words, const char *wanted)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->words[i], wanted) == 0)
			return true;
	return false;
}

void
ocsf_network(struct json_writer *w, const struct format_json_event *e)
{
	static const struct ocsf_class network_activity = {
		.category = 4,
		.class = 4001,
		.activity = 6,
		.category_name = "Network Activity",
		.class_name = "Network Activity",
		.activity_name = "Traffic",
	};
	const struct event *event = e->event;

	ocsf_base(w, e, &network_activity, NULL);
	if (e->room.secondary)
		format_json_code(w, e, "app_name", event->service);
	json_writer_uint_member(w, "observation_point_id", OBSERVED_BY_NEITHER_END);
	/* Who began is not known where the beginning was not seen. */
	json_writer_bool_member(w, "is_src_dst_assignment_known",
				!has_word(&event->flags, "midstream"));
	ocsf_endpoints(w, e);
	ocsf_connection(w, e);
	/* Records are cumulative; the first one is also what happened since the last. */
	if (event->flow_seq == 0)
		ocsf_traffic(w, event, "traffic");
	ocsf_traffic(w, event, "cumulative_traffic");
	if (ocsf_has_tls(event))
		ocsf_tls(w, e);
	ocsf_ja4(w, e);
	ocsf_observables(w, e);
	write_enrichment(w, e);
	write_unmapped(w, e);
}
