/* SPDX-License-Identifier: Apache-2.0 */
/* The tables are the documentation of the keys; configs/vigie.yaml shows each of them at its
 * default. */
#include "app/settings_file.h"

#include <stddef.h>

#include "app/settings.h"

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

#define SECONDS(name)                                                                              \
	{                                                                                          \
		.key = #name, .type = CONFIG_UINT, .offset = offsetof(struct file_timeouts, name), \
		.max = DAY_S                                                                       \
	}
static const struct config_field timeouts_fields[] = {
	SECONDS(tcp), SECONDS(tcp_closed), SECONDS(udp), SECONDS(other), SECONDS(active),
};
/* The same as FLOW_TIMEOUTS_DEFAULT; a test holds them together. */
static const struct file_timeouts timeouts_defaults = {300, 10, 120, 60, 300};
static const struct config_schema timeouts_schema = {
	.what = "timeouts",
	.fields = timeouts_fields,
	.field_count = COUNT(timeouts_fields),
	.size = sizeof(struct file_timeouts),
	.defaults = &timeouts_defaults,
};

static const struct config_field flows_fields[] = {
	{.type = CONFIG_SELF, .offset = offsetof(struct file_flows, self)},
	{.key = "workers",
	 .type = CONFIG_UINT,
	 .offset = offsetof(struct file_flows, workers),
	 .max = SETTINGS_WORKERS_MAX},
	{.key = "max_flows",
	 .type = CONFIG_UINT,
	 .offset = offsetof(struct file_flows, max_flows),
	 .max = SETTINGS_FLOWS_MAX},
	{.key = "timeouts",
	 .type = CONFIG_RECORD,
	 .offset = offsetof(struct file_flows, timeouts),
	 .schema = &timeouts_schema},
};
const struct file_flows settings_file_flows_defaults = {.workers = 1,
							.max_flows = SETTINGS_FLOWS_DEFAULT};
static const struct config_schema flows_schema = {
	.what = "flows",
	.fields = flows_fields,
	.field_count = COUNT(flows_fields),
	.size = sizeof(struct file_flows),
	.defaults = &settings_file_flows_defaults,
};

static const struct config_field run_fields[] = {
	{.key = "flows", .type = CONFIG_STRING, .offset = offsetof(struct file_run, flows)},
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

#define OTHER(record, name, n)                                                                \
	{                                                                                     \
		.key = name, .type = CONFIG_NODE, .offset = offsetof(struct record, other[n]) \
	}
static const struct config_field privacy_fields[] = {
	{.key = "addresses",
	 .type = CONFIG_WORD,
	 .offset = offsetof(struct file_privacy, addresses),
	 .word = addresses_word},
	OTHER(file_privacy, "dpia_ref", 0),
	OTHER(file_privacy, "staff_informed_on", 1),
	OTHER(file_privacy, "alert_retention_days", 2),
};
static const struct config_schema privacy_schema = {
	.what = "privacy",
	.fields = privacy_fields,
	.field_count = COUNT(privacy_fields),
	.size = sizeof(struct file_privacy),
};

static const struct config_field policy_fields[] = {
	{.key = "inside", .type = CONFIG_NODE, .offset = offsetof(struct file_policy, inside)},
	OTHER(file_policy, "version", 0),
	OTHER(file_policy, "name", 1),
	OTHER(file_policy, "time_zone", 2),
	OTHER(file_policy, "unmapped_class", 3),
	OTHER(file_policy, "max_age_days", 4),
};
static const struct config_schema policy_schema = {
	.what = "policy",
	.fields = policy_fields,
	.field_count = COUNT(policy_fields),
	.size = sizeof(struct file_policy),
};

static const struct config_field file_fields[] = {
	{.type = CONFIG_SELF, .offset = offsetof(struct settings_file, self)},
	{.key = "catalogue",
	 .type = CONFIG_STRING,
	 .offset = offsetof(struct settings_file, catalogue)},
	{.key = "databases",
	 .type = CONFIG_RECORD,
	 .offset = offsetof(struct settings_file, databases),
	 .schema = &databases_schema},
	{.key = "flows",
	 .type = CONFIG_RECORD,
	 .offset = offsetof(struct settings_file, flows),
	 .schema = &flows_schema},
	{.key = "run",
	 .type = CONFIG_RECORD,
	 .offset = offsetof(struct settings_file, run),
	 .schema = &run_schema},
	{.key = "privacy",
	 .type = CONFIG_RECORD,
	 .offset = offsetof(struct settings_file, privacy),
	 .schema = &privacy_schema},
	{.key = "policy",
	 .type = CONFIG_RECORD,
	 .offset = offsetof(struct settings_file, policy),
	 .schema = &policy_schema},
	{.key = "zones", .type = CONFIG_NODE, .offset = offsetof(struct settings_file, zones)},
	OTHER(settings_file, "thresholds", 0),
	OTHER(settings_file, "tenancies", 1),
	OTHER(settings_file, "services", 2),
	OTHER(settings_file, "exceptions", 3),
	OTHER(settings_file, "alerts", 4),
	OTHER(settings_file, "resolvers", 5),
};
static const struct config_schema file_schema = {
	.what = "settings",
	.fields = file_fields,
	.field_count = COUNT(file_fields),
	.size = sizeof(struct settings_file),
};

bool
settings_file_read(const struct config_node *root, struct arena *arena, struct settings_file *out,
		   struct fault_list *faults)
{
	*out = (struct settings_file){0};
	return config_read(root, &file_schema, arena, out, faults);
}
