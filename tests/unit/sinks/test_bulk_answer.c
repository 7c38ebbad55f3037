/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/bulk_answer.h"

#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static enum bulk_result results[4];
static struct bulk_answer answer;

static int
parse(const char *body, size_t count)
{
	return bulk_answer_parse(body, strlen(body), results, count, &answer);
}

/* Answers as Elasticsearch 7 to 9 and OpenSearch 2 write them. */
static void
every_document_has_its_result(void)
{
	static const struct {
		const char *item;
		enum bulk_result result;
	} rows[] = {
		{"{\"index\":{\"status\":201}}", BULK_RESULT_TAKEN},
		{"{\"create\":{\"status\":200}}", BULK_RESULT_TAKEN},
		{"{\"index\":{\"status\":409,\"error\":{\"type\":\"version_conflict_engine_"
		 "exception\"}}}",
		 BULK_RESULT_TAKEN},
		{"{\"index\":{\"status\":429,\"error\":{\"type\":\"es_rejected_execution_"
		 "exception\"}}}",
		 BULK_RESULT_BUSY},
		{"{\"index\":{\"status\":503,\"error\":{\"type\":\"unavailable_shards_"
		 "exception\"}}}",
		 BULK_RESULT_BUSY},
		{"{\"index\":{\"status\":400,\"error\":{\"type\":\"document_parsing_exception\","
		 "\"reason\":\"failed to parse field [x]\"}}}",
		 BULK_RESULT_REFUSED},
		{"{\"index\":{\"status\":413}}", BULK_RESULT_REFUSED},
		{"{\"index\":{\"status\":400,\"error\":{\"type\":\"index_closed_exception\"}}}",
		 BULK_RESULT_INDEX},
		{"{\"index\":{\"status\":404,\"error\":{\"type\":\"index_not_found_exception\"}}}",
		 BULK_RESULT_INDEX},
		{"{\"index\":{\"status\":400,\"error\":{\"type\":\"illegal_argument_exception\","
		 "\"reason\":\"no write index is defined for alias [a]\"}}}",
		 BULK_RESULT_INDEX},
		{"{\"index\":{\"status\":400,\"error\":{\"type\":\"illegal_argument_exception\","
		 "\"reason\":\"only write ops with an op_type of create are allowed in data "
		 "streams\"}}}",
		 BULK_RESULT_CREATE_ONLY},
		{"{\"index\":{\"status\":403,\"error\":{\"type\":\"security_exception\"}}}",
		 BULK_RESULT_DENIED},
		{"{\"index\":{\"status\":-1}}", BULK_RESULT_BUSY},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char body[512];
		snprintf(body, sizeof(body), "{\"took\":3,\"errors\":true,\"items\":[%s]}",
			 rows[i].item);
		CU_ASSERT_EQUAL(parse(body, 1), 0);
		CU_ASSERT_EQUAL(results[0], rows[i].result);
		CU_ASSERT_EQUAL(answer.taken + answer.refused + answer.later, 1);
	}
}

static void
the_first_error_is_told(void)
{
	CU_ASSERT_EQUAL(parse("{\"items\":[{\"index\":{\"status\":201}},"
			      "{\"index\":{\"status\":400,\"error\":{\"type\":\"a\",\"reason\":"
			      "\"b\\u001b[2J\"}}},"
			      "{\"index\":{\"status\":429,\"error\":{\"type\":\"c\"}}}]}",
			      3),
			0);
	CU_ASSERT_STRING_EQUAL(answer.words, "a: b\xef\xbf\xbd[2J");
	CU_ASSERT_EQUAL(answer.taken, 1);
	CU_ASSERT_EQUAL(answer.refused, 1);
	CU_ASSERT_EQUAL(answer.later, 1);
}

static void
other_answers_say_nothing(void)
{
	static const char *const bodies[] = {
		"",
		"{}",
		"[]",
		"{\"items\":{}}",
		"{\"items\":[]}",
		"{\"items\":[{\"index\":{\"status\":201}},{\"index\":{\"status\":201}}]}",
		"{\"items\":[{\"index\":{\"status\":\"201\"}}]}",
		"{\"items\":[201]}",
		"{\"items\":[{}]}",
		"{\"errors\":false}",
	};
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++)
		CU_ASSERT_EQUAL(parse(bodies[i], 1), -EPROTO);
}

static void
errors_of_a_request_are_told(void)
{
	char words[160];
	static const char body[] =
		"{\"error\":{\"type\":\"security_exception\",\"reason\":\"missing"
		" authentication credentials\"},\"status\":401}";

	CU_ASSERT_TRUE(bulk_error_parse(body, sizeof(body) - 1, words));
	CU_ASSERT_STRING_EQUAL(words, "security_exception: missing authentication credentials");
	CU_ASSERT_FALSE(bulk_error_parse("{\"error\":\"x\"}", 13, words));
	CU_ASSERT_FALSE(bulk_error_parse("<html>", 6, words));
	CU_ASSERT_STRING_EQUAL(words, "");
}

static const struct unit_case cases[] = {
	{"every_document_has_its_result", every_document_has_its_result},
	{"the_first_error_is_told", the_first_error_is_told},
	{"other_answers_say_nothing", other_answers_say_nothing},
	{"errors_of_a_request_are_told", errors_of_a_request_are_told},
};

int
main(void)
{
	return unit_run("bulk_answer", cases, sizeof(cases) / sizeof(*cases));
}
