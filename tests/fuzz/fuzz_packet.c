/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets through a worker, from the decoder to the records in its ring. The input is a row of
 * packets: a link type, a step in time, bytes that only the wire had, a length of two bytes, and as
 * many bytes. However hostile they are, every packet is accounted for once, and the ring's messages
 * keep the worker's promises.
 */
#include "base/bytes.h"
#include "tests/fuzz/worker_check.h"

#define MAX_FLOWS 16
#define SECOND_NS UINT64_C(1000000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t
next_time(uint64_t now_ns, uint8_t step)
{
	switch (step) {
	case 0xff: /* a packet out of order */
		return now_ns > SECOND_NS ? now_ns - SECOND_NS : 0;
	case 0xfe: /* a clock set right */
		return now_ns + (SECOND_NS << 24);
	default: /* up to eleven minutes: past every time-out */
		return now_ns + (uint64_t)step * step * (SECOND_NS / 100);
	}
}

/* Takes the next packet into a block of its own size; false at the end of the input. */
static bool
take_packet(struct cursor *c, uint64_t *now_ns, struct packet *packet)
{
	uint8_t link = cursor_u8(c);
	*now_ns = next_time(*now_ns, cursor_u8(c));
	uint32_t beyond = cursor_u8(c) * 16u;
	size_t len = cursor_be16(c);
	if (c->failed)
		return false;

	struct slice bytes = cursor_take(c, len < cursor_left(c) ? len : cursor_left(c));
	uint8_t *copy = malloc(bytes.len > 0 ? bytes.len : 1);
	require(copy != NULL);
	if (bytes.len > 0)
		memcpy(copy, bytes.data, bytes.len);
	*packet = (struct packet){
		.data = copy,
		.time_ns = *now_ns,
		.captured_len = (uint32_t)bytes.len,
		.wire_len = (uint32_t)bytes.len + beyond,
		.link = link % (LINK_TYPE_UNSUPPORTED + 1),
	};
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct inside_map inside;
	const struct worker_config config = {
		.count = 1,
		.max_flows = MAX_FLOWS,
		.hash_seed = 0x0123456789abcdefu,
		.timeouts = FLOW_TIMEOUTS_DEFAULT,
		.inside = &inside,
	};
	struct worker *worker = worker_create(&config);
	require(worker != NULL);

	struct cursor c = cursor_over(slice_of(data, size));
	struct sums sums = {0};
	uint64_t now_ns = 0, packets = 0, bytes = 0;
	bool more = true;
	while (more) {
		struct packet burst[PACKET_BURST_MAX];
		size_t count = 0;
		while (count < PACKET_BURST_MAX && (more = take_packet(&c, &now_ns, &burst[count])))
			bytes += burst[count++].wire_len;
		worker_process(worker, burst, count);
		packets += count;
		for (size_t i = 0; i < count; i++)
			free((void *)burst[i].data);
		take_messages(worker, &sums);
	}
	worker_drain(worker);
	take_messages(worker, &sums);
	require(worker_flow_count(worker) == 0);
	check_counters(worker_get_counters(worker), &sums, packets, bytes);
	worker_destroy(worker);
	return 0;
}
