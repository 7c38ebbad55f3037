/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/http.h"

#include <string.h>
#include <strings.h>

/* RFC 9112 2.2: empty lines before a request are to be ignored; this many, clients do send one. */
#define EMPTY_LINES_MAX 4

/* Bytes with the length of their text, so that rows are compared without strlen. */
#define TEXT(literal)                                           \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}

/*
 * HTTP Method Registry of IANA (2026-06), the usual ones first. Left out: "*" and PRI, which are
 * reserved, the latter as the beginning of HTTP/2 in clear.
 */
static const struct slice methods[] = {
	TEXT("GET"),
	TEXT("POST"),
	TEXT("HEAD"),
	TEXT("PUT"),
	TEXT("CONNECT"),
	TEXT("OPTIONS"),
	TEXT("DELETE"),
	TEXT("PATCH"),
	TEXT("PROPFIND"),
	TEXT("TRACE"),
	TEXT("ACL"),
	TEXT("BASELINE-CONTROL"),
	TEXT("BIND"),
	TEXT("CHECKIN"),
	TEXT("CHECKOUT"),
	TEXT("COPY"),
	TEXT("LABEL"),
	TEXT("LINK"),
	TEXT("LOCK"),
	TEXT("MERGE"),
	TEXT("MKACTIVITY"),
	TEXT("MKCALENDAR"),
	TEXT("MKCOL"),
	TEXT("MKREDIRECTREF"),
	TEXT("MKWORKSPACE"),
	TEXT("MOVE"),
	TEXT("ORDERPATCH"),
	TEXT("PROPPATCH"),
	TEXT("QUERY"),
	TEXT("REBIND"),
	TEXT("REPORT"),
	TEXT("SEARCH"),
	TEXT("UNBIND"),
	TEXT("UNCHECKOUT"),
	TEXT("UNLINK"),
	TEXT("UNLOCK"),
	TEXT("UPDATE"),
	TEXT("UPDATEREDIRECTREF"),
	TEXT("VERSION-CONTROL"),
};

static bool
begins_with(struct slice s, struct slice start)
{
	return s.len >= start.len && memcmp(s.data, start.data, start.len) == 0;
}

/* The same for text in any case; `start` is in lower case. */
static bool
begins_with_folded(struct slice s, struct slice start)
{
	return s.len >= start.len &&
	       strncasecmp((const char *)s.data, (const char *)start.data, start.len) == 0;
}

/* Whether as many bytes as both have are the same. */
static bool
agrees(struct slice a, struct slice b)
{
	return memcmp(a.data, b.data, a.len < b.len ? a.len : b.len) == 0;
}

static bool
is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

static struct slice
trim(struct slice s)
{
	while (s.len > 0 && is_blank(s.data[s.len - 1]))
		s.len--;
	while (s.len > 0 && is_blank(s.data[0])) {
		s.data++;
		s.len--;
	}
	return s;
}

/* Takes a line and its end, which may be a bare LF (RFC 9112 2.2). False while the end is not
 * there. */
static inline bool
take_line(struct cursor *c, struct slice *line)
{
	size_t left = cursor_left(c);
	const uint8_t *end = left > 0 ? memchr(c->at, '\n', left) : NULL;

	if (end == NULL)
		return false;
	*line = cursor_take(c, (size_t)(end - c->at));
	cursor_skip(c, 1);
	if (line->len > 0 && line->data[line->len - 1] == '\r')
		line->len--;
	return true;
}

static void
skip_empty_lines(struct cursor *c)
{
	for (unsigned i = 0; i < EMPTY_LINES_MAX; i++) {
		struct cursor ahead = *c;
		uint8_t byte = cursor_u8(&ahead);
		if (byte == '\r')
			byte = cursor_u8(&ahead);
		if (ahead.failed || byte != '\n')
			return;
		*c = ahead;
	}
}

/* Takes "METHOD " of the table. NOT_MINE at the first byte that rules out every row. */
static enum parse_result
take_method(struct cursor *c, struct slice *method)
{
	static const struct slice cr = TEXT("\r");
	struct slice start = slice_of(c->at, cursor_left(c));

	/* Nothing yet, or half of an empty line. */
	if (start.len == 0 || (start.len == 1 && agrees(start, cr)))
		return PARSE_NEED_MORE;
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		if (start.data[0] != methods[i].data[0] || !agrees(start, methods[i]))
			continue;
		if (start.len <= methods[i].len)
			return PARSE_NEED_MORE;
		if (start.data[methods[i].len] != ' ')
			continue;
		*method = cursor_take(c, methods[i].len);
		cursor_skip(c, 1);
		return PARSE_FOUND;
	}
	return PARSE_NOT_MINE;
}

/* Control bytes are in no request line; they are met where binary data begins like a method. */
static bool
has_control_byte(struct slice s)
{
	bool found = false;

	for (size_t i = 0; i < s.len; i++)
		found |= s.data[i] < 0x20;
	return found;
}

/*
 * Takes the rest of the request line (RFC 9112 3). The version is behind the last space: targets
 * with spaces are against the rules but sent. NOT_MINE for RTSP and SIP, whose methods look the
 * same.
 */
static enum parse_result
take_target(struct cursor *c, struct slice *target)
{
	static const struct slice version_start = TEXT("HTTP/1.");
	struct slice rest = slice_of(c->at, cursor_left(c));
	struct slice line;

	if (!take_line(c, &line)) {
		if (rest.len > 0 && rest.data[rest.len - 1] == '\r')
			rest.len--;
		return has_control_byte(rest) ? PARSE_NOT_MINE : PARSE_NEED_MORE;
	}
	if (has_control_byte(line))
		return PARSE_NOT_MINE;
	line = trim(line);
	const uint8_t *space = line.len > 0 ? memrchr(line.data, ' ', line.len) : NULL;
	if (space == NULL)
		return PARSE_NOT_MINE;
	size_t target_len = (size_t)(space - line.data);
	*target = trim(slice_of(line.data, target_len));
	struct slice version = slice_of(space + 1, line.len - target_len - 1);
	return begins_with(version, version_start) ? PARSE_FOUND : PARSE_NOT_MINE;
}

/* Length of "scheme://" at the start of an absolute-form target (RFC 3986 3.1), or 0. */
static size_t
scheme_length(struct slice target)
{
	static const struct slice separator = TEXT("://");
	size_t i = 0;

	while (i < target.len && ((target.data[i] | 0x20) >= 'a' && (target.data[i] | 0x20) <= 'z'))
		i++;
	struct slice behind = slice_of(target.data + i, target.len - i);
	return i > 0 && begins_with(behind, separator) ? i + separator.len : 0;
}

/* RFC 3986 3.2: the authority ends at the path, query or fragment; user information is not the
 * host. */
static struct slice
authority_host(struct slice target)
{
	size_t len = scheme_length(target);
	struct slice host = slice_of(target.data + len, target.len - len);

	for (len = 0; len < host.len; len++) {
		if (host.data[len] == '/' || host.data[len] == '?' || host.data[len] == '#')
			break;
	}
	host.len = len;
	const uint8_t *at = len > 0 ? memrchr(host.data, '@', len) : NULL;
	if (at == NULL)
		return host;
	size_t user_len = (size_t)(at - host.data) + 1;
	return slice_of(host.data + user_len, host.len - user_len);
}

static uint16_t
target_port(struct slice target, struct slice host)
{
	static const struct slice http = TEXT("http:"), https = TEXT("https:");
	uint16_t port = http_host_port(host);

	if (port != 0)
		return port;
	if (begins_with_folded(target, http))
		return 80;
	return begins_with_folded(target, https) ? 443 : 0;
}

/* The value of the field of that name, or a slice without data when the line is another field. */
static struct slice
field_value(struct slice line, struct slice name)
{
	if (line.len <= name.len || line.data[name.len] != ':' || !begins_with_folded(line, name))
		return (struct slice){0};
	return trim(slice_of(line.data + name.len + 1, line.len - name.len - 1));
}

/* RFC 9112 6.3: without these two fields a request has no body. */
static bool
tells_body(struct slice line)
{
	static const struct slice length = TEXT("content-length"),
				  coding = TEXT("transfer-encoding");
	static const struct slice zero = TEXT("0");
	struct slice value = field_value(line, length);

	if (value.data != NULL)
		return value.len != zero.len || !agrees(value, zero);
	return field_value(line, coding).data != NULL;
}

/* Host in a field line. False where it is malformed: RFC 9112 5.1 forbids blanks before the colon,
 * which some readers pass over. */
static bool
take_host(struct slice line, struct slice *value)
{
	static const struct slice name = TEXT("host");
	size_t colon = name.len;

	*value = (struct slice){0};
	if (!begins_with_folded(line, name))
		return true;
	while (colon < line.len && is_blank(line.data[colon]))
		colon++;
	if (colon == line.len || line.data[colon] != ':')
		return true;
	*value = trim(slice_of(line.data + colon + 1, line.len - colon - 1));
	return colon == name.len;
}

static bool
is_same_host(struct slice a, struct slice b)
{
	return a.len == b.len && begins_with_folded(a, b);
}

/*
 * Looks for Host among all field lines, as far as the head goes: of two that differ nobody could
 * say which one the server takes (RFC 9112 3.2 has it refuse both). A folded line (5.2) belongs to
 * the field above and is passed over with it; a folded Host names nobody that two readers would
 * agree on. Lines that are no field are passed over as well: one bad line does not hide the name
 * from a server either. Lines are looked at no closer than their first letter.
 */
static enum parse_result
read_fields(struct cursor *c, struct http_request *out)
{
	struct slice line, value;
	bool has_host = false, behind_host = false;

	while (take_line(c, &line)) {
		if (line.len == 0)
			return PARSE_FOUND;
		if (behind_host && is_blank(line.data[0]))
			return PARSE_MALFORMED;
		behind_host = false;
		uint8_t first = line.data[0] | 0x20;
		if (first == 'c' || first == 't')
			out->head.has_body |= tells_body(line);
		if (first != 'h')
			continue;
		if (!take_host(line, &value) ||
		    (value.data != NULL && has_host && !is_same_host(value, out->host)))
			return PARSE_MALFORMED;
		if (value.data == NULL)
			continue;
		out->host = value;
		has_host = behind_host = true;
	}
	/* The next line may fold it. */
	if (behind_host && (cursor_left(c) == 0 || is_blank(*c->at)))
		out->host.len = 0;
	return PARSE_NEED_MORE;
}

static enum parse_result
parse_head(struct slice head, struct http_request *out)
{
	static const struct slice connect_method = TEXT("CONNECT");
	struct cursor c = cursor_over(head);
	struct slice target;

	*out = (struct http_request){0};
	skip_empty_lines(&c);
	enum parse_result r = take_method(&c, &out->method);
	if (r != PARSE_FOUND)
		return r;
	r = take_target(&c, &target);
	if (r != PARSE_FOUND)
		return r;

	out->is_connect =
		out->method.len == connect_method.len && agrees(out->method, connect_method);
	out->host_in_target = out->is_connect || scheme_length(target) > 0;
	if (!out->host_in_target) {
		r = read_fields(&c, out);
		out->head.len = r == PARSE_FOUND ? head.len - cursor_left(&c) : 0;
		return r;
	}
	/* RFC 9110 4.2.1: a target with an authority must name a host in it. */
	out->host = authority_host(target);
	out->target_port = target_port(target, out->host);
	return out->host.len > 0 ? PARSE_FOUND : PARSE_MALFORMED;
}

enum parse_result
http_request_parse(struct slice stream, struct http_request *out)
{
	bool is_cut = stream.len >= HTTP_HEAD_MAX;
	struct slice head = slice_of(stream.data, is_cut ? HTTP_HEAD_MAX : stream.len);
	enum parse_result r = parse_head(head, out);

	return r == PARSE_NEED_MORE && is_cut ? PARSE_MALFORMED : r;
}

uint16_t
http_host_port(struct slice host)
{
	uint32_t port = 0;
	size_t i = host.len;

	while (i > 0 && host.data[i - 1] >= '0' && host.data[i - 1] <= '9')
		i--;
	if (i == 0 || host.data[i - 1] != ':')
		return 0;
	for (; i < host.len && port <= UINT16_MAX; i++)
		port = port * 10 + (uint32_t)(host.data[i] - '0');
	return port <= UINT16_MAX ? (uint16_t)port : 0;
}

/* Every request comes by here, so that lines are looked at no closer than their first letter. */
enum parse_result
http_head_parse(struct slice stream, struct http_head *out)
{
	bool is_cut = stream.len >= HTTP_HEAD_MAX;
	struct slice head = slice_of(stream.data, is_cut ? HTTP_HEAD_MAX : stream.len);
	struct cursor c = cursor_over(head);
	struct slice line;

	*out = (struct http_head){0};
	skip_empty_lines(&c);
	while (take_line(&c, &line)) {
		if (line.len == 0) {
			out->len = head.len - cursor_left(&c);
			return PARSE_FOUND;
		}
		uint8_t first = line.data[0] | 0x20;
		if (first == 'c' || first == 't')
			out->has_body |= tells_body(line);
	}
	return is_cut ? PARSE_MALFORMED : PARSE_NEED_MORE;
}

bool
http_response_begins(struct slice stream)
{
	static const struct slice start = TEXT("HTTP/1.");

	return begins_with(stream, start);
}
