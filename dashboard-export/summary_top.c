/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums over and the largest rows of what a summary has counted.
 */
#include "dashboard-export/summary_state.h"

#include <string.h>

struct summary_sums
summary_crossing(const struct summary *summary)
{
	struct summary_sums sums = summary->directions[FLOW_DIRECTION_EGRESS].payload;

	summary_sums_add(&sums, &summary->directions[FLOW_DIRECTION_INGRESS].payload);
	return sums;
}

struct summary_sums
summary_under_us_law(const struct summary *summary)
{
	struct summary_sums sums = {0};

	for (unsigned class = 0; class < EXPOSURE_COUNT; class ++) {
		if (exposure_is_under_us_law((enum exposure) class))
			summary_sums_add(&sums, &summary->exposures[class]);
	}
	return sums;
}

/* Negative where row `a` comes before row `b`, never zero for different rows. */
typedef int row_order(const void *a, const void *b);

static int
compare_sums(const struct summary_sums *a, const struct summary_sums *b)
{
	if (a->up != b->up)
		return a->up > b->up ? -1 : 1;
	if (a->down != b->down)
		return a->down > b->down ? -1 : 1;
	if (a->flows != b->flows)
		return a->flows > b->flows ? -1 : 1;
	return 0;
}

static int
compare_operators(const void *left, const void *right)
{
	const struct summary_operator *a = left;
	const struct summary_operator *b = right;
	int order = compare_sums(&a->sums, &b->sums);

	if (order == 0)
		order = strcmp(a->operator_id, b->operator_id);
	if (order == 0)
		order = strcmp(a->service_id, b->service_id);
	if (order == 0)
		order = strcmp(a->service_kind, b->service_kind);
	if (order == 0)
		order = strcmp(a->host_id, b->host_id);
	return order != 0 ? order : (int)b->exposure - (int)a->exposure;
}

static int
compare_destinations(const void *left, const void *right)
{
	const struct summary_destination *a = left;
	const struct summary_destination *b = right;
	int order = compare_sums(&a->sums, &b->sums);

	return order != 0 ? order : memcmp(&a->address, &b->address, sizeof(a->address));
}

static int
compare_zones(const void *left, const void *right)
{
	const struct summary_zone *a = left;
	const struct summary_zone *b = right;
	int order = compare_sums(&a->sums, &b->sums);

	return order != 0 ? order : strcmp(a->id, b->id);
}

/* Rows of `size` bytes that begin with their sums. */
struct row_list {
	const char *rows;
	size_t size;
	size_t count;
	row_order *order;
};

static size_t
take_top(const struct row_list *list, const void **top, size_t max, struct summary_rest *rest)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		const void *row = list->rows + i * list->size;
		size_t at = count;

		while (at > 0 && list->order(row, top[at - 1]) < 0)
			at--;
		if (count == max) {
			const void *last = at < count ? top[--count] : row;
			rest->rows++;
			summary_sums_add(&rest->sums, last);
			if (last == row)
				continue;
		}
		memmove(top + at + 1, top + at, (count - at) * sizeof(*top));
		top[at] = row;
		count++;
	}
	return count;
}

size_t
summary_top_operators(const struct summary *summary, const void **top, size_t max,
		      struct summary_rest *rest)
{
	const struct row_list list = {
		.rows = (const char *)summary->operators,
		.size = sizeof(*summary->operators),
		.count = key_index_count(summary->operator_keys),
		.order = compare_operators,
	};
	*rest = (struct summary_rest){.sums = summary->operators_beyond};
	return take_top(&list, top, max, rest);
}

size_t
summary_top_destinations(const struct summary *summary, const void **top, size_t max,
			 struct summary_rest *rest)
{
	const struct row_list list = {
		.rows = (const char *)summary->destinations,
		.size = sizeof(*summary->destinations),
		.count = key_index_count(summary->destination_keys),
		.order = compare_destinations,
	};
	*rest = (struct summary_rest){.sums = summary->destinations_beyond};
	return take_top(&list, top, max, rest);
}

size_t
summary_top_zones(const struct summary *summary, const void **top, size_t max,
		  struct summary_rest *rest)
{
	const struct row_list list = {
		.rows = (const char *)summary->zones.rows,
		.size = sizeof(*summary->zones.rows),
		.count = key_index_count(summary->zones.keys),
		.order = compare_zones,
	};
	*rest = (struct summary_rest){.sums = summary->zones.beyond};
	return take_top(&list, top, max, rest);
}
