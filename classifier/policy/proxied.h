/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a flow asked of an explicit proxy: then that is where it goes, and the address of its other
 * end is the proxy's. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/flow_record.h"
#include "base/inside_map.h"

struct proxied {
	struct ip_address address; /**< asked for; version 0: a name alone was */
	uint16_t port;             /**< of what was asked for; 0: not known */
	bool inside;               /**< the proxy is on our side */
};

/**
 * Whether the flow asked a proxy for something outside, which `out` then tells. False also where
 * what it asked for is not known, is inside or is where it goes anyhow, and for flows from outside.
 */
bool proxied_find(const struct inside_map *inside, const struct flow_record *record,
		  struct proxied *out);
