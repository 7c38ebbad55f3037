/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/reference.h"

#include <stdlib.h>
#include <string.h>

bool
reference_is_shown(const struct reference *reference)
{
	return reference->faults->count < FAULT_LIST_MAX;
}

void
reference_unknown(const struct reference *reference, const char *what,
		  const struct suggestion *near)
{
	if (near->word != NULL)
		config_node_fault(reference->node, reference->faults,
				  "unknown %s `%s`: did you mean `%s`?", what, reference->text,
				  near->word);
	else
		config_node_fault(reference->node, reference->faults, "unknown %s `%s`", what,
				  reference->text);
}

const struct catalogue_operator *
reference_operator(const struct reference *reference, const struct catalogue *catalogue)
{
	if (catalogue == NULL || reference->text == NULL)
		return NULL;
	const struct catalogue_operator *found =
		catalogue_find_operator(catalogue, reference->text);
	if (found != NULL)
		return found;
	struct suggestion near = {.given = reference->text};
	size_t count;
	const struct catalogue_operator *operators = catalogue_operators(catalogue, &count);
	for (size_t i = 0; i < count && reference_is_shown(reference); i++)
		suggestion_offer(&near, operators[i].id);
	reference_unknown(reference, "operator", &near);
	return NULL;
}

const struct zone *
reference_zone(const struct reference *reference, const struct zone_table *zones)
{
	if (zones == NULL || reference->text == NULL)
		return NULL;
	const struct zone *found = zone_table_by_id(zones, reference->text);
	if (found != NULL)
		return found;
	struct suggestion near = {.given = reference->text};
	for (size_t i = 0; i < zone_table_count(zones) && reference_is_shown(reference); i++)
		suggestion_offer(&near, zone_table_at(zones, i)->id);
	reference_unknown(reference, "zone", &near);
	return NULL;
}

bool
reference_kind(const struct reference *reference, enum service_kind *out)
{
	if (reference->text == NULL)
		return false;
	struct suggestion near = {.given = reference->text};
	for (unsigned kind = 0; kind < SERVICE_KIND_COUNT; kind++) {
		const char *word = service_kind_text((enum service_kind)kind);
		if (strcmp(word, reference->text) == 0) {
			*out = (enum service_kind)kind;
			return true;
		}
		suggestion_offer(&near, word);
	}
	reference_unknown(reference, "kind", &near);
	return false;
}

static bool
is_of_ids(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.';
}

void
reference_check_id(const char *id, const char *what, const struct config_node *node,
		   struct fault_list *faults)
{
	for (const char *c = id; c != NULL && *c != '\0'; c++) {
		if (is_of_ids(*c))
			continue;
		config_node_fault(node, faults,
				  "%s `%s`: an id has letters, digits, '-', '_' and '.' alone",
				  what, id);
		return;
	}
}

static int
compare_ids(const void *a, const void *b)
{
	const struct declared_id *left = a, *right = b;
	int order = strcmp(left->id, right->id);

	return order != 0 || left->scope == NULL ? order : strcmp(left->scope, right->scope);
}

void
reference_refuse_twice(struct declared_id *ids, size_t count, const char *what,
		       struct fault_list *faults)
{
	if (count > 1)
		qsort(ids, count, sizeof(*ids), compare_ids);
	for (size_t i = 1; i < count; i++) {
		if (compare_ids(&ids[i - 1], &ids[i]) == 0)
			config_node_fault(ids[i].node, faults, "%s `%s` is given again", what,
					  ids[i].id);
	}
}
