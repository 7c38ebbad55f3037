/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/svcb.h"

#include <stdio.h>

#include "tests/unit/names/wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define ROOT "00"
#define A_TEST "0161 0474657374 00"
#define CONFIGS "001b fe0d 0017 01 0020 0002 aabb 0004 00010001 00 06 612e74657374 0000"

/* What is expected is "priority target-length ipv4 ipv6 ech", lengths in bytes; "": malformed. */
static const struct data_case {
	const char *what;
	const char *hex;
	const char *expected;
} data_cases[] = {
	{"nothing but a priority and itself", "0001" ROOT, "1 1 0 0 0"},
	{"an alias", "0000" A_TEST, "0 8 0 0 0"},
	{"parameters of an alias are not looked at", "0000" A_TEST "0005 ffff", "0 8 0 0 0"},
	{"all that is read",
	 "0010" A_TEST "0000 0002 0005 0001 0003 026832 0003 0002 01bb 0004 0008 c0000201 c0000202"
	 "0005 001d" CONFIGS "0006 0010 20010db8000000000000000000000001",
	 "16 8 8 16 29"},
	{"keys that nobody knows", "0001" ROOT "0007 0000 ff00 0001 00 ffff 0000", "1 1 0 0 0"},
	{"no-default-alpn is empty", "0001" ROOT "0001 0003 026832 0002 0000", "1 1 0 0 0"},
	{"keys not in order", "0001" ROOT "0004 0004 c0000201 0003 0002 01bb", ""},
	{"a key twice", "0001" ROOT "0003 0002 01bb 0003 0002 01bb", ""},
	{"the last key twice", "0001" ROOT "ffff 0000 ffff 0000", ""},
	{"no mandatory key", "0001" ROOT "0000 0000", ""},
	{"half a mandatory key", "0001" ROOT "0000 0001 00", ""},
	{"no hint", "0001" ROOT "0004 0000", ""},
	{"half a hint", "0001" ROOT "0004 0006 c0000201 c000", ""},
	{"no hint of IPv6", "0001" ROOT "0006 0000", ""},
	{"an IPv4 hint among those of IPv6", "0001" ROOT "0006 0004 c0000201", ""},
	{"no configuration", "0001" ROOT "0005 0000", ""},
	{"an empty list of them", "0001" ROOT "0005 0002 0000", ""},
	{"a list without its length", "0001" ROOT "0005 0004 fe0d 0000", ""},
	{"configurations of other versions", "0001" ROOT "0005 0006 0004 fe0a 0000", "1 1 0 0 6"},
	{"a value longer than the data", "0001" ROOT "0001 ffff 02", ""},
	{"a key without its length", "0001" ROOT "0001 00", ""},
	{"half a key", "0001" ROOT "00", ""},
	{"no target", "0001", ""},
	{"a target that is cut", "0001 0161 04", ""},
	{"a compressed target", "0001 c00c", ""},
	{"a target compressed behind a label", "0001 0161 c00c", ""},
	{"a pointer into the data itself", "0001 c002 0000000000000000000000000000", ""},
	{"half a priority", "00", ""},
	{"nothing", "", ""},
};

static void
describe(const struct svcb *s, char *text, size_t text_len)
{
	snprintf(text, text_len, "%u %zu %zu %zu %zu", s->priority, s->target.len,
		 s->ipv4_hints.len, s->ipv6_hints.len, s->ech.len);
}

static void
data_by_rule(void)
{
	static struct wire w;

	for (size_t i = 0; i < COUNT(data_cases); i++) {
		struct svcb svcb;
		char text[128] = "";
		w.len = 0;
		wire_hex(&w, data_cases[i].hex);
		uint8_t *copy = wire_exact_copy(wire_slice(&w));
		if (svcb_parse(slice_of(copy, w.len), &svcb))
			describe(&svcb, text, sizeof(text));
		free(copy);
		CU_ASSERT_STRING_EQUAL(text, data_cases[i].expected);
		if (strcmp(text, data_cases[i].expected) != 0)
			printf("# wrong: %s: %s\n", data_cases[i].what, text);
	}
}

static void
no_cut_reads_too_far(void)
{
	static struct wire w;

	for (size_t i = 0; i < COUNT(data_cases); i++) {
		w.len = 0;
		wire_hex(&w, data_cases[i].hex);
		for (size_t len = 0; len < w.len; len++) {
			struct svcb svcb;
			uint8_t *copy = wire_exact_copy(slice_of(w.bytes, len));
			if (svcb_parse(slice_of(copy, len), &svcb) && svcb.ipv4_hints.len > 0)
				CU_ASSERT_TRUE(svcb.ipv4_hints.data + svcb.ipv4_hints.len <=
					       copy + len);
			free(copy);
		}
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"data_by_rule", data_by_rule},
		{"no_cut_reads_too_far", no_cut_reads_too_far},
	};
	return unit_run("svcb", cases, COUNT(cases));
}
