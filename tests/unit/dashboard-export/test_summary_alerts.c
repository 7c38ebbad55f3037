/* SPDX-License-Identifier: Apache-2.0 */
/* The alerts of a summary, as people and programs get them. */
#include "dashboard-export/summary.h"

#include "tests/unit/dashboard-export/golden.h"
#include "tests/unit/dashboard-export/sample_alert.h"
#include "tests/unit/unit.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct summary *
create(void)
{
	struct summary *s = summary_create();

	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	return s;
}

/* To be freed; `width` 0 asks for the JSON. */
static char *
print(const struct summary *s, unsigned width, bool colour)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	if (width == 0)
		summary_write_json(s, out);
	else
		summary_write_text(s, out, colour, width);
	fclose(out);
	return text;
}

/* An alert whose id ends in `number`, that many seconds after the others. */
static void
add_alert(struct summary *s, unsigned number, enum severity severity, const char *message)
{
	struct sample_flow flow;
	struct alert alert;

	sample_upload_init(&flow);
	flow.verdict.severity = severity;
	flow.record.start_ns += number * UINT64_C(1000000000);
	sample_alert_init(&alert, &flow);
	snprintf(alert.id, sizeof(alert.id), "%032u", number);
	summary_add_alert(s, &alert, message);
	alert_fini(&alert);
}

static void
add_sample_alerts(struct summary *s)
{
	struct sample_flow flow;
	struct alert alert;
	char message[SENTENCE_MAX];

	sample_upload_init(&flow);
	sample_alert_init(&alert, &flow);
	(void)alert_message(&alert, sample_rules(), message);
	summary_add_alert(s, &alert, message);
	alert_fini(&alert);
	sample_finding_init(&alert);
	(void)alert_message(&alert, sample_rules(), message);
	summary_add_alert(s, &alert, message);
	alert_fini(&alert);
	add_alert(s, 1, SEVERITY_CRITICAL, "DR cell sent 30.0 KiB in 1 flow to an unseen name.");
	add_alert(s, 2, SEVERITY_LOW, "Desktops \x1b[31m\xff sent 3.0 MiB.");
	add_alert(s, 3, SEVERITY_INFORMATIONAL, "Covered.");
}

static bool
says(const struct summary *s, const char *sentence)
{
	char *text = print(s, 160, false);
	bool found = strstr(text, sentence) != NULL;

	free(text);
	return found;
}

static void
prints_are_those_of_the_golden_files(void)
{
	static const struct {
		const char *golden;
		unsigned width;
		bool colour;
	} rows[] = {
		{"summary/alerts-80.txt", 80, false},
		{"summary/alerts-100-colour.txt", 100, true},
		{"summary/alerts.json", 0, false},
	};
	struct summary *s = create();

	add_sample_alerts(s);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *text = print(s, rows[i].width, rows[i].colour);
		CU_ASSERT(golden_matches(rows[i].golden, text, strlen(text)));
		free(text);
	}
	summary_destroy(s);
}

static void
without_alerts_one_line_says_so(void)
{
	struct summary *s = create();

	CU_ASSERT(says(s, "\nAlerts\n  No alert of severity low or more.\n"));
	CU_ASSERT_FALSE(says(s, "vigie explain"));
	summary_set_alerts_minimum(s, SEVERITY_HIGH);
	CU_ASSERT(says(s, "No alert of severity high or more."));
	summary_destroy(s);
}

static void
twelve_sentences_are_enough(void)
{
	struct summary *s = create();
	char message[32];

	for (unsigned i = 0; i < 30; i++) {
		snprintf(message, sizeof(message), "Sentence %02u.", i);
		add_alert(s, i, i == 20 ? SEVERITY_HIGH : SEVERITY_MEDIUM, message);
	}
	CU_ASSERT(says(s, "Sentence 20."));
	CU_ASSERT(says(s, "Sentence 10."));
	CU_ASSERT_FALSE(says(s, "Sentence 11."));
	CU_ASSERT(says(s, "  and 18 more: --alerts FILE writes all of them; vigie explain ID "
			  "tells why.\n"));
	summary_destroy(s);
}

static void
covered_alerts_are_counted_but_not_told(void)
{
	struct summary *s = create();

	add_alert(s, 1, SEVERITY_INFORMATIONAL, "Covered.");
	CU_ASSERT_FALSE(says(s, "Covered."));
	CU_ASSERT(says(s, "informational       1\n"));
	CU_ASSERT(says(s, "because an exception covers them"));
	CU_ASSERT_FALSE(says(s, "more:"));
	CU_ASSERT(says(s, "\n  --alerts FILE writes all of them; vigie explain ID tells why.\n"));
	summary_destroy(s);
}

static void
critical_looks_worse_than_high(void)
{
	struct summary *s = create();

	add_alert(s, 1, SEVERITY_CRITICAL, "One.");
	add_alert(s, 2, SEVERITY_HIGH, "Two.");
	char *text = print(s, 100, true);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\x1b[1;35mcritical"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\x1b[31mhigh"));
	free(text);
	summary_destroy(s);
}

/* The last time that it is told counts. */
static void
an_alert_that_is_told_again_replaces_itself(void)
{
	struct summary *s = create();

	add_alert(s, 1, SEVERITY_LOW, "At first.");
	add_alert(s, 2, SEVERITY_LOW, "Another.");
	add_alert(s, 1, SEVERITY_HIGH, "In the end.");
	CU_ASSERT_FALSE(says(s, "At first."));
	CU_ASSERT(says(s, "In the end."));
	CU_ASSERT(says(s, "high           1\n"));
	CU_ASSERT(says(s, "low            1\n"));
	summary_destroy(s);
}

/* Far more than are kept, the most severe ones last. */
static void
the_most_severe_ones_are_kept(void)
{
	struct summary *s = create();

	for (unsigned i = 0; i < 2000; i++)
		add_alert(s, i, i < 1500 ? SEVERITY_LOW : SEVERITY_HIGH, "A sentence.");
	char *text = print(s, 0, false);
	json_t *root = json_loads(text, 0, NULL);
	const json_t *alerts = json_object_get(root, "alerts");
	const json_t *list = json_object_get(alerts, "list");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(alerts, "low")), 1500);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(alerts, "high")), 500);
	CU_ASSERT_EQUAL(json_array_size(list), 256);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(alerts, "not_listed")), 2000 - 256);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *severity = json_object_get(json_array_get(list, i), "severity");
		CU_ASSERT_STRING_EQUAL(json_string_value(severity), "high");
	}
	json_decref(root);
	free(text);
	summary_destroy(s);
}

static void
no_line_is_wider_than_asked(void)
{
	struct summary *s = create();
	char message[1024];

	memset(message, 'x', sizeof(message) - 1);
	message[sizeof(message) - 1] = '\0';
	add_sample_alerts(s);
	add_alert(s, 9, SEVERITY_HIGH, message);
	for (unsigned width = 80; width <= 160; width += 7) {
		char *text = print(s, width, false);
		for (char *line = text; *line != '\0';) {
			size_t len = strcspn(line, "\n"), columns = 0;
			for (size_t i = 0; i < len; i++)
				columns += ((unsigned char)line[i] & 0xc0) != 0x80;
			CU_ASSERT(columns <= width);
			CU_ASSERT(len == 0 || line[len - 1] != ' ');
			line += len + 1;
		}
		CU_ASSERT_PTR_NULL(strchr(text, '\x1b'));
		free(text);
	}
	summary_destroy(s);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"prints_are_those_of_the_golden_files", prints_are_those_of_the_golden_files},
		{"without_alerts_one_line_says_so", without_alerts_one_line_says_so},
		{"twelve_sentences_are_enough", twelve_sentences_are_enough},
		{"covered_alerts_are_counted_but_not_told",
		 covered_alerts_are_counted_but_not_told},
		{"critical_looks_worse_than_high", critical_looks_worse_than_high},
		{"an_alert_that_is_told_again_replaces_itself",
		 an_alert_that_is_told_again_replaces_itself},
		{"the_most_severe_ones_are_kept", the_most_severe_ones_are_kept},
		{"no_line_is_wider_than_asked", no_line_is_wider_than_asked},
	};
	return unit_run("summary_alerts", cases, sizeof(cases) / sizeof(*cases));
}
