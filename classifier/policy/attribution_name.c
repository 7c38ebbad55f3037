/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose the name is: services of the settings before the catalogue's, and what an encrypted
 * ClientHello hides.
 */
#include "classifier/policy/attribution_parts.h"

static unsigned
evidence_of(const struct attribution_query *query)
{
	unsigned evidence = query->dns.linked          ? EVIDENCE_DNS
			    : query->dns.linked_shared ? EVIDENCE_DNS_SHARED
						       : 0;

	if (query->certificate == CERTIFICATE_HAS_NAME)
		evidence |= EVIDENCE_CERTIFICATE;

	switch (query->name_source) {
	case NAME_SOURCE_TLS_SNI:
	case NAME_SOURCE_QUIC_SNI:
	case NAME_SOURCE_STARTTLS_SNI:
		return evidence | EVIDENCE_SNI;
	case NAME_SOURCE_HTTP_HOST:
	case NAME_SOURCE_HTTP_CONNECT:
	case NAME_SOURCE_SOCKS:
		return evidence | EVIDENCE_HOST;
	case NAME_SOURCE_DNS:
		return (evidence & (EVIDENCE_DNS | EVIDENCE_DNS_SHARED)) != 0
			       ? evidence
			       : evidence | EVIDENCE_DNS;
	case NAME_SOURCE_CERTIFICATE:
		return evidence | EVIDENCE_CERTIFICATE;
	case NAME_SOURCE_NONE:
		break;
	}
	return 0;
}

bool
attribution_is_outer(const struct policy *policy, const struct attribution_query *query,
		     const char *outer_name)
{
	return (query->ech_or_grease || query->hello_cut) && outer_name != NULL &&
	       (query->ech_announced ||
		catalogue_find_ech_public_name(policy->catalogue, outer_name) != NULL);
}

static void
find_ech(const struct policy *policy, const struct attribution_query *query,
	 struct name_answer *out)
{
	bool told_by_dns = query->name_source == NAME_SOURCE_DNS;
	/* A proxy is asked for the real name. */
	bool asked = query->name_source == NAME_SOURCE_HTTP_CONNECT ||
		     query->name_source == NAME_SOURCE_SOCKS;

	if (asked)
		return;
	out->outer =
		attribution_is_outer(policy, query, told_by_dns ? query->outer_name : query->name);
	out->ech = out->outer && query->ech_or_grease;
	out->hidden = out->outer && !told_by_dns;
}

/* What the settings say in place of a service of the catalogue replaces what the name says of it.
 */
static void
replace_service(const struct policy *policy, struct catalogue_name *name)
{
	const struct catalogue_service *service = policy_service(policy, name->service);

	if (service == name->service)
		return;
	name->service = service;
	name->has_exposure = name->has_exposure && !service->has_exposure;
	if (service->kind != SERVICE_KIND_UNKNOWN)
		name->kind = service->kind;
}

/* A service of the settings. Where the catalogue has the name for the same operator too, it still
 * tells the region. */
static void
take_service(const struct catalogue_service *service, struct catalogue_name *name)
{
	struct catalogue_name fresh = {
		.owner = service->owner, .service = service, .kind = service->kind};

	if (name->owner == service->owner) {
		memcpy(fresh.region, name->region, sizeof(fresh.region));
		fresh.region_country = name->region_country;
	}
	*name = fresh;
}

void
attribution_find_name(const struct policy *policy, const struct attribution_query *query,
		      struct name_answer *out)
{
	*out = (struct name_answer){0};
	/* A Host or SNI that is an address is no name (domain §5.11). */
	if (query->name == NULL || *query->name == '\0' || domain_name_is_address(query->name))
		return;
	out->there = true;
	out->evidence = evidence_of(query);
	find_ech(policy, query, out);
	if (out->hidden)
		return;
	const struct catalogue_service *service = policy_find_service_by_name(policy, query->name);
	out->known = catalogue_find_name(policy->catalogue, query->name, &out->name);
	if (out->known)
		replace_service(policy, &out->name);
	else
		out->name = (struct catalogue_name){0};
	if (service != NULL)
		take_service(service, &out->name);
	out->known |= service != NULL;
}
