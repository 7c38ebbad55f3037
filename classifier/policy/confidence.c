/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/confidence.h"

const char *
confidence_text(enum confidence confidence)
{
	static const char *const texts[CONFIDENCE_COUNT] = {
		[CONFIDENCE_LOW] = "low",
		[CONFIDENCE_MEDIUM] = "medium",
		[CONFIDENCE_HIGH] = "high",
	};

	return confidence < CONFIDENCE_COUNT ? texts[confidence] : "";
}
