/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggestion.h"

#include <string.h>

#include "tests/unit/unit.h"

static const struct {
	const char *a, *b;
	unsigned distance;
} distances[] = {
	{"", "", 0},
	{"abc", "abc", 0},
	{"abc", "", 3},
	{"aliasses", "aliases", 1},
	{"asn", "asns", 1},
	{"naem", "name", 1},
	{"exposrue", "exposure", 1},
	{"kitten", "sitting", 3},
	{"abcd", "dcba", 3},
};

static void
distance_counts_edits_and_swaps(void)
{
	for (size_t i = 0; i < sizeof(distances) / sizeof(*distances); i++) {
		CU_ASSERT_EQUAL(suggestion_distance(distances[i].a, distances[i].b),
				distances[i].distance);
		CU_ASSERT_EQUAL(suggestion_distance(distances[i].b, distances[i].a),
				distances[i].distance);
	}
}

static void
overlong_words_are_far_from_everything(void)
{
	char longer[SUGGESTION_WORD_MAX + 2] = {0};
	memset(longer, 'a', SUGGESTION_WORD_MAX + 1);
	CU_ASSERT_EQUAL(suggestion_distance(longer, longer), SUGGESTION_WORD_MAX);
	longer[SUGGESTION_WORD_MAX] = '\0';
	CU_ASSERT_EQUAL(suggestion_distance(longer, longer), 0);
}

static void
nearest_word_is_offered(void)
{
	struct suggestion s = {.given = "aliasses"};
	suggestion_offer(&s, "asns");
	CU_ASSERT_PTR_NULL(s.word);
	suggestion_offer(&s, "aliased");
	suggestion_offer(&s, "aliases");
	suggestion_offer(&s, "alias");
	CU_ASSERT_STRING_EQUAL(s.word, "aliases");
}

static void
far_word_is_not_offered(void)
{
	struct suggestion s = {.given = "colour"};
	suggestion_offer(&s, "id");
	suggestion_offer(&s, "exposure");
	suggestion_offer(&s, "");
	CU_ASSERT_PTR_NULL(s.word);
}

static const struct unit_case cases[] = {
	{"distance_counts_edits_and_swaps", distance_counts_edits_and_swaps},
	{"overlong_words_are_far_from_everything", overlong_words_are_far_from_everything},
	{"nearest_word_is_offered", nearest_word_is_offered},
	{"far_word_is_not_offered", far_word_is_not_offered},
};

int
main(void)
{
	return unit_run("suggestion", cases, sizeof(cases) / sizeof(*cases));
}
