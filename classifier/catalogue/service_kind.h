/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a service is for (domain §3b), as the catalogue, the records and the policy name it.
 */
#pragma once

#include <stdbool.h>

enum service_kind {
	SERVICE_KIND_UNKNOWN,
	SERVICE_KIND_OBJECT_STORAGE,
	SERVICE_KIND_FILE_SHARING,
	SERVICE_KIND_BACKUP,
	SERVICE_KIND_OFFICE_SUITE,
	SERVICE_KIND_MAIL,
	SERVICE_KIND_MESSAGING_VIDEO,
	SERVICE_KIND_SOURCE_CODE,
	SERVICE_KIND_CI_REGISTRY,
	SERVICE_KIND_COMPUTE,
	SERVICE_KIND_DATABASE,
	SERVICE_KIND_AI_INFERENCE,
	SERVICE_KIND_SAAS,
	SERVICE_KIND_SOCIAL,
	SERVICE_KIND_TUNNEL,
	SERVICE_KIND_WEB_GENERIC,
	SERVICE_KIND_CDN_STATIC,
	SERVICE_KIND_SOFTWARE_UPDATE,
	SERVICE_KIND_DNS_RESOLVER,
	SERVICE_KIND_TELEMETRY,
	SERVICE_KIND_IDENTITY,
	SERVICE_KIND_ADS_ANALYTICS,
	SERVICE_KIND_COUNT,
};

/** The word of the JSON contract, "object-storage". */
const char *service_kind_text(enum service_kind kind);

/** Reads that word; returns false and leaves `out` alone for another text. */
bool service_kind_parse(const char *text, enum service_kind *out);
