/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Governance findings that one flow shows (domain §3f): an inside host without a zone, an exception
 * or a qualification that has ended, a tenancy contradicted by a published range, sensitive data
 * sent to a lower zone. Part of the assessor.
 */
#pragma once

#include "classifier/policy/assessor.h"

/** Adds to out->findings what holds for the flow, once everything else of `out` is known. */
void assessor_find(const struct policy *policy, const struct assessor_flow *flow,
		   struct assessment *out);
