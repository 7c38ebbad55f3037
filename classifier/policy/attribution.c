/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two answers are kept apart until the end: who runs the address (published list, then origin AS)
 * and who the name belongs to. The address is a fact, the name a claim of the client: so a name
 * never lowers the class that the address gives, and it names the operator only where something
 * confirms it.
 */
#include "classifier/policy/attribution.h"

#include <string.h>

/* Who runs the address. */
struct host_answer {
	const struct catalogue_operator *owner;
	const struct catalogue_service *service; /* of the list's tag */
	enum service_kind kind;
	enum exposure exposure;
	bool own_exposure; /* AS or list entry differs from its operator: no name lowers it (domain
			      §5.35) */
	bool cdn;
	const char *region;
	const char *region_country;
	unsigned evidence;
};

/* Who the name belongs to. */
struct service_answer {
	bool known;
	struct catalogue_name name;
	enum exposure exposure;
	unsigned evidence; /* what the name came from */
};

const char *
evidence_text(enum evidence evidence)
{
	switch (evidence) {
	case EVIDENCE_PREFIX:
		return "prefix";
	case EVIDENCE_ASN:
		return "asn";
	case EVIDENCE_DNS:
		return "dns";
	case EVIDENCE_SNI:
		return "sni";
	case EVIDENCE_HOST:
		return "host";
	}
	return "";
}

static bool
same_group(const struct catalogue_operator *a, const struct catalogue_operator *b)
{
	return a == b || strcmp(a->group, b->group) == 0;
}

static void
host_by_feed(const struct catalogue *catalogue, const struct origin *origin,
	     struct host_answer *host)
{
	struct catalogue_feed feed;

	if (origin->feed == NULL ||
	    !catalogue_find_feed(catalogue, origin->feed, origin->feed_service, origin->feed_region,
				 &feed))
		return;
	host->owner = feed.owner;
	host->service = feed.service;
	host->kind = feed.kind;
	host->own_exposure = feed.service != NULL && feed.service->has_exposure;
	host->exposure = host->own_exposure ? feed.service->exposure : feed.owner->exposure;
	host->cdn = feed.owner->cdn || (feed.service != NULL && feed.service->cdn);
	host->region = origin->feed_region;
	host->region_country = feed.region_country;
	host->evidence = EVIDENCE_PREFIX;
}

/* The AS of a list's operator confirms the list; what it says of itself still counts (domain
 * §5.35). */
static void
confirm_by_asn(const struct catalogue_asn *asn, const char *country, struct host_answer *host)
{
	enum exposure exposure;

	if (!same_group(host->owner, asn->owner))
		return;
	host->evidence |= EVIDENCE_ASN;
	if (catalogue_asn_exposure(asn, country, &exposure)) {
		host->exposure = exposure_more_exposed(host->exposure, exposure);
		host->own_exposure = true;
	}
}

/*
 * A published list goes before the AS (domain C10). Behind an access or transit network anybody may
 * have the machine, so such an AS tells nothing.
 */
static void
host_by_asn(const struct catalogue *catalogue, const struct origin *origin,
	    struct host_answer *host)
{
	const struct catalogue_asn *asn =
		origin->asn != 0 ? catalogue_find_asn(catalogue, origin->asn) : NULL;
	if (asn == NULL || asn->scope != ASN_SCOPE_CLOUD)
		return;
	if (host->owner != NULL) {
		confirm_by_asn(asn, origin->country, host);
		return;
	}
	host->owner = asn->owner;
	host->own_exposure = catalogue_asn_exposure(asn, origin->country, &host->exposure);
	host->cdn = asn->owner->cdn;
	host->evidence = EVIDENCE_ASN;
}

static void
find_host(const struct catalogue *catalogue, const struct origin *origin, struct host_answer *host)
{
	*host = (struct host_answer){.exposure = EXPOSURE_UNKNOWN};
	host_by_feed(catalogue, origin, host);
	host_by_asn(catalogue, origin, host);
}

static unsigned
name_evidence(const struct attribution_query *query)
{
	unsigned evidence = query->dns_seen ? EVIDENCE_DNS : 0;

	switch (query->name_source) {
	case NAME_SOURCE_TLS_SNI:
	case NAME_SOURCE_QUIC_SNI:
		return evidence | EVIDENCE_SNI;
	case NAME_SOURCE_HTTP_HOST:
	case NAME_SOURCE_HTTP_CONNECT:
		return evidence | EVIDENCE_HOST;
	case NAME_SOURCE_DNS:
		return EVIDENCE_DNS;
	case NAME_SOURCE_NONE:
		break;
	}
	return 0;
}

static void
find_service(const struct catalogue *catalogue, const struct attribution_query *query,
	     struct service_answer *service)
{
	*service = (struct service_answer){.exposure = EXPOSURE_UNKNOWN};
	/* A Host or SNI that is an address is no name (domain §5.11); the catalogue refuses it too.
	 */
	if (query->name == NULL || domain_name_is_address(query->name) ||
	    !catalogue_find_name(catalogue, query->name, &service->name))
		return;
	const struct catalogue_name *name = &service->name;
	service->known = true;
	service->evidence = name_evidence(query);
	if (name->has_exposure)
		service->exposure = name->exposure;
	else if (name->service != NULL && name->service->has_exposure)
		service->exposure = name->service->exposure;
	else
		service->exposure = name->owner->exposure;
}

/* What goes over a front by its address alone may be anything (domain §5.14). */
static enum service_kind
host_kind(const struct host_answer *host)
{
	return host->cdn ? SERVICE_KIND_WEB_GENERIC : host->kind;
}

static void
show_host(const struct host_answer *host, struct attribution *out)
{
	out->owner = host->owner;
	out->service = host->service;
	out->kind = host_kind(host);
}

static void
show_service(const struct service_answer *service, struct attribution *out)
{
	out->owner = service->name.owner;
	out->service = service->name.service;
	out->kind = service->name.kind;
	out->evidence |= service->evidence;
}

/* A class that only a qualification or a declaration gives takes more than the client's word
 * (domain §5.44). */
static enum exposure
unless_earned(const struct service_answer *service, bool earned)
{
	return service->exposure <= EXPOSURE_EU_QUALIFIED && !earned ? service->name.owner->exposure
								     : service->exposure;
}

/*
 * Name and address of one operator or group. The service is the name's, or else the list tag's, and
 * its class holds. What the address says of itself stays, and so do both answers of two operators
 * of a group.
 */
static void
decide_agreed(const struct host_answer *host, const struct service_answer *service, bool dns_seen,
	      struct attribution *out)
{
	bool same_operator = host->owner == service->name.owner;
	bool by_tag = service->name.service == NULL && host->service != NULL;
	bool same_service = host->service != NULL && host->service == service->name.service;

	show_service(service, out);
	out->exposure = unless_earned(service, same_operator && (dns_seen || same_service));
	if (by_tag) {
		out->service = host->service;
		if (out->kind == SERVICE_KIND_UNKNOWN || out->kind == SERVICE_KIND_WEB_GENERIC)
			out->kind = host_kind(host);
	}
	if (by_tag && same_operator && !service->name.has_exposure)
		out->exposure = host->exposure;
	else if (host->own_exposure || !same_operator)
		out->exposure = exposure_more_exposed(host->exposure, out->exposure);
}

/* Whether the catalogue says that `a` has no network of its own and uses that of `b` (domain C12).
 */
static bool
is_hosted_on(const struct catalogue_operator *a, const struct catalogue_operator *b)
{
	for (size_t i = 0; i < a->hosted_on_count; i++) {
		if (strcmp(a->hosted_on[i], b->id) == 0)
			return true;
	}
	return false;
}

/* A claim that nothing confirms counts where it raises the class, else it is not known (domain C6,
 * C8). */
static enum exposure
claimed_exposure(const struct service_answer *service)
{
	return service->exposure >= EXPOSURE_THIRD_COUNTRY ? service->exposure : EXPOSURE_UNKNOWN;
}

/* Name of one operator on another's address: a front (C7), a hosted service (C12), or a claim (C8).
 */
static void
decide_different(const struct host_answer *host, const struct service_answer *service,
		 bool dns_seen, struct attribution *out)
{
	bool linked = host->cdn || dns_seen || is_hosted_on(service->name.owner, host->owner);

	out->exposure = exposure_more_exposed(host->exposure, linked ? unless_earned(service, false)
								     : claimed_exposure(service));
	if (linked)
		show_service(service, out);
	else
		show_host(host, out);
}

/*
 * A name whose address nobody knows, of an operator that has no network but others' (C12): one of
 * theirs it will have been, and that address would have decided. With a network of its own it may
 * as well have been that.
 */
static void
count_likely_hosts(const struct catalogue *catalogue, struct service_answer *service,
		   struct attribution *out)
{
	const struct catalogue_operator *owner = service->name.owner;

	for (size_t i = 0; !owner->has_network && i < owner->hosted_on_count; i++) {
		const struct catalogue_operator *host =
			catalogue_find_operator(catalogue, owner->hosted_on[i]);
		if (host == NULL)
			continue;
		service->exposure = exposure_more_exposed(service->exposure, host->exposure);
		const struct catalogue_operator *likely = out->likely_host;
		if (likely == NULL ||
		    exposure_more_exposed(likely->exposure, host->exposure) != likely->exposure)
			out->likely_host = host;
	}
}

/* A name alone: confirmed by dns (C5), or a claim (C6). */
static void
decide_name_only(const struct service_answer *service, bool dns_seen, struct attribution *out)
{
	show_service(service, out);
	out->exposure = dns_seen ? unless_earned(service, false) : claimed_exposure(service);
}

/* The list's region is published, the name's is claimed; "GLOBAL" and the like are no place. */
static void
set_region(const struct host_answer *host, const struct service_answer *service, bool agreed,
	   struct attribution *out)
{
	const char *region = NULL;

	if (host->region != NULL && host->region_country != NULL) {
		region = host->region;
		out->region_country = host->region_country;
	} else if (service->known && service->name.region[0] != '\0' &&
		   (agreed || host->owner == NULL)) {
		region = service->name.region;
		out->region_country = service->name.region_country;
	}
	if (region != NULL && strlen(region) < sizeof(out->region))
		memcpy(out->region, region, strlen(region) + 1);
}

void
attribution_decide(const struct catalogue *catalogue, const struct attribution_query *query,
		   struct attribution *out)
{
	struct host_answer host;
	struct service_answer service;
	bool dns_seen = query->dns_seen || query->name_source == NAME_SOURCE_DNS;

	find_host(catalogue, query->origin, &host);
	find_service(catalogue, query, &service);
	*out = (struct attribution){
		.host_operator = host.owner,
		.service_operator = service.known ? service.name.owner : NULL,
		.exposure = EXPOSURE_UNKNOWN,
		.evidence = host.evidence,
	};
	bool agreed =
		service.known && host.owner != NULL && same_group(host.owner, service.name.owner);
	if (agreed) {
		decide_agreed(&host, &service, dns_seen, out);
	} else if (service.known && host.owner != NULL) {
		decide_different(&host, &service, dns_seen, out);
	} else if (service.known) {
		if (query->origin->feed == NULL && query->origin->asn == 0)
			count_likely_hosts(catalogue, &service, out);
		decide_name_only(&service, dns_seen, out);
	} else {
		show_host(&host, out);
		out->exposure = host.exposure;
	}
	set_region(&host, &service, agreed, out);
}
