/* SPDX-License-Identifier: Apache-2.0 */
#include "app/flow_name.h"

#include <string.h>

/*
 * What stands behind an outer name: the only name for which it was announced at this address. Where
 * no announcement was seen, the one that the client was told with the address; but not the outer
 * name itself, which hides something here.
 */
static const char *
find_behind(const struct dns_memory *dns, const struct flow_record *record,
	    const struct ip_address *address, const struct dns_ech *ech)
{
	if (ech->announced)
		return ech->name;
	const char *told = dns_memory_find_name(dns, &record->source, address, record->start_ns);
	return told != NULL && strcmp(told, record->name) != 0 ? told : NULL;
}

/* A public name in front of an encrypted ClientHello names nobody, so it gives way to what dns
 * tells. */
static void
look_behind(const struct policy *policy, const struct dns_memory *dns,
	    const struct flow_record *record, const struct ip_address *address,
	    struct attribution_query *query)
{
	struct dns_question question = {&record->source, address, record->name, record->start_ns};
	struct dns_ech ech;

	dns_memory_tell_ech(dns, &question, &ech);
	query->ech_announced = ech.announced && !ech.asked_itself;
	if (!attribution_is_outer(policy, query, record->name))
		return;
	const char *behind = find_behind(dns, record, address, &ech);
	if (behind == NULL)
		return;
	query->outer_name = record->name;
	query->name = behind;
	query->name_source = NAME_SOURCE_DNS;
}

/* Single questions and answers stay as they are: what the resolver is called is told of
 * connections. */
static bool
is_lookup(const struct flow_record *record)
{
	return record->protocol == APP_PROTOCOL_DNS && record->transport == TRANSPORT_UDP;
}

void
flow_name_find(const struct policy *policy, const struct dns_memory *dns,
	       const struct flow_record *record, struct attribution_query *query)
{
	bool on_the_wire = record->name_len != 0;
	/* A proxy's own address tells nothing of what it was asked for. */
	const struct ip_address *address = query->via_proxy ? query->address : &record->destination;

	query->name = on_the_wire ? record->name : NULL;
	query->name_source = record->name_source;
	if (is_lookup(record) || address == NULL)
		return;
	if (on_the_wire) {
		if (query->ech_or_grease || query->hello_cut)
			look_behind(policy, dns, record, address, query);
		return;
	}
	const char *told = dns_memory_find_name(dns, &record->source, address, record->start_ns);
	if (told == NULL)
		return;
	query->name = told;
	query->name_source = NAME_SOURCE_DNS;
}
