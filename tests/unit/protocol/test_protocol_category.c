/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/protocol/protocol_category.h"

#include <string.h>

#include "base/flow_record.h"
#include "tests/unit/unit.h"

static void
words_are_short_and_lower_case(void)
{
	for (unsigned i = 0; i < PROTOCOL_CATEGORY_COUNT; i++) {
		const char *text = protocol_category_text(i);
		CU_ASSERT_EQUAL(strspn(text, "abcdefghijklmnopqrstuvwxyz-"), strlen(text));
		CU_ASSERT(strlen(text) < FLOW_PROTOCOL_MAX);
	}
}

static void
words_stay(void)
{
	static const struct {
		unsigned category;
		const char *text;
	} rows[] = {
		{0, ""},          {2, "vpn"},
		{10, "voip"},     {12, "remote-access"},
		{14, "network"},  {20, ""},
		{99, "mining"},   {PROTOCOL_CATEGORY_COUNT, ""},
		{11, "database"}, {7, "file-transfer"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT_STRING_EQUAL(protocol_category_text(rows[i].category), rows[i].text);
}

static const struct unit_case cases[] = {
	{"words_are_short_and_lower_case", words_are_short_and_lower_case},
	{"words_stay", words_stay},
};

int
main(void)
{
	return unit_run("protocol_category", cases, sizeof(cases) / sizeof(*cases));
}
