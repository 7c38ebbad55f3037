/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of the settings to the tables of zones: checked one by one, then against each other by
 * putting them into the maps, which tell what is there already.
 */
#include <stdlib.h>
#include <string.h>

#include "classifier/policy/reference.h"
#include "classifier/policy/zone_keys.h"

static void *
allocate(struct zone_builder *b, size_t count, size_t size)
{
	void *piece = arena_alloc_array(b->table->arena, count, size);

	b->out_of_memory |= piece == NULL;
	return piece;
}

/* ---- zones one by one ---- */

static void
check_zone(const struct zone_builder *b, const struct file_zone *file)
{
	const struct config_node *match = file->match != NULL ? file->match->node : NULL;
	bool names_something = false;

	reference_check_id(file->id, "zone", policy_file_item(file->node, "id", 0), b->faults);
	if (file->id != NULL && strcmp(file->id, b->table->unmapped.id) == 0)
		config_node_fault(policy_file_item(file->node, "id", 0), b->faults,
				  "zone `%s` stands for what no zone lists; choose another id",
				  file->id);
	if (file->privacy != 0 && file->data_class >= DATA_CLASS_HEALTH)
		config_node_fault(policy_file_item(file->node, "privacy", 0), b->faults,
				  "`excluded` is refused for class %s: from health up, flows have "
				  "to be judged",
				  data_class_text(file->data_class));
	if (match == NULL || config_node_kind(match) != CONFIG_KIND_MAPPING)
		return;
	for (const struct config_node *key = config_node_first(match); key != NULL;
	     key = config_node_next(key))
		names_something |= config_node_kind(key) == CONFIG_KIND_SCALAR
					   ? !config_node_is_null(key)
					   : config_node_count(key) > 0;
	if (!names_something)
		config_node_fault(match, b->faults,
				  "match names nothing, expected cidr, vlan, vni or port");
}

static struct zone
make_zone(const struct file_zone *file, const struct zone_defaults *defaults)
{
	const char *id = file->id != NULL ? file->id : "";
	struct zone zone = {
		.id = id,
		.label = file->label != NULL ? file->label : id,
		.owner = file->owner,
		.data_class = (enum data_class)file->data_class,
		.r9 = file->r9,
		.content_inspection = file->content_inspection != 0,
		.excluded = file->privacy != 0,
		.thresholds = defaults->thresholds,
	};

	policy_file_apply_thresholds(file->thresholds, &zone.thresholds);
	return zone;
}

/* ---- ports and ids ---- */

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
number_ports(struct zone_builder *b, size_t count)
{
	struct zone_table *t = b->table;
	size_t most = 0, n = 0;

	for (size_t i = 0; i < count; i++)
		most += b->files[i].match != NULL ? b->files[i].match->port.count : 0;
	t->ports = allocate(b, most, sizeof(*t->ports));
	for (size_t i = 0; t->ports != NULL && i < count; i++) {
		const struct file_zone_match *match = b->files[i].match;
		const char *const *name = match != NULL ? match->port.items : NULL;
		for (size_t j = 0; match != NULL && j < match->port.count; j++) {
			if (name[j] != NULL)
				t->ports[n++] = name[j];
		}
	}
	if (n > 1)
		qsort(t->ports, n, sizeof(*t->ports), compare_texts);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || strcmp(t->ports[i], t->ports[t->port_count - 1]) != 0)
			t->ports[t->port_count++] = t->ports[i];
	}
	if (t->port_count >= ZONE_NO_PORT)
		config_node_fault(b->files[0].node, b->faults,
				  "zones name %zu ports, expected fewer than %u", t->port_count,
				  ZONE_NO_PORT);
}

static int
compare_zones(const void *a, const void *b)
{
	const struct zone *left = *(const struct zone *const *)a;
	const struct zone *right = *(const struct zone *const *)b;
	int order = strcmp(left->id, right->id);

	return order != 0 ? order : (left > right) - (left < right);
}

static void
sort_ids(struct zone_builder *b)
{
	struct zone_table *t = b->table;

	t->by_id = allocate(b, t->count, sizeof(*t->by_id));
	if (t->by_id == NULL)
		return;
	for (size_t i = 0; i < t->count; i++)
		t->by_id[i] = &t->zones[i];
	qsort(t->by_id, t->count, sizeof(*t->by_id), compare_zones);
	for (size_t i = 1; i < t->count; i++) {
		const struct zone *zone = t->by_id[i];
		if (*zone->id == '\0' || strcmp(zone->id, t->by_id[i - 1]->id) != 0)
			continue;
		const struct file_zone *file = &b->files[zone - t->zones];
		config_node_fault(policy_file_item(file->node, "id", 0), b->faults,
				  "zone `%s` is given again", zone->id);
	}
}

/* ---- the table ---- */

static void
add_built_in(struct zone_builder *b, const struct zone_defaults *defaults)
{
	struct zone_table *t = b->table;

	t->zones = allocate(b, 1, sizeof(*t->zones));
	if (t->zones == NULL)
		return;
	t->zones[0] = (struct zone){
		.id = "internal",
		.label = "Inside hosts",
		.data_class = DATA_CLASS_INTERNAL,
		.thresholds = defaults->thresholds,
	};
	t->count = 1;
	t->built_in = true;
	sort_ids(b);
}

static void
add_zones(struct zone_builder *b, size_t count, const struct zone_defaults *defaults)
{
	struct zone_table *t = b->table;

	t->zones = allocate(b, count, sizeof(*t->zones));
	if (t->zones == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		check_zone(b, &b->files[i]);
		t->zones[i] = make_zone(&b->files[i], defaults);
	}
	t->count = count;
	sort_ids(b);
	number_ports(b, count);
	if (t->port_count >= ZONE_NO_PORT)
		return;
	for (size_t i = 0; i < count; i++)
		zone_keys_add(b, i);
	for (size_t i = 0; i < count; i++)
		zone_keys_add_untagged(b, i);
}

static struct zone_table *
create_empty(const struct zone_defaults *defaults)
{
	struct arena *arena = arena_create();
	struct zone_table *t = arena != NULL ? arena_alloc(arena, sizeof(*t)) : NULL;

	if (t == NULL) {
		arena_destroy(arena);
		return NULL;
	}
	t->arena = arena;
	t->unmapped = (struct zone){
		.id = "unmapped",
		.label = "Unmapped hosts",
		.data_class = defaults->unmapped_class,
		.unmapped = true,
		.thresholds = defaults->thresholds,
	};
	t->prefixes = prefix_map_create();
	t->any_address = prefix_map_create();
	return t;
}

struct zone_table *
zone_table_build(const struct config_list *zones, const struct zone_defaults *defaults,
		 struct fault_list *faults)
{
	struct zone_builder b = {
		.table = create_empty(defaults), .files = zones->items, .faults = faults};

	b.out_of_memory =
		b.table == NULL || b.table->prefixes == NULL || b.table->any_address == NULL;
	if (!b.out_of_memory && zones->count == 0)
		add_built_in(&b, defaults);
	else if (!b.out_of_memory)
		add_zones(&b, zones->count, defaults);
	if (!b.out_of_memory)
		return b.table;
	fault_list_add(faults, "zones", 0, 0, "out of memory");
	zone_table_destroy(b.table);
	return NULL;
}

struct zone_table *
zone_table_create(const struct config_list *zones, const struct zone_defaults *defaults,
		  struct fault_list *faults)
{
	size_t faults_before = faults->count;
	struct zone_table *table = zone_table_build(zones, defaults, faults);

	if (faults->count == faults_before)
		return table;
	zone_table_destroy(table);
	return NULL;
}
