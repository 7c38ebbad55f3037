/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/operator_check.h"

#include <string.h>

#include "base/country.h"

static bool
is_us(const char *country)
{
	return strcmp(country, "US") == 0;
}

static const char *
check_third_country(const struct catalogue_operator *owner)
{
	if (is_us(owner->seat_country) || is_us(owner->control_country))
		return "third-country does not go with a seat or control in the US";
	if (country_is_in_eea(owner->seat_country) && country_is_in_eea(owner->control_country))
		return "third-country needs a seat or control outside the EEA";
	return NULL;
}

const char *
operator_check_exposure(const struct catalogue_operator *owner)
{
	bool seat_us = is_us(owner->seat_country), control_us = is_us(owner->control_country);
	bool seat_eea = country_is_in_eea(owner->seat_country);
	bool control_eea = country_is_in_eea(owner->control_country);

	switch (owner->exposure) {
	case EXPOSURE_US_DIRECT:
		return seat_us ? NULL : "us-direct needs a seat in the US";
	case EXPOSURE_US_PARENT:
		return control_us && !seat_us
			       ? NULL
			       : "us-parent needs a seat elsewhere and control from the US";
	case EXPOSURE_EU_SOVEREIGN:
		return seat_eea && control_eea ? NULL
					       : "eu-sovereign needs seat and control in the EEA";
	case EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED:
		return seat_eea && control_eea && owner->technology_origin != NULL
			       ? NULL
			       : "us-technology-eu-controlled needs seat and control in the EEA "
				 "and a "
				 "technology_origin";
	case EXPOSURE_THIRD_COUNTRY:
		return check_third_country(owner);
	case EXPOSURE_STATE_INTERNAL:
	case EXPOSURE_EU_QUALIFIED:
		return "this class belongs to a service of the settings, not to an operator";
	default:
		return NULL;
	}
}
