/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/keyed_hash.h"

#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* RFC 4231 4.2, 4.3, 4.4, 4.7 and 4.8; a key or message of one byte repeated is given as that. */
static const struct {
	const char *key;
	uint8_t key_byte;
	size_t key_len;
	const char *data;
	uint8_t data_byte;
	size_t data_len;
	const char *hash;
} rows[] = {
	{NULL, 0x0b, 20, "Hi There", 0, 8,
	 "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
	{"Jefe", 0, 4, "what do ya want for nothing?", 0, 28,
	 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
	{NULL, 0xaa, 20, NULL, 0xdd, 50,
	 "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
	{NULL, 0xaa, 131, "Test Using Larger Than Block-Size Key - Hash Key First", 0, 54,
	 "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
	{NULL, 0xaa, 131,
	 "This is a test using a larger than block-size key and a larger than block-size data. "
	 "The key needs to be hashed before being used by the HMAC algorithm.",
	 0, 152, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
};

static const void *
bytes_of(const char *text, uint8_t byte, size_t len, uint8_t *room)
{
	if (text != NULL)
		return text;
	memset(room, byte, len);
	return room;
}

static void
expect_hash(struct keyed_hash *hash, size_t row)
{
	uint8_t room[256], out[KEYED_HASH_LEN];
	char text[2 * KEYED_HASH_LEN + 1];

	CU_ASSERT_TRUE(keyed_hash_compute(
		hash, bytes_of(rows[row].data, rows[row].data_byte, rows[row].data_len, room),
		rows[row].data_len, out));
	for (size_t i = 0; i < sizeof(out); i++)
		snprintf(text + 2 * i, 3, "%02x", out[i]);
	CU_ASSERT_STRING_EQUAL(text, rows[row].hash);
}

static struct keyed_hash *
create(size_t row)
{
	uint8_t room[256];
	struct keyed_hash *hash = keyed_hash_create(
		bytes_of(rows[row].key, rows[row].key_byte, rows[row].key_len, room),
		rows[row].key_len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(hash);
	return hash;
}

static void
hashes_are_those_of_rfc_4231(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct keyed_hash *hash = create(i);
		expect_hash(hash, i);
		keyed_hash_destroy(hash);
	}
}

static void
one_key_hashes_many_messages(void)
{
	struct keyed_hash *hash = create(1);
	uint8_t other[KEYED_HASH_LEN];

	for (unsigned i = 0; i < 3; i++) {
		expect_hash(hash, 1);
		CU_ASSERT_TRUE(keyed_hash_compute(hash, "", 0, other));
	}
	keyed_hash_destroy(hash);
}

static void
an_empty_key_is_refused(void)
{
	errno = 0;
	CU_ASSERT_PTR_NULL(keyed_hash_create("", 0));
	CU_ASSERT_EQUAL(errno, EINVAL);
	keyed_hash_destroy(NULL);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"hashes_are_those_of_rfc_4231", hashes_are_those_of_rfc_4231},
		{"one_key_hashes_many_messages", one_key_hashes_many_messages},
		{"an_empty_key_is_refused", an_empty_key_is_refused},
	};
	return unit_run("keyed_hash", cases, sizeof(cases) / sizeof(*cases));
}
