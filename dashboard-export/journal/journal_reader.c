/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/journal/journal_reader.h"

#include "dashboard-export/journal/journal_database.h"
#include "dashboard-export/journal/journal_schema.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct journal_reader {
	sqlite3 *db;
	sqlite3_stmt *select, *head, *backlog;
	struct journal_origin origin;
	struct journal_filter filter;
	bool open; /* the statement holds a snapshot */
	char error[256];
};

/* Every condition is there in every statement, so that one plan serves all: numbers are compared
 * with bounds that let everything through, texts with NULL. */
static const char select_rows[] =
	"SELECT seq, recorded_ns, time_ns, kind, id, rule, zone, severity, content, hash "
	"FROM journal WHERE seq > ?1 AND seq <= ?2 AND recorded_ns >= ?3 AND severity >= ?4 "
	"AND (?5 IS NULL OR rule = ?5) AND (?6 IS NULL OR zone = ?6) "
	"AND (?7 IS NULL OR substr(id, 1, length(?7)) = ?7) AND (?8 = 0 OR (?8 >> kind) & 1) "
	"ORDER BY seq";

/* Keeps the reason; returns `error`. */
static int
note(struct journal_reader *r, int error)
{
	if (error < 0)
		(void)snprintf(r->error, sizeof(r->error), "%s",
			       sqlite3_errcode(r->db) != SQLITE_OK ? sqlite3_errmsg(r->db)
								   : strerror(-error));
	return error;
}

static int
prepare(struct journal_reader *r)
{
	int error = journal_database_prepare(r->db, select_rows, &r->select);

	if (error == 0)
		error = journal_database_prepare(
			r->db, "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1", &r->head);
	if (error == 0)
		error = journal_database_prepare(
			r->db,
			"SELECT count(*), min(recorded_ns) FROM journal WHERE seq > ? AND kind < 2",
			&r->backlog);
	return error;
}

static const char *
open_error(const struct journal_reader *r, int error)
{
	if (error == -EUCLEAN)
		return "it is no journal of vigie, or damaged";
	return r->db != NULL && sqlite3_errcode(r->db) != SQLITE_OK ? sqlite3_errmsg(r->db)
								    : strerror(-error);
}

struct journal_reader *
journal_reader_open(const char *path, char why[256])
{
	struct journal_reader *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		(void)snprintf(why, 256, "out of memory");
		return NULL;
	}
	int error = journal_database_open_read(path, &r->db);
	if (error == 0)
		error = journal_schema_read(r->db, &r->origin);
	if (error == 0)
		error = prepare(r);
	if (error == 0)
		return r;
	(void)snprintf(why, 256, "%s", open_error(r, error));
	journal_reader_close(r);
	errno = -error;
	return NULL;
}

void
journal_reader_close(struct journal_reader *reader)
{
	if (reader == NULL)
		return;
	(void)sqlite3_finalize(reader->select);
	(void)sqlite3_finalize(reader->head);
	(void)sqlite3_finalize(reader->backlog);
	(void)sqlite3_close(reader->db);
	free(reader);
}

void
journal_reader_pause(struct journal_reader *reader)
{
	(void)sqlite3_reset(reader->select);
	reader->open = false;
}

/* Above what SQLite can count there are no rows and no times. */
static sqlite3_int64
bounded(uint64_t value)
{
	return value > INT64_MAX ? INT64_MAX : (sqlite3_int64)value;
}

static void
bind(struct journal_reader *r)
{
	const struct journal_filter *f = &r->filter;

	(void)sqlite3_bind_int64(r->select, 1, bounded(f->after));
	(void)sqlite3_bind_int64(r->select, 2, f->through == 0 ? INT64_MAX : bounded(f->through));
	(void)sqlite3_bind_int64(r->select, 3, bounded(f->recorded_since));
	(void)sqlite3_bind_int(r->select, 4, (int)f->minimum);
	journal_database_bind_text(r->select, 5, f->rule);
	journal_database_bind_text(r->select, 6, f->zone);
	journal_database_bind_text(r->select, 7, f->id_prefix);
	(void)sqlite3_bind_int64(r->select, 8, f->kinds);
	r->open = true;
}

int
journal_reader_select(struct journal_reader *reader, const struct journal_filter *filter)
{
	journal_reader_pause(reader);
	reader->filter = *filter;
	return 0;
}

/* Whether a column has text, or nothing where that may be, without a NUL: what is behind one would
 * be in the database and not in the hash. */
static bool
is_text(sqlite3_stmt *s, int column, bool may_be_null)
{
	int type = sqlite3_column_type(s, column);

	if (type == SQLITE_NULL)
		return may_be_null;
	if (type != SQLITE_TEXT)
		return false;
	const char *text = (const char *)sqlite3_column_text(s, column);
	return text != NULL && strlen(text) == (size_t)sqlite3_column_bytes(s, column);
}

/* Whether every column has the type that it was written with. */
static bool
has_types(sqlite3_stmt *s)
{
	static const int numbers[] = {0, 1, 2, 3, 7};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (sqlite3_column_type(s, numbers[i]) != SQLITE_INTEGER)
			return false;
	}
	return is_text(s, 4, true) && is_text(s, 5, true) && is_text(s, 6, true) &&
	       is_text(s, 8, false) && sqlite3_column_type(s, 9) == SQLITE_BLOB;
}

/* False where a column has what no row of ours has. */
static bool
take_row(sqlite3_stmt *s, struct journal_row *row)
{
	if (!has_types(s))
		return false;
	const void *hash = sqlite3_column_blob(s, 9);
	sqlite3_int64 kind = sqlite3_column_int64(s, 3), severity = sqlite3_column_int64(s, 7);
	*row = (struct journal_row){
		.sequence = (uint64_t)sqlite3_column_int64(s, 0),
		.recorded_ns = (uint64_t)sqlite3_column_int64(s, 1),
		.time_ns = (uint64_t)sqlite3_column_int64(s, 2),
		.kind = (enum journal_kind)kind,
		.id = (const char *)sqlite3_column_text(s, 4),
		.rule = (const char *)sqlite3_column_text(s, 5),
		.zone = (const char *)sqlite3_column_text(s, 6),
		.severity = (enum severity)severity,
		.content = (const char *)sqlite3_column_text(s, 8),
		.len = (size_t)sqlite3_column_bytes(s, 8),
	};
	if (hash == NULL || sqlite3_column_bytes(s, 9) != JOURNAL_HASH_LEN || kind < 0 ||
	    kind >= JOURNAL_KIND_COUNT || severity < 0 || severity >= SEVERITY_COUNT ||
	    row->content == NULL)
		return false;
	memcpy(row->hash, hash, JOURNAL_HASH_LEN);
	return true;
}

int
journal_reader_next(struct journal_reader *reader, struct journal_row *row)
{
	if (!reader->open)
		bind(reader);
	int done = sqlite3_step(reader->select);
	if (done == SQLITE_ROW) {
		reader->filter.after = (uint64_t)sqlite3_column_int64(reader->select, 0);
		if (take_row(reader->select, row))
			return 1;
		(void)snprintf(reader->error, sizeof(reader->error), "row %llu cannot be read",
			       (unsigned long long)reader->filter.after);
		return -EUCLEAN;
	}
	int error = done == SQLITE_DONE ? 0 : note(reader, journal_database_error(reader->db));
	journal_reader_pause(reader);
	return error;
}

int
journal_reader_backlog(struct journal_reader *reader, uint64_t sequence, uint64_t *rows,
		       uint64_t *oldest_ns)
{
	*rows = *oldest_ns = 0;
	(void)sqlite3_bind_int64(reader->backlog, 1, bounded(sequence));
	int done = sqlite3_step(reader->backlog);
	int error = done == SQLITE_ROW ? 0 : note(reader, journal_database_error(reader->db));
	if (error == 0) {
		*rows = (uint64_t)sqlite3_column_int64(reader->backlog, 0);
		*oldest_ns = (uint64_t)sqlite3_column_int64(reader->backlog, 1);
	}
	(void)sqlite3_reset(reader->backlog);
	return error;
}

const char *
journal_reader_id(const struct journal_reader *reader)
{
	return reader->origin.id;
}

int
journal_reader_head(struct journal_reader *reader, uint64_t *sequence,
		    uint8_t hash[JOURNAL_HASH_LEN])
{
	int error = 0;

	*sequence = 0;
	int done = sqlite3_step(reader->head);
	if (done == SQLITE_ROW) {
		const void *bytes = sqlite3_column_blob(reader->head, 1);
		*sequence = (uint64_t)sqlite3_column_int64(reader->head, 0);
		if (bytes != NULL && sqlite3_column_bytes(reader->head, 1) == JOURNAL_HASH_LEN)
			memcpy(hash, bytes, JOURNAL_HASH_LEN);
		else
			error = -EUCLEAN;
	} else if (done != SQLITE_DONE) {
		error = journal_database_error(reader->db);
	}
	(void)note(reader, error);
	(void)sqlite3_reset(reader->head);
	return error;
}

const char *
journal_reader_error(const struct journal_reader *reader)
{
	return reader->error;
}
