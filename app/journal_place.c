/* SPDX-License-Identifier: Apache-2.0 */
#include "app/journal_place.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/paths.h"
#include "app/ruleset.h"
#include "base/printable_text.h"

static bool
load_settings(struct journal_place *place, const char *path)
{
	struct fault_list faults = FAULT_LIST_INIT;

	int error = settings_load(path, &place->settings, &faults);
	if (error != 0)
		ruleset_print_faults(&faults);
	fault_list_fini(&faults);
	return error == 0;
}

static bool
load_zone(struct journal_place *place)
{
	const struct file_policy *policy = place->settings.policy_file.policy;
	const char *name = policy != NULL ? policy->time_zone : file_policy_defaults.time_zone;

	place->zone = time_zone_load(name);
	if (place->zone == NULL)
		fprintf(stderr, "vigie: time zone %s: %s\n", printable_text(name).text,
			errno == ENOENT ? "the system knows no such zone (package tzdata)"
					: strerror(errno));
	return place->zone != NULL;
}

bool
journal_place_find(struct journal_place *out, const char *settings, const char *named)
{
	*out = (struct journal_place){0};
	if (!load_settings(out, settings) || !load_zone(out))
		return false;
	out->path = named != NULL ? named : out->settings.journal_path;
	return true;
}

void
journal_place_fini(struct journal_place *place)
{
	time_zone_destroy(place->zone);
	settings_fini(&place->settings);
}

struct journal_reader *
journal_place_open(const struct journal_place *place)
{
	char why[256] = "";
	struct journal_reader *reader = journal_reader_open(place->path, why);

	if (reader == NULL && errno == ENOENT)
		fprintf(stderr,
			"vigie: %s: no journal there; `vigie run` and `vigie replay --journal` "
			"make one\n",
			printable_text(place->path).text);
	else if (reader == NULL)
		fprintf(stderr, "vigie: %s: %s\n", printable_text(place->path).text, why);
	return reader;
}

bool
journal_place_read_key(const struct journal_place *place, struct site_key *key)
{
	const char *path = place->settings.key_file;
	char why[200];

	/* A journal that was carried here may be of any site. */
	if (path == NULL && strcmp(place->path, paths_default_journal()) == 0)
		path = paths_default_key_file();
	return path != NULL && access(path, R_OK) == 0 && site_key_load(path, key, why) == 0;
}
