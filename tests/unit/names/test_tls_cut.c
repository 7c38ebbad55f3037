/* SPDX-License-Identifier: Apache-2.0 */
/* ClientHellos of which the end is missing. */
#include "classifier/names/client_stream.h"
#include "classifier/names/tls.h"

#include <stdio.h>

#include "tests/unit/names/tls_wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *const extensions[] = {
	SNI_EXAMPLE ALPN_H2 VERSIONS_1_3,
	VERSIONS_1_3 ALPN_H2 SNI_EXAMPLE,
	"fe0d 0003 010203" SNI_EXAMPLE "1234 0000",
};

static enum parse_result
parse_exactly(struct slice message, struct tls_client_hello *out)
{
	uint8_t *copy = wire_exact_copy(message);
	enum parse_result r =
		tls_client_hello_cut_parse(slice_of(copy, message.len), TLS_CARRIER_QUIC, out);
	bool named = r == PARSE_FOUND && wire_slice_is(out->server_name, "example.com");

	CU_ASSERT(r != PARSE_FOUND || named);
	free(copy);
	return r;
}

/* Where the extension with the name ends in the message. */
static size_t
end_of_name(const struct wire *w)
{
	static const char name[] = "example.com";
	size_t len = sizeof(name) - 1;

	for (size_t at = 0; at + len <= w->len; at++) {
		if (memcmp(w->bytes + at, name, len) == 0)
			return at + len;
	}
	return SIZE_MAX;
}

static void
name_is_found_from_its_last_byte_on(void)
{
	static struct wire w;

	for (size_t i = 0; i < COUNT(extensions); i++) {
		w.len = 0;
		write_client_hello(&w, 0x0303, extensions[i]);
		for (size_t len = 0; len <= w.len; len++) {
			struct tls_client_hello hello;
			enum parse_result expected =
				len >= end_of_name(&w) ? PARSE_FOUND : PARSE_NEED_MORE;
			CU_ASSERT_EQUAL(parse_exactly(slice_of(w.bytes, len), &hello), expected);
		}
	}
}

static void
what_stands_before_the_cut_is_there(void)
{
	static struct wire w;
	struct tls_client_hello hello;

	w.len = 0;
	write_client_hello(&w, 0x0303, "fe0d 0003 010203" VERSIONS_1_3 SNI_EXAMPLE ALPN_H2);
	struct slice cut = slice_of(w.bytes, end_of_name(&w) + 1);
	CU_ASSERT_EQUAL(tls_client_hello_cut_parse(cut, TLS_CARRIER_QUIC, &hello), PARSE_FOUND);
	CU_ASSERT(hello.has_ech);
	CU_ASSERT_EQUAL(hello.max_version, 0x0304);
	CU_ASSERT_EQUAL(hello.alpn.len, 0);
}

static void
a_hello_that_contradicts_itself_gives_no_name(void)
{
	static const struct {
		const char *what;
		const char *extensions;
	} cases[] = {
		{"two names", SNI_EXAMPLE SNI_EXAMPLE "1234 0000"},
		{"bytes behind the name",
		 "0000 0011 000e 00 000b 6578616d706c652e636f6d 00 1234 0000"},
		{"a broken extension in front", "002b 0003 03 0304" SNI_EXAMPLE "1234 0000"},
	};
	static struct wire w;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct tls_client_hello hello;
		w.len = 0;
		write_client_hello(&w, 0x0303, cases[i].extensions);
		enum parse_result r = tls_client_hello_cut_parse(slice_of(w.bytes, w.len - 1),
								 TLS_CARRIER_QUIC, &hello);
		CU_ASSERT_EQUAL(r, PARSE_MALFORMED);
		if (r != PARSE_MALFORMED)
			printf("# wrong: %s: %d\n", cases[i].what, r);
	}
}

static void
extensions_that_do_not_fill_the_message_give_no_name(void)
{
	static struct wire w;
	struct tls_client_hello hello;

	w.len = 0;
	write_client_hello(&w, 0x0303, SNI_EXAMPLE "1234 0000");
	w.bytes[3]++; /* the message's length */
	CU_ASSERT_EQUAL(
		tls_client_hello_cut_parse(slice_of(w.bytes, w.len - 1), TLS_CARRIER_QUIC, &hello),
		PARSE_MALFORMED);
	CU_ASSERT_EQUAL(tls_client_hello_cut_parse(slice_of("\x02\x00\x00\x10", 4),
						   TLS_CARRIER_QUIC, &hello),
			PARSE_NOT_MINE);
}

static void
a_stream_that_is_cut_gives_the_name_without_a_hello(void)
{
	static struct wire hello, w;
	static uint8_t scratch[4096];
	struct client_reader *reader = client_reader_create();
	struct client_stream out;

	hello.len = w.len = 0;
	write_client_hello(&hello, 0x0303, SNI_EXAMPLE ALPN_H2 VERSIONS_1_3);
	wire_text(&w, "EHLO a.example\r\nSTARTTLS\r\n");
	write_record(&w, 0x0301, wire_slice(&hello));
	struct slice cut = slice_of(w.bytes, w.len - 3);
	CU_ASSERT_EQUAL(client_stream_parse(reader, cut, scratch, sizeof(scratch), &out),
			PARSE_NEED_MORE);
	CU_ASSERT_EQUAL(client_stream_cut_parse(reader, cut, scratch, sizeof(scratch), false, &out),
			PARSE_FOUND);
	CU_ASSERT_STRING_EQUAL(out.name, "example.com");
	CU_ASSERT_EQUAL(out.name_source, NAME_SOURCE_STARTTLS_SNI);
	CU_ASSERT_FALSE(out.has_hello);
	CU_ASSERT_EQUAL(client_stream_cut_parse(reader, wire_slice(&w), scratch, sizeof(scratch),
						false, &out),
			PARSE_FOUND);
	CU_ASSERT_TRUE(out.has_hello);
	client_reader_destroy(reader);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"name_is_found_from_its_last_byte_on", name_is_found_from_its_last_byte_on},
		{"what_stands_before_the_cut_is_there", what_stands_before_the_cut_is_there},
		{"a_hello_that_contradicts_itself_gives_no_name",
		 a_hello_that_contradicts_itself_gives_no_name},
		{"extensions_that_do_not_fill_the_message_give_no_name",
		 extensions_that_do_not_fill_the_message_give_no_name},
		{"a_stream_that_is_cut_gives_the_name_without_a_hello",
		 a_stream_that_is_cut_gives_the_name_without_a_hello},
	};
	return unit_run("tls_cut", cases, COUNT(cases));
}
