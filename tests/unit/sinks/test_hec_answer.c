/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/hec_answer.h"

#include "tests/unit/unit.h"

#include <string.h>

static void
answers_are_read(void)
{
	static const struct {
		const char *body;
		bool good;
		struct hec_answer answer;
	} rows[] = {
		{"{\"text\":\"Success\",\"code\":0}", true, {.code = 0, .text = "Success"}},
		{"{\"text\":\"Success\",\"code\":0,\"ackId\":7}",
		 true,
		 {.code = 0, .text = "Success", .has_ack = true, .ack = 7}},
		{"{\"text\":\"Invalid data format\",\"code\":6,\"invalid-event-number\":3}",
		 true,
		 {.code = 6, .text = "Invalid data format", .has_invalid = true, .invalid = 3}},
		{"{\"code\":0,\"ackId\":-1}", true, {.code = 0}},
		{"{\"code\":0,\"ackId\":\"7\"}", true, {.code = 0}},
		{"{\"code\":9,\"text\":\"a\\u001b[2Jb\\u0000c\"}",
		 true,
		 {.code = 9, .text = "a\xef\xbf\xbd[2Jb"}},
		{"{\"text\":\"Success\"}", false, {.code = -1}},
		{"{\"code\":\"0\"}", false, {.code = -1}},
		{"{\"code\":99999999999}", false, {.code = -1}},
		{"[0]", false, {.code = -1}},
		{"<html>", false, {.code = -1}},
		{"", false, {.code = -1}},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct hec_answer got;
		CU_ASSERT_EQUAL(hec_answer_parse(rows[i].body, strlen(rows[i].body), &got),
				rows[i].good);
		CU_ASSERT_EQUAL(got.code, rows[i].answer.code);
		CU_ASSERT_STRING_EQUAL(got.text, rows[i].answer.text);
		CU_ASSERT_EQUAL(got.has_ack, rows[i].answer.has_ack);
		CU_ASSERT_EQUAL(got.ack, rows[i].answer.ack);
		CU_ASSERT_EQUAL(got.has_invalid, rows[i].answer.has_invalid);
		CU_ASSERT_EQUAL(got.invalid, rows[i].answer.invalid);
	}
}

static int
ask(const char *body, struct hec_pending *pending)
{
	return hec_acks_parse(body, strlen(body), pending, 3);
}

static void
only_what_is_true_is_indexed(void)
{
	struct hec_pending pending[3] = {{.ack = 0}, {.ack = 1}, {.ack = 12}};

	CU_ASSERT_EQUAL(ask("{\"acks\":{\"0\":false,\"1\":true,\"99\":true}}", pending), 1);
	CU_ASSERT_FALSE(pending[0].done);
	CU_ASSERT_TRUE(pending[1].done);
	CU_ASSERT_EQUAL(ask("{\"acks\":{\"0\":\"true\",\"1\":false,\"12\":1}}", pending), 0);
	CU_ASSERT_FALSE(pending[0].done);
	CU_ASSERT_TRUE(pending[1].done);
	CU_ASSERT_EQUAL(ask("{\"acks\":{\"0\":true,\"1\":true,\"12\":true}}", pending), 2);
	CU_ASSERT_TRUE(pending[2].done);
	CU_ASSERT_EQUAL(ask("{\"acks\":[true]}", pending), -1);
	CU_ASSERT_EQUAL(ask("{}", pending), -1);
	CU_ASSERT_EQUAL(ask("nothing", pending), -1);
}

static const struct unit_case cases[] = {
	{"answers_are_read", answers_are_read},
	{"only_what_is_true_is_indexed", only_what_is_true_is_indexed},
};

int
main(void)
{
	return unit_run("hec_answer", cases, sizeof(cases) / sizeof(*cases));
}
