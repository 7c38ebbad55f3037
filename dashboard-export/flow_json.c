/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fields in the order of the contract, one function for each object. The rule of absence is
 * kept by the writers of optional members: they write nothing for NULL, "" and the words of
 * "unknown".
 *
 * Everything fits: the texts of others are cut at the lengths below (written form), which together
 * with three host names in escapes (3 x 6 x 253 bytes) and 2,000 bytes of keys, numbers and words
 * stay under FLOW_JSON_MAX.
 */
#include "dashboard-export/flow_json.h"

#include "base/rfc3339.h"
#include "dashboard-export/community_id.h"
#include "base/flow_payload.h"
#include "dashboard-export/json_writer.h"

#include <assert.h>

#define NAME_MAX_LEN (6 * (DOMAIN_NAME_MAX - 1))
#define CAPTURE_MAX_LEN 6144
#define ORGANISATION_MAX_LEN 768
#define CODE_MAX_LEN 192 /* ids of the catalogue, the region, the pseudonym: six of them */

#define FLOW_ID_DIGITS 16

static_assert(3 * NAME_MAX_LEN + CAPTURE_MAX_LEN + ORGANISATION_MAX_LEN + 6 * CODE_MAX_LEN + 2000 <
		      FLOW_JSON_MAX,
	      "a flow with the longest texts fits");

static void
write_optional(struct json_writer *w, const char *key, const char *text, size_t max_len)
{
	if (text != NULL && text[0] != '\0')
		json_writer_text_member(w, key, text, max_len);
}

static void
write_event(struct json_writer *w, const struct flow_record *r)
{
	char start[RFC3339_LEN + 1];
	char end[RFC3339_LEN + 1];

	rfc3339_format(r->start_ns, start);
	rfc3339_format(r->end_ns, end);
	json_writer_plain_member(w, "@timestamp", start);
	json_writer_open_object(w, "event");
	json_writer_plain_member(w, "kind", "event");
	json_writer_open_array(w, "category");
	json_writer_plain(w, "network", strlen("network"));
	json_writer_close(w, ']');
	json_writer_open_array(w, "type");
	json_writer_plain(w, "connection", strlen("connection"));
	if (r->final)
		json_writer_plain(w, "end", strlen("end"));
	json_writer_close(w, ']');
	json_writer_plain_member(w, "start", start);
	json_writer_plain_member(w, "end", end);
	json_writer_uint_member(w, "duration", r->end_ns - r->start_ns);
	json_writer_close(w, '}');
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

	if (flow->hide_inside && (r->source_inside || r->destination_inside))
		return;
	community_id_format(r, community_id);
	json_writer_plain_member(w, "community_id", community_id);
}

static void
write_network(struct json_writer *w, const struct judged_flow *flow)
{
	const struct flow_record *r = flow->record;

	json_writer_open_object(w, "network");
	write_optional(w, "transport", transport_text(r->transport), CODE_MAX_LEN);
	json_writer_plain_member(w, "type", r->source.version == 4 ? "ipv4" : "ipv6");
	write_optional(w, "protocol", app_protocol_text(r->protocol), CODE_MAX_LEN);
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
	bool hidden = flow->hide_inside && r->source_inside;

	return (struct end){&r->source, &r->from_source, r->source_port, hidden};
}

static struct end
destination_of(const struct judged_flow *flow)
{
	const struct flow_record *r = flow->record;
	bool hidden = flow->hide_inside && r->destination_inside;

	return (struct end){&r->destination, &r->from_destination, r->destination_port, hidden};
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
			json_writer_text_member(w, "name", origin->as_org, ORGANISATION_MAX_LEN);
			json_writer_close(w, '}');
		}
		json_writer_close(w, '}');
	}
	if (origin->country[0] != '\0') {
		json_writer_open_object(w, "geo");
		json_writer_text_member(w, "country_iso_code", origin->country, CODE_MAX_LEN);
		json_writer_close(w, '}');
	}
}

/* A Host or SNI may be the inside server's address itself, so as a name addresses are hidden too.
 */
static bool
has_name(const struct judged_flow *flow)
{
	return flow->name != NULL && flow->name[0] != '\0' &&
	       !(flow->hide_inside && domain_name_is_address(flow->name));
}

/*
 * The origin is the far end's: of an incoming flow that is the source. A name is always the
 * destination's.
 */
static void
write_ends(struct json_writer *w, const struct judged_flow *flow)
{
	const struct flow_record *r = flow->record;
	bool incoming = flow_record_direction(r) == FLOW_DIRECTION_INGRESS;
	bool with_port = has_ports(r->transport);
	struct end source = source_of(flow), destination = destination_of(flow);

	json_writer_open_object(w, "source");
	write_end(w, &source, with_port);
	if (incoming)
		write_origin(w, flow->origin);
	json_writer_close(w, '}');

	json_writer_open_object(w, "destination");
	write_end(w, &destination, with_port);
	if (has_name(flow) && !domain_name_is_address(flow->name))
		json_writer_text_member(w, "domain", flow->name, NAME_MAX_LEN);
	if (!incoming)
		write_origin(w, flow->origin);
	json_writer_close(w, '}');
}

static const char *
tls_version_text(uint16_t version)
{
	static const char *const texts[] = {"1.0", "1.1", "1.2", "1.3"};
	return version >= 0x0301 && version <= 0x0304 ? texts[version - 0x0301] : NULL;
}

static void
write_tls(struct json_writer *w, const struct judged_flow *flow)
{
	const char *version = tls_version_text(flow->record->tls_version);
	bool named = has_name(flow) && (flow->name_source == NAME_SOURCE_TLS_SNI ||
					flow->name_source == NAME_SOURCE_QUIC_SNI);

	if (version == NULL && !named)
		return;
	json_writer_open_object(w, "tls");
	write_optional(w, "version", version, CODE_MAX_LEN);
	if (named) {
		json_writer_open_object(w, "client");
		json_writer_text_member(w, "server_name", flow->name, NAME_MAX_LEN);
		json_writer_close(w, '}');
	}
	json_writer_close(w, '}');
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

static void
write_operator(struct json_writer *w, const char *key, const struct catalogue_operator *owner)
{
	if (owner != NULL)
		json_writer_text_member(w, key, owner->id, CODE_MAX_LEN);
}

static void
write_attribution(struct json_writer *w, const struct attribution *a)
{
	if (a == NULL)
		return;
	write_operator(w, "operator", a->owner);
	write_operator(w, "host_operator", a->host_operator);
	if (a->service != NULL)
		json_writer_text_member(w, "service", a->service->id, CODE_MAX_LEN);
	if (a->kind != SERVICE_KIND_UNKNOWN)
		write_optional(w, "service_kind", service_kind_text(a->kind), CODE_MAX_LEN);
	write_optional(w, "region", a->region, CODE_MAX_LEN);
	write_optional(w, "region_country", a->region_country, CODE_MAX_LEN);
}

/* Only what crosses the border has an exposure; there, unknown is a class like the others. */
static void
write_exposure(struct json_writer *w, const struct judged_flow *flow)
{
	const struct attribution *a = flow->attribution;
	enum flow_direction direction = flow_record_direction(flow->record);

	if (direction == FLOW_DIRECTION_EGRESS || direction == FLOW_DIRECTION_INGRESS)
		write_optional(w, "exposure",
			       exposure_text(a != NULL ? a->exposure : EXPOSURE_UNKNOWN),
			       CODE_MAX_LEN);
}

static void
write_evidence(struct json_writer *w, const struct attribution *a)
{
	if (a == NULL || a->evidence == 0)
		return;
	json_writer_open_array(w, "evidence");
	for (unsigned i = 0; i < EVIDENCE_COUNT; i++) {
		if ((a->evidence & 1u << i) != 0)
			json_writer_text(w, evidence_text((enum evidence)(1u << i)), CODE_MAX_LEN);
	}
	json_writer_close(w, ']');
}

static void
write_flags(struct json_writer *w, uint16_t flags)
{
	if (flags == 0)
		return;
	json_writer_open_array(w, "flags");
	for (unsigned bits = flags; bits != 0; bits &= bits - 1) {
		const char *text = flow_flag_text((enum flow_flag)(bits & -bits));
		if (text[0] != '\0')
			json_writer_text(w, text, CODE_MAX_LEN);
	}
	json_writer_close(w, ']');
}

static void
write_vigie(struct json_writer *w, const struct judged_flow *flow)
{
	const struct flow_record *r = flow->record;
	enum flow_direction direction = flow_record_direction(r);
	struct flow_payload payload = flow_payload_of(r);

	json_writer_open_object(w, "vigie");
	write_optional(w, "capture", flow->capture, CAPTURE_MAX_LEN);
	write_flow_id(w, r->flow_id);
	json_writer_uint_member(w, "seq", r->seq);
	json_writer_bool_member(w, "final", r->final != 0);
	write_optional(w, "host", flow->host, CODE_MAX_LEN);
	json_writer_plain_member(w, "direction", flow_direction_text(direction));
	if (r->vni != FLOW_NO_VNI)
		json_writer_uint_member(w, "vni", r->vni);
	if (has_name(flow)) {
		json_writer_text_member(w, "name", flow->name, NAME_MAX_LEN);
		write_optional(w, "name_source", name_source_text(flow->name_source), CODE_MAX_LEN);
	}
	write_attribution(w, flow->attribution);
	write_exposure(w, flow);
	json_writer_uint_member(w, "payload_out", payload.out);
	json_writer_uint_member(w, "payload_in", payload.in);
	write_evidence(w, flow->attribution);
	write_flags(w, r->flags);
	json_writer_close(w, '}');
}

size_t
flow_json_format(const struct judged_flow *flow, char *out)
{
	struct json_writer w;

	json_writer_init(&w, out, FLOW_JSON_MAX);
	json_writer_open(&w, '{');
	write_event(&w, flow->record);
	write_network(&w, flow);
	write_ends(&w, flow);
	write_tls(&w, flow);
	write_vigie(&w, flow);
	json_writer_close(&w, '}');
	json_writer_raw(&w, "\n", 1);
	assert(!w.overflow);
	return json_writer_len(&w);
}
