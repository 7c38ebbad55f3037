/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a wait ends: at a time, or as soon as its owner is told to stop. Every wait of a transport
 * goes through here, so that none outlasts either. For one thread each.
 */
#pragma once

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "dashboard-export/sinks/transport.h"

/** Descriptors that can be waited for at once. */
#define DEADLINE_FDS_MAX 8

struct deadline {
	uint64_t at_ms; /**< of the monotonic clock */
	const struct transport_stop *stop;
};

/** The deadline `ms` milliseconds from now. Borrows `stop`. */
struct deadline deadline_in(const struct transport_stop *stop, uint64_t ms);

/** Milliseconds left; 0 when it has passed. */
uint64_t deadline_left_ms(const struct deadline *deadline);

/**
 * Waits until one of up to DEADLINE_FDS_MAX descriptors is ready; `revents` says which. Returns how
 * many; -ETIMEDOUT at the deadline; -ECANCELED when told to stop; another -errno of poll().
 */
int deadline_poll(const struct deadline *deadline, struct pollfd *fds, size_t count);

/** The same for one descriptor. Returns 0 when it is ready or has failed. */
int deadline_wait(const struct deadline *deadline, int fd, short events);

/** Waits `ms` milliseconds, but not past the deadline. Returns 0, -ETIMEDOUT or -ECANCELED. */
int deadline_pause(const struct deadline *deadline, uint64_t ms);
