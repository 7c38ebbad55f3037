/* SPDX-License-Identifier: Apache-2.0 */
#include "app/output_guard.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config_tree.h"
#include "dashboard-export/line_writer.h"
#include "dataplane/rx_capture.h"

/* A file, or the name that one will have in a folder. */
struct place {
	bool known;   /* the file or the folder is there */
	bool exists;  /* the file is */
	bool is_null; /* what goes there is gone */
	dev_t device; /* of the file, else of the folder */
	ino_t inode;
	const char *name; /* in the folder */
};

static void
set_file(struct place *place, const struct stat *status)
{
	place->known = true;
	place->device = status->st_dev;
	place->inode = status->st_ino;
}

static bool
is_null(const struct stat *status)
{
	struct stat null;

	return S_ISCHR(status->st_mode) && stat("/dev/null", &null) == 0 && S_ISCHR(null.st_mode) &&
	       status->st_rdev == null.st_rdev;
}

static struct place
find_place(const char *path)
{
	struct place place = {.name = path};
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX] = ".";
	struct stat status;

	if (line_writer_is_stdout(path) ? fstat(STDOUT_FILENO, &status) == 0
					: stat(path, &status) == 0) {
		place.exists = true;
		place.is_null = is_null(&status);
		set_file(&place, &status);
		return place;
	}
	if (slash != NULL) {
		place.name = slash + 1;
		(void)snprintf(folder, sizeof(folder), "%.*s", (int)(slash + 1 - path), path);
	}
	if (stat(folder, &status) == 0)
		set_file(&place, &status);
	return place;
}

bool
output_guard_is_same_place(const char *a, const char *b)
{
	if (line_writer_is_stdout(a) && line_writer_is_stdout(b))
		return true;
	const struct place left = find_place(a), right = find_place(b);

	if (!left.known || !right.known)
		return strcmp(a, b) == 0;
	if (left.is_null || left.exists != right.exists || left.device != right.device ||
	    left.inode != right.inode)
		return false;
	return left.exists || strcmp(left.name, right.name) == 0;
}

/* `what`: a file, or a folder with the file in it. NULL: nothing. */
static bool
holds(const char *what, const char *path)
{
	char entry_path[PATH_MAX];
	bool found = false;

	if (what == NULL)
		return false;
	DIR *folder = opendir(what);
	if (folder == NULL)
		return output_guard_is_same_place(what, path);
	for (struct dirent *entry; !found && (entry = readdir(folder)) != NULL;) {
		if (entry->d_name[0] == '.')
			continue;
		int len = snprintf(entry_path, sizeof(entry_path), "%s/%s", what, entry->d_name);
		found = len < (int)sizeof(entry_path) &&
			output_guard_is_same_place(entry_path, path);
	}
	closedir(folder);
	return found;
}

static bool
is_settings_file(const struct settings *settings, const char *path)
{
	const char *file;

	if (settings->tree == NULL)
		return false;
	for (size_t i = 0; (file = config_tree_file(settings->tree, i)) != NULL; i++) {
		if (output_guard_is_same_place(file, path))
			return true;
	}
	return false;
}

static bool
is_capture(const char *path)
{
	struct capture_file *file;
	struct stat status;

	if (line_writer_is_stdout(path) || stat(path, &status) != 0 || !S_ISREG(status.st_mode) ||
	    capture_file_open(path, 1, &file) != CAPTURE_OPEN_OK)
		return false;
	capture_file_close(file);
	return true;
}

/* The journal is a database of several files, beside which stands how far sinks have come. */
static bool
is_of_journal(const char *journal, const char *path)
{
	static const char *const endings[] = {"", "-wal", "-shm", ".lock", ".cursors"};
	char file[PATH_MAX];

	for (size_t i = 0; journal != NULL && i < sizeof(endings) / sizeof(*endings); i++) {
		int len = snprintf(file, sizeof(file), "%s%s", journal, endings[i]);
		if (len < (int)sizeof(file) && output_guard_is_same_place(file, path))
			return true;
	}
	return false;
}

const char *
output_guard_find_loss(const struct settings *settings, const char *path)
{
	const struct {
		const char *file;
		const char *what;
	} needed[] = {
		{settings->key_file, "the site's key"},
		{settings->catalogue, "a file of the catalogue"},
		{settings->rules, "a file of the rules"},
		{settings->origin_table, "the table of origins"},
		{settings->asn_mmdb, "the database of AS numbers"},
		{settings->country_mmdb, "the database of countries"},
	};

	if (is_settings_file(settings, path))
		return "a settings file";
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		if (holds(needed[i].file, path))
			return needed[i].what;
	}
	if (is_of_journal(settings->journal_path, path))
		return "the journal";
	return is_capture(path) ? "a capture" : NULL;
}
