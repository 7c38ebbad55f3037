/* SPDX-License-Identifier: Apache-2.0 */
#include "app/far_ends.h"

#include "app/flow_name.h"
#include "app/origin_cache.h"
#include "classifier/names/dns.h"
#include "classifier/policy/certificate_memory.h"
#include "classifier/policy/dns_memory.h"

#include <errno.h>
#include <stdlib.h>

/* (client, address, name) facts kept: some 60 MiB where all are used. */
#define DNS_FACTS_MAX 262144u

/* Certificates kept: 32 MiB where all have as many names as are kept, seldom a tenth of it. */
#define CERTIFICATES_MAX 8192u

#define PORT_HTTP 80

struct far_ends {
	const struct ruleset *ruleset;
	struct dns_memory *dns;
	struct certificate_memory *certificates;
	struct origin_cache *origins;
	struct origin proxy_origin; /* of the flow asked about last */
	struct origin tunnel_origin;
	struct dns_answer answer;
	uint64_t dns_malformed;
	uint64_t dns_services_refused;
};

struct far_ends *
far_ends_create(const struct ruleset *ruleset)
{
	struct far_ends *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->ruleset = ruleset;
	f->dns = dns_memory_create(DNS_FACTS_MAX);
	f->certificates = certificate_memory_create(CERTIFICATES_MAX);
	f->origins = origin_cache_create(ruleset->origins);
	if (f->dns == NULL || f->certificates == NULL || f->origins == NULL) {
		far_ends_destroy(f);
		errno = ENOMEM;
		return NULL;
	}
	return f;
}

void
far_ends_destroy(struct far_ends *far_ends)
{
	if (far_ends == NULL)
		return;
	dns_memory_destroy(far_ends->dns);
	certificate_memory_destroy(far_ends->certificates);
	origin_cache_destroy(far_ends->origins);
	free(far_ends);
}

void
far_ends_clear(struct far_ends *far_ends)
{
	dns_memory_clear(far_ends->dns);
	certificate_memory_clear(far_ends->certificates);
}

void
far_ends_add_dns(struct far_ends *far_ends, const struct dns_message *message, uint64_t time_ns)
{
	switch (dns_answer_parse(slice_of(message->bytes, message->len), &far_ends->answer)) {
	case PARSE_FOUND:
		far_ends->dns_services_refused += far_ends->answer.services_refused;
		if (policy_is_resolver(far_ends->ruleset->policy, &message->client))
			dns_memory_add_shared(far_ends->dns, time_ns, &far_ends->answer);
		else
			dns_memory_add(far_ends->dns, &message->client, time_ns, &far_ends->answer);
		break;
	case PARSE_MALFORMED:
		far_ends->dns_malformed++;
		break;
	case PARSE_NOT_MINE:
	case PARSE_NEED_MORE:
		break;
	}
}

void
far_ends_add_certificate(struct far_ends *far_ends, const struct certificate_message *message)
{
	certificate_memory_add(far_ends->certificates, message->id,
			       slice_of(message->bytes, message->len));
}

/*
 * A target in absolute form may be asked of the server itself (RFC 9112 3.2.2): on the port of the
 * web outside it will be, and elsewhere an answer of dns that gives the name this address says so.
 * Of an address inside only the answer to a declared resolver does: a client's own would hide what
 * it asks of a proxy. CONNECT and SOCKS are for proxies only.
 */
static bool
asks_server_itself(const struct far_ends *far_ends, const struct flow_record *record)
{
	struct dns_question question = {&record->source, &record->destination, record->name,
					record->start_ns};
	bool inside = record->destination_inside != 0;
	struct dns_links links;

	if (record->name_source != NAME_SOURCE_HTTP_HOST)
		return false;
	if (!inside && record->destination_port == PORT_HTTP)
		return true;
	dns_memory_tell(far_ends->dns, &question, &links);
	return links.linked_shared || (links.linked && !inside);
}

bool
far_ends_find_proxied(const struct far_ends *far_ends, const struct flow_record *record,
		      struct proxied *out)
{
	if (!proxied_find(&far_ends->ruleset->settings.inside, record, out))
		return false;
	return out->address.version != 0 || !asks_server_itself(far_ends, record);
}

/* Where neither wire nor dns name the flow, the server's certificate may; else it confirms. */
static void
ask_certificate(const struct far_ends *far_ends, uint64_t certificate,
		struct attribution_query *query)
{
	if (certificate == 0)
		return;
	if (query->name == NULL) {
		query->name = certificate_memory_sole_name(far_ends->certificates, certificate);
		if (query->name != NULL)
			query->name_source = NAME_SOURCE_CERTIFICATE;
	}
	if (query->name != NULL)
		query->certificate =
			certificate_memory_tell(far_ends->certificates, certificate, query->name);
}

static void
ask_tunnel(struct far_ends *far_ends, const struct flow_record *record,
	   const struct flow_place *place, struct attribution_query *query)
{
	if (!place->by_tunnel && place->tunnel_end == NULL)
		return;
	query->tunnel = (enum flow_tunnel)record->detail.tunnel;
	if (place->tunnel_end == NULL)
		return;
	far_ends->tunnel_origin = *origin_cache_find(far_ends->origins, place->tunnel_end);
	query->tunnel_end = place->tunnel_end;
	query->tunnel_origin = &far_ends->tunnel_origin;
}

/* Address and port of the far end: what a proxy was asked for, else what the record says. */
static void
ask_far_end(struct far_ends *far_ends, const struct flow_record *record,
	    const struct flow_place *place, struct attribution_query *query)
{
	static const struct origin nowhere;
	const struct proxied *proxied = place->proxied;
	bool named_alone = proxied != NULL && proxied->address.version == 0;
	bool crosses = place->direction != FLOW_DIRECTION_INTERNAL;

	if (proxied != NULL && !proxied->inside) {
		far_ends->proxy_origin =
			*origin_cache_find(far_ends->origins, &record->destination);
		query->proxy = &record->destination;
		query->proxy_origin = &far_ends->proxy_origin;
	}
	query->via_proxy = proxied != NULL;
	ask_tunnel(far_ends, record, place, query);
	query->address = named_alone ? NULL : place->outside;
	query->origin = crosses && !named_alone
				? origin_cache_find(far_ends->origins, place->outside)
				: &nowhere;
	query->port = proxied != NULL ? proxied->port : record->destination_port;
}

/* The name that was seen is then one of a ClientHello of which the rest was not. */
static bool
is_hello_cut(const struct flow_record *record)
{
	bool of_hello = record->name_source == NAME_SOURCE_TLS_SNI ||
			record->name_source == NAME_SOURCE_QUIC_SNI ||
			record->name_source == NAME_SOURCE_STARTTLS_SNI;

	return of_hello && (record->flags & FLOW_FLAG_NAME_INCOMPLETE) != 0;
}

void
far_ends_ask(struct far_ends *far_ends, const struct flow_record *record,
	     const struct flow_place *place, struct attribution_query *out)
{
	*out = (struct attribution_query){0};
	ask_far_end(far_ends, record, place, out);
	/* On the way in, name and port are those of our own server: they say nothing of who comes
	   (domain §5.23). Nor do those inside a tunnel say anything of its end. */
	if (place->direction == FLOW_DIRECTION_INGRESS || place->by_tunnel) {
		out->port = 0;
		return;
	}
	out->ech_or_grease = (record->flags & FLOW_FLAG_ECH_OR_GREASE) != 0;
	out->hello_cut = is_hello_cut(record);
	out->transport = record->transport;
	out->protocol = record->protocol;
	out->alpn = record->detail.alpn;
	flow_name_find(far_ends->ruleset->policy, far_ends->dns, record, out);
	ask_certificate(far_ends, record->detail.certificate, out);
	/* Of what stays inside nobody asks whose it is. */
	if (out->address == NULL || place->direction == FLOW_DIRECTION_INTERNAL)
		return;
	struct dns_question question = {&record->source, out->address, out->name, record->start_ns};
	dns_memory_tell(far_ends->dns, &question, &out->dns);
}

/* An end that is told, and nowhere gone to: whatever holds an inside address gives it away. */
static bool
tells_inside(const struct inside_map *inside, const struct ip_address *address)
{
	struct ip_address embedded;

	return address->version != 0 && (inside_map_contains(inside, address) ||
					 (ip_address_embedded(address, &embedded) != NULL &&
					  inside_map_contains(inside, &embedded)));
}

struct inner_ends
far_ends_inner(const struct far_ends *far_ends, const struct flow_detail *detail)
{
	const struct inside_map *inside = &far_ends->ruleset->settings.inside;

	return (struct inner_ends){
		.source_inside = tells_inside(inside, &detail->inner_source),
		.destination_inside = tells_inside(inside, &detail->inner_destination),
	};
}

struct far_ends_counters
far_ends_get_counters(const struct far_ends *far_ends)
{
	return (struct far_ends_counters){
		.dns_malformed = far_ends->dns_malformed,
		.dns_services_malformed = far_ends->dns_services_refused,
		.dns_evicted = dns_memory_evicted(far_ends->dns),
		.dns_evicted_own = dns_memory_evicted_own(far_ends->dns),
		.certificate_malformed = certificate_memory_malformed(far_ends->certificates),
		.certificate_evicted = certificate_memory_evicted(far_ends->certificates),
	};
}
