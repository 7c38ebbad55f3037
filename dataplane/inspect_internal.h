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

/**
 * The flow's first inspection, taking one if it has none (the oldest one gives way when all are in
 * use). A UDP flow has no other.
 */
struct inspection *inspect_take(struct inspector *ins, uint32_t index);

/** The inspection of one direction of a TCP flow; NULL when it has none. */
struct inspection *
inspect_find(const struct inspector *ins, const struct flow *flow, unsigned direction);

/** The same, taking one if there is none. */
struct inspection *inspect_take_side(struct inspector *ins, uint32_t index, unsigned direction);

/** Gives the flow's inspections back, if it has any. */
void inspect_release(struct inspector *ins, struct flow *flow);

/** Gives back what one direction has. */
void inspect_release_side(struct inspector *ins, struct flow *flow, unsigned direction);

/**
 * Adds a piece to the flow's first inspection, moving to the large buffer where needed. False when
 * the stream has to be given up: the flow's flags then tell why.
 */
bool inspect_add(struct inspector *ins, struct flow *flow, uint64_t offset, struct slice piece);

/** The same, to any inspection. */
bool inspect_add_to(struct inspector *ins, struct flow *flow, struct inspection *to,
		    uint64_t offset, struct slice piece);

/** Enters what a ClientHello said into the flow: flags, detail, name. */
void inspect_client_hello(struct inspector *ins, struct flow *flow,
			  const struct tls_client_hello *hello, enum name_source source);

/** The same without the name. */
void inspect_hello_detail(struct inspector *ins, struct flow *flow,
			  const struct tls_client_hello *hello);

/** Keeps an ALPN id that can be shown. */
void inspect_alpn(struct inspector *ins, struct flow *flow, struct slice alpn);

/** Keeps a name of the wire that is already canonical (`len` 0: it was refused). The first one
 * stays. */
void inspect_name(struct inspector *ins, struct flow *flow, const char *name, size_t len,
		  enum name_source source);

/** Counts hosts that are not the flow's name, as far as the number goes. */
void inspect_other_names(struct inspector *ins, struct flow *flow, unsigned count);

/** Whether the flow, which has a name, has this one. */
bool
inspect_name_is(const struct inspector *ins, const struct flow *flow, const char *name, size_t len);

/** The flow's detail, taking one if it has none; NULL when all are in use. */
struct flow_detail *inspect_detail(struct inspector *ins, struct flow *flow);

/** `direction` spoke first, as its bytes show; unless a SYN said so already. */
void inspect_initiator(struct flow *flow, unsigned direction);

/** Counts what a UDP flow that ends was never opened of. */
void inspect_udp_end(struct inspector *ins, struct flow *flow);

/** inspect_end for TCP, of a flow with inspections. */
void inspect_tcp_end(struct inspector *ins, uint32_t index);
