/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first packets of one flow: two ports, then for each packet a byte of flags, a length of two
 * bytes and that many bytes of payload. What is answered has to be the same when the flow is shown
 * again, after itself.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/protocol/protocol_detector.h"
#include "classifier/protocol/protocol_risk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FROM_HIGH = 1, UDP = 2 };

static struct protocol_detector *detector;

static void
check(const struct protocol_opinion *o)
{
	if (memchr(o->protocol, '\0', sizeof(o->protocol)) == NULL ||
	    memchr(o->category, '\0', sizeof(o->category)) == NULL ||
	    memchr(o->host, '\0', sizeof(o->host)) == NULL)
		abort();
	if (o->protocol[0] == '\0' &&
	    (o->category[0] != '\0' || o->host[0] != '\0' || o->risks != 0))
		abort();
	if (o->risks >> PROTOCOL_RISK_COUNT != 0)
		abort();
}

static enum protocol_answer
feed(uint32_t state, struct cursor *c, const uint16_t ports[2], uint32_t *seq,
     struct protocol_opinion *opinion)
{
	unsigned flags = cursor_u8(c), from = flags & FROM_HIGH;
	struct slice bytes = cursor_vec16(c);
	if (c->failed)
		return PROTOCOL_DECIDED;

	/* Exactly as long as it is said to be. */
	uint8_t *exact = malloc(bytes.len + 1);
	if (exact == NULL)
		abort();
	memcpy(exact, bytes.data, bytes.len);
	const struct protocol_packet packet = {
		.payload = slice_of(exact, bytes.len),
		.source_port = ports[from],
		.destination_port = ports[1 - from],
		.tcp_seq = seq[from],
		.tcp_flags = 0x18,
		.is_udp = (flags & UDP) != 0,
		.from_high = from != 0,
		.time_ns = UINT64_C(1782864000000000000),
	};
	seq[from] += (uint32_t)bytes.len;
	enum protocol_answer answer = protocol_detector_feed(detector, state, &packet, opinion);
	free(exact);
	return answer;
}

static enum protocol_answer
show(struct slice input, struct protocol_opinion *opinion)
{
	struct cursor c = cursor_over(input);
	const uint16_t ports[2] = {cursor_be16(&c), cursor_be16(&c)};
	uint32_t state = protocol_detector_begin(detector, 1), seq[2] = {1, 1};
	enum protocol_answer answer = PROTOCOL_MORE;

	if (state == PROTOCOL_STATE_NONE)
		abort();
	memset(opinion, 0, sizeof(*opinion));
	for (unsigned i = 0; i < PROTOCOL_PACKETS_MAX && answer == PROTOCOL_MORE; i++) {
		answer = feed(state, &c, ports, seq, opinion);
		check(opinion);
	}
	if (answer == PROTOCOL_MORE)
		abort();
	protocol_detector_release(detector, state);
	return answer;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct protocol_opinion first, again;

	if (detector == NULL)
		detector = protocol_detector_create(PROTOCOL_DETECTOR_ALL);
	if (detector == NULL)
		abort();
	enum protocol_answer answer = show(slice_of(data, size), &first);
	if (show(slice_of(data, size), &again) != answer ||
	    memcmp(&first, &again, sizeof(first)) != 0)
		abort();
	return 0;
}
