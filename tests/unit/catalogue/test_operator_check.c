/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/operator_check.h"

#include "tests/unit/unit.h"

static const struct {
	const char *seat, *control, *technology;
	enum exposure exposure;
	bool agrees;
} records[] = {
	{"US", "US", NULL, EXPOSURE_US_DIRECT, true},
	{"US", "FR", NULL, EXPOSURE_US_DIRECT, true}, /* a US company of a French group */
	{"DE", "US", NULL, EXPOSURE_US_DIRECT, false},
	{"DE", "US", NULL, EXPOSURE_US_PARENT, true},
	{"CH", "US", NULL, EXPOSURE_US_PARENT, true},
	{"US", "US", NULL, EXPOSURE_US_PARENT, false},
	{"DE", "DE", NULL, EXPOSURE_US_PARENT, false},
	{"FR", "FR", NULL, EXPOSURE_EU_SOVEREIGN, true},
	{"NO", "NO", NULL, EXPOSURE_EU_SOVEREIGN, true},
	{"NL", "IT", NULL, EXPOSURE_EU_SOVEREIGN, true},
	{"FR", "US", NULL, EXPOSURE_EU_SOVEREIGN, false},
	{"CH", "CH", NULL, EXPOSURE_EU_SOVEREIGN, false},
	{"FR", "FR", "Microsoft", EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED, true},
	{"FR", "FR", NULL, EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED, false},
	{"FR", "US", "Microsoft", EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED, false},
	{"CN", "CN", NULL, EXPOSURE_THIRD_COUNTRY, true},
	{"SE", "GB", NULL, EXPOSURE_THIRD_COUNTRY, true},
	{"CH", "AT", NULL, EXPOSURE_THIRD_COUNTRY, true},
	{"FR", "FR", NULL, EXPOSURE_THIRD_COUNTRY, false},
	{"US", "CN", NULL, EXPOSURE_THIRD_COUNTRY, false},
	{"CN", "US", NULL, EXPOSURE_THIRD_COUNTRY, false},
	{"FR", "FR", NULL, EXPOSURE_UNKNOWN, true},
	{"FR", "FR", NULL, EXPOSURE_STATE_INTERNAL, false},
	{"FR", "FR", NULL, EXPOSURE_EU_QUALIFIED, false},
};

static void
class_has_to_follow_from_seat_and_control(void)
{
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
		struct catalogue_operator o = {.seat_country = records[i].seat,
					       .control_country = records[i].control,
					       .technology_origin = records[i].technology,
					       .exposure = records[i].exposure};
		CU_ASSERT_EQUAL(operator_check_exposure(&o) == NULL, records[i].agrees);
	}
}

static const struct unit_case cases[] = {
	{"class_has_to_follow_from_seat_and_control", class_has_to_follow_from_seat_and_control},
};

int
main(void)
{
	return unit_run("operator_check", cases, sizeof(cases) / sizeof(*cases));
}
