/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/detail_pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/reserve.h"

struct detail_pool {
	union place {
		struct flow_detail detail;
		uint32_t next_free;
	} * places;
	uint32_t max;
	uint32_t end; /* places from here on were never used */
	uint32_t free_head;
};

struct detail_pool *
detail_pool_create(uint32_t max_details)
{
	struct detail_pool *pool = calloc(1, sizeof(*pool));
	if (pool == NULL)
		return NULL;
	pool->places = reserve_take(max_details * sizeof(*pool->places), RESERVE_IN_ORDER);
	if (pool->places == NULL) {
		free(pool);
		errno = ENOMEM;
		return NULL;
	}
	pool->max = max_details;
	pool->free_head = DETAIL_POOL_NONE;
	return pool;
}

void
detail_pool_destroy(struct detail_pool *pool)
{
	if (pool == NULL)
		return;
	reserve_release(pool->places, pool->max * sizeof(*pool->places));
	free(pool);
}

uint32_t
detail_pool_take(struct detail_pool *pool)
{
	uint32_t detail = pool->free_head;

	if (detail != DETAIL_POOL_NONE)
		pool->free_head = pool->places[detail].next_free;
	else if (pool->end < pool->max)
		detail = pool->end++;
	else
		return DETAIL_POOL_NONE;
	memset(&pool->places[detail].detail, 0, sizeof(pool->places[detail].detail));
	return detail;
}

struct flow_detail *
detail_pool_get(const struct detail_pool *pool, uint32_t detail)
{
	return &pool->places[detail].detail;
}

void
detail_pool_release(struct detail_pool *pool, uint32_t detail)
{
	pool->places[detail].next_free = pool->free_head;
	pool->free_head = detail;
}
