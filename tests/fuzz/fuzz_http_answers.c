/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of receivers over HTTP: whatever they send, each parser says what it found within its
 * bounds, texts are clean, and nothing counts as taken that was not said to be. The first byte
 * chooses: 'h' HEC, 'a' its acknowledgements, 'b' _bulk, 'e' an error of Elasticsearch.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "dashboard-export/sinks/bulk_answer.h"
#include "dashboard-export/sinks/hec_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COUNT 3

static void
require(bool good)
{
	if (!good)
		abort();
}

static void
require_clean(const char *text, size_t size)
{
	uint32_t code_point;

	require(memchr(text, '\0', size) != NULL);
	while (*text != '\0') {
		size_t len = utf8_decode(text, strlen(text), &code_point);
		require(len > 0 && !utf8_is_unsafe(code_point));
		text += len;
	}
}

static void
try_hec(const char *body, size_t len)
{
	struct hec_answer answer;
	bool good = hec_answer_parse(body, len, &answer);

	require(good == (answer.code >= 0));
	require(good || (!answer.has_ack && !answer.has_invalid));
	require_clean(answer.text, sizeof(answer.text));
	require(!(hec_code_blames_event(answer.code) && hec_code_blames_settings(answer.code)));
}

static void
try_acks(const char *body, size_t len)
{
	struct hec_pending pending[COUNT] = {
		{.ack = 0}, {.ack = 1, .done = true}, {.ack = UINT64_MAX}};
	int fresh = hec_acks_parse(body, len, pending, COUNT);

	require(fresh >= -1 && fresh <= 2);
	require(pending[1].done);
	require(fresh < 0 ? !pending[0].done && !pending[2].done
			  : pending[0].done + pending[2].done == fresh);
}

static void
try_bulk(const char *body, size_t len)
{
	enum bulk_result results[COUNT];
	struct bulk_answer answer;
	size_t taken = 0;

	if (bulk_answer_parse(body, len, results, COUNT, &answer) == 0) {
		for (size_t i = 0; i < COUNT; i++) {
			require(results[i] <= BULK_RESULT_CREATE_ONLY);
			taken += results[i] == BULK_RESULT_TAKEN;
		}
		require(taken == answer.taken);
		require(answer.taken + answer.refused + answer.later == COUNT);
	}
	require_clean(answer.words, sizeof(answer.words));
}

static void
try_error(const char *body, size_t len)
{
	char words[160];

	(void)bulk_error_parse(body, len, words);
	require_clean(words, sizeof(words));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	size_t len = size - 1;
	/* Of its own, so that a byte read behind the end shows. */
	char *body = malloc(len > 0 ? len : 1);
	require(body != NULL);
	memcpy(body, data + 1, len);
	switch (data[0]) {
	case 'h':
		try_hec(body, len);
		break;
	case 'a':
		try_acks(body, len);
		break;
	case 'b':
		try_bulk(body, len);
		break;
	default:
		try_error(body, len);
		break;
	}
	free(body);
	return 0;
}
