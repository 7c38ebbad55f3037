/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The opening of an XMPP stream (RFC 6120 4.2, 5.4.2): an XML declaration, the stream's own tag,
 * and starttls as the first element. This is no XML parser: whatever is not exactly that goes on in
 * clear. The `to` of the stream is not taken as a name: the SNI that follows says it better.
 */
#include "classifier/names/opening_rows.h"

#define TAGS_MAX 4 /* declaration, stream, starttls and its end */

static bool
is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void
skip_space(struct cursor *c)
{
	while (cursor_left(c) > 0 && is_space(*c->at))
		cursor_skip(c, 1);
}

/* Takes "<...>"; a '>' between quotes does not end it. */
static enum parse_result
take_tag(struct cursor *c, struct slice *tag)
{
	struct slice rest = opening_rest(c);
	uint8_t quote = 0;

	if (rest.len > 0 && rest.data[0] != '<')
		return PARSE_NOT_MINE;
	for (size_t i = 0; i < rest.len && i < OPENING_TALK_MAX; i++) {
		uint8_t byte = rest.data[i];
		if (quote != 0) {
			quote = byte == quote ? 0 : quote;
		} else if (byte == '\'' || byte == '"') {
			quote = byte;
		} else if (byte == '>') {
			*tag = cursor_take(c, i + 1);
			return PARSE_FOUND;
		}
	}
	return rest.len < OPENING_TALK_MAX ? PARSE_NEED_MORE : PARSE_NOT_MINE;
}

/* Whether the tag is of that name: "<name" and then no further letter of a name. */
static bool
is_tag(struct slice tag, struct slice name)
{
	if (tag.len <= name.len || !opening_agrees(tag, name))
		return false;
	uint8_t behind = tag.data[name.len];
	return is_space(behind) || behind == '/' || behind == '>';
}

static bool
is_stream(struct slice tag)
{
	static const struct slice name = OPENING_TEXT("<stream:stream");
	static const struct slice space = OPENING_TEXT("http://etherx.jabber.org/streams");

	return is_tag(tag, name) && memmem(tag.data, tag.len, space.data, space.len) != NULL;
}

/* The element behind the stream's tag. */
static enum parse_result
read_starttls(struct slice stream, struct cursor *c, struct opening *out)
{
	static const struct slice start = OPENING_TEXT("<starttls"),
				  end = OPENING_TEXT("</starttls");
	struct slice tag;

	skip_space(c);
	/* Whatever else it begins like is decided before its end is here. */
	if (!opening_agrees(opening_rest(c), start))
		return PARSE_NOT_MINE;
	enum parse_result r = take_tag(c, &tag);
	if (r != PARSE_FOUND)
		return r;
	if (!is_tag(tag, start))
		return PARSE_NOT_MINE;
	if (tag.data[tag.len - 2] != '/') {
		skip_space(c);
		r = take_tag(c, &tag);
		if (r != PARSE_FOUND)
			return r;
		if (!is_tag(tag, end))
			return PARSE_NOT_MINE;
	}
	skip_space(c);
	return opening_tls_can_follow(c) ? opening_before_tls(out, stream, c) : PARSE_NOT_MINE;
}

enum parse_result
opening_xmpp_parse(struct slice stream, struct opening *out)
{
	static const struct slice declaration = OPENING_TEXT("<?xml"),
				  start = OPENING_TEXT("<stream:stream");
	struct cursor c = cursor_over(stream);
	struct slice tag;

	for (unsigned i = 0; i < TAGS_MAX; i++) {
		struct slice rest = opening_rest(&c);
		bool can_declare = i == 0 && opening_agrees(rest, declaration);
		if (!can_declare && !opening_agrees(rest, start))
			return PARSE_NOT_MINE;
		enum parse_result r = take_tag(&c, &tag);
		if (r != PARSE_FOUND)
			return r;
		if (is_stream(tag)) {
			out->protocol = APP_PROTOCOL_XMPP;
			return read_starttls(stream, &c, out);
		}
		if (!can_declare)
			return PARSE_NOT_MINE;
		skip_space(&c);
	}
	return PARSE_NOT_MINE;
}
