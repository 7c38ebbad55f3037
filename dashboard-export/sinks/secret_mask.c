/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/secret_mask.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/printable_text.h"
#include "dashboard-export/sinks/sink_secret.h"

#define MASK "***"
#define MASK_LEN (sizeof(MASK) - 1)

/* Answers are 256 bytes, those in cursors too. */
#define TEXT_MAX 1024

/* A secret below it is masked as a word only: it is a part of too many others. */
#define SHORT 4
/* So much of its beginning tells too much already; where the text was cut, less. */
#define BEGINNING 8
#define BEGINNING_OF_CUT 3
/* Words of a URL that may be a token: so long, and sooner with a digit or a capital. */
#define URL_WORD 16
#define URL_WORD_MIXED 8

#define PIECES_MAX 64
#define USER_MAX 256
#define PAIR_MAX (USER_MAX + 1 + SINK_SECRET_MAX)

struct piece {
	const char *bytes;
	size_t len;
};

/* All that must not be told. */
struct pieces {
	struct piece list[PIECES_MAX];
	size_t count;
	char base64[(PAIR_MAX + 2) / 3 * 4];
};

static void
add(struct pieces *p, const char *bytes, size_t len)
{
	if (bytes != NULL && len > 0 && p->count < PIECES_MAX)
		p->list[p->count++] = (struct piece){bytes, len};
}

static void
add_text(struct pieces *p, const char *text)
{
	add(p, text, text != NULL ? strlen(text) : 0);
}

/* RFC 4648 4, without the '=' of the end, which may have been cut off. Returns the length. */
static size_t
encode_base64(const char *bytes, size_t len, char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	unsigned bits = 0, held = 0;
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		bits = (bits << 8 | (unsigned char)bytes[i]) & 0xffff;
		for (held += 8; held >= 6; held -= 6)
			out[used++] = digits[bits >> (held - 6) & 0x3f];
	}
	if (held > 0)
		out[used++] = digits[bits << (6 - held) & 0x3f];
	return used;
}

static void
add_pair(struct pieces *p, const struct sink_config *config)
{
	char pair[PAIR_MAX + 1];

	if (config->user == NULL || config->password == NULL)
		return;
	int len = snprintf(pair, sizeof(pair), "%s:%s", config->user, config->password);
	if (len > 0 && (size_t)len < sizeof(pair))
		add(p, p->base64, encode_base64(pair, (size_t)len, p->base64));
	explicit_bzero(pair, sizeof(pair));
}

static bool
may_be_token(const char *word, size_t len)
{
	bool mixed = false;

	for (size_t i = 0; i < len; i++)
		mixed |= isdigit((unsigned char)word[i]) || isupper((unsigned char)word[i]);
	return len >= (mixed ? URL_WORD_MIXED : URL_WORD);
}

/* Webhooks carry their token in the path or in the query. */
static void
add_url(struct pieces *p, const char *url)
{
	const char *host = url != NULL ? strstr(url, "://") : NULL;

	if (host == NULL)
		return;
	const char *path = host + 3 + strcspn(host + 3, "/?#");
	size_t len = strlen(path), path_len = strcspn(path, "?");
	if (len > 1)
		add(p, path, len);
	if (path_len > 1)
		add(p, path, path_len);
	if (path_len < len)
		add(p, path + path_len + 1, len - path_len - 1);
	for (const char *word = path; *word != '\0';) {
		size_t word_len = strcspn(word, "/?&=");
		bool is_value = word > path && word[-1] == '=';
		if (is_value ? word_len >= SHORT : may_be_token(word, word_len))
			add(p, word, word_len);
		word += word_len + (word[word_len] != '\0');
	}
}

static int
hex_value(const char *digits)
{
	unsigned value;

	if (!isxdigit((unsigned char)digits[0]) || !isxdigit((unsigned char)digits[1]))
		return -1;
	return sscanf(digits, "%2x", &value) == 1 ? (int)value : -1;
}

/* One byte as it may be spelled: \xNN of ours, \u00NN, \/ and the like of JSON, %NN of URLs.
 * Returns how many characters spell it. */
static size_t
decode(const char *text, unsigned char *byte)
{
	static const struct {
		const char *begins;
		size_t len;
	} escapes[] = {{"\\x", 2}, {"\\u00", 4}, {"%", 1}};

	for (size_t i = 0; i < sizeof(escapes) / sizeof(*escapes); i++) {
		if (strncmp(text, escapes[i].begins, escapes[i].len) != 0)
			continue;
		int value = hex_value(text + escapes[i].len);
		if (value < 0)
			continue;
		*byte = (unsigned char)value;
		return escapes[i].len + 2;
	}
	if (text[0] == '\\' && text[1] != '\0' && strchr("\\/\"'", text[1]) != NULL) {
		*byte = (unsigned char)text[1];
		return 2;
	}
	*byte = (unsigned char)text[0];
	return 1;
}

/* How much of a secret stands at one place of a text. */
struct match {
	size_t secret_len, text_len;
};

static struct match
match_at(const char *text, const struct piece *piece, bool with_escapes)
{
	struct match match = {0};
	size_t at = 0;

	while (match.secret_len < piece->len && text[at] != '\0') {
		unsigned char byte = (unsigned char)text[at];
		size_t taken = with_escapes ? decode(text + at, &byte) : 1;
		if (byte == (unsigned char)piece->bytes[match.secret_len]) {
			at += taken;
			match.secret_len++;
			match.text_len = at;
		} else if (match.secret_len > 0 && taken > 1) {
			at += taken; /* put between by somebody who breaks lines */
		} else {
			break;
		}
	}
	return match;
}

static bool
is_word(const char *text, const char *at, size_t len)
{
	return (at == text || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[len]);
}

/* Characters at `at`, within `text`, that tell of that secret; 0: none. */
static size_t
told(const char *text, const char *at, const struct piece *piece, bool with_escapes)
{
	struct match match = match_at(at, piece, with_escapes);
	const char *rest = at + match.text_len;
	bool is_cut = *rest == '\0' || strncmp(rest, "...", 3) == 0;

	if (match.secret_len == piece->len && piece->len < SHORT)
		return is_word(text, at, match.text_len) ? match.text_len : 0;
	if (match.secret_len == piece->len || match.secret_len >= BEGINNING ||
	    (is_cut && match.secret_len >= BEGINNING_OF_CUT))
		return match.text_len;
	return 0;
}

static size_t
longest_told(const struct pieces *p, const char *text, const char *at)
{
	size_t longest = 0;

	for (size_t i = 0; i < 2 * p->count; i++) {
		size_t len = told(text, at, &p->list[i / 2], i % 2 != 0);
		if (len > longest)
			longest = len;
	}
	return longest;
}

static void
mask_all(const struct pieces *p, char *text, size_t size)
{
	char masked[TEXT_MAX * MASK_LEN + 1];
	size_t used = 0;

	for (const char *at = text; *at != '\0' && used + MASK_LEN < sizeof(masked);) {
		size_t len = longest_told(p, text, at);
		if (len == 0) {
			masked[used++] = *at++;
			continue;
		}
		memcpy(masked + used, MASK, MASK_LEN);
		used += MASK_LEN;
		at += len;
	}
	masked[used] = '\0';
	(void)printable_text_copy(masked, text, size);
	explicit_bzero(masked, sizeof(masked));
}

void
secret_mask(const struct sink_config *config, char *text, size_t size)
{
	struct pieces pieces = {.count = 0};

	add_text(&pieces, config->password);
	add_text(&pieces, config->token);
	add_text(&pieces, config->secret);
	add_pair(&pieces, config);
	add_url(&pieces, config->url);
	if (pieces.count > 0)
		mask_all(&pieces, text, size < TEXT_MAX ? size : TEXT_MAX);
	explicit_bzero(&pieces, sizeof(pieces));
}
