/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 as it may be written to others: what is well formed, what it is replaced by where it is
 * not, and how wide it stands in a terminal. Texts come from the wire, from file names and from
 * databases, so none of them is trusted. Pure; any thread may call it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** U+FFFD REPLACEMENT CHARACTER, which stands for each byte that is no UTF-8. */
#define UTF8_REPLACEMENT "\xef\xbf\xbd"
#define UTF8_REPLACEMENT_LEN 3

/**
 * Length in bytes (1 to 4) of the well-formed character at `at`, or 0 where there is none:
 * truncated, overlong, a surrogate, or above U+10FFFF (RFC 3629 3). At most `left` bytes are read;
 * `left` of 0 gives 0. `code_point` may be NULL.
 */
size_t utf8_decode(const char *at, size_t left, uint32_t *code_point);

/**
 * Whether a terminal is better not sent this character: control characters (C0, DEL, C1) drive it,
 * and the marks that turn the writing direction make a text read as another one.
 */
bool utf8_is_unsafe(uint32_t code_point);

/**
 * Copies `text` as text that a terminal and a JSON library take: bytes that are no UTF-8, control
 * characters and the marks that turn the writing direction become U+FFFD. Cuts between characters
 * where `size` bytes with the NUL are not enough. Returns the length.
 */
size_t utf8_copy_clean(const char *text, char *out, size_t size);

/**
 * Columns that a clean text takes: 0 for combining marks, 2 for wide East Asian characters,
 * else 1.
 */
size_t utf8_width(const char *text);

/**
 * Length in bytes of as much of a clean text as fits into `columns`; marks that combine with the
 * last character stay with it. `width` gets the columns that it takes.
 */
size_t utf8_prefix(const char *text, size_t columns, size_t *width);
