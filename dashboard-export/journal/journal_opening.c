/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/journal/journal_opening.h"

#include "base/printable_text.h"
#include "dashboard-export/journal/journal_database.h"
#include "dashboard-export/journal/journal_verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct journal_lock {
	int fd;
};

struct journal_lock *
journal_lock_take(const char *path, char why[256])
{
	struct journal_lock *lock = malloc(sizeof(*lock));
	char *name = NULL;
	int error = 0;

	if (lock == NULL || asprintf(&name, "%s.lock", path) < 0) {
		free(lock);
		(void)snprintf(why, 256, "out of memory");
		errno = ENOMEM;
		return NULL;
	}
	lock->fd =
		open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR | S_IRGRP);
	if (lock->fd < 0)
		error = errno;
	else if (flock(lock->fd, LOCK_EX | LOCK_NB) != 0)
		error = errno == EWOULDBLOCK ? EBUSY : errno;
	free(name);
	if (error == 0)
		return lock;
	(void)snprintf(why, 256, "%s",
		       error == EBUSY ? "another vigie writes to it" : strerror(error));
	if (lock->fd >= 0)
		(void)close(lock->fd);
	free(lock);
	errno = error;
	return NULL;
}

void
journal_lock_release(struct journal_lock *lock)
{
	if (lock == NULL)
		return;
	(void)close(lock->fd);
	free(lock);
}

/* Damage of the file itself, which the chain does not see: indexes, free pages. */
static int
check_pages(const char *path, struct journal_opening *opening)
{
	sqlite3_stmt *check = NULL;
	sqlite3 *db;
	int error = journal_database_open_read(path, &db);

	if (error == 0)
		error = journal_database_prepare(db, "PRAGMA quick_check(1)", &check);
	if (error == 0) {
		int done = sqlite3_step(check);
		const char *found =
			done == SQLITE_ROW ? (const char *)sqlite3_column_text(check, 0) : NULL;
		error = done == SQLITE_ROW ? 0 : journal_database_error(db);
		if (found != NULL && strcmp(found, "ok") != 0) {
			opening->damaged = true;
			(void)printable_text_copy(found, opening->what, sizeof(opening->what));
		}
	}
	if (error == -EUCLEAN) {
		opening->damaged = true;
		(void)snprintf(opening->what, sizeof(opening->what), "%s", sqlite3_errmsg(db));
		error = 0;
	}
	(void)sqlite3_finalize(check);
	(void)sqlite3_close(db);
	return error;
}

/* Where somebody else knows of rows that are not there, the log was removed, or an old copy was put
 * back: their numbers must not be given to other alerts. */
static void
check_known(const struct journal_config *config, const struct journal_verification *v,
	    struct journal_opening *opening)
{
	if (config->known_id == NULL || config->known_sequence == 0)
		return;
	if (strcmp(config->known_id, v->id) != 0) {
		opening->damaged = true;
		(void)snprintf(opening->what, sizeof(opening->what),
			       "it is another journal than the one that was written to before");
		return;
	}
	if (config->known_sequence <= v->last)
		return;
	opening->damaged = true;
	(void)snprintf(opening->what, sizeof(opening->what),
		       "it ends at row %" PRIu64 ", but row %" PRIu64
		       " was written before: its log (-wal) was removed, or an old copy put back",
		       v->last, config->known_sequence);
}

/* Whether there is a log beside it: what was in it is lost without the file that it belongs to. */
static bool
has_log(const char *path)
{
	char *log = NULL;
	struct stat status;

	if (asprintf(&log, "%s-wal", path) < 0)
		return false;
	bool has = stat(log, &status) == 0 && status.st_size > 0;
	free(log);
	return has;
}

/* Whether a database has nothing in it yet: made, and the power gone before its tables were. */
static bool
is_empty(const char *path)
{
	sqlite3_stmt *count = NULL;
	sqlite3 *db;
	bool empty =
		journal_database_open_read(path, &db) == 0 &&
		journal_database_prepare(db, "SELECT count(*) FROM sqlite_schema", &count) == 0 &&
		sqlite3_step(count) == SQLITE_ROW && sqlite3_column_int64(count, 0) == 0;

	(void)sqlite3_finalize(count);
	(void)sqlite3_close(db);
	return empty;
}

/* Nothing there is a beginning, unless it is known that there was something. */
static void
check_nothing(const struct journal_config *config, struct journal_opening *opening)
{
	bool log = has_log(config->path);

	if (config->known_sequence == 0 && !log)
		return;
	opening->damaged = true;
	if (log)
		(void)snprintf(opening->what, sizeof(opening->what),
			       "it is gone, and its log (-wal) is still there");
	else
		(void)snprintf(opening->what, sizeof(opening->what),
			       "it is gone, though it had %" PRIu64 " rows",
			       config->known_sequence);
}

/* Whether what is there can be gone on with. Returns 0 or -errno. */
static int
check(const struct journal_config *config, struct journal_opening *opening)
{
	const struct journal_verify_query query = {.path = config->path, .key = config->key};
	struct journal_verification v;
	struct stat status;

	if (stat(config->path, &status) != 0 && errno != ENOENT)
		return -errno;
	if (stat(config->path, &status) != 0 || status.st_size == 0) {
		check_nothing(config, opening);
		return 0;
	}
	int error = check_pages(config->path, opening);
	if (error != 0 || opening->damaged)
		return error;
	if (is_empty(config->path)) {
		check_nothing(config, opening);
		return 0;
	}
	error = journal_verify(&query, &v);
	if ((error == 0 || error == -EUCLEAN) && !v.good) {
		opening->damaged = true;
		(void)printable_text_copy(v.fault, opening->what, sizeof(opening->what));
		return 0;
	}
	if (error == 0)
		check_known(config, &v, opening);
	return error;
}

/* Moves `PATH SUFFIX` to `KEPT SUFFIX`, where it is there. */
static int
move(const char *path, const char *kept, const char *suffix)
{
	char *from = NULL, *to = NULL;
	int error = -ENOMEM;

	if (asprintf(&from, "%s%s", path, suffix) >= 0) {
		if (asprintf(&to, "%s%s", kept, suffix) >= 0)
			error = rename(from, to) == 0 || errno == ENOENT ? 0 : -errno;
		else
			to = NULL;
	}
	free(to);
	free(from);
	return error;
}

/* Beside it, under a name with the time, so that nothing is ever overwritten. */
static int
set_aside(const char *path, char kept[4096])
{
	time_t now = time(NULL);
	struct tm utc;
	char when[32];
	struct stat status;

	(void)gmtime_r(&now, &utc);
	(void)strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &utc);
	for (unsigned n = 0; n < 100; n++) {
		int len = n == 0 ? snprintf(kept, 4096, "%s.damaged-%s", path, when)
				 : snprintf(kept, 4096, "%s.damaged-%s-%u", path, when, n);
		if (len >= 4096)
			return -ENAMETOOLONG;
		if (stat(kept, &status) == 0)
			continue;
		bool there = stat(path, &status) == 0 || has_log(path);
		int error = move(path, kept, "");
		if (error == 0)
			error = move(path, kept, "-wal");
		if (error == 0)
			error = move(path, kept, "-shm");
		if (!there)
			kept[0] = '\0';
		return error;
	}
	return -EEXIST;
}

struct journal_writer *
journal_opening_replace(const char *path, struct journal_chain *chain,
			struct journal_opening *opening, char why[256])
{
	opening->damaged = true;
	int error = set_aside(path, opening->kept);
	if (error != 0) {
		(void)snprintf(why, 256, "damaged (%.120s), and it cannot be moved: %s",
			       opening->what, strerror(-error));
		errno = -error;
		return NULL;
	}
	return journal_writer_open(path, chain, why);
}

/* Puts what is there aside and opens a new one, where that is wanted. */
static struct journal_writer *
begin_anew(const struct journal_config *config, struct journal_chain *chain,
	   struct journal_opening *opening, char why[256])
{
	if (!config->refuse_damaged)
		return journal_opening_replace(config->path, chain, opening, why);
	(void)snprintf(why, 256, "it is no journal, or damaged: %.200s", opening->what);
	errno = EUCLEAN;
	return NULL;
}

struct journal_writer *
journal_opening_run(const struct journal_config *config, struct journal_chain *chain,
		    struct journal_opening *opening, char why[256])
{
	int error = check(config, opening);

	if (error != 0) {
		(void)snprintf(why, 256, "%s", strerror(-error));
		errno = -error;
		return NULL;
	}
	struct journal_writer *writer =
		opening->damaged ? NULL : journal_writer_open(config->path, chain, why);
	/* What the check did not see may be seen by who wants to write. */
	if (!opening->damaged && writer == NULL && errno == EUCLEAN) {
		opening->damaged = true;
		(void)snprintf(opening->what, sizeof(opening->what), "%.250s", why);
	}
	if (opening->damaged)
		writer = begin_anew(config, chain, opening, why);
	if (writer == NULL)
		return NULL;
	opening->created = journal_writer_created(writer);
	opening->head = journal_writer_head(writer);
	(void)snprintf(opening->id, sizeof(opening->id), "%s", journal_writer_id(writer));
	return writer;
}
