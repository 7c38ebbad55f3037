/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes one line of text into the caller's bytes, front to back, for the formats that are no JSON:
 * what json_writer.h is for those. Never writes past the end: if something does not fit, `overflow`
 * is set, nothing more is written, and the text is useless. What other people's texts may hold is
 * said by a table of escapes for each format. One writer, one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Stands behind a text that was cut. */
#define TEXT_WRITER_CUT "..."
#define TEXT_WRITER_CUT_LEN 3

struct text_writer {
	char *start;
	char *at;
	char *end;     /**< one behind the last byte that may be written */
	bool overflow; /**< sticky */
};

/**
 * How ASCII characters are written: NULL as they are, but control characters, which then become
 * U+FFFD.
 */
struct text_escape {
	const char *of[128];
};

/** Without escapes. */
extern const struct text_escape text_escape_none;

/** Begins an empty text in `size` bytes at `out`, borrowed. */
void text_writer_init(struct text_writer *w, char *out, size_t size);

/** Bytes written so far, there is no NUL; 0 after an overflow. */
static inline size_t
text_writer_len(const struct text_writer *w)
{
	return w->overflow ? 0 : (size_t)(w->at - w->start);
}

/** Writes `len` bytes as they are. */
void text_writer_raw(struct text_writer *w, const char *bytes, size_t len);

/** Writes a text of ours as it is, to the NUL. */
void text_writer_put(struct text_writer *w, const char *text);

/** Writes a number. */
void text_writer_uint(struct text_writer *w, uint64_t value);

/**
 * Writes `len` bytes of a text of anybody: bytes that are no UTF-8 (RFC 3629), control characters
 * without an escape, C1, and the marks that turn the writing direction become U+FFFD each. A text
 * whose written form is longer than `max_len` (at least TEXT_WRITER_CUT_LEN) is cut between
 * characters and ends in TEXT_WRITER_CUT, with which it takes `max_len` at most.
 */
void text_writer_text(struct text_writer *w, const char *text, size_t len, size_t max_len,
		      const struct text_escape *escape);
