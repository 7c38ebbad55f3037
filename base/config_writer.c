/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row a type: whether a member has a value to write, and how it follows its key. Records may
 * hold records: the depth of that is the depth of our own static schemas. Nodes are walked with a
 * stack of our own, as deep as a file may be.
 */
#include "base/config_writer.h"

#include <inttypes.h>
#include <string.h>

#include "base/config_quote.h"
#include "base/config_tree.h"
#include "base/config_value.h"
#include "base/ip_address.h"

#define STEP 2

/* YAML takes keys of 1,024 characters without a `?`; an escape makes at most three of a byte. */
#define PLAIN_KEY_MAX 300

struct writer {
	FILE *out;
	bool line_begun; /* behind a "- ", on whose line the first key stands */
};

static bool has_fields(const struct config_schema *schema, const void *record);
static void write_fields(struct writer *w, const struct config_schema *schema, const void *record,
			 unsigned indent);

static void
begin_line(struct writer *w, unsigned indent)
{
	if (!w->line_begun)
		fprintf(w->out, "%*s", (int)indent, "");
	w->line_begun = false;
}

/* A key and its colon; what follows begins with a space or a line feed. */
static void
write_key(struct writer *w, const char *key, unsigned indent)
{
	begin_line(w, indent);
	if (strlen(key) > PLAIN_KEY_MAX) {
		fputs("? ", w->out);
		config_quote_write(w->out, key);
		fprintf(w->out, "\n%*s:", (int)indent, "");
		return;
	}
	config_quote_write(w->out, key);
	fputc(':', w->out);
}

/* Each of these writes the value behind a key and ends the line. */

static void
write_string(struct writer *w, const struct config_field *field, const void *member,
	     unsigned indent)
{
	(void)field, (void)indent;
	fputc(' ', w->out);
	config_quote_write(w->out, *(const char *const *)member);
	fputc('\n', w->out);
}

static void
write_bool(struct writer *w, const struct config_field *field, const void *member, unsigned indent)
{
	(void)field, (void)indent;
	fputs(*(const bool *)member ? " true\n" : " false\n", w->out);
}

static void
write_uint(struct writer *w, const struct config_field *field, const void *member, unsigned indent)
{
	(void)field, (void)indent;
	fprintf(w->out, " %" PRIu64 "\n", *(const uint64_t *)member);
}

static void
write_size(struct writer *w, const struct config_field *field, const void *member, unsigned indent)
{
	char text[CONFIG_VALUE_TEXT_MAX];

	(void)field, (void)indent;
	config_value_format_size(*(const uint64_t *)member, text);
	fprintf(w->out, " %s\n", text);
}

static void
write_ratio(struct writer *w, const struct config_field *field, const void *member, unsigned indent)
{
	char text[CONFIG_VALUE_TEXT_MAX];

	(void)field, (void)indent;
	config_value_format_ratio(*(const uint64_t *)member, text);
	fprintf(w->out, " %s\n", text);
}

/* A day reads back as text here, and as a day elsewhere. */
static void
write_date(struct writer *w, const struct config_field *field, const void *member, unsigned indent)
{
	(void)field, (void)indent;
	fprintf(w->out, " %s\n", *(const char *const *)member);
}

static void
write_word(struct writer *w, const struct config_field *field, const void *member, unsigned indent)
{
	const char *word = field->word(*(const unsigned *)member);

	write_string(w, field, &word, indent);
}

static void
write_strings(struct writer *w, const struct config_field *field, const void *member,
	      unsigned indent)
{
	const struct config_list *list = member;
	const char *const *items = list->items;

	fputc('\n', w->out);
	for (size_t i = 0; i < list->count; i++) {
		begin_line(w, indent + STEP);
		fputc('-', w->out);
		write_string(w, field, &items[i], indent);
	}
}

static void
write_uints(struct writer *w, const struct config_field *field, const void *member, unsigned indent)
{
	const struct config_list *list = member;
	const uint64_t *items = list->items;

	fputc('\n', w->out);
	for (size_t i = 0; i < list->count; i++) {
		begin_line(w, indent + STEP);
		fputc('-', w->out);
		write_uint(w, field, &items[i], indent);
	}
}

static void
write_prefixes(struct writer *w, const struct config_field *field, const void *member,
	       unsigned indent)
{
	const struct config_list *list = member;
	const struct ip_prefix *items = list->items;

	(void)field;
	fputc('\n', w->out);
	for (size_t i = 0; i < list->count; i++) {
		char text[IP_ADDRESS_TEXT_MAX];
		ip_address_format(&items[i].address, text);
		/* A text that begins with a colon needs quotes; the length keeps it from the end.
		 */
		const char *quote = *text == ':' ? "\"" : "";
		begin_line(w, indent + STEP);
		fprintf(w->out, "- %s%s/%u%s\n", quote, text, items[i].bits, quote);
	}
}

static void
write_record(struct writer *w, const struct config_field *field, const void *member,
	     unsigned indent)
{
	const void *record = *(const void *const *)member;

	if (!has_fields(field->schema, record)) {
		fputs(" {}\n", w->out);
		return;
	}
	fputc('\n', w->out);
	write_fields(w, field->schema, record, indent + STEP);
}

static void
write_records(struct writer *w, const struct config_field *field, const void *member,
	      unsigned indent)
{
	const struct config_list *list = member;
	const char *record = list->items;

	fputc('\n', w->out);
	for (size_t i = 0; i < list->count; i++, record += field->schema->size) {
		begin_line(w, indent + STEP);
		if (!has_fields(field->schema, record)) {
			fputs("- {}\n", w->out);
			continue;
		}
		fputs("- ", w->out);
		w->line_begun = true;
		write_fields(w, field->schema, record, indent + 2 * STEP);
	}
}

/* The value of a node without children. */
static void
write_leaf(struct writer *w, const struct config_node *node)
{
	if (config_node_kind(node) == CONFIG_KIND_MAPPING) {
		fputs(" {}\n", w->out);
	} else if (config_node_kind(node) == CONFIG_KIND_SEQUENCE) {
		fputs(" []\n", w->out);
	} else if (config_node_is_null(node)) {
		fputs(" ~\n", w->out);
	} else {
		fputc(' ', w->out);
		config_quote_write(w->out, config_node_text(node));
		fputc('\n', w->out);
	}
}

/* A child of a node: of one with children what stands before the first of these. */
static void
write_child(struct writer *w, const struct config_node *node, unsigned indent)
{
	bool in_list = config_node_key(node) == NULL;

	if (in_list) {
		begin_line(w, indent);
		fputc('-', w->out);
	} else {
		write_key(w, config_node_key(node), indent);
	}
	if (config_node_first(node) == NULL) {
		write_leaf(w, node);
	} else {
		fputc(in_list ? ' ' : '\n', w->out);
		w->line_begun = in_list;
	}
}

static void
write_node(struct writer *w, const struct config_field *field, const void *member, unsigned indent)
{
	const struct config_node *above[CONFIG_TREE_DEPTH_MAX + 1];
	const struct config_node *node = *(const struct config_node *const *)member;
	unsigned depth = 0;

	(void)field;
	if (config_node_first(node) == NULL) {
		write_leaf(w, node);
		return;
	}
	fputc('\n', w->out);
	above[depth++] = node;
	for (node = config_node_first(node); depth > 0;) {
		write_child(w, node, indent + STEP * depth);
		if (config_node_first(node) != NULL) {
			above[depth++] = node;
			node = config_node_first(node);
			continue;
		}
		while (depth > 0 && config_node_next(node) == NULL)
			node = above[--depth];
		if (depth > 0)
			node = config_node_next(node);
	}
}

static bool
has_always(const struct config_field *field, const void *member)
{
	(void)field, (void)member;
	return true;
}

static bool
has_number(const struct config_field *field, const void *member)
{
	return !field->optional || *(const uint64_t *)member != CONFIG_NOT_GIVEN;
}

static bool
has_pointer(const struct config_field *field, const void *member)
{
	(void)field;
	return *(const void *const *)member != NULL;
}

static bool
has_items(const struct config_field *field, const void *member)
{
	(void)field;
	return ((const struct config_list *)member)->count != 0;
}

static bool
has_word(const struct config_field *field, const void *member)
{
	return field->word(*(const unsigned *)member) != NULL;
}

/* CONFIG_SELF has no row: it has no key. */
static const struct {
	bool (*has)(const struct config_field *field, const void *member);
	void (*write)(struct writer *w, const struct config_field *field, const void *member,
		      unsigned indent);
} types[] = {
	[CONFIG_STRING] = {has_pointer, write_string},
	[CONFIG_BOOL] = {has_always, write_bool},
	[CONFIG_UINT] = {has_number, write_uint},
	[CONFIG_SIZE] = {has_number, write_size},
	[CONFIG_RATIO] = {has_always, write_ratio},
	[CONFIG_DATE] = {has_pointer, write_date},
	[CONFIG_COUNTRY] = {has_pointer, write_string},
	[CONFIG_WORD] = {has_word, write_word},
	[CONFIG_STRINGS] = {has_items, write_strings},
	[CONFIG_UINTS] = {has_items, write_uints},
	[CONFIG_PREFIXES] = {has_items, write_prefixes},
	[CONFIG_RECORD] = {has_pointer, write_record},
	[CONFIG_RECORDS] = {has_items, write_records},
	[CONFIG_NODE] = {has_pointer, write_node},
};

static bool
is_written(const struct config_field *field, const void *record)
{
	return field->type != CONFIG_SELF &&
	       types[field->type].has(field, (const char *)record + field->offset);
}

static bool
has_fields(const struct config_schema *schema, const void *record)
{
	for (size_t i = 0; i < schema->field_count; i++) {
		if (is_written(&schema->fields[i], record))
			return true;
	}
	return false;
}

static void
write_fields(struct writer *w, const struct config_schema *schema, const void *record,
	     unsigned indent)
{
	for (size_t i = 0; i < schema->field_count; i++) {
		const struct config_field *field = &schema->fields[i];
		if (!is_written(field, record))
			continue;
		write_key(w, field->key, indent);
		types[field->type].write(w, field, (const char *)record + field->offset, indent);
	}
}

void
config_write(FILE *out, const struct config_schema *schema, const void *in, unsigned indent)
{
	struct writer writer = {.out = out};

	if (has_fields(schema, in))
		write_fields(&writer, schema, in, indent);
	else
		fprintf(out, "%*s{}\n", (int)indent, "");
}
