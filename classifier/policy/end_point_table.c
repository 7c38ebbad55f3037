/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/end_point_table.h"

#include <errno.h>
#include <string.h>

#include "base/domain_name.h"
#include "base/prefix_map.h"
#include "classifier/catalogue/name_table.h"
#include "classifier/policy/policy_file.h"

struct end_point_table {
	struct arena *arena;
	struct prefix_map *prefixes; /* under tag 0 */
	struct name_table *names;    /* values are numbers in the arena */
};

struct end_point_table *
end_point_table_create(struct arena *arena)
{
	struct end_point_table *t = arena_alloc(arena, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->arena = arena;
	t->names = name_table_create(arena);
	t->prefixes = t->names != NULL ? prefix_map_create() : NULL;
	return t->prefixes != NULL ? t : NULL;
}

void
end_point_table_destroy(struct end_point_table *table)
{
	if (table != NULL)
		prefix_map_destroy(table->prefixes);
}

static void
refuse_taken(const struct end_point_source *source, size_t index, uint32_t other,
	     struct fault_list *faults)
{
	config_node_fault(policy_file_item(source->record, source->key, index), faults,
			  "%s `%s` has the same %s as %s `%s`", source->what, source->id,
			  source->key, source->what, source->id_of(source->things, other));
}

static void
add_prefix(struct end_point_table *table, const struct ip_prefix *prefix,
	   const struct end_point_source *source, size_t index, struct fault_list *faults)
{
	uint32_t value = source->number;
	int error = prefix_map_add(table->prefixes, 0, prefix, &value);

	if (error == -ENOMEM)
		config_node_fault(source->record, faults, "out of memory");
	else if (error == -EEXIST && value != source->number)
		refuse_taken(source, index, value, faults);
}

void
end_point_table_add_prefixes(struct end_point_table *table, const struct config_list *prefixes,
			     const struct end_point_source *source, struct fault_list *faults)
{
	const struct ip_prefix *prefix = prefixes->items;

	for (size_t i = 0; i < prefixes->count; i++) {
		const struct ip_address *first = &prefix[i].address;
		if (ip_address_is_local(first) && !ip_address_is_documentation(first))
			config_node_fault(
				policy_file_item(source->record, source->key, i), faults,
				"not a prefix of the internet: traffic to it never leaves, "
				"so no %s is looked for there",
				source->what);
		else
			add_prefix(table, &prefix[i], source, i, faults);
	}
}

/* Canonical form without the "*." that some write in front; NULL where it is no name. */
static const char *
canonical(struct arena *arena, const char *text)
{
	char name[DOMAIN_NAME_MAX];

	if (strncmp(text, "*.", 2) == 0)
		text += 2;
	size_t len = domain_name_canonical(slice_of(text, strlen(text)), name);
	if (len == 0 || strchr(name, '*') != NULL || domain_name_is_address(name))
		return NULL;
	return arena_copy_text(arena, name, len);
}

static void
add_name(struct end_point_table *table, const char *name, const struct end_point_source *source,
	 size_t index, struct fault_list *faults)
{
	const struct config_node *node = policy_file_item(source->record, source->key, index);
	struct name_labels labels;
	const char *copy = canonical(table->arena, name);
	uint32_t *value = arena_alloc(table->arena, sizeof(*value));

	if (value == NULL || copy == NULL || !name_labels_cut(copy, &labels)) {
		config_node_fault(node, faults,
				  "`%s` is no host name, expected one as in example.org or "
				  "*.example.org",
				  name);
		return;
	}
	if (strchr(copy, '.') == NULL) {
		config_node_fault(node, faults,
				  "`%s` is a single label: all names below it would be meant; "
				  "expected one as in example.org or *.example.org",
				  name);
		return;
	}
	void **place = name_table_place(table->names, &labels);
	if (place == NULL) {
		config_node_fault(node, faults, "`%s`: %s", name,
				  errno == ENOMEM ? "out of memory" : "too many labels");
	} else if (*place == NULL) {
		*value = source->number;
		*place = value;
	} else if (*(const uint32_t *)*place != source->number) {
		refuse_taken(source, index, *(const uint32_t *)*place, faults);
	}
}

void
end_point_table_add_names(struct end_point_table *table, const struct config_list *names,
			  const struct end_point_source *source, struct fault_list *faults)
{
	const char *const *name = names->items;

	for (size_t i = 0; i < names->count; i++) {
		if (name[i] != NULL)
			add_name(table, name[i], source, i, faults);
	}
}

bool
end_point_table_find_address(const struct end_point_table *table, const struct ip_address *address,
			     uint32_t *number)
{
	return prefix_map_find(table->prefixes, 0, address, number, NULL);
}

bool
end_point_table_find_name(const struct end_point_table *table, const char *name, uint32_t *number)
{
	void *values[NAME_TABLE_DEPTH_MAX];
	struct name_labels labels;

	if (domain_name_is_address(name) || !name_labels_cut(name, &labels))
		return false;
	size_t count = name_table_find(table->names, &labels, values);
	if (count == 0)
		return false;
	*number = *(const uint32_t *)values[count - 1];
	return true;
}
