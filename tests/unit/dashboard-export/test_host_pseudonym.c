/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/host_pseudonym.h"

#include "tests/unit/unit.h"

/* The bytes 0 to 31. */
static struct site_key
secret_key(void)
{
	struct site_key key;

	for (unsigned i = 0; i < SITE_KEY_LEN; i++)
		key.bytes[i] = (uint8_t)i;
	return key;
}

static struct host_pseudonym *
create(const struct site_key *key, bool monthly)
{
	struct host_pseudonym *p = host_pseudonym_create(key, monthly);

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	return p;
}

/*
 * printf '\x0a\x00\x00\x05' | openssl dgst -sha256 -mac HMAC -macopt hexkey:..., and the same from
 * Python's hmac module. With the public key no month makes a difference.
 */
static void
public_pseudonyms_are_the_first_48_bits_of_the_hmac(void)
{
	static const struct {
		const char *address;
		const char *pseudonym;
	} rows[] = {
		{"10.0.0.5", "h-52525d9ac148"},
		{"192.168.1.17", "h-31e927dfe171"},
		{"fd00::5", "h-9d18f7df21c4"},
	};
	struct site_key key;

	site_key_public(&key);
	for (unsigned monthly = 0; monthly < 2; monthly++) {
		struct host_pseudonym *p = create(&key, monthly != 0);
		for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
			struct ip_address address;
			CU_ASSERT_EQUAL(ip_address_parse(rows[i].address, &address), 0);
			for (unsigned month = 1; month <= 12; month++)
				CU_ASSERT_STRING_EQUAL(host_pseudonym_get(p, &address, 2026, month),
						       rows[i].pseudonym);
		}
		host_pseudonym_destroy(p);
	}
}

/* Keys and pseudonyms from Python's hmac module. */
static void
a_month_has_a_key_of_its_own(void)
{
	static const struct {
		bool monthly;
		unsigned year, month;
		const char *pseudonym;
	} rows[] = {
		{true, 2026, 12, "h-91995d8e508c"}, {true, 2027, 1, "h-91da7ca83d28"},
		{true, 2026, 12, "h-91995d8e508c"}, {false, 2026, 12, "h-db182403427a"},
		{false, 2027, 1, "h-db182403427a"},
	};
	struct ip_address a = {.version = 4, .bytes = {10, 0, 0, 5}};
	struct site_key key = secret_key();
	struct host_pseudonym *only = create(&key, false), *monthly = create(&key, true);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct host_pseudonym *p = rows[i].monthly ? monthly : only;
		CU_ASSERT_STRING_EQUAL(host_pseudonym_get(p, &a, rows[i].year, rows[i].month),
				       rows[i].pseudonym);
	}
	host_pseudonym_destroy(only);
	host_pseudonym_destroy(monthly);
}

/* Two months by turns, then one that drives out another, then that one again. */
static void
months_may_come_in_any_order(void)
{
	static const struct {
		unsigned year, month;
	} months[] = {{2026, 12}, {2027, 1}, {2026, 12}, {2027, 2},
		      {2026, 12}, {2027, 3}, {2027, 1}};
	struct ip_address a = {.version = 4, .bytes = {10, 0, 0, 5}};
	struct site_key key = secret_key();
	struct host_pseudonym *kept = create(&key, true);

	for (size_t i = 0; i < sizeof(months) / sizeof(*months); i++) {
		struct host_pseudonym *fresh = create(&key, true);
		CU_ASSERT_STRING_EQUAL(
			host_pseudonym_get(kept, &a, months[i].year, months[i].month),
			host_pseudonym_get(fresh, &a, months[i].year, months[i].month));
		host_pseudonym_destroy(fresh);
	}
	host_pseudonym_destroy(kept);
}

/* More hosts than slots, twice, against fresh objects that have nothing kept. */
static void
answers_do_not_depend_on_what_was_asked_before(void)
{
	struct site_key key = secret_key();
	struct host_pseudonym *kept = create(&key, true);
	unsigned wrong = 0;

	for (unsigned i = 0; i < 20000; i++) {
		struct ip_address a = {
			.version = 4,
			.bytes = {10, (uint8_t)(i % 10000 >> 8), (uint8_t)(i % 10000)}};
		char text[HOST_PSEUDONYM_LEN + 1];
		strcpy(text, host_pseudonym_get(kept, &a, 2026, 12));
		wrong += strlen(text) != HOST_PSEUDONYM_LEN;
		if (i % 997 != 0)
			continue;
		struct host_pseudonym *fresh = create(&key, true);
		wrong += strcmp(host_pseudonym_get(fresh, &a, 2026, 12), text) != 0;
		host_pseudonym_destroy(fresh);
	}
	host_pseudonym_destroy(kept);
	host_pseudonym_destroy(NULL);
	CU_ASSERT_EQUAL(wrong, 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"public_pseudonyms_are_the_first_48_bits_of_the_hmac",
		 public_pseudonyms_are_the_first_48_bits_of_the_hmac},
		{"a_month_has_a_key_of_its_own", a_month_has_a_key_of_its_own},
		{"months_may_come_in_any_order", months_may_come_in_any_order},
		{"answers_do_not_depend_on_what_was_asked_before",
		 answers_do_not_depend_on_what_was_asked_before},
	};
	return unit_run("host_pseudonym", cases, sizeof(cases) / sizeof(*cases));
}
