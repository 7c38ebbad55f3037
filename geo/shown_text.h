/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of data files that people will read (organisations, services, regions, sources): what may
 * pass, and how a long one is cut. Knows UTF-8, not what a text means.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

/** Room for any such text with its NUL; longer ones are cut or refused where they come in. */
#define SHOWN_TEXT_MAX 192

/**
 * Whether the bytes are well-formed UTF-8 (RFC 3629 section 4) without control characters, so that
 * they can stand in a log line, a table or JSON. The empty text is clean.
 */
bool shown_text_is_clean(struct slice text);

/**
 * Copies a clean text with a NUL behind into `out` of `size` bytes, cut at the end of a character
 * where it is too long. Returns the length copied.
 */
size_t shown_text_copy(struct slice text, char *out, size_t size);
