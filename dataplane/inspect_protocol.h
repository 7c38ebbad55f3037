/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a flow still owes to the second opinion (classifier/protocol): which of its packets are
 * shown to it, and when it is given up. Called behind our own parsers (inspect.h), and only while
 * the flow owes FLOW_OWES_PROTOCOL. One worker owns it.
 */
#pragma once

#include <stdbool.h>

#include "classifier/protocol/protocol_detector.h"
#include "dataplane/inspect.h"
#include "dataplane/worker.h"

struct protocol_inspector {
	struct inspector *inspector;        /**< borrowed */
	struct protocol_detector *detector; /**< NULL: not needed so far */
	enum protocol_detection detection;
};

/**
 * Borrows `inspector`. The detector costs tens of milliseconds: it is created now, or with `lazily`
 * for the first flow that needs it, so that a short replay does not pay for it. 0 or -errno
 * (nothing is kept then).
 */
int protocol_inspector_init(struct protocol_inspector *protocols, struct inspector *inspector,
			    enum protocol_detection detection, bool lazily);
void protocol_inspector_fini(struct protocol_inspector *protocols);

/** The bit that a new flow owes, or 0. */
uint8_t
inspect_protocol_owed(const struct protocol_inspector *protocols, const struct flow_key *key);

/**
 * Looks at a TCP or UDP packet that `direction` (0 low, 1 high) sent, which our parsers have seen.
 * True when the second opinion read another name than ours: then `dispute` is filled in but for its
 * order.
 */
bool
inspect_protocol(struct protocol_inspector *protocols, uint32_t index, const struct decoded *packet,
		 unsigned direction, uint64_t time_ns, struct name_dispute_message *dispute);

/** The flow is over: gives its state back. */
void inspect_protocol_end(struct protocol_inspector *protocols, uint32_t index);
