/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/journal/journal_fixture.h"

#include <CUnit/CUnit.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
journal_fixture_init(struct journal_fixture *f)
{
	(void)snprintf(f->folder, sizeof(f->folder), "/tmp/vigie-journal-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(f->folder));
	(void)snprintf(f->path, sizeof(f->path), "%s/journal.db", f->folder);
	memset(f->key.bytes, 7, sizeof(f->key.bytes));
}

void
journal_fixture_fini(struct journal_fixture *f)
{
	DIR *folder = opendir(f->folder);
	struct dirent *entry;

	CU_ASSERT_PTR_NOT_NULL_FATAL(folder);
	while ((entry = readdir(folder)) != NULL)
		(void)unlinkat(dirfd(folder), entry->d_name, 0);
	(void)closedir(folder);
	CU_ASSERT_EQUAL(rmdir(f->folder), 0);
}

struct journal *
journal_fixture_open(struct journal_fixture *f, struct journal_opening *opening)
{
	const struct journal_config config = {.path = f->path, .key = &f->key};
	char why[256] = "";
	struct journal *journal = journal_open(&config, opening, why);

	if (journal == NULL)
		printf("# %s\n", why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
	return journal;
}

void
journal_fixture_append(struct journal *journal, unsigned first, unsigned last)
{
	for (unsigned i = first; i <= last; i++) {
		char id[33], content[128];
		(void)snprintf(id, sizeof(id), "%032x", i);
		int len = snprintf(content, sizeof(content), "{\"number\":%u}", i);
		const struct journal_entry entry = {
			.kind = i % 10 == 0 ? JOURNAL_SENSOR : JOURNAL_ALERT,
			.time_ns = 1000u * i,
			.id = id,
			.rule = i % 2 == 0 ? "INT-USA" : "SEC-UNK",
			.zone = i % 3 == 0 ? NULL : "rh",
			.severity = (enum severity)(i % SEVERITY_COUNT),
			.content = content,
			.len = (size_t)len,
		};
		CU_ASSERT_EQUAL(journal_append(journal, &entry), 0);
	}
}

void
journal_fixture_fill(struct journal_fixture *f, unsigned count)
{
	struct journal_opening opening;
	struct journal *journal = journal_fixture_open(f, &opening);

	journal_fixture_append(journal, 1, count);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
}

static sqlite3 *
open_database(struct journal_fixture *f)
{
	sqlite3 *db = NULL;

	CU_ASSERT_EQUAL_FATAL(sqlite3_open(f->path, &db), SQLITE_OK);
	return db;
}

void
journal_fixture_sql(struct journal_fixture *f, const char *sql)
{
	sqlite3 *db = open_database(f);
	char *error = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
		CU_FAIL_FATAL("the statement runs");
	(void)sqlite3_close(db);
}

long long
journal_fixture_number(struct journal_fixture *f, const char *sql)
{
	sqlite3 *db = open_database(f);
	sqlite3_stmt *statement = NULL;
	long long answer = -1;

	CU_ASSERT_EQUAL(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	if (sqlite3_step(statement) == SQLITE_ROW)
		answer = sqlite3_column_int64(statement, 0);
	(void)sqlite3_finalize(statement);
	(void)sqlite3_close(db);
	return answer;
}

struct journal_verification
journal_fixture_verify(struct journal_fixture *f)
{
	const struct journal_verify_query query = {.path = f->path, .key = &f->key};
	struct journal_verification out;

	CU_ASSERT_EQUAL(journal_verify(&query, &out), 0);
	return out;
}
