/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/relp_frame.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct slice
text_slice(const char *text)
{
	return slice_of(text, strlen(text));
}

static bool
slice_equals(struct slice s, const char *text)
{
	return s.len == strlen(text) && (s.len == 0 || memcmp(s.data, text, s.len) == 0);
}

static void
frames_are_read(void)
{
	static const struct {
		const char *bytes;
		uint32_t txnr;
		const char *command, *data;
		size_t len;
	} rows[] = {
		{"2 rsp 6 200 OK\n3 rsp", 2, "rsp", "200 OK", 15},
		{"999999999 rsp 3 200\n", 999999999, "rsp", "200", 20},
		{"0 serverclose 0\n", 0, "serverclose", "", 16},
		{"0 serverclose 0 \n", 0, "serverclose", "", 17},
		{"000000001 rsp 000000002 \n\n\n", 1, "rsp", "\n\n", 27},
		{"1 abcdefghijklmnopqrstuvwxyzABCDEF 0\n", 1, "abcdefghijklmnopqrstuvwxyzABCDEF",
		 "", 37},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct relp_frame frame;
		struct slice bytes = text_slice(rows[i].bytes);
		CU_ASSERT_EQUAL(relp_frame_parse(bytes, &frame), PARSE_FOUND);
		CU_ASSERT_EQUAL(frame.txnr, rows[i].txnr);
		CU_ASSERT_TRUE(relp_frame_is(&frame, rows[i].command));
		CU_ASSERT_FALSE(relp_frame_is(&frame, "rs"));
		CU_ASSERT_TRUE(slice_equals(frame.data, rows[i].data));
		CU_ASSERT_EQUAL(frame.len, rows[i].len);
		for (size_t len = 0; len < rows[i].len; len++) {
			bytes.len = len;
			CU_ASSERT_EQUAL(relp_frame_parse(bytes, &frame), PARSE_NEED_MORE);
		}
	}
}

static void
what_is_no_frame_is_malformed(void)
{
	static const char *const rows[] = {
		" ",
		"x",
		"-1 rsp 0\n",
		"1  rsp 0\n",
		"0000000001 ",
		"1\trsp 0\n",
		"1 r5p 0\n",
		"1 rsp x\n",
		"1 rsp 6 200 OKX",
		"1 rsp 0  \n",
		"1 rsp 1000000000",
		"1 rsp 999999999 x",
		"1 rsp 16385 x",
		"1 rsp -1 \n",
		"\n",
		"1 rsp 5 200 OK\n",
		"1 rsp 0\r\n",
		"HTTP/1.1 400",
		"1 rsp\n",
		"1 abcdefghijklmnopqrstuvwxyzABCDEFG 0\n",
		"99999999999999999999 rsp 0\n",
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct relp_frame frame;
		CU_ASSERT_EQUAL(relp_frame_parse(text_slice(rows[i]), &frame), PARSE_MALFORMED);
	}
}

static void
the_longest_answer_is_read(void)
{
	size_t size = RELP_HEAD_MAX + RELP_ANSWER_MAX + 1;
	char *bytes = malloc(size);
	struct relp_frame frame;

	memset(bytes, 'x', size);
	int head = snprintf(bytes, size, "1 rsp %d ", RELP_ANSWER_MAX);
	bytes[head] = 'x';
	size_t len = (size_t)head + RELP_ANSWER_MAX + 1;
	bytes[len - 1] = '\n';
	CU_ASSERT_EQUAL(relp_frame_parse(slice_of(bytes, len), &frame), PARSE_FOUND);
	CU_ASSERT_EQUAL(frame.data.len, RELP_ANSWER_MAX);
	free(bytes);
}

static void
responses_have_a_code(void)
{
	static const struct {
		const char *data;
		bool good;
		unsigned code;
		const char *text, *further;
	} rows[] = {
		{"200 OK", true, 200, "OK", ""},
		{"200", true, 200, "", ""},
		{"500 \x1b[31m no\nx=1\ny=2", true, 500, "\x1b[31m no", "x=1\ny=2"},
		{"200\n\n", true, 200, "", "\n"},
		{"000 ", true, 0, "", ""},
		{"", false, 0, "", ""},
		{"20", false, 0, "", ""},
		{"20\n0", false, 0, "", ""},
		{"2000", false, 0, "", ""},
		{"OK 200", false, 0, "", ""},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct relp_response response;
		CU_ASSERT_EQUAL(relp_response_parse(text_slice(rows[i].data), &response),
				rows[i].good);
		if (!rows[i].good)
			continue;
		CU_ASSERT_EQUAL(response.code, rows[i].code);
		CU_ASSERT_TRUE(slice_equals(response.text, rows[i].text));
		CU_ASSERT_TRUE(slice_equals(response.further, rows[i].further));
	}
}

static void
offers_are_found_by_name(void)
{
	struct slice offers = text_slice("relp_version=0\nempty=\nbare\ncommands=syslog,eventlog"
					 "\nsyslog=a=b");
	struct slice value;

	CU_ASSERT_TRUE(relp_offer_find(offers, "relp_version", &value));
	CU_ASSERT_TRUE(slice_equals(value, "0"));
	CU_ASSERT_TRUE(relp_offer_find(offers, "empty", &value));
	CU_ASSERT_EQUAL(value.len, 0);
	CU_ASSERT_TRUE(relp_offer_find(offers, "bare", &value));
	CU_ASSERT_EQUAL(value.len, 0);
	CU_ASSERT_TRUE(relp_offer_find(offers, "syslog", &value));
	CU_ASSERT_TRUE(slice_equals(value, "a=b"));
	CU_ASSERT_FALSE(relp_offer_find(offers, "command", &value));
	CU_ASSERT_FALSE(relp_offer_find((struct slice){0}, "commands", &value));
	CU_ASSERT_TRUE_FATAL(relp_offer_find(offers, "commands", &value));
	CU_ASSERT_TRUE(relp_list_has(value, "syslog"));
	CU_ASSERT_TRUE(relp_list_has(value, "eventlog"));
	CU_ASSERT_FALSE(relp_list_has(value, "event"));
	CU_ASSERT_FALSE(relp_list_has(value, "log"));
	CU_ASSERT_FALSE(relp_list_has((struct slice){0}, "syslog"));
}

static void
heads_are_written(void)
{
	char out[RELP_HEAD_MAX + 1];

	CU_ASSERT_EQUAL(relp_frame_head(7, "syslog", 12, out), 12);
	CU_ASSERT_STRING_EQUAL(out, "7 syslog 12 ");
	CU_ASSERT_EQUAL(relp_frame_head(999999999, "close", 0, out), 17);
	CU_ASSERT_STRING_EQUAL(out, "999999999 close 0");
}

static void
transactions_begin_anew_behind_the_last(void)
{
	CU_ASSERT_EQUAL(relp_txnr_next(1), 2);
	CU_ASSERT_EQUAL(relp_txnr_next(RELP_TXNR_MAX), 1);
	CU_ASSERT_EQUAL(relp_txnr_distance(5, 5), 0);
	CU_ASSERT_EQUAL(relp_txnr_distance(5, 8), 3);
	CU_ASSERT_EQUAL(relp_txnr_distance(RELP_TXNR_MAX, 1), 1);
	CU_ASSERT_EQUAL(relp_txnr_distance(RELP_TXNR_MAX - 1, 3), 4);
	CU_ASSERT_EQUAL(relp_txnr_distance(6, 5), RELP_TXNR_MAX - 1);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"frames_are_read", frames_are_read},
		{"what_is_no_frame_is_malformed", what_is_no_frame_is_malformed},
		{"the_longest_answer_is_read", the_longest_answer_is_read},
		{"responses_have_a_code", responses_have_a_code},
		{"offers_are_found_by_name", offers_are_found_by_name},
		{"heads_are_written", heads_are_written},
		{"transactions_begin_anew_behind_the_last",
		 transactions_begin_anew_behind_the_last},
	};
	return unit_run("relp_frame", cases, sizeof(cases) / sizeof(*cases));
}
