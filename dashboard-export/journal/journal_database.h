/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share of SQLite: opening, statements, errors. One connection, one
 * thread.
 */
#pragma once

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

/** -errno of SQLite's last error on `db`: -ENOSPC, -EROFS, -EIO, -EBUSY, -EUCLEAN (damaged), ... */
int journal_database_error(sqlite3 *db);

/** Runs statements without rows. Returns 0 or -errno. */
int journal_database_run(sqlite3 *db, const char *sql);

/** Prepares one statement that is used many times. Returns 0 or -errno; finalize it. */
int journal_database_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **statement);

/** Steps a statement without rows and readies it for the next use. Returns 0 or -errno. */
int journal_database_step(sqlite3 *db, sqlite3_stmt *statement);

/** Binds a text, NULL for none; borrowed until the statement is reset. */
void journal_database_bind_text(sqlite3_stmt *statement, int number, const char *text);

/**
 * Opens `path` to read and write (made where it is missing) with the settings of the journal: WAL,
 * every commit synchronous, waiting up to five seconds for another's lock. Returns 0 or -errno;
 * `*db` is to be closed with sqlite3_close in either case.
 */
int journal_database_open(const char *path, sqlite3 **db);

/** Opens `path` for reading; also where the folder cannot be written. As journal_database_open. */
int journal_database_open_read(const char *path, sqlite3 **db);
