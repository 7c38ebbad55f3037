/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts together, on flows made by hand; each part has its own tests, and whole captures theirs
 * in tests/replay.
 */
#include "classifier/policy/assessor.h"

#include "tests/unit/policy/policy_text.h"
#include "tests/unit/policy/shipped_rules.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

#define MIB (UINT64_C(1) << 20)
/* 2026-12-01 09:00 in Paris. */
#define MORNING UINT64_C(1796112000000000000)

#define SETTINGS                                                                                \
	"policy: {time_zone: Europe/Paris}\n"                                                   \
	"zones:\n"                                                                              \
	"  - {id: office, label: Offices, match: {cidr: [198.51.100.0/26]}, class: personal}\n" \
	"  - {id: cell, label: Cell, match: {cidr: [198.51.100.64/26]}, class: secret}\n"       \
	"  - {id: lab, label: Lab, match: {vlan: 7}, class: economic-secret}\n"

static struct {
	struct policy_text text;
	struct catalogue *catalogue;
	struct rule_book *rules;
	struct policy *policy;
	struct assessor *assessor;
	struct assessment assessment;
} run;

static void
begin(const char *settings)
{
	policy_text_read(&run.text, settings);
	run.catalogue = policy_text_catalogue();
	run.rules = load_shipped_rules();
	run.policy = policy_create(&run.text.file, run.catalogue, run.rules, &run.text.faults);
	policy_text_expect(&run.text.faults, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(run.policy);
	run.assessor = assessor_create(run.policy);
	CU_ASSERT_PTR_NOT_NULL_FATAL(run.assessor);
}

static void
end(void)
{
	assessor_destroy(run.assessor);
	policy_destroy(run.policy);
	rule_book_destroy(run.rules);
	catalogue_destroy(run.catalogue);
	policy_text_fini(&run.text);
}

/* A flow that ended, with payload of its two ends; who is inside is told by the addresses. */
static struct flow_record
flow(const char *source, const char *destination, uint64_t sent, uint64_t got)
{
	struct flow_record r = {
		.flow_id = 1,
		.start_ns = MORNING,
		.end_ns = MORNING,
		.source = policy_text_address(source),
		.destination = policy_text_address(destination),
		.from_source.payload = sent,
		.from_destination.payload = got,
		.vni = FLOW_NO_VNI,
		.vlan = FLOW_NO_VLAN,
		.inner_vlan = FLOW_NO_VLAN,
		.destination_port = 443,
		.transport = TRANSPORT_TCP,
		.protocol = APP_PROTOCOL_TLS,
		.final = 1,
	};

	r.source_inside = strncmp(source, "198.51.100.", 11) == 0;
	r.destination_inside = strncmp(destination, "198.51.100.", 11) == 0;
	return r;
}

static const struct assessment *
assess(const struct flow_record *record, const char *name)
{
	static const struct origin nowhere;
	struct flow_place place;

	assessor_place(run.assessor, record, ZONE_NO_PORT, &place);
	struct assessor_flow flow = {
		record,
		&place,
		{.address = place.outside,
		 .origin = &nowhere,
		 .name = name,
		 .name_source = name != NULL ? NAME_SOURCE_TLS_SNI : NAME_SOURCE_NONE,
		 .transport = record->transport,
		 .protocol = record->protocol,
		 .port = record->destination_port}};
	assessor_assess(run.assessor, &flow, &run.assessment);
	return &run.assessment;
}

static void
an_upload_is_judged_by_zone_name_and_shape(void)
{
	begin(SETTINGS);
	struct flow_record r = flow("198.51.100.1", "192.0.9.1", 8 * MIB, MIB);
	const struct assessment *a = assess(&r, "x.amazonaws.com");

	CU_ASSERT_TRUE(a->judged);
	CU_ASSERT_STRING_EQUAL(a->verdict.rule_id, "PER-USA");
	CU_ASSERT_EQUAL(a->shape, SHAPE_EXPORT);
	/* The name alone says it: low confidence takes one off, and asks for a look. */
	CU_ASSERT_EQUAL(a->attribution.confidence, CONFIDENCE_LOW);
	CU_ASSERT_EQUAL(a->verdict.severity, SEVERITY_LOW);
	CU_ASSERT_TRUE((a->flags & JUDGED_FLAG_REVIEW) != 0);
	CU_ASSERT_TRUE((a->flags & JUDGED_FLAG_SNI_UNCONFIRMED) != 0);
	CU_ASSERT_EQUAL(a->finding_count, 0);
	end();
}

static void
the_days_sum_makes_an_export_of_small_talk(void)
{
	begin(SETTINGS);
	for (unsigned i = 0; i < 60; i++) {
		struct flow_record r = flow("198.51.100.1", "192.0.9.1", MIB, 5 * MIB);
		r.flow_id = i;
		r.start_ns += i * UINT64_C(900000000000);
		const struct assessment *a = assess(&r, "x.amazonaws.com");
		CU_ASSERT_EQUAL(a->shape, i < 49 ? SHAPE_INTERACTIVE : SHAPE_EXPORT);
		CU_ASSERT_EQUAL(a->day_limit, i < 49 ? 0 : 50 * MIB);
	}
	end();
}

static void
a_download_from_our_server_is_served(void)
{
	begin(SETTINGS);
	struct flow_record r = flow("192.0.9.1", "198.51.100.1", 1000, 8 * MIB);
	const struct assessment *a = assess(&r, NULL);

	CU_ASSERT_TRUE(a->judged);
	CU_ASSERT_EQUAL(a->up, 8 * MIB);
	CU_ASSERT_EQUAL(a->down, 1000);
	CU_ASSERT_TRUE((a->flags & JUDGED_FLAG_SERVED) != 0);
	CU_ASSERT_STRING_EQUAL(a->verdict.rule_id, "PER-UNK");
	end();
}

static void
a_zone_of_a_tag_is_where_the_flow_began(void)
{
	begin(SETTINGS);
	struct flow_record r = flow("192.0.8.1", "192.0.9.1", 8 * MIB, 0);
	CU_ASSERT_FALSE(assess(&r, NULL)->judged);
	r.vlan = 7;
	const struct assessment *a = assess(&r, NULL);
	CU_ASSERT_TRUE(a->judged);
	CU_ASSERT_STRING_EQUAL(a->verdict.rule_id, "ECO-UNK");
	end();
}

static void
secrets_to_a_lower_zone_are_a_finding(void)
{
	begin(SETTINGS);
	struct flow_record r = flow("198.51.100.65", "198.51.100.1", 100, 100);
	const struct assessment *a = assess(&r, NULL);

	CU_ASSERT_FALSE(a->judged);
	CU_ASSERT_EQUAL_FATAL(a->finding_count, 1);
	CU_ASSERT_STRING_EQUAL(a->findings[0].rule->id, "GOV-ZONE-CROSSING");
	CU_ASSERT_STRING_EQUAL(a->findings[0].subject, "cell to office");
	CU_ASSERT_PTR_NOT_NULL(strstr(a->findings[0].message, "Cell"));
	struct flow_record back = flow("198.51.100.1", "198.51.100.65", 100, 100);
	CU_ASSERT_EQUAL(assess(&back, NULL)->finding_count, 0);
	end();
}

static void
hosts_without_a_zone_are_told_by_their_network(void)
{
	begin(SETTINGS);
	struct flow_record r = flow("10.1.2.3", "192.0.9.1", 100, 100);
	r.source_inside = 1;
	const struct assessment *a = assess(&r, NULL);

	CU_ASSERT_EQUAL_FATAL(a->finding_count, 1);
	CU_ASSERT_STRING_EQUAL(a->findings[0].rule->id, "GOV-ZONE-UNMAPPED");
	CU_ASSERT_STRING_EQUAL(a->findings[0].subject, "10.1.2.0/24");
	end();
	/* The built-in zone is none that somebody forgot. */
	begin("policy: {time_zone: UTC}\n");
	CU_ASSERT_EQUAL(assess(&r, NULL)->finding_count, 0);
	end();
}

static void
records_of_one_flow_count_once(void)
{
	begin(SETTINGS);
	struct flow_record r = flow("198.51.100.1", "192.0.9.1", 30 * MIB, 60 * MIB);
	r.final = 0;
	CU_ASSERT_EQUAL(assess(&r, "x.amazonaws.com")->shape, SHAPE_INTERACTIVE);
	r.from_source.payload = 40 * MIB;
	const struct assessment *a = assess(&r, "x.amazonaws.com");
	CU_ASSERT_EQUAL(a->shape, SHAPE_INTERACTIVE);
	CU_ASSERT_EQUAL(a->fresh.from_source.payload, 10 * MIB);
	r.from_source.payload = 50 * MIB;
	CU_ASSERT_EQUAL(assess(&r, "x.amazonaws.com")->shape, SHAPE_EXPORT);
	assessor_clear(run.assessor);
	r.from_source.payload = 49 * MIB;
	CU_ASSERT_EQUAL(assess(&r, "x.amazonaws.com")->shape, SHAPE_INTERACTIVE);
	end();
}

static void
days_begin_at_the_policys_midnight(void)
{
	begin(SETTINGS);
	struct flow_record r = flow("198.51.100.1", "192.0.9.1", MIB, 0);
	int32_t today;

	CU_ASSERT_TRUE(time_zone_parse_day("2026-12-01", &today));
	CU_ASSERT_EQUAL(assess(&r, NULL)->start.day, today);
	r.start_ns -= (9 * 3600 + 1) * UINT64_C(1000000000);
	CU_ASSERT_EQUAL(assess(&r, NULL)->start.day, today - 1);
	CU_ASSERT_TRUE((run.assessment.flags & JUDGED_FLAG_NIGHT) != 0);
	end();
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"an_upload_is_judged_by_zone_name_and_shape",
		 an_upload_is_judged_by_zone_name_and_shape},
		{"the_days_sum_makes_an_export_of_small_talk",
		 the_days_sum_makes_an_export_of_small_talk},
		{"a_download_from_our_server_is_served", a_download_from_our_server_is_served},
		{"a_zone_of_a_tag_is_where_the_flow_began",
		 a_zone_of_a_tag_is_where_the_flow_began},
		{"secrets_to_a_lower_zone_are_a_finding", secrets_to_a_lower_zone_are_a_finding},
		{"hosts_without_a_zone_are_told_by_their_network",
		 hosts_without_a_zone_are_told_by_their_network},
		{"records_of_one_flow_count_once", records_of_one_flow_count_once},
		{"days_begin_at_the_policys_midnight", days_begin_at_the_policys_midnight},
	};

	return unit_run("assessor", cases, sizeof(cases) / sizeof(*cases));
}
