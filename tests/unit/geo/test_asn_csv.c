/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>

#include "geo/asn_csv.h"
#include "geo/shown_text.h"
#include "tests/unit/geo/given.h"

/* The rows taken, as "first-last asn org" lines. */
struct taken {
	char text[4096];
	unsigned rows;
	int answer;
};

static int
take(void *context, const struct asn_row *row)
{
	struct taken *taken = context;
	char first[IP_ADDRESS_TEXT_MAX], last[IP_ADDRESS_TEXT_MAX];
	ip_address_format(&row->first, first);
	ip_address_format(&row->last, last);
	size_t at = strlen(taken->text);
	snprintf(taken->text + at, sizeof(taken->text) - at, "%s-%s %u %s\n", first, last, row->asn,
		 row->org);
	taken->rows++;
	return taken->answer;
}

static int
parse(const char *csv, uint8_t version, struct taken *taken, struct fault_list *faults)
{
	struct named_bytes text = given_text(csv);
	struct asn_row_sink sink = {.on_row = take, .context = taken};
	return asn_csv_parse(&text, version, &sink, faults);
}

static void
rows_are_read_as_published(void)
{
	static const struct {
		uint8_t version;
		const char *csv;
		const char *rows;
	} cases[] = {
		{4, "1.0.0.0,1.0.0.255,13335,\"Cloudflare, Inc.\"\n",
		 "1.0.0.0-1.0.0.255 13335 Cloudflare, Inc.\n"},
		{4, "2.26.200.0,2.26.215.255,201907,\"LLC \"\"SPUTNIK\"\"\"\n",
		 "2.26.200.0-2.26.215.255 201907 LLC \"SPUTNIK\"\n"},
		{4, "1.0.4.0,1.0.7.255,38803,Gtelecom Pty Ltd\r\n1.0.8.0,1.0.8.0,4294967295,\r\n",
		 "1.0.4.0-1.0.7.255 38803 Gtelecom Pty Ltd\n1.0.8.0-1.0.8.0 4294967295 \n"},
		{4, "1.0.4.0,1.0.7.255,1,Réseau", "1.0.4.0-1.0.7.255 1 Réseau\n"},
		{4, "\"1.0.4.0\",\"1.0.7.255\",\"1\",\"\"\n\n", "1.0.4.0-1.0.7.255 1 \n"},
		{4, "0.0.0.0,255.255.255.255,7,all\n", "0.0.0.0-255.255.255.255 7 all\n"},
		{6, "2001:200::,2001:200:1b9:ffff:ffff:ffff:ffff:ffff,2500,WIDE Project\n",
		 "2001:200::-2001:200:1b9:ffff:ffff:ffff:ffff:ffff 2500 WIDE Project\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct taken taken = {0};
		struct fault_list faults = FAULT_LIST_INIT;
		CU_ASSERT_EQUAL(parse(cases[i].csv, cases[i].version, &taken, &faults), 0);
		CU_ASSERT_STRING_EQUAL(taken.text, cases[i].rows);
		CU_ASSERT_EQUAL(faults.count, 0);
		fault_list_fini(&faults);
	}
}

static void
every_wrong_row_is_named_by_its_line(void)
{
	static const struct {
		const char *csv;
		const char *fault;
	} cases[] = {
		{"", "input: is empty"},
		{"1.0.0.0,1.0.0.255,13335\n", "input:1: too few fields"},
		{"1.0.0.0,1.0.0.255,13335,a,b\n", "input:1: too many fields"},
		{"1.0.0.0,1.0.0.255,13335,\"a\"b\n", "input:1: a field is badly quoted"},
		{"1.0.0.0,1.0.0.255,13335,\"a\n", "input:1: a field is badly quoted"},
		{"1.0.0.0,1.0.0.255,13335,a\"b\n", "input:1: a field is badly quoted"},
		{"1.0.0.256,1.0.0.255,13335,a\n", "input:1: the first two fields"},
		{"1.0.0.0,,13335,a\n", "input:1: the first two fields"},
		{"2001:db8::,2001:db8::1,1,a\n", "input:1: expected IPv4"},
		{"1.0.0.0,2001:db8::1,1,a\n", "input:1: expected IPv4"},
		{"1.0.0.2,1.0.0.1,1,a\n", "input:1: the first address is behind"},
		{"1.0.0.0,1.0.0.255,0,a\n", "input:1: the third field"},
		{"1.0.0.0,1.0.0.255,4294967296,a\n", "input:1: the third field"},
		{"1.0.0.0,1.0.0.255,99999999999999999999,a\n", "input:1: the third field"},
		{"1.0.0.0,1.0.0.255,-1,a\n", "input:1: the third field"},
		{"1.0.0.0,1.0.0.255,1,\xff\n", "input:1: the organisation"},
		{"1.0.0.0,1.0.0.255,1,a\x1b[2J\n", "input:1: the organisation"},
		{"\n\n1.0.0.0,1.0.0.255,x,a\n", "input:3: the third field"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct taken taken = {0};
		struct fault_list faults = FAULT_LIST_INIT;
		CU_ASSERT_EQUAL(parse(cases[i].csv, 4, &taken, &faults), -EINVAL);
		CU_ASSERT_EQUAL(taken.rows, 0);
		CU_ASSERT_EQUAL_FATAL(faults.count, 1);
		CU_ASSERT_EQUAL(
			strncmp(faults.faults[0].text, cases[i].fault, strlen(cases[i].fault)), 0);
		fault_list_fini(&faults);
	}
}

static void
rows_around_a_wrong_one_are_taken_all_the_same(void)
{
	struct taken taken = {0};
	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_EQUAL(
		parse("1.0.0.0,1.0.0.0,1,a\nx\n1.0.0.2,1.0.0.2,2,b\ny\n", 4, &taken, &faults),
		-EINVAL);
	CU_ASSERT_STRING_EQUAL(taken.text, "1.0.0.0-1.0.0.0 1 a\n1.0.0.2-1.0.0.2 2 b\n");
	CU_ASSERT_EQUAL(faults.count, 2);
	fault_list_fini(&faults);
}

static void
nul_byte_is_refused(void)
{
	static const char bytes[] = "1.0.0.0\0,1.0.0.1,1,a\n";
	struct named_bytes text = {.name = "input", .bytes = slice_of(bytes, sizeof(bytes) - 1)};
	struct taken taken = {0};
	struct asn_row_sink sink = {.on_row = take, .context = &taken};
	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_EQUAL(asn_csv_parse(&text, 4, &sink, &faults), -EINVAL);
	CU_ASSERT_EQUAL(taken.rows, 0);
	fault_list_fini(&faults);
}

static void
long_organisation_is_cut_and_endless_line_refused(void)
{
	char csv[3000] = "1.0.0.0,1.0.0.1,1,";
	struct taken taken = {0};
	struct fault_list faults = FAULT_LIST_INIT;
	memset(csv + strlen(csv), 'x', 500);
	CU_ASSERT_EQUAL(parse(csv, 4, &taken, &faults), 0);
	CU_ASSERT_EQUAL(strlen(taken.text), strlen("1.0.0.0-1.0.0.1 1 \n") + SHOWN_TEXT_MAX - 1);

	memset(csv + strlen(csv), 'x', 2000);
	CU_ASSERT_EQUAL(parse(csv, 4, &taken, &faults), -EINVAL);
	CU_ASSERT_EQUAL(taken.rows, 1);
	fault_list_fini(&faults);
}

static void
answer_of_the_taker_stops_the_parser(void)
{
	struct taken taken = {.answer = -ENOMEM};
	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_EQUAL(parse("1.0.0.0,1.0.0.0,1,a\n1.0.0.2,1.0.0.2,2,b\n", 4, &taken, &faults),
			-ENOMEM);
	CU_ASSERT_EQUAL(taken.rows, 1);
	CU_ASSERT_EQUAL(faults.count, 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"rows_are_read_as_published", rows_are_read_as_published},
		{"every_wrong_row_is_named_by_its_line", every_wrong_row_is_named_by_its_line},
		{"rows_around_a_wrong_one_are_taken_all_the_same",
		 rows_around_a_wrong_one_are_taken_all_the_same},
		{"nul_byte_is_refused", nul_byte_is_refused},
		{"long_organisation_is_cut_and_endless_line_refused",
		 long_organisation_is_cut_and_endless_line_refused},
		{"answer_of_the_taker_stops_the_parser", answer_of_the_taker_stops_the_parser},
	};
	return unit_run("asn_csv", cases, sizeof(cases) / sizeof(*cases));
}
