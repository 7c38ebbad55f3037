/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/due_flow.h"

#include <stdbool.h>

static bool
is_later(const struct due_flow *a, const struct due_flow *b)
{
	return a->rank != b->rank ? a->rank > b->rank : a->flow_id > b->flow_id;
}

static void
sift_down(struct due_flow *due, size_t root, size_t count)
{
	for (;;) {
		size_t child = 2 * root + 1;
		if (child >= count)
			return;
		if (child + 1 < count && is_later(&due[child + 1], &due[child]))
			child++;
		if (!is_later(&due[child], &due[root]))
			return;
		struct due_flow swapped = due[root];
		due[root] = due[child];
		due[child] = swapped;
		root = child;
	}
}

/* Heap sort. */
void
due_flow_sort(struct due_flow *due, size_t count)
{
	for (size_t i = count / 2; i-- > 0;)
		sift_down(due, i, count);
	while (count > 1) {
		struct due_flow largest = due[0];
		due[0] = due[--count];
		due[count] = largest;
		sift_down(due, 0, count);
	}
}
