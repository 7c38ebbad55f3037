/* SPDX-License-Identifier: Apache-2.0 */
/* A file of alerts: whatever is in it, the answer holds together and every text is clean. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "dashboard-export/formats/alert_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PREFIX "001122"

static void
require_clean(const char *text)
{
	uint32_t code_point;

	while (text != NULL && *text != '\0') {
		size_t len = utf8_decode(text, strlen(text), &code_point);
		if (len == 0 || utf8_is_unsafe(code_point))
			abort();
		text += len;
	}
}

static void
require_words(const struct event_words *words)
{
	if (words->count > EVENT_WORDS_MAX)
		abort();
	for (size_t i = 0; i < words->count; i++)
		require_clean(words->words[i]);
}

static void
require_alert(const struct event *a)
{
	if (strncmp(a->id, PREFIX, strlen(PREFIX)) != 0 || strlen(a->id) != ALERT_ID_LEN ||
	    a->rule_id == NULL || a->message == NULL || !a->has_severity ||
	    a->step_count > EVENT_STEPS_MAX)
		abort();
	require_clean(a->rule_id);
	require_clean(a->message);
	require_clean(a->zone);
	require_clean(a->name);
	require_clean(a->source.ip);
	require_words(&a->evidence);
	require_words(&a->disagree);
	require_words(&a->flags);
	require_words(&a->names);
	require_words(&a->exceptions_of_part);
	require_words(&a->exceptions_ended);
	require_clean(a->evidence_name);
	for (size_t i = 0; i < a->step_count; i++) {
		require_clean(a->steps[i].step);
		require_clean(a->steps[i].before);
		require_clean(a->steps[i].after);
	}
}

static void
require_sound(enum alert_reader_result result, const struct alert_reader_answer *answer)
{
	if ((result == ALERT_READER_FAILED) != (answer->why[0] != '\0'))
		abort();
	if ((answer->passed_over != 0) != (answer->first_passed_over[0] != '\0'))
		abort();
	require_clean(answer->first_passed_over);
	if (result == ALERT_READER_FOUND && answer->count != 1)
		abort();
	if (result == ALERT_READER_NONE && answer->count != 0)
		abort();
	if (result == ALERT_READER_SEVERAL && answer->count < 2)
		abort();
	for (size_t i = 0; i < answer->count; i++)
		require_alert(&answer->alerts[i]->event);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct alert_reader_answer answer;
	char *copy = malloc(size > 0 ? size : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	/* fmemopen takes no empty buffer. */
	FILE *in = size > 0 ? fmemopen(copy, size, "r") : fopen("/dev/null", "r");
	if (in == NULL)
		abort();
	enum alert_reader_result result = alert_reader_find(in, "alerts.json", PREFIX, &answer);
	require_sound(result, &answer);
	alert_reader_answer_fini(&answer);
	fclose(in);
	free(copy);
	return 0;
}
