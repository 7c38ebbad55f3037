/* SPDX-License-Identifier: Apache-2.0 */
/*
 * C1: what the organisation declares as its own use of an operator. It goes before everything that
 * a client can claim, but not before a range that another operator publishes (domain §5.16).
 */
#include "classifier/policy/attribution_parts.h"

static const struct tenancy *
find_by_address(const struct attribution_facts *facts, struct attribution *out)
{
	const struct catalogue_operator *published = facts->address.list_owner;
	const struct tenancy *tenancy =
		facts->query->address != NULL
			? policy_find_tenancy_by_address(facts->policy, facts->query->address)
			: NULL;

	if (tenancy == NULL || published == NULL ||
	    attribution_same_group(published, tenancy->operator_record))
		return tenancy;
	out->tenancy_refused = tenancy;
	return NULL;
}

static bool
is_asked_inside(const struct attribution_query *query)
{
	return attribution_is_asked(query) && query->proxy == NULL;
}

/* A name is only claimed: the address has to be its operator's, or nobody's with an answer of dns.
 * A published range of another's says more than either. A proxy inside goes where the name does. */
static const struct tenancy *
find_by_name(const struct attribution_facts *facts, struct attribution *out)
{
	const struct catalogue_operator *host = facts->address.owner;
	const struct catalogue_operator *published = facts->address.list_owner;

	if (!facts->name.there || facts->name.hidden)
		return NULL;
	const struct tenancy *tenancy =
		policy_find_tenancy_by_name(facts->policy, facts->query->name);
	if (tenancy == NULL)
		return NULL;
	bool confirmed = host != NULL ? attribution_same_group(host, tenancy->operator_record)
				      : facts->told || is_asked_inside(facts->query);
	if (!confirmed && published != NULL && out->tenancy_refused == NULL)
		out->tenancy_refused = tenancy;
	return confirmed ? tenancy : NULL;
}

/* The only region in which the service is offered; a country where it is written as one. */
static bool
set_only_region(const struct catalogue_service *service, struct attribution *out)
{
	if (service == NULL || service->region_count != 1 ||
	    strlen(service->regions[0]) >= sizeof(out->region))
		return false;
	const char *region = service->regions[0];

	memcpy(out->region, region, strlen(region) + 1);
	out->region_country = attribution_is_country(region) ? region : NULL;
	return true;
}

/* What agrees with the declaration is evidence too; what is another's speaks against it. */
static void
compare_address(const struct attribution_facts *facts, bool by_name, struct attribution *out)
{
	const struct address_answer *address = &facts->address;
	const struct catalogue_operator *declared = out->tenancy->operator_record;
	bool agrees = address->owner != NULL && attribution_same_group(address->owner, declared);

	out->host_operator = agrees || by_name ? address->owner : declared;
	out->asn_operator = agrees ? address->asn_operator : address->owner;
	if (agrees) {
		out->evidence |= address->evidence;
		out->disagree |= address->asn_operator != NULL ? EVIDENCE_ASN : 0;
	} else {
		out->disagree |= address->evidence;
	}
}

/* On a tenancy's address a foreign name is only shown (domain §5.16). An answer of dns that goes
 * with it links it to the address; that is not what disagrees, unless it is the name's only source.
 */
static void
compare_name(const struct name_answer *name, struct attribution *out)
{
	unsigned claim = name->evidence & (EVIDENCE_SNI | EVIDENCE_HOST);

	if (!name->known)
		return;
	if (attribution_same_group(name->name.owner, out->owner)) {
		out->evidence |= name->evidence;
		return;
	}
	out->tenancy_named = name->name.owner;
	out->disagree |= claim != 0 ? claim : name->evidence;
}

/* The list's region is where the address is; the declared one is only where it should be. */
static void
set_region(const struct attribution_facts *facts, bool believe_name, struct attribution *out)
{
	attribution_set_region(facts, false, out);
	out->tenancy_elsewhere =
		out->service != NULL &&
		attribution_is_elsewhere(out->service, out->region, out->region_country);
	if (out->region[0] == '\0' && !set_only_region(out->service, out))
		attribution_set_region(facts, believe_name, out);
}

static void
set_class(const struct attribution_facts *facts, struct attribution *out)
{
	const struct address_answer *address = &facts->address;
	struct class_question question = {
		.owner = out->owner,
		.service = out->service,
		.tied = true,
		.by_tenancy = true,
		.region = out->region,
		.region_country = out->region_country,
	};
	struct class_answer answer;

	attribution_find_class(facts->policy, facts->query->day, &question, &answer);
	if (address->owner != NULL && attribution_same_group(address->owner, out->owner))
		attribution_raise_class(&answer, attribution_own_exposure(address, out->service));
	attribution_take_class(&answer, out);
}

bool
attribution_by_tenancy(const struct attribution_facts *facts, struct attribution *out)
{
	const struct name_answer *name = &facts->name;
	const struct tenancy *tenancy = find_by_address(facts, out);
	bool by_name = false;

	if (tenancy == NULL) {
		tenancy = find_by_name(facts, out);
		by_name = true;
	}
	if (tenancy == NULL)
		return false;
	out->pattern = ATTRIBUTION_TENANCY;
	out->confidence = CONFIDENCE_HIGH;
	out->tenancy = tenancy;
	out->owner = tenancy->operator_record;
	out->service_operator = tenancy->operator_record;
	out->service = policy_service(facts->policy, tenancy->service);
	out->kind = out->service != NULL ? out->service->kind : SERVICE_KIND_UNKNOWN;
	out->evidence = EVIDENCE_TENANCY | (by_name ? name->evidence : 0);
	compare_address(facts, by_name, out);
	if (!by_name)
		compare_name(name, out);
	set_region(facts, name->known && out->tenancy_named == NULL, out);
	set_class(facts, out);
	return true;
}
