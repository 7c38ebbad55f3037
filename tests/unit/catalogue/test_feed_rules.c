/* SPDX-License-Identifier: Apache-2.0 */
/* What an entry of a published list means, in a catalogue made for the test and in the shipped one.
 */
#include "classifier/catalogue/feed_rules.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

#define OPERATOR                                      \
	"operators:\n"                                \
	"  - id: a\n"                                 \
	"    name: A\n"                               \
	"    seat_country: FR\n"                      \
	"    exposure: eu-sovereign\n"                \
	"    cdn: true\n"                             \
	"    source: test\n"                          \
	"    checked_on: 2026-11-22\n"                \
	"    services:\n"                             \
	"      - {id: vm, name: VM, kind: compute}\n" \
	"      - {id: edge, name: Edge, kind: cdn-static, cdn: true}\n"

struct row {
	const char *list, *tag, *region;
	const char *owner, *service, *kind;
	bool cdn;
	enum exposure exposure; /* EXPOSURE_COUNT: none of its own */
};

static void
check(const struct catalogue *c, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct row *row = &rows[i];
		struct catalogue_feed f;
		CU_ASSERT_TRUE_FATAL(catalogue_find_feed(c, row->list, row->tag, row->region, &f));
		CU_ASSERT_STRING_EQUAL(f.owner->id, row->owner);
		CU_ASSERT_STRING_EQUAL(f.service != NULL ? f.service->id : "", row->service);
		CU_ASSERT_STRING_EQUAL(service_kind_text(f.kind), row->kind);
		CU_ASSERT_EQUAL(f.cdn, row->cdn);
		CU_ASSERT_EQUAL(f.has_exposure, row->exposure != EXPOSURE_COUNT);
		CU_ASSERT_EQUAL(f.exposure, row->exposure != EXPOSURE_COUNT ? row->exposure
									    : f.owner->exposure);
	}
}

static void
a_list_may_have_a_service_and_a_class_for_all_of_it_or_a_region(void)
{
	static const char text[] =
		OPERATOR "    feeds:\n"
			 "      - {list: plain}\n"
			 "      - {list: l, service: vm, tags: [{tag: E, service: edge}]}\n"
			 "      - {list: l, regions: [us-1], exposure: us-direct}\n";
	static const struct row rows[] = {
		{"plain", "E", NULL, "a", "", "web-generic", true, EXPOSURE_COUNT},
		{"l", NULL, NULL, "a", "vm", "compute", false, EXPOSURE_COUNT},
		{"l", "unknown", "eu-1", "a", "vm", "compute", false, EXPOSURE_COUNT},
		{"l", "E", "eu-1", "a", "edge", "web-generic", true, EXPOSURE_COUNT},
		{"l", "E", "us-1", "a", "", "web-generic", true, EXPOSURE_US_DIRECT},
	};
	struct fault_list faults = FAULT_LIST_INIT;
	struct catalogue *c = catalogue_parse("f.yaml", text, strlen(text), &faults);

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	check(c, rows, sizeof(rows) / sizeof(*rows));
	catalogue_destroy(c);
}

static void
service_of_a_list_has_to_be_there(void)
{
	static const char text[] = OPERATOR "    feeds: [{list: l, service: none}]\n";
	struct fault_list faults = FAULT_LIST_INIT;

	CU_ASSERT_PTR_NULL(catalogue_parse("f.yaml", text, strlen(text), &faults));
	CU_ASSERT_EQUAL_FATAL(faults.count, 1);
	CU_ASSERT_STRING_EQUAL(faults.faults[0].text, "f.yaml:12:13: `a` has no service `none`");
	fault_list_fini(&faults);
}

static const struct row shipped[] = {
	{"linode", NULL, "frankfurt_de", "akamai", "linode", "compute", false, EXPOSURE_COUNT},
	{"cloudflare", NULL, NULL, "cloudflare", "", "web-generic", true, EXPOSURE_COUNT},
	{"fastly", NULL, NULL, "fastly", "", "web-generic", true, EXPOSURE_COUNT},
	{"aws", "CLOUDFRONT", "GLOBAL", "aws", "cloudfront", "web-generic", true, EXPOSURE_COUNT},
	{"azure-public", "Sql", "francecentral", "microsoft", "sql-database", "database", false,
	 EXPOSURE_COUNT},
	{"azure-gov", "Storage", "usgovvirginia", "microsoft", "blob-storage", "object-storage",
	 false, EXPOSURE_COUNT},
	{"outscale", NULL, "eu-west-2", "outscale", "", "unknown", false, EXPOSURE_COUNT},
	{"outscale", NULL, "cloudgouv-eu-west-1", "outscale", "cloudgouv", "web-generic", false,
	 EXPOSURE_COUNT},
	{"outscale", NULL, "us-east-2", "outscale", "outscale-us", "web-generic", false,
	 EXPOSURE_US_DIRECT},
	{"outscale", NULL, "us-west-1", "outscale", "outscale-us", "web-generic", false,
	 EXPOSURE_US_DIRECT},
	{"github", "git", NULL, "github", "github", "source-code", false, EXPOSURE_COUNT},
	{"github", "packages", NULL, "github", "container-registry", "ci-registry", false,
	 EXPOSURE_COUNT},
	{"oracle-cloud", "OBJECT_STORAGE", "eu-paris-1", "oracle", "object-storage",
	 "object-storage", false, EXPOSURE_COUNT},
	{"ovhcloud", NULL, NULL, "ovhcloud", "", "unknown", false, EXPOSURE_COUNT},
	{"scaleway", "core-ipv4-ranges", NULL, "scaleway", "", "unknown", false, EXPOSURE_COUNT},
	{"digitalocean", NULL, NULL, "digitalocean", "", "unknown", false, EXPOSURE_COUNT},
	{"exoscale", NULL, "at-vie-1", "exoscale", "", "unknown", false, EXPOSURE_COUNT},
	{"google", NULL, NULL, "google", "", "unknown", false, EXPOSURE_COUNT},
	{"ibm-cloud", NULL, NULL, "ibm", "", "unknown", false, EXPOSURE_COUNT},
	{"vultr", NULL, "atlanta_us", "vultr", "", "unknown", false, EXPOSURE_COUNT},
	{"zscaler", NULL, NULL, "zscaler", "", "unknown", false, EXPOSURE_COUNT},
};

static void
lists_of_the_shipped_catalogue(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct catalogue *c = catalogue_load(unit_source_path("configs/catalogue"), &faults);

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	check(c, shipped, sizeof(shipped) / sizeof(*shipped));
	catalogue_destroy(c);
}

static const struct unit_case cases[] = {
	{"a_list_may_have_a_service_and_a_class_for_all_of_it_or_a_region",
	 a_list_may_have_a_service_and_a_class_for_all_of_it_or_a_region},
	{"service_of_a_list_has_to_be_there", service_of_a_list_has_to_be_there},
	{"lists_of_the_shipped_catalogue", lists_of_the_shipped_catalogue},
};

int
main(void)
{
	return unit_run("feed_rules", cases, sizeof(cases) / sizeof(*cases));
}
