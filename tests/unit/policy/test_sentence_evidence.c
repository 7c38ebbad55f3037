/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/sentence.h"

#include "tests/unit/policy/sentence_rows.h"

#define TENANCY                                                                              \
	.owner = &ovh, .host_operator = &ovh, .service_operator = &ovh, .tenancy = &tenancy, \
	.kind = SERVICE_KIND_BACKUP, .exposure = EXPOSURE_EU_SOVEREIGN,                      \
	.confidence = CONFIDENCE_HIGH, .pattern = ATTRIBUTION_TENANCY,                       \
	.evidence = EVIDENCE_TENANCY | EVIDENCE_PREFIX

/* Each row of the table of evidence that the worked example does not show. */
static const struct row patterns[] = {
	{.what = "one piece",
	 INT_CLASS,
	 .a = {.owner = &ovh,
	       .host_operator = &ovh,
	       .exposure = EXPOSURE_EU_SOVEREIGN,
	       .confidence = CONFIDENCE_MEDIUM,
	       .pattern = ATTRIBUTION_PREFIX_ONLY,
	       .evidence = EVIDENCE_PREFIX | EVIDENCE_ASN},
	 .text = SENT "192.0.2.1, unknown service of OVHcloud. " SOV_SENTENCE INT_SENTENCE
		      "Evidence: prefix (medium)."},
	{.what = "the AS alone, low",
	 INT_CLASS,
	 .severity = SEVERITY_LOW,
	 .a = {.owner = &echo,
	       .host_operator = &echo,
	       .exposure = EXPOSURE_THIRD_COUNTRY,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_ASN_ONLY,
	       .evidence = EVIDENCE_ASN},
	 .text = SENT "192.0.2.1, unknown service of Echo Search. Operator recorded as controlled "
		      "from China, outside the EU/EEA. " INT_SENTENCE
		      "Evidence: asn (low): to be reviewed."},
	{.what = "a name by shared answers",
	 INT_CLASS,
	 .a = {.owner = &ovh,
	       .service_operator = &ovh,
	       .kind = SERVICE_KIND_MAIL,
	       .exposure = EXPOSURE_EU_SOVEREIGN,
	       .confidence = CONFIDENCE_MEDIUM,
	       .pattern = ATTRIBUTION_NAME_BY_DNS,
	       .evidence = EVIDENCE_DNS_SHARED | EVIDENCE_HOST},
	 .name = "mail.ovh.net",
	 .text = SENT "mail.ovh.net, mail of OVHcloud. " SOV_SENTENCE INT_SENTENCE
		      "Evidence: dns-shared, host agree (medium)."},
	{.what = "a claim that counts",
	 INT_CLASS,
	 .severity = SEVERITY_LOW,
	 .a = {.owner = &google,
	       .service_operator = &google,
	       .kind = SERVICE_KIND_FILE_SHARING,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_NAME_CLAIMED,
	       .evidence = EVIDENCE_SNI},
	 .name = "drive.google.com",
	 .text = SENT "drive.google.com, file-sharing of Google. " USA_SENTENCE INT_SENTENCE
		      "Evidence: sni only, nothing confirms it (low): to be reviewed."},
	{.what = "a claim that does not, nothing to review",
	 INT_CLASS,
	 .a = {.owner = &ovh,
	       .service_operator = &ovh,
	       .kind = SERVICE_KIND_MAIL,
	       .exposure = EXPOSURE_UNKNOWN,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_NAME_CLAIMED,
	       .evidence = EVIDENCE_HOST},
	 .name = "mail.ovh.net",
	 .text = SENT "mail.ovh.net, mail. Operator not identified. " INT_SENTENCE
		      "Evidence: host only, nothing confirms it (low)."},
	{.what = "front of an unlisted name",
	 INT_CLASS,
	 .a = {.owner = &cloudflare,
	       .host_operator = &cloudflare,
	       .kind = SERVICE_KIND_WEB_GENERIC,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_HIGH,
	       .pattern = ATTRIBUTION_FRONTED,
	       .evidence = EVIDENCE_PREFIX | EVIDENCE_SNI},
	 .name = "www.example",
	 .text = SENT
	 "www.example, web-generic of Cloudflare (front; origin not visible). " USA_SENTENCE
		 INT_SENTENCE "Evidence: prefix; name not in the catalogue (high)."},
	{.what = "front of a name of another's",
	 INT_CLASS,
	 .a = {.owner = &transfer,
	       .host_operator = &cloudflare,
	       .service_operator = &transfer,
	       .kind = SERVICE_KIND_FILE_SHARING,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_MEDIUM,
	       .pattern = ATTRIBUTION_FRONTED,
	       .evidence = EVIDENCE_ASN | EVIDENCE_SNI},
	 .name = "delta.example",
	 .text = SENT "delta.example, file-sharing of Delta Transfer, behind Cloudflare (front; "
		      "origin not visible). Cloudflare " TEXT_USA INT_SENTENCE
		      "Evidence: asn says Cloudflare, sni says Delta (medium)."},
	{.what = "ECH towards nobody known",
	 INT_CLASS,
	 .a = {.exposure = EXPOSURE_UNKNOWN,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_HIDDEN},
	 .name = "ech.example",
	 .text = SENT "an unseen name (ECH) at 192.0.2.1. Operator not identified. " INT_SENTENCE
		      "Evidence: name hidden by ECH (low)."},
	{.what = "a cut hello",
	 INT_CLASS,
	 .a = {.owner = &ovh,
	       .host_operator = &ovh,
	       .exposure = EXPOSURE_EU_SOVEREIGN,
	       .confidence = CONFIDENCE_MEDIUM,
	       .pattern = ATTRIBUTION_HIDDEN,
	       .name_withheld = true,
	       .evidence = EVIDENCE_ASN},
	 .name = "ech.example",
	 .text = SENT "an unsure name (ClientHello cut) at OVHcloud. " SOV_SENTENCE INT_SENTENCE
		      "Evidence: asn; ClientHello cut, its name may be that in front of another "
		      "(medium)."},
	{.what = "towards nobody known",
	 INT_CLASS,
	 .a = {.exposure = EXPOSURE_UNKNOWN,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_HIDDEN,
	       .name_withheld = true},
	 .name = "ech.example",
	 .text = SENT
	 "an unsure name (ClientHello cut) at 192.0.2.1. Operator not identified. " INT_SENTENCE
	 "Evidence: ClientHello cut, its name may be that in front of another (low)."},
	{.what = "two sources say two operators",
	 INT_CLASS,
	 .a = {.owner = &ovh,
	       .host_operator = &ovh,
	       .asn_operator = &aws,
	       .exposure = EXPOSURE_EU_SOVEREIGN,
	       .confidence = CONFIDENCE_MEDIUM,
	       .pattern = ATTRIBUTION_SOURCES_DIFFER,
	       .evidence = EVIDENCE_PREFIX,
	       .disagree = EVIDENCE_ASN},
	 .text = SENT "192.0.2.1, unknown service of OVHcloud. " SOV_SENTENCE INT_SENTENCE
		      "Evidence: prefix says OVHcloud, asn says AWS (medium)."},
	{.what = "hosted, as recorded",
	 INT_CLASS,
	 .severity = SEVERITY_LOW,
	 .a = {.owner = &transfer,
	       .host_operator = &aws,
	       .service_operator = &transfer,
	       .kind = SERVICE_KIND_FILE_SHARING,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_HIGH,
	       .pattern = ATTRIBUTION_HOSTED,
	       .evidence = EVIDENCE_PREFIX | EVIDENCE_SNI,
	       .region = "eu-west-3"},
	 .name = "delta.example",
	 .text = SENT "delta.example, file-sharing of Delta Transfer, hosted by Amazon Web "
		      "Services, region eu-west-3. Amazon Web Services " TEXT_USA INT_SENTENCE
		      "Evidence: prefix, sni; the catalogue records this hosting (high)."},
	{.what = "hosted, by dns alone",
	 INT_CLASS,
	 .severity = SEVERITY_LOW,
	 .a = {.owner = &transfer,
	       .host_operator = &aws,
	       .service_operator = &transfer,
	       .kind = SERVICE_KIND_FILE_SHARING,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_MEDIUM,
	       .pattern = ATTRIBUTION_HOSTED,
	       .evidence = EVIDENCE_ASN | EVIDENCE_DNS | EVIDENCE_SNI},
	 .name = "delta.example",
	 .text = SENT "delta.example, file-sharing of Delta Transfer, hosted by Amazon Web "
		      "Services. Amazon Web Services " TEXT_USA INT_SENTENCE
		      "Evidence: asn, dns, sni; dns links name and address (medium)."},
	{.what = "hosted, by the AS alone",
	 INT_CLASS,
	 .severity = SEVERITY_LOW,
	 .a = {.owner = &aws,
	       .host_operator = &ovh,
	       .service_operator = &aws,
	       .asn_operator = &aws,
	       .kind = SERVICE_KIND_OBJECT_STORAGE,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_MEDIUM,
	       .pattern = ATTRIBUTION_HOSTED,
	       .evidence = EVIDENCE_ASN | EVIDENCE_SNI,
	       .disagree = EVIDENCE_PREFIX},
	 .name = "s3.example",
	 .text = SENT
	 "s3.example, object-storage of Amazon Web Services, hosted by OVHcloud. " USA_SENTENCE
		 INT_SENTENCE "Evidence: asn and sni agree, prefix says OVHcloud (medium)."},
	{.what = "a claim that dns contradicts",
	 INT_CLASS,
	 .severity = SEVERITY_LOW,
	 .a = {.owner = &google,
	       .service_operator = &google,
	       .kind = SERVICE_KIND_FILE_SHARING,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_NAME_CLAIMED,
	       .evidence = EVIDENCE_SNI,
	       .disagree = EVIDENCE_DNS},
	 .name = "drive.google.com",
	 .text = SENT "drive.google.com, file-sharing of Google. " USA_SENTENCE INT_SENTENCE
		      "Evidence: sni only; dns answers for it name other addresses (low): to be "
		      "reviewed."},
	{.what = "a tenancy that AS and name contradict",
	 INT_CLASS,
	 .a = {TENANCY, .asn_operator = &dropbox, .tenancy_named = &dropbox,
	       .disagree = EVIDENCE_ASN | EVIDENCE_SNI},
	 .name = "content.dropboxapi.com",
	 .text = SENT "content.dropboxapi.com, backup of OVHcloud. " SOV_SENTENCE INT_SENTENCE
		      "Evidence: tenancy ovh-snc (high); asn and sni say Dropbox."},
	{.what = "one that two operators contradict",
	 INT_CLASS,
	 .a = {TENANCY, .asn_operator = &aws, .tenancy_named = &dropbox,
	       .disagree = EVIDENCE_ASN | EVIDENCE_HOST},
	 .name = "content.dropboxapi.com",
	 .text = SENT "content.dropboxapi.com, backup of OVHcloud. " SOV_SENTENCE INT_SENTENCE
		      "Evidence: tenancy ovh-snc (high); asn says AWS; host says Dropbox."},
	{.what = "one that its list supports and the AS contradicts",
	 INT_CLASS,
	 .a = {TENANCY, .asn_operator = &aws, .disagree = EVIDENCE_ASN},
	 .text = SENT "192.0.2.1, backup of OVHcloud. " SOV_SENTENCE INT_SENTENCE
		      "Evidence: tenancy ovh-snc (high); asn says AWS."},
	{.what = "one that the name contradicts",
	 INT_CLASS,
	 .a = {TENANCY, .tenancy_named = &dropbox, .disagree = EVIDENCE_SNI},
	 .name = "content.dropboxapi.com",
	 .text = SENT "content.dropboxapi.com, backup of OVHcloud. " SOV_SENTENCE INT_SENTENCE
		      "Evidence: tenancy ovh-snc (high); sni says Dropbox."},
	{.what = "the name is the more exposed, dns speaks against it",
	 INT_CLASS,
	 .severity = SEVERITY_MEDIUM,
	 .a = {.owner = &ovh,
	       .host_operator = &ovh,
	       .service_operator = &google,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_MISMATCH,
	       .evidence = EVIDENCE_ASN,
	       .disagree = EVIDENCE_DNS | EVIDENCE_HOST},
	 .name = "drive.google.com",
	 .text = SENT
	 "an address of OVHcloud under the name drive.google.com. Google " TEXT_USA INT_SENTENCE
	 "Evidence: asn says OVHcloud, host says Google, dns gives the name other addresses (low): "
	 "to be reviewed."},
	{.what = "nothing known, no name",
	 INT_CLASS,
	 .severity = SEVERITY_LOW,
	 .day_limit = 1536 * MIB,
	 .a = {.exposure = EXPOSURE_UNKNOWN,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_NOTHING},
	 .text = SENT "192.0.2.1, unknown service. Operator not identified. " INT_SENTENCE
		      "Evidence: no name, range or AS of the catalogue (low): to be reviewed; day "
		      "total over 1536 MiB."},
	{.what = "nothing known, a name",
	 INT_CLASS,
	 .severity = SEVERITY_LOW,
	 .a = {.exposure = EXPOSURE_UNKNOWN,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_NOTHING},
	 .name = "www.example",
	 .text = SENT
	 "www.example, unknown service. Operator not identified. " INT_SENTENCE
	 "Evidence: name not in the catalogue; no range or AS of it either (low): to be reviewed."},
};

static void
every_kind_of_evidence_has_its_words(void)
{
	check_sentences(patterns, COUNT(patterns));
}

static const struct unit_case cases[] = {
	{"every_kind_of_evidence_has_its_words", every_kind_of_evidence_has_its_words},
};

int
main(void)
{
	return run_sentence_cases("sentence_evidence", cases, COUNT(cases));
}
