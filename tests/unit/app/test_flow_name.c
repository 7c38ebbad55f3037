/* SPDX-License-Identifier: Apache-2.0 */
#include "app/flow_name.h"

#include "tests/unit/policy/attribution_rows.h"
#include "tests/unit/policy/dns_memories.h"

#define ME "10.0.0.1"
#define FRONT "192.0.2.1"
#define LISTED "ech.charlie.example" /* in attribution.yaml */

/* What ME is told before its flow to FRONT. */
struct answered {
	const char *name;
	const char *address;     /* or NULL */
	const char *public_name; /* announced for it, or NULL */
	const char *target;      /* of its service, or NULL */
};

/* What is expected is "name source" and, where there is any, " behind OUTER" and " announced". */
static const struct name_case {
	const char *what;
	struct answered told[4];
	const char *sni;
	bool ech;
	const char *expected;
} name_cases[] = {
	{"nothing is known", {{0}}, NULL, false, "- "},
	{"the name of the wire", {{"a.test", FRONT}}, "b.test", false, "b.test tls-sni"},
	{"the name that was asked for", {{"a.test", FRONT}}, NULL, false, "a.test dns"},
	{"at another address", {{"a.test", "192.0.2.2"}}, NULL, false, "- "},
	{"with grease", {{"a.test", FRONT}}, "b.test", true, "b.test tls-sni"},

	{"behind a listed name", {{"a.test", FRONT}}, LISTED, true, "a.test dns behind " LISTED},
	{"a listed name with nothing behind it", {{0}}, LISTED, true, LISTED " tls-sni"},
	{"a listed name that was asked for itself",
	 {{LISTED, FRONT}},
	 LISTED,
	 true,
	 LISTED " tls-sni"},
	{"a listed name without the extension",
	 {{"a.test", FRONT}},
	 LISTED,
	 false,
	 LISTED " tls-sni"},

	{"behind an announced name",
	 {{"a.test", FRONT, "out.test"}},
	 "out.test",
	 true,
	 "a.test dns behind out.test announced"},
	{"announced, and not known where",
	 {{"a.test", NULL, "out.test"}},
	 "out.test",
	 true,
	 "out.test tls-sni announced"},
	{"announced, and nothing is encrypted",
	 {{"a.test", FRONT, "out.test"}},
	 "out.test",
	 false,
	 "out.test tls-sni"},
	{"announced for itself it may be grease",
	 {{"out.test", FRONT, "out.test"}},
	 "out.test",
	 true,
	 "out.test tls-sni"},
	{"announced and asked for itself it may be meant itself",
	 {{"a.test", FRONT, "out.test"}, {"out.test", FRONT}},
	 "out.test",
	 true,
	 "out.test tls-sni"},
	{"another outer name",
	 {{"a.test", FRONT, "out.test"}},
	 "other.test",
	 true,
	 "other.test tls-sni"},
	{"of two names behind it none",
	 {{"a.test", FRONT, "out.test"}, {"b.test", FRONT, "out.test"}},
	 "out.test",
	 true,
	 "out.test tls-sni announced"},
	{"not the last one asked for, but the one it was announced for",
	 {{"a.test", FRONT, LISTED}, {"b.test", FRONT}},
	 LISTED,
	 true,
	 "a.test dns behind " LISTED " announced"},
	{"nor one that it was not announced for",
	 {{"a.test", NULL, LISTED}, {"b.test", FRONT}},
	 LISTED,
	 true,
	 LISTED " tls-sni announced"},
	{"over the target of the service",
	 {{"a.test", NULL, "out.test", "svc.test"}, {"svc.test", FRONT}},
	 "out.test",
	 true,
	 "a.test dns behind out.test announced"},
};

static void
tell_all(struct dns_memory *memory, const struct answered *told)
{
	for (unsigned i = 0; i < 4 && told[i].name != NULL; i++) {
		struct dns_answer answer;
		if (told[i].address != NULL) {
			answer = answer_of(told[i].name, 60, told[i].address, NULL);
			add(memory, ME, START + i, &answer);
		}
		if (told[i].public_name == NULL)
			continue;
		answer = announcement_of(told[i].name, told[i].public_name);
		if (told[i].target != NULL)
			snprintf(answer.services[0].target, DOMAIN_NAME_MAX, "%s", told[i].target);
		add(memory, ME, START + i, &answer);
	}
}

static void
describe(const struct attribution_query *query, char *text, size_t len)
{
	snprintf(text, len, "%s %s%s%s%s", query->name != NULL ? query->name : "-",
		 name_source_text(query->name_source), query->outer_name != NULL ? " behind " : "",
		 query->outer_name != NULL ? query->outer_name : "",
		 query->ech_announced ? " announced" : "");
}

static void
names_by_rule(void)
{
	for (size_t i = 0; i < COUNT(name_cases); i++) {
		const struct name_case *c = &name_cases[i];
		struct dns_memory *memory = memory_of(256);
		struct flow_record record = {
			.start_ns = START + S,
			.source = address_of(ME),
			.destination = address_of(FRONT),
			.protocol = APP_PROTOCOL_TLS,
			.name_source = c->sni != NULL ? NAME_SOURCE_TLS_SNI : NAME_SOURCE_NONE,
		};
		struct attribution_query query = {.ech_or_grease = c->ech};
		char text[256];

		record.name_len = (uint8_t)snprintf(record.name, sizeof(record.name), "%s",
						    c->sni != NULL ? c->sni : "");
		tell_all(memory, c->told);
		flow_name_find(attribution_rows_policy(), memory, &record, &query);
		describe(&query, text, sizeof(text));
		CU_ASSERT_STRING_EQUAL(text, c->expected);
		if (strcmp(text, c->expected) != 0)
			printf("# wrong: %s: %s\n", c->what, text);
		dns_memory_destroy(memory);
	}
}

static void
dns_is_named_where_it_is_a_connection(void)
{
	static const struct {
		uint8_t transport;
		const char *name;
	} rows[] = {{TRANSPORT_UDP, ""}, {TRANSPORT_TCP, "dns.test"}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct dns_memory *memory = memory_of(16);
		struct flow_record record = {.start_ns = START,
					     .source = address_of(ME),
					     .destination = address_of(FRONT),
					     .transport = rows[i].transport,
					     .protocol = APP_PROTOCOL_DNS};
		struct attribution_query query = {0};

		add_plain(memory, START, "dns.test", FRONT);
		flow_name_find(attribution_rows_policy(), memory, &record, &query);
		CU_ASSERT_STRING_EQUAL(query.name != NULL ? query.name : "", rows[i].name);
		dns_memory_destroy(memory);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"names_by_rule", names_by_rule},
		{"dns_is_named_where_it_is_a_connection", dns_is_named_where_it_is_a_connection},
	};
	return attribution_rows_run("flow_name", "", cases, COUNT(cases));
}
