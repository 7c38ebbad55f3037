/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/catalogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static const char minimal[] = "operators:\n"
			      "  - id: a\n"
			      "    name: Operator A\n"
			      "    seat_country: FR\n"
			      "    exposure: eu-sovereign\n"
			      "    source: test\n"
			      "    checked_on: 2026-11-22\n";

static void
smallest_operator_has_its_own_group_and_seat_as_control(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct catalogue *c = catalogue_parse("m.yaml", minimal, strlen(minimal), &faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	const struct catalogue_operator *a = catalogue_find_operator(c, "a");
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	CU_ASSERT_STRING_EQUAL(a->name, "Operator A");
	CU_ASSERT_STRING_EQUAL(a->short_name, "Operator A");
	CU_ASSERT_STRING_EQUAL(a->group, "a");
	CU_ASSERT_STRING_EQUAL(a->control_country, "FR");
	CU_ASSERT_EQUAL(a->exposure, EXPOSURE_EU_SOVEREIGN);
	CU_ASSERT_FALSE(a->cdn || a->retired);
	CU_ASSERT_PTR_NULL(a->technology_origin);
	CU_ASSERT_PTR_NULL(catalogue_find_operator(c, "b"));
	catalogue_destroy(c);
}

/* Fields one by one: what is missing, misspelled or no value of its kind. */
static const struct {
	const char *line; /* put behind the minimal operator, or "-key" to leave a line out */
	const char *fault;
} fields[] = {
	{"-id", "m.yaml:2:5: operator lacks `id`"},
	{"-name", "operator lacks `name`"},
	{"-seat_country", "operator lacks `seat_country`"},
	{"-exposure", "operator lacks `exposure`"},
	{"-source", "m.yaml:2:5: operator lacks `source`"},
	{"-checked_on", "operator lacks `checked_on`"},
	{"    aliasses: [x]\n", "m.yaml:8:5: unknown key `aliasses`: did you mean `aliases`?"},
	{"    controllers: [{name: x, country: FR, date: 2026-11-22}]\n",
	 "m.yaml:8:19: controller lacks `source`"},
	{"    controllers: [{name: x, country: FR, source: x}]\n", "controller lacks `date`"},
	{"    controllers: [{name: x, country: UK, source: x, date: 2026-11-22}]\n",
	 "`country` is `UK`, expected a country code"},
	{"    asns: [{asn: 4294967296, org: x}]\n", "`asn` is `4294967296`, expected a whole"},
	{"    asns: [{asn: 1}]\n", "asn lacks `org`"},
	{"    asns: [{asn: 1, org: x, scope: acces}]\n",
	 "unknown `scope` `acces`: did you mean `access`?"},
	{"    asns: [{asn: 1, org: x, by_country: [{country: US}]}]\n",
	 "country of an asn lacks `exposure`"},
	{"    asns: [{asn: 1, org: x, by_country: [{exposure: us-direct}]}]\n",
	 "country of an asn lacks `country`"},
	{"    services: [{id: s, name: s, kind: objectstorage}]\n",
	 "unknown `kind` `objectstorage`: did you mean `object-storage`?"},
	{"    services: [{id: s, name: s, kind: saas, qualifications: [{scheme: S}]}]\n",
	 "m.yaml:8:62: qualification lacks `source`"},
	{"    services: [{id: s, name: s, kind: saas, qualifications: [{scheme: S, source: x, "
	 "valid_to: 2026-02-30}]}]\n",
	 "`valid_to` is `2026-02-30`, expected a date"},
	{"    services: [{id: s, name: s, kind: saas, hds: {valid_to: 2027-12-31}}]\n",
	 "m.yaml:8:50: hds lacks `source`"},
	{"    exposure: us-direct\n", "key `exposure` is given again"},
	{"    foreign_presence: [{country: US}]\n", "foreign presence lacks `kind`"},
	{"    names: [{kind: saas}]\n", "name lacks `suffix`"},
	{"    hosted_on: {aws: yes}\n", "`hosted_on` is a mapping, expected one value"},
	{"operator: []\n", "unknown key `operator`: did you mean `operators`?"},
	{"regions: [{operator: a, checked_on: 2026-11-22}]\n",
	 "m.yaml:8:11: regions lacks `source`"},
};

/* The minimal operator without the line of one key. */
static void
without(const char *key, char *out, size_t size)
{
	char line_key[32];
	snprintf(line_key, sizeof(line_key), "%s:", key);
	snprintf(out, size, "%s", minimal);
	char *at = strstr(out, line_key), *end = strchr(at, '\n');
	if (strcmp(key, "id") == 0) /* its dash has to stay */
		memmove(at, strstr(out, "name:"), strlen(strstr(out, "name:")) + 1);
	else
		memmove(at - 4, end + 1, strlen(end));
}

static void
every_field_is_checked(void)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		char text[1024];
		if (fields[i].line[0] == '-')
			without(fields[i].line + 1, text, sizeof(text));
		else
			snprintf(text, sizeof(text), "%s%s", minimal, fields[i].line);
		CU_ASSERT_PTR_NULL(catalogue_parse("m.yaml", text, strlen(text), &faults));
		CU_ASSERT_EQUAL(faults.count, 1);
		CU_ASSERT_NOT_EQUAL_FATAL(faults.count, 0);
		if (strstr(faults.faults[0].text, fields[i].fault) == NULL) {
			fprintf(stderr, "# got: %s\n# not: %s\n", faults.faults[0].text,
				fields[i].fault);
			CU_FAIL("another fault");
		}
		fault_list_fini(&faults);
	}
}

static void
all_faults_of_all_files_are_told_at_once(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	static const char text[] = "operators:\n"
				   "  - {id: a, nmae: A, seat_country: XX, exposure: usdirect}\n"
				   "  - {id: b, name: B, seat_country: US, exposure: us-direct, "
				   "source: s, checked_on: today}\n";
	CU_ASSERT_PTR_NULL(catalogue_parse("m.yaml", text, strlen(text), &faults));
	/* a: nmae, XX, usdirect, no name, no source, no checked_on; b: today */
	CU_ASSERT_EQUAL(faults.count, 7);
	fault_list_fini(&faults);
}

static void
write_file(const char *directory, const char *name, const char *text)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *f = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fputs(text, f);
	fclose(f);
}

static void
remove_file(const char *directory, const char *name)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	unlink(path);
}

static void
directory_is_read_in_name_order_and_only_its_yaml(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	char directory[] = "/tmp/vigie-catalogue-XXXXXX";
	char second[sizeof(minimal)];
	size_t count = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	memcpy(second, minimal, sizeof(minimal));
	*strstr(second, "id: a") = 'i';
	strstr(second, "id: a")[4] = 'b';
	write_file(directory, "2.yaml", minimal);
	write_file(directory, "1.yaml", second);
	write_file(directory, "README.md", "no yaml");
	write_file(directory, ".hidden.yaml", "neither");
	struct catalogue *c = catalogue_load(directory, &faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	const struct catalogue_operator *operators = catalogue_operators(c, &count);
	CU_ASSERT_EQUAL_FATAL(count, 2);
	CU_ASSERT_STRING_EQUAL(operators[0].id, "b");
	CU_ASSERT_STRING_EQUAL(operators[1].id, "a");
	catalogue_destroy(c);

	write_file(directory, "1.yaml", minimal);
	CU_ASSERT_PTR_NULL(catalogue_load(directory, &faults));
	CU_ASSERT_EQUAL(faults.count, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(faults.faults[0].text, "/2.yaml:2:5: operator `a` is given"));
	fault_list_fini(&faults);
	remove_file(directory, "1.yaml");
	remove_file(directory, "2.yaml");
	remove_file(directory, "README.md");
	remove_file(directory, ".hidden.yaml");
	CU_ASSERT_PTR_NULL(catalogue_load(directory, &faults));
	CU_ASSERT_PTR_NOT_NULL(strstr(faults.faults[0].text, "has no .yaml file"));
	fault_list_fini(&faults);
	rmdir(directory);
}

static void
missing_and_empty_files_are_faults(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_PTR_NULL(catalogue_load("/nonexistent/catalogue", &faults));
	CU_ASSERT_PTR_NULL(catalogue_parse("e.yaml", "", 0, &faults));
	CU_ASSERT_PTR_NULL(catalogue_parse("l.yaml", "- a\n", 4, &faults));
	CU_ASSERT_EQUAL(faults.count, 3);
	fault_list_fini(&faults);
	catalogue_destroy(NULL);
}

static void
shipped_catalogue_loads_and_every_fact_has_source_and_date(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct catalogue *c = catalogue_load(unit_source_path("configs/catalogue"), &faults);
	size_t count = 0;

	for (size_t i = 0; i < faults.count && i < FAULT_LIST_MAX; i++)
		fprintf(stderr, "# %s\n", faults.faults[i].text);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	const struct catalogue_operator *o = catalogue_operators(c, &count);
	CU_ASSERT_TRUE(count >= 140);
	for (size_t i = 0; i < count; i++) {
		CU_ASSERT_NOT_EQUAL(strlen(o[i].source), 0);
		CU_ASSERT_EQUAL(strlen(o[i].checked_on), 10);
		/* only where control is not known may it be left out */
		CU_ASSERT_TRUE(o[i].controller_count != 0 || o[i].exposure == EXPOSURE_UNKNOWN);
		for (size_t j = 0; j < o[i].controller_count; j++) {
			CU_ASSERT_NOT_EQUAL(strlen(o[i].controllers[j].source), 0);
			CU_ASSERT_EQUAL(strlen(o[i].controllers[j].checked_on), 10);
		}
	}
	catalogue_destroy(c);
	fault_list_fini(&faults);
}

/* The operators that the catalogue began with, and what it may never lose of them. */
static const struct {
	const char *id;
	enum exposure exposure;
	bool retired;
} starters[] = {
	{"aws", EXPOSURE_US_DIRECT, false},
	{"google", EXPOSURE_US_DIRECT, false},
	{"microsoft", EXPOSURE_US_DIRECT, false},
	{"cloudflare", EXPOSURE_US_DIRECT, false},
	{"akamai", EXPOSURE_US_DIRECT, false},
	{"fastly", EXPOSURE_US_DIRECT, false},
	{"ovhcloud", EXPOSURE_EU_SOVEREIGN, false},
	{"outscale", EXPOSURE_EU_SOVEREIGN, false},
	{"oodrive", EXPOSURE_EU_SOVEREIGN, false},
	{"docaposte", EXPOSURE_EU_SOVEREIGN, false},
	{"whaller", EXPOSURE_EU_SOVEREIGN, false},
	{"wallix", EXPOSURE_EU_SOVEREIGN, false},
	{"tehtris", EXPOSURE_EU_SOVEREIGN, false},
	{"orange", EXPOSURE_EU_SOVEREIGN, false},
	{"capgemini", EXPOSURE_EU_SOVEREIGN, false},
	{"eviden", EXPOSURE_EU_SOVEREIGN, false},
	{"proximus", EXPOSURE_EU_SOVEREIGN, false},
	{"kpn", EXPOSURE_EU_SOVEREIGN, false},
	{"meo", EXPOSURE_EU_SOVEREIGN, false},
	{"s3ns", EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED, false},
	{"bleu", EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED, false},
	{"numergy", EXPOSURE_EU_SOVEREIGN, true},
	{"orange-cloudwatt", EXPOSURE_EU_SOVEREIGN, true},
};

static void
first_operators_are_still_there(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct catalogue *c = catalogue_load(unit_source_path("configs/catalogue"), &faults);

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	for (size_t i = 0; i < sizeof(starters) / sizeof(*starters); i++) {
		const struct catalogue_operator *o = catalogue_find_operator(c, starters[i].id);
		CU_ASSERT_PTR_NOT_NULL_FATAL(o);
		CU_ASSERT_EQUAL(o->exposure, starters[i].exposure);
		CU_ASSERT_EQUAL(o->retired, starters[i].retired);
	}
	CU_ASSERT_STRING_EQUAL(catalogue_find_operator(c, "aws")->short_name, "AWS");
	CU_ASSERT_STRING_EQUAL(catalogue_find_operator(c, "ovhcloud")->short_name, "OVHcloud");
	catalogue_destroy(c);
	fault_list_fini(&faults);
}

static const struct unit_case cases[] = {
	{"smallest_operator_has_its_own_group_and_seat_as_control",
	 smallest_operator_has_its_own_group_and_seat_as_control},
	{"every_field_is_checked", every_field_is_checked},
	{"all_faults_of_all_files_are_told_at_once", all_faults_of_all_files_are_told_at_once},
	{"directory_is_read_in_name_order_and_only_its_yaml",
	 directory_is_read_in_name_order_and_only_its_yaml},
	{"missing_and_empty_files_are_faults", missing_and_empty_files_are_faults},
	{"shipped_catalogue_loads_and_every_fact_has_source_and_date",
	 shipped_catalogue_loads_and_every_fact_has_source_and_date},
	{"first_operators_are_still_there", first_operators_are_still_there},
};

int
main(void)
{
	return unit_run("catalogue_load", cases, sizeof(cases) / sizeof(*cases));
}
