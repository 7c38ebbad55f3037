/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/service_prefixes.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

#define OPERATOR                       \
	"operators:\n"                 \
	"  - id: a\n"                  \
	"    name: A\n"                \
	"    seat_country: FR\n"       \
	"    exposure: eu-sovereign\n" \
	"    source: test\n"           \
	"    checked_on: 2026-11-22\n" \
	"    services:\n"              \
	"      - id: s\n"              \
	"        name: S\n"            \
	"        kind: saas\n"         \
	"        prefixes: "

static struct catalogue *
parse(const char *text, struct fault_list *faults)
{
	return catalogue_parse("p.yaml", text, strlen(text), faults);
}

static void
prefixes_of_all_services_are_sorted(void)
{
	static const char *const expected[] = {"192.0.2.0", "192.0.2.0", "198.51.100.7",
					       "2001:db8::"};
	static const uint8_t bits[] = {24, 28, 32, 32};
	struct fault_list faults = FAULT_LIST_INIT;
	struct catalogue *c = parse(OPERATOR "[2001:db8::/32, 192.0.2.0/28]\n"
					     "      - {id: t, name: T, kind: mail, prefixes: "
					     "[198.51.100.7, 192.0.2.0/24]}\n",
				    &faults);
	size_t count = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	const struct catalogue_prefix *found = catalogue_prefixes(c, &count);
	CU_ASSERT_EQUAL_FATAL(count, 4);
	for (size_t i = 0; i < count; i++) {
		char text[IP_ADDRESS_TEXT_MAX];
		ip_address_format(&found[i].prefix.address, text);
		CU_ASSERT_STRING_EQUAL(text, expected[i]);
		CU_ASSERT_EQUAL(found[i].prefix.bits, bits[i]);
		CU_ASSERT_STRING_EQUAL(found[i].service->id, i == 0 || i == 2 ? "t" : "s");
	}
	catalogue_destroy(c);
}

static void
a_catalogue_may_have_none(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct catalogue *c = parse(OPERATOR "\n", &faults);
	size_t count = 1;

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	catalogue_prefixes(c, &count);
	CU_ASSERT_EQUAL(count, 0);
	catalogue_destroy(c);
}

static const struct {
	const char *text;
	const char *fault;
} refused[] = {
	{OPERATOR "[192.0.2.0/33]\n", "p.yaml:9:9: prefix `192.0.2.0/33`: expected one as in"},
	{OPERATOR "[example.com]\n", "prefix `example.com`: expected one as in 192.0.2.0/24"},
	{OPERATOR "[192.0.2.1/24]\n", "prefix `192.0.2.1/24`: bits behind its length are set"},
	{OPERATOR "[192.0.2.0/24, 192.0.2.0/24]\n",
	 "a prefix of service `s` is given again (also to `s`)"},
};

static void
what_is_no_prefix_or_given_twice_is_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		CU_ASSERT_PTR_NULL(parse(refused[i].text, &faults));
		CU_ASSERT_EQUAL(faults.count, 1);
		CU_ASSERT_NOT_EQUAL_FATAL(faults.count, 0);
		if (strstr(faults.faults[0].text, refused[i].fault) == NULL) {
			fprintf(stderr, "# got: %s\n# not: %s\n", faults.faults[0].text,
				refused[i].fault);
			CU_FAIL("another fault");
		}
		fault_list_fini(&faults);
	}
}

static const struct unit_case cases[] = {
	{"prefixes_of_all_services_are_sorted", prefixes_of_all_services_are_sorted},
	{"a_catalogue_may_have_none", a_catalogue_may_have_none},
	{"what_is_no_prefix_or_given_twice_is_refused",
	 what_is_no_prefix_or_given_twice_is_refused},
};

int
main(void)
{
	return unit_run("service_prefixes", cases, sizeof(cases) / sizeof(*cases));
}
