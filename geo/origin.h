/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where an address is and who announces it: one question, answered from a compiled origin table
 * (origin AS and published range lists) and a country database. Knows sources, not meaning: the
 * catalogue says which operator an AS or a list belongs to. Immutable after opening, so any number
 * of threads may ask.
 */
#pragma once

#include <stdint.h>

#include "base/fault_list.h"
#include "base/ip_address.h"

/** Where the data files are; a NULL path means "not there", which is allowed for each of them. */
struct origin_paths {
	const char
		*table; /**< compiled table made by origin_compile (AS origins and range lists) */
	const char *asn_mmdb; /**< MaxMind-format ASN or ISP database of the user; goes before the
				 table */
	const char *country_mmdb; /**< MaxMind-format country or city database, either schema */
	/** who made it, where that is known better; its build day is added. NULL: as it says itself
	 */
	const char *country_source;
};

/** Room for the name of an organisation with its NUL; the longest published one has 169 bytes. */
#define ORIGIN_AS_ORG_MAX 192

/**
 * All that is known of one address; NULL, 0 or an empty array where nothing is known. Pointers are
 * borrowed from the database and live as long as it. The organisation is a copy, because MaxMind
 * files do not terminate their texts, and a look-up neither allocates nor locks.
 */
struct origin {
	uint32_t asn;
	char as_org[ORIGIN_AS_ORG_MAX]; /**< cut at the end of a character if longer */
	const char *asn_source;         /**< which database said so, e.g.
					   "@ip-location-db/asn 2.3.2026061719" */
	char country[3];                /**< ISO 3166-1 alpha-2, where the address is said to be */
	const char *country_source;     /**< which database said so, "DBIP-Country 2026-08-01" */
	const char *feed;               /**< id of the published list: "aws", "google-cloud", ... */
	const char *feed_service;       /**< service tag as the list spells it ("S3", "EC2", "Google
					   Cloud"), or NULL */
	const char *feed_region; /**< region tag as the list spells it ("eu-west-3"), or NULL */
	const char *feed_source; /**< list and its own date */
	struct ip_prefix feed_prefix; /**< the prefix of the list that matched */
};

struct origin_db;

/**
 * Opens what `paths` names. Every fault (missing, truncated, corrupt, wrong kind of database) is
 * added to `faults` with the file's name; a database that opened before the faulty one is closed
 * again. Returns the database, free with origin_db_close; NULL when there was any fault.
 */
struct origin_db *origin_db_open(const struct origin_paths *paths, struct fault_list *faults);

/** Closes and unmaps; every text handed out becomes invalid. NULL is allowed. */
void origin_db_close(struct origin_db *db);

/**
 * Fills `out` with all that is known of `address` (everything absent for an unknown one). Never
 * fails: a corrupt record in a mapped file counts as "nothing known" and adds to
 * origin_db_lookup_errors.
 */
void origin_db_lookup(struct origin_db *db, const struct ip_address *address, struct origin *out);

/** Look-ups that met a corrupt record since opening. */
uint64_t origin_db_lookup_errors(const struct origin_db *db);
