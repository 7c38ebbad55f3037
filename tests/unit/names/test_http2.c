/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/http2.h"

#include <stdio.h>

#include "tests/unit/names/stream_vector.h"
#include "tests/unit/names/wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
#define SETTINGS "\0\0\0\4\0\0\0\0\0"
#define WINDOW_UPDATE "\0\0\4\x8\0\0\0\0\0\0\xf\0\1"
#define PRIORITY "\0\0\5\2\0\0\0\0\3\0\0\0\0\xc8"
#define HEADERS(len, flags) "\0\0" len "\1" flags "\0\0\0\1"
#define CONTINUATION(len, flags) "\0\0" len "\x9" flags "\0\0\0\1"
/* RFC 7541 6: GET, http, "/", and then a literal :authority. */
#define GET_ROOT "\x82\x86\x84"
#define AUTHORITY_A \
	"\x41\x9"   \
	"a.example"
#define HOST_A          \
	"\x40\4host\x9" \
	"a.example"
/* RFC 7541 C.4.1: www.example.com in Huffman's code. */
#define AUTHORITY_HUFFMAN "\x41\x8c\xf1\xe3\xc2\xe5\xf2\x3a\x6b\xa0\xab\x90\xf4\xff"
#define NAMED                                                                      \
	.result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP, .name = "a.example", \
	.source = NAME_SOURCE_HTTP_HOST
#define BROKEN .result = PARSE_MALFORMED, .protocol = APP_PROTOCOL_HTTP

static const struct stream_vector requests[] = {
	{BYTES(PREFACE SETTINGS HEADERS("\xe", "\5") GET_ROOT AUTHORITY_A), NAMED},
	{BYTES(PREFACE "\0\0\6\4\0\0\0\0\0\0\3\0\0\0\x64" WINDOW_UPDATE PRIORITY HEADERS(
		 "\xe", "\4") GET_ROOT AUTHORITY_A),
	 NAMED},
	{BYTES(PREFACE SETTINGS HEADERS("\x11", "\5") GET_ROOT AUTHORITY_HUFFMAN),
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP, .name = "www.example.com",
	 .source = NAME_SOURCE_HTTP_HOST},
	/* Padding and priority around the fragment. */
	{BYTES(PREFACE SETTINGS HEADERS("\x16", "\x2d") "\2\0\0\0\0\xff" GET_ROOT AUTHORITY_A
							"\0\0"),
	 NAMED},
	/* Over three frames, cut inside a field. */
	{BYTES(PREFACE SETTINGS HEADERS("\2", "\1") "\x82\x86" CONTINUATION(
		 "\6", "\0") "\x84\x41\x9"
			     "a.e" CONTINUATION("\6", "\4") "xample"),
	 NAMED},
	{BYTES(PREFACE SETTINGS HEADERS("\x12", "\5") GET_ROOT HOST_A), .result = PARSE_MALFORMED,
	 .protocol = APP_PROTOCOL_HTTP}, /* one byte short of its field */
	{BYTES(PREFACE SETTINGS HEADERS("\x13", "\5") GET_ROOT HOST_A), NAMED},
	{BYTES(PREFACE SETTINGS HEADERS("\x1f", "\5") "\x40\4host\x9"
						      "b.example" GET_ROOT AUTHORITY_A "\x90"),
	 NAMED}, /* :authority goes before Host; a field of the dynamic table */
	{BYTES(PREFACE SETTINGS HEADERS("\3", "\5") GET_ROOT), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_HTTP},
	{BYTES(PREFACE SETTINGS HEADERS("\x8", "\5") GET_ROOT "\x41\3"
							      "a b"),
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP, .refused = true},
	/* A proxy is asked; but not by extended CONNECT (RFC 8441). */
	{BYTES(PREFACE SETTINGS HEADERS("\x18", "\4") "\x42\7"
						      "CONNECT"
						      "\x41\xd"
						      "a.example:443"),
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP, .name = "a.example",
	 .source = NAME_SOURCE_HTTP_CONNECT, .via_proxy = true, .inner_destination_port = 443},
	{BYTES(PREFACE SETTINGS HEADERS("\x2a", "\4") "\x42\7"
						      "CONNECT" AUTHORITY_A
						      "\x40\x9:protocol\x9websocket\x84"),
	 NAMED},
};

static const struct stream_vector refused[] = {
	{BYTES(PREFACE HEADERS("\xe", "\5") GET_ROOT AUTHORITY_A), BROKEN}, /* no SETTINGS */
	{BYTES(PREFACE "\0\0\0\4\1\0\0\0\0"), BROKEN},                      /* but their ACK */
	{BYTES(PREFACE SETTINGS "\0\x40\1\xff\0\0\0\0\0"), BROKEN},         /* frame too long */
	{BYTES(PREFACE SETTINGS "\0\0\0\0\0\0\0\0\1"), BROKEN},             /* DATA */
	{BYTES(PREFACE SETTINGS "\0\0\0\1\4\0\0\0\2"), BROKEN},             /* even stream */
	{BYTES(PREFACE SETTINGS "\0\0\0\1\4\0\0\0\0"), BROKEN},
	{BYTES(PREFACE SETTINGS HEADERS("\1", "\xc") "\1"), BROKEN}, /* more padding than there */
	{BYTES(PREFACE SETTINGS HEADERS("\4", "\x24") "\0\0\0\0"), BROKEN},
	{BYTES(PREFACE SETTINGS HEADERS("\1", "\4") "\xff"), BROKEN},
	{BYTES(PREFACE SETTINGS HEADERS("\1", "\4") "\xbe"), BROKEN}, /* no such entry */
	{BYTES(PREFACE SETTINGS HEADERS("\4", "\4") "\x3f\xe2\x1f\x82"),
	 BROKEN}, /* table > 4,096 */
	{BYTES(PREFACE SETTINGS HEADERS("\1", "\0") "\x82" SETTINGS), BROKEN},
	{BYTES(PREFACE SETTINGS HEADERS("\1", "\0") "\x82"
						    "\0\0\0\x9\4\0\0\0\3"),
	 BROKEN},
	{BYTES(PREFACE SETTINGS HEADERS("\x19", "\5") GET_ROOT AUTHORITY_A "\x41\x9"
									   "b.example"),
	 BROKEN}, /* another :authority */
	{BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\rx"), .result = PARSE_NOT_MINE},
	{BYTES("PRI * HTTP/2.1"), .result = PARSE_NOT_MINE},
	{BYTES("PRI"), .result = PARSE_NEED_MORE},
};

static void
request_by_rule(void)
{
	stream_vectors_check(requests, COUNT(requests));
}

static void
stream_against_the_rules_is_refused(void)
{
	stream_vectors_check(refused, COUNT(refused));
}

#define FIFTY "00000000000000000000000000000000000000000000000000"
/* A literal whose value has 496 bytes: 127 + 0x71 + (2 << 7). */
#define FIELD_OF_500                                                                           \
	"\x10\1x\x7f\xf1\2" FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY "0123456789" \
	"012345678901234567890123456789012345"

/* A block of that many fields, which each take memory, in one frame. */
static enum parse_result
parse_fields(const char *field, unsigned count)
{
	static struct wire w;
	struct http2_reader *reader = http2_reader_create();
	struct http2_request request;

	w.len = 0;
	wire_bytes(&w, PREFACE SETTINGS, sizeof(PREFACE SETTINGS) - 1);
	size_t frame = wire_begin(&w, 3);
	wire_bytes(&w, "\1\5\0\0\0\1", 6);
	size_t block = w.len;
	wire_bytes(&w, GET_ROOT, 3);
	for (unsigned i = 0; i < count; i++)
		wire_bytes(&w, field, strlen(field));
	wire_bytes(&w, AUTHORITY_A, 11);
	size_t len = w.len - block;
	w.len = frame - 3;
	wire_number(&w, len, 3);
	w.len = block + len;
	enum parse_result r = http2_request_parse(reader, wire_slice(&w), &request);
	CU_ASSERT(r != PARSE_FOUND || wire_slice_is(request.host, "a.example"));
	http2_reader_destroy(reader);
	return r;
}

static void
memory_of_a_block_is_bounded(void)
{
	CU_ASSERT_EQUAL(parse_fields("\x90", 200), PARSE_FOUND);
	CU_ASSERT_EQUAL(parse_fields("\x90", 300), PARSE_MALFORMED); /* fields */
	CU_ASSERT_EQUAL(parse_fields("\x10\1x\x1fyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", 200),
			PARSE_FOUND);
	CU_ASSERT_EQUAL(parse_fields(FIELD_OF_500, 30), PARSE_FOUND);
	CU_ASSERT_EQUAL(parse_fields(FIELD_OF_500, 33), PARSE_MALFORMED); /* bytes */
}

static void
block_over_many_frames_is_given_up(void)
{
	static struct wire w;
	struct http2_reader *reader = http2_reader_create();
	struct http2_request request;

	wire_bytes(&w, PREFACE SETTINGS, sizeof(PREFACE SETTINGS) - 1);
	wire_bytes(&w, HEADERS("\xe", "\1") GET_ROOT AUTHORITY_A, 9 + 14);
	for (unsigned i = 0; i < 10; i++)
		wire_bytes(&w, CONTINUATION("\0", "\0"), 9);
	CU_ASSERT_EQUAL(http2_request_parse(reader, wire_slice(&w), &request), PARSE_NEED_MORE);
	CU_ASSERT_EQUAL(request.wanted, w.len + 9);
	for (unsigned i = 0; i < 30; i++)
		wire_bytes(&w, CONTINUATION("\0", "\0"), 9);
	CU_ASSERT_EQUAL(http2_request_parse(reader, wire_slice(&w), &request), PARSE_MALFORMED);
	http2_reader_destroy(reader);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"request_by_rule", request_by_rule},
		{"stream_against_the_rules_is_refused", stream_against_the_rules_is_refused},
		{"memory_of_a_block_is_bounded", memory_of_a_block_is_bounded},
		{"block_over_many_frames_is_given_up", block_over_many_frames_is_given_up},
	};
	return unit_run("http2", cases, COUNT(cases));
}
