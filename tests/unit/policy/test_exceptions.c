/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/exceptions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time_zone.h"
#include "tests/unit/policy/policy_text.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* What every exception below goes with. */
#define AROUND                                                            \
	"zones:\n"                                                        \
	"  - {id: rh, match: {vlan: 1}, class: internal}\n"               \
	"  - {id: sante, match: {vlan: 2}, class: health}\n"              \
	"services:\n"                                                     \
	"  - {id: private-cloud, operator: ovhcloud, kind: compute}\n"    \
	"  - {id: object-storage, operator: aws, kind: object-storage}\n" \
	"exceptions:\n"

/* The fields of which a case says nothing. */
#define REST                                                                         \
	"reason: r, legal_basis: l, owner: o, approved_by: a, measures: m, cap: 1, " \
	"max_bytes_day: 1GiB"
#define DATES "approved_on: 2026-04-01, expires_on: 2027-03-31"
#define USUAL "zones: [rh], operators: [aws], kinds: [backup], max_class: internal"

static struct {
	struct policy_text text;
	struct catalogue *catalogue;
	struct zone_table *zones;
	struct exception_list *list;
} run;

static void
forget(void)
{
	exception_list_destroy(run.list);
	zone_table_destroy(run.zones);
	catalogue_destroy(run.catalogue);
	policy_text_fini(&run.text);
	memset(&run, 0, sizeof(run));
}

static void
build(const char *text)
{
	const struct zone_defaults defaults = {.unmapped_class = DATA_CLASS_INTERNAL};

	forget();
	policy_text_read(&run.text, text);
	policy_text_expect(&run.text.faults, "");
	run.catalogue = policy_text_catalogue();
	run.zones = zone_table_create(&run.text.file.zones, &defaults, &run.text.faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(run.zones);
	const struct exception_scope scope = {run.catalogue, run.zones, &run.text.file.services};
	run.list = exception_list_create(&run.text.file.exceptions, &scope, &run.text.faults);
}

static const struct exception *
given(const char *text)
{
	build(text);
	policy_text_expect(&run.text.faults, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(run.list);
	CU_ASSERT_TRUE_FATAL(exception_list_count(run.list) > 0);
	return exception_list_at(run.list, 0);
}

static void
every_field_becomes_what_it_names(void)
{
	const struct exception *e =
		given(AROUND "  - {id: E1, zones: [rh, sante, unmapped], operators: [aws, "
			     "dropbox], kinds: [backup, unknown], max_class: health, cap: 2, "
			     "max_bytes_day: 1GiB, reason: r, legal_basis: l, owner: o, "
			     "approved_by: a, measures: m, " DATES "}\n");

	CU_ASSERT_STRING_EQUAL(e->id, "E1");
	CU_ASSERT_EQUAL_FATAL(e->zone_count, 3);
	CU_ASSERT_PTR_EQUAL(e->zones[0], zone_table_by_id(run.zones, "rh"));
	CU_ASSERT_TRUE(e->zones[2]->unmapped);
	CU_ASSERT_EQUAL_FATAL(e->operator_count, 2);
	CU_ASSERT_PTR_EQUAL(e->operators[1], catalogue_find_operator(run.catalogue, "dropbox"));
	CU_ASSERT_EQUAL(e->service_count, 0);
	CU_ASSERT_EQUAL(e->kinds, 1u << SERVICE_KIND_BACKUP | 1u << SERVICE_KIND_UNKNOWN);
	CU_ASSERT_EQUAL(e->max_class, DATA_CLASS_HEALTH);
	CU_ASSERT_EQUAL(e->max_bytes_day, 1 << 30);
	CU_ASSERT_EQUAL(e->cap, SEVERITY_MEDIUM);
	CU_ASSERT_FALSE(e->dr_approval);
	int32_t day;
	CU_ASSERT_TRUE(time_zone_parse_day("2026-04-01", &day));
	CU_ASSERT_EQUAL(e->approved_day, day);
	CU_ASSERT_TRUE(time_zone_parse_day("2027-03-31", &day));
	CU_ASSERT_EQUAL(e->expires_day, day);
	CU_ASSERT_STRING_EQUAL(e->expires_on, "2027-03-31");
	CU_ASSERT_STRING_EQUAL(e->reason, "r");
	CU_ASSERT_STRING_EQUAL(e->measures, "m");
}

static void
services_may_be_the_catalogues_or_the_settings(void)
{
	const struct exception *e =
		given(AROUND "  - {id: E1, zones: rh, services: [s3, private-cloud], kinds: "
			     "compute, max_class: internal, " REST ", " DATES "}\n"
			     "  - {id: E2, zones: rh, operators: ovhcloud, services: "
			     "[private-cloud, object-storage], kinds: compute, max_class: "
			     "internal, " REST ", " DATES "}\n");

	CU_ASSERT_EQUAL(e->operator_count, 0);
	CU_ASSERT_EQUAL_FATAL(e->service_count, 2);
	CU_ASSERT_STRING_EQUAL(e->services[1], "private-cloud");
	CU_ASSERT_EQUAL(exception_list_count(run.list), 2);
	CU_ASSERT_STRING_EQUAL(exception_list_at(run.list, 1)->id, "E2");
}

static void
the_longest_validity_is_eighteen_months(void)
{
	static const struct {
		const char *approved_on, *expires_on;
		bool good;
	} rows[] = {
		{"2026-01-01", "2026-01-01", true},  {"2026-01-01", "2027-07-01", true},
		{"2026-01-01", "2027-07-02", false}, {"2026-08-31", "2028-02-29", true},
		{"2026-08-31", "2028-03-01", false}, {"2025-08-31", "2027-02-28", true},
		{"2026-01-02", "2026-01-01", false},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[1024];
		snprintf(text, sizeof(text),
			 AROUND "  - {id: E1, " USUAL ", " REST
				", approved_on: %s, expires_on: %s}\n",
			 rows[i].approved_on, rows[i].expires_on);
		build(text);
		if ((run.list != NULL) != rows[i].good)
			printf("# %s to %s\n", rows[i].approved_on, rows[i].expires_on);
		CU_ASSERT_EQUAL(run.list != NULL, rows[i].good);
	}
}

static void
diffusion_restreinte_needs_an_approval_and_secret_has_none(void)
{
	static const struct {
		const char *fields, *faults;
	} rows[] = {
		{"type: dr-approval, max_class: diffusion-restreinte", ""},
		{"type: dr-approval, max_class: internal", ""},
		{"max_class: health", ""},
		{"max_class: diffusion-restreinte",
		 "p.yaml:8:36: class diffusion-restreinte needs `type: dr-approval`\n"},
		{"type: ordinary, max_class: diffusion-restreinte",
		 "p.yaml:8:52: class diffusion-restreinte needs `type: dr-approval`\n"},
		{"type: dr-approval, max_class: secret",
		 "p.yaml:8:55: no exception can cover class secret; expected "
		 "diffusion-restreinte or less\n"},
		{"max_class: secret", "p.yaml:8:36: no exception can cover class secret; expected "
				      "diffusion-restreinte or less\n"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[1024];
		snprintf(text, sizeof(text),
			 AROUND "  - {id: E1, zones: rh, %s, operators: aws, kinds: mail, " REST
				", " DATES "}\n",
			 rows[i].fields);
		build(text);
		policy_text_expect(&run.text.faults, rows[i].faults);
	}
}

static void
what_is_named_has_to_be_there(void)
{
	static const struct {
		const char *exceptions, *faults;
	} rows[] = {
		{"  - {id: E1, zones: [rh, snate], operators: [aws, dropboxx], kinds: [mial, "
		 "mail], "
		 "max_class: internal, " REST ", " DATES "}\n",
		 "p.yaml:8:26: unknown zone `snate`: did you mean `sante`?\n"
		 "p.yaml:8:51: unknown operator `dropboxx`: did you mean `dropbox`?\n"
		 "p.yaml:8:70: unknown kind `mial`: did you mean `mail`?\n"},
		{"  - {id: E1, zones: rh, operators: aws, services: [s3, private-cloud], kinds: "
		 "mail, max_class: internal, " REST ", " DATES "}\n",
		 "p.yaml:8:56: unknown service of these operators `private-cloud`\n"},
		{"  - {id: E1, zones: rh, services: [object-storage], kinds: mail, max_class: "
		 "internal, " DATES ", " REST "}\n"
		 "  - {id: E2, zones: rh, operators: ovhcloud, services: [object-storage], kinds: "
		 "mail, max_class: internal, " DATES ", " REST "}\n",
		 "p.yaml:8:36: service `object-storage` is one of several operators (`aws`, "
		 "`ovhcloud`): say with `operators` whose is meant\n"},
		{"  - {id: E1, zones: rh, services: [private-clod], kinds: mail, max_class: "
		 "internal, " REST ", " DATES "}\n",
		 "p.yaml:8:36: unknown service `private-clod`: did you mean `private-cloud`?\n"},
		{"  - {id: E1, zones: rh, kinds: mail, max_class: internal, " REST ", " DATES "}\n",
		 "p.yaml:8:5: exception lacks `operators` or `services`\n"},
		{"  - {id: E1, zones: [], operators: aws, kinds: [], max_class: internal, " REST
		 ", " DATES "}\n",
		 "p.yaml:8:21: `zones` is empty: the exception would cover nothing\n"
		 "p.yaml:8:48: `kinds` is empty: the exception would cover nothing\n"},
		{"  - {id: E1, " USUAL ", " REST ", " DATES "}\n"
		 "  - {id: E1, " USUAL ", " REST ", " DATES "}\n",
		 "p.yaml:9:10: exception `E1` is given again\n"},
		{"  - {id: E1, " USUAL ", " REST ", approved_on: 2026-01-01, expires_on: "
		 "2027-12-31}\n",
		 "p.yaml:8:215: expires_on 2027-12-31 is more than 18 months after approved_on "
		 "2026-01-01, expected 2027-07-01 at the latest\n"},
		{"  - {id: E1, " USUAL ", " REST ", approved_on: 2026-01-01, expires_on: "
		 "2025-12-31}\n",
		 "p.yaml:8:215: expires_on 2025-12-31 is before approved_on 2026-01-01\n"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[2048];
		snprintf(text, sizeof(text), AROUND "%s", rows[i].exceptions);
		build(text);
		CU_ASSERT_PTR_NULL(run.list);
		policy_text_expect(&run.text.faults, rows[i].faults);
	}
}

static void
without_exceptions_the_list_is_empty(void)
{
	build("zones: []\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(run.list);
	CU_ASSERT_EQUAL(exception_list_count(run.list), 0);
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(every_field_becomes_what_it_names),
		CASE(services_may_be_the_catalogues_or_the_settings),
		CASE(the_longest_validity_is_eighteen_months),
		CASE(diffusion_restreinte_needs_an_approval_and_secret_has_none),
		CASE(what_is_named_has_to_be_there),
		CASE(without_exceptions_the_list_is_empty),
	};
	int status = unit_run("exceptions", cases, COUNT(cases));

	forget();
	return status;
}
