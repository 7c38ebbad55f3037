/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/dataplane/worker_trace.h"

#include <stdlib.h>
#include <string.h>

static struct builder builder;
static const struct inside_map only_private;

void
trace_begin(struct trace *t)
{
	trace_end(t);
	t->now_ns = TRACE_START;
	t->talk = (struct talk){"10.0.0.1", "93.184.216.34", 50000, 443};
	t->acked = 1001;
}

void
trace_end(struct trace *t)
{
	for (size_t i = 0; i < t->count; i++)
		free((void *)t->packets[i].data);
	t->count = 0;
}

struct packet *
trace_packet(struct trace *t, struct builder *b)
{
	struct packet packet = build_end(b);

	if (t->count == TRACE_PACKETS_MAX)
		abort();
	packet.data = wire_exact_copy(slice_of(packet.data, packet.captured_len));
	packet.time_ns = t->now_ns;
	t->packets[t->count] = packet;
	return &t->packets[t->count++];
}

static void
begin_packet(const struct trace *t, bool from_client)
{
	build_begin(&builder, LINK_TYPE_ETHERNET);
	build_ip(&builder, from_client ? t->talk.client : t->talk.server,
		 from_client ? t->talk.server : t->talk.client);
}

struct packet *
trace_tcp(struct trace *t, bool from_client, uint8_t flags, uint32_t seq, struct slice payload)
{
	if (from_client && flags == TCP_SYN)
		t->acked = seq + 1;
	begin_packet(t, from_client);
	build_tcp(&builder,
		  &(struct build_tcp){
			  .source = from_client ? t->talk.client_port : t->talk.server_port,
			  .destination = from_client ? t->talk.server_port : t->talk.client_port,
			  .seq = seq,
			  .ack = from_client ? 0 : t->acked,
			  .flags = flags,
		  });
	build_bytes(&builder, payload.data, payload.len);
	return trace_packet(t, &builder);
}

struct packet *
trace_udp(struct trace *t, bool from_client, struct slice payload)
{
	begin_packet(t, from_client);
	build_udp(&builder, from_client ? t->talk.client_port : t->talk.server_port,
		  from_client ? t->talk.server_port : t->talk.client_port);
	build_bytes(&builder, payload.data, payload.len);
	return trace_packet(t, &builder);
}

void
trace_handshake(struct trace *t)
{
	trace_tcp(t, true, TCP_SYN, 1000, slice_of(NULL, 0));
	trace_tcp(t, false, TCP_SYN | TCP_ACK, 5000, slice_of(NULL, 0));
	trace_tcp(t, true, TCP_ACK, 1001, slice_of(NULL, 0));
}

struct worker_config
trace_config(void)
{
	return (struct worker_config){
		.count = 1,
		.max_flows = 50000,
		.wait_for_ring = true,
		.hash_seed = 0x0123456789abcdefu,
		.timeouts = FLOW_TIMEOUTS_DEFAULT,
		.inside = &only_private,
	};
}

void
outcome_take(struct outcome *o, struct worker *worker, unsigned index)
{
	struct message m;

	while (message_ring_peek(worker_ring(worker), &m)) {
		if (o->count == OUTCOME_MESSAGES_MAX)
			abort();
		struct outcome_message *kept = &o->messages[o->count++];
		memcpy(&kept->order, m.body, sizeof(kept->order));
		/* Room for a whole record: the ring may cut its name. */
		uint8_t *body = calloc(1, sizeof(struct flow_message) + m.len);
		if (body == NULL)
			abort();
		memcpy(body, m.body, m.len);
		kept->message = m;
		kept->message.body = body;
		kept->worker = index;
		message_ring_pop(worker_ring(worker));
	}
}

void
outcome_clear(struct outcome *o)
{
	for (size_t i = 0; i < o->count; i++)
		free((void *)o->messages[i].message.body);
	o->count = 0;
	memset(&o->counters, 0, sizeof(o->counters));
}

static int
compare_messages(const void *first, const void *second)
{
	const struct outcome_message *a = first, *b = second;

	if (a->message.time_ns != b->message.time_ns)
		return a->message.time_ns < b->message.time_ns ? -1 : 1;
	if (a->order.packet != b->order.packet)
		return a->order.packet < b->order.packet ? -1 : 1;
	if (a->order.flow != b->order.flow)
		return a->order.flow < b->order.flow ? -1 : 1;
	return a->worker < b->worker ? -1 : a->worker > b->worker;
}

static void
add_counters(struct worker_counters *sum, const struct worker_counters *more)
{
	/* Nothing but counters of one width. */
	const uint64_t *from = (const uint64_t *)more;
	uint64_t *to = (uint64_t *)sum;

	for (size_t i = 0; i < sizeof(*sum) / sizeof(*to); i++)
		to[i] += from[i];
}

void
trace_run(const struct trace *t, const struct worker_config *config, struct outcome *o)
{
	struct worker_config own = *config;

	outcome_clear(o);
	for (unsigned i = 0; i < config->count; i++) {
		own.index = i;
		struct worker *worker = worker_create(&own);
		if (worker == NULL)
			abort();
		for (size_t at = 0; at < t->count; at += PACKET_BURST_MAX) {
			size_t left = t->count - at;
			worker_process(worker, t->packets + at,
				       left < PACKET_BURST_MAX ? left : PACKET_BURST_MAX);
			outcome_take(o, worker, i);
		}
		worker_drain(worker);
		outcome_take(o, worker, i);
		add_counters(&o->counters, worker_get_counters(worker));
		worker_destroy(worker);
	}
	/* One worker's messages have their order from the ring; sorting may not be needed for them.
	 */
	if (config->count > 1)
		qsort(o->messages, o->count, sizeof(*o->messages), compare_messages);
}

const struct flow_record *
outcome_flow(const struct outcome *o, size_t n)
{
	for (size_t i = 0; i < o->count; i++) {
		if (o->messages[i].message.kind == WORKER_MESSAGE_FLOW && n-- == 0)
			return &((const struct flow_message *)o->messages[i].message.body)->record;
	}
	return NULL;
}

size_t
outcome_flow_count(const struct outcome *o)
{
	size_t count = 0;

	for (size_t i = 0; i < o->count; i++)
		count += o->messages[i].message.kind == WORKER_MESSAGE_FLOW;
	return count;
}
