/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a catalogue is made of: for catalogue_build.c, which fills it, and catalogue.c, which asks
 * it.
 */
#pragma once

#include "base/arena.h"
#include "classifier/catalogue/catalogue.h"
#include "classifier/catalogue/name_pattern.h"
#include "classifier/catalogue/name_table.h"
#include "classifier/catalogue/region_table.h"

/** One name record. Several may hang at one suffix; `next` is the next of them that has patterns.
 */
struct name_rule {
	const struct name_rule *next;
	const struct catalogue_operator *owner;
	const struct catalogue_service *service;
	const struct region_table *regions; /**< the owner's, or NULL */
	const struct name_pattern *const
		*patterns; /**< one of them has to match, where there are any */
	size_t pattern_count;
	const struct name_pattern *const *region_patterns; /**< tell the region only */
	size_t region_pattern_count;
	const char *region; /**< always this one, or NULL */
	const char *region_country;
	enum service_kind kind;
	bool has_exposure;
	enum exposure exposure;
	bool low_sink;
};

/** Value of a suffix in the name table. */
struct suffix_rules {
	const struct name_rule *first; /**< the ones with patterns, in file order */
	const struct name_rule **tail;
	const struct name_rule *plain; /**< the one for all other names below, or NULL */
};

struct feed_tag {
	const char *tag;
	const struct catalogue_service *service;
};

/** One operator's part of a published list: all of it, or only some regions. */
struct feed_rule {
	const char *list;
	const char *const *only_regions;
	size_t only_region_count; /**< 0: all that no other rule of the list takes */
	const struct catalogue_operator *owner;
	const struct region_table *regions; /**< the owner's, or NULL */
	const struct feed_tag *tags;        /**< sorted by tag */
	size_t tag_count;
	const struct catalogue_service *service; /**< where no tag gives one; or NULL */
	bool has_exposure;
	enum exposure exposure;
};

/** The outer name of a ClientHello whose inner one is encrypted. */
struct ech_name {
	const char *name;
	const struct catalogue_operator *owner;
};

/** An address of a public DNS resolver. */
struct resolver_address {
	struct ip_address address;
	const struct catalogue_operator *owner;
};

struct catalogue {
	struct arena *arena; /**< holds all of this */
	struct catalogue_operator *operators;
	size_t operator_count;
	const struct catalogue_operator **by_id; /**< sorted */
	struct catalogue_asn *asns;              /**< sorted */
	size_t asn_count;
	struct catalogue_prefix *prefixes; /**< sorted */
	size_t prefix_count;
	struct feed_rule *feeds; /**< those with only_regions first */
	size_t feed_count;
	struct name_table *names;   /**< values are struct suffix_rules */
	struct ech_name *ech_names; /**< a handful in the whole world */
	size_t ech_name_count;
	struct resolver_address *resolvers; /**< sorted */
	size_t resolver_count;
};
