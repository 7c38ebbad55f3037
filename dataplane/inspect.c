/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/inspect.h"

#include <errno.h>
#include <stdlib.h>

#include "dataplane/inspect_internal.h"

/* In flight at once: flows whose ClientHello has begun and is not complete. */
#define INSPECTIONS_MAX 16384u
#define INSPECTIONS_LARGE_MAX 512u

int
inspector_init(struct inspector *inspector, struct flow_table *flows,
	       struct worker_counters *counters)
{
	*inspector = (struct inspector){.flows = flows, .counters = counters};
	inspector->pool = inspection_pool_create(INSPECTIONS_MAX, INSPECTIONS_LARGE_MAX);
	inspector->names = name_pool_create(flow_table_max(flows));
	inspector->quic = quic_opener_create();
	inspector->scratch = malloc(INSPECTOR_SCRATCH);
	if (inspector->pool == NULL || inspector->names == NULL || inspector->quic == NULL ||
	    inspector->scratch == NULL) {
		inspector_fini(inspector);
		return -ENOMEM;
	}
	return 0;
}

void
inspector_fini(struct inspector *inspector)
{
	inspection_pool_destroy(inspector->pool);
	name_pool_destroy(inspector->names);
	quic_opener_destroy(inspector->quic);
	free(inspector->scratch);
	*inspector = (struct inspector){0};
}

void
inspect_release(struct inspector *ins, struct flow *flow)
{
	if (flow->inspect == FLOW_NONE)
		return;
	inspection_pool_release(ins->pool, flow->inspect);
	flow->inspect = FLOW_NONE;
}

static void
evict_oldest(struct inspector *ins)
{
	uint32_t oldest = inspection_pool_oldest(ins->pool);
	struct flow *flow =
		flow_table_get(ins->flows, inspection_pool_get(ins->pool, oldest)->flow);

	inspect_note(ins, NOTE_INSPECTION_EVICTED);
	flow->flags |= FLOW_FLAG_NAME_INCOMPLETE;
	flow->owes = 0;
	inspect_release(ins, flow);
}

struct inspection *
inspect_take(struct inspector *ins, uint32_t index)
{
	struct flow *flow = flow_table_get(ins->flows, index);

	if (flow->inspect == FLOW_NONE) {
		flow->inspect = inspection_pool_take(ins->pool, index);
		if (flow->inspect == FLOW_NONE) {
			evict_oldest(ins);
			flow->inspect = inspection_pool_take(ins->pool, index);
		}
	}
	return inspection_pool_get(ins->pool, flow->inspect);
}

bool
inspect_add(struct inspector *ins, struct flow *flow, uint64_t offset, struct slice piece)
{
	struct inspection *i = inspection_pool_get(ins->pool, flow->inspect);

	if (offset + piece.len > i->stream.size)
		(void)inspection_pool_enlarge(ins->pool, flow->inspect);
	switch (first_bytes_add(&i->stream, offset, piece)) {
	case FIRST_BYTES_TAKEN:
		return true;
	case FIRST_BYTES_BEYOND:
		inspect_note(ins, NOTE_FIRST_BYTES_TOO_LONG);
		/* What fitted may still hold the whole message: only a stream that cannot grow is
		 * given up. */
		return i->stream.run_count == 0 || i->stream.runs[0].end < i->stream.size;
	case FIRST_BYTES_TOO_MANY_RUNS:
		inspect_note(ins, NOTE_FIRST_BYTES_SCATTERED);
		return true;
	}
	return false;
}

void
inspect_initiator(struct flow *flow, unsigned direction)
{
	if (flow->initiator_rank >= INITIATOR_NAMED)
		return;
	flow->initiator = (uint8_t)direction;
	flow->initiator_rank = INITIATOR_NAMED;
}

void
inspect_name(struct inspector *ins, struct flow *flow, const char *name, size_t len,
	     enum name_source source)
{
	if (len == 0) {
		flow->flags |= FLOW_FLAG_NAME_REFUSED;
		inspect_note(ins, NOTE_NAME_REFUSED);
		return;
	}
	if (flow->name != FLOW_NONE)
		return;
	flow->name = name_pool_add(ins->names, name, len);
	if (flow->name == NAME_POOL_NONE)
		inspect_note(ins, NOTE_NAME_POOL_FULL);
	else
		flow->name_source = (uint8_t)source;
}

void
inspect_client_hello(struct inspector *ins, struct flow *flow, const struct tls_client_hello *hello,
		     enum name_source source)
{
	char name[DOMAIN_NAME_MAX];

	if (hello->has_ech)
		flow->flags |= FLOW_FLAG_ECH_OR_GREASE;
	if (hello->server_name.len == 0)
		flow->flags |= FLOW_FLAG_NO_SNI;
	else
		inspect_name(ins, flow, name, domain_name_canonical(hello->server_name, name),
			     source);
}
