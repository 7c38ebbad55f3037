/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/sink_secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHY_MAX 200

static int
refuse(char why[WHY_MAX], const char *what, int error)
{
	(void)snprintf(why, WHY_MAX, "%s", what);
	return -error;
}

/* Whoever may read the file is the sensor to the receiver. */
static int
check_file(int fd, char why[WHY_MAX])
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return refuse(why, strerror(errno), errno);
	if (!S_ISREG(status.st_mode))
		return refuse(why, "is no regular file, expected a secret on one line", EINVAL);
	if ((status.st_mode & 077) != 0) {
		(void)snprintf(why, WHY_MAX, "others may open it (mode %04o): `chmod 600` it",
			       (unsigned)status.st_mode & 07777);
		return -EPERM;
	}
	if (status.st_uid != geteuid() && status.st_uid != 0) {
		(void)snprintf(why, WHY_MAX, "belongs to another user (%u): `chown` it",
			       (unsigned)status.st_uid);
		return -EPERM;
	}
	return 0;
}

/* Up to `size` bytes; negative with errno. */
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

/* Control characters would end a header line, or a command of Redis. */
static int
take(const char *text, size_t len, struct arena *arena, char **out, char why[WHY_MAX])
{
	if (len == 0)
		return refuse(why, "is empty", EINVAL);
	if (len > SINK_SECRET_MAX)
		return refuse(why, "is longer than 4 KiB", EINVAL);
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return refuse(why,
				      "holds a control character or a second line, expected a "
				      "secret on one line",
				      EINVAL);
	}
	*out = arena_copy_text(arena, text, len);
	return *out != NULL ? 0 : refuse(why, strerror(ENOMEM), ENOMEM);
}

static int
read_secret(int fd, struct arena *arena, char **out, char why[WHY_MAX])
{
	char text[SINK_SECRET_MAX + 3]; /* the line's end, and one more to see that nothing follows
					 */
	int error = check_file(fd, why);

	if (error != 0)
		return error;
	ssize_t len = read_all(fd, text, sizeof(text));
	if (len < 0) {
		error = refuse(why, strerror(errno), errno);
	} else {
		if (len > 0 && text[len - 1] == '\n')
			len--;
		if (len > 0 && text[len - 1] == '\r')
			len--;
		error = take(text, (size_t)len, arena, out, why);
	}
	explicit_bzero(text, sizeof(text));
	return error;
}

int
sink_secret_read_file(const char *path, struct arena *arena, char **out, char why[WHY_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return refuse(why, strerror(errno), errno);
	int error = read_secret(fd, arena, out, why);
	(void)close(fd);
	return error;
}

int
sink_secret_read_variable(const char *name, struct arena *arena, char **out, char why[WHY_MAX])
{
	const char *text = getenv(name);

	if (text == NULL)
		return refuse(why, "is not set in the environment", ENOENT);
	return take(text, strlen(text), arena, out, why);
}

void
sink_secret_wipe(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
}
