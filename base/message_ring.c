/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Positions grow without end and are masked on use. A message never wraps: where it would, a filler
 * header takes the rest of the ring. Writer and reader keep the other's position cached, each on a
 * cache line of its own, so that the line of the other is fetched only when the cached value says
 * "full" or "empty".
 */
#include "base/message_ring.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CACHE_LINE 64
#define RING_SIZE_MIN (256u * 1024)
#define KIND_FILLER UINT32_MAX

struct header {
	uint64_t time_ns;
	uint32_t len;
	uint32_t kind;
};

struct message_ring {
	uint8_t *bytes;
	size_t size;
	/* Written by the writer, read by the reader. */
	alignas(CACHE_LINE) _Atomic uint64_t tail;
	_Atomic uint64_t time_ns;
	_Atomic uint64_t packet;
	uint64_t head_seen; /* writer's own */
	/* Written by the reader, read by the writer. */
	alignas(CACHE_LINE) _Atomic uint64_t head;
	uint64_t tail_seen; /* reader's own */
};

static size_t
room_of(uint32_t body_len)
{
	return (sizeof(struct header) + body_len + 7u) & ~(size_t)7;
}

struct message_ring *
message_ring_create(size_t size_bytes)
{
	size_t size = RING_SIZE_MIN;
	while (size < size_bytes)
		size *= 2;

	struct message_ring *ring = aligned_alloc(CACHE_LINE, sizeof(*ring));
	if (ring == NULL)
		return NULL;
	memset(ring, 0, sizeof(*ring));
	ring->size = size;
	ring->bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ring->bytes == MAP_FAILED) {
		free(ring);
		return NULL;
	}
	return ring;
}

void
message_ring_destroy(struct message_ring *ring)
{
	if (ring == NULL)
		return;
	munmap(ring->bytes, ring->size);
	free(ring);
}

static bool
has_room(struct message_ring *ring, uint64_t tail, size_t need)
{
	if (ring->size - (tail - ring->head_seen) >= need)
		return true;
	ring->head_seen = atomic_load_explicit(&ring->head, memory_order_acquire);
	return ring->size - (tail - ring->head_seen) >= need;
}

bool
message_ring_push(struct message_ring *ring, const struct message *message)
{
	uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
	size_t need = room_of(message->len);
	size_t at = tail & (ring->size - 1);
	size_t filler = ring->size - at < need ? ring->size - at : 0;

	if (message->len > MESSAGE_RING_BODY_MAX || !has_room(ring, tail, filler + need))
		return false;
	if (filler != 0) {
		/* Room is kept in multiples of 8 and a header takes 16: a rest of 8 has no header.
		 */
		if (filler >= sizeof(struct header)) {
			struct header skip = {.len = (uint32_t)(filler - sizeof(skip)),
					      .kind = KIND_FILLER};
			memcpy(ring->bytes + at, &skip, sizeof(skip));
		}
		tail += filler;
		at = 0;
	}
	struct header header = {message->time_ns, message->len, message->kind};
	memcpy(ring->bytes + at, &header, sizeof(header));
	memcpy(ring->bytes + at + sizeof(header), message->body, message->len);
	atomic_store_explicit(&ring->tail, tail + need, memory_order_release);
	return true;
}

bool
message_ring_has_room(struct message_ring *ring, size_t bytes)
{
	uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

	/* At the ring's end there may be a filler, of less than the longest message. */
	return has_room(ring, tail, bytes + room_of(MESSAGE_RING_BODY_MAX));
}

void
message_ring_publish_time(struct message_ring *ring, uint64_t time_ns)
{
	atomic_store_explicit(&ring->time_ns, time_ns, memory_order_release);
}

void
message_ring_publish_packet(struct message_ring *ring, uint64_t packet)
{
	atomic_store_explicit(&ring->packet, packet, memory_order_release);
}

bool
message_ring_peek(struct message_ring *ring, struct message *message)
{
	uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

	for (;;) {
		if (head == ring->tail_seen) {
			ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire);
			if (head == ring->tail_seen)
				return false;
		}
		size_t at = head & (ring->size - 1);
		struct header header;
		if (ring->size - at < sizeof(header)) {
			head += ring->size - at;
		} else {
			memcpy(&header, ring->bytes + at, sizeof(header));
			if (header.kind != KIND_FILLER) {
				*message = (struct message){header.time_ns,
							    ring->bytes + at + sizeof(header),
							    header.len, header.kind};
				return true;
			}
			head += room_of(header.len);
		}
		atomic_store_explicit(&ring->head, head, memory_order_release);
	}
}

void
message_ring_pop(struct message_ring *ring)
{
	uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
	struct header header;

	memcpy(&header, ring->bytes + (head & (ring->size - 1)), sizeof(header));
	atomic_store_explicit(&ring->head, head + room_of(header.len), memory_order_release);
}

uint64_t
message_ring_time(const struct message_ring *ring)
{
	return atomic_load_explicit(&ring->time_ns, memory_order_acquire);
}

uint64_t
message_ring_packet(const struct message_ring *ring)
{
	return atomic_load_explicit(&ring->packet, memory_order_acquire);
}
