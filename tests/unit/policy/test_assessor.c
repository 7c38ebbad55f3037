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

/* What is assessed; `place` is filled and borrowed. */
static struct assessor_flow
placed(const struct flow_record *record, const char *name, const struct origin *origin,
       struct flow_place *place)
{
	assessor_place(run.assessor, record, ZONE_NO_PORT, place);
	return (struct assessor_flow){
		record,
		place,
		{.address = place->outside,
		 .origin = origin,
		 .name = name,
		 .name_source = name != NULL ? NAME_SOURCE_TLS_SNI : NAME_SOURCE_NONE,
		 .transport = record->transport,
		 .protocol = record->protocol,
		 .port = record->destination_port}};
}

static const struct assessment *
assess_at(const struct flow_record *record, const char *name, const struct origin *origin)
{
	struct flow_place place;
	struct assessor_flow flow = placed(record, name, origin, &place);

	assessor_assess(run.assessor, &flow, &run.assessment);
	return &run.assessment;
}

static const struct origin nowhere;

static const struct assessment *
assess(const struct flow_record *record, const char *name)
{
	return assess_at(record, name, &nowhere);
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
groups_send_and_serve_nothing(void)
{
	begin(SETTINGS);
	struct flow_record to = flow("192.0.9.1", "224.2.127.254", 8 * MIB, 0);
	to.destination_inside = 1;
	CU_ASSERT_FALSE(assess(&to, NULL)->judged);
	CU_ASSERT_EQUAL(run.assessment.finding_count, 0);
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
	CU_ASSERT_STRING_EQUAL(a->findings[0].zone->id, "cell");
	end();
}

/* What a secret zone sends to a proxy inside leaves, and crosses on its way. */
static void
a_flow_through_a_proxy_inside_leaves(void)
{
	static const struct proxied by_name = {.inside = true};
	struct proxied by_address = {.inside = true, .address = policy_text_address("192.0.9.7")};
	struct flow_place place;
	char text[SENTENCE_MAX];

	begin(SETTINGS);
	struct flow_record r = flow("198.51.100.65", "198.51.100.1", 8 * MIB, MIB);
	struct assessor_flow flow = placed(&r, "x.amazonaws.com", &nowhere, &place);
	flow_place_set_proxied(&by_name, &place);
	flow.query.address = NULL;
	flow.query.via_proxy = true;
	flow.query.name_source = NAME_SOURCE_HTTP_CONNECT;
	assessor_assess(run.assessor, &flow, &run.assessment);
	CU_ASSERT_TRUE(run.assessment.judged);
	CU_ASSERT_STRING_EQUAL(run.assessment.verdict.rule_id, "SEC-USA");
	CU_ASSERT_STRING_EQUAL(place.zone->id, "cell");
	CU_ASSERT_EQUAL_FATAL(run.assessment.finding_count, 1);
	CU_ASSERT_STRING_EQUAL(run.assessment.findings[0].rule->id, "GOV-ZONE-CROSSING");
	(void)assessor_message(run.assessor, &flow, &run.assessment, text);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "to x.amazonaws.com, "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, ", through a proxy inside."));

	flow = placed(&r, NULL, &nowhere, &place);
	flow_place_set_proxied(&by_address, &place);
	flow.query.address = place.outside;
	flow.query.via_proxy = true;
	assessor_assess(run.assessor, &flow, &run.assessment);
	(void)assessor_message(run.assessor, &flow, &run.assessment, text);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "to 192.0.9.7, "));
	end();
}

/* Who comes from outside is judged by where it comes from. */
static void
a_proxy_of_our_own_asked_from_outside_serves(void)
{
	static const struct proxied by_name = {.inside = true};
	struct flow_place place;

	begin(SETTINGS);
	struct flow_record r = flow("192.0.9.7", "198.51.100.1", 100, 100);
	(void)placed(&r, NULL, &nowhere, &place);
	flow_place_set_proxied(&by_name, &place);
	CU_ASSERT_EQUAL(place.direction, FLOW_DIRECTION_INGRESS);
	CU_ASSERT_PTR_NULL(place.proxied);
	end();
}

struct crossing_row {
	const char *source, *destination;
	uint64_t sent, got;
	const char *subject; /* NULL: none */
};

static void
what_crosses_is_what_one_host_sent_another(void)
{
	static const struct crossing_row rows[] = {
		{"198.51.100.65", "198.51.100.1", 1, 0, "cell to office"},
		{"198.51.100.65", "198.51.100.1", 0, 0, NULL},
		{"198.51.100.65", "198.51.100.1", 0, 100, NULL},
		/* A server answers who asks it. */
		{"198.51.100.1", "198.51.100.65", 100, 1, "cell to office"},
		{"198.51.100.1", "198.51.100.65", 100, 0, NULL},
		{"198.51.100.65", "198.51.100.66", 100, 100, NULL},
		{"198.51.100.65", "10.1.2.3", 100, 0, "cell to unmapped"},
		{"10.1.2.3", "198.51.100.65", 0, 100, "cell to unmapped"},
		{"198.51.100.65", "fd00::1", 100, 0, "cell to unmapped"},
		/* Nobody's. */
		{"198.51.100.65", "224.0.0.251", 100, 0, NULL},
		{"198.51.100.65", "255.255.255.255", 100, 0, NULL},
		{"198.51.100.65", "169.254.1.1", 100, 0, NULL},
		{"198.51.100.65", "127.0.0.1", 100, 0, NULL},
		{"198.51.100.65", "0.0.0.0", 100, 0, NULL},
		{"198.51.100.65", "ff02::fb", 100, 0, NULL},
		{"0.0.0.0", "198.51.100.65", 0, 100, NULL},
	};

	begin(SETTINGS);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct flow_record r =
			flow(rows[i].source, rows[i].destination, rows[i].sent, rows[i].got);
		r.source_inside = r.destination_inside = 1;
		const struct assessment *a = assess(&r, NULL);
		CU_ASSERT_EQUAL(a->finding_count, rows[i].subject != NULL);
		if (a->finding_count > 0 && rows[i].subject != NULL)
			CU_ASSERT_STRING_EQUAL(a->findings[0].subject, rows[i].subject);
	}
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
	CU_ASSERT_STRING_EQUAL(a->findings[0].zone->id, "unmapped");
	end();
	/* The built-in zone is none that somebody forgot. */
	begin("policy: {time_zone: UTC}\n");
	CU_ASSERT_EQUAL(assess(&r, NULL)->finding_count, 0);
	end();
}

#define WITH_ENDS                                                                                  \
	"tenancies: [{id: t, operator: ovhcloud, service: snc, match: {cidr: [192.0.9.0/24]}}]\n"  \
	"services:\n"                                                                              \
	"  - {id: snc, operator: ovhcloud, kind: backup, qualifications: [{scheme: SecNumCloud,\n" \
	"     version: \"3.2\", source: s, valid_from: 2025-01-01, valid_to: 2027-01-10}]}\n"      \
	"exceptions:\n"                                                                            \
	"  - {id: E, zones: [office], operators: [ovhcloud], kinds: [backup], max_class: "         \
	"personal,\n"                                                                              \
	"     cap: 0, max_bytes_day: 1GiB, reason: r, legal_basis: l, owner: o, approved_by: a,\n" \
	"     measures: m, approved_on: 2026-01-01, expires_on: 2026-12-31}\n"

struct end_row {
	int days;                   /* after 2026-12-01 */
	const char *first, *second; /* findings; NULL: none */
};

static void
ends_are_told_before_and_after(void)
{
	static const struct end_row rows[] = {
		{-31, NULL, NULL},
		{-10, "GOV-QUAL-EXPIRING", NULL},
		{0, "GOV-EXC-EXPIRING", "GOV-QUAL-EXPIRING"},
		{30, "GOV-EXC-EXPIRING", "GOV-QUAL-EXPIRING"},
		{31, "GOV-EXC-EXPIRED", "GOV-QUAL-EXPIRING"},
		{41, "GOV-EXC-EXPIRED", "GOV-QUAL-EXPIRED"},
	};

	begin(SETTINGS WITH_ENDS);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct flow_record r = flow("198.51.100.1", "192.0.9.1", 8 * MIB, MIB);
		r.start_ns += (uint64_t)((int64_t)rows[i].days * 86400 * 1000000000);
		const struct assessment *a = assess(&r, NULL);
		size_t expected = (rows[i].first != NULL) + (rows[i].second != NULL);
		CU_ASSERT_EQUAL_FATAL(a->finding_count, expected);
		if (rows[i].first != NULL)
			CU_ASSERT_STRING_EQUAL(a->findings[0].rule->id, rows[i].first);
		if (rows[i].second != NULL)
			CU_ASSERT_STRING_EQUAL(a->findings[1].rule->id, rows[i].second);
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(run.assessment.findings[1].message, "2027-01-10"));
	/* They are of the organisation, whichever zone shows them. */
	CU_ASSERT_STRING_EQUAL(run.assessment.findings[0].subject, "E");
	CU_ASSERT_PTR_NULL(run.assessment.findings[0].zone);
	CU_ASSERT_STRING_EQUAL(run.assessment.findings[1].subject, "ovhcloud/snc");
	CU_ASSERT_PTR_NULL(run.assessment.findings[1].zone);
	end();
}

#define WITH_TENANCIES                                                                      \
	"tenancies:\n"                                                                      \
	"  - {id: t, operator: ovhcloud, service: snc, match: {cidr: [192.0.9.0/24]}}\n"    \
	"  - {id: n, operator: ovhcloud, service: snc, match: {name: [snc.example.org]}}\n" \
	"services: [{id: snc, operator: ovhcloud, kind: backup, regions: [gra, sbg]}]\n"

struct conflict_row {
	const char *address, *name, *list, *region;
	const char *subject, *message; /* NULL: none */
};

static void
a_tenancy_that_a_published_range_contradicts_is_told(void)
{
	static const struct conflict_row rows[] = {
		{"192.0.9.1", NULL, NULL, NULL, NULL, NULL},
		{"192.0.9.1", NULL, "ovhcloud", "sbg", NULL, NULL},
		{"192.0.9.1", NULL, "aws", "eu-west-3", "t",
		 "Tenancy t is declared as OVHcloud, but a published range says Amazon Web "
		 "Services; the published range was believed."},
		{"192.0.9.1", NULL, "ovhcloud", "bhs", "t",
		 "Tenancy t is declared as OVHcloud, region gra, sbg, but a published range says "
		 "OVHcloud, region bhs; the published range was believed."},
		{"192.0.10.1", "a.snc.example.org", "aws", NULL, "n",
		 "Tenancy n is declared as OVHcloud, but a published range says Amazon Web "
		 "Services; the published range was believed."},
		{"192.0.10.1", "a.snc.example.org", "ovhcloud", "gra", NULL, NULL},
	};

	begin(SETTINGS WITH_TENANCIES);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct flow_record r = flow("198.51.100.1", rows[i].address, MIB, 0);
		struct origin origin = {.feed = rows[i].list, .feed_region = rows[i].region};
		const struct assessment *a = assess_at(&r, rows[i].name, &origin);
		CU_ASSERT_EQUAL(a->finding_count, rows[i].subject != NULL);
		if (a->finding_count == 0 || rows[i].subject == NULL)
			continue;
		CU_ASSERT_STRING_EQUAL(a->findings[0].rule->id, "GOV-TENANCY-CONFLICT");
		CU_ASSERT_STRING_EQUAL(a->findings[0].subject, rows[i].subject);
		CU_ASSERT_STRING_EQUAL(a->findings[0].message, rows[i].message);
		CU_ASSERT_PTR_NULL(a->findings[0].zone);
	}
	end();
}

static void
an_address_as_a_name_is_none(void)
{
	struct flow_place place;
	char message[SENTENCE_MAX], nameless[SENTENCE_MAX];

	begin(SETTINGS);
	struct flow_record r = flow("198.51.100.1", "192.0.9.1", 5 * MIB, 0);
	r.protocol = APP_PROTOCOL_HTTP;
	struct assessor_flow named = placed(&r, "192.0.9.7", &nowhere, &place);
	assessor_assess(run.assessor, &named, &run.assessment);
	(void)assessor_message(run.assessor, &named, &run.assessment, message);
	struct assessor_flow bare = placed(&r, NULL, &nowhere, &place);
	assessor_assess(run.assessor, &bare, &run.assessment);
	(void)assessor_message(run.assessor, &bare, &run.assessment, nameless);
	CU_ASSERT_STRING_EQUAL(message, nameless);
	CU_ASSERT_PTR_NOT_NULL(strstr(message, "to 192.0.9.1, web-generic."));
	CU_ASSERT_PTR_NOT_NULL(strstr(message, "no name, range or AS of the catalogue"));
	end();
}

static void
a_host_is_known_by_its_address_where_its_name_is_one(void)
{
	begin(SETTINGS);
	/* Two addresses under one name that is none: their ten minutes are their own. */
	for (unsigned i = 0; i < 2; i++) {
		struct flow_record r =
			flow("198.51.100.1", i == 0 ? "192.0.9.1" : "192.0.9.2", 60 * MIB, 0);
		r.flow_id = i;
		CU_ASSERT_EQUAL(assess(&r, "192.0.9.7")->shape, SHAPE_EXPORT);
	}
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
		{"groups_send_and_serve_nothing", groups_send_and_serve_nothing},
		{"a_zone_of_a_tag_is_where_the_flow_began",
		 a_zone_of_a_tag_is_where_the_flow_began},
		{"secrets_to_a_lower_zone_are_a_finding", secrets_to_a_lower_zone_are_a_finding},
		{"a_flow_through_a_proxy_inside_leaves", a_flow_through_a_proxy_inside_leaves},
		{"a_proxy_of_our_own_asked_from_outside_serves",
		 a_proxy_of_our_own_asked_from_outside_serves},
		{"hosts_without_a_zone_are_told_by_their_network",
		 hosts_without_a_zone_are_told_by_their_network},
		{"what_crosses_is_what_one_host_sent_another",
		 what_crosses_is_what_one_host_sent_another},
		{"ends_are_told_before_and_after", ends_are_told_before_and_after},
		{"a_tenancy_that_a_published_range_contradicts_is_told",
		 a_tenancy_that_a_published_range_contradicts_is_told},
		{"an_address_as_a_name_is_none", an_address_as_a_name_is_none},
		{"a_host_is_known_by_its_address_where_its_name_is_one",
		 a_host_is_known_by_its_address_where_its_name_is_one},
		{"records_of_one_flow_count_once", records_of_one_flow_count_once},
		{"days_begin_at_the_policys_midnight", days_begin_at_the_policys_midnight},
	};

	return unit_run("assessor", cases, sizeof(cases) / sizeof(*cases));
}
