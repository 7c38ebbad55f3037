/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_ring.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * The writer waits for this much room, and gets no more at a time: readers start before the ring is
 * full.
 */
#define WRITE_STEP (256u * 1024)

/* The place of a reader that has left. */
#define GONE UINT64_MAX

struct capture_ring {
	uint8_t *bytes;
	unsigned reader_count;

	pthread_mutex_t change; /* guards all below; `written` may be read without */
	pthread_cond_t more;    /* written, ended or stopped */
	pthread_cond_t room;    /* the slowest reader moved, or stopped */
	_Atomic(uint64_t) written;
	uint64_t disk_bytes;
	unsigned readers_waiting;
	bool writer_waiting;
	bool ended;
	bool stopped;
	const char *fault;
	uint64_t passed[]; /* of each reader */
};

/* Maps the same pages twice in a row; the file behind them needs no name and no disk. */
static uint8_t *
map_twice(void)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);
	uint8_t *bytes = MAP_FAILED;
	int saved;

	if (fd < 0)
		return NULL;
	if (ftruncate(fd, CAPTURE_RING_SIZE) != 0)
		goto out;
	bytes = mmap(NULL, 2 * (size_t)CAPTURE_RING_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
		     -1, 0);
	if (bytes == MAP_FAILED)
		goto out;
	for (size_t half = 0; half < 2; half++) {
		if (mmap(bytes + half * CAPTURE_RING_SIZE, CAPTURE_RING_SIZE,
			 PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) != MAP_FAILED)
			continue;
		saved = errno;
		(void)munmap(bytes, 2 * (size_t)CAPTURE_RING_SIZE);
		errno = saved;
		bytes = MAP_FAILED;
		break;
	}
out:
	saved = errno;
	(void)close(fd);
	errno = saved;
	return bytes == MAP_FAILED ? NULL : bytes;
}

struct capture_ring *
capture_ring_create(unsigned reader_count)
{
	struct capture_ring *ring =
		calloc(1, sizeof(*ring) + reader_count * sizeof(ring->passed[0]));

	if (ring == NULL)
		return NULL;
	ring->bytes = map_twice();
	if (ring->bytes == NULL) {
		int saved = errno;

		free(ring);
		errno = saved;
		return NULL;
	}
	ring->reader_count = reader_count;
	pthread_mutex_init(&ring->change, NULL);
	pthread_cond_init(&ring->more, NULL);
	pthread_cond_init(&ring->room, NULL);
	return ring;
}

void
capture_ring_destroy(struct capture_ring *ring)
{
	if (ring == NULL)
		return;
	pthread_cond_destroy(&ring->room);
	pthread_cond_destroy(&ring->more);
	pthread_mutex_destroy(&ring->change);
	(void)munmap(ring->bytes, 2 * (size_t)CAPTURE_RING_SIZE);
	free(ring);
}

/* GONE when no reader is left. */
static uint64_t
slowest(const struct capture_ring *ring)
{
	uint64_t least = GONE;

	for (unsigned i = 0; i < ring->reader_count; i++)
		if (ring->passed[i] < least)
			least = ring->passed[i];
	return least;
}

static bool
has_room(const struct capture_ring *ring)
{
	uint64_t behind = slowest(ring);

	return behind != GONE &&
	       CAPTURE_RING_SIZE - (atomic_load(&ring->written) - behind) >= WRITE_STEP;
}

uint8_t *
capture_ring_reserve(struct capture_ring *ring, size_t *room)
{
	uint64_t written = atomic_load(&ring->written);
	bool stop;

	pthread_mutex_lock(&ring->change);
	ring->writer_waiting = true;
	while (!ring->stopped && slowest(ring) != GONE && !has_room(ring))
		pthread_cond_wait(&ring->room, &ring->change);
	ring->writer_waiting = false;
	stop = ring->stopped || slowest(ring) == GONE;
	pthread_mutex_unlock(&ring->change);
	*room = stop ? 0 : WRITE_STEP;
	return stop ? NULL : ring->bytes + written % CAPTURE_RING_SIZE;
}

void
capture_ring_commit(struct capture_ring *ring, size_t len, uint64_t disk_bytes)
{
	pthread_mutex_lock(&ring->change);
	atomic_store(&ring->written, atomic_load(&ring->written) + len);
	ring->disk_bytes = disk_bytes;
	if (ring->readers_waiting > 0)
		pthread_cond_broadcast(&ring->more);
	pthread_mutex_unlock(&ring->change);
}

void
capture_ring_end(struct capture_ring *ring, const char *fault)
{
	pthread_mutex_lock(&ring->change);
	ring->ended = true;
	ring->fault = fault;
	pthread_cond_broadcast(&ring->more);
	pthread_mutex_unlock(&ring->change);
}

const uint8_t *
capture_ring_at(const struct capture_ring *ring, uint64_t offset)
{
	return ring->bytes + offset % CAPTURE_RING_SIZE;
}

uint64_t
capture_ring_written(const struct capture_ring *ring)
{
	return atomic_load_explicit(&ring->written, memory_order_acquire);
}

static void
move_reader(struct capture_ring *ring, unsigned index, uint64_t offset)
{
	assert(index < ring->reader_count && offset >= ring->passed[index]);
	ring->passed[index] = offset;
	if (ring->writer_waiting && (slowest(ring) == GONE || has_room(ring)))
		pthread_cond_signal(&ring->room);
}

void
capture_ring_pass(struct capture_ring *ring, unsigned index, uint64_t offset)
{
	pthread_mutex_lock(&ring->change);
	move_reader(ring, index, offset);
	pthread_mutex_unlock(&ring->change);
}

void
capture_ring_await(struct capture_ring *ring, unsigned index, uint64_t offset, size_t need)
{
	assert(need <= CAPTURE_RING_SIZE / 2);
	pthread_mutex_lock(&ring->change);
	move_reader(ring, index, offset);
	ring->readers_waiting++;
	while (atomic_load(&ring->written) - offset < need && !ring->ended && !ring->stopped)
		pthread_cond_wait(&ring->more, &ring->change);
	ring->readers_waiting--;
	pthread_mutex_unlock(&ring->change);
}

void
capture_ring_leave(struct capture_ring *ring, unsigned index)
{
	capture_ring_pass(ring, index, GONE);
}

void
capture_ring_stop(struct capture_ring *ring)
{
	pthread_mutex_lock(&ring->change);
	ring->stopped = true;
	pthread_cond_broadcast(&ring->more);
	pthread_cond_broadcast(&ring->room);
	pthread_mutex_unlock(&ring->change);
}

const char *
capture_ring_fault(struct capture_ring *ring)
{
	pthread_mutex_lock(&ring->change);
	const char *fault = ring->fault;
	pthread_mutex_unlock(&ring->change);
	return fault;
}

uint64_t
capture_ring_position(struct capture_ring *ring)
{
	uint64_t position;

	pthread_mutex_lock(&ring->change);
	uint64_t written = atomic_load(&ring->written);
	uint64_t behind = slowest(ring);

	if (behind >= written)
		position = ring->disk_bytes;
	else
		position = (uint64_t)((long double)ring->disk_bytes * behind / written);
	pthread_mutex_unlock(&ring->change);
	return position;
}
