/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/inspect.h"

#include "base/flow_record.h"
#include "tests/unit/dataplane/first_messages.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define CLIENT 0u
#define SERVER 1u
#define NAME "files.example.org"

static struct flow_table *flows;
static struct worker_counters counters;
static struct inspector ins;
static struct flow *flow;
static uint32_t flow_index;
static struct wire bytes;

static uint32_t
add_flow(uint16_t number)
{
	struct flow_key key = {.version = 4, .transport = TRANSPORT_TCP, .low_port = number};
	uint32_t index = flow_table_add(flows, &key, number);

	flow_index = index;
	flow = flow_table_get(flows, index);
	flow->inspect = FLOW_NONE;
	flow->name = FLOW_NONE;
	flow->owes = FLOW_OWES_LOW | FLOW_OWES_HIGH;
	return index;
}

/* A fresh TCP flow of which nothing is known. */
static void
begin(void)
{
	inspector_fini(&ins);
	flow_table_destroy(flows);
	flows = flow_table_create(20000);
	memset(&counters, 0, sizeof(counters));
	if (flows == NULL || inspector_init(&ins, flows, &counters) != 0)
		abort();
	(void)add_flow(1);
	bytes.len = 0;
}

/* The same, and the worker saw the client's SYN. */
static void
begin_with_syn(void)
{
	begin();
	flow->initiator = CLIENT;
	flow->initiator_rank = INITIATOR_SYN;
}

/* Shows a segment as the worker does: only while the direction owes something. */
static void
tcp(unsigned direction, uint32_t seq, uint8_t flags, struct slice payload)
{
	uint8_t *copy = wire_exact_copy(payload);
	struct decoded d = {
		.tcp_seq = seq,
		.tcp_flags = flags,
		.payload = copy,
		.payload_len = (uint32_t)payload.len,
		.wire_payload_len = (uint32_t)payload.len,
	};

	flow = flow_table_get(flows, flow_index);
	if ((flow->owes & (FLOW_OWES_LOW << direction)) != 0)
		inspect_tcp(&ins, flow_index, &d, direction);
	free(copy);
}

static void
tcp_text(unsigned direction, uint32_t seq, const char *text)
{
	tcp(direction, seq, TCP_ACK | TCP_PSH, slice_of(text, strlen(text)));
}

static bool
name_is(const char *name)
{
	size_t len;

	if (flow->name == FLOW_NONE)
		return name == NULL;
	return name != NULL && strcmp(name_pool_get(ins.names, flow->name, &len), name) == 0 &&
	       len == strlen(name);
}

static unsigned
notes(void)
{
	unsigned sum = 0;
	for (unsigned i = 0; i < WORKER_NOTE_COUNT; i++)
		sum += (unsigned)counters.notes[i];
	return sum;
}

/* The client's side is done: named, nothing kept, nothing counted as a loss. */
static void
expect_tls_name(const char *name)
{
	CU_ASSERT(name_is(name));
	CU_ASSERT_EQUAL(flow->protocol, APP_PROTOCOL_TLS);
	CU_ASSERT_EQUAL(flow->name_source, NAME_SOURCE_TLS_SNI);
	CU_ASSERT_EQUAL(flow->initiator, CLIENT);
	CU_ASSERT_EQUAL(flow->owes & FLOW_OWES_LOW, 0);
	CU_ASSERT_EQUAL(flow->inspect, FLOW_NONE);
	CU_ASSERT_EQUAL(flow->flags, 0);
	CU_ASSERT_EQUAL(notes(), 0);
}

static void
client_hello_in_one_segment_names_the_flow(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	tcp(CLIENT, 100, TCP_ACK, wire_slice(&bytes));
	expect_tls_name(NAME);

	bytes.len = 0;
	message_server_stream(&bytes, 0x0304);
	tcp(SERVER, 500, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT_EQUAL(flow->tls_version, 0x0304);
	CU_ASSERT_EQUAL(flow->owes, 0);
}

/* In two parts, cut at every byte, in both orders; the numbers pass zero on the way. */
static void
client_hello_cut_anywhere_and_in_either_order_names_the_flow(void)
{
	static const uint32_t isn[] = {0, UINT32_MAX - 50, 0x7fffffe0};

	for (unsigned late = 0; late < 2; late++) {
		for (size_t cut = 1;; cut++) {
			uint32_t start = isn[cut % COUNT(isn)];
			begin_with_syn();
			message_client_stream(&bytes, NAME, 0);
			if (cut == bytes.len)
				break;
			struct slice part[2] = {slice_of(bytes.bytes, cut),
						slice_of(bytes.bytes + cut, bytes.len - cut)};
			tcp(CLIENT, start - 1, TCP_SYN, slice_of(NULL, 0));
			tcp(CLIENT, start + (late ? (uint32_t)cut : 0), TCP_ACK, part[late]);
			CU_ASSERT_EQUAL(flow->name, FLOW_NONE);
			tcp(CLIENT, start + (late ? 0 : (uint32_t)cut), TCP_ACK, part[!late]);
			expect_tls_name(NAME);
		}
	}
}

static void
client_hello_byte_by_byte_forwards_and_backwards(void)
{
	for (unsigned backwards = 0; backwards < 2; backwards++) {
		begin_with_syn();
		message_client_stream(&bytes, NAME, 200);
		tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
		for (size_t i = 0; i < bytes.len; i++) {
			size_t at = backwards ? bytes.len - 1 - i : i;
			tcp(CLIENT, 100 + (uint32_t)at, TCP_ACK | TCP_PSH,
			    slice_of(bytes.bytes + at, 1));
		}
		expect_tls_name(NAME);
	}
}

static void
large_client_hello_over_segments_and_records(void)
{
	static struct wire hello;
	/* Post-quantum key shares make 1.7 kB; the others need the large buffer. */
	static const size_t paddings[] = {1600, 4200, 20000, 60000};
	static const size_t segments[] = {1460, 9000, 65535};

	for (size_t p = 0; p < COUNT(paddings); p++) {
		for (size_t s = 0; s < COUNT(segments); s++) {
			for (unsigned backwards = 0; backwards < 2; backwards++) {
				begin_with_syn();
				hello.len = 0;
				message_client_hello(&hello, NAME, paddings[p]);
				message_tls_records(&bytes, wire_slice(&hello),
						    p == 0 ? 700 : 16384);
				tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
				size_t count = (bytes.len + segments[s] - 1) / segments[s];
				/* More pieces apart than are remembered is another test's matter.
				 */
				for (size_t i = 0; i < count; i++) {
					size_t at = (backwards ? count - 1 - i : i) * segments[s];
					size_t len = bytes.len - at < segments[s] ? bytes.len - at
										  : segments[s];
					tcp(CLIENT, 100 + (uint32_t)at, TCP_ACK,
					    slice_of(bytes.bytes + at, len));
				}
				expect_tls_name(NAME);
			}
		}
	}
}

static void
where_segments_disagree_the_first_one_counts(void)
{
	static struct wire other;

	begin_with_syn();
	message_client_stream(&bytes, "first.example.org", 0);
	other.len = 0;
	message_client_stream(&other, "other.example.net", 0);
	CU_ASSERT_EQUAL_FATAL(bytes.len, other.len);
	size_t half = bytes.len / 2;
	tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	tcp(CLIENT, 100 + (uint32_t)half, TCP_ACK, slice_of(bytes.bytes + half, bytes.len - half));
	tcp(CLIENT, 100 + (uint32_t)half, TCP_ACK, slice_of(other.bytes + half, other.len - half));
	/* The whole of the other one: of it, only what was not there before. */
	tcp(CLIENT, 100, TCP_ACK, wire_slice(&other));
	expect_tls_name("first.example.org");
}

static void
client_hello_without_its_syn_names_the_flow(void)
{
	for (unsigned parts = 1; parts <= 2; parts++) {
		begin();
		flow->initiator = SERVER; /* guessed wrong */
		message_client_stream(&bytes, NAME, 0);
		size_t cut = parts == 1 ? bytes.len : 30;
		tcp(CLIENT, 100, TCP_ACK, slice_of(bytes.bytes, cut));
		if (parts == 2)
			tcp(CLIENT, 130, TCP_ACK, slice_of(bytes.bytes + cut, bytes.len - cut));
		expect_tls_name(NAME);
		CU_ASSERT_EQUAL(flow->initiator_rank, INITIATOR_NAMED);
	}
}

static void
client_hello_in_a_syn_names_the_flow(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	tcp(CLIENT, 99, TCP_SYN, wire_slice(&bytes)); /* RFC 7413 */
	expect_tls_name(NAME);
}

static void
a_second_syn_with_another_number_counts_as_long_as_nothing_came(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	tcp(CLIENT, 7000, TCP_SYN, slice_of(NULL, 0));
	tcp(CLIENT, 7001, TCP_ACK, wire_slice(&bytes));
	expect_tls_name(NAME);
}

static void
what_repeats_earlier_bytes_does_no_harm(void)
{
	static const uint8_t garbage = 'x';

	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	tcp(CLIENT, 99, TCP_ACK, slice_of(&garbage, 1)); /* keep-alive */
	tcp(CLIENT, 100 + 0x80000000u, TCP_ACK, slice_of(&garbage, 1));
	tcp(CLIENT, 100, TCP_ACK, slice_of(bytes.bytes, 10));
	tcp(CLIENT, 100, TCP_ACK, wire_slice(&bytes));
	expect_tls_name(NAME);
}

static void
padding_that_counts_as_payload_is_no_beginning(void)
{
	static const uint8_t zeros[6];

	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	tcp(CLIENT, 100, TCP_ACK, slice_of(zeros, sizeof(zeros)));
	tcp(CLIENT, 100, TCP_ACK | TCP_PSH, wire_slice(&bytes));
	expect_tls_name(NAME);
}

static void
client_hellos_without_a_usable_name_are_flagged(void)
{
	static const struct {
		const char *name;
		uint16_t flags;
		unsigned refused;
	} rows[] = {
		{NULL, FLOW_FLAG_NO_SNI, 0},
		{"no name", FLOW_FLAG_NAME_REFUSED, 1},
		{"a..b", FLOW_FLAG_NAME_REFUSED, 1},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		begin_with_syn();
		message_client_stream(&bytes, rows[i].name, 0);
		tcp(CLIENT, 100, TCP_ACK, wire_slice(&bytes));
		CU_ASSERT(name_is(NULL));
		CU_ASSERT_EQUAL(flow->protocol, APP_PROTOCOL_TLS);
		CU_ASSERT_EQUAL(flow->name_source, NAME_SOURCE_NONE);
		CU_ASSERT_EQUAL(flow->flags, rows[i].flags);
		CU_ASSERT_EQUAL(counters.notes[NOTE_NAME_REFUSED], rows[i].refused);
	}
}

static void
a_malformed_client_hello_is_counted_and_ends_it(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	bytes.bytes[5 + 4 + 2 + 32] = 200; /* session id beyond 32 */
	tcp(CLIENT, 100, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT(name_is(NULL));
	CU_ASSERT_EQUAL(counters.notes[NOTE_CLIENT_HELLO_MALFORMED], 1);
	CU_ASSERT_EQUAL(flow->owes, FLOW_OWES_HIGH);
	CU_ASSERT_EQUAL(flow->inspect, FLOW_NONE);
}

static void
http_requests_name_the_flow(void)
{
	static const struct {
		const char *request, *name;
		enum name_source source;
	} rows[] = {
		{"GET / HTTP/1.1\r\nHost: Files.Example.org:8080\r\n\r\n", NAME,
		 NAME_SOURCE_HTTP_HOST},
		{"CONNECT files.example.org:443 HTTP/1.1\r\n\r\n", NAME, NAME_SOURCE_HTTP_CONNECT},
		{"PUT http://files.example.org/x HTTP/1.1\r\nHost: other\r\n\r\n", NAME,
		 NAME_SOURCE_HTTP_HOST},
		{"GET / HTTP/1.0\r\n\r\n", NULL, NAME_SOURCE_NONE},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t cut = 1; cut <= strlen(rows[i].request); cut++) {
			begin();
			tcp(CLIENT, 100, TCP_ACK, slice_of(rows[i].request, cut));
			tcp_text(CLIENT, 100 + (uint32_t)cut, rows[i].request + cut);
			CU_ASSERT(name_is(rows[i].name));
			CU_ASSERT_EQUAL(flow->name_source, rows[i].source);
			CU_ASSERT_EQUAL(flow->protocol, APP_PROTOCOL_HTTP);
			CU_ASSERT_EQUAL(flow->initiator, CLIENT);
			CU_ASSERT_EQUAL(flow->inspect, FLOW_NONE);
			CU_ASSERT_EQUAL(notes(), 0);
		}
	}
}

/* Past the eager attempts a long head is looked at now and then, and a last time at the end. */
static void
a_long_head_byte_by_byte_is_read_at_the_end_at_the_latest(void)
{
	begin_with_syn();
	wire_text(&bytes, "GET /");
	wire_fill(&bytes, 'a', 2000);
	wire_text(&bytes, " HTTP/1.1\r\nHost: " NAME "\r\n\r\n");
	tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	for (size_t i = 0; i < bytes.len; i++)
		tcp(CLIENT, 100 + (uint32_t)i, TCP_ACK | TCP_PSH, slice_of(bytes.bytes + i, 1));
	inspect_end(&ins, flow_index);
	CU_ASSERT(name_is(NAME));
	CU_ASSERT_EQUAL(flow->flags, 0);
	CU_ASSERT_EQUAL(notes(), 0);
}

static void
server_messages_tell_protocol_and_version(void)
{
	static const struct {
		const char *text;
		enum app_protocol protocol;
	} rows[] = {
		{"HTTP/1.1 200 OK\r\n", APP_PROTOCOL_HTTP},
		{"SSH-2.0-OpenSSH_9.2\r\n", APP_PROTOCOL_SSH},
		{"220 mail.example.org ESMTP\r\n", APP_PROTOCOL_UNKNOWN},
	};

	for (unsigned syn = 0; syn < 2; syn++) {
		for (size_t i = 0; i < COUNT(rows); i++) {
			if (syn)
				begin_with_syn();
			else
				begin();
			tcp_text(SERVER, 500, rows[i].text);
			CU_ASSERT_EQUAL(flow->protocol, rows[i].protocol);
			CU_ASSERT_EQUAL(flow->owes, FLOW_OWES_LOW);
			CU_ASSERT_EQUAL(flow->inspect, FLOW_NONE);
			CU_ASSERT_EQUAL(notes(), 0);
		}
	}
	begin();
	tcp_text(CLIENT, 100, "SSH-2.0-OpenSSH_9.2\r\n");
	CU_ASSERT_EQUAL(flow->protocol, APP_PROTOCOL_SSH);
}

/* A server's bytes that come out of order before the client speaks must not stand in the client's
 * way. */
static void
pieces_of_the_server_do_not_block_the_client(void)
{
	for (unsigned syn = 0; syn < 2; syn++) {
		for (size_t cut = 20; cut < 200; cut += 100) {
			if (syn)
				begin_with_syn();
			else
				begin();
			message_client_stream(&bytes, NAME, 100);
			tcp_text(SERVER, 500, "");
			if (syn)
				tcp(SERVER, 499, TCP_SYN | TCP_ACK, slice_of(NULL, 0));
			else
				flow_table_get(flows, flow_index)->state |= FLOW_BASE_HIGH;
			flow->base_seq[SERVER] = 500;
			tcp_text(SERVER, 510, "a piece from the middle");
			tcp(CLIENT, 100, TCP_ACK, slice_of(bytes.bytes, cut));
			tcp(CLIENT, 100 + (uint32_t)cut, TCP_ACK,
			    slice_of(bytes.bytes + cut, bytes.len - cut));
			expect_tls_name(NAME);
		}
	}
}

/* And the server's answer is read although the client's message is not complete. */
static void
a_client_waited_for_does_not_block_the_server(void)
{
	begin();
	message_client_stream(&bytes, NAME, 0);
	tcp(CLIENT, 100, TCP_ACK, slice_of(bytes.bytes, 40));
	bytes.len = 0;
	message_server_stream(&bytes, 0x0303);
	tcp(SERVER, 500, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT_EQUAL(flow->tls_version, 0x0303);
	CU_ASSERT_NOT_EQUAL(flow->inspect, FLOW_NONE);
}

static void
a_message_that_never_ends_is_flagged_and_counted(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	tcp(CLIENT, 100, TCP_ACK, slice_of(bytes.bytes, bytes.len - 1));
	inspect_end(&ins, flow_index);
	CU_ASSERT(name_is(NULL));
	CU_ASSERT_EQUAL(flow->flags, FLOW_FLAG_NAME_INCOMPLETE);
	CU_ASSERT_EQUAL(counters.notes[NOTE_NAME_INCOMPLETE], 1);
	CU_ASSERT_EQUAL(flow->inspect, FLOW_NONE);
	inspect_end(&ins, flow_index);
	CU_ASSERT_EQUAL(counters.notes[NOTE_NAME_INCOMPLETE], 1);
}

static void
a_hole_that_nothing_fills_is_given_up_after_64_kib(void)
{
	static uint8_t block[1000];

	begin_with_syn();
	tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	for (uint32_t i = 1; i < 65; i++)
		tcp(CLIENT, 100 + 1000 * i, TCP_ACK, slice_of(block, sizeof(block)));
	CU_ASSERT_EQUAL(flow->owes, FLOW_OWES_LOW | FLOW_OWES_HIGH);
	tcp(CLIENT, 100 + 65000, TCP_ACK, slice_of(block, sizeof(block)));
	CU_ASSERT_EQUAL(flow->owes, FLOW_OWES_HIGH);
	CU_ASSERT_EQUAL(flow->inspect, FLOW_NONE);
	CU_ASSERT_EQUAL(flow->flags, FLOW_FLAG_NAME_INCOMPLETE);
	CU_ASSERT(counters.notes[NOTE_FIRST_BYTES_TOO_LONG] > 0);
}

static void
a_server_whose_beginning_is_lost_is_let_go(void)
{
	static uint8_t block[1000];

	begin_with_syn();
	tcp(SERVER, 499, TCP_SYN | TCP_ACK, slice_of(NULL, 0));
	for (uint32_t i = 1; i <= 66; i++)
		tcp(SERVER, 500 + 1000 * i, TCP_ACK, slice_of(block, sizeof(block)));
	CU_ASSERT_EQUAL(flow->owes, FLOW_OWES_LOW);
	CU_ASSERT_EQUAL(flow->flags, 0);
	CU_ASSERT_EQUAL(notes(), 0);
}

static void
pieces_too_scattered_are_counted(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	tcp(CLIENT, 99, TCP_SYN, slice_of(NULL, 0));
	for (uint32_t i = 1; i <= FIRST_BYTES_RUNS + 1; i++)
		tcp(CLIENT, 100 + 2 * i, TCP_ACK | TCP_PSH, slice_of(bytes.bytes + 2 * i, 1));
	CU_ASSERT_EQUAL(counters.notes[NOTE_FIRST_BYTES_SCATTERED], 1);
	/* Sent again in order, it is read all the same. */
	tcp(CLIENT, 100, TCP_ACK, wire_slice(&bytes));
	CU_ASSERT(name_is(NAME));
}

static void
bytes_cut_by_the_snap_length_are_counted(void)
{
	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	struct decoded d = {.tcp_seq = 100,
			    .payload = bytes.bytes,
			    .payload_len = 40,
			    .wire_payload_len = (uint32_t)bytes.len};
	inspect_tcp(&ins, flow_index, &d, CLIENT);
	CU_ASSERT_EQUAL(counters.notes[NOTE_PAYLOAD_CUT], 1);
	inspect_end(&ins, flow_index);
	CU_ASSERT_EQUAL(flow->flags, FLOW_FLAG_NAME_INCOMPLETE);
}

/* Half-open handshakes by the thousand: the oldest gives way, is flagged, and asks for nothing
 * more. */
static void
the_oldest_inspection_gives_way_when_all_are_in_use(void)
{
	enum { MANY = 16384 };

	begin_with_syn();
	message_client_stream(&bytes, NAME, 0);
	uint32_t first = flow_index;
	for (uint16_t i = 0; i <= MANY; i++) {
		if (i != 0)
			(void)add_flow((uint16_t)(i + 1));
		tcp(CLIENT, 100, TCP_ACK, slice_of(bytes.bytes, 40));
	}
	CU_ASSERT_EQUAL(counters.notes[NOTE_INSPECTION_EVICTED], 1);
	CU_ASSERT_EQUAL(flow_table_get(flows, first)->inspect, FLOW_NONE);
	CU_ASSERT_EQUAL(flow_table_get(flows, first)->owes, 0);
	CU_ASSERT_EQUAL(flow_table_get(flows, first)->flags, FLOW_FLAG_NAME_INCOMPLETE);
	tcp(CLIENT, 140, TCP_ACK, slice_of(bytes.bytes + 40, bytes.len - 40));
	CU_ASSERT(name_is(NAME));
}

static const struct unit_case cases[] = {
	{"client_hello_in_one_segment_names_the_flow", client_hello_in_one_segment_names_the_flow},
	{"client_hello_cut_anywhere_and_in_either_order_names_the_flow",
	 client_hello_cut_anywhere_and_in_either_order_names_the_flow},
	{"client_hello_byte_by_byte_forwards_and_backwards",
	 client_hello_byte_by_byte_forwards_and_backwards},
	{"large_client_hello_over_segments_and_records",
	 large_client_hello_over_segments_and_records},
	{"where_segments_disagree_the_first_one_counts",
	 where_segments_disagree_the_first_one_counts},
	{"client_hello_without_its_syn_names_the_flow",
	 client_hello_without_its_syn_names_the_flow},
	{"client_hello_in_a_syn_names_the_flow", client_hello_in_a_syn_names_the_flow},
	{"a_second_syn_with_another_number_counts_as_long_as_nothing_came",
	 a_second_syn_with_another_number_counts_as_long_as_nothing_came},
	{"what_repeats_earlier_bytes_does_no_harm", what_repeats_earlier_bytes_does_no_harm},
	{"padding_that_counts_as_payload_is_no_beginning",
	 padding_that_counts_as_payload_is_no_beginning},
	{"client_hellos_without_a_usable_name_are_flagged",
	 client_hellos_without_a_usable_name_are_flagged},
	{"a_malformed_client_hello_is_counted_and_ends_it",
	 a_malformed_client_hello_is_counted_and_ends_it},
	{"http_requests_name_the_flow", http_requests_name_the_flow},
	{"a_long_head_byte_by_byte_is_read_at_the_end_at_the_latest",
	 a_long_head_byte_by_byte_is_read_at_the_end_at_the_latest},
	{"server_messages_tell_protocol_and_version", server_messages_tell_protocol_and_version},
	{"pieces_of_the_server_do_not_block_the_client",
	 pieces_of_the_server_do_not_block_the_client},
	{"a_client_waited_for_does_not_block_the_server",
	 a_client_waited_for_does_not_block_the_server},
	{"a_message_that_never_ends_is_flagged_and_counted",
	 a_message_that_never_ends_is_flagged_and_counted},
	{"a_hole_that_nothing_fills_is_given_up_after_64_kib",
	 a_hole_that_nothing_fills_is_given_up_after_64_kib},
	{"a_server_whose_beginning_is_lost_is_let_go", a_server_whose_beginning_is_lost_is_let_go},
	{"pieces_too_scattered_are_counted", pieces_too_scattered_are_counted},
	{"bytes_cut_by_the_snap_length_are_counted", bytes_cut_by_the_snap_length_are_counted},
	{"the_oldest_inspection_gives_way_when_all_are_in_use",
	 the_oldest_inspection_gives_way_when_all_are_in_use},
};

int
main(void)
{
	int status = unit_run("inspect", cases, COUNT(cases));
	inspector_fini(&ins);
	flow_table_destroy(flows);
	return status;
}
