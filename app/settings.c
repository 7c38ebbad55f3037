/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the keys of the file mean to the program. Those of the policy go to policy_create; here only
 * what is inside is taken from them, which the workers need.
 */
#include "app/settings.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/paths.h"
#include "app/settings_file.h"
#include "app/settings_sinks.h"
#include "base/arena.h"
#include "base/config_tree.h"

static void
set_defaults(struct settings *out)
{
	*out = (struct settings){
		.origin_table = paths_default_table(),
		.country_mmdb = paths_default_country(),
		.catalogue = paths_default_catalogue(),
		.rules = paths_default_rules(),
		.workers = (unsigned)settings_file_flows_defaults.workers,
		.max_flows = (uint32_t)settings_file_flows_defaults.max_flows,
		.timeouts = FLOW_TIMEOUTS_DEFAULT,
		.protocol_detection =
			(enum protocol_detection)settings_file_flows_defaults.protocol_detection,
		.alert_retention_days =
			(uint32_t)settings_file_privacy_defaults.alert_retention_days,
		.alert_update_s = (uint32_t)file_alerts_defaults.update_every,
		.alert_rule_limit = (uint32_t)file_alerts_defaults.rule_limit,
		.alert_limit = (uint32_t)file_alerts_defaults.limit,
		.sensor_name = settings_sinks_host_name(),
		.enterprise_number = (uint32_t)settings_file_sensor_defaults.enterprise_number,
		.journal_path = paths_default_journal(),
		.flow_retention_days = (uint32_t)settings_file_journal_defaults.flow_retention_days,
		.run_report_s = (uint32_t)settings_file_run_defaults.report_every,
		.arena = arena_create(),
	};
}

/* The path under `key`; NULL with a fault where it cannot be read: here its line is known. */
static const char *
readable(const struct config_node *mapping, const char *key, const char *path,
	 struct fault_list *faults)
{
	if (path == NULL || access(path, R_OK) == 0)
		return path;
	config_node_fault(config_node_find(mapping, key), faults, "%s: %s", path, strerror(errno));
	return NULL;
}

static void
apply_databases(struct settings *out, const struct file_databases *databases,
		struct fault_list *faults)
{
	if (databases == NULL)
		return;
	if (databases->table != NULL)
		out->origin_table = readable(databases->self, "table", databases->table, faults);
	if (databases->country != NULL)
		out->country_mmdb =
			readable(databases->self, "country", databases->country, faults);
	out->asn_mmdb = readable(databases->self, "asn", databases->asn, faults);
}

static void
apply_flows(struct settings *out, const struct file_flows *flows)
{
	if (flows == NULL)
		return;
	out->workers = (unsigned)flows->workers;
	out->max_flows = (uint32_t)flows->max_flows;
	out->protocol_detection = (enum protocol_detection)flows->protocol_detection;
	const struct file_timeouts *t = flows->timeouts;
	if (t != NULL)
		out->timeouts = (struct flow_timeouts){(uint32_t)t->tcp, (uint32_t)t->tcp_closed,
						       (uint32_t)t->udp, (uint32_t)t->other,
						       (uint32_t)t->active};
}

static void
apply_run(struct settings *out, const struct file_run *run)
{
	if (run == NULL)
		return;
	out->run_flows = run->flows;
	out->run_alerts = run->alerts;
	out->run_ports = run->ports.items;
	out->run_port_count = run->ports.count;
	out->run_eal = run->eal.items;
	out->run_eal_count = run->eal.count;
	out->run_report_s = (uint32_t)run->report_every;
}

static void
apply_privacy(struct settings *out, const struct file_privacy *privacy)
{
	if (privacy == NULL)
		return;
	out->addresses = (enum settings_addresses)privacy->addresses;
	out->alert_retention_days = (uint32_t)privacy->alert_retention_days;
	if (privacy->key_file != NULL)
		out->key_file = privacy->key_file;
}

static void
apply_alerts(struct settings *out, const struct file_alerts *alerts)
{
	if (alerts == NULL)
		return;
	out->alert_update_s = (uint32_t)alerts->update_every;
	out->alert_rule_limit = (uint32_t)alerts->rule_limit;
	out->alert_limit = (uint32_t)alerts->limit;
}

static void
apply_journal(struct settings *out, const struct file_journal *journal)
{
	if (journal == NULL)
		return;
	if (journal->path != NULL)
		out->journal_path = journal->path;
	out->flow_retention_days = (uint32_t)journal->flow_retention_days;
}

/* Nobody's packets are read for their content before an assessment is done and staff told (domain
 * §3i). */
static void
check_content_inspection(const struct settings_file *file, struct fault_list *faults)
{
	const struct file_zone *zone = file->policy.zones.items;
	const struct file_privacy *privacy = file->privacy;

	if (privacy != NULL && privacy->dpia_ref != NULL && privacy->staff_informed_on != NULL)
		return;
	for (size_t i = 0; i < file->policy.zones.count; i++) {
		if (zone[i].content_inspection != 0)
			config_node_fault(policy_file_item(zone[i].node, "content_inspection", 0),
					  faults,
					  "content inspection needs `privacy.dpia_ref` and "
					  "`privacy.staff_informed_on`");
	}
}

static void
add_inside(struct settings *out, const struct config_list *prefixes, struct fault_list *faults)
{
	const struct ip_prefix *prefix = prefixes->items;

	for (size_t i = 0; i < prefixes->count; i++) {
		if (inside_map_add(&out->inside, &prefix[i]) != 0) {
			fault_list_add(faults, "settings", 0, 0, "out of memory");
			return;
		}
	}
}

static void
apply_inside(struct settings *out, const struct policy_file *policy, struct fault_list *faults)
{
	const struct file_zone *zone = policy->zones.items;

	if (policy->policy != NULL)
		add_inside(out, &policy->policy->inside, faults);
	for (size_t i = 0; i < policy->zones.count; i++) {
		if (zone[i].match != NULL)
			add_inside(out, &zone[i].match->cidr, faults);
	}
	/* Sample networks have documentation addresses on both sides: the zones tell which. */
	out->inside.documentation_outside = policy->zones.count > 0;
}

static void
apply(struct settings *out, const struct settings_file *file, struct fault_list *faults)
{
	if (file->catalogue != NULL)
		out->catalogue = readable(file->self, "catalogue", file->catalogue, faults);
	if (file->rules != NULL)
		out->rules = readable(file->self, "rules", file->rules, faults);
	apply_databases(out, file->databases, faults);
	apply_flows(out, file->flows);
	apply_run(out, file->run);
	apply_privacy(out, file->privacy);
	apply_alerts(out, file->policy.alerts);
	apply_journal(out, file->journal);
	check_content_inspection(file, faults);
	out->policy_file = file->policy;
	apply_inside(out, &file->policy, faults);
	settings_sinks_apply(out, file, faults);
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

/* A folder that was named and is not there is a slip, and not an installation without data. */
static void
require_data_folder(struct fault_list *faults)
{
	const char *folder = paths_data_directory();
	struct stat status;

	if (!paths_data_is_chosen())
		return;
	int error = stat(folder, &status) != 0 ? errno : S_ISDIR(status.st_mode) ? 0 : ENOTDIR;
	if (error != 0)
		fault_list_add(faults, "VIGIE_DATA", 0, 0, "%s: %s, expected a folder", folder,
			       strerror(error));
}

/* Takes over a parsed tree; NULL: it had faults already. */
static int
settings_from_tree(struct config_tree *tree, struct settings *out, struct fault_list *faults)
{
	out->from_file = true;
	out->key_file = paths_default_key_file();
	out->tree = tree;
	const struct config_node *root = tree != NULL ? config_tree_root(tree) : NULL;
	if (root != NULL) {
		struct settings_file *file = arena_alloc(out->arena, sizeof(*file));
		if (file == NULL) {
			config_node_fault(root, faults, "out of memory");
			return -EINVAL;
		}
		/* What could be read is looked at even so: all mistakes are told in one run. */
		(void)config_read(root, &settings_file_schema, out->arena, file, faults);
		apply(out, file, faults);
		out->file = file;
	}
	return faults->count == 0 ? 0 : -EINVAL;
}

int
settings_load(const char *path, struct settings *out, struct fault_list *faults)
{
	if (begin(path, out, faults) != 0)
		return -EINVAL;
	require_data_folder(faults);
	if (path != NULL)
		(void)settings_from_tree(config_tree_load_including(path, faults), out, faults);
	return faults->count == 0 ? 0 : -EINVAL;
}

int
settings_parse(const char *name, const char *text, size_t len, struct settings *out,
	       struct fault_list *faults)
{
	if (begin(name, out, faults) != 0)
		return -EINVAL;
	(void)settings_from_tree(config_tree_parse(name, text, len, faults), out, faults);
	if (out->file != NULL && out->file->include.count > 0)
		config_node_fault(policy_file_item(out->file->self, "include", 0), faults,
				  "`include` works in files only");
	return faults->count == 0 ? 0 : -EINVAL;
}

/* The key under which the settings name that database; NULL where they do not. */
static const struct config_node *
find_key_of(const struct settings *settings, const char *path)
{
	static const char *const keys[] = {"table", "country", "asn"};
	const struct file_databases *databases =
		settings->file != NULL ? settings->file->databases : NULL;

	for (size_t i = 0; databases != NULL && i < sizeof(keys) / sizeof(*keys); i++) {
		const struct config_node *node = config_node_find(databases->self, keys[i]);
		const char *text = node != NULL ? config_node_text(node) : NULL;
		if (text != NULL && strcmp(text, path) == 0)
			return node;
	}
	return NULL;
}

void
settings_add_faults(const struct settings *settings, const struct fault_list *found,
		    struct fault_list *faults)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct fault none = {0};
		const struct fault *f = i < FAULT_LIST_MAX ? &found->faults[i] : &none;
		const char *file = f->file != NULL ? f->file : "settings";
		const char *what = f->what != NULL ? f->what : "out of memory";
		const struct config_node *key = f->line == 0 ? find_key_of(settings, file) : NULL;
		if (key != NULL)
			config_node_fault(key, faults, "%s: %s", file, what);
		else
			fault_list_add(faults, file, f->line, f->column, "%s", what);
	}
}

void
settings_fini(struct settings *settings)
{
	settings_sinks_wipe(settings);
	inside_map_fini(&settings->inside);
	arena_destroy(settings->arena);
	config_tree_destroy(settings->tree);
	*settings = (struct settings){0};
}
