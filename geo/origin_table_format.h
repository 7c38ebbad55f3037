/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The compiled origin table as it lies in the file; shared by origin_table.c (reads) and
 * origin_table_writer.c (writes), nobody else includes this.
 *
 *   header | texts | AS records | feeds | feed entries | four prefix tables (lpm.h)
 *
 * Texts are NUL-terminated and named by their offset; offset 0 is the empty text and stands for
 * "none". The values of the AS prefix tables number AS records, those of the feed prefix tables
 * number feed entries. Numbers are in the byte order of the machine, which `byte_order` tells;
 * sections start at multiples of 8.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"

#define ORIGIN_TABLE_MAGIC "vigieORG"
/* Raise with every change of a structure below. */
#define ORIGIN_TABLE_FORMAT 1
#define ORIGIN_TABLE_BYTE_ORDER 0x01020304u
#define ORIGIN_TABLE_ALIGNMENT 8

enum origin_section_id {
	ORIGIN_SECTION_TEXTS,
	ORIGIN_SECTION_AS,
	ORIGIN_SECTION_FEEDS,
	ORIGIN_SECTION_ENTRIES,
	ORIGIN_SECTION_AS_V4,
	ORIGIN_SECTION_AS_V6,
	ORIGIN_SECTION_FEED_V4,
	ORIGIN_SECTION_FEED_V6,
	ORIGIN_SECTIONS,
};

struct origin_section {
	uint64_t offset; /* from the start of the file */
	uint64_t size;
};

struct origin_table_header {
	char magic[8];
	uint32_t format;
	uint32_t byte_order;
	uint64_t size;      /* of the whole file */
	uint64_t body_hash; /* over all behind the header; compared by origin_table_verify only */
	uint32_t as_source; /* text */
	uint32_t zero;
	struct origin_section sections[ORIGIN_SECTIONS];
	uint64_t header_hash; /* over all before it; compared at every start */
};

struct origin_as_record {
	uint32_t asn;
	uint32_t org; /* text */
};

struct origin_feed_record {
	uint32_t id;     /* text */
	uint32_t source; /* text */
};

struct origin_feed_entry {
	uint8_t address[16];
	uint8_t version;
	uint8_t bits;
	uint16_t feed;
	uint32_t service; /* text */
	uint32_t region;  /* text */
};

/*
 * Finds damage, not malice: FNV-1a taken eight bytes at a time, so that a whole table costs a few
 * milliseconds. Bytes behind the last whole eight are taken one by one.
 */
static inline uint64_t
origin_table_hash(struct slice bytes)
{
	const uint64_t prime = 1099511628211u;
	uint64_t hash = 14695981039346656037u, word;
	size_t at = 0;
	for (; at + sizeof(word) <= bytes.len; at += sizeof(word)) {
		memcpy(&word, bytes.data + at, sizeof(word));
		hash = (hash ^ word) * prime;
		hash ^= hash >> 32;
	}
	for (; at < bytes.len; at++)
		hash = (hash ^ bytes.data[at]) * prime;
	return hash;
}
