/* SPDX-License-Identifier: Apache-2.0 */
/* The tables are the documentation of the keys; configs/vigie.yaml shows each of them at its
 * default. */
#include "app/settings_file.h"

#include <stddef.h>

#include "app/settings.h"
#include "dashboard-export/sinks/sink_file.h"

#define DAY_S 86400
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const struct config_field databases_fields[] = {
	{.type = CONFIG_SELF, .offset = offsetof(struct file_databases, self)},
	{.key = "table", .type = CONFIG_STRING, .offset = offsetof(struct file_databases, table)},
	{.key = "asn", .type = CONFIG_STRING, .offset = offsetof(struct file_databases, asn)},
	{.key = "country",
	 .type = CONFIG_STRING,
	 .offset = offsetof(struct file_databases, country)},
};
static const struct config_schema databases_schema = {
	.what = "databases",
	.fields = databases_fields,
	.field_count = COUNT(databases_fields),
	.size = sizeof(struct file_databases),
};

/* Ended by no pause at all, every packet would be a flow; `active` 0 means never. */
#define SECONDS(name, least)                                                                       \
	{                                                                                          \
		.key = #name, .type = CONFIG_UINT, .offset = offsetof(struct file_timeouts, name), \
		.min = least, .max = DAY_S                                                         \
	}
static const struct config_field timeouts_fields[] = {
	SECONDS(tcp, 1),   SECONDS(tcp_closed, 1), SECONDS(udp, 1),
	SECONDS(other, 1), SECONDS(active, 0),
};
/* The same as FLOW_TIMEOUTS_DEFAULT; a test holds them together. */
const struct file_timeouts settings_file_timeouts_defaults = {300, 10, 120, 60, 300};
static const struct config_schema timeouts_schema = {
	.what = "timeouts",
	.fields = timeouts_fields,
	.field_count = COUNT(timeouts_fields),
	.size = sizeof(struct file_timeouts),
	.defaults = &settings_file_timeouts_defaults,
};

static const char *
protocol_detection_word(unsigned value)
{
	static const char *const words[] = {
		[PROTOCOL_DETECTION_OFF] = "off",
		[PROTOCOL_DETECTION_UNNAMED] = "unnamed",
		[PROTOCOL_DETECTION_ALL] = "all",
	};
	return value < COUNT(words) ? words[value] : NULL;
}

static const struct config_field flows_fields[] = {
	{.type = CONFIG_SELF, .offset = offsetof(struct file_flows, self)},
	{.key = "workers",
	 .type = CONFIG_UINT,
	 .offset = offsetof(struct file_flows, workers),
	 .min = 1,
	 .max = SETTINGS_WORKERS_MAX},
	{.key = "max_flows",
	 .type = CONFIG_UINT,
	 .offset = offsetof(struct file_flows, max_flows),
	 .min = SETTINGS_FLOWS_MIN,
	 .max = SETTINGS_FLOWS_MAX},
	{.key = "protocol_detection",
	 .type = CONFIG_WORD,
	 .offset = offsetof(struct file_flows, protocol_detection),
	 .word = protocol_detection_word},
	{.key = "timeouts",
	 .type = CONFIG_RECORD,
	 .offset = offsetof(struct file_flows, timeouts),
	 .schema = &timeouts_schema},
};
const struct file_flows settings_file_flows_defaults = {.workers = 1,
							.max_flows = SETTINGS_FLOWS_DEFAULT,
							.protocol_detection =
								PROTOCOL_DETECTION_UNNAMED};
static const struct config_schema flows_schema = {
	.what = "flows",
	.fields = flows_fields,
	.field_count = COUNT(flows_fields),
	.size = sizeof(struct file_flows),
	.defaults = &settings_file_flows_defaults,
};

static const struct config_field run_fields[] = {
	{.key = "flows", .type = CONFIG_STRING, .offset = offsetof(struct file_run, flows)},
	{.key = "alerts", .type = CONFIG_STRING, .offset = offsetof(struct file_run, alerts)},
	{.key = "ports", .type = CONFIG_STRINGS, .offset = offsetof(struct file_run, ports)},
	{.key = "eal", .type = CONFIG_STRINGS, .offset = offsetof(struct file_run, eal)},
	{.key = "report_every",
	 .type = CONFIG_UINT,
	 .offset = offsetof(struct file_run, report_every),
	 .max = DAY_S},
};
const struct file_run settings_file_run_defaults = {.report_every = 60};
static const struct config_schema run_schema = {
	.what = "run",
	.fields = run_fields,
	.field_count = COUNT(run_fields),
	.size = sizeof(struct file_run),
	.defaults = &settings_file_run_defaults,
};

static const char *
addresses_word(unsigned value)
{
	static const char *const words[] = {"default", "clear", "pseudonym"};
	return value < COUNT(words) ? words[value] : NULL;
}

static const struct config_field privacy_fields[] = {
	{.type = CONFIG_SELF, .offset = offsetof(struct file_privacy, self)},
	{.key = "addresses",
	 .type = CONFIG_WORD,
	 .offset = offsetof(struct file_privacy, addresses),
	 .word = addresses_word},
	{.key = "key_file",
	 .type = CONFIG_STRING,
	 .offset = offsetof(struct file_privacy, key_file)},
	{.key = "dpia_ref",
	 .type = CONFIG_STRING,
	 .offset = offsetof(struct file_privacy, dpia_ref)},
	{.key = "staff_informed_on",
	 .type = CONFIG_DATE,
	 .offset = offsetof(struct file_privacy, staff_informed_on)},
	{.key = "alert_retention_days",
	 .type = CONFIG_UINT,
	 .offset = offsetof(struct file_privacy, alert_retention_days),
	 .min = 1,
	 .max = 365},
};
const struct file_privacy settings_file_privacy_defaults = {.alert_retention_days = 180};
static const struct config_schema privacy_schema = {
	.what = "privacy",
	.fields = privacy_fields,
	.field_count = COUNT(privacy_fields),
	.size = sizeof(struct file_privacy),
	.defaults = &settings_file_privacy_defaults,
};

static const struct config_field sensor_fields[] = {
	{.type = CONFIG_SELF, .offset = offsetof(struct file_sensor, self)},
	{.key = "name", .type = CONFIG_STRING, .offset = offsetof(struct file_sensor, name)},
	{.key = "enterprise_number",
	 .type = CONFIG_UINT,
	 .offset = offsetof(struct file_sensor, enterprise_number),
	 .min = 1,
	 .max = UINT32_MAX},
};
/* RFC 5612: the number of examples. */
const struct file_sensor settings_file_sensor_defaults = {.enterprise_number = 32473};
static const struct config_schema sensor_schema = {
	.what = "sensor",
	.fields = sensor_fields,
	.field_count = COUNT(sensor_fields),
	.size = sizeof(struct file_sensor),
	.defaults = &settings_file_sensor_defaults,
};

static const struct config_field journal_fields[] = {
	{.type = CONFIG_SELF, .offset = offsetof(struct file_journal, self)},
	{.key = "path", .type = CONFIG_STRING, .offset = offsetof(struct file_journal, path)},
	{.key = "flow_retention_days",
	 .type = CONFIG_UINT,
	 .offset = offsetof(struct file_journal, flow_retention_days),
	 .min = 1,
	 .max = 365},
};
const struct file_journal settings_file_journal_defaults = {.flow_retention_days = 30};
static const struct config_schema journal_schema = {
	.what = "journal",
	.fields = journal_fields,
	.field_count = COUNT(journal_fields),
	.size = sizeof(struct file_journal),
	.defaults = &settings_file_journal_defaults,
};

#define AT(member) .offset = offsetof(struct settings_file, member)
static const struct config_field file_fields[] = {
	{.type = CONFIG_SELF, AT(self)},
	{.key = "include", .type = CONFIG_STRINGS, AT(include)},
	{.key = "policy", .type = CONFIG_RECORD, AT(policy.policy), .schema = &policy_schema},
	{.key = "privacy", .type = CONFIG_RECORD, AT(privacy), .schema = &privacy_schema},
	{.key = "zones", .type = CONFIG_RECORDS, AT(policy.zones), .schema = &zone_schema},
	{.key = "thresholds",
	 .type = CONFIG_RECORD,
	 AT(policy.thresholds),
	 .schema = &thresholds_schema},
	{.key = "tenancies",
	 .type = CONFIG_RECORDS,
	 AT(policy.tenancies),
	 .schema = &tenancy_schema},
	{.key = "services",
	 .type = CONFIG_RECORDS,
	 AT(policy.services),
	 .schema = &policy_service_schema},
	{.key = "exceptions",
	 .type = CONFIG_RECORDS,
	 AT(policy.exceptions),
	 .schema = &exception_schema},
	{.key = "alerts", .type = CONFIG_RECORD, AT(policy.alerts), .schema = &alerts_schema},
	{.key = "resolvers", .type = CONFIG_PREFIXES, AT(policy.resolvers)},
	{.key = "sensor", .type = CONFIG_RECORD, AT(sensor), .schema = &sensor_schema},
	{.key = "journal", .type = CONFIG_RECORD, AT(journal), .schema = &journal_schema},
	{.key = "sinks", .type = CONFIG_RECORDS, AT(sinks), .schema = &sink_file_schema},
	{.key = "catalogue", .type = CONFIG_STRING, AT(catalogue)},
	{.key = "rules", .type = CONFIG_STRING, AT(rules)},
	{.key = "databases", .type = CONFIG_RECORD, AT(databases), .schema = &databases_schema},
	{.key = "flows", .type = CONFIG_RECORD, AT(flows), .schema = &flows_schema},
	{.key = "run", .type = CONFIG_RECORD, AT(run), .schema = &run_schema},
};
const struct config_schema settings_file_schema = {
	.what = "settings",
	.fields = file_fields,
	.field_count = COUNT(file_fields),
	.size = sizeof(struct settings_file),
};
