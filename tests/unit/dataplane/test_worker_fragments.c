/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/worker.h"

#include "tests/unit/dataplane/first_messages.h"
#include "tests/unit/dataplane/worker_trace.h"
#include "tests/unit/unit.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NOTHING slice_of(NULL, 0)
#define ETHERNET 14u
#define CLIENT "192.0.2.1"
#define SERVER "198.51.100.2"

static struct builder b, piece;
static struct trace t;
static struct outcome o, other;
static struct wire bytes;
static const struct flow_record *r;
static size_t ip_at; /* the header whose packet is fragmented */
static uint32_t id;

static void
write_be16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* Begins a packet of the client's, from its link header on. */
static void
begin_packet(bool is_v6)
{
	build_begin(&b, LINK_TYPE_ETHERNET);
	build_ip(&b, is_v6 ? "2001:db8::1" : CLIENT, is_v6 ? "2001:db8::2" : SERVER);
	ip_at = ETHERNET;
	id++;
}

static void
append_tcp(uint32_t seq, uint8_t flags, struct slice payload)
{
	build_tcp(&b, &(struct build_tcp){50000, 443, .seq = seq, .flags = flags});
	build_bytes(&b, payload.data, payload.len);
}

static size_t
header_len(void)
{
	return b.bytes[ip_at] >> 4 == 4 ? 20 : 40;
}

/* Bytes behind the IP header that may be fragmented. */
static size_t
data_len(void)
{
	return b.len - ip_at - header_len();
}

/* Appends a fragment of what the builder has. Other headers around it than lengths stay. */
static struct packet *
send_piece(size_t from, size_t to)
{
	bool more = to < data_len();
	size_t header = header_len();

	(void)build_end(&b);
	piece = b;
	piece.length_count = 0;
	uint8_t *ip = piece.bytes + ip_at;
	size_t at = ip_at + header;
	if (header == 20) {
		write_be16(ip + 2, header + to - from);
		write_be16(ip + 4, id);
		write_be16(ip + 6, (more ? 0x2000u : 0) | from / 8);
	} else {
		write_be16(ip + 4, 8 + to - from);
		memset(piece.bytes + at, 0, 8);
		piece.bytes[at] = ip[6];
		write_be16(piece.bytes + at + 2, from | more);
		write_be16(piece.bytes + at + 6, id);
		ip[6] = 44;
		at += 8;
	}
	memcpy(piece.bytes + at, b.bytes + ip_at + header + from, to - from);
	piece.len = at + to - from;
	t.now_ns += 1000;
	return trace_packet(&t, &piece);
}

/* Appends it whole in fragments of `len` bytes, the last one first if it is to be. */
static void
send_pieces(size_t len, bool is_reversed)
{
	size_t count = (data_len() + len - 1) / len;

	for (size_t i = 0; i < count; i++) {
		size_t from = (is_reversed ? count - 1 - i : i) * len;
		size_t to = from + len;
		send_piece(from, to < data_len() ? to : data_len());
	}
}

/* Every packet counted once, and the same with 2 and 8 workers. */
static void
run(void)
{
	struct worker_config config = trace_config();
	uint64_t counted = 0, seen = 0;

	trace_run(&t, &config, &o);
	for (unsigned i = 0; i < DECODE_RESULT_COUNT; i++)
		counted += o.counters.decoded[i];
	CU_ASSERT_EQUAL(counted, t.count);
	CU_ASSERT_EQUAL(o.counters.packets_in, t.count);
	for (size_t i = 0; i < outcome_flow_count(&o); i++) {
		r = outcome_flow(&o, i);
		if (r->final)
			seen += r->from_source.packets + r->from_destination.packets;
	}
	CU_ASSERT_EQUAL(seen, o.counters.decoded[DECODE_TRACKED]);
	r = outcome_flow(&o, 0);
	for (config.count = 2; config.count <= 8; config.count += 6) {
		trace_run(&t, &config, &other);
		CU_ASSERT_EQUAL(memcmp(&o.counters, &other.counters, sizeof(o.counters)), 0);
		CU_ASSERT_EQUAL(outcome_flow_count(&other), outcome_flow_count(&o));
		for (size_t i = 0; i < outcome_flow_count(&o); i++) {
			const struct flow_record *q = outcome_flow(&other, i);
			CU_ASSERT(q != NULL && memcmp(outcome_flow(&o, i), q, sizeof(*q)) == 0);
		}
	}
}

static void
run_to_one_record(void)
{
	run();
	CU_ASSERT_EQUAL_FATAL(outcome_flow_count(&o), 1);
}

static struct slice
client_hello(const char *name)
{
	bytes.len = 0;
	message_client_stream(&bytes, name, 400);
	return wire_slice(&bytes);
}

static void
names_in_fragments_of_any_size_are_read(void)
{
	static const size_t sizes[] = {8, 16, 24, 64, 200};

	for (size_t i = 0; i < 4 * COUNT(sizes); i++) {
		bool is_v6 = i % 2 != 0, is_reversed = i / 2 % 2 != 0;
		trace_begin(&t);
		begin_packet(is_v6);
		append_tcp(1, TCP_ACK, client_hello("in.pieces.example.org"));
		send_pieces(sizes[i / 4], is_reversed);
		run_to_one_record();
		CU_ASSERT_STRING_EQUAL(r->name, "in.pieces.example.org");
		CU_ASSERT_EQUAL(r->from_source.packets, t.count);
		CU_ASSERT_EQUAL(r->from_source.bytes, data_len() + t.count * (is_v6 ? 48 : 20));
		CU_ASSERT_EQUAL(r->from_source.payload, bytes.len);
		CU_ASSERT_EQUAL(r->start_ns, TRACE_START + 1000);
		CU_ASSERT_EQUAL(r->end_ns, t.now_ns);
		CU_ASSERT_EQUAL(r->flags, FLOW_FLAG_MIDSTREAM);
	}
}

static void
initials_in_fragments_are_read(void)
{
	static struct wire hello, frames;

	trace_begin(&t);
	begin_packet(false);
	hello.len = frames.len = bytes.len = 0;
	message_client_hello(&hello, "quic.example.org", 0);
	message_crypto_frame(&frames, 0, wire_slice(&hello));
	message_quic_initial(&bytes, "\x01\x02\x03\x04\x05\x06\x07\x08", 0, wire_slice(&frames),
			     1200);
	build_udp(&b, 50000, 443);
	build_bytes(&b, bytes.bytes, bytes.len);
	send_pieces(400, true);
	run_to_one_record();
	CU_ASSERT_STRING_EQUAL(r->name, "quic.example.org");
	CU_ASSERT_EQUAL(r->from_source.payload, 1200);
	CU_ASSERT_EQUAL(r->from_source.packets, 4);
}

static void
begin_tunnel(bool is_v6)
{
	begin_packet(is_v6);
	build_udp(&b, 50000, 4789);
	build_vxlan(&b, 77);
	build_inner_ethernet(&b);
	build_ip(&b, CLIENT, SERVER);
}

static void
tunnels_are_opened_when_they_are_whole(void)
{
	for (unsigned is_v6 = 0; is_v6 < 2; is_v6++) {
		trace_begin(&t);
		begin_tunnel(is_v6);
		size_t inner = build_last_ip(&b);
		append_tcp(1, TCP_ACK, client_hello("tunnel.example.org"));
		send_pieces(16, false);
		run_to_one_record();
		CU_ASSERT_STRING_EQUAL(r->name, "tunnel.example.org");
		CU_ASSERT_EQUAL(r->vni, 77);
		CU_ASSERT_EQUAL(r->from_source.packets, t.count);
		/* The inner packet has one header. */
		CU_ASSERT_EQUAL(r->from_source.bytes, b.len - inner);
		CU_ASSERT_EQUAL(r->from_source.payload, bytes.len);
	}
}

/* An inner packet in fragments, each of which is fragmented outside. */
static void
fragments_in_fragments_are_put_together(void)
{
	static struct builder whole;
	size_t count = 0;

	trace_begin(&t);
	begin_packet(false);
	append_tcp(1, TCP_ACK, client_hello("twice.example.org"));
	(void)build_end(&b);
	whole = b;
	const uint8_t *data = whole.bytes + ETHERNET + 20;
	size_t len = whole.len - ETHERNET - 20;
	for (size_t from = 0; from < len; from += 104, count++) {
		size_t to = from + 104 < len ? from + 104 : len;
		begin_tunnel(true);
		size_t inner = build_last_ip(&b);
		build_protocol(&b, TRANSPORT_TCP);
		b.bytes[inner + 5] = 9;
		b.bytes[inner + 6] = to < len ? 0x20 : 0;
		b.bytes[inner + 7] = (uint8_t)(from / 8);
		build_bytes(&b, data + from, to - from);
		send_pieces(48, from % 16 == 0);
	}
	run_to_one_record();
	CU_ASSERT_STRING_EQUAL(r->name, "twice.example.org");
	CU_ASSERT_EQUAL(r->from_source.packets, t.count);
	CU_ASSERT_EQUAL(r->from_source.bytes, len + 20 * count);
}

static void
duplicates_count_in_the_flow_and_payload_once(void)
{
	trace_begin(&t);
	begin_packet(false);
	build_udp(&b, 50000, 443);
	build_fill(&b, 'x', 100);
	send_piece(0, 48);
	send_piece(0, 48);
	send_piece(48, 96);
	send_piece(48, 96);
	send_piece(96, 108);
	run_to_one_record();
	CU_ASSERT_EQUAL(r->from_source.packets, 5);
	CU_ASSERT_EQUAL(r->from_source.bytes, 5 * 20 + 108 + 96);
	CU_ASSERT_EQUAL(r->from_source.payload, 100);
}

static void
conflicts_are_flagged_and_the_first_bytes_stay(void)
{
	trace_begin(&t);
	begin_packet(false);
	append_tcp(1, TCP_ACK, client_hello("first.example.org"));
	send_piece(0, 160);
	send_piece(160, 320);
	struct packet *spoilt = send_piece(160, 320);
	memset((uint8_t *)spoilt->data + ETHERNET + 20, 'x', 160);
	send_piece(320, data_len());
	run_to_one_record();
	CU_ASSERT_STRING_EQUAL(r->name, "first.example.org");
	CU_ASSERT_EQUAL(r->flags, FLOW_FLAG_MIDSTREAM | FLOW_FLAG_OVERLAP_CONFLICT);
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_DATAGRAM_CONFLICT], 1);

	/* RFC 5722: no host takes it. It is counted where it belongs; what comes later, as refused.
	 */
	trace_begin(&t);
	begin_packet(true);
	append_tcp(1, TCP_ACK, client_hello("nobody.example.org"));
	send_piece(0, 240);
	send_piece(232, 320);
	send_piece(320, data_len());
	run_to_one_record();
	CU_ASSERT_STRING_EQUAL(r->name, "");
	CU_ASSERT_EQUAL(r->flags, FLOW_FLAG_MIDSTREAM | FLOW_FLAG_CUT_GAP);
	CU_ASSERT_EQUAL(r->from_source.packets, 2);
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_DATAGRAM_SPOILT], 1);
	CU_ASSERT_EQUAL(o.counters.decoded[DECODE_IPV6_FRAGMENT], 1);
}

/* What begins at 0 tells the flow; else there is only a reason. */
static void
datagrams_that_never_get_whole_are_counted_when_their_time_is_over(void)
{
	for (unsigned has_first = 0; has_first < 2; has_first++) {
		trace_begin(&t);
		begin_packet(false);
		build_udp(&b, 50000, 443);
		build_fill(&b, 'x', 200);
		if (has_first)
			send_piece(0, 56);
		send_piece(104, 152);
		uint64_t last_ns = t.now_ns;
		/* Too late. */
		t.now_ns += 32 * SECOND;
		send_piece(152, 208);
		run();
		CU_ASSERT_EQUAL_FATAL(outcome_flow_count(&o), has_first);
		CU_ASSERT_EQUAL(o.counters.notes[NOTE_DATAGRAM_INCOMPLETE], 2);
		CU_ASSERT_EQUAL(o.counters.decoded[DECODE_IPV4_FRAGMENT], 2 - has_first);
		if (!has_first)
			continue;
		CU_ASSERT_EQUAL(r->from_source.packets, 2);
		CU_ASSERT_EQUAL(r->from_source.bytes, 20 + 56 + 20 + 48);
		CU_ASSERT_EQUAL(r->from_source.payload, 48);
		CU_ASSERT_EQUAL(r->flags, FLOW_FLAG_CUT_GAP);
		CU_ASSERT_EQUAL(r->end_ns, last_ns);
	}
}

/* Pieces of inner packets that never become whole: nobody hides what leaves by sending only these.
 */
static void
fragments_in_tunnels_that_never_get_whole_count_around(void)
{
	enum { TUNNEL_LEN = 20 + 8 + 8 + ETHERNET, DATA = 1000, PACKETS = 50 };

	for (unsigned is_spoilt = 0; is_spoilt < 2; is_spoilt++) {
		trace_begin(&t);
		for (unsigned i = 0; i < PACKETS; i++) {
			begin_tunnel(false);
			size_t inner = build_last_ip(&b);
			build_protocol(&b, TRANSPORT_UDP);
			write_be16(b.bytes + inner + 4, is_spoilt ? 7 : i);
			/* Two ends of one datagram, and then more of it. */
			b.bytes[inner + 7] = (uint8_t)(is_spoilt ? i + 1 : 1);
			build_fill(&b, 'x', DATA);
			t.now_ns += 1000;
			trace_packet(&t, &b);
		}
		run_to_one_record();
		CU_ASSERT_EQUAL(o.counters.decoded[DECODE_TRACKED], PACKETS);
		CU_ASSERT_EQUAL(o.counters.notes[NOTE_DATAGRAM_INCOMPLETE],
				is_spoilt ? 0 : PACKETS);
		CU_ASSERT_EQUAL(o.counters.notes[NOTE_DATAGRAM_SPOILT], is_spoilt);
		CU_ASSERT_EQUAL(r->transport, TRANSPORT_UDP);
		CU_ASSERT_EQUAL(r->source_port, 0);
		CU_ASSERT_EQUAL(r->vni, FLOW_NO_VNI);
		CU_ASSERT_EQUAL(r->flags, 0);
		CU_ASSERT_EQUAL(r->from_source.packets, PACKETS);
		CU_ASSERT_EQUAL(r->from_source.bytes, PACKETS * (TUNNEL_LEN + 20 + DATA));
		CU_ASSERT_EQUAL(r->from_source.payload, PACKETS * (TUNNEL_LEN - 28 + 20 + DATA));
		CU_ASSERT_EQUAL(r->start_ns, TRACE_START + 1000);
		CU_ASSERT_EQUAL(r->end_ns, t.now_ns);
	}
}

/* The tunnel's packets are fragmented too; and a tunnel around that one gives the path. */
static void
fragments_in_fragments_that_never_get_whole_count_around(void)
{
	static const char *const outer[] = {"10.0.0.1", "10.0.0.2"};

	trace_begin(&t);
	for (unsigned i = 0; i < 10; i++) {
		build_begin(&b, LINK_TYPE_ETHERNET);
		build_ip(&b, outer[0], outer[1]);
		build_protocol(&b, 4);
		build_ip(&b, "10.0.0.1", "93.184.216.34");
		build_protocol(&b, 4);
		build_ip(&b, "10.8.8.8", "10.7.7.7");
		size_t inner = build_last_ip(&b);
		build_protocol(&b, TRANSPORT_UDP);
		b.bytes[inner + 5] = (uint8_t)i;
		b.bytes[inner + 7] = 1;
		build_fill(&b, 'x', 300);
		ip_at = ETHERNET;
		id++;
		send_pieces(160, false);
	}
	run_to_one_record();
	CU_ASSERT_EQUAL(r->transport, 4);
	CU_ASSERT_EQUAL(r->from_source.packets, 30);
	CU_ASSERT_EQUAL(r->from_source.payload, 10 * 320);
	CU_ASSERT_EQUAL(r->flags, FLOW_FLAG_TUNNELLED);
	CU_ASSERT_EQUAL(r->detail.tunnel, FLOW_TUNNEL_4IN4);
	CU_ASSERT(r->source_inside && !r->destination_inside);
}

/* Only first fragments are in a capture that was filtered by port. */
static void
a_name_before_the_gap_is_read_once_nothing_else_can_come(void)
{
	trace_begin(&t);
	begin_packet(false);
	append_tcp(1, TCP_ACK, client_hello("first.example.org"));
	build_fill(&b, 'x', 1000);
	send_piece(0, (20 + bytes.len + 7) / 8 * 8);
	run_to_one_record();
	CU_ASSERT_STRING_EQUAL(r->name, "first.example.org");

	/* What no host takes, and then what it does. */
	begin_packet(false);
	append_tcp(1, TCP_ACK, client_hello("truth.example.org"));
	trace_packet(&t, &b);
	t.now_ns += 40 * SECOND;
	begin_packet(false);
	append_tcp(2, TCP_ACK, NOTHING);
	trace_packet(&t, &b);
	run_to_one_record();
	CU_ASSERT_STRING_EQUAL(r->name, "truth.example.org");
}

static void
a_flood_of_fragments_evicts_the_oldest(void)
{
	enum { FLOOD = 3000 };

	trace_begin(&t);
	for (unsigned i = 0; i < FLOOD; i++) {
		begin_packet(false);
		append_tcp(1 + i, TCP_ACK, client_hello("flood.example.org"));
		send_piece(i % 2 == 0 ? 0 : 240, 320);
	}
	run_to_one_record();
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_DATAGRAM_EVICTED], FLOOD - 1024);
	CU_ASSERT_EQUAL(o.counters.notes[NOTE_DATAGRAM_INCOMPLETE], 1024);
	CU_ASSERT_EQUAL(o.counters.decoded[DECODE_IPV4_FRAGMENT], FLOOD / 2);
	CU_ASSERT_EQUAL(r->from_source.packets, FLOOD / 2);
}

static const struct unit_case cases[] = {
	{"names_in_fragments_of_any_size_are_read", names_in_fragments_of_any_size_are_read},
	{"initials_in_fragments_are_read", initials_in_fragments_are_read},
	{"tunnels_are_opened_when_they_are_whole", tunnels_are_opened_when_they_are_whole},
	{"fragments_in_fragments_are_put_together", fragments_in_fragments_are_put_together},
	{"duplicates_count_in_the_flow_and_payload_once",
	 duplicates_count_in_the_flow_and_payload_once},
	{"conflicts_are_flagged_and_the_first_bytes_stay",
	 conflicts_are_flagged_and_the_first_bytes_stay},
	{"datagrams_that_never_get_whole_are_counted_when_their_time_is_over",
	 datagrams_that_never_get_whole_are_counted_when_their_time_is_over},
	{"fragments_in_tunnels_that_never_get_whole_count_around",
	 fragments_in_tunnels_that_never_get_whole_count_around},
	{"fragments_in_fragments_that_never_get_whole_count_around",
	 fragments_in_fragments_that_never_get_whole_count_around},
	{"a_name_before_the_gap_is_read_once_nothing_else_can_come",
	 a_name_before_the_gap_is_read_once_nothing_else_can_come},
	{"a_flood_of_fragments_evicts_the_oldest", a_flood_of_fragments_evicts_the_oldest},
};

int
main(void)
{
	int failed = unit_run("worker_fragments", cases, COUNT(cases));

	trace_end(&t);
	outcome_clear(&o);
	outcome_clear(&other);
	return failed;
}
