/* SPDX-License-Identifier: Apache-2.0 */
/* A packet and its flow: when it begins one, when it belongs to another one on the same ports, and
 * what it adds to it. */
#include <string.h>

#include "dataplane/tcp_account.h"
#include "dataplane/worker_internal.h"

/* Which of a key's ends are on our side. */
struct ends_inside {
	bool low, high;
};

static struct ends_inside
find_inside(const struct worker *w, const struct flow_key *key)
{
	struct ip_address low = {.version = key->version}, high = {.version = key->version};

	memcpy(low.bytes, key->low_address, sizeof(low.bytes));
	memcpy(high.bytes, key->high_address, sizeof(high.bytes));
	return (struct ends_inside){inside_map_contains(w->config.inside, &low),
				    inside_map_contains(w->config.inside, &high)};
}

/* Whether the packet goes over the border the other way than the addresses in its tunnel say: then
 * these, and their ports, tell nothing. */
static bool
is_contradicted(const struct worker *w, const struct decoded *d)
{
	if (d->key.path == 0)
		return false;
	struct ends_inside inside = find_inside(w, &d->key);
	bool says_leaves = d->from_high ? inside.high : inside.low;
	return inside.low != inside.high && says_leaves != d->leaves;
}

/*
 * Who began, where no SYN tells: the end whose peer sits on a well-known port; else the inside one;
 * else whoever sent first. Transports without ports: whoever sent first.
 */
static unsigned
guess_initiator(const struct worker *w, const struct decoded *d, uint8_t *rank)
{
	const struct flow_key *key = &d->key;
	unsigned sender = d->from_high;

	*rank = INITIATOR_FIRST;
	if ((key->transport != TRANSPORT_TCP && key->transport != TRANSPORT_UDP &&
	     key->transport != TRANSPORT_SCTP) ||
	    is_contradicted(w, d))
		return sender;
	*rank = INITIATOR_GUESSED;
	if ((key->low_port < 1024) != (key->high_port < 1024))
		return key->low_port < 1024 ? 1 : 0;
	struct ends_inside inside = find_inside(w, key);
	if (inside.low != inside.high)
		return inside.low ? 0 : 1;
	*rank = INITIATOR_FIRST;
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
		flow->flags &= ~(uint32_t)FLOW_FLAG_MIDSTREAM;
		return;
	}
	flow->initiator = (uint8_t)guess_initiator(w, d, &flow->initiator_rank);
	if (d->key.transport == TRANSPORT_TCP)
		flow->flags |= FLOW_FLAG_MIDSTREAM;
}

/* What the flow will be asked for. */
static uint8_t
first_owed(const struct flow_key *key)
{
	if (key->transport == TRANSPORT_TCP)
		return FLOW_OWES_LOW | FLOW_OWES_HIGH;
	if (key->transport == TRANSPORT_UDP)
		return FLOW_OWES_QUIC;
	return 0;
}

uint32_t
worker_new_flow(struct worker *worker, const struct packet *packet, const struct decoded *d,
		uint32_t hash)
{
	uint32_t index = flow_table_add(worker->flows, &d->key, hash);
	if (index == FLOW_NONE && worker_evict(worker))
		index = flow_table_add(worker->flows, &d->key, hash);
	if (index == FLOW_NONE) {
		worker->counters.notes[NOTE_PACKET_WITHOUT_FLOW]++;
		return FLOW_NONE;
	}
	struct flow *flow = flow_table_get(worker->flows, index);
	flow->inspect = FLOW_NONE;
	flow->name = FLOW_NONE;
	flow->detail = FLOW_NONE;
	flow->first_ns = packet->time_ns;
	flow->vlan = d->vlan;
	flow->inner_vlan = d->inner_vlan;
	flow->capture_port = packet->port;
	flow->icmp_type = d->icmp_type;
	flow->icmp_code = d->icmp_code;
	flow->owes = first_owed(&d->key) | inspect_protocol_owed(&worker->protocols, &d->key);
	flow->opinion = FLOW_NO_OPINION;
	if (d->key.path != 0 && d->leaves != d->from_high)
		flow->low_is_near = 1;
	set_initiator(worker, flow, d);

	uint32_t now = worker->timer.now;
	uint32_t active = worker->config.timeouts.active_s;
	flow->last_tick = now;
	flow->active_tick = active != 0 ? now + active : UINT32_MAX;
	uint32_t due = now + worker_idle_ticks(worker, flow);
	flow_timer_add(&worker->timer, index, due < flow->active_tick ? due : flow->active_tick);
	return index;
}

/* Whether the number lies where a stream of the flow began, or so little before it that this is its
 * beginning, seen late. */
static bool
begins_here(const struct flow *flow, unsigned from, uint32_t seq)
{
	uint32_t seen = (flow->state & (FLOW_BASE_LOW << from)) != 0 ? flow->base_seq[from]
								     : flow->tcp[from].next_seq;

	return seen - seq < TCP_REBASE_MAX;
}

/* Whether the answer acknowledges what the other end sent, or a little less or more of it. */
static bool
acknowledges_here(const struct flow *flow, unsigned other, uint32_t ack)
{
	uint32_t seen = (flow->state & (FLOW_BASE_LOW << other)) != 0 ? flow->base_seq[other]
								      : flow->tcp[other].next_seq;

	return begins_here(flow, other, ack) || ack - seen < TCP_REBASE_MAX;
}

static bool
is_closed(const struct flow *flow)
{
	return (flow->state & (FLOW_RESET | FLOW_FIN_LOW | FLOW_FIN_HIGH)) != 0;
}

/*
 * A SYN that begins another connection on the same ports (RFC 9293 3.6.1 lets a port pair be used
 * again): the old one was closed, or had carried data under another sequence number and its other
 * end was never seen. Where that is seen it must answer: anybody may send a SYN into his own
 * connection, and it goes on all the same. A SYN that comes behind packets of its own connection,
 * even behind the FIN, fits their numbers.
 */
static bool
begins_another(struct flow *flow, const struct decoded *d)
{
	unsigned from = d->from_high, other = 1 - from;

	if (flow->packets[from] == 0 || begins_here(flow, from, d->tcp_seq + 1))
		return false;
	if (is_closed(flow))
		return true;
	if (flow->packets[other] != 0) {
		flow->syn_tag = worker_syn_tag(d->tcp_seq);
		return false;
	}
	bool known = (flow->state & (FLOW_BASE_LOW << from)) != 0;
	return known && flow->payload[from] != 0;
}

/* The answer to such a SYN, whether that was seen or not. */
static bool
answers_another(const struct flow *flow, const struct decoded *d)
{
	unsigned from = d->from_high, other = 1 - from;

	if ((flow->packets[from] != 0 && begins_here(flow, from, d->tcp_seq + 1)) ||
	    (flow->packets[other] != 0 && acknowledges_here(flow, other, d->tcp_ack)))
		return false;
	return is_closed(flow) || flow->syn_tag == worker_syn_tag(d->tcp_ack - 1);
}

static bool
is_reuse(struct flow *flow, const struct decoded *d)
{
	if (d->key.transport != TRANSPORT_TCP)
		return false;
	return (d->tcp_flags & TCP_ACK) == 0 ? begins_another(flow, d) : answers_another(flow, d);
}

/*
 * Ends the old flow and begins one on the same ports. With a full ring there is no flow for the
 * packet: under the old one's name it would be somebody else's.
 */
static uint32_t
renew_flow(struct worker *w, uint32_t index, const struct packet *packet, const struct decoded *d)
{
	struct flow *old = flow_table_get(w->flows, index);
	struct message_order order = {.packet = w->packet};
	uint32_t hash = old->hash;
	/* In a capture without times, or with coarse ones, both may begin at the same time. */
	uint16_t generation = old->first_ns == packet->time_ns ? old->generation + 1 : 0;

	flow_timer_remove(&w->timer, index);
	if (!worker_end_flow(w, index, &order)) {
		w->counters.notes[NOTE_RECORD_DELAYED] += (old->state & FLOW_OVER) == 0;
		w->counters.notes[NOTE_PACKET_WITHOUT_FLOW]++;
		old->state |= FLOW_OVER;
		flow_timer_add(&w->timer, index, w->timer.now + 1);
		return FLOW_NONE;
	}
	index = worker_new_flow(w, packet, d, hash);
	if (index != FLOW_NONE)
		flow_table_get(w->flows, index)->generation = generation;
	return index;
}

/*
 * Where the counting begins. What is told twice and differently is not believed: then all that has
 * not been seen counts when it comes, or a SYN that nobody takes would hide the stream's bytes.
 * True where that may count what was counted.
 */
static bool
place_stream(struct flow *flow, unsigned from, bool syn, uint32_t seq, uint32_t len)
{
	struct tcp_direction *t = &flow->tcp[from];
	uint16_t known = (uint16_t)(FLOW_SEQ_LOW << from);

	if ((flow->state & known) == 0) {
		flow->state |= known;
		if (syn)
			tcp_account_start(t, seq);
		else
			tcp_account_join(t, seq);
	} else if (flow->payload[from] == 0) {
		/* One byte before is a keep-alive. */
		bool before = len != 0 && (int32_t)(seq - t->next_seq) < -1;
		if (syn && seq == t->next_seq)
			tcp_account_start(t, seq);
		else if (syn || before)
			tcp_account_join(t, seq);
	} else if (syn && !begins_here(flow, from, seq)) {
		tcp_account_join(t, t->next_seq);
		return true;
	}
	return false;
}

static uint32_t
account_tcp(struct worker *w, uint32_t index, struct flow *flow, const struct decoded *d)
{
	unsigned from = d->from_high;
	bool syn = (d->tcp_flags & TCP_SYN) != 0;
	uint32_t seq = d->tcp_seq + syn;

	bool is_rough = place_stream(flow, from, syn, seq, d->wire_payload_len);
	uint32_t fresh = tcp_account_segment(&flow->tcp[from], seq, d->wire_payload_len, &is_rough);
	flow->payload[worker_sender(flow, d)] += fresh;
	w->counters.notes[NOTE_PAYLOAD_ROUGH] += is_rough;
	if (is_rough)
		flow->owes |= FLOW_OWES_COMPARE;

	uint8_t closing = 0;
	if ((d->tcp_flags & TCP_FIN) != 0)
		closing |= (uint8_t)(FLOW_FIN_LOW << from);
	if ((d->tcp_flags & TCP_RST) != 0)
		closing |= FLOW_RESET;
	if ((closing & ~flow->state) == 0)
		return fresh;
	flow->state |= closing;
	uint32_t due = w->timer.now + worker_idle_ticks(w, flow);
	if (due < flow->due_tick) {
		flow_timer_remove(&w->timer, index);
		flow_timer_add(&w->timer, index, due);
	}
	return fresh;
}

uint32_t
worker_renew_flow(struct worker *worker, uint32_t index, const struct packet *packet,
		  const struct decoded *d)
{
	struct flow *flow = flow_table_get(worker->flows, index);

	return (flow->state & FLOW_OVER) != 0 || is_reuse(flow, d)
		       ? renew_flow(worker, index, packet, d)
		       : index;
}

uint32_t
worker_count_packet(struct worker *worker, uint32_t index, const struct packet *packet,
		    const struct decoded *d)
{
	struct flow *flow = flow_table_get(worker->flows, index);
	unsigned from = worker_sender(flow, d);

	flow->packets[from]++;
	flow->bytes[from] += d->wire_ip_len;
	if (packet->time_ns > flow->last_ns)
		flow->last_ns = packet->time_ns;
	flow->last_tick = worker->timer.now;
	if (d->key.transport != TRANSPORT_TCP) {
		flow->payload[from] += d->wire_payload_len;
		return d->wire_payload_len;
	}
	if ((d->tcp_flags & TCP_SYN) != 0 && flow->initiator_rank != INITIATOR_SYN &&
	    !worker_is_stray_syn(flow, d))
		set_initiator(worker, flow, d);
	return account_tcp(worker, index, flow, d);
}
