/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_unpack.h"

#include "dataplane/capture_packing.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define INPUT_SIZE (128u * 1024)
#define PIPE_SIZE (1024 * 1024)

struct capture_unpack {
	const struct capture_packing *packing;
	void *state;
	struct capture_ring *ring;
	int fd;
	int stop; /* eventfd */
	pthread_t thread;
	uint64_t disk_bytes;
	struct packed_input input;
	uint8_t buffer[INPUT_SIZE];
};

static const struct capture_packing *const packings[] = {&capture_gzip, &capture_zstd};

static const struct capture_packing *
find_packing(struct slice head)
{
	for (size_t i = 0; i < sizeof(packings) / sizeof(*packings); i++)
		if (packings[i]->recognises(head))
			return packings[i];
	return NULL;
}

bool
capture_unpack_recognises(struct slice head)
{
	return find_packing(head) != NULL;
}

/*
 * Reads what there is, and waits for it where there is nothing yet, but not longer than until the
 * stop. Bytes read, 0 at the end of the input or at the stop, or -errno.
 */
static ssize_t
read_some(const struct capture_unpack *unpack, uint8_t *to, size_t room)
{
	struct pollfd waits[] = {{.fd = unpack->fd, .events = POLLIN},
				 {.fd = unpack->stop, .events = POLLIN}};
	ssize_t got;

	do {
		if (poll(waits, 2, -1) < 0 && errno != EINTR)
			return -errno;
		if (waits[1].revents != 0)
			return 0;
		got = read(unpack->fd, to, room);
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	return got < 0 ? -errno : got;
}

#define READ_FAILED "the input could not be read further"

/* Straight into the ring. */
static const char *
copy_all(struct capture_unpack *unpack)
{
	uint8_t *to;
	size_t room;
	ssize_t got;

	while ((to = capture_ring_reserve(unpack->ring, &room)) != NULL) {
		if (unpack->input.left > 0) {
			got = (ssize_t)unpack->input.left;
			memcpy(to, unpack->input.at, unpack->input.left);
			unpack->input.left = 0;
		} else {
			got = read_some(unpack, to, room);
			if (got <= 0)
				return got == 0 ? NULL : READ_FAILED;
			unpack->disk_bytes += (uint64_t)got;
		}
		capture_ring_commit(unpack->ring, (size_t)got, unpack->disk_bytes);
	}
	return NULL;
}

/* Refills the input. 1: there is some, 0: end, -errno. */
static int
refill(struct capture_unpack *unpack)
{
	ssize_t got = read_some(unpack, unpack->buffer, sizeof(unpack->buffer));

	if (got <= 0)
		return (int)got;
	unpack->input = (struct packed_input){.at = unpack->buffer, .left = (size_t)got};
	unpack->disk_bytes += (uint64_t)got;
	return 1;
}

/*
 * The unpacker is asked again as long as it fills the room to the brim, for it may hold more;
 * only when it has left some does it need input.
 */
static const char *
unpack_all(struct capture_unpack *unpack)
{
	const struct capture_packing *packing = unpack->packing;
	bool wants_input = false;
	uint8_t *to;
	size_t room;

	while ((to = capture_ring_reserve(unpack->ring, &room)) != NULL) {
		if (wants_input && unpack->input.left == 0) {
			int refilled = refill(unpack);

			if (refilled < 0)
				return READ_FAILED;
			if (refilled == 0)
				return packing->whole(unpack->state) ? NULL : packing->cut;
		}
		struct unpacked_room left = {.at = to, .left = room};
		const char *fault = packing->step(unpack->state, &unpack->input, &left);

		capture_ring_commit(unpack->ring, room - left.left, unpack->disk_bytes);
		if (fault != NULL)
			return fault;
		wants_input = left.left > 0;
	}
	return NULL;
}

static void *
run(void *argument)
{
	struct capture_unpack *unpack = argument;
	const char *fault = unpack->packing != NULL ? unpack_all(unpack) : copy_all(unpack);

	capture_ring_end(unpack->ring, fault);
	return NULL;
}

/* With all signals blocked: they are for the threads that know what to do with them. */
static int
start_thread(struct capture_unpack *unpack)
{
	sigset_t all;
	sigset_t before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&unpack->thread, NULL, run, unpack);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

struct capture_unpack *
capture_unpack_start(int fd, struct slice head, struct capture_ring *ring)
{
	struct capture_unpack *unpack = calloc(1, sizeof(*unpack));
	int error;

	assert(head.len <= CAPTURE_UNPACK_HEAD);
	if (unpack == NULL)
		return NULL;
	/* A pipe of 64 KiB changes sides too often: 7 million packets a second instead of 3. */
	(void)fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
	unpack->ring = ring;
	unpack->fd = fd;
	memcpy(unpack->buffer, head.data, head.len);
	unpack->input = (struct packed_input){.at = unpack->buffer, .left = head.len};
	unpack->disk_bytes = head.len;
	unpack->packing = find_packing(head);
	if (unpack->packing != NULL) {
		unpack->state = unpack->packing->open();
		if (unpack->state == NULL)
			goto no_state;
	}
	unpack->stop = eventfd(0, EFD_CLOEXEC);
	if (unpack->stop < 0)
		goto no_stop;
	error = start_thread(unpack);
	if (error == 0)
		return unpack;

	(void)close(unpack->stop);
	errno = error;
no_stop:
	error = errno;
	if (unpack->packing != NULL)
		unpack->packing->close(unpack->state);
	errno = error;
no_state:
	error = errno;
	free(unpack);
	errno = error;
	return NULL;
}

void
capture_unpack_stop(struct capture_unpack *unpack)
{
	static const uint64_t one = 1;

	if (unpack == NULL)
		return;
	capture_ring_stop(unpack->ring);
	/* An eventfd takes eight bytes whenever its counter is not full: it was never written. */
	if (write(unpack->stop, &one, sizeof(one)) == (ssize_t)sizeof(one))
		(void)pthread_join(unpack->thread, NULL);
	(void)close(unpack->stop);
	(void)close(unpack->fd);
	if (unpack->packing != NULL)
		unpack->packing->close(unpack->state);
	free(unpack);
}
