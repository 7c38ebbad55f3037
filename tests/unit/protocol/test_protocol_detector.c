/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/protocol/protocol_detector.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataplane/decode.h"
#include "tests/unit/dataplane/first_messages.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define MESSAGES_MAX PROTOCOL_PACKETS_MAX
#define NOW UINT64_C(1782864000000000000)
#define Z4 "\0\0\0\0"
#define Z16 Z4 Z4 Z4 Z4

/* A message of the client ('>') or the server ('<'). */
#define C(text)                             \
	{                                   \
		'>', text, sizeof(text) - 1 \
	}
#define S(text)                             \
	{                                   \
		'<', text, sizeof(text) - 1 \
	}

struct talk {
	const char *name;
	uint8_t transport;
	uint16_t client_port, server_port;
	struct {
		char from;
		const char *bytes;
		size_t len;
	} messages[MESSAGES_MAX];
	const char *protocol, *category;
};

#define TCP TRANSPORT_TCP
#define UDP TRANSPORT_UDP
#define KEY32 "0123456789abcdef0123456789abcdef"
#define VOICE              \
	"\xd5\xd5\xd5\xd5" \
	"\xd5\xd5\xd5\xd5" \
	"\xd5\xd5\xd5\xd5" \
	"\xd5\xd5\xd5\xd5"
#define RTP(number) "\x80\0\0" number "\0\0\0" number "srce" VOICE VOICE VOICE VOICE VOICE

static const struct talk talks[] = {
	{"ssh_on_any_port",
	 TCP,
	 50000,
	 2222,
	 {C("SSH-2.0-OpenSSH_9.2\r\n"), S("SSH-2.0-dropbear_2022.83\r\n")},
	 "ssh",
	 "remote-access"},
	{"bittorrent_handshake",
	 TCP,
	 50000,
	 50001,
	 {C("\x13"
	    "BitTorrent protocol" Z4 Z4 "hhhhhhhhhhhhhhhhhhhh"
	    "-XX0001-pppppppppppp")},
	 "bittorrent",
	 "file-transfer"},
	{"bittorrent_hash_table",
	 UDP,
	 50000,
	 50001,
	 {C("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe")},
	 "bittorrent",
	 "file-transfer"},
	{"stun_binding",
	 UDP,
	 50000,
	 50001,
	 {C("\0\1\0\x08\x21\x12\xa4\x42"
	    "0123456789ab"
	    "\x80\x2a\0\4"
	    "abcd"),
	  C("\0\1\0\x08\x21\x12\xa4\x42"
	    "0123456789ab"
	    "\x80\x2a\0\4"
	    "abcd"),
	  S("\1\1\0\x0c\x21\x12\xa4\x42"
	    "0123456789ab"
	    "\0\x20\0\x08\0\1\x11\x22"
	    "abcd")},
	 "stun",
	 "network"},
	{"rtp_that_goes_on",
	 UDP,
	 16384,
	 16386,
	 {C(RTP("\1")), C(RTP("\2")), C(RTP("\3"))},
	 "rtp",
	 "media"},
	{"redis_both_sides",
	 TCP,
	 50000,
	 50001,
	 {C("*1\r\n$4\r\nPING\r\n"), S("+PONG\r\n"), C("*1\r\n$4\r\nPING\r\n"), S("+PONG\r\n")},
	 "redis",
	 "database"},
	{"wireguard_handshake",
	 UDP,
	 50000,
	 51820,
	 {C("\1\0\0\0"
	    "senr" KEY32 KEY32 KEY32 KEY32 "012345678901"),
	  S("\2\0\0\0"
	    "rcvr"
	    "senr" KEY32 KEY32 "0123456789abcdef")},
	 "wireguard",
	 "vpn"},
	{"openvpn_resets",
	 UDP,
	 50000,
	 50001,
	 {C("\x38"
	    "session1"
	    "0123456789abcdef0123"
	    "\0\0\0\1"
	    "\0\0\0\1"
	    "\0" Z4),
	  S("\x40"
	    "session2"
	    "0123456789abcdef0123"
	    "\0\0\0\1"
	    "\0\0\0\1"
	    "\1" Z4 "session1" Z4)},
	 "openvpn",
	 "vpn"},
	{"ntp", UDP, 50000, 123, {C("\x1b\0\0\0" Z16 Z16 Z4 Z4 Z4)}, "ntp", "system"},
	{"sip",
	 UDP,
	 5060,
	 5060,
	 {C("OPTIONS sip:a@example.org SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n\r\n")},
	 "sip",
	 "voip"},
	{"mining",
	 TCP,
	 50000,
	 3333,
	 {C("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cpuminer/2.5\"]}\n")},
	 "mining",
	 "mining"},
	{"mining_behind_bytes_without_a_brace",
	 TCP,
	 50000,
	 3333,
	 {C("\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7"),
	  C("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cpuminer/2.5\"]}\n")},
	 "mining",
	 "mining"},
	{"rtsp_behind_voice",
	 TCP,
	 50000,
	 554,
	 {S("$\0\0\x18" RTP("\1")), S("RTSP/1.0 200 OK\r\nCSeq: 5\r\nSession: 1\r\n\r\n"),
	  C("OPTIONS rtsp://192.0.2.1/a RTSP/1.0\r\nCSeq: 6\r\n\r\n")},
	 "rtsp",
	 "media"},
	{"rtsp_in_one_segment_with_voice",
	 TCP,
	 50000,
	 554,
	 {C("$\1\0\x08"
	    "12345678"
	    "GET_PARAMETER rtsp://192.0.2.1/a RTSP/1.0\r\nCSeq: 6\r\n\r\n")},
	 "rtsp",
	 "media"},
	{"bitcoin",
	 TCP,
	 50000,
	 8333,
	 {S("\xf9\xbe\xb4\xd9version\0\0\0\0\0" Z4 Z4)},
	 "mining",
	 "mining"},
	{"mqtt_twice",
	 TCP,
	 50000,
	 1883,
	 {C("\x10\x10\0\4MQTT\4\2\0\x3c\0\4abcd"), S("\x20\2\0\0"), C("\xc0\0"), S("\xd0\0")},
	 "mqtt",
	 "rpc"},
	/* What is not said, though a port or a single look would say it. */
	{"noise_on_the_port_of_ntp",
	 UDP,
	 50000,
	 123,
	 {C("\xe3\x91\x77\x19 nothing of the kind")},
	 "",
	 ""},
	{"noise_on_the_port_of_teredo",
	 UDP,
	 50000,
	 3544,
	 {C("\x8a nothing, but more than forty bytes of it, as Teredo would have")},
	 "",
	 ""},
	{"noise_on_the_port_of_mdns",
	 UDP,
	 50000,
	 5353,
	 {C("\x8a\x12\x80\x99nothing of the kind")},
	 "",
	 ""},
	{"noise_on_port_443", TCP, 50000, 443, {C("\x8a\x12\x80\x99nothing of the kind")}, "", ""},
	{"one_packet_like_rtp", UDP, 16384, 16386, {C(RTP("\1"))}, "", ""},
	{"packets_like_rtp_of_another_source",
	 UDP,
	 16384,
	 16386,
	 {C(RTP("\1")), C("\x80\0\0\2\0\0\0\2"
			  "othr" VOICE VOICE VOICE VOICE VOICE)},
	 "",
	 ""},
	/* Bytes 5 to 8 are seconds of July 2026, or of whenever this runs: the library would
	   compare. */
	{"seconds_are_no_bittorrent",
	 UDP,
	 50000,
	 50001,
	 {C("\0\0\0\0"
	    "time"
	    "0123456789abcdef01")},
	 "",
	 ""},
};

static struct protocol_detector *detector;

static struct protocol_packet
packet_of(const struct talk *t, size_t n, uint32_t seq)
{
	bool from_client = t->messages[n].from == '>';

	return (struct protocol_packet){
		.payload = slice_of(t->messages[n].bytes, t->messages[n].len),
		.source_port = from_client ? t->client_port : t->server_port,
		.destination_port = from_client ? t->server_port : t->client_port,
		.tcp_seq = seq,
		.tcp_flags = TCP_PSH | TCP_ACK,
		.is_udp = t->transport == UDP,
		.from_high = !from_client,
		.time_ns = NOW,
	};
}

/* Shows a conversation; one that ends without a decision has no opinion. */
static void
show_to(struct protocol_detector *d, const struct talk *t, struct protocol_opinion *opinion)
{
	uint32_t state = protocol_detector_begin(d, 1), seq[2] = {1001, 5001};
	enum protocol_answer answer = PROTOCOL_MORE;

	memset(opinion, 0, sizeof(*opinion));
	for (size_t i = 0; i < MESSAGES_MAX && t->messages[i].from != 0 && answer == PROTOCOL_MORE;
	     i++) {
		unsigned from = t->messages[i].from == '<';
		struct protocol_packet p = packet_of(t, i, seq[from]);
		answer = protocol_detector_feed(d, state, &p, opinion);
		seq[from] += (uint32_t)t->messages[i].len;
	}
	protocol_detector_release(d, state);
}

static void
show(const struct talk *t, struct protocol_opinion *opinion)
{
	show_to(detector, t, opinion);
}

static void
expect(const struct talk *t, const struct protocol_opinion *o)
{
	bool as_expected =
		strcmp(o->protocol, t->protocol) == 0 && strcmp(o->category, t->category) == 0;
	if (!as_expected)
		printf("# %s: '%s', '%s'\n", t->name, o->protocol, o->category);
	CU_ASSERT(as_expected);
}

static void
conversations_have_their_names(void)
{
	struct protocol_opinion opinion;

	for (size_t i = 0; i < COUNT(talks); i++) {
		show(&talks[i], &opinion);
		expect(&talks[i], &opinion);
	}
}

/* In any order, and among each other: nothing is kept from one flow to the next. */
static void
flows_do_not_matter_to_each_other(void)
{
	struct protocol_opinion alone[COUNT(talks)], after;
	uint32_t states[COUNT(talks)];

	for (size_t i = 0; i < COUNT(talks); i++)
		show(&talks[i], &alone[i]);
	for (size_t i = COUNT(talks); i-- > 0;) {
		show(&talks[i], &after);
		CU_ASSERT_EQUAL(memcmp(&alone[i], &after, sizeof(after)), 0);
	}
	enum protocol_answer answers[COUNT(talks)] = {0};
	uint32_t seq[COUNT(talks)][2];
	for (size_t i = 0; i < COUNT(talks); i++) {
		states[i] = protocol_detector_begin(detector, (uint32_t)i);
		seq[i][0] = seq[i][1] = 1;
	}
	for (size_t n = 0; n < MESSAGES_MAX; n++) {
		for (size_t i = 0; i < COUNT(talks); i++) {
			if (talks[i].messages[n].from == 0 || answers[i] != PROTOCOL_MORE)
				continue;
			unsigned from = talks[i].messages[n].from == '<';
			struct protocol_packet p = packet_of(&talks[i], n, seq[i][from]);
			seq[i][from] += (uint32_t)talks[i].messages[n].len;
			answers[i] = protocol_detector_feed(detector, states[i], &p, &after);
			if (answers[i] != PROTOCOL_MORE)
				CU_ASSERT_EQUAL(memcmp(&alone[i], &after, sizeof(after)), 0);
		}
	}
	for (size_t i = 0; i < COUNT(talks); i++)
		protocol_detector_release(detector, states[i]);
}

static void
host_name_of_tls_and_http(void)
{
	static struct wire record;
	struct talk tls = {"tls", TCP, 50000, 443, {{0}}, "tls", "web"};
	struct protocol_opinion opinion;

	record.len = 0;
	message_client_stream(&record, "Video.Example.ORG", 0);
	tls.messages[0].from = '>';
	tls.messages[0].bytes = (const char *)record.bytes;
	tls.messages[0].len = record.len;
	show(&tls, &opinion);
	expect(&tls, &opinion);
	CU_ASSERT_STRING_EQUAL(opinion.host, "video.example.org");

	/* Of a service that it knows by name, it is still TLS that is spoken. */
	static const struct talk http = {
		"http",
		TCP,
		50000,
		80,
		{C("GET / HTTP/1.1\r\nHost: www.netflix.com\r\nUser-Agent: a\r\n\r\n")},
		"http",
		"web"};
	show(&http, &opinion);
	expect(&http, &opinion);
	CU_ASSERT_STRING_EQUAL(opinion.host, "www.netflix.com");
}

static void
risks_are_told(void)
{
	static const struct talk login = {
		"basic",
		TCP,
		50000,
		8081,
		{C("GET / HTTP/1.1\r\nHost: 192.0.2.7\r\nUser-Agent: a\r\nAuthorization: Basic "
		   "YTpi\r\n\r\n")},
		"http",
		"web"};
	struct protocol_opinion opinion;

	show(&login, &opinion);
	CU_ASSERT((opinion.risks >> 36 & 1) != 0); /* clear-text-credentials */
	CU_ASSERT((opinion.risks >> 12 & 1) != 0); /* http-numeric-host */
}

static void
an_answer_comes_with_the_eighth_packet(void)
{
	struct talk noise = {"noise", UDP, 50000, 50001, {{0}}, "", ""};
	struct protocol_opinion opinion;
	uint32_t state = protocol_detector_begin(detector, 7);

	for (size_t i = 0; i < PROTOCOL_PACKETS_MAX; i++) {
		noise.messages[i].from = '>';
		noise.messages[i].bytes = "\x8a\x12\x80\x99nothing of the kind";
		noise.messages[i].len = 23;
		struct protocol_packet p = packet_of(&noise, i, 0);
		CU_ASSERT_EQUAL(protocol_detector_feed(detector, state, &p, &opinion),
				i + 1 < PROTOCOL_PACKETS_MAX ? PROTOCOL_MORE : PROTOCOL_DECIDED);
	}
	CU_ASSERT_STRING_EQUAL(opinion.protocol, "");
	CU_ASSERT_EQUAL(protocol_detector_flow(detector, state), 7);
	protocol_detector_release(detector, state);
}

static void
states_run_out(void)
{
	for (uint32_t i = 0; i < PROTOCOL_STATES_MAX; i++)
		CU_ASSERT_NOT_EQUAL(protocol_detector_begin(detector, i), PROTOCOL_STATE_NONE);
	CU_ASSERT_EQUAL(protocol_detector_begin(detector, 0), PROTOCOL_STATE_NONE);
	for (uint32_t i = 0; i < PROTOCOL_STATES_MAX; i++) {
		uint32_t oldest = protocol_detector_oldest(detector);
		CU_ASSERT_EQUAL(protocol_detector_flow(detector, oldest), i);
		protocol_detector_release(detector, oldest);
	}
	CU_ASSERT_EQUAL(protocol_detector_oldest(detector), PROTOCOL_STATE_NONE);
}

static void *
create_and_show(void *context)
{
	struct protocol_opinion *opinions = context;

	for (unsigned round = 0; round < 3; round++) {
		struct protocol_detector *own = protocol_detector_create(PROTOCOL_DETECTOR_UNKNOWN);
		if (own == NULL)
			abort();
		for (size_t i = 0; i < COUNT(talks); i++)
			show_to(own, &talks[i], &opinions[i]);
		protocol_detector_destroy(own);
	}
	return NULL;
}

static void *
create_and_destroy(void *context)
{
	(void)context;
	for (unsigned round = 0; round < 5; round++)
		protocol_detector_destroy(protocol_detector_create(PROTOCOL_DETECTOR_ALL));
	return NULL;
}

/* One shows packets while others come and go. */
static void
threads_create_their_own(void)
{
	struct protocol_opinion here[COUNT(talks)], there[COUNT(talks)];
	pthread_t threads[3];

	for (size_t i = 0; i < COUNT(talks); i++)
		show(&talks[i], &here[i]);
	pthread_create(&threads[0], NULL, create_and_show, there);
	pthread_create(&threads[1], NULL, create_and_destroy, NULL);
	pthread_create(&threads[2], NULL, create_and_destroy, NULL);
	for (size_t i = 0; i < COUNT(threads); i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < COUNT(talks); i++)
		CU_ASSERT_EQUAL(memcmp(&here[i], &there[i], sizeof(here[i])), 0);
}

static const struct unit_case cases[] = {
	{"conversations_have_their_names", conversations_have_their_names},
	{"flows_do_not_matter_to_each_other", flows_do_not_matter_to_each_other},
	{"host_name_of_tls_and_http", host_name_of_tls_and_http},
	{"risks_are_told", risks_are_told},
	{"an_answer_comes_with_the_eighth_packet", an_answer_comes_with_the_eighth_packet},
	{"states_run_out", states_run_out},
	{"threads_create_their_own", threads_create_their_own},
};

int
main(void)
{
	detector = protocol_detector_create(PROTOCOL_DETECTOR_ALL);
	if (detector == NULL)
		abort();
	int status = unit_run("protocol_detector", cases, COUNT(cases));
	protocol_detector_destroy(detector);
	return status;
}
