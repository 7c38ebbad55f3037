/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who gets the traffic (domain §3b): address, name and what DNS said become host operator, service
 * operator, exposure, and how sure that is - with what agreed and what disagreed. Pure: the same
 * inputs give the same answer, nothing is remembered here.
 */
#pragma once

#include <stdbool.h>

#include "base/flow_record.h"
#include "classifier/catalogue/catalogue.h"
#include "classifier/policy/confidence.h"
#include "classifier/policy/dns_memory.h"
#include "classifier/policy/policy.h"
#include "geo/origin.h"

/** What supported the answer, or disagreed; JSON `vigie.evidence` and `disagree`, in this order. */
enum evidence {
	EVIDENCE_TENANCY = 1 << 0,    /**< declared by the organisation */
	EVIDENCE_PREFIX = 1 << 1,     /**< a published range list has the address */
	EVIDENCE_ASN = 1 << 2,        /**< the origin AS is in the catalogue */
	EVIDENCE_DNS = 1 << 3,        /**< an answer seen for this client links name and address */
	EVIDENCE_DNS_SHARED = 1 << 4, /**< an answer to a resolver that all clients share does */
	EVIDENCE_CNAME = 1 << 5, /**< the answer's chain leads into the network of the address */
	EVIDENCE_SNI = 1 << 6,   /**< TLS or QUIC server name, claimed by the client */
	EVIDENCE_HOST = 1 << 7,  /**< HTTP Host, or the name asked of a proxy, in clear */
	EVIDENCE_CERTIFICATE = 1 << 8, /**< the server's certificate has the name; or others only */
};
#define EVIDENCE_COUNT 9

/** The word of the JSON contract for exactly one piece of evidence. */
const char *evidence_text(enum evidence evidence);

/** Rows of the table of domain §3b, which decide first match first (§5.8). */
enum attribution_case {
	ATTRIBUTION_TENANCY = 1,         /**< C1 */
	ATTRIBUTION_AGREED = 2,          /**< C2 */
	ATTRIBUTION_PREFIX_ONLY = 3,     /**< C3 */
	ATTRIBUTION_ASN_ONLY = 4,        /**< C4 */
	ATTRIBUTION_NAME_BY_DNS = 5,     /**< C5 */
	ATTRIBUTION_NAME_CLAIMED = 6,    /**< C6 */
	ATTRIBUTION_FRONTED = 7,         /**< C7 */
	ATTRIBUTION_MISMATCH = 8,        /**< C8 */
	ATTRIBUTION_HIDDEN = 9,          /**< C9 */
	ATTRIBUTION_SOURCES_DIFFER = 10, /**< C10 */
	ATTRIBUTION_HOSTED = 12,         /**< C12 */
	ATTRIBUTION_NOTHING = 13,        /**< C13 */
	ATTRIBUTION_ASKED = 14,          /**< C14: a name asked of an explicit proxy */
};

/** Facts that qualify an attribution or a judgement; JSON `vigie.flags` after those of the record.
 */
enum judged_flag {
	JUDGED_FLAG_ECH = 1 << 0,
	JUDGED_FLAG_CDN_FRONTED = 1 << 1,
	JUDGED_FLAG_HOSTED = 1 << 2,
	JUDGED_FLAG_NAME_ADDRESS_MISMATCH = 1 << 3,
	JUDGED_FLAG_SNI_UNCONFIRMED = 1 << 4,
	JUDGED_FLAG_STALE_RECORD = 1 << 5,
	JUDGED_FLAG_SERVED = 1 << 6,
	JUDGED_FLAG_NIGHT = 1 << 7,
	JUDGED_FLAG_RECURRING = 1 << 8,
	JUDGED_FLAG_LOW_SLOW = 1 << 9,
	JUDGED_FLAG_REVIEW = 1 << 10,
};
#define JUDGED_FLAG_COUNT 11

/** The word of the JSON contract for exactly one flag. */
const char *judged_flag_text(enum judged_flag flag);

/** Who passes a flow on to its far end. */
enum attribution_carrier {
	CARRIER_NONE,
	CARRIER_PROXY,  /**< outside, that was asked */
	CARRIER_TUNNEL, /**< the tunnel's far end */
};

/** What the server's certificate says of a flow's name. */
enum certificate_word {
	CERTIFICATE_NOT_SEEN,
	CERTIFICATE_HAS_NAME, /**< as far as that says anything: nobody checks who signed it */
	CERTIFICATE_HAS_OTHERS,
};

/**
 * What is asked. Everything is borrowed. Of a flow that asked an explicit proxy, address, origin,
 * dns and port are those of what it asked for.
 */
struct attribution_query {
	/** NULL: a name alone, either looked up without a flow, or asked of a proxy. */
	const struct ip_address *address;
	const struct origin *origin; /**< of the address */
	const char *name;            /**< canonical, or NULL */
	enum name_source name_source;
	const char *outer_name; /**< SNI of a ClientHello with 0xfe0d, where `name` is of dns; or
				   NULL */
	struct dns_links dns;   /**< of address and name, at the flow's first packet */
	enum certificate_word certificate;
	bool via_proxy;
	const struct ip_address *proxy;    /**< its address; NULL: it is inside */
	const struct origin *proxy_origin; /**< of `proxy` */
	enum flow_tunnel tunnel;           /**< it crosses the border in that; or none */
	/** Far end of the tunnel, where `address` is what lies behind it. NULL: `address` is that
	 * end.
	 */
	const struct ip_address *tunnel_end;
	const struct origin *tunnel_origin; /**< of `tunnel_end` */
	bool ech_or_grease;                 /**< ClientHello carries extension 0xfe0d */
	bool hello_cut;     /**< it was not seen to its end, where the extension may have been */
	bool ech_announced; /**< and dns told keys whose public name its SNI is, for another name */
	const char *alpn;   /**< "dot", or NULL */
	uint8_t transport;  /**< enum transport, 0: not known */
	uint8_t protocol;   /**< enum app_protocol */
	uint16_t port;      /**< of the far end */
	int32_t day;        /**< of the flow's start in the policy's time zone */
};

struct attribution {
	const struct catalogue_operator *owner; /**< the one to show, or NULL (domain §5.10) */
	const struct catalogue_operator *host_operator;    /**< who runs the address, or NULL */
	const struct catalogue_operator *service_operator; /**< who the name says, or NULL */
	const struct catalogue_operator
		*asn_operator; /**< where it differs from the list's (C10), or a tenancy's */
	const struct catalogue_service *service; /**< or NULL */
	const struct tenancy *tenancy;           /**< that decided; or NULL */
	const struct tenancy
		*tenancy_refused; /**< a published prefix of another operator won over it */
	bool tenancy_elsewhere; /**< `tenancy` decided, but its service is not offered in the region
				   that the list says */
	const struct catalogue_operator
		*tenancy_named; /**< another's than the tenancy's: who the name says; or NULL */
	enum service_kind kind;
	bool low_sink;
	enum exposure exposure;
	bool address_more_exposed; /**< class of the address is above that of the name */
	enum confidence confidence;
	enum attribution_case pattern;
	unsigned evidence;          /**< enum evidence, or-ed: what was used */
	unsigned disagree;          /**< enum evidence, or-ed: what said otherwise */
	unsigned flags;             /**< enum judged_flag, or-ed */
	char region[32];            /**< as the list or the name spells it, or "" */
	const char *region_country; /**< or NULL */
	const struct catalogue_qualification
		*qualification; /**< valid today and counted; or NULL */
	const struct catalogue_qualification *qualification_ended; /**< of that service; or NULL */
	const struct catalogue_hds *hds; /**< valid and counted; or NULL */
	bool name_withheld; /**< C9 without ECH seen: the hello was cut, and its name is a public
			       one */
	bool name_links;    /**< dns linked the name to the address */
	/**
	 * Look-up of a name alone: the most exposed of the operators whose addresses
	 * service_operator uses (all of them: its `hosted_on`), which counts in `exposure`. Else
	 * NULL.
	 */
	const struct catalogue_operator *likely_host;
	bool via_proxy;                  /**< an explicit proxy was asked */
	struct ip_address proxy_address; /**< outside; version 0: it is inside */
	/** Who runs a proxy outside, which may hold the data too: counts in `exposure`. Or NULL. */
	const struct catalogue_operator *proxy_operator;
	unsigned proxy_evidence; /**< enum evidence, or-ed: for `proxy_operator` */
	/** `proxy_operator` is another than who runs what it was asked for: to be reviewed. */
	bool asked_of_another;
	enum flow_tunnel tunnel;        /**< it crosses the border in that; or none */
	const struct zone *tunnel_zone; /**< that the end inside the tunnel says; or NULL */
	/** The tunnel's far end, where it is not the far end itself, and who runs that, which has
	 * the data too: counts in `exposure`. Version 0; NULL: nobody known. */
	struct ip_address tunnel_end;
	const struct catalogue_operator *tunnel_operator;
	unsigned tunnel_evidence; /**< enum evidence, or-ed: for `tunnel_operator` */
	/** Whose class `exposure` is, where it is not that of who gets it. */
	enum attribution_carrier exposed_by;
	bool carrier_stale; /**< the record of `exposed_by` is too old to say better */
};

/** Who runs that carrier; NULL: nobody known, or CARRIER_NONE. */
static inline const struct catalogue_operator *
attribution_carrier_operator(const struct attribution *a, enum attribution_carrier carrier)
{
	return carrier == CARRIER_PROXY    ? a->proxy_operator
	       : carrier == CARRIER_TUNNEL ? a->tunnel_operator
					   : NULL;
}

/** Whether a proxy outside was asked that nobody knows. */
static inline bool
attribution_asks_stranger(const struct attribution *a)
{
	return a->proxy_address.version != 0 && a->proxy_operator == NULL;
}

/** Whether the operator stands on the client's word alone: a claim, or asked of a proxy outside
 * that nobody knows. */
static inline bool
attribution_is_claimed(const struct attribution *a)
{
	return a->pattern == ATTRIBUTION_NAME_CLAIMED || attribution_asks_stranger(a);
}

/** Whether a person should look first, where the verdict has some weight (domain §5.4). */
static inline bool
attribution_is_doubtful(const struct attribution *a)
{
	return a->confidence == CONFIDENCE_LOW || a->asked_of_another;
}

/** Who runs the address to show: of a proxy outside, or of a tunnel's end, that one's. Or NULL. */
static inline const struct catalogue_operator *
attribution_shown_host(const struct attribution *a)
{
	if (a->tunnel_operator != NULL)
		return a->tunnel_operator;
	return a->proxy_operator != NULL ? a->proxy_operator : a->host_operator;
}

/**
 * Whether the name of a ClientHello stands for one that is encrypted, or may do: it carries 0xfe0d,
 * or was cut before its end; and the catalogue has the name as a public name, or an answer of dns
 * announced it as one (C9). With any other name the extension may as well be GREASE, and the name
 * is what it says.
 */
bool attribution_is_outer(const struct policy *policy, const struct attribution_query *query,
			  const char *outer_name);

/** Answers the query. `out` is wholly overwritten; texts are borrowed. */
void attribution_decide(const struct policy *policy, const struct attribution_query *query,
			struct attribution *out);
