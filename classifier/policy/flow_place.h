/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which way a flow goes and whose it is, by its ends, by those of a tunnel that carries it over the
 * border, and by what it asked an explicit proxy for. Pure.
 */
#pragma once

#include "base/flow_record.h"
#include "classifier/policy/proxied.h"
#include "classifier/policy/zones.h"

/** What it points to is the record's, or the proxied request's. */
struct flow_place {
	enum flow_direction direction;
	const struct zone
		*zone; /**< of the inside host; of the initiator where both are; NULL in transit */
	enum data_class data_class; /**< with `zone`: its class, or a higher one by a tunnel */
	bool r9;
	/** Zone that the inner end here says, of a flow in a tunnel over the border: one of its
	 * own, and not `zone`. Else NULL. It is what the sender wrote. */
	const struct zone *inner_zone;
	/** In such a tunnel: `zone` rests on tags that may be of frames within, and another zone,
	 * of which all is told, lists the address. */
	bool tags_may_hide;
	const struct zone *peer;         /**< of the destination where both are inside; else NULL */
	const struct ip_address *inside; /**< the host of `zone`: the tunnel's end here where one
					    carries it over the border; NULL in transit */
	const struct ip_address *outside; /**< the far end; of a proxied flow what it asked for, or
					     the proxy where that is a name */
	const struct proxied *proxied;    /**< what it asked an explicit proxy for; or NULL */
	/** The tunnel alone leads over the border, or the other way than the inner ends say:
	 * `outside` is its far end, and inner ends and names say nothing of who gets it. */
	bool by_tunnel;
	/** Far end of a tunnel in which it goes to `outside`; NULL: none, or `by_tunnel`. */
	const struct ip_address *tunnel_end;
};

/** Places a flow; `port` is zone_table_port's number of the capture port. */
void flow_place_find(const struct zone_table *zones, const struct flow_record *record,
		     uint16_t port, struct flow_place *out);

/** The same flow, which asked an explicit proxy for that (borrowed with the place): it goes there,
 * also where the proxy is inside. */
void flow_place_set_proxied(const struct proxied *proxied, struct flow_place *place);

/** Of a zone that asked for it nothing goes out but sums (domain §5.7), and that it was sent what
 * it should not have. What a sender wrote inside a tunnel asks for nothing. */
bool flow_place_is_excluded(const struct flow_place *place);

/** Addresses on our side are not to be written whatever the settings say: it is told, but may come
 * from such a zone. */
bool flow_place_hides_inside(const struct flow_place *place);
