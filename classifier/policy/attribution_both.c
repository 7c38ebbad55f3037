/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows where address and name both speak. The address is a fact, the name a claim of the
 * client: a name never lowers the class that the address gives, and it names the operator only
 * where something confirms it.
 */
#include "classifier/policy/attribution_parts.h"

/* ---- one operator, or two of a group ---- */

/* Whether the list's tag tells the service, because the name tells only the operator. */
static bool
is_told_by_tag(const struct attribution_facts *facts)
{
	return facts->name.name.service == NULL && facts->address.service != NULL;
}

/*
 * C2. The service is the name's, or else the tag's, and its class holds. What the address says of
 * itself stays, and so do both answers of two operators of a group. A qualification needs a prefix
 * of the service or an answer of dns beside the name (domain §5.44): a certificate, which nobody
 * checks here, anybody can show on a machine at the same operator's.
 */
static void
set_agreed_class(const struct attribution_facts *facts, struct attribution *out)
{
	const struct address_answer *address = &facts->address;
	const struct catalogue_name *name = &facts->name.name;
	bool same_operator = address->owner == name->owner;
	bool same_service = address->service != NULL && address->service == name->service;
	struct class_answer answer, other;

	if (is_told_by_tag(facts) && same_operator && !name->has_exposure) {
		attribution_address_class(facts, true, out, &answer);
		attribution_take_class(&answer, out);
		return;
	}
	attribution_name_class(facts, same_operator && (same_service || facts->told), out, &answer);
	if (answer.qualification != NULL && !same_service)
		out->confidence = attribution_by_dns(facts, out->confidence);
	if (same_operator) {
		attribution_raise_class(&answer, attribution_own_exposure(address, name->service));
	} else {
		attribution_address_class(facts, false, out, &other);
		attribution_raise_class(&answer, other.exposure);
		answer.stale |= other.stale;
	}
	attribution_take_class(&answer, out);
}

static void
decide_agreed(const struct attribution_facts *facts, struct attribution *out)
{
	bool named_by_dns = facts->query->name_source == NAME_SOURCE_DNS;

	out->pattern = ATTRIBUTION_AGREED;
	out->confidence =
		named_by_dns ? attribution_by_dns(facts, CONFIDENCE_HIGH) : CONFIDENCE_HIGH;
	attribution_show_name(facts, out);
	if (is_told_by_tag(facts)) {
		out->service = facts->address.service;
		if (out->kind == SERVICE_KIND_UNKNOWN || out->kind == SERVICE_KIND_WEB_GENERIC)
			out->kind = facts->address.kind;
	}
	set_agreed_class(facts, out);
}

/* ---- two operators ---- */

static bool
is_above(enum exposure address, enum exposure name)
{
	/* us-parent and us-direct are one class; an unknown one is above nothing (domain §5.8). */
	if (exposure_is_under_us_law(address) && exposure_is_under_us_law(name))
		return false;
	return address != EXPOSURE_UNKNOWN && address > name;
}

/*
 * Both may hold the data, so the more exposed counts. No qualification does: it would need both to
 * agree. A name that nothing confirms does not make an unknown class known, unless it is bad.
 */
static void
set_both_classes(const struct attribution_facts *facts, bool believe_name, struct attribution *out)
{
	struct class_answer address, name;

	attribution_address_class(facts, false, out, &address);
	attribution_name_class(facts, false, out, &name);
	out->address_more_exposed = is_above(address.exposure, name.exposure);
	if (believe_name || address.exposure != EXPOSURE_UNKNOWN ||
	    name.exposure >= EXPOSURE_THIRD_COUNTRY)
		address.exposure = exposure_more_exposed(address.exposure, name.exposure);
	address.stale |= name.stale;
	attribution_take_class(&address, out);
}

/* Whether the chain of the answer leads over a name of the front. */
static bool
is_led_to_front(const struct attribution_facts *facts)
{
	const struct dns_links *dns = &facts->query->dns;
	struct catalogue_name alias;

	for (size_t i = 0; i < dns->alias_count; i++) {
		if (catalogue_find_name(facts->policy->catalogue, dns->aliases[i], &alias) &&
		    attribution_same_group(alias.owner, facts->address.owner))
			return true;
	}
	return false;
}

/* C7: the front ends TLS, so its class counts; what stands behind it is not seen. */
static void
decide_fronted(const struct attribution_facts *facts, struct attribution *out)
{
	bool by_prefix = (facts->address.evidence & EVIDENCE_PREFIX) != 0;
	bool led = is_led_to_front(facts);
	struct class_answer answer;

	out->pattern = ATTRIBUTION_FRONTED;
	out->flags |= JUDGED_FLAG_CDN_FRONTED;
	out->evidence |= led ? EVIDENCE_CNAME : 0;
	out->confidence = led ? attribution_by_dns(facts, CONFIDENCE_HIGH) : CONFIDENCE_MEDIUM;
	if (facts->name.known) {
		attribution_show_name(facts, out);
		set_both_classes(facts, true, out);
		return;
	}
	if (by_prefix)
		out->confidence = CONFIDENCE_HIGH;
	attribution_show_address(facts, out);
	attribution_address_class(facts, true, out, &answer);
	attribution_take_class(&answer, out);
}

/* Whether the catalogue says that `a` uses the network of `b`. */
static bool
is_hosted_on(const struct catalogue_operator *a, const struct catalogue_operator *b)
{
	for (size_t i = 0; i < a->hosted_on_count; i++) {
		if (strcmp(a->hosted_on[i], b->id) == 0 || strcmp(a->hosted_on[i], b->group) == 0)
			return true;
	}
	return false;
}

/* An AS of the named operator that announces the other's range says the same as dns does. */
static bool
is_announced(const struct attribution_facts *facts)
{
	const struct catalogue_operator *of_asn = facts->address.asn_operator;

	return of_asn != NULL && attribution_same_group(of_asn, facts->name.name.owner);
}

/* C12 by dns, or because the catalogue says so. */
static bool
is_hosted(const struct attribution_facts *facts)
{
	return facts->told || is_hosted_on(facts->name.name.owner, facts->address.owner);
}

static void
decide_hosted(const struct attribution_facts *facts, struct attribution *out)
{
	out->pattern = ATTRIBUTION_HOSTED;
	out->flags |= JUDGED_FLAG_HOSTED;
	out->confidence = is_hosted_on(facts->name.name.owner, facts->address.owner)
				  ? CONFIDENCE_HIGH
				  : CONFIDENCE_MEDIUM;
	if (facts->query->name_source == NAME_SOURCE_DNS)
		out->confidence = attribution_by_dns(facts, out->confidence);
	attribution_show_name(facts, out);
	set_both_classes(facts, true, out);
}

/* C12 by the AS alone: it is what confirms the name, and the list is what disagrees. */
static void
decide_announced(const struct attribution_facts *facts, struct attribution *out)
{
	decide_hosted(facts, out);
	out->evidence = (out->evidence & ~(unsigned)EVIDENCE_PREFIX) | EVIDENCE_ASN;
	out->disagree = (out->disagree & ~(unsigned)EVIDENCE_ASN) | EVIDENCE_PREFIX;
}

/* C8: what the client claims is told, and the address decides. A certificate that has the name
 * stands beside it and links nothing: nobody checks who signed it. */
static void
decide_mismatch(const struct attribution_facts *facts, struct attribution *out)
{
	out->pattern = ATTRIBUTION_MISMATCH;
	out->confidence = CONFIDENCE_LOW;
	out->flags |= JUDGED_FLAG_NAME_ADDRESS_MISMATCH;
	out->evidence |= facts->name.evidence & EVIDENCE_CERTIFICATE;
	out->disagree |= facts->name.evidence & ~(unsigned)EVIDENCE_CERTIFICATE;
	out->disagree |= facts->query->dns.contradicted ? EVIDENCE_DNS : 0;
	attribution_show_address(facts, out);
	set_both_classes(facts, false, out);
}

void
attribution_by_both(const struct attribution_facts *facts, struct attribution *out)
{
	bool known = facts->name.known;

	if (known && attribution_same_group(facts->address.owner, facts->name.name.owner))
		decide_agreed(facts, out);
	else if (facts->address.cdn)
		decide_fronted(facts, out);
	else if (is_hosted(facts))
		decide_hosted(facts, out);
	else if (is_announced(facts))
		decide_announced(facts, out);
	else
		decide_mismatch(facts, out);
}
