/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which words tell the evidence depends on the row of domain §3b that decided: what agrees, who
 * says what where they do not, or what nothing confirms.
 */
#include "classifier/policy/sentence_parts.h"

#include <stdio.h>

#include "base/human_text.h"
#include "classifier/policy/policy.h"

/* Room for every word of enum evidence with ", " between. */
#define EVIDENCE_LIST_MAX 64

static const struct {
	enum evidence bit;
	enum evidence covered_by; /* says the same and more; 0: nothing does */
} listed[] = {
	{EVIDENCE_PREFIX, 0},      {EVIDENCE_ASN, EVIDENCE_PREFIX},
	{EVIDENCE_DNS, 0},         {EVIDENCE_DNS_SHARED, 0},
	{EVIDENCE_SNI, 0},         {EVIDENCE_HOST, 0},
	{EVIDENCE_CERTIFICATE, 0},
};

/* "prefix, dns, sni"; returns how many. */
static unsigned
list_evidence(unsigned evidence, char out[EVIDENCE_LIST_MAX])
{
	struct sentence_writer writer;
	unsigned count = 0;

	sentence_writer_begin(&writer, out, EVIDENCE_LIST_MAX);
	for (size_t i = 0; i < sizeof(listed) / sizeof(*listed); i++) {
		if ((evidence & listed[i].bit) == 0 || (evidence & listed[i].covered_by) != 0)
			continue;
		sentence_writer_fill(&writer, count == 0 ? "" : ", ", NULL, 0);
		sentence_writer_fill(&writer, evidence_text(listed[i].bit), NULL, 0);
		count++;
	}
	return count;
}

/* The first of `bits` (0 ends them) that was used or disagreed; of a tenancy, that disagreed. */
static const char *
first_of(const struct attribution *a, const enum evidence *bits)
{
	unsigned told = a->disagree | (a->pattern != ATTRIBUTION_TENANCY ? a->evidence : 0);

	for (; *bits != 0; bits++) {
		if ((told & *bits) != 0)
			return evidence_text(*bits);
	}
	return "";
}

static const char *
name_evidence(const struct attribution *a)
{
	static const enum evidence bits[] = {EVIDENCE_SNI,         EVIDENCE_HOST,
					     EVIDENCE_DNS,         EVIDENCE_DNS_SHARED,
					     EVIDENCE_CERTIFICATE, 0};

	return first_of(a, bits);
}

static const char *
address_evidence(const struct attribution *a)
{
	static const enum evidence bits[] = {EVIDENCE_PREFIX, EVIDENCE_ASN, 0};

	return first_of(a, bits);
}

/* What says who runs an address by which it goes. */
static const char *
way_evidence(unsigned evidence)
{
	if ((evidence & EVIDENCE_TENANCY) != 0)
		return evidence_text(EVIDENCE_TENANCY);
	return evidence_text((evidence & EVIDENCE_PREFIX) != 0 ? EVIDENCE_PREFIX : EVIDENCE_ASN);
}

static const char *
short_name(const struct catalogue_operator *operator_record)
{
	return operator_record != NULL ? operator_record->short_name : "";
}

static const char *
fronted_text(const struct rule_evidence_sentences *texts, const struct attribution *a)
{
	if ((a->evidence & EVIDENCE_CNAME) != 0)
		return texts->fronted_cname;
	return a->service_operator != NULL ? texts->fronted_named : texts->fronted_unlisted;
}

static const char *
hosted_text(const struct rule_evidence_sentences *texts, const struct attribution *a)
{
	if ((a->disagree & EVIDENCE_PREFIX) != 0)
		return texts->hosted_asn;
	/* Domain C12: only the catalogue's word makes it high. */
	return a->confidence == CONFIDENCE_HIGH ? texts->hosted : texts->hosted_dns;
}

static const char *
claimed_text(const struct rule_evidence_sentences *texts, const struct attribution *a)
{
	if ((a->disagree & EVIDENCE_DNS) != 0)
		return texts->claimed_contradicted;
	return (a->evidence & EVIDENCE_CERTIFICATE) != 0 ? texts->claimed_certificate
							 : texts->claimed;
}

static const char *
hidden_text(const struct rule_evidence_sentences *texts, const struct attribution *a)
{
	bool known = a->host_operator != NULL;

	if (a->name_withheld)
		return known ? texts->withheld : texts->withheld_unknown;
	return known ? texts->hidden : texts->hidden_unknown;
}

static const char *
asked_text(const struct sentence_facts *facts)
{
	const struct rule_evidence_sentences *texts = &facts->rules->sentences.evidence;
	const struct attribution *a = facts->attribution;

	if (!a->via_proxy)
		return texts->tunnel_unlisted;
	if (!sentence_is_of_proxy(a))
		return texts->asked;
	return facts->name != NULL ? texts->asked_unlisted : texts->asked_address;
}

/* `count` pieces of evidence can be listed. */
static const char *
choose_text(const struct sentence_facts *facts, unsigned count)
{
	const struct rule_evidence_sentences *texts = &facts->rules->sentences.evidence;
	const struct attribution *a = facts->attribution;

	switch (a->pattern) {
	case ATTRIBUTION_TENANCY:
		return texts->tenancy;
	case ATTRIBUTION_FRONTED:
		return fronted_text(texts, a);
	case ATTRIBUTION_HOSTED:
		return hosted_text(texts, a);
	case ATTRIBUTION_HIDDEN:
		return hidden_text(texts, a);
	case ATTRIBUTION_MISMATCH:
		return (a->disagree & EVIDENCE_DNS) != 0 ? texts->mismatch_contradicted
							 : texts->mismatch;
	case ATTRIBUTION_NAME_CLAIMED:
		return claimed_text(texts, a);
	case ATTRIBUTION_ASKED:
		return asked_text(facts);
	case ATTRIBUTION_SOURCES_DIFFER:
		return texts->sources_differ;
	case ATTRIBUTION_NOTHING:
		if (a->via_proxy && facts->name != NULL)
			return texts->asked_unlisted;
		return facts->name != NULL ? texts->nothing_unlisted : texts->nothing;
	case ATTRIBUTION_AGREED:
	case ATTRIBUTION_PREFIX_ONLY:
	case ATTRIBUTION_ASN_ONLY:
	case ATTRIBUTION_NAME_BY_DNS:
		break;
	}
	return count > 1 ? texts->agree : texts->single;
}

/* What speaks against a tenancy: an address and a name of one operator, or each by itself. */
static void
write_dispute(const struct sentence_facts *facts, const struct sentence_value *values,
	      size_t value_count, struct sentence_writer *writer)
{
	const struct rule_evidence_sentences *texts = &facts->rules->sentences.evidence;
	const struct attribution *a = facts->attribution;

	if (a->tenancy == NULL)
		return;
	if (a->asn_operator != NULL && a->asn_operator == a->tenancy_named) {
		sentence_writer_fill(writer, texts->tenancy_both, values, value_count);
		return;
	}
	if (a->asn_operator != NULL)
		sentence_writer_fill(writer, texts->tenancy_address, values, value_count);
	if (a->tenancy_named != NULL)
		sentence_writer_fill(writer, texts->tenancy_name, values, value_count);
}

/* What else was seen: other names in the certificate, and who runs the proxy or the tunnel's
 * end. */
static void
write_beside(const struct sentence_facts *facts, const struct sentence_value *values,
	     size_t value_count, struct sentence_writer *writer)
{
	const struct rule_evidence_sentences *texts = &facts->rules->sentences.evidence;
	const struct attribution *a = facts->attribution;

	bool mismatch = a->pattern == ATTRIBUTION_MISMATCH && a->disagree != 0;
	if (mismatch && (a->evidence & EVIDENCE_CERTIFICATE) != 0)
		sentence_writer_fill(writer, texts->mismatch_certificate, values, value_count);
	if ((a->disagree & EVIDENCE_CERTIFICATE) != 0)
		sentence_writer_fill(writer, texts->certificate, values, value_count);
	if (a->proxy_operator != NULL)
		sentence_writer_fill(writer, texts->proxy, values, value_count);
	if (a->tunnel_operator != NULL)
		sentence_writer_fill(writer, texts->tunnel, values, value_count);
}

/* Limits are set in whole units, so they are told in them. */
static void
format_limit(uint64_t bytes, char *out, size_t size)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	unsigned unit = 0;

	for (; unit < 4 && bytes != 0 && bytes % 1024 == 0; unit++)
		bytes /= 1024;
	snprintf(out, size, "%llu %s", (unsigned long long)bytes, units[unit]);
}

/* "Evidence:", and where that is needed, of which flow. */
static void
write_beginning(const struct sentence_facts *facts, struct sentence_writer *writer)
{
	const struct rule_evidence_sentences *texts = &facts->rules->sentences.evidence;

	if (facts->shown == NULL) {
		sentence_writer_fill_next(writer, texts->begin, NULL, 0);
		return;
	}
	struct human_text up = human_bytes(facts->shown->up);
	const struct sentence_value values[] = {{"name", facts->shown->name}, {"up", up.text}};
	sentence_writer_fill_next(writer, texts->begin_of_one, values, 2);
}

void
sentence_evidence_write(const struct sentence_facts *facts, struct sentence_writer *writer)
{
	const struct rule_evidence_sentences *texts = &facts->rules->sentences.evidence;
	const struct attribution *a = facts->attribution;
	char list[EVIDENCE_LIST_MAX], limit[32] = "";
	unsigned count = list_evidence(a->evidence, list);
	const struct sentence_value values[] = {
		{"evidence", list},
		{"address_evidence", address_evidence(a)},
		{"name_evidence", name_evidence(a)},
		{"tenancy", a->tenancy != NULL ? a->tenancy->id : ""},
		{"operator", short_name(a->owner)},
		{"host_operator", short_name(a->host_operator)},
		{"service_operator", short_name(a->service_operator)},
		{"asn_operator", short_name(a->asn_operator)},
		{"named_operator", short_name(a->tenancy_named)},
		{"confidence", confidence_text(a->confidence)},
		{"day_limit", limit},
		{"proxy_operator", short_name(a->proxy_operator)},
		{"proxy_evidence", way_evidence(a->proxy_evidence)},
		{"tunnel_operator", short_name(a->tunnel_operator)},
		{"tunnel_evidence", way_evidence(a->tunnel_evidence)},
	};
	size_t value_count = sizeof(values) / sizeof(*values);

	if (facts->day_limit != 0)
		format_limit(facts->day_limit, limit, sizeof(limit));
	write_beginning(facts, writer);
	sentence_writer_fill_next(writer, choose_text(facts, count), values, value_count);
	write_dispute(facts, values, value_count, writer);
	write_beside(facts, values, value_count, writer);
	if (attribution_is_doubtful(a) && facts->verdict->severity >= SEVERITY_LOW)
		sentence_writer_fill(writer, texts->review, values, value_count);
	if (facts->day_limit != 0)
		sentence_writer_fill(writer, texts->day_total, values, value_count);
	sentence_writer_fill(writer, texts->end, values, value_count);
}
