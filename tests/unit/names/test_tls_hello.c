/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/tls.h"

#include <stdio.h>

#include "tests/unit/names/tls_wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static enum parse_result
parse_message_exactly(struct slice message, struct tls_client_hello *out)
{
	uint8_t *copy = wire_exact_copy(message);
	enum parse_result r = tls_client_hello_parse(slice_of(copy, message.len), out);

	free(copy);
	return r;
}

static const struct hello_case {
	const char *what;
	uint16_t version;
	const char *extensions;
	enum parse_result result;
	const char *server_name;
	const char *alpn;
	uint16_t max_version;
	bool has_ech, has_esni, has_quic_parameters, has_psk, ech_is_inner;
} hello_cases[] = {
	{"ssl 3.0 without extensions", 0x0300, NULL, PARSE_FOUND, "", "", 0x0300},
	{"tls 1.2 with an empty extension list", 0x0303, "", PARSE_FOUND, "", "", 0x0303},
	{"name, alpn and tls 1.3", 0x0303, SNI_EXAMPLE ALPN_H2 VERSIONS_1_3, PARSE_FOUND,
	 "example.com", "h2", 0x0304},
	{"extensions in another order", 0x0303, VERSIONS_1_3 ALPN_H2 SNI_EXAMPLE, PARSE_FOUND,
	 "example.com", "h2", 0x0304},
	{"legacy version above tls 1.2 counts as tls 1.2", 0x0305, SNI_EXAMPLE, PARSE_FOUND,
	 "example.com", "", 0x0303},
	{"supported_versions goes before the legacy field", 0x0303, "002b 0003 02 0302",
	 PARSE_FOUND, "", "", 0x0302},
	{"grease everywhere is left out", 0x0303,
	 "0a0a 0000 002b 0007 06 fafa 0304 0303 0010 0008 0006 02 1a1a 02 6832 8a8a 0001 00",
	 PARSE_FOUND, "", "h2", 0x0304},
	{"only grease versions: the legacy field holds", 0x0302, "002b 0003 02 dada", PARSE_FOUND,
	 "", "", 0x0302},
	{"a draft of tls 1.3 is tls 1.3", 0x0303, "002b 0005 04 7f1c 0303", PARSE_FOUND, "", "",
	 0x0304},
	{"a draft of tls 1.3 with a number of its own", 0x0303, "002b 0005 04 fb1a 0303",
	 PARSE_FOUND, "", "", 0x0304},
	{"unknown versions do not count", 0x0303, "002b 0005 04 fefd 0303", PARSE_FOUND, "", "",
	 0x0303},
	{"first of several protocols", 0x0303, "0010 000e 000c 02 6832 08 687474702f312e31",
	 PARSE_FOUND, "", "h2", 0x0303},
	{"alpn of two bytes that are no grease pair", 0x0303, "0010 0005 0003 02 0a1a", PARSE_FOUND,
	 "", "\x0a\x1a", 0x0303},
	{"other name types are passed over", 0x0303,
	 "0000 0013 0011 07 0002 ffff 00 0009 6c6f63616c2e666f6f", PARSE_FOUND, "local.foo", "",
	 0x0303},
	{"ech", 0x0303, "fe0d 0003 010203", PARSE_FOUND, "", "", 0x0303, .has_ech = true},
	{"ech of type inner", 0x0303, "fe0d 0001 01", PARSE_FOUND, "", "", 0x0303, .has_ech = true,
	 .ech_is_inner = true},
	{"ech that only begins as the inner one", 0x0303, "fe0d 0002 0100", PARSE_FOUND, "", "",
	 0x0303, .has_ech = true},
	{"ech of type outer", 0x0303, "fe0d 0001 00", PARSE_FOUND, "", "", 0x0303, .has_ech = true},
	{"a resumption is offered", 0x0303, VERSIONS_1_3 "0029 0002 0000", PARSE_FOUND, "", "",
	 0x0304, .has_psk = true},
	{"both numbers of the quic transport parameters", 0x0303, "0039 0000 ffa5 0000",
	 PARSE_FOUND, "", "", 0x0303, .has_quic_parameters = true},
	{"no signature algorithm", 0x0303, "000d 0002 0000", PARSE_FOUND, "", "", 0x0303},
	{"an unknown extension twice", 0x0303, "1234 0000" SNI_EXAMPLE "1234 0000", PARSE_FOUND,
	 "example.com", "", 0x0303},
	{"esni of the draft before", 0x0303, "ffce 0000", PARSE_FOUND, "", "", 0x0303,
	 .has_esni = true},
	{"quic transport parameters", 0x0303, "0039 0001 00", PARSE_FOUND, "", "", 0x0303,
	 .has_quic_parameters = true},
	{"quic transport parameters of the drafts", 0x0303, "ffa5 0000", PARSE_FOUND, "", "",
	 0x0303, .has_quic_parameters = true},

	{"version is not of ssl 3.0 or tls", 0x0203, "", PARSE_MALFORMED},
	{"server name list empty", 0x0303, "0000 0002 0000", PARSE_MALFORMED},
	{"server name extension empty", 0x0303, "0000 0000", PARSE_MALFORMED},
	{"two host names", 0x0303, "0000 000a 0008 00 0001 61 00 0001 62", PARSE_MALFORMED},
	{"host name empty", 0x0303, "0000 0005 0003 00 0000", PARSE_MALFORMED},
	{"host name longer than its list", 0x0303, "0000 0006 0004 00 0002 61", PARSE_MALFORMED},
	{"bytes behind the server name list", 0x0303, "0000 0007 0004 00 0001 61 00",
	 PARSE_MALFORMED},
	{"server name list longer than its extension", 0x0303, "0000 0006 0005 00 0001 61",
	 PARSE_MALFORMED},
	{"server name twice", 0x0303, SNI_EXAMPLE SNI_EXAMPLE, PARSE_MALFORMED},
	{"alpn twice", 0x0303, ALPN_H2 ALPN_H2, PARSE_MALFORMED},
	{"versions twice", 0x0303, VERSIONS_1_3 VERSIONS_1_3, PARSE_MALFORMED},
	{"ech twice", 0x0303, "fe0d 0001 00 fe0d 0001 00", PARSE_MALFORMED},
	{"esni twice", 0x0303, "ffce 0000 ffce 0000", PARSE_MALFORMED},
	{"pre-shared keys twice", 0x0303, "0029 0000 0029 0000", PARSE_MALFORMED},
	{"signature algorithms twice", 0x0303, "000d 0004 0002 0403 000d 0004 0002 0403",
	 PARSE_MALFORMED},
	{"half a signature algorithm", 0x0303, "000d 0003 0001 04", PARSE_MALFORMED},
	{"bytes behind the signature algorithms", 0x0303, "000d 0005 0002 0403 00",
	 PARSE_MALFORMED},
	{"bytes behind the versions", 0x0303, "002b 0004 02 0304 00", PARSE_MALFORMED},
	{"alpn list empty", 0x0303, "0010 0002 0000", PARSE_MALFORMED},
	{"alpn name empty", 0x0303, "0010 0003 0001 00", PARSE_MALFORMED},
	{"alpn name longer than its list", 0x0303, "0010 0004 0002 02 68", PARSE_MALFORMED},
	{"versions of odd length", 0x0303, "002b 0004 03 0304 03", PARSE_MALFORMED},
	{"versions empty", 0x0303, "002b 0001 00", PARSE_MALFORMED},
	{"extension longer than the list", 0x0303, "0017 0001", PARSE_MALFORMED},
	{"half an extension type", 0x0303, "00", PARSE_MALFORMED},
};

static void
check_hello(const struct hello_case *c, const struct tls_client_hello *hello)
{
	bool as_expected = wire_slice_is(hello->server_name, c->server_name) &&
			   wire_slice_is(hello->alpn, c->alpn) &&
			   hello->max_version == c->max_version && hello->has_ech == c->has_ech &&
			   hello->has_esni == c->has_esni &&
			   hello->has_quic_parameters == c->has_quic_parameters &&
			   hello->has_psk == c->has_psk && hello->ech_is_inner == c->ech_is_inner;
	CU_ASSERT(as_expected);
	if (!as_expected)
		printf("# wrong: %s\n", c->what);
}

static void
client_hello_by_rule(void)
{
	static struct wire w;

	for (size_t i = 0; i < COUNT(hello_cases); i++) {
		const struct hello_case *c = &hello_cases[i];
		struct tls_client_hello hello;

		w.len = 0;
		write_client_hello(&w, c->version, c->extensions);
		enum parse_result r = tls_client_hello_parse(wire_slice(&w), &hello);
		CU_ASSERT_EQUAL(r, c->result);
		if (r != c->result)
			printf("# wrong: %s: %d\n", c->what, r);
		else if (r == PARSE_FOUND)
			check_hello(c, &hello);
	}
}

static void
client_hello_cut_anywhere_needs_more(void)
{
	static struct wire w;

	for (size_t i = 0; i < COUNT(hello_cases); i++) {
		w.len = 0;
		write_client_hello(&w, hello_cases[i].version, hello_cases[i].extensions);
		for (size_t len = 0; len < w.len; len++) {
			struct tls_client_hello hello;
			CU_ASSERT_EQUAL(parse_message_exactly(slice_of(w.bytes, len), &hello),
					PARSE_NEED_MORE);
		}
	}
}

static void
client_hello_with_wrong_inner_lengths_is_malformed(void)
{
	static const char *const bodies[] = {
		"0303",                                /* ends before the random */
		"0303 R 21 R 00 0002 1301 01 00",      /* session id of 33 bytes */
		"0303 R 00 0000 01 00",                /* no cipher suite */
		"0303 R 00 0003 130113 01 00",         /* half a cipher suite */
		"0303 R 00 0002 1301 00",              /* no compression method */
		"0303 R 00 0002 1301 01 00 0001 00",   /* an extension list of one byte */
		"0303 R 00 0002 1301 01 00 0000 00",   /* a byte behind the extensions */
		"0303 R 00 0002 1301 01 00 0004 ff01", /* extensions longer than the message */
		"0303 R 00 0006 1301 01 00",           /* cipher suites longer than the message */
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(bodies); i++) {
		w.len = 0;
		wire_number(&w, 1, 1);
		size_t body = wire_begin(&w, 3);
		for (const char *p = bodies[i]; *p != '\0'; p++) {
			char pair[] = {p[0], p[0] == 'R' || p[0] == ' ' ? '\0' : p[1], '\0'};
			if (*p == 'R')
				wire_fill(&w, 0x55, 32);
			else if (*p != ' ')
				wire_hex(&w, pair), p++;
		}
		wire_end(&w, body, 3);

		struct tls_client_hello hello;
		enum parse_result r = parse_message_exactly(wire_slice(&w), &hello);
		CU_ASSERT_EQUAL(r, PARSE_MALFORMED);
		if (r != PARSE_MALFORMED)
			printf("# wrong: %s: %d\n", bodies[i], r);
	}
}

static void
client_hello_message_bounds(void)
{
	static const struct {
		const char *hex;
		enum parse_result result;
	} cases[] = {
		{"", PARSE_NEED_MORE},
		{"02", PARSE_NOT_MINE}, /* ServerHello */
		{"00", PARSE_NOT_MINE}, /* HelloRequest */
		{"01 00 ff fc", PARSE_NEED_MORE},
		{"01 00 ff fd", PARSE_MALFORMED}, /* over TLS_CLIENT_HELLO_MAX */
		{"01 ff ff ff", PARSE_MALFORMED},
		{"01 00 00 00", PARSE_MALFORMED},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct tls_client_hello hello;
		w.len = 0;
		wire_hex(&w, cases[i].hex);
		CU_ASSERT_EQUAL(parse_message_exactly(wire_slice(&w), &hello), cases[i].result);
	}
}

static void
bytes_behind_the_client_hello_do_not_matter(void)
{
	static struct wire w;
	struct tls_client_hello hello;

	w.len = 0;
	write_client_hello(&w, 0x0303, SNI_EXAMPLE);
	wire_hex(&w, "ffffffff");
	CU_ASSERT_EQUAL(tls_client_hello_parse(wire_slice(&w), &hello), PARSE_FOUND);
	CU_ASSERT(wire_slice_is(hello.server_name, "example.com"));
}

/* Whether `s` holds the bytes of `hex`. */
static bool
slice_is_hex(struct slice s, const char *hex)
{
	static struct wire w;

	w.len = 0;
	wire_hex(&w, hex);
	return s.len == w.len && memcmp(s.data, w.bytes, s.len) == 0;
}

static void
client_hello_lists_as_on_the_wire(void)
{
	static struct wire w;
	struct tls_client_hello hello;

	write_client_hello(&w, 0x0301,
			   "0010 000e 000c 02 6832 08 687474702f312e31 002b 0005 04 0304 0303"
			   "000d 0008 0006 0403 1a1a 0201");
	size_t len = w.len;
	wire_hex(&w, "1400000c");
	CU_ASSERT_EQUAL(tls_client_hello_parse(wire_slice(&w), &hello), PARSE_FOUND);
	CU_ASSERT_EQUAL(hello.consumed, len);
	CU_ASSERT_EQUAL(hello.carrier, TLS_CARRIER_QUIC);
	CU_ASSERT_EQUAL(hello.legacy_version, 0x0301);
	CU_ASSERT(slice_is_hex(hello.session_id, "01020304"));
	CU_ASSERT(slice_is_hex(hello.cipher_suites, "1301c02f"));
	CU_ASSERT(slice_is_hex(hello.alpn_list, "02 6832 08 687474702f312e31"));
	CU_ASSERT(slice_is_hex(hello.supported_versions, "0304 0303"));
	CU_ASSERT(slice_is_hex(hello.signature_algorithms, "0403 1a1a 0201"));
	CU_ASSERT_EQUAL(hello.extensions.len, 4 + 14 + 4 + 5 + 4 + 8);
	CU_ASSERT_EQUAL(hello.server_name.len, 0);
}

/* RFC 6347 4.2.1: session id, cookie, cipher suites; RFC 9147 5.3. */
static void
dtls_client_hello_by_rule(void)
{
	static const struct {
		uint16_t version;
		const char *behind_random;
		enum parse_result result;
		uint16_t max_version;
		const char *server_name;
	} rows[] = {
		{0xfeff, "00 00 0002 002f 01 00", PARSE_FOUND, 0xfeff, ""},
		{0xfefd, "00 00 0002 c02f 01 00 0014" SNI_EXAMPLE, PARSE_FOUND, 0xfefd,
		 "example.com"},
		{0xfefd, "00 04 01020304 0002 c02f 01 00 0014" SNI_EXAMPLE, PARSE_FOUND, 0xfefd,
		 "example.com"},
		{0xfefd, "00 00 0002 1301 01 00 0009 002b 0005 04 fefc fefd", PARSE_FOUND, 0xfefc,
		 ""},
		{0xfefd, "00 00 0002 1301 01 00 0009 002b 0005 04 fefd fefc", PARSE_FOUND, 0xfefc,
		 ""},
		{0xfefd, "00 00 0002 1301 01 00 0009 002b 0005 04 fefd 0304", PARSE_FOUND, 0xfefd,
		 ""},
		{0xfefc, "00 00 0002 1301 01 00", PARSE_FOUND, 0xfefd, ""},
		{0x0303, "00 00 0002 c02f 01 00", PARSE_MALFORMED},
		{0xfefd, "00 05 01020304", PARSE_MALFORMED},
		{0xfefd, "00 00 0002 c02f 01 00 0028" SNI_EXAMPLE SNI_EXAMPLE, PARSE_MALFORMED},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tls_client_hello hello;

		w.len = 0;
		wire_number(&w, rows[i].version, 2);
		wire_fill(&w, 0xab, 32);
		wire_hex(&w, rows[i].behind_random);
		enum parse_result r =
			tls_client_hello_body_parse(wire_slice(&w), TLS_CARRIER_DTLS, &hello);
		CU_ASSERT_EQUAL(r, rows[i].result);
		if (r != PARSE_FOUND)
			continue;
		CU_ASSERT_EQUAL(hello.max_version, rows[i].max_version);
		CU_ASSERT(wire_slice_is(hello.server_name, rows[i].server_name));
		CU_ASSERT_EQUAL(hello.carrier, TLS_CARRIER_DTLS);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"client_hello_by_rule", client_hello_by_rule},
		{"client_hello_cut_anywhere_needs_more", client_hello_cut_anywhere_needs_more},
		{"client_hello_with_wrong_inner_lengths_is_malformed",
		 client_hello_with_wrong_inner_lengths_is_malformed},
		{"client_hello_message_bounds", client_hello_message_bounds},
		{"client_hello_lists_as_on_the_wire", client_hello_lists_as_on_the_wire},
		{"dtls_client_hello_by_rule", dtls_client_hello_by_rule},
		{"bytes_behind_the_client_hello_do_not_matter",
		 bytes_behind_the_client_hello_do_not_matter},
	};
	return unit_run("tls_hello", cases, COUNT(cases));
}
