/* SPDX-License-Identifier: Apache-2.0 */
#include "app/judge.h"

#include "tests/unit/app/judging.h"
#include "tests/unit/names/dns_wire.h"

#define S UINT64_C(1000000000)
#define START (1700000000 * S)
#define CLIENT "10.0.0.5"
#define SERVER "93.184.216.34"

static bool
has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

/* A response to a question for HTTPS whose record has this data, in hex. */
static void
tell_https(struct judging *j, uint64_t time_ns, const char *name, const char *data)
{
	static union {
		struct dns_message message;
		uint8_t room[sizeof(struct dns_message) + 512];
	} dns;
	static struct wire w;
	struct message message = {
		.time_ns = time_ns, .body = &dns, .len = sizeof(dns), .kind = WORKER_MESSAGE_DNS};

	write_header(&w, 0x8180, 1);
	write_question(&w, name, DNS_TYPE_HTTPS, CLASS_IN);
	write_record(&w, &(struct record){name, DNS_TYPE_HTTPS, 60, data});
	CU_ASSERT_TRUE_FATAL(w.len <= 512);
	memcpy(dns.message.bytes, w.bytes, w.len);
	dns.message.client = judging_address(CLIENT);
	dns.message.len = (uint16_t)w.len;
	CU_ASSERT_EQUAL(judge_message(j->judge, &message), 0);
}

/* Keys under "cover.test", and 93.184.216.34 as a hint. */
#define ANNOUNCEMENT                 \
	"0001 00 0004 0004 5db8d822" \
	"0005 0021 001f fe0d 001b 01 0020 0002 aabb 0004 00010001 00 0a636f7665722e74657374 0000"

static void
an_announced_name_is_found_behind_its_public_name(void)
{
	static const struct {
		const char *sni;
		uint32_t flags;
		const char *name, *source, *operator_id;
		bool ech;
	} rows[] = {
		{"cover.test", FLOW_FLAG_ECH_OR_GREASE, "bravo.example", "dns", "bravo", true},
		{"cover.test", 0, "cover.test", "tls-sni", NULL, false},
		{"alpha.example", FLOW_FLAG_ECH_OR_GREASE, "alpha.example", "tls-sni", "alpha",
		 false},
		{NULL, 0, "bravo.example", "dns", "bravo", false},
		{"bravo.example", 0, "bravo.example", "tls-sni", "bravo", false},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct judging j;
		char expected[128];
		judging_begin(&j, (struct judge_outputs){0});
		tell_https(&j, START, "bravo.example", ANNOUNCEMENT);
		struct flow_message flow = judging_flow(CLIENT, SERVER, START + S, rows[i].sni);
		flow.record.flags = rows[i].flags;
		judging_add_flow(&j, &flow);
		char *text = judging_end(&j);
		snprintf(expected, sizeof(expected), "\"name\":\"%s\",\"name_source\":\"%s\"",
			 rows[i].name, rows[i].source);
		CU_ASSERT_TRUE(has(text, expected));
		if (rows[i].operator_id != NULL) {
			snprintf(expected, sizeof(expected), "\"operator\":\"%s\"",
				 rows[i].operator_id);
			CU_ASSERT_TRUE(has(text, expected));
		}
		CU_ASSERT_EQUAL(has(text, "\"ech\""), rows[i].ech);
		free(text);
	}
}

static void
services_that_are_malformed_are_counted(void)
{
	struct judging j;
	char *summary = NULL;
	size_t len;

	judging_begin(&j, (struct judge_outputs){0});
	tell_https(&j, START, "bravo.example", "0001 00 0004 0003 5db8d8");
	judge_report(j.judge);
	FILE *out = open_memstream(&summary, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	summary_write_json(j.summary, out);
	fclose(out);
	CU_ASSERT_TRUE(has(summary, "\"dns-services-malformed\""));
	CU_ASSERT_FALSE(has(summary, "\"dns-malformed\""));
	free(summary);
	free(judging_end(&j));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"an_announced_name_is_found_behind_its_public_name",
		 an_announced_name_is_found_behind_its_public_name},
		{"services_that_are_malformed_are_counted",
		 services_that_are_malformed_are_counted},
	};
	return unit_run("judge_dns", cases, sizeof(cases) / sizeof(*cases));
}
