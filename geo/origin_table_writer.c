/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/origin_table_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "geo/blob_pool.h"
#include "geo/lpm_builder.h"
#include "geo/origin_table.h"
#include "geo/origin_table_format.h"

struct origin_table_writer {
	struct blob_pool texts;
	struct blob_pool as_records;
	uint32_t as_source;
	struct origin_feed_record feeds[64]; /* far more than lists are known */
	size_t feed_count;
	struct origin_feed_entry *entries;
	uint32_t entry_count;
	uint32_t entry_room;
	struct lpm_builder *as_v4;
	struct lpm_builder *as_v6;
	struct lpm_builder *feed_v4;
	struct lpm_builder *feed_v6;
};

/* One section while the file is put together. */
struct piece {
	const void *bytes;
	size_t size;
};

struct origin_table_writer *
origin_table_writer_create(void)
{
	struct origin_table_writer *w = calloc(1, sizeof(*w));
	uint32_t none;
	if (w == NULL)
		return NULL;
	w->as_v4 = lpm_builder_create(4);
	w->as_v6 = lpm_builder_create(6);
	w->feed_v4 = lpm_builder_create(4);
	w->feed_v6 = lpm_builder_create(6);
	/* The empty text comes first: offset 0 says "none". */
	if (w->as_v4 == NULL || w->as_v6 == NULL || w->feed_v4 == NULL || w->feed_v6 == NULL ||
	    blob_pool_intern(&w->texts, "", 1, &none) != 0) {
		origin_table_writer_destroy(w);
		return NULL;
	}
	return w;
}

void
origin_table_writer_destroy(struct origin_table_writer *writer)
{
	if (writer == NULL)
		return;
	blob_pool_fini(&writer->texts);
	blob_pool_fini(&writer->as_records);
	free(writer->entries);
	lpm_builder_destroy(writer->as_v4);
	lpm_builder_destroy(writer->as_v6);
	lpm_builder_destroy(writer->feed_v4);
	lpm_builder_destroy(writer->feed_v6);
	free(writer);
}

static int
intern_text(struct origin_table_writer *w, const char *text, uint32_t *offset)
{
	const char *kept = text != NULL ? text : "";
	return blob_pool_intern(&w->texts, kept, strlen(kept) + 1, offset);
}

int
origin_table_writer_set_as_source(struct origin_table_writer *writer, const char *source)
{
	return intern_text(writer, source, &writer->as_source);
}

int
origin_table_writer_add_as(struct origin_table_writer *writer, const struct asn_row *row)
{
	struct origin_as_record record = {.asn = row->asn};
	uint32_t offset;
	int rc = intern_text(writer, row->org, &record.org);
	if (rc == 0)
		rc = blob_pool_intern(&writer->as_records, &record, sizeof(record), &offset);
	if (rc != 0)
		return rc;
	struct lpm_builder *to = row->first.version == 4 ? writer->as_v4 : writer->as_v6;
	return lpm_builder_add_range(to, &row->first, &row->last,
				     offset / (uint32_t)sizeof(record));
}

int
origin_table_writer_add_feed(struct origin_table_writer *writer, const char *id, const char *source)
{
	if (writer->feed_count == sizeof(writer->feeds) / sizeof(*writer->feeds))
		return -E2BIG;
	struct origin_feed_record *feed = &writer->feeds[writer->feed_count];
	int rc = intern_text(writer, id, &feed->id);
	if (rc == 0)
		rc = intern_text(writer, source, &feed->source);
	if (rc == 0)
		writer->feed_count++;
	return rc;
}

static int
make_room(struct origin_table_writer *w)
{
	if (w->entry_count < w->entry_room)
		return 0;
	uint32_t room = w->entry_room == 0 ? 1024 : w->entry_room * 2;
	struct origin_feed_entry *grown = reallocarray(w->entries, room, sizeof(*grown));
	if (grown == NULL)
		return -ENOMEM;
	w->entries = grown;
	w->entry_room = room;
	return 0;
}

int
origin_table_writer_add_entry(struct origin_table_writer *writer, const struct range_entry *entry)
{
	if (writer->feed_count == 0)
		return -EINVAL;
	const struct ip_prefix *prefix = &entry->prefix;
	struct origin_feed_entry kept = {.version = prefix->address.version,
					 .bits = prefix->bits,
					 .feed = (uint16_t)(writer->feed_count - 1)};
	memcpy(kept.address, prefix->address.bytes, sizeof(kept.address));

	int rc = make_room(writer);
	if (rc == 0)
		rc = intern_text(writer, entry->service, &kept.service);
	if (rc == 0)
		rc = intern_text(writer, entry->region, &kept.region);
	if (rc == 0)
		rc = lpm_builder_add_prefix(kept.version == 4 ? writer->feed_v4 : writer->feed_v6,
					    prefix, writer->entry_count);
	if (rc == 0)
		writer->entries[writer->entry_count++] = kept;
	return rc;
}

/* Puts header and pieces together. */
static int
assemble(const struct origin_table_writer *w, const struct piece pieces[ORIGIN_SECTIONS],
	 void **image, size_t *size)
{
	struct origin_table_header h = {.format = ORIGIN_TABLE_FORMAT,
					.byte_order = ORIGIN_TABLE_BYTE_ORDER,
					.as_source = w->as_source,
					.size = sizeof(h)};
	memcpy(h.magic, ORIGIN_TABLE_MAGIC, sizeof(h.magic));
	for (int i = 0; i < ORIGIN_SECTIONS; i++) {
		h.sections[i] = (struct origin_section){.offset = h.size, .size = pieces[i].size};
		h.size += pieces[i].size;
		h.size += -h.size % ORIGIN_TABLE_ALIGNMENT;
	}
	if (h.size > ORIGIN_TABLE_MAX_BYTES)
		return -E2BIG;
	uint8_t *bytes = calloc(1, h.size);
	if (bytes == NULL)
		return -ENOMEM;

	for (int i = 0; i < ORIGIN_SECTIONS; i++)
		if (pieces[i].size > 0)
			memcpy(bytes + h.sections[i].offset, pieces[i].bytes, pieces[i].size);
	h.body_hash = origin_table_hash(slice_of(bytes + sizeof(h), h.size - sizeof(h)));
	h.header_hash =
		origin_table_hash(slice_of(&h, offsetof(struct origin_table_header, header_hash)));
	memcpy(bytes, &h, sizeof(h));
	*image = bytes;
	*size = h.size;
	return 0;
}

int
origin_table_writer_finish(struct origin_table_writer *writer, void **image, size_t *size)
{
	struct lpm_builder *const builders[] = {writer->as_v4, writer->as_v6, writer->feed_v4,
						writer->feed_v6};
	void *tables[4] = {NULL};
	struct piece pieces[ORIGIN_SECTIONS] = {
		[ORIGIN_SECTION_TEXTS] = {writer->texts.bytes, writer->texts.len},
		[ORIGIN_SECTION_AS] = {writer->as_records.bytes, writer->as_records.len},
		[ORIGIN_SECTION_FEEDS] = {writer->feeds,
					  writer->feed_count * sizeof(*writer->feeds)},
		[ORIGIN_SECTION_ENTRIES] = {writer->entries,
					    writer->entry_count * sizeof(*writer->entries)},
	};
	int rc = 0;
	for (int i = 0; i < 4 && rc == 0; i++) {
		struct piece *piece = &pieces[ORIGIN_SECTION_AS_V4 + i];
		rc = lpm_builder_finish(builders[i], &tables[i], &piece->size);
		piece->bytes = tables[i];
	}
	if (rc == 0)
		rc = assemble(writer, pieces, image, size);
	for (int i = 0; i < 4; i++)
		free(tables[i]);
	return rc;
}

static int
write_all(int fd, const uint8_t *bytes, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, bytes, size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		bytes += written;
		size -= (size_t)written;
	}
	return fsync(fd) == 0 ? 0 : -errno;
}

/* The rename itself is on the disk only when its folder is. */
static int
sync_folder_of(const char *path)
{
	char copy[PATH_MAX];
	if ((size_t)snprintf(copy, sizeof(copy), "%s", path) >= sizeof(copy))
		return -ENAMETOOLONG;
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int rc = fsync(fd) == 0 ? 0 : -errno;
	close(fd);
	return rc;
}

int
origin_table_save(const char *path, const void *image, size_t size)
{
	char beside[PATH_MAX];
	if ((size_t)snprintf(beside, sizeof(beside), "%s.new", path) >= sizeof(beside))
		return -ENAMETOOLONG;
	int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	int rc = write_all(fd, image, size);
	if (close(fd) != 0 && rc == 0)
		rc = -errno;
	if (rc == 0 && rename(beside, path) != 0)
		rc = -errno;
	if (rc != 0) {
		unlink(beside);
		return rc;
	}
	return sync_folder_of(path);
}
