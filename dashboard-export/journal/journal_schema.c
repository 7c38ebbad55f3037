/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/journal/journal_schema.h"

#include "dashboard-export/journal/journal_database.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* "vigj": tells a journal from other databases of SQLite (PRAGMA application_id). */
#define APPLICATION_ID "1986619242"

static const char tables[] =
	"BEGIN IMMEDIATE;"
	"PRAGMA application_id = " APPLICATION_ID ";"
	"PRAGMA user_version = 1;"
	"CREATE TABLE origin (id TEXT NOT NULL, created_ns INTEGER NOT NULL,"
	" public_key BLOB NOT NULL) STRICT;"
	"CREATE TABLE journal (seq INTEGER PRIMARY KEY, recorded_ns INTEGER NOT NULL,"
	" time_ns INTEGER NOT NULL, kind INTEGER NOT NULL, id TEXT, rule TEXT, zone TEXT,"
	" severity INTEGER NOT NULL, content TEXT NOT NULL, hash BLOB NOT NULL) STRICT;"
	"CREATE INDEX journal_recorded ON journal (recorded_ns);"
	"CREATE INDEX journal_id ON journal (id) WHERE id IS NOT NULL;"
	"CREATE INDEX journal_checkpoints ON journal (seq) WHERE kind = 2;"
	"CREATE TABLE head (one INTEGER PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL,"
	" signature BLOB NOT NULL) STRICT;"
	"CREATE TABLE rollups (day TEXT NOT NULL, zone TEXT NOT NULL, host TEXT NOT NULL,"
	" operator TEXT NOT NULL, service TEXT NOT NULL, region TEXT NOT NULL,"
	" exposure TEXT NOT NULL, up INTEGER NOT NULL, down INTEGER NOT NULL,"
	" flows INTEGER NOT NULL,"
	" PRIMARY KEY (day, zone, host, operator, service, region, exposure)) WITHOUT ROWID;";

static int
read_number(sqlite3 *db, const char *sql, sqlite3_int64 *out)
{
	sqlite3_stmt *statement = NULL;
	int error = journal_database_prepare(db, sql, &statement);

	if (error == 0) {
		int done = sqlite3_step(statement);
		if (done == SQLITE_ROW)
			*out = sqlite3_column_int64(statement, 0);
		else
			error = done == SQLITE_DONE ? -EUCLEAN : journal_database_error(db);
	}
	(void)sqlite3_finalize(statement);
	return error;
}

/* Copies a blob of exactly `len` bytes. */
static bool
take_blob(sqlite3_stmt *statement, int column, uint8_t *out, size_t len)
{
	const void *bytes = sqlite3_column_blob(statement, column);

	if (bytes == NULL || sqlite3_column_bytes(statement, column) != (int)len)
		return false;
	memcpy(out, bytes, len);
	return true;
}

static bool
take_origin(sqlite3_stmt *statement, struct journal_origin *out)
{
	const char *id = (const char *)sqlite3_column_text(statement, 0);

	if (id == NULL || strlen(id) != JOURNAL_ID_LEN)
		return false;
	memcpy(out->id, id, JOURNAL_ID_LEN + 1);
	out->created_ns = (uint64_t)sqlite3_column_int64(statement, 1);
	return take_blob(statement, 2, out->public_key, sizeof(out->public_key));
}

int
journal_schema_read(sqlite3 *db, struct journal_origin *out)
{
	sqlite3_stmt *statement = NULL;
	sqlite3_int64 version = 0;
	int error = read_number(db, "PRAGMA user_version", &version);

	*out = (struct journal_origin){0};
	if (error != 0)
		return error;
	if (version != JOURNAL_SCHEMA_VERSION)
		return -EUCLEAN;
	error = journal_database_prepare(db, "SELECT id, created_ns, public_key FROM origin",
					 &statement);
	if (error == 0 && (sqlite3_step(statement) != SQLITE_ROW || !take_origin(statement, out)))
		error = -EUCLEAN;
	(void)sqlite3_finalize(statement);
	/* A database of somebody else has no such table. */
	return error == -EIO ? -EUCLEAN : error;
}

static int
fill_origin(sqlite3 *db, const struct journal_chain *chain)
{
	struct journal_origin origin = {0};
	uint8_t random[JOURNAL_ID_LEN / 2];
	struct timespec now;
	sqlite3_stmt *insert = NULL;

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random) ||
	    !journal_chain_public_key(chain, origin.public_key))
		return -EIO;
	journal_chain_hex(random, sizeof(random), origin.id);
	clock_gettime(CLOCK_REALTIME, &now);
	int error = journal_database_prepare(db, "INSERT INTO origin VALUES (?, ?, ?)", &insert);
	if (error == 0) {
		journal_database_bind_text(insert, 1, origin.id);
		(void)sqlite3_bind_int64(insert, 2,
					 (sqlite3_int64)now.tv_sec * 1000000000 + now.tv_nsec);
		(void)sqlite3_bind_blob(insert, 3, origin.public_key, sizeof(origin.public_key),
					SQLITE_STATIC);
		error = journal_database_step(db, insert);
	}
	(void)sqlite3_finalize(insert);
	return error;
}

/* From the beginning on there is a signed head: a journal without one was emptied. */
static int
sign_beginning(sqlite3 *db, struct journal_chain *chain)
{
	uint8_t hash[JOURNAL_HASH_LEN], signature[JOURNAL_SIGNATURE_LEN];
	char text[JOURNAL_CHAIN_TEXT_MAX];
	struct journal_origin origin;
	sqlite3_stmt *put = NULL;
	int error = journal_schema_read(db, &origin);

	if (error != 0)
		return error;
	if (!journal_chain_begin(chain, origin.id, hash))
		return -ENOMEM;
	journal_chain_head_text(origin.id, 0, hash, text);
	if (!journal_chain_sign(chain, text, signature))
		return -ENOMEM;
	error = journal_database_prepare(db, "INSERT INTO head VALUES (1, 0, ?, ?)", &put);
	if (error == 0) {
		(void)sqlite3_bind_blob(put, 1, hash, sizeof(hash), SQLITE_STATIC);
		(void)sqlite3_bind_blob(put, 2, signature, sizeof(signature), SQLITE_STATIC);
		error = journal_database_step(db, put);
	}
	(void)sqlite3_finalize(put);
	return error;
}

static int
create(sqlite3 *db, struct journal_chain *chain)
{
	int error = journal_database_run(db, tables);

	if (error == 0)
		error = fill_origin(db, chain);
	if (error == 0)
		error = sign_beginning(db, chain);
	if (error == 0)
		error = journal_database_run(db, "COMMIT");
	if (error != 0 && sqlite3_get_autocommit(db) == 0)
		(void)journal_database_run(db, "ROLLBACK");
	return error;
}

int
journal_schema_open(sqlite3 *db, struct journal_chain *chain, struct journal_origin *out)
{
	sqlite3_int64 objects = 0;
	int error = read_number(db, "SELECT count(*) FROM sqlite_schema", &objects);
	bool empty = error == 0 && objects == 0;

	if (empty)
		error = create(db, chain);
	if (error == 0)
		error = journal_schema_read(db, out);
	out->created = empty;
	return error;
}

int
journal_schema_read_head(sqlite3 *db, uint64_t *sequence, uint8_t hash[JOURNAL_HASH_LEN],
			 uint8_t signature[JOURNAL_SIGNATURE_LEN])
{
	sqlite3_stmt *statement = NULL;
	int found =
		journal_database_prepare(db, "SELECT seq, hash, signature FROM head", &statement);

	if (found == 0) {
		int done = sqlite3_step(statement);
		if (done == SQLITE_ROW) {
			*sequence = (uint64_t)sqlite3_column_int64(statement, 0);
			bool good = take_blob(statement, 1, hash, JOURNAL_HASH_LEN) &&
				    take_blob(statement, 2, signature, JOURNAL_SIGNATURE_LEN);
			/* A second one could only hide what is behind it. */
			found = good && sqlite3_step(statement) == SQLITE_DONE ? 1 : -EUCLEAN;
		} else if (done != SQLITE_DONE) {
			found = journal_database_error(db);
		}
	}
	(void)sqlite3_finalize(statement);
	return found;
}

int
journal_schema_find_behind(sqlite3 *db, uint64_t sequence, uint64_t *behind)
{
	sqlite3_stmt *statement = NULL;
	int error = journal_database_prepare(
		db, "SELECT seq FROM journal WHERE seq > ? ORDER BY seq LIMIT 1", &statement);

	*behind = 0;
	if (error == 0) {
		(void)sqlite3_bind_int64(statement, 1, (sqlite3_int64)sequence);
		int done = sqlite3_step(statement);
		if (done == SQLITE_ROW)
			*behind = (uint64_t)sqlite3_column_int64(statement, 0);
		else if (done != SQLITE_DONE)
			error = journal_database_error(db);
	}
	(void)sqlite3_finalize(statement);
	return error;
}

/* The last row; 0: there is none. */
static int
read_last(sqlite3 *db, uint64_t *sequence, uint8_t hash[JOURNAL_HASH_LEN])
{
	sqlite3_stmt *statement = NULL;
	int found = journal_database_prepare(
		db, "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1", &statement);

	if (found == 0) {
		int done = sqlite3_step(statement);
		if (done == SQLITE_ROW) {
			*sequence = (uint64_t)sqlite3_column_int64(statement, 0);
			found = take_blob(statement, 1, hash, JOURNAL_HASH_LEN) ? 1 : -EUCLEAN;
		} else if (done != SQLITE_DONE) {
			found = journal_database_error(db);
		}
	}
	(void)sqlite3_finalize(statement);
	return found;
}

int
journal_schema_find_head(sqlite3 *db, struct journal_chain *chain,
			 const struct journal_origin *origin, uint64_t *sequence,
			 uint8_t hash[JOURNAL_HASH_LEN])
{
	uint8_t signed_hash[JOURNAL_HASH_LEN], signature[JOURNAL_SIGNATURE_LEN];
	uint64_t signed_sequence = 0;
	int last = read_last(db, sequence, hash);
	int head = journal_schema_read_head(db, &signed_sequence, signed_hash, signature);

	if (last < 0 || head < 0)
		return last < 0 ? last : head;
	if (head == 0)
		return -EUCLEAN;
	if (last == 0) {
		*sequence = 0;
		if (!journal_chain_begin(chain, origin->id, hash))
			return -ENOMEM;
	}
	return *sequence == signed_sequence && memcmp(hash, signed_hash, JOURNAL_HASH_LEN) == 0
		       ? 0
		       : -EUCLEAN;
}
