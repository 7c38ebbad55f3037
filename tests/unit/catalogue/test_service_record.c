/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/service_record.h"

#include <stdio.h>
#include <string.h>

#include "base/config_tree.h"
#include "tests/unit/unit.h"

static const struct catalogue_operator owner = {
	.id = "o",
	.exposure = EXPOSURE_EU_SOVEREIGN,
	.technology_origin = "Vendor",
	.checked_on = "2026-01-01",
};

/* One service read from `text` by the shared schema, as a reader of settings would do. */
struct reading {
	struct arena *arena;
	struct config_tree *tree;
	struct fault_list faults;
	struct catalogue_service service;
};

static void
read_service(struct reading *r, const char *text)
{
	struct file_service file = catalogue_service_defaults;

	*r = (struct reading){.arena = arena_create(), .faults = FAULT_LIST_INIT};
	CU_ASSERT_PTR_NOT_NULL_FATAL(r->arena);
	r->tree = config_tree_parse("s.yaml", text, strlen(text), &r->faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r->tree);
	if (config_read(config_tree_root(r->tree), &catalogue_service_schema, r->arena, &file,
			&r->faults))
		service_record_fill(&file, &owner, r->arena, &r->faults, &r->service);
}

static void
end_reading(struct reading *r)
{
	fault_list_fini(&r->faults);
	config_tree_destroy(r->tree);
	arena_destroy(r->arena);
}

static void
what_a_service_does_not_say_is_the_operators(void)
{
	struct reading r;

	read_service(&r, "{id: s, name: S, kind: backup}\n");
	CU_ASSERT_EQUAL_FATAL(r.faults.count, 0);
	CU_ASSERT_PTR_EQUAL(r.service.owner, &owner);
	CU_ASSERT_EQUAL(r.service.kind, SERVICE_KIND_BACKUP);
	CU_ASSERT_FALSE(r.service.has_exposure);
	CU_ASSERT_EQUAL(r.service.exposure, EXPOSURE_EU_SOVEREIGN);
	CU_ASSERT_STRING_EQUAL(r.service.technology_origin, "Vendor");
	CU_ASSERT_STRING_EQUAL(r.service.checked_on, "2026-01-01");
	CU_ASSERT_PTR_NULL(r.service.operated_by);
	CU_ASSERT_PTR_NULL(r.service.hds);
	CU_ASSERT_EQUAL(r.service.region_count, 0);
	CU_ASSERT_EQUAL(r.service.qualification_count, 0);
	end_reading(&r);
}

static void
every_key_of_a_service_arrives(void)
{
	struct reading r;

	read_service(&r,
		     "id: s\n"
		     "name: S\n"
		     "kind: backup\n"
		     "exposure: us-parent\n"
		     "technology_origin: Other\n"
		     "operated_by: Somebody\n"
		     "checked_on: 2026-02-02\n"
		     "regions: [FR, DE]\n"
		     "qualifications:\n"
		     "  - {scheme: SecNumCloud, version: '3.2', scope: all, source: list,\n"
		     "     valid_from: 2025-02-01, valid_to: 2028-01-31, regions: FR, note: n}\n"
		     "hds: {valid_from: 2025-01-01, valid_to: 2027-12-31, regions: [FR, BE],\n"
		     "  source: certificate}\n");
	CU_ASSERT_EQUAL_FATAL(r.faults.count, 0);
	CU_ASSERT_TRUE(r.service.has_exposure && r.service.exposure == EXPOSURE_US_PARENT);
	CU_ASSERT_STRING_EQUAL(r.service.technology_origin, "Other");
	CU_ASSERT_STRING_EQUAL(r.service.operated_by, "Somebody");
	CU_ASSERT_STRING_EQUAL(r.service.checked_on, "2026-02-02");
	CU_ASSERT_EQUAL_FATAL(r.service.region_count, 2);
	CU_ASSERT_STRING_EQUAL(r.service.regions[1], "DE");
	CU_ASSERT_EQUAL_FATAL(r.service.qualification_count, 1);
	const struct catalogue_qualification *q = r.service.qualifications;
	CU_ASSERT_STRING_EQUAL(q->version, "3.2");
	CU_ASSERT_STRING_EQUAL(q->valid_to, "2028-01-31");
	CU_ASSERT_EQUAL_FATAL(q->region_count, 1);
	CU_ASSERT_STRING_EQUAL(q->regions[0], "FR");
	CU_ASSERT_STRING_EQUAL(q->note, "n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(r.service.hds);
	CU_ASSERT_STRING_EQUAL(r.service.hds->valid_from, "2025-01-01");
	CU_ASSERT_EQUAL_FATAL(r.service.hds->region_count, 2);
	CU_ASSERT_STRING_EQUAL(r.service.hds->regions[1], "BE");
	CU_ASSERT_STRING_EQUAL(r.service.hds->source, "certificate");
	end_reading(&r);
}

static void
hds_of_the_settings_needs_no_source_and_no_first_day(void)
{
	struct reading r;

	read_service(&r, "{id: s, name: S, kind: backup, hds: {valid_to: 2027-12-31}}\n");
	CU_ASSERT_EQUAL_FATAL(r.faults.count, 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r.service.hds);
	CU_ASSERT_PTR_NULL(r.service.hds->valid_from);
	CU_ASSERT_PTR_NULL(r.service.hds->source);
	CU_ASSERT_EQUAL(r.service.hds->region_count, 0);
	end_reading(&r);
}

static const struct {
	const char *text;
	const char *fault;
} refused[] = {
	{"{id: s, name: S, kind: saas, hds: {source: x}}\n", "s.yaml:1:35: hds lacks `valid_to`"},
	{"{id: s, name: S, kind: saas, hds: {valid_to: soon}}\n",
	 "`valid_to` is `soon`, expected a date"},
	{"{id: s, name: S, kind: saas, hds: 2027-12-31}\n", "hds is a text, expected a mapping"},
	{"{id: s, name: S, kind: saas, hds: {valid_from: 2027-01-02, valid_to: 2027-01-01}}\n",
	 "s.yaml:1:35: valid_to 2027-01-01 is before valid_from 2027-01-02"},
	{"{id: s, name: S, kind: saas, qualifications: [{scheme: X, source: x, "
	 "valid_from: 2027-01-02, valid_to: 2027-01-01}]}\n",
	 "s.yaml:1:47: valid_to 2027-01-01 is before valid_from 2027-01-02"},
	{"{id: s, name: S, kind: saas, region: FR}\n",
	 "unknown key `region`: did you mean `regions`?"},
	{"{id: S, name: S, kind: saas}\n", "id `S`: only a-z, 0-9 and -"},
	{"{id: s, kind: saas}\n", "service lacks `name`"},
};

static void
mistakes_are_told_where_they_stand(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct reading r;
		read_service(&r, refused[i].text);
		CU_ASSERT_EQUAL(r.faults.count, 1);
		CU_ASSERT_NOT_EQUAL_FATAL(r.faults.count, 0);
		if (strstr(r.faults.faults[0].text, refused[i].fault) == NULL) {
			fprintf(stderr, "# got: %s\n# not: %s\n", r.faults.faults[0].text,
				refused[i].fault);
			CU_FAIL("another fault");
		}
		end_reading(&r);
	}
}

static void
a_service_without_a_name_is_called_by_its_id(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct arena *arena = arena_create();
	struct file_service file = catalogue_service_defaults;
	struct catalogue_service service;

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	file.id = "s";
	service_record_fill(&file, &owner, arena, &faults, &service);
	CU_ASSERT_STRING_EQUAL(service.name, "s");
	CU_ASSERT_EQUAL(faults.count, 0);
	arena_destroy(arena);
}

static const struct unit_case cases[] = {
	{"what_a_service_does_not_say_is_the_operators",
	 what_a_service_does_not_say_is_the_operators},
	{"every_key_of_a_service_arrives", every_key_of_a_service_arrives},
	{"hds_of_the_settings_needs_no_source_and_no_first_day",
	 hds_of_the_settings_needs_no_source_and_no_first_day},
	{"mistakes_are_told_where_they_stand", mistakes_are_told_where_they_stand},
	{"a_service_without_a_name_is_called_by_its_id",
	 a_service_without_a_name_is_called_by_its_id},
};

int
main(void)
{
	return unit_run("service_record", cases, sizeof(cases) / sizeof(*cases));
}
