/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert.h"

#include "tests/unit/dashboard-export/sample_alert.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

static void
the_sentence_has_the_sums_of_the_group(void)
{
	struct sample_flow s;
	struct alert alert;
	char text[SENTENCE_MAX];

	sample_upload_init(&s);
	sample_alert_init(&alert, &s);
	s.record.flow_id++;
	sample_alert_add(&alert, &s);
	size_t len = alert_message(&alert, sample_rules(), text);
	CU_ASSERT_EQUAL(len, strlen(text));
	CU_ASSERT_PTR_EQUAL(strstr(text, "Company files sent 128.0 MiB in 2 flows to "
					 "archives.s3.eu-west-3.amazonaws.com, object-storage of "
					 "Amazon Web Services, region eu-west-3. "),
			    text);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "(18 U.S.C. 2713)"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "Evidence: prefix, dns, sni agree (high)."));
	alert_fini(&alert);
}

/* The name that got most stands for the others; of equals the first by letters. */
static void
the_largest_name_stands_for_the_others(void)
{
	static const struct {
		const char *name;
		uint64_t up;
	} flows[] = {{"b.example.com", 10}, {"a.example.com", 30}, {"c.example.com", 30}};
	struct sample_flow s;
	struct alert alert;
	char text[SENTENCE_MAX];

	alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_INFORMATIONAL);
	CU_ASSERT_PTR_NULL(alert_largest_name(&alert));
	for (size_t i = 0; i < sizeof(flows) / sizeof(*flows); i++) {
		sample_upload_init(&s);
		sample_flow_set_name(&s, flows[i].name, NAME_SOURCE_TLS_SNI);
		sample_flow_set_payload(&s, flows[i].up, 0);
		sample_alert_add(&alert, &s);
	}
	CU_ASSERT_STRING_EQUAL(alert_largest_name(&alert)->name, "a.example.com");
	(void)alert_message(&alert, sample_rules(), text);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "to a.example.com and 2 others, "));
	alert_fini(&alert);
}

static void
without_a_name_the_address_is_told(void)
{
	struct sample_flow s;
	struct alert alert;
	char text[SENTENCE_MAX];

	sample_upload_init(&s);
	sample_flow_set_name(&s, NULL, NAME_SOURCE_NONE);
	sample_alert_init(&alert, &s);
	(void)alert_message(&alert, sample_rules(), text);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "to 52.95.154.1, "));
	alert_fini(&alert);
}

static bool
says(const struct alert *alert, const char *part)
{
	char text[SENTENCE_MAX];

	(void)alert_message(alert, sample_rules(), text);
	bool found = strstr(text, part) != NULL;
	if (!found)
		printf("# %s\n# not there: %s\n", text, part);
	return found;
}

static bool
keeps_silent(const struct alert *alert, const char *part)
{
	char text[SENTENCE_MAX];

	(void)alert_message(alert, sample_rules(), text);
	return strstr(text, part) == NULL;
}

/* So many MiB, covered by one exception or none; before it medium. */
static void
add_covered(struct alert *alert, uint64_t mib, const struct exception *by, enum severity after)
{
	struct sample_flow s;

	sample_upload_init(&s);
	sample_flow_set_payload(&s, mib << 20, 1000);
	s.verdict.severity_before_exception = SEVERITY_MEDIUM;
	s.verdict.severity = after;
	s.exception.covering = by;
	s.record.start_ns += alert->flows;
	sample_alert_add(alert, &s);
}

static const struct exception publishing = {
	.id = "EXC-P", .expires_on = "2027-03-31", .max_bytes_day = 300 << 20};
static const struct exception shipyards = {.id = "EXC-S", .expires_on = "2027-06-30"};

static void
what_is_covered_as_a_whole_is_said_to_be(void)
{
	struct alert alert;

	alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_LOW);
	add_covered(&alert, 250, &publishing, SEVERITY_INFORMATIONAL);
	add_covered(&alert, 10, &publishing, SEVERITY_INFORMATIONAL);
	CU_ASSERT(says(&alert, "(high). Covered by EXC-P until 2027-03-31; medium without it."));
	alert_fini(&alert);
}

static void
what_is_covered_in_part_is_told_with_its_volume(void)
{
	struct sample_flow s;
	struct alert alert;

	alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_LOW);
	add_covered(&alert, 250, &publishing, SEVERITY_INFORMATIONAL);
	add_covered(&alert, 90, NULL, SEVERITY_LOW);
	CU_ASSERT_EQUAL(alert_severity(&alert), SEVERITY_LOW);
	CU_ASSERT(says(&alert, "(high). 250.0 MiB of it covered by EXC-P until 2027-03-31."));
	CU_ASSERT(keeps_silent(&alert, "without it"));
	CU_ASSERT(keeps_silent(&alert, "Covered by"));
	/* Covered flows of the same severity come last and are shown. */
	add_covered(&alert, 40, &publishing, SEVERITY_LOW);
	CU_ASSERT(says(&alert, "(high). 290.0 MiB of it covered by EXC-P until 2027-03-31; medium "
			       "without it."));
	/* Why the rest is not. */
	sample_upload_init(&s);
	s.exception.surplus = &publishing;
	sample_alert_add(&alert, &s);
	CU_ASSERT(says(&alert, "290.0 MiB of it covered by EXC-P until 2027-03-31. EXC-P was not "
			       "applied to the rest: its daily volume of 300.0 MiB is used up."));
	alert_fini(&alert);
}

static void
several_exceptions_are_told_each_with_its_volume(void)
{
	struct alert alert;

	alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_LOW);
	add_covered(&alert, 10, &publishing, SEVERITY_INFORMATIONAL);
	add_covered(&alert, 20, &shipyards, SEVERITY_INFORMATIONAL);
	CU_ASSERT(says(&alert, "(high). 20.0 MiB of it covered by EXC-S until 2027-06-30; medium "
			       "without it. 10.0 MiB of it covered by EXC-P until 2027-03-31."));
	alert_fini(&alert);
}

/* Another flow of the same operator, 60 MiB to a name that nothing contradicts. */
static void
add_usual(struct alert *alert, const char *region)
{
	struct sample_flow s;

	sample_upload_init(&s);
	sample_flow_set_name(&s, "aws.amazon.com", NAME_SOURCE_TLS_SNI);
	sample_flow_set_payload(&s, 60 << 20, 1000);
	strcpy(s.attribution.region, region);
	sample_alert_add(alert, &s);
}

static void
a_region_is_told_where_all_flows_share_it(void)
{
	struct alert alert;

	alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_LOW);
	add_usual(&alert, "eu-west-3");
	add_usual(&alert, "eu-west-3");
	CU_ASSERT(says(&alert, "region eu-west-3"));
	add_usual(&alert, "us-east-1");
	CU_ASSERT(keeps_silent(&alert, "region"));
	CU_ASSERT_STRING_EQUAL(alert_attribution(&alert).region, "");
	alert_fini(&alert);
}

static void
add_mismatch(struct alert *alert, uint64_t mib)
{
	struct sample_flow s;

	sample_upload_init(&s);
	sample_flow_set_name(&s, "wetransfer.com", NAME_SOURCE_TLS_SNI);
	sample_flow_set_payload(&s, mib << 20, 1000);
	s.attribution.pattern = ATTRIBUTION_MISMATCH;
	s.attribution.service_operator = &sample_wetransfer;
	s.attribution.evidence = EVIDENCE_PREFIX;
	s.attribution.disagree = EVIDENCE_SNI;
	s.attribution.confidence = CONFIDENCE_LOW;
	s.verdict.severity = s.verdict.severity_before_exception = SEVERITY_CRITICAL;
	sample_alert_add(alert, &s);
}

/* Nobody is accused of what another flow did. */
static void
a_mismatch_names_only_what_mismatched(void)
{
	struct alert alert;

	alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_LOW);
	add_mismatch(&alert, 5);
	CU_ASSERT(says(&alert, "5.0 MiB in 1 flow to an address of Amazon Web Services under the "
			       "name wetransfer.com."));
	CU_ASSERT(says(&alert, " Evidence: prefix says AWS, sni says WeTransfer, "));
	add_usual(&alert, "eu-west-3");
	CU_ASSERT(says(&alert, "65.0 MiB in 2 flows to aws.amazon.com and 1 other, object-storage "
			       "of Amazon Web Services, region eu-west-3. "));
	CU_ASSERT(says(&alert, " Evidence for 5.0 MiB to wetransfer.com: prefix says AWS, "));
	alert_fini(&alert);
}

static void
add_hidden(struct alert *alert, const char *address)
{
	struct sample_flow s;

	sample_upload_init(&s);
	CU_ASSERT_EQUAL(ip_address_parse(address, &s.record.destination), 0);
	sample_flow_set_name(&s, "cloudflare-ech.com", NAME_SOURCE_TLS_SNI);
	sample_flow_set_payload(&s, 500 << 20, 1000);
	s.flow.name_is_outer = true;
	s.attribution.pattern = ATTRIBUTION_HIDDEN;
	s.attribution.confidence = CONFIDENCE_MEDIUM;
	s.attribution.evidence = EVIDENCE_PREFIX;
	s.record.start_ns++;
	sample_alert_add(alert, &s);
}

static void
flows_whose_name_was_seen_are_not_called_hidden(void)
{
	struct alert alert;

	alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_LOW);
	add_hidden(&alert, "52.95.1.1");
	CU_ASSERT(says(&alert, "500.0 MiB in 1 flow to an unseen name (ECH) at Amazon"));
	add_usual(&alert, "eu-west-3");
	CU_ASSERT(says(&alert, "560.0 MiB in 2 flows to 52.95.1.1 and 1 other, object-storage of "
			       "Amazon Web Services, region eu-west-3. "));
	CU_ASSERT(says(&alert, "Evidence for 500.0 MiB to 52.95.1.1: prefix; name hidden by ECH"));
	CU_ASSERT(keeps_silent(&alert, "cloudflare-ech.com"));
	alert_fini(&alert);
}

static void
clients_that_were_served_are_counted(void)
{
	struct alert alert;
	char address[IP_ADDRESS_TEXT_MAX];

	alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_LOW);
	for (unsigned i = 1; i <= 3; i++) {
		struct sample_flow s;
		sample_upload_init(&s);
		snprintf(address, sizeof(address), "3.5.224.%u", i);
		CU_ASSERT_EQUAL(ip_address_parse(address, &s.record.destination), 0);
		sample_flow_make_ingress(&s);
		sample_flow_set_payload(&s, i << 20, 1000);
		s.attribution.flags = s.flow.flags = JUDGED_FLAG_SERVED;
		sample_alert_add(&alert, &s);
		if (i == 1)
			CU_ASSERT(says(&alert, "to 3.5.224.1, an address of Amazon Web Services"));
	}
	CU_ASSERT(says(&alert, "served 6.0 MiB in 3 flows to 3.5.224.3 and 2 others, addresses of "
			       "Amazon Web Services, region eu-west-3."));
	alert_fini(&alert);
}

static void
dropped_names_are_told_as_at_least_so_many(void)
{
	struct sample_flow s;
	struct alert alert;
	char name[64];

	alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_LOW);
	for (unsigned i = 0; i < ALERT_NAMES_MAX + 9; i++) {
		sample_upload_init(&s);
		snprintf(name, sizeof(name), "host-%02u.example.com", i);
		sample_flow_set_name(&s, name, NAME_SOURCE_TLS_SNI);
		sample_flow_set_payload(&s, 1000 + i, 0);
		sample_alert_add(&alert, &s);
	}
	CU_ASSERT(says(&alert, "to host-40.example.com and at least 32 others, "));
	alert_fini(&alert);
}

static void
a_finding_has_a_sentence_of_its_own(void)
{
	struct alert alert;
	char text[SENTENCE_MAX];

	sample_finding_init(&alert);
	(void)alert_message(&alert, sample_rules(), text);
	CU_ASSERT_STRING_EQUAL(text, alert.finding_message);
	CU_ASSERT_EQUAL(alert_severity(&alert), SEVERITY_MEDIUM);
	CU_ASSERT_STRING_EQUAL(alert_rule_id(&alert), "GOV-EXC-EXPIRED");
	(void)alert_rule_name(&alert, sample_rules(), text);
	CU_ASSERT_STRING_EQUAL(text, "Exception ended while its traffic goes on");
	alert_fini(&alert);
}

static void
the_rule_has_a_name(void)
{
	struct sample_flow s;
	struct alert alert;
	char text[SENTENCE_MAX];

	sample_upload_init(&s);
	sample_alert_init(&alert, &s);
	(void)alert_rule_name(&alert, sample_rules(), text);
	CU_ASSERT_STRING_EQUAL(text, "economic-secret data towards us-direct");
	CU_ASSERT_STRING_EQUAL(alert_rule_id(&alert), "ECO-USA");
	alert_fini(&alert);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"the_sentence_has_the_sums_of_the_group", the_sentence_has_the_sums_of_the_group},
		{"the_largest_name_stands_for_the_others", the_largest_name_stands_for_the_others},
		{"without_a_name_the_address_is_told", without_a_name_the_address_is_told},
		{"what_is_covered_as_a_whole_is_said_to_be",
		 what_is_covered_as_a_whole_is_said_to_be},
		{"what_is_covered_in_part_is_told_with_its_volume",
		 what_is_covered_in_part_is_told_with_its_volume},
		{"several_exceptions_are_told_each_with_its_volume",
		 several_exceptions_are_told_each_with_its_volume},
		{"a_region_is_told_where_all_flows_share_it",
		 a_region_is_told_where_all_flows_share_it},
		{"a_mismatch_names_only_what_mismatched", a_mismatch_names_only_what_mismatched},
		{"flows_whose_name_was_seen_are_not_called_hidden",
		 flows_whose_name_was_seen_are_not_called_hidden},
		{"clients_that_were_served_are_counted", clients_that_were_served_are_counted},
		{"dropped_names_are_told_as_at_least_so_many",
		 dropped_names_are_told_as_at_least_so_many},
		{"a_finding_has_a_sentence_of_its_own", a_finding_has_a_sentence_of_its_own},
		{"the_rule_has_a_name", the_rule_has_a_name},
	};
	return unit_run("alert", cases, sizeof(cases) / sizeof(*cases));
}
