/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the packaged data and catalogue are when the settings do not say: beside the build, or
 * where the package put them. The environment goes first: VIGIE_DATA (a directory), VIGIE_CATALOGUE
 * and VIGIE_RULES, and VIGIE_STATE (a directory) for what the program itself keeps.
 */
#pragma once

#include <stdbool.h>

/** Path of the compiled origin table, NULL when there is no such file. Static storage. */
const char *paths_default_table(void);

/** Path of the packaged country database, NULL when there is no such file. Static storage. */
const char *paths_default_country(void);

/** Path of the packaged catalogue, whether it exists or not. */
const char *paths_default_catalogue(void);

/** Path of the packaged rules, whether they exist or not. */
const char *paths_default_rules(void);

/**
 * Path of the site's key, whether it exists or not: in $VIGIE_STATE, else /var/lib/vigie for root,
 * else vigie/ in $XDG_STATE_HOME or ~/.local/state. Static storage.
 */
const char *paths_default_key_file(void);

/** Path of the journal, whether it exists or not: in the folder of paths_default_key_file. Static
 * storage. */
const char *paths_default_journal(void);

/** The directory that was looked into for data; for messages. */
const char *paths_data_directory(void);

/** Whether the user has chosen that directory, with VIGIE_DATA. */
bool paths_data_is_chosen(void);
