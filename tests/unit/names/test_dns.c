/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/dns.h"

#include <stdio.h>

#include "tests/unit/names/dns_wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
/* "question aliases... addresses... ttl", for comparing with one text. */
static void
describe(const struct dns_answer *a, char *text, size_t text_len)
{
	size_t len = (size_t)snprintf(text, text_len, "%s", a->question);

	for (size_t i = 0; i < a->alias_count; i++)
		len += (size_t)snprintf(text + len, text_len - len, " >%s", a->aliases[i]);
	for (size_t i = 0; i < a->address_count; i++) {
		char address[IP_ADDRESS_TEXT_MAX];
		ip_address_format(&a->addresses[i], address);
		len += (size_t)snprintf(text + len, text_len - len, " %s", address);
	}
	snprintf(text + len, text_len - len, " %u", a->ttl_s);
}

#define A1 "c0000201" /* 192.0.2.1 */
#define A2 "c0000202"
#define AAAA1 "20010db8000000000000000000000001"

static const struct answer_case {
	const char *what;
	const char *question;
	unsigned type;
	struct record records[6];
	const char *expected;
	unsigned aliases_dropped;
} answer_cases[] = {
	{"no record", "example.com", TYPE_A, {{0}}, "example.com 0"},
	{"addresses of both versions",
	 "example.com",
	 TYPE_A,
	 {{"example.com", TYPE_A, 60, A1}, {"example.com", TYPE_AAAA, 30, AAAA1}},
	 "example.com 192.0.2.1 2001:db8::1 30"},
	{"letter case does not matter",
	 "eXample.COM",
	 TYPE_A,
	 {{"ExAmple.com", TYPE_A, 60, A1}},
	 "example.com 192.0.2.1 60"},
	{"chain in order",
	 "www.a.test",
	 TYPE_A,
	 {{"www.a.test", TYPE_CNAME, 300, "b.test"},
	  {"b.test", TYPE_CNAME, 20, "C.test"},
	  {"c.test", TYPE_A, 60, A1}},
	 "www.a.test >b.test >c.test 192.0.2.1 20"},
	{"chain in any order of records",
	 "www.a.test",
	 TYPE_A,
	 {{"c.test", TYPE_A, 60, A1},
	  {"b.test", TYPE_CNAME, 20, "c.test"},
	  {"www.a.test", TYPE_CNAME, 300, "b.test"}},
	 "www.a.test >b.test >c.test 192.0.2.1 20"},
	{"address of an intermediate name",
	 "a.test",
	 TYPE_A,
	 {{"a.test", TYPE_CNAME, 9, "b.test"},
	  {"a.test", TYPE_A, 60, A1},
	  {"b.test", TYPE_A, 60, A2}},
	 "a.test >b.test 192.0.2.1 192.0.2.2 9"},
	{"records of other owners do not count",
	 "a.test",
	 TYPE_A,
	 {{"evil.test", TYPE_A, 1, A1},
	  {"evil.test", TYPE_CNAME, 1, "a.test"},
	  {"a.test", TYPE_A, 60, A2}},
	 "a.test 192.0.2.2 60"},
	{"other classes do not count",
	 "a.test",
	 TYPE_A,
	 {{"a.test", TYPE_A, 1, "0102", 3}, {"a.test", TYPE_CNAME, 1, "b.test", 3}},
	 "a.test 0"},
	{"other types are passed over",
	 "a.test",
	 65,
	 {{"a.test", 65, 60, "000100"}, {"a.test", 16, 1, "0161"}},
	 "a.test 60"},
	{"alias without an address",
	 "a.test",
	 65,
	 {{"a.test", TYPE_CNAME, 5, "b.test"}},
	 "a.test >b.test 5"},
	{"loop of aliases ends",
	 "a.test",
	 TYPE_A,
	 {{"a.test", TYPE_CNAME, 7, "b.test"}, {"b.test", TYPE_CNAME, 6, "a.test"}},
	 "a.test >b.test 7"},
	{"alias of itself", "a.test", TYPE_A, {{"a.test", TYPE_CNAME, 7, "a.test"}}, "a.test 0"},
	{"first of two aliases of a name",
	 "a.test",
	 TYPE_A,
	 {{"a.test", TYPE_CNAME, 7, "b.test"}, {"a.test", TYPE_CNAME, 6, "c.test"}},
	 "a.test >b.test 7"},
	{"alias that is no host name is dropped, the chain goes on",
	 "a.test",
	 TYPE_A,
	 {{"a.test", TYPE_CNAME, 7, "not a name.test"},
	  {"not a name.test", TYPE_CNAME, 8, "b.test"},
	  {"b.test", TYPE_A, 9, A1}},
	 "a.test >b.test 192.0.2.1 7",
	 1},
	{"alias to the root is dropped",
	 "a.test",
	 TYPE_A,
	 {{"a.test", TYPE_CNAME, 7, ""}},
	 "a.test 7",
	 1},
	{"ttl with the highest bit set is zero",
	 "a.test",
	 TYPE_A,
	 {{"a.test", TYPE_A, 0x80000000, A1}, {"a.test", TYPE_A, 60, A2}},
	 "a.test 192.0.2.1 192.0.2.2 0"},
	{"underscore, digits and hyphen", "_dmarc.1-2.test", 16, {{0}}, "_dmarc.1-2.test 0"},
};

static size_t
write_answer(struct wire *w, const struct answer_case *c)
{
	unsigned count = 0;

	while (count < COUNT(c->records) && c->records[count].owner != NULL)
		count++;
	write_header(w, 0x8180, count);
	write_question(w, c->question, c->type, CLASS_IN);
	size_t question_end = w->len;
	for (unsigned i = 0; i < count; i++)
		write_record(w, &c->records[i]);
	return question_end;
}

static void
answer_by_rule(void)
{
	static struct wire w;

	for (size_t i = 0; i < COUNT(answer_cases); i++) {
		const struct answer_case *c = &answer_cases[i];
		struct dns_answer answer;
		char text[1024] = "";
		write_answer(&w, c);
		enum parse_result r = parse_exactly(wire_slice(&w), &answer);
		CU_ASSERT_EQUAL(r, PARSE_FOUND);
		if (r == PARSE_FOUND)
			describe(&answer, text, sizeof(text));
		CU_ASSERT_EQUAL(strcmp(text, c->expected), 0);
		if (strcmp(text, c->expected) != 0)
			printf("# wrong: %s: %d %s\n", c->what, r, text);
		CU_ASSERT(r != PARSE_FOUND || (answer.question_type == c->type &&
					       answer.aliases_dropped == c->aliases_dropped));
		CU_ASSERT(dns_is_response(wire_slice(&w)));
	}
}

static void
answer_cut_anywhere_is_malformed(void)
{
	static struct wire w;

	for (size_t i = 0; i < COUNT(answer_cases); i++) {
		write_answer(&w, &answer_cases[i]);
		for (size_t len = 0; len < w.len; len++) {
			struct dns_answer answer;
			CU_ASSERT_EQUAL(parse_exactly(slice_of(w.bytes, len), &answer),
					PARSE_MALFORMED);
		}
	}
}

static void
messages_that_answer_nothing_are_not_mine(void)
{
	static const struct {
		unsigned flags;
		unsigned question_count;
		const char *name;
		unsigned class;
		enum parse_result result;
	} cases[] = {
		{0x8180, 1, "a.test", 1, PARSE_FOUND},
		{0x8380, 1, "a.test", 1, PARSE_FOUND},    /* TC: what is there holds */
		{0x0100, 1, "a.test", 1, PARSE_NOT_MINE}, /* a query */
		{0xa800, 1, "a.test", 1, PARSE_NOT_MINE}, /* OPCODE 5, UPDATE */
		{0x8183, 1, "a.test", 1, PARSE_NOT_MINE}, /* NXDOMAIN */
		{0x8182, 1, "a.test", 1, PARSE_NOT_MINE}, /* SERVFAIL */
		{0x8180, 0, "a.test", 1, PARSE_NOT_MINE},
		{0x8180, 2, "a.test", 1, PARSE_NOT_MINE},
		{0x8180, 1, "a.test", 3, PARSE_NOT_MINE}, /* CHAOS */
		{0x8180, 1, "a.test", 255, PARSE_NOT_MINE},
		{0x8180, 1, "", 1, PARSE_NOT_MINE},
		{0x8180, 1, "two words.test", 1, PARSE_NOT_MINE},
		{0x8180, 1, "fe80::1", 1, PARSE_NOT_MINE},
		{0x8180, 1, "caf\xc3\xa9.test", 1, PARSE_NOT_MINE},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct dns_answer answer;
		write_header(&w, cases[i].flags, 0);
		w.bytes[5] = (uint8_t)cases[i].question_count;
		write_question(&w, cases[i].name, TYPE_A, cases[i].class);
		CU_ASSERT_EQUAL(parse_exactly(wire_slice(&w), &answer), cases[i].result);
	}
}

static void
response_is_told_by_its_header(void)
{
	static const struct {
		const char *hex;
		bool is_response;
	} cases[] = {
		{"0000 8180 0001 0000 0000 0000", true},  {"0000 8183 0001 0000 0000 0000", true},
		{"0000 0100 0001 0000 0000 0000", false}, {"0000 8180 0000 0001 0000 0000", false},
		{"0000 8180 0002 0000 0000 0000", false}, {"0000 a800 0001 0000 0000 0000", false},
		{"0000 8180 0001 0000 0000 00", false},   {"", false},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		w.len = 0;
		wire_hex(&w, cases[i].hex);
		CU_ASSERT_EQUAL(dns_is_response(wire_slice(&w)), cases[i].is_response);
	}
}

/* Records in hex behind the question "a.test", which is at offset 12 and ends at 24. */
static void
compression_by_rule(void)
{
	static const struct {
		const char *hex;
		enum parse_result result;
		const char *expected;
	} cases[] = {
		{"c00c 0001 0001 0000003c 0004 c0000201", PARSE_FOUND, "a.test 192.0.2.1 60"},
		/* "www" and a pointer into the question: www.a.test, another name */
		{"03777777c00c 0001 0001 0000003c 0004 c0000201", PARSE_FOUND, "a.test 0"},
		/* CNAME to b.test, its end compressed; then an address owned by that target */
		{"c00c 0005 0001 00000005 0004 0162c00e", PARSE_FOUND, "a.test >b.test 5"},
		/* a pointer to a pointer, both going back */
		{"c00c 0005 0001 00000005 0002 c018", PARSE_FOUND, "a.test 0"},

		{"c018 0001 0001 0000003c 0004 c0000201", PARSE_MALFORMED}, /* to itself */
		{"c01a 0001 0001 0000003c 0004 c0000201", PARSE_MALFORMED}, /* forward */
		{"ffff 0001 0001 0000003c 0004 c0000201", PARSE_MALFORMED}, /* beyond the end */
		{"c000 0001 0001 0000003c 0004 c0000201", PARSE_MALFORMED}, /* into the header */
		{"0161c018 0001 0001 0000003c 0004 c0000201", PARSE_MALFORMED}, /* loop */
		{"4161 00 0001 0001 0000003c 0004 c0000201", PARSE_MALFORMED},  /* label type 01 */
		{"8161 00 0001 0001 0000003c 0004 c0000201", PARSE_MALFORMED},  /* label type 10 */
		{"c00c 0005 0001 00000005 0000", PARSE_MALFORMED}, /* no name in the CNAME */
		{"c00c 0001 0001 0000003c 0003 c00002", PARSE_MALFORMED},
		{"c00c 0001 0001 0000003c 0005 c000020101", PARSE_MALFORMED},
		{"c00c 001c 0001 0000003c 0004 c0000201", PARSE_MALFORMED},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct dns_answer answer;
		char text[1024] = "";
		write_header(&w, 0x8180, 1);
		write_question(&w, "a.test", TYPE_A, CLASS_IN);
		CU_ASSERT_EQUAL(w.len, 24);
		wire_hex(&w, cases[i].hex);
		enum parse_result r = parse_exactly(wire_slice(&w), &answer);
		if (r == PARSE_FOUND)
			describe(&answer, text, sizeof(text));
		bool as_expected = r == cases[i].result &&
				   (r != PARSE_FOUND || strcmp(text, cases[i].expected) == 0);
		CU_ASSERT(as_expected);
		if (!as_expected)
			printf("# wrong: %s: %d %s\n", cases[i].hex, r, text);
	}
}

/* n0.test -> n1.test -> ... and as many addresses of the last name. */
static void
write_long_answer(struct wire *w, unsigned aliases, unsigned addresses)
{
	char owner[32], target[32];

	write_header(w, 0x8180, aliases + addresses);
	write_question(w, "n0.test", TYPE_A, CLASS_IN);
	for (unsigned i = 0; i < aliases; i++) {
		snprintf(owner, sizeof(owner), "n%u.test", i);
		snprintf(target, sizeof(target), "n%u.test", i + 1);
		write_record(w, &(struct record){owner, TYPE_CNAME, 60, target});
	}
	snprintf(owner, sizeof(owner), "n%u.test", aliases);
	for (unsigned i = 0; i < addresses; i++)
		write_record(w, &(struct record){owner, TYPE_A, 60, A1});
}

static void
what_does_not_fit_is_counted(void)
{
	static struct wire w;
	struct dns_answer answer;

	write_long_answer(&w, DNS_ALIASES_MAX + 3, DNS_ADDRESSES_MAX + 5);
	CU_ASSERT_EQUAL(parse_exactly(wire_slice(&w), &answer), PARSE_FOUND);
	CU_ASSERT_EQUAL(answer.alias_count, DNS_ALIASES_MAX);
	CU_ASSERT_EQUAL(answer.aliases_dropped, 3);
	CU_ASSERT_EQUAL(answer.address_count, DNS_ADDRESSES_MAX);
	CU_ASSERT_EQUAL(answer.addresses_dropped, 5);
}

static void
chain_that_no_resolver_would_follow_has_no_addresses(void)
{
	static struct wire w;
	struct dns_answer answer;

	write_long_answer(&w, 16, 1);
	CU_ASSERT_EQUAL(parse_exactly(wire_slice(&w), &answer), PARSE_FOUND);
	CU_ASSERT_EQUAL(answer.address_count, 1);
	write_long_answer(&w, 17, 1);
	CU_ASSERT_EQUAL(parse_exactly(wire_slice(&w), &answer), PARSE_FOUND);
	CU_ASSERT_EQUAL(answer.address_count, 0);
}

static void
message_is_told_by_header_and_question(void)
{
	static const struct {
		const char *hex;
		bool is_message, is_cut;
	} messages[] = {
		{"0102 0100 0001 0000 0000 0000 01 61 00 0001 0001", true, false},
		{"0102 0120 0001 0000 0000 0001 01 61 00 0001 0001 00 0029", true, false},
		{"0102 8180 0001 0001 0000 0000 01 61 00 0001 0001 c00c", true, false},
		{"0102 8181 0000 0000 0000 0000", true, false}, /* not understood */
		{"0102 2800 0001 0000 0001 0000 01 61 00 0006 0001", true, false}, /* update */
		{"0102 0100 0001 0000 0000 0000 01 61 00 0001", false, false},
		{"0102 0100 0001 0000 0000 0000 01 61 00 0001", true, true},
		{"0102 0100 0001 0000 0000 0000 01 61 00 0001 1234", false, false},
		{"0102 0100 0001 0000 0000 0000 41 61 00 0001 0001", false, true},
		{"0102 0100 0002 0000 0000 0000 01 61 00 0001 0001", false, false},
		{"0102 0100 0001 0001 0000 0000 01 61 00 0001 0001", false, false},
		{"0102 0140 0001 0000 0000 0000 01 61 00 0001 0001", false, false},
		{"0102 8180 0000 0000 0000 0000", false, false},
		{"c300 0000 0108 0001 0203 0405", false, true}, /* QUIC */
		{"0102 0100 0001", false, true},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(messages); i++) {
		w.len = 0;
		wire_hex(&w, messages[i].hex);
		uint8_t *copy = wire_exact_copy(wire_slice(&w));
		CU_ASSERT_EQUAL(dns_is_message(slice_of(copy, w.len), messages[i].is_cut),
				messages[i].is_message);
		free(copy);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"answer_by_rule", answer_by_rule},
		{"answer_cut_anywhere_is_malformed", answer_cut_anywhere_is_malformed},
		{"messages_that_answer_nothing_are_not_mine",
		 messages_that_answer_nothing_are_not_mine},
		{"message_is_told_by_header_and_question", message_is_told_by_header_and_question},
		{"response_is_told_by_its_header", response_is_told_by_its_header},
		{"compression_by_rule", compression_by_rule},
		{"what_does_not_fit_is_counted", what_does_not_fit_is_counted},
		{"chain_that_no_resolver_would_follow_has_no_addresses",
		 chain_that_no_resolver_would_follow_has_no_addresses},
	};
	return unit_run("dns", cases, COUNT(cases));
}
