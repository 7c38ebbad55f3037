/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/policy/policy_text.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static struct {
	struct policy_text text;
	struct catalogue *catalogue;
	struct policy *policy;
} run;

static void
forget(void)
{
	policy_destroy(run.policy);
	catalogue_destroy(run.catalogue);
	policy_text_fini(&run.text);
	memset(&run, 0, sizeof(run));
}

static void
build(const char *text)
{
	forget();
	policy_text_read(&run.text, text);
	run.catalogue = policy_text_catalogue();
	run.policy =
		policy_create(&run.text.file, run.catalogue, &policy_text_rules, &run.text.faults);
}

static const struct policy *
given(const char *text)
{
	build(text);
	policy_text_expect(&run.text.faults, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(run.policy);
	return run.policy;
}

static const char *
tenancy_at(const char *text)
{
	const struct ip_address address = policy_text_address(text);
	const struct tenancy *found = policy_find_tenancy_by_address(run.policy, &address);

	return found != NULL ? found->id : "";
}

static const char *
tenancy_named(const char *name)
{
	const struct tenancy *found = policy_find_tenancy_by_name(run.policy, name);

	return found != NULL ? found->id : "";
}

static void
an_empty_policy_has_the_defaults(void)
{
	const struct policy *p = given("zones: []\n");

	CU_ASSERT_PTR_NULL(p->name);
	CU_ASSERT_EQUAL(p->version, 1);
	CU_ASSERT_EQUAL(p->max_age_days, 400);
	CU_ASSERT_EQUAL(p->alerts_minimum, SEVERITY_LOW);
	CU_ASSERT_TRUE(p->defaults);
	CU_ASSERT_EQUAL(p->equivalent_scheme_count, 0);
	CU_ASSERT_EQUAL(exception_list_count(p->exceptions), 0);
	CU_ASSERT_STRING_EQUAL(zone_table_at(p->zones, 0)->id, "internal");
	CU_ASSERT_EQUAL(zone_table_at(p->zones, 0)->thresholds.bulk_min, 100 << 20);
	CU_ASSERT_EQUAL(policy_day(p, 0), 0);
	CU_ASSERT_STRING_EQUAL(tenancy_at("8.8.8.8"), "");
	CU_ASSERT_STRING_EQUAL(tenancy_named("example.org"), "");
	const struct ip_address address = policy_text_address("10.0.0.1");
	CU_ASSERT_FALSE(policy_is_resolver(p, &address));
	CU_ASSERT_PTR_NULL(policy_service(p, NULL));
}

static void
values_of_the_policy_arrive(void)
{
	const struct policy *p = given(
		"policy: {version: 4, name: phares, time_zone: Europe/Paris, "
		"unmapped_class: health, max_age_days: 30, equivalent_schemes: [C5, EUCS]}\n"
		"alerts: {minimum: medium}\nresolvers: [10.0.0.53, \"fd00::/64\"]\n"
		"thresholds: {bulk_min: 1MiB}\n"
		"zones:\n"
		"  - {id: a, match: {vlan: 1}, class: public, thresholds: {trace_below: 1}}\n"
		"  - {id: b, match: {vlan: 2}, class: public, thresholds: {bulk_min: 2MiB}}\n");

	CU_ASSERT_STRING_EQUAL(p->name, "phares");
	CU_ASSERT_EQUAL(p->version, 4);
	CU_ASSERT_EQUAL(p->max_age_days, 30);
	CU_ASSERT_EQUAL(p->alerts_minimum, SEVERITY_MEDIUM);
	CU_ASSERT_FALSE(p->defaults);
	CU_ASSERT_EQUAL_FATAL(p->equivalent_scheme_count, 2);
	CU_ASSERT_STRING_EQUAL(p->equivalent_schemes[1], "EUCS");
	CU_ASSERT_EQUAL(zone_table_by_id(p->zones, "unmapped")->data_class, DATA_CLASS_HEALTH);
	/* A zone's own limit, else that of the settings, else the rules'. */
	const struct shape_thresholds *a = &zone_table_by_id(p->zones, "a")->thresholds;
	CU_ASSERT_EQUAL(a->trace_below, 1);
	CU_ASSERT_EQUAL(a->bulk_min, 1 << 20);
	CU_ASSERT_EQUAL(a->export_min, 1 << 20);
	CU_ASSERT_EQUAL(zone_table_by_id(p->zones, "b")->thresholds.bulk_min, 2 << 20);
	struct ip_address address = policy_text_address("10.0.0.53");
	CU_ASSERT_TRUE(policy_is_resolver(p, &address));
	address = policy_text_address("fd00::1:2:3:4");
	CU_ASSERT_TRUE(policy_is_resolver(p, &address));
	address = policy_text_address("10.0.0.54");
	CU_ASSERT_FALSE(policy_is_resolver(p, &address));
	/* In Paris the new year begins an hour earlier. */
	CU_ASSERT_EQUAL(policy_day(p, UINT64_C(82800) * 1000000000), 1);
}

static void
tenancies_are_found_by_prefix_and_by_name_the_longest_first(void)
{
	static const struct {
		const char *name, *tenancy;
	} names[] = {
		{"cloud.example", "wide"},    {"a.b.cloud.example", "wide"},
		{"snc.cloud.example", "snc"}, {"x.snc.cloud.example", "snc"},
		{"notcloud.example", ""},     {"example", ""},
		{"upper.example", "wide"},    {"203.0.113.5", ""},
	};
	given("tenancies:\n"
	      "  - {id: wide, operator: aws, service: s3,\n"
	      "     match: {cidr: 203.0.113.0/24, name: [cloud.example, \"*.UPPER.example.\"]}}\n"
	      "  - {id: snc, operator: ovhcloud, service: object-storage, owner: DSI,\n"
	      "     match: {cidr: [203.0.113.0/28, \"2001:db8:5::/48\"],\n"
	      "             name: \"*.snc.cloud.example\"}}\n");
	for (size_t i = 0; i < COUNT(names); i++)
		CU_ASSERT_STRING_EQUAL(tenancy_named(names[i].name), names[i].tenancy);
	CU_ASSERT_STRING_EQUAL(tenancy_at("203.0.113.15"), "snc");
	CU_ASSERT_STRING_EQUAL(tenancy_at("203.0.113.16"), "wide");
	CU_ASSERT_STRING_EQUAL(tenancy_at("2001:db8:5::9"), "snc");
	CU_ASSERT_STRING_EQUAL(tenancy_at("203.0.114.1"), "");
	const struct tenancy *snc = policy_find_tenancy_by_name(run.policy, "snc.cloud.example");
	CU_ASSERT_STRING_EQUAL(snc->owner, "DSI");
	CU_ASSERT_STRING_EQUAL(snc->operator_record->id, "ovhcloud");
	CU_ASSERT_STRING_EQUAL(snc->service->name, "Object Storage");
}

static void
services_of_the_settings_are_new_or_stand_in_place_of_the_catalogues(void)
{
	const struct policy *p =
		given("services:\n"
		      "  - {id: s3, operator: aws, kind: backup, hds: {valid_to: 2027-12-31}}\n"
		      "  - {id: s3, operator: ovhcloud, kind: mail, name: Ours, exposure: "
		      "state-internal,\n"
		      "     name_patterns: [s3.example, \"*.in.s3.example\"],\n"
		      "     prefixes: [203.0.113.0/24, 198.51.100.7],\n"
		      "     qualifications: [{scheme: SecNumCloud, source: list}]}\n"
		      "tenancies:\n"
		      "  - {id: t, operator: ovhcloud, service: s3, match: {name: t.example}}\n"
		      "  - {id: u, operator: aws, service: s3, match: {name: u.example}}\n");
	const struct catalogue_operator *aws = catalogue_find_operator(run.catalogue, "aws");
	const struct catalogue_service *s3 = catalogue_find_service(aws, "s3");
	const struct catalogue_service *in_place = policy_service(p, s3);

	CU_ASSERT_PTR_NOT_EQUAL_FATAL(in_place, s3);
	CU_ASSERT_STRING_EQUAL(in_place->name, "Amazon S3");
	CU_ASSERT_EQUAL(in_place->kind, SERVICE_KIND_BACKUP);
	CU_ASSERT_PTR_NOT_NULL(in_place->hds);
	CU_ASSERT_FALSE(in_place->has_exposure);
	CU_ASSERT_EQUAL(in_place->exposure, EXPOSURE_US_DIRECT);
	const struct catalogue_service *glacier = catalogue_find_service(aws, "glacier");
	CU_ASSERT_PTR_EQUAL(policy_service(p, glacier), glacier);
	const struct catalogue_service *ours = policy_find_service_by_name(p, "a.in.s3.example");
	CU_ASSERT_PTR_NOT_NULL_FATAL(ours);
	CU_ASSERT_PTR_EQUAL(policy_find_service_by_name(p, "s3.example"), ours);
	CU_ASSERT_PTR_NULL(policy_find_service_by_name(p, "example"));
	CU_ASSERT_STRING_EQUAL(ours->name, "Ours");
	CU_ASSERT_STRING_EQUAL(ours->owner->id, "ovhcloud");
	CU_ASSERT_EQUAL(ours->exposure, EXPOSURE_STATE_INTERNAL);
	CU_ASSERT_EQUAL(ours->qualification_count, 1);
	struct ip_address address = policy_text_address("198.51.100.7");
	CU_ASSERT_PTR_EQUAL(policy_find_service_by_address(p, &address), ours);
	address = policy_text_address("198.51.100.8");
	CU_ASSERT_PTR_NULL(policy_find_service_by_address(p, &address));
	CU_ASSERT_PTR_EQUAL(policy_find_tenancy_by_name(p, "t.example")->service, ours);
	CU_ASSERT_PTR_EQUAL(policy_find_tenancy_by_name(p, "u.example")->service, in_place);
}

static void
mistakes_of_all_parts_are_told_in_one_run(void)
{
	build("policy: {time_zone: Europe/Pari}\n"
	      "zones:\n"
	      "  - {id: a, match: {vlan: 1}, class: public}\n"
	      "  - {id: a, match: {vlan: 1}, class: public}\n"
	      "services:\n"
	      "  - {id: s, operator: ovhclod, kind: mail}\n"
	      "  - {id: t, operator: aws, kind: mail, exposure: eu-qualified}\n"
	      "  - {id: t, operator: aws, kind: mail, prefixes: [10.0.0.0/8]}\n"
	      "tenancies:\n"
	      "  - {id: x, operator: aws, service: s33, match: {cidr: 192.168.0.0/24}}\n"
	      "  - {id: x, operator: aws, service: s3, match: {name: [\"a b\", 8.8.8.8, x.org]}}\n"
	      "  - {id: y, operator: aws, service: s3, match: {name: x.org}}\n"
	      "  - {id: z, operator: aws, service: glacir, match: {}}\n"
	      "exceptions:\n"
	      "  - {id: e, zones: [b], operators: [azure], kinds: [mail], max_class: secret,\n"
	      "     max_bytes_day: 1, cap: 0, reason: r, legal_basis: l, owner: o, measures: m,\n"
	      "     approved_by: a, approved_on: 2026-01-01, expires_on: 2026-01-02}\n");
	CU_ASSERT_PTR_NULL(run.policy);
	policy_text_expect(
		&run.text.faults,
		"p.yaml:1:21: time zone `Europe/Pari`: the system knows no such zone (package "
		"tzdata), expected a name as in Europe/Paris or UTC\n"
		"p.yaml:4:10: zone `a` is given again\n"
		"p.yaml:4:20: zone `a` has the same keys as zone `a`\n"
		"p.yaml:6:23: unknown operator `ovhclod`: did you mean `ovhcloud`?\n"
		"p.yaml:7:50: `eu-qualified` comes from `qualifications`, for as long as they "
		"hold; give the class that holds without them\n"
		"p.yaml:8:51: not a prefix of the internet: traffic to it never leaves, so no "
		"service is looked for there\n"
		"p.yaml:8:10: service `t` is given again\n"
		"p.yaml:10:37: unknown service of aws `s33`: did you mean `s3`?\n"
		"p.yaml:10:56: not a prefix of the internet: traffic to it never leaves, so no "
		"tenancy is looked for there\n"
		"p.yaml:11:56: `a b` is no host name, expected one as in example.org or "
		"*.example.org\n"
		"p.yaml:11:63: `8.8.8.8` is no host name, expected one as in example.org or "
		"*.example.org\n"
		"p.yaml:12:55: tenancy `y` has the same name as tenancy `x`\n"
		"p.yaml:13:37: unknown service of aws `glacir`: did you mean `glacier`?\n"
		"p.yaml:13:52: match names nothing, expected cidr or name\n"
		"p.yaml:11:10: tenancy `x` is given again\n"
		"p.yaml:15:21: unknown zone `b`: did you mean `a`?\n"
		"p.yaml:15:37: unknown operator `azure`\n"
		"p.yaml:15:71: no exception can cover class secret; expected "
		"diffusion-restreinte or less\n");
}

static void
names_of_one_label_are_refused(void)
{
	build("services: [{id: s, operator: aws, kind: mail, name_patterns: [fr, \"*.com\"]}]\n"
	      "tenancies: [{id: t, operator: aws, service: s3, match: {name: [Com., a.fr]}}]\n");
	policy_text_expect(&run.text.faults,
			   "p.yaml:1:63: `fr` is a single label: all names below it would be "
			   "meant; expected one as in example.org or *.example.org\n"
			   "p.yaml:1:67: `*.com` is a single label: all names below it would be "
			   "meant; expected one as in example.org or *.example.org\n"
			   "p.yaml:2:64: `Com.` is a single label: all names below it would be "
			   "meant; expected one as in example.org or *.example.org\n");
}

static void
a_tenancy_of_empty_lists_matches_nothing(void)
{
	build("tenancies:\n"
	      "  - {id: a, operator: aws, service: s3, match: {cidr: []}}\n"
	      "  - {id: b, operator: aws, service: s3, match: {cidr: [], name: ~}}\n"
	      "  - {id: c, operator: aws, service: s3, match: {cidr: [], name: a.example}}\n");
	policy_text_expect(&run.text.faults,
			   "p.yaml:2:48: match names nothing, expected cidr or name\n"
			   "p.yaml:3:48: match names nothing, expected cidr or name\n");
}

static void
ids_have_letters_digits_and_three_signs(void)
{
	build("zones: [{id: r h, match: {vlan: 1}, class: public}]\n"
	      "services: [{id: \"s/3\", operator: aws, kind: mail}]\n"
	      "tenancies: [{id: t\u00e9, operator: aws, service: s3, match: {name: a.fr}}]\n"
	      "exceptions:\n"
	      "  - {id: \"e,1\", zones: [unmapped], operators: [aws], kinds: [mail], max_class: "
	      "internal,\n"
	      "     max_bytes_day: 0, cap: 0, reason: r, legal_basis: l, owner: o, measures: m,\n"
	      "     approved_by: a, approved_on: 2026-01-01, expires_on: 2026-01-02}\n");
	policy_text_expect(
		&run.text.faults,
		"p.yaml:6:21: `max_bytes_day` is `0`, expected at least 1\n"
		"p.yaml:1:14: zone `r h`: an id has letters, digits, '-', '_' and '.' "
		"alone\n"
		"p.yaml:2:12: id `s/3`: only a-z, 0-9 and -\n"
		"p.yaml:3:18: tenancy `t\u00e9`: an id has letters, digits, '-', '_' and "
		"'.' alone\n"
		"p.yaml:5:10: exception `e,1`: an id has letters, digits, '-', '_' and "
		"'.' alone\n");
	given("zones: [{id: A-z_0.9, match: {vlan: 1}, class: public}]\n");
}

static void
thresholds_that_contradict_each_other_are_refused(void)
{
	build("thresholds: {export_min: 200MiB}\n"
	      "zones:\n"
	      "  - {id: a, match: {vlan: 1}, class: public, thresholds: {bulk_min: 1MiB}}\n"
	      "  - {id: b, match: {vlan: 2}, class: public, thresholds: {trace_below: 1GiB}}\n"
	      "  - {id: c, match: {vlan: 3}, class: public, thresholds: {day: {personal: 0}}}\n"
	      "  - {id: d, match: {vlan: 4}, class: public, thresholds: {export_min: 64KiB}}\n");
	policy_text_expect(
		&run.text.faults,
		"p.yaml:1:26: `export_min` (200MiB) is above `bulk_min` (100MiB), expected at most "
		"as much\n"
		"p.yaml:3:69: `export_min` (200MiB) is above `bulk_min` (1MiB), expected at most "
		"as much\n"
		"p.yaml:4:72: `trace_below` (1GiB) is above `export_min` (200MiB), expected at "
		"most as much\n");
}

static void
without_a_catalogue_the_rest_is_checked(void)
{
	forget();
	policy_text_read(&run.text,
			 "policy: {time_zone: Nowhere}\n"
			 "tenancies: [{id: t, operator: x, service: y, match: {name: \"a b\"}}]\n"
			 "services: [{id: s, operator: x, kind: mail}]\n"
			 "zones: [{id: a, match: {}, class: public}]\n");
	run.policy = policy_create(&run.text.file, NULL, NULL, &run.text.faults);
	CU_ASSERT_PTR_NULL(run.policy);
	CU_ASSERT_EQUAL(run.text.faults.count, 3);
}

static void
what_reading_could_not_make_out_is_borne(void)
{
	static const char *const texts[] = {
		"zones: [a, {}, {id: []}, {match: 3}, {match: {port: [[]], cidr: x, vlan: y}}]\n",
		"tenancies: [a, {}, {match: 3}, {operator: [], match: {cidr: [x], name: [[]]}}]\n",
		"services: [a, {}, {id: s}, {operator: aws}, {operator: aws, id: Q, kind: x,\n"
		"  hds: 3, qualifications: [x], name_patterns: [[]], prefixes: [y]}]\n",
		"exceptions: [a, {}, {zones: [[]], operators: [{}], services: [[]], kinds: [[]]},\n"
		"  {approved_on: x, expires_on: y}, {zones: {}, approved_on: 2026-01-01}]\n",
		"policy: {time_zone: [], unmapped_class: x}\nalerts: x\nthresholds: {day: 3}\n",
		"resolvers: [x, 10.0.0.1]\n",
	};
	for (size_t i = 0; i < COUNT(texts); i++) {
		build(texts[i]);
		CU_ASSERT_TRUE(run.text.faults.count > 0);
	}
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(an_empty_policy_has_the_defaults),
		CASE(values_of_the_policy_arrive),
		CASE(tenancies_are_found_by_prefix_and_by_name_the_longest_first),
		CASE(services_of_the_settings_are_new_or_stand_in_place_of_the_catalogues),
		CASE(mistakes_of_all_parts_are_told_in_one_run),
		CASE(names_of_one_label_are_refused),
		CASE(a_tenancy_of_empty_lists_matches_nothing),
		CASE(ids_have_letters_digits_and_three_signs),
		CASE(thresholds_that_contradict_each_other_are_refused),
		CASE(without_a_catalogue_the_rest_is_checked),
		CASE(what_reading_could_not_make_out_is_borne),
	};
	int status = unit_run("policy", cases, COUNT(cases));

	forget();
	return status;
}
