/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/formats/line_event.h"
#include "tests/unit/unit.h"

#include <string.h>

static void
messages_are_those_of_the_golden_files(void)
{
	CU_ASSERT(line_event_all_match(&format_syslog, true, "syslog"));
}

/* Without it there is no place for the fields. */
static void
the_envelope_is_always_there(void)
{
	static char framed[FORMAT_MESSAGE_MAX];
	const struct event *event = line_event("flow");

	strcpy(framed, line_event_message(&format_syslog, true, event, line_event_context()));
	CU_ASSERT_STRING_EQUAL(
		line_event_message(&format_syslog, false, event, line_event_context()), framed);
}

static void
the_sentence_is_cut_before_the_fields(void)
{
	static char text[FORMAT_LIMIT_MIN + 1];
	static char sentence[8001];
	struct event event = *line_event("alert-ipv4");

	memset(sentence, 'm', 8000);
	event.message = sentence;
	size_t len = format_message(&format_syslog, true, &event, line_event_context(), text,
				    FORMAT_LIMIT_MIN);
	text[len] = '\0';
	CU_ASSERT(len > FORMAT_LIMIT_MIN - 8);
	CU_ASSERT_STRING_EQUAL(text + len - 4, "m...");
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " names=\"bulk."));
	CU_ASSERT_PTR_NULL(strstr(text, " brief="));
}

/* As long as everything can be: a few hundred bytes of it are left. */
static void
fields_leave_room_for_the_sentence(void)
{
	static char text[FORMAT_LIMIT_MIN + 1];
	struct format_context context = *line_event_context();
	char sensor[301];

	memset(sensor, 's', 300);
	sensor[300] = '\0';
	context.sensor = context.version = sensor;
	size_t len = format_message(&format_syslog, true, line_event_longest("x", 6000), &context,
				    text, FORMAT_LIMIT_MIN);
	text[len] = '\0';
	const char *sentence = strstr(text, "\"] xxx");
	CU_ASSERT_PTR_NOT_NULL_FATAL(sentence);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " brief=\"true\""));
	CU_ASSERT(strlen(sentence) > 400);
}

static void
a_sentence_that_is_no_ascii_has_the_mark(void)
{
	struct event event = *line_event("alert-ipv6");

	CU_ASSERT_PTR_NOT_NULL(
		strstr(line_event_message(&format_syslog, true, &event, line_event_context()),
		       "] \xef\xbb\xbf"
		       "Donn"));
	event.message = "plain";
	CU_ASSERT_PTR_NOT_NULL(strstr(
		line_event_message(&format_syslog, true, &event, line_event_context()), "] plain"));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"messages_are_those_of_the_golden_files", messages_are_those_of_the_golden_files},
		{"the_envelope_is_always_there", the_envelope_is_always_there},
		{"the_sentence_is_cut_before_the_fields", the_sentence_is_cut_before_the_fields},
		{"fields_leave_room_for_the_sentence", fields_leave_room_for_the_sentence},
		{"a_sentence_that_is_no_ascii_has_the_mark",
		 a_sentence_that_is_no_ascii_has_the_mark},
	};
	return unit_run("format_syslog", cases, sizeof(cases) / sizeof(*cases));
}
