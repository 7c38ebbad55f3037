/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MaxMind DB files that users bring: ASN or ISP databases and country or city databases. The only
 * file that knows libmaxminddb. Immutable after opening; any number of threads may look up, without
 * allocation.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/fault_list.h"
#include "base/ip_address.h"
#include "geo/lookup_answer.h"

/** What a database is opened for; it is refused if it holds nothing of the kind. */
enum mmdb_kind {
	MMDB_KIND_ASN, /**< autonomous_system_number and, if there, autonomous_system_organization
			*/
	MMDB_KIND_COUNTRY, /**< country.iso_code (MaxMind) or country_code (flat databases) */
};

struct mmdb;

/**
 * Opens the database at `path`. Metadata and the shape of the file are checked, and records are
 * sampled for the kind asked for. Returns the database, free with mmdb_close; NULL with one fault
 * if the file is missing, corrupt, or of another kind.
 */
struct mmdb *mmdb_open(const char *path, enum mmdb_kind kind, struct fault_list *faults);

/** Unmaps; NULL is allowed. */
void mmdb_close(struct mmdb *db);

/** Type and build day as the database says, "GeoLite2-ASN 2026-08-18"; lives as long as the
 * database. */
const char *mmdb_source(const struct mmdb *db);

/** The build day alone, "2026-08-18"; "" where the database gives none that can be. */
const char *mmdb_build_day(const struct mmdb *db);

/**
 * The origin AS of `address`. `org` of `org_size` bytes gets its name, cut at the end of a
 * character if too long, empty if the database gives none. Absent also for IPv6 in a database for
 * IPv4 only.
 */
enum lookup_answer mmdb_lookup_asn(const struct mmdb *db, const struct ip_address *address,
				   uint32_t *asn, char *org, size_t org_size);

/**
 * The country where `address` is said to be, ISO 3166-1 alpha-2 in capitals with a NUL. The country
 * of registration is never taken for it.
 */
enum lookup_answer
mmdb_lookup_country(const struct mmdb *db, const struct ip_address *address, char country[3]);
