/* SPDX-License-Identifier: Apache-2.0 */
#include "app/explain.h"

#include "app/explain_words.h"
#include "base/flow_record.h"
#include "classifier/policy/attribution.h"

#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

static struct rule_book *rules;

/* An upload that two steps have changed and an exception covers. */
static struct event
sample(void)
{
	return (struct event){
		.class = EVENT_CLASS_ALERT,
		.id = "00112233445566778899aabbccddeeff",
		.rule_id = "INT-USA",
		.rule_name = "internal data towards us-direct",
		.message = "Desktops sent 420.0 MiB in 1 flow to s3.eu-west-3.amazonaws.com.",
		.severity = SEVERITY_INFORMATIONAL,
		.severity_before_exception = SEVERITY_MEDIUM,
		.exception = "EXC-2026-004",
		.day = "2026-12-01",
		.zone = "bureautique",
		.zone_owner = "DSI",
		.data_class = "internal",
		.host = "h-7f3a00c0ffee",
		.name = "s3.eu-west-3.amazonaws.com",
		.operator_id = "aws",
		.service_kind = "object-storage",
		.exposure = "us-direct",
		.confidence = "high",
		.shape = "bulk",
		.evidence = {{"prefix", "sni"}, 2},
		.disagree = {{"asn"}, 1},
		.flags = {{"night", "a-flag-of-tomorrow"}, 2},
		.steps = {{"shape", "low", "medium"}, {"exception", "medium", "informational"}},
		.step_count = 2,
		.payload_out = 440401920,
		.payload_in = 1048576,
		.flows = 1,
	};
}

/* To be freed. */
static char *
explain_wide(const struct event *alert, size_t width, bool colour)
{
	struct explain_sources sources = {.rules = rules};
	char *text = NULL;
	size_t len;
	struct explain_page page = {open_memstream(&text, &len), width, colour};

	CU_ASSERT_PTR_NOT_NULL_FATAL(page.out);
	explain_write(&sources, alert, &page);
	fclose(page.out);
	return text;
}

static bool
says(const struct event *alert, const char *sentence)
{
	char *text = explain_wide(alert, 160, false);
	bool found = strstr(text, sentence) != NULL;

	if (!found)
		printf("# not there: %s\n", sentence);
	free(text);
	return found;
}

static bool
keeps_silent(const struct event *alert, const char *word)
{
	char *text = explain_wide(alert, 160, false);
	bool found = strstr(text, word) != NULL;

	free(text);
	return !found;
}

static void
every_question_is_answered(void)
{
	static const char *const sentences[] = {
		"Alert 00112233445566778899aabbccddeeff: informational\n",
		"  Desktops sent 420.0 MiB in 1 flow to s3.eu-west-3.amazonaws.com.\n",
		"  host          h-7f3a00c0ffee (pseudonym)\n",
		"  volume        420.0 MiB up, 1.0 MiB down, in 1 flow\n",
		"  INT-USA: internal data towards us-direct\n",
		"  Data of class internal towards exposure us-direct: the table says low.\n",
		"  shape         low -> medium: shape bulk towards such an operator: 1 more\n",
		"  exception     medium -> informational: exception EXC-2026-004 covers it\n",
		"  The answer is informational.\n",
		"  prefix        the operator's published range list has the address\n",
		("  These say otherwise:\n  asn           the address is announced by an "
		 "autonomous "
		 "system of another operator\n"),
		"  confidence    high: independent sources agree",
		"  shape         bulk: it looks like an export in bulk\n",
		"  night                  it began between 22:00 and 06:00\n",
		"  a-flag-of-tomorrow     a word that this vigie does not know\n",
		"  EXC-2026-004 covers it: informational with it, medium without.\n",
		"  The settings in use now do not have it.\n",
		"  - 18 U.S.C. 2713 (CLOUD Act)\n",
		"; checked on 20",
		"What to do next\n  Nothing: recorded so that the totals are complete.\n",
		"That a law was broken: it is an export to be checked under rule INT-USA.",
		"the operator can be ordered under US law",
	};
	struct event alert = sample();

	for (size_t i = 0; i < sizeof(sentences) / sizeof(*sentences); i++)
		CU_ASSERT(says(&alert, sentences[i]));
}

static void
every_flag_and_evidence_has_a_meaning(void)
{
	for (unsigned bit = 0; bit < 32; bit++) {
		const char *of_wire = flow_flag_text((enum flow_flag)(1u << bit));
		const char *judged = judged_flag_text((enum judged_flag)(1u << bit));
		const char *said = evidence_text((enum evidence)(1u << bit));
		CU_ASSERT(of_wire[0] == '\0' || explain_flag(of_wire) != NULL);
		CU_ASSERT(judged[0] == '\0' || explain_flag(judged) != NULL);
		CU_ASSERT(said[0] == '\0' || explain_evidence(said) != NULL);
		CU_ASSERT(said[0] == '\0' || explain_disagreement(said) != NULL);
	}
}

static void
what_the_wire_told_beside_the_name_is_shown(void)
{
	struct event alert = sample();

	alert.flags = (struct event_words){{"via-proxy", "names-differ", "overlap-conflict"}, 3};
	alert.inner_destination =
		(struct event_end){.ip = "52.95.154.1", .port = 443, .has_port = true};
	alert.inner_source = (struct event_end){.port = 40000, .has_port = true};
	alert.tls_ja4 = "t13d1516h2_8daaf6152771_e5627efa2ab1";
	alert.risks = (struct event_words){{"tls-certificate-expired"}, 1};
	CU_ASSERT(says(&alert, "  inner target  52.95.154.1 port 443\n"));
	CU_ASSERT(says(&alert, "  inner source  port 40000\n"));
	CU_ASSERT(says(&alert, "  JA4           t13d1516h2_8daaf6152771_e5627efa2ab1\n"));
	CU_ASSERT(says(&alert, "  risks         tls-certificate-expired\n"));
	CU_ASSERT(says(&alert, "the client asked a proxy: name and operator are those of what it"));
	CU_ASSERT(says(&alert, "the client asked a proxy for one name and then greeted another"));
	CU_ASSERT(says(&alert, "sent again with other content"));
	alert.inner_source = (struct event_end){0};
	CU_ASSERT(says(&alert, "  asked for     52.95.154.1 port 443\n"));
	alert.destination = (struct event_end){.ip = "192.0.2.9", .port = 3128, .has_port = true};
	CU_ASSERT(says(&alert, "  by proxy      192.0.2.9 port 3128\n"));
	alert.destination.ip = NULL;
	CU_ASSERT(says(&alert, "  by proxy      an address that is not told, port 3128\n"));
	alert.tunnel = "gre";
	alert.outer_destination.ip = "52.95.154.1";
	CU_ASSERT(says(&alert, "  tunnel        gre to 52.95.154.1\n"));
	alert.outer_source.ip = "10.0.0.5";
	CU_ASSERT(says(&alert, "  tunnel        gre from 10.0.0.5 to 52.95.154.1\n"));
	alert = sample();
	CU_ASSERT(keeps_silent(&alert, "by proxy"));
	CU_ASSERT(keeps_silent(&alert, "tunnel "));
	CU_ASSERT(keeps_silent(&alert, "inner "));
	CU_ASSERT(keeps_silent(&alert, "JA4"));
}

static void
the_owner_is_named_where_there_is_something_to_do(void)
{
	struct event alert = sample();

	alert.severity = SEVERITY_HIGH;
	CU_ASSERT(says(&alert, "Ask the owner of bureautique (DSI) today"));
	alert.zone_owner = NULL;
	CU_ASSERT(says(&alert, "Ask the owner of bureautique (no owner recorded) today"));
}

/* Only where one could change something; of Diffusion Restreinte it has a form of its own. */
static void
the_way_to_an_exception_is_told_where_there_is_one(void)
{
	static const struct {
		enum severity severity;
		const char *data_class;
		bool any, approval;
	} rows[] = {
		{SEVERITY_HIGH, "internal", true, false},
		{SEVERITY_INFORMATIONAL, "internal", false, false},
		{SEVERITY_CRITICAL, "secret", false, false},
		{SEVERITY_CRITICAL, "diffusion-restreinte", false, true},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct event alert = sample();
		alert.severity = rows[i].severity;
		alert.data_class = rows[i].data_class;
		CU_ASSERT_NOT_EQUAL(keeps_silent(&alert, "with a reason, a legal basis"),
				    rows[i].any);
		CU_ASSERT_NOT_EQUAL(keeps_silent(&alert, "type: dr-approval"), rows[i].approval);
	}
}

static void
exceptions_that_have_ended_are_named(void)
{
	struct event alert = sample();

	alert.exception = NULL;
	alert.severity_before_exception = alert.severity;
	alert.exceptions_ended = (struct event_words){{"EXC-2025-011"}, 1};
	CU_ASSERT(says(&alert, "  No exception in force covers it.\n"
			       "  EXC-2025-011 has ended and was not applied.\n"));
}

static void
exceptions_of_a_part_do_not_cover_it_all(void)
{
	struct event alert = sample();

	alert.exceptions_of_part = (struct event_words){{"EXC-2026-004", "EXC-S"}, 2};
	CU_ASSERT(says(&alert, "  EXC-2026-004 covers a part of it: informational there, medium "
			       "without.\n"));
	CU_ASSERT(says(&alert, "  EXC-S covers a part of it.\n"));
	alert.exception = NULL;
	alert.severity_before_exception = alert.severity;
	CU_ASSERT(keeps_silent(&alert, "No exception in force"));
}

static void
evidence_of_one_flow_says_so(void)
{
	struct event alert = sample();

	CU_ASSERT(keeps_silent(&alert, "flows of this alert differ"));
	alert.evidence_name = "oos.example";
	CU_ASSERT(says(&alert, "The flows of this alert differ."));
	CU_ASSERT(says(&alert, "  to            oos.example\n"));
}

static void
laws_are_those_of_class_and_exposure(void)
{
	struct event alert = sample();

	CU_ASSERT(keeps_silent(&alert, "HDS v2"));
	CU_ASSERT(keeps_silent(&alert, "II 901"));
	alert.data_class = "health";
	alert.exposure = "eu-sovereign";
	CU_ASSERT(says(&alert, "- HDS v2\n"));
	CU_ASSERT(keeps_silent(&alert, "18 U.S.C."));
	CU_ASSERT(keeps_silent(&alert, "ordered under US law"));
	alert.data_class = "a-class-of-tomorrow";
	CU_ASSERT(keeps_silent(&alert, "The law behind it"));
}

static void
the_row_of_hds_is_named(void)
{
	struct event alert = sample();

	alert.data_class = "health";
	alert.exposure = "eu-sovereign";
	alert.steps[0].before = "low";
	CU_ASSERT(says(&alert, "the row for services with a valid record of health data hosting"));
	alert.steps[0].before = "critical";
	CU_ASSERT(says(&alert, "The rule book in use now (version "));
	CU_ASSERT(says(&alert, "says medium: it has changed since."));
}

static void
each_step_has_a_reason(void)
{
	static const struct {
		const char *step, *shape, *why;
	} rows[] = {
		{"r9", "export", "particular sensitivity (R9)"},
		{"shape", "trace", "a trace of data: set to informational"},
		{"shape", "interactive", "interactive use and no export: 2 less"},
		{"shape", "bulk", "shape bulk towards such an operator: 1 more"},
		{"kind", "export", "of kind object-storage, which takes in little: 1 less"},
		{"content", "export", "strong evidence in cleartext content: 1 more"},
		{"confidence", "export", "stands on little: 1 less"},
		{"mismatch", "export", "contradict each other: at least medium"},
		{"tomorrow", "export", "low -> high\n"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct event alert = sample();
		alert.shape = rows[i].shape;
		alert.steps[0] = (struct event_step){rows[i].step, "low", "high"};
		CU_ASSERT(says(&alert, rows[i].why));
	}
}

static void
a_finding_has_no_table_and_no_evidence(void)
{
	struct event alert = {
		.class = EVENT_CLASS_FINDING,
		.id = "ffeeddccbbaa99887766554433221100",
		.rule_id = "GOV-EXC-EXPIRED",
		.message = "Exception EXC-2025-011 ended.",
		.severity = SEVERITY_MEDIUM,
		.severity_before_exception = SEVERITY_MEDIUM,
		.subject = "EXC-2025-011",
	};

	CU_ASSERT(says(&alert, "  subject       EXC-2025-011\n"));
	CU_ASSERT(says(&alert, "Ask the owner of the exception"));
	CU_ASSERT(keeps_silent(&alert, "How we know"));
	CU_ASSERT(keeps_silent(&alert, "the table says"));
	alert.rule_id = "GOV-TOMORROW";
	CU_ASSERT(says(&alert, "What to do next\n"));
}

static void
a_note_of_the_sensor_is_about_no_traffic(void)
{
	struct event alert = {
		.class = EVENT_CLASS_SENSOR,
		.id = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
		.rule_id = "SYS-SINK-FAILING",
		.message = "Sink soc has failed.",
		.severity = SEVERITY_MEDIUM,
		.severity_before_exception = SEVERITY_MEDIUM,
		.subject = "soc",
	};

	CU_ASSERT(says(&alert, "  subject       soc\n"));
	CU_ASSERT(says(&alert, "Look into the sensor's log"));
	CU_ASSERT(keeps_silent(&alert, "what is sent"));
	CU_ASSERT(keeps_silent(&alert, "the table says"));
}

/* What may not be claimed of anybody, but where it is said that it is not. */
static void
no_forbidden_claim_is_made(void)
{
	static const char *const claims[] = {"illegal", "violation", "leak",     "theft",
					     "stolen",  "is safe",   "compliant"};
	struct event alert = sample();

	for (size_t i = 0; i < sizeof(claims) / sizeof(*claims); i++)
		CU_ASSERT(keeps_silent(&alert, claims[i]));
}

static void
lines_fit_and_colours_are_on_demand(void)
{
	struct event alert = sample();

	for (size_t width = 80; width <= 160; width += 20) {
		char *text = explain_wide(&alert, width, false);
		for (char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
			size_t len = strcspn(line, "\n");
			CU_ASSERT(len <= width);
			CU_ASSERT(len == 0 || line[len - 1] != ' ');
		}
		CU_ASSERT_PTR_NULL(strchr(text, '\x1b'));
		free(text);
	}
	char *text = explain_wide(&alert, 80, true);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\x1b[1mThe rule\x1b[0m"));
	free(text);
}

static void
choices_are_one_line_each(void)
{
	struct event alert = sample();
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	explain_write_choice(&alert, out);
	fclose(out);
	CU_ASSERT_STRING_EQUAL(text, "  00112233445566778899aabbccddeeff  2026-12-01  "
				     "informational  INT-USA  bureautique\n");
	free(text);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"every_question_is_answered", every_question_is_answered},
		{"every_flag_and_evidence_has_a_meaning", every_flag_and_evidence_has_a_meaning},
		{"what_the_wire_told_beside_the_name_is_shown",
		 what_the_wire_told_beside_the_name_is_shown},
		{"the_owner_is_named_where_there_is_something_to_do",
		 the_owner_is_named_where_there_is_something_to_do},
		{"the_way_to_an_exception_is_told_where_there_is_one",
		 the_way_to_an_exception_is_told_where_there_is_one},
		{"exceptions_that_have_ended_are_named", exceptions_that_have_ended_are_named},
		{"exceptions_of_a_part_do_not_cover_it_all",
		 exceptions_of_a_part_do_not_cover_it_all},
		{"evidence_of_one_flow_says_so", evidence_of_one_flow_says_so},
		{"laws_are_those_of_class_and_exposure", laws_are_those_of_class_and_exposure},
		{"the_row_of_hds_is_named", the_row_of_hds_is_named},
		{"each_step_has_a_reason", each_step_has_a_reason},
		{"a_finding_has_no_table_and_no_evidence", a_finding_has_no_table_and_no_evidence},
		{"a_note_of_the_sensor_is_about_no_traffic",
		 a_note_of_the_sensor_is_about_no_traffic},
		{"no_forbidden_claim_is_made", no_forbidden_claim_is_made},
		{"lines_fit_and_colours_are_on_demand", lines_fit_and_colours_are_on_demand},
		{"choices_are_one_line_each", choices_are_one_line_each},
	};
	struct fault_list faults = FAULT_LIST_INIT;

	rules = rule_book_load(unit_source_path("configs/policy"), &faults);
	if (rules == NULL)
		return 1;
	int status = unit_run("explain", cases, sizeof(cases) / sizeof(*cases));
	rule_book_destroy(rules);
	return status;
}
