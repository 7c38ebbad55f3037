/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/tls.h"

#include <stdio.h>

#include "tests/unit/names/tls_wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

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
		{"80", PARSE_NEED_MORE},  /* a hello in the form of SSL 2.0 */
		{"16fe", PARSE_NOT_MINE}, /* DTLS */
		{"1602", PARSE_NOT_MINE},
		{"160301 0200 02", PARSE_NOT_MINE}, /* ServerHello */
		{"160303 0001 00", PARSE_NOT_MINE}, /* HelloRequest */
		{"160301 0000", PARSE_MALFORMED},   /* fragment of length zero */
		{"160301 4001", PARSE_MALFORMED},   /* fragment over 2^14 */
		{"160301 4001 02", PARSE_MALFORMED},
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
		for (size_t room = 0; room < hello.len - 4; room++)
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

static void
client_stream_says_how_much_the_hello_took(void)
{
	static struct wire hello, stream;
	static uint8_t scratch[1024];
	const size_t sizes[] = {1, 7, 50, 16384};

	write_client_hello(&hello, 0x0303, SNI_EXAMPLE);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct tls_client_hello out;

		stream.len = 0;
		write_records(&stream, wire_slice(&hello), sizes[i]);
		size_t len = stream.len;
		wire_hex(&stream, "140303000101 170303");
		CU_ASSERT_EQUAL(tls_client_stream_parse(wire_slice(&stream), scratch,
							sizeof(scratch), &out),
				PARSE_FOUND);
		CU_ASSERT_EQUAL(out.consumed, len);
		CU_ASSERT_EQUAL(out.carrier, TLS_CARRIER_TCP);
	}
}

/* RFC 8446 D.4: before the second ClientHello, which answers a HelloRetryRequest. */
static void
client_stream_behind_change_cipher_spec(void)
{
	static const struct {
		const char *what, *start;
		bool with_hello;
		enum parse_result result;
	} rows[] = {
		{"the second hello", "140303000101", true, PARSE_FOUND},
		{"with another minor version", "140301000101", true, PARSE_FOUND},
		{"twice", "140303000101 140303000101", true, PARSE_NOT_MINE},
		{"of another value", "140303000102", true, PARSE_NOT_MINE},
		{"of another length", "14030300020101", true, PARSE_NOT_MINE},
		{"of another major version", "1404", false, PARSE_NOT_MINE},
		{"first byte", "14", false, PARSE_NEED_MORE},
		{"alone", "140303000101", false, PARSE_NEED_MORE},
		{"then application data", "140303000101 17", false, PARSE_NOT_MINE},
		{"then a Finished that looks like no hello", "140303000101 160303 0028 00", false,
		 PARSE_NOT_MINE},
		{"then one that looks like a broken hello",
		 "140303000101 160303 0006 01 000002 0303", false, PARSE_NOT_MINE},
		{"then one that looks like a huge hello", "140303000101 160303 0028 01 ff0000 00",
		 false, PARSE_NOT_MINE},
	};
	static struct wire hello, stream;

	write_client_hello(&hello, 0x0303, SNI_EXAMPLE);
	for (size_t i = 0; i < COUNT(rows); i++) {
		stream.len = 0;
		wire_hex(&stream, rows[i].start);
		if (rows[i].with_hello)
			write_record(&stream, 0x0303, wire_slice(&hello));
		enum parse_result r =
			parse_stream_exactly(wire_slice(&stream), 65536, "example.com");
		CU_ASSERT_EQUAL(r, rows[i].result);
		if (r != rows[i].result)
			printf("# wrong: %s: %d\n", rows[i].what, r);
	}
}

/* RFC 5246 E.2: length, type, version, lengths of ciphers, session id and challenge. */
static void
client_stream_in_the_form_of_ssl_2(void)
{
	static const struct {
		const char *start;
		size_t filled;
		enum parse_result result;
	} rows[] = {
		{"801f 01 0301 0006 0000 0010", 22, PARSE_FOUND},
		{"801f 01 0303 0006 0000 0010", 22, PARSE_FOUND},
		{"802f 01 0300 0006 0010 0010", 38, PARSE_FOUND},
		{"802f 01 0302 0006 0000 0020", 38, PARSE_FOUND},
		{"8400 01 0301 03d8 0000 001f", 1015, PARSE_FOUND},
		{"801f 01 0301 0006 0000 0010", 21, PARSE_NEED_MORE},
		{"801f 01 0301 0006 0000 00", 0, PARSE_NEED_MORE},
		{"80", 0, PARSE_NEED_MORE},
		{"801f 01 0002 0006 0000 0010", 22, PARSE_NOT_MINE}, /* SSL 2.0 itself */
		{"801f 01 0304 0006 0000 0010", 22, PARSE_NOT_MINE},
		{"801f 02 0301 0006 0000 0010", 22, PARSE_NOT_MINE},
		{"801f 01 0301 0000 0000 0016", 22, PARSE_NOT_MINE}, /* no cipher */
		{"801f 01 0301 0005 0000 0011", 22, PARSE_NOT_MINE},
		{"801f 01 0301 0006 0001 000f", 22, PARSE_NOT_MINE},
		{"801f 01 0301 0006 0001 0010", 23, PARSE_NOT_MINE},
		{"8030 01 0301 0006 0000 0021", 39, PARSE_NOT_MINE},
		{"8020 01 0301 0006 0000 0010", 23, PARSE_NOT_MINE}, /* lengths do not agree */
		{"8403 01 0301 03db 0000 001f", 1018, PARSE_NOT_MINE},
		{"85", 0, PARSE_NOT_MINE},
		{"ff", 0, PARSE_NOT_MINE},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tls_client_hello hello = {0};

		w.len = 0;
		wire_hex(&w, rows[i].start);
		wire_fill(&w, 0x11, rows[i].filled);
		enum parse_result r = tls_client_stream_parse(wire_slice(&w), NULL, 0, &hello);
		CU_ASSERT_EQUAL(r, rows[i].result);
		if (r != rows[i].result)
			printf("# wrong: %s: %d\n", rows[i].start, r);
		if (r != PARSE_FOUND)
			continue;
		CU_ASSERT(hello.is_ssl2_format);
		CU_ASSERT_EQUAL(hello.server_name.len, 0);
		CU_ASSERT_EQUAL(hello.max_version, 0x0300 | w.bytes[4]);
		CU_ASSERT_EQUAL(hello.consumed, w.len);
	}
}

static void
stream_that_begins_in_the_middle(void)
{
	static const struct {
		const char *hex;
		bool is_midstream;
	} rows[] = {
		{"170303 0020", true},
		{"170303 4800", true},
		{"170303 0002 0000 170303 0010", true},
		{"170303 0002 0000 17", true},
		{"150303 0002 0100", true},
		{"150303 001a 00", true},
		{"140303 0001 01", true},
		{"140303 0001 01 160303 0028", true},
		{"160303 0046 10", true}, /* ClientKeyExchange */
		{"160303 0200 0b", true}, /* Certificate */
		{"", false},
		{"170303 00", false},
		{"170303 0000", false},
		{"170303 4801", false},
		{"170305 0020", false},
		{"170203 0020", false},
		{"180303 0020", false},
		{"150303 0001 01", false},
		{"150303 0400 01", false},
		{"140303 0001", false},
		{"140303 0001 02", false},
		{"140303 0002 0101", false},
		{"160303 0200", false},
		{"160301 0200 01", false}, /* ClientHello */
		{"160303 0200 02", false}, /* ServerHello */
		{"170303 0002 0000 47", false},
		{"170303 0002 0000 1702", false},
		{"474554 2048", false},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(rows); i++) {
		w.len = 0;
		wire_hex(&w, rows[i].hex);
		uint8_t *copy = wire_exact_copy(wire_slice(&w));
		bool r = tls_is_midstream(slice_of(copy, w.len));
		CU_ASSERT_EQUAL(r, rows[i].is_midstream);
		if (r != rows[i].is_midstream)
			printf("# wrong: %s\n", rows[i].hex);
		free(copy);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
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
		{"client_stream_says_how_much_the_hello_took",
		 client_stream_says_how_much_the_hello_took},
		{"client_stream_behind_change_cipher_spec",
		 client_stream_behind_change_cipher_spec},
		{"client_stream_in_the_form_of_ssl_2", client_stream_in_the_form_of_ssl_2},
		{"stream_that_begins_in_the_middle", stream_that_begins_in_the_middle},
		{"client_hello_of_the_largest_size_is_read",
		 client_hello_of_the_largest_size_is_read},
	};
	return unit_run("tls_stream", cases, COUNT(cases));
}
