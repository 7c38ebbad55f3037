/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ruleset.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/paths.h"
#include "base/printable_text.h"

/* A fault names a file of any length and may quote from it. */
#define FAULT_TEXT_MAX 8192

void
ruleset_print_faults(struct fault_list *faults)
{
	char text[FAULT_TEXT_MAX];

	fault_list_sort(faults);
	for (size_t i = 0; i < faults->count && i < FAULT_LIST_MAX; i++) {
		const char *fault = faults->faults[i].text;
		(void)printable_text_copy(fault != NULL ? fault : "out of memory", text,
					  sizeof(text));
		fprintf(stderr, "vigie: %s\n", text);
	}
	if (faults->count > FAULT_LIST_MAX)
		fprintf(stderr, "vigie: and %zu more mistakes\n", faults->count - FAULT_LIST_MAX);
}

/* Names still say who an operator is; addresses alone say nothing then. */
static void
warn_of_missing_data(const struct settings *settings)
{
	if (settings->origin_table == NULL && settings->asn_mmdb == NULL)
		fprintf(stderr,
			"vigie: no database of autonomous systems in %s: addresses without a known "
			"name "
			"stay unknown; ./scripts/demo makes it\n",
			printable_text(paths_data_directory()).text);
}

/* The packaged country database says of itself only how it was made, and its licence asks to name
 * DB-IP. */
static const char *
country_source(const struct settings *settings)
{
	const char *packaged = paths_default_country();

	if (packaged == NULL || settings->country_mmdb == NULL ||
	    strcmp(settings->country_mmdb, packaged) != 0)
		return NULL;
	return "DB-IP Country Lite, https://db-ip.com";
}

/* A part whose path is NULL has its fault already, with the line that names it. */
int
ruleset_build(const char *path, struct ruleset *out, struct fault_list *faults)
{
	*out = (struct ruleset){0};
	(void)settings_load(path, &out->settings, faults);
	const struct settings *settings = &out->settings;
	const struct origin_paths paths = {
		.table = settings->origin_table,
		.asn_mmdb = settings->asn_mmdb,
		.country_mmdb = settings->country_mmdb,
		.country_source = country_source(settings),
	};
	struct fault_list found = FAULT_LIST_INIT;
	out->origins = origin_db_open(&paths, &found);
	settings_add_faults(settings, &found, faults);
	fault_list_fini(&found);
	if (settings->catalogue != NULL)
		out->catalogue = catalogue_load(settings->catalogue, faults);
	if (settings->rules != NULL)
		out->rules = rule_book_load(settings->rules, faults);
	out->policy = policy_create(&settings->policy_file, out->catalogue, out->rules, faults);
	return faults->count == 0 ? 0 : -EINVAL;
}

int
ruleset_load(const char *path, struct ruleset *out)
{
	struct fault_list faults = FAULT_LIST_INIT;
	int error = ruleset_build(path, out, &faults);

	if (error != 0) {
		ruleset_print_faults(&faults);
		ruleset_fini(out);
	} else {
		warn_of_missing_data(&out->settings);
	}
	fault_list_fini(&faults);
	return error;
}

void
ruleset_fini(struct ruleset *ruleset)
{
	policy_destroy(ruleset->policy);
	rule_book_destroy(ruleset->rules);
	catalogue_destroy(ruleset->catalogue);
	origin_db_close(ruleset->origins);
	settings_fini(&ruleset->settings);
}
