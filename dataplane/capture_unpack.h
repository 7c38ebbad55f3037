/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer of a capture_ring: a thread that reads a file or a pipe, unpacks it where it is packed
 * (gzip of one or many members, zstd of one or many frames), and ends with the ring. The thread
 * takes no signals.
 */
#pragma once

#include <stdbool.h>

#include "base/bytes.h"
#include "dataplane/capture_ring.h"

/** Bytes from the start of the input that are needed to know how it is packed. */
#define CAPTURE_UNPACK_HEAD 4

struct capture_unpack;

/** Whether input that starts with `head` is packed in a way known here. */
bool capture_unpack_recognises(struct slice head);

/**
 * Starts the thread over `fd`, of which `head` (at most CAPTURE_UNPACK_HEAD bytes, copied) has been
 * read already. Input of unknown packing is passed on as it is. Takes `fd` over on success; borrows
 * `ring`. NULL with errno.
 */
struct capture_unpack *capture_unpack_start(int fd, struct slice head, struct capture_ring *ring);
/** Stops the thread, even one that waits for a silent pipe, and closes the input. NULL is allowed.
 */
void capture_unpack_stop(struct capture_unpack *unpack);
