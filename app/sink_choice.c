/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sink_choice.h"

#include <stdio.h>
#include <string.h>

#include "app/ruleset.h"
#include "base/printable_text.h"
#include "base/suggestion.h"
#include "dashboard-export/sinks/sink_config.h"

bool
sink_choice_find(const struct settings *settings, const char *name, struct sink_choice *out)
{
	struct suggestion near = {.given = name};

	*out = (struct sink_choice){0, settings->sink_count};
	if (settings->sink_count == 0) {
		fprintf(stderr, "vigie: the settings have no sink: name the file with -c, and "
				"`sinks` in it\n");
		return false;
	}
	if (name == NULL)
		return true;
	for (size_t i = 0; i < settings->sink_count; i++) {
		*out = (struct sink_choice){i, i + 1};
		if (strcmp(settings->sinks[i].name, name) == 0)
			return true;
		suggestion_offer(&near, settings->sinks[i].name);
	}
	fprintf(stderr, "vigie: the settings have no sink `%s`", printable_text(name).text);
	if (near.word != NULL)
		fprintf(stderr, ": did you mean `%s`?", near.word);
	fputc('\n', stderr);
	return false;
}

bool
sink_choice_read_secrets(struct settings *settings, const struct sink_choice *choice)
{
	struct fault_list faults = FAULT_LIST_INIT;

	for (size_t i = choice->first; i < choice->end; i++)
		settings_read_secrets_of(settings, i, &faults);
	bool good = faults.count == 0;
	if (!good)
		ruleset_print_faults(&faults);
	fault_list_fini(&faults);
	return good;
}
