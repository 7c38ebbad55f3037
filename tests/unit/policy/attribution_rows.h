/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of far ends and of what attribution has to say of them, over the small catalogue of
 * attribution.yaml and a small policy.
 */
#pragma once

#include "classifier/policy/attribution.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* AS numbers of attribution.yaml. */
enum {
	ALPHA = 64496,
	ALPHA_EU,
	BRAVO,
	BRAVO_US,
	CHARLIE,
	ECHO,
	FOXTROT,
	GOLF,
	HOTEL,
	BRAVO_BOTH,    /* has an exposure of its own in two countries */
	BRAVO_LINES,   /* access */
	BRAVO_TRANSIT, /* transit */
	STRANGER = 64511,
	KILO = 65536,
	LIMA,     /* record of 400 days before the rows' day, and a day */
	MIKE,     /* older still */
	NOVEMBER, /* mixed */
	OSCAR,
	LIMA_US,
};

#define SNI NAME_SOURCE_TLS_SNI
#define HOST NAME_SOURCE_HTTP_HOST
#define DNS NAME_SOURCE_DNS
#define NO_NAME NAME_SOURCE_NONE

/* What dns tells of name and address. */
enum told { UNTOLD, TOLD, TOLD_SHARED, TOLD_SEVERAL, TOLD_OTHERWISE };

/* Whose explicit proxy was asked. */
enum via { VIA_NONE, VIA_INSIDE, VIA_OUTSIDE };

/* Whether a tunnel over the border ends at the address, or before it. */
enum in_tunnel { TUNNEL_NONE, TUNNEL_ENDS, TUNNEL_BEFORE };

/* What is known of a flow's far end; the members behind `told` are seldom needed. */
struct far_end {
	const char *list; /* published list with its tags, or NULL */
	const char *tag;
	const char *list_region;
	uint32_t asn;
	enum name_source source;
	const char *name;
	enum told told;
	const char *country; /* of the address; NULL: FR */
	const char *address; /* NULL: one that nobody declares */
	const char *alias;   /* of the chain to the address, or NULL */
	const char *outer;   /* SNI of an ECH hello named by dns */
	const char *date;    /* of the flow; NULL: 2026-12-01 */
	const char *alpn;
	uint16_t port;
	uint8_t transport, protocol;
	bool ech;
	bool announced; /* dns told keys under that outer name */
	bool cut;       /* the hello was, instead of `ech` */
	bool look_up;   /* a name alone is asked for */
	enum certificate_word certificate;
	enum via via;
	uint32_t via_asn; /* of a proxy outside */
	bool asked;       /* for a name alone */
	enum in_tunnel tunnel;
	uint32_t tunnel_asn; /* of the end before the address */
};

/*
 * What is expected is one text: "C2 high OWNER/HOST/NAMED SERVICE KIND CLASS" with "-" for nothing,
 * then in this order, where there is any: " by EVIDENCE", " not EVIDENCE", " in REGION COUNTRY",
 * " as FLAGS", " withheld", " low-sink", " above" (address more exposed), " asn OPERATOR", " named
 * OPERATOR", " tenancy ID", " elsewhere" (than its service is offered), " refused ID", " qualified
 * DATE", " ended DATE", " hds DATE", " likely OPERATOR", " via" with inside, outside (nobody knows
 * whose) or OPERATOR EVIDENCE of the proxy and "review" where that is another, " in-tunnel", "
 * before" with nobody or OPERATOR EVIDENCE of the tunnel's end.
 */
struct row {
	const char *what;
	struct far_end end;
	const char *expected;
};

/**
 * Runs the cases of a program as unit_run does, over the catalogue and a policy of these keys
 * ("": none).
 */
int attribution_rows_run(const char *program, const char *policy_yaml,
			 const struct unit_case *cases, size_t count);

/** The policy of the rows, inside a case; for what a row cannot ask. */
const struct policy *attribution_rows_policy(void);

/** Asks for one far end, and holds what the memory answers against that. */
struct attribution decide(const struct far_end *end);

/** Holds the answers for rows against what is expected. */
void check(const struct row *rows, size_t count);
