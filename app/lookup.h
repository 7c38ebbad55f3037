/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that is known of one end point, an address or a name, and which source said it.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "app/ruleset.h"
#include "classifier/policy/attribution.h"

struct lookup {
	const char *query; /**< as given, whatever is looked up in its place */
	const struct catalogue *catalogue;
	bool is_address;
	struct ip_address address; /**< looked up, where is_address */
	const char
		*embedding; /**< how the query holds this IPv4 address, or NULL: it is the query */
	char name[DOMAIN_NAME_MAX]; /**< canonical, where not */
	const struct catalogue_operator
		*resolver; /**< in the list of public resolvers, as this one's */
	struct origin origin;
	struct attribution attribution;
};

/**
 * Finds out what is known of `query` (borrowed, as is the ruleset) on a day of the policy, as
 * policy_day counts them: records grow old, and qualifications end. An IPv6 address that stands for
 * an IPv4 address (RFC 4291 section 2.5.5.2, RFC 6052 section 2.1) is looked up as that one. False
 * when it is neither an address nor a host name.
 */
bool lookup_find(const struct ruleset *ruleset, const char *query, int32_t day, struct lookup *out);

/** For a person: one field a line, with its source. */
void lookup_write_text(const struct lookup *lookup, FILE *out, bool colour);

/** One JSON object and a newline; what is not known is absent. */
void lookup_write_json(const struct lookup *lookup, FILE *out);
