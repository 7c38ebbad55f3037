/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of range lists share: a list's entries as one text, or its only fault. */
#pragma once

#include <errno.h>
#include <stdio.h>

#include "geo/ranges.h"
#include "tests/unit/geo/given.h"

/* The entries taken, as "prefix/bits|service|region" lines. */
struct taken {
	char text[4096];
	unsigned entries;
	int answer;
};

static inline int
take(void *context, const struct range_entry *entry)
{
	struct taken *taken = context;
	char address[IP_ADDRESS_TEXT_MAX];
	ip_address_format(&entry->prefix.address, address);
	size_t at = strlen(taken->text);
	snprintf(taken->text + at, sizeof(taken->text) - at, "%s/%u|%s|%s\n", address,
		 entry->prefix.bits, entry->service != NULL ? entry->service : "-",
		 entry->region != NULL ? entry->region : "-");
	taken->entries++;
	return taken->answer;
}

/* A list as these tests write it down, where ' stands for ", so that JSON stays readable. */
static inline const char *
quoted(const char *list)
{
	static char text[8192];
	CU_ASSERT_FATAL(strlen(list) < sizeof(text));
	strcpy(text, list);
	for (char *at = text; (at = strchr(at, '\'')) != NULL;)
		*at = '"';
	return text;
}

static inline int
parse(const char *feed, const char *list, struct taken *taken, struct fault_list *faults)
{
	struct named_bytes text = given_text(quoted(list));
	struct range_list_about about;
	struct range_sink sink = {.on_entry = take, .context = taken};
	return range_list_parse(range_feed_find(feed), &text, &about, &sink, faults);
}

/* A list of `feed` has to give the lines `expected` and no fault. */
static inline void
gives(const char *feed, const char *list, const char *expected)
{
	struct taken taken = {0};
	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_EQUAL(parse(feed, list, &taken, &faults), 0);
	CU_ASSERT_STRING_EQUAL(taken.text, expected);
	CU_ASSERT_EQUAL(faults.count, 0);
	fault_list_fini(&faults);
}

/* A list of `feed` has to give exactly one fault, which begins with `expected`. */
static inline void
faults_with(const char *feed, const char *list, const char *expected)
{
	struct taken taken = {0};
	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_EQUAL(parse(feed, list, &taken, &faults), -EINVAL);
	CU_ASSERT_EQUAL_FATAL(faults.count, 1);
	if (strncmp(faults.faults[0].text, expected, strlen(expected)) != 0) {
		printf("# %s\n# instead of %s\n", faults.faults[0].text, expected);
		CU_FAIL("another fault was expected");
	}
	fault_list_fini(&faults);
}
