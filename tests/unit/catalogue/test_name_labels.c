/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/name_labels.h"

#include <string.h>

#include "tests/unit/unit.h"

static void
labels_are_counted_from_the_left(void)
{
	struct name_labels labels;
	CU_ASSERT_TRUE_FATAL(name_labels_cut("a.bcd.ef", &labels));
	CU_ASSERT_EQUAL(labels.count, 3);
	CU_ASSERT_EQUAL(name_labels_len(&labels, 0), 1);
	CU_ASSERT_EQUAL(name_labels_len(&labels, 1), 3);
	CU_ASSERT_EQUAL(name_labels_len(&labels, 2), 2);
	CU_ASSERT_EQUAL(memcmp(name_labels_text(&labels, 1), "bcd", 3), 0);
	CU_ASSERT_TRUE(name_labels_cut("localhost", &labels));
	CU_ASSERT_EQUAL(labels.count, 1);
}

static void
empty_names_and_labels_are_refused(void)
{
	static const char *const names[] = {"", ".", "a.", ".a", "a..b", "..", "a.b."};
	struct name_labels labels;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		CU_ASSERT_FALSE(name_labels_cut(names[i], &labels));
}

static void
longest_name_and_most_labels_fit(void)
{
	struct name_labels labels;
	char name[DOMAIN_NAME_MAX + 1] = {0};

	for (size_t i = 0; i < DOMAIN_NAME_MAX - 1; i++)
		name[i] = i % 2 == 0 ? 'a' : '.';
	CU_ASSERT_TRUE_FATAL(name_labels_cut(name, &labels));
	CU_ASSERT_EQUAL(labels.count, NAME_LABELS_MAX);
	CU_ASSERT_EQUAL(name_labels_len(&labels, NAME_LABELS_MAX - 1), 1);

	memset(name, 'a', DOMAIN_NAME_MAX - 1);
	CU_ASSERT_TRUE_FATAL(name_labels_cut(name, &labels));
	CU_ASSERT_EQUAL(name_labels_len(&labels, 0), DOMAIN_NAME_MAX - 1);
	name[DOMAIN_NAME_MAX - 1] = 'a';
	CU_ASSERT_FALSE(name_labels_cut(name, &labels));
}

static const struct unit_case cases[] = {
	{"labels_are_counted_from_the_left", labels_are_counted_from_the_left},
	{"empty_names_and_labels_are_refused", empty_names_and_labels_are_refused},
	{"longest_name_and_most_labels_fit", longest_name_and_most_labels_fit},
};

int
main(void)
{
	return unit_run("name_labels", cases, sizeof(cases) / sizeof(*cases));
}
