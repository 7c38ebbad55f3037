/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree of labels whose edges lie in one open hash table, keyed by (node above, label): a step of
 * the walk is one probe, usually one cache line, and there is nothing to follow but the array.
 * Names from the wire only ask; what is stored comes from the catalogue, so nobody outside can make
 * the probes long.
 */
#include "classifier/catalogue/name_table.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

/* Power of two; grows at three quarters full. */
#define FIRST_CAPACITY 256

/* Node numbers count from 1; 0 is the root. */
struct edge {
	uint32_t hash;
	uint32_t above;
	uint32_t node; /* 0: this place is free */
	uint32_t len;
	const char *label;
	void *value;
};

struct name_table {
	struct arena *arena;
	struct edge *edges;
	uint32_t capacity;
	uint32_t count;
};

struct name_table *
name_table_create(struct arena *arena)
{
	struct name_table *table = arena_alloc(arena, sizeof(*table));

	if (table == NULL)
		return NULL;
	table->arena = arena;
	table->capacity = FIRST_CAPACITY;
	table->edges = arena_alloc_array(arena, FIRST_CAPACITY, sizeof(*table->edges));
	return table->edges == NULL ? NULL : table;
}

/* FNV-1a begun with the node above; the last step spreads the high bits into the ones used as
 * index. */
static uint32_t
hash_of(uint32_t above, const char *label, size_t len)
{
	uint32_t hash = 2166136261u ^ (above * 2654435761u);

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (uint8_t)label[i]) * 16777619u;
	return hash ^ hash >> 15;
}

/* The edge, or the free place where it belongs. */
static struct edge *
probe(const struct name_table *table, uint32_t above, const char *label, size_t len)
{
	uint32_t hash = hash_of(above, label, len);

	for (uint32_t i = hash;; i++) {
		struct edge *edge = &table->edges[i & (table->capacity - 1)];
		if (edge->node == 0)
			return edge;
		if (edge->hash == hash && edge->above == above && edge->len == len &&
		    memcmp(edge->label, label, len) == 0)
			return edge;
	}
}

static bool
grow(struct name_table *table)
{
	struct name_table larger = {.capacity = table->capacity * 2};

	larger.edges = arena_alloc_array(table->arena, larger.capacity, sizeof(*larger.edges));
	if (larger.edges == NULL)
		return false;
	for (uint32_t i = 0; i < table->capacity; i++) {
		const struct edge *edge = &table->edges[i];
		if (edge->node != 0)
			*probe(&larger, edge->above, edge->label, edge->len) = *edge;
	}
	table->edges = larger.edges;
	table->capacity = larger.capacity;
	return true;
}

void **
name_table_place(struct name_table *table, const struct name_labels *suffix)
{
	struct edge *edge = NULL;
	uint32_t above = 0;

	if (suffix->count == 0 || suffix->count > NAME_TABLE_DEPTH_MAX) {
		errno = EINVAL;
		return NULL;
	}
	/* Room for all labels at once, so that no edge found moves below our feet. */
	while (table->count + suffix->count > table->capacity / 4 * 3) {
		if (!grow(table))
			return NULL;
	}
	for (size_t i = suffix->count; i-- > 0;) {
		const char *label = name_labels_text(suffix, i);
		size_t len = name_labels_len(suffix, i);
		edge = probe(table, above, label, len);
		if (edge->node == 0) {
			*edge = (struct edge){.hash = hash_of(above, label, len),
					      .above = above,
					      .node = ++table->count,
					      .len = (uint32_t)len,
					      .label = label};
		}
		above = edge->node;
	}
	return &edge->value;
}

size_t
name_table_find(const struct name_table *table, const struct name_labels *name,
		void *values[NAME_TABLE_DEPTH_MAX])
{
	size_t found = 0;
	uint32_t above = 0;

	for (size_t i = name->count; i-- > 0;) {
		const struct edge *edge =
			probe(table, above, name_labels_text(name, i), name_labels_len(name, i));
		if (edge->node == 0)
			break;
		if (edge->value != NULL)
			values[found++] = edge->value;
		above = edge->node;
	}
	return found;
}
