/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bounded table that remembers what was used lately: fixed-size keys to fixed-size entries, and
 * when it is full the entry used longest ago makes room. What goes first depends on the order of
 * use alone, so that replays agree; where an entry lies depends on a seed of the process, so that
 * nobody can choose keys that collide. One thread owns it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct recent_table;

typedef void (*recent_table_release)(void *entry);

/**
 * Room for `max_entries` (1 to 2^24) entries; keys are compared as bytes, so padding has to be
 * zero. Memory is touched as far as it is used. `release` frees what an entry that goes has come to
 * own; NULL: nothing. NULL with errno (EINVAL, ENOMEM); free with recent_table_destroy (NULL
 * allowed).
 */
struct recent_table *recent_table_create(uint32_t max_entries, size_t key_size, size_t entry_size,
					 recent_table_release release);
void recent_table_destroy(struct recent_table *table);

/** Forgets everything and starts counting evictions at 0. */
void recent_table_clear(struct recent_table *table);

/** The entry of `key`, used just now; NULL where there is none. Valid until the next call. */
void *recent_table_find(struct recent_table *table, const void *key);

/**
 * The same, made of zeros where there was none (`*made` then is true). Cannot fail: the entry used
 * longest ago goes where there is no room.
 */
void *recent_table_get(struct recent_table *table, const void *key, bool *made);

/** Has the processor fetch what recent_table_find or _get of `key` will look at first. */
void recent_table_prefetch(const struct recent_table *table, const void *key);

/** Forgets the entry of `key`, if any. */
void recent_table_remove(struct recent_table *table, const void *key);

/** Entries that had to go since the table was created or cleared. */
uint64_t recent_table_evicted(const struct recent_table *table);
