/* SPDX-License-Identifier: Apache-2.0 */
/* What the inspection of datagrams is made of: one file a protocol. Nobody else includes it. */
#pragma once

#include "classifier/names/quic.h"
#include "dataplane/inspect_internal.h"

/** Looks for QUIC Initials. True when the datagram is QUIC, as far as can be told. */
bool inspect_quic(struct inspector *ins, uint32_t index, const struct decoded *packet,
		  unsigned direction);

/** Looks whether an Initial of a flow whose hello was read begins another connection. */
void inspect_quic_again(struct inspector *ins, uint32_t index, const struct decoded *packet,
			const struct quic_long_header *header, unsigned direction);

/** Looks for the hellos of DTLS. */
void inspect_dtls(struct inspector *ins, uint32_t index, const struct decoded *packet,
		  unsigned direction);

/** The client's hello is read, or given up: nothing more is asked of its datagrams. */
void inspect_udp_settle(struct inspector *ins, struct flow *flow);

/** A packet of `flow` was seen whose keys nobody has, and no hello: counted at the flow's end if it
 * stays so. */
void inspect_udp_unopened(struct flow *flow);

/** The flow's hello was seen after all. */
void inspect_udp_opened(struct flow *flow);

/** Counts a datagram that breaks its protocol's rules, or that the capture cut. */
void inspect_udp_malformed(struct inspector *ins, struct flow *flow, const struct decoded *packet,
			   enum worker_note note);
