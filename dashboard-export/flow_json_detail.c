/* SPDX-License-Identifier: Apache-2.0 */
/* Of `vigie`, what the first packets told beside the name. */
#include "dashboard-export/flow_json_parts.h"

#include "classifier/protocol/protocol_risk.h"

/* One inner or outer end of a flow. */
struct inner_end {
	const char *key;
	const struct ip_address *address;
	uint16_t port;
	bool hidden;
};

static void
write_inner_end(struct json_writer *w, const struct inner_end *end)
{
	char text[IP_ADDRESS_TEXT_MAX];
	bool shown = end->address->version != 0 && !end->hidden;

	if (!shown && end->port == 0)
		return;
	json_writer_open_object(w, end->key);
	if (shown) {
		json_writer_key(w, "ip");
		json_writer_plain(w, text, ip_address_format(end->address, text));
	}
	if (end->port != 0)
		json_writer_uint_member(w, "port", end->port);
	json_writer_close(w, '}');
}

/*
 * As with the flow's own ends, where neither of a PROXY header's is known to be inside, either may
 * be. What a proxy was asked for has no source beside it: that one is the flow's, and known.
 */
static bool
are_unplaced(const struct judged_flow *flow)
{
	return flow->record->detail.inner_source.version != 0 && !flow->inner.source_inside &&
	       !flow->inner.destination_inside;
}

static void
write_inner(struct json_writer *w, const struct judged_flow *flow)
{
	const struct flow_detail *d = &flow->record->detail;
	bool unplaced = are_unplaced(flow);
	const struct inner_end source = {"source", &d->inner_source, d->inner_source_port,
					 flow->hide_inside &&
						 (flow->inner.source_inside || unplaced)};
	const struct inner_end destination = {
		"destination", &d->inner_destination, d->inner_destination_port,
		flow->hide_inside && (flow->inner.destination_inside || unplaced)};
	bool any = (source.address->version != 0 && !source.hidden) || source.port != 0 ||
		   (destination.address->version != 0 && !destination.hidden) ||
		   destination.port != 0;

	if (!any)
		return;
	json_writer_open_object(w, "inner");
	write_inner_end(w, &source);
	write_inner_end(w, &destination);
	json_writer_close(w, '}');
}

/* Around the flow's own ends; hidden as those are. */
static void
write_outer(struct json_writer *w, const struct judged_flow *flow)
{
	const struct flow_detail *d = &flow->record->detail;
	bool unplaced = !d->outer_source_inside && !d->outer_destination_inside;
	const struct inner_end source = {"source", &d->outer_source, 0,
					 flow->hide_inside && (d->outer_source_inside || unplaced)};
	const struct inner_end destination = {"destination", &d->outer_destination, 0,
					      flow->hide_inside &&
						      (d->outer_destination_inside || unplaced)};

	if (d->tunnel == FLOW_TUNNEL_NONE)
		return;
	json_writer_open_object(w, "outer");
	write_inner_end(w, &source);
	write_inner_end(w, &destination);
	json_writer_plain_member(w, "tunnel", flow_tunnel_text((enum flow_tunnel)d->tunnel));
	json_writer_close(w, '}');
}

static void
write_risks(struct json_writer *w, uint64_t risks)
{
	bool any = false;

	for (unsigned bit = 0; bit < PROTOCOL_RISK_COUNT; bit++) {
		const char *text = protocol_risk_text(bit);
		if ((risks >> bit & 1) == 0 || text[0] == '\0')
			continue;
		if (!any)
			json_writer_open_array(w, "risks");
		any = true;
		json_writer_plain(w, text, strlen(text));
	}
	if (any)
		json_writer_close(w, ']');
}

void
flow_json_detail(struct json_writer *w, const struct judged_flow *flow)
{
	const struct flow_detail *d = &flow->record->detail;

	if (d->other_names != 0)
		json_writer_uint_member(w, "other_names", d->other_names);
	write_inner(w, flow);
	write_outer(w, flow);
	json_optional_member(w, "protocol_category", d->category, JSON_CODE_MAX_LEN);
	write_risks(w, d->risks);
}
