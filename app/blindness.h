/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sensor did not see, told as the finding GOV-BLIND (domain §3f): packets that devices
 * lost, and TCP connections of which one direction alone came by. Shares are those of ten minutes.
 * The analysis thread owns it.
 */
#pragma once

#include "base/flow_record.h"
#include "classifier/policy/judged_flow.h"
#include "classifier/policy/policy.h"
#include "classifier/policy/rule_book.h"
#include "classifier/policy/sentence.h"
#include "classifier/policy/rule_book.h"
#include "classifier/policy/sentence.h"

/** All zero: nothing was seen. */
struct blindness {
	uint64_t connections, one_way; /**< ended since the last look */
	uint64_t received, lost;       /**< packets up to the last look */
};

/** Room for the finding's sentence. */
struct blindness_finding {
	struct judged_finding finding;
	char message[SENTENCE_MAX];
};

/** Counts a flow that has ended. */
void blindness_add(struct blindness *blindness, const struct flow_record *record);

/**
 * Looks at what was counted since the last look, and begins anew: `received` and `lost` are the
 * devices' counts so far. Returns whether one of the shares is over the rule's limit; `out` is then
 * filled, and points into itself and the rules. Few packets or connections say nothing.
 */
bool blindness_look(struct blindness *blindness, uint64_t received, uint64_t lost,
		    const struct policy *policy, uint64_t now_ns, struct blindness_finding *out);
