/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault_list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
fault_list_add(struct fault_list *list, const char *file, unsigned line, unsigned column,
	       const char *format, ...)
{
	if (list->count++ >= FAULT_LIST_MAX)
		return;

	char *what = NULL, *text = NULL;
	va_list args;
	va_start(args, format);
	int written = vasprintf(&what, format, args);
	va_end(args);
	if (written < 0)
		return;

	if (line != 0 && column != 0)
		written = asprintf(&text, "%s:%u:%u: %s", file, line, column, what);
	else if (line != 0)
		written = asprintf(&text, "%s:%u: %s", file, line, what);
	else
		written = asprintf(&text, "%s: %s", file, what);
	free(what);
	if (written >= 0)
		list->faults[list->count - 1].text = text;
}

void
fault_list_fini(struct fault_list *list)
{
	for (size_t i = 0; i < list->count && i < FAULT_LIST_MAX; i++) {
		free(list->faults[i].text);
		list->faults[i].text = NULL;
	}
	list->count = 0;
}
