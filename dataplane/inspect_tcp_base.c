/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a direction's stream begins: known from its SYN or from what acknowledged that, else
 * guessed from the first segment seen, until bytes from before it or the SYN come late.
 */
#include "dataplane/inspect_tcp_internal.h"

/* Each moves all that is kept, and has it read again: a stream that grows to the front must not
 * cost its length squared. */
#define REBASES_MAX 8

/* The stream begins `by` bytes earlier than was thought. False when that was said too often. */
static bool
rebase(struct inspector *ins, struct flow *flow, unsigned direction, uint32_t by)
{
	struct inspection *i = inspect_find(ins, flow, direction);

	if (i != NULL && i->rebases >= REBASES_MAX)
		return false;
	flow->base_seq[direction] -= by;
	if (i == NULL)
		return true;
	i->rebases++;
	if (first_bytes_end(&i->stream) + by > i->stream.size)
		(void)inspection_pool_enlarge(ins->pool, i);
	first_bytes_move_up(&i->stream, by);
	if (i->cut_at != UINT32_MAX)
		i->cut_at += by;
	i->parse_at = 0;
	i->began = false;
	return true;
}

enum stream_place
inspect_stream_place(struct inspector *ins, struct flow *flow, unsigned direction,
		     struct segment *segment, uint32_t *offset)
{
	if ((flow->state & (FLOW_BASE_LOW << direction)) == 0) {
		flow->state |= (uint16_t)(FLOW_BASE_LOW << direction);
		flow->base_seq[direction] = segment->seq;
	}
	*offset = segment->seq - (inspect_owes_second_hello(flow, direction)
					  ? flow->hello_end
					  : flow->base_seq[direction]);
	if (*offset <= INT32_MAX)
		return STREAM_PLACED;
	uint32_t before = 0 - *offset;
	*offset = 0;
	if (inspect_is_guessed(flow, direction) && before < TCP_REBASE_MAX) {
		return rebase(ins, flow, direction, before) ? STREAM_PLACED : STREAM_ADRIFT;
	}
	/* Keep-alives and overlaps repeat what is known. */
	if (before >= segment->bytes.len)
		return STREAM_OLD;
	segment->bytes = slice_of(segment->bytes.data + before, segment->bytes.len - before);
	segment->seq += before;
	return STREAM_PLACED;
}

void
inspect_stream_renew(struct inspector *ins, struct flow *flow, unsigned direction, uint32_t base)
{
	uint32_t by = flow->base_seq[direction] - base;

	if (flow->payload[direction] == 0 && inspect_find(ins, flow, direction) == NULL)
		flow->base_seq[direction] = base;
	else if (by < TCP_REBASE_MAX && inspect_find(ins, flow, direction) != NULL)
		(void)rebase(ins, flow, direction, by);
}

static bool
set_base(struct inspector *ins, struct flow *flow, unsigned direction, uint32_t base)
{
	bool known = (flow->state & (FLOW_BASE_LOW << direction)) != 0;
	uint32_t by = known ? flow->base_seq[direction] - base : 0;

	flow->state |= (uint16_t)(FLOW_BASE_LOW << direction);
	if (!known || by >= TCP_REBASE_MAX || (by != 0 && !rebase(ins, flow, direction, by))) {
		inspect_release_side(ins, flow, direction);
		flow->base_seq[direction] = base;
	}
	const struct inspection *i = inspect_find(ins, flow, direction);
	return i != NULL && first_bytes_contiguous(&i->stream).len != 0;
}

bool
inspect_stream_anchor(struct inspector *ins, struct flow *flow, unsigned direction, uint32_t base)
{
	flow->state |= (uint16_t)(FLOW_ANCHORED_LOW << direction);
	return set_base(ins, flow, direction, base);
}

bool
inspect_stream_hint(struct inspector *ins, struct flow *flow, unsigned direction, uint32_t base)
{
	bool known = (flow->state & (FLOW_BASE_LOW << direction)) != 0;

	/* The answer acknowledges data that was seen. */
	if (known && base - flow->base_seq[direction] < TCP_REBASE_MAX)
		return false;
	return set_base(ins, flow, direction, base);
}

void
inspect_stream_reopen(struct inspector *ins, struct flow *flow, unsigned direction, uint32_t base)
{
	uint32_t by = flow->base_seq[direction] - base;

	flow->state |= (uint16_t)(FLOW_ANCHORED_LOW << direction);
	if (by == 0 || by >= TCP_REBASE_MAX || flow->initiator != direction)
		return;
	inspect_release_side(ins, flow, direction);
	flow->base_seq[direction] = base;
	flow->read_start = 0;
	flow->state |= FLOW_NAME_PARTIAL;
	flow->owes |= (uint8_t)(FLOW_OWES_LOW << direction);
}

void
inspect_stream_advance(struct flow *flow, struct inspection *i, unsigned direction, size_t consumed)
{
	flow->base_seq[direction] += (uint32_t)consumed;
	flow->state |= (uint16_t)(FLOW_ANCHORED_LOW << direction);
	if (i == NULL)
		return;
	first_bytes_move_down(&i->stream, (uint32_t)consumed);
	if (i->cut_at != UINT32_MAX)
		i->cut_at -= i->cut_at < consumed ? i->cut_at : (uint32_t)consumed;
}
