/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The flows of one worker: found by key, a bounded number of them, in memory reserved at the start
 * and touched only as far as it is used. Buckets of one cache line hold seven (hash, index) pairs
 * and count how many keys went past them, so a look-up that finds nothing stops after one line (the
 * idea of F14 tables). One worker owns it; no locks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dataplane/flow.h"

/** Seven (hash, index) pairs on one cache line. */
#define FLOW_BUCKET_SLOTS 7

/**
 * `passed` counts the keys whose home is at or before this bucket and that found it full: a look-up
 * goes on to the next bucket only where it is not zero.
 */
struct flow_bucket {
	uint32_t hash[FLOW_BUCKET_SLOTS];
	uint32_t flow[FLOW_BUCKET_SLOTS];
	uint32_t used; /**< bit i: slot i holds a flow */
	uint32_t passed;
};

/** Open for the inline functions below; everybody else uses the functions. */
struct flow_table {
	struct flow *flows;
	struct flow_bucket *buckets;
	uint32_t bucket_mask;
	uint32_t count;
	uint32_t max;
	uint32_t end;       /**< flows from here on were never used */
	uint32_t free_head; /**< removed ones, linked through timer_next */
};

/** A table for at most `max_flows` flows. NULL with errno; free with flow_table_destroy (NULL
 * allowed). */
struct flow_table *flow_table_create(uint32_t max_flows);
void flow_table_destroy(struct flow_table *table);

/** Flows in the table, and the most it takes. */
uint32_t flow_table_count(const struct flow_table *table);
uint32_t flow_table_max(const struct flow_table *table);

/** Brings the bucket of `hash` near; call for a whole burst before looking up. */
static inline void
flow_table_prefetch(const struct flow_table *table, uint32_t hash)
{
	__builtin_prefetch(&table->buckets[hash & table->bucket_mask]);
}

/** First flow whose stored hash fits, without comparing keys: to prefetch its lines. FLOW_NONE if
 * there is none. */
uint32_t flow_table_candidate(const struct flow_table *table, uint32_t hash);

/** The flow of `key`, or FLOW_NONE. */
uint32_t flow_table_find(const struct flow_table *table, const struct flow_key *key, uint32_t hash);

/** A zeroed flow with key and hash set, entered; FLOW_NONE when the table is full (evict one and
 * try again). */
uint32_t flow_table_add(struct flow_table *table, const struct flow_key *key, uint32_t hash);

/** Takes a flow out; its memory is used again by a later add. */
void flow_table_remove(struct flow_table *table, uint32_t index);

/** Takes all flows out at once. */
void flow_table_clear(struct flow_table *table);

/** The flow of an index; valid until removed. */
static inline struct flow *
flow_table_get(const struct flow_table *table, uint32_t index)
{
	return &table->flows[index];
}

/** One past the highest index ever used: for walking all (flows not in use have last_ns 0 and
 * packets 0). */
uint32_t flow_table_end(const struct flow_table *table);
