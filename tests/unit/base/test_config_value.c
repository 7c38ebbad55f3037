/* SPDX-License-Identifier: Apache-2.0 */
#include "base/config_value.h"

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void
whole_numbers_are_digits_alone(void)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t value;
	} rows[] = {
		{"0", true, 0},
		{"007", true, 7},
		{"18446744073709551615", true, UINT64_MAX},
		{"18446744073709551616", false, 0},
		{"", false, 0},
		{"-1", false, 0},
		{"+1", false, 0},
		{" 1", false, 0},
		{"1 ", false, 0},
		{"1e3", false, 0},
		{"0x10", false, 0},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t value = 0;
		CU_ASSERT_EQUAL(config_value_parse_uint(rows[i].text, &value), rows[i].good);
		CU_ASSERT_EQUAL(value, rows[i].value);
	}
}

static void
sizes_are_written_in_the_largest_unit_without_a_rest(void)
{
	static const struct {
		const char *text;
		uint64_t size;
	} rows[] = {
		{"0", 0},
		{"512", 512},
		{"1023", 1023},
		{"1KiB", 1024},
		{"1025", 1025},
		{"64KiB", 65536},
		{"1536KiB", 1572864},
		{"1MiB", 1048576},
		{"1GiB", 1073741824},
		{"1024TiB", UINT64_C(1) << 50},
		{"16777215TiB", UINT64_C(16777215) << 40},
		{"18446744073709551615", UINT64_MAX},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[CONFIG_VALUE_TEXT_MAX];
		uint64_t size = 1;
		CU_ASSERT_TRUE(config_value_parse_size(rows[i].text, &size));
		CU_ASSERT_EQUAL(size, rows[i].size);
		config_value_format_size(size, text);
		CU_ASSERT_STRING_EQUAL(text, rows[i].text);
	}
}

static void
other_sizes_are_refused(void)
{
	static const char *const wrong[] = {"",   "KiB",    "1MB",   "1 KiB",       "1kib",
					    "-1", "1.5MiB", "1KiB ", "16777216TiB", "1PiB"};
	for (size_t i = 0; i < COUNT(wrong); i++) {
		uint64_t size = 7;
		CU_ASSERT_FALSE(config_value_parse_size(wrong[i], &size));
		CU_ASSERT_EQUAL(size, 7);
	}
}

static void
ratios_are_ten_thousandths(void)
{
	static const struct {
		const char *text;
		uint64_t ratio;
		const char *written;
	} rows[] = {
		{"0", 0, "0"},          {"1", 10000, "1"},         {"0.6", 6000, "0.6"},
		{"0.60", 6000, "0.6"},  {"0.0005", 5, "0.0005"},   {"0.9999", 9999, "0.9999"},
		{"1.0", 10000, "1"},    {"1.0000", 10000, "1"},    {"0.0", 0, "0"},
		{"0.25", 2500, "0.25"}, {"0.1010", 1010, "0.101"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[CONFIG_VALUE_TEXT_MAX];
		uint64_t ratio = 1;
		CU_ASSERT_TRUE(config_value_parse_ratio(rows[i].text, &ratio));
		CU_ASSERT_EQUAL(ratio, rows[i].ratio);
		config_value_format_ratio(ratio, text);
		CU_ASSERT_STRING_EQUAL(text, rows[i].written);
	}
}

static void
other_ratios_are_refused(void)
{
	static const char *const wrong[] = {"",     ".5",        "0.",   "1.0001", "2",   "0.00001",
					    "01",   "00.5",      "-0.5", "+0.5",   "0,5", "60%",
					    "5e-1", "0.5 ",      " 0.5", "0.5.5",  "0x1", "1.",
					    "0.-1", "1.0000000", "nan"};
	for (size_t i = 0; i < COUNT(wrong); i++) {
		uint64_t ratio = 7;
		CU_ASSERT_FALSE(config_value_parse_ratio(wrong[i], &ratio));
		CU_ASSERT_EQUAL(ratio, 7);
	}
}

static const struct unit_case cases[] = {
	{"whole_numbers_are_digits_alone", whole_numbers_are_digits_alone},
	{"sizes_are_written_in_the_largest_unit_without_a_rest",
	 sizes_are_written_in_the_largest_unit_without_a_rest},
	{"other_sizes_are_refused", other_sizes_are_refused},
	{"ratios_are_ten_thousandths", ratios_are_ten_thousandths},
	{"other_ratios_are_refused", other_ratios_are_refused},
};

int
main(void)
{
	return unit_run("config_value", cases, COUNT(cases));
}
