/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault_list.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
fault_list_add(struct fault_list *list, const char *file, unsigned line, unsigned column,
	       const char *format, ...)
{
	if (list->count++ >= FAULT_LIST_MAX)
		return;

	struct fault *fault = &list->faults[list->count - 1];
	va_list args;
	va_start(args, format);
	int written = vasprintf(&fault->what, format, args);
	va_end(args);
	if (written < 0) {
		*fault = (struct fault){0};
		return;
	}

	fault->file = strdup(file);
	fault->line = line;
	fault->column = column;
	if (line != 0 && column != 0)
		written = asprintf(&fault->text, "%s:%u:%u: %s", file, line, column, fault->what);
	else if (line != 0)
		written = asprintf(&fault->text, "%s:%u: %s", file, line, fault->what);
	else
		written = asprintf(&fault->text, "%s: %s", file, fault->what);
	if (written < 0)
		fault->text = NULL;
}

static size_t
kept(const struct fault_list *list)
{
	return list->count < FAULT_LIST_MAX ? list->count : FAULT_LIST_MAX;
}

static bool
is_same_file(const struct fault *a, const struct fault *b)
{
	if (a->file == NULL || b->file == NULL)
		return a->file == b->file;
	return strcmp(a->file, b->file) == 0;
}

/* Of one file: whether `a` stands behind `b`. */
static bool
stands_behind(const struct fault *a, const struct fault *b)
{
	return a->line != b->line ? a->line > b->line : a->column > b->column;
}

/* Where fault `index` goes among those before it, which are in order already. */
static size_t
find_place(const struct fault *faults, size_t index)
{
	const struct fault *fault = &faults[index];
	size_t place = index;

	while (place > 0 && !is_same_file(&faults[place - 1], fault))
		place--;
	if (place == 0)
		return index; /* the first of its file */
	while (place > 0 && is_same_file(&faults[place - 1], fault) &&
	       stands_behind(&faults[place - 1], fault))
		place--;
	return place;
}

void
fault_list_sort(struct fault_list *list)
{
	for (size_t i = 1; i < kept(list); i++) {
		const struct fault fault = list->faults[i];
		size_t place = find_place(list->faults, i);
		memmove(&list->faults[place + 1], &list->faults[place],
			(i - place) * sizeof(fault));
		list->faults[place] = fault;
	}
}

void
fault_list_fini(struct fault_list *list)
{
	for (size_t i = 0; i < kept(list); i++) {
		struct fault *fault = &list->faults[i];
		free(fault->text);
		free(fault->file);
		free(fault->what);
		*fault = (struct fault){0};
	}
	list->count = 0;
}
