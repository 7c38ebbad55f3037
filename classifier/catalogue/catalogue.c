/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "classifier/catalogue/catalogue_tables.h"
#include "classifier/catalogue/resolver_addresses.h"

void
catalogue_destroy(struct catalogue *catalogue)
{
	if (catalogue != NULL)
		arena_destroy(catalogue->arena);
}

const struct catalogue_operator *
catalogue_operators(const struct catalogue *catalogue, size_t *count)
{
	*count = catalogue->operator_count;
	return catalogue->operators;
}

static int
compare_id(const void *id, const void *element)
{
	const struct catalogue_operator *const *owner = element;

	return strcmp(id, (*owner)->id);
}

const struct catalogue_operator *
catalogue_find_operator(const struct catalogue *catalogue, const char *id)
{
	const struct catalogue_operator *const *found =
		bsearch(id, catalogue->by_id, catalogue->operator_count, sizeof(*catalogue->by_id),
			compare_id);

	return found != NULL ? *found : NULL;
}

static int
compare_service_id(const void *id, const void *element)
{
	const struct catalogue_service *const *service = element;

	return strcmp(id, (*service)->id);
}

const struct catalogue_service *
catalogue_find_service(const struct catalogue_operator *owner, const char *id)
{
	if (owner->service_count == 0)
		return NULL;
	const struct catalogue_service *const *found =
		bsearch(id, owner->services, owner->service_count, sizeof(*owner->services),
			compare_service_id);

	return found != NULL ? *found : NULL;
}

const struct catalogue_asn *
catalogue_find_asn(const struct catalogue *catalogue, uint32_t asn)
{
	size_t low = 0, high = catalogue->asn_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct catalogue_asn *at = &catalogue->asns[middle];
		if (at->asn == asn)
			return at;
		if (at->asn < asn)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool
catalogue_asn_exposure(const struct catalogue_asn *asn, const char *country, enum exposure *out)
{
	for (size_t i = 0; i < asn->by_country_count; i++) {
		if (strcmp(asn->by_country[i].country, country) == 0) {
			*out = asn->by_country[i].exposure;
			return true;
		}
	}
	*out = asn->exposure;
	return asn->has_exposure;
}

/*
 * Whether one of the patterns matches. Of several, the first that tells a region counts, so that a
 * loose one
 * ("{service}.{region}.example") does not stand in front of a fuller one.
 */
static bool
match_any(const struct name_pattern *const *patterns, size_t count, const struct name_labels *name,
	  const struct region_table *regions, struct name_region *region)
{
	bool matches = false;

	*region = (struct name_region){0};
	for (size_t i = 0; i < count && region->len == 0; i++)
		matches |= name_pattern_match(patterns[i], name, regions, region);
	return matches;
}

/* The rule for a name at one suffix: one whose patterns match, else the plain one; NULL for
 * neither. */
static const struct name_rule *
choose_rule(const struct suffix_rules *rules, const struct name_labels *name,
	    struct name_region *region)
{
	for (const struct name_rule *rule = rules->first; rule != NULL; rule = rule->next) {
		if (match_any(rule->patterns, rule->pattern_count, name, rule->regions, region))
			return rule;
	}
	*region = (struct name_region){0};
	return rules->plain;
}

static void
fill_region(const struct name_rule *rule, const struct name_labels *name,
	    struct name_region *region, struct catalogue_name *out)
{
	if (rule->region != NULL)
		*region = (struct name_region){rule->region, strlen(rule->region),
					       rule->region_country};
	else if (region->len == 0)
		match_any(rule->region_patterns, rule->region_pattern_count, name, rule->regions,
			  region);
	if (region->len == 0 || region->len >= sizeof(out->region))
		return;
	memcpy(out->region, region->code, region->len);
	out->region_country = region->country;
}

static void
fill_name(const struct name_rule *rule, const struct name_labels *name, struct name_region *region,
	  struct catalogue_name *out)
{
	*out = (struct catalogue_name){
		.owner = rule->owner,
		.service = rule->service,
		.kind = rule->kind,
		.has_exposure = rule->has_exposure,
		.exposure = rule->exposure,
		.low_sink = rule->low_sink,
	};
	fill_region(rule, name, region, out);
}

bool
catalogue_find_name(const struct catalogue *catalogue, const char *name, struct catalogue_name *out)
{
	void *rules[NAME_TABLE_DEPTH_MAX];
	struct name_labels labels;
	struct name_region region;

	/* An address literal finds nothing: no suffix of the catalogue ends in a number. */
	if (!name_labels_cut(name, &labels))
		return false;
	for (size_t i = name_table_find(catalogue->names, &labels, rules); i-- > 0;) {
		const struct name_rule *rule = choose_rule(rules[i], &labels, &region);
		if (rule != NULL) {
			fill_name(rule, &labels, &region, out);
			return true;
		}
	}
	return false;
}

static bool
takes_region(const struct feed_rule *rule, const char *region)
{
	if (rule->only_region_count == 0)
		return true;
	for (size_t i = 0; region != NULL && i < rule->only_region_count; i++) {
		if (strcmp(rule->only_regions[i], region) == 0)
			return true;
	}
	return false;
}

static int
compare_tag(const void *tag, const void *element)
{
	return strcmp(tag, ((const struct feed_tag *)element)->tag);
}

static const struct catalogue_service *
service_of_tag(const struct feed_rule *rule, const char *tag)
{
	const struct feed_tag *found = NULL;

	if (tag != NULL && rule->tag_count != 0)
		found = bsearch(tag, rule->tags, rule->tag_count, sizeof(*rule->tags), compare_tag);
	return found != NULL ? found->service : rule->service;
}

/* An address of a CDN serves whatever its customers put behind it (domain §5.14). */
static void
fill_feed(const struct feed_rule *rule, const char *service, struct catalogue_feed *out)
{
	const struct catalogue_service *of_tag = service_of_tag(rule, service);

	*out = (struct catalogue_feed){
		.owner = rule->owner,
		.service = of_tag,
		.kind = of_tag != NULL ? of_tag->kind : SERVICE_KIND_UNKNOWN,
		.cdn = of_tag != NULL ? of_tag->cdn : rule->owner->cdn,
		.has_exposure = rule->has_exposure,
		.exposure = rule->exposure,
	};
	if (out->cdn)
		out->kind = SERVICE_KIND_WEB_GENERIC;
}

bool
catalogue_find_feed(const struct catalogue *catalogue, const char *feed, const char *service,
		    const char *region, struct catalogue_feed *out)
{
	for (size_t i = 0; i < catalogue->feed_count; i++) {
		const struct feed_rule *rule = &catalogue->feeds[i];
		if (strcmp(rule->list, feed) != 0 || !takes_region(rule, region))
			continue;
		fill_feed(rule, service, out);
		if (region != NULL)
			region_table_knows(rule->regions, region, strlen(region),
					   &out->region_country);
		return true;
	}
	return false;
}

const struct catalogue_operator *
catalogue_find_ech_public_name(const struct catalogue *catalogue, const char *name)
{
	for (size_t i = 0; i < catalogue->ech_name_count; i++) {
		if (strcmp(catalogue->ech_names[i].name, name) == 0)
			return catalogue->ech_names[i].owner;
	}
	return NULL;
}

const struct catalogue_operator *
catalogue_find_resolver(const struct catalogue *catalogue, const struct ip_address *address)
{
	return resolver_addresses_find(catalogue, address);
}

const struct catalogue_prefix *
catalogue_prefixes(const struct catalogue *catalogue, size_t *count)
{
	*count = catalogue->prefix_count;
	return catalogue->prefixes;
}
