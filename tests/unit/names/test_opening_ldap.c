/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/names/stream_vector.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define OID "1.3.6.1.4.1.1466.20037"
#define START_TLS "\x30\x1d\2\1\1\x77\x18\x80\x16" OID
#define ROOT_SEARCH                                                         \
	"\x30\x25\2\1\1\x63\x20\4\0\xa\1\0\xa\1\0\2\1\0\2\1\0\1\1\0\x87\xb" \
	"objectClass"                                                       \
	"\x30\0"
#define NAMED                                                    \
	"a.example", .result = PARSE_FOUND, .name = "a.example", \
		     .source = NAME_SOURCE_STARTTLS_SNI, .protocol = APP_PROTOCOL_LDAP
#define IN_CLEAR .result = PARSE_NOT_MINE, .protocol = APP_PROTOCOL_LDAP

static const struct stream_vector vectors[] = {
	{BYTES(START_TLS), NAMED},
	/* Lengths in long form; an empty requestValue, and controls, behind the name. */
	{BYTES("\x30\x84\0\0\0\x25\2\2\1\0\x77\x84\0\0\0\x1b\x80\x81\x16" OID "\x81\0"), NAMED},
	{BYTES("\x30\x1f\2\1\1\x77\x18\x80\x16" OID "\xa0\0"), NAMED},
	{BYTES(ROOT_SEARCH START_TLS), NAMED},
	{BYTES(START_TLS), .result = PARSE_NEED_MORE, .protocol = APP_PROTOCOL_LDAP},
	{BYTES(START_TLS), WITHOUT_SNI, .result = PARSE_FOUND, .protocol = APP_PROTOCOL_LDAP},

	{BYTES("\x30\xc\2\1\1\x60\7\2\1\3\4\0\x80\0"), IN_CLEAR},
	{BYTES(ROOT_SEARCH "\x30\xc\2\1\1\x60\7\2\1\3\4\0\x80\0"), IN_CLEAR},
	{BYTES(START_TLS "\x30\xc\2\1\2\x60\7\2\1\3\4\0\x80\0"), IN_CLEAR},
	{BYTES("\x30\xd\2\1\1\x63\x8\4\1x\xa\1\0\xa\1\0"), IN_CLEAR},
	{BYTES("\x30\xc\2\1\1\x63\x7\4\0\xa\1\2\xa\1\0"), IN_CLEAR}, /* of the whole tree */
	{BYTES("\x30\x1d\2\1\1\x77\x18\x80\x16"
	       "1.3.6.1.4.1.4203.1.11."),
	 IN_CLEAR},
	{BYTES("\x30\x1d\2\1\1\x77\x19\x80\x16" OID), IN_CLEAR}, /* longer than its message */
	{BYTES("\x30\x84\1\0\0\0\2\1\1\x63"), IN_CLEAR},

	{BYTES("\x30\0\2"), .result = PARSE_NOT_MINE},
	{BYTES("\x30\x1d\4"), .result = PARSE_NOT_MINE},
	{BYTES("\x30\x1d\2\5"), .result = PARSE_NOT_MINE},
	{BYTES("\x30\x1d\2\1\1\x78"), .result = PARSE_NOT_MINE}, /* a server's answer */
	{BYTES("\x30\3\2\1\1\x77"), .result = PARSE_NOT_MINE},
	{BYTES("\x30\x80\2\1\1\x77"), .result = PARSE_NOT_MINE},
	{BYTES("\x30\x85"), .result = PARSE_NOT_MINE},
};

static void
start_tls_by_rule(void)
{
	stream_vectors_check(vectors, COUNT(vectors));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"start_tls_by_rule", start_tls_by_rule},
	};
	return unit_run("opening_ldap", cases, COUNT(cases));
}
