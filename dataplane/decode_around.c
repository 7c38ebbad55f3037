/* SPDX-License-Identifier: Apache-2.0 */
/* What lies around a packet in tunnels. Away from the common path. */
#include <string.h>

#include "dataplane/decode_internal.h"

void
decoded_outer_ends(const struct decoded *decoded, unsigned i, struct ip_address *source,
		   struct ip_address *destination)
{
	const uint8_t *ip = decoded->outer_ip[i];
	bool is_v6 = ip[0] >> 4 == 6;
	size_t len = is_v6 ? 16 : 4;

	*source = *destination = (struct ip_address){.version = is_v6 ? 6 : 4};
	memcpy(source->bytes, ip + (is_v6 ? 8 : 12), len);
	memcpy(destination->bytes, ip + (is_v6 ? 24 : 16), len);
}

/* What carries a tunnel of this kind. */
static uint8_t
carrying_transport(uint8_t tunnel)
{
	switch (tunnel) {
	case FLOW_TUNNEL_4IN4:
	case FLOW_TUNNEL_4IN6:
		return PROTOCOL_IPV4;
	case FLOW_TUNNEL_6IN4:
	case FLOW_TUNNEL_6IN6:
		return PROTOCOL_IPV6;
	case FLOW_TUNNEL_GRE:
		return PROTOCOL_GRE;
	default:
		return TRANSPORT_UDP;
	}
}

void
decode_place_of(const struct decoded *decoded, struct decode_place *place)
{
	*place = (struct decode_place){
		.vni = decoded->key.vni,
		.vlan = decoded->vlan,
		.inner_vlan = decoded->inner_vlan,
		.depth = decoded->depth,
		.around = decoded->around,
		.outer_count = decoded->outer_count,
	};
	for (unsigned i = 0; i < decoded->outer_count; i++) {
		place->outer_tunnel[i] = decoded->outer_tunnel[i];
		place->outer_ip[i] = decoded->outer_ip[i];
	}
}

bool
decode_around(const struct decode_place *place, struct decoded *out)
{
	struct ip_address source, destination;

	if (place->outer_count == 0)
		return false;
	memset(out, 0, sizeof(*out));
	out->vlan = place->vlan;
	out->inner_vlan = place->inner_vlan;
	for (unsigned i = 0; i < place->outer_count; i++) {
		out->outer_tunnel[i] = place->outer_tunnel[i];
		out->outer_ip[i] = place->outer_ip[i];
	}
	out->outer_count = place->outer_count - 1;
	decoded_outer_ends(out, out->outer_count, &source, &destination);
	memcpy(out->key.low_address, source.bytes, sizeof(source.bytes));
	memcpy(out->key.high_address, destination.bytes, sizeof(destination.bytes));
	out->key.version = source.version;
	out->key.transport = carrying_transport(out->outer_tunnel[out->outer_count]);
	/* With one tunnel around, the identifier is that of what is inside it. */
	out->key.vni = out->outer_count == 0 ? FLOW_NO_VNI : place->vni;
	decode_order_ends(out);
	return true;
}
