/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/journal/journal_chain.h"

#include "dashboard-export/journal/journal_checkpoint.h"
#include "tests/unit/unit.h"

#include <string.h>

#define ID "0123456789abcdef0123456789abcdef"

static struct site_key
sevens(void)
{
	struct site_key key;

	memset(key.bytes, 7, sizeof(key.bytes));
	return key;
}

static void
expect_hex(const uint8_t *bytes, size_t len, const char *expected)
{
	char digits[256];

	journal_chain_hex(bytes, len, digits);
	CU_ASSERT_STRING_EQUAL(digits, expected);
}

/* Computed with Python's hashlib from the description in the header. */
static void
hashes_are_those_of_the_description(void)
{
	struct journal_chain *chain = journal_chain_create(NULL);
	uint8_t before[JOURNAL_HASH_LEN], hash[JOURNAL_HASH_LEN];
	const struct journal_row row = {
		.sequence = 1,
		.recorded_ns = 1700000000000000000,
		.time_ns = 1600000000000000000,
		.kind = JOURNAL_ALERT,
		.severity = SEVERITY_HIGH,
		.id = "ab",
		.rule = "INT-USA",
		.content = "{\"a\":1}",
		.len = 7,
	};

	CU_ASSERT_PTR_NOT_NULL_FATAL(chain);
	CU_ASSERT_TRUE(journal_chain_begin(chain, ID, before));
	expect_hex(before, sizeof(before),
		   "43b526a15857d261b4085570a778323385ec9507ff06ea6a5b351bd1084c1ab7");
	CU_ASSERT_TRUE(journal_chain_hash(chain, before, &row, hash));
	expect_hex(hash, sizeof(hash),
		   "92c0611258441179134a90003aad8374912f63908bf09c437a0aee47ff4d932d");
	journal_chain_destroy(chain);
}

/* Computed with the openssl command from HMAC-SHA-256(key, "journal signature"). */
static void
the_public_key_follows_from_the_site_key(void)
{
	struct site_key key = sevens();
	struct journal_chain *chain = journal_chain_create(&key);
	uint8_t public_key[JOURNAL_PUBLIC_KEY_LEN];

	CU_ASSERT_PTR_NOT_NULL_FATAL(chain);
	CU_ASSERT_TRUE(journal_chain_public_key(chain, public_key));
	expect_hex(public_key, sizeof(public_key),
		   "71a550fc3b08b51ff23cbe8ed858435d19e1323aa4ff31d2680e970b2d3eb848");
	journal_chain_destroy(chain);
}

static void
a_signature_holds_for_its_text_and_key_alone(void)
{
	struct site_key key = sevens();
	struct journal_chain *chain = journal_chain_create(&key);
	uint8_t signature[JOURNAL_SIGNATURE_LEN], public_key[JOURNAL_PUBLIC_KEY_LEN];

	CU_ASSERT_PTR_NOT_NULL_FATAL(chain);
	CU_ASSERT_TRUE(journal_chain_public_key(chain, public_key));
	CU_ASSERT_TRUE(journal_chain_sign(chain, "head", signature));
	CU_ASSERT_TRUE(journal_chain_check(public_key, "head", signature));
	CU_ASSERT_FALSE(journal_chain_check(public_key, "heap", signature));
	public_key[3] ^= 1;
	CU_ASSERT_FALSE(journal_chain_check(public_key, "head", signature));
	journal_chain_destroy(chain);
	chain = journal_chain_create(NULL);
	CU_ASSERT_FALSE(journal_chain_sign(chain, "head", signature));
	journal_chain_destroy(chain);
}

static void
hexadecimal_is_read_strictly(void)
{
	uint8_t bytes[2];

	CU_ASSERT_TRUE(journal_chain_unhex("09af", bytes, 2));
	CU_ASSERT_EQUAL(bytes[1], 0xaf);
	CU_ASSERT_FALSE(journal_chain_unhex("09AF", bytes, 2));
	CU_ASSERT_FALSE(journal_chain_unhex("09a", bytes, 2));
	CU_ASSERT_FALSE(journal_chain_unhex("09af0", bytes, 2));
	CU_ASSERT_FALSE(journal_chain_unhex("", bytes, 2));
}

static void
a_checkpoint_is_read_back_and_cannot_be_changed(void)
{
	struct site_key key = sevens();
	struct journal_chain *chain = journal_chain_create(&key);
	const struct journal_checkpoint made = {.removed_through = 1234567890123,
						.removed = 5000,
						.recorded_before = 1700000000000000000,
						.hash = {1, 2, 3}};
	struct journal_checkpoint read;
	uint8_t public_key[JOURNAL_PUBLIC_KEY_LEN];
	char content[JOURNAL_CHECKPOINT_MAX], why[128];

	CU_ASSERT_PTR_NOT_NULL_FATAL(chain);
	CU_ASSERT_TRUE(journal_chain_public_key(chain, public_key));
	size_t len = journal_checkpoint_format(&made, chain, ID, content);
	CU_ASSERT_TRUE(len > 0 && len < sizeof(content));
	CU_ASSERT_TRUE(journal_checkpoint_parse(content, len, ID, public_key, &read, why));
	CU_ASSERT_EQUAL(read.removed_through, made.removed_through);
	CU_ASSERT_EQUAL(read.removed, made.removed);
	CU_ASSERT_EQUAL(memcmp(read.hash, made.hash, sizeof(read.hash)), 0);
	CU_ASSERT_FALSE(
		journal_checkpoint_parse(content, len, "another journal", public_key, &read, why));
	CU_ASSERT_STRING_EQUAL(why, "the check-point's signature is wrong");
	for (size_t i = 0; i < len; i++) {
		char kept = content[i];
		content[i] = (char)(kept ^ 1);
		CU_ASSERT_FALSE(journal_checkpoint_parse(content, len, ID, public_key, &read, why));
		content[i] = kept;
	}
	journal_chain_destroy(chain);
}

static const struct unit_case cases[] = {
	{"hashes_are_those_of_the_description", hashes_are_those_of_the_description},
	{"the_public_key_follows_from_the_site_key", the_public_key_follows_from_the_site_key},
	{"a_signature_holds_for_its_text_and_key_alone",
	 a_signature_holds_for_its_text_and_key_alone},
	{"hexadecimal_is_read_strictly", hexadecimal_is_read_strictly},
	{"a_checkpoint_is_read_back_and_cannot_be_changed",
	 a_checkpoint_is_read_back_and_cannot_be_changed},
};

int
main(void)
{
	return unit_run("journal_chain", cases, sizeof(cases) / sizeof(*cases));
}
