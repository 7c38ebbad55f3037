/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/flow_id_seed.h"

#include "tests/unit/unit.h"

/* hmac.new(bytes(range(32)), b"flow id", "sha256") of Python. */
static void
a_seed_is_the_beginning_of_the_hash(void)
{
	struct site_key key;
	uint64_t seed = 0;

	for (uint8_t i = 0; i < SITE_KEY_LEN; i++)
		key.bytes[i] = i;
	CU_ASSERT_TRUE(flow_id_seed_derive(&key, &seed));
	CU_ASSERT_EQUAL(seed, UINT64_C(0x939970742056d661));
}

static void
every_key_has_its_own(void)
{
	struct site_key key = {{0}};
	uint64_t seed = 0, other = 0, again = 0;

	CU_ASSERT_TRUE(flow_id_seed_derive(&key, &seed));
	CU_ASSERT_TRUE(flow_id_seed_derive(&key, &again));
	key.bytes[31] = 1;
	CU_ASSERT_TRUE(flow_id_seed_derive(&key, &other));
	CU_ASSERT_EQUAL(seed, again);
	CU_ASSERT_NOT_EQUAL(seed, other);
	CU_ASSERT_NOT_EQUAL(seed, 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"a_seed_is_the_beginning_of_the_hash", a_seed_is_the_beginning_of_the_hash},
		{"every_key_has_its_own", every_key_has_its_own},
	};

	return unit_run("flow_id_seed", cases, sizeof(cases) / sizeof(*cases));
}
