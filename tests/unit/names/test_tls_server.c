/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/tls.h"

#include <stdio.h>

#include "tests/unit/names/tls_wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static enum parse_result
parse_server_exactly(struct slice stream, uint16_t *version)
{
	struct tls_server_hello hello;
	uint8_t *copy = wire_exact_copy(stream);
	uint8_t *scratch = malloc(TLS_SERVER_HELLO_MAX);
	enum parse_result r = tls_server_stream_parse(slice_of(copy, stream.len), scratch,
						      TLS_SERVER_HELLO_MAX, &hello);

	if (r == PARSE_FOUND)
		*version = hello.version;
	free(scratch);
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
		{"150303 0002 0228", PARSE_NOT_MINE}, /* an alert refuses the hello */
		{"48", PARSE_NOT_MINE},
		{"1603030010 01", PARSE_NOT_MINE},
		{"1603030003 020000", PARSE_NEED_MORE},   /* header over two records */
		{"1603030010 02000040", PARSE_NEED_MORE}, /* message over two records */
		{"1603030000", PARSE_MALFORMED},
		{"1603037abd 00", PARSE_MALFORMED},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint16_t version;
		w.len = 0;
		wire_hex(&w, cases[i].hex);
		CU_ASSERT_EQUAL(parse_server_exactly(wire_slice(&w), &version), cases[i].result);
	}
}

static void
server_hello_tells_what_else_was_chosen(void)
{
	static const struct {
		const char *what, *random, *extensions;
		const char *alpn;
		bool is_retry, psk_chosen;
	} rows[] = {
		{"nothing", RANDOM_ANY, "", ""},
		{"alpn", RANDOM_ANY, "0000 0000 0010 0005 0003 02 6832", "h2"},
		{"alpn, which TLS 1.3 has not here", RANDOM_ANY,
		 "0010 0005 0003 02 6832 002b 0002 0304", ""},
		{"a retry", RANDOM_RETRY, "002b 0002 0304 0033 0002 001d", "", .is_retry = true},
		{"a pre-shared key", RANDOM_ANY, "002b 0002 0304 0029 0002 0000", "",
		 .psk_chosen = true},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tls_server_hello hello;

		w.len = 0;
		write_server_hello(&w, 0x0303, rows[i].random, rows[i].extensions);
		/* A hello in one record is read where it lies. */
		CU_ASSERT_EQUAL(tls_server_stream_parse(wire_slice(&w), NULL, 0, &hello),
				PARSE_FOUND);
		bool as_expected = wire_slice_is(hello.alpn, rows[i].alpn) &&
				   hello.is_retry == rows[i].is_retry &&
				   hello.psk_chosen == rows[i].psk_chosen &&
				   hello.session_id.len == 0;
		CU_ASSERT(as_expected);
		if (!as_expected)
			printf("# wrong: %s\n", rows[i].what);
	}
}

static void
server_hello_by_body(void)
{
	static const struct {
		const char *body; /* R: a random */
		enum parse_result result;
		uint16_t version;
		enum tls_carrier carrier;
	} rows[] = {
		{"0303 R 04 01020304 c02f 00", PARSE_FOUND, 0x0303, TLS_CARRIER_TCP},
		{"fefd R 00 c02f 00", PARSE_FOUND, 0xfefd, TLS_CARRIER_DTLS},
		{"feff R 00 002f 00 0000", PARSE_FOUND, 0xfeff, TLS_CARRIER_DTLS},
		{"fefd R 00 1301 00 0006 002b 0002 fefc", PARSE_FOUND, 0xfefc, TLS_CARRIER_DTLS},
		{"0303 R 00 1301 00 0006 002b 0002 0304", PARSE_FOUND, 0x0304, TLS_CARRIER_QUIC},
		{"fefd R 00 c02f 00", PARSE_MALFORMED, 0, TLS_CARRIER_TCP},
		{"0303 R 00 c02f 00", PARSE_MALFORMED, 0, TLS_CARRIER_DTLS},
		{"0303 R 21 R 00 c02f 00", PARSE_MALFORMED, 0, TLS_CARRIER_TCP},
		{"0303 R 00 c02f", PARSE_MALFORMED, 0, TLS_CARRIER_TCP},
		{"0303 R 00 c02f 00 0000 00", PARSE_MALFORMED, 0, TLS_CARRIER_TCP},
		{"0303 R 00 c02f 00 000a 0010 0006 0004 02 6832 00", PARSE_MALFORMED, 0,
		 TLS_CARRIER_TCP}, /* two protocols */
		{"0303 R 00 c02f 00 0007 0010 0003 0001 00", PARSE_MALFORMED, 0, TLS_CARRIER_TCP},
		{"0303 R 00 c02f 00 0012 0010 0005 0003 02 6832 0010 0005 0003 02 6831",
		 PARSE_MALFORMED, 0, TLS_CARRIER_TCP},
		{"0303 R 00 1301 00 000c 002b 0002 0304 002b 0002 0303", PARSE_MALFORMED, 0,
		 TLS_CARRIER_TCP},
		{"0303 R 00 1301 00 000b 002b 0002 0304 0029 0001 00", PARSE_MALFORMED, 0,
		 TLS_CARRIER_TCP},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tls_server_hello hello;

		w.len = 0;
		for (const char *p = rows[i].body; *p != '\0'; p++) {
			char pair[] = {p[0], p[0] == 'R' || p[0] == ' ' ? '\0' : p[1], '\0'};
			if (*p == 'R')
				wire_fill(&w, 0x55, 32);
			else if (*p != ' ')
				wire_hex(&w, pair), p++;
		}
		uint8_t *copy = wire_exact_copy(wire_slice(&w));
		enum parse_result r =
			tls_server_hello_body_parse(slice_of(copy, w.len), rows[i].carrier, &hello);
		CU_ASSERT_EQUAL(r, rows[i].result);
		if (r == PARSE_FOUND)
			CU_ASSERT_EQUAL(hello.version, rows[i].version);
		if (r != rows[i].result)
			printf("# wrong: %s: %d\n", rows[i].body, r);
		free(copy);
	}
}

static void
server_session_id_tells_a_resumption(void)
{
	static struct wire w;
	struct tls_server_hello hello;

	wire_hex(&w, "160303 002e 02 00002a 0303" RANDOM_ANY "04 a1a2a3a4 c02f 00 0000");
	CU_ASSERT_EQUAL(tls_server_stream_parse(wire_slice(&w), NULL, 0, &hello), PARSE_FOUND);
	CU_ASSERT(wire_slice_is(hello.session_id, "\xa1\xa2\xa3\xa4"));
}

static void
warning_before_the_server_hello_is_passed_over(void)
{
	static const struct {
		const char *start;
		enum parse_result result;
	} rows[] = {
		{"150303 0002 0170", PARSE_FOUND},
		{"150301 0002 0170", PARSE_FOUND},
		{"150303 0002 0170 150303 0002 0170", PARSE_NOT_MINE},
		{"150303 0002 0270", PARSE_NOT_MINE},
		{"150303 0002 0100", PARSE_NOT_MINE},
		{"150303 0003 017000", PARSE_NOT_MINE},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint16_t version = 0;

		w.len = 0;
		wire_hex(&w, rows[i].start);
		write_server_hello(&w, 0x0303, RANDOM_ANY, "");
		CU_ASSERT_EQUAL(parse_server_exactly(wire_slice(&w), &version), rows[i].result);
		for (size_t len = 0; rows[i].result == PARSE_FOUND && len < w.len; len++)
			CU_ASSERT_EQUAL(parse_server_exactly(slice_of(w.bytes, len), &version),
					PARSE_NEED_MORE);
	}
}

/* A server's messages behind its ServerHello, which lies in a record of its own. */
static void
write_flight(struct wire *w, const char *hello_extensions, struct slice messages, size_t record)
{
	w->len = 0;
	write_server_hello(w, 0x0303, RANDOM_ANY, hello_extensions);
	write_records(w, messages, record);
}

/* Certificate with a leaf of `len` bytes of 0x30 and one that issued it. */
static void
write_certificate(struct wire *w, size_t len)
{
	wire_number(w, 11, 1);
	size_t body = wire_begin(w, 3), list = wire_begin(w, 3), leaf = wire_begin(w, 3);
	wire_fill(w, 0x30, len);
	wire_end(w, leaf, 3);
	wire_hex(w, "000004 aabbccdd");
	wire_end(w, list, 3);
	wire_end(w, body, 3);
}

static enum parse_result
find_exactly(struct slice stream, size_t scratch_len, size_t expected_len)
{
	uint8_t *copy = wire_exact_copy(stream);
	uint8_t *scratch = malloc(scratch_len > 0 ? scratch_len : 1);
	struct slice der = {0};
	enum parse_result r =
		tls_server_certificate(slice_of(copy, stream.len), scratch, scratch_len, &der);

	if (r == PARSE_FOUND) {
		CU_ASSERT_EQUAL(der.len, expected_len);
		for (size_t i = 0; i < der.len; i++)
			CU_ASSERT_EQUAL(der.data[i], 0x30);
	}
	free(scratch);
	free(copy);
	return r;
}

static void
certificate_is_found_in_any_records(void)
{
	static struct wire messages, flight;

	write_certificate(&messages, 300);
	size_t leaf_end = 4 + 3 + 3 + 300;
	wire_hex(&messages, "0e000000"); /* ServerHelloDone */
	for (size_t record = 1; record <= messages.len; record++) {
		write_flight(&flight, "", wire_slice(&messages), record);
		size_t start =
			flight.len - messages.len - 5 * ((messages.len + record - 1) / record);
		/* The stream up to the leaf's last byte, and the headers of records before it. */
		size_t end = start + leaf_end + 5 * ((leaf_end + record - 1) / record);
		for (size_t len = record < 50 ? end - 1 : 0; len <= flight.len; len++)
			CU_ASSERT_EQUAL(find_exactly(slice_of(flight.bytes, len), 300, 300),
					len < end ? PARSE_NEED_MORE : PARSE_FOUND);
	}
}

static void
certificate_in_the_record_of_the_server_hello(void)
{
	static struct wire messages, flight;

	wire_hex(&messages, "02 000028 0303" RANDOM_ANY "00 c02f 00 0000");
	write_certificate(&messages, 300);
	write_record(&flight, 0x0303, wire_slice(&messages));
	CU_ASSERT_EQUAL(find_exactly(wire_slice(&flight), 0, 300), PARSE_FOUND);
}

static void
certificate_is_bounded(void)
{
	static struct wire messages, flight;

	write_certificate(&messages, TLS_CERTIFICATE_MAX);
	write_flight(&flight, "", wire_slice(&messages), 1000);
	CU_ASSERT_EQUAL(find_exactly(wire_slice(&flight), TLS_CERTIFICATE_MAX, TLS_CERTIFICATE_MAX),
			PARSE_FOUND);
	CU_ASSERT_EQUAL(find_exactly(wire_slice(&flight), TLS_CERTIFICATE_MAX - 1, 0),
			PARSE_MALFORMED);
	messages.len = 0;
	write_certificate(&messages, TLS_CERTIFICATE_MAX + 1);
	write_flight(&flight, "", wire_slice(&messages), 16384);
	CU_ASSERT_EQUAL(find_exactly(wire_slice(&flight), 16384, 0), PARSE_MALFORMED);
}

static void
flights_without_a_certificate(void)
{
	static const struct {
		const char *what, *hello_extensions, *behind;
		enum parse_result result;
	} rows[] = {
		{"nothing yet", "", "", PARSE_NEED_MORE},
		{"resumed: change_cipher_spec", "", "140303000101", PARSE_NOT_MINE},
		{"resumed: a ticket first", "", "160303 0008 04 000004 00000000", PARSE_NOT_MINE},
		/* RFC 6066 8: it has its place behind the certificate. */
		{"CertificateStatus", "", "160303 0006 16 000002 0100", PARSE_NOT_MINE},
		{"anonymous: ServerKeyExchange", "", "160303 0006 0c 000002 0000", PARSE_NOT_MINE},
		{"an alert", "", "150303 0002 0228", PARSE_NOT_MINE},
		{"tls 1.3", "002b 0002 0304", "140303000101", PARSE_NOT_MINE},
		{"an empty list", "", "160303 0007 0b 000003 000000", PARSE_NOT_MINE},
		{"no list", "", "160303 0006 0b 000002 0000", PARSE_MALFORMED},
		{"an empty leaf", "", "160303 000a 0b 000006 000003 000000", PARSE_MALFORMED},
		{"a list that ends before the message", "",
		 "160303 000c 0b 000008 000004 000001 30 00", PARSE_MALFORMED},
		{"a leaf longer than its list", "", "160303 000b 0b 000007 000004 000002 30",
		 PARSE_MALFORMED},
		{"an alert in the middle", "", "160303 000a 0b 000009 000006 000003 150303 0002",
		 PARSE_MALFORMED},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(rows); i++) {
		w.len = 0;
		write_server_hello(&w, 0x0303, RANDOM_ANY, rows[i].hello_extensions);
		wire_hex(&w, rows[i].behind);
		enum parse_result r = find_exactly(wire_slice(&w), 16384, 1);
		CU_ASSERT_EQUAL(r, rows[i].result);
		if (r != rows[i].result)
			printf("# wrong: %s: %d\n", rows[i].what, r);
	}
	CU_ASSERT_EQUAL(find_exactly(slice_of("GET /", 5), 16384, 0), PARSE_NOT_MINE);
	CU_ASSERT_EQUAL(find_exactly(slice_of("", 0), 16384, 0), PARSE_NEED_MORE);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"server_hello_tells_the_chosen_version", server_hello_tells_the_chosen_version},
		{"server_hello_tells_what_else_was_chosen",
		 server_hello_tells_what_else_was_chosen},
		{"server_hello_by_body", server_hello_by_body},
		{"server_session_id_tells_a_resumption", server_session_id_tells_a_resumption},
		{"warning_before_the_server_hello_is_passed_over",
		 warning_before_the_server_hello_is_passed_over},
		{"certificate_is_found_in_any_records", certificate_is_found_in_any_records},
		{"certificate_in_the_record_of_the_server_hello",
		 certificate_in_the_record_of_the_server_hello},
		{"certificate_is_bounded", certificate_is_bounded},
		{"flights_without_a_certificate", flights_without_a_certificate},
		{"server_stream_of_other_bytes", server_stream_of_other_bytes},
	};
	return unit_run("tls_server", cases, COUNT(cases));
}
