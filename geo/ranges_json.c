/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/ranges_json.h"

#include <string.h>

#include <jansson.h>

/*
 * The tree keeps no line numbers, so the line of a bad text is that where it first stands between
 * quotes; 0 if it is spelled with escapes, or when its fault will not be kept anyway.
 */
static unsigned
line_of(const struct range_parse *p, const char *text)
{
	struct slice all = p->text->bytes;
	char quoted[256];
	size_t len = strlen(text);
	if (len + 2 > sizeof(quoted) || p->faults->count >= FAULT_LIST_MAX)
		return 0;
	quoted[0] = '"';
	memcpy(quoted + 1, text, len);
	quoted[len + 1] = '"';
	const uint8_t *found = memmem(all.data, all.len, quoted, len + 2);
	if (found == NULL)
		return 0;
	unsigned line = 1;
	for (const uint8_t *at = all.data; at < found; at++)
		line += *at == '\n';
	return line;
}

bool
range_json_open(const struct range_parse *p, const char *source, struct range_document *d)
{
	json_error_t error;
	*d = (struct range_document){.p = p};
	d->root = json_loadb((const char *)p->text->bytes.data, p->text->bytes.len,
			     JSON_REJECT_DUPLICATES, &error);
	if (d->root == NULL) {
		fault_list_add(p->faults, p->text->name, error.line > 0 ? (unsigned)error.line : 0,
			       error.column > 0 ? (unsigned)error.column : 0, "%s", error.text);
		return false;
	}
	memcpy(p->about->source, source, strlen(source) + 1);
	return true;
}

void
range_json_close(struct range_document *d)
{
	json_decref(d->root);
	d->root = NULL;
}

void
range_json_take_date(const struct range_document *d, const char *key)
{
	const struct range_parse *p = d->p;
	const char *date = json_string_value(json_object_get(d->root, key));
	if (date == NULL || !range_date_parse(date, p->about->date))
		fault_list_add(p->faults, p->text->name, date != NULL ? line_of(p, date) : 0, 0,
			       "expected \"%s\" with a date", key);
}

const struct json_t *
range_json_array(const struct range_document *d, const struct json_t *object, const char *key)
{
	const json_t *array = json_object_get(object, key);
	if (json_is_array(array))
		return array;
	fault_list_add(d->p->faults, d->p->text->name, 0, 0, "expected an array \"%s\"", key);
	return NULL;
}

void
range_json_fault(const struct range_document *d, struct range_place place, const char *near,
		 const char *why)
{
	unsigned line = near != NULL ? line_of(d->p, near) : 0;
	fault_list_add(d->p->faults, d->p->text->name, line, 0, "%s[%zu]: %s", place.array,
		       place.index, why);
}

bool
range_json_check_text(const struct range_document *d, struct range_place place, const char *text)
{
	const char *why = range_text_fault(text);
	if (why != NULL)
		range_json_fault(d, place, text, why);
	return why == NULL;
}

bool
range_json_read_prefix(const struct range_document *d, struct range_place place,
		       const struct json_t *value, struct ip_prefix *prefix)
{
	const char *text = json_string_value(value);
	const char *why = text == NULL ? "expected a prefix" : range_prefix_fault(text, prefix);
	if (why != NULL)
		range_json_fault(d, place, text, why);
	return why == NULL;
}
