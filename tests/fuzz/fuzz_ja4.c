/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first byte chooses what carries the ClientHello, the rest is its body. Its fingerprint must
 * have the form of one, and the hashes those of lists that are sorted here in another way.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/sha.h>

#include "classifier/names/ja4.h"

#define VALUES_MAX 40000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct list {
	size_t count;
	uint16_t values[VALUES_MAX];
};

static struct ja4_maker *maker;

static bool
is_grease(unsigned value)
{
	return value >> 8 == (value & 0xff) && (value & 15) == 10;
}

static void
add(struct list *list, unsigned value)
{
	if (!is_grease(value))
		list->values[list->count++] = (uint16_t)value;
}

static int
compare(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static size_t
print(const struct list *list, char first, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < list->count; i++)
		len += (size_t)snprintf(out + len, 6, "%c%04x", i == 0 ? first : ',',
					list->values[i]);
	return len;
}

static void
check_hash(struct list *sorted, const struct list *behind, const char *part)
{
	static char text[2 * 5 * VALUES_MAX + 1];
	uint8_t digest[SHA256_DIGEST_LENGTH];
	char expected[13] = "000000000000";

	if (sorted->count > 0) {
		qsort(sorted->values, sorted->count, sizeof(*sorted->values), compare);
		size_t len = print(sorted, ' ', text);
		len += print(behind, '_', text + len);
		(void)SHA256((const uint8_t *)text + 1, len - 1, digest);
		for (size_t i = 0; i < 6; i++)
			snprintf(expected + 2 * i, 3, "%02x", digest[i]);
	}
	if (memcmp(part, expected, 12) != 0)
		abort();
}

static void
add_pairs(struct list *list, struct slice pairs)
{
	list->count = 0;
	for (size_t i = 0; i + 1 < pairs.len; i += 2)
		add(list, (unsigned)pairs.data[i] << 8 | pairs.data[i + 1]);
}

static size_t
add_extensions(struct list *list, struct slice extensions)
{
	struct cursor c = cursor_over(extensions);
	size_t count = 0;

	list->count = 0;
	while (cursor_left(&c) > 0) {
		unsigned type = cursor_be16(&c);
		(void)cursor_vec16(&c);
		count += !is_grease(type);
		if (type != 0 && type != 16)
			add(list, type);
	}
	return count;
}

static void
check(const struct tls_client_hello *hello, const char *ja4)
{
	static struct list list, behind;
	char counts[5];

	if (strlen(ja4) != JA4_TEXT_SIZE - 1 || ja4[10] != '_' || ja4[23] != '_')
		abort();
	add_pairs(&list, hello->cipher_suites);
	size_t ciphers = list.count;
	behind.count = 0;
	check_hash(&list, &behind, ja4 + 11);
	size_t extensions = add_extensions(&list, hello->extensions);
	add_pairs(&behind, hello->signature_algorithms);
	check_hash(&list, &behind, ja4 + 24);
	snprintf(counts, sizeof(counts), "%02zu%02zu", ciphers < 99 ? ciphers : 99,
		 extensions < 99 ? extensions : 99);
	if (memcmp(ja4 + 4, counts, 4) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tls_client_hello hello;
	char ja4[JA4_TEXT_SIZE];

	if (maker == NULL)
		maker = ja4_maker_create();
	if (maker == NULL || size == 0 || size > TLS_CLIENT_HELLO_MAX)
		return 0;
	uint8_t *copy = malloc(size);
	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	if (tls_client_hello_body_parse(slice_of(copy + 1, size - 1), copy[0] % 3u, &hello) ==
	    PARSE_FOUND) {
		ja4_format(maker, &hello, ja4);
		check(&hello, ja4);
	}
	free(copy);
	return 0;
}
