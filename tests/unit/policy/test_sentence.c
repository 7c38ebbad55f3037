/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/sentence.h"

#include "tests/unit/policy/sentence_rows.h"

/* F7 needs evidence of content. */
static const struct row example[] = {
	{.what = "F1",
	 .data_class = DATA_CLASS_INTERNAL,
	 .a = {BOTH(&microsoft), .kind = SERVICE_KIND_MAIL, .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_HIGH, .pattern = ATTRIBUTION_AGREED,
	       .evidence = EVIDENCE_PREFIX | EVIDENCE_ASN | EVIDENCE_DNS | EVIDENCE_SNI},
	 .name = "outlook.office365.com",
	 .text = "Desktops sent 3.0 MiB in 1 flow to outlook.office365.com, mail of "
		 "Microsoft. " USA_SENTENCE INT_SENTENCE
		 "Evidence: prefix, dns, sni agree (high)."},
	{.what = "F2",
	 .data_class = DATA_CLASS_INTERNAL,
	 .before = SEVERITY_MEDIUM,
	 .a = {BOTH(&aws), .kind = SERVICE_KIND_OBJECT_STORAGE, .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_HIGH, .pattern = ATTRIBUTION_AGREED,
	       .evidence = EVIDENCE_PREFIX | EVIDENCE_SNI, .region = "eu-west-3"},
	 .name = "s3.eu-west-3.amazonaws.com",
	 .up = 420 * MIB,
	 .exception = &covered,
	 .text = "Desktops sent 420.0 MiB in 1 flow to s3.eu-west-3.amazonaws.com, object-storage "
		 "of Amazon Web Services, region eu-west-3. " USA_SENTENCE INT_SENTENCE
		 "Evidence: prefix, sni agree (high). Covered by EXC-2026-004 until 2027-03-31; "
		 "medium without it."},
	{.what = "F3",
	 .zone = &health,
	 .data_class = DATA_CLASS_HEALTH,
	 .a = {.owner = &ovh,
	       .host_operator = &ovh,
	       .tenancy = &tenancy,
	       .service = &snc,
	       .kind = SERVICE_KIND_BACKUP,
	       .exposure = EXPOSURE_EU_QUALIFIED,
	       .confidence = CONFIDENCE_HIGH,
	       .pattern = ATTRIBUTION_TENANCY,
	       .evidence = EVIDENCE_TENANCY | EVIDENCE_PREFIX,
	       .region = "FR",
	       .qualification = &qualified,
	       .hds = &hds},
	 .address = "203.0.113.5",
	 .up = 12 * 1024 * MIB,
	 .text = "Seafarer health sent 12.0 GiB in 1 flow to 203.0.113.5, backup of OVHcloud, "
		 "region FR. Service recorded as SecNumCloud 3.2 qualified until 2028-01-31. "
		 "Health data: HDS certification of the host and R9 to be checked. Evidence: "
		 "tenancy ovh-snc (high). HDS recorded until 2027-12-31."},
	{.what = "F4",
	 .zone = &health,
	 .data_class = DATA_CLASS_HEALTH,
	 .severity = SEVERITY_MEDIUM,
	 .a = {BOTH(&ovh), .kind = SERVICE_KIND_OBJECT_STORAGE, .exposure = EXPOSURE_EU_SOVEREIGN,
	       .confidence = CONFIDENCE_HIGH, .pattern = ATTRIBUTION_AGREED,
	       .evidence = EVIDENCE_PREFIX | EVIDENCE_DNS | EVIDENCE_SNI, .region = "gra"},
	 .name = "s3.gra.io.cloud.ovh.net",
	 .up = 2 * 1024 * MIB,
	 .text = "Seafarer health sent 2.0 GiB in 1 flow to s3.gra.io.cloud.ovh.net, "
		 "object-storage of OVHcloud, region gra. Operator recorded as EU-controlled; this "
		 "service is not recorded as qualified. Health data: HDS certification of the host "
		 "and R9 to be checked. Evidence: prefix, dns, sni agree (high). No HDS record for "
		 "this service."},
	{.what = "F5",
	 .zone = &files,
	 .data_class = DATA_CLASS_ECONOMIC_SECRET,
	 .severity = SEVERITY_HIGH,
	 .a = {BOTH(&google), .kind = SERVICE_KIND_FILE_SHARING, .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_HIGH, .pattern = ATTRIBUTION_AGREED,
	       .evidence = EVIDENCE_PREFIX | EVIDENCE_DNS | EVIDENCE_SNI},
	 .name = "drive.google.com",
	 .up = 64 * MIB,
	 .text = "Company files sent 64.0 MiB in 1 flow to drive.google.com, file-sharing of "
		 "Google. " USA_SENTENCE
		 "Economic data of companies: business secrecy, R9 and Data Act art. 32 to be "
		 "checked. Evidence: prefix, dns, sni agree (high)."},
	{.what = "F6",
	 .zone = &staff,
	 .data_class = DATA_CLASS_STATE_BUSINESS_APPLICATION,
	 .severity = SEVERITY_HIGH,
	 .a = {.owner = &cloudflare,
	       .host_operator = &cloudflare,
	       .kind = SERVICE_KIND_WEB_GENERIC,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_HIGH,
	       .pattern = ATTRIBUTION_FRONTED,
	       .evidence = EVIDENCE_PREFIX | EVIDENCE_DNS | EVIDENCE_CNAME | EVIDENCE_SNI,
	       .flags = JUDGED_FLAG_CDN_FRONTED,
	       .region = "FR"},
	 .name = "paie.phares.example",
	 .up = 80 * MIB,
	 .text = "HR application sent 80.0 MiB in 1 flow to paie.phares.example, web-generic of "
		 "Cloudflare (front; origin not visible). " USA_SENTENCE
		 "Business application of state agents: the doctrine expects the internal cloud or "
		 "a qualified service if R9 applies. Evidence: prefix and CNAME agree (high)."},
	{.what = "F8",
	 .zone = &cell,
	 .data_class = DATA_CLASS_DIFFUSION_RESTREINTE,
	 .severity = SEVERITY_CRITICAL,
	 .a = {.owner = &cloudflare,
	       .host_operator = &cloudflare,
	       .kind = SERVICE_KIND_UNKNOWN,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_MEDIUM,
	       .pattern = ATTRIBUTION_HIDDEN,
	       .evidence = EVIDENCE_PREFIX,
	       .flags = JUDGED_FLAG_ECH},
	 .name = "cloudflare-ech.com",
	 .up = 30 * KIB,
	 .text = "DR cell sent 30.0 KiB in 1 flow to an unseen name (ECH) at "
		 "Cloudflare. " USA_SENTENCE
		 "Diffusion Restreinte: an approved system is expected (II 901). Evidence: prefix; "
		 "name hidden by ECH (medium)."},
	{.what = "F9",
	 .zone = &files,
	 .data_class = DATA_CLASS_ECONOMIC_SECRET,
	 .severity = SEVERITY_HIGH,
	 .before = SEVERITY_HIGH,
	 .a = {BOTH(&dropbox), .kind = SERVICE_KIND_FILE_SHARING, .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_HIGH, .pattern = ATTRIBUTION_AGREED,
	       .evidence = EVIDENCE_ASN | EVIDENCE_DNS | EVIDENCE_SNI},
	 .name = "content.dropboxapi.com",
	 .up = 576 * MIB / 10,
	 .flows = 96,
	 .day_limit = 50 * MIB,
	 .exception = &ended,
	 .text = "Company files sent 57.6 MiB in 96 flows to content.dropboxapi.com, file-sharing "
		 "of Dropbox. " USA_SENTENCE
		 "Economic data of companies: business secrecy, R9 and Data Act art. 32 to be "
		 "checked. Evidence: asn, dns, sni agree (high); day total over 50 MiB. Exception "
		 "EXC-2025-011 ended on 2026-11-30 and was not applied."},
	{.what = "F10",
	 .zone = &staff,
	 .data_class = DATA_CLASS_STATE_BUSINESS_APPLICATION,
	 .severity = SEVERITY_MEDIUM,
	 .a = {.owner = &aws,
	       .host_operator = &aws,
	       .service_operator = &outscale,
	       .kind = SERVICE_KIND_UNKNOWN,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_MISMATCH,
	       .evidence = EVIDENCE_PREFIX,
	       .disagree = EVIDENCE_SNI,
	       .flags = JUDGED_FLAG_NAME_ADDRESS_MISMATCH,
	       .region = "eu-west-1"},
	 .name = "oos.eu-west-2.outscale.com",
	 .up = 12 * MIB,
	 .text = "HR application sent 12.0 MiB in 1 flow to an address of Amazon Web Services "
		 "under the name oos.eu-west-2.outscale.com. " USA_SENTENCE
		 "Business application of state agents: the doctrine expects the internal cloud or "
		 "a qualified service if R9 applies. Evidence: prefix says AWS, sni says 3DS "
		 "Outscale, dns does not link them (low): to be reviewed."},
};

static void
worked_example_reads_as_written(void)
{
	check_sentences(example, COUNT(example));
}

#define OVH_BY_PREFIX \
	.a = {.owner = &ovh, .host_operator = &ovh, .exposure = EXPOSURE_EU_SOVEREIGN, BY_PREFIX}

static const struct row others[] = {
	{.what = "one other name",
	 INT_CLASS,
	 OVH_BY_PREFIX,
	 .name = "a.example",
	 .more_names = 1,
	 .flows = 2,
	 .text = "Desktops sent 3.0 MiB in 2 flows to a.example and 1 other, unknown service of "
		 "OVHcloud. " SOV_SENTENCE INT_SENTENCE BY_PREFIX_TEXT},
	{.what = "other names",
	 INT_CLASS,
	 OVH_BY_PREFIX,
	 .name = "a.example",
	 .more_names = 41,
	 .flows = 1000,
	 .text = "Desktops sent 3.0 MiB in 1000 flows to a.example and 41 others, unknown service "
		 "of OVHcloud. " SOV_SENTENCE INT_SENTENCE BY_PREFIX_TEXT},
	{.what = "covered, but nothing to lower",
	 INT_CLASS,
	 OVH_BY_PREFIX,
	 .exception = &covered,
	 .text = SENT
	 "192.0.2.1, unknown service of OVHcloud. " SOV_SENTENCE INT_SENTENCE BY_PREFIX_TEXT
	 " Covered by EXC-2026-004 until 2027-03-31."},
	{.what = "bytes of the day used up",
	 INT_CLASS,
	 OVH_BY_PREFIX,
	 .exception = &used_up,
	 .text = SENT
	 "192.0.2.1, unknown service of OVHcloud. " SOV_SENTENCE INT_SENTENCE BY_PREFIX_TEXT
	 " Exception EXC-2026-004 was not applied: its daily volume of 1.0 GiB is used up."},
	{.what = "a name that is no host name",
	 INT_CLASS,
	 OVH_BY_PREFIX,
	 .name = "{zone}\x1b[2J\n{operator}\xff\xe2\x80\xae",
	 .text = SENT "{zone}\\x1b[2J\\x0a{operator}\\xff\\xe2\\x80\\xae, unknown service of "
		      "OVHcloud. " SOV_SENTENCE INT_SENTENCE BY_PREFIX_TEXT},
};

static void
groups_exceptions_and_hostile_names_are_told(void)
{
	check_sentences(others, COUNT(others));
}

static void
what_to_do_names_whom_to_ask(void)
{
	char out[SENTENCE_MAX];

	const struct sentence_zone owned = {desktops.label, desktops.owner};
	const struct sentence_zone ownerless = {health.label, health.owner};
	sentence_what_to_do(sentence_rules(), &owned, SEVERITY_LOW, out);
	CU_ASSERT_STRING_EQUAL(out, "Check with the owner of Desktops (DSI) that this service is "
				    "approved for it; if it is not, propose one that is.");
	for (unsigned s = SEVERITY_LOW; s < SEVERITY_COUNT; s++) {
		sentence_what_to_do(sentence_rules(), &ownerless, (enum severity)s, out);
		CU_ASSERT_PTR_NOT_NULL(strstr(out, "Seafarer health (no owner recorded)"));
	}
}

static const struct unit_case cases[] = {
	{"worked_example_reads_as_written", worked_example_reads_as_written},
	{"groups_exceptions_and_hostile_names_are_told",
	 groups_exceptions_and_hostile_names_are_told},
	{"what_to_do_names_whom_to_ask", what_to_do_names_whom_to_ask},
};

int
main(void)
{
	return run_sentence_cases("sentence", cases, COUNT(cases));
}
