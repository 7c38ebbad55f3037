/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/dashboard-export/sample_alert.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#define MIB UINT64_C(1048576)

const struct rule_book *
sample_rules(void)
{
	static struct rule_book *rules;
	struct fault_list faults = FAULT_LIST_INIT;

	if (rules == NULL)
		rules = rule_book_load(unit_source_path("configs/policy"), &faults);
	if (faults.count > 0)
		printf("# %s\n", faults.faults[0].text);
	fault_list_fini(&faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(rules);
	return rules;
}

struct flow_fresh
sample_fresh(const struct sample_flow *sample)
{
	return (struct flow_fresh){sample->record.from_source, sample->record.from_destination,
				   true};
}

void
sample_upload_init(struct sample_flow *sample)
{
	sample_flow_init(sample, "52.95.154.1");
	sample_flow_set_payload(sample, 64 * MIB, MIB);
	sample_flow_set_name(sample, "archives.s3.eu-west-3.amazonaws.com", NAME_SOURCE_TLS_SNI);
	sample_flow_set_operator(sample, &sample_aws, &sample_s3,
				 EVIDENCE_PREFIX | EVIDENCE_DNS | EVIDENCE_SNI);
	sample->attribution.pattern = ATTRIBUTION_AGREED;
	sample->attribution.confidence = CONFIDENCE_HIGH;
	strcpy(sample->attribution.region, "eu-west-3");
	sample->attribution.region_country = "FR";
	sample->record.protocol = APP_PROTOCOL_TLS;
	sample->record.tls_version = 0x0304;
	sample->origin.asn = 16509;
	strcpy(sample->origin.as_org, "Amazon.com, Inc.");
	strcpy(sample->origin.country, "FR");
	sample_flow_set_verdict(sample, &sample_licences, "ECO-USA", SEVERITY_HIGH);
}

void
sample_alert_add(struct alert *alert, const struct sample_flow *sample)
{
	struct flow_fresh fresh = sample_fresh(sample);

	CU_ASSERT_EQUAL_FATAL(alert_add_flow(alert, &sample->flow, &fresh), 0);
}

void
sample_alert_init(struct alert *alert, const struct sample_flow *sample)
{
	alert_init(alert, SAMPLE_ALERT_ID, SAMPLE_DAY, SEVERITY_INFORMATIONAL);
	sample_alert_add(alert, sample);
}

void
sample_finding_init(struct alert *alert)
{
	struct judged_finding finding = {
		.rule = rule_book_finding(sample_rules(), "GOV-EXC-EXPIRED"),
		.subject = "EXC-2025-011",
		.zone = &sample_licences,
		.message =
			"Exception EXC-2025-011 ended on 2026-11-30; traffic that it would cover "
			"goes on and is judged without it.",
		.time_ns = UINT64_C(1796112902123456789),
		.day = SAMPLE_DAY,
	};

	alert_init(alert, "ffeeddccbbaa99887766554433221100", SAMPLE_DAY, SEVERITY_INFORMATIONAL);
	CU_ASSERT_EQUAL_FATAL(alert_set_finding(alert, &finding), 0);
}
