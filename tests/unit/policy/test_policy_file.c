/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/policy_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/policy/severity.h"
#include "tests/unit/policy/policy_text.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Every key of every record. */
static const char every_key[] =
	"policy: {version: 3, name: phares, time_zone: Europe/Paris, unmapped_class: personal,\n"
	"  max_age_days: 100, inside: [8.8.8.0/24, 9.9.9.9], equivalent_schemes: C5}\n"
	"thresholds: {trace_below: 1KiB, export_min: 2MiB, export_ratio: 0.75, bulk_min: 1GiB,\n"
	"  day: {internal: 1, personal: 2, economic-secret: 3, state-business-application: 4,\n"
	"        health: 5}}\n"
	"alerts: {minimum: high}\n"
	"resolvers: 10.0.0.53\n"
	"zones:\n"
	"  - {id: z, label: Z, match: {cidr: 10.0.0.0/8, vlan: [1, 4094], vni: 16777215,\n"
	"     port: tap0}, class: secret, r9: true, owner: DSI, content_inspection: on,\n"
	"     privacy: excluded, thresholds: {bulk_min: 7}}\n"
	"tenancies:\n"
	"  - {id: t, operator: ovhcloud, service: s, owner: DSI,\n"
	"     match: {cidr: [203.0.113.0/28, \"2001:db8::/48\"], name: \"*.phares.example\"}}\n"
	"services:\n"
	"  - {id: s, operator: ovhcloud, name: S, kind: backup, regions: [FR, gra],\n"
	"     name_patterns: [s.example], prefixes: 203.0.113.16/28, exposure: state-internal,\n"
	"     technology_origin: VMware, operated_by: Someone, checked_on: 2026-02-03,\n"
	"     qualifications: [{scheme: SecNumCloud, version: \"3.2\", scope: all, source: list,\n"
	"       valid_from: 2025-02-01, valid_to: 2028-01-31}], hds: {valid_to: 2027-12-31}}\n"
	"exceptions:\n"
	"  - {id: e, type: dr-approval, zones: z, operators: [aws, ovhcloud], services: [s],\n"
	"     kinds: [backup, unknown], max_class: diffusion-restreinte, max_bytes_day: 3GiB,\n"
	"     cap: 2, reason: r, legal_basis: l, owner: o, approved_by: a, measures: m,\n"
	"     approved_on: 2026-01-01, expires_on: 2026-12-31}\n";

static struct policy_text
given(const char *text)
{
	struct policy_text t;

	policy_text_read(&t, text);
	policy_text_expect(&t.faults, "");
	return t;
}

static const char *
text_at(const struct config_list *list, size_t index)
{
	CU_ASSERT_TRUE_FATAL(index < list->count);
	return ((const char *const *)list->items)[index];
}

static uint64_t
number_at(const struct config_list *list, size_t index)
{
	CU_ASSERT_TRUE_FATAL(index < list->count);
	return ((const uint64_t *)list->items)[index];
}

static void
check_prefix(const struct config_list *list, size_t index, const char *text)
{
	struct ip_prefix expected;

	CU_ASSERT_TRUE_FATAL(index < list->count);
	CU_ASSERT_EQUAL_FATAL(ip_prefix_parse(text, &expected), 0);
	const struct ip_prefix *prefix = (const struct ip_prefix *)list->items + index;
	CU_ASSERT_TRUE(ip_address_equal(&prefix->address, &expected.address));
	CU_ASSERT_EQUAL(prefix->bits, expected.bits);
}

static void
policy_thresholds_and_alerts_arrive(void)
{
	struct policy_text t = given(every_key);
	const struct file_policy *policy = t.file.policy;

	CU_ASSERT_EQUAL(policy->version, 3);
	CU_ASSERT_STRING_EQUAL(policy->name, "phares");
	CU_ASSERT_STRING_EQUAL(policy->time_zone, "Europe/Paris");
	CU_ASSERT_EQUAL(policy->unmapped_class, DATA_CLASS_PERSONAL);
	CU_ASSERT_EQUAL(policy->max_age_days, 100);
	check_prefix(&policy->inside, 1, "9.9.9.9/32");
	CU_ASSERT_STRING_EQUAL(text_at(&policy->equivalent_schemes, 0), "C5");
	CU_ASSERT_EQUAL(t.file.thresholds->trace_below, 1024);
	CU_ASSERT_EQUAL(t.file.thresholds->export_min, 2 << 20);
	CU_ASSERT_EQUAL(t.file.thresholds->export_ratio, 7500);
	CU_ASSERT_EQUAL(t.file.thresholds->bulk_min, 1 << 30);
	static const struct file_day_thresholds day = {1, 2, 3, 4, 5};
	CU_ASSERT_EQUAL(memcmp(t.file.thresholds->day, &day, sizeof(day)), 0);
	CU_ASSERT_EQUAL(t.file.alerts->minimum, SEVERITY_HIGH);
	CU_ASSERT_EQUAL(t.file.resolvers.count, 1);
	policy_text_fini(&t);
}

static void
zones_arrive(void)
{
	struct policy_text t = given(every_key);
	const struct file_zone *zone = t.file.zones.items;

	CU_ASSERT_EQUAL_FATAL(t.file.zones.count, 1);
	CU_ASSERT_STRING_EQUAL(zone->id, "z");
	CU_ASSERT_STRING_EQUAL(zone->label, "Z");
	CU_ASSERT_STRING_EQUAL(zone->owner, "DSI");
	CU_ASSERT_EQUAL(zone->data_class, DATA_CLASS_SECRET);
	CU_ASSERT_TRUE(zone->r9);
	CU_ASSERT_EQUAL(zone->content_inspection, 1);
	CU_ASSERT_EQUAL(zone->privacy, 1);
	CU_ASSERT_EQUAL(zone->thresholds->bulk_min, 7);
	CU_ASSERT_EQUAL(zone->thresholds->trace_below, POLICY_FILE_NOT_GIVEN);
	check_prefix(&zone->match->cidr, 0, "10.0.0.0/8");
	CU_ASSERT_EQUAL(number_at(&zone->match->vlan, 0), 1);
	CU_ASSERT_EQUAL(number_at(&zone->match->vlan, 1), 4094);
	CU_ASSERT_EQUAL(number_at(&zone->match->vni, 0), 16777215);
	CU_ASSERT_STRING_EQUAL(text_at(&zone->match->port, 0), "tap0");
	policy_text_fini(&t);
}

static void
tenancies_and_services_arrive(void)
{
	struct policy_text t = given(every_key);
	const struct file_tenancy *tenancy = t.file.tenancies.items;
	const struct file_policy_service *own = t.file.services.items;

	CU_ASSERT_EQUAL_FATAL(t.file.tenancies.count, 1);
	CU_ASSERT_STRING_EQUAL(tenancy->id, "t");
	CU_ASSERT_STRING_EQUAL(tenancy->operator_id, "ovhcloud");
	CU_ASSERT_STRING_EQUAL(tenancy->service, "s");
	CU_ASSERT_STRING_EQUAL(tenancy->owner, "DSI");
	check_prefix(&tenancy->match->cidr, 1, "2001:db8::/48");
	CU_ASSERT_STRING_EQUAL(text_at(&tenancy->match->name, 0), "*.phares.example");
	CU_ASSERT_EQUAL_FATAL(t.file.services.count, 1);
	CU_ASSERT_STRING_EQUAL(own->service.id, "s");
	CU_ASSERT_STRING_EQUAL(own->operator_id, "ovhcloud");
	CU_ASSERT_STRING_EQUAL(own->service.name, "S");
	CU_ASSERT_EQUAL(own->service.kind, SERVICE_KIND_BACKUP);
	CU_ASSERT_EQUAL(own->service.exposure, EXPOSURE_STATE_INTERNAL);
	CU_ASSERT_STRING_EQUAL(text_at(&own->service.regions, 1), "gra");
	CU_ASSERT_STRING_EQUAL(text_at(&own->name_patterns, 0), "s.example");
	check_prefix(&own->prefixes, 0, "203.0.113.16/28");
	CU_ASSERT_STRING_EQUAL(own->service.technology_origin, "VMware");
	CU_ASSERT_STRING_EQUAL(own->service.operated_by, "Someone");
	CU_ASSERT_STRING_EQUAL(own->service.checked_on, "2026-02-03");
	CU_ASSERT_EQUAL_FATAL(own->service.qualifications.count, 1);
	const struct file_qualification *qualification = own->service.qualifications.items;
	CU_ASSERT_STRING_EQUAL(qualification->valid_to, "2028-01-31");
	CU_ASSERT_PTR_NOT_NULL_FATAL(own->service.hds);
	CU_ASSERT_STRING_EQUAL(own->service.hds->valid_to, "2027-12-31");
	policy_text_fini(&t);
}

static void
exceptions_arrive(void)
{
	struct policy_text t = given(every_key);
	const struct file_exception *exception = t.file.exceptions.items;

	CU_ASSERT_EQUAL_FATAL(t.file.exceptions.count, 1);
	CU_ASSERT_STRING_EQUAL(exception->id, "e");
	CU_ASSERT_EQUAL(exception->type, 1);
	CU_ASSERT_STRING_EQUAL(text_at(&exception->zones, 0), "z");
	CU_ASSERT_STRING_EQUAL(text_at(&exception->operators, 1), "ovhcloud");
	CU_ASSERT_STRING_EQUAL(text_at(&exception->services, 0), "s");
	CU_ASSERT_STRING_EQUAL(text_at(&exception->kinds, 1), "unknown");
	CU_ASSERT_EQUAL(exception->max_class, DATA_CLASS_DIFFUSION_RESTREINTE);
	CU_ASSERT_EQUAL(exception->max_bytes_day, UINT64_C(3) << 30);
	CU_ASSERT_EQUAL(exception->cap, 2);
	CU_ASSERT_STRING_EQUAL(exception->reason, "r");
	CU_ASSERT_STRING_EQUAL(exception->legal_basis, "l");
	CU_ASSERT_STRING_EQUAL(exception->owner, "o");
	CU_ASSERT_STRING_EQUAL(exception->approved_by, "a");
	CU_ASSERT_STRING_EQUAL(exception->measures, "m");
	CU_ASSERT_STRING_EQUAL(exception->approved_on, "2026-01-01");
	CU_ASSERT_STRING_EQUAL(exception->expires_on, "2026-12-31");
	policy_text_fini(&t);
}

static void
what_is_not_given_has_its_default(void)
{
	struct policy_text t = given("policy: {}\nthresholds: {}\nalerts: {}\n"
				     "services: [{id: s, operator: o, kind: mail}]\n");

	CU_ASSERT_EQUAL(t.file.policy->version, 1);
	CU_ASSERT_PTR_NULL(t.file.policy->name);
	CU_ASSERT_STRING_EQUAL(t.file.policy->time_zone, "UTC");
	CU_ASSERT_EQUAL(t.file.policy->unmapped_class, DATA_CLASS_INTERNAL);
	CU_ASSERT_EQUAL(t.file.policy->max_age_days, POLICY_FILE_NOT_GIVEN);
	CU_ASSERT_EQUAL(t.file.thresholds->export_ratio, POLICY_FILE_NOT_GIVEN);
	CU_ASSERT_PTR_NULL(t.file.thresholds->day);
	CU_ASSERT_EQUAL(t.file.alerts->minimum, SEVERITY_LOW);
	const struct file_policy_service *own = t.file.services.items;
	CU_ASSERT_EQUAL(own->service.exposure, EXPOSURE_COUNT);
	CU_ASSERT_EQUAL(t.file.zones.count + t.file.resolvers.count, 0);
	policy_text_fini(&t);
}

static void
mistakes_are_told_in_the_words_of_their_field(void)
{
	static const struct {
		const char *text, *faults;
	} rows[] = {
		{"zones: [{id: a, match: {vlan: 1}, class: inernal}]",
		 "p.yaml:1:42: unknown class `inernal`: did you mean `internal`?\n"},
		{"zones: [{}]", "p.yaml:1:9: zone lacks `id`\np.yaml:1:9: zone lacks `match`\n"
				"p.yaml:1:9: zone lacks `class`\n"},
		{"zones: [{id: a, match: {vln: 1}, class: public, privacy: exclude}]",
		 "p.yaml:1:25: unknown key `vln`: did you mean `vlan`?\n"
		 "p.yaml:1:58: unknown `privacy` `exclude`: did you mean `excluded`?\n"},
		{"zones: [{id: a, match: {vni: 16777216}, class: public}]",
		 "p.yaml:1:30: `vni` is `16777216`, expected a whole number from 0 to 16777215\n"},
		{"alerts: {minimum: mediun}",
		 "p.yaml:1:19: unknown severity `mediun`: did you mean `medium`?\n"},
		{"services: [{id: s, operator: o, kind: bakup}]",
		 "p.yaml:1:39: unknown kind `bakup`: did you mean `backup`?\n"},
		{"thresholds: {export_ratio: 1.5, day: {public: 1}}",
		 "p.yaml:1:28: `export_ratio` is `1.5`, expected a number from 0 to 1 with at most "
		 "four decimals, as in 0.6\n"
		 "p.yaml:1:39: unknown key `public` in day\n"},
		{"tenancies: [{id: t, match: {cidr: 10.0.0.1/8}}]",
		 "p.yaml:1:35: `10.0.0.1/8` has bits set behind its length, expected them to be "
		 "zero\n"
		 "p.yaml:1:13: tenancy lacks `operator`\np.yaml:1:13: tenancy lacks `service`\n"},
		{"exceptions: [{id: e, cap: 3, max_class: top, approved_on: 2026-02-30}]",
		 "p.yaml:1:27: `cap` is `3`, expected a whole number from 0 to 2\n"
		 "p.yaml:1:41: unknown class `top`, expected one of public, internal, personal, "
		 "economic-secret, state-business-application, health, diffusion-restreinte, "
		 "secret\n"
		 "p.yaml:1:59: `approved_on` is `2026-02-30`, expected a date as in 2026-11-22\n"
		 "p.yaml:1:14: exception lacks `zones`\np.yaml:1:14: exception lacks `kinds`\n"
		 "p.yaml:1:14: exception lacks `max_bytes_day`\n"
		 "p.yaml:1:14: exception lacks `reason`\n"
		 "p.yaml:1:14: exception lacks `legal_basis`\n"
		 "p.yaml:1:14: exception lacks `owner`\n"
		 "p.yaml:1:14: exception lacks `approved_by`\n"
		 "p.yaml:1:14: exception lacks `expires_on`\n"
		 "p.yaml:1:14: exception lacks `measures`\n"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct policy_text t;
		policy_text_read(&t, rows[i].text);
		policy_text_expect(&t.faults, rows[i].faults);
		policy_text_fini(&t);
	}
}

static void
thresholds_replace_what_they_give_and_come_back_whole(void)
{
	struct policy_text t = given("thresholds: {export_min: 7, day: {health: 8}}");
	struct shape_thresholds thresholds = policy_text_rules.thresholds;
	struct file_thresholds back;
	struct file_day_thresholds day;

	policy_file_apply_thresholds(NULL, &thresholds);
	CU_ASSERT_EQUAL(memcmp(&thresholds, &policy_text_rules.thresholds, sizeof(thresholds)), 0);
	policy_file_apply_thresholds(t.file.thresholds, &thresholds);
	CU_ASSERT_EQUAL(thresholds.trace_below, 64 << 10);
	CU_ASSERT_EQUAL(thresholds.export_min, 7);
	CU_ASSERT_EQUAL(thresholds.day[DATA_CLASS_HEALTH], 8);
	CU_ASSERT_EQUAL(thresholds.day[DATA_CLASS_PERSONAL], 50 << 20);
	policy_file_fill_thresholds(&thresholds, &back, &day);
	struct shape_thresholds again = {0};
	policy_file_apply_thresholds(&back, &again);
	CU_ASSERT_EQUAL(memcmp(&again, &thresholds, sizeof(again)), 0);
	policy_text_fini(&t);
}

static void
a_fault_finds_its_item(void)
{
	struct policy_text t = given("resolvers: [10.0.0.1, 10.0.0.2]\npolicy: {name: n}\n");
	const struct config_node *root = config_tree_root(t.tree);

	CU_ASSERT_STRING_EQUAL(config_node_text(policy_file_item(root, "resolvers", 1)),
			       "10.0.0.2");
	CU_ASSERT_PTR_EQUAL(policy_file_item(root, "resolvers", 2),
			    config_node_find(root, "resolvers"));
	CU_ASSERT_PTR_EQUAL(policy_file_item(root, "policy", 0), config_node_find(root, "policy"));
	CU_ASSERT_PTR_EQUAL(policy_file_item(root, "zones", 0), root);
	policy_text_fini(&t);
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(policy_thresholds_and_alerts_arrive),
		CASE(zones_arrive),
		CASE(tenancies_and_services_arrive),
		CASE(exceptions_arrive),
		CASE(what_is_not_given_has_its_default),
		CASE(mistakes_are_told_in_the_words_of_their_field),
		CASE(thresholds_replace_what_they_give_and_come_back_whole),
		CASE(a_fault_finds_its_item),
	};
	return unit_run("policy_file", cases, COUNT(cases));
}
