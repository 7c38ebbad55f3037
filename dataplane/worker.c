/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A burst goes through in stages: decode every packet, bring the buckets near, bring the flows
 * near, then take the packets one by one in their order. So a cache miss is waited for once a
 * burst, not once a packet.
 */
#include "dataplane/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "classifier/names/dns.h"
#include "dataplane/tcp_account.h"
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
	w->due = mmap(NULL, config->max_flows * sizeof(*w->due), PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (w->due == MAP_FAILED)
		w->due = NULL;
	if (w->flows == NULL || w->ring == NULL || w->message == NULL || w->due == NULL ||
	    inspector_init(&w->inspector, w->flows, &w->counters) != 0) {
		worker_destroy(w);
		errno = ENOMEM;
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
	inspector_fini(&worker->inspector);
	flow_table_destroy(worker->flows);
	message_ring_destroy(worker->ring);
	free(worker->message);
	if (worker->due != NULL)
		munmap(worker->due, worker->config.max_flows * sizeof(*worker->due));
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

/*
 * Who began, where no SYN tells: the end whose peer sits on a well-known port; else the inside one;
 * else whoever sent first. Transports without ports: whoever sent first.
 */
static unsigned
guess_initiator(const struct worker *w, const struct decoded *d)
{
	const struct flow_key *key = &d->key;
	unsigned sender = d->from_high;

	if (key->transport != TRANSPORT_TCP && key->transport != TRANSPORT_UDP &&
	    key->transport != TRANSPORT_SCTP)
		return sender;
	if ((key->low_port < 1024) != (key->high_port < 1024))
		return key->low_port < 1024 ? 1 : 0;
	struct ip_address low = {.version = key->version}, high = {.version = key->version};
	memcpy(low.bytes, key->low_address, sizeof(low.bytes));
	memcpy(high.bytes, key->high_address, sizeof(high.bytes));
	bool low_inside = inside_map_contains(w->config.inside, &low);
	if (low_inside != inside_map_contains(w->config.inside, &high))
		return low_inside ? 0 : 1;
	return sender;
}

static void
set_initiator(struct worker *w, struct flow *flow, const struct decoded *d)
{
	if (d->key.transport == TRANSPORT_TCP && (d->tcp_flags & TCP_SYN) != 0) {
		/* A SYN comes from the initiator, its answer from the other end. */
		bool answer = (d->tcp_flags & TCP_ACK) != 0;
		flow->initiator = d->from_high != answer;
		flow->initiator_rank = INITIATOR_SYN;
		flow->flags &= (uint16_t)~FLOW_FLAG_MIDSTREAM;
		return;
	}
	flow->initiator = (uint8_t)guess_initiator(w, d);
	flow->initiator_rank = INITIATOR_GUESSED;
	if (d->key.transport == TRANSPORT_TCP)
		flow->flags |= FLOW_FLAG_MIDSTREAM;
}

/* What the flow will be asked for; DNS is handed on packet by packet and owes nothing. */
static uint8_t
first_owed(const struct flow_key *key)
{
	if (key->transport == TRANSPORT_TCP)
		return FLOW_OWES_LOW | FLOW_OWES_HIGH;
	if (key->transport == TRANSPORT_UDP && key->low_port != DNS_PORT &&
	    key->high_port != DNS_PORT)
		return FLOW_OWES_QUIC;
	return 0;
}

static uint32_t
new_flow(struct worker *w, const struct packet *packet, const struct decoded *d, uint32_t hash)
{
	uint32_t index = flow_table_add(w->flows, &d->key, hash);
	if (index == FLOW_NONE && worker_evict(w))
		index = flow_table_add(w->flows, &d->key, hash);
	if (index == FLOW_NONE) {
		w->counters.notes[NOTE_PACKET_WITHOUT_FLOW]++;
		return FLOW_NONE;
	}
	struct flow *flow = flow_table_get(w->flows, index);
	flow->inspect = FLOW_NONE;
	flow->name = FLOW_NONE;
	flow->first_ns = packet->time_ns;
	flow->vlan = d->vlan;
	flow->inner_vlan = d->inner_vlan;
	flow->capture_port = packet->port;
	flow->icmp_type = d->icmp_type;
	flow->icmp_code = d->icmp_code;
	flow->owes = first_owed(&d->key);
	set_initiator(w, flow, d);

	uint32_t now = w->timer.now;
	uint32_t active = w->config.timeouts.active_s;
	flow->last_tick = now;
	flow->active_tick = active != 0 ? now + active : UINT32_MAX;
	uint32_t due = now + worker_idle_ticks(w, flow);
	flow_timer_add(&w->timer, index, due < flow->active_tick ? due : flow->active_tick);
	return index;
}

/*
 * A SYN that begins another connection on the same ports: the old one was closed, or had carried
 * data under another sequence number (RFC 9293 3.6.1 lets a port pair be used again).
 */
static bool
is_reuse(const struct flow *flow, const struct decoded *d)
{
	if (d->key.transport != TRANSPORT_TCP || (d->tcp_flags & (TCP_SYN | TCP_ACK)) != TCP_SYN)
		return false;
	if ((flow->state & (FLOW_RESET | FLOW_FIN_LOW | FLOW_FIN_HIGH)) != 0)
		return true;
	unsigned from = d->from_high;
	bool known = (flow->state & (FLOW_BASE_LOW << from)) != 0;
	return known && flow->base_seq[from] != d->tcp_seq + 1 &&
	       flow->payload[0] + flow->payload[1] != 0;
}

/* Ends the old flow and begins one on the same ports; with a full ring the old one goes on. */
static uint32_t
renew_flow(struct worker *w, uint32_t index, const struct packet *packet, const struct decoded *d)
{
	const struct flow *old = flow_table_get(w->flows, index);
	struct message_order order = {.packet = w->packet};
	uint32_t hash = old->hash;
	/* In a capture without times, or with coarse ones, both may begin at the same time. */
	uint32_t generation = old->first_ns == packet->time_ns ? old->generation + 1 : 0;

	flow_timer_remove(&w->timer, index);
	if (!worker_end_flow(w, index, &order)) {
		w->counters.notes[NOTE_RECORD_DELAYED]++;
		flow_timer_add(&w->timer, index, w->timer.now + 1);
		return index;
	}
	index = new_flow(w, packet, d, hash);
	if (index != FLOW_NONE)
		flow_table_get(w->flows, index)->generation = generation;
	return index;
}

static void
account_tcp(struct worker *w, uint32_t index, struct flow *flow, const struct decoded *d)
{
	unsigned from = d->from_high;
	uint8_t known = (uint8_t)(FLOW_SEQ_LOW << from);
	uint32_t seq = d->tcp_seq + ((d->tcp_flags & TCP_SYN) != 0);

	bool renewed = (d->tcp_flags & TCP_SYN) != 0 && flow->payload[from] == 0;
	if ((flow->state & known) == 0 || renewed) {
		flow->state |= known;
		tcp_account_start(&flow->tcp[from], seq);
	}
	flow->payload[from] += tcp_account_segment(&flow->tcp[from], seq, d->wire_payload_len);

	uint8_t closing = 0;
	if ((d->tcp_flags & TCP_FIN) != 0)
		closing |= (uint8_t)(FLOW_FIN_LOW << from);
	if ((d->tcp_flags & TCP_RST) != 0)
		closing |= FLOW_RESET;
	if ((closing & ~flow->state) == 0)
		return;
	flow->state |= closing;
	uint32_t due = w->timer.now + worker_idle_ticks(w, flow);
	if (due < flow->due_tick) {
		flow_timer_remove(&w->timer, index);
		flow_timer_add(&w->timer, index, due);
	}
}

static void
send_dns(struct worker *w, const struct decoded *d)
{
	struct slice bytes = slice_of(d->payload, d->payload_len);
	if (bytes.len > DNS_MESSAGE_MAX) {
		w->counters.notes[NOTE_DNS_TOO_LONG]++;
		return;
	}
	/* The answer comes from port 53: the client is the other end. */
	bool client_low = d->from_high;
	_Alignas(struct dns_message) uint8_t room[sizeof(struct dns_message) + DNS_MESSAGE_MAX];
	struct dns_message *m = (struct dns_message *)room;
	const uint8_t *low = d->key.low_address, *high = d->key.high_address;
	m->order = (struct message_order){.packet = w->packet};
	m->client.version = m->server.version = d->key.version;
	memcpy(m->client.bytes, client_low ? low : high, sizeof(m->client.bytes));
	memcpy(m->server.bytes, client_low ? high : low, sizeof(m->server.bytes));
	m->len = (uint16_t)bytes.len;
	memcpy(m->bytes, bytes.data, bytes.len);
	if (!worker_push(w,
			 &(struct message){
				 .body = m,
				 .len = (uint32_t)(offsetof(struct dns_message, bytes) + bytes.len),
				 .kind = WORKER_MESSAGE_DNS}))
		w->counters.notes[NOTE_DNS_NOT_SENT]++;
}

/*
 * An answer counts only where the client was seen to ask on the same ports: otherwise one datagram
 * from anywhere could tell us that a trusted name has any address.
 */
static void
take_dns(struct worker *w, const struct flow *flow, const struct decoded *d)
{
	if (!dns_is_response(slice_of(d->payload, d->payload_len)))
		return;
	if (flow->packets[!d->from_high] != 0)
		send_dns(w, d);
	else
		w->counters.notes[NOTE_DNS_UNSOLICITED]++;
}

static void
inspect(struct worker *w, uint32_t index, struct flow *flow, const struct decoded *d)
{
	unsigned from = d->from_high;

	if (d->key.transport == TRANSPORT_TCP) {
		bool syn = (d->tcp_flags & TCP_SYN) != 0;
		if ((flow->owes & (FLOW_OWES_LOW << from)) != 0 &&
		    (d->wire_payload_len != 0 || syn))
			inspect_tcp(&w->inspector, index, d, from);
		return;
	}
	if (d->key.transport != TRANSPORT_UDP)
		return;
	if (flow->owes != 0)
		inspect_udp(&w->inspector, index, d, from);
	uint16_t sender_port = from ? d->key.high_port : d->key.low_port;
	if (sender_port == DNS_PORT)
		take_dns(w, flow, d);
	if (d->key.low_port == DNS_PORT || d->key.high_port == DNS_PORT)
		flow->protocol = APP_PROTOCOL_DNS;
}

/* One packet into its flow; the clock already stands at its time. */
static void
take_packet(struct worker *w, const struct packet *packet, const struct decoded *d, uint32_t hash)
{
	uint32_t index = flow_table_find(w->flows, &d->key, hash);
	if (index == FLOW_NONE)
		index = new_flow(w, packet, d, hash);
	else if (is_reuse(flow_table_get(w->flows, index), d))
		index = renew_flow(w, index, packet, d);
	if (index == FLOW_NONE)
		return;
	struct flow *flow = flow_table_get(w->flows, index);
	unsigned from = d->from_high;
	flow->packets[from]++;
	flow->bytes[from] += d->wire_ip_len;
	if (packet->time_ns > flow->last_ns)
		flow->last_ns = packet->time_ns;
	flow->last_tick = w->timer.now;
	if (d->key.transport == TRANSPORT_TCP) {
		if ((d->tcp_flags & TCP_SYN) != 0 && flow->initiator_rank != INITIATOR_SYN)
			set_initiator(w, flow, d);
		account_tcp(w, index, flow, d);
	} else {
		flow->payload[from] += d->wire_payload_len;
	}
	inspect(w, index, flow, d);
}

/* The clock follows the packets and never goes back; what falls due is sent before the packet is
 * taken. */
static void
set_clock(struct worker *w, uint64_t time_ns)
{
	if (time_ns <= w->now_ns)
		return;
	if (time_ns / FLOW_TICK_NS != w->now_ns / FLOW_TICK_NS)
		worker_expire(w, time_ns);
	w->now_ns = time_ns;
}

struct burst {
	struct decoded decoded[PACKET_BURST_MAX];
	uint32_t hash[PACKET_BURST_MAX];
	uint8_t result[PACKET_BURST_MAX]; /* enum decode_result */
	bool mine[PACKET_BURST_MAX];
};

/* Whose a conversation is comes from the high half of the hash, its bucket from the low half. */
static bool
falls_to(const struct worker *w, uint64_t hash)
{
	return w->config.count == 1 ||
	       (uint32_t)((hash >> 32) * w->config.count >> 32) == w->config.index;
}

static void
decode_burst(struct worker *w, const struct packet *packets, size_t count, struct burst *b)
{
	for (size_t i = 0; i < count; i++) {
		b->result[i] = (uint8_t)decode_packet(&packets[i], &b->decoded[i]);
		if (b->result[i] != DECODE_TRACKED) {
			/* A refused packet has no conversation: the first worker counts it. */
			b->mine[i] = w->config.index == 0;
		} else {
			uint64_t hash = flow_key_hash(&b->decoded[i].key, w->config.hash_seed);
			b->hash[i] = (uint32_t)hash;
			b->mine[i] = falls_to(w, hash);
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
		if (b.mine[i] && b.result[i] == DECODE_TRACKED)
			take_packet(worker, &packets[i], &b.decoded[i], b.hash[i]);
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
