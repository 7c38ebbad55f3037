/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the keys of the file mean to the program. The keys of the policy (zones, tenancies,
 * services, exceptions, thresholds) are those of the verdict; here only what is inside is taken
 * from them.
 */
#include "app/settings.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "app/paths.h"
#include "app/settings_file.h"
#include "base/arena.h"
#include "base/config_tree.h"

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
	if (config_node_kind(node) != CONFIG_KIND_SEQUENCE) {
		config_node_fault(node, faults,
				  "`%s` is a mapping, expected a prefix or a list of prefixes",
				  config_node_key(node));
		return;
	}
	for (const struct config_node *c = config_node_first(node); c != NULL;
	     c = config_node_next(c))
		add_inside(out, c, faults);
}

static bool
is_mapping(const struct config_node *node, const char *what, struct fault_list *faults)
{
	if (config_node_kind(node) == CONFIG_KIND_MAPPING)
		return true;
	config_node_fault(node, faults, "%s is a %s, expected a mapping", what,
			  config_kind_text(config_node_kind(node)));
	return false;
}

/* The addresses of a zone are inside, whatever else the zone says. */
static void
add_zone(struct settings *out, const struct config_node *zone, struct fault_list *faults)
{
	if (!is_mapping(zone, "zone", faults))
		return;
	const struct config_node *match = config_node_find(zone, "match");
	if (match != NULL && is_mapping(match, "`match`", faults))
		add_inside_list(out, config_node_find(match, "cidr"), faults);
}

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
	     zone = config_node_next(zone))
		add_zone(out, zone, faults);
}

static void
set_defaults(struct settings *out)
{
	*out = (struct settings){
		.origin_table = paths_default_table(),
		.country_mmdb = paths_default_country(),
		.catalogue = paths_default_catalogue(),
		.workers = (unsigned)settings_file_flows_defaults.workers,
		.max_flows = (uint32_t)settings_file_flows_defaults.max_flows,
		.timeouts = FLOW_TIMEOUTS_DEFAULT,
		.run_report_s = (uint32_t)settings_file_run_defaults.report_every,
		.arena = arena_create(),
	};
}

/* The path under `key`, with a fault where the file cannot be read: here its line is known. */
static const char *
readable(const struct config_node *mapping, const char *key, const char *path,
	 struct fault_list *faults)
{
	if (path != NULL && access(path, R_OK) != 0)
		config_node_fault(config_node_find(mapping, key), faults, "%s: %s", path,
				  strerror(errno));
	return path;
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
require_at_least(const struct config_node *mapping, const char *key, uint64_t value, uint64_t least,
		 struct fault_list *faults)
{
	if (value < least)
		config_node_fault(config_node_find(mapping, key), faults,
				  "`%s` is `%llu`, expected at least %llu", key,
				  (unsigned long long)value, (unsigned long long)least);
}

static void
apply_flows(struct settings *out, const struct file_flows *flows, struct fault_list *faults)
{
	if (flows == NULL)
		return;
	require_at_least(flows->self, "workers", flows->workers, 1, faults);
	require_at_least(flows->self, "max_flows", flows->max_flows, SETTINGS_FLOWS_MIN, faults);
	out->workers = (unsigned)flows->workers;
	out->max_flows = (uint32_t)flows->max_flows;
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
	out->run_ports = run->ports.items;
	out->run_port_count = run->ports.count;
	out->run_eal = run->eal.items;
	out->run_eal_count = run->eal.count;
	out->run_report_s = (uint32_t)run->report_every;
}

static void
apply(struct settings *out, const struct settings_file *file, struct fault_list *faults)
{
	if (file->catalogue != NULL)
		out->catalogue = readable(file->self, "catalogue", file->catalogue, faults);
	apply_databases(out, file->databases, faults);
	apply_flows(out, file->flows, faults);
	apply_run(out, file->run);
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
	struct settings_file file;

	if (tree == NULL)
		return -EINVAL;
	const struct config_node *root = config_tree_root(tree);
	if (root != NULL) {
		/* What could be read is looked at even so: all mistakes are told in one run. */
		(void)settings_file_read(root, out->arena, &file, faults);
		apply(out, &file, faults);
	}
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
