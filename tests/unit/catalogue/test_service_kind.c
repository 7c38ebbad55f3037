/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/service_kind.h"

#include "tests/unit/unit.h"

static void
every_kind_is_read_back(void)
{
	for (unsigned i = 0; i < SERVICE_KIND_COUNT; i++) {
		enum service_kind back = SERVICE_KIND_COUNT;
		CU_ASSERT_TRUE(service_kind_parse(service_kind_text((enum service_kind)i), &back));
		CU_ASSERT_EQUAL(back, i);
	}
	CU_ASSERT_STRING_EQUAL(service_kind_text(SERVICE_KIND_COUNT), "");
	CU_ASSERT_STRING_EQUAL(service_kind_text(SERVICE_KIND_OBJECT_STORAGE), "object-storage");
	CU_ASSERT_STRING_EQUAL(service_kind_text(SERVICE_KIND_CI_REGISTRY), "ci-registry");
}

static void
words_of_other_vocabularies_are_refused(void)
{
	static const char *const words[] = {"", "ai", "email", "cdn", "paas", "Object-Storage"};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		enum service_kind out = SERVICE_KIND_SAAS;
		CU_ASSERT_FALSE(service_kind_parse(words[i], &out));
		CU_ASSERT_EQUAL(out, SERVICE_KIND_SAAS);
	}
}

static const struct unit_case cases[] = {
	{"every_kind_is_read_back", every_kind_is_read_back},
	{"words_of_other_vocabularies_are_refused", words_of_other_vocabularies_are_refused},
};

int
main(void)
{
	return unit_run("service_kind", cases, sizeof(cases) / sizeof(*cases));
}
