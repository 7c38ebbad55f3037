/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/text_details.h"

#include <stdio.h>

#include "dashboard-export/formats/text_values.h"

/* Room for a key with the vendor in front. */
#define KEY_MAX 40

#define EVERY (TEXT_DETAILS_SYSLOG | TEXT_DETAILS_LEEF | TEXT_DETAILS_CEF)

struct detail {
	struct text_field field;
	unsigned of;       /* the formats that tell it under this key */
	unsigned of_brief; /* and those of them that do so in a brief message, where it has room */
};

#define FIELD(name, type, member, max, brief_max)                                                 \
	{                                                                                         \
		.key = name, .kind = TEXT_FIELD_##type, .offset = offsetof(struct event, member), \
		.max_len = max, .brief_len = brief_max                                            \
	}
#define GIVEN(name, type, member, flag, max, brief_max)                                           \
	{                                                                                         \
		.key = name, .kind = TEXT_FIELD_##type, .offset = offsetof(struct event, member), \
		.given = offsetof(struct event, flag), .max_len = max, .brief_len = brief_max     \
	}
#define MADE(name, value, max, brief_max)                                                     \
	{                                                                                     \
		.key = name, .kind = TEXT_FIELD_MADE, .max_len = max, .brief_len = brief_max, \
		.make = text_value_##value                                                    \
	}
#define NOT_CEF (TEXT_DETAILS_SYSLOG | TEXT_DETAILS_LEEF)
#define NOT_LEEF (TEXT_DETAILS_SYSLOG | TEXT_DETAILS_CEF)

static const struct detail details[] = {
	{FIELD("id", TEXT, id, 64, 64), NOT_CEF, EVERY},
	{FIELD("sequence", COUNT, sequence, 20, 20), NOT_CEF, EVERY},
	{MADE("class", class, 16, 16), TEXT_DETAILS_SYSLOG, EVERY},
	{FIELD("test", TRUE, test, 8, 8), EVERY, EVERY},
	{MADE("severity", severity, 16, 16), EVERY, EVERY},
	{MADE("severityBeforeException", severity_before, 16, 16), EVERY, EVERY},
	{MADE("riskScore", risk_score, 3, 3), EVERY, EVERY},
	{FIELD("rule", TEXT, rule_id, TEXT_CODE_MAX, TEXT_CODE_MAX), TEXT_DETAILS_SYSLOG, EVERY},
	{FIELD("ruleName", TEXT, rule_name, 768, 0), NOT_CEF, EVERY},
	{FIELD("subject", TEXT, subject, 768, TEXT_ID_MAX), EVERY, EVERY},
	{MADE("start", start, 32, 32), NOT_CEF, EVERY},
	{MADE("end", end, 32, 32), NOT_CEF, EVERY},
	{MADE("recorded", recorded, 32, 32), TEXT_DETAILS_SYSLOG, EVERY},
	{FIELD("day", TEXT, day, 16, 16), EVERY, EVERY},
	{FIELD("flows", COUNT, flows, 20, 20), NOT_CEF, EVERY},
	{FIELD("zone", TEXT, zone, TEXT_ID_MAX, TEXT_ID_MAX), NOT_CEF, EVERY},
	{FIELD("zoneOwner", TEXT, zone_owner, 192, 0), EVERY, EVERY},
	{FIELD("host", TEXT, host, TEXT_CODE_MAX, TEXT_CODE_MAX), NOT_CEF, EVERY},
	{FIELD("dataClass", TEXT, data_class, 48, 32), NOT_CEF, EVERY},
	{FIELD("direction", TEXT, direction, 16, 16), EVERY, EVERY},
	{FIELD("transport", TEXT, transport, 16, 16), TEXT_DETAILS_SYSLOG, EVERY},
	{FIELD("networkType", TEXT, type, 16, 0), EVERY, EVERY},
	{FIELD("protocol", TEXT, protocol, 24, 24), NOT_CEF, EVERY},
	{FIELD("protocolCategory", TEXT, protocol_category, 24, 0), EVERY, EVERY},
	{FIELD("src", TEXT, source.ip, 48, 48), TEXT_DETAILS_SYSLOG, EVERY},
	{GIVEN("srcPort", PORT, source.port, source.has_port, 5, 5), TEXT_DETAILS_SYSLOG, EVERY},
	{GIVEN("srcBytes", COUNT, source.bytes, source.has_counts, 20, 0), TEXT_DETAILS_SYSLOG,
	 EVERY},
	{GIVEN("srcPackets", COUNT, source.packets, source.has_counts, 20, 0), NOT_LEEF, EVERY},
	{FIELD("dst", TEXT, destination.ip, 48, 48), TEXT_DETAILS_SYSLOG, EVERY},
	{GIVEN("dstPort", PORT, destination.port, destination.has_port, 5, 5), TEXT_DETAILS_SYSLOG,
	 EVERY},
	{GIVEN("dstBytes", COUNT, destination.bytes, destination.has_counts, 20, 0),
	 TEXT_DETAILS_SYSLOG, EVERY},
	{GIVEN("dstPackets", COUNT, destination.packets, destination.has_counts, 20, 0), NOT_LEEF,
	 EVERY},
	{FIELD("dstDomain", TEXT, domain, 1023, 0), NOT_CEF, EVERY},
	{MADE("asNumber", as_number, 20, 20), NOT_CEF, EVERY},
	{MADE("asOrganization", as_organization, 768, 0), EVERY, EVERY},
	{MADE("country", country, 16, 16), EVERY, EVERY},
	{FIELD("tlsVersion", TEXT, tls_version, 16, 0), EVERY, EVERY},
	{FIELD("serverName", TEXT, tls_server_name, 1023, 0), NOT_CEF, EVERY},
	{FIELD("ja4", TEXT, tls_ja4, 64, 64), NOT_CEF, EVERY},
	{FIELD("nextProtocol", TEXT, tls_next_protocol, 16, 0), EVERY, EVERY},
	{FIELD("tlsResumed", TRUE, tls_resumed, 8, 0), EVERY, EVERY},
	{FIELD("innerSrc", TEXT, inner_source.ip, 48, 0), EVERY, EVERY},
	{GIVEN("innerSrcPort", PORT, inner_source.port, inner_source.has_port, 5, 0), EVERY, EVERY},
	{FIELD("innerDst", TEXT, inner_destination.ip, 48, 0), EVERY, EVERY},
	{GIVEN("innerDstPort", PORT, inner_destination.port, inner_destination.has_port, 5, 0),
	 EVERY, EVERY},
	{FIELD("outerSrc", TEXT, outer_source.ip, 48, 0), EVERY, EVERY},
	{FIELD("outerDst", TEXT, outer_destination.ip, 48, 0), EVERY, EVERY},
	{FIELD("tunnel", TEXT, tunnel, 16, 0), EVERY, EVERY},
	{FIELD("communityId", TEXT, community_id, 64, 64), EVERY, NOT_CEF},
	{FIELD("vlan", TEXT, vlan_id, 16, 0), EVERY, EVERY},
	{FIELD("innerVlan", TEXT, inner_vlan_id, 16, 0), EVERY, EVERY},
	{GIVEN("vni", COUNT, vni, has_vni, 20, 0), EVERY, EVERY},
	{FIELD("flowId", TEXT, flow_id, 32, 32), EVERY, EVERY},
	{FIELD("flowSeq", COUNT, flow_seq, 20, 20), EVERY, EVERY},
	{FIELD("final", TRUE, final, 8, 8), EVERY, EVERY},
	{FIELD("capture", TEXT, capture, 4000, 0), EVERY, EVERY},
	{FIELD("name", TEXT, name, 1023, 256), EVERY, NOT_CEF},
	{FIELD("nameSource", TEXT, name_source, 16, 0), EVERY, EVERY},
	{FIELD("operator", TEXT, operator_id, TEXT_ID_MAX, TEXT_ID_MAX), NOT_CEF, EVERY},
	{FIELD("hostOperator", TEXT, host_operator, TEXT_ID_MAX, 0), EVERY, EVERY},
	{FIELD("service", TEXT, service, TEXT_ID_MAX, TEXT_ID_MAX), NOT_CEF, EVERY},
	{FIELD("serviceKind", TEXT, service_kind, 48, 32), EVERY, EVERY},
	{FIELD("region", TEXT, region, 192, 0), EVERY, EVERY},
	{FIELD("regionCountry", TEXT, region_country, 16, 0), EVERY, EVERY},
	{FIELD("tenancy", TEXT, tenancy, 192, 0), EVERY, EVERY},
	{FIELD("exposure", TEXT, exposure, 48, 32), NOT_CEF, EVERY},
	{FIELD("confidence", TEXT, confidence, 16, 16), EVERY, EVERY},
	{FIELD("shape", TEXT, shape, 16, 16), EVERY, EVERY},
	{MADE("technique", technique, 16, 16), NOT_CEF, EVERY},
	{MADE("payloadOut", payload_out, 20, 20), NOT_CEF, EVERY},
	{MADE("payloadIn", payload_in, 20, 20), EVERY, EVERY},
	{FIELD("exception", TEXT, exception, TEXT_ID_MAX, TEXT_ID_MAX), EVERY, EVERY},
	{FIELD("exceptionsOfPart", WORDS, exceptions_of_part, 2000, 0), EVERY, EVERY},
	{FIELD("exceptionsEnded", WORDS, exceptions_ended, 1000, 0), EVERY, EVERY},
	{FIELD("steps", STEPS, steps, 1000, 0), EVERY, EVERY},
	{FIELD("evidenceName", TEXT, evidence_name, 256, 0), EVERY, EVERY},
	{FIELD("evidence", WORDS, evidence, 1000, 64), NOT_CEF, EVERY},
	{FIELD("wayEvidence", WORDS, way_evidence, 1000, 64), EVERY, EVERY},
	{FIELD("disagree", WORDS, disagree, 1000, 64), EVERY, EVERY},
	{FIELD("flags", WORDS, flags, 1000, 96), EVERY, EVERY},
	{FIELD("names", WORDS, names, 4000, 0), EVERY, EVERY},
	{FIELD("moreNames", TRUE, more_names, 8, 0), EVERY, EVERY},
	{FIELD("otherNames", COUNT, other_names, 20, 0), EVERY, EVERY},
	{FIELD("risks", WORDS, risks, 1500, 0), EVERY, EVERY},
	{MADE("policy", policy, 192, 0), NOT_LEEF, EVERY},
	{MADE("policyVersion", policy_version, 20, 0), EVERY, EVERY},
	{MADE("brief", brief, 8, 8), EVERY, EVERY},
};

static void
write_detail(struct text_writer *w, struct text_telling *telling, const struct detail *detail,
	     enum text_details_of of)
{
	const char *key = detail->field.key;
	char vendor_key[KEY_MAX];

	if ((detail->of & of) == 0 || (telling->context->brief && (detail->of_brief & of) == 0))
		return;
	if (of == TEXT_DETAILS_CEF) {
		snprintf(vendor_key, sizeof(vendor_key), "vigie%c%s", key[0] - 'a' + 'A', key + 1);
		key = vendor_key;
	}
	text_field_write(w, telling, key, &detail->field);
}

void
text_details_write(struct text_writer *w, struct text_telling *telling, enum text_details_of of)
{
	for (size_t i = 0; i < sizeof(details) / sizeof(*details); i++)
		write_detail(w, telling, &details[i], of);
}
