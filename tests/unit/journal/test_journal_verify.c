/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/journal/journal_verify.h"

#include "dashboard-export/journal/journal_chain.h"
#include "tests/unit/journal/journal_fixture.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

/* What was done to a journal of 50 rows, and what is said of it. */
struct tampering {
	const char *sql;
	const char *fault;
	uint64_t sequence;
};

static const struct tampering tamperings[] = {
	{"UPDATE journal SET content = '{}' WHERE seq = 20", "row 20 was changed", 20},
	{"UPDATE journal SET id = 'x' WHERE seq = 20", "row 20 was changed", 20},
	{"UPDATE journal SET zone = '' WHERE zone IS NULL AND seq = 21", "row 21 was changed", 21},
	{"UPDATE journal SET rule = NULL WHERE seq = 1", "row 1 was changed", 1},
	{"UPDATE journal SET recorded_ns = recorded_ns + 1 WHERE seq = 50", "row 50 was changed",
	 50},
	{"UPDATE journal SET time_ns = 0 WHERE seq = 3", "row 3 was changed", 3},
	{"UPDATE journal SET kind = 1 WHERE seq = 7", "row 7 was changed", 7},
	{"UPDATE journal SET hash = zeroblob(32) WHERE seq = 9", "row 9 was changed", 9},
	{"UPDATE journal SET hash = x'00' WHERE seq = 9", "row 9 cannot be read", 9},
	{"DELETE FROM journal WHERE seq = 30", "row 30 is missing: 29 is followed by 31", 30},
	{"DELETE FROM journal WHERE seq <= 10", "the first row is 11, and no check-point", 11},
	{"DELETE FROM journal WHERE seq > 45",
	 "rows behind 45 are missing: the signed head is row 50", 46},
	{"DELETE FROM journal", "rows behind 0 are missing", 1},
	{"DELETE FROM head", "there is no signed head: it was removed", 0},
	{"UPDATE head SET seq = 49, hash = (SELECT hash FROM journal WHERE seq = 49)",
	 "the signature of the head, row 49, is wrong", 49},
	{"UPDATE journal SET seq = 1000 WHERE seq = 5; UPDATE journal SET seq = 5 WHERE seq = 6;"
	 "UPDATE journal SET seq = 6 WHERE seq = 1000",
	 "row 5 was changed, or moved", 5},
	{"UPDATE origin SET public_key = randomblob(32)", "the journal names another public key",
	 0},
	{"INSERT INTO journal SELECT 51, recorded_ns, time_ns, kind, id, rule, zone, 4, content, "
	 "hash"
	 " FROM journal WHERE seq = 50",
	 "row 51 stands behind the signed head, row 50", 51},
	{"DELETE FROM head; INSERT INTO journal SELECT 51, recorded_ns, time_ns, kind, id, rule, "
	 "zone,"
	 " severity, content, hash FROM journal WHERE seq = 50",
	 "there is no signed head: it was removed", 0},
	{"DELETE FROM journal; DELETE FROM head", "there is no signed head", 0},
	{"INSERT INTO head SELECT 0, seq, hash, signature FROM head",
	 "the signed head cannot be read", 0},
	{"UPDATE journal SET rule = rule || char(0) || 'x' WHERE seq = 20", "row 20 cannot be read",
	 20},
	{"ALTER TABLE journal RENAME TO kept; CREATE VIEW journal AS WITH RECURSIVE n(seq) AS "
	 "(SELECT 1"
	 " UNION ALL SELECT seq + 1 FROM n) SELECT seq, 0 AS recorded_ns, 0 AS time_ns, 0 AS kind,"
	 " '' AS id, '' AS rule, '' AS zone, 0 AS severity, '' AS content, x'' AS hash FROM n",
	 "", 0},
	{"UPDATE journal SET content = printf('%.*c', 4000000, 'x') WHERE seq = 20", "", 20},
	{"INSERT INTO journal SELECT 51, recorded_ns, time_ns, kind, id, rule, zone, severity,"
	 " content, hash FROM journal WHERE seq = 50; UPDATE head SET seq = 51",
	 "the signature of the head, row 51, is wrong", 51},
};

static void
every_tampering_shows(void)
{
	for (size_t i = 0; i < sizeof(tamperings) / sizeof(*tamperings); i++) {
		const struct tampering *t = &tamperings[i];
		struct journal_fixture f;
		journal_fixture_init(&f);
		journal_fixture_fill(&f, 50);
		CU_ASSERT_TRUE(journal_fixture_verify(&f).good);
		journal_fixture_sql(&f, t->sql);
		struct journal_verification v = journal_fixture_verify(&f);
		if (strstr(v.fault, t->fault) == NULL)
			printf("# %s: %s\n", t->sql, v.fault);
		CU_ASSERT_FALSE(v.good);
		CU_ASSERT_PTR_NOT_NULL(strstr(v.fault, t->fault));
		if (v.fault_sequence != t->sequence)
			printf("# %s: %llu\n", t->sql, (unsigned long long)v.fault_sequence);
		CU_ASSERT_EQUAL(v.fault_sequence, t->sequence);
		journal_fixture_fini(&f);
	}
}

static void
a_whole_journal_tells_its_head(void)
{
	struct journal_fixture f;
	char hash[2 * JOURNAL_HASH_LEN + 1];
	struct journal_row row;
	char why[256];

	journal_fixture_init(&f);
	journal_fixture_fill(&f, 50);
	struct journal_verification v = journal_fixture_verify(&f);
	CU_ASSERT_EQUAL(v.rows, 50);
	CU_ASSERT_EQUAL(v.first, 1);
	CU_ASSERT_EQUAL(v.last, 50);
	struct journal_reader *reader = journal_reader_open(f.path, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	const struct journal_filter last = {.after = 49};
	(void)journal_reader_select(reader, &last);
	CU_ASSERT_EQUAL(journal_reader_next(reader, &row), 1);
	journal_chain_hex(row.hash, sizeof(row.hash), hash);
	CU_ASSERT_STRING_EQUAL(hash, v.head);
	journal_reader_close(reader);
	journal_fixture_fini(&f);
}

static void
a_noted_hash_is_found_later(void)
{
	struct journal_fixture f;
	struct journal_opening opening;
	struct journal_verification v;

	journal_fixture_init(&f);
	journal_fixture_fill(&f, 50);
	struct journal_verification noted = journal_fixture_verify(&f);
	struct journal *journal = journal_fixture_open(&f, &opening);
	journal_fixture_append(journal, 51, 60);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	struct journal_verify_query query = {.path = f.path, .key = &f.key, .noted = noted.head};
	CU_ASSERT_EQUAL(journal_verify(&query, &v), 0);
	CU_ASSERT_TRUE(v.good);
	CU_ASSERT_TRUE(v.noted_found);
	CU_ASSERT_EQUAL(v.noted_sequence, 50);
	char other[2 * JOURNAL_HASH_LEN + 1];
	memset(other, 'a', sizeof(other));
	other[2 * JOURNAL_HASH_LEN] = '\0';
	query.noted = other;
	CU_ASSERT_EQUAL(journal_verify(&query, &v), 0);
	CU_ASSERT_FALSE(v.good);
	journal_fixture_fini(&f);
}

static void
an_auditor_without_the_key_checks_with_the_public_one(void)
{
	struct journal_fixture f;
	struct journal_verification v;

	journal_fixture_init(&f);
	journal_fixture_fill(&f, 5);
	const struct journal_verify_query query = {.path = f.path};
	CU_ASSERT_EQUAL(journal_verify(&query, &v), 0);
	CU_ASSERT_TRUE(v.good);
	CU_ASSERT_STRING_EQUAL(v.public_key, journal_fixture_verify(&f).public_key);
	struct journal_fixture other = f;
	memset(other.key.bytes, 9, sizeof(other.key.bytes));
	CU_ASSERT_FALSE(journal_fixture_verify(&other).good);
	journal_fixture_fini(&f);
}

static void
no_journal_is_told_as_such(void)
{
	struct journal_fixture f;
	struct journal_verification v;

	journal_fixture_init(&f);
	const struct journal_verify_query query = {.path = f.path};
	CU_ASSERT_NOT_EQUAL(journal_verify(&query, &v), 0);
	CU_ASSERT_FALSE(v.good);
	CU_ASSERT_STRING_EQUAL(v.fault, "No such file or directory");
	journal_fixture_fini(&f);
}

static const struct unit_case cases[] = {
	{"every_tampering_shows", every_tampering_shows},
	{"a_whole_journal_tells_its_head", a_whole_journal_tells_its_head},
	{"a_noted_hash_is_found_later", a_noted_hash_is_found_later},
	{"an_auditor_without_the_key_checks_with_the_public_one",
	 an_auditor_without_the_key_checks_with_the_public_one},
	{"no_journal_is_told_as_such", no_journal_is_told_as_such},
};

int
main(void)
{
	return unit_run("journal_verify", cases, sizeof(cases) / sizeof(*cases));
}
