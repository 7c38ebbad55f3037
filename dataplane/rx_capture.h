/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets out of capture files: pcap and pcapng, either byte order, micro- and nanoseconds, plain,
 * gzip, zstd, or from a pipe. One capture_file gives the bytes; every worker has a reader of its
 * own over them and sees every packet, so readers share nothing but the file. Each reads a plain
 * file by itself. A stream (compressed or pipe) is unpacked once, by a thread of the file's own,
 * into a bounded window that the slowest reader moves on. A plain file that is shortened by
 * somebody while it is read ends in damage; what is added to it after it was opened is not read.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataplane/packet.h"

/** Longest packet record taken for real; a longer one means that the file is damaged there. */
#define CAPTURE_PACKET_MAX (256u * 1024)

/** Where and why reading had to stop before the end of the file. */
struct capture_damage {
	uint64_t offset;  /**< bytes from the start; of the unpacked stream where compressed */
	const char *what; /**< static text: "record is cut", ... ; NULL: no damage */
};

/** Why a capture_file could not be opened, beside errno. */
enum capture_open_error {
	CAPTURE_OPEN_OK,
	CAPTURE_OPEN_SYSTEM, /**< see errno: no such file, no permission, a directory, no memory */
	CAPTURE_OPEN_EMPTY,  /**< no byte at all, not even packed ones */
	CAPTURE_OPEN_NO_CAPTURE, /**< another kind of file: unknown magic */
};

struct capture_file;
struct capture_reader;

/**
 * Opens `path` ("-": standard input) for `reader_count` readers. On success *out is to be closed
 * with capture_file_close after all its readers are gone.
 */
enum capture_open_error
capture_file_open(const char *path, unsigned reader_count, struct capture_file **out);
void capture_file_close(struct capture_file *file);

/** Bytes of the file on disk, 0 where not known (a pipe); for progress. */
uint64_t capture_file_size(const struct capture_file *file);

/** Bytes of the file on disk that the slowest reader has passed; any thread may ask at any time. */
uint64_t capture_file_position(const struct capture_file *file);

/**
 * Reader number `index` (0 to reader_count - 1), each created once. NULL with errno when out of
 * memory.
 */
struct capture_reader *capture_reader_create(struct capture_file *file, unsigned index);
/** Lets the others go on without this reader. NULL is allowed. */
void capture_reader_destroy(struct capture_reader *reader);

/**
 * Fills up to `max` packets in file order, and gives the number. 0 is the end of the file or of
 * what is readable (see capture_reader_damage). Over a stream it waits for the unpacking thread.
 * Packets are valid until the next call.
 */
size_t capture_reader_burst(struct capture_reader *reader, struct packet *packets, size_t max);

/** After the end: what cut it short, `what` NULL when nothing did. */
struct capture_damage capture_reader_damage(const struct capture_reader *reader);

/**
 * Name of interface `port` (pcapng if_name), or NULL when the file gives none. Valid until destroy.
 */
const char *capture_reader_port_name(const struct capture_reader *reader, uint16_t port);
