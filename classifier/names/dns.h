/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DNS answers over UDP (or TCP without its length prefix): which addresses the asked name has, and
 * by which aliases (RFC 1035 4); where SVCB and HTTPS records say its service is, and under which
 * outer names it takes an encrypted ClientHello (RFC 9460, RFC 9848). Compression pointers may only
 * go back, so a loop cannot be built.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/domain_name.h"
#include "base/ip_address.h"

/** Addresses and aliases kept of one answer; further ones are counted in `*_dropped`. */
#define DNS_ADDRESSES_MAX 32
#define DNS_ALIASES_MAX 8

/** SVCB and HTTPS records kept of one answer, and what is kept of each. */
#define DNS_SERVICES_MAX 4
#define DNS_HINTS_MAX 8
#define DNS_PUBLIC_NAMES_MAX 4

#define DNS_TYPE_SVCB 64
#define DNS_TYPE_HTTPS 65

/** One SVCB or HTTPS record of the asked name or an alias of it. */
struct dns_service {
	uint16_t type;
	uint16_t priority;            /**< 0: AliasMode, all is to be looked for under `target` */
	char target[DOMAIN_NAME_MAX]; /**< canonical; "": the asked name itself or an alias of it */
	/**
	 * Addresses that a client may use before it has asked for those of the target; there may be
	 * others, and these may be old (RFC 9460 7.3).
	 */
	size_t hint_count;
	struct ip_address hints[DNS_HINTS_MAX];
	bool has_ech; /**< announces keys for an encrypted ClientHello */
	size_t public_name_count;
	char public_names[DNS_PUBLIC_NAMES_MAX][DOMAIN_NAME_MAX]; /**< outer names, canonical */
};

struct dns_answer {
	char question[DOMAIN_NAME_MAX]; /**< canonical name asked for */
	uint16_t question_type;         /**< 1 A, 28 AAAA, ... */
	uint32_t ttl_s; /**< smallest TTL of the chain, its addresses and services, seconds */
	size_t alias_count;
	char aliases[DNS_ALIASES_MAX][DOMAIN_NAME_MAX]; /**< targets of the CNAME chain, in order */
	size_t address_count;
	struct ip_address addresses[DNS_ADDRESSES_MAX];
	unsigned aliases_dropped;
	unsigned addresses_dropped;
	size_t service_count;
	struct dns_service services[DNS_SERVICES_MAX];
	unsigned services_dropped; /**< records, hints, targets or public names without room or
				      sense */
	unsigned
		services_refused; /**< malformed records: then no service is given (RFC 9460 2.2) */
};

/**
 * The name whose service SVCB and HTTPS records speak of: the question without the labels in front
 * that say a port and a scheme, "_8443._https." (RFC 9460 2.3). Borrowed from `answer`; may be "".
 */
const char *dns_answer_origin(const struct dns_answer *answer);

/**
 * Whether the bytes look like a DNS message worth handing on: a header with one question and a
 * response bit. Cheap, for the packet path.
 */
bool dns_is_response(struct slice message);

/**
 * Whether a datagram reads as a DNS question or answer: a sound header, and the question behind it.
 * Of one that the capture cut (`is_cut`) as much as there is has to fit. Cheap.
 */
bool dns_is_message(struct slice message, bool is_cut);

/**
 * Reads a response. FOUND: a successful answer with a canonical question (`address_count` may be
 * 0). NOT_MINE: a query, an error code, several questions, a class other than IN, a question that
 * is no host name. MALFORMED: lengths or pointers that break RFC 1035; NEED_MORE is not used (UDP
 * is whole; a truncated capture is MALFORMED, what was read before stays unused).
 */
enum parse_result dns_answer_parse(struct slice message, struct dns_answer *out);
