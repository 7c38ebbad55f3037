/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flows on their way to one sink: a bounded queue between the analysis thread, which never waits,
 * and the sink's. What finds no room is dropped and counted.
 */
#pragma once

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#define DELIVERY_FLOWS_MAX 65536u
#define DELIVERY_FLOW_BYTES_MAX (64u * 1024 * 1024)

struct flow_line {
	struct flow_line *next;
	size_t len;
	char bytes[];
};

struct delivery_flows {
	pthread_mutex_t lock;
	struct flow_line *first, **last;
	size_t count, bytes;
	uint64_t dropped;
};

void delivery_flows_init(struct delivery_flows *flows);
void delivery_flows_fini(struct delivery_flows *flows);

/** Copies a line to the end, or counts it as dropped. */
void delivery_flows_add(struct delivery_flows *flows, const char *line, size_t len);

/** The first line, NULL: none. It stays, with those behind it, until it is dropped by the one
 * thread that takes. */
const struct flow_line *delivery_flows_first(struct delivery_flows *flows);

/** How many lines wait: so many may be reached from the first one. */
size_t delivery_flows_count(struct delivery_flows *flows);

/** Forgets the first `count` lines, which have arrived. */
void delivery_flows_drop(struct delivery_flows *flows, size_t count);

uint64_t delivery_flows_dropped(struct delivery_flows *flows);
