/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/journal/journal_writer.h"

#include "base/clock.h"
#include "dashboard-export/journal/journal_checkpoint.h"
#include "dashboard-export/journal/journal_database.h"
#include "dashboard-export/journal/journal_rollups.h"
#include "dashboard-export/journal/journal_schema.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Rows that one check-point removes: a transaction of some tens of milliseconds. */
#define EXPIRE_ROWS 5000

struct journal_writer {
	sqlite3 *db;
	struct journal_chain *chain;
	sqlite3_stmt *insert, *put_head;
	struct journal_origin origin;
	/* On disk. */
	uint64_t head;
	uint8_t hash[JOURNAL_HASH_LEN];
	/* Of the transaction that is open. */
	uint64_t next_head;
	uint8_t next_hash[JOURNAL_HASH_LEN];
	char error[256];
};

/* Keeps SQLite's words; returns `error`. */
static int
note(struct journal_writer *w, int error)
{
	if (error != 0)
		(void)snprintf(w->error, sizeof(w->error), "%s",
			       sqlite3_errcode(w->db) != SQLITE_OK ? sqlite3_errmsg(w->db)
								   : strerror(-error));
	return error;
}

static int
prepare(struct journal_writer *w)
{
	int error = journal_database_prepare(
		w->db, "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", &w->insert);

	if (error == 0)
		error = journal_database_prepare(
			w->db, "INSERT OR REPLACE INTO head VALUES (1, ?, ?, ?)", &w->put_head);
	return error;
}

static int
open_tables(struct journal_writer *w)
{
	int error = journal_schema_open(w->db, w->chain, &w->origin);

	if (error == 0)
		error = journal_schema_find_head(w->db, w->chain, &w->origin, &w->head, w->hash);
	return error == 0 ? prepare(w) : error;
}

struct journal_writer *
journal_writer_open(const char *path, struct journal_chain *chain, char why[256])
{
	struct journal_writer *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		(void)snprintf(why, 256, "out of memory");
		return NULL;
	}
	w->chain = chain;
	int error = note(w, journal_database_open(path, &w->db));
	if (error == 0)
		error = note(w, open_tables(w));
	if (error == 0)
		return w;
	(void)snprintf(why, 256, "%s", w->db == NULL ? strerror(-error) : w->error);
	journal_writer_close(w);
	errno = -error;
	return NULL;
}

void
journal_writer_close(struct journal_writer *writer)
{
	if (writer == NULL)
		return;
	(void)sqlite3_finalize(writer->insert);
	(void)sqlite3_finalize(writer->put_head);
	(void)sqlite3_close(writer->db);
	free(writer);
}

const char *
journal_writer_id(const struct journal_writer *writer)
{
	return writer->origin.id;
}

uint64_t
journal_writer_head(const struct journal_writer *writer)
{
	return writer->head;
}

bool
journal_writer_created(const struct journal_writer *writer)
{
	return writer->origin.created;
}

const char *
journal_writer_error(const struct journal_writer *writer)
{
	return writer->error;
}

/* The next row of the open transaction. */
static int
insert(struct journal_writer *w, const struct journal_entry *entry, uint64_t now_ns)
{
	struct journal_row row = {
		.sequence = w->next_head + 1,
		.recorded_ns = now_ns,
		.time_ns = entry->time_ns,
		.kind = entry->kind,
		.id = entry->id,
		.rule = entry->rule,
		.zone = entry->zone,
		.severity = entry->severity,
		.content = entry->content,
		.len = entry->len,
	};
	const uint64_t numbers[] = {row.sequence, row.recorded_ns, row.time_ns, row.kind};
	int number = 0;

	if (!journal_chain_hash(w->chain, w->next_hash, &row, row.hash))
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		(void)sqlite3_bind_int64(w->insert, ++number, (sqlite3_int64)numbers[i]);
	journal_database_bind_text(w->insert, ++number, row.id);
	journal_database_bind_text(w->insert, ++number, row.rule);
	journal_database_bind_text(w->insert, ++number, row.zone);
	(void)sqlite3_bind_int(w->insert, ++number, (int)row.severity);
	(void)sqlite3_bind_text(w->insert, ++number, row.content, (int)row.len, SQLITE_STATIC);
	(void)sqlite3_bind_blob(w->insert, ++number, row.hash, sizeof(row.hash), SQLITE_STATIC);
	int error = journal_database_step(w->db, w->insert);
	(void)sqlite3_clear_bindings(w->insert);
	if (error == 0) {
		w->next_head = row.sequence;
		memcpy(w->next_hash, row.hash, sizeof(row.hash));
	}
	return error;
}

static int
sign_head(struct journal_writer *w)
{
	char text[JOURNAL_CHAIN_TEXT_MAX];
	uint8_t signature[JOURNAL_SIGNATURE_LEN];

	journal_chain_head_text(w->origin.id, w->next_head, w->next_hash, text);
	if (!journal_chain_sign(w->chain, text, signature))
		return -ENOMEM;
	(void)sqlite3_bind_int64(w->put_head, 1, (sqlite3_int64)w->next_head);
	(void)sqlite3_bind_blob(w->put_head, 2, w->next_hash, JOURNAL_HASH_LEN, SQLITE_STATIC);
	(void)sqlite3_bind_blob(w->put_head, 3, signature, sizeof(signature), SQLITE_TRANSIENT);
	return journal_database_step(w->db, w->put_head);
}

static int
begin(struct journal_writer *w)
{
	w->next_head = w->head;
	memcpy(w->next_hash, w->hash, sizeof(w->hash));
	return journal_database_run(w->db, "BEGIN IMMEDIATE");
}

/* Ends the transaction: all of it or, with an error, none of it is on disk. */
static int
end(struct journal_writer *w, int error)
{
	if (error == 0 && w->next_head != w->head)
		error = sign_head(w);
	if (error == 0)
		error = journal_database_run(w->db, "COMMIT");
	(void)note(w, error);
	if (error != 0) {
		if (sqlite3_get_autocommit(w->db) == 0)
			(void)journal_database_run(w->db, "ROLLBACK");
		return error;
	}
	w->head = w->next_head;
	memcpy(w->hash, w->next_hash, sizeof(w->hash));
	return 0;
}

int
journal_writer_commit(struct journal_writer *w, const struct queued_entry *first, size_t max,
		      const struct queued_rollups *rollups)
{
	uint64_t now_ns = clock_wall_ns();
	int written = 0;
	int error = note(w, begin(w));

	if (error != 0)
		return error;
	/* The last one's successor is being added by others meanwhile, and is not looked at. */
	for (size_t left = max; error == 0 && left > 0; left--, written++) {
		error = insert(w, &first->entry, now_ns);
		if (left > 1)
			first = first->next;
	}
	for (; error == 0 && rollups != NULL; rollups = rollups->next)
		error = journal_rollups_add(w->db, rollups->rows, rollups->count);
	error = end(w, error);
	return error == 0 ? written : error;
}

/* The last of the rows from the first on that were all recorded before; 0: the first was not. */
static int
find_expired(struct journal_writer *w, uint64_t recorded_before, struct journal_checkpoint *out)
{
	sqlite3_stmt *find = NULL;
	int error = journal_database_prepare(
		w->db,
		"SELECT seq, recorded_ns, hash FROM journal WHERE seq < ? ORDER BY seq LIMIT ?",
		&find);

	*out = (struct journal_checkpoint){.recorded_before = recorded_before};
	if (error != 0)
		return error;
	/* The head stays: a journal without rows could not be told from one that lost them. */
	(void)sqlite3_bind_int64(find, 1, (sqlite3_int64)w->head);
	(void)sqlite3_bind_int(find, 2, EXPIRE_ROWS);
	while (sqlite3_step(find) == SQLITE_ROW &&
	       (uint64_t)sqlite3_column_int64(find, 1) < recorded_before &&
	       sqlite3_column_bytes(find, 2) == JOURNAL_HASH_LEN) {
		out->removed_through = (uint64_t)sqlite3_column_int64(find, 0);
		out->removed++;
		memcpy(out->hash, sqlite3_column_blob(find, 2), JOURNAL_HASH_LEN);
	}
	error = journal_database_error(w->db);
	(void)sqlite3_finalize(find);
	return error;
}

static int
remove_rows(struct journal_writer *w, uint64_t through)
{
	sqlite3_stmt *remove = NULL;
	int error = journal_database_prepare(w->db, "DELETE FROM journal WHERE seq <= ?", &remove);

	if (error == 0) {
		(void)sqlite3_bind_int64(remove, 1, (sqlite3_int64)through);
		error = journal_database_step(w->db, remove);
	}
	(void)sqlite3_finalize(remove);
	return error;
}

static int
put_checkpoint(struct journal_writer *w, const struct journal_checkpoint *checkpoint)
{
	char content[JOURNAL_CHECKPOINT_MAX];
	uint64_t now_ns = clock_wall_ns();
	size_t len = journal_checkpoint_format(checkpoint, w->chain, w->origin.id, content);
	const struct journal_entry entry = {
		.kind = JOURNAL_CHECKPOINT,
		.time_ns = now_ns,
		.content = content,
		.len = len,
	};

	return len > 0 ? insert(w, &entry, now_ns) : -ENOMEM;
}

int
journal_writer_expire(struct journal_writer *w, uint64_t recorded_before)
{
	struct journal_checkpoint checkpoint;
	int error = note(w, find_expired(w, recorded_before, &checkpoint));

	if (error != 0 || checkpoint.removed == 0)
		return error;
	error = note(w, begin(w));
	if (error != 0)
		return error;
	error = put_checkpoint(w, &checkpoint);
	if (error == 0)
		error = remove_rows(w, checkpoint.removed_through);
	error = end(w, error);
	return error == 0 ? (int)checkpoint.removed : error;
}

int
journal_writer_expire_rollups(struct journal_writer *w, const struct journal_expiry *expiry)
{
	int error = note(w, begin(w));

	if (error != 0)
		return error;
	if (expiry->join_day[0] != '\0')
		error = journal_rollups_join_hosts(w->db, expiry->join_day);
	if (error == 0 && expiry->forget_day[0] != '\0')
		error = journal_rollups_forget(w->db, expiry->forget_day);
	return end(w, error);
}
