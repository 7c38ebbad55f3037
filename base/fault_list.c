/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault_list.h"

#include <stdarg.h>
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

void
fault_list_fini(struct fault_list *list)
{
	for (size_t i = 0; i < list->count && i < FAULT_LIST_MAX; i++) {
		struct fault *fault = &list->faults[i];
		free(fault->text);
		free(fault->file);
		free(fault->what);
		*fault = (struct fault){0};
	}
	list->count = 0;
}
