/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two-byte values are sorted by setting their bits in a map of all 65,536 and reading it from the
 * front, with a map of its words above it: some 16 steps and two for each value, in any order and
 * for any number of them. A value that comes again is counted beside. Reading empties the maps, so
 * that the next list finds them clean.
 *
 * SHA-256 is done by libcrypto's plain functions: those behind EVP allocate.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "classifier/names/ja4_sorter.h"

#include <openssl/sha.h>

#include "classifier/names/tls_hello.h"

/* Text on its way into a hash, gathered so that usual lists are hashed in one go. */
struct hashed_text {
	SHA256_CTX sha;
	size_t len;
	char text[512];
};

static void
text_begin(struct hashed_text *t)
{
	(void)SHA256_Init(&t->sha); /* sets constants, cannot fail */
	t->len = 0;
}

/* Adds a value in four digits, behind `separator` unless that is 0. */
static void
text_value(struct hashed_text *t, char separator, uint16_t value)
{
	static const char digits[] = "0123456789abcdef";

	if (t->len + 5 > sizeof(t->text)) {
		(void)SHA256_Update(&t->sha, t->text, t->len);
		t->len = 0;
	}
	char *to = t->text + t->len;
	if (separator != 0)
		*to++ = separator;
	to[0] = digits[value >> 12];
	to[1] = digits[value >> 8 & 15];
	to[2] = digits[value >> 4 & 15];
	to[3] = digits[value & 15];
	t->len = (size_t)(to + 4 - t->text);
}

/* Writes the first digits of the hash. */
static void
text_end(struct hashed_text *t, char *out)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t digest[SHA256_DIGEST_LENGTH];

	(void)SHA256_Update(&t->sha, t->text, t->len);
	(void)SHA256_Final(digest, &t->sha);
	for (size_t i = 0; i < JA4_HASH_LEN; i++)
		out[i] = digits[i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15];
}

void
ja4_sorter_add(struct ja4_sorter *sorter, uint16_t value)
{
	unsigned word = value / JA4_WORD_BITS;
	uint64_t bit = UINT64_C(1) << value % JA4_WORD_BITS;

	if ((sorter->words[word] & bit) != 0) {
		sorter->repeats[value]++;
		sorter->has_repeats = true;
	}
	sorter->words[word] |= bit;
	sorter->words_used[word / JA4_WORD_BITS] |= UINT64_C(1) << word % JA4_WORD_BITS;
}

static void
take_repeats(struct ja4_sorter *m, struct hashed_text *out, uint16_t value)
{
	for (; m->repeats[value] > 0; m->repeats[value]--)
		text_value(out, ',', value);
}

/* Takes all values of a word in order; `separator` stands before the first one. */
static void
take_word(struct ja4_sorter *m, unsigned word, char separator, struct hashed_text *out)
{
	for (uint64_t bits = m->words[word]; bits != 0; bits &= bits - 1) {
		uint16_t value = (uint16_t)(word * JA4_WORD_BITS + (unsigned)__builtin_ctzll(bits));
		text_value(out, separator, value);
		separator = ',';
		if (m->has_repeats)
			take_repeats(m, out, value);
	}
	m->words[word] = 0;
}

/* Takes all values in order, commas between them. */
static void
sorter_take(struct ja4_sorter *m, struct hashed_text *out)
{
	char separator = 0;

	for (unsigned i = 0; i < JA4_WORDS / JA4_WORD_BITS; i++) {
		for (uint64_t used = m->words_used[i]; used != 0; used &= used - 1) {
			take_word(m, i * JA4_WORD_BITS + (unsigned)__builtin_ctzll(used), separator,
				  out);
			separator = ',';
		}
		m->words_used[i] = 0;
	}
	m->has_repeats = false;
}

static void
add_algorithms(struct slice algorithms, struct hashed_text *text)
{
	struct cursor c = cursor_over(algorithms);
	char separator = '_';

	while (cursor_left(&c) > 0) {
		uint16_t algorithm = cursor_be16(&c);
		if (tls_is_grease(algorithm))
			continue;
		text_value(text, separator, algorithm);
		separator = ',';
	}
}

void
ja4_sorter_hash(struct ja4_sorter *sorter, struct slice algorithms, char out[JA4_HASH_LEN])
{
	struct hashed_text text;

	text_begin(&text);
	sorter_take(sorter, &text);
	add_algorithms(algorithms, &text);
	text_end(&text, out);
}
