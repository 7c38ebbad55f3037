/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS over a connected socket, as a client: version 1.2 at least, the receiver's certificate always
 * checked against authorities and name. Every reason of a failure is told in words that say what to
 * change. Never raises SIGPIPE. For one thread each.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "dashboard-export/sinks/deadline.h"
#include "dashboard-export/sinks/sink_config.h"

#define TLS_WHY_SIZE 256

struct tls_stream;

/**
 * Shakes hands over the non-blocking socket `fd`, which stays the caller's. The certificate must be
 * for `tls->server_name` or, without one, for `host`: a name or an address. Files are read anew
 * each time, so that a renewed certificate is taken. Returns 0 and the stream, free with
 * tls_stream_destroy; or -errno with `why`: -EACCES where only a change of settings or certificates
 * will help, -ETIMEDOUT, -ECANCELED, -ECONNRESET, -EPROTO.
 */
int tls_stream_open(struct tls_stream **out, int fd, const struct sink_tls *tls, const char *host,
		    const struct deadline *deadline, char why[TLS_WHY_SIZE]);

/** Frees without a good-bye. NULL is allowed. */
void tls_stream_destroy(struct tls_stream *t);

/**
 * Reads or writes what is possible without waiting. Returns how many bytes; 0 when the other end
 * has said good-bye or closed (reading only); -EAGAIN when `wait_for` (POLLIN, POLLOUT) has to be
 * waited for first; or -errno, which tls_stream_why explains: -EACCES where our certificate was
 * refused.
 */
ssize_t tls_stream_read(struct tls_stream *t, void *bytes, size_t size, short *wait_for);
ssize_t tls_stream_write(struct tls_stream *t, const void *bytes, size_t len, short *wait_for);

/** Sends close_notify, as far as that goes without waiting. Returns 0, -EAGAIN or -errno as above.
 */
int tls_stream_close_notify(struct tls_stream *t, short *wait_for);

/** Bytes given to the socket so far, records and all. */
uint64_t tls_stream_sent(const struct tls_stream *t);

/** The words of the last failure. */
const char *tls_stream_why(const struct tls_stream *t);
