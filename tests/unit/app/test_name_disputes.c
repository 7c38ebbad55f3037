/* SPDX-License-Identifier: Apache-2.0 */
#include "app/name_disputes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#define MINUTE UINT64_C(60000000000)

static const struct inner_ends nothing;
static char text[65536];

static struct name_dispute_message
message_about(const char *theirs, const char *ours)
{
	struct name_dispute_message m = {
		.source_port = 50000, .destination_port = 443, .protocol = "tls"};

	(void)ip_address_parse("10.0.0.5", &m.source);
	(void)ip_address_parse("93.184.216.34", &m.destination);
	snprintf(m.theirs, sizeof(m.theirs), "%s", theirs);
	snprintf(m.ours, sizeof(m.ours), "%s", ours);
	return m;
}

static struct name_disputes
begin(bool hide_inside)
{
	memset(text, 0, sizeof(text));
	return (struct name_disputes){.to = fmemopen(text, sizeof(text), "w"),
				      .hide_inside = hide_inside};
}

static void
tell(const char *theirs, const char *ours, bool hide_inside)
{
	struct name_disputes disputes = begin(hide_inside);
	struct name_dispute_message m = message_about(theirs, ours);

	struct inner_ends hidden = {.source_inside = hide_inside};

	name_disputes_tell(&disputes, &m, &hidden, 1);
	fclose(disputes.to);
}

static void
one_line_says_who_read_what(void)
{
	tell("two.example.org", "one.example.org", false);
	CU_ASSERT_STRING_EQUAL(
		text, "vigie: debug: names differ: 10.0.0.5 port 50000 to 93.184.216.34 port 443: "
		      "nDPI read 'two.example.org' (tls), vigie 'one.example.org'\n");
	tell("two.example.org", "", false);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "(tls), vigie none\n"));
}

static void
inside_addresses_can_be_hidden(void)
{
	tell("two.example.org", "", true);
	CU_ASSERT_PTR_NULL(strstr(text, "10.0.0.5"));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "a hidden address port 50000 to 93.184.216.34 port 443"));
}

static void
names_that_may_be_addresses_are_hidden_with_these(void)
{
	static const char *const names[] = {"10.0.0.66", "10.0.0.66:8080", "[::ffff:10.0.0.66]:443",
					    "10.0.0.66/x\n"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		tell(names[i], "one.example.org", true);
		CU_ASSERT_PTR_NULL(strstr(text, "10.0.0.66"));
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "read a hidden one (tls), vigie 'one.example"));
		tell("two.example.org", names[i], true);
		CU_ASSERT_PTR_NULL(strstr(text, "10.0.0.66"));
		tell(names[i], "one.example.org", false);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "10.0.0.66"));
	}
}

static void
odd_bytes_are_spelled_out(void)
{
	tell("two\x1b[31m\n", "", false);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "'two\\x1b[31m\\x0a'"));
}

static unsigned
lines(void)
{
	unsigned count = 0;

	for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
		count++;
	return count;
}

static void
a_minute_has_so_many_lines(void)
{
	struct name_disputes disputes = begin(false);
	struct name_dispute_message m = message_about("two.example.org", "");

	for (unsigned i = 0; i < NAME_DISPUTES_A_MINUTE + 5; i++)
		name_disputes_tell(&disputes, &m, &nothing, 7 * MINUTE + i);
	name_disputes_tell(&disputes, &m, &nothing, 8 * MINUTE);
	fclose(disputes.to);
	CU_ASSERT_EQUAL(lines(), NAME_DISPUTES_A_MINUTE + 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "vigie: debug: names differ in 5 more flows\n"));
}

static void
only_who_asks_is_told(void)
{
	static const struct {
		const char *value;
		bool asks;
	} rows[] = {{"names", true}, {"x,names", true}, {"names,x", true}, {"", false},
		    {"name", false}, {"namesx", false}, {"xnames", false}};

	unsetenv("VIGIE_DEBUG");
	CU_ASSERT_PTR_NULL(name_disputes_begin(false).to);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		setenv("VIGIE_DEBUG", rows[i].value, 1);
		struct name_disputes disputes = name_disputes_begin(false);
		CU_ASSERT_EQUAL(disputes.to != NULL, rows[i].asks);
	}
	unsetenv("VIGIE_DEBUG");
	struct name_disputes disputes = name_disputes_begin(false);
	struct name_dispute_message m = message_about("two.example.org", "");
	name_disputes_tell(&disputes, &m, &nothing, 1);
	CU_ASSERT_EQUAL(disputes.told, 0);
}

static const struct unit_case cases[] = {
	{"one_line_says_who_read_what", one_line_says_who_read_what},
	{"inside_addresses_can_be_hidden", inside_addresses_can_be_hidden},
	{"names_that_may_be_addresses_are_hidden_with_these",
	 names_that_may_be_addresses_are_hidden_with_these},
	{"odd_bytes_are_spelled_out", odd_bytes_are_spelled_out},
	{"a_minute_has_so_many_lines", a_minute_has_so_many_lines},
	{"only_who_asks_is_told", only_who_asks_is_told},
};

int
main(void)
{
	return unit_run("name_disputes", cases, sizeof(cases) / sizeof(*cases));
}
