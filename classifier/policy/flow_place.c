/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/flow_place.h"

static struct zone_query
zone_query_of(const struct flow_record *record, const struct ip_address *address, uint16_t port)
{
	return (struct zone_query){
		.address = address,
		.vni = record->vni,
		.vlan = record->vlan,
		.inner_vlan = record->inner_vlan,
		.port = port,
	};
}

/* Groups are inside only so that nothing sent to them is an export: none is a host that sends or
 * serves anything. */
static bool
is_of_group(enum flow_direction direction, const struct ip_address *source,
	    const struct ip_address *destination)
{
	if (direction == FLOW_DIRECTION_INGRESS)
		return ip_address_is_group(destination);
	return direction == FLOW_DIRECTION_EGRESS && ip_address_is_group(source);
}

static void
set_host(const struct ip_address *host, const struct zone *zone, struct flow_place *out)
{
	out->inside = host;
	out->zone = zone;
	out->data_class = zone->data_class;
	out->r9 = zone->r9;
}

static void
place_by_ends(const struct zone_table *zones, const struct flow_record *record, uint16_t port,
	      struct flow_place *out)
{
	struct zone_query source = zone_query_of(record, &record->source, port);
	struct zone_query destination = zone_query_of(record, &record->destination, port);
	const struct zone *by_tag;

	switch (out->direction) {
	case FLOW_DIRECTION_INGRESS:
		out->outside = &record->source;
		set_host(&record->destination, zone_table_find(zones, &destination), out);
		return;
	case FLOW_DIRECTION_INTERNAL:
		out->peer = zone_table_find(zones, &destination);
		break;
	case FLOW_DIRECTION_EGRESS:
		break;
	case FLOW_DIRECTION_TRANSIT:
		/* A zone of a tag alone has no addresses to know its side by: it is where the
		 * flow began (domain §5.6). */
		by_tag = zone_table_find_by_tag(zones, &source);
		if (by_tag == NULL)
			return;
		out->direction = FLOW_DIRECTION_EGRESS;
		set_host(&record->source, by_tag, out);
		return;
	}
	set_host(&record->source, zone_table_find(zones, &source), out);
}

/* Of two zones the flow is judged by the higher class, and by R9 where either has it. */
static void
add_zone(const struct zone *zone, struct flow_place *out)
{
	if (zone->data_class > out->data_class)
		out->data_class = zone->data_class;
	out->r9 |= zone->r9;
}

/* What the inner end on our side says. That no zone lists it says nothing. */
static void
add_inner_zone(const struct zone_table *zones, const struct flow_record *record, uint16_t port,
	       struct flow_place *out)
{
	bool served = out->direction == FLOW_DIRECTION_INGRESS;
	const struct ip_address *end = served ? &record->destination : &record->source;
	struct zone_query query = zone_query_of(record, end, port);

	if (!(served ? record->destination_inside : record->source_inside))
		return;
	const struct zone *zone = zone_table_find(zones, &query);
	if (zone->unmapped || zone == out->zone)
		return;
	out->inner_zone = zone;
	add_zone(zone, out);
}

/*
 * Inner ends are what the sender wrote, so that host and zone are those of the tunnel's end here,
 * and what the inner end says can only raise the class. So it is with the tags, which may be of
 * frames within the tunnel: the zone of the address alone counts too.
 */
static void
place_by_tunnel(const struct zone_table *zones, const struct flow_record *record, uint16_t port,
		struct flow_place *out)
{
	const struct flow_detail *d = &record->detail;
	bool served = out->direction == FLOW_DIRECTION_INGRESS;

	out->inside = served ? &d->outer_destination : &d->outer_source;
	struct zone_query query = zone_query_of(record, out->inside, port);
	set_host(out->inside, zone_table_find(zones, &query), out);
	query.vni = FLOW_NO_VNI;
	query.vlan = query.inner_vlan = FLOW_NO_VLAN;
	const struct zone *untagged = zone_table_find(zones, &query);
	if (!untagged->unmapped) {
		add_zone(untagged, out);
		out->tags_may_hide = !untagged->excluded;
	}
	add_inner_zone(zones, record, port, out);
}

void
flow_place_find(const struct zone_table *zones, const struct flow_record *record, uint16_t port,
		struct flow_place *out)
{
	const struct flow_detail *d = &record->detail;
	enum flow_direction inner = flow_record_inner_direction(record);
	bool of_group = is_of_group(inner, &record->source, &record->destination);
	bool crosses = flow_record_crosses_in_tunnel(record);

	*out = (struct flow_place){
		.direction = flow_record_direction(record),
		.outside = &record->destination,
	};
	if (crosses ? is_of_group(out->direction, &d->outer_source, &d->outer_destination)
		    : of_group) {
		out->direction = FLOW_DIRECTION_TRANSIT;
		return;
	}
	if (!crosses) {
		place_by_ends(zones, record, port, out);
		return;
	}
	bool served = out->direction == FLOW_DIRECTION_INGRESS;
	const struct ip_address *end = served ? &d->outer_source : &d->outer_destination;
	out->by_tunnel = inner != out->direction || of_group;
	out->outside = out->by_tunnel ? end : served ? &record->source : &record->destination;
	out->tunnel_end = out->by_tunnel ? NULL : end;
	place_by_tunnel(zones, record, port, out);
}

void
flow_place_set_proxied(const struct proxied *proxied, struct flow_place *place)
{
	if (place->by_tunnel)
		return;
	if (place->direction == FLOW_DIRECTION_INTERNAL)
		place->direction = FLOW_DIRECTION_EGRESS;
	if (place->direction != FLOW_DIRECTION_EGRESS)
		return;
	place->proxied = proxied;
	if (proxied->address.version != 0)
		place->outside = &proxied->address;
}

bool
flow_place_is_excluded(const struct flow_place *place)
{
	bool ends_there = place->direction == FLOW_DIRECTION_INTERNAL;

	return (place->zone != NULL && place->zone->excluded && !place->tags_may_hide) ||
	       (ends_there && place->peer != NULL && place->peer->excluded);
}

bool
flow_place_hides_inside(const struct flow_place *place)
{
	return (place->zone != NULL && place->zone->excluded) ||
	       (place->inner_zone != NULL && place->inner_zone->excluded);
}
