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
	const char *query;
	bool is_address;
	struct ip_address address;  /**< where is_address */
	char name[DOMAIN_NAME_MAX]; /**< canonical, where not */
	struct origin origin;
	struct attribution attribution;
};

/** Finds out what is known of `query` (borrowed). False when it is neither an address nor a host name. */
bool lookup_find(const struct ruleset *ruleset, const char *query, struct lookup *out);

/** For a person: one field a line, with its source. */
void lookup_write_text(const struct lookup *lookup, FILE *out, bool colour);

/** One JSON object and a newline; what is not known is absent. */
void lookup_write_json(const struct lookup *lookup, FILE *out);
