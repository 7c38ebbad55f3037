/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/exceptions.h"

#include <string.h>

#include "base/arena.h"
#include "base/time_zone.h"
#include "classifier/policy/reference.h"

/* Longest validity: calendar months behind the approval (domain §3g). */
#define MONTHS_MAX 18

struct exception_list {
	struct arena *arena;
	struct exception *items;
	size_t count;
};

struct exception_builder {
	struct exception_list *list;
	const struct exception_scope *scope;
	struct fault_list *faults;
};

static void *
allocate(const struct exception_builder *b, size_t count, size_t size)
{
	void *piece = arena_alloc_array(b->list->arena, count, size);

	if (piece == NULL)
		fault_list_add(b->faults, "exceptions", 0, 0, "out of memory");
	return piece;
}

/* Item `index` of the list under `key`. */
static struct reference
reference_to(const struct exception_builder *b, const struct file_exception *file, const char *key,
	     const struct config_list *list, size_t index)
{
	return (struct reference){policy_file_item(file->node, key, index),
				  ((const char *const *)list->items)[index], b->faults};
}

static void
add_zones(const struct exception_builder *b, const struct file_exception *file,
	  struct exception *out)
{
	out->zones = allocate(b, file->zones.count, sizeof(*out->zones));
	for (size_t i = 0; out->zones != NULL && i < file->zones.count; i++) {
		const struct reference r = reference_to(b, file, "zones", &file->zones, i);
		const struct zone *zone = reference_zone(&r, b->scope->zones);
		if (zone != NULL)
			out->zones[out->zone_count++] = zone;
	}
}

static void
add_operators(const struct exception_builder *b, const struct file_exception *file,
	      struct exception *out)
{
	out->operators = allocate(b, file->operators.count, sizeof(*out->operators));
	for (size_t i = 0; out->operators != NULL && i < file->operators.count; i++) {
		const struct reference r = reference_to(b, file, "operators", &file->operators, i);
		const struct catalogue_operator *owner =
			reference_operator(&r, b->scope->catalogue);
		if (owner != NULL)
			out->operators[out->operator_count++] = owner;
	}
}

static void
add_kinds(const struct exception_builder *b, const struct file_exception *file,
	  struct exception *out)
{
	for (size_t i = 0; i < file->kinds.count; i++) {
		const struct reference r = reference_to(b, file, "kinds", &file->kinds, i);
		enum service_kind kind;
		if (reference_kind(&r, &kind))
			out->kinds |= UINT32_C(1) << kind;
	}
}

/* ---- services ---- */

/* Whether the exception's operators, where it names any, have that one. */
static bool
may_have(const struct file_exception *file, const char *operator_id)
{
	const char *const *text = file->operators.items;

	for (size_t i = 0; i < file->operators.count; i++) {
		if (text[i] != NULL && strcmp(text[i], operator_id) == 0)
			return true;
	}
	return file->operators.count == 0;
}

/* Operators that have a service of that id, the settings' first; only two of them matter. */
struct service_owners {
	const char *ids[2];
	size_t count;
};

static void
add_owner(struct service_owners *owners, const char *id)
{
	if (owners->count < 2 && (owners->count == 0 || strcmp(owners->ids[0], id) != 0))
		owners->ids[owners->count++] = id;
}

static struct service_owners
find_owners(const struct exception_builder *b, const struct file_exception *file, const char *id)
{
	const struct file_policy_service *own = b->scope->services->items;
	struct service_owners owners = {.count = 0};
	size_t count;
	const struct catalogue_operator *operators =
		catalogue_operators(b->scope->catalogue, &count);

	for (size_t i = 0; i < b->scope->services->count; i++) {
		if (own[i].service.id != NULL && own[i].operator_id != NULL &&
		    strcmp(own[i].service.id, id) == 0 && may_have(file, own[i].operator_id))
			add_owner(&owners, own[i].operator_id);
	}
	for (size_t i = 0; i < count; i++) {
		if (catalogue_find_service(&operators[i], id) != NULL &&
		    may_have(file, operators[i].id))
			add_owner(&owners, operators[i].id);
	}
	return owners;
}

static void
tell_unknown_service(const struct exception_builder *b, const struct file_exception *file,
		     const struct reference *reference)
{
	const struct file_policy_service *own = b->scope->services->items;
	struct suggestion near = {.given = reference->text};
	size_t count;
	const struct catalogue_operator *operators =
		catalogue_operators(b->scope->catalogue, &count);

	for (size_t i = 0; i < b->scope->services->count && reference_is_shown(reference); i++) {
		if (own[i].service.id != NULL && own[i].operator_id != NULL &&
		    may_have(file, own[i].operator_id))
			suggestion_offer(&near, own[i].service.id);
	}
	for (size_t i = 0; i < count && reference_is_shown(reference); i++) {
		for (size_t j = 0; j < operators[i].service_count; j++) {
			if (may_have(file, operators[i].id))
				suggestion_offer(&near, operators[i].services[j]->id);
		}
	}
	reference_unknown(reference,
			  file->operators.count > 0 ? "service of these operators" : "service",
			  &near);
}

/* An id like `object-storage` alone would cover an operator that nobody approved. */
static void
check_service(const struct exception_builder *b, const struct file_exception *file, size_t index)
{
	const struct reference r = reference_to(b, file, "services", &file->services, index);

	if (r.text == NULL)
		return;
	const struct service_owners owners = find_owners(b, file, r.text);
	if (owners.count == 0)
		tell_unknown_service(b, file, &r);
	else if (owners.count > 1 && file->operators.count == 0)
		config_node_fault(policy_file_item(file->node, "services", index), b->faults,
				  "service `%s` is one of several operators (`%s`, `%s`): say with "
				  "`operators` whose is meant",
				  r.text, owners.ids[0], owners.ids[1]);
}

static void
add_services(const struct exception_builder *b, const struct file_exception *file,
	     struct exception *out)
{
	out->services = file->services.items;
	out->service_count = file->services.count;
	for (size_t i = 0; b->scope->catalogue != NULL && i < file->services.count; i++)
		check_service(b, file, i);
}

/* ---- what holds of one exception ---- */

static bool
is_empty(const struct file_exception *file, const char *key)
{
	const struct config_node *node = config_node_find(file->node, key);

	return node != NULL && config_node_kind(node) == CONFIG_KIND_SEQUENCE &&
	       config_node_count(node) == 0;
}

static void
check_lists(const struct exception_builder *b, const struct file_exception *file)
{
	static const char *const keys[] = {"zones", "kinds"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (is_empty(file, keys[i]))
			config_node_fault(policy_file_item(file->node, keys[i], 0), b->faults,
					  "`%s` is empty: the exception would cover nothing",
					  keys[i]);
	}
	if (config_node_kind(file->node) == CONFIG_KIND_MAPPING && file->operators.count == 0 &&
	    file->services.count == 0)
		config_node_fault(file->node, b->faults,
				  "exception lacks `operators` or `services`");
}

static void
check_class(const struct exception_builder *b, const struct file_exception *file)
{
	const struct config_node *node = policy_file_item(file->node, "max_class", 0);

	if (file->max_class == DATA_CLASS_SECRET)
		config_node_fault(node, b->faults,
				  "no exception can cover class secret; expected "
				  "diffusion-restreinte or less");
	else if (file->max_class == DATA_CLASS_DIFFUSION_RESTREINTE && file->type == 0)
		config_node_fault(node, b->faults,
				  "class diffusion-restreinte needs `type: dr-approval`");
}

static void
check_dates(const struct exception_builder *b, const struct file_exception *file,
	    struct exception *out)
{
	const struct config_node *node = policy_file_item(file->node, "expires_on", 0);
	char latest[TIME_ZONE_DATE_LEN];

	/* A missing or mistyped date has been told. */
	if (file->approved_on == NULL || file->expires_on == NULL ||
	    !time_zone_parse_day(file->approved_on, &out->approved_day) ||
	    !time_zone_parse_day(file->expires_on, &out->expires_day))
		return;
	int32_t last = time_zone_add_months(out->approved_day, MONTHS_MAX);
	if (out->expires_day < out->approved_day) {
		config_node_fault(node, b->faults, "expires_on %s is before approved_on %s",
				  file->expires_on, file->approved_on);
	} else if (out->expires_day > last) {
		time_zone_format_day(last, latest);
		config_node_fault(node, b->faults,
				  "expires_on %s is more than %u months after approved_on %s, "
				  "expected %s at the latest",
				  file->expires_on, MONTHS_MAX, file->approved_on, latest);
	}
}

static void
add_exception(const struct exception_builder *b, const struct file_exception *file,
	      struct exception *out)
{
	*out = (struct exception){
		.id = file->id != NULL ? file->id : "",
		.max_class = (enum data_class)file->max_class,
		.max_bytes_day = file->max_bytes_day,
		.cap = (enum severity)file->cap,
		.dr_approval = file->type != 0,
		.approved_on = file->approved_on,
		.expires_on = file->expires_on,
		.reason = file->reason,
		.legal_basis = file->legal_basis,
		.owner = file->owner,
		.approved_by = file->approved_by,
		.measures = file->measures,
	};
	reference_check_id(file->id, "exception", policy_file_item(file->node, "id", 0), b->faults);
	check_lists(b, file);
	add_zones(b, file, out);
	add_operators(b, file, out);
	add_services(b, file, out);
	add_kinds(b, file, out);
	check_class(b, file);
	check_dates(b, file, out);
}

static void
refuse_twice(const struct exception_builder *b, const struct config_list *items)
{
	const struct file_exception *file = items->items;
	struct declared_id *ids = allocate(b, items->count, sizeof(*ids));
	size_t count = 0;

	for (size_t i = 0; ids != NULL && i < items->count; i++) {
		if (file[i].id != NULL)
			ids[count++] = (struct declared_id){
				file[i].id, NULL, policy_file_item(file[i].node, "id", 0)};
	}
	reference_refuse_twice(ids, count, "exception", b->faults);
}

struct exception_list *
exception_list_create(const struct config_list *items, const struct exception_scope *scope,
		      struct fault_list *faults)
{
	const struct file_exception *file = items->items;
	size_t faults_before = faults->count;
	struct arena *arena = arena_create();
	struct exception_list *list = arena != NULL ? arena_alloc(arena, sizeof(*list)) : NULL;
	const struct exception_builder b = {list, scope, faults};

	if (list == NULL) {
		fault_list_add(faults, "exceptions", 0, 0, "out of memory");
		arena_destroy(arena);
		return NULL;
	}
	list->arena = arena;
	list->items = allocate(&b, items->count, sizeof(*list->items));
	for (size_t i = 0; list->items != NULL && i < items->count; i++)
		add_exception(&b, &file[i], &list->items[i]);
	list->count = items->count;
	refuse_twice(&b, items);
	if (faults->count == faults_before)
		return list;
	exception_list_destroy(list);
	return NULL;
}

void
exception_list_destroy(struct exception_list *list)
{
	if (list != NULL)
		arena_destroy(list->arena);
}

size_t
exception_list_count(const struct exception_list *list)
{
	return list->count;
}

const struct exception *
exception_list_at(const struct exception_list *list, size_t index)
{
	return &list->items[index];
}
