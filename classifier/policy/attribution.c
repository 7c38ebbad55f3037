/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two answers are kept apart until the end: who runs the address and whose the name is. Then the
 * rows of domain §3b weigh them, first match first, and what the flow's protocol tells is added.
 */
#include "classifier/policy/attribution.h"

#include "classifier/policy/attribution_parts.h"

enum {
	PORT_SSH = 22,
	PORT_SMTP = 25,
	PORT_DNS = 53,
	PORT_POP3 = 110,
	PORT_IMAP = 143,
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

/* DNS over HTTPS: a resolver's name, asked otherwise than DNS is. A foreign name on a tenancy's
 * address is only shown. */
static bool
is_encrypted_dns(const struct attribution_facts *facts, const struct attribution *out)
{
	const struct name_answer *name = &facts->name;

	return name->known && name->name.kind == SERVICE_KIND_DNS_RESOLVER &&
	       is_web(facts->query->protocol) && facts->query->port != PORT_DNS &&
	       (out->tenancy == NULL || attribution_same_group(out->owner, name->name.owner));
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

	return is_opaque(query->transport) || query->protocol == APP_PROTOCOL_SSH ||
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

/* C11, DNS, and what is plainly the web: they tell the kind whoever gets the traffic. */
static void
set_kind_by_protocol(const struct attribution_facts *facts, struct attribution *out)
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

static void
find_facts(const struct policy *policy, const struct attribution_query *query,
	   struct attribution_facts *facts)
{
	const struct dns_links *dns = &query->dns;
	bool named_by_dns = query->name_source == NAME_SOURCE_DNS;

	facts->policy = policy;
	facts->query = query;
	attribution_find_address(policy, query, &facts->address);
	attribution_find_name(policy, query, &facts->name);
	facts->linked = facts->name.there && (dns->linked || dns->linked_shared || named_by_dns);
	facts->shared_only = dns->linked_shared && !dns->linked;
}

/* Rows C2 to C13: by how many answers speak. */
static void
decide(const struct attribution_facts *facts, struct attribution *out)
{
	const struct address_answer *address = &facts->address;
	const struct name_answer *name = &facts->name;
	bool agreed = name->known && address->owner != NULL &&
		      attribution_same_group(address->owner, name->name.owner);
	bool unlisted_front = name->there && !name->known && !name->hidden && address->cdn &&
			      address->asn_operator == NULL;

	out->pattern = ATTRIBUTION_NOTHING;
	out->service_operator = name->known ? name->name.owner : NULL;
	out->host_operator = address->owner;
	out->asn_operator = address->asn_operator;
	out->evidence = address->evidence;
	out->disagree = address->asn_operator != NULL ? EVIDENCE_ASN : 0;
	attribution_set_region(facts, agreed, out);
	if (address->owner != NULL && (name->known || unlisted_front))
		attribution_by_both(facts, out);
	else
		attribution_by_one(facts, out);
}

void
attribution_decide(const struct policy *policy, const struct attribution_query *query,
		   struct attribution *out)
{
	struct attribution_facts facts;

	find_facts(policy, query, &facts);
	*out = (struct attribution){
		.exposure = EXPOSURE_UNKNOWN,
		.confidence = CONFIDENCE_LOW,
		.name_links = facts.linked,
	};
	if (!attribution_by_tenancy(&facts, out))
		decide(&facts, out);
	set_kind_by_protocol(&facts, out);
	if (!facts.name.ech)
		return;
	out->flags |= JUDGED_FLAG_ECH;
	if (out->confidence > CONFIDENCE_MEDIUM && out->tenancy == NULL)
		out->confidence = CONFIDENCE_MEDIUM;
}
