/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smallest MaxMind DB there can be (format 2.0): one IPv4 node, the lower half of the address
 * space with the record given, the upper half without. For schemas and damage that no published
 * file has.
 */
#pragma once

#include <stdio.h>

#include "tests/unit/geo/given.h"

/* Items as they are written: maps and arrays by count, short texts and numbers with their control
 * byte. */
#define MMDB_MAP_1 "\xe1"
#define MMDB_MAP_2 "\xe2"
#define MMDB_TEXT_2 "\x42"

/* Metadata that the library asks for: 1 node of 24-bit records, IPv4, type "Tiny", 2023-11-14. */
#define TINY_METADATA                         \
	"\xab\xcd\xefMaxMind.com"             \
	"\xe9"                                \
	"\x4anode_count\xc1\x01"              \
	"\x4brecord_size\xa1\x18"             \
	"\x4aip_version\xa1\x04"              \
	"\x4d"                                \
	"database_type\x44Tiny"               \
	"\x49languages\x00\x04"               \
	"\x5b"                                \
	"binary_format_major_version\xa1\x02" \
	"\x5b"                                \
	"binary_format_minor_version\xa0"     \
	"\x4b"                                \
	"build_epoch\x04\x02\x65\x53\xf1\x00" \
	"\x4b"                                \
	"description\xe0"

/**
 * Writes a database with the data section `data` of `len` bytes, whose first item is the record, to
 * a new file; its name is written to `path` of 64 bytes, and the case removes it.
 */
static inline void
write_tiny_mmdb(const char *data, size_t len, char *path)
{
	/* Left: 1 node + 16 bytes of separator, so offset 0 of the data; right: equal to the nodes,
	 * empty. */
	static const char tree[6 + 16] = {0, 0, 17, 0, 0, 1};
	snprintf(path, 64, "/tmp/vigie-test-mmdb-XXXXXX");
	int fd = mkstemp(path);
	FILE *file = fd >= 0 ? fdopen(fd, "wb") : NULL;
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fwrite(tree, 1, sizeof(tree), file);
	fwrite(data, 1, len, file);
	fwrite(TINY_METADATA, 1, sizeof(TINY_METADATA) - 1, file);
	CU_ASSERT_EQUAL(fclose(file), 0);
}
