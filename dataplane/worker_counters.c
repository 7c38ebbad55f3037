/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/worker_counters.h"

static const char *const note_texts[WORKER_NOTE_COUNT] = {
	[NOTE_CLIENT_HELLO_MALFORMED] = "client-hello-malformed",
	[NOTE_HTTP_MALFORMED] = "http-malformed",
	[NOTE_OPENING_MALFORMED] = "opening-malformed",
	[NOTE_SERVER_HELLO_MALFORMED] = "server-hello-malformed",
	[NOTE_CERTIFICATE_MALFORMED] = "certificate-malformed",
	[NOTE_QUIC_MALFORMED] = "quic-malformed",
	[NOTE_QUIC_UNREADABLE] = "quic-unreadable",
	[NOTE_NAME_REFUSED] = "name-refused",
	[NOTE_NAME_POOL_FULL] = "name-pool-full",
	[NOTE_DETAIL_POOL_FULL] = "detail-pool-full",
	[NOTE_NAME_INCOMPLETE] = "name-incomplete",
	[NOTE_FIRST_BYTES_TOO_LONG] = "first-bytes-too-long",
	[NOTE_FIRST_BYTES_SCATTERED] = "first-bytes-scattered",
	[NOTE_FIRST_BYTES_GAP] = "first-bytes-gap",
	[NOTE_FIRST_BYTES_FAR] = "first-bytes-far",
	[NOTE_LARGE_POOL_EMPTY] = "large-pool-empty",
	[NOTE_INSPECTION_EVICTED] = "inspection-evicted",
	[NOTE_OVERLAP_CONFLICT] = "overlap-conflict",
	[NOTE_REPEAT_EVICTED] = "repeat-evicted",
	[NOTE_REPEAT_UNREAD] = "repeat-unread",
	[NOTE_ENCRYPTED] = "encrypted",
	[NOTE_NAMES_DIFFER] = "names-differ",
	[NOTE_ANSWER_INCOMPLETE] = "answer-incomplete",
	[NOTE_PAYLOAD_CUT] = "payload-cut",
	[NOTE_PAYLOAD_ROUGH] = "payload-rough",
	[NOTE_FLOW_EVICTED] = "flow-evicted",
	[NOTE_PACKET_WITHOUT_FLOW] = "packet-without-flow",
	[NOTE_DNS_UNSOLICITED] = "dns-unsolicited",
	[NOTE_DNS_NOT_SENT] = "dns-not-sent",
	[NOTE_DNS_TOO_LONG] = "dns-too-long",
	[NOTE_DNS_TOO_MANY] = "dns-too-many",
	[NOTE_DNS_STREAM_CUT] = "dns-stream-cut",
	[NOTE_CERTIFICATE_NOT_SENT] = "certificate-not-sent",
	[NOTE_RECORD_DELAYED] = "record-delayed",
	[NOTE_QUIC_NEGOTIATION] = "quic-negotiation",
	[NOTE_QUIC_TRAILING] = "quic-trailing",
	[NOTE_DTLS_MALFORMED] = "dtls-malformed",
	[NOTE_DTLS_UNREADABLE] = "dtls-unreadable",
	[NOTE_PROTOCOL_EVICTED] = "protocol-evicted",
	[NOTE_PROTOCOL_CUT] = "protocol-cut",
	[NOTE_PROTOCOL_NO_ROOM] = "protocol-no-room",
	[NOTE_PROTOCOL_UNAVAILABLE] = "protocol-unavailable",
	[NOTE_NAME_DISPUTED] = "name-disputed",
	[NOTE_NAME_DISPUTE_NOT_SENT] = "name-dispute-not-sent",
	[NOTE_DATAGRAM_INCOMPLETE] = "datagram-incomplete",
	[NOTE_DATAGRAM_EVICTED] = "datagram-evicted",
	[NOTE_DATAGRAM_SPOILT] = "datagram-spoilt",
	[NOTE_DATAGRAM_CONFLICT] = "datagram-conflict",
};

const char *
worker_note_text(enum worker_note note)
{
	return (unsigned)note < WORKER_NOTE_COUNT ? note_texts[note] : "";
}
