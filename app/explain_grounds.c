/* SPDX-License-Identifier: Apache-2.0 */
/* Why an alert is to be believed, what stands behind it in law, what follows from it and what does
 * not. */
#include "app/explain_page.h"

#include <string.h>

#include "app/explain_words.h"
#include "classifier/policy/sentence.h"

/* Columns of flags: the longest is "name-address-mismatch". */
#define FLAG_WIDTH 23

static void
write_judged_word(const struct explanation *e, const char *label, const char *word,
		  const char *(*meaning)(const char *word))
{
	const char *meant = word != NULL ? meaning(word) : NULL;
	char text[320];

	if (word == NULL)
		return;
	snprintf(text, sizeof(text), "%.64s%s%s", word, meant != NULL ? ": " : "",
		 meant != NULL ? meant : "");
	explain_field(e, label, text);
}

static void
write_evidence(const struct explanation *e)
{
	const struct event *a = e->alert;

	explain_heading(e, "How we know");
	if (a->evidence_name != NULL)
		explain_text(e, "The flows of this alert differ. What follows is known of the one "
				"that decided:");
	explain_field(e, "to", a->evidence_name);
	if (a->evidence.count == 0)
		explain_text(e, a->way_evidence.count == 0
					? "No range, no AS and no name of the catalogue tells who "
					  "the far end is."
					: "No range, no AS and no name of the catalogue tells who "
					  "gets it in the end; what is known is who passes it on.");
	explain_write_words(e, &a->evidence, EXPLAIN_LABEL_WIDTH, explain_evidence);
	if (a->disagree.count > 0)
		explain_text(e, "These say otherwise:");
	explain_write_words(e, &a->disagree, EXPLAIN_LABEL_WIDTH, explain_disagreement);
	write_judged_word(e, "confidence", a->confidence, explain_confidence);
	write_judged_word(e, "shape", a->shape, explain_shape);
	if (a->flags.count > 0)
		explain_text(e, "Also noted:");
	explain_write_words(e, &a->flags, FLAG_WIDTH, explain_flag);
}

static const struct exception *
find_exception(const struct explanation *e, const char *id)
{
	const struct exception_list *list = e->sources->exceptions;

	for (size_t i = 0; list != NULL && i < exception_list_count(list); i++) {
		if (strcmp(exception_list_at(list, i)->id, id) == 0)
			return exception_list_at(list, i);
	}
	return NULL;
}

static void
write_exception_record(const struct explanation *e, const struct exception *exception)
{
	if (exception == NULL) {
		explain_text(e, "The settings in use now do not have it.");
		return;
	}
	explain_field(e, "reason", exception->reason);
	explain_field(e, "legal basis", exception->legal_basis);
	explain_field(e, "owner", exception->owner);
	explain_field(e, "approved by", exception->approved_by);
	explain_field(e, "approved on", exception->approved_on);
	explain_field(e, "expires on", exception->expires_on);
	explain_field(e, "measures", exception->measures);
}

/* One that covers all, or the flow that is shown. */
static void
write_covering(const struct explanation *e)
{
	const struct event *a = e->alert;
	char text[256];

	if (explain_has_word(&a->exceptions_of_part, a->exception))
		snprintf(text, sizeof(text), "%.120s covers a part of it: %s there, %s without.",
			 a->exception, severity_text(a->severity),
			 severity_text(a->severity_before_exception));
	else if (a->severity_before_exception != a->severity)
		snprintf(text, sizeof(text), "%.120s covers it: %s with it, %s without.",
			 a->exception, severity_text(a->severity),
			 severity_text(a->severity_before_exception));
	else
		snprintf(text, sizeof(text), "%.120s covers it and changes nothing.", a->exception);
	explain_text(e, text);
	write_exception_record(e, find_exception(e, a->exception));
}

/* Those that cover other flows than the one that is shown. */
static void
write_covering_others(const struct explanation *e)
{
	const struct event_words *ids = &e->alert->exceptions_of_part;
	char text[256];

	for (size_t i = 0; i < ids->count; i++) {
		if (ids->words[i] == NULL || (e->alert->exception != NULL &&
					      strcmp(ids->words[i], e->alert->exception) == 0))
			continue;
		snprintf(text, sizeof(text), "%.120s covers a part of it.", ids->words[i]);
		explain_text(e, text);
		write_exception_record(e, find_exception(e, ids->words[i]));
	}
}

static void
write_ended_exceptions(const struct explanation *e)
{
	const struct event_words *ids = &e->alert->exceptions_ended;
	char text[512];

	for (size_t i = 0; i < ids->count; i++) {
		const char *id = ids->words[i] != NULL ? ids->words[i] : "";
		const struct exception *ended = find_exception(e, id);
		if (ended != NULL)
			snprintf(text, sizeof(text),
				 "%.120s ended on %.16s and was not applied; its owner: %.240s.",
				 id, ended->expires_on, ended->owner);
		else
			snprintf(text, sizeof(text), "%.120s has ended and was not applied.", id);
		explain_text(e, text);
	}
}

static void
write_exception(const struct explanation *e)
{
	const struct event *a = e->alert;

	explain_heading(e, "Exception");
	if (a->exception != NULL)
		write_covering(e);
	else if (a->exceptions_of_part.count == 0)
		explain_text(e, "No exception in force covers it.");
	write_covering_others(e);
	write_ended_exceptions(e);
}

static void
write_law(const struct explanation *e, const struct rule_law *law)
{
	char text[512];

	explain_labelled(e, "-", 2, law->title);
	explain_labelled(e, "", 2, law->text);
	snprintf(text, sizeof(text), "Source: %.400s; checked on %.16s.", law->source,
		 law->checked_on);
	explain_labelled(e, "", 2, text);
}

static void
write_laws(const struct explanation *e)
{
	const struct rule_book *rules = e->sources->rules;
	unsigned class = explain_find_class(e->alert->data_class);
	unsigned exposure = explain_find_exposure(e->alert->exposure);
	bool any = false;

	if (class == DATA_CLASS_COUNT || exposure == EXPOSURE_COUNT)
		return;
	for (size_t i = 0; i < rules->law_count; i++) {
		const struct rule_law *law = &rules->laws[i];
		if (!law->classes[class] || !law->exposures[exposure])
			continue;
		if (!any)
			explain_heading(e, "The law behind it");
		any = true;
		write_law(e, law);
	}
}

static const struct rule_finding *
find_finding(const struct rule_book *rules, const char *id)
{
	for (size_t i = 0; i < rules->finding_count; i++) {
		if (strcmp(rules->findings[i].id, id) == 0)
			return &rules->findings[i];
	}
	return NULL;
}

/* Where an exception could change something, how to have one. */
static void
write_way_to_exception(const struct explanation *e)
{
	unsigned class = explain_find_class(e->alert->data_class);

	if (class == DATA_CLASS_SECRET || e->alert->severity == SEVERITY_INFORMATIONAL)
		return;
	explain_text(
		e, class == DATA_CLASS_DIFFUSION_RESTREINTE
			   ? "For Diffusion Restreinte an exception is a DR approval: an entry "
			     "under `exceptions` in the settings with `type: dr-approval`."
			   : "An exception is an entry under `exceptions` in the settings, with a "
			     "reason, a legal basis, an owner, an approval and an end date.");
}

static void
write_next(const struct explanation *e)
{
	const struct event *a = e->alert;
	const struct rule_book *rules = e->sources->rules;
	const struct rule_finding *finding = find_finding(rules, a->rule_id);
	const struct zone *zone = explain_find_zone(e, a->zone);
	const struct sentence_zone whose = {
		.label = zone != NULL      ? zone->label
			 : a->zone != NULL ? a->zone
					   : "this network",
		.owner = a->zone_owner,
	};
	char text[SENTENCE_MAX];

	explain_heading(e, "What to do next");
	if (finding != NULL) {
		explain_text(e, finding->what_to_do);
	} else if (a->class == EVENT_CLASS_SENSOR) {
		explain_text(e, "Look into the sensor's log: this is about the sensor itself, not "
				"about traffic.");
	} else {
		(void)sentence_what_to_do(rules, &whose, a->severity, text);
		explain_text(e, text);
	}
	if (!explain_is_finding(a))
		write_way_to_exception(e);
}

static void
write_not_claimed(const struct explanation *e)
{
	unsigned exposure = explain_find_exposure(e->alert->exposure);
	char text[256];

	explain_heading(e, "What vigie does not say");
	if (explain_is_finding(e->alert)) {
		explain_labelled(e, "-", 2,
				 "That anybody did wrong: it is a matter to be checked.");
		return;
	}
	snprintf(text, sizeof(text),
		 "That a law was broken: it is an export to be checked under rule %.32s.",
		 e->alert->rule_id);
	explain_labelled(e, "-", 2, text);
	if (exposure < EXPOSURE_COUNT && exposure_is_under_us_law((enum exposure)exposure))
		explain_labelled(e, "-", 2,
				 "That an authority has had the data or will: the operator can be "
				 "ordered under US law, no more is known.");
	explain_labelled(e, "-", 2,
			 "What the data were: class and owner are those declared for the zone.");
	explain_labelled(
		e, "-", 2,
		"Who the person was: hosts are shown under pseudonyms, users are not read.");
	explain_labelled(e, "-", 2,
			 "Where the data are: a region is what a list or a name says, and does not "
			 "change control.");
	explain_labelled(e, "-", 2,
			 "That this was all: only what the sensor saw is counted, and losses make "
			 "it less.");
}

void
explain_grounds(const struct explanation *e)
{
	if (explain_is_finding(e->alert))
		return;
	write_evidence(e);
	explain_way(e);
	write_exception(e);
	write_laws(e);
}

void
explain_consequences(const struct explanation *e)
{
	write_next(e);
	write_not_claimed(e);
}
