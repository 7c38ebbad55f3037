/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert.h"

#include "base/utf8.h"

#include <string.h>

enum severity
alert_severity(const struct alert *alert)
{
	return alert->finding != NULL ? alert->finding->severity : alert->verdict.severity;
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

size_t
alert_message(const struct alert *alert, const struct rule_book *rules, char out[SENTENCE_MAX])
{
	const struct alert_name *largest = alert_largest_name(alert);
	char address[IP_ADDRESS_TEXT_MAX];

	if (alert->finding != NULL)
		return utf8_copy_clean(alert->finding_message, out, SENTENCE_MAX);
	(void)ip_address_format(&alert->far_end, address);
	bool named = largest != NULL && largest->source != NAME_SOURCE_NONE;
	struct sentence_facts facts = {
		.rules = rules,
		.zone = alert->zone,
		.verdict = &alert->verdict,
		.attribution = &alert->attribution,
		.name = named ? largest->name : NULL,
		.address = !named && largest != NULL ? largest->name : address,
		/* Names that found no place count as one: how many they are is not known. */
		.more_names = alert->name_count > 0 ? alert->name_count - 1 + alert->more_names : 0,
		.up = alert->up,
		.flows = alert->flows,
		.day_limit = alert->day_limit,
		.exception = &alert->exception,
	};
	return sentence_format(&facts, out);
}

size_t
alert_rule_name(const struct alert *alert, const struct rule_book *rules, char out[SENTENCE_MAX])
{
	const struct sentence_value values[] = {
		{"class", data_class_text(alert->verdict.data_class)},
		{"exposure", exposure_text(alert->verdict.exposure)},
	};

	if (alert->finding != NULL)
		return utf8_copy_clean(alert->finding->name, out, SENTENCE_MAX);
	return sentence_fill(rules->rule_name, values, sizeof(values) / sizeof(*values), out);
}
