/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capture files made by hand, for the tests of the capture source: a buffer to which headers,
 * records and blocks are appended in either byte order, and what a reader makes of it in the end.
 */
#pragma once

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dataplane/rx_capture.h"

struct sample {
	uint8_t *bytes;
	size_t len;
	size_t capacity;
	bool swapped; /* written in the order that this machine does not have */
};

static inline void
sample_bytes(struct sample *sample, const void *bytes, size_t len)
{
	if (sample->len + len > sample->capacity) {
		sample->capacity = 2 * (sample->len + len);
		sample->bytes = realloc(sample->bytes, sample->capacity);
		if (sample->bytes == NULL)
			abort();
	}
	if (len > 0)
		memcpy(sample->bytes + sample->len, bytes, len);
	sample->len += len;
}

static inline void
sample_u16(struct sample *sample, uint16_t value)
{
	value = sample->swapped ? __builtin_bswap16(value) : value;
	sample_bytes(sample, &value, sizeof(value));
}

static inline void
sample_u32(struct sample *sample, uint32_t value)
{
	value = sample->swapped ? __builtin_bswap32(value) : value;
	sample_bytes(sample, &value, sizeof(value));
}

static inline void
sample_u64(struct sample *sample, uint64_t value)
{
	value = sample->swapped ? __builtin_bswap64(value) : value;
	sample_bytes(sample, &value, sizeof(value));
}

/* `len` bytes that differ from packet to packet. */
static inline void
sample_fill(struct sample *sample, size_t len, unsigned seed)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t byte = (uint8_t)(seed * 31 + i);

		sample_bytes(sample, &byte, 1);
	}
}

static inline void
sample_free(struct sample *sample)
{
	free(sample->bytes);
	*sample = (struct sample){0};
}

static inline void
sample_pcap(struct sample *sample, uint32_t magic, uint32_t linktype)
{
	sample_u32(sample, magic);
	sample_u16(sample, 2);
	sample_u16(sample, 4);
	sample_u64(sample, 0);
	sample_u32(sample, 262144);
	sample_u32(sample, linktype);
}

static inline void
sample_record(struct sample *sample, uint32_t seconds, uint32_t fraction, uint32_t len)
{
	sample_u32(sample, seconds);
	sample_u32(sample, fraction);
	sample_u32(sample, len);
	sample_u32(sample, len);
	sample_fill(sample, len, seconds);
}

/* A block of any type around `body`, which is padded. */
static inline void
sample_block(struct sample *sample, uint32_t type, const void *body, size_t len)
{
	uint32_t padded = (uint32_t)(len + 3) / 4 * 4;

	sample_u32(sample, type);
	sample_u32(sample, padded + 12);
	sample_bytes(sample, body, len);
	sample_bytes(sample, "\0\0\0", padded - len);
	sample_u32(sample, padded + 12);
}

static inline void
sample_section(struct sample *sample)
{
	struct sample body = {.swapped = sample->swapped};

	sample_u32(&body, 0x1a2b3c4d);
	sample_u16(&body, 1);
	sample_u16(&body, 0);
	sample_u64(&body, UINT64_MAX);
	sample_block(sample, 0x0a0d0d0a, body.bytes, body.len);
	sample_free(&body);
}

/* An option to be given to sample_interface. */
struct sample_option {
	uint16_t code;
	uint16_t len;
	const void *value; /* NULL: `number` in the sample's byte order, of 8 bytes */
	uint64_t number;
};

static inline void
sample_interface(struct sample *sample, uint16_t linktype, uint32_t snaplen,
		 const struct sample_option *options, size_t count)
{
	struct sample body = {.swapped = sample->swapped};

	sample_u16(&body, linktype);
	sample_u16(&body, 0);
	sample_u32(&body, snaplen);
	for (size_t i = 0; i < count; i++) {
		sample_u16(&body, options[i].code);
		sample_u16(&body, options[i].len);
		if (options[i].value == NULL)
			sample_u64(&body, options[i].number);
		else
			sample_bytes(&body, options[i].value, options[i].len);
		sample_bytes(&body, "\0\0\0", (4u - options[i].len % 4u) % 4u);
	}
	if (count > 0)
		sample_u32(&body, 0);
	sample_block(sample, 1, body.bytes, body.len);
	sample_free(&body);
}

static inline void
sample_enhanced(struct sample *sample, uint32_t interface, uint64_t ticks, uint32_t len)
{
	struct sample body = {.swapped = sample->swapped};

	sample_u32(&body, interface);
	sample_u32(&body, (uint32_t)(ticks >> 32));
	sample_u32(&body, (uint32_t)ticks);
	sample_u32(&body, len);
	sample_u32(&body, len);
	sample_fill(&body, len, (unsigned)ticks);
	sample_block(sample, 6, body.bytes, body.len);
	sample_free(&body);
}

/* Puts bytes where a path leads to them; sample_close when no longer needed. */
struct sample_file {
	int fd;
	char path[64];
};

static inline struct sample_file
sample_file(const void *bytes, size_t len)
{
	struct sample_file file = {.fd = memfd_create("sample", MFD_CLOEXEC)};
	size_t written = 0;

	if (file.fd < 0)
		abort();
	while (written < len) {
		ssize_t got = write(file.fd, (const uint8_t *)bytes + written, len - written);

		if (got <= 0)
			abort();
		written += (size_t)got;
	}
	(void)snprintf(file.path, sizeof(file.path), "/proc/self/fd/%d", file.fd);
	return file;
}

static inline void
sample_close(struct sample_file *file)
{
	(void)close(file->fd);
	file->fd = -1;
}

#define SAMPLE_PACKETS_MAX 16

/* What one reader finds in a file: the first packets, their number, a sum over all, and the end. */
struct sample_result {
	enum capture_open_error error;
	struct packet packets[SAMPLE_PACKETS_MAX]; /* `data` is no longer valid */
	uint8_t first_bytes[SAMPLE_PACKETS_MAX];
	size_t count;
	uint64_t sum;
	struct capture_damage damage;
	char names[4][16]; /* of ports 0 to 3; empty: none */
};

static inline uint64_t
sample_sum(uint64_t sum, const struct packet *packet)
{
	sum = sum * 1099511628211u + packet->time_ns;
	sum = sum * 1099511628211u + packet->wire_len;
	sum = sum * 1099511628211u + ((uint64_t)packet->port << 8 | packet->link);
	for (uint32_t i = 0; i < packet->captured_len; i++)
		sum = sum * 31 + packet->data[i];
	return sum;
}

static inline void
sample_drain(struct capture_reader *reader, struct sample_result *result)
{
	struct packet packets[PACKET_BURST_MAX];
	size_t count;

	while ((count = capture_reader_burst(reader, packets, PACKET_BURST_MAX)) > 0) {
		for (size_t i = 0; i < count; i++, result->count++) {
			result->sum = sample_sum(result->sum, &packets[i]);
			if (result->count >= SAMPLE_PACKETS_MAX)
				continue;
			result->packets[result->count] = packets[i];
			if (packets[i].captured_len > 0)
				result->first_bytes[result->count] = packets[i].data[0];
		}
	}
	result->damage = capture_reader_damage(reader);
	for (uint16_t port = 0; port < 4; port++) {
		const char *name = capture_reader_port_name(reader, port);

		(void)snprintf(result->names[port], sizeof(result->names[port]), "%s",
			       name == NULL ? "" : name);
	}
}

static inline struct sample_result
sample_read_path(const char *path)
{
	struct sample_result result = {0};
	struct capture_file *file;

	result.error = capture_file_open(path, 1, &file);
	if (result.error != CAPTURE_OPEN_OK)
		return result;
	struct capture_reader *reader = capture_reader_create(file, 0);

	sample_drain(reader, &result);
	capture_reader_destroy(reader);
	capture_file_close(file);
	return result;
}

static inline struct sample_result
sample_read(const void *bytes, size_t len)
{
	struct sample_file file = sample_file(bytes, len);
	struct sample_result result = sample_read_path(file.path);

	sample_close(&file);
	return result;
}

/* Reads what was built, and frees it. */
static inline struct sample_result
sample_finish(struct sample *sample)
{
	struct sample_result result = sample_read(sample->bytes, sample->len);

	sample_free(sample);
	return result;
}
