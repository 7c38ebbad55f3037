/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commits are not synchronous: what a process has written survives its death, and after a power cut
 * a cursor may be behind, which only repeats messages. That makes a commit cost microseconds, so
 * that one can follow each acknowledgement.
 */
#include "dashboard-export/sinks/cursors.h"

#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BUSY_MS 10000
#define NUMBERS 12

/* SQLite lets one connection write at a time and has the others sleep and try again, for tens of
 * milliseconds; sinks of one process take turns without that. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

struct cursors {
	sqlite3 *db;
	sqlite3_stmt *get, *put, *head, *forget;
};

static const char tables[] =
	"PRAGMA user_version = 1;"
	"CREATE TABLE IF NOT EXISTS cursors (sink TEXT NOT NULL, journal TEXT NOT NULL,"
	" acknowledged INTEGER NOT NULL, delivered INTEGER NOT NULL, refused INTEGER NOT NULL,"
	" filtered INTEGER NOT NULL, flows_delivered INTEGER NOT NULL,"
	" flows_dropped INTEGER NOT NULL, last_success_ns INTEGER NOT NULL,"
	" failing_since_ns INTEGER NOT NULL, attempts INTEGER NOT NULL,"
	" updated_ns INTEGER NOT NULL, rate INTEGER NOT NULL, last_error_ns INTEGER NOT NULL,"
	" last_error TEXT NOT NULL, PRIMARY KEY (sink, journal)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS heads (journal TEXT PRIMARY KEY, seq INTEGER NOT NULL,"
	" noted_ns INTEGER NOT NULL) WITHOUT ROWID;";

static const char get_sql[] =
	"SELECT acknowledged, delivered, refused, filtered, flows_delivered, flows_dropped,"
	" last_success_ns, failing_since_ns, attempts, updated_ns, rate, last_error_ns, last_error"
	" FROM cursors WHERE sink = ? AND journal = ?";

static const char put_sql[] =
	"INSERT OR REPLACE INTO cursors (acknowledged, delivered, refused, filtered,"
	" flows_delivered, flows_dropped, last_success_ns, failing_since_ns, attempts, updated_ns,"
	" rate, last_error_ns, last_error, sink, journal)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

static int
error_of(sqlite3 *db)
{
	switch (sqlite3_errcode(db) & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_ERROR: /* other tables than ours */
		return -EUCLEAN;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_BUSY:
		return -EBUSY;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_CANTOPEN:
		return -EACCES;
	default:
		return -EIO;
	}
}

static int
prepare(struct cursors *c, bool writes)
{
	bool good = sqlite3_prepare_v2(c->db, get_sql, -1, &c->get, NULL) == SQLITE_OK;

	if (writes)
		good = good && sqlite3_prepare_v2(c->db, put_sql, -1, &c->put, NULL) == SQLITE_OK &&
		       sqlite3_prepare_v2(c->db, "INSERT OR REPLACE INTO heads VALUES (?, ?, ?)",
					  -1, &c->head, NULL) == SQLITE_OK &&
		       sqlite3_prepare_v2(c->db, "DELETE FROM heads WHERE journal <> ?", -1,
					  &c->forget, NULL) == SQLITE_OK;
	return good ? 0 : error_of(c->db);
}

static int
open_database(struct cursors *c, const char *path, bool writes)
{
	int flags = writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;

	if (sqlite3_open_v2(path, &c->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return c->db != NULL ? error_of(c->db) : -ENOMEM;
	(void)sqlite3_busy_timeout(c->db, BUSY_MS);
	if (writes && (sqlite3_exec(c->db,
				    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
				    "PRAGMA wal_autocheckpoint = 4000",
				    NULL, NULL, NULL) != SQLITE_OK ||
		       sqlite3_exec(c->db, tables, NULL, NULL, NULL) != SQLITE_OK))
		return error_of(c->db);
	return prepare(c, writes);
}

static struct cursors *
open_cursors(const char *path, bool writes, int *error)
{
	struct cursors *c = calloc(1, sizeof(*c));

	*error = -ENOMEM;
	if (c == NULL)
		return NULL;
	*error = open_database(c, path, writes);
	if (*error == 0)
		return c;
	cursors_close(c);
	return NULL;
}

/* Beside it; a cursor that is lost only makes a sink begin anew. */
static int
set_aside(const char *path)
{
	static const char *const suffixes[] = {"-wal", "-shm", ""};
	int error = 0;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		char *from = NULL, *to = NULL;
		if (asprintf(&from, "%s%s", path, suffixes[i]) < 0)
			return -ENOMEM;
		if (asprintf(&to, "%s.damaged-%lld%s", path, (long long)time(NULL), suffixes[i]) >=
			    0 &&
		    rename(from, to) != 0 && errno != ENOENT)
			error = -errno;
		free(from);
		free(to);
	}
	return error;
}

/* SQLite would make it readable for everybody under a usual umask. */
static int
make_private(const char *path)
{
	struct stat status;

	if (stat(path, &status) == 0)
		return 0;
	FILE *made = fopen(path, "ae");
	if (made == NULL)
		return -errno;
	(void)fclose(made);
	return chmod(path, S_IRUSR | S_IWUSR | S_IRGRP) == 0 ? 0 : -errno;
}

struct cursors *
cursors_open(const char *journal_path, bool *damaged, char why[256])
{
	struct cursors *c = NULL;
	char *path = NULL;
	int error = -ENOMEM;

	*damaged = false;
	if (asprintf(&path, "%s.cursors", journal_path) >= 0)
		error = make_private(path);
	if (error == 0)
		c = open_cursors(path, true, &error);
	if (error == -EUCLEAN) {
		*damaged = true;
		error = set_aside(path);
		if (error == 0)
			error = make_private(path);
		if (error == 0)
			c = open_cursors(path, true, &error);
	}
	free(path);
	if (c == NULL) {
		(void)snprintf(why, 256, "%s", strerror(-error));
		errno = -error;
	}
	return c;
}

struct cursors *
cursors_open_read(const char *journal_path, char why[256])
{
	struct cursors *c = NULL;
	char *path = NULL;
	int error = -ENOMEM;

	if (asprintf(&path, "%s.cursors", journal_path) >= 0) {
		error = access(path, R_OK) == 0 ? 0 : -errno;
		if (error == 0)
			c = open_cursors(path, false, &error);
	}
	free(path);
	if (c == NULL) {
		(void)snprintf(why, 256, "%s",
			       error == -EUCLEAN ? "it is damaged" : strerror(-error));
		errno = -error;
	}
	return c;
}

void
cursors_close(struct cursors *cursors)
{
	if (cursors == NULL)
		return;
	(void)sqlite3_finalize(cursors->get);
	(void)sqlite3_finalize(cursors->put);
	(void)sqlite3_finalize(cursors->head);
	(void)sqlite3_finalize(cursors->forget);
	(void)sqlite3_close(cursors->db);
	free(cursors);
}

static void
take(sqlite3_stmt *s, struct sink_cursor *out)
{
	uint64_t *const numbers[NUMBERS - 1] = {
		&out->acknowledged,    &out->delivered,        &out->refused,
		&out->filtered,        &out->flows_delivered,  &out->flows_dropped,
		&out->last_success_ns, &out->failing_since_ns, &out->attempts,
		&out->updated_ns,
	};

	for (int i = 0; i < 10; i++)
		*numbers[i] = (uint64_t)sqlite3_column_int64(s, i);
	out->rate = (uint32_t)sqlite3_column_int64(s, 10);
	out->last_error_ns = (uint64_t)sqlite3_column_int64(s, 11);
	const char *text = (const char *)sqlite3_column_text(s, 12);
	(void)snprintf(out->last_error, sizeof(out->last_error), "%s", text != NULL ? text : "");
}

int
cursors_get(struct cursors *cursors, const char *sink, const char *journal, struct sink_cursor *out)
{
	*out = (struct sink_cursor){0};
	(void)snprintf(out->sink, sizeof(out->sink), "%s", sink);
	(void)snprintf(out->journal, sizeof(out->journal), "%s", journal);
	(void)sqlite3_bind_text(cursors->get, 1, sink, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(cursors->get, 2, journal, -1, SQLITE_STATIC);
	int done = sqlite3_step(cursors->get);
	int found = done == SQLITE_ROW ? 1 : done == SQLITE_DONE ? 0 : error_of(cursors->db);
	if (found == 1)
		take(cursors->get, out);
	(void)sqlite3_reset(cursors->get);
	return found;
}

static int
step(struct cursors *cursors, sqlite3_stmt *statement)
{
	pthread_mutex_lock(&turn);
	int error = sqlite3_step(statement) == SQLITE_DONE ? 0 : error_of(cursors->db);
	(void)sqlite3_reset(statement);
	pthread_mutex_unlock(&turn);
	return error;
}

int
cursors_put(struct cursors *cursors, const struct sink_cursor *c)
{
	const uint64_t numbers[NUMBERS] = {
		c->acknowledged,
		c->delivered,
		c->refused,
		c->filtered,
		c->flows_delivered,
		c->flows_dropped,
		c->last_success_ns,
		c->failing_since_ns,
		c->attempts,
		c->updated_ns,
		c->rate,
		c->last_error_ns,
	};
	const char *const texts[] = {c->last_error, c->sink, c->journal};
	int number = 0;

	for (size_t i = 0; i < NUMBERS; i++)
		(void)sqlite3_bind_int64(cursors->put, ++number, (sqlite3_int64)numbers[i]);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		(void)sqlite3_bind_text(cursors->put, ++number, texts[i], -1, SQLITE_STATIC);
	return step(cursors, cursors->put);
}

int
cursors_note_head(struct cursors *cursors, const char *journal, uint64_t sequence)
{
	(void)sqlite3_bind_text(cursors->forget, 1, journal, -1, SQLITE_STATIC);
	int error = step(cursors, cursors->forget);
	if (error != 0)
		return error;
	(void)sqlite3_bind_text(cursors->head, 1, journal, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(cursors->head, 2, (sqlite3_int64)sequence);
	(void)sqlite3_bind_int64(cursors->head, 3, (sqlite3_int64)time(NULL) * 1000000000);
	return step(cursors, cursors->head);
}

int
cursors_find_head(struct cursors *cursors, char journal[JOURNAL_ID_LEN + 1], uint64_t *sequence)
{
	sqlite3_stmt *find = NULL;
	int found = 0;

	*sequence = 0;
	journal[0] = '\0';
	if (sqlite3_prepare_v2(cursors->db,
			       "SELECT journal, max(seq, coalesce((SELECT max(acknowledged) FROM"
			       " cursors c WHERE c.journal = h.journal), 0))"
			       " FROM heads h ORDER BY noted_ns DESC LIMIT 1",
			       -1, &find, NULL) != SQLITE_OK)
		return error_of(cursors->db);
	if (sqlite3_step(find) == SQLITE_ROW) {
		found = 1;
		(void)snprintf(journal, JOURNAL_ID_LEN + 1, "%s",
			       (const char *)sqlite3_column_text(find, 0));
		*sequence = (uint64_t)sqlite3_column_int64(find, 1);
	}
	(void)sqlite3_finalize(find);
	return found;
}
