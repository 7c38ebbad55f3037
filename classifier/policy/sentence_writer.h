/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts with {placeholders} put together in a bounded piece of memory: what does not fit is left
 * out from the first character on that does not. Knows nothing of what is told.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "classifier/policy/sentence.h"

struct sentence_writer {
	char *out;
	size_t size;
	size_t len;
	bool full;
};

/** Begins an empty text; `size` is at least 1. `out` is ended by a NUL at all times. */
void sentence_writer_begin(struct sentence_writer *writer, char *out, size_t size);

/** Adds `text` with its placeholders filled, as sentence_fill says. */
void sentence_writer_fill(struct sentence_writer *writer, const char *text,
			  const struct sentence_value *values, size_t count);

/** The same behind a space, where there is something before it. */
void sentence_writer_fill_next(struct sentence_writer *writer, const char *text,
			       const struct sentence_value *values, size_t count);
