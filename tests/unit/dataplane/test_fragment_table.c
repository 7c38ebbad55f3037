/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/fragment_table.h"

#include "base/flow_record.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define PIECES_MAX 8
#define LONGEST 65535

/* A fragment of a datagram whose byte at n is n * 7, turned by `other`. */
struct piece {
	uint32_t offset, len;
	bool more;
	uint8_t other;    /* 0: the datagram's own bytes */
	uint32_t missing; /* bytes that the capture cut */
	enum fragment_result result;
};

static struct fragment_table *table;
static struct datagram *datagram;
static uint8_t bytes[LONGEST + 8];
static uint64_t now;

static void
begin(uint32_t count)
{
	fragment_table_destroy(table);
	table = fragment_table_create(count, 0x0123456789abcdefu);
	CU_ASSERT_PTR_NOT_NULL_FATAL(table);
	now = 0;
}

static struct decoded
describe(uint8_t version, uint32_t id, const struct piece *piece)
{
	struct decoded d;

	for (uint32_t i = 0; i < piece->len; i++)
		bytes[i] = (uint8_t)((piece->offset + i) * 7) ^ piece->other;
	memset(&d, 0xee, sizeof(d));
	memset(&d.key, 0, sizeof(d.key));
	d.key.version = version;
	d.key.transport = TRANSPORT_UDP;
	d.key.low_address[0] = 10;
	d.key.high_address[0] = 20;
	d.key.vni = FLOW_NO_VNI;
	d.vlan = d.inner_vlan = FLOW_NO_VLAN;
	d.depth = 0;
	d.outer_count = 0;
	d.wire_ip_len = (version == 4 ? 20 : 48) + piece->len;
	d.fragment_id = id;
	d.fragment_offset = piece->offset;
	d.fragment_more = piece->more;
	d.payload = bytes;
	d.wire_payload_len = piece->len;
	d.payload_len = piece->len - piece->missing;
	return d;
}

static enum fragment_result
add_described(const struct decoded *d)
{
	const struct fragment_carrier carrier = {
		.packets = 1, .bytes = 100, .first_ns = 50 - now, .last_ns = 50 - now};

	return fragment_table_add(table, d, &carrier, now++, &datagram);
}

static enum fragment_result
add(uint8_t version, uint32_t id, const struct piece *piece)
{
	/* A block of its own size: a byte read too far is seen. */
	struct decoded d = describe(version, id, piece);
	uint8_t *exact = malloc(d.payload_len != 0 ? d.payload_len : 1);
	if (exact == NULL)
		abort();
	memcpy(exact, bytes, d.payload_len);
	d.payload = exact;
	enum fragment_result result = add_described(&d);
	free(exact);
	return result;
}

static void
expect_packet(uint8_t version, uint32_t len, uint32_t captured)
{
	uint32_t header = version == 4 ? 20 : 40;
	struct packet p;

	CU_ASSERT_FATAL(fragment_table_packet(table, datagram, &p));
	CU_ASSERT_EQUAL(p.link, LINK_TYPE_RAW_IP);
	CU_ASSERT_EQUAL(p.wire_len, header + len);
	CU_ASSERT_EQUAL_FATAL(p.captured_len, header + captured);
	const uint8_t *length = p.data + (version == 4 ? 2 : 4);
	CU_ASSERT_EQUAL(length[0] << 8 | length[1], (int)(version == 4 ? header + len : len));
	CU_ASSERT_EQUAL(p.data[version == 4 ? 9 : 6], TRANSPORT_UDP);
	CU_ASSERT_EQUAL(p.data[version == 4 ? 12 : 8], 10);
	CU_ASSERT_EQUAL(p.data[version == 4 ? 16 : 24], 20);
	bool is_same = true;
	for (uint32_t i = 0; i < captured; i++)
		is_same &= p.data[header + i] == (uint8_t)(i * 7);
	CU_ASSERT(is_same);
}

struct row {
	struct piece pieces[PIECES_MAX];
	uint32_t len;      /* of the datagram, or of what stands before its first gap */
	uint32_t captured; /* of it; 0: all */
	bool has_conflict;
};

#define WAITS FRAGMENT_WAITS
#define COMPLETES FRAGMENT_COMPLETES
#define SPOILS FRAGMENT_SPOILS
#define REFUSED FRAGMENT_REFUSED

static void
expect_rows(uint8_t version, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct row *row = &rows[i];
		uint32_t fragments = 0;

		begin(4);
		for (size_t k = 0; k < PIECES_MAX && row->pieces[k].len != 0; k++) {
			CU_ASSERT_EQUAL(add(version, 1, &row->pieces[k]), row->pieces[k].result);
			fragments += row->pieces[k].result != FRAGMENT_REFUSED;
		}
		CU_ASSERT_EQUAL(datagram->carrier.packets, fragments);
		CU_ASSERT_EQUAL(datagram->carrier.bytes, 100 * fragments);
		CU_ASSERT_EQUAL(datagram->carrier.last_ns, 50);
		CU_ASSERT_EQUAL(datagram->has_conflict, row->has_conflict);
		if (row->len != 0)
			expect_packet(version, row->len, row->captured ? row->captured : row->len);
		else
			CU_ASSERT_FALSE(
				fragment_table_packet(table, datagram, &(struct packet){0}));
		fragment_table_release(table, datagram);
		CU_ASSERT_PTR_NULL(fragment_table_oldest(table));
	}
}

static void
fragments_in_any_order_and_again_make_the_datagram(void)
{
	static const struct row rows[] = {
		{{{0, 8, true}, {8, 16, true}, {24, 3, false, .result = COMPLETES}}, 27},
		{{{24, 3, false}, {8, 16, true}, {0, 8, true, .result = COMPLETES}}, 27},
		{{{8, 16, true}, {24, 8, false}, {0, 8, true, .result = COMPLETES}}, 32},
		/* Each again. */
		{{{0, 8, true},
		  {0, 8, true},
		  {24, 3, false},
		  {24, 3, false},
		  {8, 16, true, .result = COMPLETES}},
		 27},
		/* The longest that there is. */
		{{{32768, 32736, true}, {0, 32768, true}, {65504, 11, false, .result = COMPLETES}},
		 65515},
		/* A hole that is never filled: up to there it is known. */
		{{{0, 8, true}, {16, 8, true}, {24, 3, false}}, 8},
		{{{8, 8, true}, {16, 8, true}, {24, 3, false}}, 0},
		{{{0, 8, true}, {8, 8, true}}, 16},
	};

	expect_rows(4, rows, COUNT(rows));
	expect_rows(6, rows, COUNT(rows));
}

static void
first_bytes_win_in_ipv4(void)
{
	static const struct row rows[] = {
		/* The same bytes, cut elsewhere. */
		{{{0, 16, true}, {8, 16, true}, {16, 16, false, .result = COMPLETES}}, 32},
		/* Others. */
		{{{0, 8, true}, {0, 8, true, .other = 0xff}, {8, 8, false, .result = COMPLETES}},
		 16,
		 .has_conflict = true},
		{{{8, 8, true}, {16, 4, false}, {0, 8, true}, {0, 16, true, .other = 1}},
		 20,
		 .has_conflict = true},
	};

	/* The last row is whole before the conflict comes: that begins another datagram. */
	expect_rows(4, rows, COUNT(rows) - 1);
	begin(4);
	CU_ASSERT_EQUAL(add(4, 1, &rows[2].pieces[0]), FRAGMENT_WAITS);
	CU_ASSERT_EQUAL(add(4, 1, &rows[2].pieces[1]), FRAGMENT_WAITS);
	CU_ASSERT_EQUAL(add(4, 1, &rows[2].pieces[2]), FRAGMENT_COMPLETES);
	struct datagram *whole = datagram;
	CU_ASSERT_EQUAL(add(4, 1, &rows[2].pieces[3]), FRAGMENT_WAITS);
	CU_ASSERT_PTR_NOT_EQUAL(datagram, whole);
	datagram = whole;
	expect_packet(4, 20, 20);
	fragment_table_release(table, whole);
}

static void
overlaps_spoil_ipv6(void)
{
	static const struct row rows[] = {
		{{{0, 16, true}, {8, 16, true, .result = SPOILS}}, 16},
		{{{0, 8, true}, {0, 8, true, .other = 1, .result = SPOILS}}, 8},
		{{{8, 8, true}, {0, 16, true, .result = SPOILS}}, 0},
		/* And what comes then is of no use. */
		{{{0, 16, true},
		  {8, 16, true, .result = SPOILS},
		  {16, 8, false, .result = REFUSED},
		  {0, 16, true, .result = REFUSED}},
		 16},
	};

	expect_rows(6, rows, COUNT(rows));
}

static void
ends_that_disagree_spoil(void)
{
	static const struct row rows[] = {
		/* Two ends; data behind the end, come before and after it. */
		{{{8, 8, false}, {16, 8, false, .result = SPOILS}}, 0},
		{{{16, 8, false}, {8, 8, false, .result = SPOILS}}, 0},
		{{{24, 8, true}, {8, 8, false, .result = SPOILS}}, 0},
		{{{8, 8, false}, {16, 8, true, .result = SPOILS}}, 0},
		{{{8, 4, false}, {8, 8, true, .result = SPOILS}}, 0},
		{{{0, 8, true}, {16, 8, true}, {8, 3, false, .result = SPOILS}}, 8},
	};

	expect_rows(4, rows, COUNT(rows));
	expect_rows(6, rows, COUNT(rows));
}

static void
what_the_capture_cut_is_on_the_wire_all_the_same(void)
{
	static const struct row rows[] = {
		{{{0, 8, true}, {8, 16, true, .missing = 10}, {24, 3, false, .result = COMPLETES}},
		 27,
		 .captured = 14},
		{{{24, 3, false, .missing = 3},
		  {8, 16, true, .missing = 16},
		  {0, 8, true, .result = COMPLETES}},
		 27,
		 .captured = 8},
		/* What is not known contradicts nothing. */
		{{{0, 16, true, .missing = 8}, {0, 16, true}, {16, 8, false, .result = COMPLETES}},
		 24,
		 .captured = 8},
		{{{0, 16, true}, {0, 16, true, .missing = 12}, {16, 8, false, .result = COMPLETES}},
		 24,
		 .captured = 4},
	};

	expect_rows(4, rows, COUNT(rows));
	expect_rows(6, rows, COUNT(rows));
}

static void
fragments_of_others_are_kept_apart(void)
{
	static const struct piece first = {0, 8, true}, last = {8, 8, false};

	for (unsigned what = 0; what < 8; what++) {
		begin(2);
		CU_ASSERT_EQUAL(add(4, 1, &first), FRAGMENT_WAITS);
		struct decoded d = describe(4, what == 0 ? 2 : 1, &last);
		d.key.low_address[3] = what == 1;
		d.key.high_address[3] = what == 2;
		d.key.vni = what == 3 ? 7 : FLOW_NO_VNI;
		d.vlan = what == 4 ? 7 : FLOW_NO_VLAN;
		d.inner_vlan = what == 5 ? 7 : FLOW_NO_VLAN;
		d.key.transport = what == 6 ? TRANSPORT_TCP : TRANSPORT_UDP;
		CU_ASSERT_EQUAL(add_described(&d), what == 7 ? FRAGMENT_COMPLETES : FRAGMENT_WAITS);
	}
	/* RFC 8200 4.5: of IPv6 the next header of the first fragment counts, whenever it comes. */
	begin(2);
	struct decoded d = describe(6, 1, &last);
	d.key.transport = TRANSPORT_TCP;
	CU_ASSERT_EQUAL(add_described(&d), FRAGMENT_WAITS);
	CU_ASSERT_EQUAL(add(6, 1, &first), FRAGMENT_COMPLETES);
	expect_packet(6, 16, 16);
}

static void
a_full_table_has_no_room_until_one_is_released(void)
{
	static const struct piece first = {0, 8, true}, last = {8, 8, false};

	begin(4);
	for (uint32_t id = 0; id < 4; id++)
		CU_ASSERT_EQUAL(add(4, id, &first), FRAGMENT_WAITS);
	CU_ASSERT_EQUAL(add(4, 9, &last), FRAGMENT_NO_ROOM);
	CU_ASSERT_PTR_NULL(datagram);
	/* One that is whole goes out of turn, and takes its slot with it until it is released. */
	CU_ASSERT_EQUAL(add(4, 1, &last), FRAGMENT_COMPLETES);
	struct datagram *whole = datagram;
	CU_ASSERT_EQUAL(add(4, 9, &last), FRAGMENT_NO_ROOM);
	for (uint32_t id = 0; id < 4; id++) {
		if (id == 1)
			continue;
		struct datagram *oldest = fragment_table_oldest(table);
		CU_ASSERT_EQUAL_FATAL(oldest->key.id, id);
		CU_ASSERT_EQUAL(oldest->since_ns, id);
		fragment_table_release(table, oldest);
	}
	CU_ASSERT_PTR_NULL(fragment_table_oldest(table));
	datagram = whole;
	expect_packet(4, 16, 16);
	fragment_table_release(table, whole);
	for (uint32_t id = 10; id < 14; id++)
		CU_ASSERT_EQUAL(add(6, id, &last), FRAGMENT_WAITS);
	CU_ASSERT_FALSE(fragment_table_packet(table, datagram, &(struct packet){0}));
}

static void
a_datagram_has_as_many_fragments_as_the_longest_can(void)
{
	static const struct piece again = {0, 8, true};
	struct piece piece = {8, 8, true};

	begin(1);
	for (uint32_t i = 1; i < FRAGMENTS_MAX - 1; i++, piece.offset += 8)
		CU_ASSERT_EQUAL(add(6, 1, &piece), FRAGMENT_WAITS);
	piece.more = false;
	piece.len = 7;
	CU_ASSERT_EQUAL(add(6, 1, &piece), FRAGMENT_WAITS);
	CU_ASSERT_EQUAL(add(6, 1, &again), FRAGMENT_COMPLETES);
	expect_packet(6, LONGEST, LONGEST);
	fragment_table_release(table, datagram);

	for (uint32_t i = 0; i < FRAGMENTS_MAX; i++)
		CU_ASSERT_EQUAL(add(6, 1, &again), FRAGMENT_WAITS);
	CU_ASSERT_EQUAL(add(6, 1, &again), FRAGMENT_REFUSED);
	CU_ASSERT_EQUAL(datagram->carrier.packets, FRAGMENTS_MAX);
}

/* The tunnels around the fragments are those around the datagram; what came another way is another
 * one, and headers are kept though the packets are gone. */
static void
tunnels_around_fragments_survive(void)
{
	static const struct piece pieces[] = {{0, 8, true}, {8, 8, false}};
	uint8_t header[20] = {0x45, [12] = 10, [16] = 198};
	struct decode_place place;

	begin(4);
	for (unsigned way = 0; way < 2; way++) {
		for (unsigned k = 0; k < 2; k++) {
			struct decoded d = describe(4, 1, &pieces[k]);
			header[19] = (uint8_t)way;
			d.outer_count = 1;
			d.outer_tunnel[0] = 3;
			d.outer_ip[0] = header;
			d.payload = bytes;
			/* The last fragment of one way does not complete the other's. */
			if (way == 0 && k == 1)
				break;
			CU_ASSERT_EQUAL(add_described(&d),
					k == 0 ? FRAGMENT_WAITS : FRAGMENT_COMPLETES);
		}
	}
	memset(header, 0, sizeof(header));
	place = datagram_place(datagram);
	CU_ASSERT_EQUAL(place.outer_count, 1);
	CU_ASSERT_EQUAL(place.outer_tunnel[0], 3);
	CU_ASSERT_EQUAL(place.outer_ip[0][16], 198);
	CU_ASSERT_EQUAL(place.outer_ip[0][19], 1);
	fragment_table_release(table, datagram);
	datagram = fragment_table_oldest(table);
	CU_ASSERT_PTR_NOT_NULL_FATAL(datagram);
	CU_ASSERT_EQUAL(datagram->carrier.packets, 1);
}

static void
the_table_is_given_back(void)
{
	fragment_table_destroy(table);
	fragment_table_destroy(NULL);
	table = NULL;
}

static const struct unit_case cases[] = {
	{"fragments_in_any_order_and_again_make_the_datagram",
	 fragments_in_any_order_and_again_make_the_datagram},
	{"first_bytes_win_in_ipv4", first_bytes_win_in_ipv4},
	{"overlaps_spoil_ipv6", overlaps_spoil_ipv6},
	{"ends_that_disagree_spoil", ends_that_disagree_spoil},
	{"what_the_capture_cut_is_on_the_wire_all_the_same",
	 what_the_capture_cut_is_on_the_wire_all_the_same},
	{"fragments_of_others_are_kept_apart", fragments_of_others_are_kept_apart},
	{"a_full_table_has_no_room_until_one_is_released",
	 a_full_table_has_no_room_until_one_is_released},
	{"a_datagram_has_as_many_fragments_as_the_longest_can",
	 a_datagram_has_as_many_fragments_as_the_longest_can},
	{"tunnels_around_fragments_survive", tunnels_around_fragments_survive},
	{"the_table_is_given_back", the_table_is_given_back},
};

int
main(void)
{
	return unit_run("fragment_table", cases, COUNT(cases));
}
