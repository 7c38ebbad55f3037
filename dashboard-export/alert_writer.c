/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert_writer.h"

#include "dashboard-export/line_writer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

static_assert(ALERT_JSON_MAX <= LINE_WRITER_LINE_MAX, "every alert is a line");

struct alert_writer {
	struct line_writer *lines;
	const struct rule_book *rules;
};

typedef struct line_writer *(*open_function)(const char *path, int *error);

static struct alert_writer *
open_writer(const char *path, const struct rule_book *rules, open_function open_lines, int *error)
{
	struct alert_writer *w = malloc(sizeof(*w));

	*error = -ENOMEM;
	if (w == NULL)
		return NULL;
	*w = (struct alert_writer){.lines = open_lines(path, error), .rules = rules};
	if (w->lines == NULL) {
		free(w);
		return NULL;
	}
	return w;
}

struct alert_writer *
alert_writer_open(const char *path, const struct rule_book *rules, int *error)
{
	return open_writer(path, rules, line_writer_open, error);
}

struct alert_writer *
alert_writer_open_append(const char *path, const struct rule_book *rules, int *error)
{
	return open_writer(path, rules, line_writer_open_append, error);
}

int
alert_writer_add(struct alert_writer *w, const struct alert *alert)
{
	char *room = line_writer_reserve(w->lines, ALERT_JSON_MAX);

	return line_writer_commit(w->lines, alert_json_format(alert, w->rules, room));
}

int
alert_writer_flush(struct alert_writer *w)
{
	return line_writer_flush(w->lines);
}

int
alert_writer_close(struct alert_writer *w)
{
	int error = line_writer_close(w->lines);

	free(w);
	return error;
}
