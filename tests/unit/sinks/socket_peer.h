/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A receiver inside a test: a listening socket and a thread that serves one connection after the
 * other. Failures to set it up end the program; what it saw is looked at after socket_peer_stop.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct socket_peer;

/** Serves one connection, whose blocking socket is closed afterwards. */
typedef void (*socket_peer_function)(struct socket_peer *peer, int fd);

struct socket_peer {
	int listener;
	int stop; /* becomes readable when the test is done */
	char port[8];
	socket_peer_function serve;
	void *context;
	atomic_uint connections; /* accepted so far */
	atomic_size_t received;  /* bytes that socket_peer_read has seen */
	pthread_t thread;
};

/** Listens on a free port of 127.0.0.1 (`family` AF_INET) or ::1 (AF_INET6). Returns false where
 * the machine has no such address. */
bool
socket_peer_start(struct socket_peer *peer, int family, socket_peer_function serve, void *context);

/** The same for stream connections at a Unix socket. */
void socket_peer_start_unix(struct socket_peer *peer, const char *path, socket_peer_function serve,
			    void *context);

/** Ends the thread once the connection that it serves is done, or waits for the stop. */
void socket_peer_stop(struct socket_peer *peer);

/** For `serve`: waits until the test is done. */
void socket_peer_await_stop(struct socket_peer *peer);

/** For `serve`: reads what comes, at most `size` bytes; 0 or less at the end or when the test is
 * done. */
ssize_t socket_peer_read(struct socket_peer *peer, int fd, void *bytes, size_t size);

/** For `serve`: reads to the end and throws away. */
void socket_peer_drain(struct socket_peer *peer, int fd);

/** For `serve`: writes a text, all of it. */
void socket_peer_write(int fd, const char *text);

/** For `serve`: has the connection end with a reset when it is closed. */
void socket_peer_reset(int fd);

/** Waits, at most 20 s, until `condition` holds. Returns whether it does. */
bool socket_peer_eventually(bool (*condition)(void *context), void *context);
