/* SPDX-License-Identifier: Apache-2.0 */
#include "app/alert_output.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "tests/unit/app/alert_rows.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define LABEL "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LONG_NAME LABEL "." LABEL "." LABEL ".example"
#define ID_A "00112233445566778899aabbccddeeff"
#define ID_B "ffeeddccbbaa99887766554433221100"

static const struct alert_row upload = {.id = ID_A,
					.severity = SEVERITY_HIGH,
					.rule = "ECO-USA",
					.zone = "licences",
					.name = "drive.google.com",
					.message = "Company files sent 64.0 KiB."};
static const struct alert_row strange = {
	.id = ID_B,
	.severity = SEVERITY_INFORMATIONAL,
	.rule = "INT-USA",
	.zone = "rh",
	.name = "=cmd|' /C calc'!A0",
	.message = "a \\\"quote\\\", a\\nline, \\u001b[31m, \\u0000 and \\\"event\\\":{"};

/* What lines of JSON look like in the format; free the result. */
static char *
shown(struct alert_output output, const char *const *lines, size_t count)
{
	struct arena *arena = arena_create();
	char *text, why[256];
	size_t len;

	output.out = open_memstream(&text, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(output.out);
	CU_ASSERT_EQUAL_FATAL(output.format->begin(&output), 0);
	for (size_t i = 0; i < count; i++) {
		static struct event event;
		const struct journal_row row = {
			.sequence = 40 + i,
			.recorded_ns = 1,
			.content = lines[i],
			.len = strlen(lines[i]),
		};
		CU_ASSERT_EQUAL_FATAL(event_parse(lines[i], row.len, arena, &event, why), 0);
		CU_ASSERT_EQUAL_FATAL(event_clean(&event, arena), 0);
		output.format->add(&output, &row, &event);
	}
	output.format->flush(&output);
	alert_output_fini(&output);
	fclose(output.out);
	arena_destroy(arena);
	return text;
}

static char *
shown_rows(struct alert_output output, const struct alert_row *const *rows, size_t count)
{
	static char lines[8][ALERT_ROW_MAX];
	const char *texts[8];

	for (size_t i = 0; i < count; i++) {
		(void)alert_row_format(rows[i], lines[i]);
		texts[i] = lines[i];
	}
	return shown(output, texts, count);
}

static void
expect(char *text, const char *expected)
{
	CU_ASSERT_STRING_EQUAL(text, expected);
	if (strcmp(text, expected) != 0)
		fprintf(stderr, "# got:\n%s\n# expected:\n%s\n", text, expected);
	free(text);
}

static void
text_is_an_aligned_table(void)
{
	static const struct alert_row *const rows[] = {&upload, &strange};
	const struct alert_output output = {.format = &alert_output_text};

	expect(shown_rows(output, rows, COUNT(rows)),
	       "start, UTC        severity       alert     rule     zone            up  about\n"
	       "2026-12-01 08:15  high           00112233  ECO-USA  licences  64.0 KiB  "
	       "drive.google.com\n"
	       "2026-12-01 08:15  informational  ffeeddcc  INT-USA  rh        64.0 KiB  "
	       "=cmd|' /C calc'!A0\n");
	expect(shown_rows(output, NULL, 0), "");
}

static void
on_a_terminal_lines_are_cut_and_coloured(void)
{
	struct alert_row row = upload;
	const struct alert_row *const rows[] = {&row};
	struct alert_output output = {.format = &alert_output_text, .width = 80};

	row.name = "\xc3\xa9\xc3\xa9"
		   "drive.google.com";
	expect(shown_rows(output, rows, 1),
	       "start, UTC        severity  alert     rule     zone            up\n"
	       "                  about\n"
	       "2026-12-01 08:15  high      00112233  ECO-USA  licences  64.0 KiB\n"
	       "                  \xc3\xa9\xc3\xa9"
	       "drive.google.com\n");
	output.width = 92;
	row.name = "a-name-that-is-longer-than-the-line.example";
	expect(shown_rows(output, rows, 1),
	       "start, UTC        severity  alert     rule     zone            up  about\n"
	       "2026-12-01 08:15  high      00112233  ECO-USA  licences  64.0 KiB  "
	       "a-name-that-is-longer-th\xe2\x80\xa6\n");
	output.width = 120;
	output.colour = true;
	char *text = shown_rows(output, rows, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\x1b[31mhigh\x1b[0m      00112233"));
	free(text);
}

/* Rules and zones may be as long as those of a stranger's journal. */
static void
no_line_is_longer_than_the_terminal(void)
{
	static const char *const texts[] = {
		"rh", "SYS-SINK-RECOVERED",
		"a-zone-with-a-name-that-nobody-would-want-to-have-in-it"};
	const char *const names[] = {"", "drive.google.com", LONG_NAME};

	for (size_t width = 80; width <= 160; width += 8) {
		for (size_t i = 0; i < 27; i++) {
			struct alert_row row = strange;
			const struct alert_row *const rows[] = {&upload, &row, &upload};
			const struct alert_output output = {.format = &alert_output_text,
							    .width = width};
			row.rule = texts[i % 3];
			row.zone = texts[i / 3 % 3];
			row.name = names[i / 9];
			char *text = shown_rows(output, rows, COUNT(rows)), *rest = text, *line;
			while ((line = strsep(&rest, "\n")) != NULL)
				CU_ASSERT_TRUE(utf8_width(line) <= width);
			free(text);
		}
	}
}

static void
findings_and_notes_are_told_by_their_sentence(void)
{
	static const char *const lines[] = {
		"{\"@timestamp\":\"2026-12-01T08:15:02.000000000Z\",\"event\":{\"kind\":\"alert\","
		"\"id\":\"" ID_A "\",\"start\":\"2026-12-01T08:15:02.000000000Z\"},"
		"\"rule\":{\"id\":\"SYS-DISK\",\"name\":\"n\"},\"message\":\"The disk is nearly "
		"full.\",\"vigie\":{\"day\":\"2026-12-01\",\"severity\":\"medium\"}}",
	};
	const struct alert_output output = {.format = &alert_output_text};

	expect(shown(output, lines, 1),
	       "start, UTC        severity  alert     rule      zone  up  about\n"
	       "2026-12-01 08:15  medium    00112233  SYS-DISK            The disk is nearly "
	       "full.\n");
}

static void
json_is_what_was_journalled_with_its_row(void)
{
	static const struct alert_row *const rows[] = {&strange};
	const struct alert_output output = {.format = &alert_output_json};
	char *text = shown_rows(output, rows, 1), line[ALERT_ROW_MAX];
	static const char number[] = "\"sequence\":40,";

	char *at = strstr(text, number);
	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	CU_ASSERT_EQUAL(strncmp(at - 9, "\"event\":{", 9), 0);
	memmove(at, at + strlen(number), strlen(at + strlen(number)) + 1);
	size_t len = alert_row_format(&strange, line);
	CU_ASSERT_EQUAL(strncmp(text, line, len), 0);
	CU_ASSERT_STRING_EQUAL(text + len, "\n");
	free(text);
}

/* U+009B begins a sequence of control as ESC [ does, and U+202E turns what follows. */
static void
json_does_not_drive_a_terminal(void)
{
	struct alert_row row = upload;
	const struct alert_row *rows[] = {&row};
	struct alert_output output = {.format = &alert_output_json, .terminal = true};

	row.message = "\xc2\x9b"
		      "31m \xe2\x80\xae"
		      "txt \x7f \xc3\xa9\xf0\x9f\x98\x80";
	char *text = shown_rows(output, rows, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"message\":\"\\u009b31m \\u202etxt \\u007f "
					    "\xc3\xa9\xf0\x9f\x98\x80\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"sequence\":40,"));
	free(text);
	output.terminal = false;
	text = shown_rows(output, rows, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, row.message));
	free(text);
}

/* The member may stand anywhere, and texts may look like it. */
static void
the_event_is_found_wherever_it_stands(void)
{
	static const char *const lines[] = {
		"{\"message\":\"\\\"event\\\":{\",\"vigie\":{\"severity\":\"low\",\"x\":{\"event\":"
		"{}}},\"rule\":{\"id\":\"R\"}, \"event\" : {\"kind\":\"alert\",\"id\":\"" ID_A
		"\"}}",
	};
	const struct alert_output output = {.format = &alert_output_json};

	expect(shown(output, lines, 1),
	       "{\"message\":\"\\\"event\\\":{\",\"vigie\":{\"severity\":\"low\",\"x\":{\"event\":{"
	       "}"
	       "}},\"rule\":{\"id\":\"R\"}, \"event\" : {\"sequence\":40,\"kind\":\"alert\","
	       "\"id\":\"" ID_A "\"}}\n");
}

static void
csv_is_rfc_4180_and_starts_no_formula(void)
{
	static const struct alert_row *const rows[] = {&strange};
	const struct alert_output output = {.format = &alert_output_csv};

	expect(shown_rows(output, rows, 1),
	       "sequence,recorded,start,end,id,severity,rule,rule_name,zone,zone_owner,data_class,"
	       "host,source,destination,name,operator,service_kind,exposure,confidence,shape,"
	       "payload_out,payload_in,flows,exception,severity_before_exception,flags,ja4,subject,"
	       "message\r\n"
	       "40,1970-01-01T00:00:00.000000001Z,2026-12-01T08:15:02.000000000Z,"
	       "2026-12-01T08:16:02.000000000Z,\"" ID_B "\",\"informational\",\"INT-USA\",\"rule\","
	       "\"rh\",,,,\"198.51.100.7\",\"203.0.113.9\",\"'=cmd|' /C calc'!A0\",,,,,,65536,3,2,"
	       ",,,,,\"a \"\"quote\"\", a\xef\xbf\xbdline, \xef\xbf\xbd[31m, \xef\xbf\xbd and "
	       "\"\"event\"\":{\"\r\n");
}

static void
every_sign_that_begins_a_formula_is_guarded(void)
{
	static const char *const names[] = {"=1",
					    "+1",
					    "-1",
					    "@SUM",
					    "\\t=1",
					    "\\r=1",
					    "\xef\xbc\x9d"
					    "1+1",
					    "\xef\xbc\x8b"
					    "1",
					    "\xef\xbc\x8d"
					    "1",
					    "\xef\xbc\xa0"
					    "SUM"};

	for (size_t i = 0; i < COUNT(names); i++) {
		struct alert_row row = upload;
		const struct alert_row *rows[] = {&row};
		const struct alert_output output = {.format = &alert_output_csv};
		row.name = names[i];
		char *text = shown_rows(output, rows, 1);
		char *cell = strstr(text, ",\"203.0.113.9\",\"");
		CU_ASSERT_PTR_NOT_NULL_FATAL(cell);
		CU_ASSERT_PTR_NULL(strchr("=+-@\t\r", cell[16]));
		CU_ASSERT_NOT_EQUAL(strncmp(cell + 16, "\xef\xbc", 2), 0);
		free(text);
	}
}

static void
formats_have_names(void)
{
	CU_ASSERT_STRING_EQUAL(alert_output_word(0), "text");
	CU_ASSERT_STRING_EQUAL(alert_output_word(1), "json");
	CU_ASSERT_STRING_EQUAL(alert_output_word(2), "csv");
	CU_ASSERT_PTR_NULL(alert_output_word(3));
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"text_is_an_aligned_table", text_is_an_aligned_table},
		{"on_a_terminal_lines_are_cut_and_coloured",
		 on_a_terminal_lines_are_cut_and_coloured},
		{"no_line_is_longer_than_the_terminal", no_line_is_longer_than_the_terminal},
		{"findings_and_notes_are_told_by_their_sentence",
		 findings_and_notes_are_told_by_their_sentence},
		{"json_is_what_was_journalled_with_its_row",
		 json_is_what_was_journalled_with_its_row},
		{"json_does_not_drive_a_terminal", json_does_not_drive_a_terminal},
		{"the_event_is_found_wherever_it_stands", the_event_is_found_wherever_it_stands},
		{"csv_is_rfc_4180_and_starts_no_formula", csv_is_rfc_4180_and_starts_no_formula},
		{"every_sign_that_begins_a_formula_is_guarded",
		 every_sign_that_begins_a_formula_is_guarded},
		{"formats_have_names", formats_have_names},
	};
	return unit_run("alert_output", cases, COUNT(cases));
}
