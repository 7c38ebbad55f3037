/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert.h"

#include "base/utf8.h"

#include <string.h>

enum severity
alert_severity(const struct alert *alert)
{
	return alert->finding != NULL ? alert->finding->severity : alert->highest->verdict.severity;
}

const struct alert_name *
alert_largest_name(const struct alert *alert)
{
	const struct alert_name *largest = NULL;

	for (size_t i = 0; i < alert->name_count; i++) {
		const struct alert_name *name = &alert->names[i];
		if (largest == NULL || name->up > largest->up ||
		    (name->up == largest->up && strcmp(name->name, largest->name) < 0))
			largest = name;
	}
	return largest;
}

/* Of equals by id, whatever order they were met in. */
size_t
alert_covers(const struct alert *alert, struct sentence_cover out[ALERT_COVERS_MAX])
{
	if (alert->cover_count == 1 && !alert->uncovered)
		return 0; /* it covers all */
	for (size_t i = 0; i < alert->cover_count; i++) {
		struct sentence_cover cover = alert->covers[i];
		size_t at = i;
		while (at > 0 && (cover.up > out[at - 1].up ||
				  (cover.up == out[at - 1].up &&
				   strcmp(cover.exception->id, out[at - 1].exception->id) < 0))) {
			out[at] = out[at - 1];
			at--;
		}
		out[at] = cover;
	}
	return alert->cover_count;
}

struct attribution
alert_attribution(const struct alert *alert)
{
	struct attribution shared = alert->highest->attribution;

	if (alert->regions_differ) {
		shared.region[0] = '\0';
		shared.region_country = NULL;
	}
	return shared;
}

size_t
alert_message(const struct alert *alert, const struct rule_book *rules, char out[SENTENCE_MAX])
{
	const struct alert_name *largest = alert_largest_name(alert);
	const struct alert_judgement *highest = alert->highest;
	struct sentence_cover covers[ALERT_COVERS_MAX];
	char address[IP_ADDRESS_TEXT_MAX];

	if (alert->finding != NULL)
		return utf8_copy_clean(alert->finding_message, out, SENTENCE_MAX);
	const struct attribution attribution = alert_attribution(alert);
	const struct sentence_shown shown = {highest->name, highest->up};
	(void)ip_address_format(&highest->far_end, address);
	bool named = largest != NULL && largest->source != NAME_SOURCE_NONE;
	struct sentence_facts facts = {
		.rules = rules,
		.zone = alert->zone,
		.verdict = &highest->verdict,
		.attribution = &attribution,
		.name = named ? largest->name : NULL,
		.address = !named && largest != NULL ? largest->name : address,
		/* Dropped names count as one: how many they are is not known. */
		.more_at_least = alert->more_names,
		.more_names = alert->name_count > 0 ? alert->name_count - 1 + alert->more_names : 0,
		.up = alert->up,
		.flows = alert->flows,
		.day_limit = highest->day_limit,
		.exception = &highest->exception,
		.covers = covers,
		.cover_count = alert_covers(alert, covers),
		.shown = alert->forms_differ ? &shown : NULL,
	};
	return sentence_format(&facts, out);
}

size_t
alert_rule_name(const struct alert *alert, const struct rule_book *rules, char out[SENTENCE_MAX])
{
	if (alert->finding != NULL)
		return utf8_copy_clean(alert->finding->name, out, SENTENCE_MAX);
	const struct verdict *verdict = &alert->highest->verdict;
	const struct sentence_value values[] = {
		{"class", data_class_text(verdict->data_class)},
		{"exposure", exposure_text(verdict->exposure)},
	};
	return sentence_fill(rules->rule_name, values, sizeof(values) / sizeof(*values), out);
}
