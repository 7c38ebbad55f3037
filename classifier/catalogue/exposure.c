/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/exposure.h"

#include <string.h>

static const struct {
	const char *text;
	const char *code;
} classes[EXPOSURE_COUNT] = {
	[EXPOSURE_STATE_INTERNAL] = {"state-internal", "INT"},
	[EXPOSURE_EU_QUALIFIED] = {"eu-qualified", "QUA"},
	[EXPOSURE_EU_SOVEREIGN] = {"eu-sovereign", "SOV"},
	[EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED] = {"us-technology-eu-controlled", "TEC"},
	[EXPOSURE_UNKNOWN] = {"unknown", "UNK"},
	[EXPOSURE_THIRD_COUNTRY] = {"third-country", "THC"},
	[EXPOSURE_US_PARENT] = {"us-parent", "USA"},
	[EXPOSURE_US_DIRECT] = {"us-direct", "USA"},
};

const char *
exposure_text(enum exposure exposure)
{
	return exposure < EXPOSURE_COUNT ? classes[exposure].text : "";
}

const char *
exposure_code(enum exposure exposure)
{
	return exposure < EXPOSURE_COUNT ? classes[exposure].code : "";
}

enum exposure
exposure_more_exposed(enum exposure a, enum exposure b)
{
	if (a == EXPOSURE_UNKNOWN)
		return b;
	if (b == EXPOSURE_UNKNOWN)
		return a;
	return a > b ? a : b;
}

bool
exposure_is_under_us_law(enum exposure exposure)
{
	return exposure == EXPOSURE_US_DIRECT || exposure == EXPOSURE_US_PARENT;
}
