/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages of one call of a transport: rows of the journal, or flows, formatted into memory that is
 * used again and again.
 */
#pragma once

#include "dashboard-export/journal/journal_reader.h"
#include "dashboard-export/sinks/delivery_flows.h"
#include "dashboard-export/sinks/transport.h"

struct delivery_batch;

/** Formatted bytes at which a batch is full, whatever the number of its messages. */
#define DELIVERY_BATCH_BYTES (1u << 20)

/** What a batch is and what was passed over for it. */
struct delivery_filled {
	size_t count;
	uint64_t filtered;   /**< rows below the sink's minimum */
	uint64_t unreadable; /**< rows or flows that could not be parsed or formatted */
	uint64_t last;       /**< every row up to this one was looked at; 0 with flows */
	uint64_t missing;    /**< rows that were gone, by retention, before they were looked at */
};

/** NULL with ENOMEM; borrows the configuration. Free with delivery_batch_destroy (NULL allowed). */
struct delivery_batch *delivery_batch_create(const struct sink_config *config);
void delivery_batch_destroy(struct delivery_batch *batch);

/** Fills it with rows behind `after`, at most `max` messages. Returns 0 or -errno of the reader. */
int delivery_batch_fill(struct delivery_batch *batch, struct journal_reader *reader, uint64_t after,
			uint64_t through, size_t max, struct delivery_filled *out);

/** Fills it with flows from the front of the queue; `taken` gets how many lines of it they are. */
void delivery_batch_fill_flows(struct delivery_batch *batch, struct delivery_flows *flows,
			       size_t max, struct delivery_filled *out, size_t *taken);

/** Its messages, `count` of them as the last fill said. */
const struct outgoing *delivery_batch_messages(const struct delivery_batch *batch);

/** Bytes of all messages. */
size_t delivery_batch_bytes(const struct delivery_batch *batch);
