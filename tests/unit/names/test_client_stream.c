/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/client_stream.h"

#include <stdio.h>

#include "tests/unit/names/stream_vector.h"
#include "tests/unit/names/wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define GET(host) "GET / HTTP/1.1\r\nHost: " host "\r\n\r\n"
#define CONNECT(target) "CONNECT " target " HTTP/1.1\r\nHost: " target "\r\n\r\n"
#define ASKED .via_proxy = true, .name = "a.example", .source = NAME_SOURCE_HTTP_CONNECT

static const struct stream_vector plain[] = {
	{BYTES(""), "a.example", .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS,
	 .name = "a.example", .source = NAME_SOURCE_TLS_SNI},
	{BYTES(""), WITHOUT_SNI, .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS},
	{BYTES(""), "a b", .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS, .refused = true},
	{BYTES("\x14\3\3\0\1\1"), "a.example", .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS,
	 .name = "a.example", .source = NAME_SOURCE_TLS_SNI},
	{BYTES(GET("A.Example:8080")), .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP,
	 .name = "a.example", .source = NAME_SOURCE_HTTP_HOST},
	{BYTES("\r\n\r\n" GET("a.example")), .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP,
	 .name = "a.example", .source = NAME_SOURCE_HTTP_HOST},
	{BYTES(GET("192.0.2.1")), .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP,
	 .name = "192.0.2.1", .source = NAME_SOURCE_HTTP_HOST},
	{BYTES(GET("a/b")), .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP, .refused = true},
	{BYTES("GET / HTTP/1.0\r\n\r\n"), .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP},
	{BYTES("GET / HTTP/1.1\r\nHost: a.example\r\nUpgrade: h2c\r\n\r\nPRI * HTTP/2.0\r\n"),
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP, .name = "a.example",
	 .source = NAME_SOURCE_HTTP_HOST},
	{BYTES("SSH-2.0-OpenSSH_9.9\r\n"), .result = PARSE_NOT_MINE, .protocol = APP_PROTOCOL_SSH},
	{BYTES(""), .result = PARSE_NEED_MORE},
	{BYTES("HTTP/1.1 200 OK\r\n\r\n"), .result = PARSE_NOT_MINE},
	{BYTES("\x13"
	       "BitTorrent protocol"),
	 .result = PARSE_NOT_MINE},
	{BYTES("\xff\xfd\3\xff"), .result = PARSE_NOT_MINE},
	{BYTES("\x17\3\3\0\1x"), .result = PARSE_NOT_MINE},
	{BYTES("GET http:///x HTTP/1.1\r\n\r\n"), .result = PARSE_MALFORMED,
	 .protocol = APP_PROTOCOL_HTTP},
	{BYTES("\x16\3\1\0\7\1\0\0\3\3\3x"), .result = PARSE_MALFORMED,
	 .protocol = APP_PROTOCOL_TLS},
};

static const struct stream_vector behind_connect[] = {
	{BYTES(CONNECT("a.example:443")), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, ASKED, .inner_destination_port = 443},
	{BYTES(CONNECT("a.example:443")), "b.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, ASKED, .names_differ = true, .inner_destination_port = 443},
	{BYTES(CONNECT("A.EXAMPLE.:443")), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, ASKED, .inner_destination_port = 443},
	{BYTES(CONNECT("a.example:443")), WITHOUT_SNI, .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, ASKED, .inner_destination_port = 443},
	{BYTES(CONNECT("a.example:443")), .result = PARSE_NEED_MORE, .protocol = APP_PROTOCOL_HTTP,
	 ASKED, .inner_destination_port = 443},
	{BYTES("CONNECT a.example:443 HTTP/1.1\r\nHost:"), .result = PARSE_NEED_MORE,
	 .protocol = APP_PROTOCOL_HTTP, ASKED, .inner_destination_port = 443},
	{BYTES(CONNECT("a.example:22") "SSH-2.0-x\r\n"), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_SSH, ASKED, .inner_destination_port = 22},
	{BYTES(CONNECT("a.example:99") "\xff\xff"), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_HTTP, ASKED, .inner_destination_port = 99},
	{BYTES(CONNECT("a.example:25") "EHLO x\r\nSTARTTLS\r\n"), "a.example",
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_SMTP, ASKED, .inner_destination_port = 25},
	{BYTES(CONNECT("a.example:80") GET("b.example")), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_HTTP, ASKED, .names_differ = true, .inner_destination_port = 80},
	{BYTES(CONNECT("a.example:443") "\x16\3\1\0\7\1\0\0\3\3\3x"), .result = PARSE_MALFORMED,
	 .protocol = APP_PROTOCOL_TLS, ASKED, .inner_destination_port = 443},
	/* Asked again with a password, as often as it takes. */
	{BYTES(CONNECT("a.example:443") "CONNECT a.example:443 HTTP/1.1\r\n"
					"Proxy-Authorization: Basic eDp5\r\n\r\n"),
	 "a.example", .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS, ASKED,
	 .inner_destination_port = 443},
	{BYTES(CONNECT("a.example:1") CONNECT("a.example:1") CONNECT("a.example:1")
		       CONNECT("a.example:1") CONNECT("a.example:1") CONNECT("a.example:1")),
	 "a.example", .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS, ASKED,
	 .inner_destination_port = 1},
	/* Something else was asked: it was refused, or that is a proxy, too. */
	{BYTES(CONNECT("b.example:443") CONNECT("a.example:443")), "a.example",
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_TLS, ASKED, .other_names = 1,
	 .inner_destination_port = 443},
	{BYTES(CONNECT("a.example:443") "GET http://b.example/ HTTP/1.1\r\n\r\n"),
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP, ASKED, .other_names = 1,
	 .inner_destination_port = 443},
	/* An address: what is inside is the name. */
	{BYTES(CONNECT("192.0.2.1:443")), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, .via_proxy = true, .name = "a.example",
	 .source = NAME_SOURCE_TLS_SNI, .inner_destination = "192.0.2.1",
	 .inner_destination_port = 443},
	{BYTES(CONNECT("[2001:db8::1]:80") GET("a.example")), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_HTTP, .via_proxy = true, .name = "a.example",
	 .source = NAME_SOURCE_HTTP_HOST, .inner_destination = "2001:db8::1",
	 .inner_destination_port = 80},
	{BYTES(CONNECT("192.0.2.1:443")), WITHOUT_SNI, .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, .via_proxy = true, .inner_destination = "192.0.2.1",
	 .inner_destination_port = 443},
	{BYTES(CONNECT("a_b/c:443")), .result = PARSE_NEED_MORE, .protocol = APP_PROTOCOL_HTTP,
	 .via_proxy = true, .name = "a_b", .source = NAME_SOURCE_HTTP_CONNECT},
	{BYTES(CONNECT("a!b:443")), "a.example", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_TLS, .via_proxy = true, .refused = true, .name = "a.example",
	 .source = NAME_SOURCE_TLS_SNI, .inner_destination_port = 443},
	/* Behind a body nobody knows what begins. */
	{BYTES("CONNECT a.example:443 HTTP/1.1\r\nContent-Length: 5\r\n\r\n"), "b.example",
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP, ASKED,
	 .inner_destination_port = 443},
	/* A fifth one is not read. */
	{BYTES(CONNECT("b:1") CONNECT("c:1") CONNECT("d:1") CONNECT("a.example:1") CONNECT("e:1")),
	 "f", .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP, ASKED, .other_names = 3,
	 .inner_destination_port = 1},
};

static const struct stream_vector absolute[] = {
	{BYTES("GET http://a.example/x HTTP/1.1\r\nHost: b.example\r\n\r\n"), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_HTTP, .name = "a.example", .source = NAME_SOURCE_HTTP_HOST,
	 .via_proxy = true, .inner_destination_port = 80},
	{BYTES("GET https://a.example:8443/x HTTP/1.1\r\n\r\n"), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_HTTP, .name = "a.example", .source = NAME_SOURCE_HTTP_HOST,
	 .via_proxy = true, .inner_destination_port = 8443},
	{BYTES("GET HTTPS://a.example HTTP/1.1\r\n\r\n"), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_HTTP, .name = "a.example", .source = NAME_SOURCE_HTTP_HOST,
	 .via_proxy = true, .inner_destination_port = 443},
	{BYTES("GET ftp://a.example:99999/ HTTP/1.1\r\n\r\n"), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_HTTP, .name = "a.example", .source = NAME_SOURCE_HTTP_HOST,
	 .via_proxy = true},
	{BYTES("GET http://192.0.2.1/ HTTP/1.1\r\n\r\n"), .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_HTTP, .name = "192.0.2.1", .source = NAME_SOURCE_HTTP_HOST,
	 .via_proxy = true, .inner_destination = "192.0.2.1", .inner_destination_port = 80},
	{BYTES("PROXY TCP4 192.0.2.1 198.51.100.2 1 2\r\nGET http://a.example/ HTTP/1.1\r\n\r\n"),
	 .result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP, .name = "a.example",
	 .source = NAME_SOURCE_HTTP_HOST, .via_proxy = true, .has_proxy_header = true,
	 .inner_source = "192.0.2.1", .inner_destination = "198.51.100.2", .inner_source_port = 1,
	 .inner_destination_port = 2},
};

#define HTTP_A                                                                     \
	.result = PARSE_FOUND, .protocol = APP_PROTOCOL_HTTP, .name = "a.example", \
	.source = NAME_SOURCE_HTTP_HOST
static const struct stream_vector pipelined[] = {
	{BYTES(GET("a.example") GET("b.example") GET("a.example") GET("c.example")), HTTP_A,
	 .other_names = 2},
	{BYTES(GET("a.example") GET("b!b") GET("A.Example.")), HTTP_A},
	{BYTES("POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 0\r\n\r\n" GET("b")), HTTP_A,
	 .other_names = 1},
	{BYTES("POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 24\r\n\r\n" GET("b")),
	 HTTP_A},
	{BYTES("POST / HTTP/1.1\r\nHost: a.example\r\ntransfer-encoding: chunked\r\n\r\n" GET("b")),
	 HTTP_A},
	{BYTES(GET("a.example") "GET / HTTP/1.1\r\nHost: b\r\nX"), HTTP_A},
	{BYTES(GET("a.example") "x" GET("b")), HTTP_A},
};

static void
stream_without_opening(void)
{
	stream_vectors_check(plain, COUNT(plain));
}

static void
connect_gives_the_name(void)
{
	stream_vectors_check(behind_connect, COUNT(behind_connect));
}

static void
absolute_target_is_asked_of_a_proxy(void)
{
	stream_vectors_check(absolute, COUNT(absolute));
}

static void
pipelined_requests_are_counted(void)
{
	stream_vectors_check(pipelined, COUNT(pipelined));
}

static void
consumed_ends_where_the_next_begins(void)
{
	static const struct {
		const char *text;
		size_t consumed;
	} cases[] = {
		{GET("a") "x", sizeof(GET("a")) - 1},
		{GET("a") GET("b") "GET", sizeof(GET("a") GET("b")) - 1},
		{"GET / HTTP/1.1\r\nHost: a\r\nX", 0},
		{CONNECT("a:1"), sizeof(CONNECT("a:1")) - 1},
		{"EHLO a\r\nSTARTTLS\r\n", 18},
		{"EHLO a\r\n", 8},
		{"EHLO a\r\nSTART", 8},
		{"PROXY UNKNOWN\r\nEHLO a\r\nSTART", 23},
		{"GET / HTT", 0},
	};
	struct client_reader *reader = client_reader_create();
	struct client_stream s;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice stream = slice_of(cases[i].text, strlen(cases[i].text));
		(void)client_stream_parse(reader, stream, NULL, 0, &s);
		CU_ASSERT_EQUAL(s.consumed, cases[i].consumed);
	}
	client_reader_destroy(reader);
}

static void
next_request_gives_its_host(void)
{
	static const struct {
		const char *text;
		enum parse_result result;
		const char *name;
	} cases[] = {
		{GET("B.Example:80"), PARSE_FOUND, "b.example"},
		{"GET http://c.example/ HTTP/1.1\r\n", PARSE_FOUND, "c.example"},
		{GET("b!"), PARSE_FOUND, ""},
		{"GET / HTTP/1.0\r\n\r\n", PARSE_FOUND, ""},
		{"GET / HTTP/1.1\r\n", PARSE_NEED_MORE, ""},
		{"body", PARSE_NOT_MINE, ""},
		{"GET http:/// HTTP/1.1\r\n", PARSE_MALFORMED, ""},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char name[DOMAIN_NAME_MAX] = "left";
		size_t len = 99;
		CU_ASSERT_EQUAL(client_next_request(slice_of(cases[i].text, strlen(cases[i].text)),
						    name, &len),
				cases[i].result);
		CU_ASSERT_STRING_EQUAL(name, cases[i].name);
		CU_ASSERT_EQUAL(len, strlen(cases[i].name));
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"stream_without_opening", stream_without_opening},
		{"connect_gives_the_name", connect_gives_the_name},
		{"absolute_target_is_asked_of_a_proxy", absolute_target_is_asked_of_a_proxy},
		{"pipelined_requests_are_counted", pipelined_requests_are_counted},
		{"consumed_ends_where_the_next_begins", consumed_ends_where_the_next_begins},
		{"next_request_gives_its_host", next_request_gives_its_host},
	};
	return unit_run("client_stream", cases, COUNT(cases));
}
