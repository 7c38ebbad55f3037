/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_buffer.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Held where no record is longer: some 150 packets a system call. More is no faster, and a merge
 * may have thousands of files open. */
#define FILL_STEP (64u * 1024)

struct capture_buffer {
	uint64_t len; /* of the file, when it was opened */
	_Atomic(uint64_t) offset;
	size_t held;
	const char *fault;
	int fd;
	size_t size;
	uint8_t *bytes;
};

struct capture_buffer *
capture_buffer_create(int fd, uint64_t len)
{
	struct capture_buffer *buffer = calloc(1, sizeof(*buffer));

	if (buffer == NULL)
		return NULL;
	buffer->bytes = malloc(FILL_STEP);
	if (buffer->bytes == NULL) {
		free(buffer);
		errno = ENOMEM;
		return NULL;
	}
	buffer->size = FILL_STEP;
	buffer->len = len;
	buffer->fd = fd;
	return buffer;
}

void
capture_buffer_destroy(struct capture_buffer *buffer)
{
	if (buffer == NULL)
		return;
	free(buffer->bytes);
	free(buffer);
}

const uint8_t *
capture_buffer_bytes(const struct capture_buffer *buffer)
{
	return buffer->bytes;
}

size_t
capture_buffer_held(const struct capture_buffer *buffer)
{
	return buffer->held;
}

/* One read as far as there is room; false where nothing more will come. */
static bool
read_on(struct capture_buffer *buffer)
{
	size_t len = buffer->size - buffer->held;
	uint64_t at = capture_buffer_offset(buffer) + buffer->held;
	ssize_t got;

	if (len > buffer->len - at)
		len = (size_t)(buffer->len - at);
	if (len == 0 || buffer->fault != NULL)
		return false;
	do {
		got = pread(buffer->fd, buffer->bytes + buffer->held, len, (off_t)at);
	} while (got < 0 && errno == EINTR);
	if (got > 0) {
		buffer->held += (size_t)got;
		return true;
	}
	buffer->fault = got == 0 ? "the file became shorter while it was read"
				 : "the input could not be read further";
	return false;
}

/* False without memory: then the file ends here. */
static bool
make_room(struct capture_buffer *buffer, size_t goal)
{
	if (goal <= buffer->size)
		return true;
	uint8_t *larger = realloc(buffer->bytes, goal);
	if (larger == NULL) {
		buffer->fault = "no memory for a record of this length";
		return false;
	}
	buffer->bytes = larger;
	buffer->size = goal;
	return true;
}

size_t
capture_buffer_fill(struct capture_buffer *buffer, size_t goal)
{
	assert(goal <= CAPTURE_BUFFER_RUN_MAX);
	if (!make_room(buffer, goal))
		return buffer->held;
	while (buffer->held < goal && read_on(buffer))
		;
	return buffer->held;
}

void
capture_buffer_pass(struct capture_buffer *buffer, size_t len)
{
	assert(len <= buffer->held);
	buffer->held -= len;
	memmove(buffer->bytes, buffer->bytes + len, buffer->held);
	atomic_store_explicit(&buffer->offset, capture_buffer_offset(buffer) + len,
			      memory_order_relaxed);
}

uint64_t
capture_buffer_offset(const struct capture_buffer *buffer)
{
	return atomic_load_explicit(&buffer->offset, memory_order_relaxed);
}

void
capture_buffer_leave(struct capture_buffer *buffer)
{
	atomic_store_explicit(&buffer->offset, UINT64_MAX, memory_order_relaxed);
}

const char *
capture_buffer_fault(const struct capture_buffer *buffer)
{
	return buffer->fault;
}
