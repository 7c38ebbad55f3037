/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/service_kind.h"

#include "tests/unit/unit.h"

static void
every_kind_has_the_word_of_the_records(void)
{
	static const char *const words[SERVICE_KIND_COUNT] = {
		[SERVICE_KIND_UNKNOWN] = "unknown",
		[SERVICE_KIND_OBJECT_STORAGE] = "object-storage",
		[SERVICE_KIND_FILE_SHARING] = "file-sharing",
		[SERVICE_KIND_BACKUP] = "backup",
		[SERVICE_KIND_OFFICE_SUITE] = "office-suite",
		[SERVICE_KIND_MAIL] = "mail",
		[SERVICE_KIND_MESSAGING_VIDEO] = "messaging-video",
		[SERVICE_KIND_SOURCE_CODE] = "source-code",
		[SERVICE_KIND_CI_REGISTRY] = "ci-registry",
		[SERVICE_KIND_COMPUTE] = "compute",
		[SERVICE_KIND_DATABASE] = "database",
		[SERVICE_KIND_AI_INFERENCE] = "ai-inference",
		[SERVICE_KIND_SAAS] = "saas",
		[SERVICE_KIND_SOCIAL] = "social",
		[SERVICE_KIND_TUNNEL] = "tunnel",
		[SERVICE_KIND_WEB_GENERIC] = "web-generic",
		[SERVICE_KIND_CDN_STATIC] = "cdn-static",
		[SERVICE_KIND_SOFTWARE_UPDATE] = "software-update",
		[SERVICE_KIND_DNS_RESOLVER] = "dns-resolver",
		[SERVICE_KIND_TELEMETRY] = "telemetry",
		[SERVICE_KIND_IDENTITY] = "identity",
		[SERVICE_KIND_ADS_ANALYTICS] = "ads-analytics",
	};
	for (unsigned i = 0; i < SERVICE_KIND_COUNT; i++)
		CU_ASSERT_STRING_EQUAL(service_kind_text((enum service_kind)i), words[i]);
	CU_ASSERT_STRING_EQUAL(service_kind_text(SERVICE_KIND_COUNT), "");
}

static const struct unit_case cases[] = {
	{"every_kind_has_the_word_of_the_records", every_kind_has_the_word_of_the_records},
};

int
main(void)
{
	return unit_run("service_kind", cases, sizeof(cases) / sizeof(*cases));
}
