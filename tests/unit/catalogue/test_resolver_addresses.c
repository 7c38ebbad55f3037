/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/resolver_addresses.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define OPERATOR(id)                   \
	"  - id: " id "\n"             \
	"    name: " id "\n"           \
	"    seat_country: FR\n"       \
	"    exposure: eu-sovereign\n" \
	"    source: test\n"           \
	"    checked_on: 2026-11-22\n"
#define RESOLVERS(addresses) \
	"    resolvers: [{addresses: [" addresses "], source: test, checked_on: 2026-11-22}]\n"

static struct catalogue *
parse(const char *text, struct fault_list *faults)
{
	return catalogue_parse("r.yaml", text, strlen(text), faults);
}

static void
addresses_lead_to_their_operator(void)
{
	static const struct {
		const char *address, *owner;
	} rows[] = {
		{"192.0.2.53", "a"},   {"192.0.2.54", "b"}, {"2001:db8::53", "a"},
		{"198.51.100.1", "b"}, {"192.0.2.52", ""},  {"192.0.2.55", ""},
		{"2001:db8::54", ""},  {"0.0.0.0", ""},     {"::ffff:192.0.2.53", ""},
		{"c000:235::", ""}, /* the bytes of 192.0.2.53 */
	};
	struct fault_list faults = FAULT_LIST_INIT;
	struct catalogue *c =
		parse("operators:\n" OPERATOR("a") RESOLVERS("\"2001:db8::53\", 192.0.2.53")
			      OPERATOR("b") RESOLVERS("198.51.100.1, 192.0.2.54") OPERATOR("c"),
		      &faults);

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ip_address address;
		CU_ASSERT_EQUAL_FATAL(ip_address_parse(rows[i].address, &address), 0);
		const struct catalogue_operator *owner = catalogue_find_resolver(c, &address);
		CU_ASSERT_STRING_EQUAL(owner != NULL ? owner->id : "", rows[i].owner);
	}
	catalogue_destroy(c);
}

static void
a_catalogue_may_have_none(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct catalogue *c = parse("operators:\n" OPERATOR("a"), &faults);
	struct ip_address address = {.version = 4};

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_PTR_NULL(catalogue_find_resolver(c, &address));
	catalogue_destroy(c);
}

static void
mistakes_are_told_with_their_line(void)
{
	static const struct {
		const char *text, *fault;
	} rows[] = {
		{"operators:\n" OPERATOR("a") RESOLVERS("192.0.2.0/24"),
		 "address `192.0.2.0/24`: expected one as in 192.0.2.1 or 2001:db8::1"},
		{"operators:\n" OPERATOR("a") RESOLVERS("dns.example"),
		 "address `dns.example`: expected one as in 192.0.2.1 or 2001:db8::1"},
		{"operators:\n" OPERATOR("a") RESOLVERS("192.0.2.1") OPERATOR("b")
			 RESOLVERS("192.0.2.1"),
		 "resolver address 192.0.2.1 is given again (also to `"},
		{"operators:\n" OPERATOR("a") "    resolvers: [{addresses: [192.0.2.1]}]\n",
		 "source"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		CU_ASSERT_PTR_NULL(parse(rows[i].text, &faults));
		CU_ASSERT_TRUE_FATAL(faults.count > 0);
		CU_ASSERT_PTR_NOT_NULL(strstr(faults.faults[0].text, rows[i].fault));
		if (strstr(faults.faults[0].text, rows[i].fault) == NULL)
			printf("# given: %s\n", faults.faults[0].text);
		fault_list_fini(&faults);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"addresses_lead_to_their_operator", addresses_lead_to_their_operator},
		{"a_catalogue_may_have_none", a_catalogue_may_have_none},
		{"mistakes_are_told_with_their_line", mistakes_are_told_with_their_line},
	};
	return unit_run("resolver_addresses", cases, COUNT(cases));
}
