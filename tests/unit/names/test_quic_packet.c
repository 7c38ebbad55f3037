/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/quic.h"

#include <stdio.h>

#include "tests/unit/names/wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const struct {
	const char *hex;
	enum parse_result result;
	enum quic_packet_type type;
	size_t packet_len, number_offset;
} long_headers[] = {
	{"c0 00000001 00 00 00 01 aa", PARSE_FOUND, QUIC_PACKET_INITIAL, 10, 9},
	{"c0 00000001 02 d1d2 01 51 02 7001 01 aa bbcc", PARSE_FOUND, QUIC_PACKET_INITIAL, 15, 14},
	{"c0 00000001 00 00 00 4001 aa", PARSE_FOUND, QUIC_PACKET_INITIAL, 11, 10},
	{"c0 00000001 00 00 00 80000001 aa", PARSE_FOUND, QUIC_PACKET_INITIAL, 13, 12},
	{"c0 00000001 00 00 00 c000000000000001 aa", PARSE_FOUND, QUIC_PACKET_INITIAL, 17, 16},
	{"c0 00000001 00 00 00 00", PARSE_FOUND, QUIC_PACKET_INITIAL, 9, 9},
	{"d0 00000001 00 00 01 aa bb", PARSE_FOUND, QUIC_PACKET_PROTECTED, 9, 8},  /* 0-RTT */
	{"e0 00000001 00 00 01 aa bb", PARSE_FOUND, QUIC_PACKET_PROTECTED, 9, 8},  /* Handshake */
	{"f0 00000001 00 01 51 aabbccdd", PARSE_FOUND, QUIC_PACKET_RETRY, 12, 12}, /* Retry */
	/* RFC 9369 3.2: the types stand for others */
	{"d0 6b3343cf 00 00 00 01 aa", PARSE_FOUND, QUIC_PACKET_INITIAL, 10, 9},
	{"e0 6b3343cf 00 00 01 aa", PARSE_FOUND, QUIC_PACKET_PROTECTED, 9, 8},
	{"f0 6b3343cf 00 00 01 aa", PARSE_FOUND, QUIC_PACKET_PROTECTED, 9, 8},
	{"c0 6b3343cf 00 00 aabbccdd", PARSE_FOUND, QUIC_PACKET_RETRY, 11, 11},
	{"c0 ff00001d 00 00 00 01 aa", PARSE_FOUND, QUIC_PACKET_INITIAL, 10, 9},
	{"c0 faceb002 00 00 00 01 aa", PARSE_FOUND, QUIC_PACKET_INITIAL, 10, 9},

	/* RFC 9000 17.2.1: ids of any length, no fixed bit */
	{"80 00000000 00 00 00000001", PARSE_FOUND, QUIC_PACKET_NEGOTIATION, 11, 11},
	{"ff 00000000 01 d1 00 12345678 ff00001d", PARSE_FOUND, QUIC_PACKET_NEGOTIATION, 16, 16},
	{"80 00000000 00 15 000102030405060708090a0b0c0d0e0f1011121314 fafafafa", PARSE_FOUND,
	 QUIC_PACKET_NEGOTIATION, 32, 32},
	/* of unknown versions: what could be an Initial of v1 or v2 */
	{"c0 00000002 00 00 00 01 aa", PARSE_FOUND, QUIC_PACKET_UNKNOWN, 10, 9},
	{"d0 0a0a0a0a 00 00 00 01 aa", PARSE_FOUND, QUIC_PACKET_UNKNOWN, 10, 9},
	/* RFC 9287 3: no fixed bit, behind a token */
	{"80 00000001 00 00 01 51 01 aa", PARSE_FOUND, QUIC_PACKET_INITIAL, 11, 10},

	{"", PARSE_NOT_MINE},
	{"40 00000001 00 00 00 01 aa", PARSE_NOT_MINE}, /* short header */
	{"80 00000001 00 00 00 01 aa", PARSE_NOT_MINE}, /* fixed bit is zero */
	{"c0 00000000 00 00 12345678", PARSE_NOT_MINE}, /* offers no version of QUIC */
	{"c0 00000000 00 00 0000000100", PARSE_NOT_MINE},
	{"c0 00000000 00 00", PARSE_NOT_MINE},
	{"40 00000000 00 00 00000001", PARSE_NOT_MINE},
	{"e0 00000002 00 00 00 01 aa", PARSE_NOT_MINE},
	{"80 00000002 00 00 00 01 aa", PARSE_NOT_MINE},
	{"c0 0a0a0a0a 00 00 00 02 aa", PARSE_NOT_MINE}, /* shorter than it says */
	{"c0 000000", PARSE_NOT_MINE},

	{"c0 00000001", PARSE_MALFORMED},
	{"c0 00000001 15 000102030405060708090a0b0c0d0e0f1011121314 00 00 01 aa", PARSE_MALFORMED},
	{"c0 00000001 00 15 000102030405060708090a0b0c0d0e0f1011121314 00 01 aa", PARSE_MALFORMED},
	{"f0 00000001 00 15 000102030405060708090a0b0c0d0e0f1011121314", PARSE_MALFORMED},
	{"c0 00000001 04 0000", PARSE_MALFORMED},
	{"c0 00000001 00 00 00 02 aa", PARSE_MALFORMED},
	{"c0 00000001 00 00 05 01 aa", PARSE_MALFORMED},
	{"c0 00000001 00 00 00 ffffffffffffffff aa", PARSE_MALFORMED},
	{"c0 00000001 00 00 ffffffffffffffff 01 aa", PARSE_MALFORMED},
	{"e0 00000001 00 00 02 aa", PARSE_MALFORMED},
};

static void
long_headers_by_rule(void)
{
	static struct wire w;

	for (size_t i = 0; i < COUNT(long_headers); i++) {
		struct quic_long_header h;
		w.len = 0;
		wire_hex(&w, long_headers[i].hex);
		uint8_t *copy = wire_exact_copy(wire_slice(&w));
		enum parse_result r = quic_long_header_parse(slice_of(copy, w.len), &h);
		bool as_expected = r == long_headers[i].result &&
				   (r != PARSE_FOUND ||
				    (h.type == long_headers[i].type && h.packet.data == copy &&
				     h.packet.len == long_headers[i].packet_len &&
				     h.number_offset == long_headers[i].number_offset));
		CU_ASSERT(as_expected);
		if (!as_expected)
			printf("# wrong: %s: %d\n", long_headers[i].hex, r);
		free(copy);
	}
}

static void
coalesced_packets_follow_each_other(void)
{
	static struct wire w;
	static const struct {
		enum quic_packet_type type;
		size_t len;
	} expected[] = {
		{QUIC_PACKET_INITIAL, 12}, {QUIC_PACKET_PROTECTED, 10}, {QUIC_PACKET_INITIAL, 11}};
	struct quic_long_header h;
	size_t at = 0;

	wire_hex(&w, "c0 00000001 01d1 00 00 02 aabb"
		     "e0 00000001 01d1 00 01 cc"
		     "c1 00000001 01d1 00 00 01 dd");
	for (size_t i = 0; i < COUNT(expected); i++) {
		struct slice rest = slice_of(w.bytes + at, w.len - at);
		CU_ASSERT_EQUAL(quic_long_header_parse(rest, &h), PARSE_FOUND);
		CU_ASSERT_EQUAL(h.type, expected[i].type);
		CU_ASSERT_EQUAL(h.packet.len, expected[i].len);
		CU_ASSERT(wire_slice_is(h.dcid, "\xd1"));
		at += h.packet.len;
	}
	CU_ASSERT_EQUAL(at, w.len);
}

static void
versions_to_try_follow_from_the_form(void)
{
	static const struct {
		const char *hex;
		size_t count;
		uint32_t first;
	} rows[] = {{"c0 0a0a0a0a 00 00 00 01 aa", 3, 1},
		    {"d0 0a0a0a0a 00 00 00 01 aa", 1, 0x6b3343cf},
		    {"c0 00000001 00 00 00 01 aa", 0, 0}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		static struct wire w;
		struct quic_long_header h;
		uint32_t versions[QUIC_TRIALS_MAX] = {0};
		w.len = 0;
		wire_hex(&w, rows[i].hex);
		CU_ASSERT_EQUAL(quic_long_header_parse(wire_slice(&w), &h), PARSE_FOUND);
		CU_ASSERT_EQUAL(quic_trial_versions(&h, versions), rows[i].count);
		CU_ASSERT_EQUAL(versions[0], rows[i].first);
	}
}

static void
google_quic_by_its_version(void)
{
	static const struct {
		const char *hex;
		bool is_google;
	} rows[] = {
		{"0d 0102030405060708 51303433 01 000102030405060708090a0b a0", true},
		{"09 0102030405060708 51303234 01 000102030405060708090a0b", true},
		{"19 0102030405060708 51303339 0100 000102030405060708090a0b", true},
		{"c3 51303436 50", true},
		{"ff 51303530", true},
		{"c0 54303530", true},

		{"", false},
		{"c3 513034", false},
		{"c3 54303433", false}, /* T043 */
		{"c3 51313436", false}, /* Q146 */
		{"c3 5130343a", false},
		{"09 0102030405060708 51303433 01", false}, /* no hash */
		{"08 0102030405060708 51303433 01 000102030405060708090a0b",
		 false}, /* no version */
		{"01 0102030405060708 51303433 01 000102030405060708090a0b", false}, /* no id */
		{"0b 0102030405060708 51303433 01 000102030405060708090a0b", false}, /* reset */
		{"49 0102030405060708 51303433 01 000102030405060708090a0b", false},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		static struct wire w;
		w.len = 0;
		wire_hex(&w, rows[i].hex);
		uint8_t *copy = wire_exact_copy(wire_slice(&w));
		CU_ASSERT_EQUAL(quic_is_google(slice_of(copy, w.len)), rows[i].is_google);
		free(copy);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"long_headers_by_rule", long_headers_by_rule},
		{"coalesced_packets_follow_each_other", coalesced_packets_follow_each_other},
		{"versions_to_try_follow_from_the_form", versions_to_try_follow_from_the_form},
		{"google_quic_by_its_version", google_quic_by_its_version},
	};
	return unit_run("quic_packet", cases, COUNT(cases));
}
