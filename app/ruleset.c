/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ruleset.h"

#include <errno.h>
#include <stdio.h>

#include "app/paths.h"

static void
print_faults(const struct fault_list *faults)
{
	for (size_t i = 0; i < faults->count && i < FAULT_LIST_MAX; i++)
		fprintf(stderr, "vigie: %s\n",
			faults->faults[i].text != NULL ? faults->faults[i].text : "out of memory");
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
			"stay unknown; ./scripts/setup fetches it\n",
			paths_data_directory());
}

int
ruleset_load(const char *path, struct ruleset *out)
{
	struct fault_list faults = FAULT_LIST_INIT;

	*out = (struct ruleset){0};
	(void)settings_load(path, &out->settings, &faults);
	if (faults.count == 0) {
		struct origin_paths paths = {out->settings.origin_table, out->settings.asn_mmdb,
					     out->settings.country_mmdb};
		out->origins = origin_db_open(&paths, &faults);
		out->catalogue = catalogue_load(out->settings.catalogue, &faults);
	}
	if (faults.count != 0) {
		print_faults(&faults);
		fault_list_fini(&faults);
		ruleset_fini(out);
		return -EINVAL;
	}
	warn_of_missing_data(&out->settings);
	return 0;
}

void
ruleset_fini(struct ruleset *ruleset)
{
	catalogue_destroy(ruleset->catalogue);
	origin_db_close(ruleset->origins);
	settings_fini(&ruleset->settings);
}
