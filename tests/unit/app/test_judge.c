/* SPDX-License-Identifier: Apache-2.0 */
#include "app/judge.h"

#include <errno.h>

#include "tests/unit/app/judging.h"
#include "tests/unit/policy/policy_text.h"

#define S UINT64_C(1000000000)
#define START (1700000000 * S)
#define CLIENT "10.0.0.5"
#define SERVER "93.184.216.34"

static bool
has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

static size_t
line_count(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += *text == '\n';
	return count;
}

/* The response to an A question: one name of two labels, one address, a TTL of 60 s. */
static void
tell(struct judging *j, const char *client, uint64_t time_ns, const char *first, const char *second,
     const char *address)
{
	static union {
		struct dns_message message;
		uint8_t room[sizeof(struct dns_message) + 256];
	} dns;
	struct ip_address to = judging_address(address);
	uint8_t *at = dns.message.bytes;
	static const uint8_t header[] = {0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0};
	static const uint8_t question[] = {0, 0, 1, 0, 1};
	static const uint8_t answer[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4};

	memcpy(at, header, sizeof(header));
	at += sizeof(header);
	at += sprintf((char *)at, "%c%s%c%s", (int)strlen(first), first, (int)strlen(second),
		      second);
	memcpy(at, question, sizeof(question));
	at += sizeof(question);
	memcpy(at, answer, sizeof(answer));
	at += sizeof(answer);
	memcpy(at, to.bytes, 4);
	at += 4;
	dns.message.client = judging_address(client);
	dns.message.len = (uint16_t)(at - dns.message.bytes);
	struct message message = {
		.time_ns = time_ns, .body = &dns, .len = sizeof(dns), .kind = WORKER_MESSAGE_DNS};
	CU_ASSERT_EQUAL(judge_message(j->judge, &message), 0);
}

static void
a_flow_without_a_name_gets_the_one_its_client_was_told(void)
{
	struct judging j;

	judging_begin(&j, (struct judge_outputs){0});
	tell(&j, CLIENT, START, "bravo", "example", SERVER);
	struct flow_message before = judging_flow(CLIENT, SERVER, START - 1, NULL);
	struct flow_message other = judging_flow("10.0.0.6", SERVER, START + S, NULL);
	struct flow_message late = judging_flow(CLIENT, SERVER, START + 361 * S, NULL);
	judging_add_flow(&j, &before);
	judging_add_flow(&j, &other);
	judging_add_flow(&j, &late);
	struct flow_message named = judging_flow(CLIENT, SERVER, START + 360 * S, NULL);
	judging_add_flow(&j, &named);
	char *text = judging_end(&j);
	CU_ASSERT_EQUAL(line_count(text), 4);
	/* Only the last line has the name, and with it the operator. */
	const char *first = strstr(text, "bravo");
	CU_ASSERT_PTR_NOT_NULL_FATAL(first);
	const char *last = text;
	for (unsigned i = 0; i < 3; i++)
		last = strchr(last, '\n') + 1;
	CU_ASSERT_TRUE(first > last);
	CU_ASSERT_TRUE(has(last, "\"name\":\"bravo.example\",\"name_source\":\"dns\""));
	CU_ASSERT_TRUE(has(last, "\"operator\":\"bravo\""));
	CU_ASSERT_TRUE(has(last, "\"exposure\":\"eu-sovereign\""));
	CU_ASSERT_TRUE(has(last, "\"evidence\":[\"dns\"]"));
	free(text);
}

static void
a_name_of_the_wire_is_linked_by_the_answer_for_the_same_client(void)
{
	static const struct {
		const char *client, *exposure, *evidence;
	} rows[] = {
		{CLIENT, "\"exposure\":\"eu-sovereign\"", "\"evidence\":[\"dns\",\"sni\"]"},
		{"10.0.0.6", "\"exposure\":\"unknown\"", "\"evidence\":[\"sni\"]"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct judging j;
		judging_begin(&j, (struct judge_outputs){0});
		tell(&j, CLIENT, START, "bravo", "example", SERVER);
		struct flow_message flow =
			judging_flow(rows[i].client, SERVER, START + S, "bravo.example");
		judging_add_flow(&j, &flow);
		char *text = judging_end(&j);
		CU_ASSERT_TRUE(has(text, rows[i].exposure));
		CU_ASSERT_TRUE(has(text, rows[i].evidence));
		CU_ASSERT_TRUE(has(text, "\"name_source\":\"tls-sni\""));
		free(text);
	}
}

static void
another_source_knows_nothing_of_the_answers_before(void)
{
	struct judging j;

	judging_begin(&j, (struct judge_outputs){0});
	tell(&j, CLIENT, START, "bravo", "example", SERVER);
	judge_begin(j.judge, "other.pcap");
	struct flow_message flow = judging_flow(CLIENT, SERVER, START + S, NULL);
	judging_add_flow(&j, &flow);
	char *text = judging_end(&j);
	CU_ASSERT_FALSE(has(text, "bravo"));
	CU_ASSERT_TRUE(has(text, "\"capture\":\"other.pcap\""));
	free(text);
}

static void
on_the_way_in_the_name_is_our_own_servers(void)
{
	struct judging j;

	judging_begin(&j, (struct judge_outputs){0});
	struct flow_message flow = judging_flow(SERVER, CLIENT, START, "www.alpha.example");
	flow.record.source_inside = 0;
	flow.record.destination_inside = 1;
	judging_add_flow(&j, &flow);
	char *text = judging_end(&j);
	CU_ASSERT_TRUE(has(text, "\"direction\":\"ingress\""));
	CU_ASSERT_TRUE(has(text, "\"name\":\"www.alpha.example\""));
	CU_ASSERT_TRUE(has(text, "\"exposure\":\"unknown\""));
	CU_ASSERT_FALSE(has(text, "\"operator\""));
	CU_ASSERT_TRUE(has(text, "\"host\":\"h-"));
	free(text);
}

static void
inside_and_transit_flows_have_no_operator(void)
{
	struct judging j;

	judging_begin(&j, (struct judge_outputs){0});
	struct flow_message internal = judging_flow(CLIENT, "10.0.0.6", START, "www.alpha.example");
	internal.record.destination_inside = 1;
	struct flow_message transit = judging_flow(SERVER, "1.1.1.1", START, NULL);
	transit.record.source_inside = 0;
	judging_add_flow(&j, &internal);
	judging_add_flow(&j, &transit);
	char *text = judging_end(&j);
	CU_ASSERT_EQUAL(line_count(text), 2);
	CU_ASSERT_TRUE(has(text, "\"direction\":\"internal\""));
	CU_ASSERT_TRUE(has(text, "\"direction\":\"transit\""));
	CU_ASSERT_FALSE(has(text, "\"operator\""));
	CU_ASSERT_FALSE(has(text, "\"exposure\""));
	/* In transit nobody is inside, so nobody has a pseudonym. */
	CU_ASSERT_FALSE(has(strchr(text, '\n'), "\"host\""));
	free(text);
}

static void
records_in_between_are_written_only_where_they_are_wanted(void)
{
	for (unsigned interim = 0; interim < 2; interim++) {
		struct judging j;
		judging_begin(&j, (struct judge_outputs){.interim = interim != 0});
		struct flow_message flow = judging_flow(CLIENT, SERVER, START, NULL);
		flow.record.final = 0;
		judging_add_flow(&j, &flow);
		flow.record.final = 1;
		flow.record.seq = 1;
		judging_add_flow(&j, &flow);
		char *text = judging_end(&j);
		CU_ASSERT_EQUAL(line_count(text), 1 + interim);
		CU_ASSERT_TRUE(has(text, "\"seq\":1,\"final\":true"));
		free(text);
	}
}

static void
merged_captures_are_told_by_the_packets_port(void)
{
	static const char *const captures[] = {"first.pcap", "second.pcap"};
	struct judging j;

	judging_begin(&j, (struct judge_outputs){0});
	judge_set_captures(j.judge, captures);
	struct flow_message flow = judging_flow(CLIENT, SERVER, START, NULL);
	flow.record.capture_port = 1;
	judging_add_flow(&j, &flow);
	char *text = judging_end(&j);
	CU_ASSERT_TRUE(has(text, "\"capture\":\"second.pcap\""));
	free(text);
}

/* Pseudonym of CLIENT under a key (NULL: the public one), 16 bytes with the NUL. */
static void
pseudonym(const struct site_key *key, char *out)
{
	struct judging j;

	judging_begin(&j, (struct judge_outputs){.hide_inside = true, .key = key});
	struct flow_message flow = judging_flow(CLIENT, SERVER, START, NULL);
	judging_add_flow(&j, &flow);
	char *text = judging_end(&j);
	const char *host = strstr(text, "\"host\":\"");
	CU_ASSERT_PTR_NOT_NULL_FATAL(host);
	CU_ASSERT_FALSE(has(text, CLIENT));
	snprintf(out, 16, "%.14s", host + strlen("\"host\":\""));
	free(text);
}

static void
the_key_decides_the_pseudonym(void)
{
	static const struct site_key key = {.bytes = {1, 2, 3}};
	char public[16], again[16], secret[16];

	pseudonym(NULL, public);
	pseudonym(NULL, again);
	pseudonym(&key, secret);
	CU_ASSERT_STRING_EQUAL(public, again);
	CU_ASSERT_STRING_NOT_EQUAL(public, secret);
}

static void
bytes_that_are_no_dns_are_counted(void)
{
	static union {
		struct dns_message message;
		uint8_t room[sizeof(struct dns_message) + 64];
	} dns = {.message = {.len = 17}};
	struct message message = {
		.time_ns = START, .body = &dns, .len = sizeof(dns), .kind = WORKER_MESSAGE_DNS};
	struct judging j;
	char *summary = NULL;
	size_t len;

	judging_begin(&j, (struct judge_outputs){0});
	dns.message.client = judging_address(CLIENT);
	dns.message.bytes[2] = 0x80; /* a response */
	dns.message.bytes[5] = 1;    /* with a question that is not there */
	dns.message.bytes[12] = 63;
	CU_ASSERT_EQUAL(judge_message(j.judge, &message), 0);
	judge_report(j.judge);
	FILE *out = open_memstream(&summary, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	summary_write_json(j.summary, out);
	fclose(out);
	CU_ASSERT_TRUE(has(summary, "\"dns-malformed\""));
	free(summary);
	free(judging_end(&j));
}

static int
hear(void *context, const struct alert *alert)
{
	FILE *told = context;

	fprintf(told, "%s of %s: %s\n", alert_rule_id(alert),
		alert->zone != NULL ? alert->zone->id : "-", alert->subject);
	return 0;
}

static struct alert_table *
hearing_alerts(FILE *told)
{
	struct alert_table_config config = {
		.minimum = SEVERITY_LOW,
		.max_alerts = 16,
		.on_alert = hear,
		.context = told,
	};

	site_key_public(&config.key);
	return alert_table_create(&config);
}

/* A zone that nothing is told of, but as one of two in a finding that names no host. */
static void
what_crosses_to_an_excluded_zone_is_told_without_its_hosts(void)
{
	static const struct {
		const char *source, *destination;
		uint64_t sent, got;
		bool lines; /* flow records */
		const char *told;
	} rows[] = {
		{"10.1.0.1", "10.2.0.1", 9, 0, false,
		 "GOV-ZONE-CROSSING of cell: cell to guests\n"},
		{"10.2.0.1", "10.1.0.1", 9, 9, false,
		 "GOV-ZONE-CROSSING of cell: cell to guests\n"},
		{"10.2.0.1", "10.1.0.1", 9, 0, false, ""},
		{"10.1.0.1", "10.3.0.1", 9, 0, true, "GOV-ZONE-CROSSING of cell: cell to desk\n"},
	};
	static const char zones[] =
		"zones:\n"
		"  - {id: cell, match: {cidr: [10.1.0.0/16]}, class: diffusion-restreinte}\n"
		"  - {id: guests, match: {cidr: [10.2.0.0/16]}, class: internal, privacy: "
		"excluded}\n"
		"  - {id: desk, match: {cidr: [10.3.0.0/16]}, class: internal}\n";

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct policy_text settings;
		struct judging j;
		char *told = NULL;
		size_t len;
		FILE *out = open_memstream(&told, &len);
		struct alert_table *alerts = hearing_alerts(out);
		policy_text_read(&settings, zones);
		judging_begin_under(&j, (struct judge_outputs){.alerts = alerts}, &settings.file);
		struct flow_message flow =
			judging_flow(rows[i].source, rows[i].destination, START, NULL);
		flow.record.destination_inside = 1;
		flow.record.from_source.payload = rows[i].sent;
		flow.record.from_destination.payload = rows[i].got;
		judging_add_flow(&j, &flow);
		CU_ASSERT_EQUAL(judge_end(j.judge), 0);
		char *lines = judging_end(&j);
		CU_ASSERT_EQUAL(lines[0] != '\0', rows[i].lines);
		alert_table_destroy(alerts);
		fclose(out);
		CU_ASSERT_STRING_EQUAL(told, rows[i].told);
		policy_text_fini(&settings);
		free(lines);
		free(told);
	}
}

static int
count_alert(void *context, const struct alert *alert)
{
	(void)alert;
	++*(size_t *)context;
	return 0;
}

/* More than the writer keeps in its buffer, so that it fails while flows still come. */
#define TOO_MANY 1000

static void
an_output_that_fails_does_not_keep_the_others_from_theirs(void)
{
	struct judging j;
	int error = 0, told = 0;
	size_t alerts = 0;
	struct alert_table_config config = {
		.minimum = SEVERITY_INFORMATIONAL,
		.max_alerts = TOO_MANY + 1,
		.on_alert = count_alert,
		.context = &alerts,
	};

	judging_begin(&j, (struct judge_outputs){0});
	judge_destroy(j.judge);
	site_key_public(&config.key);
	struct judge_outputs outputs = {
		.flows = flow_writer_open("/dev/full", &error),
		.alerts = alert_table_create(&config),
		.summary = j.summary,
	};
	j.judge = judge_create(&j.ruleset, &outputs);
	CU_ASSERT_TRUE_FATAL(outputs.flows != NULL && outputs.alerts != NULL && j.judge != NULL);
	judge_begin(j.judge, "test.pcap");
	for (unsigned i = 0; i < TOO_MANY; i++) {
		char client[32];
		snprintf(client, sizeof(client), "10.0.%u.%u", i / 250, 1 + i % 250);
		struct flow_message flow = judging_flow(client, SERVER, START + i * S, NULL);
		struct message message = {flow.record.end_ns, &flow, sizeof(flow),
					  WORKER_MESSAGE_FLOW};
		int result = judge_message(j.judge, &message);
		told = told == 0 ? result : told;
	}
	CU_ASSERT_EQUAL(judge_end(j.judge), 0);
	CU_ASSERT_EQUAL(told, -ENOSPC);
	CU_ASSERT_TRUE(alerts >= TOO_MANY);
	CU_ASSERT_EQUAL(flow_writer_close(outputs.flows), -ENOSPC);
	free(judging_end(&j));
	alert_table_destroy(outputs.alerts);
}

static void
the_worst_has_its_rule(void)
{
	struct judging j;

	judging_begin(&j, (struct judge_outputs){0});
	CU_ASSERT_EQUAL(judge_worst(j.judge), -1);
	CU_ASSERT_STRING_EQUAL(judge_worst_rule(j.judge), "");
	struct flow_message flow = judging_flow(CLIENT, SERVER, START, NULL);
	judging_add_flow(&j, &flow);
	CU_ASSERT_TRUE(judge_worst(j.judge) >= 0);
	char rule[80];
	snprintf(rule, sizeof(rule), "\"id\":\"%s\"", judge_worst_rule(j.judge));
	char *text = judging_end(&j);
	CU_ASSERT_TRUE(has(text, rule));
	free(text);
}

/* A name dispute is told by the rules of records: what is not to be written of a flow is not to be
 * written of it here. */
static void
disputes_are_told_as_records_are(void)
{
	static const struct {
		const char *source, *destination;
		uint16_t vlan;
		bool by_tunnel, told, source_hidden, destination_hidden;
	} rows[] = {
		{"10.3.0.1", "93.184.216.34", FLOW_NO_VLAN, false, true, true, false},
		{"93.184.216.34", "10.3.0.1", FLOW_NO_VLAN, false, true, false, true},
		{"10.2.0.1", "93.184.216.34", FLOW_NO_VLAN, false, false, true, false},
		/* Neither is known to be inside; of a zone of a tag the one that began is. */
		{"93.184.216.33", "93.184.216.34", FLOW_NO_VLAN, false, true, true, true},
		{"93.184.216.33", "93.184.216.34", 7, false, true, true, false},
		{"93.184.216.33", "93.184.216.34", FLOW_NO_VLAN, true, true, true, true},
	};
	static const char zones[] =
		"zones:\n"
		"  - {id: guests, match: {cidr: [10.2.0.0/16]}, class: internal, privacy: "
		"excluded}\n"
		"  - {id: desk, match: {cidr: [10.3.0.0/16]}, class: internal}\n"
		"  - {id: tag, match: {vlan: 7}, class: internal}\n";
	struct policy_text settings;
	struct judging j;

	policy_text_read(&settings, zones);
	judging_begin_under(&j, (struct judge_outputs){.hide_inside = true}, &settings.file);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct name_dispute_message dispute = {
			.source = judging_address(rows[i].source),
			.destination = judging_address(rows[i].destination),
			.vni = FLOW_NO_VNI,
			.vlan = rows[i].vlan,
			.inner_vlan = FLOW_NO_VLAN,
		};
		struct inner_ends hidden;
		if (rows[i].by_tunnel) {
			dispute.outer_source = judging_address("10.3.0.1");
			dispute.outer_destination = judging_address("93.184.216.9");
			dispute.outer_source_inside = 1;
		}
		CU_ASSERT_EQUAL(judge_may_tell(j.judge, &dispute, &hidden), rows[i].told);
		CU_ASSERT_EQUAL(hidden.source_inside, rows[i].source_hidden);
		CU_ASSERT_EQUAL(hidden.destination_inside, rows[i].destination_hidden);
	}
	free(judging_end(&j));
	policy_text_fini(&settings);
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(a_flow_without_a_name_gets_the_one_its_client_was_told),
		CASE(a_name_of_the_wire_is_linked_by_the_answer_for_the_same_client),
		CASE(another_source_knows_nothing_of_the_answers_before),
		CASE(on_the_way_in_the_name_is_our_own_servers),
		CASE(inside_and_transit_flows_have_no_operator),
		CASE(records_in_between_are_written_only_where_they_are_wanted),
		CASE(merged_captures_are_told_by_the_packets_port),
		CASE(the_key_decides_the_pseudonym),
		CASE(bytes_that_are_no_dns_are_counted),
		CASE(what_crosses_to_an_excluded_zone_is_told_without_its_hosts),
		CASE(an_output_that_fails_does_not_keep_the_others_from_theirs),
		CASE(the_worst_has_its_rule),
		CASE(disputes_are_told_as_records_are),
	};
	return unit_run("judge", cases, sizeof(cases) / sizeof(*cases));
}
