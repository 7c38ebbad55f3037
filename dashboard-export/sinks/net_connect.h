/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a name and a port to a connected socket. Where a name has several addresses, they are tried
 * as RFC 8305 says: IPv6 and IPv4 in turn, the next one a quarter of a second after the last, and
 * the first that answers is taken. The resolver cannot be interrupted: it has its own time-outs
 * (resolv.conf). Knows nothing of TLS. Any thread may call it.
 */
#pragma once

#include "dashboard-export/sinks/deadline.h"

/** Room for a reason in words. */
#define NET_WHY_SIZE 256

/**
 * Opens a TCP connection, non-blocking, without Nagle's delay and with keep-alive. Returns the
 * socket, which the caller closes; or -errno with `why`: -EHOSTUNREACH where the name is not known,
 * -ETIMEDOUT at the deadline, -ECANCELED, or what the last address answered.
 */
int net_connect_tcp(const char *host, const char *port, const struct deadline *deadline,
		    char why[NET_WHY_SIZE]);

/**
 * The same for datagrams of UDP, which meet no answer here: the first address that there is a route
 * to is taken.
 */
int net_connect_udp(const char *host, const char *port, const struct deadline *deadline,
		    char why[NET_WHY_SIZE]);

/** The error that is pending at a socket, taken from it: 0 or -errno. */
int net_take_error(int fd);

/**
 * A reason in words: "HOST:PORT: WHAT: the words of `error`", without the last part where `error`
 * is 0. Texts are made printable. Returns `error`.
 */
int
net_say(char why[NET_WHY_SIZE], const char *host, const char *port, const char *what, int error);
