/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One small function a type, in a table; the rest walks a schema. Records may hold records: the
 * depth of that is the depth of our own static schemas, never of the file.
 */
#include "base/config_reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/config_value.h"
#include "base/country.h"
#include "base/ip_address.h"
#include "base/suggestion.h"
#include "base/time_zone.h"

/* Words that a message lists where none is near. */
#define WORDS_LISTED 12

struct reader {
	struct arena *arena;
	struct fault_list *faults;
};

/* Reads `node`, the value of `field` or one item of it, into the member at `target`. */
typedef void (*read_function)(const struct reader *reader, const struct config_field *field,
			      const struct config_node *node, void *target);

static void
out_of_memory(const struct reader *reader, const struct config_node *node)
{
	config_node_fault(node, reader->faults, "out of memory");
}

/* Text of a scalar with something in it; NULL after a fault. */
static const char *
scalar_text(const struct reader *reader, const struct config_field *field,
	    const struct config_node *node)
{
	if (config_node_kind(node) != CONFIG_KIND_SCALAR) {
		config_node_fault(node, reader->faults, "`%s` is a %s, expected one value",
				  field->key, config_kind_text(config_node_kind(node)));
		return NULL;
	}
	const char *text = config_node_text(node);
	if (*text == '\0') {
		config_node_fault(node, reader->faults, "`%s` is empty", field->key);
		return NULL;
	}
	return text;
}

static void
store_text(const struct reader *reader, const struct config_node *node, const char *text,
	   void *target)
{
	const char *copy = arena_copy_text(reader->arena, text, strlen(text));

	if (copy == NULL)
		out_of_memory(reader, node);
	*(const char **)target = copy;
}

static void
read_string(const struct reader *reader, const struct config_field *field,
	    const struct config_node *node, void *target)
{
	const char *text = scalar_text(reader, field, node);

	if (text != NULL)
		store_text(reader, node, text, target);
}

static void
read_bool(const struct reader *reader, const struct config_field *field,
	  const struct config_node *node, void *target)
{
	const char *text = scalar_text(reader, field, node);

	if (text == NULL)
		return;
	if (strcmp(text, "true") == 0)
		*(bool *)target = true;
	else if (strcmp(text, "false") == 0)
		*(bool *)target = false;
	else
		config_node_fault(node, reader->faults, "`%s` is `%s`, expected true or false",
				  field->key, text);
}

static void
read_uint(const struct reader *reader, const struct config_field *field,
	  const struct config_node *node, void *target)
{
	const char *text = scalar_text(reader, field, node);
	uint64_t value;

	if (text == NULL)
		return;
	if (config_value_parse_uint(text, &value) && value >= field->min && value <= field->max)
		*(uint64_t *)target = value;
	else
		config_node_fault(node, reader->faults,
				  "`%s` is `%s`, expected a whole number from %llu to %llu",
				  field->key, text, (unsigned long long)field->min,
				  (unsigned long long)field->max);
}

static void
read_size(const struct reader *reader, const struct config_field *field,
	  const struct config_node *node, void *target)
{
	const char *text = scalar_text(reader, field, node);
	char least[CONFIG_VALUE_TEXT_MAX];
	uint64_t value;

	if (text == NULL)
		return;
	if (!config_value_parse_size(text, &value)) {
		config_node_fault(node, reader->faults,
				  "`%s` is `%s`, expected bytes as in 512, 64KiB, 1MiB, 1GiB or "
				  "1TiB",
				  field->key, text);
	} else if (value < field->min) {
		config_value_format_size(field->min, least);
		config_node_fault(node, reader->faults, "`%s` is `%s`, expected at least %s",
				  field->key, text, least);
	} else {
		*(uint64_t *)target = value;
	}
}

static void
read_ratio(const struct reader *reader, const struct config_field *field,
	   const struct config_node *node, void *target)
{
	const char *text = scalar_text(reader, field, node);

	if (text != NULL && !config_value_parse_ratio(text, target))
		config_node_fault(node, reader->faults,
				  "`%s` is `%s`, expected a number from 0 to 1 with at most four "
				  "decimals, as in 0.6",
				  field->key, text);
}

static void
read_date(const struct reader *reader, const struct config_field *field,
	  const struct config_node *node, void *target)
{
	const char *text = scalar_text(reader, field, node);
	int32_t day;

	if (text == NULL)
		return;
	if (time_zone_parse_day(text, &day))
		store_text(reader, node, text, target);
	else
		config_node_fault(node, reader->faults,
				  "`%s` is `%s`, expected a date as in 2026-11-22", field->key,
				  text);
}

static void
read_country(const struct reader *reader, const struct config_field *field,
	     const struct config_node *node, void *target)
{
	const char *text = scalar_text(reader, field, node);

	if (text == NULL)
		return;
	if (country_is_assigned(text))
		store_text(reader, node, text, target);
	else
		config_node_fault(node, reader->faults,
				  "`%s` is `%s`, expected a country code of two capitals as in FR",
				  field->key, text);
}

/* Words of the field as "a, b, c", of long lists the beginning. */
static void
list_words(const struct config_field *field, char *out, size_t size)
{
	size_t len = 0;

	*out = '\0';
	for (unsigned value = 0; field->word(value) != NULL && len < size; value++) {
		const char *separator = value == 0 ? "" : ", ";
		if (value == WORDS_LISTED) {
			snprintf(out + len, size - len, "%s...", separator);
			return;
		}
		len += (size_t)snprintf(out + len, size - len, "%s%s", separator,
					field->word(value));
	}
}

static void
refuse_word(const struct reader *reader, const struct config_field *field,
	    const struct config_node *node, const char *text)
{
	const char *quote = field->noun != NULL ? "" : "`";
	const char *noun = field->noun != NULL ? field->noun : field->key;
	struct suggestion near = {.given = text};
	char words[512];

	for (unsigned value = 0; field->word(value) != NULL; value++)
		suggestion_offer(&near, field->word(value));
	if (near.word != NULL) {
		config_node_fault(node, reader->faults, "unknown %s%s%s `%s`: did you mean `%s`?",
				  quote, noun, quote, text, near.word);
		return;
	}
	list_words(field, words, sizeof(words));
	config_node_fault(node, reader->faults, "unknown %s%s%s `%s`, expected one of %s", quote,
			  noun, quote, text, words);
}

static void
read_word(const struct reader *reader, const struct config_field *field,
	  const struct config_node *node, void *target)
{
	const char *text = scalar_text(reader, field, node);

	if (text == NULL)
		return;
	for (unsigned value = 0; field->word(value) != NULL; value++) {
		if (strcmp(field->word(value), text) == 0) {
			*(unsigned *)target = value;
			return;
		}
	}
	refuse_word(reader, field, node, text);
}

/* Puts an array of `node`'s children count into `list`; false after a fault. */
static bool
begin_list(const struct reader *reader, const struct config_node *node, size_t item_size,
	   struct config_list *list)
{
	size_t count = config_node_kind(node) == CONFIG_KIND_SEQUENCE ? config_node_count(node) : 1;

	list->items = arena_alloc_array(reader->arena, count, item_size);
	list->count = list->items == NULL ? 0 : count;
	if (list->items == NULL)
		out_of_memory(reader, node);
	return list->items != NULL;
}

/* A list of values of `size` bytes each, or one alone. */
static void
read_values(const struct reader *reader, const struct config_field *field,
	    const struct config_node *node, struct config_list *list, size_t size,
	    read_function read)
{
	if (!begin_list(reader, node, size, list))
		return;
	char *item = list->items;
	if (config_node_kind(node) != CONFIG_KIND_SEQUENCE) {
		read(reader, field, node, item);
		return;
	}
	for (const struct config_node *c = config_node_first(node); c != NULL;
	     c = config_node_next(c), item += size)
		read(reader, field, c, item);
}

static void
read_strings(const struct reader *reader, const struct config_field *field,
	     const struct config_node *node, void *target)
{
	read_values(reader, field, node, target, sizeof(const char *), read_string);
}

static void
read_uints(const struct reader *reader, const struct config_field *field,
	   const struct config_node *node, void *target)
{
	struct config_list *list = target;
	size_t faults_before = reader->faults->count;

	read_values(reader, field, node, list, sizeof(uint64_t), read_uint);
	if (reader->faults->count != faults_before)
		list->count = 0;
}

static void
read_prefix(const struct reader *reader, const struct config_field *field,
	    const struct config_node *node, void *target)
{
	const char *text = config_node_text(node);
	int error = text == NULL ? -EINVAL : ip_prefix_parse(text, target);

	(void)field;
	if (error == -ERANGE)
		config_node_fault(node, reader->faults,
				  "`%s` has bits set behind its length, expected them to be zero",
				  text);
	else if (error != 0)
		config_node_fault(node, reader->faults,
				  "expected a prefix as in 198.51.100.0/24 or 2001:db8::/32");
}

/* What was no prefix is none for those either who look for more faults. */
static void
drop_unread(struct config_list *list)
{
	struct ip_prefix *prefixes = list->items;
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (prefixes[i].address.version != 0)
			prefixes[kept++] = prefixes[i];
	}
	list->count = kept;
}

static void
read_prefixes(const struct reader *reader, const struct config_field *field,
	      const struct config_node *node, void *target)
{
	struct config_list *list = target;

	if (config_node_kind(node) == CONFIG_KIND_MAPPING) {
		config_node_fault(node, reader->faults,
				  "`%s` is a mapping, expected a prefix or a list of prefixes",
				  field->key);
		return;
	}
	read_values(reader, field, node, list, sizeof(struct ip_prefix), read_prefix);
	drop_unread(list);
}

static void
read_record(const struct reader *reader, const struct config_field *field,
	    const struct config_node *node, void *target)
{
	const struct config_schema *schema = field->schema;
	void *record = arena_alloc(reader->arena, schema->size);

	if (record == NULL) {
		out_of_memory(reader, node);
		return;
	}
	if (schema->defaults != NULL)
		memcpy(record, schema->defaults, schema->size);
	config_read(node, schema, reader->arena, record, reader->faults);
	*(void **)target = record;
}

static void
read_records(const struct reader *reader, const struct config_field *field,
	     const struct config_node *node, void *target)
{
	const struct config_schema *schema = field->schema;
	struct config_list *list = target;

	if (config_node_kind(node) != CONFIG_KIND_SEQUENCE) {
		config_node_fault(node, reader->faults, "`%s` is a %s, expected a list", field->key,
				  config_kind_text(config_node_kind(node)));
		return;
	}
	if (!begin_list(reader, node, schema->size, list))
		return;
	char *item = list->items;
	for (const struct config_node *c = config_node_first(node); c != NULL;
	     c = config_node_next(c), item += schema->size) {
		if (schema->defaults != NULL)
			memcpy(item, schema->defaults, schema->size);
		config_read(c, schema, reader->arena, item, reader->faults);
	}
}

static void
read_node(const struct reader *reader, const struct config_field *field,
	  const struct config_node *node, void *target)
{
	(void)reader, (void)field;
	*(const struct config_node **)target = node;
}

static const read_function read_functions[] = {
	[CONFIG_STRING] = read_string, [CONFIG_BOOL] = read_bool,
	[CONFIG_UINT] = read_uint,     [CONFIG_SIZE] = read_size,
	[CONFIG_DATE] = read_date,     [CONFIG_COUNTRY] = read_country,
	[CONFIG_WORD] = read_word,     [CONFIG_STRINGS] = read_strings,
	[CONFIG_RECORD] = read_record, [CONFIG_RECORDS] = read_records,
	[CONFIG_NODE] = read_node,     [CONFIG_SELF] = read_node,
	[CONFIG_RATIO] = read_ratio,   [CONFIG_PREFIXES] = read_prefixes,
	[CONFIG_UINTS] = read_uints,
};

static void
read_field(const struct reader *reader, const struct config_field *field,
	   const struct config_node *node, void *record)
{
	read_functions[field->type](reader, field, node, (char *)record + field->offset);
}

static const struct config_field *
find_field(const struct config_schema *schema, const char *key)
{
	for (size_t i = 0; i < schema->field_count; i++) {
		const struct config_field *field = &schema->fields[i];
		if (field->type != CONFIG_SELF && strcmp(field->key, key) == 0)
			return field;
	}
	return NULL;
}

static void
refuse_unknown_key(const struct reader *reader, const struct config_schema *schema,
		   const struct config_node *node)
{
	const char *key = config_node_key(node);
	struct suggestion near = {.given = key};

	for (size_t i = 0; i < schema->field_count; i++) {
		if (schema->fields[i].type != CONFIG_SELF)
			suggestion_offer(&near, schema->fields[i].key);
	}
	if (near.word != NULL)
		config_node_key_fault(node, reader->faults, "unknown key `%s`: did you mean `%s`?",
				      key, near.word);
	else
		config_node_key_fault(node, reader->faults, "unknown key `%s` in %s", key,
				      schema->what);
}

/* Everything a mapping lacks; an empty value counts as absent. The short form is the first field
 * itself. */
static void
require_fields(const struct reader *reader, const struct config_schema *schema,
	       const struct config_node *node)
{
	size_t first = config_node_kind(node) == CONFIG_KIND_MAPPING ? 0 : 1;

	for (size_t i = first; i < schema->field_count; i++) {
		const struct config_field *field = &schema->fields[i];
		if (!field->required)
			continue;
		const struct config_node *value = config_node_find(node, field->key);
		if (value == NULL || config_node_is_null(value))
			config_node_fault(node, reader->faults, "%s lacks `%s`", schema->what,
					  field->key);
	}
}

static void
read_mapping(const struct reader *reader, const struct config_schema *schema,
	     const struct config_node *node, void *out)
{
	for (const struct config_node *c = config_node_first(node); c != NULL;
	     c = config_node_next(c)) {
		const struct config_field *field = find_field(schema, config_node_key(c));
		if (field == NULL)
			refuse_unknown_key(reader, schema, c);
		else if (!config_node_is_null(c))
			read_field(reader, field, c, out);
	}
}

bool
config_read(const struct config_node *node, const struct config_schema *schema, struct arena *arena,
	    void *out, struct fault_list *faults)
{
	const struct reader reader = {.arena = arena, .faults = faults};
	size_t faults_before = faults->count;

	for (size_t i = 0; i < schema->field_count; i++) {
		if (schema->fields[i].type == CONFIG_SELF)
			read_field(&reader, &schema->fields[i], node, out);
	}
	if (config_node_kind(node) == CONFIG_KIND_MAPPING) {
		read_mapping(&reader, schema, node, out);
	} else if (schema->short_form && config_node_kind(node) == CONFIG_KIND_SCALAR) {
		read_field(&reader, &schema->fields[0], node, out);
	} else {
		config_node_fault(node, faults, "%s is a %s, expected a mapping", schema->what,
				  config_kind_text(config_node_kind(node)));
		return false;
	}
	require_fields(&reader, schema, node);
	return faults->count == faults_before;
}
