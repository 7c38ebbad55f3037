/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DNS answers over UDP (or TCP without its length prefix): which addresses the asked name has, and
 * by which aliases (RFC 1035 4). Compression pointers may only go back, so a loop cannot be built.
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

struct dns_answer {
	char question[DOMAIN_NAME_MAX]; /**< canonical name asked for */
	uint16_t question_type;         /**< 1 A, 28 AAAA, ... */
	uint32_t ttl_s;                 /**< smallest TTL of the chain and its addresses, seconds */
	size_t alias_count;
	char aliases[DNS_ALIASES_MAX][DOMAIN_NAME_MAX]; /**< targets of the CNAME chain, in order */
	size_t address_count;
	struct ip_address addresses[DNS_ADDRESSES_MAX];
	unsigned aliases_dropped;
	unsigned addresses_dropped;
};

/**
 * Whether the bytes look like a DNS message worth handing on: a header with one question and a
 * response bit. Cheap, for the packet path.
 */
bool dns_is_response(struct slice message);

/**
 * Reads a response. FOUND: a successful answer with a canonical question (`address_count` may be
 * 0). NOT_MINE: a query, an error code, several questions, a class other than IN, a question that
 * is no host name. MALFORMED: lengths or pointers that break RFC 1035; NEED_MORE is not used (UDP
 * is whole; a truncated capture is MALFORMED, what was read before stays unused).
 */
enum parse_result dns_answer_parse(struct slice message, struct dns_answer *out);
