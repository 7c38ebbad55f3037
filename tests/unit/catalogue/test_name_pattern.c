/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/name_pattern.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

static struct region regions[] = {
	{"eu-west-3", "FR"}, {"europe-west9", "FR"}, {"fr-par", "FR"}, {"west", "US"}};
static struct region_table table = {.regions = regions, .region_count = 4};

static const struct {
	const char *pattern, *name;
	bool matches;
	const char *region; /* "" none */
} matches[] = {
	{"s3.{region}.aws.com", "s3.eu-west-3.aws.com", true, "eu-west-3"},
	{"s3.{region}.aws.com", "s3.nowhere.aws.com", true, ""},
	{"s3.{region}.aws.com", "b.s3.eu-west-3.aws.com", false, ""},
	{"s3.{region}.aws.com", "s3.aws.com", false, ""},
	{"s3.{region}.aws.com", "s3x.eu-west-3.aws.com", false, ""},
	{"{bucket}.s3.{region}.aws.com", "b.s3.eu-west-3.aws.com", true, "eu-west-3"},
	{"{bucket}.s3.{region}.aws.com", "my.dotted.bucket.s3.eu-west-3.aws.com", true,
	 "eu-west-3"},
	{"{bucket}.s3.{region}.aws.com", "s3.s3.s3.eu-west-3.aws.com", true, "eu-west-3"},
	{"{bucket}.s3.{region}.aws.com", "s3.eu-west-3.aws.com", false, ""},
	{"{account}.s3.{region}.aws.com", "a.b.s3.eu-west-3.aws.com", false, ""},
	{"{x}.{region}.es.aws.com", "a.b.eu-west-3.es.aws.com", true, "eu-west-3"},
	{"s3-{region}.aws.com", "s3-eu-west-3.aws.com", true, "eu-west-3"},
	{"s3-{region}.aws.com", "s3-.aws.com", false, ""},
	{"oss-{region}-internal.a.com", "oss-fr-par-internal.a.com", true, "fr-par"},
	{"oss-{region}-internal.a.com", "oss-internal.a.com", false, ""},
	{"{region}-{project}.cf.net", "europe-west9-my-project.cf.net", true, "europe-west9"},
	{"{region}-{project}.cf.net", "mars-my-project.cf.net", true, ""},
	{"{region}-{project}.cf.net", "europe.cf.net", false, ""},
	{"{region}-{project}.cf.net", "-x.cf.net", false, ""},
	{"{region}-{project}.cf.net", "x-.cf.net", false, ""},
	{"{account}-{region}.docs.com", "a-fr-par.docs.com", true, "fr-par"},
	{"{account}-{region}.docs.com", "a-b-fr-par.docs.com", true, "fr-par"},
	{"{region}{n}.cd.com", "west12.cd.com", true, "west"},
	{"{app}-{hash}.{region}-01.w.net", "a-b-c.fr-par-01.w.net", true, "fr-par"},
	{"api-{x}.duo.com", "api-1234.duo.com", true, ""},
	{"api-{x}.duo.com", "a.api-1234.duo.com", false, ""},
	{"fixed.a.com", "fixed.a.com", true, ""},
	{"fixed.a.com", "fixed.b.com", false, ""},
	{"{x}.a.com", "a.com", false, ""},
	{"{x}", "any.thing.at.all", true, ""},
	{"a.{x}.com", "a.b.c.com", true, ""},
	{"a.{x}.com", "b.c.com", false, ""},
};

static void
names_match_as_a_whole(void)
{
	struct arena *arena = arena_create();
	const char *why;
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	region_table_sort(&table);
	for (size_t i = 0; i < sizeof(matches) / sizeof(*matches); i++) {
		struct name_labels name;
		struct name_region region;
		const struct name_pattern *pattern =
			name_pattern_compile(arena, matches[i].pattern, &why);
		CU_ASSERT_PTR_NOT_NULL_FATAL(pattern);
		CU_ASSERT_TRUE_FATAL(name_labels_cut(matches[i].name, &name));
		bool found = name_pattern_match(pattern, &name, &table, &region);
		size_t len = strlen(matches[i].region);
		if (found != matches[i].matches || region.len != len ||
		    (len != 0 && memcmp(region.code, matches[i].region, len) != 0)) {
			fprintf(stderr, "# %s %s\n", matches[i].pattern, matches[i].name);
			CU_FAIL("another answer");
		}
	}
	arena_destroy(arena);
}

static void
what_is_no_pattern_is_refused(void)
{
	static const char *const texts[] = {
		"",
		".",
		"a..com",
		".a.com",
		"a.com.",
		"{}.a.com",
		"{a.com",
		"a}.com",
		"{a b}.com",
		"A.com",
		"{x}.{x}.com",
		"{x}.{bucket}.com",
		"{region}.{region}.com",
		"{a}{b}{c}.com",
		"a*.com",
		"{A}.com",
		"{a.b}.com",
		"1.2.3.4.5.6.7.8.9.10.11.12.13",
		"{region}-{region}.com",
	};
	struct arena *arena = arena_create();
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const char *why = NULL;
		CU_ASSERT_PTR_NULL(name_pattern_compile(arena, texts[i], &why));
		CU_ASSERT_PTR_NOT_NULL(why);
	}
	arena_destroy(arena);
}

static void
place_of_a_region_is_told(void)
{
	struct arena *arena = arena_create();
	const char *why;
	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	CU_ASSERT_TRUE(name_pattern_has_region(name_pattern_compile(arena, "s3-{region}.a", &why)));
	CU_ASSERT_FALSE(name_pattern_has_region(name_pattern_compile(arena, "{regions}.a", &why)));
	arena_destroy(arena);
}

/* 253 characters of the literal between two places: every position is tried once, none twice. */
static void
hostile_name_costs_its_length(void)
{
	struct arena *arena = arena_create();
	struct name_labels name;
	struct name_region region;
	const char *why;
	char text[DOMAIN_NAME_MAX] = {0};

	CU_ASSERT_PTR_NOT_NULL_FATAL(arena);
	memset(text, '-', DOMAIN_NAME_MAX - 1);
	CU_ASSERT_TRUE_FATAL(name_labels_cut(text, &name));
	const struct name_pattern *pattern = name_pattern_compile(arena, "{region}-{x}", &why);
	CU_ASSERT_TRUE(name_pattern_match(pattern, &name, &table, &region));
	CU_ASSERT_EQUAL(region.len, 0);
	arena_destroy(arena);
}

static const struct unit_case cases[] = {
	{"names_match_as_a_whole", names_match_as_a_whole},
	{"what_is_no_pattern_is_refused", what_is_no_pattern_is_refused},
	{"place_of_a_region_is_told", place_of_a_region_is_told},
	{"hostile_name_costs_its_length", hostile_name_costs_its_length},
};

int
main(void)
{
	return unit_run("name_pattern", cases, sizeof(cases) / sizeof(*cases));
}
