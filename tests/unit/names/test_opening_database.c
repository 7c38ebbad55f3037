/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/names/stream_vector.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define SSL_REQUEST "\0\0\0\x8\4\xd2\x16\x2f"
#define GSSENC_REQUEST "\0\0\0\x8\4\xd2\x16\x30"
#define STARTUP "\0\0\0\x15\0\3\0\0user\0me\0db\0x\0\0"
#define ZEROS_19 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define NAMED \
	"a.example", .result = PARSE_FOUND, .name = "a.example", .source = NAME_SOURCE_STARTTLS_SNI
#define POSTGRESQL .protocol = APP_PROTOCOL_POSTGRESQL
#define MYSQL .protocol = APP_PROTOCOL_MYSQL

static const struct stream_vector postgresql[] = {
	{BYTES(SSL_REQUEST), NAMED, POSTGRESQL},
	{BYTES(GSSENC_REQUEST SSL_REQUEST), NAMED, POSTGRESQL},
	{BYTES(SSL_REQUEST), .result = PARSE_NEED_MORE, POSTGRESQL},
	{BYTES(GSSENC_REQUEST), .result = PARSE_NEED_MORE, POSTGRESQL},
	{BYTES(STARTUP), .result = PARSE_NOT_MINE, POSTGRESQL},
	{BYTES("\0\0\0\x15\0\3\0\2"), .result = PARSE_NOT_MINE, POSTGRESQL},
	{BYTES(SSL_REQUEST STARTUP), .result = PARSE_NOT_MINE, POSTGRESQL},
	{BYTES("\0\0\0\x10\4\xd2\x16\x2e\0\0\0\1\0\0\0\2"), .result = PARSE_NOT_MINE, POSTGRESQL},
	{BYTES(GSSENC_REQUEST "\0\0\0\5token"), .result = PARSE_NOT_MINE, POSTGRESQL},

	{BYTES("\0\0\0\x9\4\xd2\x16\x2f"), .result = PARSE_NOT_MINE},
	{BYTES("\0\0\0\x55\xffSMB"), .result = PARSE_NOT_MINE},
	{BYTES("\0\0\0\x8\0\3\0\0"), .result = PARSE_NOT_MINE},
	{BYTES("\0\x1d\x12\x34"), .result = PARSE_NOT_MINE},
};

static const struct stream_vector mysql[] = {
	{BYTES("\x20\0\0\1\x85\xae\xff\x1b\0\0\0\1\xff" ZEROS_19 "\0\0\0\0"), NAMED, MYSQL},
	{BYTES("\x20\0\0\1\x84\xae\xff\x1b\0\0\0\1\x21" ZEROS_19 "\x1d\0\0\0"), NAMED, MYSQL},
	{BYTES("\x20\0\0\1\x85\xae\xff\x1b\0\0\0\1\xff" ZEROS_19 "\0\0\0\0"),
	 .result = PARSE_NEED_MORE, MYSQL},
	{BYTES("\x26\0\0\1\x85\xa6\xff\x1b\0\0\0\1\xff" ZEROS_19 "\0\0\0\0root\0\0"),
	 .result = PARSE_NOT_MINE, MYSQL},
	{BYTES("\x22\0\0\1\x85\xa6\xff\x1b\0\0\0\1\xff" ZEROS_19 "\0\0\0\0\0\0"),
	 .result = PARSE_NOT_MINE, MYSQL}, /* nobody */
	/* TLS was refused, and the login is in clear: 0x26 is not the next packet's number. */
	{BYTES("\x20\0\0\1\x85\xae\xff\x1b\0\0\0\1\xff" ZEROS_19 "\0\0\0\0\x26\0\0\2"),
	 .result = PARSE_NOT_MINE, MYSQL},

	{BYTES("\x20\0\0\1\x85\xac\xff\x1b\0\0\0\1\xff" ZEROS_19 "\0\0\0\0"),
	 .result = PARSE_NOT_MINE}, /* not protocol 4.1 */
	{BYTES("\x20\0\0\1\x85\xae\xff\x1b\0\0\0\1\xff" ZEROS_19 "\0\0\0\0"
	       "x"),
	 .result = PARSE_NOT_MINE, MYSQL},
	{BYTES("\x26\0\0\1\x85\xa6\xff\x1b\0\0\0\1\xff" ZEROS_19 "\0\0\0\0rootxx"),
	 .result = PARSE_NOT_MINE}, /* a user without an end */
	{BYTES("\x26\0\0\1\x85\xa6\xff\x1b\0\0\0\1\xff"
	       "0000000000000000000"
	       "\0\0\0\0root\0\0"),
	 .result = PARSE_NOT_MINE},
	{BYTES("\x1f\0\0\1"), .result = PARSE_NOT_MINE},
	{BYTES("\x26\0\0\0"), .result = PARSE_NOT_MINE}, /* the server's greeting */
	{BYTES("\x26\4"), .result = PARSE_NOT_MINE},
	{BYTES("\x26\0\1"), .result = PARSE_NOT_MINE},
};

static void
postgresql_by_rule(void)
{
	stream_vectors_check(postgresql, COUNT(postgresql));
}

static void
mysql_by_rule(void)
{
	stream_vectors_check(mysql, COUNT(mysql));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"postgresql_by_rule", postgresql_by_rule},
		{"mysql_by_rule", mysql_by_rule},
	};
	return unit_run("opening_database", cases, COUNT(cases));
}
