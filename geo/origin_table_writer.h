/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a compiled origin table out of AS ranges and published lists. Equal input in equal order
 * gives equal bytes. For one thread, on the heap; every function returns 0 or -errno (-ENOMEM,
 * -E2BIG where the table would outgrow its format, -EINVAL for what the function says).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/ip_address.h"
#include "geo/asn_csv.h"
#include "geo/ranges.h"

struct origin_table_writer;

/** Returns an empty writer or NULL without memory. Free with destroy. */
struct origin_table_writer *origin_table_writer_create(void);
void origin_table_writer_destroy(struct origin_table_writer *writer);

/** Names the data that all AS rows come from. */
int origin_table_writer_set_as_source(struct origin_table_writer *writer, const char *source);

/** Adds a range; where several cover an address the narrowest counts, of equally wide ones the
 * first added. */
int origin_table_writer_add_as(struct origin_table_writer *writer, const struct asn_row *row);

/** Begins a list, to which the following entries belong; `source` is the list and its date. */
int origin_table_writer_add_feed(struct origin_table_writer *writer, const char *id,
				 const char *source);

/** Adds an entry to the list begun last; -EINVAL before the first. Of equal prefixes the first
 * added counts. */
int
origin_table_writer_add_entry(struct origin_table_writer *writer, const struct range_entry *entry);

/** Writes the whole table to `image` (heap, aligned; free() it) of `size` bytes. Call once, last.
 */
int origin_table_writer_finish(struct origin_table_writer *writer, void **image, size_t *size);

/**
 * Writes `size` bytes as the file at `path`, so that a reader sees the old file or the whole new
 * one: a file beside it ("PATH.new") is written, flushed to the disk and renamed.
 */
int origin_table_save(const char *path, const void *image, size_t size);
