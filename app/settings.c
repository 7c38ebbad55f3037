/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables below are the documentation of the file's keys. The keys of the policy (zones, tenancies, services,
 * exceptions, thresholds) are those of the verdict; here only what is inside is taken from them.
 */
#include "app/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/paths.h"
#include "base/arena.h"
#include "base/config_reader.h"
#include "base/config_tree.h"

#define DAY_S 86400
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct databases {
	const char *table, *asn, *country;
};

struct timeouts {
	uint64_t tcp, tcp_closed, udp, other, active;
};

struct flows {
	uint64_t workers, max_flows;
	struct timeouts *timeouts;
};

struct run {
	const char *flows;
	struct config_list ports, eal;
	uint64_t report_every;
};

struct privacy {
	unsigned addresses;
	const struct config_node *other[3];
};

struct policy {
	const struct config_node *inside;
	const struct config_node *other[5];
};

/* The outermost mapping. */
struct file {
	const char *catalogue;
	struct databases *databases;
	struct flows *flows;
	struct run *run;
	struct privacy *privacy;
	struct policy *policy;
	const struct config_node *zones;
	const struct config_node *other[6];
};

static const struct config_field databases_fields[] = {
	{.key = "table", .type = CONFIG_STRING, .offset = offsetof(struct databases, table)},
	{.key = "asn", .type = CONFIG_STRING, .offset = offsetof(struct databases, asn)},
	{.key = "country", .type = CONFIG_STRING, .offset = offsetof(struct databases, country)},
};
static const struct config_schema databases_schema = {
	.what = "databases",
	.fields = databases_fields,
	.field_count = COUNT(databases_fields),
	.size = sizeof(struct databases),
};

#define SECONDS(name)                                                                         \
	{                                                                                     \
		.key = #name, .type = CONFIG_UINT, .offset = offsetof(struct timeouts, name), \
		.max = DAY_S                                                                  \
	}
static const struct config_field timeouts_fields[] = {
	SECONDS(tcp), SECONDS(tcp_closed), SECONDS(udp), SECONDS(other), SECONDS(active),
};
/* The same as FLOW_TIMEOUTS_DEFAULT; a test holds them together. */
static const struct timeouts timeouts_defaults = {300, 10, 120, 60, 300};
static const struct config_schema timeouts_schema = {
	.what = "timeouts",
	.fields = timeouts_fields,
	.field_count = COUNT(timeouts_fields),
	.size = sizeof(struct timeouts),
	.defaults = &timeouts_defaults,
};

static const struct config_field flows_fields[] = {
	{.key = "workers",
	 .type = CONFIG_UINT,
	 .offset = offsetof(struct flows, workers),
	 .max = SETTINGS_WORKERS_MAX},
	{.key = "max_flows",
	 .type = CONFIG_UINT,
	 .offset = offsetof(struct flows, max_flows),
	 .max = SETTINGS_FLOWS_MAX},
	{.key = "timeouts",
	 .type = CONFIG_RECORD,
	 .offset = offsetof(struct flows, timeouts),
	 .schema = &timeouts_schema},
};
static const struct flows flows_defaults = {.workers = 1, .max_flows = SETTINGS_FLOWS_DEFAULT};
static const struct config_schema flows_schema = {
	.what = "flows",
	.fields = flows_fields,
	.field_count = COUNT(flows_fields),
	.size = sizeof(struct flows),
	.defaults = &flows_defaults,
};

static const struct config_field run_fields[] = {
	{.key = "flows", .type = CONFIG_STRING, .offset = offsetof(struct run, flows)},
	{.key = "ports", .type = CONFIG_STRINGS, .offset = offsetof(struct run, ports)},
	{.key = "eal", .type = CONFIG_STRINGS, .offset = offsetof(struct run, eal)},
	{.key = "report_every",
	 .type = CONFIG_UINT,
	 .offset = offsetof(struct run, report_every),
	 .max = DAY_S},
};
static const struct run run_defaults = {.report_every = 60};
static const struct config_schema run_schema = {
	.what = "run",
	.fields = run_fields,
	.field_count = COUNT(run_fields),
	.size = sizeof(struct run),
	.defaults = &run_defaults,
};

static const char *
addresses_word(unsigned value)
{
	static const char *const words[] = {"default", "clear", "pseudonym"};
	return value < COUNT(words) ? words[value] : NULL;
}

/* Known keys whose meaning is the verdict's: accepted, not looked into here. */
#define OTHER(record, name, n)                                                                \
	{                                                                                     \
		.key = name, .type = CONFIG_NODE, .offset = offsetof(struct record, other[n]) \
	}
static const struct config_field privacy_fields[] = {
	{.key = "addresses",
	 .type = CONFIG_WORD,
	 .offset = offsetof(struct privacy, addresses),
	 .word = addresses_word},
	OTHER(privacy, "dpia_ref", 0),
	OTHER(privacy, "staff_informed_on", 1),
	OTHER(privacy, "alert_retention_days", 2),
};
static const struct config_schema privacy_schema = {
	.what = "privacy",
	.fields = privacy_fields,
	.field_count = COUNT(privacy_fields),
	.size = sizeof(struct privacy),
};

static const struct config_field policy_fields[] = {
	{.key = "inside", .type = CONFIG_NODE, .offset = offsetof(struct policy, inside)},
	OTHER(policy, "version", 0),
	OTHER(policy, "name", 1),
	OTHER(policy, "time_zone", 2),
	OTHER(policy, "unmapped_class", 3),
	OTHER(policy, "max_age_days", 4),
};
static const struct config_schema policy_schema = {
	.what = "policy",
	.fields = policy_fields,
	.field_count = COUNT(policy_fields),
	.size = sizeof(struct policy),
};

static const struct config_field file_fields[] = {
	{.key = "catalogue", .type = CONFIG_STRING, .offset = offsetof(struct file, catalogue)},
	{.key = "databases",
	 .type = CONFIG_RECORD,
	 .offset = offsetof(struct file, databases),
	 .schema = &databases_schema},
	{.key = "flows",
	 .type = CONFIG_RECORD,
	 .offset = offsetof(struct file, flows),
	 .schema = &flows_schema},
	{.key = "run",
	 .type = CONFIG_RECORD,
	 .offset = offsetof(struct file, run),
	 .schema = &run_schema},
	{.key = "privacy",
	 .type = CONFIG_RECORD,
	 .offset = offsetof(struct file, privacy),
	 .schema = &privacy_schema},
	{.key = "policy",
	 .type = CONFIG_RECORD,
	 .offset = offsetof(struct file, policy),
	 .schema = &policy_schema},
	{.key = "zones", .type = CONFIG_NODE, .offset = offsetof(struct file, zones)},
	OTHER(file, "thresholds", 0),
	OTHER(file, "tenancies", 1),
	OTHER(file, "services", 2),
	OTHER(file, "exceptions", 3),
	OTHER(file, "alerts", 4),
	OTHER(file, "resolvers", 5),
};
static const struct config_schema file_schema = {
	.what = "settings",
	.fields = file_fields,
	.field_count = COUNT(file_fields),
	.size = sizeof(struct file),
};

static void
add_inside(struct settings *out, const struct config_node *node, struct fault_list *faults)
{
	const char *text = config_node_text(node);
	struct ip_prefix prefix;
	int error = text == NULL ? -EINVAL : ip_prefix_parse(text, &prefix);

	if (error == -ERANGE)
		config_node_fault(node, faults,
				  "`%s` has bits set behind its length, expected them to be zero",
				  text);
	else if (error != 0)
		config_node_fault(node, faults,
				  "expected a prefix as in 198.51.100.0/24 or 2001:db8::/32");
	else if (inside_map_add(&out->inside, &prefix) != 0)
		config_node_fault(node, faults, "out of memory");
}

/* A list of prefixes, or one alone. */
static void
add_inside_list(struct settings *out, const struct config_node *node, struct fault_list *faults)
{
	if (node == NULL)
		return;
	if (config_node_kind(node) == CONFIG_KIND_SCALAR) {
		add_inside(out, node, faults);
		return;
	}
	for (const struct config_node *c = config_node_first(node); c != NULL;
	     c = config_node_next(c))
		add_inside(out, c, faults);
}

/* The addresses of a zone are inside, whatever else the zone says. */
static void
add_zones(struct settings *out, const struct config_node *zones, struct fault_list *faults)
{
	if (zones == NULL)
		return;
	if (config_node_kind(zones) != CONFIG_KIND_SEQUENCE) {
		config_node_fault(zones, faults, "`zones` is a %s, expected a list of zones",
				  config_kind_text(config_node_kind(zones)));
		return;
	}
	for (const struct config_node *zone = config_node_first(zones); zone != NULL;
	     zone = config_node_next(zone)) {
		const struct config_node *match = config_node_find(zone, "match");
		if (match != NULL)
			add_inside_list(out, config_node_find(match, "cidr"), faults);
	}
}

static void
set_defaults(struct settings *out)
{
	*out = (struct settings){
		.origin_table = paths_default_table(),
		.country_mmdb = paths_default_country(),
		.catalogue = paths_default_catalogue(),
		.workers = (unsigned)flows_defaults.workers,
		.max_flows = (uint32_t)flows_defaults.max_flows,
		.timeouts = FLOW_TIMEOUTS_DEFAULT,
		.run_report_s = (uint32_t)run_defaults.report_every,
		.arena = arena_create(),
	};
}

static void
apply_flows(struct settings *out, const struct flows *flows)
{
	if (flows == NULL)
		return;
	out->workers = flows->workers != 0 ? (unsigned)flows->workers : 1;
	out->max_flows = flows->max_flows < SETTINGS_FLOWS_MIN ? SETTINGS_FLOWS_MIN
							       : (uint32_t)flows->max_flows;
	const struct timeouts *t = flows->timeouts;
	if (t != NULL)
		out->timeouts = (struct flow_timeouts){(uint32_t)t->tcp, (uint32_t)t->tcp_closed,
						       (uint32_t)t->udp, (uint32_t)t->other,
						       (uint32_t)t->active};
}

static void
apply(struct settings *out, const struct file *file, struct fault_list *faults)
{
	if (file->catalogue != NULL)
		out->catalogue = file->catalogue;
	if (file->databases != NULL) {
		if (file->databases->table != NULL)
			out->origin_table = file->databases->table;
		if (file->databases->country != NULL)
			out->country_mmdb = file->databases->country;
		out->asn_mmdb = file->databases->asn;
	}
	apply_flows(out, file->flows);
	if (file->run != NULL) {
		out->run_flows = file->run->flows;
		out->run_ports = file->run->ports.items;
		out->run_port_count = file->run->ports.count;
		out->run_eal = file->run->eal.items;
		out->run_eal_count = file->run->eal.count;
		out->run_report_s = (uint32_t)file->run->report_every;
	}
	if (file->privacy != NULL)
		out->addresses = (enum settings_addresses)file->privacy->addresses;
	if (file->policy != NULL)
		add_inside_list(out, file->policy->inside, faults);
	add_zones(out, file->zones, faults);
}

/* Takes over a parsed tree; NULL: it had faults already. */
static int
settings_from_tree(struct config_tree *tree, struct settings *out, struct fault_list *faults)
{
	struct file file = {0};

	if (tree == NULL)
		return -EINVAL;
	const struct config_node *root = config_tree_root(tree);
	if (root != NULL && config_read(root, &file_schema, out->arena, &file, faults))
		apply(out, &file, faults);
	config_tree_destroy(tree);
	return faults->count == 0 ? 0 : -EINVAL;
}

static int
begin(const char *name, struct settings *out, struct fault_list *faults)
{
	set_defaults(out);
	if (out->arena != NULL)
		return 0;
	fault_list_add(faults, name != NULL ? name : "settings", 0, 0, "out of memory");
	return -EINVAL;
}

int
settings_load(const char *path, struct settings *out, struct fault_list *faults)
{
	if (begin(path, out, faults) != 0)
		return -EINVAL;
	return path == NULL ? 0 : settings_from_tree(config_tree_load(path, faults), out, faults);
}

int
settings_parse(const char *name, const char *text, size_t len, struct settings *out,
	       struct fault_list *faults)
{
	if (begin(name, out, faults) != 0)
		return -EINVAL;
	return settings_from_tree(config_tree_parse(name, text, len, faults), out, faults);
}

void
settings_fini(struct settings *settings)
{
	inside_map_fini(&settings->inside);
	arena_destroy(settings->arena);
	*settings = (struct settings){0};
}
