/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts in their order: first clause (sentence_clause.c), exposure, class, evidence
 * (sentence_evidence.c), HDS, exception. A part chooses a text of the rule book and says what
 * stands for its placeholders; the words are all the book's.
 */
#include "classifier/policy/sentence.h"

#include <string.h>

#include "base/country.h"
#include "base/country_name.h"
#include "base/human_text.h"
#include "classifier/policy/sentence_parts.h"

#define COUNT(values) (sizeof(values) / sizeof(*(values)))

static bool
is_of_class(const struct catalogue_operator *operator_record, enum exposure exposure)
{
	return operator_record != NULL &&
	       strcmp(exposure_code(operator_record->exposure), exposure_code(exposure)) == 0;
}

/*
 * Whose class it is: the operator's that the first clause names, else that of the other answer. The
 * sentence must not say of one what holds for the other. NULL: of neither, but of this service or
 * address alone.
 */
static const struct catalogue_operator *
find_subject(const struct attribution *a)
{
	const struct catalogue_operator *other =
		a->owner == a->host_operator ? a->service_operator : a->host_operator;
	const struct catalogue_operator *const all[] = {
		attribution_carrier_operator(a, a->exposed_by),
		a->owner,
		other,
		a->proxy_operator,
		a->tunnel_operator,
		a->likely_host,
	};

	for (size_t i = 0; i < COUNT(all); i++) {
		if (is_of_class(all[i], a->exposure))
			return all[i];
	}
	return NULL;
}

static const char *
subject_text(const struct rule_words *words, const struct attribution *a,
	     const struct catalogue_operator *subject)
{
	if (subject == NULL)
		return words->part_subject;
	return subject == a->owner && !sentence_is_of_proxy(a) ? words->subject : subject->name;
}

/* The flag may be another's than the one's whom the clause names; who has no class on record has
 * none that is too old. */
static bool
is_stale(const struct attribution *a)
{
	if (a->exposed_by != CARRIER_NONE)
		return a->carrier_stale;
	return (a->flags & JUDGED_FLAG_STALE_RECORD) != 0 &&
	       !is_of_class(a->owner, EXPOSURE_UNKNOWN);
}

/* Whose control is not recorded, or whose record is too old: no class tells the latter. */
static const struct catalogue_operator *
find_whose(const struct attribution *a)
{
	const struct catalogue_operator *carrier = attribution_carrier_operator(a, a->exposed_by);

	if (!is_stale(a))
		return find_subject(a);
	return carrier != NULL ? carrier : a->owner;
}

static const char *
whose_text(const struct rule_words *words, const struct attribution *a)
{
	const struct catalogue_operator *whose = find_whose(a);

	if (whose == NULL)
		return words->part_whose;
	return whose == a->owner && !sentence_is_of_proxy(a) ? words->whose : whose->name;
}

/* An operator of the EU may have addresses of another company's: its own country says nothing then.
 */
static const char *
country_text(const struct rule_words *words, const struct catalogue_operator *subject)
{
	const char *code = subject != NULL ? subject->control_country : NULL;
	const char *name = code != NULL && !country_is_in_eea(code) ? country_name(code) : NULL;

	return name != NULL ? name : words->third_country;
}

static const char *
vendor_text(const struct rule_words *words, const struct attribution *a,
	    const struct catalogue_operator *subject)
{
	const char *vendor = a->service != NULL ? a->service->technology_origin : NULL;

	if (vendor == NULL && subject != NULL)
		vendor = subject->technology_origin;
	return vendor != NULL ? vendor : words->vendor;
}

/* Somebody is known to get it, or said to be; who passes it on may do anything with it. */
static const char *
choose_unknown(const struct rule_exposure_sentences *texts, const struct attribution *a)
{
	if (a->owner == NULL)
		return texts->by_class[EXPOSURE_UNKNOWN];
	if (attribution_asks_stranger(a))
		return texts->proxy_unknown;
	if (!sentence_is_identified(a))
		return texts->by_class[EXPOSURE_UNKNOWN];
	if (a->exposed_by == CARRIER_TUNNEL && a->tunnel_operator == NULL)
		return texts->tunnel_unknown;
	return is_stale(a) ? texts->stale : texts->no_control;
}

static const char *
choose_exposure(const struct rule_exposure_sentences *texts, const struct attribution *a)
{
	const struct catalogue_qualification *qualification = a->qualification;

	if (a->exposure == EXPOSURE_EU_QUALIFIED &&
	    (qualification == NULL || qualification->valid_to == NULL))
		return texts->undated_qualification;
	return a->exposure == EXPOSURE_UNKNOWN ? choose_unknown(texts, a)
					       : texts->by_class[a->exposure];
}

static void
write_exposure(const struct sentence_facts *facts, struct sentence_writer *writer)
{
	const struct rule_sentences *texts = &facts->rules->sentences;
	const struct attribution *a = facts->attribution;
	const struct catalogue_qualification *qualification = a->qualification;
	const struct catalogue_operator *subject = find_subject(a);
	const struct sentence_value values[] = {
		{"subject", subject_text(&texts->words, a, subject)},
		{"whose", whose_text(&texts->words, a)},
		{"scheme", qualification != NULL ? qualification->scheme : NULL},
		{"version", qualification != NULL ? qualification->version : NULL},
		{"date", qualification != NULL ? qualification->valid_to : NULL},
		{"vendor", vendor_text(&texts->words, a, subject)},
		{"country", country_text(&texts->words, subject)},
	};

	sentence_writer_fill_next(writer, choose_exposure(&texts->exposure, a), values,
				  COUNT(values));
}

static void
write_hds(const struct sentence_facts *facts, struct sentence_writer *writer)
{
	const struct rule_hds_sentences *texts = &facts->rules->sentences.hds;
	const struct catalogue_hds *hds = facts->attribution->hds;
	const struct sentence_value value = {"date", hds != NULL ? hds->valid_to : NULL};

	if (facts->verdict->data_class == DATA_CLASS_HEALTH)
		sentence_writer_fill_next(writer, hds != NULL ? texts->recorded : texts->missing,
					  &value, 1);
}

/* What of the group it covers; NULL where it covers none of it, or all. */
static const struct sentence_cover *
find_cover(const struct sentence_facts *facts, const struct exception *exception)
{
	for (size_t i = 0; i < facts->cover_count; i++) {
		if (facts->covers[i].exception == exception)
			return &facts->covers[i];
	}
	return NULL;
}

static void
write_exception_text(const struct sentence_facts *facts, const char *text,
		     const struct exception *exception, struct sentence_writer *writer)
{
	const struct sentence_cover *cover = find_cover(facts, exception);
	struct human_text limit = human_bytes(exception->max_bytes_day),
			  covered = human_bytes(cover != NULL ? cover->up : 0);
	const struct sentence_value values[] = {
		{"exception", exception->id},
		{"date", exception->expires_on},
		{"severity", severity_text(facts->verdict->severity_before_exception)},
		{"limit", limit.text},
		{"covered", covered.text},
	};

	sentence_writer_fill_next(writer, text, values, COUNT(values));
}

/* Of a part of the group, or of all of it. */
static void
write_covering(const struct sentence_facts *facts, struct sentence_writer *writer)
{
	const struct rule_exception_sentences *texts = &facts->rules->sentences.exception;
	const struct exception *covering = facts->exception->covering;
	const struct verdict *verdict = facts->verdict;
	bool changed = verdict->severity != verdict->severity_before_exception;

	for (size_t i = 0; i < facts->cover_count; i++) {
		const struct exception *of_part = facts->covers[i].exception;
		write_exception_text(facts,
				     changed && of_part == covering ? texts->part_covered
								    : texts->part_covered_no_change,
				     of_part, writer);
	}
	if (covering != NULL && facts->cover_count == 0)
		write_exception_text(facts, changed ? texts->covered : texts->covered_no_change,
				     covering, writer);
}

/* The one that covers says it all; else why others did not. */
static void
write_exception(const struct sentence_facts *facts, struct sentence_writer *writer)
{
	const struct rule_exception_sentences *texts = &facts->rules->sentences.exception;
	const struct exception_answer *answer = facts->exception;

	if (answer == NULL)
		return;
	write_covering(facts, writer);
	if (answer->covering != NULL)
		return;
	if (answer->surplus != NULL)
		write_exception_text(facts,
				     find_cover(facts, answer->surplus) != NULL
					     ? texts->surplus_rest
					     : texts->surplus,
				     answer->surplus, writer);
	for (size_t i = 0; i < answer->ended_count; i++)
		write_exception_text(facts, texts->expired, answer->ended[i], writer);
}

size_t
sentence_format(const struct sentence_facts *facts, char out[SENTENCE_MAX])
{
	const struct rule_sentences *texts = &facts->rules->sentences;
	struct sentence_writer writer;

	sentence_writer_begin(&writer, out, SENTENCE_MAX);
	sentence_clause_write(facts, &writer);
	write_exposure(facts, &writer);
	sentence_writer_fill_next(&writer, texts->data_class[facts->verdict->data_class], NULL, 0);
	sentence_evidence_write(facts, &writer);
	write_hds(facts, &writer);
	write_exception(facts, &writer);
	return writer.len;
}

size_t
sentence_what_to_do(const struct rule_book *rules, const struct sentence_zone *zone,
		    enum severity severity, char out[SENTENCE_MAX])
{
	const struct sentence_value values[] = {
		{"zone", zone->label},
		{"owner", zone->owner != NULL ? zone->owner : rules->sentences.words.no_owner},
	};

	return sentence_fill(rules->what_to_do[severity], values, COUNT(values), out);
}
