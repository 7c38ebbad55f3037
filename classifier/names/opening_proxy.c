/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The PROXY protocol of load balancers (haproxy, doc/proxy-protocol.txt 2.1 and 2.2): who the
 * connection comes from and where it went, as a line of text or in binary.
 */
#include "classifier/names/opening_rows.h"

#define LINE_MAX_LEN 107 /* 2.1: with its CRLF */

#define VERSION_2 2
#define COMMAND_PROXY 1
#define FAMILY_IPV4 1
#define FAMILY_IPV6 2

static bool
take_word(struct cursor *c, struct slice *word)
{
	size_t left = cursor_left(c);
	const uint8_t *space = left > 0 ? memchr(c->at, ' ', left) : NULL;

	*word = cursor_take(c, space != NULL ? (size_t)(space - c->at) : left);
	if (space != NULL)
		cursor_skip(c, 1);
	return word->len != 0;
}

static bool
take_address(struct cursor *c, uint8_t version, struct ip_address *out)
{
	char text[IP_ADDRESS_TEXT_MAX];
	struct slice word;

	if (!take_word(c, &word) || word.len >= sizeof(text) ||
	    memchr(word.data, '\0', word.len) != NULL)
		return false;
	memcpy(text, word.data, word.len);
	text[word.len] = '\0';
	return ip_address_parse(text, out) == 0 && out->version == version;
}

/* 2.1: decimal, without leading zeros; they are not judged. */
static bool
take_port(struct cursor *c, uint16_t *out)
{
	struct slice word;
	uint32_t port = 0;

	if (!take_word(c, &word) || word.len > 5)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (word.data[i] < '0' || word.data[i] > '9')
			return false;
		port = port * 10 + (uint32_t)(word.data[i] - '0');
	}
	*out = (uint16_t)port;
	return port <= UINT16_MAX;
}

/* What stands behind "PROXY " in a line without its CRLF. */
static bool
read_line(struct slice line, struct opening *out)
{
	static const struct slice unknown = OPENING_TEXT("UNKNOWN"), tcp4 = OPENING_TEXT("TCP4"),
				  tcp6 = OPENING_TEXT("TCP6");
	struct cursor c = cursor_over(line);
	struct slice family;

	if (!take_word(&c, &family))
		return false;
	/* 2.1: what follows UNKNOWN has to be ignored. */
	if (family.len == unknown.len && opening_agrees(family, unknown))
		return true;
	if (family.len != tcp4.len ||
	    !(opening_agrees(family, tcp4) || opening_agrees(family, tcp6)))
		return false;
	uint8_t version = opening_agrees(family, tcp4) ? 4 : 6;
	return take_address(&c, version, &out->source) &&
	       take_address(&c, version, &out->destination) && take_port(&c, &out->source_port) &&
	       take_port(&c, &out->destination_port) && cursor_left(&c) == 0;
}

static enum parse_result
parse_text(struct slice stream, struct opening *out)
{
	static const struct slice start = OPENING_TEXT("PROXY ");
	struct slice window =
		slice_of(stream.data, stream.len < LINE_MAX_LEN ? stream.len : LINE_MAX_LEN);

	if (stream.len < start.len)
		return PARSE_NEED_MORE;
	const uint8_t *end = memchr(window.data, '\n', window.len);
	if (end == NULL)
		return stream.len < LINE_MAX_LEN ? PARSE_NEED_MORE : PARSE_MALFORMED;
	size_t len = (size_t)(end - window.data);
	if (window.data[len - 1] != '\r')
		return PARSE_MALFORMED;
	if (!read_line(slice_of(window.data + start.len, len - 1 - start.len), out))
		return PARSE_MALFORMED;
	out->len = len + 1;
	out->has_proxy_header = true;
	return PARSE_FOUND;
}

static void
read_addresses(struct cursor *c, uint8_t version, struct opening *out)
{
	size_t len = version == 4 ? 4 : 16;
	struct slice source = cursor_take(c, len);
	struct slice destination = cursor_take(c, len);

	out->source_port = cursor_be16(c);
	out->destination_port = cursor_be16(c);
	if (c->failed)
		return;
	out->source.version = out->destination.version = version;
	memcpy(out->source.bytes, source.data, len);
	memcpy(out->destination.bytes, destination.data, len);
}

/* 2.2: signature, version and command, family and transport, length of all that follows.
 * Type-length values behind the addresses are passed over: a PP2_TYPE_AUTHORITY is the balancer's
 * word, and the client's own follows. */
static enum parse_result
parse_binary(struct slice stream, size_t signature_len, struct opening *out)
{
	struct cursor c = cursor_over(stream);

	cursor_skip(&c, signature_len);
	uint8_t version_command = cursor_u8(&c);
	if (!c.failed &&
	    (version_command >> 4 != VERSION_2 || (version_command & 15) > COMMAND_PROXY))
		return PARSE_MALFORMED;
	uint8_t family = cursor_u8(&c) >> 4;
	struct cursor block = cursor_over(cursor_vec16(&c));
	if (c.failed)
		return PARSE_NEED_MORE;
	/* A LOCAL connection is the balancer's own; whatever addresses it holds are to be ignored.
	 */
	if ((version_command & 15) == COMMAND_PROXY && family == FAMILY_IPV4)
		read_addresses(&block, 4, out);
	else if ((version_command & 15) == COMMAND_PROXY && family == FAMILY_IPV6)
		read_addresses(&block, 6, out);
	if (block.failed)
		return PARSE_MALFORMED;
	out->len = stream.len - cursor_left(&c);
	out->has_proxy_header = true;
	return PARSE_FOUND;
}

enum parse_result
opening_proxy_parse(struct slice stream, struct opening *out)
{
	static const struct slice start = OPENING_TEXT("PROXY ");
	static const struct slice signature = OPENING_TEXT("\r\n\r\n\0\r\nQUIT\n");

	if (opening_agrees(stream, start))
		return parse_text(stream, out);
	return opening_agrees(stream, signature) ? parse_binary(stream, signature.len, out)
						 : PARSE_NOT_MINE;
}
