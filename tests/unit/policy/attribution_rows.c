/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/policy/attribution_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/policy/attribution_memory.h"
#include "tests/unit/policy/policy_text.h"

static struct catalogue *catalogue;
static struct policy_text text;
static struct policy *policy;
static struct attribution_memory *memory;
static const char *yaml;

/* Assertions need a case that runs, so the first one loads. */
const struct policy *
attribution_rows_policy(void)
{
	static const char defaults[] = "policy: {version: 1, name: rows, time_zone: UTC}\n";

	if (policy != NULL)
		return policy;
	policy_text_read(&text, *yaml != '\0' ? yaml : defaults);
	catalogue = catalogue_load(unit_source_path("tests/unit/policy/attribution.yaml"),
				   &text.faults);
	policy_text_expect(&text.faults, "");
	policy = policy_create(&text.file, catalogue, &policy_text_rules, &text.faults);
	policy_text_expect(&text.faults, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(policy);
	memory = attribution_memory_create(policy);
	CU_ASSERT_PTR_NOT_NULL_FATAL(memory);
	return policy;
}

static const char *
or_dash(const char *word)
{
	return word != NULL && *word != '\0' ? word : "-";
}

static const char *
id_of(const struct catalogue_operator *owner)
{
	return owner != NULL ? owner->id : "-";
}

static void
write_words(FILE *out, const char *before, unsigned bits, const char *(*word)(unsigned bit))
{
	if (bits != 0)
		fprintf(out, " %s", before);
	for (unsigned i = 0; bits >> i != 0; i++) {
		if ((bits >> i & 1) != 0)
			fprintf(out, " %s", or_dash(word(1u << i)));
	}
}

static const char *
evidence_word(unsigned bit)
{
	return evidence_text((enum evidence)bit);
}

static const char *
flag_word(unsigned bit)
{
	return judged_flag_text((enum judged_flag)bit);
}

static void
write_word(FILE *out, const char *before, const char *word)
{
	if (word != NULL)
		fprintf(out, " %s %s", before, word);
}

static void
write_way_evidence(FILE *out, unsigned evidence)
{
	for (unsigned i = 0; evidence >> i != 0; i++) {
		if ((evidence >> i & 1) != 0)
			fprintf(out, " %s", evidence_text((enum evidence)(1u << i)));
	}
}

static void
write_proxy(FILE *out, const struct attribution *a)
{
	if (!a->via_proxy)
		return;
	fprintf(out, " via %s",
		a->proxy_operator != NULL       ? a->proxy_operator->id
		: a->proxy_address.version != 0 ? "outside"
						: "inside");
	write_way_evidence(out, a->proxy_evidence);
	fputs(a->asked_of_another ? " review" : "", out);
}

static void
write_tunnel(FILE *out, const struct attribution *a)
{
	if (a->tunnel == FLOW_TUNNEL_NONE)
		return;
	fprintf(out, " in-tunnel");
	if (a->tunnel_end.version == 0)
		return;
	fprintf(out, " before %s", a->tunnel_operator != NULL ? a->tunnel_operator->id : "nobody");
	write_way_evidence(out, a->tunnel_evidence);
}

static void
describe(const struct attribution *a, FILE *out)
{
	const char *service = a->service != NULL ? a->service->id : NULL;
	const char *kind = a->kind == SERVICE_KIND_UNKNOWN ? NULL : service_kind_text(a->kind);

	fprintf(out, "C%u %s %s/%s/%s %s %s %s", (unsigned)a->pattern,
		confidence_text(a->confidence), id_of(a->owner), id_of(a->host_operator),
		id_of(a->service_operator), or_dash(service), or_dash(kind),
		exposure_text(a->exposure));
	write_words(out, "by", a->evidence, evidence_word);
	write_words(out, "not", a->disagree, evidence_word);
	if (a->region[0] != '\0')
		fprintf(out, " in %s %s", a->region, or_dash(a->region_country));
	write_words(out, "as", a->flags, flag_word);
	fputs(a->name_withheld ? " withheld" : "", out);
	fprintf(out, "%s%s", a->low_sink ? " low-sink" : "",
		a->address_more_exposed ? " above" : "");
	write_word(out, "asn", a->asn_operator != NULL ? a->asn_operator->id : NULL);
	write_word(out, "named", a->tenancy_named != NULL ? a->tenancy_named->id : NULL);
	write_word(out, "tenancy", a->tenancy != NULL ? a->tenancy->id : NULL);
	fputs(a->tenancy_elsewhere ? " elsewhere" : "", out);
	write_word(out, "refused", a->tenancy_refused != NULL ? a->tenancy_refused->id : NULL);
	write_word(out, "qualified", a->qualification != NULL ? a->qualification->valid_to : NULL);
	write_word(out, "ended",
		   a->qualification_ended != NULL ? a->qualification_ended->valid_to : NULL);
	write_word(out, "hds", a->hds != NULL ? a->hds->valid_to : NULL);
	write_word(out, "likely", a->likely_host != NULL ? a->likely_host->id : NULL);
	write_proxy(out, a);
	write_tunnel(out, a);
}

static struct dns_links
links_of(const struct far_end *end)
{
	struct dns_links links = {
		.linked = end->told == TOLD || end->told == TOLD_SEVERAL,
		.linked_shared = end->told == TOLD_SHARED,
		.several_names = end->told == TOLD_SEVERAL,
		.contradicted = end->told == TOLD_OTHERWISE,
		.aliases = {"elsewhere.example", end->alias},
		.alias_count = end->alias != NULL ? 2 : 0,
	};

	return links;
}

/* To be freed. */
static char *
words(const struct attribution *a)
{
	char *said = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&said, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	describe(a, out);
	fclose(out);
	return said;
}

/* Whatever was asked before, and of a question that was: the memory has the same answer. */
static void
expect_remembered(const struct attribution_query *query, const struct attribution *answer)
{
	char *expected = words(answer);

	for (int time = 1; time <= 2; time++) {
		struct attribution kept;
		memset(&kept, 0xa5, sizeof(kept));
		attribution_memory_decide(memory, query, &kept);
		char *given = words(&kept);
		CU_ASSERT_STRING_EQUAL(given, expected);
		free(given);
	}
	free(expected);
}

struct attribution
decide(const struct far_end *end)
{
	struct ip_address address =
		policy_text_address(end->address != NULL ? end->address : "192.0.2.1");
	struct origin origin = {
		.asn = end->asn,
		.feed = end->list,
		.feed_service = end->tag,
		.feed_region = end->list_region,
	};
	struct ip_address proxy = policy_text_address("192.0.2.99");
	struct origin proxy_origin = {.asn = end->via_asn, .country = "FR"};
	struct ip_address tunnel_end = policy_text_address("192.0.2.98");
	struct origin tunnel_origin = {.asn = end->tunnel_asn, .country = "FR"};
	struct attribution_query query = {
		.address = end->look_up || end->asked ? NULL : &address,
		.origin = &origin,
		.name = end->name,
		.name_source = end->source,
		.outer_name = end->outer,
		.dns = links_of(end),
		.certificate = end->certificate,
		.via_proxy = end->via != VIA_NONE,
		.proxy = end->via == VIA_OUTSIDE ? &proxy : NULL,
		.proxy_origin = &proxy_origin,
		.tunnel = end->tunnel != TUNNEL_NONE ? FLOW_TUNNEL_GRE : FLOW_TUNNEL_NONE,
		.tunnel_end = end->tunnel == TUNNEL_BEFORE ? &tunnel_end : NULL,
		.tunnel_origin = &tunnel_origin,
		.ech_or_grease = end->ech,
		.hello_cut = end->cut,
		.ech_announced = end->announced,
		.alpn = end->alpn,
		.transport = end->transport,
		.protocol = end->protocol,
		.port = end->port,
	};
	struct attribution out;

	CU_ASSERT_TRUE_FATAL(
		time_zone_parse_day(end->date != NULL ? end->date : "2026-12-01", &query.day));
	snprintf(origin.country, sizeof(origin.country), "%s",
		 end->country != NULL ? end->country : "FR");
	memset(&out, 0x5a, sizeof(out));
	attribution_decide(attribution_rows_policy(), &query, &out);
	expect_remembered(&query, &out);
	return out;
}

static void
check_row(const struct row *row)
{
	struct attribution a = decide(&row->end);
	char *given = words(&a);

	CU_ASSERT_STRING_EQUAL(given, row->expected);
	if (strcmp(given, row->expected) != 0)
		printf("# %s:\n#    given %s\n# expected %s\n", row->what, given, row->expected);
	free(given);
}

void
check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_row(&rows[i]);
}

int
attribution_rows_run(const char *program, const char *policy_yaml, const struct unit_case *cases,
		     size_t count)
{
	yaml = policy_yaml;
	int status = unit_run(program, cases, count);
	attribution_memory_destroy(memory);
	policy_destroy(policy);
	catalogue_destroy(catalogue);
	policy_text_fini(&text);
	return status;
}
