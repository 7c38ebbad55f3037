/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/service_record.h"

#include <string.h>

#define COUNT(fields) (sizeof(fields) / sizeof(*(fields)))
#define AT(type, member) .offset = offsetof(struct type, member)

const char *
catalogue_exposure_word(unsigned value)
{
	return value < EXPOSURE_COUNT ? exposure_text((enum exposure)value) : NULL;
}

const char *
catalogue_kind_word(unsigned value)
{
	return value < SERVICE_KIND_COUNT ? service_kind_text((enum service_kind)value) : NULL;
}

static const struct file_name name_defaults = {
	.kind = SERVICE_KIND_UNKNOWN,
	.exposure = EXPOSURE_COUNT,
};
static const struct config_field name_fields[] = {
	{.key = "suffix", .type = CONFIG_STRING, AT(file_name, suffix), .required = true},
	{.type = CONFIG_SELF, AT(file_name, node)},
	{.key = "patterns", .type = CONFIG_STRINGS, AT(file_name, patterns)},
	{.key = "region_patterns", .type = CONFIG_STRINGS, AT(file_name, region_patterns)},
	{.key = "region", .type = CONFIG_STRING, AT(file_name, region)},
	{.key = "kind", .type = CONFIG_WORD, AT(file_name, kind), .word = catalogue_kind_word},
	{.key = "exposure",
	 .type = CONFIG_WORD,
	 AT(file_name, exposure),
	 .word = catalogue_exposure_word},
	{.key = "low_sink", .type = CONFIG_BOOL, AT(file_name, low_sink)},
	{.key = "note", .type = CONFIG_STRING, AT(file_name, note)},
};
const struct config_schema catalogue_name_schema = {
	.what = "name",
	.fields = name_fields,
	.field_count = COUNT(name_fields),
	.size = sizeof(struct file_name),
	.defaults = &name_defaults,
	.short_form = true,
};

static const struct config_field qualification_fields[] = {
	{.type = CONFIG_SELF, AT(file_qualification, node)},
	{.key = "scheme", .type = CONFIG_STRING, AT(file_qualification, scheme), .required = true},
	{.key = "version", .type = CONFIG_STRING, AT(file_qualification, version)},
	{.key = "scope", .type = CONFIG_STRING, AT(file_qualification, scope)},
	{.key = "valid_from", .type = CONFIG_DATE, AT(file_qualification, valid_from)},
	{.key = "valid_to", .type = CONFIG_DATE, AT(file_qualification, valid_to)},
	{.key = "regions", .type = CONFIG_STRINGS, AT(file_qualification, regions)},
	{.key = "source", .type = CONFIG_STRING, AT(file_qualification, source), .required = true},
	{.key = "note", .type = CONFIG_STRING, AT(file_qualification, note)},
};
const struct config_schema catalogue_qualification_schema = {
	.what = "qualification",
	.fields = qualification_fields,
	.field_count = COUNT(qualification_fields),
	.size = sizeof(struct file_qualification),
};

static const struct config_field hds_fields[] = {
	{.type = CONFIG_SELF, AT(file_hds, node)},
	{.key = "valid_from", .type = CONFIG_DATE, AT(file_hds, valid_from)},
	{.key = "valid_to", .type = CONFIG_DATE, AT(file_hds, valid_to), .required = true},
	{.key = "regions", .type = CONFIG_STRINGS, AT(file_hds, regions)},
	{.key = "source", .type = CONFIG_STRING, AT(file_hds, source)},
};
const struct config_schema catalogue_hds_schema = {
	.what = "hds",
	.fields = hds_fields,
	.field_count = COUNT(hds_fields),
	.size = sizeof(struct file_hds),
};

const struct file_service catalogue_service_defaults = {.exposure = EXPOSURE_COUNT};
static const struct config_field service_fields[] = {
	{.type = CONFIG_SELF, AT(file_service, node)},
	{.key = "id", .type = CONFIG_STRING, AT(file_service, id), .required = true},
	{.key = "name", .type = CONFIG_STRING, AT(file_service, name), .required = true},
	{.key = "kind",
	 .type = CONFIG_WORD,
	 AT(file_service, kind),
	 .word = catalogue_kind_word,
	 .required = true},
	{.key = "exposure",
	 .type = CONFIG_WORD,
	 AT(file_service, exposure),
	 .word = catalogue_exposure_word},
	{.key = "cdn", .type = CONFIG_BOOL, AT(file_service, cdn)},
	{.key = "technology_origin", .type = CONFIG_STRING, AT(file_service, technology_origin)},
	{.key = "operated_by", .type = CONFIG_STRING, AT(file_service, operated_by)},
	{.key = "regions", .type = CONFIG_STRINGS, AT(file_service, regions)},
	{.key = "prefixes", .type = CONFIG_STRINGS, AT(file_service, prefixes)},
	{.key = "qualifications",
	 .type = CONFIG_RECORDS,
	 AT(file_service, qualifications),
	 .schema = &catalogue_qualification_schema},
	{.key = "hds",
	 .type = CONFIG_RECORD,
	 AT(file_service, hds),
	 .schema = &catalogue_hds_schema},
	{.key = "names",
	 .type = CONFIG_RECORDS,
	 AT(file_service, names),
	 .schema = &catalogue_name_schema},
	{.key = "checked_on", .type = CONFIG_DATE, AT(file_service, checked_on)},
	{.key = "note", .type = CONFIG_STRING, AT(file_service, note)},
};
const struct config_schema catalogue_service_schema = {
	.what = "service",
	.fields = service_fields,
	.field_count = COUNT(service_fields),
	.size = sizeof(struct file_service),
	.defaults = &catalogue_service_defaults,
};

/* ISO 8601 dates sort as texts. */
static void
check_order(const struct config_node *node, const char *from, const char *to,
	    struct fault_list *faults)
{
	if (from != NULL && to != NULL && strcmp(from, to) > 0)
		config_node_fault(node, faults, "valid_to %s is before valid_from %s", to, from);
}

static const struct catalogue_qualification *
make_qualifications(const struct file_service *file, struct arena *arena, struct fault_list *faults)
{
	const struct file_qualification *from = file->qualifications.items;
	size_t count = file->qualifications.count;
	struct catalogue_qualification *to = arena_alloc_array(arena, count, sizeof(*to));

	if (to == NULL) {
		config_node_fault(file->node, faults, "out of memory");
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		to[i] = (struct catalogue_qualification){
			.scheme = from[i].scheme,
			.version = from[i].version,
			.scope = from[i].scope,
			.valid_from = from[i].valid_from,
			.valid_to = from[i].valid_to,
			.source = from[i].source,
			.note = from[i].note,
			.regions = from[i].regions.items,
			.region_count = from[i].regions.count,
		};
		check_order(from[i].node, from[i].valid_from, from[i].valid_to, faults);
	}
	return to;
}

static const struct catalogue_hds *
make_hds(const struct file_service *file, struct arena *arena, struct fault_list *faults)
{
	const struct file_hds *from = file->hds;

	if (from == NULL)
		return NULL;
	struct catalogue_hds *to = arena_alloc(arena, sizeof(*to));
	if (to == NULL) {
		config_node_fault(file->node, faults, "out of memory");
		return NULL;
	}
	*to = (struct catalogue_hds){
		.valid_from = from->valid_from,
		.valid_to = from->valid_to,
		.regions = from->regions.items,
		.region_count = from->regions.count,
		.source = from->source,
	};
	check_order(from->node, from->valid_from, from->valid_to, faults);
	return to;
}

void
service_record_fill(const struct file_service *file, const struct catalogue_operator *owner,
		    struct arena *arena, struct fault_list *faults, struct catalogue_service *out)
{
	bool own = file->exposure != EXPOSURE_COUNT;

	*out = (struct catalogue_service){
		.id = file->id,
		.name = file->name != NULL ? file->name : file->id,
		.owner = owner,
		.kind = (enum service_kind)file->kind,
		.has_exposure = own,
		.exposure = own ? (enum exposure)file->exposure : owner->exposure,
		.cdn = file->cdn,
		.qualifications = make_qualifications(file, arena, faults),
		.qualification_count = file->qualifications.count,
		.technology_origin = file->technology_origin != NULL ? file->technology_origin
								     : owner->technology_origin,
		.operated_by = file->operated_by,
		.hds = make_hds(file, arena, faults),
		.checked_on = file->checked_on != NULL ? file->checked_on : owner->checked_on,
		.regions = file->regions.items,
		.region_count = file->regions.count,
	};
	if (strspn(file->id, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(file->id))
		config_node_fault(file->node, faults, "id `%s`: only a-z, 0-9 and -", file->id);
}
