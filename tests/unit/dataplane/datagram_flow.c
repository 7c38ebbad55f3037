/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/dataplane/datagram_flow.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/names/wire.h"

void
datagram_flow_begin(struct datagram_flow *d)
{
	static const struct flow_key key = {.version = 4, .transport = TRANSPORT_UDP};

	datagram_flow_end(d);
	d->flows = flow_table_create(10);
	if (d->flows == NULL || inspector_init(&d->inspector, d->flows, &d->counters) != 0)
		abort();
	d->flow = flow_table_get(d->flows, flow_table_add(d->flows, &key, 1));
	d->flow->inspect = FLOW_NONE;
	d->flow->name = FLOW_NONE;
	d->flow->detail = FLOW_NONE;
	d->flow->owes = FLOW_OWES_QUIC;
}

void
datagram_flow_end(struct datagram_flow *d)
{
	inspector_fini(&d->inspector);
	flow_table_destroy(d->flows);
	memset(d, 0, sizeof(*d));
}

void
datagram_flow_show(struct datagram_flow *d, unsigned direction, struct slice payload)
{
	uint8_t *copy = wire_exact_copy(payload);
	struct decoded decoded = {
		.payload = copy,
		.payload_len = (uint32_t)payload.len,
		.wire_payload_len = (uint32_t)payload.len,
	};

	if (d->flow->owes != 0)
		inspect_udp(&d->inspector, 0, &decoded, direction);
	else if (inspect_is_late(&decoded))
		inspect_udp_late(&d->inspector, 0, &decoded, direction);
	free(copy);
}

bool
datagram_flow_has_name(const struct datagram_flow *d, const char *name)
{
	size_t len;

	if (d->flow->name == FLOW_NONE || name == NULL)
		return d->flow->name == FLOW_NONE && name == NULL;
	return strcmp(name_pool_get(d->inspector.names, d->flow->name, &len), name) == 0;
}

unsigned
datagram_flow_notes(const struct datagram_flow *d)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < WORKER_NOTE_COUNT; i++)
		sum += (unsigned)d->counters.notes[i];
	return sum;
}
