/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/names/stream_vector.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define V4 "\xc0\0\2\1\xc6\x33\x64\2"
#define V6 "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\2"

static const struct stream_vector text_lines[] = {
	{BYTES("PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n"), "a.example",
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS, .name = "a.example",
	 .source = NAME_SOURCE_TLS_SNI, .has_proxy_header = true, .inner_source = "192.0.2.1",
	 .inner_destination = "198.51.100.2", .inner_source_port = 56324,
	 .inner_destination_port = 443},
	{BYTES("PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n"),
	 .tail = "GET / HTTP/1.1\r\n"
		 "Host: a.example\r\n\r\n",
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP, .name = "a.example",
	 .source = NAME_SOURCE_HTTP_HOST, .has_proxy_header = true, .inner_source = "2001:db8::1",
	 .inner_destination = "2001:db8::2", .inner_source_port = 1,
	 .inner_destination_port = 65535},
	{BYTES("PROXY UNKNOWN\r\n"), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, .name = "a.example", .source = NAME_SOURCE_TLS_SNI,
	 .has_proxy_header = true},
	{BYTES("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n"), "a.example",
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS, .name = "a.example",
	 .source = NAME_SOURCE_TLS_SNI, .has_proxy_header = true},
	/* Addresses alone are worth being told; without any nothing is. */
	{BYTES("PROXY TCP4 192.0.2.1 198.51.100.2 1 2\r\n\xff\xff\xff\xff"), .result = PARSE_FOUND,
	 .has_proxy_header = true, .inner_source = "192.0.2.1", .inner_destination = "198.51.100.2",
	 .inner_source_port = 1, .inner_destination_port = 2},
	{BYTES("PROXY UNKNOWN\r\n\xff\xff\xff\xff"), .result = PARSE_NOT_MINE,
	 .has_proxy_header = true},
	{BYTES("PROXY TCP4 192.0.2.1 198.51.100.2 1 2\r\nEHLO x\r\nSTARTTLS\r\n"), "mx.example",
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_SMTP, .name = "mx.example",
	 .source = NAME_SOURCE_STARTTLS_SNI, .has_proxy_header = true, .inner_source = "192.0.2.1",
	 .inner_destination = "198.51.100.2", .inner_source_port = 1, .inner_destination_port = 2},
	/* One line too many: the innermost balancer knows best. */
	{BYTES("PROXY UNKNOWN\r\nPROXY TCP4 192.0.2.1 198.51.100.2 1 2\r\n"), "a.example",
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS, .name = "a.example",
	 .source = NAME_SOURCE_TLS_SNI, .has_proxy_header = true, .inner_source = "192.0.2.1",
	 .inner_destination = "198.51.100.2", .inner_source_port = 1, .inner_destination_port = 2},
	/* Five of them are nobody's. */
	{BYTES("PROXY UNKNOWN\r\nPROXY UNKNOWN\r\nPROXY UNKNOWN\r\nPROXY UNKNOWN\r\n"
	       "PROXY UNKNOWN\r\n"),
	 "a.example", .result = PARSE_NOT_MINE, .has_proxy_header = true},
};

static const struct stream_vector broken_lines[] = {
	{BYTES("PROXY TCP4 192.0.2.1 198.51.100.2 1 65536\r\n"), .result = PARSE_MALFORMED},
	{BYTES("PROXY TCP4 192.0.2.1 198.51.100.2 1 2 3\r\n"), .result = PARSE_MALFORMED},
	{BYTES("PROXY TCP4 192.0.2.1 198.51.100.2 1\r\n"), .result = PARSE_MALFORMED},
	{BYTES("PROXY TCP4 192.0.2.1  198.51.100.2 1 2\r\n"), .result = PARSE_MALFORMED},
	{BYTES("PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n"), .result = PARSE_MALFORMED},
	{BYTES("PROXY TCP6 192.0.2.1 198.51.100.2 1 2\r\n"), .result = PARSE_MALFORMED},
	{BYTES("PROXY TCP5 192.0.2.1 198.51.100.2 1 2\r\n"), .result = PARSE_MALFORMED},
	{BYTES("PROXY TCP4 192.0.2.1 198.51.100.2 1 +2\r\n"), .result = PARSE_MALFORMED},
	{BYTES("PROXY TCP4 192.0.2.1 198.51.100.2 1 2\n"), .result = PARSE_MALFORMED},
	{BYTES("PROXY \r\n"), .result = PARSE_MALFORMED},
	{BYTES("PROXY \n"), .result = PARSE_MALFORMED},
	{BYTES("PROXY UNKNOWN 0123456789012345678901234567890123456789012345678901234567890123456"
	       "78901234567890123456789012345678\r\n"),
	 .result = PARSE_MALFORMED}, /* too long */
	{BYTES("PROXIES\r\n"), .result = PARSE_NOT_MINE},
	{BYTES("PROXY\tTCP4\r\n"), .result = PARSE_NOT_MINE},
};

static const struct stream_vector binary_headers[] = {
	{BYTES(SIGNATURE "\x21\x11\0\xc" V4 "\x12\x34\1\xbb"), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, .name = "a.example", .source = NAME_SOURCE_TLS_SNI,
	 .has_proxy_header = true, .inner_source = "192.0.2.1", .inner_destination = "198.51.100.2",
	 .inner_source_port = 0x1234, .inner_destination_port = 443},
	/* Type-length values behind the addresses: PP2_TYPE_AUTHORITY, which is not the name. */
	{BYTES(SIGNATURE "\x21\x21\0\x2d" V6 "\0\1\0\2"
			 "\2\0\6"
			 "b.test"),
	 "a.example", .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS, .name = "a.example",
	 .source = NAME_SOURCE_TLS_SNI, .has_proxy_header = true, .inner_source = "2001:db8::1",
	 .inner_destination = "2001:db8::2", .inner_source_port = 1, .inner_destination_port = 2},
	{BYTES(SIGNATURE "\x20\0\0\0"), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, .name = "a.example", .source = NAME_SOURCE_TLS_SNI,
	 .has_proxy_header = true},
	{BYTES(SIGNATURE "\x20\x11\0\xc" V4 "\x12\x34\1\xbb"), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, .name = "a.example", .source = NAME_SOURCE_TLS_SNI,
	 .has_proxy_header = true}, /* LOCAL: the addresses do not count */
	{BYTES(SIGNATURE "\x21\x31\0\2xy"), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, .name = "a.example", .source = NAME_SOURCE_TLS_SNI,
	 .has_proxy_header = true}, /* a UNIX socket */
	{BYTES(SIGNATURE "\x21\x12\0\xc" V4 "\0\1\0\2\xff\xff"), .result = PARSE_FOUND,
	 .has_proxy_header = true, .inner_source = "192.0.2.1", .inner_destination = "198.51.100.2",
	 .inner_source_port = 1, .inner_destination_port = 2},

	{BYTES(SIGNATURE "\x21\x11\0\xb" V4 "\x12\x34\1\xbb"), .result = PARSE_MALFORMED},
	{BYTES(SIGNATURE "\x21\x21\0\xc" V4 "\x12\x34\1\xbb"), .result = PARSE_MALFORMED},
	{BYTES(SIGNATURE "\x11\x11\0\xc"), .result = PARSE_MALFORMED}, /* version 1 */
	{BYTES(SIGNATURE "\x22\x11\0\xc"), .result = PARSE_MALFORMED}, /* no such command */
	{BYTES("\r\n\r\n\0\r\nQUIT\r"), .result = PARSE_NOT_MINE},
};

static void
line_of_text_gives_addresses(void)
{
	stream_vectors_check(text_lines, COUNT(text_lines));
}

static void
line_against_the_rules_is_malformed(void)
{
	stream_vectors_check(broken_lines, COUNT(broken_lines));
}

static void
binary_header_gives_addresses(void)
{
	stream_vectors_check(binary_headers, COUNT(binary_headers));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"line_of_text_gives_addresses", line_of_text_gives_addresses},
		{"line_against_the_rules_is_malformed", line_against_the_rules_is_malformed},
		{"binary_header_gives_addresses", binary_header_gives_addresses},
	};
	return unit_run("opening_proxy", cases, COUNT(cases));
}
