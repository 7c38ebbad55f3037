/* SPDX-License-Identifier: Apache-2.0 */
/* Messages out of packets that are more than facts of a flow: DNS responses, certificates. */
#include <string.h>

#include "classifier/names/dns.h"
#include "dataplane/worker_internal.h"

/*
 * A server's certificate comes with each of its flows; whoever takes it keeps the 8,192 that were
 * asked for last. So it is sent again now and then: after 60 seconds, or this many others of all
 * workers together.
 */
#define CERTIFICATE_AGAIN_NS (60 * UINT64_C(1000000000))
#define CERTIFICATE_AGAIN_OTHERS 1024u

/* Hands on a response; the client is the end that did not send it. */
static void
send_dns(struct worker *w, const struct flow_key *key, unsigned server, struct slice bytes)
{
	if (bytes.len > DNS_MESSAGE_MAX) {
		w->counters.notes[NOTE_DNS_TOO_LONG]++;
		return;
	}
	_Alignas(struct dns_message) uint8_t room[sizeof(struct dns_message) + DNS_MESSAGE_MAX];
	struct dns_message *m = (struct dns_message *)room;
	const uint8_t *low = key->low_address, *high = key->high_address;
	m->order = (struct message_order){.packet = w->packet};
	m->client.version = m->server.version = key->version;
	memcpy(m->client.bytes, server == 1 ? low : high, sizeof(m->client.bytes));
	memcpy(m->server.bytes, server == 1 ? high : low, sizeof(m->server.bytes));
	m->len = (uint16_t)bytes.len;
	memcpy(m->bytes, bytes.data, bytes.len);
	if (!worker_push(w,
			 &(struct message){
				 .body = m,
				 .len = (uint32_t)(offsetof(struct dns_message, bytes) + bytes.len),
				 .kind = WORKER_MESSAGE_DNS}))
		w->counters.notes[NOTE_DNS_NOT_SENT]++;
}

/*
 * An answer counts only where the client was seen to ask on the same ports, and not in a tunnel
 * that crosses the border, in which whoever is outside may have written both: otherwise a datagram
 * from anywhere could tell us that a trusted name has any address.
 */
static bool
is_solicited(const struct flow *flow, unsigned server)
{
	return flow->packets[!server] != 0 && flow->key.path == 0;
}

void
worker_take_dns(struct worker *worker, const struct flow *flow, const struct decoded *d)
{
	struct slice bytes = slice_of(d->payload, d->payload_len);

	if (!dns_is_response(bytes))
		return;
	if (is_solicited(flow, d->from_high))
		send_dns(worker, &d->key, d->from_high, bytes);
	else
		worker->counters.notes[NOTE_DNS_UNSOLICITED]++;
}

/* Inspection has seen that the client asked. */
static void
take_stream_dns(void *owner, const struct flow *flow, unsigned direction, struct slice message)
{
	struct worker *w = owner;

	if (flow->key.path == 0)
		send_dns(w, &flow->key, direction, message);
	else
		w->counters.notes[NOTE_DNS_UNSOLICITED]++;
}

static bool
push_certificate(struct worker *w, uint64_t id, struct slice der)
{
	_Alignas(struct certificate_message)
		uint8_t room[sizeof(struct certificate_message) + CERTIFICATE_MESSAGE_MAX];
	struct certificate_message *m = (struct certificate_message *)room;

	if (der.len > CERTIFICATE_MESSAGE_MAX)
		return false;
	m->order = (struct message_order){.packet = w->packet};
	m->id = id;
	m->len = (uint16_t)der.len;
	memcpy(m->bytes, der.data, der.len);
	return worker_push(
		w, &(struct message){
			   .body = m,
			   .len = (uint32_t)(offsetof(struct certificate_message, bytes) + der.len),
			   .kind = WORKER_MESSAGE_CERTIFICATE});
}

static bool
send_certificate(void *owner, uint64_t id, struct slice der)
{
	struct worker *w = owner;
	struct certificate_sent *sent = &w->sent[id % CERTIFICATES_SENT_MAX];

	if (sent->id == id && w->now_ns - sent->time_ns < CERTIFICATE_AGAIN_NS &&
	    (w->certificates - sent->number) * w->config.count < CERTIFICATE_AGAIN_OTHERS)
		return true;
	if (!push_certificate(w, id, der))
		return false;
	*sent = (struct certificate_sent){id, w->certificates++, w->now_ns};
	return true;
}

struct inspect_outlet
worker_outlet(struct worker *worker)
{
	return (struct inspect_outlet){
		.owner = worker, .certificate = send_certificate, .dns = take_stream_dns};
}
