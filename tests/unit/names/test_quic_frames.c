/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/quic.h"

#include <stdio.h>

#include "tests/unit/names/wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

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
		{"frames_by_rule", frames_by_rule},
		{"padding_of_any_length_is_passed_over", padding_of_any_length_is_passed_over},
	};
	return unit_run("quic_frames", cases, COUNT(cases));
}
