/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/name_rules.h"

#include <errno.h>
#include <string.h>

struct adder {
	struct catalogue *catalogue;
	const struct name_rules_scope *scope;
	struct fault_list *faults;
};

static void
out_of_memory(const struct adder *a, const struct file_name *file)
{
	config_node_fault(file->node, a->faults, "out of memory");
}

/* The kinds that only deliver or only tell who is there (domain §3b). */
static bool
is_low_sink_kind(enum service_kind kind)
{
	switch (kind) {
	case SERVICE_KIND_CDN_STATIC:
	case SERVICE_KIND_SOFTWARE_UPDATE:
	case SERVICE_KIND_DNS_RESOLVER:
	case SERVICE_KIND_TELEMETRY:
	case SERVICE_KIND_IDENTITY:
	case SERVICE_KIND_ADS_ANALYTICS:
		return true;
	default:
		return false;
	}
}

/* A suffix has to be spelled as names are compared, and may not end in a number, as addresses do.
 */
static bool
cut_suffix(const struct adder *a, const struct file_name *file, struct name_labels *labels)
{
	char canonical[DOMAIN_NAME_MAX];
	size_t len = strlen(file->suffix);

	if (domain_name_canonical(slice_of(file->suffix, len), canonical) != len ||
	    strcmp(canonical, file->suffix) != 0 || !name_labels_cut(file->suffix, labels)) {
		config_node_fault(file->node, a->faults,
				  "`%s` is no name in small letters without a final dot",
				  file->suffix);
		return false;
	}
	const char *last = name_labels_text(labels, (size_t)labels->count - 1);
	if (strspn(last, "0123456789") == strlen(last)) {
		config_node_fault(file->node, a->faults,
				  "`%s` ends in a number, as an address does", file->suffix);
		return false;
	}
	return true;
}

static bool
stands_below(const char *pattern, const char *suffix)
{
	size_t pattern_len = strlen(pattern), suffix_len = strlen(suffix);

	if (pattern_len < suffix_len || strcmp(pattern + pattern_len - suffix_len, suffix) != 0)
		return false;
	return pattern_len == suffix_len || pattern[pattern_len - suffix_len - 1] == '.';
}

static const struct name_pattern *
compile(const struct adder *a, const struct file_name *file, const char *text)
{
	const char *why;

	if (!stands_below(text, file->suffix)) {
		config_node_fault(file->node, a->faults, "pattern `%s` does not end in `%s`", text,
				  file->suffix);
		return NULL;
	}
	const struct name_pattern *pattern = name_pattern_compile(a->catalogue->arena, text, &why);
	if (pattern == NULL)
		config_node_fault(file->node, a->faults, "pattern `%s`: %s", text, why);
	return pattern;
}

/* Compiles a list of patterns; NULL after a fault and for an empty list. */
static const struct name_pattern *const *
compile_all(const struct adder *a, const struct file_name *file, const struct config_list *texts)
{
	const char *const *text = texts->items;

	if (texts->count == 0)
		return NULL;
	const struct name_pattern **patterns =
		arena_alloc_array(a->catalogue->arena, texts->count, sizeof(*patterns));
	if (patterns == NULL) {
		out_of_memory(a, file);
		return NULL;
	}
	for (size_t i = 0; i < texts->count; i++)
		patterns[i] = compile(a, file, text[i]);
	return patterns;
}

/* A pattern that only tells the region has to have a place for it. */
static void
check_region_patterns(const struct adder *a, const struct file_name *file,
		      const struct name_rule *rule)
{
	const char *const *text = file->region_patterns.items;

	for (size_t i = 0; i < rule->region_pattern_count; i++) {
		if (rule->region_patterns[i] != NULL &&
		    !name_pattern_has_region(rule->region_patterns[i]))
			config_node_fault(file->node, a->faults, "pattern `%s` has no {region}",
					  text[i]);
	}
}

static void
set_class(const struct adder *a, const struct file_name *file, struct name_rule *rule)
{
	const struct catalogue_service *service = a->scope->service;

	rule->kind = (enum service_kind)file->kind;
	if (file->kind == SERVICE_KIND_UNKNOWN && service != NULL)
		rule->kind = service->kind;
	if (rule->kind == SERVICE_KIND_UNKNOWN)
		config_node_fault(file->node, a->faults, "name lacks `kind`");
	rule->exposure = a->scope->owner->exposure;
	if (file->exposure != EXPOSURE_COUNT) {
		rule->has_exposure = true;
		rule->exposure = (enum exposure)file->exposure;
	} else if (service != NULL && service->has_exposure) {
		rule->has_exposure = true;
		rule->exposure = service->exposure;
	}
	rule->low_sink = file->low_sink;
	if (file->low_sink && !is_low_sink_kind(rule->kind))
		config_node_fault(file->node, a->faults, "low_sink does not go with kind `%s`",
				  service_kind_text(rule->kind));
}

static void
set_region(const struct adder *a, const struct file_name *file, struct name_rule *rule)
{
	rule->region = file->region;
	if (file->region != NULL &&
	    !region_table_knows(rule->regions, file->region, strlen(file->region),
				&rule->region_country))
		config_node_fault(file->node, a->faults, "`%s` is no region of `%s`", file->region,
				  a->scope->owner->id);
}

static struct suffix_rules *
rules_of(const struct adder *a, const struct file_name *file)
{
	struct arena *arena = a->catalogue->arena;
	struct name_labels *labels = arena_alloc(arena, sizeof(*labels));

	if (labels == NULL) {
		out_of_memory(a, file);
		return NULL;
	}
	if (!cut_suffix(a, file, labels))
		return NULL;
	void **place = name_table_place(a->catalogue->names, labels);
	if (place == NULL) {
		config_node_fault(file->node, a->faults, "`%s`: %s", file->suffix,
				  errno == EINVAL ? "too many labels" : "out of memory");
		return NULL;
	}
	if (*place == NULL) {
		struct suffix_rules *rules = arena_alloc(arena, sizeof(*rules));
		if (rules == NULL) {
			out_of_memory(a, file);
			return NULL;
		}
		rules->tail = &rules->first;
		*place = rules;
	}
	return *place;
}

static void
hang(const struct adder *a, const struct file_name *file, struct name_rule *rule)
{
	struct suffix_rules *rules = rules_of(a, file);

	if (rules == NULL)
		return;
	if (rule->pattern_count != 0) {
		*rules->tail = rule;
		rules->tail = &rule->next;
	} else if (rules->plain != NULL) {
		config_node_fault(
			file->node, a->faults,
			"`%s` is given again (first to `%s`); use patterns for a part of it",
			file->suffix, rules->plain->owner->id);
	} else {
		rules->plain = rule;
	}
}

static void
add_name(const struct adder *a, const struct file_name *file)
{
	struct name_rule *rule = arena_alloc(a->catalogue->arena, sizeof(*rule));

	if (rule == NULL) {
		out_of_memory(a, file);
		return;
	}
	rule->owner = a->scope->owner;
	rule->service = a->scope->service;
	rule->regions = a->scope->regions;
	rule->patterns = compile_all(a, file, &file->patterns);
	rule->pattern_count = rule->patterns == NULL ? 0 : file->patterns.count;
	rule->region_patterns = compile_all(a, file, &file->region_patterns);
	rule->region_pattern_count =
		rule->region_patterns == NULL ? 0 : file->region_patterns.count;
	check_region_patterns(a, file, rule);
	set_class(a, file, rule);
	set_region(a, file, rule);
	hang(a, file, rule);
}

void
name_rules_add(struct catalogue *catalogue, const struct name_rules_scope *scope,
	       const struct config_list *names, struct fault_list *faults)
{
	const struct adder a = {.catalogue = catalogue, .scope = scope, .faults = faults};
	const struct file_name *name = names->items;

	for (size_t i = 0; i < names->count; i++)
		add_name(&a, &name[i]);
}
