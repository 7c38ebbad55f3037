/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QUIC in the first datagrams of a flow: the client's Initials are opened with the keys of the
 * first Destination Connection ID, their CRYPTO frames put together until the ClientHello is whole.
 *
 * A client may begin anew: with another connection id after a Retry, with another version after
 * Version Negotiation, as another connection from the same port. Each time it sends its hello from
 * the start. So the pieces of one attempt are never joined with those of another: what opens with
 * keys of its own empties the stream, and what still comes of the attempt before is passed over.
 */
#include "base/byte_hash.h"
#include "classifier/names/quic_version.h"
#include "dataplane/inspect_udp.h"

/* Sets of keys that are made in vain for a flow, and Initials of unknown versions that keys are
 * tried on, before no more are: each costs as much as opening a packet. */
#define UNOPENED_MAX 16
#define TRIALS_MAX 2
#define FRAMES_SORTED 32 /* 10 and more in an Initial are usual */

/* An Initial that opened. */
struct opened {
	struct slice frames;
	struct quic_keys keys;
	const struct quic_attempt *attempt; /* whose keys opened it; NULL: its own */
};

static struct inspection *
inspection_of(struct inspector *ins, const struct flow *flow)
{
	return flow->inspect != FLOW_NONE ? inspection_pool_get(ins->pool, flow->inspect) : NULL;
}

static enum parse_result
open_packet(struct inspector *ins, const struct quic_keys *keys,
	    const struct quic_long_header *header, struct opened *out)
{
	return quic_initial_open(ins->quic, keys, header, ins->scratch, INSPECTOR_SCRATCH,
				 &out->frames);
}

/* Opens an Initial with the keys of an attempt that is known: behind the first answer of the server
 * the client sends to an id of the server's choice, with the same keys (RFC 9001 5.2). */
static enum parse_result
open_known(struct inspector *ins, const struct inspection *i, const struct quic_long_header *header,
	   struct opened *out)
{
	for (unsigned k = i != NULL ? i->quic_attempt_count : 0; k-- > 0;) {
		const struct quic_attempt *attempt = &i->quic_attempts[k];
		if (attempt->version != header->version)
			continue;
		out->attempt = attempt;
		enum parse_result result = open_packet(ins, &attempt->keys, header, out);
		if (result != PARSE_NOT_MINE)
			return result;
	}
	return PARSE_NOT_MINE;
}

/* An unknown version is worth a try for what a client's first Initial looks like, and never once
 * the client was understood otherwise. */
static bool
is_worth_a_trial(const struct flow *flow, const struct inspection *i,
		 const struct quic_long_header *header, const struct decoded *packet)
{
	return packet->wire_payload_len >= QUIC_INITIAL_DATAGRAM_MIN &&
	       header->dcid.len >= QUIC_FIRST_CID_MIN && flow->quic_trials < TRIALS_MAX &&
	       (i == NULL || i->quic_attempts[0].version == header->version);
}

/* Opens an Initial with the keys of its own connection id: the first one of an attempt. */
static enum parse_result
open_anew(struct inspector *ins, struct flow *flow, const struct quic_long_header *header,
	  const struct decoded *packet, struct opened *out)
{
	uint32_t versions[QUIC_TRIALS_MAX] = {header->version};
	size_t count = 1;

	out->attempt = NULL;
	if (flow->quic_unopened >= UNOPENED_MAX)
		return PARSE_NOT_MINE;
	if (header->type == QUIC_PACKET_UNKNOWN) {
		if (!is_worth_a_trial(flow, inspection_of(ins, flow), header, packet))
			return PARSE_NOT_MINE;
		flow->quic_trials++;
		count = quic_trial_versions(header, versions);
	}
	for (size_t k = 0; k < count; k++) {
		if (!quic_keys_derive(ins->quic, versions[k], header->dcid, &out->keys))
			return PARSE_NOT_MINE;
		enum parse_result result = open_packet(ins, &out->keys, header, out);
		if (result != PARSE_NOT_MINE)
			return result;
	}
	flow->quic_unopened++;
	return PARSE_NOT_MINE;
}

/* RFC 9000 8.1.2: behind a Retry the client shows a token. One without was sent before, and only
 * overtaken. */
static bool
is_from_before(const struct inspection *i, const struct quic_long_header *header)
{
	for (unsigned k = 0; k < i->quic_attempt_count; k++) {
		const struct quic_attempt *attempt = &i->quic_attempts[k];
		if (!attempt->left && attempt->has_token && header->token.len == 0 &&
		    attempt->version == header->version)
			return true;
	}
	return false;
}

/* Where to remember one more: in place of one that was left, when there is no other room. */
static struct quic_attempt *
attempt_slot(struct inspection *i)
{
	if (i->quic_attempt_count < QUIC_ATTEMPTS_MAX)
		return &i->quic_attempts[i->quic_attempt_count++];
	return i->quic_attempts[0].left ? &i->quic_attempts[0] : &i->quic_attempts[1];
}

/* Remembers what opened with keys of its own: a new attempt, which empties the stream of the one
 * before, or what is left of an older one. */
static const struct quic_attempt *
add_attempt(struct inspection *i, const struct quic_long_header *header,
	    const struct quic_keys *keys)
{
	struct quic_attempt added = {.keys = *keys,
				     .version = header->version,
				     .has_token = header->token.len != 0,
				     .left = is_from_before(i, header)};
	struct quic_attempt *slot = attempt_slot(i);

	if (!added.left) {
		for (unsigned k = 0; k < i->quic_attempt_count; k++)
			i->quic_attempts[k].left = true;
		first_bytes_init(&i->stream, i->stream.buffer, i->stream.size);
	}
	*slot = added;
	return slot;
}

static bool
add_frames(struct inspector *ins, struct flow *flow, const struct quic_crypto_frame *frames,
	   size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!inspect_add(ins, flow, frames[i].offset, frames[i].data))
			return false;
	}
	return true;
}

/* Puts the CRYPTO frames of an opened Initial where they belong. Clients shuffle them; put in order
 * first, they leave fewer holes, of which only so many are remembered. */
static bool
collect_frames(struct inspector *ins, struct flow *flow, struct slice frames)
{
	struct quic_crypto_frame sorted[FRAMES_SORTED], frame;
	struct cursor c = cursor_over(frames);
	size_t count = 0;

	while (quic_crypto_frame_next(&c, &frame)) {
		if (count == FRAMES_SORTED) {
			if (!add_frames(ins, flow, sorted, count))
				return false;
			count = 0;
		}
		size_t at = count++;
		for (; at > 0 && sorted[at - 1].offset > frame.offset; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = frame;
	}
	if (c.failed)
		inspect_note(ins, NOTE_QUIC_MALFORMED);
	return add_frames(ins, flow, sorted, count);
}

/* Reads the ClientHello if it is whole by now; the flow is settled unless more has to come. */
static void
parse_crypto(struct inspector *ins, struct flow *flow)
{
	struct inspection *i = inspection_of(ins, flow);
	struct slice bytes = first_bytes_contiguous(&i->stream);
	struct tls_client_hello hello;

	i->began = true;
	if (bytes.len == 0)
		return;
	switch (tls_client_hello_parse(bytes, &hello)) {
	case PARSE_NEED_MORE:
		return;
	case PARSE_FOUND:
		inspect_client_hello(ins, flow, &hello, NAME_SOURCE_QUIC_SNI);
		break;
	case PARSE_NOT_MINE:
	case PARSE_MALFORMED:
		flow->flags |= FLOW_FLAG_NAME_REFUSED;
		inspect_note(ins, NOTE_CLIENT_HELLO_MALFORMED);
		break;
	}
	inspect_udp_settle(ins, flow);
}

/* The plain case, which needs no memory: one CRYPTO frame, and the whole ClientHello in it. */
static bool
read_at_once(struct inspector *ins, struct flow *flow, struct slice frames)
{
	struct cursor c = cursor_over(frames);
	struct quic_crypto_frame only, other;
	struct tls_client_hello hello;

	if (!quic_crypto_frame_next(&c, &only) || only.offset != 0 ||
	    quic_crypto_frame_next(&c, &other) || c.failed ||
	    tls_client_hello_parse(only.data, &hello) != PARSE_FOUND)
		return false;
	inspect_client_hello(ins, flow, &hello, NAME_SOURCE_QUIC_SNI);
	inspect_udp_settle(ins, flow);
	return true;
}

static void
take_frames(struct inspector *ins, uint32_t index, const struct quic_long_header *header,
	    const struct opened *opened, unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);

	if (flow->inspect == FLOW_NONE && read_at_once(ins, flow, opened->frames))
		return;
	struct inspection *i = inspect_take(ins, index);
	const struct quic_attempt *attempt = opened->attempt;
	i->direction = (uint8_t)direction;
	if (attempt == NULL)
		attempt = add_attempt(i, header, &opened->keys);
	if (attempt->left)
		return;
	if (!collect_frames(ins, flow, opened->frames)) {
		flow->flags |= FLOW_FLAG_NAME_INCOMPLETE;
		inspect_udp_settle(ins, flow);
	} else {
		parse_crypto(ins, flow);
	}
}

/* An Initial that no keys of ours open: a server's, or the client's first one was not seen. That it
 * is QUIC is sure where it has the size that only Initials need to have (RFC 9000 14.1). */
static void
note_unopened(struct flow *flow, const struct quic_long_header *header,
	      const struct decoded *packet)
{
	if (header->type == QUIC_PACKET_UNKNOWN && !quic_version_is_reserved(header->version))
		return;
	if (packet->wire_payload_len >= QUIC_INITIAL_DATAGRAM_MIN)
		flow->protocol = APP_PROTOCOL_QUIC;
	inspect_udp_unopened(flow);
}

/* Reads an Initial. False when it did not open: it is no client's, or changed on its way. */
static bool
client_initial(struct inspector *ins, uint32_t index, const struct quic_long_header *header,
	       const struct decoded *packet, unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	const struct inspection *i = inspection_of(ins, flow);
	struct opened opened;

	/* Once the client has spoken, what the other side sends has keys of its own. */
	if (i != NULL && (i->direction != direction || i->quic_attempt_count == 0))
		return false;
	enum parse_result result = open_known(ins, i, header, &opened);
	if (result == PARSE_NOT_MINE)
		result = open_anew(ins, flow, header, packet, &opened);
	if (result == PARSE_MALFORMED && header->type == QUIC_PACKET_INITIAL)
		inspect_note(ins, NOTE_QUIC_MALFORMED);
	if (result != PARSE_FOUND) {
		if (i == NULL)
			note_unopened(flow, header, packet);
		return false;
	}
	flow->protocol = APP_PROTOCOL_QUIC;
	inspect_udp_opened(flow);
	inspect_initiator(flow, direction);
	take_frames(ins, index, header, &opened, direction);
	return true;
}

/* RFC 9000 17: a short header has the fixed bit too. Clients were seen that add zeros. */
static bool
is_no_packet(struct slice rest)
{
	return (rest.data[0] & 0xc0) == 0;
}

/*
 * Reads the Initials of a datagram: several packets may share it, all of one connection (RFC 9000
 * 12.2). So the first one that does not open ends it; else a datagram full of short ones would cost
 * a derivation of keys for each.
 */
static bool
read_datagram(struct inspector *ins, uint32_t index, const struct decoded *packet,
	      unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	struct slice rest = slice_of(packet->payload, packet->payload_len);
	bool is_quic = false;

	while ((flow->owes & FLOW_OWES_QUIC) != 0 && rest.len != 0) {
		struct quic_long_header header;
		enum parse_result result = quic_long_header_parse(rest, &header);
		if (result == PARSE_MALFORMED)
			inspect_udp_malformed(ins, flow, packet, NOTE_QUIC_MALFORMED);
		else if (result != PARSE_FOUND && is_quic && is_no_packet(rest))
			inspect_note(ins, NOTE_QUIC_TRAILING);
		if (result != PARSE_FOUND)
			return is_quic;
		if (header.type == QUIC_PACKET_NEGOTIATION) {
			inspect_note(ins, NOTE_QUIC_NEGOTIATION);
			if (flow->protocol == APP_PROTOCOL_UNKNOWN)
				flow->protocol = APP_PROTOCOL_QUIC;
		}
		if ((header.type == QUIC_PACKET_INITIAL || header.type == QUIC_PACKET_UNKNOWN) &&
		    !client_initial(ins, index, &header, packet, direction))
			return header.type == QUIC_PACKET_INITIAL;
		/* 0-RTT or what follows the hello: that may have been missed. */
		if (header.type == QUIC_PACKET_PROTECTED && flow->inspect == FLOW_NONE &&
		    (flow->owes & FLOW_OWES_QUIC) != 0)
			inspect_udp_unopened(flow);
		is_quic = true;
		rest = slice_of(rest.data + header.packet.len, rest.len - header.packet.len);
	}
	return is_quic;
}

bool
inspect_quic(struct inspector *ins, uint32_t index, const struct decoded *packet,
	     unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);

	if (quic_is_google(slice_of(packet->payload, packet->payload_len))) {
		if (flow->protocol == APP_PROTOCOL_UNKNOWN)
			flow->protocol = APP_PROTOCOL_GQUIC;
		return true;
	}
	return read_datagram(ins, index, packet, direction);
}

static uint64_t
hash_of_id(const struct inspector *ins, struct slice id)
{
	return byte_hash(id, ins->seed) | 1;
}

/*
 * The client of a connection that is answered sends to the id that the server chose. Any other one
 * is of its first Initials, sent again, or of another connection on the same ports: that has keys
 * of its own. Only a hello that is whole in one Initial is read.
 */
void
inspect_quic_again(struct inspector *ins, uint32_t index, const struct decoded *packet,
		   const struct quic_long_header *header, unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	struct quic_crypto_frame frame;
	struct tls_client_hello hello;
	char name[DOMAIN_NAME_MAX];
	struct opened opened;

	if (flow->initiator != direction) {
		flow->session_hash = hash_of_id(ins, header->scid);
		return;
	}
	if (hash_of_id(ins, header->dcid) == flow->session_hash)
		return;
	flow->late++;
	if (open_anew(ins, flow, header, packet, &opened) != PARSE_FOUND)
		return;
	struct cursor c = cursor_over(opened.frames);
	if (!quic_crypto_frame_next(&c, &frame) || frame.offset != 0 ||
	    tls_client_hello_parse(frame.data, &hello) != PARSE_FOUND)
		return;
	size_t len =
		hello.server_name.len != 0 ? domain_name_canonical(hello.server_name, name) : 0;
	if (len != 0 && (flow->name == FLOW_NONE || !inspect_name_is(ins, flow, name, len)))
		inspect_other_names(ins, flow, 1);
}
