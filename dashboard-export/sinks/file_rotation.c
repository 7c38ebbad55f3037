/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/file_rotation.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* "20261201T081502Z" */
#define TIME_LEN 16

/* In one second; a receiver of files is never that fast. */
#define SAME_SECOND_MAX 9999

/* Files put aside that are looked at; more would mean that somebody else makes them. */
#define ASIDE_MAX 65536

/* What stands behind "PATH." of a file that was put aside. */
struct aside {
	char time[TIME_LEN + 1];
	unsigned number; /* within the second */
};

struct aside_list {
	struct aside *files;
	size_t count, room;
};

/* Reads "TIME" or "TIME-NUMBER" and nothing else: other files in the folder are not ours. */
static bool
parse_aside(const char *text, struct aside *aside)
{
	static const char shape[] = "ddddddddTddddddZ";

	for (size_t i = 0; i < TIME_LEN; i++) {
		if (shape[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != shape[i])
			return false;
	}
	memcpy(aside->time, text, TIME_LEN);
	aside->time[TIME_LEN] = '\0';
	aside->number = 0;
	text += TIME_LEN;
	if (*text == '\0')
		return true;
	size_t digits = strspn(text + 1, "0123456789");
	if (*text != '-' || digits == 0 || digits > 4 || text[1 + digits] != '\0' || text[1] == '0')
		return false;
	aside->number = (unsigned)strtoul(text + 1, NULL, 10);
	return true;
}

static int
name_aside(const char *path, const struct aside *aside, char out[PATH_MAX])
{
	int len = aside->number == 0
			  ? snprintf(out, PATH_MAX, "%s.%s", path, aside->time)
			  : snprintf(out, PATH_MAX, "%s.%s-%u", path, aside->time, aside->number);

	return len > 0 && len < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static int
newest_first(const void *a, const void *b)
{
	const struct aside *x = a, *y = b;
	int order = strcmp(y->time, x->time);

	return order != 0 ? order : (y->number > x->number) - (y->number < x->number);
}

static bool
add_aside(struct aside_list *list, const struct aside *aside)
{
	if (list->count == list->room) {
		size_t room = list->room == 0 ? 64 : list->room * 2;
		struct aside *files =
			room <= ASIDE_MAX ? realloc(list->files, room * sizeof(*files)) : NULL;
		if (files == NULL)
			return false;
		list->files = files;
		list->room = room;
	}
	list->files[list->count++] = *aside;
	return true;
}

/* The folder of `path`, and its name there. */
static const char *
split_path(const char *path, char folder[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL) {
		strcpy(folder, ".");
		return path;
	}
	size_t len = slash == path ? 1 : (size_t)(slash - path);
	snprintf(folder, PATH_MAX, "%.*s", (int)(len < PATH_MAX ? len : PATH_MAX - 1), path);
	return slash + 1;
}

static void
list_aside(const char *path, struct aside_list *list)
{
	char folder[PATH_MAX];
	const char *name = split_path(path, folder);
	size_t len = strlen(name);
	DIR *dir = opendir(folder);

	if (dir == NULL)
		return;
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		struct aside aside;
		if (strncmp(entry->d_name, name, len) == 0 && entry->d_name[len] == '.' &&
		    parse_aside(entry->d_name + len + 1, &aside) && !add_aside(list, &aside))
			break;
	}
	closedir(dir);
}

static void
remove_oldest(const char *path, uint32_t keep)
{
	struct aside_list list = {0};
	char name[PATH_MAX];

	list_aside(path, &list);
	if (list.count > 0)
		qsort(list.files, list.count, sizeof(*list.files), newest_first);
	for (size_t i = keep; i < list.count; i++) {
		if (name_aside(path, &list.files[i], name) == 0)
			(void)unlink(name);
	}
	free(list.files);
}

int
file_rotation_put_aside(const char *path, int64_t time_s, uint32_t keep)
{
	time_t seconds = (time_t)time_s;
	char name[PATH_MAX];
	struct aside aside = {0};
	struct stat existing;
	struct tm day;

	if (gmtime_r(&seconds, &day) == NULL ||
	    strftime(aside.time, sizeof(aside.time), "%Y%m%dT%H%M%SZ", &day) != TIME_LEN)
		return -EINVAL;
	for (;; aside.number++) {
		int error = name_aside(path, &aside, name);
		if (error != 0)
			return error;
		if (lstat(name, &existing) != 0)
			break;
		if (aside.number == SAME_SECOND_MAX)
			return -EEXIST;
	}
	if (errno != ENOENT || rename(path, name) != 0)
		return -errno;
	remove_oldest(path, keep);
	return 0;
}

int
file_rotation_sync_folder(const char *path)
{
	char folder[PATH_MAX];

	(void)split_path(path, folder);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* A file system that cannot do this needs nothing done. */
	int error = fsync(fd) == 0 || errno == EINVAL ? 0 : -errno;
	(void)close(fd);
	return error;
}
