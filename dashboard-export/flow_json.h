/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One flow as one line of JSON, in the fields of the Elastic Common Schema 8 and the block `vigie`.
 * What is not known is not written: no empty string, no null, no zero in place of knowledge.
 */
#pragma once

#include <stddef.h>

#include "classifier/policy/judged_flow.h"

/** Room that every flow fits into, whatever its names hold (escapes take six bytes a character). */
#define FLOW_JSON_MAX 28672

/**
 * Writes the object and a newline to `out` (FLOW_JSON_MAX bytes) and returns the length; no NUL is
 * written. Texts that are not UTF-8 have the offending bytes replaced by U+FFFD.
 */
size_t flow_json_format(const struct judged_flow *flow, char *out);
