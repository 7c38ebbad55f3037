/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows where only one answer speaks: the address with a name that is hidden, not there or
 * nobody's, or a listed name on an address that nobody knows.
 */
#include "classifier/policy/attribution_parts.h"

/* A claim that nothing confirms counts only where it is bad enough (C6). */
static enum exposure
claimed(enum exposure exposure)
{
	return exposure >= EXPOSURE_THIRD_COUNTRY ? exposure : EXPOSURE_UNKNOWN;
}

/* C9: the service is not seen. */
static void
decide_hidden(const struct attribution_facts *facts, struct attribution *out)
{
	struct class_answer answer;

	out->pattern = ATTRIBUTION_HIDDEN;
	out->confidence = CONFIDENCE_MEDIUM;
	attribution_show_address(facts, out);
	out->service = NULL;
	attribution_address_class(facts, false, out, &answer);
	attribution_take_class(&answer, out);
}

/* C9 on an address that nobody knows: whose front the outer name is says nothing of who runs it. */
static void
decide_hidden_unknown(struct attribution *out)
{
	out->pattern = ATTRIBUTION_HIDDEN;
	out->confidence = CONFIDENCE_LOW;
	out->exposure = EXPOSURE_UNKNOWN;
}

/* C3, C4, and C10 where list and AS name two operators and no listed name says more. */
static void
decide_by_address(const struct attribution_facts *facts, struct attribution *out)
{
	const struct address_answer *address = &facts->address;
	bool differ = address->asn_operator != NULL;
	struct class_answer answer;

	out->confidence = address->mixed ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
	if (differ)
		out->pattern = ATTRIBUTION_SOURCES_DIFFER;
	else if ((address->evidence & EVIDENCE_PREFIX) != 0)
		out->pattern = ATTRIBUTION_PREFIX_ONLY;
	else
		out->pattern = ATTRIBUTION_ASN_ONLY;
	if (address->cdn && facts->name.there)
		out->flags |= JUDGED_FLAG_CDN_FRONTED;
	attribution_show_address(facts, out);
	attribution_address_class(facts, !differ, out, &answer);
	attribution_take_class(&answer, out);
}

/*
 * Asked about a name alone, of an operator that has no network but others' (C12): on one of theirs
 * it will be, and that address would decide. With a network of its own it may as well be there.
 */
static void
count_likely_hosts(const struct catalogue *catalogue, struct class_answer *answer,
		   struct attribution *out)
{
	const struct catalogue_operator *owner = out->service_operator;

	for (size_t i = 0; !owner->has_network && i < owner->hosted_on_count; i++) {
		const struct catalogue_operator *host =
			catalogue_find_operator(catalogue, owner->hosted_on[i]);
		if (host == NULL)
			continue;
		attribution_raise_class(answer, host->exposure);
		const struct catalogue_operator *likely = out->likely_host;
		if (likely == NULL ||
		    exposure_more_exposed(likely->exposure, host->exposure) != likely->exposure)
			out->likely_host = host;
	}
}

/*
 * C5 where dns confirms the name, C14 where a proxy goes to it, C6 where it is only claimed. A
 * certificate claims it too: nobody checks who signed it, so that any server can show one.
 */
static void
decide_by_name(const struct attribution_facts *facts, struct attribution *out)
{
	struct class_answer answer;

	attribution_show_name(facts, out);
	attribution_set_region(facts, true, out);
	attribution_name_class(facts, false, out, &answer);
	if (facts->query->address == NULL)
		count_likely_hosts(facts->policy->catalogue, &answer, out);
	if (facts->told || attribution_is_asked(facts->query)) {
		out->pattern = facts->told ? ATTRIBUTION_NAME_BY_DNS : ATTRIBUTION_ASKED;
		out->confidence = CONFIDENCE_MEDIUM;
	} else {
		out->pattern = ATTRIBUTION_NAME_CLAIMED;
		out->flags |= JUDGED_FLAG_SNI_UNCONFIRMED;
		out->disagree |= facts->query->dns.contradicted ? EVIDENCE_DNS : 0;
		answer.exposure = claimed(answer.exposure);
	}
	attribution_take_class(&answer, out);
}

void
attribution_by_one(const struct attribution_facts *facts, struct attribution *out)
{
	bool hosted = facts->address.owner != NULL;

	if (facts->name.hidden && hosted)
		decide_hidden(facts, out);
	else if (facts->name.hidden)
		decide_hidden_unknown(out);
	else if (hosted)
		decide_by_address(facts, out);
	else if (facts->name.known)
		decide_by_name(facts, out);
}
