/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/origin_table.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "geo/lpm.h"
#include "geo/origin_table_format.h"
#include "geo/shown_text.h"

#define NO_TEXT 0

struct origin_table {
	struct named_bytes image;
	bool mapped;
	uint32_t as_source;
	struct slice texts;
	const struct origin_as_record *as_records;
	const struct origin_feed_record *feeds;
	const struct origin_feed_entry *entries;
	size_t as_count;
	size_t feed_count;
	size_t entry_count;
	struct lpm as_v4;
	struct lpm as_v6;
	struct lpm feed_v4;
	struct lpm feed_v6;
};

/* Returns NULL, or what is wrong with the header; `size` is that of the file. */
static const char *
header_fault(const struct origin_table_header *h, size_t size)
{
	struct slice hashed = slice_of(h, offsetof(struct origin_table_header, header_hash));

	if (memcmp(h->magic, ORIGIN_TABLE_MAGIC, sizeof(h->magic)) != 0)
		return "is no compiled origin table";
	if (h->byte_order != ORIGIN_TABLE_BYTE_ORDER)
		return "was compiled on a machine with another byte order; compile it here";
	if (h->format != ORIGIN_TABLE_FORMAT)
		return "has another format version; compile it again with this release";
	if (h->header_hash != origin_table_hash(hashed))
		return "is corrupt: the header does not agree with its hash";
	if (h->size != size)
		return "is truncated or has bytes behind its end";
	return NULL;
}

/* The section's bytes; an empty slice if it does not lie in the file or is no multiple of
 * `element`. */
static struct slice
section_of(const struct origin_table *t, const struct origin_table_header *h,
	   enum origin_section_id id, size_t element)
{
	const struct origin_section *s = &h->sections[id];
	size_t file = t->image.bytes.len;
	if (s->offset % ORIGIN_TABLE_ALIGNMENT != 0 || s->offset < sizeof(*h) || s->offset > file ||
	    s->size > file - s->offset || s->size % element != 0)
		return (struct slice){0};
	return slice_of(t->image.bytes.data + s->offset, s->size);
}

static int
open_prefix_tables(struct origin_table *t, const struct origin_table_header *h,
		   struct fault_list *faults)
{
	const struct {
		enum origin_section_id id;
		uint8_t version;
		struct lpm *out;
	} tables[] = {
		{ORIGIN_SECTION_AS_V4, 4, &t->as_v4},
		{ORIGIN_SECTION_AS_V6, 6, &t->as_v6},
		{ORIGIN_SECTION_FEED_V4, 4, &t->feed_v4},
		{ORIGIN_SECTION_FEED_V6, 6, &t->feed_v6},
	};
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct slice image = section_of(t, h, tables[i].id, LPM_ALIGNMENT);
		if (lpm_open(image, tables[i].version, t->image.name, tables[i].out, faults) != 0)
			return -EINVAL;
	}
	return 0;
}

static int
open_sections(struct origin_table *t, struct fault_list *faults)
{
	struct origin_table_header h;
	const char *why = "is shorter than the header of an origin table";
	if (t->image.bytes.len >= sizeof(h)) {
		memcpy(&h, t->image.bytes.data, sizeof(h));
		why = header_fault(&h, t->image.bytes.len);
	}
	if (why != NULL) {
		fault_list_add(faults, t->image.name, 0, 0, "%s", why);
		return -EINVAL;
	}

	t->texts = section_of(t, &h, ORIGIN_SECTION_TEXTS, 1);
	struct slice as = section_of(t, &h, ORIGIN_SECTION_AS, sizeof(*t->as_records));
	struct slice feeds = section_of(t, &h, ORIGIN_SECTION_FEEDS, sizeof(*t->feeds));
	struct slice entries = section_of(t, &h, ORIGIN_SECTION_ENTRIES, sizeof(*t->entries));
	/* With a NUL at its end every text of the section ends inside it. */
	if (t->texts.len == 0 || t->texts.data[t->texts.len - 1] != '\0' || as.data == NULL ||
	    feeds.data == NULL || entries.data == NULL) {
		fault_list_add(faults, t->image.name, 0, 0,
			       "is corrupt: a section does not lie in the file");
		return -EINVAL;
	}
	t->as_source = h.as_source;
	t->as_records = (const void *)as.data;
	t->feeds = (const void *)feeds.data;
	t->entries = (const void *)entries.data;
	t->as_count = as.len / sizeof(*t->as_records);
	t->feed_count = feeds.len / sizeof(*t->feeds);
	t->entry_count = entries.len / sizeof(*t->entries);
	return open_prefix_tables(t, &h, faults);
}

static struct origin_table *
open_image(const struct named_bytes *image, bool mapped, struct fault_list *faults)
{
	struct origin_table *t = calloc(1, sizeof(*t));
	if (t == NULL) {
		fault_list_add(faults, image->name, 0, 0, "cannot be opened: no memory");
		return NULL;
	}
	t->image = *image;
	if (open_sections(t, faults) != 0) {
		free(t);
		return NULL;
	}
	t->mapped = mapped;
	return t;
}

struct origin_table *
origin_table_open_bytes(const struct named_bytes *image, struct fault_list *faults)
{
	return open_image(image, false, faults);
}

struct origin_table *
origin_table_open(const char *path, struct fault_list *faults)
{
	struct named_bytes file;
	if (mapped_file_open(path, ORIGIN_TABLE_MAX_BYTES, &file, faults) != 0)
		return NULL;
	struct origin_table *t = open_image(&file, true, faults);
	if (t == NULL)
		mapped_file_close(&file);
	return t;
}

void
origin_table_close(struct origin_table *table)
{
	if (table == NULL)
		return;
	if (table->mapped)
		mapped_file_close(&table->image);
	free(table);
}

/* Writes the text at `offset`, NULL for none; false if the file breaks its word there. */
static bool
read_text(const struct origin_table *t, uint32_t offset, const char **text)
{
	*text = NULL;
	if (offset == NO_TEXT)
		return true;
	if (offset >= t->texts.len)
		return false;
	const uint8_t *at = t->texts.data + offset;
	size_t len = strnlen((const char *)at, SHOWN_TEXT_MAX);
	if (len == SHOWN_TEXT_MAX || !shown_text_is_clean(slice_of(at, len)))
		return false;
	*text = (const char *)at;
	return true;
}

/* Reads AS record `index`; false if the file breaks its word there. */
static bool
read_as(const struct origin_table *t, uint32_t index, struct origin_as *out)
{
	if (index >= t->as_count)
		return false;
	out->asn = t->as_records[index].asn;
	return read_text(t, t->as_records[index].org, &out->org) &&
	       read_text(t, t->as_source, &out->source);
}

/* Reads feed entry `index`, its prefix apart. */
static bool
read_entry_texts(const struct origin_table *t, const struct origin_feed_entry *entry,
		 struct origin_feed *out)
{
	if (entry->feed >= t->feed_count)
		return false;
	const struct origin_feed_record *feed = &t->feeds[entry->feed];
	return read_text(t, feed->id, &out->feed) && out->feed != NULL &&
	       read_text(t, feed->source, &out->source) &&
	       read_text(t, entry->service, &out->service) &&
	       read_text(t, entry->region, &out->region);
}

static bool
read_prefix(const struct origin_feed_entry *entry, struct ip_prefix *out)
{
	if ((entry->version != 4 && entry->version != 6) ||
	    entry->bits > (entry->version == 4 ? 32 : 128))
		return false;
	*out = (struct ip_prefix){.bits = entry->bits, .address.version = entry->version};
	memcpy(out->address.bytes, entry->address, entry->version == 4 ? 4 : 16);
	return true;
}

static bool
read_entry(const struct origin_table *t, uint32_t index, struct origin_feed *out)
{
	return index < t->entry_count && read_prefix(&t->entries[index], &out->prefix) &&
	       read_entry_texts(t, &t->entries[index], out);
}

enum lookup_answer
origin_table_find_as(const struct origin_table *table, const struct ip_address *address,
		     struct origin_as *out)
{
	uint32_t index;
	enum lookup_answer answer =
		lpm_lookup(address->version == 4 ? &table->as_v4 : &table->as_v6, address, &index);
	if (answer != LOOKUP_FOUND)
		return answer;
	return read_as(table, index, out) ? LOOKUP_FOUND : LOOKUP_CORRUPT;
}

enum lookup_answer
origin_table_find_feed(const struct origin_table *table, const struct ip_address *address,
		       struct origin_feed *out)
{
	uint32_t index;
	enum lookup_answer answer = lpm_lookup(
		address->version == 4 ? &table->feed_v4 : &table->feed_v6, address, &index);
	if (answer != LOOKUP_FOUND)
		return answer;
	if (!read_entry(table, index, out) || !ip_prefix_contains(&out->prefix, address))
		return LOOKUP_CORRUPT;
	return LOOKUP_FOUND;
}

static int
verify_records(const struct origin_table *t, struct fault_list *faults)
{
	for (uint32_t i = 0; i < t->as_count; i++) {
		struct origin_as as;
		if (!read_as(t, i, &as)) {
			fault_list_add(faults, t->image.name, 0, 0, "AS record %u is corrupt", i);
			return -EINVAL;
		}
	}
	for (uint32_t i = 0; i < t->entry_count; i++) {
		struct origin_feed feed;
		if (!read_entry(t, i, &feed)) {
			fault_list_add(faults, t->image.name, 0, 0, "feed entry %u is corrupt", i);
			return -EINVAL;
		}
	}
	return 0;
}

size_t
origin_table_entry_count(const struct origin_table *table)
{
	return table->entry_count;
}

int
origin_table_verify(const struct origin_table *table, struct fault_list *faults)
{
	const char *name = table->image.name;
	struct origin_table_header h;
	memcpy(&h, table->image.bytes.data, sizeof(h));
	struct slice body =
		slice_of(table->image.bytes.data + sizeof(h), table->image.bytes.len - sizeof(h));
	if (h.body_hash != origin_table_hash(body)) {
		fault_list_add(faults, name, 0, 0,
			       "is corrupt: the content does not agree with its hash");
		return -EINVAL;
	}
	if (lpm_verify(&table->as_v4, name, faults) != 0 ||
	    lpm_verify(&table->as_v6, name, faults) != 0 ||
	    lpm_verify(&table->feed_v4, name, faults) != 0 ||
	    lpm_verify(&table->feed_v6, name, faults) != 0)
		return -EINVAL;
	return verify_records(table, faults);
}
