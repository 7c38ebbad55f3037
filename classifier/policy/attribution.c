/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two answers are kept apart until the end: who runs the address and whose the name is. Then the
 * rows of domain §3b weigh them, first match first, and what the flow's protocol tells is added.
 */
#include "classifier/policy/attribution.h"

#include "classifier/policy/attribution_parts.h"

static void
find_facts(const struct policy *policy, const struct attribution_query *query,
	   struct attribution_facts *facts)
{
	const struct dns_links *dns = &query->dns;
	bool named_by_dns = query->name_source == NAME_SOURCE_DNS;

	facts->policy = policy;
	facts->query = query;
	attribution_find_address(policy, query, &facts->address);
	attribution_find_name(policy, query, &facts->name);
	facts->told = facts->name.there && (dns->linked || dns->linked_shared || named_by_dns);
	facts->shared_only = dns->linked_shared && !dns->linked;
}

/* Rows C2 to C14: by how many answers speak. */
static void
decide(const struct attribution_facts *facts, struct attribution *out)
{
	const struct address_answer *address = &facts->address;
	const struct name_answer *name = &facts->name;
	bool agreed = name->known && address->owner != NULL &&
		      attribution_same_group(address->owner, name->name.owner);
	bool unlisted_front = name->there && !name->known && !name->hidden && address->cdn &&
			      address->asn_operator == NULL;

	out->pattern = ATTRIBUTION_NOTHING;
	out->service_operator = name->known ? name->name.owner : NULL;
	out->host_operator = address->owner;
	out->asn_operator = address->asn_operator;
	out->evidence = address->evidence;
	out->disagree = address->asn_operator != NULL ? EVIDENCE_ASN : 0;
	attribution_set_region(facts, agreed, out);
	if (address->owner != NULL && (name->known || unlisted_front))
		attribution_by_both(facts, out);
	else
		attribution_by_one(facts, out);
}

/* Who gets what goes to the address and the name of the query, whoever carries it there. */
static void
decide_far_end(const struct policy *policy, const struct attribution_query *query,
	       struct attribution *out)
{
	struct attribution_facts facts;

	find_facts(policy, query, &facts);
	*out = (struct attribution){
		.exposure = EXPOSURE_UNKNOWN,
		.confidence = CONFIDENCE_LOW,
		.name_links = facts.told,
	};
	if (!attribution_by_tenancy(&facts, out))
		decide(&facts, out);
	attribution_set_kind(&facts, out);
	if (query->certificate == CERTIFICATE_HAS_OTHERS && facts.name.there && !facts.name.hidden)
		out->disagree |= EVIDENCE_CERTIFICATE;
	if (!facts.name.outer)
		return;
	out->name_withheld = out->pattern == ATTRIBUTION_HIDDEN && !facts.name.ech;
	out->flags |= facts.name.ech ? JUDGED_FLAG_ECH : 0;
	if (out->confidence > CONFIDENCE_MEDIUM && out->tenancy == NULL)
		out->confidence = CONFIDENCE_MEDIUM;
}

/* Who runs an address by which it goes. */
static void
decide_way(const struct policy *policy, int32_t day, const struct ip_address *address,
	   const struct origin *origin, struct attribution *out)
{
	const struct attribution_query query = {.address = address, .origin = origin, .day = day};

	decide_far_end(policy, &query, out);
}

void
attribution_decide(const struct policy *policy, const struct attribution_query *query,
		   struct attribution *out)
{
	struct attribution way;

	decide_far_end(policy, query, out);
	if (query->via_proxy && query->proxy == NULL) {
		attribution_add_proxy(query, NULL, out);
	} else if (query->via_proxy) {
		decide_way(policy, query->day, query->proxy, query->proxy_origin, &way);
		attribution_add_proxy(query, &way, out);
	}
	out->tunnel = query->tunnel;
	if (query->tunnel_end == NULL)
		return;
	decide_way(policy, query->day, query->tunnel_end, query->tunnel_origin, &way);
	attribution_add_tunnel(query, &way, out);
}
