/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Few programs send most hellos. So what the lists of a hello come to is remembered, under a key
 * that is a sum where the order does not count: browsers shuffle their extensions. The key has 64
 * bits and a seed drawn by chance: nobody can choose another hello with the same.
 */
#include "classifier/names/ja4.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/byte_hash.h"
#include "classifier/names/ja4_sorter.h"
#include "classifier/names/tls_hello.h"

#define COUNT_MAX 99

/* Hellos remembered: 40 KiB. */
#define KNOWN_MAX 1024u

struct known {
	uint64_t key; /* 0: none */
	char sni;
	char counts[4];
	char ciphers[JA4_HASH_LEN];
	char extensions[JA4_HASH_LEN];
};

struct ja4_maker {
	uint64_t seed[3];
	struct known known[KNOWN_MAX];
	struct ja4_sorter sorter;
};

struct ja4_maker *
ja4_maker_create(void)
{
	struct ja4_maker *maker = calloc(1, sizeof(*maker));

	if (maker != NULL && getentropy(maker->seed, sizeof(maker->seed)) != 0) {
		free(maker);
		return NULL;
	}
	return maker;
}

void
ja4_maker_destroy(struct ja4_maker *maker)
{
	free(maker);
}

static void
write_count(size_t count, char *out)
{
	size_t shown = count < COUNT_MAX ? count : COUNT_MAX;

	out[0] = (char)('0' + shown / 10);
	out[1] = (char)('0' + shown % 10);
}

/* "If the extension exists, the version is the highest value in it", else that of the hello. */
static uint16_t
fingerprint_version(const struct tls_client_hello *hello)
{
	struct cursor c = cursor_over(hello->supported_versions);
	uint16_t highest = 0;

	if (hello->supported_versions.len == 0)
		return hello->legacy_version;
	while (cursor_left(&c) > 0) {
		uint16_t version = cursor_be16(&c);
		if (!tls_is_grease(version) &&
		    (highest == 0 || tls_version_later(version, highest, hello->carrier)))
			highest = version;
	}
	return highest;
}

static void
write_version(uint16_t version, char *out)
{
	static const struct {
		uint16_t version;
		char text[2];
	} known[] = {
		{0x0304, {'1', '3'}}, {0x0303, {'1', '2'}}, {0x0302, {'1', '1'}},
		{0x0301, {'1', '0'}}, {0x0300, {'s', '3'}}, {0x0002, {'s', '2'}},
		{0xfeff, {'d', '1'}}, {0xfefd, {'d', '2'}}, {0xfefc, {'d', '3'}},
	};

	memset(out, '0', 2);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (known[i].version == version)
			memcpy(out, known[i].text, 2);
	}
}

static bool
is_alphanumeric(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= 'a' && byte <= 'z');
}

/* First and last character of the first protocol, of its hexadecimal form if one is no letter or
 * digit. */
static void
write_alpn(struct slice alpn, char *out)
{
	static const char digits[] = "0123456789abcdef";

	memset(out, '0', 2);
	if (alpn.len == 0)
		return;
	uint8_t first = alpn.data[0], last = alpn.data[alpn.len - 1];
	bool as_text = is_alphanumeric(first) && is_alphanumeric(last);
	out[0] = as_text ? (char)first : digits[first >> 4];
	out[1] = as_text ? (char)last : digits[last & 15];
}

/* Returns the number of cipher suites; `out` receives their hash. */
static size_t
write_ciphers(struct ja4_maker *m, struct slice ciphers, char *out)
{
	struct cursor c = cursor_over(ciphers);
	size_t count = 0;

	while (cursor_left(&c) > 0) {
		uint16_t cipher = cursor_be16(&c);
		if (tls_is_grease(cipher))
			continue;
		ja4_sorter_add(&m->sorter, cipher);
		count++;
	}
	memset(out, '0', JA4_HASH_LEN);
	if (count > 0)
		ja4_sorter_hash(&m->sorter, slice_of(NULL, 0), out);
	return count;
}

/* Returns the number of extensions; SNI and ALPN are counted, and left out of the hash in `out`. */
static size_t
write_extensions(struct ja4_maker *m, const struct tls_client_hello *hello, bool *has_sni,
		 char *out)
{
	struct cursor c = cursor_over(hello->extensions);
	size_t count = 0, hashed = 0;

	while (cursor_left(&c) > 0) {
		uint16_t type = cursor_be16(&c);
		(void)cursor_vec16(&c);
		if (tls_is_grease(type))
			continue;
		count++;
		*has_sni |= type == TLS_EXTENSION_SERVER_NAME;
		if (type == TLS_EXTENSION_SERVER_NAME || type == TLS_EXTENSION_ALPN)
			continue;
		ja4_sorter_add(&m->sorter, type);
		hashed++;
	}
	memset(out, '0', JA4_HASH_LEN);
	if (hashed > 0)
		ja4_sorter_hash(&m->sorter, hello->signature_algorithms, out);
	return count;
}

/* What an extension's type adds to the key: two rounds of 64x64 to 128-bit multiplication, folded.
 */
static uint64_t
mix(const struct ja4_maker *m, uint64_t type)
{
	__uint128_t product = (__uint128_t)(type ^ m->seed[0]) * m->seed[1];
	uint64_t folded = (uint64_t)product ^ (uint64_t)(product >> 64);

	product = (__uint128_t)(folded ^ m->seed[1]) * m->seed[2];
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* GREASE changes with every hello. Of ciphers it comes first, if at all; elsewhere it only makes a
 * hello one that is not remembered. */
static struct slice
without_grease(struct slice ciphers)
{
	struct cursor c = cursor_over(ciphers);

	return tls_is_grease(cursor_be16(&c)) ? slice_of(c.at, cursor_left(&c)) : ciphers;
}

static uint64_t
key_of(const struct ja4_maker *m, const struct tls_client_hello *hello)
{
	struct cursor c = cursor_over(hello->extensions);
	uint64_t key = byte_hash(without_grease(hello->cipher_suites), m->seed[0]) +
		       byte_hash(hello->signature_algorithms, m->seed[1]);

	while (cursor_left(&c) > 0) {
		uint16_t type = cursor_be16(&c);
		(void)cursor_vec16(&c);
		if (!tls_is_grease(type))
			key += mix(m, type);
	}
	return key;
}

/* The lists of the hello, told before or now. */
static const struct known *
find_known(struct ja4_maker *m, const struct tls_client_hello *hello)
{
	uint64_t key = key_of(m, hello);
	struct known *known = &m->known[key % KNOWN_MAX];
	bool has_sni = false;

	if (known->key == key)
		return known;
	write_count(write_ciphers(m, hello->cipher_suites, known->ciphers), known->counts);
	write_count(write_extensions(m, hello, &has_sni, known->extensions), known->counts + 2);
	known->sni = has_sni ? 'd' : 'i';
	known->key = key;
	return known;
}

void
ja4_format(struct ja4_maker *maker, const struct tls_client_hello *hello, char out[JA4_TEXT_SIZE])
{
	static const char carriers[] = {
		[TLS_CARRIER_TCP] = 't',
		[TLS_CARRIER_QUIC] = 'q',
		[TLS_CARRIER_DTLS] = 'd',
	};

	out[0] = '\0';
	if (hello->is_ssl2_format)
		return;
	const struct known *known = find_known(maker, hello);
	out[0] = carriers[hello->carrier];
	write_version(fingerprint_version(hello), out + 1);
	out[3] = known->sni;
	memcpy(out + 4, known->counts, sizeof(known->counts));
	write_alpn(hello->alpn, out + 8);
	out[10] = '_';
	memcpy(out + 11, known->ciphers, JA4_HASH_LEN);
	out[23] = '_';
	memcpy(out + 24, known->extensions, JA4_HASH_LEN);
	out[36] = '\0';
}
