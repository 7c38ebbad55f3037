/* SPDX-License-Identifier: Apache-2.0 */
/* What only shows when records are seen together; and look-ups over a catalogue made for the test.
 */
#include "classifier/catalogue/catalogue_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

/* Two operators, `a` of France and `u` of the US; what is tried comes behind one of them. */
#define OPERATOR_A                     \
	"operators:\n"                 \
	"  - id: a\n"                  \
	"    name: A\n"                \
	"    seat_country: FR\n"       \
	"    exposure: eu-sovereign\n" \
	"    source: test\n"           \
	"    checked_on: 2026-11-22\n"
#define OPERATOR_U                  \
	"  - id: u\n"               \
	"    name: U\n"             \
	"    seat_country: US\n"    \
	"    exposure: us-direct\n" \
	"    source: test\n"        \
	"    checked_on: 2026-11-22\n"
#define REGIONS_OF(owner)           \
	"regions:\n"                \
	"  - operator: " owner "\n" \
	"    source: test\n"        \
	"    checked_on: 2026-11-22\n"

static const struct {
	const char *text;
	const char *fault;
} refused[] = {
	{OPERATOR_A OPERATOR_U "  - {id: a, name: A, seat_country: FR, exposure: eu-sovereign, "
			       "source: s, checked_on: 2026-11-22}\n",
	 "operator `a` is given again"},
	{OPERATOR_A "    group: nobody\n" OPERATOR_U, "group `nobody`: no such operator"},
	{OPERATOR_A "    hosted_on: [u, nobody]\n" OPERATOR_U,
	 "hosted_on `nobody`: no such operator"},
	{OPERATOR_A OPERATOR_U "  - {id: A b, name: x, seat_country: US, exposure: us-direct, "
			       "source: s, checked_on: 2026-11-22}\n",
	 "id `A b`: only a-z, 0-9 and -"},
	{OPERATOR_A "    controllers: [{name: x, country: US, source: s, date: 2026-11-22}]\n",
	 "`a`: eu-sovereign needs seat and control in the EEA"},
	{OPERATOR_A "    asns: [{asn: 64500, org: x}]\n" OPERATOR_U
		    "    asns: [{asn: 64500, org: x}]\n",
	 "AS64500 is given again (first to `a`)"},
	{OPERATOR_A "    asns: [{asn: 64500, org: x, by_country: [{country: US, exposure: "
		    "us-direct}, {country: US, exposure: us-parent}]}]\n",
	 "country `US` is given again"},
	{OPERATOR_A "    names: [{suffix: a.example, kind: saas}]\n" OPERATOR_U
		    "    names: [{suffix: a.example, kind: saas}]\n",
	 "`a.example` is given again (first to `a`)"},
	{OPERATOR_A "    names: [a.example]\n", "name lacks `kind`"},
	{OPERATOR_A "    names: [{suffix: A.example, kind: saas}]\n",
	 "`A.example` is no name in small"},
	{OPERATOR_A "    names: [{suffix: a.example., kind: saas}]\n",
	 "is no name in small letters"},
	{OPERATOR_A "    names: [{suffix: .example, kind: saas}]\n", "is no name in small letters"},
	{OPERATOR_A "    names: [{suffix: 192.0.2.1, kind: saas}]\n", "ends in a number"},
	{OPERATOR_A "    names: [{suffix: a.b.c.d.e.f.g.h.i.j.k, kind: saas}]\n",
	 "too many labels"},
	{OPERATOR_A "    names: [{suffix: a.example, kind: saas, low_sink: true}]\n",
	 "low_sink does not go with kind `saas`"},
	{OPERATOR_A "    names: [{suffix: a.example, kind: saas, region: r-1}]\n",
	 "`r-1` is no region of `a`"},
	{OPERATOR_A "    names: [{suffix: a.example, kind: saas, patterns: [\"{x}.b.example\"]}]\n",
	 "pattern `{x}.b.example` does not end in `a.example`"},
	{OPERATOR_A "    names: [{suffix: a.example, kind: saas, patterns: [xa.example]}]\n",
	 "does not end in `a.example`"},
	{OPERATOR_A "    names: [{suffix: a.example, kind: saas, patterns: [\"{.a.example\"]}]\n",
	 "pattern `{.a.example`: expected labels"},
	{OPERATOR_A
	 "    names: [{suffix: a.example, kind: saas, region_patterns: [x.a.example]}]\n",
	 "pattern `x.a.example` has no {region}"},
	{OPERATOR_A "    services: [{id: s, name: S, kind: saas}, {id: s, name: T, kind: mail}]\n",
	 "service `s` is given again"},
	{OPERATOR_A "    services: [{id: S, name: S, kind: saas}]\n", "id `S`: only a-z"},
	{OPERATOR_A "    feeds: [{list: l, tags: [{tag: T, service: none}]}]\n",
	 "`a` has no service `none`"},
	{OPERATOR_A "    services: [{id: s, name: S, kind: saas}]\n"
		    "    feeds: [{list: l, tags: [{tag: T, service: s}, {tag: T, service: s}]}]\n",
	 "tag `T` is given again"},
	{OPERATOR_A "    feeds: [{list: l}]\n" OPERATOR_U "    feeds: [{list: l}]\n",
	 "list `l` is given again (first to `a`)"},
	{OPERATOR_A REGIONS_OF("b") "    codes: [{code: r-1}]\n",
	 "regions of `b`: no such operator"},
	{OPERATOR_A REGIONS_OF("a") "    codes: [{code: r-1}, {code: r-1}]\n",
	 "region `r-1` is given again"},
	{OPERATOR_A REGIONS_OF("a") "    forms: [\"{wort}\"]\n", "form `{wort}`: only a-z"},
	{OPERATOR_A REGIONS_OF("a") "  - {operator: a, source: s, checked_on: 2026-11-22}\n",
	 "regions of `a` are given again"},
};

static void
contradictions_between_records_are_told(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		const char *text = refused[i].text;
		CU_ASSERT_PTR_NULL(catalogue_parse("b.yaml", text, strlen(text), &faults));
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

static struct catalogue *
build(const char *text)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct catalogue *c = catalogue_parse("b.yaml", text, strlen(text), &faults);
	if (faults.count != 0)
		fprintf(stderr, "# %s\n", faults.faults[0].text);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	return c;
}

static void
part_of_a_list_goes_to_its_region_owner_in_any_order(void)
{
	static const char *const texts[] = {
		OPERATOR_A "    feeds: [{list: l}]\n" OPERATOR_U
			   "    feeds: [{list: l, regions: [us-1, us-2]}]\n",
		OPERATOR_A "    feeds: [{list: l, regions: [us-1, us-2]}]\n" OPERATOR_U
			   "    feeds: [{list: l}]\n",
	};
	for (size_t i = 0; i < 2; i++) {
		struct catalogue *c = build(texts[i]);
		struct catalogue_feed feed;
		const char *part = i == 0 ? "u" : "a", *rest = i == 0 ? "a" : "u";
		CU_ASSERT_TRUE_FATAL(catalogue_find_feed(c, "l", NULL, "us-2", &feed));
		CU_ASSERT_STRING_EQUAL(feed.owner->id, part);
		CU_ASSERT_TRUE_FATAL(catalogue_find_feed(c, "l", NULL, "us-3", &feed));
		CU_ASSERT_STRING_EQUAL(feed.owner->id, rest);
		CU_ASSERT_TRUE_FATAL(catalogue_find_feed(c, "l", NULL, NULL, &feed));
		CU_ASSERT_STRING_EQUAL(feed.owner->id, rest);
		CU_ASSERT_FALSE(catalogue_find_feed(c, "L", NULL, NULL, &feed));
		catalogue_destroy(c);
	}
}

static void
own_exposure_of_as_name_and_service_is_kept_apart(void)
{
	struct catalogue *c = build(
		OPERATOR_A
		"    asns: [{asn: 64500, org: x}, {asn: 64501, org: y, exposure: us-direct}]\n"
		"    services:\n"
		"      - {id: s, name: S, kind: saas, names: [s.example]}\n"
		"      - {id: t, name: T, kind: saas, exposure: us-parent,\n"
		"         names: [t.example, {suffix: x.t.example, exposure: us-direct}]}\n");
	struct catalogue_name name;

	CU_ASSERT_FALSE(catalogue_find_asn(c, 64500)->has_exposure);
	CU_ASSERT_EQUAL(catalogue_find_asn(c, 64500)->exposure, EXPOSURE_EU_SOVEREIGN);
	CU_ASSERT_TRUE(catalogue_find_asn(c, 64501)->has_exposure);
	CU_ASSERT_EQUAL(catalogue_find_asn(c, 64501)->exposure, EXPOSURE_US_DIRECT);
	CU_ASSERT_PTR_NULL(catalogue_find_asn(c, 64502));
	CU_ASSERT_PTR_NULL(catalogue_find_asn(c, 0));
	CU_ASSERT_TRUE_FATAL(catalogue_find_name(c, "s.example", &name));
	CU_ASSERT_TRUE(!name.has_exposure && name.exposure == EXPOSURE_EU_SOVEREIGN);
	CU_ASSERT_TRUE_FATAL(catalogue_find_name(c, "t.example", &name));
	CU_ASSERT_TRUE(name.has_exposure && name.exposure == EXPOSURE_US_PARENT);
	CU_ASSERT_TRUE_FATAL(catalogue_find_name(c, "a.x.t.example", &name));
	CU_ASSERT_TRUE(name.has_exposure && name.exposure == EXPOSURE_US_DIRECT);
	catalogue_destroy(c);
}

static void
an_as_may_have_a_scope_and_other_classes_by_country(void)
{
	static const struct {
		uint32_t asn;
		const char *country;
		bool own;
		enum exposure exposure;
	} rows[] = {
		{64500, "US", true, EXPOSURE_US_DIRECT},
		{64500, "CA", true, EXPOSURE_THIRD_COUNTRY},
		{64500, "FR", false, EXPOSURE_EU_SOVEREIGN},
		{64500, "", false, EXPOSURE_EU_SOVEREIGN},
		{64501, "US", true, EXPOSURE_US_DIRECT},
		{64501, "FR", true, EXPOSURE_US_PARENT},
		{64502, "US", false, EXPOSURE_EU_SOVEREIGN},
	};
	struct catalogue *c =
		build(OPERATOR_A "    asns:\n"
				 "      - {asn: 64500, org: x, by_country: [{country: CA, "
				 "exposure: third-country},\n"
				 "         {country: US, exposure: us-direct}]}\n"
				 "      - {asn: 64501, org: y, scope: cloud, exposure: us-parent,\n"
				 "         by_country: [{country: US, exposure: us-direct}]}\n"
				 "      - {asn: 64502, org: z, scope: access}\n"
				 "      - {asn: 64503, org: z, scope: transit}\n");

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum exposure exposure = EXPOSURE_COUNT;
		const struct catalogue_asn *asn = catalogue_find_asn(c, rows[i].asn);
		CU_ASSERT_PTR_NOT_NULL_FATAL(asn);
		CU_ASSERT_EQUAL(catalogue_asn_exposure(asn, rows[i].country, &exposure),
				rows[i].own);
		CU_ASSERT_EQUAL(exposure, rows[i].exposure);
	}
	CU_ASSERT_EQUAL(catalogue_find_asn(c, 64500)->scope, ASN_SCOPE_CLOUD);
	CU_ASSERT_EQUAL(catalogue_find_asn(c, 64501)->scope, ASN_SCOPE_CLOUD);
	CU_ASSERT_EQUAL(catalogue_find_asn(c, 64502)->scope, ASN_SCOPE_ACCESS);
	CU_ASSERT_EQUAL(catalogue_find_asn(c, 64503)->scope, ASN_SCOPE_TRANSIT);
	catalogue_destroy(c);
}

static void
longest_suffix_then_pattern_then_plain(void)
{
	struct catalogue *c =
		build(OPERATOR_A
		      "    services:\n"
		      "      - {id: s, name: S, kind: object-storage, names: [{suffix: a.example, "
		      "patterns: [\"s3.{region}.a.example\"]}]}\n"
		      "      - {id: only, name: O, kind: mail, names: [{suffix: p.a.example, "
		      "patterns: [\"mx{n}.p.a.example\"]}]}\n"
		      "      - {id: l, name: L, kind: saas, names: [s3.r-2.a.example]}\n"
		      "    names: [{suffix: a.example, kind: web-generic, "
		      "region_patterns: [\"{x}.{region}.a.example\"]}]\n" REGIONS_OF(
			      "a") "    codes: [{code: r-1, country: FR}, {code: r-2}]\n");
	static const struct {
		const char *name, *service, *region, *country;
	} names[] = {
		{"s3.r-1.a.example", "s", "r-1", "FR"},
		{"s3.zz.a.example", "s", "", NULL},
		{"s3.r-2.a.example", "l", "", NULL},
		{"b.r-1.a.example", NULL, "r-1", "FR"},
		{"b.c.r-2.a.example", NULL, "r-2", NULL},
		{"b.a.example", NULL, "", NULL},
		{"a.example", NULL, "", NULL},
		{"mx1.p.a.example", "only", "", NULL},
		{"web.p.a.example", NULL, "", NULL},
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct catalogue_name found;
		CU_ASSERT_TRUE_FATAL(catalogue_find_name(c, names[i].name, &found));
		const char *service = found.service == NULL ? "none" : found.service->id;
		const char *country = found.region_country == NULL ? "none" : found.region_country;
		CU_ASSERT_STRING_EQUAL(service,
				       names[i].service == NULL ? "none" : names[i].service);
		CU_ASSERT_STRING_EQUAL(found.region, names[i].region);
		CU_ASSERT_STRING_EQUAL(country,
				       names[i].country == NULL ? "none" : names[i].country);
	}
	catalogue_destroy(c);
}

static void
first_controller_decides_the_control_country(void)
{
	struct catalogue *c =
		build(OPERATOR_A
		      "    controllers:\n"
		      "      - {name: X, country: DE, source: s, date: 2026-01-01}\n"
		      "      - {name: Y, country: US, share: 10 %, source: s, date: 2026-01-02}\n"
		      "    aliases: [AA, AAA]\n");
	const struct catalogue_operator *a = catalogue_find_operator(c, "a");
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	CU_ASSERT_STRING_EQUAL(a->control_country, "DE");
	CU_ASSERT_EQUAL_FATAL(a->controller_count, 2);
	CU_ASSERT_STRING_EQUAL(a->controllers[1].share, "10 %");
	CU_ASSERT_STRING_EQUAL(a->controllers[1].checked_on, "2026-01-02");
	CU_ASSERT_EQUAL_FATAL(a->alias_count, 2);
	CU_ASSERT_STRING_EQUAL(a->aliases[1], "AAA");
	catalogue_destroy(c);
}

static void
number_of_lists_is_bounded(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	char *text = malloc(64 * 1024);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	size_t len = (size_t)sprintf(text, "%s    feeds:\n", OPERATOR_A);
	for (unsigned i = 0; i < 257; i++)
		len += (size_t)sprintf(text + len, "      - {list: l%u, regions: [r]}\n", i);
	CU_ASSERT_PTR_NULL(catalogue_parse("b.yaml", text, len, &faults));
	CU_ASSERT_EQUAL(faults.count, 1);
	fault_list_fini(&faults);
	free(text);
}

static const struct unit_case cases[] = {
	{"contradictions_between_records_are_told", contradictions_between_records_are_told},
	{"part_of_a_list_goes_to_its_region_owner_in_any_order",
	 part_of_a_list_goes_to_its_region_owner_in_any_order},
	{"own_exposure_of_as_name_and_service_is_kept_apart",
	 own_exposure_of_as_name_and_service_is_kept_apart},
	{"an_as_may_have_a_scope_and_other_classes_by_country",
	 an_as_may_have_a_scope_and_other_classes_by_country},
	{"longest_suffix_then_pattern_then_plain", longest_suffix_then_pattern_then_plain},
	{"first_controller_decides_the_control_country",
	 first_controller_decides_the_control_country},
	{"number_of_lists_is_bounded", number_of_lists_is_bounded},
};

int
main(void)
{
	return unit_run("catalogue_build", cases, sizeof(cases) / sizeof(*cases));
}
