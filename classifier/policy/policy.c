/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Built part by part, each of which gives what it could make even after faults: so what refers to
 * it is checked in the same run, and all mistakes are told at once.
 */
#include "classifier/policy/policy.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/config_value.h"
#include "classifier/policy/own_services.h"
#include "classifier/policy/tenancies.h"
#include "classifier/policy/zone_tables.h"

static const struct file_policy *
policy_of(const struct policy_file *file)
{
	return file->policy != NULL ? file->policy : &file_policy_defaults;
}

static void
load_time_zone(struct policy *policy, const struct file_policy *file, struct fault_list *faults)
{
	const char *name = file->time_zone != NULL ? file->time_zone : "";

	policy->time_zone = time_zone_load(name);
	if (policy->time_zone != NULL)
		return;
	const char *why = strerror(errno);
	if (errno == ENOENT || errno == EINVAL)
		why = "the system knows no such zone (package tzdata), expected a name as in "
		      "Europe/Paris or UTC";
	if (file->node != NULL)
		config_node_fault(policy_file_item(file->node, "time_zone", 0), faults,
				  "time zone `%s`: %s", name, why);
	else
		fault_list_add(faults, "policy", 0, 0, "time zone `%s`: %s", name, why);
}

static void
add_zones(struct policy *policy, const struct policy_file *file, const struct rule_book *rules,
	  struct fault_list *faults)
{
	struct zone_defaults defaults = {.unmapped_class =
						 (enum data_class)policy_of(file)->unmapped_class};

	if (rules != NULL)
		defaults.thresholds = rules->thresholds;
	policy_file_apply_thresholds(file->thresholds, &defaults.thresholds);
	policy->zones = zone_table_build(&file->zones, &defaults, faults);
	policy->defaults = file->zones.count == 0;
}

struct limit {
	const char *key;
	uint64_t bytes;
};

/* Told where one of the two is given, with whatever holds beside it. */
static void
check_order(const struct file_thresholds *file, const struct limit *low, const struct limit *high,
	    struct fault_list *faults)
{
	const struct config_node *node = config_node_find(file->node, high->key);
	char low_text[CONFIG_VALUE_TEXT_MAX], high_text[CONFIG_VALUE_TEXT_MAX];

	if (node == NULL)
		node = config_node_find(file->node, low->key);
	if (node == NULL || low->bytes <= high->bytes)
		return;
	config_value_format_size(low->bytes, low_text);
	config_value_format_size(high->bytes, high_text);
	config_node_fault(node, faults, "`%s` (%s) is above `%s` (%s), expected at most as much",
			  low->key, low_text, high->key, high_text);
}

static void
check_thresholds(const struct file_thresholds *file, const struct shape_thresholds *held,
		 struct fault_list *faults)
{
	const struct limit trace = {"trace_below", held->trace_below};
	const struct limit export = {"export_min", held->export_min};
	const struct limit bulk = {"bulk_min", held->bulk_min};

	if (file == NULL)
		return;
	check_order(file, &export, &bulk, faults);
	check_order(file, &trace, &export, faults);
}

/* Without the rules it is not known what holds where the settings say nothing. */
static void
check_all_thresholds(const struct policy *policy, const struct policy_file *file,
		     struct fault_list *faults)
{
	const struct file_zone *zone = file->zones.items;

	if (policy->rules == NULL || policy->zones == NULL)
		return;
	check_thresholds(file->thresholds, &zone_table_by_id(policy->zones, "unmapped")->thresholds,
			 faults);
	for (size_t i = 0; i < file->zones.count; i++)
		check_thresholds(zone[i].thresholds, &zone_table_at(policy->zones, i)->thresholds,
				 faults);
}

static void
add_exceptions(struct policy *policy, const struct policy_file *file,
	       const struct catalogue *catalogue, struct fault_list *faults)
{
	const struct exception_scope scope = {
		.catalogue = catalogue, .zones = policy->zones, .services = &file->services};

	policy->exceptions = exception_list_create(&file->exceptions, &scope, faults);
}

static void
add_tenancies(struct policy *policy, const struct policy_file *file,
	      const struct catalogue *catalogue, struct fault_list *faults)
{
	policy->services = own_services_create(&file->services, catalogue, policy->arena, faults);
	if (policy->services == NULL)
		return;
	const struct tenancy_scope scope = {
		.catalogue = catalogue, .services = &file->services, .own = policy->services};
	policy->tenancies = tenancy_table_create(&file->tenancies, &scope, policy->arena, faults);
}

static void
add_resolvers(struct policy *policy, const struct config_list *resolvers, struct fault_list *faults)
{
	const struct ip_prefix *prefix = resolvers->items;

	if (resolvers->count == 0)
		return;
	policy->resolvers = prefix_map_create();
	for (size_t i = 0; i < resolvers->count; i++) {
		uint32_t value = 0;
		if (policy->resolvers == NULL ||
		    prefix_map_add(policy->resolvers, 0, &prefix[i], &value) == -ENOMEM) {
			fault_list_add(faults, "resolvers", 0, 0, "out of memory");
			return;
		}
	}
}

static void
set_values(struct policy *policy, const struct policy_file *file)
{
	const struct file_policy *from = policy_of(file);
	const struct file_alerts *alerts =
		file->alerts != NULL ? file->alerts : &file_alerts_defaults;

	policy->name = from->name;
	policy->version = from->version;
	policy->equivalent_schemes = from->equivalent_schemes.items;
	policy->equivalent_scheme_count = from->equivalent_schemes.count;
	policy->alerts_minimum = (enum severity)alerts->minimum;
	if (from->max_age_days != POLICY_FILE_NOT_GIVEN)
		policy->max_age_days = (uint32_t)from->max_age_days;
	else if (policy->rules != NULL)
		policy->max_age_days = policy->rules->max_age_days;
}

struct policy *
policy_create(const struct policy_file *file, const struct catalogue *catalogue,
	      const struct rule_book *rules, struct fault_list *faults)
{
	size_t faults_before = faults->count;
	struct arena *arena = arena_create();
	struct policy *policy = arena != NULL ? arena_alloc(arena, sizeof(*policy)) : NULL;

	if (policy == NULL) {
		fault_list_add(faults, "policy", 0, 0, "out of memory");
		arena_destroy(arena);
		return NULL;
	}
	*policy = (struct policy){.arena = arena, .rules = rules, .catalogue = catalogue};
	set_values(policy, file);
	load_time_zone(policy, policy_of(file), faults);
	add_zones(policy, file, rules, faults);
	check_all_thresholds(policy, file, faults);
	add_tenancies(policy, file, catalogue, faults);
	add_exceptions(policy, file, catalogue, faults);
	add_resolvers(policy, &file->resolvers, faults);
	if (faults->count == faults_before && catalogue != NULL && rules != NULL)
		return policy;
	policy_destroy(policy);
	return NULL;
}

void
policy_destroy(struct policy *policy)
{
	if (policy == NULL)
		return;
	prefix_map_destroy(policy->resolvers);
	exception_list_destroy(policy->exceptions);
	tenancy_table_destroy(policy->tenancies);
	own_services_destroy(policy->services);
	zone_table_destroy(policy->zones);
	time_zone_destroy(policy->time_zone);
	arena_destroy(policy->arena);
}

int32_t
policy_day(const struct policy *policy, uint64_t time_ns)
{
	return time_zone_wall(policy->time_zone, time_ns).day;
}

const struct tenancy *
policy_find_tenancy_by_address(const struct policy *policy, const struct ip_address *address)
{
	return tenancy_table_find_by_address(policy->tenancies, address);
}

const struct tenancy *
policy_find_tenancy_by_name(const struct policy *policy, const char *name)
{
	return tenancy_table_find_by_name(policy->tenancies, name);
}

const struct catalogue_service *
policy_find_service_by_name(const struct policy *policy, const char *name)
{
	return own_services_find_by_name(policy->services, name);
}

const struct catalogue_service *
policy_find_service_by_address(const struct policy *policy, const struct ip_address *address)
{
	return own_services_find_by_address(policy->services, address);
}

const struct catalogue_service *
policy_service(const struct policy *policy, const struct catalogue_service *service)
{
	if (service == NULL)
		return NULL;
	const struct catalogue_service *own =
		own_services_find(policy->services, service->owner, service->id);
	return own != NULL ? own : service;
}

bool
policy_is_resolver(const struct policy *policy, const struct ip_address *address)
{
	return prefix_map_find(policy->resolvers, 0, address, NULL, NULL);
}
