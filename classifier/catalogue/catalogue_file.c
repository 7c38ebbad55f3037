/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of a catalogue file. One table a record; the order is that of the file's README. */
#include "classifier/catalogue/catalogue_file.h"

#define COUNT(fields) (sizeof(fields) / sizeof(*(fields)))

static const char *
scope_word(unsigned value)
{
	static const char *const words[ASN_SCOPE_COUNT] = {
		[ASN_SCOPE_CLOUD] = "cloud",
		[ASN_SCOPE_ACCESS] = "access",
		[ASN_SCOPE_TRANSIT] = "transit",
	};

	return value < ASN_SCOPE_COUNT ? words[value] : NULL;
}

#define AT(type, member) .offset = offsetof(struct type, member)

static const struct config_field controller_fields[] = {
	{.key = "name", .type = CONFIG_STRING, AT(catalogue_controller, name), .required = true},
	{.key = "country",
	 .type = CONFIG_COUNTRY,
	 AT(catalogue_controller, country),
	 .required = true},
	{.key = "share", .type = CONFIG_STRING, AT(catalogue_controller, share)},
	{.key = "source",
	 .type = CONFIG_STRING,
	 AT(catalogue_controller, source),
	 .required = true},
	{.key = "date",
	 .type = CONFIG_DATE,
	 AT(catalogue_controller, checked_on),
	 .required = true},
};
static const struct config_schema controller_schema = {
	.what = "controller",
	.fields = controller_fields,
	.field_count = COUNT(controller_fields),
	.size = sizeof(struct catalogue_controller),
};

static const struct config_field presence_fields[] = {
	{.key = "country", .type = CONFIG_COUNTRY, AT(file_presence, country), .required = true},
	{.key = "kind", .type = CONFIG_STRING, AT(file_presence, kind), .required = true},
};
static const struct config_schema presence_schema = {
	.what = "foreign presence",
	.fields = presence_fields,
	.field_count = COUNT(presence_fields),
	.size = sizeof(struct file_presence),
};

static const struct config_field asn_country_fields[] = {
	{.key = "country", .type = CONFIG_COUNTRY, AT(file_asn_country, country), .required = true},
	{.key = "exposure",
	 .type = CONFIG_WORD,
	 AT(file_asn_country, exposure),
	 .word = catalogue_exposure_word,
	 .required = true},
};
static const struct config_schema asn_country_schema = {
	.what = "country of an asn",
	.fields = asn_country_fields,
	.field_count = COUNT(asn_country_fields),
	.size = sizeof(struct file_asn_country),
};

static const struct file_asn asn_defaults = {.exposure = EXPOSURE_COUNT};
static const struct config_field asn_fields[] = {
	{.type = CONFIG_SELF, AT(file_asn, node)},
	{.key = "asn", .type = CONFIG_UINT, AT(file_asn, asn), .max = UINT32_MAX, .required = true},
	{.key = "org", .type = CONFIG_STRING, AT(file_asn, org), .required = true},
	{.key = "scope", .type = CONFIG_WORD, AT(file_asn, scope), .word = scope_word},
	{.key = "exposure",
	 .type = CONFIG_WORD,
	 AT(file_asn, exposure),
	 .word = catalogue_exposure_word},
	{.key = "by_country",
	 .type = CONFIG_RECORDS,
	 AT(file_asn, by_country),
	 .schema = &asn_country_schema},
	{.key = "mixed", .type = CONFIG_BOOL, AT(file_asn, mixed)},
	{.key = "note", .type = CONFIG_STRING, AT(file_asn, note)},
};
static const struct config_schema asn_schema = {
	.what = "asn",
	.fields = asn_fields,
	.field_count = COUNT(asn_fields),
	.size = sizeof(struct file_asn),
	.defaults = &asn_defaults,
};

static const struct config_field tag_fields[] = {
	{.type = CONFIG_SELF, AT(file_tag, node)},
	{.key = "tag", .type = CONFIG_STRING, AT(file_tag, tag), .required = true},
	{.key = "service", .type = CONFIG_STRING, AT(file_tag, service), .required = true},
};
static const struct config_schema tag_schema = {
	.what = "tag",
	.fields = tag_fields,
	.field_count = COUNT(tag_fields),
	.size = sizeof(struct file_tag),
};

static const struct file_feed feed_defaults = {.exposure = EXPOSURE_COUNT};
static const struct config_field feed_fields[] = {
	{.type = CONFIG_SELF, AT(file_feed, node)},
	{.key = "list", .type = CONFIG_STRING, AT(file_feed, list), .required = true},
	{.key = "regions", .type = CONFIG_STRINGS, AT(file_feed, regions)},
	{.key = "tags", .type = CONFIG_RECORDS, AT(file_feed, tags), .schema = &tag_schema},
	{.key = "service", .type = CONFIG_STRING, AT(file_feed, service)},
	{.key = "exposure",
	 .type = CONFIG_WORD,
	 AT(file_feed, exposure),
	 .word = catalogue_exposure_word},
};
static const struct config_schema feed_schema = {
	.what = "feed",
	.fields = feed_fields,
	.field_count = COUNT(feed_fields),
	.size = sizeof(struct file_feed),
	.defaults = &feed_defaults,
};

static const struct config_field resolver_fields[] = {
	{.type = CONFIG_SELF, AT(file_resolver, node)},
	{.key = "addresses",
	 .type = CONFIG_STRINGS,
	 AT(file_resolver, addresses),
	 .required = true},
	{.key = "source", .type = CONFIG_STRING, AT(file_resolver, source), .required = true},
	{.key = "checked_on", .type = CONFIG_DATE, AT(file_resolver, checked_on), .required = true},
	{.key = "note", .type = CONFIG_STRING, AT(file_resolver, note)},
};
static const struct config_schema resolver_schema = {
	.what = "resolver",
	.fields = resolver_fields,
	.field_count = COUNT(resolver_fields),
	.size = sizeof(struct file_resolver),
};

static const struct file_operator operator_defaults = {.exposure = EXPOSURE_COUNT};
static const struct config_field operator_fields[] = {
	{.type = CONFIG_SELF, AT(file_operator, node)},
	{.key = "id", .type = CONFIG_STRING, AT(file_operator, id), .required = true},
	{.key = "name", .type = CONFIG_STRING, AT(file_operator, name), .required = true},
	{.key = "short_name", .type = CONFIG_STRING, AT(file_operator, short_name)},
	{.key = "aliases", .type = CONFIG_STRINGS, AT(file_operator, aliases)},
	{.key = "group", .type = CONFIG_STRING, AT(file_operator, group)},
	{.key = "seat_country",
	 .type = CONFIG_COUNTRY,
	 AT(file_operator, seat_country),
	 .required = true},
	{.key = "controllers",
	 .type = CONFIG_RECORDS,
	 AT(file_operator, controllers),
	 .schema = &controller_schema},
	{.key = "foreign_presence",
	 .type = CONFIG_RECORDS,
	 AT(file_operator, foreign_presence),
	 .schema = &presence_schema},
	{.key = "technology_origin", .type = CONFIG_STRING, AT(file_operator, technology_origin)},
	{.key = "exposure",
	 .type = CONFIG_WORD,
	 AT(file_operator, exposure),
	 .word = catalogue_exposure_word,
	 .required = true},
	{.key = "cdn", .type = CONFIG_BOOL, AT(file_operator, cdn)},
	{.key = "retired", .type = CONFIG_BOOL, AT(file_operator, retired)},
	{.key = "hosted_on", .type = CONFIG_STRINGS, AT(file_operator, hosted_on)},
	{.key = "asns", .type = CONFIG_RECORDS, AT(file_operator, asns), .schema = &asn_schema},
	{.key = "feeds", .type = CONFIG_RECORDS, AT(file_operator, feeds), .schema = &feed_schema},
	{.key = "services",
	 .type = CONFIG_RECORDS,
	 AT(file_operator, services),
	 .schema = &catalogue_service_schema},
	{.key = "names",
	 .type = CONFIG_RECORDS,
	 AT(file_operator, names),
	 .schema = &catalogue_name_schema},
	{.key = "ech_public_names", .type = CONFIG_STRINGS, AT(file_operator, ech_public_names)},
	{.key = "resolvers",
	 .type = CONFIG_RECORDS,
	 AT(file_operator, resolvers),
	 .schema = &resolver_schema},
	{.key = "source", .type = CONFIG_STRING, AT(file_operator, source), .required = true},
	{.key = "checked_on", .type = CONFIG_DATE, AT(file_operator, checked_on), .required = true},
	{.key = "note", .type = CONFIG_STRING, AT(file_operator, note)},
};
static const struct config_schema operator_schema = {
	.what = "operator",
	.fields = operator_fields,
	.field_count = COUNT(operator_fields),
	.size = sizeof(struct file_operator),
	.defaults = &operator_defaults,
};

static const struct config_field region_fields[] = {
	{.key = "code", .type = CONFIG_STRING, AT(file_region, code), .required = true},
	{.key = "country", .type = CONFIG_COUNTRY, AT(file_region, country)},
	{.key = "city", .type = CONFIG_STRING, AT(file_region, city)},
	{.key = "note", .type = CONFIG_STRING, AT(file_region, note)},
};
static const struct config_schema region_schema = {
	.what = "region",
	.fields = region_fields,
	.field_count = COUNT(region_fields),
	.size = sizeof(struct file_region),
};

static const struct config_field region_table_fields[] = {
	{.type = CONFIG_SELF, AT(file_region_table, node)},
	{.key = "operator",
	 .type = CONFIG_STRING,
	 AT(file_region_table, operator_id),
	 .required = true},
	{.key = "forms", .type = CONFIG_STRINGS, AT(file_region_table, forms)},
	{.key = "codes",
	 .type = CONFIG_RECORDS,
	 AT(file_region_table, codes),
	 .schema = &region_schema},
	{.key = "source", .type = CONFIG_STRING, AT(file_region_table, source), .required = true},
	{.key = "checked_on",
	 .type = CONFIG_DATE,
	 AT(file_region_table, checked_on),
	 .required = true},
};
static const struct config_schema region_table_schema = {
	.what = "regions",
	.fields = region_table_fields,
	.field_count = COUNT(region_table_fields),
	.size = sizeof(struct file_region_table),
};

static const struct config_field file_fields[] = {
	{.key = "operators",
	 .type = CONFIG_RECORDS,
	 AT(catalogue_file, operators),
	 .schema = &operator_schema},
	{.key = "regions",
	 .type = CONFIG_RECORDS,
	 AT(catalogue_file, regions),
	 .schema = &region_table_schema},
};
static const struct config_schema file_schema = {
	.what = "catalogue file",
	.fields = file_fields,
	.field_count = COUNT(file_fields),
	.size = sizeof(struct catalogue_file),
};

bool
catalogue_file_read(const struct config_node *root, struct arena *arena, struct catalogue_file *out,
		    struct fault_list *faults)
{
	*out = (struct catalogue_file){0};
	return config_read(root, &file_schema, arena, out, faults);
}
