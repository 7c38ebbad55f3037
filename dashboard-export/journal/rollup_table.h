/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums being made on the analysis side before the journal takes them: a bounded hash table, to be
 * emptied now and then and whenever it is full. Of a zone with `privacy: excluded` neither zone nor
 * host is kept. One thread.
 */
#pragma once

#include "classifier/policy/judged_flow.h"
#include "dashboard-export/journal/rollup.h"

struct rollup_table;

/** NULL with ENOMEM; free with rollup_table_destroy (NULL allowed). */
struct rollup_table *rollup_table_create(void);
void rollup_table_destroy(struct rollup_table *table);

/** Adds what is new of a flow over the border: payload bytes up and down since its last record.
 * `is_new`: no record of it was added before. `day` is that of its start, "2026-12-01". False where
 * there is no room: it is not counted. */
bool rollup_table_add(struct rollup_table *table, const struct judged_flow *flow, const char *day,
		      uint64_t up, uint64_t down, bool is_new);

/** Whether it is nearly full. */
bool rollup_table_is_full(const struct rollup_table *table);

/** Takes the sums out as an array of the caller's (free), and begins anew. 0: there are none, and
 * `*rows` is NULL. */
size_t rollup_table_take(struct rollup_table *table, struct rollup **rows);
