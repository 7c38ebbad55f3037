/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/policy/policy_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#define AT(member) .offset = offsetof(struct policy_file, member)
static const struct config_field file_fields[] = {
	{.key = "policy", .type = CONFIG_RECORD, AT(policy), .schema = &policy_schema},
	{.key = "thresholds", .type = CONFIG_RECORD, AT(thresholds), .schema = &thresholds_schema},
	{.key = "alerts", .type = CONFIG_RECORD, AT(alerts), .schema = &alerts_schema},
	{.key = "zones", .type = CONFIG_RECORDS, AT(zones), .schema = &zone_schema},
	{.key = "tenancies", .type = CONFIG_RECORDS, AT(tenancies), .schema = &tenancy_schema},
	{.key = "services", .type = CONFIG_RECORDS, AT(services), .schema = &policy_service_schema},
	{.key = "exceptions", .type = CONFIG_RECORDS, AT(exceptions), .schema = &exception_schema},
	{.key = "resolvers", .type = CONFIG_PREFIXES, AT(resolvers)},
};
static const struct config_schema file_schema = {
	.what = "policy file",
	.fields = file_fields,
	.field_count = sizeof(file_fields) / sizeof(*file_fields),
	.size = sizeof(struct policy_file),
};

const struct rule_book policy_text_rules = {
	.thresholds =
		{
			.trace_below = 64 << 10,
			.export_min = 1 << 20,
			.export_ratio = 6000,
			.bulk_min = 100 << 20,
			.day =
				{
					[DATA_CLASS_INTERNAL] = 1 << 30,
					[DATA_CLASS_PERSONAL] = 50 << 20,
					[DATA_CLASS_HEALTH] = 10 << 20,
				},
		},
	.max_age_days = 400,
};

void
policy_text_read(struct policy_text *out, const char *text)
{
	*out = (struct policy_text){.arena = arena_create()};
	CU_ASSERT_PTR_NOT_NULL_FATAL(out->arena);
	out->tree = config_tree_parse("p.yaml", text, strlen(text), &out->faults);
	if (out->tree != NULL && config_tree_root(out->tree) != NULL)
		(void)config_read(config_tree_root(out->tree), &file_schema, out->arena, &out->file,
				  &out->faults);
}

void
policy_text_fini(struct policy_text *text)
{
	config_tree_destroy(text->tree);
	arena_destroy(text->arena);
	fault_list_fini(&text->faults);
}

void
policy_text_expect(const struct fault_list *faults, const char *lines)
{
	char *told = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&told, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	for (size_t i = 0; i < faults->count && i < FAULT_LIST_MAX; i++)
		fprintf(out, "%s\n", faults->faults[i].text);
	fclose(out);
	CU_ASSERT_STRING_EQUAL(told, lines);
	if (strcmp(told, lines) != 0)
		fprintf(stderr, "# told:\n%s# expected:\n%s", told, lines);
	free(told);
}

struct catalogue *
policy_text_catalogue(void)
{
	static const char text[] =
		"operators:\n"
		"  - {id: aws, name: Amazon Web Services, seat_country: US, exposure: us-direct,\n"
		"     source: s, checked_on: 2026-01-01, feeds: [{list: aws}], services: [\n"
		"       {id: s3, name: Amazon S3, kind: object-storage, names: [amazonaws.com]},\n"
		"       {id: glacier, name: Amazon Glacier, kind: backup}]}\n"
		"  - {id: ovhcloud, name: OVHcloud, seat_country: FR, exposure: eu-sovereign,\n"
		"     source: s, checked_on: 2026-01-01, feeds: [{list: ovhcloud}], services: [\n"
		"       {id: object-storage, name: Object Storage, kind: object-storage}]}\n"
		"  - {id: dropbox, name: Dropbox, seat_country: US, exposure: us-direct,\n"
		"     source: s, checked_on: 2026-01-01}\n";
	struct fault_list faults = FAULT_LIST_INIT;
	struct catalogue *catalogue = catalogue_parse("c.yaml", text, sizeof(text) - 1, &faults);

	policy_text_expect(&faults, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(catalogue);
	fault_list_fini(&faults);
	return catalogue;
}

struct ip_address
policy_text_address(const char *text)
{
	struct ip_address address;

	CU_ASSERT_EQUAL_FATAL(ip_address_parse(text, &address), 0);
	return address;
}
