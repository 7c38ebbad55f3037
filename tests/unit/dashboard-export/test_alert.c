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

	alert_init(&alert, SAMPLE_ALERT_ID, SAMPLE_DAY);
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
		{"a_finding_has_a_sentence_of_its_own", a_finding_has_a_sentence_of_its_own},
		{"the_rule_has_a_name", the_rule_has_a_name},
	};
	return unit_run("alert", cases, sizeof(cases) / sizeof(*cases));
}
