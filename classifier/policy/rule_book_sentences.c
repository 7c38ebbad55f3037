/* SPDX-License-Identifier: Apache-2.0 */
/* The keys below `sentences`. All are wanted: a sentence that is missing would be missed in a
 * verdict. */
#include "classifier/policy/rule_book_file.h"

#define COUNT(fields) (sizeof(fields) / sizeof(*(fields)))
#define AT(record, member) .offset = offsetof(struct record, member)
#define SCHEMA(words, table, record)                                             \
	{                                                                        \
		.what = (words), .fields = (table), .field_count = COUNT(table), \
		.size = sizeof(struct record)                                    \
	}
#define TEXT(word, record, member)                                                         \
	{                                                                                  \
		.key = (word), .type = CONFIG_STRING, AT(record, member), .required = true \
	}

#define CLAUSE(member) TEXT(#member, rule_clauses, member)
static const struct config_field clause_fields[] = {
	CLAUSE(sent),           CLAUSE(fronted),  CLAUSE(fronted_named),    CLAUSE(hidden),
	CLAUSE(hidden_unknown), CLAUSE(withheld), CLAUSE(withheld_unknown), CLAUSE(mismatch),
	CLAUSE(hosted),         CLAUSE(unknown),  CLAUSE(served),           CLAUSE(served_unknown),
};
static const struct config_schema clause_schema =
	SCHEMA("first_clause", clause_fields, rule_clauses);

#define COLUMN(word, exposure) TEXT(word, file_exposure_sentences, by_column[exposure])
#define EXPOSURE(member) TEXT(#member, file_exposure_sentences, member)
static const struct config_field exposure_fields[] = {
	COLUMN("INT", EXPOSURE_STATE_INTERNAL),
	COLUMN("QUA", EXPOSURE_EU_QUALIFIED),
	COLUMN("SOV", EXPOSURE_EU_SOVEREIGN),
	COLUMN("TEC", EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED),
	COLUMN("THC", EXPOSURE_THIRD_COUNTRY),
	COLUMN("USA", EXPOSURE_US_PARENT),
	COLUMN("UNK", EXPOSURE_UNKNOWN),
	EXPOSURE(undated_qualification),
	EXPOSURE(stale),
	EXPOSURE(no_control),
	EXPOSURE(proxy_unknown),
	EXPOSURE(tunnel_unknown),
};
static const struct config_schema exposure_schema =
	SCHEMA("exposure", exposure_fields, file_exposure_sentences);

#define EVIDENCE(member) TEXT(#member, rule_evidence_sentences, member)
static const struct config_field evidence_fields[] = {
	EVIDENCE(begin),
	EVIDENCE(begin_of_one),
	EVIDENCE(agree),
	EVIDENCE(single),
	EVIDENCE(tenancy),
	EVIDENCE(tenancy_address),
	EVIDENCE(tenancy_name),
	EVIDENCE(tenancy_both),
	EVIDENCE(fronted_cname),
	EVIDENCE(fronted_unlisted),
	EVIDENCE(fronted_named),
	EVIDENCE(hosted),
	EVIDENCE(hosted_dns),
	EVIDENCE(hosted_asn),
	EVIDENCE(hidden),
	EVIDENCE(hidden_unknown),
	EVIDENCE(withheld),
	EVIDENCE(withheld_unknown),
	EVIDENCE(mismatch),
	EVIDENCE(mismatch_contradicted),
	EVIDENCE(claimed),
	EVIDENCE(claimed_contradicted),
	EVIDENCE(claimed_certificate),
	EVIDENCE(asked),
	EVIDENCE(asked_unlisted),
	EVIDENCE(asked_address),
	EVIDENCE(tunnel_unlisted),
	EVIDENCE(sources_differ),
	EVIDENCE(nothing),
	EVIDENCE(nothing_unlisted),
	EVIDENCE(mismatch_certificate),
	EVIDENCE(certificate),
	EVIDENCE(proxy),
	EVIDENCE(tunnel),
	EVIDENCE(review),
	EVIDENCE(day_total),
	EVIDENCE(end),
};
static const struct config_schema evidence_schema =
	SCHEMA("evidence", evidence_fields, rule_evidence_sentences);

#define EXCEPTION(member) TEXT(#member, rule_exception_sentences, member)
static const struct config_field exception_fields[] = {
	EXCEPTION(covered),      EXCEPTION(covered_no_change),
	EXCEPTION(part_covered), EXCEPTION(part_covered_no_change),
	EXCEPTION(expired),      EXCEPTION(surplus),
	EXCEPTION(surplus_rest),
};
static const struct config_schema exception_sentences_schema =
	SCHEMA("exception", exception_fields, rule_exception_sentences);

static const struct config_field hds_fields[] = {
	TEXT("recorded", rule_hds_sentences, recorded),
	TEXT("missing", rule_hds_sentences, missing),
};
static const struct config_schema hds_schema = SCHEMA("hds", hds_fields, rule_hds_sentences);

#define WORD(member) TEXT(#member, rule_words, member)
static const struct config_field word_fields[] = {
	WORD(one_flow),        WORD(flows),         WORD(one_other),    WORD(others),
	WORD(at_least_others), WORD(one_address),   WORD(addresses),    WORD(region),
	WORD(unknown_kind),    WORD(subject),       WORD(part_subject), WORD(vendor),
	WORD(no_owner),        WORD(third_country), WORD(proxy_inside), WORD(proxy_at),
	WORD(tunnel),          WORD(tunnel_at),     WORD(tunnel_zone),  WORD(whose),
	WORD(part_whose),
};
static const struct config_schema word_schema = SCHEMA("words", word_fields, rule_words);

#define GROUP(member, of)                                                                          \
	{                                                                                          \
		.key = #member, .type = CONFIG_RECORD, AT(file_sentences, member), .schema = (of), \
		.required = true                                                                   \
	}
static const struct config_field sentences_fields[] = {
	{.type = CONFIG_SELF, AT(file_sentences, node)},
	GROUP(first_clause, &clause_schema),
	GROUP(exposure, &exposure_schema),
	GROUP(evidence, &evidence_schema),
	GROUP(exception, &exception_sentences_schema),
	GROUP(hds, &hds_schema),
	GROUP(words, &word_schema),
};
const struct config_schema rule_sentences_schema =
	SCHEMA("sentences", sentences_fields, file_sentences);
