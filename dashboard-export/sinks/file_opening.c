/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/file_opening.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One behind the other. */
#define LINKS_MAX 8

/* Reading is for its last byte alone; who may only write does without. */
static int
open_descriptor(const char *path)
{
	const int flags = O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW;
	const mode_t mode = S_IRUSR | S_IWUSR | S_IRGRP;
	int fd = open(path, O_RDWR | flags, mode);

	if (fd < 0 && errno == EACCES)
		fd = open(path, O_WRONLY | flags, mode);
	return fd < 0 ? -errno : fd;
}

/* What is in the link that `fd` is, with a NUL. -EXDEV: whoever made it is neither root nor us, and
 * could have lines written to any file of ours. */
static int
read_link(int fd, char target[PATH_MAX])
{
	struct stat link;

	if (fstat(fd, &link) != 0)
		return -errno;
	if (!S_ISLNK(link.st_mode))
		return -EAGAIN; /* it was one a moment ago */
	if (link.st_uid != 0 && link.st_uid != geteuid())
		return -EXDEV;
	ssize_t len = readlinkat(fd, "", target, PATH_MAX - 1);
	if (len < 0)
		return -errno;
	target[len] = '\0';
	return 0;
}

/* `path` becomes where it leads, one step. */
static int
follow_link(char path[PATH_MAX])
{
	char target[PATH_MAX], whole[PATH_MAX];
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	int error = read_link(fd, target);
	(void)close(fd);
	if (error != 0)
		return error;
	const char *slash = strrchr(path, '/');
	int folder_len = target[0] != '/' && slash != NULL ? (int)(slash - path + 1) : 0;
	int len = snprintf(whole, sizeof(whole), "%.*s%s", folder_len, path, target);
	if (len < 0 || len >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(path, whole, (size_t)len + 1);
	return 0;
}

int
file_opening_append(char path[PATH_MAX])
{
	int fd = -ELOOP;

	for (unsigned links = 0; links <= LINKS_MAX && fd == -ELOOP; links++) {
		fd = open_descriptor(path);
		int error = fd == -ELOOP ? follow_link(path) : 0;
		if (error != 0 && error != -EAGAIN)
			return error;
	}
	return fd;
}
