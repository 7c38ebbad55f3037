/* SPDX-License-Identifier: Apache-2.0 */
#include "base/human_text.h"

#include "tests/unit/unit.h"

static void
bytes_have_binary_units(void)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} rows[] = {
		{0, "0 B"},
		{1, "1 B"},
		{1023, "1023 B"},
		{1024, "1.0 KiB"},
		{1536, "1.5 KiB"},
		{1587, "1.5 KiB"},
		{1588, "1.6 KiB"},
		{1048524, "1023.9 KiB"},
		{1048525, "1.0 MiB"}, /* 1023.95 KiB is not shown as 1024.0 */
		{1048576, "1.0 MiB"},
		{104857600, "100.0 MiB"},
		{UINT64_C(1) << 40, "1.0 TiB"},
		{UINT64_MAX, "16.0 EiB"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT_STRING_EQUAL(human_bytes(rows[i].bytes).text, rows[i].text);
}

static void
counts_have_separators(void)
{
	static const struct {
		uint64_t count;
		const char *text;
	} rows[] = {
		{0, "0"},
		{7, "7"},
		{999, "999"},
		{1000, "1,000"},
		{1234567, "1,234,567"},
		{UINT64_MAX, "18,446,744,073,709,551,615"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT_STRING_EQUAL(human_count(rows[i].count).text, rows[i].text);
}

static void
percents_round_neither_to_nothing_nor_to_all(void)
{
	static const struct {
		uint64_t part;
		uint64_t whole;
		const char *text;
	} rows[] = {
		{0, 0, "-"},
		{0, 10, "0.0%"},
		{10, 10, "100.0%"},
		{1, 3, "33.3%"},
		{2, 3, "66.7%"},
		{1, 1000000, "<0.1%"},
		{999999, 1000000, ">99.9%"},
		{UINT64_MAX, UINT64_MAX, "100.0%"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT_STRING_EQUAL(human_percent(rows[i].part, rows[i].whole).text,
				       rows[i].text);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"bytes_have_binary_units", bytes_have_binary_units},
		{"counts_have_separators", counts_have_separators},
		{"percents_round_neither_to_nothing_nor_to_all",
		 percents_round_neither_to_nothing_nor_to_all},
	};
	return unit_run("human_text", cases, sizeof(cases) / sizeof(*cases));
}
