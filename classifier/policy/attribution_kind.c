/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a flow's protocol, port and ALPN tell of its kind, whoever gets the traffic: tunnels, DNS,
 * the web, mail.
 */
#include "classifier/policy/attribution_parts.h"

enum {
	PORT_SSH = 22,
	PORT_SMTP = 25,
	PORT_DNS = 53,
	PORT_POP3 = 110,
	PORT_IMAP = 143,
	PORT_HTTPS = 443,
	PORT_SUBMISSIONS = 465,
	PORT_ISAKMP = 500,
	PORT_SUBMISSION = 587,
	PORT_DNS_OVER_TLS = 853,
	PORT_IMAPS = 993,
	PORT_POP3S = 995,
	PORT_OPENVPN = 1194,
	PORT_IPSEC_NAT = 4500,
	PORT_SIP = 5060,
	PORT_SIPS = 5061,
	PORT_WIREGUARD = 51820,
};

/* Protocols that carry others, known by their ports (C11). */
static bool
is_tunnel_port(uint8_t transport, uint16_t port)
{
	bool tcp = transport == TRANSPORT_TCP, udp = transport == TRANSPORT_UDP;

	switch (port) {
	case PORT_SSH:
		return tcp;
	case PORT_ISAKMP:
	case PORT_IPSEC_NAT:
	case PORT_WIREGUARD:
		return udp;
	case PORT_DNS_OVER_TLS:
	case PORT_OPENVPN:
		return tcp || udp;
	default:
		return false;
	}
}

/* Recognised as something that DNS is not carried in on its own port. */
static bool
is_web(uint8_t protocol)
{
	return protocol == APP_PROTOCOL_TLS || protocol == APP_PROTOCOL_QUIC ||
	       protocol == APP_PROTOCOL_HTTP;
}

/* DNS over TLS and over QUIC say themselves what they are, on any port (RFC 7858, RFC 9250; of the
 * drafts of the latter, "doq-i11"). */
static bool
is_dns_by_alpn(const struct attribution_query *query)
{
	return query->alpn != NULL &&
	       (strcmp(query->alpn, "dot") == 0 || strcmp(query->alpn, "doq") == 0 ||
		strncmp(query->alpn, "doq-i", 5) == 0);
}

/* A protocol that HTTPS is spoken over, or none that says otherwise. */
static bool
may_be_https(const char *alpn)
{
	return alpn == NULL || *alpn == '\0' || strncmp(alpn, "http/", 5) == 0 ||
	       strcmp(alpn, "h2") == 0 || strncmp(alpn, "h3", 2) == 0;
}

/* A foreign resolver on a tenancy's address is only shown. */
static bool
is_outside(const struct attribution *out, const struct catalogue_operator *resolver)
{
	return out->tenancy == NULL || attribution_same_group(out->owner, resolver);
}

/* DNS over HTTPS by its name: a resolver's, asked otherwise than DNS is. */
static bool
is_resolver_by_name(const struct attribution_facts *facts, const struct attribution *out)
{
	const struct name_answer *name = &facts->name;

	return name->known && name->name.kind == SERVICE_KIND_DNS_RESOLVER &&
	       facts->query->port != PORT_DNS && is_outside(out, name->name.owner);
}

/* With a name on the wire it may be any site that is served there too. What dns tells of the
 * address is no such name: a client's own resolver can tell anything. */
static bool
is_named_on_wire(const struct attribution_facts *facts)
{
	const struct attribution_query *query = facts->query;
	bool told = query->name_source == NAME_SOURCE_DNS ||
		    query->name_source == NAME_SOURCE_CERTIFICATE;

	return facts->name.there && (!told || query->outer_name != NULL);
}

/* And by its address, where the wire does not say anything else. */
static bool
is_resolver_by_address(const struct attribution_facts *facts, const struct attribution *out)
{
	const struct attribution_query *query = facts->query;

	if (is_named_on_wire(facts) || query->address == NULL || query->port != PORT_HTTPS ||
	    !may_be_https(query->alpn))
		return false;
	const struct catalogue_operator *owner =
		catalogue_find_resolver(facts->policy->catalogue, query->address);
	return owner != NULL && is_outside(out, owner);
}

static bool
is_encrypted_dns(const struct attribution_facts *facts, const struct attribution *out)
{
	return is_dns_by_alpn(facts->query) ||
	       (is_web(facts->query->protocol) &&
		(is_resolver_by_name(facts, out) || is_resolver_by_address(facts, out)));
}

/* ESP, GRE, IP in IP and whatever else is no transport: it carries something that is not seen. */
static bool
is_opaque(uint8_t transport)
{
	switch (transport) {
	case 0: /* not known */
	case TRANSPORT_TCP:
	case TRANSPORT_UDP:
	case TRANSPORT_SCTP:
	case TRANSPORT_ICMP:
	case TRANSPORT_ICMPV6:
		return false;
	default:
		return true;
	}
}

static bool
is_tunnel(const struct attribution_facts *facts, const struct attribution *out)
{
	const struct attribution_query *query = facts->query;

	return (query->tunnel != FLOW_TUNNEL_NONE && query->tunnel_end == NULL) ||
	       is_opaque(query->transport) || query->protocol == APP_PROTOCOL_SSH ||
	       is_tunnel_port(query->transport, query->port) || is_encrypted_dns(facts, out);
}

static bool
is_plain_dns(const struct attribution_query *query)
{
	return query->port == PORT_DNS && !is_web(query->protocol) &&
	       (query->transport == TRANSPORT_TCP || query->transport == TRANSPORT_UDP);
}

/* What a port is kept for, where neither name nor address says more (IANA service names). */
static enum service_kind
kind_by_port(uint8_t transport, uint16_t port)
{
	switch (port) {
	case PORT_SMTP:
	case PORT_POP3:
	case PORT_IMAP:
	case PORT_SUBMISSIONS:
	case PORT_SUBMISSION:
	case PORT_IMAPS:
	case PORT_POP3S:
		return transport == TRANSPORT_TCP ? SERVICE_KIND_MAIL : SERVICE_KIND_UNKNOWN;
	case PORT_SIP:
	case PORT_SIPS:
		return SERVICE_KIND_MESSAGING_VIDEO;
	default:
		return SERVICE_KIND_UNKNOWN;
	}
}

void
attribution_set_kind(const struct attribution_facts *facts, struct attribution *out)
{
	const struct attribution_query *query = facts->query;
	bool named = facts->name.there && !facts->name.hidden;

	if (is_tunnel(facts, out)) {
		out->kind = SERVICE_KIND_TUNNEL;
		out->low_sink = false;
	} else if (is_plain_dns(query)) {
		out->kind = SERVICE_KIND_DNS_RESOLVER;
		out->low_sink = true;
	} else if (out->kind == SERVICE_KIND_UNKNOWN && is_web(query->protocol) &&
		   (named || query->protocol == APP_PROTOCOL_HTTP)) {
		out->kind = SERVICE_KIND_WEB_GENERIC;
	} else if (out->kind == SERVICE_KIND_UNKNOWN) {
		out->kind = kind_by_port(query->transport, query->port);
	}
}
