/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/sentence.h"

#include "tests/unit/policy/sentence_rows.h"

static const struct catalogue_service licensed = {
	.id = "x", .name = "X", .owner = &ovh, .technology_origin = "VMware"};

static const struct row exposures[] = {
	{.what = "one's own",
	 INT_CLASS,
	 .a = {.owner = &ovh,
	       .host_operator = &ovh,
	       .exposure = EXPOSURE_STATE_INTERNAL,
	       BY_PREFIX},
	 .text = SENT "192.0.2.1, unknown service of OVHcloud. Declared as the organisation's own "
		      "infrastructure. " INT_SENTENCE BY_PREFIX_TEXT},
	{.what = "licensed technology",
	 INT_CLASS,
	 .a = {.owner = &bleu,
	       .host_operator = &bleu,
	       .exposure = EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED,
	       BY_PREFIX},
	 .text = SENT
	 "192.0.2.1, unknown service of Bleu. Operator recorded as EU-controlled, on technology "
	 "licensed from Microsoft (US); not recorded as qualified. " INT_SENTENCE BY_PREFIX_TEXT},
	{.what = "licensed technology of a service",
	 INT_CLASS,
	 .a = {.owner = &ovh,
	       .host_operator = &ovh,
	       .service = &licensed,
	       .exposure = EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED,
	       BY_PREFIX},
	 .text = SENT "192.0.2.1, unknown service of OVHcloud. Operator of this service or address "
		      "recorded as EU-controlled, on technology licensed from VMware (US); not "
		      "recorded as qualified. " INT_SENTENCE BY_PREFIX_TEXT},
	{.what = "addresses of a subsidiary abroad",
	 INT_CLASS,
	 .a = {.owner = &ovh, .host_operator = &ovh, .exposure = EXPOSURE_THIRD_COUNTRY, BY_PREFIX},
	 .text = SENT
	 "192.0.2.1, unknown service of OVHcloud. Operator of this service or address recorded as "
	 "controlled from a third country, outside the EU/EEA. " INT_SENTENCE BY_PREFIX_TEXT},
	{.what = "US parent reads as US",
	 INT_CLASS,
	 .a = {.owner = &aws, .host_operator = &aws, .exposure = EXPOSURE_US_PARENT, BY_PREFIX},
	 .text = SENT
	 "192.0.2.1, unknown service of Amazon Web Services. " USA_SENTENCE INT_SENTENCE
		 BY_PREFIX_TEXT},
	{.what = "a scheme without a version",
	 INT_CLASS,
	 .a = {.owner = &ovh,
	       .host_operator = &ovh,
	       .exposure = EXPOSURE_EU_QUALIFIED,
	       .qualification = &unversioned,
	       BY_PREFIX},
	 .text = SENT "192.0.2.1, unknown service of OVHcloud. Service recorded as EUCS qualified "
		      "until 2028-01-31. " INT_SENTENCE BY_PREFIX_TEXT},
	{.what = "qualified by word alone",
	 INT_CLASS,
	 .a = {.owner = &ovh, .host_operator = &ovh, .exposure = EXPOSURE_EU_QUALIFIED, BY_PREFIX},
	 .text = SENT "192.0.2.1, unknown service of OVHcloud. Service declared as qualified; no "
		      "record with dates is known. " INT_SENTENCE BY_PREFIX_TEXT},
	{.what = "a record too old",
	 INT_CLASS,
	 .a = {.owner = &ovh,
	       .host_operator = &ovh,
	       .exposure = EXPOSURE_UNKNOWN,
	       .flags = JUDGED_FLAG_STALE_RECORD,
	       BY_PREFIX},
	 .text = SENT "192.0.2.1, unknown service of OVHcloud. The record of the operator is too "
		      "old to be relied on. " INT_SENTENCE BY_PREFIX_TEXT},
	{.what = "of this address alone",
	 INT_CLASS,
	 .a = {.owner = &ovh, .host_operator = &ovh, .exposure = EXPOSURE_UNKNOWN, BY_PREFIX},
	 .text = SENT "192.0.2.1, unknown service of OVHcloud. Who controls the operator of this "
		      "service or address is not recorded. " INT_SENTENCE BY_PREFIX_TEXT},
	{.what = "control not recorded",
	 INT_CLASS,
	 .a = {.owner = &foxtrot,
	       .host_operator = &foxtrot,
	       .exposure = EXPOSURE_UNKNOWN,
	       BY_PREFIX},
	 .text = SENT "192.0.2.1, unknown service of Foxtrot. Who controls the operator is not "
		      "recorded. " INT_SENTENCE BY_PREFIX_TEXT},
	{.what = "served",
	 INT_CLASS,
	 .a = {.owner = &aws,
	       .host_operator = &aws,
	       .exposure = EXPOSURE_US_DIRECT,
	       .flags = JUDGED_FLAG_SERVED,
	       BY_PREFIX},
	 .name = "www.phares.example",
	 .text = "Desktops served 3.0 MiB in 1 flow to 192.0.2.1, an address of Amazon Web "
		 "Services. " USA_SENTENCE INT_SENTENCE BY_PREFIX_TEXT},
	{.what = "served to nobody known",
	 INT_CLASS,
	 .a = {.exposure = EXPOSURE_UNKNOWN,
	       .flags = JUDGED_FLAG_SERVED,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_NOTHING},
	 .text = "Desktops served 3.0 MiB in 1 flow to 192.0.2.1. Operator not "
		 "identified. " INT_SENTENCE
		 "Evidence: no name, range or AS of the catalogue (low)."},
};

static void
every_exposure_says_of_whom_it_holds(void)
{
	check_sentences(exposures, COUNT(exposures));
}

static const struct unit_case cases[] = {
	{"every_exposure_says_of_whom_it_holds", every_exposure_says_of_whom_it_holds},
};

int
main(void)
{
	return run_sentence_cases("sentence_clause", cases, COUNT(cases));
}
