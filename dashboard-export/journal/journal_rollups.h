/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of sums: added to within a transaction of the writer. After a while hosts are joined,
 * later the days go.
 */
#pragma once

#include <sqlite3.h>

#include "dashboard-export/journal/rollup.h"

/** Adds sums to the table, within the caller's transaction. Returns 0 or -errno. */
int journal_rollups_add(sqlite3 *db, const struct rollup *rows, size_t count);

/** Joins the hosts of days before `day`. Returns 0 or -errno. */
int journal_rollups_join_hosts(sqlite3 *db, const char *day);

/** Removes days before `day`. Returns 0 or -errno. */
int journal_rollups_forget(sqlite3 *db, const char *day);
