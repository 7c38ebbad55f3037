/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What holds of a worker, however hostile its packets are: each is accounted for once, and the
 * ring's messages keep the worker's promises. For the fuzz targets that run one.
 */
#pragma once

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/tls.h"
#include "dataplane/worker.h"

/* What the ring's messages add up to. */
struct sums {
	uint64_t last_ns;
	uint64_t packets, bytes, evicted;
};

static inline void
require(bool holds)
{
	if (!holds)
		abort();
}

static inline void
check_record(const struct message *message, struct sums *sums)
{
	const struct flow_message *m = message->body;
	const struct flow_record *r = &m->record;

	require(message->len == offsetof(struct flow_message, record.name) + r->name_len + 1u);
	require(strlen(r->name) == r->name_len && r->name_len < DOMAIN_NAME_MAX);
	require((r->name_len != 0) == (r->name_source != NAME_SOURCE_NONE));
	require(r->start_ns <= r->end_ns);
	require(r->from_source.packets + r->from_destination.packets != 0);
	/* Each payload byte lay in one packet. */
	require(r->from_source.payload <= r->from_source.bytes);
	require(r->from_destination.payload <= r->from_destination.bytes);
	if (!r->final)
		return;
	sums->packets += r->from_source.packets + r->from_destination.packets;
	sums->bytes += r->from_source.bytes + r->from_destination.bytes;
	sums->evicted += (r->flags & FLOW_FLAG_EVICTED) != 0;
}

static inline void
take_messages(struct worker *worker, struct sums *sums)
{
	struct message_ring *ring = worker_ring(worker);
	struct message message;

	while (message_ring_peek(ring, &message)) {
		require(message.time_ns >= sums->last_ns);
		sums->last_ns = message.time_ns;
		if (message.kind == WORKER_MESSAGE_FLOW) {
			check_record(&message, sums);
		} else if (message.kind == WORKER_MESSAGE_CERTIFICATE) {
			const struct certificate_message *certificate = message.body;
			require(certificate->id != 0 && certificate->len <= TLS_CERTIFICATE_MAX);
			require(message.len ==
				offsetof(struct certificate_message, bytes) + certificate->len);
		} else {
			const struct dns_message *dns = message.body;
			require(message.kind == WORKER_MESSAGE_DNS && dns->len <= DNS_MESSAGE_MAX);
			require(message.len == offsetof(struct dns_message, bytes) + dns->len);
		}
		message_ring_pop(ring);
	}
}

static inline void
check_counters(const struct worker_counters *counters, const struct sums *sums, uint64_t packets,
	       uint64_t bytes)
{
	uint64_t decoded = 0;

	for (unsigned i = 0; i < DECODE_RESULT_COUNT; i++)
		decoded += counters->decoded[i];
	require(counters->packets_in == packets && decoded == packets);
	require(counters->bytes_in == bytes && sums->bytes <= bytes);
	require(counters->decoded[DECODE_TRACKED] == sums->packets);
	require(counters->notes[NOTE_FLOW_EVICTED] == sums->evicted);
	/* The ring was never full. */
	require(counters->notes[NOTE_PACKET_WITHOUT_FLOW] == 0);
	require(counters->notes[NOTE_RECORD_DELAYED] == 0);
}
