/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/hec_answer.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

/* Codes of "Troubleshoot HTTP Event Collector" in Splunk's manual. */
enum hec_code {
	CODE_NO_DATA = 5,
	CODE_INVALID_FORMAT = 6,
	CODE_INCORRECT_INDEX = 7,
	CODE_NO_CHANNEL = 10,
	CODE_INVALID_CHANNEL = 11,
	CODE_NO_EVENT_FIELD = 12,
	CODE_BLANK_EVENT_FIELD = 13,
	CODE_ACK_DISABLED = 14,
	CODE_INDEXED_FIELDS = 15,
	CODE_NO_QUERY_AUTHORIZATION = 16,
};

bool
hec_code_blames_event(int code)
{
	return code == CODE_NO_DATA || code == CODE_INVALID_FORMAT || code == CODE_NO_EVENT_FIELD ||
	       code == CODE_BLANK_EVENT_FIELD || code == CODE_INDEXED_FIELDS;
}

bool
hec_code_blames_settings(int code)
{
	return code == CODE_INCORRECT_INDEX || code == CODE_NO_CHANNEL ||
	       code == CODE_INVALID_CHANNEL || code == CODE_ACK_DISABLED ||
	       code == CODE_NO_QUERY_AUTHORIZATION;
}

/* A count that is there, and no negative number. */
static bool
take_count(const json_t *object, const char *key, uint64_t *out)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return false;
	*out = (uint64_t)json_integer_value(value);
	return true;
}

bool
hec_answer_parse(const char *body, size_t len, struct hec_answer *out)
{
	json_t *root = json_loadb(body, len, JSON_ALLOW_NUL, NULL);
	uint64_t code, invalid;

	*out = (struct hec_answer){.code = -1};
	bool good = json_is_object(root) && take_count(root, "code", &code) && code <= INT32_MAX;
	if (good) {
		const char *text = json_string_value(json_object_get(root, "text"));
		out->code = (int)code;
		utf8_copy_clean(text != NULL ? text : "", out->text, sizeof(out->text));
		out->has_ack = take_count(root, "ackId", &out->ack);
		out->has_invalid = take_count(root, "invalid-event-number", &invalid);
		if (out->has_invalid)
			out->invalid = (size_t)invalid;
	}
	json_decref(root);
	return good;
}

int
hec_acks_parse(const char *body, size_t len, struct hec_pending *pending, size_t count)
{
	json_t *root = json_loadb(body, len, JSON_ALLOW_NUL, NULL);
	const json_t *acks = json_object_get(root, "acks");
	int fresh = json_is_object(acks) ? 0 : -1;

	for (size_t i = 0; i < count && fresh >= 0; i++) {
		char key[24];
		snprintf(key, sizeof(key), "%" PRIu64, pending[i].ack);
		if (!pending[i].done && json_is_true(json_object_get(acks, key))) {
			pending[i].done = true;
			fresh++;
		}
	}
	json_decref(root);
	return fresh;
}
