/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/dns_name.h"

#include "tests/unit/names/dns_wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void
names_and_labels_have_limits(void)
{
	static const struct {
		size_t label_len, label_count;
		enum parse_result result;
	} cases[] = {
		{63, 1, PARSE_FOUND},      {63, 3, PARSE_FOUND},
		{1, 127, PARSE_FOUND}, /* 255 bytes on the wire, 253 characters */
		{1, 128, PARSE_MALFORMED}, {63, 4, PARSE_MALFORMED}, /* 257 bytes */
		{50, 5, PARSE_MALFORMED},                            /* 256 bytes */
		{64, 1, PARSE_MALFORMED},                            /* looks like label type 01 */
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct dns_answer answer;
		write_header(&w, 0x8180, 0);
		for (size_t label = 0; label < cases[i].label_count; label++) {
			wire_number(&w, cases[i].label_len, 1);
			wire_fill(&w, 'x', cases[i].label_len);
		}
		wire_hex(&w, "00 0001 0001");
		CU_ASSERT_EQUAL(parse_exactly(wire_slice(&w), &answer), cases[i].result);
	}
}

static void
dot_inside_a_label_is_no_border(void)
{
	static struct wire w;
	struct dns_answer answer;

	write_header(&w, 0x8180, 0);
	wire_hex(&w, "08 612e62616e6b2e78 0474657374 00 0001 0001"); /* "a.bank.x" "test" */
	CU_ASSERT_EQUAL(parse_exactly(wire_slice(&w), &answer), PARSE_NOT_MINE);
}

static void
pointers_to_pointers_have_a_limit(void)
{
	static struct wire w;

	for (unsigned pointers = 31; pointers <= 32; pointers++) {
		struct dns_answer answer;
		write_header(&w, 0x8180, 2);
		write_question(&w, "a.test", TYPE_A, CLASS_IN);
		wire_hex(&w, "c00c 0010 0001 00000000"); /* a TXT whose text is pointers */
		size_t text = wire_begin(&w, 2);
		for (unsigned i = 0; i < pointers; i++)
			wire_number(&w, 0xc000 | (i == 0 ? 12 : text + 2 * (i - 1)), 2);
		wire_end(&w, text, 2);
		wire_number(&w, 0xc000 | (text + 2 * (pointers - 1)), 2);
		wire_hex(&w, "0001 0001 0000003c 0004 c0000201");
		CU_ASSERT_EQUAL(parse_exactly(wire_slice(&w), &answer),
				pointers == 31 ? PARSE_FOUND : PARSE_MALFORMED);
		CU_ASSERT(pointers != 31 || answer.address_count == 1);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"names_and_labels_have_limits", names_and_labels_have_limits},
		{"dot_inside_a_label_is_no_border", dot_inside_a_label_is_no_border},
		{"pointers_to_pointers_have_a_limit", pointers_to_pointers_have_a_limit},
	};
	return unit_run("dns_name", cases, COUNT(cases));
}
