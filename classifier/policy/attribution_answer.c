/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What follows from the answer of the address or of the name alone: whom it shows, its class, its
 * region. The rows weigh the two.
 */
#include "classifier/policy/attribution_parts.h"

#include <strings.h>

void
attribution_show_address(const struct attribution_facts *facts, struct attribution *out)
{
	out->owner = facts->address.owner;
	out->service = facts->address.service;
	out->kind = facts->address.kind;
}

void
attribution_show_name(const struct attribution_facts *facts, struct attribution *out)
{
	out->owner = facts->name.name.owner;
	out->service = facts->name.name.service;
	out->kind = facts->name.name.kind;
	out->low_sink = facts->name.name.low_sink;
	out->evidence |= facts->name.evidence;
}

void
attribution_raise_class(struct class_answer *answer, enum exposure exposure)
{
	/* Where the records are too old, only what is bad enough still holds. */
	if (answer->stale && exposure < EXPOSURE_UNKNOWN)
		return;
	answer->exposure = exposure_more_exposed(answer->exposure, exposure);
	if (answer->exposure != EXPOSURE_EU_QUALIFIED)
		answer->qualification = NULL;
}

void
attribution_address_class(const struct attribution_facts *facts, bool tied,
			  const struct attribution *out, struct class_answer *answer)
{
	const struct address_answer *address = &facts->address;
	bool by_prefix = (address->evidence & EVIDENCE_PREFIX) != 0;
	struct class_question question = {
		.owner = address->owner,
		.service = address->service,
		.has_exposure = !by_prefix && address->has_own_exposure,
		.exposure = address->own_exposure,
		.tied = tied && by_prefix,
		.region = out->region,
		.region_country = out->region_country,
	};

	attribution_find_class(facts->policy, facts->query->day, &question, answer);
	if (by_prefix && address->has_own_exposure)
		attribution_raise_class(answer, address->own_exposure);
}

void
attribution_name_class(const struct attribution_facts *facts, bool tied,
		       const struct attribution *out, struct class_answer *answer)
{
	const struct catalogue_name *name = &facts->name.name;
	struct class_question question = {
		.owner = name->owner,
		.service = name->service,
		.has_exposure = name->has_exposure,
		.exposure = name->exposure,
		.tied = tied,
		.region = out->region,
		.region_country = out->region_country,
	};

	attribution_find_class(facts->policy, facts->query->day, &question, answer);
}

enum exposure
attribution_own_exposure(const struct address_answer *address,
			 const struct catalogue_service *service)
{
	enum exposure own = address->has_own_exposure ? address->own_exposure : EXPOSURE_UNKNOWN;

	if (address->service != NULL && address->service != service &&
	    address->service->has_exposure && address->service->exposure > EXPOSURE_EU_QUALIFIED)
		own = exposure_more_exposed(own, address->service->exposure);
	return own;
}

void
attribution_take_class(const struct class_answer *answer, struct attribution *out)
{
	out->exposure = answer->exposure;
	out->qualification = answer->qualification;
	out->qualification_ended = answer->qualification_ended;
	out->hds = answer->hds;
	if (answer->stale)
		out->flags |= JUDGED_FLAG_STALE_RECORD;
}

/* "GLOBAL" is no place. */
void
attribution_set_region(const struct attribution_facts *facts, bool believe_name,
		       struct attribution *out)
{
	const struct address_answer *address = &facts->address;
	const struct catalogue_name *name = &facts->name.name;
	const char *region = NULL;

	if (address->region != NULL &&
	    (address->region_country != NULL || strcasecmp(address->region, "global") != 0)) {
		region = address->region;
		out->region_country = address->region_country;
	} else if (believe_name && name->region[0] != '\0') {
		region = name->region;
		out->region_country = name->region_country;
	}
	if (region != NULL && strlen(region) < sizeof(out->region))
		memcpy(out->region, region, strlen(region) + 1);
}

enum confidence
attribution_by_dns(const struct attribution_facts *facts, enum confidence confidence)
{
	bool several =
		facts->query->name_source == NAME_SOURCE_DNS && facts->query->dns.several_names;

	if (confidence > CONFIDENCE_MEDIUM && (several || facts->shared_only))
		return CONFIDENCE_MEDIUM;
	return confidence;
}
