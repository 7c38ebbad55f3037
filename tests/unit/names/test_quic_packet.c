/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/quic.h"

#include <stdio.h>

#include "tests/unit/names/wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void
long_headers_by_rule(void)
{
	static const struct {
		const char *hex;
		enum parse_result result;
		bool is_initial;
		size_t packet_len, number_offset;
	} cases[] = {
		{"c0 00000001 00 00 00 01 aa", PARSE_FOUND, true, 10, 9},
		{"c0 00000001 02 d1d2 01 51 02 7001 01 aa bbcc", PARSE_FOUND, true, 15, 14},
		{"c0 00000001 00 00 00 4001 aa", PARSE_FOUND, true, 11, 10},
		{"c0 00000001 00 00 00 80000001 aa", PARSE_FOUND, true, 13, 12},
		{"c0 00000001 00 00 00 c000000000000001 aa", PARSE_FOUND, true, 17, 16},
		{"c0 00000001 00 00 00 00", PARSE_FOUND, true, 9, 9},
		{"d0 00000001 00 00 01 aa bb", PARSE_FOUND, false, 9, 8},      /* 0-RTT */
		{"e0 00000001 00 00 01 aa bb", PARSE_FOUND, false, 9, 8},      /* Handshake */
		{"f0 00000001 00 01 51 aabbccdd", PARSE_FOUND, false, 12, 12}, /* Retry */
		/* RFC 9369 3.2: the types stand for others */
		{"d0 6b3343cf 00 00 00 01 aa", PARSE_FOUND, true, 10, 9},
		{"e0 6b3343cf 00 00 01 aa", PARSE_FOUND, false, 9, 8},
		{"f0 6b3343cf 00 00 01 aa", PARSE_FOUND, false, 9, 8},
		{"c0 6b3343cf 00 00 aabbccdd", PARSE_FOUND, false, 11, 11},
		{"c0 ff00001d 00 00 00 01 aa", PARSE_FOUND, true, 10, 9},
		{"c0 faceb002 00 00 00 01 aa", PARSE_FOUND, true, 10, 9},

		{"", PARSE_NOT_MINE},
		{"40 00000001 00 00 00 01 aa", PARSE_NOT_MINE}, /* short header */
		{"80 00000001 00 00 00 01 aa", PARSE_NOT_MINE}, /* fixed bit is zero */
		{"c0 00000000 00 00 00000001", PARSE_NOT_MINE}, /* Version Negotiation */
		{"c0 00000002 00 00 00 01 aa", PARSE_NOT_MINE},
		{"c0 0a0a0a0a 00 00 00 01 aa", PARSE_NOT_MINE},
		{"c0 51303436 00 00 00 01 aa", PARSE_NOT_MINE}, /* Google's Q046 */
		{"c0 000000", PARSE_NOT_MINE},

		{"c0 00000001", PARSE_MALFORMED},
		{"c0 00000001 15 000102030405060708090a0b0c0d0e0f1011121314 00 00 01 aa",
		 PARSE_MALFORMED},
		{"c0 00000001 00 15 000102030405060708090a0b0c0d0e0f1011121314 00 01 aa",
		 PARSE_MALFORMED},
		{"f0 00000001 00 15 000102030405060708090a0b0c0d0e0f1011121314", PARSE_MALFORMED},
		{"c0 00000001 04 0000", PARSE_MALFORMED},
		{"c0 00000001 00 00 00 02 aa", PARSE_MALFORMED},
		{"c0 00000001 00 00 05 01 aa", PARSE_MALFORMED},
		{"c0 00000001 00 00 00 ffffffffffffffff aa", PARSE_MALFORMED},
		{"c0 00000001 00 00 ffffffffffffffff 01 aa", PARSE_MALFORMED},
		{"e0 00000001 00 00 02 aa", PARSE_MALFORMED},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct quic_long_header h;
		w.len = 0;
		wire_hex(&w, cases[i].hex);
		uint8_t *copy = wire_exact_copy(wire_slice(&w));
		enum parse_result r = quic_long_header_parse(slice_of(copy, w.len), &h);
		bool as_expected = r == cases[i].result &&
				   (r != PARSE_FOUND ||
				    (h.is_initial == cases[i].is_initial && h.packet.data == copy &&
				     h.packet.len == cases[i].packet_len &&
				     h.number_offset == cases[i].number_offset));
		CU_ASSERT(as_expected);
		if (!as_expected)
			printf("# wrong: %s: %d\n", cases[i].hex, r);
		free(copy);
	}
}

static void
coalesced_packets_follow_each_other(void)
{
	static struct wire w;
	static const struct {
		bool is_initial;
		size_t len;
	} expected[] = {{true, 12}, {false, 10}, {true, 11}};
	struct quic_long_header h;
	size_t at = 0;

	wire_hex(&w, "c0 00000001 01d1 00 00 02 aabb"
		     "e0 00000001 01d1 00 01 cc"
		     "c1 00000001 01d1 00 00 01 dd");
	for (size_t i = 0; i < COUNT(expected); i++) {
		struct slice rest = slice_of(w.bytes + at, w.len - at);
		CU_ASSERT_EQUAL(quic_long_header_parse(rest, &h), PARSE_FOUND);
		CU_ASSERT_EQUAL(h.is_initial, expected[i].is_initial);
		CU_ASSERT_EQUAL(h.packet.len, expected[i].len);
		CU_ASSERT(wire_slice_is(h.dcid, "\xd1"));
		at += h.packet.len;
	}
	CU_ASSERT_EQUAL(at, w.len);
}

/* Reads all frames into "offset:data " texts. */
static bool
read_frames(struct slice frames, char *text, size_t text_len)
{
	struct cursor c = cursor_over(frames);
	struct quic_crypto_frame f;
	size_t len = 0;

	text[0] = '\0';
	while (quic_crypto_frame_next(&c, &f))
		len += (size_t)snprintf(text + len, text_len - len, "%llu:%.*s ",
					(unsigned long long)f.offset, (int)f.data.len,
					(const char *)f.data.data);
	return !c.failed;
}

static void
frames_by_rule(void)
{
	static const struct {
		const char *hex;
		bool is_well_formed;
		const char *crypto;
	} cases[] = {
		{"", true, ""},
		{"000000", true, ""},
		{"06 00 02 6162", true, "0:ab "},
		{"06 4005 03 616263 000000", true, "5:abc "},
		{"00 01 06 00 01 61 00 06 01 01 62 01", true, "0:a 1:b "},
		{"06 05 01 66 06 00 05 6162636465", true, "5:f 0:abcde "}, /* out of order */
		{"06 00 00", true, "0: "},
		{"02 05 4100 00 00 06 00 01 61", true, "0:a "}, /* ACK */
		{"02 05 00 02 01 0102 0304 06 00 01 61", true, "0:a "},
		{"03 05 00 00 00 010203 06 00 01 61", true, "0:a "}, /* with ECN counts */
		{"1c 00 06 02 6e6f 06 00 01 61", true, "0:a "},      /* CONNECTION_CLOSE */
		{"06 ffffffffffffffff 00", true, "4611686018427387903: "},
		{"06 fffffffffffffffe 01 61", true, "4611686018427387902:a "},

		{"06 ffffffffffffffff 01 61", false, ""}, /* ends beyond 2^62-1 */
		{"06 00 03 6162", false, ""},
		{"06 00 ffffffffffffffff 61", false, ""},
		{"06", false, ""},
		{"06 00", false, ""},
		{"06 00 01 61 06 01", false, "0:a "},
		{"02 05 00 05 00", false, ""},
		{"02 05 00 ffffffffffffffff 00 0000", false, ""},
		{"03 05 00 00 00 0102", false, ""},
		{"1c 00 06 03 6e6f", false, ""},
		{"1d 00 00", false, ""},      /* CONNECTION_CLOSE of the application */
		{"08 00 61", false, ""},      /* STREAM */
		{"1e", false, ""},            /* HANDSHAKE_DONE */
		{"4006 00 01 61", false, ""}, /* a type not in its shortest form */
		{"00 ff", false, ""},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[256];
		w.len = 0;
		wire_hex(&w, cases[i].hex);
		uint8_t *copy = wire_exact_copy(wire_slice(&w));
		bool well_formed = read_frames(slice_of(copy, w.len), text, sizeof(text));
		bool as_expected = well_formed == cases[i].is_well_formed &&
				   strcmp(text, cases[i].crypto) == 0;
		CU_ASSERT(as_expected);
		if (!as_expected)
			printf("# wrong: %s: %d '%s'\n", cases[i].hex, well_formed, text);
		free(copy);
	}
}

static void
padding_of_any_length_is_passed_over(void)
{
	static struct wire w;

	for (size_t len = 0; len < 300; len++) {
		char text[64];
		w.len = 0;
		wire_fill(&w, 0, len);
		wire_hex(&w, "06 00 01 61");
		wire_fill(&w, 0, len);
		uint8_t *copy = wire_exact_copy(wire_slice(&w));
		CU_ASSERT(read_frames(slice_of(copy, w.len), text, sizeof(text)));
		CU_ASSERT_EQUAL(strcmp(text, "0:a "), 0);
		free(copy);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"long_headers_by_rule", long_headers_by_rule},
		{"coalesced_packets_follow_each_other", coalesced_packets_follow_each_other},
		{"frames_by_rule", frames_by_rule},
		{"padding_of_any_length_is_passed_over", padding_of_any_length_is_passed_over},
	};
	return unit_run("quic_packet", cases, COUNT(cases));
}
