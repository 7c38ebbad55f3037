/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/dns_service.h"

#include <stdio.h>

#include "tests/unit/names/dns_wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define HTTPS DNS_TYPE_HTTPS
#define SVCB DNS_TYPE_SVCB
#define ROOT "00"
#define A_TEST "0161 0474657374 00"
#define B_TEST "0162 0474657374 00"
#define A1 "c0000201" /* 192.0.2.1 */
#define A2 "c0000202"
#define AAAA1 "20010db8000000000000000000000001"

/* One configuration each, under "out.test" and "cover.test". */
#define KEY "01 0020 0002 aabb 0004 00010001 00"
#define OUT "fe0d 0019" KEY "08 6f75742e74657374 0000"
#define COVER "fe0d 001b" KEY "0a 636f7665722e74657374 0000"
#define NUMBER "fe0d 001a" KEY "09 3139322e302e322e31 0000" /* "192.0.2.1" */
#define SPACES "fe0d 0014" KEY "03 612062 0000"             /* "a b" */

/*
 * What is expected: the question with its aliases and addresses, then of each service "| type
 * priority target" ("-" for itself), " ~hint", " ech" and " (public name)"; the TTL last.
 */
static const struct service_case {
	const char *what;
	const char *question;
	unsigned type;
	struct record records[6];
	const char *expected;
	unsigned dropped, refused;
} service_cases[] = {
	{"itself", "a.test", HTTPS, {{"a.test", HTTPS, 60, "0001" ROOT}}, "a.test | 65 1 - 60"},
	{"hints and a configuration",
	 "a.test",
	 HTTPS,
	 {{"a.test", HTTPS, 60,
	   "0001" ROOT "0004 0008" A1 A2 "0005 001f 001d" OUT "0006 0010" AAAA1}},
	 "a.test | 65 1 - ~192.0.2.1 ~192.0.2.2 ~2001:db8::1 ech (out.test) 60"},
	{"two configurations, one twice",
	 "a.test",
	 HTTPS,
	 {{"a.test", HTTPS, 60, "0001" ROOT "0005 005b 0059" OUT COVER OUT}},
	 "a.test | 65 1 - ech (out.test) (cover.test) 60"},
	{"a public name that is an address, one that is no name",
	 "a.test",
	 HTTPS,
	 {{"a.test", HTTPS, 60, "0001" ROOT "0005 0038 0036" NUMBER SPACES}},
	 "a.test | 65 1 - ech 60",
	 2},
	{"another target",
	 "a.test",
	 HTTPS,
	 {{"a.test", HTTPS, 60, "0001" B_TEST "0004 0004" A1}},
	 "a.test | 65 1 b.test ~192.0.2.1 60"},
	{"written out it is still itself",
	 "a.test",
	 HTTPS,
	 {{"a.test", HTTPS, 60, "0001" A_TEST}},
	 "a.test | 65 1 - 60"},
	{"an alias",
	 "a.test",
	 HTTPS,
	 {{"a.test", HTTPS, 60, "0000" B_TEST}},
	 "a.test | 65 0 b.test 60"},
	{"an alias to the root: there is none",
	 "a.test",
	 HTTPS,
	 {{"a.test", HTTPS, 60, "0000" ROOT}},
	 "a.test 60"},
	{"behind a chain, in any order",
	 "www.test",
	 HTTPS,
	 {{"b.test", HTTPS, 60, "0001" ROOT "0004 0004" A1},
	  {"www.test", TYPE_CNAME, 30, "a.test"},
	  {"a.test", TYPE_CNAME, 90, "b.test"}},
	 "www.test >a.test >b.test | 65 1 - ~192.0.2.1 30"},
	{"the target is an alias that leads to it",
	 "www.test",
	 HTTPS,
	 {{"www.test", TYPE_CNAME, 30, "b.test"}, {"b.test", HTTPS, 60, "0001" B_TEST}},
	 "www.test >b.test | 65 1 - 30"},
	{"of another owner, or another class",
	 "a.test",
	 HTTPS,
	 {{"b.test", HTTPS, 1, "0001" ROOT}, {"a.test", HTTPS, 1, "0001" ROOT, 3}},
	 "a.test 0"},
	{"beside addresses",
	 "a.test",
	 TYPE_A,
	 {{"a.test", TYPE_A, 60, A1}, {"a.test", HTTPS, 30, "0001" B_TEST}},
	 "a.test 192.0.2.1 | 65 1 b.test 30"},
	{"of several targets each has its own",
	 "a.test",
	 HTTPS,
	 {{"a.test", HTTPS, 60, "0001" B_TEST "0004 0004" A1},
	  {"a.test", HTTPS, 60, "0002" ROOT "0004 0004" A2}},
	 "a.test | 65 1 b.test ~192.0.2.1 | 65 2 - ~192.0.2.2 60"},
	{"of SVCB as well",
	 "_dns.a.test",
	 SVCB,
	 {{"_dns.a.test", SVCB, 60, "0001" A_TEST "0004 0004" A1}},
	 "_dns.a.test | 64 1 a.test ~192.0.2.1 60"},
	{"one that is malformed spoils all, and no more",
	 "a.test",
	 HTTPS,
	 {{"a.test", HTTPS, 5, "0001" ROOT "0004 0004" A1},
	  {"a.test", HTTPS, 60, "0001" ROOT "0004 0003 c00002"},
	  {"a.test", TYPE_A, 60, A2}},
	 "a.test 192.0.2.2 5",
	 0,
	 1},
	{"one of another owner spoils nothing",
	 "a.test",
	 HTTPS,
	 {{"b.test", HTTPS, 60, "00"}, {"a.test", HTTPS, 60, "0001" ROOT}},
	 "a.test | 65 1 - 60"},
	{"a target that is no host name",
	 "a.test",
	 HTTPS,
	 {{"a.test", HTTPS, 60, "0001 03612062 00"}},
	 "a.test 60",
	 1},
};

static size_t
describe_service(const struct dns_service *s, char *text)
{
	size_t len = (size_t)sprintf(text, " | %u %u %s", s->type, s->priority,
				     *s->target != '\0' ? s->target : "-");

	for (size_t i = 0; i < s->hint_count; i++) {
		char address[IP_ADDRESS_TEXT_MAX];
		ip_address_format(&s->hints[i], address);
		len += (size_t)sprintf(text + len, " ~%s", address);
	}
	len += (size_t)sprintf(text + len, "%s", s->has_ech ? " ech" : "");
	for (size_t i = 0; i < s->public_name_count; i++)
		len += (size_t)sprintf(text + len, " (%s)", s->public_names[i]);
	return len;
}

static void
describe(const struct dns_answer *a, char *text)
{
	size_t len = (size_t)sprintf(text, "%s", a->question);

	for (size_t i = 0; i < a->alias_count; i++)
		len += (size_t)sprintf(text + len, " >%s", a->aliases[i]);
	for (size_t i = 0; i < a->address_count; i++) {
		char address[IP_ADDRESS_TEXT_MAX];
		ip_address_format(&a->addresses[i], address);
		len += (size_t)sprintf(text + len, " %s", address);
	}
	for (size_t i = 0; i < a->service_count; i++)
		len += describe_service(&a->services[i], text + len);
	sprintf(text + len, " %u", a->ttl_s);
}

static void
write_answer(struct wire *w, const struct service_case *c)
{
	unsigned count = 0;

	while (count < COUNT(c->records) && c->records[count].owner != NULL)
		count++;
	write_header(w, 0x8180, count);
	write_question(w, c->question, c->type, CLASS_IN);
	for (unsigned i = 0; i < count; i++)
		write_record(w, &c->records[i]);
}

static void
services_by_rule(void)
{
	static struct wire w;
	static struct dns_answer answer;

	for (size_t i = 0; i < COUNT(service_cases); i++) {
		const struct service_case *c = &service_cases[i];
		char text[4096] = "";
		write_answer(&w, c);
		CU_ASSERT_EQUAL_FATAL(parse_exactly(wire_slice(&w), &answer), PARSE_FOUND);
		describe(&answer, text);
		CU_ASSERT_STRING_EQUAL(text, c->expected);
		CU_ASSERT_EQUAL(answer.services_dropped, c->dropped);
		CU_ASSERT_EQUAL(answer.services_refused, c->refused);
		if (strcmp(text, c->expected) != 0)
			printf("# wrong: %s: %s\n", c->what, text);
	}
}

static void
cut_anywhere_is_malformed(void)
{
	static struct wire w;
	static struct dns_answer answer;

	for (size_t i = 0; i < COUNT(service_cases); i++) {
		write_answer(&w, &service_cases[i]);
		for (size_t len = 0; len < w.len; len++)
			CU_ASSERT_EQUAL(parse_exactly(slice_of(w.bytes, len), &answer),
					PARSE_MALFORMED);
	}
}

static void
what_does_not_fit_is_counted(void)
{
	static struct wire w;
	static struct dns_answer answer;

	write_header(&w, 0x8180, DNS_SERVICES_MAX + 2);
	write_question(&w, "a.test", HTTPS, CLASS_IN);
	for (unsigned i = 0; i < DNS_SERVICES_MAX + 2; i++)
		write_record(&w, &(struct record){"a.test", HTTPS, 60, "0001" ROOT});
	CU_ASSERT_EQUAL(parse_exactly(wire_slice(&w), &answer), PARSE_FOUND);
	CU_ASSERT_EQUAL(answer.service_count, DNS_SERVICES_MAX);
	CU_ASSERT_EQUAL(answer.services_dropped, 2);

	static const char nine_hints[] =
		"0001" ROOT "0004 0024" A1 A1 A1 A1 A1 A1 A1 A1 A1 "0006 0010" AAAA1;
	write_header(&w, 0x8180, 1);
	write_question(&w, "a.test", HTTPS, CLASS_IN);
	write_record(&w, &(struct record){"a.test", HTTPS, 60, nine_hints});
	CU_ASSERT_EQUAL(parse_exactly(wire_slice(&w), &answer), PARSE_FOUND);
	CU_ASSERT_EQUAL(answer.services[0].hint_count, DNS_HINTS_MAX);
	CU_ASSERT_EQUAL(answer.services_dropped, 2);
}

static void
five_public_names_are_one_too_many(void)
{
	static struct wire w;
	static struct dns_answer answer;

	write_header(&w, 0x8180, 1);
	write_question(&w, "a.test", HTTPS, CLASS_IN);
	wire_hex(&w, "c00c 0041 0001 0000003c");
	size_t data = wire_begin(&w, 2);
	wire_hex(&w, "0001" ROOT "0005");
	size_t value = wire_begin(&w, 2), list = wire_begin(&w, 2);
	for (unsigned i = 0; i < 5; i++) {
		wire_hex(&w, "fe0d");
		size_t contents = wire_begin(&w, 2);
		wire_hex(&w, KEY "02");
		wire_number(&w, 'a' + i, 1);
		wire_hex(&w, "62 0000");
		wire_end(&w, contents, 2);
	}
	wire_end(&w, list, 2);
	wire_end(&w, value, 2);
	wire_end(&w, data, 2);
	CU_ASSERT_EQUAL(parse_exactly(wire_slice(&w), &answer), PARSE_FOUND);
	CU_ASSERT_EQUAL(answer.services[0].public_name_count, DNS_PUBLIC_NAMES_MAX);
	CU_ASSERT_STRING_EQUAL(answer.services[0].public_names[3], "db");
	CU_ASSERT_EQUAL(answer.services_dropped, 1);
}

/* Answers of real resolvers (tests/fuzz/corpus/README.md). */
static void
announcements_as_they_are_seen(void)
{
	static const struct {
		const char *seed, *expected;
	} rows[] = {
		{"tests/fuzz/corpus/dns/ech_0", "defo.ie | 65 1 - ~213.108.108.101 "
						"~2a00:c6c0:0:116:5::10 ech (cover.defo.ie) 1791"},
		{"tests/fuzz/corpus/dns/ech_1",
		 "cloudflare-ech.com | 65 1 - ~104.18.10.118 ~104.18.11.118 "
		 "~2606:4700::6812:a76 ~2606:4700::6812:b76 ech (cloudflare-ech.com) 300"},
	};
	static struct dns_answer answer;
	static uint8_t bytes[4096];

	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[4096] = "";
		FILE *file = fopen(unit_source_path(rows[i].seed), "rb");
		CU_ASSERT_PTR_NOT_NULL_FATAL(file);
		size_t len = fread(bytes, 1, sizeof(bytes), file);
		fclose(file);
		CU_ASSERT_EQUAL_FATAL(parse_exactly(slice_of(bytes, len), &answer), PARSE_FOUND);
		describe(&answer, text);
		CU_ASSERT_STRING_EQUAL(text, rows[i].expected);
		if (strcmp(text, rows[i].expected) != 0)
			printf("# wrong: %s: %s\n", rows[i].seed, text);
	}
}

static void
port_and_scheme_in_front_are_no_part_of_the_name(void)
{
	static const struct {
		const char *question, *origin;
	} rows[] = {
		{"a.test", "a.test"},
		{"_8443._https.a.test", "a.test"},
		{"_dns.a.test", "a.test"},
		{"a._b.test", "a._b.test"},
		{"_dns", ""},
		{"_8443._https", ""},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		static struct dns_answer answer;
		snprintf(answer.question, sizeof(answer.question), "%s", rows[i].question);
		CU_ASSERT_STRING_EQUAL(dns_answer_origin(&answer), rows[i].origin);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"services_by_rule", services_by_rule},
		{"cut_anywhere_is_malformed", cut_anywhere_is_malformed},
		{"what_does_not_fit_is_counted", what_does_not_fit_is_counted},
		{"five_public_names_are_one_too_many", five_public_names_are_one_too_many},
		{"announcements_as_they_are_seen", announcements_as_they_are_seen},
		{"port_and_scheme_in_front_are_no_part_of_the_name",
		 port_and_scheme_in_front_are_no_part_of_the_name},
	};
	return unit_run("dns_service", cases, COUNT(cases));
}
