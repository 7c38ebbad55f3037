/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/worker_counters.h"

static const char *const note_texts[WORKER_NOTE_COUNT] = {
	[NOTE_CLIENT_HELLO_MALFORMED] = "client-hello-malformed",
	[NOTE_HTTP_MALFORMED] = "http-malformed",
	[NOTE_QUIC_MALFORMED] = "quic-malformed",
	[NOTE_QUIC_UNREADABLE] = "quic-unreadable",
	[NOTE_NAME_REFUSED] = "name-refused",
	[NOTE_NAME_POOL_FULL] = "name-pool-full",
	[NOTE_NAME_INCOMPLETE] = "name-incomplete",
	[NOTE_FIRST_BYTES_TOO_LONG] = "first-bytes-too-long",
	[NOTE_FIRST_BYTES_SCATTERED] = "first-bytes-scattered",
	[NOTE_INSPECTION_EVICTED] = "inspection-evicted",
	[NOTE_PAYLOAD_CUT] = "payload-cut",
	[NOTE_FLOW_EVICTED] = "flow-evicted",
	[NOTE_PACKET_WITHOUT_FLOW] = "packet-without-flow",
	[NOTE_DNS_UNSOLICITED] = "dns-unsolicited",
	[NOTE_DNS_NOT_SENT] = "dns-not-sent",
	[NOTE_DNS_TOO_LONG] = "dns-too-long",
	[NOTE_RECORD_DELAYED] = "record-delayed",
};

const char *
worker_note_text(enum worker_note note)
{
	return (unsigned)note < WORKER_NOTE_COUNT ? note_texts[note] : "";
}
