/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tunnels that carry a flow. What lies inside is as its sender wrote it; where the packets
 * really go is what their outer ends say. Of the tunnels in each other that a packet came in one
 * counts: the outermost by which it leaves the inside, else the outermost by which it comes in,
 * else the outermost.
 *
 * Where that one crosses the border, its ends belong to the flow's key: what the same two inner
 * ends say to each other by another way is another flow. Else a few packets in a harmless tunnel,
 * or in none, could come first and hide where the others go. Tunnels that stay on one side do not
 * tell flows apart: there, either direction may take its own.
 */
#include <string.h>

#include "dataplane/inspect_internal.h"
#include "dataplane/worker_internal.h"

/* What a pair tells of the border, the least first. */
enum outer_rank {
	OUTER_WITHIN, /* both ends on one side */
	OUTER_ENTERS,
	OUTER_LEAVES,
};

/* A pair as the packet has it. */
struct outer {
	struct ip_address source, destination;
	enum outer_rank rank;
	uint8_t tunnel;
	bool source_inside, destination_inside;
};

static void
look_at(const struct worker *w, const struct decoded *d, unsigned i, struct outer *out)
{
	decoded_outer_ends(d, i, &out->source, &out->destination);
	out->tunnel = d->outer_tunnel[i];
	out->source_inside = inside_map_contains(w->config.inside, &out->source);
	out->destination_inside = inside_map_contains(w->config.inside, &out->destination);
	if (out->source_inside == out->destination_inside)
		out->rank = OUTER_WITHIN;
	else
		out->rank = out->source_inside ? OUTER_LEAVES : OUTER_ENTERS;
}

static void
choose(const struct worker *w, const struct decoded *d, struct outer *out)
{
	look_at(w, d, 0, out);
	for (unsigned i = 1; i < d->outer_count && out->rank != OUTER_LEAVES; i++) {
		struct outer inner;
		look_at(w, d, i, &inner);
		if (inner.rank > out->rank)
			*out = inner;
	}
}

/* A hash of a pair, the same for both directions. */
static uint64_t
hash_pair(const struct ip_address *a, const struct ip_address *b, uint64_t seed)
{
	struct flow_key key = {.version = a->version};
	bool in_order = memcmp(a->bytes, b->bytes, sizeof(a->bytes)) <= 0;

	memcpy(key.low_address, in_order ? a->bytes : b->bytes, sizeof(key.low_address));
	memcpy(key.high_address, in_order ? b->bytes : a->bytes, sizeof(key.high_address));
	return flow_key_hash(&key, seed);
}

void
worker_key_outer(const struct worker *worker, struct decoded *d)
{
	struct outer outer;

	choose(worker, d, &outer);
	if (outer.rank == OUTER_WITHIN)
		return;
	/* By a seed that nobody knows, so that no two paths can be chosen to be one. */
	uint64_t hash = hash_pair(&outer.source, &outer.destination, worker->config.hash_seed);
	d->key.path = (uint32_t)(1 + hash % FLOW_PATH_MAX);
	d->leaves = outer.rank == OUTER_LEAVES;
}

void
worker_take_outer(struct worker *worker, struct flow *flow, const struct decoded *d)
{
	struct flow_detail *detail = inspect_detail(&worker->inspector, flow);

	flow->flags |= FLOW_FLAG_TUNNELLED;
	if (detail == NULL || detail->tunnel != FLOW_TUNNEL_NONE)
		return;
	struct outer o;
	choose(worker, d, &o);
	bool low = !worker_sender(flow, d);
	/* Until the record is written the source is the end behind which the flow's low end is. */
	detail->tunnel = o.tunnel;
	detail->outer_source = low ? o.source : o.destination;
	detail->outer_destination = low ? o.destination : o.source;
	detail->outer_source_inside = low ? o.source_inside : o.destination_inside;
	detail->outer_destination_inside = low ? o.destination_inside : o.source_inside;
}

uint64_t
worker_outer_id(const struct worker *worker, const struct flow *flow)
{
	if (flow->key.path == 0 || flow->detail == FLOW_NONE)
		return flow->key.path;
	const struct flow_detail *detail = detail_pool_get(worker->inspector.details, flow->detail);
	return hash_pair(&detail->outer_source, &detail->outer_destination, worker->config.id_seed);
}

void
worker_copy_detail(const struct worker *worker, const struct flow *flow, struct flow_detail *out)
{
	if (flow->detail == FLOW_NONE) {
		memset(out, 0, sizeof(*out));
		return;
	}
	const struct flow_detail *kept = detail_pool_get(worker->inspector.details, flow->detail);
	*out = *kept;
	if (flow->initiator == 0)
		return;
	out->outer_source = kept->outer_destination;
	out->outer_destination = kept->outer_source;
	out->outer_source_inside = kept->outer_destination_inside;
	out->outer_destination_inside = kept->outer_source_inside;
}
