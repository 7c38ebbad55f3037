/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/journal/journal_rollups.h"

#include "dashboard-export/journal/journal_database.h"

#define ADD_SUMS                                                                            \
	" ON CONFLICT (day, zone, host, operator, service, region, exposure) DO UPDATE SET" \
	" up = up + excluded.up, down = down + excluded.down, flows = flows + excluded.flows"

int
journal_rollups_add(sqlite3 *db, const struct rollup *rows, size_t count)
{
	sqlite3_stmt *add = NULL;
	int error = journal_database_prepare(
		db, "INSERT INTO rollups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" ADD_SUMS, &add);

	for (size_t i = 0; error == 0 && i < count; i++) {
		const struct rollup *r = &rows[i];
		const char *const texts[] = {r->day,     r->zone,   r->host,    r->operator_id,
					     r->service, r->region, r->exposure};
		const uint64_t sums[] = {r->up, r->down, r->flows};
		int number = 0;
		for (size_t t = 0; t < sizeof(texts) / sizeof(*texts); t++)
			journal_database_bind_text(add, ++number, texts[t]);
		for (size_t s = 0; s < sizeof(sums) / sizeof(*sums); s++)
			(void)sqlite3_bind_int64(add, ++number, (sqlite3_int64)sums[s]);
		error = journal_database_step(db, add);
	}
	(void)sqlite3_finalize(add);
	return error;
}

static int
run_for_day(sqlite3 *db, const char *sql, const char *day)
{
	sqlite3_stmt *statement = NULL;
	int error = journal_database_prepare(db, sql, &statement);

	if (error == 0) {
		journal_database_bind_text(statement, 1, day);
		error = journal_database_step(db, statement);
	}
	(void)sqlite3_finalize(statement);
	return error;
}

int
journal_rollups_join_hosts(sqlite3 *db, const char *day)
{
	int error = run_for_day(db,
				"INSERT INTO rollups SELECT day, zone, '', operator, service, "
				"region, exposure, sum(up), sum(down), sum(flows) FROM rollups "
				"WHERE day < ? AND host <> '' "
				"GROUP BY day, zone, operator, service, region, exposure" ADD_SUMS,
				day);

	if (error != 0)
		return error;
	return run_for_day(db, "DELETE FROM rollups WHERE day < ? AND host <> ''", day);
}

int
journal_rollups_forget(sqlite3 *db, const char *day)
{
	return run_for_day(db, "DELETE FROM rollups WHERE day < ?", day);
}
