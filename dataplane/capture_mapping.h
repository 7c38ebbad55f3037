/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A capture file mapped into memory, read-only, as long as it was when it was opened.
 * Two dangers of mapping are met here. A file of any size must not fill memory: pages are brought
 * in just ahead of a reader and given back behind it. And a file that somebody shortens while it is
 * mapped raises SIGBUS at whoever touches the lost part, be it a decoder far from here: a handler
 * puts empty pages in place of the lost ones and notes where the loss begins, so that the reader
 * can stop there and say so. The handler is the process's only SIGBUS handler from the first
 * mapping on; a SIGBUS that is none of ours goes to the handler that was there before, or ends the
 * process as if there were none.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct capture_mapping;

/** Maps `len` bytes (at least 1) of `fd`, and takes `fd` over on success. NULL with errno. */
struct capture_mapping *capture_mapping_open(int fd, uint64_t len);
/** NULL is allowed. */
void capture_mapping_close(struct capture_mapping *mapping);

/** First byte of the file; as many are mapped as capture_mapping_open was given. */
const uint8_t *capture_mapping_bytes(const struct capture_mapping *mapping);

/**
 * Brings the `len` bytes from `offset` in, in one go, which is cheaper than page after page. Also
 * looks at the length of the file, so that most shortened files are noticed before anything is
 * touched. Any reader may call it.
 */
void capture_mapping_bring(struct capture_mapping *mapping, uint64_t offset, uint64_t len);

/** Gives the memory of [from, to) back; reading there again is allowed, only slower. */
void capture_mapping_release(struct capture_mapping *mapping, uint64_t from, uint64_t to);

/** Looks at the length of the file now. */
void capture_mapping_check(struct capture_mapping *mapping);

/** Bytes from the start that are, or were when they were read, true bytes of the file. Any thread.
 */
uint64_t capture_mapping_kept(const struct capture_mapping *mapping);

/** Why fewer bytes are kept than were mapped: static text, NULL when all are. */
const char *capture_mapping_fault(const struct capture_mapping *mapping);
