/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/flow_progress.h"

#include "base/recent_table.h"

#include <errno.h>
#include <stdlib.h>

struct flow_progress {
	struct recent_table *told;
};

/* What the last record said. */
struct told {
	struct flow_side from_source;
	struct flow_side from_destination;
};

struct flow_progress *
flow_progress_create(uint32_t max_flows)
{
	struct flow_progress *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->told = recent_table_create(max_flows, sizeof(uint64_t), sizeof(struct told), NULL);
	if (p->told == NULL) {
		int error = errno;
		free(p);
		errno = error;
		return NULL;
	}
	return p;
}

void
flow_progress_destroy(struct flow_progress *progress)
{
	if (progress == NULL)
		return;
	recent_table_destroy(progress->told);
	free(progress);
}

void
flow_progress_clear(struct flow_progress *progress)
{
	recent_table_clear(progress->told);
}

/* A record that says less than the one before cannot come from one flow; nothing is new then. */
static uint64_t
above(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0;
}

static struct flow_side
fresh_side(const struct flow_side *now, const struct flow_side *before)
{
	return (struct flow_side){
		.packets = above(now->packets, before->packets),
		.bytes = above(now->bytes, before->bytes),
		.payload = above(now->payload, before->payload),
	};
}

void
flow_progress_take(struct flow_progress *progress, const struct flow_record *record,
		   struct flow_fresh *out)
{
	static const struct told nothing;
	const struct told *before = recent_table_find(progress->told, &record->flow_id);
	struct told now = {record->from_source, record->from_destination};
	bool made;

	out->first = before == NULL;
	if (before == NULL)
		before = &nothing;
	out->from_source = fresh_side(&now.from_source, &before->from_source);
	out->from_destination = fresh_side(&now.from_destination, &before->from_destination);
	if (record->final)
		recent_table_remove(progress->told, &record->flow_id);
	else
		*(struct told *)recent_table_get(progress->told, &record->flow_id, &made) = now;
}

uint64_t
flow_progress_evicted(const struct flow_progress *progress)
{
	return recent_table_evicted(progress->told);
}
