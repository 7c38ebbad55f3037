/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/feed_rules.h"

#include <stdlib.h>
#include <string.h>

struct adder {
	struct catalogue *catalogue;
	const struct feed_rules_scope *scope;
	struct fault_list *faults;
};

static int
compare_service_id(const void *id, const void *element)
{
	return strcmp(id, (*(const struct catalogue_service *const *)element)->id);
}

static const struct catalogue_service *
find_service(const struct feed_rules_scope *scope, const char *id)
{
	if (scope->service_count == 0)
		return NULL;
	const struct catalogue_service *const *found =
		bsearch(id, scope->services, scope->service_count, sizeof(*scope->services),
			compare_service_id);
	return found != NULL ? *found : NULL;
}

/* The service of that id, or NULL with a fault at `node`. */
static const struct catalogue_service *
require_service(const struct adder *a, const struct config_node *node, const char *id)
{
	const struct catalogue_service *found = find_service(a->scope, id);

	if (found == NULL)
		config_node_fault(node, a->faults, "`%s` has no service `%s`", a->scope->owner->id,
				  id);
	return found;
}

static int
compare_tags(const void *a, const void *b)
{
	return strcmp(((const struct feed_tag *)a)->tag, ((const struct feed_tag *)b)->tag);
}

static void
add_tags(const struct adder *a, const struct file_feed *file, struct feed_rule *rule)
{
	const struct file_tag *tag = file->tags.items;
	size_t count = file->tags.count;
	struct feed_tag *tags = arena_alloc_array(a->catalogue->arena, count, sizeof(*tags));

	if (tags == NULL) {
		config_node_fault(file->node, a->faults, "out of memory");
		return;
	}
	for (size_t i = 0; i < count; i++)
		tags[i] = (struct feed_tag){tag[i].tag,
					    require_service(a, tag[i].node, tag[i].service)};
	if (count > 1)
		qsort(tags, count, sizeof(*tags), compare_tags);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(tags[i - 1].tag, tags[i].tag) == 0)
			config_node_fault(file->node, a->faults, "tag `%s` is given again",
					  tags[i].tag);
	}
	rule->tags = tags;
	rule->tag_count = count;
}

/* A part of a list goes before the whole of it, so that the look-up meets it first. */
static struct feed_rule *
place(struct catalogue *c, bool is_part)
{
	size_t at = c->feed_count++;

	if (is_part) {
		memmove(c->feeds + 1, c->feeds, at * sizeof(*c->feeds));
		at = 0;
	}
	return &c->feeds[at];
}

static void
refuse_second_owner(const struct adder *a, const struct file_feed *file)
{
	const struct catalogue *c = a->catalogue;

	for (size_t i = 0; i < c->feed_count; i++) {
		if (c->feeds[i].only_region_count == 0 && strcmp(c->feeds[i].list, file->list) == 0)
			config_node_fault(
				file->node, a->faults,
				"list `%s` is given again (first to `%s`); name its regions",
				file->list, c->feeds[i].owner->id);
	}
}

static void
add_feed(const struct adder *a, const struct file_feed *file)
{
	bool is_part = file->regions.count != 0;

	if (a->catalogue->feed_count == FEED_RULES_MAX) {
		config_node_fault(file->node, a->faults, "more than %d lists", FEED_RULES_MAX);
		return;
	}
	if (!is_part)
		refuse_second_owner(a, file);
	struct feed_rule *rule = place(a->catalogue, is_part);
	bool own = file->exposure != EXPOSURE_COUNT;
	*rule = (struct feed_rule){
		.list = file->list,
		.only_regions = file->regions.items,
		.only_region_count = file->regions.count,
		.owner = a->scope->owner,
		.regions = a->scope->regions,
		.has_exposure = own,
		.exposure = own ? (enum exposure)file->exposure : a->scope->owner->exposure,
	};
	if (file->service != NULL)
		rule->service = require_service(a, file->node, file->service);
	add_tags(a, file, rule);
}

void
feed_rules_add(struct catalogue *catalogue, const struct feed_rules_scope *scope,
	       const struct config_list *feeds, struct fault_list *faults)
{
	const struct adder a = {.catalogue = catalogue, .scope = scope, .faults = faults};
	const struct file_feed *feed = feeds->items;

	for (size_t i = 0; i < feeds->count; i++)
		add_feed(&a, &feed[i]);
}
