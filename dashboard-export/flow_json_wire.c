/* SPDX-License-Identifier: Apache-2.0 */
/* What the wire says: one function for each object of the contract. */
#include "dashboard-export/flow_json_parts.h"

#include "base/rfc3339.h"
#include "dashboard-export/community_id.h"

#define FLOW_ID_DIGITS 16

void
json_optional_member(struct json_writer *w, const char *key, const char *text, size_t max_len)
{
	if (text != NULL && text[0] != '\0')
		json_writer_text_member(w, key, text, max_len);
}

void
flow_json_times(struct json_writer *w, const struct flow_record *record, const char *start)
{
	char end[RFC3339_LEN + 1];

	rfc3339_format(record->end_ns, end);
	json_writer_plain_member(w, "start", start);
	json_writer_plain_member(w, "end", end);
	json_writer_uint_member(w, "duration", record->end_ns - record->start_ns);
}

/* Of a zone that is known by its tags alone, the record does not say who is inside, but the
 * direction does. */
static bool
source_is_inside(const struct judged_flow *flow)
{
	return flow->record->source_inside || flow->direction == FLOW_DIRECTION_EGRESS ||
	       flow->direction == FLOW_DIRECTION_INTERNAL;
}

static bool
destination_is_inside(const struct judged_flow *flow)
{
	return flow->record->destination_inside || flow->direction == FLOW_DIRECTION_INGRESS ||
	       flow->direction == FLOW_DIRECTION_INTERNAL;
}

/* Where neither end is known to be inside, either may be: one's own public range may be
 * undeclared. The way that a tunnel goes says nothing of the ends in it. */
static bool
is_unplaced(const struct judged_flow *flow)
{
	return flow->direction == FLOW_DIRECTION_TRANSIT ||
	       (flow->by_tunnel &&
		flow_record_inner_direction(flow->record) == FLOW_DIRECTION_TRANSIT);
}

static bool
source_is_hidden(const struct judged_flow *flow)
{
	return flow->hide_inside && (source_is_inside(flow) || is_unplaced(flow));
}

static bool
destination_is_hidden(const struct judged_flow *flow)
{
	return flow->hide_inside && (destination_is_inside(flow) || is_unplaced(flow));
}

struct inner_ends
flow_json_hidden_ends(const struct judged_flow *flow)
{
	return (struct inner_ends){source_is_hidden(flow), destination_is_hidden(flow)};
}

/* ECS has VLAN ids as texts. */
static void
write_vlan(struct json_writer *w, uint16_t vlan)
{
	if (vlan == FLOW_NO_VLAN)
		return;
	json_writer_open_object(w, "vlan");
	json_writer_key(w, "id");
	json_writer_raw(w, "\"", 1);
	json_writer_uint(w, vlan);
	json_writer_raw(w, "\"", 1);
	json_writer_close(w, '}');
}

/*
 * A hash of both addresses and nothing secret: whoever tries all addresses of a network finds the
 * inside one, so it is hidden with it.
 */
static void
write_community_id(struct json_writer *w, const struct judged_flow *flow)
{
	const struct flow_record *r = flow->record;
	char community_id[COMMUNITY_ID_LEN + 1];

	if (source_is_hidden(flow) || destination_is_hidden(flow))
		return;
	community_id_format(r, community_id);
	json_writer_plain_member(w, "community_id", community_id);
}

/* Where no parser of ours knows it, the second opinion. */
static const char *
protocol_text(const struct flow_record *r)
{
	return r->protocol != APP_PROTOCOL_UNKNOWN ? app_protocol_text(r->protocol)
						   : r->detail.protocol;
}

static void
write_network(struct json_writer *w, const struct judged_flow *flow)
{
	const struct flow_record *r = flow->record;

	json_writer_open_object(w, "network");
	json_optional_member(w, "transport", transport_text(r->transport), JSON_CODE_MAX_LEN);
	json_writer_plain_member(w, "type", r->source.version == 4 ? "ipv4" : "ipv6");
	json_optional_member(w, "protocol", protocol_text(r), JSON_CODE_MAX_LEN);
	write_community_id(w, flow);
	json_writer_uint_member(w, "bytes", r->from_source.bytes + r->from_destination.bytes);
	json_writer_uint_member(w, "packets", r->from_source.packets + r->from_destination.packets);
	write_vlan(w, r->vlan);
	if (r->inner_vlan != FLOW_NO_VLAN) {
		json_writer_open_object(w, "inner");
		write_vlan(w, r->inner_vlan);
		json_writer_close(w, '}');
	}
	json_writer_close(w, '}');
}

static bool
has_ports(uint8_t transport)
{
	return transport == TRANSPORT_TCP || transport == TRANSPORT_UDP ||
	       transport == TRANSPORT_SCTP;
}

/* One end of the flow. */
struct end {
	const struct ip_address *address;
	const struct flow_side *sent;
	uint16_t port;
	bool hidden;
};

static struct end
source_of(const struct judged_flow *flow)
{
	const struct flow_record *r = flow->record;

	return (struct end){&r->source, &r->from_source, r->source_port, source_is_hidden(flow)};
}

static struct end
destination_of(const struct judged_flow *flow)
{
	const struct flow_record *r = flow->record;

	return (struct end){&r->destination, &r->from_destination, r->destination_port,
			    destination_is_hidden(flow)};
}

static void
write_end(struct json_writer *w, const struct end *end, bool with_port)
{
	char text[IP_ADDRESS_TEXT_MAX];

	if (!end->hidden) {
		json_writer_key(w, "ip");
		json_writer_plain(w, text, ip_address_format(end->address, text));
	}
	if (with_port)
		json_writer_uint_member(w, "port", end->port);
	json_writer_uint_member(w, "bytes", end->sent->bytes);
	json_writer_uint_member(w, "packets", end->sent->packets);
}

static void
write_origin(struct json_writer *w, const struct origin *origin)
{
	if (origin == NULL)
		return;
	if (origin->asn != 0) {
		json_writer_open_object(w, "as");
		json_writer_uint_member(w, "number", origin->asn);
		if (origin->as_org[0] != '\0') {
			json_writer_open_object(w, "organization");
			json_writer_text_member(w, "name", origin->as_org,
						JSON_ORGANISATION_MAX_LEN);
			json_writer_close(w, '}');
		}
		json_writer_close(w, '}');
	}
	if (origin->country[0] != '\0') {
		json_writer_open_object(w, "geo");
		json_writer_text_member(w, "country_iso_code", origin->country, JSON_CODE_MAX_LEN);
		json_writer_close(w, '}');
	}
}

/* A Host or SNI may be the inside server's address itself, so as a name addresses are hidden too.
 */
static bool
is_hidden_name(const struct judged_flow *flow, const char *name)
{
	return flow->hide_inside && domain_name_is_address(name);
}

bool
flow_json_has_name(const struct judged_flow *flow)
{
	return flow->name != NULL && flow->name[0] != '\0' && !is_hidden_name(flow, flow->name);
}

/*
 * The origin is the far end's: of an incoming flow that is the source; the far end of a tunnel is
 * neither. A name is always the destination's.
 */
static void
write_ends(struct json_writer *w, const struct judged_flow *flow)
{
	const struct flow_record *r = flow->record;
	bool incoming = flow->direction == FLOW_DIRECTION_INGRESS;
	bool with_port = has_ports(r->transport);
	bool by_tunnel = flow->by_tunnel;
	struct end source = source_of(flow), destination = destination_of(flow);

	json_writer_open_object(w, "source");
	write_end(w, &source, with_port);
	if (incoming && !by_tunnel)
		write_origin(w, flow->origin);
	json_writer_close(w, '}');

	json_writer_open_object(w, "destination");
	write_end(w, &destination, with_port);
	if (flow_json_has_name(flow) && !flow->name_is_outer && !domain_name_is_address(flow->name))
		json_writer_text_member(w, "domain", flow->name, JSON_NAME_MAX_LEN);
	if (!incoming && !by_tunnel)
		write_origin(w, flow->origin);
	json_writer_close(w, '}');
}

static const char *
tls_version_text(uint16_t version)
{
	static const char *const texts[] = {"1.0", "1.1", "1.2", "1.3"};
	return version >= 0x0301 && version <= 0x0304 ? texts[version - 0x0301] : NULL;
}

/* The record's own name, whatever is shown in its place: STARTTLS leads to a ClientHello like any
 * other, and dns may tell what is behind a public name. NULL: none. */
static const char *
server_name(const struct judged_flow *flow)
{
	const struct flow_record *r = flow->record;
	bool of_hello = r->name_source == NAME_SOURCE_TLS_SNI ||
			r->name_source == NAME_SOURCE_QUIC_SNI ||
			r->name_source == NAME_SOURCE_STARTTLS_SNI;

	return of_hello && r->name_len != 0 && !is_hidden_name(flow, r->name) ? r->name : NULL;
}

static void
write_tls_client(struct json_writer *w, const struct judged_flow *flow)
{
	const char *ja4 = flow->record->detail.ja4;
	const char *name = server_name(flow);

	if (name == NULL && ja4[0] == '\0')
		return;
	json_writer_open_object(w, "client");
	if (name != NULL)
		json_writer_text_member(w, "server_name", name, JSON_NAME_MAX_LEN);
	json_optional_member(w, "ja4", ja4, JSON_CODE_MAX_LEN);
	json_writer_close(w, '}');
}

static void
write_tls(struct json_writer *w, const struct judged_flow *flow)
{
	const struct flow_record *r = flow->record;
	const char *version = tls_version_text(r->tls_version);
	bool resumed = (r->flags & FLOW_FLAG_TLS_RESUMED) != 0;

	if (version == NULL && !resumed && r->detail.ja4[0] == '\0' && r->detail.alpn[0] == '\0' &&
	    server_name(flow) == NULL)
		return;
	json_writer_open_object(w, "tls");
	json_optional_member(w, "version", version, JSON_CODE_MAX_LEN);
	write_tls_client(w, flow);
	json_optional_member(w, "next_protocol", r->detail.alpn, JSON_CODE_MAX_LEN);
	if (resumed)
		json_writer_bool_member(w, "resumed", true);
	json_writer_close(w, '}');
}

void
flow_json_wire(struct json_writer *w, const struct judged_flow *flow)
{
	write_network(w, flow);
	write_ends(w, flow);
	write_tls(w, flow);
}

static void
write_flow_id(struct json_writer *w, uint64_t flow_id)
{
	char digits[FLOW_ID_DIGITS];

	for (unsigned i = 0; i < FLOW_ID_DIGITS; i++)
		digits[i] = "0123456789abcdef"[flow_id >> (60 - 4 * i) & 0xf];
	json_writer_key(w, "flow_id");
	json_writer_plain(w, digits, sizeof(digits));
}

void
flow_json_capture(struct json_writer *w, const struct judged_flow *flow)
{
	json_optional_member(w, "capture", flow->capture, JSON_CAPTURE_MAX_LEN);
	write_flow_id(w, flow->record->flow_id);
}
