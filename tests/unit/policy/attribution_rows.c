/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/policy/attribution_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static struct catalogue *catalogue;

const char *
operator_id(const struct catalogue_operator *owner)
{
	return owner != NULL ? owner->id : "";
}

static void
evidence_words(unsigned evidence, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < EVIDENCE_COUNT; i++) {
		if ((evidence & 1u << i) != 0)
			len += (size_t)snprintf(out + len, size - len, "%s%s", len == 0 ? "" : " ",
						evidence_text((enum evidence)(1u << i)));
	}
	CU_ASSERT_EQUAL(evidence >> EVIDENCE_COUNT, 0);
}

/* "operator host named service kind exposure [evidence] region": one text to compare, "-" for
 * nothing. */
static void
describe(const struct expected *e, char *out, size_t size)
{
	const char *const parts[] = {e->owner, e->host,     e->named,    e->service,
				     e->kind,  e->exposure, e->evidence, e->region};
	size_t len = 0;

	for (size_t i = 0; i < COUNT(parts); i++) {
		const char *part = parts[i] != NULL && *parts[i] != '\0' ? parts[i] : "-";
		len += (size_t)snprintf(out + len, size - len, "%s%s", i == 0 ? "" : ", ", part);
	}
}

struct attribution
decide(const struct far_end *end, const char *country)
{
	struct origin origin = {
		.asn = end->asn,
		.feed = end->list,
		.feed_service = end->tag,
		.feed_region = end->list_region,
	};
	struct attribution_query query = {
		.origin = &origin,
		.name = end->name,
		.name_source = end->source,
		.dns_seen = end->dns_seen,
	};
	struct attribution out;

	snprintf(origin.country, sizeof(origin.country), "%s", country);
	memset(&out, 0x5a, sizeof(out));
	attribution_decide(catalogue, &query, &out);
	return out;
}

void
check_row(const struct row *row, const char *country)
{
	struct attribution a = decide(&row->end, country);
	char evidence[64], region[64], given[512], expected[512];

	evidence_words(a.evidence, evidence, sizeof(evidence));
	snprintf(region, sizeof(region), "%s%s%s", a.region, a.region_country != NULL ? " " : "",
		 a.region_country != NULL ? a.region_country : "");
	struct expected answer = {
		.owner = operator_id(a.owner),
		.host = operator_id(a.host_operator),
		.named = operator_id(a.service_operator),
		.service = a.service != NULL ? a.service->id : "",
		.kind = a.kind == SERVICE_KIND_UNKNOWN ? "" : service_kind_text(a.kind),
		.exposure = exposure_text(a.exposure),
		.evidence = evidence,
		.region = region,
	};
	describe(&answer, given, sizeof(given));
	describe(&row->expected, expected, sizeof(expected));
	if (strcmp(given, expected) != 0)
		printf("# %s: %s: expected %s\n", row->what, given, expected);
	CU_ASSERT_STRING_EQUAL(given, expected);
}

void
check(const struct row *rows, size_t count)
{
	CU_ASSERT_PTR_NOT_NULL_FATAL(catalogue);
	for (size_t i = 0; i < count; i++)
		check_row(&rows[i], "FR");
}

static struct catalogue *
load(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct catalogue *loaded =
		catalogue_load(unit_source_path("tests/unit/policy/attribution.yaml"), &faults);

	for (size_t i = 0; i < faults.count && i < FAULT_LIST_MAX; i++)
		printf("# %s\n", faults.faults[i].text);
	fault_list_fini(&faults);
	return loaded;
}

const struct catalogue *
attribution_rows_open(void)
{
	catalogue = load();
	return catalogue;
}

void
attribution_rows_close(void)
{
	catalogue_destroy(catalogue);
}
