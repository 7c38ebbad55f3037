/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/name_labels.h"

bool
name_labels_cut(const char *name, struct name_labels *out)
{
	size_t count = 0, start = 0;

	out->name = name;
	for (size_t i = 0; i < DOMAIN_NAME_MAX; i++) {
		if (name[i] != '.' && name[i] != '\0')
			continue;
		if (i == start)
			return false;
		out->start[count++] = (uint8_t)start;
		start = i + 1;
		if (name[i] == '\0') {
			out->start[count] = (uint8_t)start;
			out->count = (uint8_t)count;
			return true;
		}
	}
	return false;
}
