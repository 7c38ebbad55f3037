/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public face of capture files: finds out what a file is and puts the parts together.
 *
 *     plain file:           capture_buffer, ─┐                   ┌─ capture_pcap
 *                            one a reader    │                   │
 *     packed file, pipe:    capture_unpack ──┴─ capture_window ──┴─ capture_pcapng ── packets
 *                            into capture_ring   a view a reader
 */
#include "dataplane/rx_capture.h"

#include "dataplane/capture_format.h"
#include "dataplane/capture_unpack.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Both in one, as they need the same four bytes. */
static_assert(CAPTURE_UNPACK_HEAD == CAPTURE_FORMAT_HEAD, "one head is read for both");
/* A record or a packet block must fit into what a view can be asked for. */
static_assert(CAPTURE_PACKET_MAX + 64 <= CAPTURE_RUN_MAX, "longest packet in one run");
static_assert(CAPTURE_RUN_MAX <= CAPTURE_RING_SIZE / 2, "longest run in the ring");

static const struct capture_format *const formats[] = {&capture_pcap, &capture_pcapng};

struct capture_file {
	struct capture_window *window;
	struct capture_unpack *unpack; /* NULL: a plain file */
	const struct capture_format *format;
	uint64_t size;
	unsigned reader_count;
};

struct capture_reader {
	const struct capture_format *format;
	struct capture_walk walk;
	alignas(max_align_t) uint8_t state[];
};

static const struct capture_format *
find_format(struct slice head)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (formats[i]->recognises(head))
			return formats[i];
	return NULL;
}

/* What is known of an input before anything is built over it. */
struct input {
	int fd;
	bool whole; /* a plain file from its start on, of known size */
	uint64_t size;
	uint8_t head[CAPTURE_FORMAT_HEAD];
	size_t head_len;
};

static int
read_head(struct input *input)
{
	while (input->head_len < sizeof(input->head)) {
		ssize_t got = read(input->fd, input->head + input->head_len,
				   sizeof(input->head) - input->head_len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		input->head_len += (size_t)got;
	}
	return 0;
}

/* 0 or -errno; input->fd is to be closed, if it is not negative, in either case. */
static int
open_input(const char *path, struct input *input)
{
	struct stat status;

	input->fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
					   : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (input->fd < 0 || fstat(input->fd, &status) != 0)
		return -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (S_ISREG(status.st_mode)) {
		input->size = (uint64_t)status.st_size;
		/*
		 * Standard input may be a file of which somebody has read a part; and files of
		 * /proc have no size.
		 */
		input->whole = status.st_size > 0 && lseek(input->fd, 0, SEEK_CUR) == 0;
	}
	return read_head(input);
}

/* Both of these take input->fd over on success. 0 or -errno. */

static int
open_plain(struct capture_file *file, struct input *input)
{
	file->window = capture_window_over_file(input->fd, input->size, file->reader_count);
	if (file->window == NULL)
		return -errno;
	input->fd = -1;
	return 0;
}

static int
open_stream(struct capture_file *file, struct input *input)
{
	struct capture_ring *ring = capture_ring_create(file->reader_count);

	if (ring == NULL)
		return -errno;
	file->window = capture_window_over_ring(ring);
	if (file->window == NULL) {
		capture_ring_destroy(ring);
		return -ENOMEM;
	}
	file->unpack =
		capture_unpack_start(input->fd, slice_of(input->head, input->head_len), ring);
	if (file->unpack == NULL)
		return -errno;
	input->fd = -1;
	return 0;
}

/* Through a view of its own, closed by nobody, as reader 0 takes its place. */
static enum capture_open_error
detect_format(struct capture_file *file)
{
	struct capture_view start;
	size_t len;

	capture_view_open(&start, file->window, 0);
	(void)capture_view_await(&start, CAPTURE_FORMAT_HEAD);
	len = (size_t)(start.end - start.at);
	if (len == 0 && capture_view_fault(&start) == NULL)
		return CAPTURE_OPEN_EMPTY;
	file->format = find_format(slice_of(start.at, len));
	return file->format != NULL ? CAPTURE_OPEN_OK : CAPTURE_OPEN_NO_CAPTURE;
}

static enum capture_open_error
open_file(struct capture_file *file, struct input *input)
{
	struct slice head = slice_of(input->head, input->head_len);
	int error;

	if (input->head_len == 0)
		return CAPTURE_OPEN_EMPTY;
	bool packed = capture_unpack_recognises(head);

	/* Known before a thread is started: a directory walk meets many files that are no captures.
	 */
	if (!packed && find_format(head) == NULL)
		return CAPTURE_OPEN_NO_CAPTURE;
	file->size = input->size;
	error = packed || !input->whole ? open_stream(file, input) : open_plain(file, input);
	if (error != 0) {
		errno = -error;
		return CAPTURE_OPEN_SYSTEM;
	}
	return detect_format(file);
}

enum capture_open_error
capture_file_open(const char *path, unsigned reader_count, struct capture_file **out)
{
	struct capture_file *file = calloc(1, sizeof(*file));
	struct input input = {.fd = -1};
	enum capture_open_error result;
	int error;

	assert(reader_count > 0);
	if (file == NULL)
		return CAPTURE_OPEN_SYSTEM;
	file->reader_count = reader_count;
	error = open_input(path, &input);
	if (error == 0) {
		result = open_file(file, &input);
		error = result == CAPTURE_OPEN_SYSTEM ? -errno : 0;
	} else {
		result = CAPTURE_OPEN_SYSTEM;
	}
	if (input.fd >= 0)
		(void)close(input.fd);
	if (result == CAPTURE_OPEN_OK) {
		*out = file;
		return CAPTURE_OPEN_OK;
	}
	capture_file_close(file);
	errno = -error;
	return result;
}

void
capture_file_close(struct capture_file *file)
{
	if (file == NULL)
		return;
	capture_unpack_stop(file->unpack);
	capture_window_destroy(file->window);
	free(file);
}

uint64_t
capture_file_size(const struct capture_file *file)
{
	return file->size;
}

uint64_t
capture_file_position(const struct capture_file *file)
{
	return capture_window_position(file->window);
}

struct capture_reader *
capture_reader_create(struct capture_file *file, unsigned index)
{
	struct capture_reader *reader = calloc(1, sizeof(*reader) + file->format->state_size);

	assert(index < file->reader_count);
	if (reader == NULL)
		return NULL;
	reader->format = file->format;
	capture_view_open(&reader->walk.view, file->window, index);
	return reader;
}

void
capture_reader_destroy(struct capture_reader *reader)
{
	if (reader == NULL)
		return;
	if (reader->format->fini != NULL)
		reader->format->fini(reader->state);
	capture_view_close(&reader->walk.view);
	free(reader);
}

size_t
capture_reader_burst(struct capture_reader *reader, struct packet *packets, size_t max)
{
	struct capture_walk *walk = &reader->walk;
	size_t count;

	capture_view_begin(&walk->view);
	if (walk->ended || max == 0)
		return 0;
	count = reader->format->burst(reader->state, walk, packets, max);
	if (count == 0)
		capture_view_report(&walk->view);
	return count;
}

struct capture_damage
capture_reader_damage(const struct capture_reader *reader)
{
	return reader->walk.damage;
}

const char *
capture_reader_port_name(const struct capture_reader *reader, uint16_t port)
{
	return reader->format->port_name == NULL ? NULL
						 : reader->format->port_name(reader->state, port);
}
