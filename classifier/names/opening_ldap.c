/* SPDX-License-Identifier: Apache-2.0 */
/*
 * StartTLS of LDAP (RFC 4511 4.14): an extended request with an object identifier of its own. A
 * client may search the root of the directory first to learn whether the server can; any other
 * operation goes on in clear.
 */
#include "classifier/names/opening_rows.h"

#define TAG_SEQUENCE 0x30
#define TAG_INTEGER 0x02
#define TAG_OCTET_STRING 0x04
#define TAG_ENUMERATED 0x0a
#define TAG_REQUEST_NAME 0x80 /* ExtendedRequest, requestName [0] */

#define MESSAGE_MIN 5 /* an id and an operation without content */

#define OPERATION_SEARCH 0x63
#define OPERATION_EXTENDED 0x77

/* Requests of RFC 4511 4.2 to 4.12: application tags 0, 2, 3, 6, 8, 10, 12, 14, 16, 23. */
static const uint8_t operations[] = {0x60, 0x42, OPERATION_SEARCH,  0x66, 0x68, 0x4a, 0x6c,
				     0x6e, 0x50, OPERATION_EXTENDED};

/* X.690 8.1.3: one byte, or up to four behind a count. False when it is none of these. */
static bool
take_length(struct cursor *c, size_t *out)
{
	uint8_t first = cursor_u8(c);
	size_t length = 0;

	if (first < 0x80) {
		*out = first;
		return true;
	}
	if (first == 0x80 || first > 0x84)
		return false;
	for (unsigned i = 0; i < (first & 15u); i++)
		length = length << 8 | cursor_u8(c);
	*out = length;
	return true;
}

/* Takes an element of that tag; false when there is another, or not all of it. */
static bool
take_element(struct cursor *c, uint8_t tag, struct slice *content)
{
	size_t length = 0;

	if (cursor_u8(c) != tag || !take_length(c, &length))
		return false;
	*content = cursor_take(c, length);
	return !c->failed;
}

/* A search for the root's own entry: empty baseObject, scope baseObject (RFC 4511 4.5.1). */
static bool
is_root_search(struct slice operation)
{
	struct cursor c = cursor_over(operation);
	struct slice base, scope;

	return take_element(&c, TAG_OCTET_STRING, &base) && base.len == 0 &&
	       take_element(&c, TAG_ENUMERATED, &scope) && scope.len == 1 && scope.data[0] == 0;
}

static bool
is_start_tls(struct slice operation)
{
	static const struct slice start_tls = OPENING_TEXT("1.3.6.1.4.1.1466.20037");
	struct cursor c = cursor_over(operation);
	struct slice name;

	return take_element(&c, TAG_REQUEST_NAME, &name) && name.len == start_tls.len &&
	       opening_agrees(name, start_tls);
}

/* Takes the header of an LDAPMessage (RFC 4511 4.1.1) up to the tag of its operation; `left` is
 * what the message has behind that. */
static enum parse_result
take_header(struct cursor *c, uint8_t *operation, size_t *left)
{
	size_t length = 0;

	uint8_t tag = cursor_u8(c);
	if (!c->failed && tag != TAG_SEQUENCE)
		return PARSE_NOT_MINE;
	bool has_length = take_length(c, &length);
	if (!c->failed && (!has_length || length < MESSAGE_MIN))
		return PARSE_NOT_MINE;
	size_t behind_length = cursor_left(c);
	tag = cursor_u8(c);
	if (!c->failed && tag != TAG_INTEGER)
		return PARSE_NOT_MINE;
	uint8_t id_length = cursor_u8(c);
	if (!c->failed && (id_length == 0 || id_length > 4))
		return PARSE_NOT_MINE;
	cursor_skip(c, id_length);
	*operation = cursor_u8(c);
	if (c->failed)
		return PARSE_NEED_MORE;
	size_t taken = behind_length - cursor_left(c);
	if (memchr(operations, *operation, sizeof(operations)) == NULL || length < taken)
		return PARSE_NOT_MINE;
	*left = length - taken;
	return PARSE_FOUND;
}

enum parse_result
opening_ldap_parse(struct slice stream, struct opening *out)
{
	struct cursor c = cursor_over(stream);

	for (;;) {
		uint8_t operation;
		size_t left, length;
		enum parse_result r = take_header(&c, &operation, &left);
		if (r != PARSE_FOUND)
			return r;
		out->protocol = APP_PROTOCOL_LDAP;
		bool may_pass = operation == OPERATION_EXTENDED || operation == OPERATION_SEARCH;
		if (!may_pass || left > OPENING_TALK_MAX ||
		    stream.len - cursor_left(&c) + left > OPENING_TALK_MAX)
			return PARSE_NOT_MINE;
		struct cursor message = cursor_over(cursor_take(&c, left));
		if (c.failed)
			return PARSE_NEED_MORE;
		out->len = stream.len - cursor_left(&c);
		if (!take_length(&message, &length))
			return PARSE_NOT_MINE;
		struct slice content = cursor_take(&message, length);
		if (message.failed)
			return PARSE_NOT_MINE;
		if (operation == OPERATION_SEARCH && is_root_search(content))
			continue;
		if (operation == OPERATION_SEARCH || !is_start_tls(content))
			return PARSE_NOT_MINE;
		if (opening_tls_can_follow(&c))
			return opening_before_tls(out, stream, &c);
	}
}
