/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pcapng format (draft-ietf-opsawg-pcapng): blocks, each with its type and its length in front,
 * and the length again behind. A section header sets the byte order of what follows; interface
 * blocks say what packets of each interface look like. A block of a type unknown here is passed
 * over.
 */
#include "dataplane/capture_format.h"
#include "dataplane/capture_interfaces.h"
#include "dataplane/capture_order.h"

#define BLOCK_OVERHEAD 12u /* type, length, length */
#define BYTE_ORDER_MAGIC 0x1a2b3c4du

enum block_type {
	BLOCK_SECTION = 0x0a0d0d0a, /* the same in either byte order */
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET_OBSOLETE = 2,
	BLOCK_PACKET_SIMPLE = 3,
	BLOCK_PACKET_ENHANCED = 6,
};

struct pcapng_state {
	struct capture_interfaces interfaces;
	uint64_t skip_start; /* offset of a block being passed over */
	uint64_t skip_left;  /* bytes of it still to pass, without its last length */
	uint32_t skip_len;   /* what that last length must be; 0: no such block */
	bool swapped;
};

/* A block of a known type, whole. */
struct block {
	uint32_t type;
	uint32_t len;
	struct slice body; /* between the lengths */
};

static const char block_cut[] = "a block is cut";

static bool
pcapng_recognises(struct slice head)
{
	return head.len >= 4 && capture_u32(head, 0, false) == BLOCK_SECTION;
}

static bool
is_known(uint32_t type)
{
	return type == BLOCK_SECTION || type == BLOCK_INTERFACE || type == BLOCK_PACKET_OBSOLETE ||
	       type == BLOCK_PACKET_SIMPLE || type == BLOCK_PACKET_ENHANCED;
}

/*
 * Stops where the packets found so far have been delivered: the place and the text are found again
 * then.
 */
static bool
stop(struct capture_walk *walk, size_t held, const char *what)
{
	if (held == 0)
		capture_walk_stop(walk, what);
	return false;
}

/*
 * The byte order of a section stands behind the length of its header, which cannot be read without
 * it.
 */
static bool
read_byte_order(struct pcapng_state *pcapng, struct capture_walk *walk, size_t held)
{
	if (!capture_walk_reach(walk, 12, held, block_cut))
		return false;
	struct slice head = slice_of(walk->view.at, 12);

	if (capture_u32(head, 8, false) == BYTE_ORDER_MAGIC)
		pcapng->swapped = false;
	else if (capture_u32(head, 8, true) == BYTE_ORDER_MAGIC)
		pcapng->swapped = true;
	else
		return stop(walk, held, "a section has no valid byte order mark");
	return true;
}

/* Of a block being passed over, whose start is no longer the place. */
static bool
reach_skipped(const struct pcapng_state *pcapng, struct capture_walk *walk, size_t need,
	      size_t held)
{
	if (capture_walk_reach(walk, need, held, block_cut))
		return true;
	if (walk->ended && walk->damage.what == NULL)
		walk->damage.what = block_cut;
	walk->damage.offset = pcapng->skip_start;
	return false;
}

/*
 * The rest of a block being passed over, however long: nothing of it is looked at but the last
 * length.
 */
static bool
finish_skip(struct pcapng_state *pcapng, struct capture_walk *walk, size_t held)
{
	while (pcapng->skip_left > 0) {
		uint64_t passed = capture_view_skip(&walk->view, pcapng->skip_left);

		pcapng->skip_left -= passed;
		if (passed == 0 && !reach_skipped(pcapng, walk, 1, held))
			return false;
	}
	if (!reach_skipped(pcapng, walk, 4, held))
		return false;
	if (capture_u32(slice_of(walk->view.at, 4), 0, pcapng->swapped) != pcapng->skip_len) {
		(void)stop(walk, held, "the two lengths of a block differ");
		walk->damage.offset = pcapng->skip_start;
		return false;
	}
	walk->view.at += 4;
	pcapng->skip_len = 0;
	return true;
}

/* Type and length at the place. */
static bool
read_block_head(struct pcapng_state *pcapng, struct capture_walk *walk, size_t held,
		struct block *block)
{
	if (!capture_walk_reach(walk, 8, held, block_cut))
		return false;
	if (capture_u32(slice_of(walk->view.at, 8), 0, false) == BLOCK_SECTION &&
	    !read_byte_order(pcapng, walk, held))
		return false;
	struct slice head = slice_of(walk->view.at, 8);

	block->type = capture_u32(head, 0, pcapng->swapped);
	block->len = capture_u32(head, 4, pcapng->swapped);
	if (block->len < BLOCK_OVERHEAD || block->len % 4 != 0)
		return stop(walk, held, "a block has an impossible length");
	return true;
}

/* The next block of a known type, whole, the place still in front of it. */
static bool
next_block(struct pcapng_state *pcapng, struct capture_walk *walk, size_t held, struct block *block)
{
	for (;;) {
		if (pcapng->skip_len != 0 && !finish_skip(pcapng, walk, held))
			return false;
		if (!read_block_head(pcapng, walk, held, block))
			return false;
		if (is_known(block->type))
			break;
		pcapng->skip_start = capture_view_offset(&walk->view);
		walk->view.at += 8;
		pcapng->skip_len = block->len;
		pcapng->skip_left = block->len - BLOCK_OVERHEAD;
	}
	if (block->len > CAPTURE_RUN_MAX)
		return stop(walk, held, "a block is longer than 1 MiB");
	if (!capture_walk_reach(walk, block->len, held, block_cut))
		return false;
	struct slice whole = slice_of(walk->view.at, block->len);

	if (capture_u32(whole, block->len - 4, pcapng->swapped) != block->len)
		return stop(walk, held, "the two lengths of a block differ");
	block->body = slice_of(whole.data + 8, block->len - BLOCK_OVERHEAD);
	return true;
}

static const char *
begin_section(struct pcapng_state *pcapng, struct slice body)
{
	/*
	 * Byte order mark, major and minor version, 64 bits of section length that nothing depends
	 * on.
	 */
	if (body.len < 16)
		return "a section header is cut";
	if (capture_u16(body, 4, pcapng->swapped) != 1)
		return "unknown version of the pcapng format";
	capture_interfaces_section(&pcapng->interfaces);
	return NULL;
}

/* What the three kinds of packet block have in common. */
struct packet_fields {
	uint32_t interface;
	uint32_t captured;
	uint32_t wire;
	uint64_t ticks;
	bool has_time;
};

static const char *
fill_packet(const struct pcapng_state *pcapng, const struct packet_fields *fields,
	    struct cursor *data, struct packet *packet)
{
	const struct capture_interface *interface =
		capture_interfaces_find(&pcapng->interfaces, fields->interface);
	uint32_t captured = fields->captured;

	if (interface == NULL)
		return "a packet is of an interface that is not described";
	if (captured > CAPTURE_PACKET_MAX)
		return "a packet is longer than 256 KiB";
	struct slice bytes = cursor_take(data, captured);

	if (data->failed)
		return "a packet is longer than its block";
	*packet = (struct packet){
		.data = bytes.data,
		.time_ns =
			fields->has_time ? capture_clock_ns(&interface->clock, fields->ticks) : 0,
		.captured_len = captured,
		.wire_len = fields->wire > captured ? fields->wire : captured,
		.port = (uint16_t)(interface - pcapng->interfaces.ports),
		.link = interface->link,
	};
	return NULL;
}

/*
 * Enhanced: interface of 32 bits. Obsolete: of 16 bits, then a count of drops. The rest is the
 * same.
 */
static const char *
read_timed_packet(const struct pcapng_state *pcapng, const struct block *block,
		  struct packet *packet)
{
	struct cursor bytes = cursor_over(block->body);
	struct slice head = cursor_take(&bytes, 20);
	bool swapped = pcapng->swapped;

	if (head.len == 0)
		return "a packet block is too short";
	struct packet_fields fields = {
		.interface = block->type == BLOCK_PACKET_OBSOLETE ? capture_u16(head, 0, swapped)
								  : capture_u32(head, 0, swapped),
		.ticks = (uint64_t)capture_u32(head, 4, swapped) << 32 |
			 capture_u32(head, 8, swapped),
		.captured = capture_u32(head, 12, swapped),
		.wire = capture_u32(head, 16, swapped),
		.has_time = true,
	};
	return fill_packet(pcapng, &fields, &bytes, packet);
}

/* Simple: of interface 0, without time, cut to that interface's snapshot length. */
static const char *
read_simple_packet(const struct pcapng_state *pcapng, const struct block *block,
		   struct packet *packet)
{
	const struct capture_interface *first = capture_interfaces_find(&pcapng->interfaces, 0);
	struct cursor bytes = cursor_over(block->body);
	struct slice head = cursor_take(&bytes, 4);

	if (head.len == 0)
		return "a packet block is too short";
	uint32_t wire = capture_u32(head, 0, pcapng->swapped);
	struct packet_fields fields = {.captured = wire, .wire = wire};

	if (first != NULL && first->snaplen != 0 && first->snaplen < wire)
		fields.captured = first->snaplen;
	return fill_packet(pcapng, &fields, &bytes, packet);
}

/* 1: a packet was filled in, 0: the block held none, -1: it is damaged, see *wrong. */
static int
read_block(struct pcapng_state *pcapng, const struct block *block, struct packet *packet,
	   const char **wrong)
{
	switch (block->type) {
	case BLOCK_SECTION:
		*wrong = begin_section(pcapng, block->body);
		return *wrong == NULL ? 0 : -1;
	case BLOCK_INTERFACE:
		*wrong = capture_interfaces_add(&pcapng->interfaces, block->body, pcapng->swapped);
		return *wrong == NULL ? 0 : -1;
	case BLOCK_PACKET_SIMPLE:
		*wrong = read_simple_packet(pcapng, block, packet);
		return *wrong == NULL ? 1 : -1;
	default:
		*wrong = read_timed_packet(pcapng, block, packet);
		return *wrong == NULL ? 1 : -1;
	}
}

static size_t
pcapng_burst(void *state, struct capture_walk *walk, struct packet *packets, size_t max)
{
	struct pcapng_state *pcapng = state;
	const char *wrong = NULL;
	struct block block;
	size_t count = 0;

	while (count < max && next_block(pcapng, walk, count, &block)) {
		capture_view_prefetch(&walk->view, block.len);
		int filled = read_block(pcapng, &block, &packets[count], &wrong);

		if (filled < 0) {
			(void)stop(walk, count, wrong);
			break;
		}
		walk->view.at += block.len;
		count += (size_t)filled;
	}
	return count;
}

static const char *
pcapng_port_name(const void *state, uint16_t port)
{
	const struct pcapng_state *pcapng = state;

	return port < pcapng->interfaces.count ? pcapng->interfaces.ports[port].name : NULL;
}

static void
pcapng_fini(void *state)
{
	struct pcapng_state *pcapng = state;

	capture_interfaces_fini(&pcapng->interfaces);
}

const struct capture_format capture_pcapng = {
	.recognises = pcapng_recognises,
	.state_size = sizeof(struct pcapng_state),
	.burst = pcapng_burst,
	.port_name = pcapng_port_name,
	.fini = pcapng_fini,
};
