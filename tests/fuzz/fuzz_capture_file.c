/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a capture file: packets lie within what was given, keep the rules of struct packet,
 * and the end is told. Mapped and, for one input in eight, through a pipe as well, where the same
 * must come out.
 */
#include "dataplane/rx_capture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PIPE_SIZE (64u * 1024) /* what a pipe takes without a reader */
#define PACKETS_MAX (1u << 20) /* an unpacked input may be a thousand times as long */

struct findings {
	enum capture_open_error error;
	uint64_t packets;
	uint64_t sum;
	struct capture_damage damage;
};

static void
require(int holds)
{
	if (!holds)
		abort();
}

static void
look_at_packet(struct findings *found, const struct packet *packet)
{
	require(packet->captured_len <= CAPTURE_PACKET_MAX);
	require(packet->wire_len >= packet->captured_len);
	require(packet->link <= LINK_TYPE_UNSUPPORTED);
	require(packet->time_ns <= INT64_MAX);
	found->sum = found->sum * 31 + packet->time_ns + packet->wire_len + packet->port;
	for (uint32_t i = 0; i < packet->captured_len; i++)
		found->sum = found->sum * 31 + packet->data[i];
	found->packets++;
}

static struct findings
read_all(const char *path, size_t burst)
{
	struct findings found = {0};
	struct packet packets[PACKET_BURST_MAX];
	struct capture_file *file;
	size_t got;

	found.error = capture_file_open(path, 1, &file);
	require(found.error != CAPTURE_OPEN_SYSTEM);
	if (found.error != CAPTURE_OPEN_OK)
		return found;
	struct capture_reader *reader = capture_reader_create(file, 0);

	require(reader != NULL);
	while (found.packets < PACKETS_MAX &&
	       (got = capture_reader_burst(reader, packets, burst)) > 0) {
		require(got <= burst);
		for (size_t i = 0; i < got; i++)
			look_at_packet(&found, &packets[i]);
		const char *name = capture_reader_port_name(reader, packets[0].port);

		require(name == NULL || strlen(name) > 0);
	}
	found.damage = capture_reader_damage(reader);
	capture_reader_destroy(reader);
	capture_file_close(file);
	return found;
}

static struct findings
read_mapped(const uint8_t *data, size_t size)
{
	int fd = memfd_create("input", MFD_CLOEXEC);
	char path[64];

	require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	struct findings found = read_all(path, PACKET_BURST_MAX);

	close(fd);
	return found;
}

/* As standard input, which belongs to nobody here. */
static struct findings
read_piped(const uint8_t *data, size_t size)
{
	int ends[2];

	require(pipe2(ends, O_CLOEXEC) == 0);
	require(write(ends[1], data, size) == (ssize_t)size);
	close(ends[1]);
	require(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
	close(ends[0]);
	return read_all("-", 3);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size > 0 ? size : 1);
	unsigned sum = 0;

	require(exact != NULL);
	if (size > 0)
		memcpy(exact, data, size);
	struct findings mapped = read_mapped(exact, size);

	for (size_t i = 0; i < size; i++)
		sum += exact[i];
	if (sum % 8 == 0 && size <= PIPE_SIZE && mapped.packets < PACKETS_MAX) {
		struct findings piped = read_piped(exact, size);

		require(piped.error == mapped.error);
		require(piped.packets == mapped.packets && piped.sum == mapped.sum);
		require(piped.damage.offset == mapped.damage.offset);
		require((piped.damage.what == NULL) == (mapped.damage.what == NULL));
	}
	free(exact);
	return 0;
}
