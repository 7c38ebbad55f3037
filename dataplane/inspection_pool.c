/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/inspection_pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/reserve.h"

#define NONE UINT32_MAX

struct inspection_pool {
	struct inspection *inspections;
	uint8_t *small; /* one small buffer for each inspection */
	uint8_t *large;
	uint32_t *large_free; /* stack of free large buffers */
	uint32_t small_count, large_count, large_free_count;
	uint32_t end; /* inspections from here on were never used */
	uint32_t free_head;
	uint32_t oldest, youngest;
};

struct inspection_pool *
inspection_pool_create(uint32_t small_count, uint32_t large_count)
{
	struct inspection_pool *p = calloc(1, sizeof(*p));
	if (p == NULL)
		return NULL;
	p->small_count = small_count;
	p->large_count = large_count;
	p->free_head = p->oldest = p->youngest = NONE;
	p->inspections = reserve_take(small_count * sizeof(*p->inspections), RESERVE_IN_ORDER);
	p->small = reserve_take((size_t)small_count * INSPECTION_SMALL, RESERVE_SCATTERED);
	p->large = reserve_take((size_t)large_count * INSPECTION_LARGE, RESERVE_SCATTERED);
	p->large_free = reserve_take(large_count * sizeof(*p->large_free), RESERVE_IN_ORDER);
	if (p->inspections == NULL || p->small == NULL || p->large == NULL ||
	    p->large_free == NULL) {
		inspection_pool_destroy(p);
		errno = ENOMEM;
		return NULL;
	}
	for (uint32_t i = 0; i < large_count; i++)
		p->large_free[p->large_free_count++] = large_count - 1 - i;
	return p;
}

void
inspection_pool_destroy(struct inspection_pool *pool)
{
	if (pool == NULL)
		return;
	reserve_release(pool->inspections, pool->small_count * sizeof(*pool->inspections));
	reserve_release(pool->small, (size_t)pool->small_count * INSPECTION_SMALL);
	reserve_release(pool->large, (size_t)pool->large_count * INSPECTION_LARGE);
	reserve_release(pool->large_free, pool->large_count * sizeof(*pool->large_free));
	free(pool);
}

struct inspection *
inspection_pool_get(struct inspection_pool *pool, uint32_t index)
{
	return &pool->inspections[index];
}

uint32_t
inspection_pool_oldest(const struct inspection_pool *pool)
{
	return pool->oldest;
}

uint32_t
inspection_pool_take(struct inspection_pool *pool, uint32_t flow)
{
	uint32_t index = pool->free_head;

	if (index != NONE)
		pool->free_head = pool->inspections[index].next;
	else if (pool->end < pool->small_count)
		index = pool->end++;
	else
		return NONE;

	struct inspection *i = &pool->inspections[index];
	memset(i, 0, sizeof(*i));
	first_bytes_init(&i->stream, pool->small + (size_t)index * INSPECTION_SMALL,
			 INSPECTION_SMALL);
	i->flow = flow;
	i->large = i->pair = i->cut_at = NONE;
	i->next = NONE;
	i->prev = pool->youngest;
	if (pool->youngest != NONE)
		pool->inspections[pool->youngest].next = index;
	else
		pool->oldest = index;
	pool->youngest = index;
	return index;
}

void
inspection_pool_release(struct inspection_pool *pool, uint32_t index)
{
	struct inspection *i = &pool->inspections[index];

	if (i->prev != NONE)
		pool->inspections[i->prev].next = i->next;
	else
		pool->oldest = i->next;
	if (i->next != NONE)
		pool->inspections[i->next].prev = i->prev;
	else
		pool->youngest = i->prev;
	if (i->large != NONE)
		pool->large_free[pool->large_free_count++] = i->large;
	i->next = pool->free_head;
	pool->free_head = index;
}

bool
inspection_pool_enlarge(struct inspection_pool *pool, struct inspection *inspection)
{
	struct inspection *i = inspection;

	if (i->large != NONE || pool->large_free_count == 0)
		return false;
	i->large = pool->large_free[--pool->large_free_count];
	uint8_t *buffer = pool->large + (size_t)i->large * INSPECTION_LARGE;
	memcpy(buffer, i->stream.buffer, INSPECTION_SMALL);
	i->stream.buffer = buffer;
	i->stream.size = INSPECTION_LARGE;
	return true;
}
