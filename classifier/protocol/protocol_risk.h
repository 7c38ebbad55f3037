/* SPDX-License-Identifier: Apache-2.0 */
/* What a risk of the protocol detector is called in JSON (`vigie.risks`): words that stay. */
#pragma once

/** Bits from 1 to PROTOCOL_RISK_COUNT - 1 have a meaning. */
#define PROTOCOL_RISK_COUNT 42u

/** The word of a bit of `risks`: "clear-text-credentials", ... "" for a bit without a meaning. */
const char *protocol_risk_text(unsigned bit);
