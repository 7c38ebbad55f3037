/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Running text for a terminal: words and short phrases, broken into lines of a width, with a label
 * before the first line and the others set below its text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct paragraph {
	FILE *out;
	size_t width;
	size_t indent;
	size_t column; /**< where the next character stands */
};

/**
 * Writes the label (may be "") in `indent` columns, after two columns of margin. `out` is
 * borrowed.
 */
void
paragraph_begin(struct paragraph *p, FILE *out, size_t width, const char *label, size_t indent);

/** Adds words, broken between them where the line is full; at most 500 bytes in one call. */
void
paragraph_add(struct paragraph *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/**
 * Adds a text of any length, which may be of others: it is cleaned (utf8_copy_clean), and a word
 * that has no room on a line of its own is broken.
 */
void paragraph_add_text(struct paragraph *p, const char *text);

/** Adds a phrase that is not broken inside ("not-ip 4,000,"); at most 500 bytes. */
void paragraph_add_phrase(struct paragraph *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Ends the last line. */
void paragraph_end(struct paragraph *p);
