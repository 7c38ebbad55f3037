/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/name_pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/reserve.h"

#define CLASSES 4u
#define CLASS_SHIFT 30 /* a name's index has its class in the two highest bits */
#define INDEX_MASK ((1u << CLASS_SHIFT) - 1)

/* Slots of one size. A slot holds a length byte, the text and a NUL; a free one the index of the
 * next. */
struct size_class {
	uint8_t *slots;
	uint32_t slot_size;
	uint32_t max;
	uint32_t end; /* slots from here on were never used */
	uint32_t free_head;
};

struct name_pool {
	struct size_class classes[CLASSES];
};

struct name_pool *
name_pool_create(uint32_t max_names)
{
	struct name_pool *pool = calloc(1, sizeof(*pool));
	if (pool == NULL)
		return NULL;
	for (unsigned i = 0; i < CLASSES; i++) {
		struct size_class *c = &pool->classes[i];
		c->slot_size = 32u << i;
		/* Most names are short: each larger size gets half as many slots. */
		c->max = (max_names >> i) + 1;
		c->free_head = NAME_POOL_NONE;
		c->slots = reserve_take((size_t)c->max * c->slot_size, RESERVE_IN_ORDER);
		if (c->slots == NULL) {
			name_pool_destroy(pool);
			errno = ENOMEM;
			return NULL;
		}
	}
	return pool;
}

void
name_pool_destroy(struct name_pool *pool)
{
	if (pool == NULL)
		return;
	for (unsigned i = 0; i < CLASSES; i++) {
		struct size_class *c = &pool->classes[i];
		reserve_release(c->slots, (size_t)c->max * c->slot_size);
	}
	free(pool);
}

static uint32_t
take_slot(struct size_class *c)
{
	uint32_t index = c->free_head;
	if (index != NAME_POOL_NONE)
		memcpy(&c->free_head, c->slots + (size_t)index * c->slot_size, sizeof(index));
	else if (c->end < c->max)
		index = c->end++;
	return index;
}

uint32_t
name_pool_add(struct name_pool *pool, const char *text, size_t len)
{
	for (unsigned i = 0; i < CLASSES; i++) {
		struct size_class *c = &pool->classes[i];
		if (len + 2 > c->slot_size)
			continue;
		uint32_t index = take_slot(c);
		if (index == NAME_POOL_NONE)
			continue;
		uint8_t *slot = c->slots + (size_t)index * c->slot_size;
		slot[0] = (uint8_t)len;
		memcpy(slot + 1, text, len);
		slot[1 + len] = '\0';
		return i << CLASS_SHIFT | index;
	}
	return NAME_POOL_NONE;
}

static const uint8_t *
slot_of(const struct name_pool *pool, uint32_t name)
{
	const struct size_class *c = &pool->classes[name >> CLASS_SHIFT];
	return c->slots + (size_t)(name & INDEX_MASK) * c->slot_size;
}

void
name_pool_prefetch(const struct name_pool *pool, uint32_t name)
{
	__builtin_prefetch(slot_of(pool, name));
}

const char *
name_pool_get(const struct name_pool *pool, uint32_t name, size_t *len)
{
	const uint8_t *slot = slot_of(pool, name);
	*len = slot[0];
	return (const char *)slot + 1;
}

void
name_pool_remove(struct name_pool *pool, uint32_t name)
{
	struct size_class *c = &pool->classes[name >> CLASS_SHIFT];
	uint32_t index = name & INDEX_MASK;
	memcpy(c->slots + (size_t)index * c->slot_size, &c->free_head, sizeof(index));
	c->free_head = index;
}
