/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/journal/journal.h"

#include "dashboard-export/journal/rollup.h"
#include "tests/unit/journal/journal_fixture.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAIT_MS 20000

static void
what_is_appended_is_on_disk_and_read_back_in_order(void)
{
	struct journal_fixture f;
	struct journal_opening opening;
	struct journal_row row;
	char why[256], content[64];

	journal_fixture_init(&f);
	struct journal *journal = journal_fixture_open(&f, &opening);
	CU_ASSERT_TRUE(opening.created);
	CU_ASSERT_EQUAL(strlen(opening.id), JOURNAL_ID_LEN);
	journal_fixture_append(journal, 1, 2500);
	CU_ASSERT_EQUAL(journal_flush(journal, WAIT_MS), 0);
	CU_ASSERT_EQUAL(journal_durable(journal), 2500);

	struct journal_reader *reader = journal_reader_open(f.path, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	CU_ASSERT_STRING_EQUAL(journal_reader_id(reader), journal_id(journal));
	CU_ASSERT_EQUAL(journal_reader_select(reader, &(struct journal_filter){0}), 0);
	for (unsigned i = 1; i <= 2500; i++) {
		CU_ASSERT_EQUAL_FATAL(journal_reader_next(reader, &row), 1);
		(void)snprintf(content, sizeof(content), "{\"number\":%u}", i);
		CU_ASSERT_EQUAL(row.sequence, i);
		CU_ASSERT_EQUAL(row.time_ns, 1000u * i);
		CU_ASSERT_EQUAL(row.len, strlen(content));
		CU_ASSERT_EQUAL(memcmp(row.content, content, row.len), 0);
		CU_ASSERT_EQUAL(row.zone == NULL, i % 3 == 0);
	}
	CU_ASSERT_EQUAL(journal_reader_next(reader, &row), 0);
	journal_reader_close(reader);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	journal_fixture_fini(&f);
}

static void
a_journal_is_taken_up_again(void)
{
	struct journal_fixture f;
	struct journal_opening first, second;

	journal_fixture_init(&f);
	struct journal *journal = journal_fixture_open(&f, &first);
	journal_fixture_append(journal, 1, 10);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	journal = journal_fixture_open(&f, &second);
	CU_ASSERT_FALSE(second.created);
	CU_ASSERT_FALSE(second.damaged);
	CU_ASSERT_STRING_EQUAL(first.id, second.id);
	CU_ASSERT_EQUAL(second.head, 10);
	journal_fixture_append(journal, 11, 20);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	struct journal_verification v = journal_fixture_verify(&f);
	CU_ASSERT_TRUE(v.good);
	CU_ASSERT_EQUAL(v.rows, 20);
	journal_fixture_fini(&f);
}

static void
nobody_else_can_read_it(void)
{
	struct journal_fixture f;
	struct stat status;

	journal_fixture_init(&f);
	journal_fixture_fill(&f, 1);
	CU_ASSERT_EQUAL(stat(f.path, &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 0777, 0640);
	journal_fixture_fini(&f);
}

static void
a_second_writer_is_refused(void)
{
	struct journal_fixture f;
	struct journal_opening opening;
	char why[256];

	journal_fixture_init(&f);
	struct journal *journal = journal_fixture_open(&f, &opening);
	const struct journal_config config = {.path = f.path, .key = &f.key};
	CU_ASSERT_PTR_NULL(journal_open(&config, &opening, why));
	CU_ASSERT_EQUAL(errno, EBUSY);
	CU_ASSERT_STRING_EQUAL(why, "another vigie writes to it");
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	journal_fixture_fini(&f);
}

/* It would be made, or locked, where the link leads. */
static void
a_lock_that_is_a_link_is_refused(void)
{
	struct journal_fixture f;
	struct journal_opening opening;
	char why[256], lock[256], elsewhere[256];

	journal_fixture_init(&f);
	snprintf(lock, sizeof(lock), "%s.lock", f.path);
	snprintf(elsewhere, sizeof(elsewhere), "%s.elsewhere", f.path);
	CU_ASSERT_EQUAL_FATAL(symlink(elsewhere, lock), 0);
	const struct journal_config config = {.path = f.path, .key = &f.key};
	CU_ASSERT_PTR_NULL(journal_open(&config, &opening, why));
	CU_ASSERT_EQUAL(errno, ELOOP);
	CU_ASSERT_NOT_EQUAL(access(elsewhere, F_OK), 0);
	(void)unlink(lock);
	journal_fixture_fini(&f);
}

static void
waiting_ends_when_something_is_on_disk(void)
{
	struct journal_fixture f;
	struct journal_opening opening;

	journal_fixture_init(&f);
	struct journal *journal = journal_fixture_open(&f, &opening);
	CU_ASSERT_EQUAL(journal_wait(journal, 0, 1), 0);
	journal_fixture_append(journal, 1, 1);
	CU_ASSERT_EQUAL(journal_wait(journal, 0, WAIT_MS), 1);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	journal_fixture_fini(&f);
}

/* Opens what was damaged and goes on with it. */
static void
expect_set_aside(struct journal_fixture *f, const char *what)
{
	struct journal_opening opening;
	struct journal *journal = journal_fixture_open(f, &opening);

	CU_ASSERT_TRUE(opening.damaged);
	CU_ASSERT_TRUE(opening.created);
	if (strstr(opening.what, what) == NULL)
		printf("# %s\n", opening.what);
	CU_ASSERT_PTR_NOT_NULL(strstr(opening.what, what));
	CU_ASSERT_EQUAL(access(opening.kept, R_OK), 0);
	journal_fixture_append(journal, 1, 5);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	CU_ASSERT_TRUE(journal_fixture_verify(f).good);
}

static void
overwrite(const char *path, off_t at, const char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY);

	CU_ASSERT_EQUAL(pwrite(fd, bytes, len, at), (ssize_t)len);
	(void)close(fd);
}

static void
a_changed_row_is_set_aside(void)
{
	struct journal_fixture f;

	journal_fixture_init(&f);
	journal_fixture_fill(&f, 100);
	journal_fixture_sql(&f, "UPDATE journal SET severity = 0 WHERE seq = 47");
	expect_set_aside(&f, "row 47 was changed");
	journal_fixture_fini(&f);
}

static void
a_truncated_file_is_set_aside(void)
{
	struct journal_fixture f;
	struct stat status;

	journal_fixture_init(&f);
	journal_fixture_fill(&f, 2000);
	CU_ASSERT_EQUAL(stat(f.path, &status), 0);
	CU_ASSERT_EQUAL(truncate(f.path, status.st_size / 2), 0);
	expect_set_aside(&f, "");
	journal_fixture_fini(&f);
}

static void
a_file_that_is_no_database_is_set_aside(void)
{
	struct journal_fixture f;

	journal_fixture_init(&f);
	journal_fixture_fill(&f, 10);
	overwrite(f.path, 0, "no database at all", 18);
	expect_set_aside(&f, "not a database");
	journal_fixture_fini(&f);
}

static void
a_journal_that_lost_known_rows_is_set_aside(void)
{
	struct journal_fixture f;
	struct journal_opening opening;
	char id[JOURNAL_ID_LEN + 1], why[256];

	journal_fixture_init(&f);
	struct journal *journal = journal_fixture_open(&f, &opening);
	memcpy(id, opening.id, sizeof(id));
	journal_fixture_append(journal, 1, 10);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	const struct journal_config config = {
		.path = f.path, .key = &f.key, .known_id = id, .known_sequence = 11};
	journal = journal_open(&config, &opening, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
	CU_ASSERT_TRUE(opening.damaged);
	CU_ASSERT_PTR_NOT_NULL(strstr(opening.what, "ends at row 10, but row 11"));
	CU_ASSERT_STRING_NOT_EQUAL(opening.id, id);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	journal_fixture_fini(&f);
}

static void
a_row_that_somebody_else_wrote_is_set_aside(void)
{
	struct journal_fixture f;

	journal_fixture_init(&f);
	journal_fixture_fill(&f, 10);
	journal_fixture_sql(&f,
			    "INSERT INTO journal SELECT 11, recorded_ns, time_ns, kind, id, rule,"
			    " zone, 4, content, hash FROM journal WHERE seq = 10");
	expect_set_aside(&f, "row 11 stands behind the signed head");
	journal_fixture_fini(&f);
}

static void
tables_that_are_not_ours_are_set_aside(void)
{
	static const char *const changes[] = {
		"DROP TABLE head",
		"DROP TABLE journal",
		"DROP TABLE origin",
		"ALTER TABLE journal ADD COLUMN more TEXT",
	};

	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		struct journal_fixture f;
		struct journal_opening opening;
		journal_fixture_init(&f);
		journal_fixture_fill(&f, 10);
		journal_fixture_sql(&f, changes[i]);
		struct journal *journal = journal_fixture_open(&f, &opening);
		if (!opening.damaged)
			printf("# %s\n", changes[i]);
		CU_ASSERT_TRUE(opening.damaged);
		journal_fixture_append(journal, 1, 5);
		CU_ASSERT_EQUAL(journal_close(journal), 0);
		CU_ASSERT_TRUE(journal_fixture_verify(&f).good);
		journal_fixture_fini(&f);
	}
}

static void
a_journal_that_is_gone_is_noticed(void)
{
	struct journal_fixture f;
	struct journal_opening opening;
	char id[JOURNAL_ID_LEN + 1], why[256];

	journal_fixture_init(&f);
	journal_fixture_fill(&f, 10);
	struct journal *journal = journal_fixture_open(&f, &opening);
	memcpy(id, opening.id, sizeof(id));
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	CU_ASSERT_EQUAL(unlink(f.path), 0);
	const struct journal_config config = {
		.path = f.path, .key = &f.key, .known_id = id, .known_sequence = 10};
	journal = journal_open(&config, &opening, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
	CU_ASSERT_TRUE(opening.damaged);
	CU_ASSERT_STRING_EQUAL(opening.what, "it is gone, though it had 10 rows");
	CU_ASSERT_STRING_EQUAL(opening.kept, "");
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	journal = journal_open(&config, &opening, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(journal);
	CU_ASSERT_STRING_EQUAL(opening.what,
			       "it is another journal than the one that was written to before");
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	journal_fixture_fini(&f);
}

/* A row in the way shows when the next one is written. */
static void
damage_at_run_time_begins_a_new_journal_and_loses_nothing(void)
{
	struct journal_fixture f;
	struct journal_opening opening;
	char first[JOURNAL_ID_LEN + 1];

	journal_fixture_init(&f);
	struct journal *journal = journal_fixture_open(&f, &opening);
	(void)snprintf(first, sizeof(first), "%s", journal_id(journal));
	journal_fixture_append(journal, 1, 10);
	CU_ASSERT_EQUAL(journal_flush(journal, WAIT_MS), 0);
	journal_fixture_sql(&f,
			    "INSERT INTO journal SELECT 12, recorded_ns, time_ns, kind, id, rule,"
			    " zone, 4, content, hash FROM journal WHERE seq = 10");
	journal_fixture_append(journal, 11, 20);
	CU_ASSERT_EQUAL(journal_flush(journal, WAIT_MS), 0);
	CU_ASSERT_TRUE(journal_take_replaced(journal, &opening));
	CU_ASSERT_FALSE(journal_take_replaced(journal, &opening));
	CU_ASSERT_EQUAL(access(opening.kept, R_OK), 0);
	CU_ASSERT_STRING_NOT_EQUAL(journal_id(journal), first);
	CU_ASSERT_EQUAL(journal_durable(journal), 10);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	CU_ASSERT_TRUE(journal_fixture_verify(&f).good);
	journal_fixture_fini(&f);
}

/* Any byte of it may be wrong; whatever is done about that, the result is a whole journal. */
static void
wherever_a_byte_is_flipped_a_whole_journal_follows(void)
{
	struct journal_fixture f;
	struct journal_opening opening;
	struct stat status;

	for (unsigned round = 0; round < 24; round++) {
		journal_fixture_init(&f);
		journal_fixture_fill(&f, 300);
		CU_ASSERT_EQUAL(stat(f.path, &status), 0);
		off_t at = (off_t)((uint64_t)status.st_size * (2 * round + 1) / 48);
		char byte;
		int fd = open(f.path, O_RDWR);
		CU_ASSERT_EQUAL(pread(fd, &byte, 1, at), 1);
		byte = (char)(byte ^ 0x55);
		CU_ASSERT_EQUAL(pwrite(fd, &byte, 1, at), 1);
		(void)close(fd);
		struct journal *journal = journal_fixture_open(&f, &opening);
		journal_fixture_append(journal, 301, 310);
		CU_ASSERT_EQUAL(journal_close(journal), 0);
		CU_ASSERT_TRUE(journal_fixture_verify(&f).good);
		journal_fixture_fini(&f);
	}
}

static void
retention_leaves_a_chain_that_verifies(void)
{
	struct journal_fixture f;
	struct journal_opening opening;

	journal_fixture_init(&f);
	struct journal *journal = journal_fixture_open(&f, &opening);
	journal_fixture_append(journal, 1, 12000);
	CU_ASSERT_EQUAL(journal_flush(journal, WAIT_MS), 0);
	const struct journal_expiry all = {.recorded_before = UINT64_MAX / 2};
	journal_expire(journal, &all);
	/* Two parts of 5,000 rows and a last one of all but the head, a check-point each. */
	uint64_t head = 12000;
	while (head < 12003)
		head = journal_wait(journal, head, WAIT_MS);
	journal_fixture_append(journal, 1, 3);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	struct journal_verification v = journal_fixture_verify(&f);
	if (!v.good)
		printf("# %s\n", v.fault);
	CU_ASSERT_TRUE(v.good);
	CU_ASSERT_TRUE(v.removed >= 11999);
	CU_ASSERT_TRUE(v.checkpoints >= 1);
	CU_ASSERT_TRUE(journal_fixture_number(&f, "SELECT count(*) FROM journal") < 10);
	journal_fixture_fini(&f);
}

static void
rollups_are_added_up(void)
{
	struct journal_fixture f;
	struct journal_opening opening;

	journal_fixture_init(&f);
	struct journal *journal = journal_fixture_open(&f, &opening);
	for (unsigned i = 0; i < 3; i++) {
		struct rollup *rows = calloc(2, sizeof(*rows));
		for (unsigned r = 0; r < 2; r++) {
			rows[r] = (struct rollup){.up = 10, .down = 1, .flows = 1};
			(void)snprintf(rows[r].day, sizeof(rows[r].day), "2026-12-0%u", r + 1);
			(void)snprintf(rows[r].zone, sizeof(rows[r].zone), "rh");
			(void)snprintf(rows[r].host, sizeof(rows[r].host), "h-%u", i);
		}
		CU_ASSERT_EQUAL(journal_add_rollups(journal, rows, 2), 0);
	}
	journal_fixture_append(journal, 1, 1);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	CU_ASSERT_EQUAL(journal_fixture_number(&f, "SELECT count(*) FROM rollups"), 6);

	journal = journal_fixture_open(&f, &opening);
	struct journal_expiry expiry = {.join_day = "2026-12-02"};
	journal_expire(journal, &expiry);
	journal_fixture_append(journal, 2, 2);
	CU_ASSERT_EQUAL(journal_close(journal), 0);
	CU_ASSERT_EQUAL(journal_fixture_number(&f, "SELECT count(*) FROM rollups"), 4);
	CU_ASSERT_EQUAL(journal_fixture_number(&f, "SELECT up FROM rollups WHERE host = ''"), 30);
	journal_fixture_fini(&f);
}

static const struct unit_case cases[] = {
	{"what_is_appended_is_on_disk_and_read_back_in_order",
	 what_is_appended_is_on_disk_and_read_back_in_order},
	{"a_journal_is_taken_up_again", a_journal_is_taken_up_again},
	{"nobody_else_can_read_it", nobody_else_can_read_it},
	{"a_second_writer_is_refused", a_second_writer_is_refused},
	{"a_lock_that_is_a_link_is_refused", a_lock_that_is_a_link_is_refused},
	{"waiting_ends_when_something_is_on_disk", waiting_ends_when_something_is_on_disk},
	{"a_changed_row_is_set_aside", a_changed_row_is_set_aside},
	{"a_truncated_file_is_set_aside", a_truncated_file_is_set_aside},
	{"a_file_that_is_no_database_is_set_aside", a_file_that_is_no_database_is_set_aside},
	{"a_journal_that_lost_known_rows_is_set_aside",
	 a_journal_that_lost_known_rows_is_set_aside},
	{"a_row_that_somebody_else_wrote_is_set_aside",
	 a_row_that_somebody_else_wrote_is_set_aside},
	{"tables_that_are_not_ours_are_set_aside", tables_that_are_not_ours_are_set_aside},
	{"a_journal_that_is_gone_is_noticed", a_journal_that_is_gone_is_noticed},
	{"damage_at_run_time_begins_a_new_journal_and_loses_nothing",
	 damage_at_run_time_begins_a_new_journal_and_loses_nothing},
	{"wherever_a_byte_is_flipped_a_whole_journal_follows",
	 wherever_a_byte_is_flipped_a_whole_journal_follows},
	{"retention_leaves_a_chain_that_verifies", retention_leaves_a_chain_that_verifies},
	{"rollups_are_added_up", rollups_are_added_up},
};

int
main(void)
{
	return unit_run("journal", cases, sizeof(cases) / sizeof(*cases));
}
