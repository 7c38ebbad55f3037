/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who runs the address: a prefix that the settings or the catalogue give to one service, else a
 * published range list, else the origin AS.
 */
#include "classifier/policy/attribution_parts.h"

/* A list that the catalogue knows: its operator, and the service that its tag means. */
static void
find_by_list(const struct policy *policy, const struct origin *origin, struct address_answer *out)
{
	struct catalogue_feed feed;

	if (origin->feed == NULL ||
	    !catalogue_find_feed(policy->catalogue, origin->feed, origin->feed_service,
				 origin->feed_region, &feed))
		return;
	out->owner = feed.owner;
	out->list_owner = feed.owner;
	out->service = policy_service(policy, feed.service);
	out->kind = out->service != feed.service ? out->service->kind : feed.kind;
	out->cdn = out->service != feed.service ? out->service->cdn : feed.cdn;
	out->has_own_exposure = feed.has_exposure;
	if (feed.has_exposure)
		out->own_exposure = feed.exposure;
	out->region = origin->feed_region;
	out->region_country = feed.region_country;
	out->evidence = EVIDENCE_PREFIX;
}

static bool
begins_behind(const struct catalogue_prefix *prefix, const struct ip_address *address)
{
	if (prefix->prefix.address.version != address->version)
		return prefix->prefix.address.version > address->version;
	return memcmp(prefix->prefix.address.bytes, address->bytes, sizeof(address->bytes)) > 0;
}

/* The longest prefix of the catalogue around an address: the last one in order that has it. */
static const struct catalogue_service *
find_in_catalogue(const struct catalogue *catalogue, const struct ip_address *address)
{
	size_t count, low = 0;
	const struct catalogue_prefix *prefixes = catalogue_prefixes(catalogue, &count);

	for (size_t high = count; low < high;) {
		size_t middle = (low + high) / 2;
		if (begins_behind(&prefixes[middle], address))
			high = middle;
		else
			low = middle + 1;
	}
	while (low-- > 0 && prefixes[low].prefix.address.version == address->version) {
		if (ip_prefix_contains(&prefixes[low].prefix, address))
			return prefixes[low].service;
	}
	return NULL;
}

/* Prefixes of the settings go before the catalogue's. */
static const struct catalogue_service *
find_service(const struct policy *policy, const struct ip_address *address)
{
	const struct catalogue_service *own = policy_find_service_by_address(policy, address);

	return own != NULL ? own
			   : policy_service(policy, find_in_catalogue(policy->catalogue, address));
}

/*
 * What one service has to itself says more than the operator's list. But where another operator
 * publishes the range, its word goes before a declaration (as for tenancies, domain §5.16).
 */
static void
find_by_service(const struct policy *policy, const struct ip_address *address,
		struct address_answer *out)
{
	const struct catalogue_service *service =
		address != NULL ? find_service(policy, address) : NULL;

	if (service == NULL ||
	    (out->list_owner != NULL && !attribution_same_group(out->list_owner, service->owner)))
		return;
	out->owner = service->owner;
	out->service = service;
	out->kind = service->kind;
	out->cdn = service->owner->cdn || service->cdn;
	out->evidence = EVIDENCE_PREFIX;
}

/* Beside a prefix the AS only confirms, or is another's (domain C10). */
static void
compare_asn(const struct catalogue_asn *asn, const char *country, struct address_answer *out)
{
	enum exposure of_asn;

	if (!attribution_same_group(out->owner, asn->owner)) {
		out->asn_operator = asn->owner;
		return;
	}
	out->evidence |= EVIDENCE_ASN;
	if (!catalogue_asn_exposure(asn, country, &of_asn))
		return;
	out->has_own_exposure = true;
	out->own_exposure = exposure_more_exposed(out->own_exposure, of_asn);
}

/* Behind an access or transit network anybody may have the machine: such an AS tells nothing. */
static void
find_by_asn(const struct catalogue *catalogue, const struct origin *origin,
	    struct address_answer *out)
{
	const struct catalogue_asn *asn =
		origin->asn != 0 ? catalogue_find_asn(catalogue, origin->asn) : NULL;

	if (asn == NULL || asn->scope != ASN_SCOPE_CLOUD)
		return;
	if (out->owner != NULL) {
		compare_asn(asn, origin->country, out);
		return;
	}
	out->owner = asn->owner;
	out->has_own_exposure = catalogue_asn_exposure(asn, origin->country, &out->own_exposure);
	out->cdn = asn->owner->cdn;
	out->mixed = asn->mixed;
	out->evidence = EVIDENCE_ASN;
}

void
attribution_find_address(const struct policy *policy, const struct attribution_query *query,
			 struct address_answer *out)
{
	*out = (struct address_answer){.own_exposure = EXPOSURE_UNKNOWN};
	find_by_list(policy, query->origin, out);
	find_by_service(policy, query->address, out);
	find_by_asn(policy->catalogue, query->origin, out);
	/* What goes over a front by its address alone may be anything (domain §5.14). */
	if (out->cdn)
		out->kind = SERVICE_KIND_WEB_GENERIC;
}
