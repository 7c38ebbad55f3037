/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operators' own formats that are JSON; the only file that knows jansson. AWS ip-ranges.json:
 *   {"createDate": "2026-08-22-15-17-05", "prefixes": [{"ip_prefix", "region", "service"}],
 *    "ipv6_prefixes": [{"ipv6_prefix", "region", "service"}]}
 * Google cloud.json:
 *   {"creationTime": "2025-07-24T19:16:28", "prefixes": [{"ipv4Prefix" | "ipv6Prefix", "service",
 * "scope"}]}
 */
#include "geo/ranges_parser.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* How the entries of one array are spelled. */
struct spelling {
	const char *array;
	const char *prefix;
	const char *other_prefix; /* the key of the other family in the same array, or NULL */
	const char *region;
};

struct document {
	const struct range_parse *p;
	const struct spelling *spelling;
};

/* AWS entries are collected first, because the entries of one prefix stand far apart. */
struct collected {
	struct range_entry *entries;
	size_t count;
	size_t room;
};

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

static void
entry_fault(const struct document *d, size_t index, const char *text, const char *why)
{
	unsigned line = text != NULL ? line_of(d->p, text) : 0;
	fault_list_add(d->p->faults, d->p->text->name, line, 0, "%s[%zu]: %s", d->spelling->array,
		       index, why);
}

static bool
read_text(const struct document *d, size_t index, const char *text)
{
	const char *why =
		text == NULL ? "expected texts for service and region" : range_text_fault(text);
	if (why != NULL)
		entry_fault(d, index, text, why);
	return why == NULL;
}

/* Reads one entry, whose texts stay in the tree; false with a fault if it is wrong. */
static bool
read_entry(const struct document *d, size_t index, const json_t *item, struct range_entry *entry)
{
	const char *prefix = json_string_value(json_object_get(item, d->spelling->prefix));
	if (prefix == NULL && d->spelling->other_prefix != NULL)
		prefix = json_string_value(json_object_get(item, d->spelling->other_prefix));
	if (prefix == NULL) {
		entry_fault(d, index, NULL, "expected an object with a prefix");
		return false;
	}
	const char *why = range_prefix_fault(prefix, &entry->prefix);
	if (why != NULL) {
		entry_fault(d, index, prefix, why);
		return false;
	}
	entry->service = json_string_value(json_object_get(item, "service"));
	entry->region = json_string_value(json_object_get(item, d->spelling->region));
	return read_text(d, index, entry->service) && read_text(d, index, entry->region);
}

static int
read_array(const struct document *d, const json_t *root, const struct range_sink *sink)
{
	const json_t *array = json_object_get(root, d->spelling->array);
	if (!json_is_array(array)) {
		fault_list_add(d->p->faults, d->p->text->name, 0, 0, "expected an array \"%s\"",
			       d->spelling->array);
		return 0;
	}
	for (size_t i = 0; i < json_array_size(array); i++) {
		struct range_entry entry;
		if (!read_entry(d, i, json_array_get(array, i), &entry))
			continue;
		int rc = sink->on_entry(sink->context, &entry);
		if (rc != 0)
			return rc;
	}
	return 0;
}

/* Returns the tree, to be given back with json_decref; NULL with a fault. */
static json_t *
load_tree(const struct range_parse *p, const char *source, const char *date_key)
{
	json_error_t error;
	json_t *root = json_loadb((const char *)p->text->bytes.data, p->text->bytes.len,
				  JSON_REJECT_DUPLICATES, &error);
	if (root == NULL) {
		fault_list_add(p->faults, p->text->name, error.line > 0 ? (unsigned)error.line : 0,
			       error.column > 0 ? (unsigned)error.column : 0, "%s", error.text);
		return NULL;
	}
	const char *date = json_string_value(json_object_get(root, date_key));
	if (date == NULL || !range_date_parse(date, p->about->date))
		fault_list_add(p->faults, p->text->name, date != NULL ? line_of(p, date) : 0, 0,
			       "expected \"%s\" with a date", date_key);
	memcpy(p->about->source, source, strlen(source) + 1);
	return root;
}

static int
collect(void *context, const struct range_entry *entry)
{
	struct collected *all = context;
	if (all->count == all->room) {
		size_t room = all->room == 0 ? 1024 : all->room * 2;
		struct range_entry *grown = reallocarray(all->entries, room, sizeof(*grown));
		if (grown == NULL)
			return -ENOMEM;
		all->entries = grown;
		all->room = room;
	}
	all->entries[all->count++] = *entry;
	return 0;
}

/* AMAZON is every address of theirs, EC2 whatever runs on rented machines, services of AWS
 * included. */
static int
generality(const char *service)
{
	if (strcmp(service, "AMAZON") == 0)
		return 2;
	return strcmp(service, "EC2") == 0;
}

static int
compare_prefixes(const struct ip_prefix *a, const struct ip_prefix *b)
{
	if (a->address.version != b->address.version)
		return a->address.version < b->address.version ? -1 : 1;
	int order = memcmp(a->address.bytes, b->address.bytes, sizeof(a->address.bytes));
	return order != 0 ? order : (int)a->bits - (int)b->bits;
}

/* By prefix; within one the entry that is to be handed on comes first. */
static int
compare_entries(const void *left, const void *right)
{
	const struct range_entry *a = left, *b = right;
	int order = compare_prefixes(&a->prefix, &b->prefix);
	if (order == 0)
		order = generality(a->service) - generality(b->service);
	if (order == 0)
		order = strcmp(a->service, b->service);
	return order != 0 ? order : strcmp(a->region, b->region);
}

static int
hand_on_one_a_prefix(const struct collected *all, const struct range_sink *sink)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct range_entry *entry = &all->entries[i];
		if (i > 0 && compare_prefixes(&entry->prefix, &entry[-1].prefix) == 0)
			continue;
		int rc = sink->on_entry(sink->context, entry);
		if (rc != 0)
			return rc;
	}
	return 0;
}

int
range_parse_aws_json(const struct range_parse *p)
{
	static const struct spelling v4 = {"prefixes", "ip_prefix", NULL, "region"};
	static const struct spelling v6 = {"ipv6_prefixes", "ipv6_prefix", NULL, "region"};
	json_t *root = load_tree(p, "AWS ip-ranges.json", "createDate");
	if (root == NULL)
		return 0;

	struct collected all = {0};
	struct range_sink collector = {.on_entry = collect, .context = &all};
	int rc = read_array(&(struct document){p, &v4}, root, &collector);
	if (rc == 0)
		rc = read_array(&(struct document){p, &v6}, root, &collector);
	if (rc == 0 && all.count > 0) {
		qsort(all.entries, all.count, sizeof(*all.entries), compare_entries);
		rc = hand_on_one_a_prefix(&all, p->sink);
	}
	free(all.entries);
	json_decref(root);
	return rc;
}

int
range_parse_google_json(const struct range_parse *p)
{
	static const struct spelling both = {"prefixes", "ipv4Prefix", "ipv6Prefix", "scope"};
	json_t *root = load_tree(p, "Google cloud.json", "creationTime");
	if (root == NULL)
		return 0;
	int rc = read_array(&(struct document){p, &both}, root, p->sink);
	json_decref(root);
	return rc;
}
