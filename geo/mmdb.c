/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/mmdb.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "geo/mapped_file.h"
#include "geo/mmdb_guard.h"
#include "geo/shown_text.h"

#include <maxminddb.h>

/* The library keeps offsets in 32 bits. */
#define FILE_MAX_BYTES ((size_t)UINT32_MAX)

/* MaxMind DB format 2.0: the marker before the metadata, at most so far from the end of the file.
 */
static const char metadata_marker[] = "\xab\xcd\xefMaxMind.com";
#define MARKER_LEN (sizeof(metadata_marker) - 1)
#define METADATA_MAX_BYTES ((size_t)128 << 10)
/* Zero bytes between the search tree and the data section. */
#define SEPARATOR_BYTES 16

/* How far the tree is walked for records that show the kind of a database. */
#define SAMPLE_NODES 4096
#define SAMPLE_RECORDS 256

struct mmdb {
	MMDB_s file;
	enum mmdb_kind kind;
	char source[SHOWN_TEXT_MAX];
	char build_day[11];
};

static const char *const path_asn[] = {"autonomous_system_number", NULL};
static const char *const path_org[] = {"autonomous_system_organization", NULL};
static const char *const path_iso_code[] = {"country", "iso_code", NULL};
static const char *const path_country_code[] = {"country_code", NULL};

/*
 * The value at `path` of a record; absent if the record has no such key. The record has been looked
 * over by the guard.
 */
static enum lookup_answer
get_value(MMDB_entry_s *record, const char *const *path, MMDB_entry_data_s *value)
{
	switch (MMDB_aget_value(record, value, path)) {
	case MMDB_SUCCESS:
		return value->has_data ? LOOKUP_FOUND : LOOKUP_ABSENT;
	case MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR:
	case MMDB_INVALID_LOOKUP_PATH_ERROR:
		return LOOKUP_ABSENT;
	default:
		return LOOKUP_CORRUPT;
	}
}

static bool
is_tame(const MMDB_s *file, const MMDB_entry_s *record)
{
	return mmdb_item_is_tame(slice_of(file->data_section, file->data_section_size),
				 record->offset);
}

/* Writes the text at `path`, NUL-terminated; it has to be a clean one. */
static enum lookup_answer
get_text(MMDB_entry_s *record, const char *const *path, char *out, size_t size)
{
	MMDB_entry_data_s value;
	enum lookup_answer answer = get_value(record, path, &value);
	if (answer != LOOKUP_FOUND)
		return answer;
	if (value.type != MMDB_DATA_TYPE_UTF8_STRING)
		return LOOKUP_CORRUPT;
	struct slice text = slice_of(value.utf8_string, value.data_size);
	if (!shown_text_is_clean(text))
		return LOOKUP_CORRUPT;
	shown_text_copy(text, out, size);
	return LOOKUP_FOUND;
}

static enum lookup_answer
get_asn(MMDB_entry_s *record, uint32_t *asn)
{
	MMDB_entry_data_s value;
	enum lookup_answer answer = get_value(record, path_asn, &value);
	if (answer != LOOKUP_FOUND)
		return answer;
	/* Writers choose the narrowest type that holds the number. */
	if (value.type == MMDB_DATA_TYPE_UINT32)
		*asn = value.uint32;
	else if (value.type == MMDB_DATA_TYPE_UINT16)
		*asn = value.uint16;
	else
		return LOOKUP_CORRUPT;
	return *asn != 0 ? LOOKUP_FOUND : LOOKUP_ABSENT;
}

static bool
is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static enum lookup_answer
get_country(MMDB_entry_s *record, char country[3])
{
	char text[4]; /* one more than fits, so that a longer text shows */
	enum lookup_answer answer = get_text(record, path_iso_code, text, sizeof(text));
	if (answer == LOOKUP_ABSENT)
		answer = get_text(record, path_country_code, text, sizeof(text));
	if (answer != LOOKUP_FOUND)
		return answer;
	if (text[0] == '\0')
		return LOOKUP_ABSENT;
	if (!is_capital(text[0]) || !is_capital(text[1]) || text[2] != '\0')
		return LOOKUP_CORRUPT;
	memcpy(country, text, 3);
	return LOOKUP_FOUND;
}

/* The record of `address`, fit to be read. */
static enum lookup_answer
find_record(const struct mmdb *db, const struct ip_address *address, MMDB_entry_s *record)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	const struct sockaddr *any = (const void *)&v6;
	if (address->version == 4) {
		memcpy(&v4.sin_addr, address->bytes, sizeof(v4.sin_addr));
		any = (const void *)&v4;
	} else if (address->version == 6) {
		memcpy(&v6.sin6_addr, address->bytes, sizeof(v6.sin6_addr));
	} else {
		return LOOKUP_ABSENT;
	}

	int error;
	MMDB_lookup_result_s result = MMDB_lookup_sockaddr(&db->file, any, &error);
	if (error == MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR)
		return LOOKUP_ABSENT;
	if (error != MMDB_SUCCESS)
		return LOOKUP_CORRUPT;
	if (!result.found_entry)
		return LOOKUP_ABSENT;
	*record = result.entry;
	return is_tame(&db->file, record) ? LOOKUP_FOUND : LOOKUP_CORRUPT;
}

enum lookup_answer
mmdb_lookup_asn(const struct mmdb *db, const struct ip_address *address, uint32_t *asn, char *org,
		size_t org_size)
{
	MMDB_entry_s record;
	org[0] = '\0';
	enum lookup_answer answer = find_record(db, address, &record);
	if (answer == LOOKUP_FOUND)
		answer = get_asn(&record, asn);
	if (answer == LOOKUP_FOUND && get_text(&record, path_org, org, org_size) == LOOKUP_CORRUPT)
		return LOOKUP_CORRUPT;
	return answer;
}

enum lookup_answer
mmdb_lookup_country(const struct mmdb *db, const struct ip_address *address, char country[3])
{
	MMDB_entry_s record;
	enum lookup_answer answer = find_record(db, address, &record);
	return answer == LOOKUP_FOUND ? get_country(&record, country) : answer;
}

const char *
mmdb_source(const struct mmdb *db)
{
	return db->source;
}

const char *
mmdb_build_day(const struct mmdb *db)
{
	return db->build_day;
}

/* Returns NULL, or what is wrong with the metadata; asked before the library reads them. */
static const char *
metadata_fault(struct slice file)
{
	if (file.len == 0)
		return "is empty";
	size_t tail = file.len < METADATA_MAX_BYTES ? file.len : METADATA_MAX_BYTES;
	struct slice rest = {.data = file.data + (file.len - tail), .len = tail};
	struct slice metadata = {0};
	const uint8_t *marker;

	/* The last marker counts: the data section may hold its bytes by chance. */
	while (rest.len > 0 &&
	       (marker = memmem(rest.data, rest.len, metadata_marker, MARKER_LEN)) != NULL) {
		size_t behind = (size_t)(marker - rest.data) + MARKER_LEN;
		rest = metadata =
			(struct slice){.data = rest.data + behind, .len = rest.len - behind};
	}
	if (metadata.data == NULL)
		return "is no MaxMind database: it has no metadata";
	if (!mmdb_item_is_tame(metadata, 0))
		return "is corrupt: its metadata cannot be read";
	return NULL;
}

static const char *
shape_fault(const MMDB_s *file)
{
	uint64_t tree = (uint64_t)file->metadata.node_count * file->full_record_byte_size;
	if (tree + SEPARATOR_BYTES >= (uint64_t)file->file_size)
		return "is corrupt or truncated: its search tree does not fit into the file";
	return NULL;
}

/* The walk through the first records of the tree, left branch first. */
struct sample {
	struct mmdb *db;
	uint32_t pending[129]; /* nodes still to be visited: at most one per level and the root */
	unsigned pending_count;
	unsigned records;
	unsigned corrupt;
	bool matched;
};

static void
sample_record(struct sample *s, MMDB_entry_s *record)
{
	uint32_t asn;
	char country[3];
	enum lookup_answer answer = LOOKUP_CORRUPT;
	if (is_tame(&s->db->file, record))
		answer = s->db->kind == MMDB_KIND_ASN ? get_asn(record, &asn)
						      : get_country(record, country);
	s->records++;
	s->corrupt += answer == LOOKUP_CORRUPT;
	s->matched = s->matched || answer == LOOKUP_FOUND;
}

static void
sample_side(struct sample *s, uint8_t type, uint64_t child, MMDB_entry_s *record)
{
	if (type == MMDB_RECORD_TYPE_DATA)
		sample_record(s, record);
	else if (type == MMDB_RECORD_TYPE_SEARCH_NODE &&
		 s->pending_count < sizeof(s->pending) / sizeof(*s->pending))
		s->pending[s->pending_count++] = (uint32_t)child;
}

static const char *
kind_fault(struct mmdb *db)
{
	struct sample s = {.db = db, .pending_count = 1};
	for (unsigned nodes = 0; s.pending_count > 0 && nodes < SAMPLE_NODES && !s.matched &&
				 s.records < SAMPLE_RECORDS;
	     nodes++) {
		MMDB_search_node_s node;
		if (MMDB_read_node(&db->file, s.pending[--s.pending_count], &node) !=
		    MMDB_SUCCESS) {
			s.corrupt++;
			continue;
		}
		sample_side(&s, node.right_record_type, node.right_record,
			    &node.right_record_entry);
		sample_side(&s, node.left_record_type, node.left_record, &node.left_record_entry);
	}
	if (s.matched)
		return NULL;
	if (s.corrupt > 0)
		return "is corrupt: its first records cannot be read";
	return db->kind == MMDB_KIND_ASN
		       ? "is no ASN or ISP database: its first records have no "
			 "autonomous_system_number"
		       : "is no country or city database: its first records have neither "
			 "country.iso_code nor country_code";
}

static void
describe_source(struct mmdb *db)
{
	const char *type = db->file.metadata.database_type;
	struct slice text = slice_of(type, strlen(type));
	if (!shown_text_is_clean(text) || text.len == 0)
		text = slice_of("MaxMind DB", 10);
	/* Room for a blank, and the day with its NUL, is left behind the type. */
	size_t at = shown_text_copy(text, db->source, sizeof(db->source) - sizeof(db->build_day));

	/* The number is 64 bits wide in the file; years behind 9999 are nonsense and left out. */
	uint64_t epoch = db->file.metadata.build_epoch;
	time_t seconds = (time_t)epoch;
	struct tm day;
	if (epoch > 253402300799u || gmtime_r(&seconds, &day) == NULL)
		return;
	strftime(db->build_day, sizeof(db->build_day), "%Y-%m-%d", &day);
	snprintf(db->source + at, sizeof(db->source) - at, " %s", db->build_day);
}

static const char *
first_fault(const char *path, struct mmdb *db)
{
	int status = MMDB_open(path, MMDB_MODE_MMAP, &db->file);
	if (status != MMDB_SUCCESS)
		return MMDB_strerror(status);
	const char *why = shape_fault(&db->file);
	if (why == NULL)
		why = kind_fault(db);
	if (why != NULL)
		MMDB_close(&db->file);
	return why;
}

struct mmdb *
mmdb_open(const char *path, enum mmdb_kind kind, struct fault_list *faults)
{
	struct named_bytes file;
	if (mapped_file_open(path, FILE_MAX_BYTES, &file, faults) != 0)
		return NULL;
	const char *why = metadata_fault(file.bytes);
	mapped_file_close(&file);

	struct mmdb *db = NULL;
	if (why == NULL) {
		db = calloc(1, sizeof(*db));
		if (db == NULL)
			why = "cannot be opened: no memory";
	}
	if (why == NULL) {
		db->kind = kind;
		why = first_fault(path, db);
	}
	if (why != NULL) {
		fault_list_add(faults, path, 0, 0, "%s", why);
		free(db);
		return NULL;
	}
	describe_source(db);
	return db;
}

void
mmdb_close(struct mmdb *db)
{
	if (db == NULL)
		return;
	MMDB_close(&db->file);
	free(db);
}
