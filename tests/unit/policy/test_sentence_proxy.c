/* SPDX-License-Identifier: Apache-2.0 */
/* What a sentence says of explicit proxies, of tunnels and of certificates. */
#include "classifier/policy/sentence.h"

#include "tests/unit/policy/sentence_rows.h"

#define AT_PROXY .proxy_address = {.version = 4, .bytes = {198, 51, 100, 7}}
#define ASKED                                                                          \
	.via_proxy = true, .kind = SERVICE_KIND_MAIL, .confidence = CONFIDENCE_MEDIUM, \
	.pattern = ATTRIBUTION_ASKED, .evidence = EVIDENCE_HOST

static const struct row proxies[] = {
	{.what = "inside",
	 INT_CLASS,
	 .a = {.owner = &ovh, .service_operator = &ovh, .exposure = EXPOSURE_EU_SOVEREIGN, ASKED},
	 .name = "mail.ovh.net",
	 .text = SENT
	 "mail.ovh.net, mail of OVHcloud, through a proxy inside. " SOV_SENTENCE INT_SENTENCE
	 "Evidence: host (asked of a proxy; medium)."},
	{.what = "outside, of nobody known: the operator is the client's word",
	 INT_CLASS,
	 .severity = SEVERITY_LOW,
	 .a = {.owner = &ovh,
	       .service_operator = &ovh,
	       .exposure = EXPOSURE_UNKNOWN,
	       AT_PROXY,
	       .via_proxy = true,
	       .kind = SERVICE_KIND_MAIL,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_ASKED,
	       .evidence = EVIDENCE_HOST},
	 .name = "mail.ovh.net",
	 .text = SENT "mail.ovh.net, mail, through a proxy at 198.51.100.7. A proxy outside has "
		      "the data, and its operator is not identified. " INT_SENTENCE
		      "Evidence: host (asked of a proxy; low): to be reviewed."},
	{.what = "outside, of a more exposed operator: the class is the proxy's",
	 INT_CLASS,
	 .severity = SEVERITY_LOW,
	 .a = {.owner = &ovh,
	       .service_operator = &ovh,
	       .exposure = EXPOSURE_US_DIRECT,
	       AT_PROXY,
	       .proxy_operator = &aws,
	       .proxy_evidence = EVIDENCE_PREFIX | EVIDENCE_ASN,
	       .asked_of_another = true,
	       ASKED},
	 .name = "mail.ovh.net",
	 .text = SENT "mail.ovh.net, mail of OVHcloud, through a proxy at 198.51.100.7. Amazon "
		      "Web Services " TEXT_USA INT_SENTENCE
		      "Evidence: host (asked of a proxy; medium); prefix says the proxy is run by "
		      "AWS: to be reviewed."},
	{.what = "outside, of one whose control is not recorded: it is said of that one",
	 INT_CLASS,
	 .a = {.owner = &ovh,
	       .service_operator = &ovh,
	       .exposure = EXPOSURE_UNKNOWN,
	       AT_PROXY,
	       .proxy_operator = &foxtrot,
	       .proxy_evidence = EVIDENCE_ASN,
	       .exposed_by = CARRIER_PROXY,
	       ASKED},
	 .name = "mail.ovh.net",
	 .text = SENT "mail.ovh.net, mail of OVHcloud, through a proxy at 198.51.100.7. Who "
		      "controls Foxtrot is not recorded. " INT_SENTENCE
		      "Evidence: host (asked of a proxy; medium); asn says the proxy is run by "
		      "Foxtrot."},
	{.what = "outside, at an address of unknown class of one whose control is recorded",
	 INT_CLASS,
	 .a = {.owner = &ovh,
	       .service_operator = &ovh,
	       .exposure = EXPOSURE_UNKNOWN,
	       AT_PROXY,
	       .proxy_operator = &aws,
	       .proxy_evidence = EVIDENCE_ASN,
	       .exposed_by = CARRIER_PROXY,
	       ASKED},
	 .name = "mail.ovh.net",
	 .text = SENT
	 "mail.ovh.net, mail of OVHcloud, through a proxy at 198.51.100.7. Who "
	 "controls the operator of this service or address is not recorded. " INT_SENTENCE
	 "Evidence: host (asked of a proxy; medium); asn says the proxy is run by "
	 "AWS."},
	{.what = "a name that is not in the catalogue: the operator is the proxy's",
	 INT_CLASS,
	 .a = {.owner = &aws,
	       .exposure = EXPOSURE_US_DIRECT,
	       AT_PROXY,
	       .proxy_operator = &aws,
	       .proxy_evidence = EVIDENCE_ASN,
	       ASKED},
	 .name = "www.phares.example",
	 .text = SENT
	 "www.phares.example, mail, through a proxy at 198.51.100.7. Amazon Web "
	 "Services " TEXT_USA INT_SENTENCE
	 "Evidence: name asked of a proxy, not in the catalogue (medium); asn says the "
	 "proxy is run by AWS."},
	{.what = "an address that is not in it either",
	 INT_CLASS,
	 .a = {.owner = &aws,
	       .exposure = EXPOSURE_US_DIRECT,
	       AT_PROXY,
	       .proxy_operator = &aws,
	       .proxy_evidence = EVIDENCE_ASN,
	       .via_proxy = true,
	       .confidence = CONFIDENCE_MEDIUM,
	       .pattern = ATTRIBUTION_ASKED},
	 .text = SENT "192.0.2.1, unknown service, through a proxy at 198.51.100.7. Amazon Web "
		      "Services " TEXT_USA INT_SENTENCE
		      "Evidence: address asked of a proxy, in no range or AS of the catalogue "
		      "(medium); asn says the proxy is run by AWS."},
	{.what = "nothing known but the name",
	 INT_CLASS,
	 .a = {.exposure = EXPOSURE_UNKNOWN,
	       .kind = SERVICE_KIND_WEB_GENERIC,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_NOTHING,
	       .via_proxy = true},
	 .name = "www.phares.example",
	 .text = SENT "www.phares.example, web-generic, through a proxy inside. Operator not "
		      "identified. " INT_SENTENCE
		      "Evidence: name asked of a proxy, not in the catalogue (low)."},
	{.what = "an address that was asked for",
	 INT_CLASS,
	 .a = {.owner = &aws,
	       .host_operator = &aws,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_MEDIUM,
	       .pattern = ATTRIBUTION_PREFIX_ONLY,
	       .evidence = EVIDENCE_PREFIX,
	       .via_proxy = true},
	 .text = SENT "192.0.2.1, unknown service of Amazon Web Services, through a proxy "
		      "inside. " USA_SENTENCE INT_SENTENCE "Evidence: prefix (medium)."},
	{.what = "hosts of an operator without a network",
	 INT_CLASS,
	 .a = {.owner = &transfer,
	       .service_operator = &transfer,
	       .likely_host = &aws,
	       .exposure = EXPOSURE_US_DIRECT,
	       ASKED},
	 .name = "files.delta.example",
	 .text = SENT "files.delta.example, mail of Delta Transfer, through a proxy inside. Amazon "
		      "Web Services " TEXT_USA INT_SENTENCE
		      "Evidence: host (asked of a proxy; medium)."},
};

#define AT_END .tunnel_end = {.version = 4, .bytes = {198, 51, 100, 8}}

#define TO_OVH                                                               \
	.owner = &ovh, .host_operator = &ovh, .kind = SERVICE_KIND_MAIL,     \
	.confidence = CONFIDENCE_MEDIUM, .pattern = ATTRIBUTION_PREFIX_ONLY, \
	.evidence = EVIDENCE_PREFIX

static const struct row tunnels[] = {
	{.what = "its end is the far end",
	 INT_CLASS,
	 .a = {.owner = &aws,
	       .host_operator = &aws,
	       .kind = SERVICE_KIND_TUNNEL,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_HIGH,
	       .pattern = ATTRIBUTION_PREFIX_ONLY,
	       .evidence = EVIDENCE_PREFIX,
	       .tunnel = FLOW_TUNNEL_GRE},
	 .text = SENT
	 "192.0.2.1, tunnel of Amazon Web Services, in a gre tunnel. " USA_SENTENCE INT_SENTENCE
	 "Evidence: prefix (high)."},
	{.what = "an end inside says another zone",
	 INT_CLASS,
	 .a = {.owner = &aws,
	       .host_operator = &aws,
	       .kind = SERVICE_KIND_TUNNEL,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_HIGH,
	       .pattern = ATTRIBUTION_PREFIX_ONLY,
	       .evidence = EVIDENCE_PREFIX,
	       .tunnel = FLOW_TUNNEL_GRE,
	       .tunnel_zone = &(const struct zone){.id = "cell", .label = "DR cell"}},
	 .text = SENT
	 "192.0.2.1, tunnel of Amazon Web Services, in a gre tunnel with an address of "
	 "DR cell inside. " USA_SENTENCE INT_SENTENCE "Evidence: prefix (high)."},
	{.what = "and before it, of a more exposed operator",
	 INT_CLASS,
	 .a = {.owner = &ovh,
	       .host_operator = &ovh,
	       .kind = SERVICE_KIND_MAIL,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_MEDIUM,
	       .pattern = ATTRIBUTION_PREFIX_ONLY,
	       .evidence = EVIDENCE_PREFIX,
	       .tunnel = FLOW_TUNNEL_6IN4,
	       AT_END,
	       .tunnel_operator = &aws,
	       .tunnel_evidence = EVIDENCE_ASN},
	 .text = SENT
	 "192.0.2.1, mail of OVHcloud, in a 6in4 tunnel by way of 198.51.100.8. Amazon "
	 "Web Services " TEXT_USA INT_SENTENCE
	 "Evidence: prefix (medium); asn says the tunnel's far end is run by AWS."},
	{.what = "and before it, of nobody known",
	 INT_CLASS,
	 .a = {TO_OVH, .exposure = EXPOSURE_UNKNOWN, .tunnel = FLOW_TUNNEL_GRE, AT_END,
	       .exposed_by = CARRIER_TUNNEL},
	 .text = SENT "192.0.2.1, mail of OVHcloud, in a gre tunnel by way of 198.51.100.8. The "
		      "far end of a tunnel has the data too, and its operator is not "
		      "identified. " INT_SENTENCE "Evidence: prefix (medium)."},
	{.what = "of one whose control is not recorded",
	 INT_CLASS,
	 .a = {TO_OVH, .exposure = EXPOSURE_UNKNOWN, .tunnel = FLOW_TUNNEL_GRE, AT_END,
	       .tunnel_operator = &foxtrot, .tunnel_evidence = EVIDENCE_ASN,
	       .exposed_by = CARRIER_TUNNEL},
	 .text = SENT "192.0.2.1, mail of OVHcloud, in a gre tunnel by way of 198.51.100.8. Who "
		      "controls Foxtrot is not recorded. " INT_SENTENCE
		      "Evidence: prefix (medium); asn says the tunnel's far end is run by "
		      "Foxtrot."},
	{.what = "of one whose control is recorded, at an address of unknown class",
	 INT_CLASS,
	 .a = {TO_OVH, .exposure = EXPOSURE_UNKNOWN, .tunnel = FLOW_TUNNEL_GRE, AT_END,
	       .tunnel_operator = &outscale, .tunnel_evidence = EVIDENCE_ASN,
	       .exposed_by = CARRIER_TUNNEL},
	 .text = SENT
	 "192.0.2.1, mail of OVHcloud, in a gre tunnel by way of 198.51.100.8. Who "
	 "controls the operator of this service or address is not recorded. " INT_SENTENCE
	 "Evidence: prefix (medium); asn says the tunnel's far end is run by 3DS "
	 "Outscale."},
	{.what = "of one whose record is old",
	 INT_CLASS,
	 .a = {TO_OVH, .exposure = EXPOSURE_UNKNOWN, .tunnel = FLOW_TUNNEL_GRE, AT_END,
	       .tunnel_operator = &outscale, .tunnel_evidence = EVIDENCE_PREFIX,
	       .exposed_by = CARRIER_TUNNEL, .carrier_stale = true,
	       .flags = JUDGED_FLAG_STALE_RECORD},
	 .text = SENT "192.0.2.1, mail of OVHcloud, in a gre tunnel by way of 198.51.100.8. The "
		      "record of 3DS Outscale is too old to be relied on. " INT_SENTENCE
		      "Evidence: prefix (medium); prefix says the tunnel's far end is run by 3DS "
		      "Outscale."},
	{.what = "an old record of who gets it, behind the tunnel of nobody known",
	 INT_CLASS,
	 .a = {TO_OVH, .exposure = EXPOSURE_UNKNOWN, .tunnel = FLOW_TUNNEL_GRE, AT_END,
	       .flags = JUDGED_FLAG_STALE_RECORD},
	 .text = SENT "192.0.2.1, mail of OVHcloud, in a gre tunnel by way of 198.51.100.8. The "
		      "record of the operator is too old to be relied on. " INT_SENTENCE
		      "Evidence: prefix (medium)."},
	{.what = "all that is known",
	 INT_CLASS,
	 .a = {.owner = &aws,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_MEDIUM,
	       .pattern = ATTRIBUTION_ASKED,
	       .tunnel = FLOW_TUNNEL_VXLAN,
	       AT_END,
	       .tunnel_operator = &aws,
	       .tunnel_evidence = EVIDENCE_ASN},
	 .text = SENT
	 "192.0.2.1, unknown service, in a vxlan tunnel by way of 198.51.100.8. Amazon "
	 "Web Services " TEXT_USA INT_SENTENCE
	 "Evidence: what lies behind the tunnel is not in the catalogue (medium); asn "
	 "says the tunnel's far end is run by AWS."},
};

static const struct row certificates[] = {
	{.what = "agrees",
	 INT_CLASS,
	 .a = {BOTH(&ovh), .kind = SERVICE_KIND_MAIL, .exposure = EXPOSURE_EU_SOVEREIGN,
	       .confidence = CONFIDENCE_HIGH, .pattern = ATTRIBUTION_AGREED,
	       .evidence = EVIDENCE_PREFIX | EVIDENCE_SNI | EVIDENCE_CERTIFICATE},
	 .name = "mail.ovh.net",
	 .text = SENT "mail.ovh.net, mail of OVHcloud. " SOV_SENTENCE INT_SENTENCE
		      "Evidence: prefix, sni, certificate agree (high)."},
	{.what = "has other names",
	 INT_CLASS,
	 .a = {BOTH(&ovh), .kind = SERVICE_KIND_MAIL, .exposure = EXPOSURE_EU_SOVEREIGN,
	       .confidence = CONFIDENCE_HIGH, .pattern = ATTRIBUTION_AGREED,
	       .evidence = EVIDENCE_PREFIX | EVIDENCE_SNI, .disagree = EVIDENCE_CERTIFICATE},
	 .name = "mail.ovh.net",
	 .text = SENT "mail.ovh.net, mail of OVHcloud. " SOV_SENTENCE INT_SENTENCE
		      "Evidence: prefix, sni agree (high); the server's certificate has other "
		      "names."},
	{.what = "has the name on another's address",
	 INT_CLASS,
	 .severity = SEVERITY_LOW,
	 .a = {.owner = &aws,
	       .service_operator = &transfer,
	       .host_operator = &aws,
	       .exposure = EXPOSURE_US_DIRECT,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_MISMATCH,
	       .evidence = EVIDENCE_PREFIX | EVIDENCE_CERTIFICATE,
	       .disagree = EVIDENCE_SNI},
	 .name = "files.delta.example",
	 .text = SENT
	 "an address of Amazon Web Services under the name files.delta.example. " USA_SENTENCE
		 INT_SENTENCE
	 "Evidence: prefix says AWS, sni says Delta, dns does not link them (low); the "
	 "server's certificate has the name, and nobody checked who signed it: to be "
	 "reviewed."},
	{.what = "has it on nobody's",
	 INT_CLASS,
	 .a = {.owner = &ovh,
	       .service_operator = &ovh,
	       .kind = SERVICE_KIND_MAIL,
	       .exposure = EXPOSURE_UNKNOWN,
	       .confidence = CONFIDENCE_LOW,
	       .pattern = ATTRIBUTION_NAME_CLAIMED,
	       .evidence = EVIDENCE_SNI | EVIDENCE_CERTIFICATE},
	 .name = "mail.ovh.net",
	 .text = SENT "mail.ovh.net, mail. Operator not identified. " INT_SENTENCE
		      "Evidence: sni, certificate only, and nobody checked who signed the "
		      "certificate (low)."},
};

static void
a_proxy_is_said(void)
{
	check_sentences(proxies, COUNT(proxies));
}

static void
a_tunnel_is_said(void)
{
	check_sentences(tunnels, COUNT(tunnels));
}

static void
a_certificate_is_said(void)
{
	check_sentences(certificates, COUNT(certificates));
}

static void
flows_of_two_ways_have_two_forms(void)
{
	struct attribution direct = {.owner = &ovh}, inside = {.owner = &ovh, .via_proxy = true};
	struct attribution outside = {.owner = &ovh, .via_proxy = true, AT_PROXY};
	struct attribution other = outside;
	other.proxy_address.bytes[3]++;
	struct attribution end = {.owner = &ovh, .tunnel = FLOW_TUNNEL_GRE};
	struct attribution before = {.owner = &ovh, .tunnel = FLOW_TUNNEL_GRE, AT_END};
	const struct sentence_form forms[] = {
		sentence_form_of(&direct), sentence_form_of(&inside), sentence_form_of(&outside),
		sentence_form_of(&other),  sentence_form_of(&end),    sentence_form_of(&before),
	};

	for (size_t i = 0; i < COUNT(forms); i++) {
		for (size_t k = 0; k < COUNT(forms); k++)
			CU_ASSERT_EQUAL(sentence_form_equal(&forms[i], &forms[k]), i == k);
	}
}

static const struct unit_case cases[] = {
	{"a_proxy_is_said", a_proxy_is_said},
	{"a_tunnel_is_said", a_tunnel_is_said},
	{"a_certificate_is_said", a_certificate_is_said},
	{"flows_of_two_ways_have_two_forms", flows_of_two_ways_have_two_forms},
};

int
main(void)
{
	return run_sentence_cases("sentence_proxy", cases, COUNT(cases));
}
