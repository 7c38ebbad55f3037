/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every datagram has a slot: a bitmap of the eights of bytes that are there, room for an IP header,
 * and the data. Offsets count in eights and all but the last fragment are whole eights long, so the
 * bitmap is exact, whatever the order. Slots are used again last in, first out: those never needed
 * never take memory.
 */
#include "dataplane/fragment_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/byte_hash.h"
#include "base/bytes.h"
#include "base/flow_record.h"
#include "base/reserve.h"
#include "dataplane/unit_map.h"

#define NONE UINT32_MAX
#define IPV4_HEADER 20u
#define IPV6_HEADER 40u

#define DATA_AT (sizeof(struct unit_map) + IPV6_HEADER)
/* 1024 + 40 + 65,535 bytes, in whole pages. */
#define SLOT_BYTES (17u * 4096)

struct fragment_table {
	struct datagram *datagrams;
	uint8_t *slots;
	uint32_t *heads; /* buckets, as many as datagrams */
	uint32_t count;
	uint32_t end; /* datagrams from here on were never used */
	uint32_t free_head;
	uint32_t oldest, youngest;
	uint64_t seed;
};

_Static_assert(DATA_AT + 65535 <= SLOT_BYTES, "the longest datagram fits");
_Static_assert(sizeof(struct fragment_key) == 56, "the key is hashed as bytes: no padding");

struct fragment_table *
fragment_table_create(uint32_t count, uint64_t seed)
{
	struct fragment_table *t = calloc(1, sizeof(*t));
	if (t == NULL)
		return NULL;
	t->count = count;
	t->seed = seed;
	t->free_head = t->oldest = t->youngest = NONE;
	t->datagrams = reserve_take(count * sizeof(*t->datagrams), RESERVE_SCATTERED);
	t->slots = reserve_take((size_t)count * SLOT_BYTES, RESERVE_SCATTERED);
	t->heads = malloc(count * sizeof(*t->heads));
	if (t->datagrams == NULL || t->slots == NULL || t->heads == NULL) {
		fragment_table_destroy(t);
		errno = ENOMEM;
		return NULL;
	}
	memset(t->heads, 0xff, count * sizeof(*t->heads));
	return t;
}

void
fragment_table_destroy(struct fragment_table *table)
{
	if (table == NULL)
		return;
	reserve_release(table->datagrams, table->count * sizeof(*table->datagrams));
	reserve_release(table->slots, (size_t)table->count * SLOT_BYTES);
	free(table->heads);
	free(table);
}

static struct unit_map *
map_of(const struct fragment_table *t, const struct datagram *d)
{
	return (struct unit_map *)(t->slots + (size_t)(d - t->datagrams) * SLOT_BYTES);
}

static uint8_t *
data_of(const struct fragment_table *t, const struct datagram *d)
{
	return (uint8_t *)map_of(t, d) + DATA_AT;
}

static uint32_t *
bucket_of(const struct fragment_table *t, const struct fragment_key *key)
{
	uint64_t hash = byte_hash(slice_of((const uint8_t *)key, sizeof(*key)), t->seed);

	return &t->heads[hash & (t->count - 1)];
}

/* Bytes of the header up to its last address. */
static size_t
outer_len(const uint8_t *header)
{
	return header[0] >> 4 == 6 ? FRAGMENT_OUTER_HEADER : 20;
}

/* What comes another way is another datagram: nobody gives it a better one. */
static uint64_t
path_of(const struct decoded *fragment)
{
	uint64_t path = 0;

	for (unsigned i = 0; i < fragment->outer_count; i++) {
		struct ip_address ends[2];
		decoded_outer_ends(fragment, i, &ends[0], &ends[1]);
		for (unsigned end = 0; end < 2; end++)
			path = byte_hash(slice_of(ends[end].bytes, sizeof(ends[end].bytes)),
					 path + fragment->outer_tunnel[i] + 1);
	}
	return path;
}

static void
keep_outer(struct datagram *d, const struct decoded *fragment)
{
	d->outer_count = fragment->outer_count;
	for (unsigned i = 0; i < fragment->outer_count; i++) {
		d->outer_tunnel[i] = fragment->outer_tunnel[i];
		memcpy(d->outer_header[i], fragment->outer_ip[i], outer_len(fragment->outer_ip[i]));
	}
}

static void
set_key(struct fragment_key *key, const struct decoded *fragment)
{
	const struct flow_key *from = &fragment->key;

	memset(key, 0, sizeof(*key));
	memcpy(key->source, from->low_address, sizeof(key->source));
	memcpy(key->destination, from->high_address, sizeof(key->destination));
	key->id = fragment->fragment_id;
	key->vni = from->vni;
	key->vlan = fragment->vlan;
	key->inner_vlan = fragment->inner_vlan;
	key->path = path_of(fragment);
	key->version = from->version;
	key->transport = from->version == 4 ? from->transport : 0;
}

static struct datagram *
find(const struct fragment_table *t, const struct fragment_key *key)
{
	for (uint32_t i = *bucket_of(t, key); i != NONE; i = t->datagrams[i].chain) {
		if (memcmp(&t->datagrams[i].key, key, sizeof(*key)) == 0)
			return &t->datagrams[i];
	}
	return NULL;
}

/* A fresh datagram, the youngest; NULL when all are in use. */
static struct datagram *
begin(struct fragment_table *t, const struct fragment_key *key, uint64_t now_ns)
{
	uint32_t index = t->free_head;

	if (index != NONE)
		t->free_head = t->datagrams[index].next;
	else if (t->end < t->count)
		index = t->end++;
	else
		return NULL;

	struct datagram *d = &t->datagrams[index];
	uint32_t *bucket = bucket_of(t, key);
	*d = (struct datagram){
		.key = *key,
		.carrier.first_ns = UINT64_MAX,
		.since_ns = now_ns,
		.known_end = NONE,
		.next = NONE,
		.prev = t->youngest,
		.chain = *bucket,
	};
	*bucket = index;
	if (t->youngest != NONE)
		t->datagrams[t->youngest].next = index;
	else
		t->oldest = index;
	t->youngest = index;
	memset(map_of(t, d), 0, sizeof(struct unit_map));
	return d;
}

/* Takes it out of its bucket and out of the row of ages. */
static void
take_out(struct fragment_table *t, struct datagram *d)
{
	uint32_t index = (uint32_t)(d - t->datagrams);
	uint32_t *link = bucket_of(t, &d->key);

	while (*link != index)
		link = &t->datagrams[*link].chain;
	*link = d->chain;
	*(d->prev != NONE ? &t->datagrams[d->prev].next : &t->oldest) = d->next;
	*(d->next != NONE ? &t->datagrams[d->next].prev : &t->youngest) = d->prev;
}

void
fragment_table_release(struct fragment_table *table, struct datagram *datagram)
{
	if (!datagram->is_whole)
		take_out(table, datagram);
	datagram->next = table->free_head;
	table->free_head = (uint32_t)(datagram - table->datagrams);
}

struct datagram *
fragment_table_oldest(const struct fragment_table *table)
{
	return table->oldest != NONE ? &table->datagrams[table->oldest] : NULL;
}

static void
add_sums(struct datagram *d, const struct decoded *fragment, const struct fragment_carrier *carrier)
{
	struct fragment_carrier *sums = &d->carrier;

	sums->packets += carrier->packets;
	sums->bytes += carrier->bytes;
	sums->around.ip_bytes += carrier->around.ip_bytes;
	sums->around.payload_bytes += carrier->around.payload_bytes;
	if (carrier->first_ns < sums->first_ns) {
		sums->first_ns = carrier->first_ns;
		sums->port = carrier->port;
	}
	if (carrier->last_ns > sums->last_ns)
		sums->last_ns = carrier->last_ns;
	sums->has_conflict |= carrier->has_conflict;
	d->ip_bytes += fragment->wire_ip_len; /* FRAGMENTS_MAX of 64 KiB fit */
	d->fragments++;
	if (fragment->depth > d->depth)
		d->depth = fragment->depth;
}

/* Whether a datagram with this fragment too has one end, and nothing behind it. */
static bool
ends_agree(const struct datagram *d, const struct decoded *fragment)
{
	uint32_t end = fragment->fragment_offset + fragment->wire_payload_len;

	if (!fragment->fragment_more)
		return d->end != 0 ? d->end == end : end >= d->reach;
	return d->end == 0 || end <= d->end;
}

/*
 * Copies the units that are not there, while the map does not have this fragment; of the others
 * the bytes that are there stay. True if they differ, where the capture has both. The bound is the
 * fragment's length.
 */
static bool
copy_missing(uint8_t *data, const struct unit_map *map, const struct datagram *d,
	     const struct decoded *fragment)
{
	uint32_t start = fragment->fragment_offset, end = start + fragment->payload_len;
	bool differs = false;

	for (uint32_t at = start; at < end; at += UNIT_BYTES) {
		bool is_known = unit_map_has(map, at / UNIT_BYTES);
		uint32_t stop = end < at + UNIT_BYTES ? end : at + UNIT_BYTES;
		if (is_known && stop > d->known_end)
			stop = d->known_end;
		if (stop <= at)
			continue;
		const uint8_t *from = fragment->payload + (at - start);
		if (is_known)
			differs |= memcmp(data + at, from, stop - at) != 0;
		else
			memcpy(data + at, from, stop - at);
	}
	return differs;
}

static void
enter(struct datagram *d, const struct decoded *fragment)
{
	uint32_t start = fragment->fragment_offset, end = start + fragment->wire_payload_len;

	if (end > d->reach)
		d->reach = end;
	if (!fragment->fragment_more)
		d->end = end;
	if (fragment->payload_len < fragment->wire_payload_len &&
	    start + fragment->payload_len < d->known_end)
		d->known_end = start + fragment->payload_len;
}

static enum fragment_result
spoil(struct datagram *d)
{
	d->is_spoilt = true;
	return FRAGMENT_SPOILS;
}

static enum fragment_result
add_data(struct fragment_table *t, struct datagram *d, const struct decoded *fragment)
{
	struct unit_map *map = map_of(t, d);
	uint8_t *data = data_of(t, d);
	uint32_t start = fragment->fragment_offset;
	uint32_t first = start / UNIT_BYTES,
		 last = unit_map_end(start + fragment->wire_payload_len);

	if (!ends_agree(d, fragment))
		return spoil(d);
	uint32_t known = unit_map_count(map, first, last);
	bool differs = false;
	if (known != 0)
		differs = copy_missing(data, map, d, fragment);
	else if (fragment->payload_len != 0)
		memcpy(data + start, fragment->payload, fragment->payload_len);
	/* RFC 5722 4; duplicates as RFC 8200 4.5 allows. */
	if (d->key.version == 6 && known != 0 && (known != last - first || differs))
		return spoil(d);
	d->has_conflict |= differs;
	if (start == 0 && !unit_map_has(map, 0))
		d->transport = fragment->key.transport;
	unit_map_set(map, first, last);
	d->units += last - first - known;
	enter(d, fragment);
	if (d->end == 0 || d->units != unit_map_end(d->end))
		return FRAGMENT_WAITS;
	d->is_whole = true;
	take_out(t, d);
	return FRAGMENT_COMPLETES;
}

enum fragment_result
fragment_table_add(struct fragment_table *table, const struct decoded *fragment,
		   const struct fragment_carrier *carrier, uint64_t now_ns,
		   struct datagram **datagram)
{
	struct fragment_key key;

	set_key(&key, fragment);
	struct datagram *d = find(table, &key);
	if (d == NULL)
		d = begin(table, &key, now_ns);
	*datagram = d;
	if (d == NULL)
		return FRAGMENT_NO_ROOM;
	if (d->fragments == 0)
		keep_outer(d, fragment);
	if (d->is_spoilt || d->fragments == FRAGMENTS_MAX)
		return FRAGMENT_REFUSED;
	add_sums(d, fragment, carrier);
	return add_data(table, d, fragment);
}

static void
write_be16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* In front of the data; gives its length. */
static uint32_t
write_header(uint8_t *data, const struct datagram *d, uint32_t len)
{
	if (d->key.version == 6) {
		uint8_t *header = data - IPV6_HEADER;
		memset(header, 0, 8);
		header[0] = 0x60;
		write_be16(header + 4, len);
		header[6] = d->transport;
		memcpy(header + 8, d->key.source, 16);
		memcpy(header + 24, d->key.destination, 16);
		return IPV6_HEADER;
	}
	uint8_t *header = data - IPV4_HEADER;
	memset(header, 0, 12);
	header[0] = 0x45;
	write_be16(header + 2, IPV4_HEADER + len);
	header[9] = d->key.transport;
	memcpy(header + 12, d->key.source, 4);
	memcpy(header + 16, d->key.destination, 4);
	return IPV4_HEADER;
}

bool
fragment_table_packet(const struct fragment_table *table, const struct datagram *datagram,
		      struct packet *packet)
{
	uint32_t len = unit_map_leading(map_of(table, datagram)) * UNIT_BYTES;

	if (len == 0)
		return false;
	if (datagram->end != 0 && len > datagram->end)
		len = datagram->end;
	uint32_t captured = len < datagram->known_end ? len : datagram->known_end;
	uint8_t *data = data_of(table, datagram);
	uint32_t header = write_header(data, datagram, len);
	*packet = (struct packet){
		.data = data - header,
		.time_ns = datagram->carrier.first_ns,
		.captured_len = header + captured,
		.wire_len = header + len,
		.port = datagram->carrier.port,
		.link = LINK_TYPE_RAW_IP,
	};
	return true;
}

struct decode_place
datagram_place(const struct datagram *datagram)
{
	struct decode_place place = {
		.vni = datagram->key.vni,
		.vlan = datagram->key.vlan,
		.inner_vlan = datagram->key.inner_vlan,
		.depth = datagram->depth,
		.around = datagram->carrier.around,
		.outer_count = datagram->outer_count,
	};

	for (unsigned i = 0; i < datagram->outer_count; i++) {
		place.outer_tunnel[i] = datagram->outer_tunnel[i];
		place.outer_ip[i] = datagram->outer_header[i];
	}
	return place;
}
