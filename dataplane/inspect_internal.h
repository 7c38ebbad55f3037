/* SPDX-License-Identifier: Apache-2.0 */
/* What inspection of streams and of datagrams share. Nobody else includes it. */
#pragma once

#include "base/flow_record.h"
#include "classifier/names/tls.h"
#include "dataplane/inspect.h"

/** Counts one loss. */
static inline void
inspect_note(struct inspector *ins, enum worker_note note)
{
	ins->counters->notes[note]++;
}

/** The flow's inspection, taking one if it has none (the oldest one gives way when all are in use).
 */
struct inspection *inspect_take(struct inspector *ins, uint32_t index);

/** Gives the flow's inspection back, if it has one. */
void inspect_release(struct inspector *ins, struct flow *flow);

/** Adds a piece, moving to the large buffer where needed. False when the stream has to be given up.
 */
bool inspect_add(struct inspector *ins, struct flow *flow, uint64_t offset, struct slice piece);

/** Enters what a ClientHello said into the flow. */
void inspect_client_hello(struct inspector *ins, struct flow *flow,
			  const struct tls_client_hello *hello, enum name_source source);

/** Keeps a name of the wire that is already canonical (`len` 0: it was refused). The first one
 * stays. */
void inspect_name(struct inspector *ins, struct flow *flow, const char *name, size_t len,
		  enum name_source source);

/** `direction` spoke first, as its bytes show; unless a SYN said so already. */
void inspect_initiator(struct flow *flow, unsigned direction);
