/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes one JSON text into the caller's bytes, front to back, without building a tree: every flow
 * becomes a line, for which this takes 1 microsecond and jansson 24. Never writes past the end: if
 * something does not fit, `overflow` is set, nothing more is written, and the text is useless. The
 * caller closes what it opens; nothing here checks the nesting. One writer, one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct json_writer {
	char *start;
	char *at;
	char *end;     /**< one behind the last byte that may be written */
	bool overflow; /**< sticky */
	bool comma;    /**< a value stands before: the next one needs a comma */
};

/** Begins an empty text in `size` bytes at `out`, borrowed. */
void json_writer_init(struct json_writer *w, char *out, size_t size);

/** Bytes written so far; there is no NUL. */
static inline size_t
json_writer_len(const struct json_writer *w)
{
	return (size_t)(w->at - w->start);
}

/**
 * Takes the next `len` bytes to be filled by the caller; NULL, and overflow, when there is no
 * room.
 */
static inline char *
json_writer_take(struct json_writer *w, size_t len)
{
	char *at = w->at;

	if ((size_t)(w->end - at) < len) {
		w->overflow = true;
		w->end = at;
		return NULL;
	}
	w->at = at + len;
	return at;
}

/** Writes `len` bytes as they are. For the functions below and for line ends. */
static inline void
json_writer_raw(struct json_writer *w, const char *bytes, size_t len)
{
	char *at = json_writer_take(w, len);

	if (at != NULL)
		memcpy(at, bytes, len);
}

static inline void
json_writer_separate(struct json_writer *w)
{
	if (w->comma)
		json_writer_raw(w, ",", 1);
	w->comma = true;
}

/**
 * The key of the next value. Keys are ours: letters, digits, '_', '.' and '@', written as they
 * are.
 */
static inline void
json_writer_key(struct json_writer *w, const char *key)
{
	size_t len = strlen(key);
	bool comma = w->comma;
	char *at = json_writer_take(w, comma + len + 3);

	w->comma = false;
	if (at == NULL)
		return;
	at[0] = ',';
	at[comma] = '"';
	memcpy(at + comma + 1, key, len);
	memcpy(at + comma + 1 + len, "\":", 2);
}

static inline void
json_writer_open(struct json_writer *w, char bracket)
{
	json_writer_separate(w);
	json_writer_raw(w, &bracket, 1);
	w->comma = false;
}

static inline void
json_writer_close(struct json_writer *w, char bracket)
{
	json_writer_raw(w, &bracket, 1);
	w->comma = true;
}

/** An object as the value of `key`; json_writer_close with '}' ends it. */
static inline void
json_writer_open_object(struct json_writer *w, const char *key)
{
	json_writer_key(w, key);
	json_writer_open(w, '{');
}

/** An array as the value of `key`; json_writer_close with ']' ends it. */
static inline void
json_writer_open_array(struct json_writer *w, const char *key)
{
	json_writer_key(w, key);
	json_writer_open(w, '[');
}

/** A text of ours that needs no escapes: codes, addresses, digits. */
static inline void
json_writer_plain(struct json_writer *w, const char *text, size_t len)
{
	json_writer_separate(w);
	json_writer_raw(w, "\"", 1);
	json_writer_raw(w, text, len);
	json_writer_raw(w, "\"", 1);
}

/** json_writer_plain as the value of `key`, to the NUL. */
static inline void
json_writer_plain_member(struct json_writer *w, const char *key, const char *text)
{
	json_writer_key(w, key);
	json_writer_plain(w, text, strlen(text));
}

/**
 * A text of anybody, to the NUL, with the escapes of RFC 8259 7. Bytes that are no UTF-8 (RFC 3629)
 * become U+FFFD each. Cut between characters once its written form, escapes counted and quotes not,
 * would be longer than `max_len`.
 */
void json_writer_text(struct json_writer *w, const char *text, size_t max_len);

/** json_writer_text as the value of `key`. */
static inline void
json_writer_text_member(struct json_writer *w, const char *key, const char *text, size_t max_len)
{
	json_writer_key(w, key);
	json_writer_text(w, text, max_len);
}

/**
 * A number. Above INT64_MAX, INT64_MAX is written: receivers (Elasticsearch, jansson) keep 64 bits
 * with a sign and would refuse the line.
 */
void json_writer_uint(struct json_writer *w, uint64_t value);

/** json_writer_uint as the value of `key`. */
static inline void
json_writer_uint_member(struct json_writer *w, const char *key, uint64_t value)
{
	json_writer_key(w, key);
	json_writer_uint(w, value);
}

/** `true` or `false` as the value of `key`. */
static inline void
json_writer_bool_member(struct json_writer *w, const char *key, bool value)
{
	json_writer_key(w, key);
	json_writer_raw(w, value ? "true" : "false", value ? 4 : 5);
	w->comma = true;
}
