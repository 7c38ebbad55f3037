/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/dtls.h"

#include <stdio.h>

#include "tests/unit/names/wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Reads all fragments into "type/seq:offset+len/of " texts. */
static enum parse_result
read_fragments(struct slice datagram, char *text, size_t text_len)
{
	struct dtls_reader reader;
	struct dtls_fragment f;
	size_t len = 0;
	enum parse_result result = dtls_datagram_parse(datagram, &reader);

	text[0] = '\0';
	while (result == PARSE_FOUND && dtls_fragment_next(&reader, &f))
		len += (size_t)snprintf(text + len, text_len - len, "%u/%u:%u+%zu/%u ", f.type,
					f.message_seq, f.offset, f.data.len, f.message_len);
	return result;
}

#define HEAD "16 fefd 0000 000000000000 " /* handshake, DTLS 1.2, epoch 0, first record */

static void
datagrams_by_rule(void)
{
	static const struct {
		const char *hex;
		enum parse_result result;
		const char *fragments;
	} cases[] = {
		{HEAD "000e 01 000002 0000 000000 000002 aabb", PARSE_FOUND, "1/0:0+2/2 "},
		{"16 feff 0000 000000000001 000e 01 000002 0001 000000 000002 aabb", PARSE_FOUND,
		 "1/1:0+2/2 "},
		{HEAD "000d 01 000005 0000 000003 000001 aa", PARSE_FOUND, "1/0:3+1/5 "},
		{HEAD "000d 02 000005 0000 000003 000001 aa", PARSE_FOUND, "2/0:3+1/5 "},
		{HEAD "000f 03 000003 0000 000000 000003 feff00", PARSE_FOUND, "3/0:0+3/3 "},
		/* two fragments in a record, and two records */
		{HEAD "001a 01 000002 0000 000000 000001 aa 01 000002 0000 000001 000001 bb",
		 PARSE_FOUND, "1/0:0+1/2 1/0:1+1/2 "},
		{HEAD "000d 01 000002 0000 000000 000001 aa" HEAD
		      "000d 01 000002 0000 000001 000001 bb",
		 PARSE_FOUND, "1/0:0+1/2 1/0:1+1/2 "},
		/* the server's first flight: ServerHello, then ServerHelloDone, an empty message */
		{HEAD "000d 02 000001 0001 000000 000001 aa" HEAD
		      "000c 0e 000000 0002 000000 000000",
		 PARSE_FOUND, "2/1:0+1/1 14/2:0+0/0 "},
		/* protected records behind it: of 1.2, of 1.3 */
		{HEAD "000d 02 000001 0001 000000 000001 aa 16 fefd 0001 000000000000 0003 aabbcc",
		 PARSE_FOUND, "2/1:0+1/1 "},
		{HEAD "000d 02 000001 0001 000000 000001 aa 2e 0001 aabbccdd", PARSE_FOUND,
		 "2/1:0+1/1 "},

		{"", PARSE_NOT_MINE},
		{"17 fefd 0000 000000000000 000e 01 000002 0000 000000 000002 aabb",
		 PARSE_NOT_MINE},
		{"16 0303 0000 000000000000 000e 01 000002 0000 000000 000002 aabb",
		 PARSE_NOT_MINE},
		{"16 fefc 0000 000000000000 000e 01 000002 0000 000000 000002 aabb",
		 PARSE_NOT_MINE},
		{"16 fefd 0001 000000000000 000e 01 000002 0000 000000 000002 aabb",
		 PARSE_NOT_MINE},
		{HEAD "000e 04 000002 0000 000000 000002 aabb", PARSE_NOT_MINE}, /* no hello */
		{HEAD "000e 01 010000 0000 000000 000002 aabb", PARSE_NOT_MINE}, /* too long */
		{HEAD "000e 01 000002 0010 000000 000002 aabb", PARSE_NOT_MINE}, /* message_seq */
		{HEAD "000e 01 000002 0000 000001 000002 aabb", PARSE_NOT_MINE}, /* past its end */
		{HEAD "000e 01 000002 0000 000003 000000 aabb", PARSE_NOT_MINE},
		{HEAD "000c 01 000002 0000 000000 000000",
		 PARSE_NOT_MINE}, /* empty, and not whole */
		{HEAD "0000", PARSE_NOT_MINE},
		{HEAD "ffff 01 000002 0000 000000 000002 aabb", PARSE_NOT_MINE},
		{HEAD "000e 01 000002 0000 000000", PARSE_NOT_MINE}, /* cut */

		{HEAD "000e 01 000002 0000 000000 000002 aa", PARSE_MALFORMED}, /* cut */
		{HEAD "000d 01 000002 0000 000000 000002 aa bb", PARSE_MALFORMED},
		{HEAD "000f 01 000002 0000 000000 000002 aabb cc", PARSE_MALFORMED},
		{HEAD "000e 01 000002 0000 000000 000002 aabb 16", PARSE_MALFORMED},
		{HEAD "000e 01 000002 0000 000000 000002 aabb 00000000000000000000000000",
		 PARSE_MALFORMED},
		{HEAD
		 "000e 01 000002 0000 000000 000002 aabb 16 fefd 0001 000000000000 0004 aabbcc",
		 PARSE_MALFORMED},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[256];
		w.len = 0;
		wire_hex(&w, cases[i].hex);
		uint8_t *copy = wire_exact_copy(wire_slice(&w));
		enum parse_result r = read_fragments(slice_of(copy, w.len), text, sizeof(text));
		const char *expected = cases[i].fragments != NULL ? cases[i].fragments : "";
		bool as_expected = r == cases[i].result && strcmp(text, expected) == 0;
		CU_ASSERT(as_expected);
		if (!as_expected)
			printf("# wrong: %s: %d '%s'\n", cases[i].hex, r, text);
		free(copy);
	}
}

static void
a_datagram_cut_anywhere_gives_nothing(void)
{
	static struct wire w;

	w.len = 0;
	wire_hex(&w, HEAD "000d 01 000002 0000 000000 000001 aa" HEAD
			  "000d 01 000002 0000 000001 000001 bb");
	for (size_t len = 0; len < w.len; len++) {
		char text[64];
		uint8_t *copy = wire_exact_copy(slice_of(w.bytes, len));
		enum parse_result r = read_fragments(slice_of(copy, len), text, sizeof(text));
		/* Only at the end of the first record it is a datagram of its own. */
		CU_ASSERT_EQUAL(r, len < 25           ? PARSE_NOT_MINE
				   : len == w.len / 2 ? PARSE_FOUND
						      : PARSE_MALFORMED);
		free(copy);
	}
}

static void
records_of_a_connection_under_way(void)
{
	static const struct {
		const char *hex;
		bool is_midstream;
	} cases[] = {
		{"17 fefd 0001 000000000007 0003 aabbcc", true},
		{"17 feff 0001 000000000007 0003 aabbcc", true},
		{"16 fefd 0001 000000000000 0003 aabbcc", true}, /* Finished */
		{"17 fefd 0001 000000000007 0001 aa 15 fefd 0001 000000000008 0002 bbcc", true},

		{"", false},
		{"17 fefd 0001 000000000007 0003 aabb", false},
		{"17 fefd 0001 000000000007 0003 aabbcc dd", false},
		{"17 fefd 0000 000000000007 0003 aabbcc", false}, /* in clear */
		{"17 fefd 0100 000000000007 0003 aabbcc", false},
		{"17 fefd 0001 000000000007 0000", false},
		{"13 fefd 0001 000000000007 0003 aabbcc", false},
		{"18 fefd 0001 000000000007 0003 aabbcc", false},
		{"17 0303 0001 000000000007 0003 aabbcc", false},
		{"2e 0001 0003 aabbcc", false}, /* DTLS 1.3: could be anything */
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		w.len = 0;
		wire_hex(&w, cases[i].hex);
		uint8_t *copy = wire_exact_copy(wire_slice(&w));
		bool is_midstream = dtls_is_midstream(slice_of(copy, w.len));
		CU_ASSERT_EQUAL(is_midstream, cases[i].is_midstream);
		if (is_midstream != cases[i].is_midstream)
			printf("# wrong: %s\n", cases[i].hex);
		free(copy);
	}
}

static void
versions_count_down(void)
{
	CU_ASSERT_EQUAL(dtls_tls_version(0xfeff), 0x0302);
	CU_ASSERT_EQUAL(dtls_tls_version(0xfefd), 0x0303);
	CU_ASSERT_EQUAL(dtls_tls_version(0xfefc), 0x0304);
	CU_ASSERT_EQUAL(dtls_tls_version(0xfefe), 0); /* there is no DTLS 1.1 */
	CU_ASSERT_EQUAL(dtls_tls_version(0x0303), 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"datagrams_by_rule", datagrams_by_rule},
		{"a_datagram_cut_anywhere_gives_nothing", a_datagram_cut_anywhere_gives_nothing},
		{"records_of_a_connection_under_way", records_of_a_connection_under_way},
		{"versions_count_down", versions_count_down},
	};
	return unit_run("dtls", cases, COUNT(cases));
}
