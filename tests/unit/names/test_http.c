/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/http.h"

#include <stdio.h>

#include "tests/unit/names/wire.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static enum parse_result
parse_exactly(struct slice stream, struct http_request *out, char *host, size_t host_len)
{
	uint8_t *copy = wire_exact_copy(stream);
	enum parse_result r = http_request_parse(slice_of(copy, stream.len), out);

	if (r == PARSE_FOUND)
		snprintf(host, host_len, "%.*s", (int)out->host.len,
			 out->host.len > 0 ? (const char *)out->host.data : "");
	free(copy);
	return r;
}

static const struct request_case {
	const char *text;
	enum parse_result result;
	const char *host;
	bool is_connect, host_in_target;
} request_cases[] = {
	{"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", PARSE_FOUND, "example.com"},
	{"GET / HTTP/1.0\r\nHost: example.com\r\n\r\n", PARSE_FOUND, "example.com"},
	{"GET / HTTP/1.1\r\nAccept: */*\r\nhOsT:example.com:8080\r\n\r\n", PARSE_FOUND,
	 "example.com:8080"},
	{"GET / HTTP/1.1\r\nHost: \t [2001:db8::1]:80 \t \r\n\r\n", PARSE_FOUND,
	 "[2001:db8::1]:80"},
	{"GET / HTTP/1.1\nHost: bare.lf\n\n", PARSE_FOUND, "bare.lf"},
	{"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_FOUND, "a"},
	{"\r\n\n\r\n\nPOST /x HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_FOUND, "a"},
	{"GET / HTTP/1.0\r\n\r\n", PARSE_FOUND, ""},
	{"GET / HTTP/1.1\r\nAccept: */*\r\n\r\nHost: body\r\n", PARSE_FOUND, ""},
	{"GET / HTTP/1.1\r\nHost:\r\nX: y\r\n\r\n", PARSE_FOUND, ""},
	{"GET / HTTP/1.1\r\nHost: same\r\nhost: SAME\r\n\r\n", PARSE_FOUND, "SAME"},
	{"GET / HTTP/1.1\r\nHost: first\r\nHost: second\r\n\r\n", PARSE_MALFORMED},
	{"GET / HTTP/1.1\r\nHost:\r\nHost: second\r\n\r\n", PARSE_MALFORMED},
	{"GET / HTTP/1.1\r\nHost : a\r\n\r\n", PARSE_MALFORMED},
	{"GET / HTTP/1.1\r\nHost: a\r\nHost\t: b\r\n\r\n", PARSE_MALFORMED},
	{"GET / HTTP/1.1\r\nHostage: x\r\nXHost: y\r\nHost: a\r\n\r\n", PARSE_FOUND, "a"},
	{"GET / HTTP/1.1\r\nno field\r\nHost\r\nHost name: b\r\nHost: a\r\n\r\n", PARSE_FOUND, "a"},
	{"GET / HTTP/1.1\r\nX: 1,\r\n 2\r\n\tHost: folded\r\nHost: a\r\n\r\n", PARSE_FOUND, "a"},
	{"GET /two words HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_FOUND, "a"},
	{"GET  /  HTTP/1.1  \r\nHost: a\r\n\r\n", PARSE_FOUND, "a"},
	{"GET /?to=http://other/ HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_FOUND, "a"},
	{"GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_FOUND, "a"},
	{"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_FOUND, "a"},
	{"VERSION-CONTROL / HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_FOUND, "a"},
	{"UPDATEREDIRECTREF / HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_FOUND, "a"},
	{"UPDATE / HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_FOUND, "a"},

	{"GET http://proxied.example/ HTTP/1.1\r\nHost: other\r\n\r\n", PARSE_FOUND,
	 "proxied.example", .host_in_target = true},
	{"GET HTTPS://user:pw@proxied.example:8443?q#f HTTP/1.1\r\n\r\n", PARSE_FOUND,
	 "proxied.example:8443", .host_in_target = true},
	{"GET http://a@evil/@good HTTP/1.1\r\n\r\n", PARSE_FOUND, "evil", .host_in_target = true},
	{"GET ftp://files.example HTTP/1.1\r\n\r\n", PARSE_FOUND, "files.example",
	 .host_in_target = true},
	{"CONNECT tunnel.example:443 HTTP/1.1\r\nHost: other\r\n\r\n", PARSE_FOUND,
	 "tunnel.example:443", .is_connect = true, .host_in_target = true},
	{"CONNECT [2001:db8::1]:443 HTTP/1.1\r\n\r\n", PARSE_FOUND, "[2001:db8::1]:443",
	 .is_connect = true, .host_in_target = true},

	{"GET / HTTP/1.1\r\nHost: split\r\n name\r\n\r\n", PARSE_MALFORMED},
	{"GET / HTTP/1.1\r\nHost:\r\n\tname\r\n\r\n", PARSE_MALFORMED},
	{"GET http:///path HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_MALFORMED},
	{"GET http://user@/path HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_MALFORMED},
	{"CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_MALFORMED},

	{"get / HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_NOT_MINE},
	{"GETS / HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_NOT_MINE},
	{"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", PARSE_NOT_MINE},
	{"GET /\r\n\r\n", PARSE_NOT_MINE}, /* HTTP/0.9 knows no host */
	{"GET HTTP/1.1\r\n\r\n", PARSE_NOT_MINE},
	{"GET / HTTP/2.0\r\n\r\n", PARSE_NOT_MINE},
	{"GET / http/1.1\r\n\r\n", PARSE_NOT_MINE},
	{"OPTIONS rtsp://camera/ RTSP/1.0\r\n\r\n", PARSE_NOT_MINE},
	{"OPTIONS sip:bob@example.com SIP/2.0\r\n\r\n", PARSE_NOT_MINE},
	{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", PARSE_NOT_MINE},
	{"M-SEARCH * HTTP/1.1\r\nHost: 239.255.255.250:1900\r\n\r\n", PARSE_NOT_MINE},
	{"HTTP/1.1 200 OK\r\n\r\n", PARSE_NOT_MINE},
	{"GET \x01\x02", PARSE_NOT_MINE},
	{"GET /\x1b[ HTTP/1.1\r\n", PARSE_NOT_MINE},
	{"\rGET / HTTP/1.1\r\n", PARSE_NOT_MINE},
	{"\n\n\n\n\nGET / HTTP/1.1\r\n", PARSE_NOT_MINE},
	{"\x16\x03\x01", PARSE_NOT_MINE},
	{" GET / HTTP/1.1\r\n", PARSE_NOT_MINE},

	{"", PARSE_NEED_MORE},
	{"\r", PARSE_NEED_MORE},
	{"\r\n", PARSE_NEED_MORE},
	{"BASELINE-CONTRO", PARSE_NEED_MORE},
};

static void
request_by_rule(void)
{
	for (size_t i = 0; i < COUNT(request_cases); i++) {
		const struct request_case *c = &request_cases[i];
		struct http_request request;
		char host[64] = "";
		enum parse_result r = parse_exactly(slice_of(c->text, strlen(c->text)), &request,
						    host, sizeof(host));
		bool as_expected =
			r == c->result &&
			(r != PARSE_FOUND ||
			 (strcmp(host, c->host) == 0 && request.is_connect == c->is_connect &&
			  request.host_in_target == c->host_in_target));
		CU_ASSERT(as_expected);
		if (!as_expected)
			printf("# wrong: case %zu: %d '%s'\n", i, r, host);
	}
}

/* Found at the same host or not yet: a shorter stream never tells another one. */
static void
request_cut_anywhere_needs_more(void)
{
	for (size_t i = 0; i < COUNT(request_cases); i++) {
		const struct request_case *c = &request_cases[i];
		bool was_found = false;
		if (c->result != PARSE_FOUND)
			continue;
		for (size_t len = 0; len < strlen(c->text); len++) {
			struct http_request request;
			char host[64] = "";
			enum parse_result r =
				parse_exactly(slice_of(c->text, len), &request, host, sizeof(host));
			CU_ASSERT_EQUAL(r, was_found || r == PARSE_FOUND ? PARSE_FOUND
									 : PARSE_NEED_MORE);
			CU_ASSERT(r != PARSE_FOUND || strcmp(host, c->host) == 0);
			was_found |= r == PARSE_FOUND;
		}
	}
}

static void
request_is_found_with_the_end_of_its_head(void)
{
	static const struct {
		const char *text;
		enum parse_result result;
	} cases[] = {
		{"GET / HTTP/1.1\r\nHost: example.com", PARSE_NEED_MORE},
		{"GET / HTTP/1.1\r\nHost: example.com\r\n", PARSE_NEED_MORE},  /* may be folded */
		{"GET / HTTP/1.1\r\nHost: example.com\r\nA", PARSE_NEED_MORE}, /* another Host */
		{"GET / HTTP/1.1\r\nHost: example.com\r\n\r", PARSE_NEED_MORE},
		{"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", PARSE_FOUND},
		{"GET http://example.com/ HTTP/1.1\r", PARSE_NEED_MORE},
		{"GET http://example.com/ HTTP/1.1\r\n", PARSE_FOUND},
		{"GET / HTTP/1.1\r\nA: b\r\n\r", PARSE_NEED_MORE},
		{"GET / HTTP/1.1\r\nA: b\r\n\r\n", PARSE_FOUND},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct http_request request;
		char host[64];
		CU_ASSERT_EQUAL(parse_exactly(slice_of(cases[i].text, strlen(cases[i].text)),
					      &request, host, sizeof(host)),
				cases[i].result);
	}
}

static void
head_longer_than_the_limit_is_malformed(void)
{
	static struct wire w;
	struct http_request request;
	char host[64];

	wire_text(&w, "GET / HTTP/1.1\r\nX: ");
	wire_fill(&w, 'x', HTTP_HEAD_MAX - w.len - 1);
	CU_ASSERT_EQUAL(parse_exactly(wire_slice(&w), &request, host, sizeof(host)),
			PARSE_NEED_MORE);
	wire_text(&w, "x");
	CU_ASSERT_EQUAL(parse_exactly(wire_slice(&w), &request, host, sizeof(host)),
			PARSE_MALFORMED);
	wire_text(&w, "\r\nHost: too.late\r\n\r\n");
	CU_ASSERT_EQUAL(parse_exactly(wire_slice(&w), &request, host, sizeof(host)),
			PARSE_MALFORMED);
}

static void
method_points_into_the_stream(void)
{
	static const char text[] = "\r\nPROPFIND /dav HTTP/1.1\r\nHost: a\r\n\r\n";
	struct http_request request;

	CU_ASSERT_EQUAL(http_request_parse(slice_of(text, strlen(text)), &request), PARSE_FOUND);
	CU_ASSERT(wire_slice_is(request.method, "PROPFIND"));
	CU_ASSERT_PTR_EQUAL(request.method.data, text + 2);
}

static void
target_with_a_host_has_a_port(void)
{
	static const struct {
		const char *text;
		uint16_t port;
	} cases[] = {
		{"GET http://a/ HTTP/1.1\r\n\r\n", 80},
		{"GET HTTP://a:/ HTTP/1.1\r\n\r\n", 80},
		{"GET https://a HTTP/1.1\r\n\r\n", 443},
		{"GET http://a:8080/x:9 HTTP/1.1\r\n\r\n", 8080},
		{"GET http://a:65536/ HTTP/1.1\r\n\r\n", 80},
		{"GET http://a:99999999999999999999/ HTTP/1.1\r\n\r\n", 80},
		{"GET ftp://a/ HTTP/1.1\r\n\r\n", 0},
		{"CONNECT a:443 HTTP/1.1\r\n\r\n", 443},
		{"CONNECT [2001:db8::1]:443 HTTP/1.1\r\n\r\n", 443},
		{"CONNECT [2001:db8::1] HTTP/1.1\r\n\r\n", 0},
		{"CONNECT a HTTP/1.1\r\n\r\n", 0},
		{"CONNECT 443 HTTP/1.1\r\n\r\n", 0},
		{"GET / HTTP/1.1\r\nHost: a:443\r\n\r\n", 0},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct http_request request;
		struct slice stream = slice_of(cases[i].text, strlen(cases[i].text));
		CU_ASSERT_EQUAL(http_request_parse(stream, &request), PARSE_FOUND);
		CU_ASSERT_EQUAL(request.target_port, cases[i].port);
	}
}

static void
head_ends_with_its_empty_line(void)
{
	static const struct {
		const char *text;
		enum parse_result result;
		size_t len;
		bool has_body;
	} cases[] = {
		{"GET / HTTP/1.1\r\nHost: a\r\n\r\nbehind", PARSE_FOUND, 27, false},
		{"GET / HTTP/1.1\n\nbehind", PARSE_FOUND, 16, false},
		{"\r\n\nGET / HTTP/1.1\r\n\r\n\r\n", PARSE_FOUND, 21, false},
		{"P / HTTP/1.1\nContent-length: 0\n\n", PARSE_FOUND, 32, false},
		{"P / HTTP/1.1\ncontent-LENGTH: 00\n\n", PARSE_FOUND, 33, true},
		{"P / HTTP/1.1\nContent-Length: 0\nContent-Length: 5\n\n", PARSE_FOUND, 50, true},
		{"P / HTTP/1.1\nContent-Length:\n\n", PARSE_FOUND, 30, true},
		{"P / HTTP/1.1\nTransfer-Encoding: chunked\n\n", PARSE_FOUND, 41, true},
		{"P / HTTP/1.1\nX-Content-Length: 5\n\n", PARSE_FOUND, 34, false},
		{"GET / HTTP/1.1\r\nHost: a\r\n\r", PARSE_NEED_MORE, 0, false},
		{"GET / HTTP/1.1\r\nHost: a\r\n", PARSE_NEED_MORE, 0, false},
		{"", PARSE_NEED_MORE, 0, false},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct http_head head;
		struct slice stream = slice_of(cases[i].text, strlen(cases[i].text));
		CU_ASSERT_EQUAL(http_head_parse(stream, &head), cases[i].result);
		CU_ASSERT_EQUAL(head.len, cases[i].len);
		CU_ASSERT_EQUAL(head.has_body, cases[i].has_body);
	}
}

static void
response_is_told_by_its_version(void)
{
	static const struct {
		const char *text;
		bool begins;
	} cases[] = {
		{"HTTP/1.1 200 OK\r\n", true},
		{"HTTP/1.0 404", true},
		{"HTTP/1.", true},
		{"HTTP/1", false},
		{"", false},
		{"HTTP/2.0 200", false},
		{"http/1.1 200", false},
		{"ICY 200 OK\r\n", false},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		CU_ASSERT_EQUAL(
			http_response_begins(slice_of(cases[i].text, strlen(cases[i].text))),
			cases[i].begins);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"request_by_rule", request_by_rule},
		{"request_cut_anywhere_needs_more", request_cut_anywhere_needs_more},
		{"request_is_found_with_the_end_of_its_head",
		 request_is_found_with_the_end_of_its_head},
		{"head_longer_than_the_limit_is_malformed",
		 head_longer_than_the_limit_is_malformed},
		{"method_points_into_the_stream", method_points_into_the_stream},
		{"target_with_a_host_has_a_port", target_with_a_host_has_a_port},
		{"head_ends_with_its_empty_line", head_ends_with_its_empty_line},
		{"response_is_told_by_its_version", response_is_told_by_its_version},
	};
	return unit_run("http", cases, COUNT(cases));
}
