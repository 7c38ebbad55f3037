/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/proxied.h"

#include "classifier/policy/private_name.h"

/* The address that stands as a name, or the one that was asked for beside it. Behind a PROXY header
 * the record may as well have that of the header, but not where a server name shows that an address
 * was asked for. */
static void
find_address(const struct flow_record *record, struct ip_address *out)
{
	bool has_header = (record->flags & FLOW_FLAG_PROXY_PROTOCOL) != 0;
	bool has_server_name = record->name_source == NAME_SOURCE_TLS_SNI;

	if (record->name_len != 0 && domain_name_is_address(record->name))
		(void)ip_address_parse(record->name, out);
	else if (!has_header || has_server_name)
		*out = record->detail.inner_destination;
}

static bool
is_outside(const struct inside_map *inside, const struct ip_address *address)
{
	return ip_address_is_routable_host(address) && !inside_map_contains(inside, address);
}

bool
proxied_find(const struct inside_map *inside, const struct flow_record *record, struct proxied *out)
{
	*out = (struct proxied){
		.port = record->detail.inner_destination_port,
		.inside = record->destination_inside != 0,
	};
	if ((record->flags & FLOW_FLAG_VIA_PROXY) == 0 ||
	    flow_record_direction(record) == FLOW_DIRECTION_INGRESS)
		return false;
	find_address(record, &out->address);
	if (out->address.version != 0)
		return is_outside(inside, &out->address) &&
		       !ip_address_equal(&out->address, &record->destination);
	return record->name_len != 0 && !private_name_is(record->name);
}
