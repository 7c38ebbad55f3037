/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The talk of lines before STARTTLS: SMTP and LMTP (RFC 5321, RFC 3207), IMAP (RFC 9051 6.2.1),
 * POP3 (RFC 2595 4), FTP (RFC 4217 4, RFC 7151). A talk is known by its first command and followed
 * as long as each line is a command of its own short list. Whatever else comes - a login, a mail -
 * decides that it goes on in clear, so that no text in a mail can pass for a command.
 */
#include <strings.h>

#include "classifier/names/opening_rows.h"

#define LINE_MAX_LEN 1024 /* longest command line that is followed, as EHLO and ID have them */
#define TAG_MAX 10        /* longest IMAP tag; clients write 1 to 9 characters */

enum effect {
	NONE,
	GREETS, /* tells the protocol, also as the first command */
	PASSES, /* is said in between */
	STARTS, /* TLS follows, unless the server refuses; tells the protocol too */
	LEAVES, /* tells the protocol, which goes on in clear */
};

struct command {
	struct slice words; /* case does not matter; arguments may follow, but behind STARTS */
	enum effect effect;
};

#define COMMANDS_MAX 12

static const struct talk {
	enum app_protocol protocol;
	bool has_tags; /* a word of the client's own in front of every command */
	struct command commands[COMMANDS_MAX];
} talks[] = {
	{APP_PROTOCOL_SMTP,
	 false,
	 {{OPENING_TEXT("EHLO"), GREETS},
	  {OPENING_TEXT("HELO"), GREETS},
	  {OPENING_TEXT("LHLO"), GREETS},
	  {OPENING_TEXT("STARTTLS"), STARTS},
	  {OPENING_TEXT("XCLIENT"), PASSES},
	  {OPENING_TEXT("XFORWARD"), PASSES},
	  {OPENING_TEXT("NOOP"), PASSES},
	  {OPENING_TEXT("RSET"), PASSES},
	  {OPENING_TEXT("HELP"), PASSES}}},
	{APP_PROTOCOL_POP3,
	 false,
	 {{OPENING_TEXT("CAPA"), GREETS},
	  {OPENING_TEXT("STLS"), STARTS},
	  {OPENING_TEXT("UTF8"), PASSES},
	  {OPENING_TEXT("LANG"), PASSES},
	  {OPENING_TEXT("NOOP"), PASSES},
	  {OPENING_TEXT("APOP"), LEAVES}}},
	{APP_PROTOCOL_FTP,
	 false,
	 {{OPENING_TEXT("AUTH TLS"), STARTS},
	  {OPENING_TEXT("AUTH SSL"), STARTS},
	  {OPENING_TEXT("AUTH TLS-C"), STARTS},
	  {OPENING_TEXT("AUTH TLS-P"), STARTS},
	  {OPENING_TEXT("FEAT"), GREETS},
	  {OPENING_TEXT("HOST"), GREETS},
	  {OPENING_TEXT("SYST"), GREETS},
	  {OPENING_TEXT("CLNT"), GREETS},
	  {OPENING_TEXT("OPTS"), PASSES},
	  {OPENING_TEXT("LANG"), PASSES},
	  {OPENING_TEXT("NOOP"), PASSES}}},
	{APP_PROTOCOL_IMAP,
	 true,
	 {{OPENING_TEXT("CAPABILITY"), GREETS},
	  {OPENING_TEXT("STARTTLS"), STARTS},
	  {OPENING_TEXT("ID"), GREETS},
	  {OPENING_TEXT("NOOP"), PASSES},
	  {OPENING_TEXT("LANGUAGE"), PASSES},
	  {OPENING_TEXT("LOGIN"), LEAVES},
	  {OPENING_TEXT("AUTHENTICATE"), LEAVES}}},
};

static bool
is_tag_byte(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || byte == '.' ||
	       ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

/* Cuts a tag and the space behind it; FOUND, NEED_MORE inside of one, or NOT_MINE. */
static enum parse_result
cut_tag(struct slice *line)
{
	size_t len = 0;

	while (len < line->len && len <= TAG_MAX && is_tag_byte(line->data[len]))
		len++;
	if (len == line->len && len <= TAG_MAX)
		return PARSE_NEED_MORE;
	if (len == 0 || len > TAG_MAX || line->data[len] != ' ')
		return PARSE_NOT_MINE;
	*line = slice_of(line->data + len + 1, line->len - len - 1);
	return PARSE_FOUND;
}

static bool
is_blank(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] != ' ')
			return false;
	}
	return true;
}

/*
 * Whether a line, or as much of it as there is, is the command. A line that ends in a literal of
 * IMAP ("{12}", RFC 9051 4.3) goes on in the next one: it is not followed.
 */
static bool
is_command(struct slice line, bool is_whole, const struct command *command)
{
	const struct slice *words = &command->words;
	size_t common = line.len < words->len ? line.len : words->len;

	if (words->len == 0 || (is_whole && line.len < words->len) ||
	    (common != 0 && ((line.data[0] ^ words->data[0]) & ~0x20) != 0) ||
	    strncasecmp((const char *)line.data, (const char *)words->data, common) != 0)
		return false;
	struct slice behind = slice_of(line.data + common, line.len - common);
	if (command->effect == STARTS)
		return is_blank(behind);
	return behind.len == 0 ||
	       (behind.data[0] == ' ' && !(is_whole && behind.data[behind.len - 1] == '}'));
}

/* What the line does in this talk; `is_whole`: its end is here. NEED_MORE: not known yet. */
static enum parse_result
judge_line(const struct talk *talk, struct slice line, bool is_whole, enum effect *effect)
{
	*effect = NONE;
	enum parse_result r = talk->has_tags ? cut_tag(&line) : PARSE_FOUND;
	if (r != PARSE_FOUND)
		return is_whole ? PARSE_NOT_MINE : r;
	for (size_t i = 0; i < COMMANDS_MAX; i++) {
		const struct command *command = &talk->commands[i];
		if (!is_command(line, is_whole, command))
			continue;
		*effect = command->effect;
		return is_whole ? PARSE_FOUND : PARSE_NEED_MORE;
	}
	return PARSE_NOT_MINE;
}

/* Takes a line without its end; what is there of one when its end is not. NOT_MINE for bytes that
 * are no text. */
static enum parse_result
take_line(struct cursor *c, struct slice *line)
{
	size_t left = cursor_left(c);
	const uint8_t *end = left > 0 ? memchr(c->at, '\n', left) : NULL;

	*line = slice_of(c->at, end != NULL ? (size_t)(end - c->at) : left);
	if (line->len > LINE_MAX_LEN)
		return PARSE_NOT_MINE;
	if (end != NULL)
		cursor_skip(c, line->len + 1);
	if (line->len > 0 && line->data[line->len - 1] == '\r')
		line->len--;
	for (size_t i = 0; i < line->len; i++) {
		if (line->data[i] < 0x20)
			return PARSE_NOT_MINE;
	}
	return end != NULL ? PARSE_FOUND : PARSE_NEED_MORE;
}

/* Follows a talk whose first line is known to be its own. */
static enum parse_result
follow(const struct talk *talk, struct slice stream, struct opening *out)
{
	struct cursor c = cursor_over(stream);
	struct slice line;
	enum effect effect;

	while (stream.len - cursor_left(&c) < OPENING_TALK_MAX) {
		enum parse_result r = take_line(&c, &line);
		if (r == PARSE_NOT_MINE)
			return r;
		r = judge_line(talk, line, r == PARSE_FOUND, &effect);
		if (r != PARSE_FOUND)
			return r;
		if (effect == LEAVES)
			return PARSE_NOT_MINE;
		out->len = stream.len - cursor_left(&c);
		if (effect == STARTS && opening_tls_can_follow(&c))
			return opening_before_tls(out, stream, &c);
	}
	return PARSE_NOT_MINE;
}

enum parse_result
opening_talk_parse(struct slice stream, struct opening *out)
{
	struct cursor c = cursor_over(stream);
	struct slice line;
	bool can_be = false;
	enum parse_result there = take_line(&c, &line);

	if (there == PARSE_NOT_MINE)
		return there;
	for (size_t i = 0; i < sizeof(talks) / sizeof(*talks); i++) {
		enum effect effect;
		enum parse_result r = judge_line(&talks[i], line, there == PARSE_FOUND, &effect);
		can_be |= r == PARSE_NEED_MORE;
		if (r != PARSE_FOUND || effect == PASSES)
			continue;
		out->protocol = talks[i].protocol;
		return follow(&talks[i], stream, out);
	}
	return can_be ? PARSE_NEED_MORE : PARSE_NOT_MINE;
}
