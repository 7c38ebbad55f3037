/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault_excerpt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/config_secret.h"
#include "base/utf8.h"

/* Characters before the place that are shown of a long line. */
#define CHARACTERS_BEFORE 60

#define ELLIPSIS "..."

/* The part of a line that is shown, and the place within. */
struct window {
	char text[4 * FAULT_EXCERPT_CHARACTERS + 2 * sizeof(ELLIPSIS)];
	size_t len;
	size_t mark; /* columns of the terminal before the place */
};

/* Opens a file that does not keep us waiting, as a pipe would. Returns -1 for any other. */
static int
open_regular(const char *path)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Reads the file's beginning into `text`; the length is 0 where it cannot be read. */
static size_t
read_beginning(const char *path, char *text, size_t size)
{
	int fd = open_regular(path);
	size_t len = 0;
	ssize_t got = 0;

	if (fd < 0)
		return 0;
	while (len < size &&
	       ((got = read(fd, text + len, size - len)) > 0 || (got < 0 && errno == EINTR)))
		len += got > 0 ? (size_t)got : 0;
	close(fd);
	return len;
}

/* Line `number` of the text without its end; false where there is none. */
static bool
find_line(const char *text, size_t len, unsigned number, struct slice *line)
{
	const char *at = text, *end = text + len;

	for (unsigned i = 1; i < number && at != NULL; i++) {
		at = memchr(at, '\n', (size_t)(end - at));
		at = at != NULL ? at + 1 : NULL;
	}
	if (at == NULL || at == end)
		return false;
	const char *feed = memchr(at, '\n', (size_t)(end - at));
	if (feed != NULL)
		end = feed;
	if (end > at && end[-1] == '\r')
		end--;
	*line = slice_of(at, (size_t)(end - at));
	return true;
}

static void
append(struct window *window, const char *bytes, size_t len)
{
	memcpy(window->text + window->len, bytes, len);
	window->len += len;
	window->text[window->len] = '\0';
}

/* Takes one character from the front of `line`, which is not empty, and appends it made safe. */
static void
append_character(struct window *window, struct slice *line)
{
	const char *at = (const char *)line->data;
	uint32_t code_point = 0;
	size_t len = utf8_decode(at, line->len, &code_point);

	if (len != 0 && code_point == '\t')
		append(window, " ", 1);
	else if (len == 0 || utf8_is_unsafe(code_point))
		append(window, UTF8_REPLACEMENT, UTF8_REPLACEMENT_LEN);
	else
		append(window, at, len);
	*line = slice_of(at + (len != 0 ? len : 1), line->len - (len != 0 ? len : 1));
}

/* Moves the front of the line behind `count` characters, or to its end. */
static void
skip_characters(struct slice *line, size_t count)
{
	for (; count > 0 && line->len > 0; count--) {
		size_t len = utf8_decode((const char *)line->data, line->len, NULL);
		len = len != 0 ? len : 1;
		*line = slice_of(line->data + len, line->len - len);
	}
}

static size_t
count_characters(struct slice line)
{
	size_t count = 0;

	for (; line.len > 0; count++)
		skip_characters(&line, 1);
	return count;
}

/* The characters around `column`, which counts from 1; 0 shows the beginning. */
static void
cut(struct slice line, size_t column, struct window *window)
{
	size_t count = count_characters(line), skipped = 0;

	*window = (struct window){0};
	/* A text may end before its place; the mark then stands behind its end. */
	if (column > count + 1)
		column = count + 1;
	if (count > FAULT_EXCERPT_CHARACTERS && column > CHARACTERS_BEFORE + 1)
		skipped = column - 1 - CHARACTERS_BEFORE;
	if (skipped > 0)
		append(window, ELLIPSIS, strlen(ELLIPSIS));
	skip_characters(&line, skipped);
	for (size_t i = skipped; line.len > 0 && i < skipped + FAULT_EXCERPT_CHARACTERS; i++) {
		if (i + 1 == column)
			window->mark = utf8_width(window->text);
		append_character(window, &line);
	}
	if (column == count + 1)
		window->mark = utf8_width(window->text);
	if (line.len > 0)
		append(window, ELLIPSIS, strlen(ELLIPSIS));
}

bool
fault_excerpt_write(FILE *out, const struct fault *fault, bool colour)
{
	struct window window;
	struct slice line;

	if (fault->line == 0 || fault->file == NULL)
		return false;
	char *text = malloc(FAULT_EXCERPT_BYTES_MAX);
	if (text == NULL)
		return false;
	size_t len = read_beginning(fault->file, text, FAULT_EXCERPT_BYTES_MAX);
	bool found = find_line(text, len, fault->line, &line);
	if (found) {
		size_t column = fault->column;
		char *begin = text + ((const char *)line.data - text);
		line = slice_of(begin, config_secret_mask(begin, line.len, &column));
		cut(line, column, &window);
	}
	free(text);
	if (!found)
		return false;

	int number_width = fprintf(out, "%4u", fault->line);
	fprintf(out, " | %s\n", window.text);
	if (fault->column != 0)
		fprintf(out, "%*s | %*s%s^%s\n", number_width, "", (int)window.mark, "",
			colour ? "\033[1;31m" : "", colour ? "\033[0m" : "");
	return true;
}
