/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/formats/line_event.h"
#include "tests/unit/unit.h"

#include <string.h>

static void
messages_are_those_of_the_golden_files(void)
{
	CU_ASSERT(line_event_all_match(&format_text, false, "text"));
}

static void
a_line_says_what_matters(void)
{
	const char *text = line_event_message(&format_text, false, line_event("alert-ipv6"),
					      line_event_context());

	CU_ASSERT_STRING_EQUAL(text, "2026-12-01T08:16:02Z sensor-1.phares.example high ECO-USA+R9 "
				     "licences h-0000000000ff T1567.002 - Donn\xc3\xa9"
				     "es de l\xe2\x80\x99"
				     "entreprise: "
				     "64.0 MiB sent in 1 flow to drive.example. "
				     "[alert 0f0e0d0c0b0a09080706050403020100, 42]");
}

static void
nothing_known_is_still_a_line(void)
{
	struct event event = {.class = EVENT_CLASS_FLOW};
	struct format_context context = {.sensor = "s", .version = "0"};

	CU_ASSERT_STRING_EQUAL(line_event_message(&format_text, false, &event, &context),
			       "s - IP flow from hidden to hidden: 0 bytes out, 0 bytes in [flow]");
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"messages_are_those_of_the_golden_files", messages_are_those_of_the_golden_files},
		{"a_line_says_what_matters", a_line_says_what_matters},
		{"nothing_known_is_still_a_line", nothing_known_is_still_a_line},
	};
	return unit_run("format_text", cases, sizeof(cases) / sizeof(*cases));
}
