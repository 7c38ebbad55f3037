/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a worker could not do, or gave up: one named counter for each reason. Refusals of whole
 * packets have their own list (decode.h).
 */
#pragma once

#include <stdint.h>

#include "dataplane/decode.h"

/** Losses after a packet was tracked; none of them refuses the packet. */
enum worker_note {
	NOTE_CLIENT_HELLO_MALFORMED,
	NOTE_HTTP_MALFORMED,
	NOTE_QUIC_MALFORMED,
	NOTE_QUIC_UNREADABLE, /**< Initial that the client's keys do not open, of a flow never
				 opened */
	NOTE_NAME_REFUSED,    /**< name on the wire breaks the rules for host names */
	NOTE_NAME_POOL_FULL,
	NOTE_NAME_INCOMPLETE, /**< flow ended while its ClientHello or request was not complete */
	NOTE_FIRST_BYTES_TOO_LONG,  /**< past 64 KiB, or no large buffer free */
	NOTE_FIRST_BYTES_SCATTERED, /**< too many separate pieces */
	NOTE_INSPECTION_EVICTED,
	NOTE_PAYLOAD_CUT, /**< bytes wanted for a name were cut by the snap length */
	NOTE_FLOW_EVICTED,
	NOTE_PACKET_WITHOUT_FLOW, /**< packet counted in no flow: table and ring were full */
	NOTE_DNS_UNSOLICITED,     /**< answer that nobody was seen to ask for: not believed */
	NOTE_DNS_NOT_SENT,        /**< answer left out because the ring was full */
	NOTE_DNS_TOO_LONG,        /**< answer left out because it is longer than DNS_MESSAGE_MAX */
	NOTE_RECORD_DELAYED,      /**< record sent at a later tick because the ring was full */
	WORKER_NOTE_COUNT,
};

/** The name shown in summaries: "client-hello-malformed", ... */
const char *worker_note_text(enum worker_note note);

struct worker_counters {
	uint64_t packets_in;                   /**< packets that fell to this worker */
	uint64_t bytes_in;                     /**< their wire bytes */
	uint64_t decoded[DECODE_RESULT_COUNT]; /**< sums to packets_in */
	uint64_t notes[WORKER_NOTE_COUNT];
};
