/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a client sends in the place of bytes that were read: the same again, or another story. A box
 * that hides a name sends a hello that the server never gets, and the real one with the same
 * numbers, in one segment or cut into several. Bytes that came in pieces are kept a while. Of those
 * that came in one segment, the usual case, there are only two checks: what is sent again is put
 * together until it can be compared. A retransmission cut in another way gives the same check,
 * however it comes.
 */
#include <string.h>

#include "base/byte_hash.h"
#include "classifier/names/client_stream.h"
#include "dataplane/inspect_tcp_internal.h"

/* So much from the start is compared before all is there: a whole message has its length in its
 * first bytes, and a ClientHello its random number. */
#define CHECK_START 64u

/* RFC 7323 2.3: no window is larger. Behind so much payload nothing of the beginning is sent again,
 * and once the numbers have come round they mean other bytes. */
#define WINDOW_MAX (UINT64_C(1) << 30)

/* They come round unseen too, where most of the payload is not captured. What a client wants to
 * hide comes early: no server waits longer for a hello. */
#define COMPARED_NS (120 * UINT64_C(1000000000))

/* Heads behind which what is not whole is read: each costs all that is there. Clients ask a proxy
 * some few times. */
#define HEADS_MAX 16

/* A segment, as far as it lies in the place of what was read. */
struct piece {
	uint32_t offset;
	struct slice bytes;
};

static uint16_t
check_of(const struct inspector *ins, struct slice bytes)
{
	uint64_t hash = byte_hash(bytes, ins->seed);

	return (uint16_t)(hash ^ hash >> 32);
}

static uint16_t
start_check_of(const struct inspector *ins, struct slice bytes)
{
	size_t len = bytes.len < CHECK_START ? bytes.len : CHECK_START;

	return check_of(ins, slice_of(bytes.data, len)) | 1;
}

/* Whether there is something to compare with what the client sends at the time, and to tell. */
static bool
is_compared(const struct flow *flow, uint64_t now_ns)
{
	return flow->read_start != 0 && flow->payload[0] + flow->payload[1] <= WINDOW_MAX &&
	       (now_ns < flow->first_ns || now_ns - flow->first_ns <= COMPARED_NS) &&
	       (flow->flags & FLOW_FLAG_OVERLAP_CONFLICT) == 0;
}

/* The place goes to `flow`: counts what is lost, if its own would still be compared. */
static void
note_evicted(struct inspector *ins, const struct repeat *repeat, const struct flow *flow)
{
	if (repeat->flow == FLOW_NONE || repeat->stream.run_count == 0)
		return;
	const struct flow *other = flow_table_get(ins->flows, repeat->flow);
	if (repeat_is_of(repeat, repeat->flow, other, other->initiator) &&
	    is_compared(other, flow->last_ns))
		inspect_note(ins,
			     repeat_is_whole(repeat) ? NOTE_REPEAT_FORGOTTEN : NOTE_REPEAT_EVICTED);
}

/* The flow's place among what is compared. */
static struct repeat *
take_place(struct inspector *ins, uint32_t index, unsigned direction, uint32_t len)
{
	const struct flow *flow = flow_table_get(ins->flows, index);
	struct repeat *repeat = repeat_table_get(ins->repeats, index, len);

	if (repeat_is_of(repeat, index, flow, direction))
		return repeat;
	note_evicted(ins, repeat, flow);
	repeat_begin(repeat, index, flow, direction);
	return repeat;
}

void
inspect_stream_check(struct inspector *ins, uint32_t index, unsigned direction, struct slice read)
{
	struct flow *flow = flow_table_get(ins->flows, index);

	flow->read_check = check_of(ins, read);
	flow->read_start = start_check_of(ins, read);
	/* Some of the pieces may be of another story: those in their place come alone. */
	if (inspect_find(ins, flow, direction) != NULL && read.len <= REPEAT_LARGE_BYTES) {
		struct repeat *repeat = take_place(ins, index, direction, (uint32_t)read.len);
		(void)first_bytes_add(&repeat->stream, 0, read);
	}
}

/* False where nothing of the segment lies there. */
static bool
find_piece(const struct flow *flow, unsigned direction, const struct decoded *packet, uint32_t read,
	   struct piece *piece)
{
	uint32_t seq = packet->tcp_seq + ((packet->tcp_flags & TCP_SYN) != 0);
	uint32_t offset = seq - flow->base_seq[direction], len = packet->payload_len;
	uint32_t before = offset > INT32_MAX ? 0 - offset : 0;

	if (before != 0)
		offset = 0;
	if (before >= len || offset >= read)
		return false;
	len -= before;
	piece->offset = offset;
	piece->bytes =
		slice_of(packet->payload + before, len < read - offset ? len : read - offset);
	return true;
}

/*
 * Whether the beginning, which is here again, is that of another message. One that ends where what
 * was read goes on is another one: where a message ends no byte behind it changes. Only behind a
 * request others may have been read in the same bytes; and of one whose host is in its first line
 * the end need not be here. These are known by their names.
 */
static bool
is_another(struct inspector *ins, const struct flow *flow, const struct client_stream *s,
	   size_t read)
{
	if (flow->read_is_one && s->message_end != 0)
		return s->message_end < read;
	return flow->name != FLOW_NONE && flow->name_source == s->name_source &&
	       !inspect_name_is(ins, flow, s->name, s->name_len);
}

/* Whether an empty line ends behind the first `had` bytes: a request's head may. */
static bool
ends_head(struct slice have, size_t had)
{
	for (size_t i = had != 0 ? had : 1; i < have.len; i++) {
		if (have.data[i] == '\n' &&
		    (have.data[i - 1] == '\n' ||
		     (i > 1 && have.data[i - 1] == '\r' && have.data[i - 2] == '\n')))
			return true;
	}
	return false;
}

/* A message sent a byte at a time must not cost its length squared. */
static bool
is_due(struct inspector *ins, struct repeat *repeat, struct slice have, size_t had)
{
	if (have.len >= repeat->look_at)
		return true;
	if (repeat->look_at == UINT32_MAX || repeat->heads > HEADS_MAX || !ends_head(have, had))
		return false;
	if (++repeat->heads <= HEADS_MAX)
		return true;
	inspect_note(ins, NOTE_REPEAT_UNREAD);
	return false;
}

/* Reads what is not whole, and sets when to read it again: where its reader knows how much it
 * lacks, then; else when it has grown by a part of itself. */
static bool
read_another(struct inspector *ins, const struct flow *flow, struct repeat *repeat,
	     struct slice have)
{
	struct client_stream s;
	enum parse_result r =
		client_stream_parse(ins->reader, have, ins->scratch, INSPECTOR_SCRATCH, &s);

	repeat->look_at = UINT32_MAX;
	if (r == PARSE_NEED_MORE)
		repeat->look_at =
			(uint32_t)(s.wanted > have.len + 1 ? s.wanted
							   : have.len + have.len / 16 + 1);
	return r == PARSE_FOUND && is_another(ins, flow, &s, repeat->end_seq - repeat->base_seq);
}

/* Whether what is put together is, as far as it goes, another story. Once it is known to be the
 * same it stays: its bytes are those that were read. */
static bool
tells_another(struct inspector *ins, const struct flow *flow, struct repeat *repeat, size_t had)
{
	struct slice have = first_bytes_contiguous(&repeat->stream);

	if (repeat_is_whole(repeat))
		return check_of(ins, have) != flow->read_check;
	if (have.len >= CHECK_START && start_check_of(ins, have) != flow->read_start)
		return true;
	return is_due(ins, repeat, have, had) && read_another(ins, flow, repeat, have);
}

/* Enters the piece; true when it shows that there are two stories. */
static bool
enter_piece(struct inspector *ins, const struct flow *flow, struct repeat *repeat,
	    const struct piece *piece)
{
	static const uint8_t zero;
	uint32_t last = repeat->end_seq - repeat->base_seq - 1;
	size_t had = first_bytes_contiguous(&repeat->stream).len;
	unsigned result = first_bytes_add(&repeat->stream, piece->offset, piece->bytes);

	if ((result & FIRST_BYTES_TOO_MANY_RUNS) != 0)
		inspect_note(ins, NOTE_FIRST_BYTES_SCATTERED);
	if ((result & FIRST_BYTES_CONFLICT) != 0)
		return true;
	size_t has = first_bytes_contiguous(&repeat->stream).len;
	if (has == last && repeat->ends_in_zero)
		(void)first_bytes_add(&repeat->stream, last, slice_of(&zero, 1));
	return has != had && tells_another(ins, flow, repeat, had);
}

static bool
differs(struct inspector *ins, uint32_t index, unsigned direction, const struct decoded *packet,
	uint32_t read)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	struct piece piece;

	if (!find_piece(flow, direction, packet, read, &piece) ||
	    inspect_is_padding(packet, piece.offset))
		return false;
	bool keeps_alive = piece.offset == read - 1 && inspect_may_keep_alive(packet);
	if (piece.bytes.len == read)
		return !keeps_alive && check_of(ins, piece.bytes) != flow->read_check;
	struct repeat *repeat = take_place(ins, index, direction, read);
	if (!keeps_alive)
		return enter_piece(ins, flow, repeat, &piece);
	repeat->ends_in_zero = true;
	if (first_bytes_contiguous(&repeat->stream).len != piece.offset)
		return false;
	(void)first_bytes_add(&repeat->stream, piece.offset, piece.bytes);
	return tells_another(ins, flow, repeat, piece.offset);
}

void
inspect_tcp_again(struct inspector *inspector, uint32_t index, const struct decoded *packet,
		  unsigned direction)
{
	struct flow *flow = flow_table_get(inspector->flows, index);
	uint32_t read = flow->hello_end - flow->base_seq[direction];

	if (!is_compared(flow, flow->last_ns) || flow->initiator != direction ||
	    read > REPEAT_LARGE_BYTES || (packet->tcp_flags & TCP_RST) != 0 ||
	    !differs(inspector, index, direction, packet, read))
		return;
	flow->flags |= FLOW_FLAG_OVERLAP_CONFLICT;
	inspect_note(inspector, NOTE_OVERLAP_CONFLICT);
}
