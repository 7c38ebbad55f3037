/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/event_members.h"

#include "dashboard-export/formats/event.h"

#define MEMBER(name, type, field)                                                                 \
	{                                                                                         \
		.key = name, .kind = EVENT_MEMBER_##type, .offset = offsetof(struct event, field) \
	}
#define GIVEN(name, type, field, flag)                                                             \
	{                                                                                          \
		.key = name, .kind = EVENT_MEMBER_##type, .offset = offsetof(struct event, field), \
		.given = offsetof(struct event, flag)                                              \
	}
#define OBJECT(name, table)                                                   \
	{                                                                     \
		.key = name, .kind = EVENT_MEMBER_OBJECT, .members = &(table) \
	}
#define MEMBERS(rows)                                \
	{                                            \
		rows, sizeof(rows) / sizeof(*(rows)) \
	}

static const struct event_member event_object_rows[] = {
	MEMBER("kind", KIND, class),
	MEMBER("id", TEXT, id),
	MEMBER("start", TIME, start_ns),
	MEMBER("end", TIME, end_ns),
	MEMBER("duration", COUNT, duration_ns),
};
static const struct event_members event_object = MEMBERS(event_object_rows);

static const struct event_member rule_rows[] = {
	MEMBER("id", TEXT, rule_id),
	MEMBER("name", TEXT, rule_name),
};
static const struct event_members rule = MEMBERS(rule_rows);

static const struct event_member vlan_rows[] = {
	MEMBER("id", TEXT, vlan_id),
};
static const struct event_members vlan = MEMBERS(vlan_rows);

static const struct event_member inner_vlan_rows[] = {
	MEMBER("id", TEXT, inner_vlan_id),
};
static const struct event_members inner_vlan = MEMBERS(inner_vlan_rows);

static const struct event_member inner_rows[] = {
	OBJECT("vlan", inner_vlan),
};
static const struct event_members inner = MEMBERS(inner_rows);

static const struct event_member network_rows[] = {
	MEMBER("transport", TEXT, transport),
	MEMBER("type", TEXT, type),
	MEMBER("protocol", TEXT, protocol),
	MEMBER("community_id", TEXT, community_id),
	GIVEN("bytes", COUNT, bytes, has_counts),
	MEMBER("packets", COUNT, packets),
	OBJECT("vlan", vlan),
	OBJECT("inner", inner),
};
static const struct event_members network = MEMBERS(network_rows);

static const struct event_member source_organisation_rows[] = {
	MEMBER("name", TEXT, source.as_organization),
};
static const struct event_members source_organisation = MEMBERS(source_organisation_rows);

static const struct event_member source_as_rows[] = {
	MEMBER("number", COUNT, source.as_number),
	OBJECT("organization", source_organisation),
};
static const struct event_members source_as = MEMBERS(source_as_rows);

static const struct event_member source_geo_rows[] = {
	MEMBER("country_iso_code", TEXT, source.country),
};
static const struct event_members source_geo = MEMBERS(source_geo_rows);

static const struct event_member source_rows[] = {
	MEMBER("ip", TEXT, source.ip),
	GIVEN("port", PORT, source.port, source.has_port),
	GIVEN("bytes", COUNT, source.bytes, source.has_counts),
	MEMBER("packets", COUNT, source.packets),
	OBJECT("as", source_as),
	OBJECT("geo", source_geo),
};
static const struct event_members source = MEMBERS(source_rows);

static const struct event_member destination_organisation_rows[] = {
	MEMBER("name", TEXT, destination.as_organization),
};
static const struct event_members destination_organisation = MEMBERS(destination_organisation_rows);

static const struct event_member destination_as_rows[] = {
	MEMBER("number", COUNT, destination.as_number),
	OBJECT("organization", destination_organisation),
};
static const struct event_members destination_as = MEMBERS(destination_as_rows);

static const struct event_member destination_geo_rows[] = {
	MEMBER("country_iso_code", TEXT, destination.country),
};
static const struct event_members destination_geo = MEMBERS(destination_geo_rows);

static const struct event_member destination_rows[] = {
	MEMBER("ip", TEXT, destination.ip),
	GIVEN("port", PORT, destination.port, destination.has_port),
	GIVEN("bytes", COUNT, destination.bytes, destination.has_counts),
	MEMBER("packets", COUNT, destination.packets),
	MEMBER("domain", TEXT, domain),
	OBJECT("as", destination_as),
	OBJECT("geo", destination_geo),
};
static const struct event_members destination = MEMBERS(destination_rows);

static const struct event_member tls_client_rows[] = {
	MEMBER("server_name", TEXT, tls_server_name),
	MEMBER("ja4", TEXT, tls_ja4),
};
static const struct event_members tls_client = MEMBERS(tls_client_rows);

static const struct event_member tls_rows[] = {
	MEMBER("version", TEXT, tls_version),
	OBJECT("client", tls_client),
	MEMBER("next_protocol", TEXT, tls_next_protocol),
	MEMBER("resumed", BOOL, tls_resumed),
};
static const struct event_members tls = MEMBERS(tls_rows);

static const struct event_member inner_source_rows[] = {
	MEMBER("ip", TEXT, inner_source.ip),
	GIVEN("port", PORT, inner_source.port, inner_source.has_port),
};
static const struct event_members inner_source = MEMBERS(inner_source_rows);

static const struct event_member inner_destination_rows[] = {
	MEMBER("ip", TEXT, inner_destination.ip),
	GIVEN("port", PORT, inner_destination.port, inner_destination.has_port),
};
static const struct event_members inner_destination = MEMBERS(inner_destination_rows);

static const struct event_member inner_ends_rows[] = {
	OBJECT("source", inner_source),
	OBJECT("destination", inner_destination),
};
static const struct event_members inner_ends = MEMBERS(inner_ends_rows);

static const struct event_member outer_source_rows[] = {MEMBER("ip", TEXT, outer_source.ip)};
static const struct event_members outer_source = MEMBERS(outer_source_rows);

static const struct event_member outer_destination_rows[] = {
	MEMBER("ip", TEXT, outer_destination.ip)};
static const struct event_members outer_destination = MEMBERS(outer_destination_rows);

static const struct event_member outer_ends_rows[] = {
	OBJECT("source", outer_source),
	OBJECT("destination", outer_destination),
	MEMBER("tunnel", TEXT, tunnel),
};
static const struct event_members outer_ends = MEMBERS(outer_ends_rows);

static const struct event_member vigie_rows[] = {
	MEMBER("capture", TEXT, capture),
	MEMBER("flow_id", TEXT, flow_id),
	MEMBER("seq", COUNT, flow_seq),
	MEMBER("final", BOOL, final),
	MEMBER("day", TEXT, day),
	MEMBER("flows", COUNT, flows),
	MEMBER("test", BOOL, test),
	MEMBER("host", TEXT, host),
	GIVEN("severity", SEVERITY, severity, has_severity),
	MEMBER("severity_before_exception", SEVERITY, severity_before_exception),
	MEMBER("exception", TEXT, exception),
	MEMBER("zone", TEXT, zone),
	MEMBER("data_class", TEXT, data_class),
	MEMBER("direction", TEXT, direction),
	GIVEN("vni", COUNT, vni, has_vni),
	MEMBER("exceptions_of_part", WORDS, exceptions_of_part),
	MEMBER("exceptions_ended", WORDS, exceptions_ended),
	MEMBER("zone_owner", TEXT, zone_owner),
	MEMBER("steps", STEPS, steps),
	MEMBER("name", TEXT, name),
	MEMBER("name_source", TEXT, name_source),
	MEMBER("operator", TEXT, operator_id),
	MEMBER("host_operator", TEXT, host_operator),
	MEMBER("service", TEXT, service),
	MEMBER("service_kind", TEXT, service_kind),
	MEMBER("region", TEXT, region),
	MEMBER("region_country", TEXT, region_country),
	MEMBER("tenancy", TEXT, tenancy),
	MEMBER("exposure", TEXT, exposure),
	MEMBER("confidence", TEXT, confidence),
	MEMBER("shape", TEXT, shape),
	MEMBER("payload_out", COUNT, payload_out),
	MEMBER("payload_in", COUNT, payload_in),
	MEMBER("names", WORDS, names),
	MEMBER("more_names", BOOL, more_names),
	MEMBER("evidence_name", TEXT, evidence_name),
	MEMBER("other_names", COUNT, other_names),
	OBJECT("inner", inner_ends),
	OBJECT("outer", outer_ends),
	MEMBER("protocol_category", TEXT, protocol_category),
	MEMBER("risks", WORDS, risks),
	MEMBER("evidence", WORDS, evidence),
	MEMBER("way_evidence", WORDS, way_evidence),
	MEMBER("disagree", WORDS, disagree),
	MEMBER("flags", WORDS, flags),
	MEMBER("subject", TEXT, subject),
};
static const struct event_members vigie = MEMBERS(vigie_rows);

static const struct event_member line_rows[] = {
	MEMBER("@timestamp", TIME, timestamp_ns),
	OBJECT("event", event_object),
	OBJECT("rule", rule),
	MEMBER("message", TEXT, message),
	OBJECT("network", network),
	OBJECT("source", source),
	OBJECT("destination", destination),
	OBJECT("tls", tls),
	OBJECT("vigie", vigie),
};

const struct event_members event_members_of_line = MEMBERS(line_rows);
