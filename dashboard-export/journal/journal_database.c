/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/journal/journal_database.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BUSY_MS 5000

int
journal_database_error(sqlite3 *db)
{
	switch (sqlite3_errcode(db) & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return -EACCES;
	case SQLITE_CANTOPEN:
		return -ENOENT;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
	case SQLITE_TOOBIG:
	case SQLITE_ERROR:      /* tables are not ours */
	case SQLITE_CONSTRAINT: /* nor rows */
	case SQLITE_MISMATCH:
		return -EUCLEAN;
	default:
		return -EIO;
	}
}

int
journal_database_run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
								    : journal_database_error(db);
}

int
journal_database_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **statement)
{
	int done = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);

	return done == SQLITE_OK ? 0 : journal_database_error(db);
}

int
journal_database_step(sqlite3 *db, sqlite3_stmt *statement)
{
	int done = sqlite3_step(statement);
	int error = done == SQLITE_DONE || done == SQLITE_ROW ? 0 : journal_database_error(db);

	(void)sqlite3_reset(statement);
	return error;
}

void
journal_database_bind_text(sqlite3_stmt *statement, int number, const char *text)
{
	if (text != NULL)
		(void)sqlite3_bind_text(statement, number, text, -1, SQLITE_STATIC);
	else
		(void)sqlite3_bind_null(statement, number);
}

/* SQLite makes files by the process's umask; alerts are for the owner and the group alone. The log
 * and its index take their mode from the database. */
static int
create_private(const char *path)
{
	struct stat status;

	if (stat(path, &status) == 0)
		return 0;
	mode_t before = umask(0027);
	FILE *made = fopen(path, "ae");
	int error = made != NULL ? 0 : -errno;
	(void)umask(before);
	if (made == NULL)
		return error;
	(void)fclose(made);
	return chmod(path, S_IRUSR | S_IWUSR | S_IRGRP) == 0 ? 0 : -errno;
}

/* Rows of ours are smaller; more than that is read of none. */
#define VALUE_MAX (1 << 20)

/* The file may come from anybody: nothing in its schema is run, and nothing in it is large. */
static void
distrust(sqlite3 *db)
{
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	(void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, VALUE_MAX);
}

int
journal_database_open(const char *path, sqlite3 **db)
{
	int error = create_private(path);

	*db = NULL;
	if (error != 0)
		return error;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(path, db, flags, NULL) != SQLITE_OK)
		return *db != NULL ? journal_database_error(*db) : -ENOMEM;
	distrust(*db);
	(void)sqlite3_busy_timeout(*db, BUSY_MS);
	return journal_database_run(*db, "PRAGMA journal_mode = WAL;"
					 "PRAGMA synchronous = FULL;"
					 "PRAGMA wal_autocheckpoint = 4000;"
					 "PRAGMA journal_size_limit = 67108864;");
}

/* Whether the database can be read through this connection. */
static int
try_read(sqlite3 *db)
{
	distrust(db);
	(void)sqlite3_busy_timeout(db, BUSY_MS);
	return journal_database_run(db, "SELECT count(*) FROM sqlite_schema");
}

/* '?', '#' and '%' have a meaning in a URI. */
static bool
format_uri(const char *path, char *out, size_t size)
{
	size_t len = (size_t)snprintf(out, size, "file:");

	for (; *path != '\0'; path++) {
		bool special = *path == '?' || *path == '#' || *path == '%';
		int added = snprintf(out + len, size - len, special ? "%%%02X" : "%c",
				     (unsigned char)*path);
		len += (size_t)added;
		if (len >= size)
			return false;
	}
	return (size_t)snprintf(out + len, size - len, "?immutable=1") < size - len;
}

int
journal_database_open_read(const char *path, sqlite3 **db)
{
	struct stat status;
	char uri[8192];

	*db = NULL;
	if (stat(path, &status) != 0)
		return -errno;
	int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(path, db, flags, NULL) == SQLITE_OK && try_read(*db) == 0)
		return 0;
	int error = *db != NULL ? journal_database_error(*db) : -ENOMEM;
	/* A copy on a medium that cannot be written has no room for the index of the log; such a
	   file does not change either. */
	if ((error != -ENOENT && error != -EROFS) || !format_uri(path, uri, sizeof(uri)))
		return error;
	(void)sqlite3_close(*db);
	if (sqlite3_open_v2(uri, db, flags | SQLITE_OPEN_URI, NULL) == SQLITE_OK &&
	    try_read(*db) == 0)
		return 0;
	return *db != NULL ? journal_database_error(*db) : -ENOMEM;
}
