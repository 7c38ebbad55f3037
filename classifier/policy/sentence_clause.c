/* SPDX-License-Identifier: Apache-2.0 */
/* The first clause: which zone sent how much to whom, as far as that is known. */
#include "classifier/policy/sentence_parts.h"

#include <stdio.h>

#include "base/human_text.h"

#define COUNT(values) (sizeof(values) / sizeof(*(values)))

/* Room for a name with the number of others, or a region with its words. */
#define PIECE_MAX 1024

bool
sentence_is_identified(const struct attribution *a)
{
	return a->owner != NULL && a->pattern != ATTRIBUTION_NOTHING &&
	       (a->pattern != ATTRIBUTION_NAME_CLAIMED || a->exposure != EXPOSURE_UNKNOWN);
}

static const char *
operator_name(const struct catalogue_operator *operator_record)
{
	return operator_record != NULL ? operator_record->name : "";
}

/* The text for a flow that went out to an operator that is known. */
static const char *
choose_known_clause(const struct rule_clauses *texts, const struct attribution *a)
{
	bool two = a->host_operator != NULL && a->service_operator != NULL &&
		   a->host_operator != a->service_operator;

	switch (a->pattern) {
	case ATTRIBUTION_FRONTED:
		return two && a->owner == a->service_operator ? texts->fronted_named
							      : texts->fronted;
	case ATTRIBUTION_MISMATCH:
		return a->host_operator != NULL ? texts->mismatch : texts->sent;
	case ATTRIBUTION_HOSTED:
		return two ? texts->hosted : texts->sent;
	default:
		return texts->sent;
	}
}

static const char *
choose_clause(const struct rule_clauses *texts, const struct attribution *a)
{
	bool identified = sentence_is_identified(a);

	if ((a->flags & JUDGED_FLAG_SERVED) != 0)
		return identified ? texts->served : texts->served_unknown;
	if (a->pattern == ATTRIBUTION_HIDDEN)
		return identified ? texts->hidden : texts->hidden_unknown;
	return identified ? choose_known_clause(texts, a) : texts->unknown;
}

static void
format_number(uint64_t number, char out[24])
{
	snprintf(out, 24, "%llu", (unsigned long long)number);
}

/* "1 flow", "96 flows" */
static void
format_flows(const struct sentence_facts *facts, char out[PIECE_MAX])
{
	const struct rule_words *words = &facts->rules->sentences.words;
	struct sentence_writer writer;
	char number[24];
	const struct sentence_value value = {"n", number};

	format_number(facts->flows, number);
	sentence_writer_begin(&writer, out, PIECE_MAX);
	sentence_writer_fill(&writer, facts->flows == 1 ? words->one_flow : words->flows, &value,
			     1);
}

/* The name, or the address in its place, and how many others there are. */
static void
format_name(const struct sentence_facts *facts, char out[PIECE_MAX])
{
	const struct rule_words *words = &facts->rules->sentences.words;
	struct sentence_writer writer;
	char number[24];
	const struct sentence_value values[] = {
		{"name", facts->name != NULL ? facts->name : facts->address},
		{"n", number},
	};

	format_number(facts->more_names, number);
	sentence_writer_begin(&writer, out, PIECE_MAX);
	sentence_writer_fill(&writer,
			     facts->more_names == 0   ? "{name}"
			     : facts->more_names == 1 ? words->one_other
						      : words->others,
			     values, COUNT(values));
}

/* ", region eu-west-3", or nothing */
static void
format_region(const struct sentence_facts *facts, char out[PIECE_MAX])
{
	struct sentence_writer writer;
	const struct sentence_value value = {"region", facts->attribution->region};

	sentence_writer_begin(&writer, out, PIECE_MAX);
	if (facts->attribution->region[0] != '\0')
		sentence_writer_fill(&writer, facts->rules->sentences.words.region, &value, 1);
}

void
sentence_clause_write(const struct sentence_facts *facts, struct sentence_writer *writer)
{
	const struct rule_sentences *texts = &facts->rules->sentences;
	const struct attribution *a = facts->attribution;
	char flows[PIECE_MAX], name[PIECE_MAX], region[PIECE_MAX];
	struct human_text up = human_bytes(facts->up);
	const struct sentence_value values[] = {
		{"zone", facts->zone->label},
		{"up", up.text},
		{"flows", flows},
		{"name", name},
		{"address", facts->address},
		{"kind", a->kind == SERVICE_KIND_UNKNOWN ? texts->words.unknown_kind
							 : service_kind_text(a->kind)},
		{"operator", operator_name(a->owner)},
		{"host_operator", operator_name(a->host_operator)},
		{"region", region},
	};

	format_flows(facts, flows);
	format_name(facts, name);
	format_region(facts, region);
	sentence_writer_fill(writer, choose_clause(&texts->clause, a), values, COUNT(values));
}
