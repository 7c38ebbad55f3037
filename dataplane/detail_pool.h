/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is told of some flows beside their name (struct flow_detail): kept apart from the flows, so
 * that those of which there is nothing to tell stay small. Reserved at the start and touched only
 * as far as used. One worker owns it.
 */
#pragma once

#include <stdint.h>

#include "base/flow_record.h"

struct detail_pool;

/** No such detail, or no room for one. */
#define DETAIL_POOL_NONE UINT32_MAX

/** Room for `max_details`. NULL with errno; free with detail_pool_destroy (NULL allowed). */
struct detail_pool *detail_pool_create(uint32_t max_details);
void detail_pool_destroy(struct detail_pool *pool);

/** A detail that is all zero; DETAIL_POOL_NONE when all are in use. */
uint32_t detail_pool_take(struct detail_pool *pool);

/** Valid until released. */
struct flow_detail *detail_pool_get(const struct detail_pool *pool, uint32_t detail);

void detail_pool_release(struct detail_pool *pool, uint32_t detail);
