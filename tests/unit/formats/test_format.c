/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/format.h"

#include "dashboard-export/formats/text_details.h"
#include "tests/unit/formats/line_event.h"
#include "tests/unit/unit.h"

#include <string.h>

/* The formats of this test; those that are JSON have tests of their own. */
static const struct format *const texts[] = {&format_cef, &format_leef, &format_syslog,
					     &format_text};

#define TEXTS (sizeof(texts) / sizeof(*texts))

/* Texts of any kind: nothing special, everything escaped, nothing that is UTF-8, wide. */
static const char *const units[] = {"x", "=\\|]\"\n", "\xff", "\xf0\x9f\x98\x80", " ", ",", "a."};

#define UNITS (sizeof(units) / sizeof(*units))

static char out[FORMAT_MESSAGE_MAX];

static void
every_format_is_found_by_its_name(void)
{
	static const char *const names[] = {"cef", "leef", "ecs", "ocsf", "syslog", "eve", "text"};

	for (unsigned i = 0; i < 7; i++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(format_find(names[i]));
		CU_ASSERT_STRING_EQUAL(format_find(names[i])->name, names[i]);
		CU_ASSERT_PTR_NOT_NULL(format_at(i));
		CU_ASSERT_PTR_NOT_NULL(format_find(names[i])->content_type);
	}
	CU_ASSERT_PTR_NULL(format_at(7));
	CU_ASSERT_PTR_NULL(format_find("CEF"));
	CU_ASSERT_PTR_NULL(format_find(""));
}

/* A sensor whose name and version are as long as can be. */
static struct format_context
long_context(const char *unit)
{
	static char text[2001];
	struct format_context context = *line_event_context();

	for (size_t i = 0; i < 2000; i++)
		text[i] = unit[i % strlen(unit)];
	context.sensor = context.version = context.policy = text;
	context.policy_version = context.process_id = UINT64_MAX;
	context.enterprise_number = UINT32_MAX;
	return context;
}

static bool
is_one_line(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' || text[i] == '\r' || text[i] == '\0')
			return false;
	}
	return true;
}

static void
the_longest_event_is_whole_in_64_kib(void)
{
	for (size_t i = 0; i < TEXTS * UNITS; i++) {
		const struct format *format = texts[i % TEXTS];
		const char *unit = units[i / TEXTS];
		struct format_context context = long_context(unit);
		size_t len = format_message(format, true, line_event_longest(unit, 60000), &context,
					    out, FORMAT_MESSAGE_MAX);
		CU_ASSERT(len > 0);
		CU_ASSERT(is_one_line(out, len));
		CU_ASSERT_PTR_NULL(memmem(out, len, "rief=", 5));
	}
}

static void
the_longest_event_fits_where_it_is_brief(void)
{
	for (size_t i = 0; i < TEXTS * UNITS; i++) {
		const struct format *format = texts[i % TEXTS];
		const char *unit = units[i / TEXTS];
		struct format_context context = long_context(unit);
		size_t len = format_message(format, true, line_event_longest(unit, 60000), &context,
					    out, FORMAT_LIMIT_MIN);
		CU_ASSERT(len > 0);
		CU_ASSERT(is_one_line(out, len));
		CU_ASSERT_PTR_NOT_NULL(memmem(out, len, "00112233445566778899aabbccddeeff", 32));
		CU_ASSERT_PTR_NOT_NULL(memmem(out, len, "18446744073709551615", 20));
	}
}

static bool
says(size_t len, const char *value, size_t value_len)
{
	return memmem(out, len, value, value_len) != NULL;
}

/* Ids as long as records hold them, with everything else too long. */
static void
no_id_is_cut(void)
{
	static const char letters[] = "ABCDEFGH";
	static char ids[8][TEXT_ID_MAX + 1];
	struct event event = *line_event_longest("=x", 60000);
	const char **members[] = {&event.zone,    &event.operator_id, &event.exception,
				  &event.service, &event.subject,     &event.rule_id,
				  &event.host,    &event.flow_id};
	struct format_context context = *line_event_context();

	for (size_t i = 0; i < 8; i++) {
		memset(ids[i], letters[i], i < 5 ? TEXT_ID_MAX : TEXT_CODE_MAX);
		*members[i] = ids[i];
	}
	event.flow_id = "0123456789abcdef";
	for (size_t i = 0; i < 3; i++) {
		size_t len =
			format_message(texts[i], true, &event, &context, out, FORMAT_LIMIT_MIN);
		CU_ASSERT(says(len, event.id, strlen(event.id)));
		CU_ASSERT(says(len, event.flow_id, strlen(event.flow_id)));
		for (size_t j = 0; j < 7; j++)
			CU_ASSERT(says(len, ids[j], strlen(ids[j])));
		CU_ASSERT(says(len, "rief", 4));
	}
}

static void
every_limit_is_kept(void)
{
	for (size_t i = 0; i < TEXTS; i++) {
		for (size_t limit = FORMAT_LIMIT_MIN; limit <= FORMAT_MESSAGE_MAX; limit += 509) {
			size_t len = format_message(texts[i], i % 2 == 0,
						    line_event_longest("ab=", 3000),
						    line_event_context(), out, limit);
			CU_ASSERT_FATAL(len > 0 && len <= limit);
		}
	}
}

static void
what_fits_is_not_cut(void)
{
	for (size_t i = 0; i < TEXTS; i++) {
		const struct event *event = line_event("alert-ipv4");
		size_t len = format_message(texts[i], true, event, line_event_context(), out,
					    FORMAT_LIMIT_MIN);
		CU_ASSERT(len > 0 && len < FORMAT_LIMIT_MIN);
		CU_ASSERT_PTR_NOT_NULL(memmem(out, len, event->message, strlen(event->message)));
		CU_ASSERT_PTR_NULL(memmem(out, len, "rief=", 5));
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"every_format_is_found_by_its_name", every_format_is_found_by_its_name},
		{"the_longest_event_is_whole_in_64_kib", the_longest_event_is_whole_in_64_kib},
		{"the_longest_event_fits_where_it_is_brief",
		 the_longest_event_fits_where_it_is_brief},
		{"no_id_is_cut", no_id_is_cut},
		{"every_limit_is_kept", every_limit_is_kept},
		{"what_fits_is_not_cut", what_fits_is_not_cut},
	};
	return unit_run("format", cases, sizeof(cases) / sizeof(*cases));
}
