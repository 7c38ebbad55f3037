/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who gets the traffic: address and name of a flow's far end become host operator, service operator
 * and the exposure of the two. Pure: the same inputs give the same answer, nothing is remembered
 * here.
 */
#pragma once

#include <stdbool.h>

#include "base/flow_record.h"
#include "classifier/catalogue/catalogue.h"
#include "geo/origin.h"

/** What supported the answer; JSON `vigie.evidence`, in this order. */
enum evidence {
	EVIDENCE_PREFIX = 1 << 0, /**< a published range list has the address */
	EVIDENCE_ASN = 1 << 1,    /**< the origin AS is in the catalogue */
	EVIDENCE_DNS = 1 << 2,    /**< an answer seen for this client links name and address */
	EVIDENCE_SNI = 1 << 3,    /**< TLS or QUIC server name, claimed by the client */
	EVIDENCE_HOST = 1 << 4,   /**< HTTP Host or CONNECT target, in clear */
};
#define EVIDENCE_COUNT 5

/** The word of the JSON contract for exactly one piece of evidence. */
const char *evidence_text(enum evidence evidence);

/** What is asked: the far end's address, as geo knows it, and its name with the name's source. */
struct attribution_query {
	const struct origin *origin; /**< of the far end; borrowed */
	const char *name;            /**< canonical, or NULL */
	enum name_source name_source;
	bool dns_seen; /**< a DNS answer for this client links this name to this address */
};

struct attribution {
	const struct catalogue_operator *owner; /**< the one to show, or NULL (domain §5.10) */
	const struct catalogue_operator *host_operator;    /**< who runs the address, or NULL */
	const struct catalogue_operator *service_operator; /**< who the name says, or NULL */
	const struct catalogue_service *service;           /**< or NULL */
	enum service_kind kind;
	enum exposure exposure;
	unsigned evidence;          /**< enum evidence, or-ed */
	char region[32];            /**< as the list or the name spells it, or "" */
	const char *region_country; /**< or NULL */
	/**
	 * Where nothing is known of the address: the most exposed of the operators whose addresses
	 * service_operator uses (all of them: its `hosted_on`), which counts in `exposure`. Else
	 * NULL.
	 */
	const struct catalogue_operator *likely_host;
};

/** Answers the query from the catalogue. `out` is wholly overwritten; texts are borrowed. */
void attribution_decide(const struct catalogue *catalogue, const struct attribution_query *query,
			struct attribution *out);
