/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/own_services.h"

#include <stdlib.h>
#include <string.h>

#include "classifier/policy/end_point_table.h"
#include "classifier/policy/reference.h"

struct own_services {
	struct catalogue_service *items; /* one for each record; `owner` is NULL after a fault */
	const struct catalogue_service **sorted; /* by operator and id */
	size_t count;                            /* of sorted */
	struct end_point_table *end_points;
};

static const char *
id_of(const void *things, uint32_t number)
{
	const struct own_services *services = things;

	return services->items[number].id;
}

static int
compare_keys(const struct catalogue_operator *owner, const char *id,
	     const struct catalogue_service *service)
{
	if (owner != service->owner)
		return owner < service->owner ? -1 : 1;
	return strcmp(id, service->id);
}

static int
compare_services(const void *a, const void *b)
{
	const struct catalogue_service *left = *(const struct catalogue_service *const *)a;

	return compare_keys(left->owner, left->id, *(const struct catalogue_service *const *)b);
}

static void
check_service(const struct file_policy_service *file, struct fault_list *faults)
{
	if (file->service.exposure == EXPOSURE_EU_QUALIFIED)
		config_node_fault(policy_file_item(file->service.node, "exposure", 0), faults,
				  "`eu-qualified` comes from `qualifications`, for as long as they "
				  "hold; give the class that holds without them");
}

static void
fill_service(struct own_services *services, uint32_t number, const struct file_policy_service *file,
	     const struct catalogue_operator *owner, struct arena *arena, struct fault_list *faults)
{
	struct catalogue_service *service = &services->items[number];
	const struct catalogue_service *known = catalogue_find_service(owner, file->service.id);
	struct end_point_source source = {
		.record = file->service.node,
		.what = "service",
		.id = file->service.id,
		.number = number,
		.id_of = id_of,
		.things = services,
	};

	service_record_fill(&file->service, owner, arena, faults, service);
	if (file->service.name == NULL && known != NULL)
		service->name = known->name;
	services->sorted[services->count++] = service;
	source.key = "prefixes";
	end_point_table_add_prefixes(services->end_points, &file->prefixes, &source, faults);
	source.key = "name_patterns";
	end_point_table_add_names(services->end_points, &file->name_patterns, &source, faults);
}

static void
refuse_twice(const struct config_list *items, struct arena *arena, struct fault_list *faults)
{
	const struct file_policy_service *file = items->items;
	struct declared_id *ids = arena_alloc_array(arena, items->count, sizeof(*ids));
	size_t count = 0;

	for (size_t i = 0; ids != NULL && i < items->count; i++) {
		if (file[i].service.id != NULL && file[i].operator_id != NULL)
			ids[count++] = (struct declared_id){
				file[i].service.id, file[i].operator_id,
				policy_file_item(file[i].service.node, "id", 0)};
	}
	reference_refuse_twice(ids, count, "service", faults);
}

struct own_services *
own_services_create(const struct config_list *items, const struct catalogue *catalogue,
		    struct arena *arena, struct fault_list *faults)
{
	const struct file_policy_service *file = items->items;
	struct own_services *services = arena_alloc(arena, sizeof(*services));

	if (services != NULL) {
		services->items = arena_alloc_array(arena, items->count, sizeof(*services->items));
		services->sorted =
			arena_alloc_array(arena, items->count, sizeof(*services->sorted));
		services->end_points = end_point_table_create(arena);
	}
	if (services == NULL || services->items == NULL || services->sorted == NULL ||
	    services->end_points == NULL) {
		fault_list_add(faults, "services", 0, 0, "out of memory");
		return NULL;
	}
	for (size_t i = 0; i < items->count; i++) {
		const struct reference operator_id = {
			policy_file_item(file[i].service.node, "operator", 0), file[i].operator_id,
			faults};
		const struct catalogue_operator *owner =
			reference_operator(&operator_id, catalogue);
		check_service(&file[i], faults);
		if (owner != NULL && file[i].service.id != NULL)
			fill_service(services, (uint32_t)i, &file[i], owner, arena, faults);
	}
	refuse_twice(items, arena, faults);
	if (services->count > 1)
		qsort(services->sorted, services->count, sizeof(*services->sorted),
		      compare_services);
	return services;
}

void
own_services_destroy(struct own_services *services)
{
	if (services != NULL)
		end_point_table_destroy(services->end_points);
}

const struct catalogue_service *
own_services_find(const struct own_services *services, const struct catalogue_operator *owner,
		  const char *id)
{
	size_t low = 0, high = services->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_keys(owner, id, services->sorted[middle]);
		if (order == 0)
			return services->sorted[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct catalogue_service *
own_services_find_by_name(const struct own_services *services, const char *name)
{
	uint32_t number;

	return end_point_table_find_name(services->end_points, name, &number)
		       ? &services->items[number]
		       : NULL;
}

const struct catalogue_service *
own_services_find_by_address(const struct own_services *services, const struct ip_address *address)
{
	uint32_t number;

	return end_point_table_find_address(services->end_points, address, &number)
		       ? &services->items[number]
		       : NULL;
}
