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
	       (!attribution_is_claimed(a) || a->exposure != EXPOSURE_UNKNOWN);
}

static const char *
operator_name(const struct catalogue_operator *operator_record)
{
	return operator_record != NULL ? operator_record->name : "";
}

/* The clause for a flow that went out to an operator that is known. */
static enum sentence_clause
choose_known_clause(const struct attribution *a)
{
	bool two = a->host_operator != NULL && a->service_operator != NULL &&
		   a->host_operator != a->service_operator;

	switch (a->pattern) {
	case ATTRIBUTION_FRONTED:
		return two && a->owner == a->service_operator ? SENTENCE_FRONTED_NAMED
							      : SENTENCE_FRONTED;
	case ATTRIBUTION_MISMATCH:
		return a->host_operator != NULL ? SENTENCE_MISMATCH : SENTENCE_SENT;
	case ATTRIBUTION_HOSTED:
		return two ? SENTENCE_HOSTED : SENTENCE_SENT;
	case ATTRIBUTION_ASKED:
		return sentence_is_of_proxy(a) ? SENTENCE_UNKNOWN : SENTENCE_SENT;
	default:
		return SENTENCE_SENT;
	}
}

static enum sentence_clause
choose_clause(const struct attribution *a)
{
	bool identified = sentence_is_identified(a);

	if ((a->flags & JUDGED_FLAG_SERVED) != 0)
		return identified ? SENTENCE_SERVED : SENTENCE_SERVED_UNKNOWN;
	if (a->name_withheld)
		return identified ? SENTENCE_WITHHELD : SENTENCE_WITHHELD_UNKNOWN;
	if (a->pattern == ATTRIBUTION_HIDDEN)
		return identified ? SENTENCE_HIDDEN : SENTENCE_HIDDEN_UNKNOWN;
	return identified ? choose_known_clause(a) : SENTENCE_UNKNOWN;
}

struct sentence_form
sentence_form_of(const struct attribution *a)
{
	enum sentence_clause clause = choose_clause(a);
	bool mismatch = clause == SENTENCE_MISMATCH;
	bool names_host = mismatch || clause == SENTENCE_HOSTED || clause == SENTENCE_FRONTED_NAMED;

	return (struct sentence_form){
		.clause = clause,
		.host = names_host ? a->host_operator : NULL,
		.claimed = mismatch ? a->service_operator : NULL,
		.via_proxy = a->via_proxy,
		.proxy = a->proxy_address,
		.tunnel = a->tunnel,
		.tunnel_end = a->tunnel_end,
		.tunnel_zone = a->tunnel_zone,
	};
}

/* Of flows of several forms only what holds for all of them may be said. */
static enum sentence_clause
clause_of(const struct sentence_facts *facts)
{
	const struct attribution *a = facts->attribution;

	if (facts->shown == NULL)
		return choose_clause(a);
	return sentence_is_identified(a) && !sentence_is_of_proxy(a) ? SENTENCE_SENT
								     : SENTENCE_UNKNOWN;
}

static const char *
clause_text(const struct rule_clauses *texts, enum sentence_clause clause)
{
	switch (clause) {
	case SENTENCE_SENT:
		break;
	case SENTENCE_FRONTED:
		return texts->fronted;
	case SENTENCE_FRONTED_NAMED:
		return texts->fronted_named;
	case SENTENCE_HIDDEN:
		return texts->hidden;
	case SENTENCE_HIDDEN_UNKNOWN:
		return texts->hidden_unknown;
	case SENTENCE_WITHHELD:
		return texts->withheld;
	case SENTENCE_WITHHELD_UNKNOWN:
		return texts->withheld_unknown;
	case SENTENCE_MISMATCH:
		return texts->mismatch;
	case SENTENCE_HOSTED:
		return texts->hosted;
	case SENTENCE_UNKNOWN:
		return texts->unknown;
	case SENTENCE_SERVED:
		return texts->served;
	case SENTENCE_SERVED_UNKNOWN:
		return texts->served_unknown;
	}
	return texts->sent;
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
	char number[24] = "1"; /* of one flow's own sentence */
	const struct sentence_value value = {"n", number};

	if (facts->flows != 1)
		format_number(facts->flows, number);
	sentence_writer_begin(&writer, out, PIECE_MAX);
	sentence_writer_fill(&writer, facts->flows == 1 ? words->one_flow : words->flows, &value,
			     1);
}

static const char *
others_text(const struct sentence_facts *facts)
{
	const struct rule_words *words = &facts->rules->sentences.words;

	if (facts->more_at_least)
		return words->at_least_others;
	return facts->more_names == 1 ? words->one_other : words->others;
}

/* A name, or an address, and how many others there are; these words in `piece`. */
static const char *
with_others(const struct sentence_facts *facts, const char *name, char piece[PIECE_MAX])
{
	struct sentence_writer writer;
	char number[24];
	const struct sentence_value values[] = {{"name", name}, {"n", number}};

	if (facts->more_names == 0)
		return name;
	format_number(facts->more_names, number);
	sentence_writer_begin(&writer, piece, PIECE_MAX);
	sentence_writer_fill(&writer, others_text(facts), values, COUNT(values));
	return piece;
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

/* ", through a proxy at 192.0.2.1" */
static void
write_proxy(const struct sentence_facts *facts, struct sentence_writer *writer)
{
	const struct rule_words *words = &facts->rules->sentences.words;
	const struct attribution *a = facts->attribution;
	char address[IP_ADDRESS_TEXT_MAX] = "";
	const struct sentence_value value = {"address", address};

	bool inside = a->proxy_address.version == 0;
	if (!inside)
		(void)ip_address_format(&a->proxy_address, address);
	sentence_writer_fill(writer, inside ? words->proxy_inside : words->proxy_at, &value, 1);
}

/* ", in a gre tunnel by way of 192.0.2.1" */
static void
write_tunnel(const struct sentence_facts *facts, struct sentence_writer *writer)
{
	const struct rule_words *words = &facts->rules->sentences.words;
	const struct attribution *a = facts->attribution;
	char address[IP_ADDRESS_TEXT_MAX] = "";
	const struct sentence_value values[] = {
		{"tunnel", flow_tunnel_text(a->tunnel)},
		{"address", address},
		{"zone", a->tunnel_zone != NULL ? a->tunnel_zone->label : ""},
	};

	bool is_end = a->tunnel_end.version == 0;
	if (!is_end)
		(void)ip_address_format(&a->tunnel_end, address);
	sentence_writer_fill(writer, is_end ? words->tunnel : words->tunnel_at, values,
			     COUNT(values));
	if (a->tunnel_zone != NULL)
		sentence_writer_fill(writer, words->tunnel_zone, values, COUNT(values));
}

/* By which way, or nothing: also where flows of a group went several ways. */
static void
format_way(const struct sentence_facts *facts, char out[PIECE_MAX])
{
	struct sentence_writer writer;

	sentence_writer_begin(&writer, out, PIECE_MAX);
	if (facts->shown != NULL)
		return;
	if (facts->attribution->via_proxy)
		write_proxy(facts, &writer);
	if (facts->attribution->tunnel != FLOW_TUNNEL_NONE)
		write_tunnel(facts, &writer);
}

void
sentence_clause_write(const struct sentence_facts *facts, struct sentence_writer *writer)
{
	const struct rule_sentences *texts = &facts->rules->sentences;
	const struct attribution *a = facts->attribution;
	const char *name = facts->name != NULL ? facts->name : facts->address;
	char flows[PIECE_MAX], names[PIECE_MAX], addresses[PIECE_MAX], region[PIECE_MAX];
	char proxy[PIECE_MAX];
	struct human_text up = human_bytes(facts->up);
	const struct sentence_value values[] = {
		{"zone", facts->zone->label},
		{"up", up.text},
		{"flows", flows},
		{"name", with_others(facts, name, names)},
		{"address", with_others(facts, facts->address, addresses)},
		{"address_of",
		 facts->more_names == 0 ? texts->words.one_address : texts->words.addresses},
		{"kind", a->kind == SERVICE_KIND_UNKNOWN ? texts->words.unknown_kind
							 : service_kind_text(a->kind)},
		{"operator", operator_name(a->owner)},
		{"host_operator", operator_name(a->host_operator)},
		{"region", region},
		{"proxy", proxy},
	};

	format_flows(facts, flows);
	format_region(facts, region);
	format_way(facts, proxy);
	sentence_writer_fill(writer, clause_text(&texts->clause, clause_of(facts)), values,
			     COUNT(values));
}
