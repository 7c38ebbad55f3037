/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exposure classes: which law reaches whoever holds the data. Control decides, not location. The
 * values are ordered from least to most exposed, so that the more exposed of two known answers is
 * the larger.
 */
#pragma once

#include <stdbool.h>

enum exposure {
	EXPOSURE_STATE_INTERNAL, /**< run by the organisation or the state itself */
	EXPOSURE_EU_QUALIFIED,   /**< service with a valid qualification, flow tied to it */
	EXPOSURE_EU_SOVEREIGN,   /**< seat, administration and control in the EU or EEA */
	EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED, /**< EU control, platform licensed from a US vendor */
	EXPOSURE_UNKNOWN,                     /**< nothing known; yields to any known answer */
	EXPOSURE_THIRD_COUNTRY,               /**< control outside EU and EEA, and not US */
	EXPOSURE_US_PARENT,                   /**< non-US entity under US control */
	EXPOSURE_US_DIRECT,                   /**< US entity */
	EXPOSURE_COUNT,
};

/** The word of the JSON contract, "us-direct". */
const char *exposure_text(enum exposure exposure);

/** The three letters of rule ids, "USA". us-direct and us-parent share one. */
const char *exposure_code(enum exposure exposure);

/** The more exposed of two answers; an unknown one yields to a known one (domain §3b). */
enum exposure exposure_more_exposed(enum exposure a, enum exposure b);

/** Whether US law reaches it: us-direct and us-parent. */
bool exposure_is_under_us_law(enum exposure exposure);
