/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of others in a message for a person: a file name or an argument may hold any byte but NUL,
 * also those that drive a terminal. Here they are spelled out, so that the message shows what was
 * really given.
 */
#pragma once

#include <stddef.h>

/** Room for most paths; what is longer is cut. */
#define PRINTABLE_TEXT_MAX 1024

struct printable_text {
	char text[PRINTABLE_TEXT_MAX];
};

/**
 * Copies `text` with every byte that is no UTF-8, or that belongs to a control character (C0, DEL,
 * C1) or a mark of writing direction, as \xNN. Of what does not fit into `size` bytes with the NUL,
 * "..." tells; neither a character nor a \xNN is cut in two. `size` is at least 4. Returns the
 * length.
 */
size_t printable_text_copy(const char *text, char *out, size_t size);

/** The same as a value: use `.text` within the expression that made it, or keep the struct. */
struct printable_text printable_text(const char *text);
