/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/name_pool.h"

#include "tests/unit/unit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static char text[512];

/* A text of `len` that tells its length and number apart from others. */
static const char *
text_of(size_t len, unsigned number)
{
	memset(text, 'a' + (int)(number % 26), len);
	text[len] = '\0';
	return text;
}

static bool
name_is(const struct name_pool *pool, uint32_t name, size_t len, unsigned number)
{
	size_t stored;
	const char *at = name_pool_get(pool, name, &stored);

	return stored == len && strlen(at) == len && memcmp(at, text_of(len, number), len) == 0;
}

static void
names_of_every_length_are_kept(void)
{
	struct name_pool *pool = name_pool_create(300);
	uint32_t names[NAME_POOL_TEXT_MAX + 1];

	CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
	for (unsigned len = 1; len <= NAME_POOL_TEXT_MAX; len++) {
		/* The larger slots are fewer: only some of the long ones fit beside each other. */
		names[len] = name_pool_add(pool, text_of(len, len), len);
		CU_ASSERT_NOT_EQUAL_FATAL(names[len], NAME_POOL_NONE);
		CU_ASSERT(name_is(pool, names[len], len, len));
		if (len % 8 != 0) {
			name_pool_remove(pool, names[len]);
			names[len] = NAME_POOL_NONE;
		}
	}
	for (unsigned len = 1; len <= NAME_POOL_TEXT_MAX; len++)
		CU_ASSERT(names[len] == NAME_POOL_NONE || name_is(pool, names[len], len, len));
	name_pool_destroy(pool);
}

static void
what_is_too_long_is_refused(void)
{
	struct name_pool *pool = name_pool_create(10);

	CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
	CU_ASSERT_NOT_EQUAL(name_pool_add(pool, text_of(NAME_POOL_TEXT_MAX, 0), NAME_POOL_TEXT_MAX),
			    NAME_POOL_NONE);
	CU_ASSERT_EQUAL(
		name_pool_add(pool, text_of(NAME_POOL_TEXT_MAX + 1, 0), NAME_POOL_TEXT_MAX + 1),
		NAME_POOL_NONE);
	name_pool_destroy(pool);
}

static void
a_full_size_lends_from_the_larger_ones_until_all_are_full(void)
{
	enum { NAMES = 16 };
	struct name_pool *pool = name_pool_create(NAMES);
	uint32_t names[4 * NAMES];
	unsigned count = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
	while (count < COUNT(names)) {
		names[count] = name_pool_add(pool, text_of(5, count), 5);
		if (names[count] == NAME_POOL_NONE)
			break;
		count++;
	}
	CU_ASSERT(count >= NAMES);
	CU_ASSERT(count < COUNT(names));
	for (unsigned i = 0; i < count; i++)
		CU_ASSERT(name_is(pool, names[i], 5, i));
	/* One given back is one to be had again. */
	name_pool_remove(pool, names[3]);
	CU_ASSERT_EQUAL(name_pool_add(pool, text_of(5, 99), 5), names[3]);
	CU_ASSERT(name_is(pool, names[3], 5, 99));
	CU_ASSERT_EQUAL(name_pool_add(pool, "x", 1), NAME_POOL_NONE);
	name_pool_destroy(pool);
}

static void
random_names_stay_what_they_are(void)
{
	enum { SLOTS = 64 };
	struct name_pool *pool = name_pool_create(4 * SLOTS);
	struct {
		uint32_t name;
		size_t len;
		unsigned number;
	} slots[SLOTS];
	unsigned seed = 3;

	CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
	for (unsigned i = 0; i < SLOTS; i++)
		slots[i].name = NAME_POOL_NONE;
	for (unsigned step = 0; step < 20000; step++) {
		unsigned i = (unsigned)rand_r(&seed) % SLOTS;
		if (slots[i].name != NAME_POOL_NONE) {
			CU_ASSERT(name_is(pool, slots[i].name, slots[i].len, slots[i].number));
			name_pool_remove(pool, slots[i].name);
			slots[i].name = NAME_POOL_NONE;
			continue;
		}
		slots[i].len = 1 + (unsigned)rand_r(&seed) % 200;
		slots[i].number = step;
		slots[i].name = name_pool_add(pool, text_of(slots[i].len, step), slots[i].len);
	}
	name_pool_destroy(pool);
}

static void
destroying_nothing_does_nothing(void)
{
	name_pool_destroy(NULL);
}

static const struct unit_case cases[] = {
	{"names_of_every_length_are_kept", names_of_every_length_are_kept},
	{"what_is_too_long_is_refused", what_is_too_long_is_refused},
	{"a_full_size_lends_from_the_larger_ones_until_all_are_full",
	 a_full_size_lends_from_the_larger_ones_until_all_are_full},
	{"random_names_stay_what_they_are", random_names_stay_what_they_are},
	{"destroying_nothing_does_nothing", destroying_nothing_does_nothing},
};

int
main(void)
{
	return unit_run("name_pool", cases, COUNT(cases));
}
