/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first bytes of a TCP flow, in their order. A side owes its first message until a reader has
 * read it or none wants it. Where a stream begins is known from a SYN, or from what acknowledged
 * it; without one it is guessed from the first segment seen, and then bytes from before that
 * segment may still come, and what nobody knows is waited for a little.
 */
#include "dataplane/inspect_tcp_internal.h"

/* Parses that may end in "more" before further ones wait for the stream to grow by a part of
 * itself: a message sent a byte at a time must not cost its length squared. */
#define EAGER_ATTEMPTS 64

/* Segments of a stream with a guessed beginning after which nobody knows it. */
#define WAIT_SEGMENTS 8

/* Segments further ahead than what is kept, which are left out, before the bytes in between are
 * believed to be lost. One alone may be anybody's. */
#define FAR_SEGMENTS 8

/* Segments of a server in which its hello is looked for behind a talk in clear. */
#define SERVER_SEGMENTS 8

static void
settle(struct inspector *ins, struct flow *flow, unsigned direction)
{
	flow->owes &= (uint8_t) ~(FLOW_OWES_LOW << direction);
	inspect_release_side(ins, flow, direction);
	if ((flow->flags & FLOW_FLAG_TLS_RETRIED) != 0 &&
	    (flow->state & (FLOW_HELLO_SEEN | FLOW_SECOND_HELLO)) == FLOW_HELLO_SEEN)
		inspect_await_second_hello(ins, flow);
}

/* Counts what is missing, and flags it; `ended` where the flow did, without a loss of ours. */
static void
tell_incomplete(struct inspector *ins, struct flow *flow, unsigned direction, uint32_t cause)
{
	/* A second hello may have come before anybody waited for it. */
	if (inspect_owes_second_hello(flow, direction)) {
		inspect_note(ins, NOTE_ANSWER_INCOMPLETE);
		return;
	}
	flow->flags |= cause;
	if (cause == FLOW_FLAG_CUT_GAP)
		inspect_note(ins, NOTE_FIRST_BYTES_GAP);
	if (inspect_is_dns(flow, direction)) {
		inspect_note(ins, NOTE_DNS_STREAM_CUT);
	} else if (inspect_is_server(flow, direction)) {
		inspect_note(ins, NOTE_ANSWER_INCOMPLETE);
	} else {
		flow->flags |= FLOW_FLAG_NAME_INCOMPLETE;
		inspect_note(ins, NOTE_NAME_INCOMPLETE);
		const struct inspection *i = inspect_find(ins, flow, direction);
		struct slice stream = {0};
		if (i != NULL)
			stream = first_bytes_contiguous(&i->stream);
		if (inspect_may_be_client(flow, direction, stream) && stream.len != 0)
			inspect_read_cut(ins, flow, stream, direction);
	}
}

static void
give_up(struct inspector *ins, struct flow *flow, unsigned direction, uint32_t cause)
{
	tell_incomplete(ins, flow, direction, cause);
	settle(ins, flow, direction);
}

/* Nobody knows the stream: is it the middle of a TLS connection? */
static void
tell_unknown(struct inspector *ins, struct flow *flow, bool encrypted)
{
	if (!encrypted || flow->name != FLOW_NONE || (flow->state & FLOW_HELLO_SEEN) != 0 ||
	    (flow->flags & FLOW_FLAG_ENCRYPTED) != 0)
		return;
	if (flow->protocol == APP_PROTOCOL_UNKNOWN)
		flow->protocol = APP_PROTOCOL_TLS;
	flow->flags |= FLOW_FLAG_ENCRYPTED | FLOW_FLAG_NAME_INCOMPLETE;
	inspect_note(ins, NOTE_ENCRYPTED);
}

/* A hello in its record: of a DNS message that were a length of 5,635 and an error. */
static bool
begins_tls(struct slice stream)
{
	return stream.len >= 6 && stream.data[0] == 0x16 && stream.data[1] == 3 &&
	       (stream.data[5] == 1 || stream.data[5] == 2);
}

static struct reading
read_side(struct inspector *ins, struct flow *flow, struct slice stream, unsigned direction)
{
	if (inspect_owes_second_hello(flow, direction))
		return inspect_read_second_hello(ins, flow, stream);
	if (inspect_is_dns(flow, direction) && !begins_tls(stream)) {
		struct reading r = inspect_read_dns(ins, flow, stream, direction);
		if (r.result != PARSE_NOT_MINE)
			return r;
	}
	if (inspect_may_be_client(flow, direction, stream)) {
		struct reading r = inspect_read_client(ins, flow, stream, direction, false);
		if (r.result == PARSE_FOUND || r.result == PARSE_NEED_MORE)
			return r;
		if (r.result == PARSE_MALFORMED && !inspect_is_guessed(flow, direction))
			return r;
	}
	return inspect_read_server(ins, flow, stream, direction);
}

/* Keeps what is not kept yet; NULL when there is no room: then the direction is given up. */
static struct inspection *
keep(struct inspector *ins, uint32_t index, unsigned direction, const struct segment *segment,
     size_t from)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	struct inspection *i = inspect_take_side(ins, index, direction);
	struct slice rest = slice_of(segment->bytes.data + from, segment->bytes.len - from);

	if (segment->is_cut)
		i->cut_at = (uint32_t)rest.len;
	if (inspect_add_to(ins, flow, i, 0, rest))
		return i;
	give_up(ins, flow, direction, 0);
	return NULL;
}

/* The stream asks for more: sets when to look at it again. `i` NULL: the segment is all there is.
 */
static void
expect_more(struct inspector *ins, uint32_t index, unsigned direction, struct inspection *i,
	    const struct segment *segment, const struct reading *r)
{
	struct flow *flow = flow_table_get(ins->flows, index);

	if (r->consumed != 0)
		inspect_stream_advance(flow, i, direction, r->consumed);
	if (i == NULL && r->consumed >= segment->bytes.len)
		return;
	if (i == NULL)
		i = keep(ins, index, direction, segment, r->consumed);
	if (i == NULL)
		return;
	if (i->stream.run_count == 0) {
		inspect_release_side(ins, flow, direction);
		return;
	}
	uint32_t have = (uint32_t)first_bytes_contiguous(&i->stream).len;
	i->began = r->began;
	i->parse_at = have + 1;
	if (++i->attempts > EAGER_ATTEMPTS && r->consumed == 0)
		i->parse_at = have + have / 16 + 1;
	if (r->wanted > r->consumed && r->wanted - r->consumed > i->parse_at)
		i->parse_at = (uint32_t)(r->wanted - r->consumed);
	if (have == i->cut_at)
		give_up(ins, flow, direction, FLOW_FLAG_CUT_SNAPLEN);
}

/*
 * The stream's beginning is a guess, and nobody knows it: the real one may come yet. Meanwhile a
 * segment that says all by itself is as good.
 */
static void
wait(struct inspector *ins, uint32_t index, unsigned direction, struct inspection *i,
     const struct segment *segment)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	bool encrypted = tls_is_midstream(segment->bytes) || (i != NULL && i->encrypted);

	if (i != NULL && inspect_may_be_client(flow, direction, segment->bytes)) {
		struct reading r = inspect_read_client(ins, flow, segment->bytes, direction, true);
		if (r.result == PARSE_FOUND) {
			flow->hello_end = segment->seq + (uint32_t)r.consumed;
			settle(ins, flow, direction);
			return;
		}
	}
	if (++flow->waited[direction] > WAIT_SEGMENTS) {
		tell_unknown(ins, flow, encrypted);
		settle(ins, flow, direction);
		return;
	}
	if (i == NULL)
		i = keep(ins, index, direction, segment, 0);
	if (i == NULL)
		return;
	i->encrypted = encrypted;
	i->began = false;
	i->parse_at = 0;
}

/* Notes where what was read ends, and what it was. Of what names nobody that is all: it may have
 * been sent in the place of a message. */
static void
end_reading(struct inspector *ins, uint32_t index, unsigned direction, struct slice stream,
	    const struct reading *r)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	size_t consumed = r->consumed;

	if (flow->initiator != direction)
		return;
	if (consumed == 0) {
		/* A second hello is not compared. */
		if (flow->initiator_rank != INITIATOR_SYN || (flow->state & FLOW_HELLO_SEEN) != 0)
			return;
		consumed = stream.len;
	}
	flow->hello_end = flow->base_seq[direction] + (uint32_t)consumed;
	flow->read_is_one = r->is_one || r->result != PARSE_FOUND;
	if (consumed != 0 && consumed <= stream.len)
		inspect_stream_check(ins, index, direction, slice_of(stream.data, consumed));
}

/* Reads the stream from its beginning; `i` NULL: it is `segment`, and nothing is kept. */
static void
read_stream(struct inspector *ins, uint32_t index, unsigned direction, struct inspection *i,
	    const struct segment *segment)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	struct slice stream = i != NULL ? first_bytes_contiguous(&i->stream) : segment->bytes;
	struct reading r = {.result = PARSE_NOT_MINE};

	if (stream.len != 0)
		r = read_side(ins, flow, stream, direction);
	if (r.result == PARSE_NEED_MORE) {
		expect_more(ins, index, direction, i, segment, &r);
	} else if (r.result == PARSE_FOUND || !inspect_is_guessed(flow, direction)) {
		end_reading(ins, index, direction, stream, &r);
		settle(ins, flow, direction);
	} else {
		wait(ins, index, direction, i, segment);
	}
}

/* New bytes of the stream at `offset`, of a direction that still owes its first message. */
static void
take_bytes(struct inspector *ins, uint32_t index, unsigned direction, uint32_t offset,
	   const struct segment *segment)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	struct inspection *i = inspect_find(ins, flow, direction);

	if (offset == 0 && i == NULL) {
		/* The usual case: read where it lies, and kept only if it asks for more. */
		read_stream(ins, index, direction, NULL, segment);
		return;
	}
	i = inspect_take_side(ins, index, direction);
	if (offset >= INSPECTION_LARGE) {
		inspect_note(ins, NOTE_FIRST_BYTES_FAR);
		/* What is missing before will not come any more. */
		if (++i->far > FAR_SEGMENTS)
			give_up(ins, flow, direction, FLOW_FLAG_CUT_GAP);
		return;
	}
	uint32_t end = offset + (uint32_t)segment->bytes.len;
	if (segment->is_cut && end < i->cut_at)
		i->cut_at = end;
	bool fits = inspect_add_to(ins, flow, i, offset, segment->bytes);
	size_t have = first_bytes_contiguous(&i->stream).len;
	bool is_due = have >= i->parse_at || !fits;
	if (have != 0 ? is_due : inspect_is_guessed(flow, direction))
		read_stream(ins, index, direction, i, segment);
	if (!fits && (flow->owes & (FLOW_OWES_LOW << direction)) != 0)
		give_up(ins, flow, direction, 0);
}

/* Padding in front of all that came. */
static bool
is_padding(const struct inspector *ins, const struct flow *flow, const struct decoded *packet,
	   unsigned direction, uint32_t offset)
{
	const struct inspection *i = inspect_find(ins, flow, direction);

	return inspect_is_padding(packet, offset) && (i == NULL || i->stream.run_count == 0);
}

/* A byte of garbage in the place of the last one that came, while more is awaited. */
static bool
is_keep_alive(const struct inspector *ins, const struct flow *flow, const struct decoded *packet,
	      unsigned direction, uint32_t offset)
{
	const struct inspection *i = inspect_find(ins, flow, direction);

	return inspect_may_keep_alive(packet) && i != NULL &&
	       (uint64_t)offset + 1 == first_bytes_end(&i->stream);
}

/* Looks for the ServerHello behind what was said in clear: where a segment begins with it, the
 * stream begins anew. */
static bool
finds_server_hello(struct inspector *ins, struct flow *flow, unsigned direction,
		   const struct segment *segment)
{
	struct tls_server_hello hello;
	enum parse_result result =
		tls_server_stream_parse(segment->bytes, ins->scratch, INSPECTOR_SCRATCH, &hello);

	if (result == PARSE_FOUND || (result == PARSE_NEED_MORE && segment->bytes.len >= 6)) {
		flow->state &= (uint16_t)~FLOW_SERVER_BEHIND;
		flow->state |= (uint16_t)((FLOW_BASE_LOW | FLOW_ANCHORED_LOW) << direction);
		flow->base_seq[direction] = segment->seq;
		return true;
	}
	if (++flow->tries >= SERVER_SEGMENTS)
		settle(ins, flow, direction);
	return false;
}

void
inspect_tcp(struct inspector *inspector, uint32_t index, const struct decoded *packet,
	    unsigned direction)
{
	struct flow *flow = flow_table_get(inspector->flows, index);
	struct segment segment = {
		.seq = packet->tcp_seq + ((packet->tcp_flags & TCP_SYN) != 0),
		.bytes = slice_of(packet->payload, packet->payload_len),
		.is_cut = packet->payload_len < packet->wire_payload_len,
	};
	uint32_t offset;

	if (segment.is_cut)
		inspect_note(inspector, NOTE_PAYLOAD_CUT);
	if (packet->payload_len == 0) {
		if (segment.is_cut)
			give_up(inspector, flow, direction, FLOW_FLAG_CUT_SNAPLEN);
		return;
	}
	if ((flow->state & FLOW_SERVER_BEHIND) != 0 && inspect_is_server(flow, direction) &&
	    !finds_server_hello(inspector, flow, direction, &segment))
		return;
	enum stream_place place =
		inspect_stream_place(inspector, flow, direction, &segment, &offset);
	if (place == STREAM_ADRIFT)
		give_up(inspector, flow, direction, FLOW_FLAG_CUT_GAP);
	else if (place == STREAM_PLACED &&
		 !is_padding(inspector, flow, packet, direction, offset) &&
		 !is_keep_alive(inspector, flow, packet, direction, offset))
		take_bytes(inspector, index, direction, offset, &segment);
}

static void
anchor(struct inspector *ins, uint32_t index, unsigned direction, uint32_t base, bool is_hint)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	const struct segment nothing = {.seq = base};

	if (is_hint ? inspect_stream_hint(ins, flow, direction, base)
		    : inspect_stream_anchor(ins, flow, direction, base))
		read_stream(ins, index, direction, inspect_find(ins, flow, direction), &nothing);
}

void
inspect_tcp_syn(struct inspector *inspector, uint32_t index, const struct decoded *packet,
		unsigned direction)
{
	struct flow *flow = flow_table_get(inspector->flows, index);
	unsigned other = 1 - direction;
	uint32_t base = packet->tcp_seq + 1;

	if ((flow->owes & (FLOW_OWES_LOW << direction)) != 0) {
		if (inspect_is_guessed(flow, direction))
			anchor(inspector, index, direction, base, false);
		else if (base != flow->base_seq[direction])
			inspect_stream_renew(inspector, flow, direction, base);
	} else if (inspect_is_guessed(flow, direction)) {
		inspect_stream_reopen(inspector, flow, direction, base);
	}
	/* RFC 9293 3.5: the answer acknowledges the number of the SYN. */
	if ((packet->tcp_flags & TCP_ACK) != 0 && (flow->owes & (FLOW_OWES_LOW << other)) != 0 &&
	    inspect_is_guessed(flow, other))
		anchor(inspector, index, other, packet->tcp_ack, true);
}

static void
end_side(struct inspector *ins, struct flow *flow, const struct inspection *i)
{
	unsigned direction = i->direction;
	struct slice stream = first_bytes_contiguous(&i->stream);
	bool has_gap = first_bytes_end(&i->stream) > stream.len || i->far != 0;
	uint32_t cause = has_gap ? FLOW_FLAG_CUT_GAP : 0;

	if (i->cut_at != UINT32_MAX)
		cause = FLOW_FLAG_CUT_SNAPLEN;
	if (i->began || (cause != 0 && !inspect_is_guessed(flow, direction)))
		tell_incomplete(ins, flow, direction, cause);
	else if (inspect_is_guessed(flow, direction))
		tell_unknown(ins, flow, i->encrypted);
}

void
inspect_tcp_end(struct inspector *ins, uint32_t index)
{
	struct flow *flow = flow_table_get(ins->flows, index);

	for (unsigned direction = 0; direction < 2; direction++) {
		struct inspection *i = inspect_find(ins, flow, direction);
		if (i != NULL && i->attempts > EAGER_ATTEMPTS &&
		    !inspect_is_server(flow, direction)) {
			const struct segment nothing = {0};
			read_stream(ins, index, direction, i, &nothing);
			i = inspect_find(ins, flow, direction);
		}
		if (i != NULL)
			end_side(ins, flow, i);
	}
	inspect_release(ins, flow);
}
