/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What becomes of fragments. A datagram that is whole is taken like one packet, and all packets
 * that carried it count in its flow. Of one that never gets whole, the part before its first gap
 * tells the flow, and the packets count there too; where it does not, they count for the
 * conversation around the tunnel that they came in, or are refused as fragments. So each packet
 * counts once, when its datagram is settled.
 *
 * Every worker puts every datagram together, since no fragment but the first could say whose it is;
 * in the end the owner of the conversation counts, or the first worker if there is none.
 */
#include "dataplane/worker_internal.h"

/* RFC 791 3.2 gives a reassembly 15 seconds at first, RFC 8200 4.5 sixty; Linux takes 30. */
#define DATAGRAM_SECONDS 30u

/* How much of a datagram is there to be settled. */
enum datagram_state {
	DATAGRAM_WHOLE,
	/* Waited for long enough: what else was sent in place of the missing bytes came before. */
	DATAGRAM_LATE,
	/* Given up early or in doubt: it is counted, and no name is taken from it. */
	DATAGRAM_DOUBTFUL,
};

static void
count_in(struct worker *w, const struct fragment_carrier *carrier, enum decode_result result)
{
	w->counters.packets_in += carrier->packets;
	w->counters.bytes_in += carrier->bytes;
	w->counters.decoded[result] += carrier->packets;
}

static void
note(struct worker *w, enum worker_note note)
{
	if (w->config.index == 0)
		w->counters.notes[note]++;
}

static enum decode_result
fragment_reason(uint8_t version)
{
	return version == 4 ? DECODE_IPV4_FRAGMENT : DECODE_IPV6_FRAGMENT;
}

/* Counted in its flow, not read. */
static uint32_t
count_only(struct worker *w, const struct packet *packet, const struct decoded *d, uint32_t hash)
{
	uint32_t index = worker_find_flow(w, packet, d, hash);

	if (index == FLOW_NONE)
		return FLOW_NONE;
	if (d->outer_count != 0)
		worker_take_outer(w, flow_table_get(w->flows, index), d);
	(void)worker_count_packet(w, index, packet, d);
	return index;
}

static uint32_t
take_datagram(struct worker *w, const struct packet *packet, const struct decoded *d, uint32_t hash,
	      enum datagram_state state)
{
	/* The beginning of a TCP segment is as good as a shorter segment; that of a UDP datagram is
	 * nothing that was ever said. */
	bool is_read = state == DATAGRAM_WHOLE ||
		       (state == DATAGRAM_LATE && d->key.transport == TRANSPORT_TCP);

	return is_read ? worker_take_packet(w, packet, d, hash) : count_only(w, packet, d, hash);
}

/* What carried it counts where one packet was counted. Gives the flow, NULL where there was no room
 * for one. */
static struct flow *
add_packets(struct worker *w, uint32_t index, const struct decoded *d,
	    const struct fragment_carrier *carrier)
{
	if (index == FLOW_NONE) { /* noted once already */
		w->counters.notes[NOTE_PACKET_WITHOUT_FLOW] += carrier->packets - 1;
		return NULL;
	}
	struct flow *flow = flow_table_get(w->flows, index);
	flow->packets[worker_sender(flow, d)] += carrier->packets - 1;
	if (carrier->last_ns > flow->last_ns)
		flow->last_ns = carrier->last_ns;
	return flow;
}

/* Into the flow that `d` tells, if it is ours, with all packets that carried it. */
static void
track(struct worker *w, const struct datagram *datagram, const struct packet *packet,
      struct decoded *d, enum datagram_state state)
{
	const struct fragment_carrier *carrier = &datagram->carrier;
	uint64_t hash = worker_hash(w, d);

	if (!worker_owns(w, hash))
		return;
	count_in(w, carrier, DECODE_TRACKED);
	/* Each fragment had a header of its own; what is in a tunnel had one. */
	if (d->ip == packet->data)
		d->wire_ip_len = datagram->ip_bytes;
	uint32_t index = take_datagram(w, packet, d, (uint32_t)hash, state);
	struct flow *flow = add_packets(w, index, d, carrier);
	if (flow == NULL)
		return;
	if (datagram->has_conflict || carrier->has_conflict)
		flow->flags |= FLOW_FLAG_OVERLAP_CONFLICT;
	if (state != DATAGRAM_WHOLE && (flow->owes & FLOW_OWES_FIRST_BYTES) != 0)
		flow->flags |= FLOW_FLAG_CUT_GAP;
}

/* False when there is no tunnel around. */
static bool
count_around(struct worker *w, const struct decode_place *place,
	     const struct fragment_carrier *carrier)
{
	const struct packet packet = {.time_ns = carrier->first_ns, .port = carrier->port};
	struct decoded d;

	if (!decode_around(place, &d))
		return false;
	uint64_t hash = worker_hash(w, &d);
	if (!worker_owns(w, hash))
		return true;
	count_in(w, carrier, DECODE_TRACKED);
	uint32_t index = count_only(w, &packet, &d, (uint32_t)hash);
	struct flow *flow = add_packets(w, index, &d, carrier);
	if (flow != NULL) {
		unsigned from = worker_sender(flow, &d);
		flow->bytes[from] += carrier->around.ip_bytes;
		flow->payload[from] += carrier->around.payload_bytes;
	}
	return true;
}

/*
 * What was in a tunnel counts for the conversation around it: nobody hides what he sends by leaving
 * a piece out. Without one there is no conversation, and the first worker counts it.
 */
static void
refuse(struct worker *w, const struct decode_place *place, const struct fragment_carrier *carrier,
       enum decode_result reason)
{
	if (!count_around(w, place, carrier) && w->config.index == 0)
		count_in(w, carrier, reason);
}

/* Accounts for a datagram that will not get whole; it stays in the table. */
static void
give_up(struct worker *w, const struct datagram *datagram, enum datagram_state state)
{
	struct decode_place place = datagram_place(datagram);
	struct packet packet;
	struct decoded d;

	if (datagram->has_conflict)
		note(w, NOTE_DATAGRAM_CONFLICT);
	if (fragment_table_packet(w->fragments, datagram, &packet) &&
	    decode_datagram(&packet, &place, &d) == DECODE_TRACKED)
		track(w, datagram, &packet, &d, state);
	else
		refuse(w, &place, &datagram->carrier, fragment_reason(datagram->key.version));
}

/* The oldest makes room. False when there is none but those that are being settled. */
static bool
evict(struct worker *w)
{
	struct datagram *oldest = fragment_table_oldest(w->fragments);

	if (oldest == NULL)
		return false;
	if (!oldest->is_spoilt) {
		note(w, NOTE_DATAGRAM_EVICTED);
		give_up(w, oldest, DATAGRAM_DOUBTFUL);
	}
	fragment_table_release(w->fragments, oldest);
	return true;
}

/* Gives the datagram that is whole with this fragment, or NULL. */
static struct datagram *
add(struct worker *w, const struct decoded *fragment, const struct fragment_carrier *carrier)
{
	struct decode_place place;
	struct datagram *datagram;
	enum fragment_result result;

	do {
		result = fragment_table_add(w->fragments, fragment, carrier, w->now_ns, &datagram);
	} while (result == FRAGMENT_NO_ROOM && evict(w));
	switch (result) {
	case FRAGMENT_WAITS:
		break;
	case FRAGMENT_COMPLETES:
		return datagram;
	case FRAGMENT_SPOILS:
		note(w, NOTE_DATAGRAM_SPOILT);
		give_up(w, datagram, DATAGRAM_DOUBTFUL);
		break;
	case FRAGMENT_REFUSED:
	case FRAGMENT_NO_ROOM:
		decode_place_of(fragment, &place);
		refuse(w, &place, carrier, fragment_reason(fragment->key.version));
		break;
	}
	return NULL;
}

void
worker_take_fragment(struct worker *worker, const struct packet *packet,
		     const struct decoded *fragment)
{
	struct fragment_carrier carrier = {
		.packets = 1,
		.bytes = packet->wire_len,
		.first_ns = packet->time_ns,
		.last_ns = packet->time_ns,
		.around = fragment->around,
		.port = packet->port,
	};
	struct decoded d = *fragment;
	struct datagram *outer = NULL;

	/* A datagram in a tunnel may be a fragment again; decode_datagram bounds the depth. */
	for (;;) {
		struct datagram *whole = add(worker, &d, &carrier);
		if (outer != NULL)
			fragment_table_release(worker->fragments, outer);
		if (whole == NULL)
			return;
		outer = whole;
		carrier = whole->carrier;
		if (whole->has_conflict) {
			carrier.has_conflict = true;
			note(worker, NOTE_DATAGRAM_CONFLICT);
		}

		struct decode_place place = datagram_place(whole);
		struct packet all;
		(void)fragment_table_packet(worker->fragments, whole, &all);
		enum decode_result result = decode_datagram(&all, &place, &d);
		if (decode_is_fragment(result)) {
			carrier.around = d.around;
			continue;
		}
		if (result == DECODE_TRACKED)
			track(worker, whole, &all, &d, DATAGRAM_WHOLE);
		else
			refuse(worker, &place, &carrier, result);
		fragment_table_release(worker->fragments, whole);
		return;
	}
}

static void
give_up_oldest(struct worker *w, struct datagram *oldest)
{
	if (!oldest->is_spoilt) {
		note(w, NOTE_DATAGRAM_INCOMPLETE);
		give_up(w, oldest, DATAGRAM_LATE);
	}
	fragment_table_release(w->fragments, oldest);
}

void
worker_expire_fragments(struct worker *worker, uint64_t time_ns)
{
	struct datagram *oldest;

	while ((oldest = fragment_table_oldest(worker->fragments)) != NULL &&
	       time_ns - oldest->since_ns > DATAGRAM_SECONDS * UINT64_C(1000000000))
		give_up_oldest(worker, oldest);
}

void
worker_drain_fragments(struct worker *worker)
{
	struct datagram *oldest;

	while ((oldest = fragment_table_oldest(worker->fragments)) != NULL)
		give_up_oldest(worker, oldest);
}
