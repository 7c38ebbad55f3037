/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/formats/line_event.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

static const char *
told(const struct event *event)
{
	return line_event_message(&format_leef, false, event, line_event_context());
}

static void
messages_are_those_of_the_golden_files(void)
{
	CU_ASSERT(line_event_all_match(&format_leef, false, "leef"));
}

/* QRadar passes over the second value of a key. */
static void
no_key_stands_twice(void)
{
	char *text = strdup(told(line_event_longest("x", 20)));
	char *keys[128], *rest = NULL;
	size_t count = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	char *at = strtok_r(strstr(text, "|0x09|") + 6, "\t", &rest);
	for (; at != NULL && count < 128; at = strtok_r(NULL, "\t", &rest)) {
		at[strcspn(at, "=")] = '\0';
		for (size_t i = 0; i < count; i++)
			CU_ASSERT_STRING_NOT_EQUAL(at, keys[i]);
		keys[count++] = at;
	}
	CU_ASSERT(count > 60);
	free(text);
}

static void
severities_are_1_to_10(void)
{
	static const struct {
		const char *name, *part;
	} rows[] = {
		{"alert-ipv4", "\tsev=1\t"}, {"flow", "\tsev=3\t"},     {"finding", "\tsev=5\t"},
		{"alert-ipv6", "\tsev=8\t"}, {"hostile", "\tsev=10\t"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT_PTR_NOT_NULL(strstr(told(line_event(rows[i].name)), rows[i].part));
}

/* Together they are what QRadar knows an event by. */
static void
event_id_and_category_are_of_the_rule_alone(void)
{
	CU_ASSERT_PTR_NOT_NULL(
		strstr(told(line_event("alert-ipv6")), "|ECO-USA+R9|0x09|cat=alert\t"));
	CU_ASSERT_PTR_NOT_NULL(strstr(told(line_event("test")), "|SYS-TEST|0x09|cat=sensor\t"));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"messages_are_those_of_the_golden_files", messages_are_those_of_the_golden_files},
		{"no_key_stands_twice", no_key_stands_twice},
		{"severities_are_1_to_10", severities_are_1_to_10},
		{"event_id_and_category_are_of_the_rule_alone",
		 event_id_and_category_are_of_the_rule_alone},
	};
	return unit_run("format_leef", cases, sizeof(cases) / sizeof(*cases));
}
