/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/protocol/protocol_check.h"

#include <string.h>

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define BYTES(text) slice_of(text, sizeof(text) - 1)

#define Z4 "\0\0\0\0"
#define Z16 Z4 Z4 Z4 Z4

struct row {
	struct slice payload;
	bool expected;
};

static void
hold(bool (*check)(struct slice), const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		CU_ASSERT_EQUAL(check(rows[i].payload), rows[i].expected);
	CU_ASSERT_FALSE(check(slice_of(NULL, 0)));
}

static void
bittorrent(void)
{
	const struct row rows[] = {
		{BYTES("\x41\0\x12\x34\1\2\3\4" Z4 "\0\x10\0\0\0\1\0\0"), true},
		{BYTES("\x41\0\x12\x34\1\2\3\4" Z4 "\0\x10\0\0\0\1\0"), false},
		{BYTES("\x51\0\x12\x34\1\2\3\4" Z4 "\0\x10\0\0\0\1\0\0"), false},
		{BYTES("\x42\0\x12\x34\1\2\3\4" Z4 "\0\x10\0\0\0\1\0\0"), false},
		{BYTES("d1:ad2:id20:abcdefghij0123456789e1:q4:ping"), true},
		{BYTES("dance on the green, and so on"), false},
		{BYTES("BT-SEARCH * HTTP/1.1\r\n"), true},
		/* Seconds of July 2026 where the library compares with the clock. */
		{BYTES("\0\0\0\0\x6a\x44\x70\0" Z16), false},
	};
	hold(protocol_check_bittorrent, rows, COUNT(rows));
}

static void
dns(void)
{
	const struct row rows[] = {
		{BYTES("\x12\x34\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1"), true},
		{BYTES("\0\x13\x12\x34\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1"), true},
		{BYTES("\x12\x34\1\0\0\0\0\0\0\0\0\0"), false},
		{BYTES("\x12\x34\1\0\0\1\0\0\0\0\x11\0"), false},
		{BYTES("\x12\x34\1\0\0\1\0\0\0\0\0"), false},
	};
	hold(protocol_check_dns, rows, COUNT(rows));
}

static void
line(void)
{
	const struct row rows[] = {
		{BYTES("RTSP/1.0 200 OK\r\n"), true},
		{BYTES("A"), true},
		{BYTES("Z"), true},
		{BYTES("get / HTTP/1.1\r\n"), false},
		{BYTES("$\0\0\4"), false},
		{BYTES("\x16\3\1"), false},
	};
	hold(protocol_check_line, rows, COUNT(rows));
}

static void
rtsp(void)
{
	const struct row rows[] = {
		{BYTES("OPTIONS rtsp://192.0.2.1/ RTSP/1.0\r\n"), true},
		{BYTES("$\1\0\x08"), true},
		{BYTES("\x16\3\1"), false},
	};
	hold(protocol_check_rtsp, rows, COUNT(rows));
}

static void
mining(void)
{
	uint8_t point[301] = {1, 2, 4};
	const struct row rows[] = {
		{BYTES("{\"id\":1,\"method\":\"mining.subscribe\"}"), true},
		{BYTES("POST / HTTP/1.1\r\n\r\n{"), true},
		{BYTES("\x16\3\1\0\1"), false},
		{BYTES("\xf9\xbe\xb4\xd9version"), true},
		{BYTES("\xfa\xbf\xb5\xda"), true},
		{BYTES("\xfa\xbf\xb5"), false},
		{{point, sizeof(point)}, true},
		{{point, sizeof(point) - 1}, false},
	};
	hold(protocol_check_mining, rows, COUNT(rows));
}

static void
ntp(void)
{
	const struct row rows[] = {
		{BYTES("\x1b\0\0\0" Z16 Z16 Z4 Z4 Z4), true},
		{BYTES("\x23\2\6\xe9" Z16 Z16 Z4 Z4 Z4), true},
		{BYTES("\x23\2\6\xe9" Z16 Z16 Z4 Z4 "\0\0\0"), false},
		{BYTES("\x23\x11\6\xe9" Z16 Z16 Z4 Z4 Z4), false},
		{BYTES("\x23\2\x12\xe9" Z16 Z16 Z4 Z4 Z4), false},
		{BYTES("\x23\2\6\x69" Z16 Z16 Z4 Z4 Z4), false},
		{BYTES("\0\2\6\xe9" Z16 Z16 Z4 Z4 Z4), false},
		{BYTES("\x26\2\6\xe9" Z16 Z16 Z4 Z4 Z4), false},
	};
	hold(protocol_check_ntp, rows, COUNT(rows));
}

static void
redis(void)
{
	const struct row rows[] = {
		{BYTES("*1\r\n$4\r\nPING\r\n"), true},
		{BYTES("+PONG\r\n"), true},
		{BYTES("+PONG\r"), false},
		{BYTES("+PONG\n"), false},
		{BYTES("+PO\1NG\r\n"), false},
		{BYTES("PING\r\n"), false},
	};
	hold(protocol_check_redis, rows, COUNT(rows));
}

static void
stun(void)
{
	const struct row rows[] = {
		{BYTES("\0\1\0\0\x21\x12\xa4\x42tttttttttttt"), true},
		{BYTES("\0\x14\0\1\0\0\x21\x12\xa4\x42tttttttttttt"), true},
		{BYTES("\0\1\0\0tttttttttttttttt"), true},
		{BYTES("\0\1\0\1tttttttttttttttt1"), false},
		{BYTES("\0\1\0\4tttttttttttttttt"), false},
		{BYTES("\x40\1\0\0\x21\x12\xa4\x42tttttttttttt"), false},
	};
	hold(protocol_check_stun, rows, COUNT(rows));
}

static void
teredo(void)
{
#define IPV6 "\x60\0\0\0\0\0\x3b\x40" Z16 Z16
	const struct row rows[] = {
		{BYTES(IPV6), true},
		{BYTES("\0\0\1\2\3\4\5\6" IPV6), true},
		{BYTES("\0\1\0\0" Z4 Z4 "\0" IPV6), true},
		{BYTES("\0\1\1\2"
		       "i"
		       "vv" Z4 Z4 "\0"
		       "\0\0\1\2\3\4\5\6" IPV6),
		 true},
		{BYTES(IPV6 "x"), false},
		{BYTES("\x45\0\0\0\0\0\x3b\x40" Z16 Z16), false},
		{BYTES("\0\1\xff\xff" Z4), false},
	};
	hold(protocol_check_teredo, rows, COUNT(rows));
}

static void
tls(void)
{
	const struct row rows[] = {
		{BYTES("\x16\3\1"), true},  {BYTES("\x17\3\3\0"), true}, {BYTES("\x18\3\1"), false},
		{BYTES("\x16\2\1"), false}, {BYTES("\x16\3\5"), false},  {BYTES("\x16\3"), false},
	};
	hold(protocol_check_tls, rows, COUNT(rows));
}

static void
openvpn(void)
{
	CU_ASSERT(protocol_check_openvpn(BYTES("\x38"), true));
	CU_ASSERT(protocol_check_openvpn(BYTES("\x40"), true));
	CU_ASSERT_FALSE(protocol_check_openvpn(BYTES("\x39"), true));
	CU_ASSERT_FALSE(protocol_check_openvpn(BYTES(""), true));
	CU_ASSERT(protocol_check_openvpn(BYTES("\0\x0e\x40"), false));
	CU_ASSERT_FALSE(protocol_check_openvpn(BYTES("\x40\x40"), false));
}

static void
rtp(void)
{
	static const struct {
		const char *next;
		bool expected;
	} rows[] = {
		{"\x80\0\0\2"
		 "tttt"
		 "ssss",
		 true},
		{"\x80\x80\0\x41"
		 "tttt"
		 "ssss",
		 true},
		{"\x80\0\0\1"
		 "tttt"
		 "ssss",
		 false},
		{"\x80\0\0\x42"
		 "tttt"
		 "ssss",
		 false},
		{"\x80\0\0\2"
		 "tttt"
		 "sssx",
		 false},
		{"\x80\1\0\2"
		 "tttt"
		 "ssss",
		 false},
		{"\x40\0\0\2"
		 "tttt"
		 "ssss",
		 false},
	};
	const struct slice last = BYTES("\x80\0\0\1"
					"tttt"
					"ssss");

	for (size_t i = 0; i < COUNT(rows); i++)
		CU_ASSERT_EQUAL(protocol_check_rtp(slice_of(rows[i].next, 12), last),
				rows[i].expected);
	CU_ASSERT_FALSE(protocol_check_rtp(slice_of(rows[0].next, 11), last));
	CU_ASSERT_FALSE(protocol_check_rtp(slice_of(rows[0].next, 12), slice_of(last.data, 11)));
	/* The numbers begin again. */
	CU_ASSERT(protocol_check_rtp(BYTES("\x80\0\0\0"
					   "tttt"
					   "ssss"),
				     BYTES("\x80\0\xff\xff"
					   "tttt"
					   "ssss")));
}

static const struct unit_case cases[] = {
	{"bittorrent", bittorrent}, {"dns", dns}, {"line", line},       {"rtsp", rtsp},
	{"mining", mining},         {"ntp", ntp}, {"redis", redis},     {"stun", stun},
	{"teredo", teredo},         {"tls", tls}, {"openvpn", openvpn}, {"rtp", rtp},
};

int
main(void)
{
	return unit_run("protocol_check", cases, COUNT(cases));
}
