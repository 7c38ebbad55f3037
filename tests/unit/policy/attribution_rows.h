/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables of far ends and of what attribution has to say of them, over the small catalogue of
 * attribution.yaml.
 */
#pragma once

#include "classifier/policy/attribution.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* AS numbers of attribution.yaml. */
enum {
	ALPHA = 64496,
	ALPHA_EU,
	BRAVO,
	BRAVO_US,
	CHARLIE,
	ECHO,
	FOXTROT,
	GOLF,
	HOTEL,
	BRAVO_BOTH,    /* has an exposure of its own in two countries */
	BRAVO_LINES,   /* access */
	BRAVO_TRANSIT, /* transit */
	STRANGER = 64511,
};

#define SNI NAME_SOURCE_TLS_SNI
#define HOST NAME_SOURCE_HTTP_HOST
#define DNS NAME_SOURCE_DNS
#define NO_NAME NAME_SOURCE_NONE

/* What is known of a flow's far end. */
struct far_end {
	const char *list; /* published list with its tags, or NULL */
	const char *tag;
	const char *list_region;
	uint32_t asn;
	enum name_source source;
	const char *name;
	bool dns_seen;
};

struct expected {
	const char *owner;
	const char *host;
	const char *named; /* the operator whom the name says */
	const char *service;
	const char *kind;
	const char *exposure;
	const char *evidence;
	const char *region;
};

struct row {
	const char *what;
	struct far_end end;
	struct expected expected;
};

/** Loads the catalogue, borrowed until close; NULL after its faults were printed. */
const struct catalogue *attribution_rows_open(void);
void attribution_rows_close(void);

/** Id of an operator, "" for none. */
const char *operator_id(const struct catalogue_operator *owner);

/** Asks for one far end whose address lies in `country` ("": not known). */
struct attribution decide(const struct far_end *end, const char *country);

/** Holds the answer for one row, or for each of several, against what is expected. */
void check_row(const struct row *row, const char *country);
void check(const struct row *rows, size_t count);
