/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/flow_writer.h"

#include "dashboard-export/flow_json.h"
#include "dashboard-export/line_writer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

static_assert(FLOW_JSON_MAX <= LINE_WRITER_LINE_MAX, "every flow is a line");

struct flow_writer {
	struct line_writer *lines;
};

typedef struct line_writer *(*open_function)(const char *path, int *error);

static struct flow_writer *
open_writer(const char *path, open_function open_lines, int *error)
{
	struct flow_writer *w = malloc(sizeof(*w));

	*error = -ENOMEM;
	if (w == NULL)
		return NULL;
	w->lines = open_lines(path, error);
	if (w->lines == NULL) {
		free(w);
		return NULL;
	}
	return w;
}

struct flow_writer *
flow_writer_open(const char *path, int *error)
{
	return open_writer(path, line_writer_open, error);
}

struct flow_writer *
flow_writer_open_append(const char *path, int *error)
{
	return open_writer(path, line_writer_open_append, error);
}

int
flow_writer_add(struct flow_writer *w, const struct judged_flow *flow)
{
	char *room = line_writer_reserve(w->lines, FLOW_JSON_MAX);

	return line_writer_commit(w->lines, flow_json_format(flow, room));
}

int
flow_writer_flush(struct flow_writer *w)
{
	return line_writer_flush(w->lines);
}

int
flow_writer_close(struct flow_writer *w)
{
	int error = line_writer_close(w->lines);

	free(w);
	return error;
}
