/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/names/opening.h"

#include "classifier/names/opening_rows.h"

/* In this order: the first that does not say "not mine" has the stream. */
static const struct row {
	struct slice first; /* bytes that it can begin with; empty: any */
	enum parse_result (*parse)(struct slice stream, struct opening *out);
	bool is_common; /* what it begins with is met in the middle of other protocols */
} rows[] = {
	{OPENING_TEXT("P\r"), opening_proxy_parse, false},
	{OPENING_TEXT("\4"), opening_socks4_parse, true},
	{OPENING_TEXT("\5"), opening_socks5_parse, true},
	{OPENING_TEXT("S"), opening_ssh_parse, false},
	{OPENING_TEXT("<"), opening_xmpp_parse, false},
	{OPENING_TEXT("0"), opening_ldap_parse, false},
	{OPENING_TEXT("\0"), opening_postgresql_parse, false},
	{{0}, opening_talk_parse, false},
	{{0}, opening_mysql_parse, true},
};

static enum parse_result
parse_rows(struct slice stream, bool is_guessed, struct opening *out)
{
	*out = (struct opening){0};
	if (stream.len == 0)
		return PARSE_NEED_MORE;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct slice *first = &rows[i].first;
		if (is_guessed && rows[i].is_common)
			continue;
		if (first->len != 0 && memchr(first->data, stream.data[0], first->len) == NULL)
			continue;
		enum parse_result r = rows[i].parse(stream, out);
		if (r != PARSE_NOT_MINE || out->protocol != APP_PROTOCOL_UNKNOWN)
			return r;
	}
	return PARSE_NOT_MINE;
}

enum parse_result
opening_parse(struct slice stream, struct opening *out)
{
	return parse_rows(stream, false, out);
}

enum parse_result
opening_guessed_parse(struct slice stream, struct opening *out)
{
	return parse_rows(stream, true, out);
}

/* RFC 4253 4.2: both sides begin with their identification string. */
enum parse_result
opening_ssh_parse(struct slice stream, struct opening *out)
{
	static const struct slice start = OPENING_TEXT("SSH-");

	if (!opening_agrees(stream, start))
		return PARSE_NOT_MINE;
	if (stream.len < start.len)
		return PARSE_NEED_MORE;
	out->protocol = APP_PROTOCOL_SSH;
	return PARSE_NOT_MINE;
}
