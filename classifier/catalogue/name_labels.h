/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host name cut at its dots, so that the suffix table can walk it from the right and a pattern
 * from either side. Borrows the name; no allocation.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/domain_name.h"

/** 253 characters hold at most 127 labels. */
#define NAME_LABELS_MAX (DOMAIN_NAME_MAX / 2)

/** Label `i` counts from the left. Offsets fit a byte because a name has at most 253 characters. */
struct name_labels {
	const char *name;
	uint8_t count;
	uint8_t start[NAME_LABELS_MAX +
		      1]; /**< of each label; the last one, of a label behind the end */
};

/** Cuts a name. False for an empty or overlong name and for one with an empty label. */
bool name_labels_cut(const char *name, struct name_labels *out);

static inline const char *
name_labels_text(const struct name_labels *labels, size_t i)
{
	return labels->name + labels->start[i];
}

static inline size_t
name_labels_len(const struct name_labels *labels, size_t i)
{
	return (size_t)labels->start[i + 1] - labels->start[i] - 1;
}
