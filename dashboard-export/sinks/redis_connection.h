/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection to a Redis server, over TCP or a Unix socket: the only files that know hiredis.
 * Commands are put behind each other (pipelined) and their replies taken in the same order. No TLS:
 * hiredis 0.14 has none (docs/redis.md). One object, one thread; it waits up to the time-out, and
 * ends at once when it is told to stop, but for the resolver of names.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "dashboard-export/sinks/sink_config.h"
#include "dashboard-export/sinks/transport.h"

struct redis_connection;

enum redis_kind {
	REDIS_KIND_NIL,
	REDIS_KIND_STATUS,
	REDIS_KIND_ERROR,
	REDIS_KIND_INTEGER,
	REDIS_KIND_TEXT,
	REDIS_KIND_ARRAY,
};

/** One reply, or an element of one; valid until the next reply is taken. */
struct redis_reply {
	enum redis_kind kind;
	const char *text; /**< status, error and text, with a NUL behind; else "" */
	size_t len;
	int64_t integer;
	size_t count;        /**< elements of an array */
	const void *library; /**< hiredis's own, for redis_reply_element */
};

/** To config->path where it is set, else to config->host and ->port; as config->user with
 * config->password; config->database. Borrows both. NULL: out of memory. */
struct redis_connection *
redis_connection_create(const struct sink_config *config, const struct transport_stop *stop);

/** Closes. NULL is allowed. */
void redis_connection_destroy(struct redis_connection *connection);

/**
 * Connects anew, logs in and selects the database. Returns 0 or -errno, and `why` in words: EACCES
 * where the server does not let us in, ETIMEDOUT, ECANCELED where it was told to stop, otherwise
 * as redis_error_of.
 */
int redis_connection_open(struct redis_connection *connection, char why[256]);
void redis_connection_close(struct redis_connection *connection);

/** Puts a command behind those that wait to be sent. Returns 0; -ENOMEM, or -ENOTCONN. */
int redis_connection_put(struct redis_connection *connection, size_t count,
			 const char *const *words, const size_t *lens);

/** The same for words that end in NUL, with NULL behind the last. */
int redis_connection_put_words(struct redis_connection *connection, const char *const *words);

/** Sends what waits, and takes the next reply. Returns 0, also for a reply that is an error; or
 * -errno with `why`, after which the connection is closed. */
int redis_connection_take(struct redis_connection *connection, struct redis_reply *reply,
			  char why[256]);

/** Element `index` of an array, below reply->count. */
struct redis_reply redis_reply_element(const struct redis_reply *reply, size_t index);

/** Whether the server has closed, or sent what nobody asked for; without waiting. 0 or -errno. */
int redis_connection_check(struct redis_connection *connection, char why[256]);

/** -errno of an error reply: -EACCES (NOAUTH, WRONGPASS, NOPERM), -EINVAL (WRONGTYPE, MOVED, an
 * unknown command), -EAGAIN for what passes (LOADING, READONLY, OOM, ...), else -EIO. */
int redis_error_of(const char *text);
