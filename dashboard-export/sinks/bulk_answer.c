/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/bulk_answer.h"

#include "base/utf8.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* An object of one member, {"index": {...}} or {"create": {...}}: the member's value, or NULL. */
static json_t *
inner_of(json_t *item)
{
	void *member = json_object_iter(item);

	return member != NULL ? json_object_iter_value(member) : NULL;
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

/* Errors with status 400 that are the index's, whatever the document is. */
static bool
blames_index(const json_t *error)
{
	static const char *const types[] = {
		"index_closed_exception",
		"invalid_index_name_exception",
		"index_not_found_exception",
	};
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (strcmp(text_of(error, "type"), types[i]) == 0)
			return true;
	}
	return strstr(text_of(error, "reason"), "no write index") != NULL;
}

static bool
wants_create(const json_t *error)
{
	const char *reason = text_of(error, "reason");

	return strstr(reason, "op_type of create") != NULL && strstr(reason, "data stream") != NULL;
}

static enum bulk_result
result_of(json_int_t status, const json_t *error)
{
	if ((status >= 200 && status < 300) || status == 409)
		return BULK_RESULT_TAKEN;
	if (status == 401 || status == 403)
		return BULK_RESULT_DENIED;
	if (status == 404)
		return BULK_RESULT_INDEX;
	if (status < 400 || status >= 500 || status == 408 || status == 429)
		return BULK_RESULT_BUSY;
	if (wants_create(error))
		return BULK_RESULT_CREATE_ONLY;
	return blames_index(error) ? BULK_RESULT_INDEX : BULK_RESULT_REFUSED;
}

static void
tell(const json_t *error, char words[160])
{
	char text[512];
	const char *type = text_of(error, "type"), *reason = text_of(error, "reason");

	snprintf(text, sizeof(text), "%.96s%s%.400s", type, *type != '\0' ? ": " : "", reason);
	utf8_copy_clean(text, words, 160);
}

/* False: the item is no result. */
static bool
take_item(json_t *item, enum bulk_result *result, struct bulk_answer *out)
{
	const json_t *inner = inner_of(item);
	const json_t *status = json_object_get(inner, "status");
	const json_t *error = json_object_get(inner, "error");

	if (!json_is_integer(status))
		return false;
	*result = result_of(json_integer_value(status), error);
	switch (*result) {
	case BULK_RESULT_TAKEN:
		out->taken++;
		return true;
	case BULK_RESULT_REFUSED:
		out->refused++;
		break;
	default:
		out->later++;
		break;
	}
	if (out->words[0] == '\0')
		tell(error, out->words);
	return true;
}

int
bulk_answer_parse(const char *body, size_t len, enum bulk_result *results, size_t count,
		  struct bulk_answer *out)
{
	json_t *root = json_loadb(body, len, JSON_ALLOW_NUL, NULL);
	const json_t *items = json_object_get(root, "items");
	bool good = json_is_array(items) && json_array_size(items) == count;

	*out = (struct bulk_answer){0};
	for (size_t i = 0; i < count && good; i++)
		good = take_item(json_array_get(items, i), &results[i], out);
	json_decref(root);
	return good ? 0 : -EPROTO;
}

bool
bulk_error_parse(const char *body, size_t len, char words[160])
{
	json_t *root = json_loadb(body, len, JSON_ALLOW_NUL, NULL);
	const json_t *error = json_object_get(root, "error");
	bool good = json_is_object(error);

	words[0] = '\0';
	if (good)
		tell(error, words);
	json_decref(root);
	return good;
}
