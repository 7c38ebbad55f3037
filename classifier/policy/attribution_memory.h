/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of attribution_decide, kept: most flows go where others went lately, and ask what those
 * asked. What is kept is found by all that the answer rests on, so that it is the one that would be
 * given anew. Questions that few ask - of proxies, tunnels, aliases, long names - are always asked
 * anew. One thread owns it; it belongs to one policy.
 */
#pragma once

#include "classifier/policy/attribution.h"

struct attribution_memory;

/** Borrows the policy. NULL with errno ENOMEM; free with attribution_memory_destroy (NULL allowed).
 */
struct attribution_memory *attribution_memory_create(const struct policy *policy);
void attribution_memory_destroy(struct attribution_memory *memory);

/** As attribution_decide. */
void attribution_memory_decide(struct attribution_memory *memory,
			       const struct attribution_query *query, struct attribution *out);
