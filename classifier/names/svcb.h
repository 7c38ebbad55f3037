/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data of one SVCB or HTTPS record (RFC 9460 2.2): where a service is to be reached, and what
 * is to be known before. Slices lead into the bytes read.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "classifier/names/dns_name.h"

struct svcb {
	uint16_t priority;       /**< 0: AliasMode */
	struct dns_name target;  /**< the root: the record's owner itself */
	struct slice ipv4_hints; /**< addresses of the target, 4 bytes each; empty: none */
	struct slice ipv6_hints; /**< 16 bytes each */
	struct slice ech;        /**< ECHConfigList with its length; empty: none */
};

/**
 * Reads a record's data. False where it is malformed: then a client has to do without all of the
 * record's set (RFC 9460 2.2).
 */
bool svcb_parse(struct slice data, struct svcb *out);
