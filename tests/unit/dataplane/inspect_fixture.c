/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/dataplane/inspect_fixture.h"

#include <stdlib.h>
#include <string.h>

struct fixture fixture;

static bool
take_certificate(void *owner, uint64_t id, struct slice der)
{
	struct handed *handed = owner;

	if (handed->is_full)
		return false;
	handed->certificates++;
	handed->id = id;
	handed->der.len = 0;
	wire_bytes(&handed->der, der.data, der.len);
	return true;
}

static void
take_dns(void *owner, const struct flow *flow, unsigned direction, struct slice message)
{
	struct handed *handed = owner;

	(void)flow;
	(void)direction;
	handed->dns++;
	handed->answer.len = 0;
	wire_bytes(&handed->answer, message.data, message.len);
}

uint32_t
fixture_add_flow(uint16_t client_port, uint16_t server_port)
{
	struct flow_key key = {.version = 4,
			       .transport = TRANSPORT_TCP,
			       .low_port = client_port,
			       .high_port = server_port};

	fixture.index = flow_table_add(fixture.flows, &key, client_port);
	fixture.flow = flow_table_get(fixture.flows, fixture.index);
	fixture.flow->inspect = FLOW_NONE;
	fixture.flow->name = FLOW_NONE;
	fixture.flow->detail = FLOW_NONE;
	fixture.flow->owes = FLOW_OWES_LOW | FLOW_OWES_HIGH;
	return fixture.index;
}

void
fixture_end(void)
{
	inspector_fini(&fixture.ins);
	flow_table_destroy(fixture.flows);
	fixture.flows = NULL;
}

void
fixture_begin(uint16_t server_port)
{
	fixture_end();
	fixture.flows = flow_table_create(20000);
	memset(&fixture.counters, 0, sizeof(fixture.counters));
	fixture.handed = (struct handed){0};
	if (fixture.flows == NULL ||
	    inspector_init(&fixture.ins, fixture.flows, &fixture.counters) != 0)
		abort();
	fixture.ins.outlet = (struct inspect_outlet){
		.owner = &fixture.handed, .certificate = take_certificate, .dns = take_dns};
	(void)fixture_add_flow(1, server_port);
}

void
fixture_begin_with_syn(uint16_t server_port)
{
	fixture_begin(server_port);
	fixture.flow->initiator = CLIENT;
	fixture.flow->initiator_rank = INITIATOR_SYN;
	fixture_tcp(CLIENT, CLIENT_SEQ - 1, TCP_SYN, slice_of(NULL, 0));
	fixture_syn_ack(SERVER, SERVER_SEQ - 1, CLIENT_SEQ);
}

static void
show(unsigned direction, const struct decoded *d)
{
	struct flow *flow = flow_table_get(fixture.flows, fixture.index);

	fixture.flow = flow;
	flow->payload[direction] += d->wire_payload_len;
	if ((d->tcp_flags & TCP_SYN) != 0)
		inspect_tcp_syn(&fixture.ins, fixture.index, d, direction);
	if (d->wire_payload_len == 0)
		return;
	if ((flow->owes & (FLOW_OWES_LOW << direction)) != 0)
		inspect_tcp(&fixture.ins, fixture.index, d, direction);
	else if ((flow->owes & FLOW_OWES_REQUESTS) != 0 && flow->initiator == direction)
		inspect_tcp_request(&fixture.ins, flow, d);
}

void
fixture_cut(unsigned direction, uint32_t seq, struct slice payload, size_t kept)
{
	uint8_t *copy = wire_exact_copy(slice_of(payload.data, kept));

	show(direction, &(struct decoded){
				.tcp_seq = seq,
				.tcp_flags = TCP_ACK,
				.payload = copy,
				.payload_len = (uint32_t)kept,
				.wire_payload_len = (uint32_t)payload.len,
			});
	free(copy);
}

void
fixture_tcp(unsigned direction, uint32_t seq, uint8_t flags, struct slice payload)
{
	uint8_t *copy = wire_exact_copy(payload);

	show(direction, &(struct decoded){
				.tcp_seq = seq,
				.tcp_flags = flags,
				.payload = copy,
				.payload_len = (uint32_t)payload.len,
				.wire_payload_len = (uint32_t)payload.len,
			});
	free(copy);
}

void
fixture_again(unsigned direction, uint32_t seq, struct slice payload)
{
	uint8_t *copy = wire_exact_copy(payload);

	inspect_tcp_again(&fixture.ins, fixture.index,
			  &(struct decoded){.tcp_seq = seq,
					    .tcp_flags = TCP_ACK,
					    .payload = copy,
					    .payload_len = (uint32_t)payload.len,
					    .wire_payload_len = (uint32_t)payload.len},
			  direction);
	free(copy);
}

void
fixture_text(unsigned direction, uint32_t seq, const char *text)
{
	fixture_tcp(direction, seq, TCP_ACK | TCP_PSH, slice_of(text, strlen(text)));
}

void
fixture_syn_ack(unsigned direction, uint32_t seq, uint32_t ack)
{
	show(direction,
	     &(struct decoded){.tcp_seq = seq, .tcp_ack = ack, .tcp_flags = TCP_SYN | TCP_ACK});
}

bool
fixture_name_is(const char *name)
{
	const struct flow *flow = fixture.flow;
	size_t len;

	if (flow->name == FLOW_NONE)
		return name == NULL;
	return name != NULL &&
	       strcmp(name_pool_get(fixture.ins.names, flow->name, &len), name) == 0 &&
	       len == strlen(name);
}

unsigned
fixture_notes(void)
{
	unsigned sum = 0;
	for (unsigned i = 0; i < WORKER_NOTE_COUNT; i++)
		sum += (unsigned)fixture.counters.notes[i];
	return sum;
}

const struct flow_detail *
fixture_detail(void)
{
	static const struct flow_detail none;

	return fixture.flow->detail == FLOW_NONE
		       ? &none
		       : detail_pool_get(fixture.ins.details, fixture.flow->detail);
}
