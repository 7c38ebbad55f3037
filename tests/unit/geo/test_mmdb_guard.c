/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/mmdb_guard.h"
#include "tests/unit/geo/given.h"

/* A section as a string literal, in a block of exactly its size so that the sanitizer sees every
 * step over it. */
static bool
is_tame(const char *bytes, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	memcpy(copy, bytes, len);
	bool tame = mmdb_item_is_tame(slice_of(copy, len), 0);
	free(copy);
	return tame;
}

#define TAME(literal) CU_ASSERT(is_tame(literal, sizeof(literal) - 1))
#define WILD(literal) CU_ASSERT(!is_tame(literal, sizeof(literal) - 1))

static void
items_of_every_type_are_tame(void)
{
	TAME("\x43"
	     "abc"); /* text */
	TAME("\x68"
	     "12345678"); /* double */
	TAME("\x04\x08"
	     "1234"); /* float */
	TAME("\x82"
	     "ab");   /* bytes */
	TAME("\xa0"); /* uint16 0 */
	TAME("\xc4"
	     "1234"); /* uint32 */
	TAME("\x04\x01"
	     "1234"); /* int32 */
	TAME("\x08\x02"
	     "12345678"); /* uint64 */
	TAME("\x10\x03"
	     "1234567812345678"); /* uint128 */
	TAME("\x01\x07");         /* true */
	TAME("\x00\x04");         /* empty array */
	TAME("\xe0");             /* empty map */
	TAME("\x02\x04\xa0\xa0"); /* array of two */
	TAME("\xe1\x41"
	     "a\xa0"); /* map of one */
	TAME("\xe1\x41"
	     "a\xe1\x41"
	     "b\x42"
	     "cd"); /* map in a map */
	TAME("\xe2\x41"
	     "a\x20\x05\x41"
	     "b\x41"
	     "c"); /* value by pointer, to "b" */
}

static void
map_key_may_be_a_pointer_to_a_text(void)
{
	TAME("\xe1\x20\x04\xa0\x41"
	     "a");
	WILD("\xe1\x20\x04\xa0\xa0");
}

static void
cut_items_are_not(void)
{
	static const char whole[] = "\xe2\x41"
				    "a\x20\x05\x41"
				    "b\x5d\x03"
				    "12345678901234567890123456789012";
	TAME(whole);
	for (size_t len = 0; len < sizeof(whole) - 1; len++)
		CU_ASSERT(!is_tame(whole, len));
	CU_ASSERT(!mmdb_item_is_tame(slice_of(whole, 5), 5));
	CU_ASSERT(!mmdb_item_is_tame((struct slice){0}, 0));
}

static void
sizes_that_a_type_cannot_have_are_not(void)
{
	WILD("\x67"
	     "1234567"); /* double of 7 */
	WILD("\x03\x08"
	     "123"); /* float of 3 */
	WILD("\xa3"
	     "123"); /* uint16 of 3 */
	WILD("\xc5"
	     "12345"); /* uint32 of 5 */
	WILD("\x05\x01"
	     "12345"); /* int32 of 5 */
	WILD("\x09\x02"
	     "123456789"); /* uint64 of 9 */
	WILD("\x11\x03"
	     "12345678123456781"); /* uint128 of 17 */
	WILD("\x02\x07");          /* boolean 2 */
	WILD("\x00\x05");          /* container */
	WILD("\x00\x06");          /* end marker */
	WILD("\x00\x00");          /* extended, but a basic type */
	WILD("\x00\x09");          /* no such type */
	WILD("\x5f\xff\xff\xff"
	     "abc"); /* text of 16 MiB */
	WILD("\xff\xff\xff\xff"
	     "abc"); /* map of 16 Mi pairs */
}

static void
map_key_that_is_no_text_is_not(void)
{
	WILD("\xe1\xa0\xa0");
	WILD("\xe1\xe0\xa0");
}

static void
pointers_astray_are_not(void)
{
	WILD("\x20\x02");                 /* behind the end */
	WILD("\x20\x00");                 /* to itself: a pointer to a pointer */
	WILD("\x20\x02\x20\x04\xa0");     /* to another pointer */
	WILD("\x28\x00\x00");             /* 2048 and more */
	WILD("\x30\x00\x00\x00");         /* 526336 and more */
	WILD("\x38\xff\xff\xff\xff");     /* 2^32 - 1 */
	TAME("\x38\x00\x00\x00\x05\xa0"); /* the long form of 5 */
}

static void
endless_structures_are_not(void)
{
	WILD("\xe1\x41"
	     "a\x20\x00");                /* a map that holds itself */
	WILD("\x01\x04\x20\x00");         /* an array that holds itself */
	WILD("\x02\x04\x20\x00\x20\x00"); /* twice, so that it doubles at every level */
}

static void
nesting_ends_at_the_limit(void)
{
	char bytes[2 * 64 + 1];
	for (unsigned depth = 1; depth <= 64; depth++) {
		for (unsigned i = 0; i < depth; i++)
			memcpy(bytes + 2 * (size_t)i, "\x01\x04", 2);
		bytes[2 * depth] = '\xa0';
		/* One level is the item itself. */
		CU_ASSERT_EQUAL(is_tame(bytes, 2 * (size_t)depth + 1), depth < MMDB_GUARD_DEPTH);
	}
}

static void
number_of_items_ends_at_the_limit(void)
{
	static char bytes[5 + MMDB_GUARD_ITEMS + 1];
	for (unsigned count = MMDB_GUARD_ITEMS - 2; count <= MMDB_GUARD_ITEMS; count++) {
		unsigned size = count - 285;
		memcpy(bytes, (char[]){0x1e, 0x04, (char)(size >> 8), (char)size}, 4);
		memset(bytes + 4, 0xa0, count);
		CU_ASSERT_EQUAL(is_tame(bytes, 4 + (size_t)count), count < MMDB_GUARD_ITEMS);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"items_of_every_type_are_tame", items_of_every_type_are_tame},
		{"map_key_may_be_a_pointer_to_a_text", map_key_may_be_a_pointer_to_a_text},
		{"cut_items_are_not", cut_items_are_not},
		{"sizes_that_a_type_cannot_have_are_not", sizes_that_a_type_cannot_have_are_not},
		{"map_key_that_is_no_text_is_not", map_key_that_is_no_text_is_not},
		{"pointers_astray_are_not", pointers_astray_are_not},
		{"endless_structures_are_not", endless_structures_are_not},
		{"nesting_ends_at_the_limit", nesting_ends_at_the_limit},
		{"number_of_items_ends_at_the_limit", number_of_items_ends_at_the_limit},
	};
	return unit_run("mmdb_guard", cases, sizeof(cases) / sizeof(*cases));
}
