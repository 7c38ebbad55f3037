/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of a plain file for one of its readers, who reads them as it goes: no thread, no lock,
 * and a buffer small enough to stay in the core's own cache. Of 200 MB in the page cache that
 * spares a third of what mapping them costs: every page would have to be entered and taken out
 * again, and every packet be fetched from memory.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/** Most bytes that lie in the buffer in one run. */
#define CAPTURE_BUFFER_RUN_MAX (1024u * 1024)

struct capture_buffer;

/** Over the first `len` bytes of the regular file `fd`, which is borrowed. NULL with errno. */
struct capture_buffer *capture_buffer_create(int fd, uint64_t len);
/** NULL is allowed. */
void capture_buffer_destroy(struct capture_buffer *buffer);

/** The first byte held; it stays where it is until more are asked for. */
const uint8_t *capture_buffer_bytes(const struct capture_buffer *buffer);
/** Bytes held from there on. */
size_t capture_buffer_held(const struct capture_buffer *buffer);

/**
 * Reads on until `goal` (at most CAPTURE_BUFFER_RUN_MAX) bytes are held, or more where that costs
 * nothing. Gives the bytes held: less than `goal` where the file ends.
 */
size_t capture_buffer_fill(struct capture_buffer *buffer, size_t goal);
/** Lets go of the first `len` bytes held; those behind them move to the front. */
void capture_buffer_pass(struct capture_buffer *buffer, size_t len);

/** Where in the file the first byte held stands. Any thread. */
uint64_t capture_buffer_offset(const struct capture_buffer *buffer);
/** The reader is gone: the offset is UINT64_MAX from now on. */
void capture_buffer_leave(struct capture_buffer *buffer);
/** Why the bytes end before the file's: static text, NULL when nothing is wrong. */
const char *capture_buffer_fault(const struct capture_buffer *buffer);
