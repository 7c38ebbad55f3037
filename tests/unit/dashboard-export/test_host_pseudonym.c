/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/host_pseudonym.h"

#include "tests/unit/unit.h"

#include <errno.h>

/*
 * printf '\x0a\x00\x00\x05' | openssl dgst -sha256 -mac HMAC -macopt hexkey:..., and the same from
 * Python's hmac module.
 */
static void
pseudonyms_are_the_first_48_bits_of_the_hmac(void)
{
	static const struct {
		const char *key;
		const char *address;
		const char *pseudonym;
	} rows[] = {
		{HOST_PSEUDONYM_PUBLIC_KEY, "10.0.0.5", "h-52525d9ac148"},
		{HOST_PSEUDONYM_PUBLIC_KEY, "192.168.1.17", "h-31e927dfe171"},
		{HOST_PSEUDONYM_PUBLIC_KEY, "fd00::5", "h-9d18f7df21c4"},
		{"another key", "10.0.0.5", "h-d1ace5f00bd2"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct host_pseudonym *p = host_pseudonym_create(rows[i].key, strlen(rows[i].key));
		struct ip_address address;
		CU_ASSERT_PTR_NOT_NULL_FATAL(p);
		CU_ASSERT_EQUAL(ip_address_parse(rows[i].address, &address), 0);
		CU_ASSERT_STRING_EQUAL(host_pseudonym_get(p, &address), rows[i].pseudonym);
		CU_ASSERT_STRING_EQUAL(host_pseudonym_get(p, &address), rows[i].pseudonym);
		host_pseudonym_destroy(p);
	}
}

/* More hosts than slots, twice, against fresh objects that have nothing kept. */
static void
answers_do_not_depend_on_what_was_asked_before(void)
{
	struct host_pseudonym *kept = host_pseudonym_create("key", 3);
	unsigned wrong = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(kept);
	for (unsigned i = 0; i < 20000; i++) {
		struct ip_address a = {
			.version = 4,
			.bytes = {10, (uint8_t)(i % 10000 >> 8), (uint8_t)(i % 10000)}};
		char text[HOST_PSEUDONYM_LEN + 1];
		strcpy(text, host_pseudonym_get(kept, &a));
		wrong += strlen(text) != HOST_PSEUDONYM_LEN;
		if (i % 997 != 0)
			continue;
		struct host_pseudonym *fresh = host_pseudonym_create("key", 3);
		wrong += strcmp(host_pseudonym_get(fresh, &a), text) != 0;
		host_pseudonym_destroy(fresh);
	}
	host_pseudonym_destroy(kept);
	CU_ASSERT_EQUAL(wrong, 0);
}

static void
keys_longer_than_a_block_and_of_one_byte_are_taken(void)
{
	char key[200];
	struct ip_address a = {.version = 4, .bytes = {10, 0, 0, 5}};

	memset(key, 'k', sizeof(key));
	struct host_pseudonym *longest = host_pseudonym_create(key, sizeof(key));
	struct host_pseudonym *shortest = host_pseudonym_create(key, 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(longest);
	CU_ASSERT_PTR_NOT_NULL_FATAL(shortest);
	CU_ASSERT_STRING_NOT_EQUAL(host_pseudonym_get(longest, &a),
				   host_pseudonym_get(shortest, &a));
	host_pseudonym_destroy(longest);
	host_pseudonym_destroy(shortest);
}

static void
an_empty_key_is_refused(void)
{
	errno = 0;
	CU_ASSERT_PTR_NULL(host_pseudonym_create("", 0));
	CU_ASSERT_EQUAL(errno, EINVAL);
	host_pseudonym_destroy(NULL);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"pseudonyms_are_the_first_48_bits_of_the_hmac",
		 pseudonyms_are_the_first_48_bits_of_the_hmac},
		{"answers_do_not_depend_on_what_was_asked_before",
		 answers_do_not_depend_on_what_was_asked_before},
		{"keys_longer_than_a_block_and_of_one_byte_are_taken",
		 keys_longer_than_a_block_and_of_one_byte_are_taken},
		{"an_empty_key_is_refused", an_empty_key_is_refused},
	};
	return unit_run("host_pseudonym", cases, sizeof(cases) / sizeof(*cases));
}
