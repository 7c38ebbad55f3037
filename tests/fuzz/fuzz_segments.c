/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TCP flow through a worker: what both ends say, and how it comes. The input is the client's
 * stream and the server's, each behind its length of two bytes, then segments: how, where in the
 * stream, how long. So bytes are sent again, in other pieces, changed, cut by the snap length, out
 * of order, and with numbers that jump, while both streams stay what the parsers want to see.
 */
#include "base/bytes.h"
#include "tests/fuzz/worker_check.h"

#define MAX_FLOWS 16
#define SEGMENTS_MAX 256
#define SEGMENT_MAX 1460
#define HEADERS 40

/* What a segment is besides its bytes. */
#define FROM_SERVER 0x01
#define SYN 0x02
#define END 0x04 /* FIN; together with SYN: RST */
#define CUT 0x08 /* the capture has half of it */
#define CHANGED 0x10
#define JUMPED 0x20
#define LATER 0x40
#define ZERO 0x80 /* a byte of zero where the last one of the piece was */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct segment {
	uint8_t how;
	uint16_t at, len;
};

struct talk {
	struct slice said[2]; /* by the client, by the server */
	uint16_t server_port;
	uint64_t now_ns;
};

static void
put_be16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void
put_be32(uint8_t *at, uint32_t value)
{
	put_be16(at, value >> 16);
	put_be16(at + 2, value & 0xffff);
}

/* Ports that stand for what is looked for there. */
static uint16_t
port_of(uint8_t choice)
{
	static const uint16_t ports[] = {443, 80, 53, 25, 5432, 3128, 853, 50001};

	return ports[choice % (sizeof(ports) / sizeof(*ports))];
}

/* IPv4 and TCP (RFC 791 3.1, RFC 9293 3.1); nobody looks at checksums. */
static void
write_headers(uint8_t *at, const struct talk *talk, const struct segment *s, size_t payload_len)
{
	static const uint8_t client[] = {192, 0, 2, 1}, server[] = {198, 51, 100, 7};
	bool from_server = (s->how & FROM_SERVER) != 0;
	uint8_t flags = TCP_ACK;

	if ((s->how & (SYN | END)) == (SYN | END))
		flags |= TCP_RST;
	else if ((s->how & SYN) != 0)
		flags = from_server ? TCP_SYN | TCP_ACK : TCP_SYN;
	else if ((s->how & END) != 0)
		flags |= TCP_FIN;
	memset(at, 0, HEADERS);
	at[0] = 0x45;
	put_be16(at + 2, HEADERS + payload_len);
	at[8] = 64;
	at[9] = TRANSPORT_TCP;
	memcpy(at + 12, from_server ? server : client, 4);
	memcpy(at + 16, from_server ? client : server, 4);
	put_be16(at + 20, from_server ? talk->server_port : 40000);
	put_be16(at + 22, from_server ? 40000 : talk->server_port);
	/* Streams begin at 1000; one begins close to where the numbers come round. */
	uint32_t first = from_server ? UINT32_MAX - 300 : 1000;
	uint32_t seq = first + s->at - ((s->how & SYN) != 0 ? 1 : 0);
	put_be32(at + 24, (s->how & JUMPED) != 0 ? seq + (1u << 30) : seq);
	put_be32(at + 28, from_server ? 1000 : UINT32_MAX - 300);
	at[32] = 0x50;
	at[33] = flags;
}

/* The segment in a block of its own size. */
static struct packet
make_packet(struct talk *talk, const struct segment *s)
{
	struct slice said = talk->said[s->how & FROM_SERVER];
	size_t at = s->at < said.len ? s->at : said.len;
	size_t len = s->len % (SEGMENT_MAX + 1);

	len = len < said.len - at ? len : said.len - at;
	size_t captured = HEADERS + ((s->how & CUT) != 0 ? len / 2 : len);
	uint8_t frame[HEADERS + SEGMENT_MAX];
	write_headers(frame, talk, s, len);
	if (len != 0) {
		memcpy(frame + HEADERS, said.data + at, len);
		if ((s->how & CHANGED) != 0)
			frame[HEADERS + len / 2] ^= 0x20;
		if ((s->how & ZERO) != 0)
			frame[HEADERS + len - 1] = 0;
	}
	uint8_t *copy = malloc(captured);
	require(copy != NULL);
	memcpy(copy, frame, captured);
	talk->now_ns += (s->how & LATER) != 0 ? UINT64_C(70000000000) : 1000000;
	return (struct packet){
		.data = copy,
		.time_ns = talk->now_ns,
		.captured_len = (uint32_t)captured,
		.wire_len = (uint32_t)(HEADERS + len),
		.link = LINK_TYPE_RAW_IP,
	};
}

static struct slice
take_stream(struct cursor *c)
{
	size_t len = cursor_be16(c);

	return cursor_take(c, len < cursor_left(c) ? len : cursor_left(c));
}

static bool
take_segment(struct cursor *c, struct segment *s)
{
	s->how = cursor_u8(c);
	s->at = cursor_be16(c);
	s->len = cursor_be16(c);
	return !c->failed;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct inside_map inside;
	const struct worker_config config = {
		.count = 1,
		.max_flows = MAX_FLOWS,
		.hash_seed = 0x0123456789abcdefu,
		.timeouts = FLOW_TIMEOUTS_DEFAULT,
		.inside = &inside,
	};
	struct cursor c = cursor_over(slice_of(data, size));
	struct talk talk = {.server_port = port_of(cursor_u8(&c)), .now_ns = 1};
	struct sums sums = {0};
	struct segment segment;
	uint64_t packets = 0, bytes = 0;

	talk.said[0] = take_stream(&c);
	talk.said[1] = take_stream(&c);
	if (c.failed)
		return 0;
	struct worker *worker = worker_create(&config);
	require(worker != NULL);
	while (packets < SEGMENTS_MAX && take_segment(&c, &segment)) {
		struct packet packet = make_packet(&talk, &segment);
		packets++;
		bytes += packet.wire_len;
		worker_process(worker, &packet, 1);
		free((void *)packet.data);
		take_messages(worker, &sums);
	}
	worker_drain(worker);
	take_messages(worker, &sums);
	require(worker_flow_count(worker) == 0);
	check_counters(worker_get_counters(worker), &sums, packets, bytes);
	worker_destroy(worker);
	return 0;
}
