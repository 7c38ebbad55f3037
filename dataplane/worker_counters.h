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
	NOTE_OPENING_MALFORMED, /**< what comes before: PROXY header, SOCKS, a talk before STARTTLS
				 */
	NOTE_SERVER_HELLO_MALFORMED,
	NOTE_CERTIFICATE_MALFORMED,
	NOTE_QUIC_MALFORMED,
	NOTE_QUIC_UNREADABLE, /**< Initial that the client's keys do not open, of a flow never
				 opened */
	NOTE_NAME_REFUSED,    /**< name on the wire breaks the rules for host names */
	NOTE_NAME_POOL_FULL,
	NOTE_DETAIL_POOL_FULL,
	NOTE_NAME_INCOMPLETE, /**< flow ended while its ClientHello or request was not complete */
	NOTE_FIRST_BYTES_TOO_LONG,  /**< past 64 KiB */
	NOTE_FIRST_BYTES_SCATTERED, /**< too many separate pieces */
	NOTE_FIRST_BYTES_GAP,       /**< given up, or ended, with a piece that never came */
	NOTE_FIRST_BYTES_FAR,       /**< segment left out: more than 64 KiB ahead */
	NOTE_LARGE_POOL_EMPTY,      /**< no large buffer free */
	NOTE_INSPECTION_EVICTED,    /**< given up for others: all inspections were in use */
	NOTE_OVERLAP_CONFLICT,  /**< bytes sent again with another content: the first ones stay */
	NOTE_REPEAT_EVICTED,    /**< what a client sent again in pieces was let go for another's,
				     not compared */
	NOTE_REPEAT_FORGOTTEN,  /**< what was read in pieces was let go: only checks are left of it
				 */
	NOTE_REPEAT_UNREAD,     /**< the same, not read any more before all of it was there */
	NOTE_ENCRYPTED,         /**< flow joined in the middle of a TLS connection */
	NOTE_NAMES_DIFFER,      /**< two names of one conversation contradict */
	NOTE_ANSWER_INCOMPLETE, /**< a server's first messages, or a second ClientHello */
	NOTE_PAYLOAD_CUT,       /**< bytes wanted for a name were cut by the snap length */
	NOTE_PAYLOAD_ROUGH,     /**< more gaps in a stream than are kept, or a jump: what is sent
				     again there may count again */
	NOTE_FLOW_EVICTED,
	NOTE_PACKET_WITHOUT_FLOW,  /**< packet counted in no flow: table and ring were full */
	NOTE_DNS_UNSOLICITED,      /**< answer that nobody was seen to ask for, or in a tunnel that
				       crosses the border: not believed */
	NOTE_DNS_NOT_SENT,         /**< answer left out because the ring was full */
	NOTE_DNS_TOO_LONG,         /**< answer left out because it is longer than DNS_MESSAGE_MAX */
	NOTE_DNS_TOO_MANY,         /**< further messages of a TCP connection left out */
	NOTE_DNS_STREAM_CUT,       /**< messages over TCP lost with a piece that never came */
	NOTE_CERTIFICATE_NOT_SENT, /**< left out because the ring was full */
	NOTE_RECORD_DELAYED,       /**< record sent at a later tick because the ring was full */
	NOTE_QUIC_NEGOTIATION,     /**< Version Negotiation: the client begins anew, or gives up */
	NOTE_QUIC_TRAILING,        /**< bytes behind a datagram's last packet that are none */
	NOTE_DTLS_MALFORMED,
	NOTE_DTLS_UNREADABLE,       /**< flow of DTLS whose ClientHello was not seen */
	NOTE_PROTOCOL_EVICTED,      /**< second opinion given up: no state free for more flows */
	NOTE_PROTOCOL_CUT,          /**< second opinion given up: packet cut by the snap length */
	NOTE_PROTOCOL_NO_ROOM,      /**< second opinion given up: more memory than a flow gets */
	NOTE_PROTOCOL_UNAVAILABLE,  /**< no second opinion at all: it could not be set up */
	NOTE_NAME_DISPUTED,         /**< the second opinion read another name */
	NOTE_NAME_DISPUTE_NOT_SENT, /**< and that was not told, because the ring was full */
	NOTE_DATAGRAM_INCOMPLETE,   /**< a fragment did not come in time, or before the end */
	NOTE_DATAGRAM_EVICTED,  /**< given up for others: as many datagrams as can be put together
				     were begun */
	NOTE_DATAGRAM_SPOILT,   /**< fragments that contradict each other: none of it is believed */
	NOTE_DATAGRAM_CONFLICT, /**< IPv4: overlapping fragments differ; the first bytes stay */
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
