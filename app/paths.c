/* SPDX-License-Identifier: Apache-2.0 */
#include "app/paths.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Of a variable that is set to something; else NULL. */
static const char *
environment(const char *name)
{
	const char *set = getenv(name);
	return set != NULL && *set != '\0' ? set : NULL;
}

bool
paths_data_is_chosen(void)
{
	return environment("VIGIE_DATA") != NULL;
}

const char *
paths_data_directory(void)
{
	const char *set = environment("VIGIE_DATA");
	return set != NULL ? set : VIGIE_DATA_DIR;
}

static const char *
data_file(const char *name, char *path)
{
	int len = snprintf(path, PATH_MAX, "%s/%s", paths_data_directory(), name);
	return len > 0 && len < PATH_MAX && access(path, F_OK) == 0 ? path : NULL;
}

const char *
paths_default_table(void)
{
	static char path[PATH_MAX];
	return data_file("origin.table", path);
}

const char *
paths_default_country(void)
{
	static char path[PATH_MAX];
	return data_file("dbip-country.mmdb", path);
}

const char *
paths_default_catalogue(void)
{
	const char *set = environment("VIGIE_CATALOGUE");
	return set != NULL ? set : VIGIE_CATALOGUE_DIR;
}

const char *
paths_default_rules(void)
{
	const char *set = environment("VIGIE_RULES");
	return set != NULL ? set : VIGIE_RULES_DIR;
}

/* A file of what the program itself keeps, into `path` of PATH_MAX bytes. */
static const char *
state_file(const char *name, char *path)
{
	const char *state = environment("VIGIE_STATE");
	const char *of_user = environment("XDG_STATE_HOME"), *home = environment("HOME");
	int len;

	if (state != NULL)
		len = snprintf(path, PATH_MAX, "%s/%s", state, name);
	else if (geteuid() != 0 && of_user != NULL)
		len = snprintf(path, PATH_MAX, "%s/vigie/%s", of_user, name);
	else if (geteuid() != 0 && home != NULL)
		len = snprintf(path, PATH_MAX, "%s/.local/state/vigie/%s", home, name);
	else
		len = PATH_MAX;
	if (len >= PATH_MAX)
		(void)snprintf(path, PATH_MAX, "/var/lib/vigie/%s", name);
	return path;
}

const char *
paths_default_key_file(void)
{
	static char path[PATH_MAX];
	return state_file("site.key", path);
}

const char *
paths_default_journal(void)
{
	static char path[PATH_MAX];
	return state_file("journal.db", path);
}
