/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tests/unit/names/stream_vector.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NAMED \
	"a.example", .result = PARSE_FOUND, .name = "a.example", .source = NAME_SOURCE_STARTTLS_SNI

static const struct stream_vector smtp[] = {
	{BYTES("EHLO me.test\r\nSTARTTLS\r\n"), NAMED, .protocol = APP_PROTOCOL_SMTP},
	{BYTES("ehlo [192.0.2.1]\nStartTLS \n"), NAMED, .protocol = APP_PROTOCOL_SMTP},
	{BYTES("LHLO me.test\r\nSTARTTLS\r\n"), NAMED, .protocol = APP_PROTOCOL_SMTP},
	{BYTES("EHLO x\r\nXCLIENT NAME=spike.test ADDR=192.0.2.1\r\nEHLO y\r\nNOOP\r\nRSET\r\n"
	       "HELO x\r\nSTARTTLS\r\n"),
	 NAMED, .protocol = APP_PROTOCOL_SMTP},
	{BYTES("STARTTLS\r\n"), NAMED, .protocol = APP_PROTOCOL_SMTP},
	/* Refused, and asked again. */
	{BYTES("EHLO x\r\nSTARTTLS\r\nNOOP\r\nSTARTTLS\r\n"), NAMED, .protocol = APP_PROTOCOL_SMTP},
	{BYTES("EHLO x\r\nSTARTTLS\r\n"), WITHOUT_SNI, .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_SMTP},
	{BYTES("EHLO x\r\nSTARTTLS\r\n"), "a b", .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_SMTP, .refused = true},
	{BYTES("EHLO x\r\nSTARTTLS\r\n"), .result = PARSE_NEED_MORE, .protocol = APP_PROTOCOL_SMTP},
	{BYTES("EHLO x\r\n"), .result = PARSE_NEED_MORE, .protocol = APP_PROTOCOL_SMTP},

	/* In clear: decided with the first line that is none of the talk. */
	{BYTES("EHLO x\r\nM"), .result = PARSE_NOT_MINE, .protocol = APP_PROTOCOL_SMTP},
	{BYTES("EHLO x\r\nMAIL FROM:<a@b>\r\nDATA\r\nSTARTTLS\r\n"), "a.example",
	 .result = PARSE_NOT_MINE, .protocol = APP_PROTOCOL_SMTP},
	{BYTES("EHLO x\r\nAUTH PLAIN AAAA\r\n"), .result = PARSE_NOT_MINE,
	 .protocol = APP_PROTOCOL_SMTP},
	{BYTES("EHLO x\r\nSTARTTLS now\r\n"), .result = PARSE_NOT_MINE,
	 .protocol = APP_PROTOCOL_SMTP},
	{BYTES("EHLO x\r\nSTARTTLSX\r\n"), .result = PARSE_NOT_MINE, .protocol = APP_PROTOCOL_SMTP},
	{BYTES("EHLO x\r\nSTARTTLS\r\nQUIT\r\n"), .result = PARSE_NOT_MINE,
	 .protocol = APP_PROTOCOL_SMTP},
	{BYTES("EHLO x\r\nSTARTTLS\r\n\x17\3\3"), .result = PARSE_NOT_MINE,
	 .protocol = APP_PROTOCOL_SMTP},
	{BYTES("EHLO x\r\nSTARTTLS\r\n\x16\3\3\0\1\2"), .result = PARSE_NOT_MINE,
	 .protocol = APP_PROTOCOL_SMTP},
	{BYTES("EHLO x\r\n\r\n"), .result = PARSE_NOT_MINE, .protocol = APP_PROTOCOL_SMTP},
	{BYTES("EHLO x\0y\r\n"), .result = PARSE_NOT_MINE},
	{BYTES("EHLOX\r\n"), .result = PARSE_NOT_MINE},
	{BYTES("NOOP\r\nSTARTTLS\r\n"), .result = PARSE_NOT_MINE},
};

static const struct stream_vector imap[] = {
	{BYTES("a1 STARTTLS\r\n"), NAMED, .protocol = APP_PROTOCOL_IMAP},
	{BYTES("1 capability\r\n2 id (\"name\" \"x\" \"os\" NIL)\r\n3 noop\r\n4 starttls\r\n"),
	 NAMED, .protocol = APP_PROTOCOL_IMAP},
	{BYTES(". CAPABILITY\r\n. STARTTLS\r\n"), NAMED, .protocol = APP_PROTOCOL_IMAP},
	{BYTES("C00000001 CAPABILITY\r\nC00000002 STARTTLS\r\n"), NAMED,
	 .protocol = APP_PROTOCOL_IMAP},

	{BYTES("a1 LOGIN user pw\r\n"), .result = PARSE_NOT_MINE, .protocol = APP_PROTOCOL_IMAP},
	{BYTES("a1 CAPABILITY\r\na2 AUTHENTICATE PLAIN AAAA\r\n"), .result = PARSE_NOT_MINE,
	 .protocol = APP_PROTOCOL_IMAP},
	{BYTES("a1 ID (\"name\" {10}\r\n"), .result = PARSE_NOT_MINE},
	{BYTES("a1 CAPABILITY\r\na2 ID (\"name\" {10}\r\na STARTTLS\r\n"), .result = PARSE_NOT_MINE,
	 .protocol = APP_PROTOCOL_IMAP},
	{BYTES("a1 CAPABILITY\r\nSTARTTLS\r\n"), .result = PARSE_NOT_MINE,
	 .protocol = APP_PROTOCOL_IMAP},
	{BYTES("* OK ready\r\n"), .result = PARSE_NOT_MINE},
	{BYTES("a1  STARTTLS\r\n"), .result = PARSE_NOT_MINE},
	{BYTES("abcdefghijk STARTTLS\r\n"), .result = PARSE_NOT_MINE},
	{BYTES("220 mx.test ESMTP\r\n"), .result = PARSE_NOT_MINE},
	{BYTES("JDWP-Handshake"), .result = PARSE_NOT_MINE},
};

static const struct stream_vector pop3[] = {
	{BYTES("STLS\r\n"), NAMED, .protocol = APP_PROTOCOL_POP3},
	{BYTES("capa\r\nstls\r\n"), NAMED, .protocol = APP_PROTOCOL_POP3},
	{BYTES("CAPA\r\nUSER me\r\n"), .result = PARSE_NOT_MINE, .protocol = APP_PROTOCOL_POP3},
	{BYTES("APOP me 0123\r\n"), .result = PARSE_NOT_MINE, .protocol = APP_PROTOCOL_POP3},
	{BYTES("CAPA\r\nRETR 1\r\nSTLS\r\n"), "a.example", .result = PARSE_NOT_MINE,
	 .protocol = APP_PROTOCOL_POP3},
	/* As FTP has it: which of both is not certain. */
	{BYTES("USER me\r\n"), .result = PARSE_NOT_MINE},
};

static const struct stream_vector ftp[] = {
	{BYTES("AUTH TLS\r\n"), NAMED, .protocol = APP_PROTOCOL_FTP},
	{BYTES("auth ssl\r\n"), NAMED, .protocol = APP_PROTOCOL_FTP},
	{BYTES("AUTH TLS-P\r\n"), NAMED, .protocol = APP_PROTOCOL_FTP},
	{BYTES("HOST ftp.test\r\nFEAT\r\nAUTH SSL\r\nAUTH TLS\r\n"), NAMED,
	 .protocol = APP_PROTOCOL_FTP},
	{BYTES("FEAT\r\nOPTS UTF8 ON\r\nCLNT x\r\nAUTH TLS\r\n"), NAMED,
	 .protocol = APP_PROTOCOL_FTP},
	{BYTES("FEAT\r\nUSER anonymous\r\n"), .result = PARSE_NOT_MINE,
	 .protocol = APP_PROTOCOL_FTP},
	{BYTES("AUTH TLS\r\nUSER anonymous\r\n"), .result = PARSE_NOT_MINE,
	 .protocol = APP_PROTOCOL_FTP},
	{BYTES("AUTH GSSAPI\r\n"), .result = PARSE_NOT_MINE},
	{BYTES("AUTH TLS1\r\n"), .result = PARSE_NOT_MINE},
};

static void
smtp_by_rule(void)
{
	stream_vectors_check(smtp, COUNT(smtp));
}

static void
imap_by_rule(void)
{
	stream_vectors_check(imap, COUNT(imap));
}

static void
pop3_by_rule(void)
{
	stream_vectors_check(pop3, COUNT(pop3));
}

static void
ftp_by_rule(void)
{
	stream_vectors_check(ftp, COUNT(ftp));
}

/* Neither one long line nor many short ones are collected. */
static void
talk_is_followed_for_so_long(void)
{
	static char bytes[8192];
	struct stream_vector v = {.bytes = bytes,
				  .sni = "a.example",
				  .result = PARSE_NOT_MINE,
				  .protocol = APP_PROTOCOL_SMTP};

	strcpy(bytes, "EHLO x\r\n");
	for (v.len = 8; v.len < 4096; v.len += 6)
		memcpy(bytes + v.len, "NOOP\r\n", 6);
	memcpy(bytes + v.len, "STARTTLS\r\n", 10);
	v.len += 10;
	stream_vectors_check(&v, 1);

	v.len = 5 + 1030;
	v.protocol = APP_PROTOCOL_UNKNOWN;
	memset(bytes + 5, 'x', 1030);
	stream_vectors_check(&v, 1);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"smtp_by_rule", smtp_by_rule},
		{"imap_by_rule", imap_by_rule},
		{"pop3_by_rule", pop3_by_rule},
		{"ftp_by_rule", ftp_by_rule},
		{"talk_is_followed_for_so_long", talk_is_followed_for_so_long},
	};
	return unit_run("opening_talk", cases, COUNT(cases));
}
