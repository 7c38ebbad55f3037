/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One stream of bytes to a receiver, over TCP, TLS or a Unix socket, with everything that can go
 * wrong with it: a time-out without progress, being told to stop, a receiver that closes or resets.
 * Knows nothing of what the bytes say. For one thread each; never raises SIGPIPE.
 *
 * Errors everywhere: -ETIMEDOUT no progress for the time-out, -ECANCELED told to stop, -EPIPE the
 * receiver has closed, -EACCES it refuses us (TLS), or another -errno; `why` has it in words.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "dashboard-export/sinks/deadline.h"
#include "dashboard-export/sinks/sink_config.h"

#define STREAM_WHY_SIZE 256

struct stream;

/** Where to, and how patiently. Borrowed until stream_close. */
struct stream_target {
	const char *host, *port;
	const struct sink_tls *tls; /**< NULL: no TLS */
	uint32_t timeout_s;
	const struct transport_stop *stop;
};

/** Connects and, where asked, shakes hands over TLS. Returns 0 and the stream, or -errno. */
int stream_open(struct stream **out, const struct stream_target *target, char why[STREAM_WHY_SIZE]);

/** A stream over a connected non-blocking socket, which it takes. `target->host` is its name in
 * messages; there is no TLS. NULL: no memory, and the socket is still the caller's. */
struct stream *stream_from_socket(int fd, const struct stream_target *target);

/** Closes at once. NULL is allowed. */
void stream_close(struct stream *s);

/** Writes all, waiting as long as it goes on. Returns 0 or -errno. */
int stream_write_all(struct stream *s, const void *bytes, size_t len, char why[STREAM_WHY_SIZE]);

/** Writes or reads what is possible without waiting: how many bytes, 0 for none yet; -errno. */
ssize_t
stream_write_some(struct stream *s, const void *bytes, size_t len, char why[STREAM_WHY_SIZE]);
ssize_t stream_read_some(struct stream *s, void *bytes, size_t size, char why[STREAM_WHY_SIZE]);

/** Waits until it makes sense to read again or, `to_write`, to write. Returns 0 or -errno. */
int stream_wait(struct stream *s, bool to_write, const struct deadline *deadline,
		char why[STREAM_WHY_SIZE]);

/** The deadline of one step from now. */
struct deadline stream_deadline(const struct stream *s);

/** Looks, without waiting, whether the receiver has closed or refused; what it says is thrown away.
 * Returns 0 or -errno. */
int stream_check(struct stream *s, char why[STREAM_WHY_SIZE]);

/** Bytes given to the kernel so far, those of TLS included. */
uint64_t stream_sent(const struct stream *s);

/** How many of these the receiver's machine (of a Unix socket: the receiver) has not taken yet. */
size_t stream_pending(const struct stream *s);

/**
 * Says that nothing more will come and waits, as long as the time-out, until the receiver has taken
 * all and closed in turn. What it says until then is thrown away. Returns 0 or -errno; write
 * nothing afterwards.
 */
int stream_finish(struct stream *s, char why[STREAM_WHY_SIZE]);

/** A reason in words, "NAME: WHAT: the words of `error`" (none where it is 0); returns `error`. */
int stream_say(const struct stream *s, char why[STREAM_WHY_SIZE], const char *what, int error);
