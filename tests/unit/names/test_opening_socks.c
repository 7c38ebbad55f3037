/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/names/stream_vector.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define REQUEST_A     \
	"\5\1\0\3\x9" \
	"a.example\1\xbb"
#define GET(host) "GET / HTTP/1.1\r\nHost: " host "\r\n\r\n"
#define ASKED .via_proxy = true, .name = "a.example", .source = NAME_SOURCE_SOCKS

static const struct stream_vector socks5[] = {
	{BYTES("\5\1\0" REQUEST_A), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, ASKED, .inner_destination_port = 443},
	{BYTES("\5\1\0" REQUEST_A), "b.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, ASKED, .names_differ = true, .inner_destination_port = 443},
	{BYTES("\5\1\0" REQUEST_A), WITHOUT_SNI, .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, ASKED, .inner_destination_port = 443},
	{BYTES("\5\1\0" REQUEST_A GET("A.Example.:443")), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_HTTP, ASKED, .inner_destination_port = 443},
	{BYTES("\5\1\0" REQUEST_A GET("b.example")), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_HTTP, ASKED, .names_differ = true, .inner_destination_port = 443},
	{BYTES("\5\1\0" REQUEST_A GET("192.0.2.1")), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_HTTP, ASKED, .inner_destination_port = 443},
	{BYTES("\5\1\0" REQUEST_A "\xff\xff"), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_SOCKS, ASKED, .inner_destination_port = 443},
	{BYTES("\5\1\0" REQUEST_A "SSH-2.0-x\r\n"), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_SSH, ASKED, .inner_destination_port = 443},
	/* RFC 1929: user and password, which no byte of is looked at. */
	{BYTES("\5\2\0\2\1\3\5\1\0\4pass" REQUEST_A), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, ASKED, .inner_destination_port = 443},
	{BYTES("\5\3\0\1\2" REQUEST_A), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, ASKED, .inner_destination_port = 443},
	/* An address asked for: the name is the one inside. */
	{BYTES("\5\1\0\5\1\0\1\xc0\0\2\1\1\xbb"), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, .via_proxy = true, .name = "a.example",
	 .source = NAME_SOURCE_TLS_SNI, .inner_destination = "192.0.2.1",
	 .inner_destination_port = 443},
	{BYTES("\5\1\0\5\1\0\4\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1\0\x50" GET("a.example")),
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP, .via_proxy = true,
	 .name = "a.example", .source = NAME_SOURCE_HTTP_HOST, .inner_destination = "2001:db8::1",
	 .inner_destination_port = 80},
	{BYTES("\5\1\0\5\1\0\3\x9"
	       "192.0.2.1\1\xbb"),
	 "a.example", .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS, .via_proxy = true,
	 .name = "a.example", .source = NAME_SOURCE_TLS_SNI, .inner_destination = "192.0.2.1",
	 .inner_destination_port = 443},
	{BYTES("\5\1\0\5\1\0\1\xc0\0\2\1\0\x16\xff\xff"), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_SOCKS, .via_proxy = true, .inner_destination = "192.0.2.1",
	 .inner_destination_port = 22},
	{BYTES("\5\1\0\5\1\0\3\3a b\1\xbb\xff\xff"), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_SOCKS, .via_proxy = true, .refused = true,
	 .inner_destination_port = 443},
	{BYTES("\5\1\0\5\1\0\3\3a b\1\xbb"), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, .via_proxy = true, .refused = true, .name = "a.example",
	 .source = NAME_SOURCE_TLS_SNI, .inner_destination_port = 443},
	/* Proxy behind proxy, and mail behind one. */
	{BYTES("\5\1\0" REQUEST_A "CONNECT b.example:8443 HTTP/1.1\r\n\r\n"), "b.example",
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS, .via_proxy = true,
	 .name = "b.example", .source = NAME_SOURCE_HTTP_CONNECT, .inner_destination_port = 8443},
	{BYTES("\5\1\0" REQUEST_A "GET http://b.example/ HTTP/1.1\r\n\r\n"), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_HTTP, .via_proxy = true, .name = "b.example",
	 .source = NAME_SOURCE_HTTP_HOST, .inner_destination_port = 80},
	{BYTES("\5\1\0" REQUEST_A "EHLO x\r\nSTARTTLS\r\n"), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_SMTP, ASKED, .inner_destination_port = 443},
	{BYTES("\5\1\0" REQUEST_A "EHLO x\r\nMAIL FROM:<a@b>\r\n"), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_SMTP, ASKED, .inner_destination_port = 443},

	/* BIND and UDP ASSOCIATE ask for nobody. */
	{BYTES("\5\1\0\5\2\0\3\x9"
	       "a.example\1\xbb"),
	 .result = PARSE_NOT_MINE, .protocol = APP_PROTOCOL_SOCKS, .via_proxy = true},
	{BYTES("\5\1\0\5\3\0\1\0\0\0\0\0\0"), .result = PARSE_NOT_MINE,
	 .protocol = APP_PROTOCOL_SOCKS, .via_proxy = true},
	/* RFC 1961: what GSSAPI protects is not read. */
	{BYTES("\5\2\0\1\1\1\0\5token"), .result = PARSE_NOT_MINE},
	{BYTES("\5\2\1\2\1\1\0\5token\1\2\0\1x"), .result = PARSE_NOT_MINE},
	{BYTES("\5\1\0\5\1\0\3\0\1\xbb"), .result = PARSE_MALFORMED,
	 .protocol = APP_PROTOCOL_SOCKS},
	{BYTES("\5\0"), .result = PARSE_NOT_MINE},
	{BYTES("\5\1\0\1\1x\1x"), .result = PARSE_NOT_MINE}, /* not offered */
	{BYTES("\5\1\0\5\4"), .result = PARSE_NOT_MINE},
	{BYTES("\5\1\0\5\1\1"), .result = PARSE_NOT_MINE},
	{BYTES("\5\1\0\5\1\0\2"), .result = PARSE_NOT_MINE},
	{BYTES("\5\1\0\4"), .result = PARSE_NOT_MINE},
	{BYTES("\5\1\0\5\1\0\3\x9"
	       "a.exam"),
	 .result = PARSE_NEED_MORE},
};

static const struct stream_vector socks4[] = {
	{BYTES("\4\1\1\xbb\xc0\0\2\1user\0"), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, .via_proxy = true, .name = "a.example",
	 .source = NAME_SOURCE_TLS_SNI, .inner_destination = "192.0.2.1",
	 .inner_destination_port = 443},
	{BYTES("\4\1\1\xbb\0\0\0\1\0"
	       "a.example\0"),
	 "a.example", .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS, ASKED,
	 .inner_destination_port = 443},
	{BYTES("\4\1\1\xbb\0\0\0\xffuser\0"
	       "a.example\0"),
	 "b.example", .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS, ASKED,
	 .names_differ = true, .inner_destination_port = 443},
	{BYTES("\4\1\0\x50\0\0\0\1\0"
	       "a.example\0" GET("a.example")),
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP, ASKED, .inner_destination_port = 80},
	{BYTES("\4\2\1\xbb\xc0\0\2\1\0"), .result = PARSE_NOT_MINE, .protocol = APP_PROTOCOL_SOCKS,
	 .via_proxy = true},

	{BYTES("\4\1\1\xbb\0\0\0\1\0\0"), .result = PARSE_NOT_MINE}, /* no name */
	{BYTES("\4\1\1\xbb\0\0\0\0"), .result = PARSE_NOT_MINE},
	{BYTES("\4\1\0\0\xc0\0\2\1"), .result = PARSE_NOT_MINE}, /* no port */
	{BYTES("\4\1\1\xbb\xc0\0\2\1us\1"), .result = PARSE_NOT_MINE},
	{BYTES("\4\0"), .result = PARSE_NOT_MINE},
	{BYTES("\4\3\1"), .result = PARSE_NOT_MINE},
};

static void
socks5_by_rule(void)
{
	stream_vectors_check(socks5, COUNT(socks5));
}

static void
socks4_by_rule(void)
{
	stream_vectors_check(socks4, COUNT(socks4));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"socks5_by_rule", socks5_by_rule},
		{"socks4_by_rule", socks4_by_rule},
	};
	return unit_run("opening_socks", cases, COUNT(cases));
}
