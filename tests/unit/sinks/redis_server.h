/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A redis-server of the test's own, on a free port of 127.0.0.1 and a Unix socket, with users:
 * "writer" (password "w") may add to streams "vigie:*" and read them, and do what roll-ups need;
 * "adder" ("a") may only add; "default" has the password "d" and may do everything.
 */
#pragma once

#include <stdbool.h>

#include "dashboard-export/sinks/redis_connection.h"

/** Starts it; false where redis-server is not installed. */
bool redis_server_start(void);
void redis_server_stop(void);

/** Ends it and starts it again at the same places, empty. */
void redis_server_restart(void);

const char *redis_server_port(void);
const char *redis_server_socket(void);

/** Asks it as "default"; words as in redis_connection_put_words. The reply is valid until the next
 * call. */
struct redis_reply redis_server_ask(const char *const *words);

/** redis_server_ask for the words given. */
#define REDIS_ASK(...) redis_server_ask((const char *const[]){__VA_ARGS__, NULL})
