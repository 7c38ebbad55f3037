/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A burst goes through in stages: decode every packet, bring the buckets near, bring the flows
 * near, then take the packets one by one in their order. So a cache miss is waited for once a
 * burst, not once a packet.
 */
#include "dataplane/worker.h"

#include <errno.h>
#include <stdlib.h>

#include "base/reserve.h"
#include "classifier/names/dns.h"
#include "dataplane/worker_internal.h"

#define RING_SIZE (8u * 1024 * 1024)
#define DNS_PORT 53

struct worker *
worker_create(const struct worker_config *config)
{
	struct worker *w = calloc(1, sizeof(*w));
	if (w == NULL)
		return NULL;
	w->config = *config;
	w->flows = flow_table_create(config->max_flows);
	w->ring = message_ring_create(RING_SIZE);
	w->message = calloc(1, sizeof(*w->message));
	w->due = reserve_take(config->max_flows * sizeof(*w->due), RESERVE_IN_ORDER);
	w->fragments = fragment_table_create(DATAGRAMS_MAX, config->hash_seed);
	if (w->flows == NULL || w->ring == NULL || w->message == NULL || w->due == NULL ||
	    w->fragments == NULL || inspector_init(&w->inspector, w->flows, &w->counters) != 0) {
		worker_destroy(w);
		errno = ENOMEM;
		return NULL;
	}
	w->inspector.outlet = worker_outlet(w);
	w->inspector.seed = config->hash_seed;
	/* A replay is not hurt by a pause when the first flow needs it. */
	int error = protocol_inspector_init(&w->protocols, &w->inspector,
					    config->protocol_detection, config->wait_for_ring);
	if (error != 0) {
		worker_destroy(w);
		errno = -error;
		return NULL;
	}
	flow_timer_init(&w->timer, w->flows);
	return w;
}

void
worker_destroy(struct worker *worker)
{
	if (worker == NULL)
		return;
	protocol_inspector_fini(&worker->protocols);
	inspector_fini(&worker->inspector);
	flow_table_destroy(worker->flows);
	fragment_table_destroy(worker->fragments);
	message_ring_destroy(worker->ring);
	free(worker->message);
	reserve_release(worker->due, worker->config.max_flows * sizeof(*worker->due));
	free(worker);
}

struct message_ring *
worker_ring(const struct worker *worker)
{
	return worker->ring;
}

const struct worker_counters *
worker_get_counters(const struct worker *worker)
{
	return &worker->counters;
}

uint32_t
worker_flow_count(const struct worker *worker)
{
	return flow_table_count(worker->flows);
}

/* While the flow owes something, and of what was sent again: `fresh` payload bytes were not seen
 * before, as far as the accounts go. */
static void
inspect_tcp_packet(struct worker *w, uint32_t index, struct flow *flow, const struct decoded *d,
		   uint32_t fresh)
{
	unsigned from = d->from_high;

	if ((d->tcp_flags & TCP_SYN) != 0 && !worker_is_stray_syn(flow, d))
		inspect_tcp_syn(&w->inspector, index, d, from);
	if (d->wire_payload_len == 0)
		return;
	if (fresh < d->wire_payload_len || (flow->owes & FLOW_OWES_COMPARE) != 0)
		inspect_tcp_again(&w->inspector, index, d, from);
	if ((flow->owes & (FLOW_OWES_LOW << from)) != 0)
		inspect_tcp(&w->inspector, index, d, from);
	else if ((flow->owes & FLOW_OWES_REQUESTS) != 0 && flow->initiator == from && fresh != 0)
		inspect_tcp_request(&w->inspector, flow, d);
}

/* A question to DNS's port, or an answer from it. Other datagrams are inspected there as anywhere.
 */
static bool
is_dns(const struct decoded *d)
{
	uint16_t from = d->from_high ? d->key.high_port : d->key.low_port;
	uint16_t to = d->from_high ? d->key.low_port : d->key.high_port;

	if ((from != DNS_PORT && to != DNS_PORT) ||
	    !dns_is_message(slice_of(d->payload, d->payload_len),
			    d->payload_len < d->wire_payload_len))
		return false;
	bool is_answer = (d->payload[2] & 0x80) != 0; /* RFC 1035 4.1.1: QR */
	return (is_answer ? from : to) == DNS_PORT;
}

static void
inspect_udp_packet(struct worker *w, uint32_t index, struct flow *flow, const struct decoded *d)
{
	if (is_dns(d)) {
		worker_take_dns(w, flow, d);
		if (flow->protocol == APP_PROTOCOL_UNKNOWN)
			flow->protocol = APP_PROTOCOL_DNS;
	} else if ((flow->owes & FLOW_OWES_FIRST_BYTES) != 0) {
		inspect_udp(&w->inspector, index, d, d->from_high);
	} else if (inspect_is_late(d)) {
		inspect_udp_late(&w->inspector, index, d, d->from_high);
	}
}

/* The second opinion, and what it disagrees about. */
static void
inspect_further(struct worker *w, uint32_t index, const struct decoded *d)
{
	struct name_dispute_message m = {.order = {.packet = w->packet}};

	if (!inspect_protocol(&w->protocols, index, d, d->from_high, w->now_ns, &m))
		return;
	if (!worker_push(w, &(struct message){.body = &m,
					      .len = sizeof(m),
					      .kind = WORKER_MESSAGE_NAME_DISPUTE}))
		w->counters.notes[NOTE_NAME_DISPUTE_NOT_SENT]++;
}

/* One packet into its flow, which it gives; the clock already stands at its time. */
static inline uint32_t
take_packet(struct worker *w, const struct packet *packet, const struct decoded *d, uint32_t hash)
{
	uint32_t index = worker_find_flow(w, packet, d, hash);
	if (index == FLOW_NONE)
		return FLOW_NONE;
	struct flow *flow = flow_table_get(w->flows, index);
	if (d->outer_count != 0)
		worker_take_outer(w, flow, d);
	uint32_t fresh = worker_count_packet(w, index, packet, d);
	if (d->key.transport == TRANSPORT_UDP)
		inspect_udp_packet(w, index, flow, d);
	else if (flow->owes != 0 || fresh < d->wire_payload_len || (d->tcp_flags & TCP_SYN) != 0)
		inspect_tcp_packet(w, index, flow, d, fresh);
	if ((flow->owes & FLOW_OWES_PROTOCOL) != 0)
		inspect_further(w, index, d);
	return index;
}

uint32_t
worker_take_packet(struct worker *worker, const struct packet *packet, const struct decoded *d,
		   uint32_t hash)
{
	return take_packet(worker, packet, d, hash);
}

/* The clock follows the packets and never goes back; what falls due is sent before the packet is
 * taken. */
static void
set_clock(struct worker *w, uint64_t time_ns)
{
	if (time_ns <= w->now_ns)
		return;
	if (time_ns / FLOW_TICK_NS != w->now_ns / FLOW_TICK_NS) {
		worker_expire_fragments(w, time_ns);
		worker_expire(w, time_ns);
	}
	w->now_ns = time_ns;
}

struct burst {
	struct decoded decoded[PACKET_BURST_MAX];
	uint32_t hash[PACKET_BURST_MAX];
	uint8_t result[PACKET_BURST_MAX]; /* enum decode_result */
	bool mine[PACKET_BURST_MAX];
};

static void
decode_burst(struct worker *w, const struct packet *packets, size_t count, struct burst *b)
{
	for (size_t i = 0; i < count; i++) {
		b->result[i] = (uint8_t)decode_packet(&packets[i], &b->decoded[i]);
		if (b->result[i] != DECODE_TRACKED) {
			/* A refused packet has no conversation: the first worker counts it. A
			 * fragment's is not known yet. */
			b->mine[i] = w->config.index == 0 && !decode_is_fragment(b->result[i]);
		} else {
			uint64_t hash = worker_hash(w, &b->decoded[i]);
			b->hash[i] = (uint32_t)hash;
			b->mine[i] = worker_owns(w, hash);
			if (b->mine[i])
				flow_table_prefetch(w->flows, b->hash[i]);
		}
		if (b->mine[i]) {
			w->counters.packets_in++;
			w->counters.bytes_in += packets[i].wire_len;
			w->counters.decoded[b->result[i]]++;
		}
	}
}

static void
prefetch_flows(const struct worker *w, size_t count, const struct burst *b)
{
	for (size_t i = 0; i < count; i++) {
		if (!b->mine[i] || b->result[i] != DECODE_TRACKED)
			continue;
		uint32_t index = flow_table_candidate(w->flows, b->hash[i]);
		if (index == FLOW_NONE)
			continue;
		const char *flow = (const char *)flow_table_get(w->flows, index);
		__builtin_prefetch(flow);
		__builtin_prefetch(flow + 64);
		__builtin_prefetch(flow + 128);
	}
}

void
worker_process(struct worker *worker, const struct packet *packets, size_t count)
{
	struct burst b;

	decode_burst(worker, packets, count, &b);
	prefetch_flows(worker, count, &b);
	for (size_t i = 0; i < count; i++) {
		worker->packet++;
		set_clock(worker, packets[i].time_ns);
		if (b.result[i] != DECODE_TRACKED) {
			if (decode_is_fragment(b.result[i]))
				worker_take_fragment(worker, &packets[i], &b.decoded[i]);
		} else if (b.mine[i]) {
			take_packet(worker, &packets[i], &b.decoded[i], b.hash[i]);
		}
	}
	message_ring_publish_packet(worker->ring, worker->packet);
	message_ring_publish_time(worker->ring, worker->now_ns);
}

void
worker_advance(struct worker *worker, uint64_t time_ns)
{
	set_clock(worker, time_ns);
	message_ring_publish_time(worker->ring, worker->now_ns);
}
