/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/names/stream_vector.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define STREAM                                                                \
	"<stream:stream from='me@a.test' to='a.test' xmlns='jabber:client'\n" \
	" xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
#define STARTTLS "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'"
#define NAMED                                                    \
	"a.example", .result = PARSE_FOUND, .name = "a.example", \
		     .source = NAME_SOURCE_STARTTLS_SNI, .protocol = APP_PROTOCOL_XMPP
#define IN_CLEAR .result = PARSE_NOT_MINE, .protocol = APP_PROTOCOL_XMPP

static const struct stream_vector vectors[] = {
	{BYTES("<?xml version='1.0'?>" STREAM STARTTLS "/>"), NAMED},
	{BYTES("<?xml version='1.0'?>\n" STREAM "\n" STARTTLS "></starttls>\n"), NAMED},
	{BYTES(STREAM STARTTLS "> </starttls >"), NAMED},
	{BYTES("<stream:stream to=\"a>b\" xmlns:stream=\"http://etherx.jabber.org/streams\">"
	       "<starttls/>"),
	 NAMED},
	{BYTES(STREAM STARTTLS "/>"), WITHOUT_SNI, .result = PARSE_FOUND,
	 .protocol = APP_PROTOCOL_XMPP}, /* `to` is no name */
	{BYTES(STREAM STARTTLS "/>"), .result = PARSE_NEED_MORE, .protocol = APP_PROTOCOL_XMPP},

	{BYTES(STREAM "<auth mechanism='PLAIN'>AA</auth>" STARTTLS "/>"), "a.example", IN_CLEAR},
	{BYTES(STREAM "<iq/>"), IN_CLEAR},
	{BYTES(STREAM STARTTLS "><x/>"), IN_CLEAR},
	{BYTES(STREAM STARTTLS "/><auth/>"), IN_CLEAR},
	{BYTES(STREAM "<starttlsx/>"), IN_CLEAR},
	{BYTES(STREAM "<stream:features>"), IN_CLEAR}, /* the server's side */

	{BYTES("<?xml version='1.0'?><html>"), .result = PARSE_NOT_MINE},
	{BYTES("<?xml version='1.0'?><?xml version='1.0'?>" STREAM), .result = PARSE_NOT_MINE},
	{BYTES("<stream:stream to='a.test'>"), .result = PARSE_NOT_MINE},
	{BYTES("<!DOCTYPE html>"), .result = PARSE_NOT_MINE},
};

static void
stream_by_rule(void)
{
	stream_vectors_check(vectors, COUNT(vectors));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"stream_by_rule", stream_by_rule},
	};
	return unit_run("opening_xmpp", cases, COUNT(cases));
}
