/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/origin.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "geo/mmdb.h"
#include "geo/origin_table.h"
#include "geo/shown_text.h"

/* Each part is NULL where no path was given. */
struct origin_db {
	struct origin_table *table;
	struct mmdb *asn;
	struct mmdb *country;
	char country_source[SHOWN_TEXT_MAX]; /* "": what the database says of itself */
	atomic_uint_fast64_t lookup_errors;  /* any asking thread adds, anybody reads */
};

_Static_assert(ORIGIN_AS_ORG_MAX == SHOWN_TEXT_MAX, "an organisation of the table fits whole");

/* A name given from outside, with the day from the file. */
static void
name_country_source(struct origin_db *db, const char *name)
{
	const char *day = mmdb_build_day(db->country);

	snprintf(db->country_source, sizeof(db->country_source), "%s%s%s", name,
		 *day != '\0' ? " " : "", day);
}

struct origin_db *
origin_db_open(const struct origin_paths *paths, struct fault_list *faults)
{
	size_t faults_before = faults->count;
	struct origin_db *db = calloc(1, sizeof(*db));
	if (db == NULL) {
		fault_list_add(faults, "origin databases", 0, 0, "cannot be opened: no memory");
		return NULL;
	}
	if (paths->table != NULL)
		db->table = origin_table_open(paths->table, faults);
	if (paths->asn_mmdb != NULL)
		db->asn = mmdb_open(paths->asn_mmdb, MMDB_KIND_ASN, faults);
	if (paths->country_mmdb != NULL)
		db->country = mmdb_open(paths->country_mmdb, MMDB_KIND_COUNTRY, faults);
	if (faults->count != faults_before) {
		origin_db_close(db);
		return NULL;
	}
	if (db->country != NULL && paths->country_source != NULL)
		name_country_source(db, paths->country_source);
	return db;
}

void
origin_db_close(struct origin_db *db)
{
	if (db == NULL)
		return;
	origin_table_close(db->table);
	mmdb_close(db->asn);
	mmdb_close(db->country);
	free(db);
}

/* Whether the part knew the address; counts a corrupt answer, which is as good as none. */
static bool
found(struct origin_db *db, enum lookup_answer answer)
{
	if (answer == LOOKUP_CORRUPT)
		atomic_fetch_add_explicit(&db->lookup_errors, 1, memory_order_relaxed);
	return answer == LOOKUP_FOUND;
}

/* The user's own database goes before the table. */
static void
fill_as(struct origin_db *db, const struct ip_address *address, struct origin *out)
{
	if (db->asn != NULL) {
		uint32_t asn;
		if (found(db, mmdb_lookup_asn(db->asn, address, &asn, out->as_org,
					      sizeof(out->as_org)))) {
			out->asn = asn;
			out->asn_source = mmdb_source(db->asn);
			return;
		}
	}
	struct origin_as as;
	if (db->table != NULL && found(db, origin_table_find_as(db->table, address, &as))) {
		out->asn = as.asn;
		if (as.org != NULL)
			shown_text_copy(slice_of(as.org, strlen(as.org)), out->as_org,
					sizeof(out->as_org));
		out->asn_source = as.source;
	}
}

static void
fill_feed(struct origin_db *db, const struct ip_address *address, struct origin *out)
{
	struct origin_feed feed;
	if (db->table == NULL || !found(db, origin_table_find_feed(db->table, address, &feed)))
		return;
	out->feed = feed.feed;
	out->feed_service = feed.service;
	out->feed_region = feed.region;
	out->feed_source = feed.source;
	out->feed_prefix = feed.prefix;
}

static void
fill_country(struct origin_db *db, const struct ip_address *address, struct origin *out)
{
	char country[3];
	if (db->country == NULL || !found(db, mmdb_lookup_country(db->country, address, country)))
		return;
	memcpy(out->country, country, sizeof(country));
	out->country_source =
		db->country_source[0] != '\0' ? db->country_source : mmdb_source(db->country);
}

void
origin_db_lookup(struct origin_db *db, const struct ip_address *address, struct origin *out)
{
	*out = (struct origin){0};
	fill_as(db, address, out);
	fill_feed(db, address, out);
	fill_country(db, address, out);
}

uint64_t
origin_db_lookup_errors(const struct origin_db *db)
{
	return atomic_load_explicit(&db->lookup_errors, memory_order_relaxed);
}
