/* SPDX-License-Identifier: Apache-2.0 */
#include "app/lookup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* The small catalogue of the policy's tests, a policy that says nothing, and no address databases.
 */
static struct ruleset ruleset;

static bool
find_on(const char *query, const char *date, struct lookup *out)
{
	int32_t day;

	CU_ASSERT_TRUE_FATAL(time_zone_parse_day(date, &day));
	return lookup_find(&ruleset, query, day, out);
}

static bool
find(const char *query, struct lookup *out)
{
	return find_on(query, "2026-12-01", out);
}

static char *
written(const char *query, bool json)
{
	struct lookup lookup;
	char *text = NULL;
	size_t len;

	CU_ASSERT_TRUE_FATAL(find(query, &lookup));
	FILE *out = open_memstream(&text, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	if (json)
		lookup_write_json(&lookup, out);
	else
		lookup_write_text(&lookup, out, false);
	fclose(out);
	return text;
}

static void
addresses_and_names_are_told_apart(void)
{
	static const struct {
		const char *query;
		bool is_address;
		const char *name;
	} rows[] = {
		{"192.0.2.1", true, NULL},
		{"2001:DB8::1", true, NULL},
		{"::ffff:192.0.2.1", true, NULL},
		{"WWW.Alpha.Example.", false, "www.alpha.example"},
		{"alpha", false, "alpha"},
		{"_dmarc.alpha.example", false, "_dmarc.alpha.example"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lookup lookup;
		CU_ASSERT_TRUE_FATAL(find(rows[i].query, &lookup));
		CU_ASSERT_EQUAL(lookup.is_address, rows[i].is_address);
		if (!lookup.is_address)
			CU_ASSERT_STRING_EQUAL(lookup.name, rows[i].name);
	}
}

static void
what_is_neither_is_refused(void)
{
	static char long_name[400];
	static const char *const junk[] = {
		"",           ".",     "a..b",        "not a name",
		"8.8.8.8/24", "[::1]", "8.8.8.8:443", "http://alpha.example/",
		"\xff\xfe",   "a\nb",  long_name};
	struct lookup lookup;

	memset(long_name, 'a', sizeof(long_name) - 1);
	for (size_t i = 0; i < COUNT(junk); i++)
		CU_ASSERT_FALSE(find(junk[i], &lookup));
}

/* A person asks about the name itself: nobody claims it, so the operator's own class is the answer.
 */
static void
a_name_gives_its_operators_own_class(void)
{
	static const struct {
		const char *query, *owner, *exposure;
	} rows[] = {
		{"vault.bravo.example", "bravo", "eu-sovereign"},
		{"www.alpha.example", "alpha", "us-direct"},
		{"mail.hotel.example", "hotel", "us-technology-eu-controlled"},
		{"www.golf.example", "golf", "eu-sovereign"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lookup lookup;
		CU_ASSERT_TRUE_FATAL(find(rows[i].query, &lookup));
		CU_ASSERT_PTR_NOT_NULL_FATAL(lookup.attribution.owner);
		CU_ASSERT_STRING_EQUAL(lookup.attribution.owner->id, rows[i].owner);
		CU_ASSERT_STRING_EQUAL(exposure_text(lookup.attribution.exposure),
				       rows[i].exposure);
	}
}

static void
a_record_that_is_too_old_is_said_to_be(void)
{
	struct lookup lookup;
	char *text = NULL;
	size_t len;

	CU_ASSERT_TRUE_FATAL(find_on("www.lima.example", "2026-12-02", &lookup));
	FILE *out = open_memstream(&text, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	lookup_write_text(&lookup, out, false);
	fclose(out);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "Lima Hosting"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "the record is too old to be relied on"));
	free(text);
}

static void
what_is_not_known_is_said_or_left_out(void)
{
	char *text = written("nobody.invalid", false);
	char *json = written("nobody.invalid", true);

	CU_ASSERT_PTR_NOT_NULL(strstr(text, "not in the catalogue"));
	CU_ASSERT_STRING_EQUAL(json, "{\"query\":\"nobody.invalid\",\"kind\":\"name\","
				     "\"exposure\":\"unknown\"}\n");
	free(text);
	free(json);
}

static bool
text_says(const char *query, const char *words)
{
	char *text = written(query, false);
	bool found = strstr(text, words) != NULL;

	free(text);
	return found;
}

static void
addresses_of_nobody_are_not_sought_in_the_catalogue(void)
{
	static const struct {
		const char *query, *words;
	} rows[] = {
		{"10.1.2.3", "none: private address"},
		{"172.31.255.255", "none: private address"},
		{"192.168.0.1", "none: private address"},
		{"fd00::1", "none: private address"},
		{"::ffff:10.1.2.3", "none: private address"},
		{"127.0.0.1", "none: not an address of the internet"},
		{"192.0.2.1", "none: not an address of the internet"},
		{"fe80::1", "none: not an address of the internet"},
		{"ff02::1", "none: not an address of the internet"},
		{"::", "none: not an address of the internet"},
		{"8.8.8.8", "not in the catalogue"},
		{"2a00::1", "not in the catalogue"},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		CU_ASSERT(text_says(rows[i].query, rows[i].words));
}

static void
the_ipv4_address_inside_is_looked_up(void)
{
	static const struct {
		const char *query, *address, *words;
	} rows[] = {
		{"::ffff:8.8.4.4", "8.8.4.4", "IPv4-mapped, RFC 4291"},
		{"64:ff9b::808:404", "8.8.4.4", "NAT64, RFC 6052"},
		{"64:ff9b::1:808:404", "64:ff9b::1:808:404", NULL},
		{"64:ff9b:1::808:404", "64:ff9b:1::808:404", NULL},
		{"::8.8.4.4", "::8.8.4.4", NULL},
		{"8.8.4.4", "8.8.4.4", NULL},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lookup lookup;
		char address[IP_ADDRESS_TEXT_MAX];
		CU_ASSERT_TRUE_FATAL(find(rows[i].query, &lookup));
		ip_address_format(&lookup.address, address);
		CU_ASSERT_STRING_EQUAL(address, rows[i].address);
		CU_ASSERT_EQUAL(text_says(rows[i].query, "looked up"), rows[i].words != NULL);
		if (rows[i].words != NULL)
			CU_ASSERT(text_says(rows[i].query, rows[i].words));
	}
	char *json = written("64:ff9b::808:404", true);
	CU_ASSERT_PTR_NOT_NULL(strstr(json, "\"query\":\"64:ff9b::808:404\""));
	free(json);
}

static void
an_address_in_the_list_of_public_resolvers_is_said_to_be(void)
{
	CU_ASSERT(text_says("192.0.2.53", "resolver    "));
	CU_ASSERT(text_says("192.0.2.53", "list of public resolvers"));
	CU_ASSERT(text_says("::ffff:192.0.2.53", "resolver    "));
	CU_ASSERT_FALSE(text_says("192.0.2.54", "resolver    "));
	CU_ASSERT_FALSE(text_says("www.alpha.example", "resolver    "));
	char *json = written("192.0.2.53", true);
	CU_ASSERT_PTR_NOT_NULL(strstr(json, "\"resolver_of\":\""));
	free(json);
}

static void
hosts_of_an_operator_are_named(void)
{
	CU_ASSERT(text_says("www.delta.example", "hosted on   Alpha Cloud"));
	CU_ASSERT_FALSE(text_says("www.alpha.example", "hosted on"));
}

static void
json_holds_what_is_known(void)
{
	static const char *const parts[] = {
		"\"query\":\"store.eu-west-3.alpha.example\"",
		"\"operator\":\"alpha\"",
		"\"operator_name\":\"Alpha Cloud\"",
		"\"control_country\":\"US\"",
		"\"exposure\":\"us-direct\"",
		"\"service\":\"store\"",
		"\"service_kind\":\"object-storage\"",
		"\"region\":\"eu-west-3\"",
		"\"region_country\":\"FR\"",
		"\"evidence\":[\"name\"]",
	};
	char *json = written("store.eu-west-3.alpha.example", true);

	for (size_t i = 0; i < COUNT(parts); i++)
		CU_ASSERT_PTR_NOT_NULL(strstr(json, parts[i]));
	free(json);
}

static void
text_claims_no_more_than_the_record(void)
{
	char *text = written("store.eu-west-3.alpha.example", false);

	CU_ASSERT_PTR_NOT_NULL(strstr(text, "Alpha Cloud"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "recorded as a US entity: can be ordered"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "US law (18 U.S.C. 2713)"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "catalogue, recorded 2026-11-01"));
	CU_ASSERT_PTR_NULL(strstr(text, "checked"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "location does not change control"));
	free(text);
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(addresses_and_names_are_told_apart),
		CASE(what_is_neither_is_refused),
		CASE(a_name_gives_its_operators_own_class),
		CASE(a_record_that_is_too_old_is_said_to_be),
		CASE(what_is_not_known_is_said_or_left_out),
		CASE(addresses_of_nobody_are_not_sought_in_the_catalogue),
		CASE(the_ipv4_address_inside_is_looked_up),
		CASE(an_address_in_the_list_of_public_resolvers_is_said_to_be),
		CASE(hosts_of_an_operator_are_named),
		CASE(json_holds_what_is_known),
		CASE(text_claims_no_more_than_the_record),
	};
	static const struct origin_paths nothing;
	struct fault_list faults = FAULT_LIST_INIT;

	ruleset.catalogue =
		catalogue_load(unit_source_path("tests/unit/policy/attribution.yaml"), &faults);
	ruleset.origins = origin_db_open(&nothing, &faults);
	const struct rule_book rules = {.max_age_days = 400};
	const struct policy_file says_nothing = {0};
	ruleset.policy = policy_create(&says_nothing, ruleset.catalogue, &rules, &faults);
	if (faults.count != 0) {
		printf("Bail out! %s\n", faults.faults[0].text);
		return 1;
	}
	int status = unit_run("lookup", cases, COUNT(cases));
	policy_destroy(ruleset.policy);
	catalogue_destroy(ruleset.catalogue);
	origin_db_close(ruleset.origins);
	return status;
}
