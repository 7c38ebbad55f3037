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
	{EVIDENCE_PREFIX, 0}, {EVIDENCE_ASN, EVIDENCE_PREFIX},
	{EVIDENCE_DNS, 0},    {EVIDENCE_DNS_SHARED, 0},
	{EVIDENCE_SNI, 0},    {EVIDENCE_HOST, 0},
};

/* "prefix, dns, sni"; returns how many. */
static unsigned
list_evidence(unsigned evidence, char out[EVIDENCE_LIST_MAX])
{
	unsigned count = 0;
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(listed) / sizeof(*listed); i++) {
		if ((evidence & listed[i].bit) == 0 || (evidence & listed[i].covered_by) != 0)
			continue;
		len += (size_t)snprintf(out + len, EVIDENCE_LIST_MAX - len, "%s%s",
					count == 0 ? "" : ", ", evidence_text(listed[i].bit));
		count++;
	}
	return count;
}

/* The first of `bits` (0 ends them) that was used or disagreed. */
static const char *
first_of(const struct attribution *a, const enum evidence *bits)
{
	for (; *bits != 0; bits++) {
		if (((a->evidence | a->disagree) & *bits) != 0)
			return evidence_text(*bits);
	}
	return "";
}

static const char *
name_evidence(const struct attribution *a)
{
	static const enum evidence bits[] = {EVIDENCE_SNI, EVIDENCE_HOST, EVIDENCE_DNS,
					     EVIDENCE_DNS_SHARED, 0};

	return first_of(a, bits);
}

static const char *
address_evidence(const struct attribution *a)
{
	static const enum evidence bits[] = {EVIDENCE_PREFIX, EVIDENCE_ASN, 0};

	return first_of(a, bits);
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
		/* Domain C12: only the catalogue's word makes it high. */
		return a->confidence == CONFIDENCE_HIGH ? texts->hosted : texts->hosted_dns;
	case ATTRIBUTION_HIDDEN:
		return a->host_operator != NULL ? texts->hidden : texts->hidden_unknown;
	case ATTRIBUTION_MISMATCH:
		return (a->disagree & EVIDENCE_DNS) != 0 ? texts->mismatch_contradicted
							 : texts->mismatch;
	case ATTRIBUTION_NAME_CLAIMED:
		return texts->claimed;
	case ATTRIBUTION_SOURCES_DIFFER:
		return texts->sources_differ;
	case ATTRIBUTION_NOTHING:
		return facts->name != NULL ? texts->nothing_unlisted : texts->nothing;
	case ATTRIBUTION_AGREED:
	case ATTRIBUTION_PREFIX_ONLY:
	case ATTRIBUTION_ASN_ONLY:
	case ATTRIBUTION_NAME_BY_DNS:
		break;
	}
	return count > 1 ? texts->agree : texts->single;
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

void
sentence_evidence_write(const struct sentence_facts *facts, struct sentence_writer *writer)
{
	const struct rule_evidence_sentences *texts = &facts->rules->sentences.evidence;
	const struct attribution *a = facts->attribution;
	char list[EVIDENCE_LIST_MAX], limit[32];
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
		{"confidence", confidence_text(a->confidence)},
		{"day_limit", limit},
	};
	size_t value_count = sizeof(values) / sizeof(*values);

	format_limit(facts->day_limit, limit, sizeof(limit));
	sentence_writer_fill_next(writer, choose_text(facts, count), values, value_count);
	if (a->confidence == CONFIDENCE_LOW && facts->verdict->severity >= SEVERITY_LOW)
		sentence_writer_fill(writer, texts->review, values, value_count);
	if (facts->day_limit != 0)
		sentence_writer_fill(writer, texts->day_total, values, value_count);
	sentence_writer_fill(writer, texts->end, values, value_count);
}
