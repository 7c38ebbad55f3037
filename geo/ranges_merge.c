/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/ranges_merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* No prefix has more than 128 others around it, one of each shorter length. */
#define NESTING_MAX 129

int
range_merge_add(void *merge, const struct range_entry *entry)
{
	struct range_merge *m = merge;

	if (m->count == m->room) {
		size_t room = m->room == 0 ? 1024 : m->room * 2;
		struct range_entry *grown = reallocarray(m->entries, room, sizeof(*grown));
		if (grown == NULL)
			return -ENOMEM;
		m->entries = grown;
		m->room = room;
	}
	m->entries[m->count++] = *entry;
	return 0;
}

static int
compare_prefixes(const struct ip_prefix *a, const struct ip_prefix *b)
{
	if (a->address.version != b->address.version)
		return a->address.version < b->address.version ? -1 : 1;
	int order = memcmp(a->address.bytes, b->address.bytes, sizeof(a->address.bytes));
	return order != 0 ? order : (int)a->bits - (int)b->bits;
}

/* In byte order; what is absent comes last. */
static int
compare_texts(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a == NULL) - (b == NULL);
	return strcmp(a, b);
}

static int
compare_entries(const void *left, const void *right, void *rank_of)
{
	const struct range_entry *a = left, *b = right;
	range_rank_fn rank = *(const range_rank_fn *)rank_of;
	int order = compare_prefixes(&a->prefix, &b->prefix);

	if (order == 0 && a->service != NULL && b->service != NULL)
		order = rank(a->service) - rank(b->service);
	if (order == 0)
		order = compare_texts(a->service, b->service);
	return order != 0 ? order : compare_texts(a->region, b->region);
}

/* The first entry of each prefix stays, and takes a region from the others where it has none. */
static void
join_equal_prefixes(struct range_merge *m)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->count; i++) {
		struct range_entry *last = kept > 0 ? &m->entries[kept - 1] : NULL;
		if (last == NULL || compare_prefixes(&last->prefix, &m->entries[i].prefix) != 0)
			m->entries[kept++] = m->entries[i];
		else if (last->region == NULL)
			last->region = m->entries[i].region;
	}
	m->count = kept;
}

/* In sorted order a prefix comes behind those around it, which a stack keeps. */
static void
inherit_regions(struct range_merge *m)
{
	const struct range_entry *around[NESTING_MAX];
	size_t depth = 0;

	for (size_t i = 0; i < m->count; i++) {
		struct range_entry *entry = &m->entries[i];
		while (depth > 0 &&
		       !ip_prefix_contains(&around[depth - 1]->prefix, &entry->prefix.address))
			depth--;
		if (entry->region == NULL && depth > 0)
			entry->region = around[depth - 1]->region;
		around[depth++] = entry;
	}
}

int
range_merge_finish(struct range_merge *merge, const struct range_sink *sink)
{
	if (merge->count > 1)
		qsort_r(merge->entries, merge->count, sizeof(*merge->entries), compare_entries,
			&merge->rank);
	join_equal_prefixes(merge);
	if (merge->inherit_region)
		inherit_regions(merge);
	for (size_t i = 0; i < merge->count; i++) {
		int rc = sink->on_entry(sink->context, &merge->entries[i]);
		if (rc != 0)
			return rc;
	}
	return 0;
}

void
range_merge_fini(struct range_merge *merge)
{
	free(merge->entries);
	merge->entries = NULL;
	merge->count = merge->room = 0;
}
