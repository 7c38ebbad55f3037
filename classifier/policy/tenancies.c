/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/tenancies.h"

#include <stdio.h>
#include <string.h>

#include "classifier/policy/end_point_table.h"
#include "classifier/policy/reference.h"

struct tenancy_table {
	struct tenancy *items;
	struct end_point_table *end_points;
};

struct tenancy_builder {
	struct tenancy_table *table;
	const struct tenancy_scope *scope;
	struct fault_list *faults;
};

static const char *
id_of(const void *things, uint32_t number)
{
	const struct tenancy_table *table = things;

	return table->items[number].id;
}

static void
tell_unknown_service(const struct tenancy_builder *b, const struct reference *reference,
		     const struct catalogue_operator *owner)
{
	const struct file_policy_service *declared = b->scope->services->items;
	struct suggestion near = {.given = reference->text};

	for (size_t i = 0; i < owner->service_count && reference_is_shown(reference); i++)
		suggestion_offer(&near, owner->services[i]->id);
	for (size_t i = 0; i < b->scope->services->count && reference_is_shown(reference); i++) {
		const char *operator_id = declared[i].operator_id;
		if (declared[i].service.id != NULL && operator_id != NULL &&
		    strcmp(operator_id, owner->id) == 0)
			suggestion_offer(&near, declared[i].service.id);
	}
	char what[128];
	(void)snprintf(what, sizeof(what), "service of %s", owner->id);
	reference_unknown(reference, what, &near);
}

static const struct catalogue_service *
find_service(const struct tenancy_builder *b, const struct file_tenancy *file,
	     const struct catalogue_operator *owner)
{
	const struct reference reference = {policy_file_item(file->node, "service", 0),
					    file->service, b->faults};

	if (owner == NULL || file->service == NULL)
		return NULL;
	const struct catalogue_service *found =
		own_services_find(b->scope->own, owner, file->service);
	if (found == NULL)
		found = catalogue_find_service(owner, file->service);
	if (found == NULL)
		tell_unknown_service(b, &reference, owner);
	return found;
}

/* Whether the file gives something under the key, whatever could be made of it. */
static bool
has_values(const struct config_node *match, const char *key)
{
	const struct config_node *node = config_node_find(match, key);

	if (node == NULL || config_node_is_null(node))
		return false;
	return config_node_kind(node) == CONFIG_KIND_SCALAR || config_node_count(node) > 0;
}

static void
add_end_points(const struct tenancy_builder *b, const struct file_tenancy *file, uint32_t number)
{
	const struct file_tenancy_match *match = file->match;

	if (match == NULL)
		return;
	if (config_node_kind(match->node) == CONFIG_KIND_MAPPING &&
	    !has_values(match->node, "cidr") && !has_values(match->node, "name"))
		config_node_fault(match->node, b->faults,
				  "match names nothing, expected cidr or name");
	struct end_point_source source = {
		.record = match->node,
		.what = "tenancy",
		.id = b->table->items[number].id,
		.number = number,
		.id_of = id_of,
		.things = b->table,
	};
	source.key = "cidr";
	end_point_table_add_prefixes(b->table->end_points, &match->cidr, &source, b->faults);
	source.key = "name";
	end_point_table_add_names(b->table->end_points, &match->name, &source, b->faults);
}

static void
add_tenancy(const struct tenancy_builder *b, const struct file_tenancy *file, uint32_t number)
{
	const struct reference operator_id = {policy_file_item(file->node, "operator", 0),
					      file->operator_id, b->faults};
	struct tenancy *tenancy = &b->table->items[number];

	reference_check_id(file->id, "tenancy", policy_file_item(file->node, "id", 0), b->faults);
	*tenancy = (struct tenancy){
		.id = file->id != NULL ? file->id : "",
		.owner = file->owner,
		.operator_record = reference_operator(&operator_id, b->scope->catalogue),
	};
	tenancy->service = find_service(b, file, tenancy->operator_record);
	add_end_points(b, file, number);
}

static void
refuse_twice(const struct config_list *items, struct arena *arena, struct fault_list *faults)
{
	const struct file_tenancy *file = items->items;
	struct declared_id *ids = arena_alloc_array(arena, items->count, sizeof(*ids));
	size_t count = 0;

	for (size_t i = 0; ids != NULL && i < items->count; i++) {
		if (file[i].id != NULL)
			ids[count++] = (struct declared_id){
				file[i].id, NULL, policy_file_item(file[i].node, "id", 0)};
	}
	reference_refuse_twice(ids, count, "tenancy", faults);
}

struct tenancy_table *
tenancy_table_create(const struct config_list *items, const struct tenancy_scope *scope,
		     struct arena *arena, struct fault_list *faults)
{
	const struct file_tenancy *file = items->items;
	struct tenancy_table *table = arena_alloc(arena, sizeof(*table));
	const struct tenancy_builder b = {table, scope, faults};

	if (table != NULL) {
		table->items = arena_alloc_array(arena, items->count, sizeof(*table->items));
		table->end_points = end_point_table_create(arena);
	}
	if (table == NULL || table->items == NULL || table->end_points == NULL) {
		fault_list_add(faults, "tenancies", 0, 0, "out of memory");
		return NULL;
	}
	for (size_t i = 0; i < items->count; i++)
		add_tenancy(&b, &file[i], (uint32_t)i);
	refuse_twice(items, arena, faults);
	return table;
}

void
tenancy_table_destroy(struct tenancy_table *table)
{
	if (table != NULL)
		end_point_table_destroy(table->end_points);
}

const struct tenancy *
tenancy_table_find_by_name(const struct tenancy_table *table, const char *name)
{
	uint32_t number;

	return end_point_table_find_name(table->end_points, name, &number) ? &table->items[number]
									   : NULL;
}

const struct tenancy *
tenancy_table_find_by_address(const struct tenancy_table *table, const struct ip_address *address)
{
	uint32_t number;

	return end_point_table_find_address(table->end_points, address, &number)
		       ? &table->items[number]
		       : NULL;
}
