/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/tls.h"

#include <stdio.h>

#include "tests/unit/names/wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

#define SNI_EXAMPLE "0000 0010 000e 00 000b 6578616d706c652e636f6d" /* example.com */
#define ALPN_H2 "0010 0005 0003 02 6832"
#define VERSIONS_1_3 "002b 0005 04 0304 0303"

/* A ClientHello from its legacy version and its extensions; NULL: none, as SSL 3.0 clients do. */
static void
write_client_hello(struct wire *w, uint16_t version, const char *extensions)
{
	wire_number(w, 1, 1);
	size_t body = wire_begin(w, 3);
	wire_number(w, version, 2);
	wire_fill(w, 0xab, 32);
	wire_hex(w, "04 01020304 0004 1301c02f 01 00");
	if (extensions != NULL) {
		size_t list = wire_begin(w, 2);
		wire_hex(w, extensions);
		wire_end(w, list, 2);
	}
	wire_end(w, body, 3);
}

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
	bool has_ech, has_esni, has_quic_parameters;
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
	{"first of two host names", 0x0303, "0000 000a 0008 00 0001 61 00 0001 62", PARSE_FOUND,
	 "a", "", 0x0303},
	{"ech", 0x0303, "fe0d 0003 010203", PARSE_FOUND, "", "", 0x0303, .has_ech = true},
	{"esni of the draft before", 0x0303, "ffce 0000", PARSE_FOUND, "", "", 0x0303,
	 .has_esni = true},
	{"quic transport parameters", 0x0303, "0039 0001 00", PARSE_FOUND, "", "", 0x0303,
	 .has_quic_parameters = true},
	{"quic transport parameters of the drafts", 0x0303, "ffa5 0000", PARSE_FOUND, "", "",
	 0x0303, .has_quic_parameters = true},

	{"version is not of ssl 3.0 or tls", 0x0203, "", PARSE_MALFORMED},
	{"server name list empty", 0x0303, "0000 0002 0000", PARSE_MALFORMED},
	{"server name extension empty", 0x0303, "0000 0000", PARSE_MALFORMED},
	{"host name empty", 0x0303, "0000 0005 0003 00 0000", PARSE_MALFORMED},
	{"host name longer than its list", 0x0303, "0000 0006 0004 00 0002 61", PARSE_MALFORMED},
	{"bytes behind the server name list", 0x0303, "0000 0007 0004 00 0001 61 00",
	 PARSE_MALFORMED},
	{"server name list longer than its extension", 0x0303, "0000 0006 0005 00 0001 61",
	 PARSE_MALFORMED},
	{"server name twice", 0x0303, SNI_EXAMPLE SNI_EXAMPLE, PARSE_MALFORMED},
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
			   hello->has_quic_parameters == c->has_quic_parameters;
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

static void
write_record(struct wire *w, uint16_t version, struct slice fragment)
{
	wire_number(w, 22, 1);
	wire_number(w, version, 2);
	wire_number(w, fragment.len, 2);
	wire_bytes(w, fragment.data, fragment.len);
}

/* Cuts `message` into records of `size` bytes. */
static void
write_records(struct wire *w, struct slice message, size_t size)
{
	for (size_t at = 0; at < message.len; at += size) {
		size_t left = message.len - at;
		write_record(w, 0x0301, slice_of(message.data + at, left < size ? left : size));
	}
}

static enum parse_result
parse_stream_exactly(struct slice stream, size_t scratch_len, const char *expected_name)
{
	struct tls_client_hello hello;
	uint8_t *copy = wire_exact_copy(stream);
	uint8_t *scratch = malloc(scratch_len > 0 ? scratch_len : 1);
	enum parse_result r =
		tls_client_stream_parse(slice_of(copy, stream.len), scratch, scratch_len, &hello);

	if (r == PARSE_FOUND)
		CU_ASSERT(wire_slice_is(hello.server_name, expected_name));
	free(scratch);
	free(copy);
	return r;
}

static void
client_stream_takes_any_minor_version(void)
{
	static struct wire hello, stream;

	write_client_hello(&hello, 0x0303, SNI_EXAMPLE);
	for (uint16_t version = 0x0300; version <= 0x0304; version++) {
		stream.len = 0;
		write_record(&stream, version, wire_slice(&hello));
		CU_ASSERT_EQUAL(parse_stream_exactly(wire_slice(&stream), 0, "example.com"),
				PARSE_FOUND);
	}
}

static void
client_stream_cut_anywhere_needs_more_for_any_record_size(void)
{
	static struct wire hello, stream;

	write_client_hello(&hello, 0x0303, SNI_EXAMPLE ALPN_H2);
	for (size_t size = 1; size <= hello.len; size++) {
		stream.len = 0;
		write_records(&stream, wire_slice(&hello), size);
		for (size_t len = 0; len <= stream.len; len++) {
			enum parse_result r = parse_stream_exactly(slice_of(stream.bytes, len),
								   hello.len, "example.com");
			CU_ASSERT_EQUAL(r, len < stream.len ? PARSE_NEED_MORE : PARSE_FOUND);
		}
	}
}

static void
client_stream_is_read_before_its_record_is_whole(void)
{
	static struct wire hello, stream;

	write_client_hello(&hello, 0x0303, SNI_EXAMPLE);
	struct slice message = wire_slice(&hello);
	wire_fill(&hello, 0x77, 100); /* whatever follows in the same record */
	write_record(&stream, 0x0301, wire_slice(&hello));
	CU_ASSERT_EQUAL(
		parse_stream_exactly(slice_of(stream.bytes, 5 + message.len), 0, "example.com"),
		PARSE_FOUND);
	CU_ASSERT_EQUAL(parse_stream_exactly(slice_of(stream.bytes, 4 + message.len), 0, ""),
			PARSE_NEED_MORE);
}

static void
client_stream_tells_other_protocols_by_the_first_byte_that_differs(void)
{
	static const struct {
		const char *hex;
		enum parse_result result;
	} cases[] = {
		{"", PARSE_NEED_MORE},
		{"16", PARSE_NEED_MORE},
		{"1603", PARSE_NEED_MORE},
		{"160301 0200 01", PARSE_NEED_MORE},
		{"47", PARSE_NOT_MINE},   /* "GET" */
		{"15", PARSE_NOT_MINE},   /* an alert */
		{"17", PARSE_NOT_MINE},   /* application data: the hello was missed */
		{"80", PARSE_NOT_MINE},   /* SSL 2.0 */
		{"16fe", PARSE_NOT_MINE}, /* DTLS */
		{"1602", PARSE_NOT_MINE},
		{"160301 0200 02", PARSE_NOT_MINE}, /* ServerHello */
		{"160303 0001 00", PARSE_NOT_MINE}, /* HelloRequest */
		{"160301 0000", PARSE_MALFORMED},   /* fragment of length zero */
		{"160301 4001", PARSE_MALFORMED},   /* fragment over 2^14 */
		{"160301 0200 01ffffff", PARSE_MALFORMED},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		w.len = 0;
		wire_hex(&w, cases[i].hex);
		enum parse_result r = parse_stream_exactly(wire_slice(&w), 65536, "");
		CU_ASSERT_EQUAL(r, cases[i].result);
		if (r != cases[i].result)
			printf("# wrong: %s: %d\n", cases[i].hex, r);
	}
}

/* What may not stand between the two records of a hello, told as soon as its bytes are there. */
static void
client_stream_interrupted_is_malformed(void)
{
	static const char *const between[] = {
		"14",          /* change_cipher_spec */
		"15",          /* an alert */
		"1602",        /* another major version */
		"160301 0000", /* a fragment of length zero */
		"160301 4001", "160301 ffff",
	};
	static struct wire hello, stream;

	write_client_hello(&hello, 0x0303, SNI_EXAMPLE);
	for (size_t i = 0; i < COUNT(between); i++) {
		stream.len = 0;
		write_record(&stream, 0x0301, slice_of(hello.bytes, 40));
		wire_hex(&stream, between[i]);
		CU_ASSERT_EQUAL(parse_stream_exactly(wire_slice(&stream), 65536, ""),
				PARSE_MALFORMED);
	}
}

static void
client_stream_larger_than_the_scratch_is_malformed(void)
{
	static struct wire hello, stream;

	write_client_hello(&hello, 0x0303, SNI_EXAMPLE);
	const size_t splits[] = {1, 3, 4, 5, 50};
	for (size_t i = 0; i < COUNT(splits); i++) {
		stream.len = 0;
		write_records(&stream, wire_slice(&hello), splits[i]);
		for (size_t room = 0; room < hello.len; room++)
			CU_ASSERT_EQUAL(parse_stream_exactly(wire_slice(&stream), room, ""),
					PARSE_MALFORMED);
	}
}

static void
client_hello_of_the_largest_size_is_read(void)
{
	static struct wire hello, stream;
	char head[32];

	/* A padding extension (RFC 7685) that makes the message 65,536 bytes long. */
	wire_number(&hello, 1, 1);
	wire_number(&hello, TLS_CLIENT_HELLO_MAX - 4, 3);
	wire_hex(&hello, "0303");
	wire_fill(&hello, 0xab, 32);
	wire_hex(&hello, "00 0002 1301 01 00");
	size_t list_len = TLS_CLIENT_HELLO_MAX - hello.len - 2;
	wire_number(&hello, list_len, 2);
	wire_hex(&hello, SNI_EXAMPLE);
	snprintf(head, sizeof(head), "0015 %04zx", list_len - 20 - 4);
	wire_hex(&hello, head);
	wire_fill(&hello, 0, list_len - 20 - 4);
	CU_ASSERT_EQUAL(hello.len, TLS_CLIENT_HELLO_MAX);

	write_records(&stream, wire_slice(&hello), 16384);
	CU_ASSERT_EQUAL(parse_stream_exactly(wire_slice(&stream), 65536, "example.com"),
			PARSE_FOUND);
	CU_ASSERT_EQUAL(parse_stream_exactly(slice_of(stream.bytes, stream.len - 1), 65536, ""),
			PARSE_NEED_MORE);
}

/* `extensions` NULL: none. */
static void
write_server_hello(struct wire *w, uint16_t version, const char *random, const char *extensions)
{
	size_t record = (wire_hex(w, "16 0303"), wire_begin(w, 2));
	wire_number(w, 2, 1);
	size_t body = wire_begin(w, 3);
	wire_number(w, version, 2);
	wire_hex(w, random);
	wire_hex(w, "00 1301 00");
	if (extensions != NULL) {
		size_t list = wire_begin(w, 2);
		wire_hex(w, extensions);
		wire_end(w, list, 2);
	}
	wire_end(w, body, 3);
	wire_end(w, record, 2);
}

#define RANDOM_ANY "000102030405060708090a0b0c0d0e0f 000102030405060708090a0b0c0d0e0f"
/* RFC 8446 4.1.3: SHA-256 of "HelloRetryRequest" */
#define RANDOM_RETRY "cf21ad74e59a6111be1d8c021e65b891 c2a211167abb8c5e079e09e2c8a8339c"

static enum parse_result
parse_server_exactly(struct slice stream, uint16_t *version)
{
	uint8_t *copy = wire_exact_copy(stream);
	enum parse_result r = tls_server_stream_parse(slice_of(copy, stream.len), version);

	free(copy);
	return r;
}

static void
server_hello_tells_the_chosen_version(void)
{
	static const struct {
		uint16_t legacy_version;
		const char *random;
		const char *extensions;
		enum parse_result result;
		uint16_t version;
	} cases[] = {
		{0x0300, RANDOM_ANY, NULL, PARSE_FOUND, 0x0300},
		{0x0301, RANDOM_ANY, NULL, PARSE_FOUND, 0x0301},
		{0x0303, RANDOM_ANY, "ff01 0001 00 0017 0000", PARSE_FOUND, 0x0303},
		{0x0303, RANDOM_ANY, "0033 0002 0000 002b 0002 0304", PARSE_FOUND, 0x0304},
		{0x0303, RANDOM_ANY, "002b 0002 7f1c", PARSE_FOUND, 0x0304},
		{0x0303, RANDOM_ANY, "002b 0002 fb1a", PARSE_FOUND, 0x0304},
		{0x0303, RANDOM_RETRY, "002b 0002 0304 0033 0002 001d", PARSE_FOUND, 0x0304},
		{0x0303, RANDOM_ANY, "002b 0003 020304", PARSE_MALFORMED, 0},
		{0x0303, RANDOM_ANY, "002b 0001 03", PARSE_MALFORMED, 0},
		{0x0303, RANDOM_ANY, "002b 0002 9a9a", PARSE_MALFORMED, 0},
		{0x0303, RANDOM_ANY, "0033 0005", PARSE_MALFORMED, 0},
		{0x0200, RANDOM_ANY, NULL, PARSE_MALFORMED, 0},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint16_t version = 0;
		w.len = 0;
		write_server_hello(&w, cases[i].legacy_version, cases[i].random,
				   cases[i].extensions);
		CU_ASSERT_EQUAL(parse_server_exactly(wire_slice(&w), &version), cases[i].result);
		CU_ASSERT_EQUAL(version, cases[i].version);
		for (size_t len = 0; len < w.len; len++)
			CU_ASSERT_EQUAL(parse_server_exactly(slice_of(w.bytes, len), &version),
					PARSE_NEED_MORE);
	}
}

static void
server_stream_of_other_bytes(void)
{
	static const struct {
		const char *hex;
		enum parse_result result;
	} cases[] = {
		{"", PARSE_NEED_MORE},
		{"15", PARSE_NOT_MINE}, /* an alert refuses the hello */
		{"48", PARSE_NOT_MINE},
		{"1603030010 01", PARSE_NOT_MINE},
		{"1603030003 020000", PARSE_MALFORMED},   /* header over two records */
		{"1603030010 02000040", PARSE_MALFORMED}, /* message over two records */
		{"1603030000", PARSE_MALFORMED},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint16_t version;
		w.len = 0;
		wire_hex(&w, cases[i].hex);
		CU_ASSERT_EQUAL(parse_server_exactly(wire_slice(&w), &version), cases[i].result);
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
		{"bytes_behind_the_client_hello_do_not_matter",
		 bytes_behind_the_client_hello_do_not_matter},
		{"client_stream_takes_any_minor_version", client_stream_takes_any_minor_version},
		{"client_stream_cut_anywhere_needs_more_for_any_record_size",
		 client_stream_cut_anywhere_needs_more_for_any_record_size},
		{"client_stream_is_read_before_its_record_is_whole",
		 client_stream_is_read_before_its_record_is_whole},
		{"client_stream_tells_other_protocols_by_the_first_byte_that_differs",
		 client_stream_tells_other_protocols_by_the_first_byte_that_differs},
		{"client_stream_interrupted_is_malformed", client_stream_interrupted_is_malformed},
		{"client_stream_larger_than_the_scratch_is_malformed",
		 client_stream_larger_than_the_scratch_is_malformed},
		{"client_hello_of_the_largest_size_is_read",
		 client_hello_of_the_largest_size_is_read},
		{"server_hello_tells_the_chosen_version", server_hello_tells_the_chosen_version},
		{"server_stream_of_other_bytes", server_stream_of_other_bytes},
	};
	return unit_run("tls", cases, COUNT(cases));
}
