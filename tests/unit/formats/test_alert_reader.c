/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/alert_reader.h"

#include "tests/unit/dashboard-export/sample_alert.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_A "00112233445566778899aabbccddeeff"
#define ID_B "001122ffffffffffffffffffffffffff"

/* A line with the least that an alert has. */
#define ALERT(id, severity)                                  \
	"{\"event\":{\"kind\":\"alert\",\"id\":\"" id "\"}," \
	"\"rule\":{\"id\":\"ECO-USA\"},\"message\":\"m\","   \
	"\"vigie\":{\"severity\":\"" severity "\"}}\n"
#define FLOW "{\"event\":{\"kind\":\"event\"},\"vigie\":{}}\n"

static struct alert_reader_answer answer;

static enum alert_reader_result
find_in(const char *text, size_t len, const char *prefix)
{
	FILE *in = len > 0 ? fmemopen((void *)(uintptr_t)text, len, "r") : fopen("/dev/null", "r");

	CU_ASSERT_PTR_NOT_NULL_FATAL(in);
	enum alert_reader_result result = alert_reader_find(in, "alerts.json", prefix, &answer);
	fclose(in);
	return result;
}

static enum alert_reader_result
find(const char *text, const char *prefix)
{
	return find_in(text, strlen(text), prefix);
}

/* What alert_json writes is what is read. */
static void
every_field_comes_back(void)
{
	static char line[ALERT_JSON_MAX];
	struct sample_flow s;
	struct alert alert;

	sample_upload_init(&s);
	sample_flow_add_step(&s, VERDICT_STEP_SHAPE, SEVERITY_MEDIUM);
	s.attribution.disagree = EVIDENCE_ASN;
	s.flow.flags = JUDGED_FLAG_NIGHT;
	s.exception.ended[0] = &(const struct exception){.id = "EXC-2025-011"};
	s.exception.ended_count = 1;
	sample_alert_init(&alert, &s);
	size_t len = alert_json_format(&alert, sample_rules(), line);
	CU_ASSERT_EQUAL_FATAL(find_in(line, len, "001122"), ALERT_READER_FOUND);
	const struct event *a = &answer.alerts[0]->event;
	CU_ASSERT_STRING_EQUAL(a->id, SAMPLE_ALERT_ID);
	CU_ASSERT_STRING_EQUAL(a->rule_id, "ECO-USA");
	CU_ASSERT_STRING_EQUAL(a->rule_name, "economic-secret data towards us-direct");
	CU_ASSERT_PTR_NOT_NULL(strstr(a->message, "Company files sent 64.0 MiB"));
	CU_ASSERT_EQUAL(a->severity, SEVERITY_MEDIUM);
	CU_ASSERT_EQUAL(a->severity_before_exception, SEVERITY_MEDIUM);
	CU_ASSERT_STRING_EQUAL(a->zone, "licences");
	CU_ASSERT_STRING_EQUAL(a->zone_owner, "DGPhares");
	CU_ASSERT_STRING_EQUAL(a->data_class, "economic-secret");
	CU_ASSERT_STRING_EQUAL(a->day, "2026-12-01");
	CU_ASSERT_STRING_EQUAL(a->exposure, "us-direct");
	CU_ASSERT_STRING_EQUAL(a->confidence, "high");
	CU_ASSERT_STRING_EQUAL(a->operator_id, "aws");
	CU_ASSERT_STRING_EQUAL(a->service_kind, "object-storage");
	CU_ASSERT_STRING_EQUAL(a->name, "archives.s3.eu-west-3.amazonaws.com");
	CU_ASSERT_STRING_EQUAL(a->source.ip, "10.0.0.5");
	CU_ASSERT_STRING_EQUAL(a->destination.ip, "52.95.154.1");
	CU_ASSERT_EQUAL(a->start_ns, UINT64_C(1796112902123456789));
	CU_ASSERT_EQUAL(a->payload_out, 64u << 20);
	CU_ASSERT_EQUAL(a->flows, 1);
	CU_ASSERT_EQUAL(a->evidence.count, 3);
	CU_ASSERT_STRING_EQUAL(a->disagree.words[0], "asn");
	CU_ASSERT_STRING_EQUAL(a->flags.words[0], "night");
	CU_ASSERT_EQUAL_FATAL(a->step_count, 1);
	CU_ASSERT_STRING_EQUAL(a->steps[0].step, "shape");
	CU_ASSERT_STRING_EQUAL(a->steps[0].before, "high");
	CU_ASSERT_STRING_EQUAL(a->steps[0].after, "medium");
	CU_ASSERT_PTR_NULL(a->exception);
	CU_ASSERT_EQUAL(a->exceptions_ended.count, 1);
	CU_ASSERT_STRING_EQUAL(a->exceptions_ended.words[0], "EXC-2025-011");
	alert_reader_answer_fini(&answer);
	alert_fini(&alert);
}

static void
ids_are_found_by_their_beginning(void)
{
	static const char text[] = ALERT(ID_A, "low") FLOW ALERT(ID_B, "high");
	static const struct {
		const char *prefix;
		enum alert_reader_result result;
		size_t count;
	} rows[] = {
		{ID_A, ALERT_READER_FOUND, 1},       {"00112233", ALERT_READER_FOUND, 1},
		{"001122ff", ALERT_READER_FOUND, 1}, {"001122", ALERT_READER_SEVERAL, 2},
		{"001123", ALERT_READER_NONE, 0},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CU_ASSERT_EQUAL(find(text, rows[i].prefix), rows[i].result);
		CU_ASSERT_EQUAL(answer.count, rows[i].count);
		CU_ASSERT_EQUAL(answer.alerts_seen, 2);
		CU_ASSERT_EQUAL(answer.others_seen, 1);
		alert_reader_answer_fini(&answer);
	}
}

static void
the_last_line_of_an_id_counts(void)
{
	CU_ASSERT_EQUAL_FATAL(find(ALERT(ID_A, "low") ALERT(ID_B, "low") ALERT(ID_A, "high"), ID_A),
			      ALERT_READER_FOUND);
	CU_ASSERT_EQUAL(answer.alerts[0]->event.severity, SEVERITY_HIGH);
	CU_ASSERT_EQUAL(answer.alerts[0]->line, 3);
	alert_reader_answer_fini(&answer);
}

/* It is being written while it is read. */
static void
a_torn_last_line_is_no_fault(void)
{
	CU_ASSERT_EQUAL(find(ALERT(ID_A, "low") "{\"event\":{\"kind\":\"ale", ID_A),
			ALERT_READER_FOUND);
	alert_reader_answer_fini(&answer);
	CU_ASSERT_EQUAL(find("{\"event\":", ID_A), ALERT_READER_NONE);
	CU_ASSERT_TRUE(answer.unfinished);
	CU_ASSERT_EQUAL(answer.passed_over, 0);
	CU_ASSERT_EQUAL(find("", ID_A), ALERT_READER_NONE);
	CU_ASSERT_EQUAL(find("\n\n" ALERT(ID_A, "low"), ID_A), ALERT_READER_FOUND);
	alert_reader_answer_fini(&answer);
}

/* Somebody has copied it, or its writer was cut short just there. */
static void
a_whole_last_line_needs_no_end(void)
{
	static const char text[] = ALERT(ID_B, "low") ALERT(ID_A, "high");

	CU_ASSERT_EQUAL_FATAL(find_in(text, strlen(text) - 1, ID_A), ALERT_READER_FOUND);
	CU_ASSERT_EQUAL(answer.alerts[0]->event.severity, SEVERITY_HIGH);
	CU_ASSERT_FALSE(answer.unfinished);
	alert_reader_answer_fini(&answer);
}

/* A crash leaves half a line, and the next start goes on behind it. */
static void
a_torn_line_hides_no_other(void)
{
	CU_ASSERT_EQUAL_FATAL(
		find(ALERT(ID_B, "low") "{\"event\":{\"kind\":\"al\nx\n" ALERT(ID_A, "high"), ID_A),
		ALERT_READER_FOUND);
	CU_ASSERT_EQUAL(answer.alerts[0]->line, 4);
	CU_ASSERT_EQUAL(answer.passed_over, 2);
	CU_ASSERT_PTR_EQUAL(strstr(answer.first_passed_over, "alerts.json:2: no JSON"),
			    answer.first_passed_over);
	alert_reader_answer_fini(&answer);
}

static void
what_is_no_text_fails_with_what_to_do(void)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
		{"\x1f\x8b\x08...", "alerts.json: compressed by gzip: zcat FILE | vigie explain"},
		{"\x28\xb5\x2f\xfd...\n", "zstdcat FILE"},
		{"\xfd"
		 "7zXZ...\n",
		 "xzcat FILE"},
		{"BZh91AY", "bzcat FILE"},
		{"PK\x03\x04...", "unzip -p FILE"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CU_ASSERT_EQUAL(find(rows[i].text, ID_A), ALERT_READER_FAILED);
		CU_ASSERT_PTR_NOT_NULL(strstr(answer.why, rows[i].why));
	}
	FILE *folder = fopen("/", "r");
	CU_ASSERT_EQUAL(alert_reader_find(folder, "/", ID_A, &answer), ALERT_READER_FAILED);
	CU_ASSERT_STRING_EQUAL(answer.why, "/: this is a directory: name a file of alerts in it");
	fclose(folder);
}

#define EVENT_A "{\"event\":{\"kind\":\"alert\",\"id\":\"" ID_A "\"},"
#define RULE "\"rule\":{\"id\":\"R\"},\"message\":\"m\","

static void
what_is_no_alert_is_passed_over_with_its_place(void)
{
	static const struct {
		const char *line;
		const char *why;
	} rows[] = {
		{"x\n", "no JSON"},
		{"[]\n", "expected an object"},
		{"{\"event\":{\"kind\":\"alert\"}}\n", "`event.id`"},
		{"{\"event\":{\"kind\":\"alert\",\"id\":\"00112233\"}}\n", "`event.id`"},
		{"{\"event\":{\"kind\":\"alert\",\"id\":\"ZZ112233445566778899aabbccddeeff\"}}\n",
		 "`event.id`"},
		{EVENT_A "\"vigie\":{\"severity\":\"low\"}}\n", "lacks"},
		{EVENT_A RULE "\"vigie\":{}}\n", "lacks"},
		{EVENT_A RULE "\"vigie\":[]}\n", "`vigie` is no object"},
		{EVENT_A "\"rule\":7}\n", "`rule` is no object"},
		{EVENT_A "\"message\":7}\n", "`message` is no text"},
		{EVENT_A RULE "\"vigie\":{\"severity\":3}}\n", "`severity` is no text"},
		{EVENT_A RULE "\"vigie\":{\"severity\":\"low\",\"flows\":-1}}\n",
		 "`flows` is no count"},
		{EVENT_A RULE "\"vigie\":{\"severity\":\"low\",\"flags\":{}}}\n",
		 "`flags` is no list"},
		{EVENT_A RULE "\"vigie\":{\"severity\":\"low\",\"flags\":[1]}}\n",
		 "`flags` holds something"},
		{EVENT_A RULE "\"vigie\":{\"severity\":\"low\",\"steps\":[1]}}\n", "a step lacks"},
		{EVENT_A RULE "\"vigie\":{\"severity\":\"low\",\"steps\":3}}\n",
		 "`steps` is no list"},
		{EVENT_A RULE RULE "\"vigie\":{\"severity\":\"low\"}}\n", "no JSON"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[1024];
		snprintf(text, sizeof(text), "%s%s", FLOW, rows[i].line);
		CU_ASSERT_EQUAL(find(text, ID_A), ALERT_READER_NONE);
		CU_ASSERT_EQUAL(answer.passed_over, 1);
		const char *why = answer.first_passed_over;
		CU_ASSERT_PTR_EQUAL(strstr(why, "alerts.json:2: "), why);
		CU_ASSERT_PTR_NOT_NULL(strstr(why, rows[i].why));
		alert_reader_answer_fini(&answer);
	}
}

static void
lines_are_bounded(void)
{
	size_t len = EVENT_LINE_MAX;
	char *text = malloc(len + 2);

	memset(text, ' ', len + 1);
	memcpy(text, "{}", 2);
	text[len] = '\n';
	CU_ASSERT_EQUAL(find_in(text, len + 1, ID_A), ALERT_READER_NONE);
	text[len] = ' ';
	text[len + 1] = '\n';
	CU_ASSERT_EQUAL(find_in(text, len + 2, ID_A), ALERT_READER_NONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(answer.first_passed_over, "a line of more than 65536 bytes"));
	/* Deeper than any stack: refused by the JSON reader. */
	memset(text, '[', len);
	text[len] = '\n';
	CU_ASSERT_EQUAL(find_in(text, len + 1, ID_A), ALERT_READER_NONE);
	CU_ASSERT_EQUAL(answer.passed_over, 1);
	free(text);
}

static void
long_lists_are_passed_over(void)
{
	char text[2048] = EVENT_A RULE "\"vigie\":{\"severity\":\"low\",\"flags\":[\"a\"";

	for (unsigned i = 0; i < EVENT_WORDS_MAX; i++)
		strcat(text, ",\"a\"");
	strcat(text, "]}}\n");
	CU_ASSERT_EQUAL(find(text, ID_A), ALERT_READER_NONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(answer.first_passed_over, "`flags` is no list of at most"));
}

static void
texts_cannot_drive_the_terminal(void)
{
	CU_ASSERT_EQUAL_FATAL(find(EVENT_A
				   "\"rule\":{\"id\":\"\\u001b[31m\"},\"message\":\"\\u202e\","
				   "\"vigie\":{\"severity\":\"low\"}}\n",
				   ID_A),
			      ALERT_READER_FOUND);
	CU_ASSERT_STRING_EQUAL(answer.alerts[0]->event.rule_id, "\xef\xbf\xbd[31m");
	CU_ASSERT_STRING_EQUAL(answer.alerts[0]->event.message, "\xef\xbf\xbd");
	alert_reader_answer_fini(&answer);
}

static void
more_matches_than_are_kept_are_noticed(void)
{
	char text[32768] = "", line[512];

	for (unsigned i = 0; i < 2 * ALERT_READER_MATCHES_MAX; i++) {
		snprintf(line, sizeof(line),
			 "{\"event\":{\"kind\":\"alert\",\"id\":\"001122%026u\"},%s"
			 "\"vigie\":{\"severity\":\"low\"}}\n",
			 i, RULE);
		strcat(text, line);
	}
	CU_ASSERT_EQUAL(find(text, "001122"), ALERT_READER_SEVERAL);
	CU_ASSERT_EQUAL(answer.count, ALERT_READER_MATCHES_MAX);
	CU_ASSERT_TRUE(answer.more);
	alert_reader_answer_fini(&answer);
}

static void
an_id_has_6_to_32_digits(void)
{
	static const struct {
		const char *text;
		bool is_id;
	} rows[] = {
		{ID_A, true},      {"abcdef", true},  {"012345", true},
		{"abcde", false},  {"", false},       {ID_A "0", false},
		{"ABCDEF", false}, {"abcdeg", false}, {"abcdef ", false},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT_EQUAL(alert_reader_is_id(rows[i].text), rows[i].is_id);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"every_field_comes_back", every_field_comes_back},
		{"ids_are_found_by_their_beginning", ids_are_found_by_their_beginning},
		{"the_last_line_of_an_id_counts", the_last_line_of_an_id_counts},
		{"a_torn_last_line_is_no_fault", a_torn_last_line_is_no_fault},
		{"a_whole_last_line_needs_no_end", a_whole_last_line_needs_no_end},
		{"a_torn_line_hides_no_other", a_torn_line_hides_no_other},
		{"what_is_no_text_fails_with_what_to_do", what_is_no_text_fails_with_what_to_do},
		{"what_is_no_alert_is_passed_over_with_its_place",
		 what_is_no_alert_is_passed_over_with_its_place},
		{"lines_are_bounded", lines_are_bounded},
		{"long_lists_are_passed_over", long_lists_are_passed_over},
		{"texts_cannot_drive_the_terminal", texts_cannot_drive_the_terminal},
		{"more_matches_than_are_kept_are_noticed", more_matches_than_are_kept_are_noticed},
		{"an_id_has_6_to_32_digits", an_id_has_6_to_32_digits},
	};
	return unit_run("alert_reader", cases, sizeof(cases) / sizeof(*cases));
}
