/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From flows to records: what is due when the clock passes a tick, in an order that does not depend
 * on how many workers share the packets.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dataplane/worker_internal.h"

/* Without a seed of the caller's, a flow has the same id in every run. */
#define FLOW_ID_SEED 0x7669676965000001u

/* Between two looks at a full ring, of which the reader then takes some hundredths: each look costs
 * the change of threads. */
#define RING_PAUSE_NS 1000000

/* More than the messages that a flow's end may bring: the record, certificates, DNS. */
#define END_BYTES_MAX 65536u

/* Records between the two steps in which what they are made of is brought near. */
#define RECORDS_AHEAD 6

/* Records put off to one tick: about twice as many as the ring holds. */
#define RECORDS_A_TICK 65536u

/* Flows compared before one is evicted: two times of three, one is of the most silent eighth. */
#define EVICTION_SAMPLE 8

uint32_t
worker_tick(uint64_t time_ns)
{
	uint64_t tick = time_ns / FLOW_TICK_NS;
	return tick < UINT32_MAX - FLOW_TIMER_SLOTS ? (uint32_t)tick
						    : UINT32_MAX - FLOW_TIMER_SLOTS;
}

bool
worker_push(struct worker *worker, struct message *message)
{
	message->time_ns = worker->now_ns;
	while (!message_ring_push(worker->ring, message)) {
		if (!worker->config.wait_for_ring)
			return false;
		nanosleep(&(struct timespec){.tv_nsec = RING_PAUSE_NS}, NULL);
	}
	return true;
}

uint32_t
worker_idle_ticks(const struct worker *worker, const struct flow *flow)
{
	const struct flow_timeouts *t = &worker->config.timeouts;

	if (flow->key.transport == TRANSPORT_UDP)
		return t->udp_s;
	if (flow->key.transport != TRANSPORT_TCP)
		return t->other_s;
	uint8_t both = FLOW_FIN_LOW | FLOW_FIN_HIGH;
	bool closed = (flow->state & FLOW_RESET) != 0 || (flow->state & both) == both;
	return closed ? t->tcp_closed_s : t->tcp_s;
}

static uint64_t
flow_id(const struct worker *worker, const struct flow *flow)
{
	uint64_t apart = flow->generation * UINT64_C(0x9e3779b97f4a7c15);
	struct flow_key key = flow->key;

	key.path = 0; /* another number in every run */
	return flow_key_hash(&key, FLOW_ID_SEED ^ worker->config.id_seed ^ flow->first_ns ^ apart ^
					   worker_outer_id(worker, flow));
}

static void
set_end(struct ip_address *address, const struct flow *flow, unsigned end)
{
	memcpy(address->bytes, end == 0 ? flow->key.low_address : flow->key.high_address,
	       sizeof(address->bytes));
	address->version = flow->key.version;
}

static void
set_ports(struct flow_record *record, const struct flow *flow)
{
	if (flow->key.transport == TRANSPORT_ICMP || flow->key.transport == TRANSPORT_ICMPV6) {
		record->source_port = flow->icmp_type;
		record->destination_port = flow->icmp_code;
		return;
	}
	bool low = flow->initiator == 0;
	record->source_port = low ? flow->key.low_port : flow->key.high_port;
	record->destination_port = low ? flow->key.high_port : flow->key.low_port;
}

static void
set_name(struct flow_record *record, const struct worker *worker, const struct flow *flow)
{
	record->name_len = 0;
	record->name[0] = '\0';
	if (flow->name == FLOW_NONE)
		return;
	size_t len;
	const char *name = name_pool_get(worker->inspector.names, flow->name, &len);
	memcpy(record->name, name, len + 1);
	record->name_len = (uint8_t)len;
}

static void
fill_record(const struct worker *worker, const struct flow *flow, struct flow_record *record)
{
	unsigned source = flow->initiator, destination = 1 - source;

	record->flow_id = flow_id(worker, flow);
	record->start_ns = flow->first_ns;
	record->end_ns = flow->last_ns;
	set_end(&record->source, flow, source);
	set_end(&record->destination, flow, destination);
	record->from_source = (struct flow_side){flow->packets[source], flow->bytes[source],
						 flow->payload[source]};
	record->from_destination = (struct flow_side){
		flow->packets[destination], flow->bytes[destination], flow->payload[destination]};
	record->seq = flow->seq;
	record->vni = flow->key.vni;
	record->vlan = flow->vlan;
	record->inner_vlan = flow->inner_vlan;
	set_ports(record, flow);
	record->capture_port = flow->capture_port;
	record->flags = flow->flags;
	record->tls_version = flow->tls_version;
	record->transport = flow->key.transport;
	record->protocol = flow->protocol;
	record->name_source = flow->name_source;
	record->source_inside = inside_map_contains(worker->config.inside, &record->source);
	record->destination_inside =
		inside_map_contains(worker->config.inside, &record->destination);
	worker_copy_detail(worker, flow, &record->detail);
	set_name(record, worker, flow);
}

static bool
send_record(struct worker *worker, struct flow *flow, bool final, const struct message_order *order)
{
	struct flow_message *m = worker->message;

	fill_record(worker, flow, &m->record);
	m->record.final = final;
	m->order = *order;
	m->order.flow = m->record.flow_id;
	size_t len = offsetof(struct flow_message, record.name) + m->record.name_len + 1u;
	if (!worker_push(worker, &(struct message){.body = m,
						   .len = (uint32_t)len,
						   .kind = WORKER_MESSAGE_FLOW}))
		return false;
	flow->seq++;
	return true;
}

/* What is half read is given up only when the record can be sent: inspection then may hand on a
 * message of its own. */
static bool
has_room_for_end(struct worker *worker, const struct flow *flow)
{
	if (worker->config.wait_for_ring ||
	    (flow->inspect == FLOW_NONE && flow->opinion == FLOW_NO_OPINION))
		return true;
	return message_ring_has_room(worker->ring, END_BYTES_MAX);
}

bool
worker_end_flow(struct worker *worker, uint32_t index, const struct message_order *order)
{
	struct flow *flow = flow_table_get(worker->flows, index);

	if (!has_room_for_end(worker, flow))
		return false;
	inspect_end(&worker->inspector, index);
	inspect_protocol_end(&worker->protocols, index);
	if (!send_record(worker, flow, true, order))
		return false;
	if (flow->name != FLOW_NONE)
		name_pool_remove(worker->inspector.names, flow->name);
	if (flow->detail != FLOW_NONE)
		detail_pool_release(worker->inspector.details, flow->detail);
	flow_table_remove(worker->flows, index);
	return true;
}

/* Whether `a` is the lesser loss: silent for longer; of equals, the one of fewer packets. */
static bool
is_lesser_loss(const struct worker *worker, const struct flow *a, const struct flow *b)
{
	uint32_t a_due = a->last_tick + worker_idle_ticks(worker, a);
	uint32_t b_due = b->last_tick + worker_idle_ticks(worker, b);

	if (a_due != b_due)
		return a_due < b_due;
	return a->packets[0] + a->packets[1] < b->packets[0] + b->packets[1];
}

/*
 * The flows looked at lie far apart, and are others each time. So a flood of short flows, which
 * fills the table, mostly evicts its own, and a long upload keeps its flow and its name.
 */
static uint32_t
find_evictable(struct worker *worker)
{
	uint32_t end = flow_table_end(worker->flows);
	uint32_t start = worker->evict_at++ % end;
	const struct flow *best = NULL;
	uint32_t found = FLOW_NONE;

	for (uint32_t i = 0; i < EVICTION_SAMPLE; i++) {
		uint32_t index = (uint32_t)((start + (uint64_t)end * i / EVICTION_SAMPLE) % end);
		const struct flow *flow = flow_table_get(worker->flows, index);
		if (flow->packets[0] + flow->packets[1] == 0)
			continue; /* not in use */
		if (best == NULL || is_lesser_loss(worker, flow, best)) {
			best = flow;
			found = index;
		}
	}
	return found;
}

bool
worker_evict(struct worker *worker)
{
	struct message_order order = {.packet = worker->packet};
	uint32_t index = find_evictable(worker);
	if (index == FLOW_NONE)
		return false;

	struct flow *flow = flow_table_get(worker->flows, index);
	flow_timer_remove(&worker->timer, index);
	flow->flags |= FLOW_FLAG_EVICTED;
	if (worker_end_flow(worker, index, &order)) {
		worker->counters.notes[NOTE_FLOW_EVICTED]++;
		return true;
	}
	flow->flags &= ~(uint32_t)FLOW_FLAG_EVICTED;
	flow_timer_add(&worker->timer, index, worker->timer.now + 1);
	return false;
}

/*
 * Ends a due flow, or sends an interim record and puts it back into the wheel. False when the ring
 * is full: then it is left outside the wheel.
 */
static bool
send_due(struct worker *worker, uint32_t index)
{
	static const struct message_order before_packets = {0};
	struct flow *flow = flow_table_get(worker->flows, index);
	uint32_t now = worker->timer.now;
	uint32_t idle_due = flow->last_tick + worker_idle_ticks(worker, flow);
	if (idle_due <= now)
		return worker_end_flow(worker, index, &before_packets);
	if (!send_record(worker, flow, false, &before_packets))
		return false;
	flow->active_tick = now + worker->config.timeouts.active_s;
	flow_timer_add(&worker->timer, index,
		       idle_due < flow->active_tick ? idle_due : flow->active_tick);
	return true;
}

/*
 * The ring is full: the rest waits for the next ticks, a limited number on each. After a flood
 * there may be millions: all on the next tick, they would be sorted and refused again every second.
 */
static void
put_off(struct worker *worker, const struct due_flow *due, size_t count)
{
	for (size_t i = 0; i < count; i++)
		flow_timer_add(&worker->timer, due[i].index,
			       worker->timer.now + 1 + (uint32_t)(i / RECORDS_A_TICK));
}

/*
 * Brings near what the records to come are made of, in two steps: the flow says where the rest
 * lies. Without this each record waits for seven cache lines.
 */
static void
prefetch_record(const struct worker *worker, size_t at, size_t count)
{
	if (at + 2 * RECORDS_AHEAD < count) {
		const char *flow = (const char *)flow_table_get(
			worker->flows, worker->due[at + 2 * RECORDS_AHEAD].index);
		for (size_t line = 0; line < sizeof(struct flow); line += 64)
			__builtin_prefetch(flow + line);
	}
	if (at + RECORDS_AHEAD >= count)
		return;
	const struct flow *flow =
		flow_table_get(worker->flows, worker->due[at + RECORDS_AHEAD].index);
	flow_table_prefetch(worker->flows, flow->hash);
	if (flow->name != FLOW_NONE)
		name_pool_prefetch(worker->inspector.names, flow->name);
	if (flow->detail != FLOW_NONE) {
		const char *detail =
			(const char *)detail_pool_get(worker->inspector.details, flow->detail);
		for (size_t line = 0; line < sizeof(struct flow_detail); line += 64)
			__builtin_prefetch(detail + line);
	}
}

/* Takes the slot of the current tick apart: what is not due goes back, what is due is sent in
 * order. */
static void
expire_slot(struct worker *worker)
{
	uint32_t now = worker->timer.now;
	size_t count = 0;
	uint32_t index;

	while ((index = flow_timer_first_due(&worker->timer)) != FLOW_NONE) {
		struct flow *flow = flow_table_get(worker->flows, index);
		uint32_t due = flow->last_tick + worker_idle_ticks(worker, flow);
		if (due > flow->active_tick)
			due = flow->active_tick;
		flow_timer_remove(&worker->timer, index);
		if (due > now)
			flow_timer_add(&worker->timer, index, due);
		else
			worker->due[count++] = (struct due_flow){0, flow_id(worker, flow), index};
	}
	due_flow_sort(worker->due, count);
	size_t sent = 0;
	for (; sent < count; sent++) {
		prefetch_record(worker, sent, count);
		if (!send_due(worker, worker->due[sent].index))
			break;
	}
	put_off(worker, worker->due + sent, count - sent);
	worker->counters.notes[NOTE_RECORD_DELAYED] += count - sent;
}

void
worker_expire(struct worker *worker, uint64_t time_ns)
{
	uint32_t tick = worker_tick(time_ns);

	while (worker->timer.now < tick) {
		/* With nothing waiting, a gap of years is one step. */
		if (worker->timer.waiting == 0) {
			worker->timer.now = tick;
			break;
		}
		worker->timer.now++;
		worker->now_ns = (uint64_t)worker->timer.now * FLOW_TICK_NS;
		if (flow_timer_first_due(&worker->timer) != FLOW_NONE)
			expire_slot(worker);
	}
}

/*
 * The last records come in the order in which their flows began: that is nearly the order in which
 * the flows lie in memory, and in which whoever reads the records wants them. The rank is the
 * packet number of their place among messages, above that of every packet.
 */
static uint64_t
drain_rank(const struct flow *flow)
{
	const uint64_t above_packets = UINT64_C(1) << 63;

	return above_packets |
	       (flow->first_ns < above_packets ? flow->first_ns : above_packets - 1);
}

void
worker_drain(struct worker *worker)
{
	size_t count = 0;

	worker->config.wait_for_ring = true;
	worker_drain_fragments(worker);
	for (uint32_t i = 0; i < flow_table_end(worker->flows); i++) {
		const struct flow *flow = flow_table_get(worker->flows, i);
		if (flow->packets[0] + flow->packets[1] != 0)
			worker->due[count++] =
				(struct due_flow){drain_rank(flow), flow_id(worker, flow), i};
	}
	due_flow_sort(worker->due, count);
	for (size_t i = 0; i < count; i++) {
		const struct message_order order = {.packet = worker->due[i].rank};
		prefetch_record(worker, i, count);
		inspect_end(&worker->inspector, worker->due[i].index);
		inspect_protocol_end(&worker->protocols, worker->due[i].index);
		(void)send_record(worker, flow_table_get(worker->flows, worker->due[i].index), true,
				  &order);
	}
	/* One by one they would be looked for again in buckets and timer lists. */
	flow_table_clear(worker->flows);
	flow_timer_init(&worker->timer, worker->flows);
	message_ring_publish_time(worker->ring, MESSAGE_RING_END);
}
