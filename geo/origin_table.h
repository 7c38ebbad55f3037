/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiled origin table: origin AS of every announced address and the published range lists, in
 * one mapped file (origin_table_writer makes it). Opening looks at the header only; what is wrong
 * behind it is met at look-up, inside bounds, as "corrupt". Immutable: any number of threads may
 * ask, nothing is allocated. Texts are borrowed from the mapping and live as long as the table.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/fault_list.h"
#include "base/ip_address.h"
#include "geo/lookup_answer.h"
#include "geo/mapped_file.h"

/** Largest file accepted. */
#define ORIGIN_TABLE_MAX_BYTES ((size_t)1 << 30)

/** Who announces an address. */
struct origin_as {
	uint32_t asn;
	const char *org;    /**< NULL if the data names none */
	const char *source; /**< which data said so */
};

/** The list entry with the longest prefix around an address. */
struct origin_feed {
	const char *feed;    /**< id, "aws" */
	const char *service; /**< NULL if the list gives none */
	const char *region;  /**< NULL if the list gives none */
	const char *source;  /**< list and its date */
	struct ip_prefix prefix;
};

struct origin_table;

/** Maps the table at `path`. Returns it, free with origin_table_close; NULL with a fault. */
struct origin_table *origin_table_open(const char *path, struct fault_list *faults);

/**
 * The same over bytes that the caller keeps, at an address that is a multiple of 8 and of at most
 * ORIGIN_TABLE_MAX_BYTES.
 */
struct origin_table *
origin_table_open_bytes(const struct named_bytes *image, struct fault_list *faults);

/** Unmaps a mapped file, lets go of borrowed bytes. NULL is allowed. */
void origin_table_close(struct origin_table *table);

/** Reads and compares everything once, for `vigie check`. Returns 0, or -EINVAL with a fault. */
int origin_table_verify(const struct origin_table *table, struct fault_list *faults);

/** Entries of published lists in the table. */
size_t origin_table_entry_count(const struct origin_table *table);

enum lookup_answer origin_table_find_as(const struct origin_table *table,
					const struct ip_address *address, struct origin_as *out);
enum lookup_answer
origin_table_find_feed(const struct origin_table *table, const struct ip_address *address,
		       struct origin_feed *out);
