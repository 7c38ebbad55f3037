/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In mode `unnamed` a packet is shown when our parsers have settled its direction and know nothing;
 * as soon as they do know the flow, the question is withdrawn.
 */
#include "dataplane/inspect_protocol.h"

#include <errno.h>
#include <string.h>

#include "dataplane/inspect_internal.h"

/* A name that the library has cut is at least that long: the room, less ":65535", which it cuts off
 * after that. */
#define CUT_NAME_MIN (PROTOCOL_HOST_MAX - 1 - 6)

static int
create_detector(struct protocol_inspector *p)
{
	p->detector = protocol_detector_create(p->detection == PROTOCOL_DETECTION_ALL
						       ? PROTOCOL_DETECTOR_ALL
						       : PROTOCOL_DETECTOR_UNKNOWN);
	return p->detector != NULL ? 0 : -errno;
}

int
protocol_inspector_init(struct protocol_inspector *protocols, struct inspector *inspector,
			enum protocol_detection detection, bool lazily)
{
	*protocols = (struct protocol_inspector){.inspector = inspector, .detection = detection};
	if (detection == PROTOCOL_DETECTION_OFF || lazily)
		return 0;
	return create_detector(protocols);
}

void
protocol_inspector_fini(struct protocol_inspector *protocols)
{
	protocol_detector_destroy(protocols->detector);
	*protocols = (struct protocol_inspector){0};
}

uint8_t
inspect_protocol_owed(const struct protocol_inspector *protocols, const struct flow_key *key)
{
	if (key->transport != TRANSPORT_TCP && key->transport != TRANSPORT_UDP)
		return 0;
	switch (protocols->detection) {
	case PROTOCOL_DETECTION_OFF:
		break;
	case PROTOCOL_DETECTION_UNNAMED:
	case PROTOCOL_DETECTION_ALL:
		return FLOW_OWES_PROTOCOL;
	}
	return 0;
}

static void
settle(struct protocol_inspector *p, struct flow *flow)
{
	flow->owes &= (uint8_t)~FLOW_OWES_PROTOCOL;
	if (flow->opinion == FLOW_NO_OPINION)
		return;
	protocol_detector_release(p->detector, flow->opinion);
	flow->opinion = FLOW_NO_OPINION;
}

void
inspect_protocol_end(struct protocol_inspector *protocols, uint32_t index)
{
	settle(protocols, flow_table_get(protocols->inspector->flows, index));
}

static void
evict_oldest(struct protocol_inspector *p)
{
	uint32_t oldest = protocol_detector_oldest(p->detector);
	uint32_t index = protocol_detector_flow(p->detector, oldest);

	inspect_note(p->inspector, NOTE_PROTOCOL_EVICTED);
	settle(p, flow_table_get(p->inspector->flows, index));
}

/* The flow's state, begun if it has none. False where there is no detector and none can be made. */
static bool
begin(struct protocol_inspector *p, struct flow *flow, uint32_t index)
{
	if (flow->opinion != FLOW_NO_OPINION)
		return true;
	if (p->detector == NULL && create_detector(p) != 0) {
		inspect_note(p->inspector, NOTE_PROTOCOL_UNAVAILABLE);
		p->detection = PROTOCOL_DETECTION_OFF;
		return false;
	}
	uint32_t state = protocol_detector_begin(p->detector, index);
	if (state == PROTOCOL_STATE_NONE) {
		evict_oldest(p);
		state = protocol_detector_begin(p->detector, index);
	}
	flow->opinion = (uint16_t)state;
	return true;
}

static bool
is_known(const struct flow *flow)
{
	return flow->protocol != APP_PROTOCOL_UNKNOWN || flow->name != FLOW_NONE;
}

/* Whether our parsers may still find something in what `direction` sent so far. */
static bool
is_open(const struct flow *flow, unsigned direction)
{
	return flow->inspect != FLOW_NONE || (flow->owes & (FLOW_OWES_LOW << direction)) != 0;
}

/* Whether the names are one: theirs may have been cut at either end, and of a port or a final dot.
 */
static bool
is_same_name(const char *theirs, const char *ours, size_t ours_len)
{
	char name[DOMAIN_NAME_MAX];
	size_t len = strlen(theirs);

	if (domain_name_from_host(slice_of(theirs, len), name) == ours_len &&
	    memcmp(name, ours, ours_len) == 0)
		return true;
	return len >= CUT_NAME_MIN && len <= ours_len &&
	       (memcmp(theirs, ours, len) == 0 || memcmp(theirs, ours + ours_len - len, len) == 0);
}

/* A name that we do not have counts only once our parsers have said their last word, and did not
 * refuse one. */
static bool
is_disputed(const struct inspector *ins, const struct flow *flow, const char *theirs)
{
	char name[DOMAIN_NAME_MAX];
	size_t ours_len;

	if (theirs[0] == '\0')
		return false;
	if (flow->name != FLOW_NONE) {
		const char *ours = name_pool_get(ins->names, flow->name, &ours_len);
		return !is_same_name(theirs, ours, ours_len);
	}
	return flow->inspect == FLOW_NONE && (flow->flags & FLOW_FLAG_NAME_REFUSED) == 0 &&
	       domain_name_from_host(slice_of(theirs, strlen(theirs)), name) != 0;
}

/* Where it was seen, as worker_copy_detail and the record have it. */
static void
tell_place(const struct inspector *ins, const struct flow *flow, struct name_dispute_message *m)
{
	m->vni = flow->key.vni;
	m->vlan = flow->vlan;
	m->inner_vlan = flow->inner_vlan;
	m->capture_port = flow->capture_port;
	if (flow->detail == FLOW_NONE)
		return;
	const struct flow_detail *d = detail_pool_get(ins->details, flow->detail);
	bool low = flow->initiator == 0;
	m->outer_source = low ? d->outer_source : d->outer_destination;
	m->outer_destination = low ? d->outer_destination : d->outer_source;
	m->outer_source_inside = low ? d->outer_source_inside : d->outer_destination_inside;
	m->outer_destination_inside = low ? d->outer_destination_inside : d->outer_source_inside;
}

static void
tell_dispute(const struct inspector *ins, const struct flow *flow,
	     const struct protocol_opinion *opinion, struct name_dispute_message *m)
{
	unsigned source = flow->initiator;
	size_t len;

	m->source.version = m->destination.version = flow->key.version;
	memcpy(m->source.bytes, source == 0 ? flow->key.low_address : flow->key.high_address,
	       sizeof(m->source.bytes));
	memcpy(m->destination.bytes, source == 0 ? flow->key.high_address : flow->key.low_address,
	       sizeof(m->destination.bytes));
	m->source_port = source == 0 ? flow->key.low_port : flow->key.high_port;
	m->destination_port = source == 0 ? flow->key.high_port : flow->key.low_port;
	tell_place(ins, flow, m);
	memcpy(m->protocol, opinion->protocol, sizeof(m->protocol));
	memcpy(m->theirs, opinion->host, sizeof(opinion->host));
	if (flow->name != FLOW_NONE) {
		const char *ours = name_pool_get(ins->names, flow->name, &len);
		memcpy(m->ours, ours, len + 1);
	}
}

/* Enters what the second opinion says; true when it read another name. */
static bool
take_opinion(struct inspector *ins, struct flow *flow, const struct protocol_opinion *opinion,
	     struct name_dispute_message *dispute)
{
	if (opinion->protocol[0] == '\0')
		return false;
	struct flow_detail *detail = inspect_detail(ins, flow);
	if (detail != NULL) {
		memcpy(detail->protocol, opinion->protocol, sizeof(detail->protocol));
		memcpy(detail->category, opinion->category, sizeof(detail->category));
		detail->risks = opinion->risks;
	}
	if (!is_disputed(ins, flow, opinion->host))
		return false;
	inspect_note(ins, NOTE_NAME_DISPUTED);
	tell_dispute(ins, flow, opinion, dispute);
	return true;
}

static bool
feed(struct protocol_inspector *p, struct flow *flow, const struct decoded *d, unsigned direction,
     uint64_t time_ns, struct name_dispute_message *dispute)
{
	const struct protocol_packet packet = {
		.payload = slice_of(d->payload, d->payload_len),
		.source_port = direction == 0 ? d->key.low_port : d->key.high_port,
		.destination_port = direction == 0 ? d->key.high_port : d->key.low_port,
		.tcp_seq = d->tcp_seq,
		.tcp_flags = d->tcp_flags,
		.is_udp = d->key.transport == TRANSPORT_UDP,
		.from_high = direction != 0,
		.time_ns = time_ns,
	};
	struct protocol_opinion opinion;
	bool disputed = false;

	switch (protocol_detector_feed(p->detector, flow->opinion, &packet, &opinion)) {
	case PROTOCOL_MORE:
		return false;
	case PROTOCOL_DECIDED:
		disputed = take_opinion(p->inspector, flow, &opinion, dispute);
		break;
	case PROTOCOL_NO_ROOM:
		inspect_note(p->inspector, NOTE_PROTOCOL_NO_ROOM);
		break;
	}
	settle(p, flow);
	return disputed;
}

bool
inspect_protocol(struct protocol_inspector *protocols, uint32_t index, const struct decoded *packet,
		 unsigned direction, uint64_t time_ns, struct name_dispute_message *dispute)
{
	struct flow *flow = flow_table_get(protocols->inspector->flows, index);

	if (protocols->detection == PROTOCOL_DETECTION_OFF) {
		settle(protocols, flow);
		return false;
	}
	if (protocols->detection == PROTOCOL_DETECTION_UNNAMED && is_known(flow)) {
		settle(protocols, flow);
		return false;
	}
	if (packet->wire_payload_len == 0 ||
	    (protocols->detection == PROTOCOL_DETECTION_UNNAMED && is_open(flow, direction)))
		return false;
	if (packet->payload_len < packet->wire_payload_len) {
		inspect_note(protocols->inspector, NOTE_PROTOCOL_CUT);
		settle(protocols, flow);
		return false;
	}
	return begin(protocols, flow, index) &&
	       feed(protocols, flow, packet, direction, time_ns, dispute);
}
