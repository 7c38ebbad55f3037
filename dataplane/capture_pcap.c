/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pcap format (draft-ietf-opsawg-pcap): a file header of 24 bytes, then records, each with a
 * header of 16 bytes: seconds, fraction, captured length, length on the wire.
 */
#include "dataplane/capture_format.h"
#include "dataplane/capture_linktype.h"
#include "dataplane/capture_order.h"

#define FILE_HEADER_LEN 24
#define RECORD_HEADER_LEN 16

/* How the records of a file are to be read. */
struct pcap_shape {
	bool swapped;
	bool lengths_swapped; /* before version 2.3: length on the wire first; in 2.3 in some files
			       */
	uint8_t record_header_len;
	uint32_t fraction_ns; /* nanoseconds in a unit of the fraction */
};

struct pcap_state {
	struct pcap_shape shape;
	uint8_t link;
	bool header_read;
	bool ordinary; /* the shape of nearly all files, see walk_ordinary */
};

static const struct pcap_magic {
	uint32_t magic;
	uint32_t fraction_ns;
	uint8_t record_header_len;
} magics[] = {
	{0xa1b2c3d4, 1000, RECORD_HEADER_LEN},
	{0xa1b23c4d, 1, RECORD_HEADER_LEN},
	/* Kuznetzov's: interface, protocol and packet type follow in the record header. */
	{0xa1b2cd34, 1000, RECORD_HEADER_LEN + 8},
};

static const struct pcap_magic *
find_magic(uint32_t magic)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if (magics[i].magic == magic)
			return &magics[i];
	return NULL;
}

static bool
pcap_recognises(struct slice head)
{
	return head.len >= 4 && (find_magic(capture_u32(head, 0, false)) != NULL ||
				 find_magic(capture_u32(head, 0, true)) != NULL);
}

static bool
read_file_header(struct pcap_state *pcap, struct capture_walk *walk)
{
	if (!capture_walk_reach(walk, FILE_HEADER_LEN, 0, "the file header is cut"))
		return false;
	struct slice header = slice_of(walk->view.at, FILE_HEADER_LEN);
	bool swapped = find_magic(capture_u32(header, 0, false)) == NULL;
	const struct pcap_magic *magic = find_magic(capture_u32(header, 0, swapped));
	uint16_t minor = capture_u16(header, 6, swapped);

	if (magic == NULL || capture_u16(header, 4, swapped) != 2) {
		capture_walk_stop(walk, "unknown version of the pcap format");
		return false;
	}
	pcap->shape = (struct pcap_shape){
		.swapped = swapped,
		.lengths_swapped = minor <= 3,
		.record_header_len = magic->record_header_len,
		.fraction_ns = magic->fraction_ns,
	};
	pcap->ordinary = !swapped && minor > 3 && magic->fraction_ns == 1000 &&
			 magic->record_header_len == RECORD_HEADER_LEN;
	/* The upper 16 bits tell the length of the frame check sequence, or are reserved. */
	pcap->link = (uint8_t)capture_linktype((uint16_t)capture_u32(header, 20, swapped));
	pcap->header_read = true;
	walk->view.at += FILE_HEADER_LEN;
	return true;
}

/* The captured length of a record in *captured, and the other one. */
static inline __attribute__((always_inline)) uint32_t
record_lengths(struct slice header, const struct pcap_shape shape, uint32_t *captured)
{
	uint32_t wire = capture_u32(header, 12, shape.swapped);

	*captured = capture_u32(header, 8, shape.swapped);
	if (shape.lengths_swapped && *captured > wire) {
		uint32_t first = *captured;

		*captured = wire;
		wire = first;
	}
	return wire > *captured ? wire : *captured;
}

/* Takes a record whole or not at all. */
static inline __attribute__((always_inline)) bool
take_record(struct capture_view *view, const struct pcap_shape shape, uint8_t link,
	    struct packet *packet)
{
	struct cursor bytes = {.at = view->at, .end = view->end};
	struct slice header = cursor_take(&bytes, shape.record_header_len);
	uint32_t captured;

	if (header.len == 0)
		return false;
	uint32_t wire = record_lengths(header, shape, &captured);
	struct slice data = cursor_take(&bytes, captured);

	if (bytes.failed || captured > CAPTURE_PACKET_MAX)
		return false;
	capture_view_prefetch(view, RECORD_HEADER_LEN + captured);
	*packet = (struct packet){
		.data = data.data,
		.time_ns = (uint64_t)capture_u32(header, 0, shape.swapped) * 1000000000u +
			   (uint64_t)capture_u32(header, 4, shape.swapped) * shape.fraction_ns,
		.captured_len = captured,
		.wire_len = wire,
		.link = link,
	};
	view->at = bytes.at;
	return true;
}

/* A record could not be taken: whether it can be now, after more bytes came in. */
static bool
reach_record(struct pcap_state *pcap, struct capture_walk *walk, size_t held)
{
	uint32_t captured;

	if (!capture_walk_reach(walk, pcap->shape.record_header_len, held, "a record is cut"))
		return false;
	(void)record_lengths(slice_of(walk->view.at, RECORD_HEADER_LEN), pcap->shape, &captured);
	if (captured > CAPTURE_PACKET_MAX) {
		if (held == 0)
			capture_walk_stop(walk, "a record is longer than 256 KiB");
		return false;
	}
	return capture_walk_reach(walk, pcap->shape.record_header_len + captured, held,
				  "a record is cut");
}

static size_t
walk_any(struct pcap_state *pcap, struct capture_walk *walk, struct packet *packets, size_t max)
{
	size_t count = 0;

	while (count < max) {
		if (take_record(&walk->view, pcap->shape, pcap->link, &packets[count]))
			count++;
		else if (!reach_record(pcap, walk, count))
			break;
	}
	return count;
}

/* The same with a shape known to the compiler. */
static size_t
walk_ordinary(struct pcap_state *pcap, struct capture_walk *walk, struct packet *packets,
	      size_t max)
{
	static const struct pcap_shape ordinary = {
		.record_header_len = RECORD_HEADER_LEN,
		.fraction_ns = 1000,
	};
	size_t count = 0;

	while (count < max) {
		if (take_record(&walk->view, ordinary, pcap->link, &packets[count]))
			count++;
		else if (!reach_record(pcap, walk, count))
			break;
	}
	return count;
}

static size_t
pcap_burst(void *state, struct capture_walk *walk, struct packet *packets, size_t max)
{
	struct pcap_state *pcap = state;

	if (!pcap->header_read && !read_file_header(pcap, walk))
		return 0;
	return pcap->ordinary ? walk_ordinary(pcap, walk, packets, max)
			      : walk_any(pcap, walk, packets, max);
}

const struct capture_format capture_pcap = {
	.recognises = pcap_recognises,
	.state_size = sizeof(struct pcap_state),
	.burst = pcap_burst,
};
