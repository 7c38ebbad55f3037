/* SPDX-License-Identifier: Apache-2.0 */
#include "app/paths.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *
paths_data_directory(void)
{
	const char *set = getenv("VIGIE_DATA");
	return set != NULL && *set != '\0' ? set : VIGIE_DATA_DIR;
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
	const char *set = getenv("VIGIE_CATALOGUE");
	return set != NULL && *set != '\0' ? set : VIGIE_CATALOGUE_DIR;
}
