/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/site_key.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHY_MAX 200

/* Two digits a byte and the end of the line. */
#define FILE_LEN (2 * SITE_KEY_LEN + 1)

/* As many characters of a path as a message has room for, the last ones. */
#define SHOWN_PATH 80

static int refuse(char why[WHY_MAX], const char *format, ...) __attribute__((format(printf, 2, 3)));

static int
refuse(char why[WHY_MAX], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(why, WHY_MAX, format, args);
	va_end(args);
	return -1;
}

static const char *
shown(const char *path)
{
	size_t len = strlen(path);

	return len > SHOWN_PATH ? path + len - SHOWN_PATH : path;
}

void
site_key_public(struct site_key *out)
{
	static const char text[] = "vigie replay: this key is public";

	static_assert(sizeof(text) - 1 == SITE_KEY_LEN, "the text is the key");
	memcpy(out->bytes, text, SITE_KEY_LEN);
}

void
site_key_fini(struct site_key *key)
{
	explicit_bzero(key, sizeof(*key));
}

static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Exactly what write_key writes. */
static bool
parse_key(const char text[FILE_LEN], struct site_key *out)
{
	for (size_t i = 0; i < SITE_KEY_LEN; i++) {
		int high = digit_value(text[2 * i]);
		int low = digit_value(text[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		out->bytes[i] = (uint8_t)(high << 4 | low);
	}
	return text[FILE_LEN - 1] == '\n';
}

static void
format_key(const struct site_key *key, char text[FILE_LEN])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < SITE_KEY_LEN; i++) {
		text[2 * i] = digits[key->bytes[i] >> 4];
		text[2 * i + 1] = digits[key->bytes[i] & 0xf];
	}
	text[FILE_LEN - 1] = '\n';
}

/* Up to `size` bytes; -1 with errno. */
static ssize_t
read_all(int fd, char *bytes, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t got = read(fd, bytes + used, size - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		used += (size_t)got;
	}
	return (ssize_t)used;
}

/* Whoever may write the file chooses the key; whoever may read it undoes every pseudonym. */
static int
check_file(int fd, char why[WHY_MAX])
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return refuse(why, "%s", strerror(errno));
	if (!S_ISREG(status.st_mode))
		return refuse(why, "is no regular file, expected the key file");
	if ((status.st_mode & 077) != 0)
		return refuse(why, "others may open it (mode %04o): `chmod 600` it",
			      (unsigned)status.st_mode & 07777);
	if (status.st_uid != geteuid() && status.st_uid != 0)
		return refuse(why, "belongs to another user (%u): `chown` it",
			      (unsigned)status.st_uid);
	return 0;
}

/* The bytes of an open file. */
static int
read_key(int fd, struct site_key *out, char why[WHY_MAX])
{
	char text[FILE_LEN + 1]; /* one more, to see that nothing follows */

	if (check_file(fd, why) != 0)
		return -1;
	ssize_t len = read_all(fd, text, sizeof(text));
	int read_error = errno;
	bool good = len == FILE_LEN && parse_key(text, out);
	explicit_bzero(text, sizeof(text));
	if (good)
		return 0;
	site_key_fini(out);
	if (len < 0)
		return refuse(why, "%s", strerror(read_error));
	return refuse(why,
		      "is no key (64 hexadecimal digits): restore it; a new one changes all ids");
}

static int
draw_key(struct site_key *out)
{
	ssize_t got;

	do {
		got = getrandom(out->bytes, sizeof(out->bytes), 0);
	} while (got < 0 && errno == EINTR);
	return got == (ssize_t)sizeof(out->bytes) ? 0 : -1;
}

/* Makes the folder and those above it that are missing. */
static int
make_folders(char *folder)
{
	for (char *at = strchr(folder + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
		*at = '\0';
		int result = mkdir(folder, 0700);
		*at = '/';
		if (result != 0 && errno != EEXIST)
			return -1;
	}
	return mkdir(folder, 0700) != 0 && errno != EEXIST ? -1 : 0;
}

/* The folder of the path, "." where it names none. */
static void
folder_of(const char *path, char folder[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		strcpy(folder, ".");
	else
		(void)snprintf(folder, PATH_MAX, "%.*s", slash == path ? 1 : (int)(slash - path),
			       path);
}

/* Writes and makes durable; the file is there only for us until it is whole. */
static int
write_key(const char *path, const struct site_key *key)
{
	char text[FILE_LEN];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -1;
	format_key(key, text);
	errno = EIO; /* where it takes only a part */
	bool written = write(fd, text, sizeof(text)) == (ssize_t)sizeof(text) && fsync(fd) == 0;
	int error = errno;
	explicit_bzero(text, sizeof(text));
	if (close(fd) == 0 && written)
		return 0;
	(void)unlink(path);
	errno = written ? errno : error;
	return -1;
}

/* So that the name outlives a power cut as well. */
static int
sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	int result = fsync(fd);
	(void)close(fd);
	return result;
}

/* A key that another start has put there meanwhile is not replaced: it may be in use. */
static int
publish(const char *temporary, const char *path, const char *folder)
{
	if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) != 0) {
		int error = errno;
		(void)unlink(temporary);
		errno = error;
		return error == EEXIST ? 0 : -1;
	}
	return sync_folder(folder);
}

/* Puts a new key file at `path`, unless one is there by then. */
static int
make_file(const char *path, char why[WHY_MAX])
{
	char folder[PATH_MAX], temporary[PATH_MAX];
	struct site_key key;

	folder_of(path, folder);
	int len = snprintf(temporary, sizeof(temporary), "%s.partial.%ld", path, (long)getpid());
	if (len < 0 || (size_t)len >= sizeof(temporary))
		return refuse(why, "%s", strerror(ENAMETOOLONG));
	if (make_folders(folder) != 0)
		return refuse(why, "its folder %s cannot be made: %s", shown(folder),
			      strerror(errno));
	(void)unlink(temporary); /* of a dead process that had our number */
	bool made = draw_key(&key) == 0 && write_key(temporary, &key) == 0 &&
		    publish(temporary, path, folder) == 0;
	int error = errno;
	site_key_fini(&key);
	return made ? 0 : refuse(why, "cannot be made: %s", strerror(error));
}

/* Whether make_file would find a place: the folder, or the nearest one above it that is there. */
static int
check_place(const char *path, char why[WHY_MAX])
{
	char folder[PATH_MAX], above[PATH_MAX];
	struct stat status;

	if (strlen(path) >= PATH_MAX)
		return refuse(why, "%s", strerror(ENAMETOOLONG));
	folder_of(path, folder);
	while (stat(folder, &status) != 0 && errno == ENOENT && strcmp(folder, "/") != 0 &&
	       strcmp(folder, ".") != 0) {
		folder_of(folder, above);
		strcpy(folder, above);
	}
	if (stat(folder, &status) == 0 && !S_ISDIR(status.st_mode))
		errno = ENOTDIR;
	else if (eaccess(folder, W_OK | X_OK) == 0)
		return 0;
	return refuse(why, "cannot be made in %s: %s", shown(folder), strerror(errno));
}

int
site_key_check(const char *path, char why[WHY_MAX])
{
	struct site_key key;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return errno == ENOENT ? check_place(path, why)
				       : refuse(why, "%s", strerror(errno));
	int result = read_key(fd, &key, why);
	site_key_fini(&key);
	(void)close(fd);
	return result;
}

int
site_key_load(const char *path, struct site_key *out, char why[WHY_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 && errno == ENOENT) {
		if (make_file(path, why) != 0)
			return -1;
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	}
	if (fd < 0)
		return refuse(why, "%s", strerror(errno));
	int result = read_key(fd, out, why);
	(void)close(fd);
	return result;
}
