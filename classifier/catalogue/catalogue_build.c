/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/catalogue_build.h"

#include <stdlib.h>
#include <string.h>

#include "classifier/catalogue/feed_rules.h"
#include "classifier/catalogue/name_rules.h"
#include "classifier/catalogue/operator_check.h"
#include "classifier/catalogue/resolver_addresses.h"
#include "classifier/catalogue/service_prefixes.h"

/* `files` and `regions` run beside catalogue->operators. */
struct builder {
	struct catalogue *catalogue;
	struct fault_list *faults;
	const struct file_operator **files;
	const struct region_table **regions;
	struct service_prefixes *prefixes;
};

/* Room in the arena, or NULL after a fault. */
static void *
allocate(const struct builder *b, size_t count, size_t size)
{
	void *piece = arena_alloc_array(b->catalogue->arena, count, size);

	if (piece == NULL)
		fault_list_add(b->faults, "catalogue", 0, 0, "out of memory");
	return piece;
}

static bool
is_id(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text);
}

/* ---- operators ---- */

static void
fill_operator(const struct builder *b, const struct file_operator *file,
	      struct catalogue_operator *out)
{
	const struct catalogue_controller *controllers = file->controllers.items;

	*out = (struct catalogue_operator){
		.id = file->id,
		.name = file->name,
		.short_name = file->short_name != NULL ? file->short_name : file->name,
		.group = file->group != NULL ? file->group : file->id,
		.seat_country = file->seat_country,
		/* The one who decides in the end is listed first. */
		.control_country =
			file->controllers.count != 0 ? controllers[0].country : file->seat_country,
		.exposure = (enum exposure)file->exposure,
		.cdn = file->cdn,
		.retired = file->retired,
		.technology_origin = file->technology_origin,
		.controllers = controllers,
		.controller_count = file->controllers.count,
		.source = file->source,
		.checked_on = file->checked_on,
		.aliases = file->aliases.items,
		.alias_count = file->aliases.count,
		.hosted_on = file->hosted_on.items,
		.hosted_on_count = file->hosted_on.count,
		.has_network = file->asns.count != 0 || file->feeds.count != 0,
	};
	const char *why = operator_check_exposure(out);
	if (why != NULL)
		config_node_fault(file->node, b->faults, "`%s`: %s", file->id, why);
	if (!is_id(file->id))
		config_node_fault(file->node, b->faults, "id `%s`: only a-z, 0-9 and -", file->id);
}

static int
compare_operators(const void *a, const void *b)
{
	const struct catalogue_operator *const *left = a, *const *right = b;
	int order = strcmp((*left)->id, (*right)->id);

	/* Of equal ids the later one in the files is the fault. */
	return order != 0 ? order : (*left > *right) - (*left < *right);
}

static void
index_operators(const struct builder *b)
{
	struct catalogue *c = b->catalogue;

	for (size_t i = 0; i < c->operator_count; i++)
		c->by_id[i] = &c->operators[i];
	qsort(c->by_id, c->operator_count, sizeof(*c->by_id), compare_operators);
	for (size_t i = 1; i < c->operator_count; i++) {
		const struct file_operator *file = b->files[c->by_id[i] - c->operators];
		if (strcmp(c->by_id[i - 1]->id, file->id) == 0)
			config_node_fault(file->node, b->faults, "operator `%s` is given again",
					  file->id);
	}
}

static void
require_operator(const struct builder *b, const struct config_node *node, const char *key,
		 const char *id)
{
	if (catalogue_find_operator(b->catalogue, id) == NULL)
		config_node_fault(node, b->faults, "%s `%s`: no such operator", key, id);
}

static bool
add_operators(struct builder *b, const struct catalogue_file *files, size_t count)
{
	struct catalogue *c = b->catalogue;

	for (size_t i = 0; i < count; i++)
		c->operator_count += files[i].operators.count;
	c->operators = allocate(b, c->operator_count, sizeof(*c->operators));
	c->by_id = allocate(b, c->operator_count, sizeof(*c->by_id));
	b->files = allocate(b, c->operator_count, sizeof(*b->files));
	b->regions = allocate(b, c->operator_count, sizeof(*b->regions));
	if (c->operators == NULL || c->by_id == NULL || b->files == NULL || b->regions == NULL)
		return false;

	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		const struct file_operator *file = files[i].operators.items;
		for (size_t j = 0; j < files[i].operators.count; j++, n++) {
			b->files[n] = &file[j];
			fill_operator(b, &file[j], &c->operators[n]);
		}
	}
	index_operators(b);
	for (size_t i = 0; i < n; i++) {
		const char *const *host = b->files[i]->hosted_on.items;
		require_operator(b, b->files[i]->node, "group", c->operators[i].group);
		for (size_t j = 0; j < b->files[i]->hosted_on.count; j++)
			require_operator(b, b->files[i]->node, "hosted_on", host[j]);
	}
	return true;
}

/* ---- regions ---- */

static const struct region_table *
make_region_table(const struct builder *b, const struct file_region_table *file)
{
	const struct file_region *code = file->codes.items;
	struct region_table *table = allocate(b, 1, sizeof(*table));
	struct region *regions = allocate(b, file->codes.count, sizeof(*regions));

	if (table == NULL || regions == NULL)
		return NULL;
	for (size_t i = 0; i < file->codes.count; i++)
		regions[i] = (struct region){code[i].code, code[i].country};
	*table = (struct region_table){regions, file->codes.count, file->forms.items,
				       file->forms.count};
	for (size_t i = 0; i < table->form_count; i++) {
		if (!region_form_is_valid(table->forms[i]))
			config_node_fault(file->node, b->faults,
					  "form `%s`: only a-z, 0-9, -, {word} and {number}",
					  table->forms[i]);
	}
	const char *twice = region_table_sort(table);
	if (twice != NULL)
		config_node_fault(file->node, b->faults, "region `%s` is given again", twice);
	return table;
}

static void
add_regions(const struct builder *b, const struct catalogue_file *file)
{
	const struct catalogue *c = b->catalogue;
	const struct file_region_table *table = file->regions.items;

	for (size_t i = 0; i < file->regions.count; i++) {
		const struct catalogue_operator *owner =
			catalogue_find_operator(c, table[i].operator_id);
		if (owner == NULL) {
			require_operator(b, table[i].node, "regions of", table[i].operator_id);
			continue;
		}
		const struct region_table **place = &b->regions[owner - c->operators];
		if (*place != NULL)
			config_node_fault(table[i].node, b->faults,
					  "regions of `%s` are given again", owner->id);
		*place = make_region_table(b, &table[i]);
	}
}

/* ---- autonomous systems ---- */

struct asn_claim {
	struct catalogue_asn answer;
	const struct config_node *node;
};

static int
compare_claims(const void *a, const void *b)
{
	const struct asn_claim *left = a, *right = b;

	if (left->answer.asn != right->answer.asn)
		return left->answer.asn < right->answer.asn ? -1 : 1;
	return (left->answer.owner > right->answer.owner) -
	       (left->answer.owner < right->answer.owner);
}

static const struct catalogue_asn_country *
make_asn_countries(const struct builder *b, const struct file_asn *file)
{
	const struct file_asn_country *from = file->by_country.items;
	struct catalogue_asn_country *to = allocate(b, file->by_country.count, sizeof(*to));

	if (to == NULL)
		return NULL;
	for (size_t i = 0; i < file->by_country.count; i++) {
		to[i] = (struct catalogue_asn_country){from[i].country,
						       (enum exposure)from[i].exposure};
		for (size_t j = 0; j < i; j++) {
			if (strcmp(to[j].country, to[i].country) == 0)
				config_node_fault(file->node, b->faults,
						  "country `%s` is given again", to[i].country);
		}
	}
	return to;
}

static struct catalogue_asn
make_asn(const struct builder *b, const struct file_asn *file,
	 const struct catalogue_operator *owner)
{
	bool own = file->exposure != EXPOSURE_COUNT;

	return (struct catalogue_asn){
		.asn = (uint32_t)file->asn,
		.owner = owner,
		.scope = (enum asn_scope)file->scope,
		.has_exposure = own,
		.exposure = own ? (enum exposure)file->exposure : owner->exposure,
		.mixed = file->mixed,
		.by_country = make_asn_countries(b, file),
		.by_country_count = file->by_country.count,
	};
}

static size_t
collect_asns(const struct builder *b, struct asn_claim *claims)
{
	const struct catalogue *c = b->catalogue;
	size_t n = 0;

	for (size_t i = 0; i < c->operator_count; i++) {
		const struct file_asn *asn = b->files[i]->asns.items;
		for (size_t j = 0; j < b->files[i]->asns.count; j++, n++)
			claims[n] = (struct asn_claim){make_asn(b, &asn[j], &c->operators[i]),
						       asn[j].node};
	}
	return n;
}

static void
add_asns(const struct builder *b)
{
	struct catalogue *c = b->catalogue;

	for (size_t i = 0; i < c->operator_count; i++)
		c->asn_count += b->files[i]->asns.count;
	struct asn_claim *claims = allocate(b, c->asn_count, sizeof(*claims));
	c->asns = allocate(b, c->asn_count, sizeof(*c->asns));
	if (claims == NULL || c->asns == NULL)
		return;
	size_t n = collect_asns(b, claims);
	qsort(claims, n, sizeof(*claims), compare_claims);
	for (size_t i = 0; i < n; i++) {
		c->asns[i] = claims[i].answer;
		if (i > 0 && claims[i - 1].answer.asn == claims[i].answer.asn)
			config_node_fault(claims[i].node, b->faults,
					  "AS%u is given again (first to `%s`)",
					  claims[i].answer.asn, claims[i - 1].answer.owner->id);
	}
}

/* ---- services, names and lists ---- */

static int
compare_services(const void *a, const void *b)
{
	const struct catalogue_service *const *left = a, *const *right = b;

	return strcmp((*left)->id, (*right)->id);
}

/* A catalogue says where each of its facts comes from; only settings may leave that out. */
static void
require_hds_source(const struct builder *b, const struct file_service *file)
{
	if (file->hds != NULL && file->hds->source == NULL)
		config_node_fault(file->hds->node, b->faults, "hds lacks `source`");
}

/* Adds the services of one operator with their names; puts them sorted by id into `scope`. */
static bool
add_services(const struct builder *b, size_t index, struct feed_rules_scope *scope)
{
	const struct config_list *list = &b->files[index]->services;
	const struct file_service *file = list->items;
	struct catalogue_service *services = allocate(b, list->count, sizeof(*services));
	const struct catalogue_service **sorted = allocate(b, list->count, sizeof(*sorted));

	if (services == NULL || sorted == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		struct name_rules_scope names = {scope->owner, &services[i], scope->regions};
		service_record_fill(&file[i], scope->owner, b->catalogue->arena, b->faults,
				    &services[i]);
		require_hds_source(b, &file[i]);
		service_prefixes_add(b->prefixes, &file[i], &services[i], b->faults);
		name_rules_add(b->catalogue, &names, &file[i].names, b->faults);
		sorted[i] = &services[i];
	}
	if (list->count > 1)
		qsort(sorted, list->count, sizeof(*sorted), compare_services);
	for (size_t i = 1; i < list->count; i++) {
		if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0)
			config_node_fault(b->files[index]->node, b->faults,
					  "service `%s` is given again", sorted[i]->id);
	}
	scope->services = sorted;
	scope->service_count = list->count;
	b->catalogue->operators[index].services = sorted;
	b->catalogue->operators[index].service_count = list->count;
	return true;
}

static void
add_ech_names(const struct builder *b, size_t index)
{
	struct catalogue *c = b->catalogue;
	const char *const *name = b->files[index]->ech_public_names.items;

	for (size_t i = 0; i < b->files[index]->ech_public_names.count; i++)
		c->ech_names[c->ech_name_count++] =
			(struct ech_name){name[i], &c->operators[index]};
}

static size_t
count_prefixes(const struct builder *b)
{
	size_t count = 0;

	for (size_t i = 0; i < b->catalogue->operator_count; i++) {
		const struct file_service *service = b->files[i]->services.items;
		for (size_t j = 0; j < b->files[i]->services.count; j++)
			count += service[j].prefixes.count;
	}
	return count;
}

static bool
add_what_operators_have(const struct builder *b)
{
	struct catalogue *c = b->catalogue;
	size_t ech_names = 0;

	for (size_t i = 0; i < c->operator_count; i++)
		ech_names += b->files[i]->ech_public_names.count;
	c->feeds = allocate(b, FEED_RULES_MAX, sizeof(*c->feeds));
	c->ech_names = allocate(b, ech_names, sizeof(*c->ech_names));
	c->names = name_table_create(c->arena);
	b->prefixes->claims = allocate(b, count_prefixes(b), sizeof(*b->prefixes->claims));
	if (c->feeds == NULL || c->ech_names == NULL || c->names == NULL ||
	    b->prefixes->claims == NULL)
		return false;
	for (size_t i = 0; i < c->operator_count; i++) {
		struct name_rules_scope names = {&c->operators[i], NULL, b->regions[i]};
		struct feed_rules_scope feeds = {.owner = &c->operators[i],
						 .regions = b->regions[i]};
		if (!add_services(b, i, &feeds))
			return false;
		name_rules_add(c, &names, &b->files[i]->names, b->faults);
		feed_rules_add(c, &feeds, &b->files[i]->feeds, b->faults);
		add_ech_names(b, i);
	}
	service_prefixes_finish(b->prefixes, c, b->faults);
	resolver_addresses_add(c, b->files, b->faults);
	return true;
}

struct catalogue *
catalogue_build(const struct catalogue_file *files, size_t count, struct arena *arena,
		struct fault_list *faults)
{
	size_t faults_before = faults->count;
	struct catalogue *catalogue = arena_alloc(arena, sizeof(*catalogue));
	struct service_prefixes prefixes = {0};
	struct builder b = {.catalogue = catalogue, .faults = faults, .prefixes = &prefixes};

	if (catalogue == NULL) {
		fault_list_add(faults, "catalogue", 0, 0, "out of memory");
		return NULL;
	}
	catalogue->arena = arena;
	if (!add_operators(&b, files, count))
		return NULL;
	for (size_t i = 0; i < count; i++)
		add_regions(&b, &files[i]);
	add_asns(&b);
	if (!add_what_operators_have(&b))
		fault_list_add(faults, "catalogue", 0, 0, "out of memory");
	return faults->count == faults_before ? catalogue : NULL;
}
