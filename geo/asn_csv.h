/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CSV files of the npm package @ip-location-db/asn: `first,last,asn,organisation` per line,
 * without a header, the organisation quoted as in RFC 4180 where needed. Cold path: used by the
 * table compiler.
 */
#pragma once

#include <stdint.h>

#include "base/fault_list.h"
#include "base/ip_address.h"
#include "geo/mapped_file.h"

/** Largest file accepted; the published ones have 24 and 9 MB. */
#define ASN_CSV_MAX_BYTES ((size_t)512 << 20)

/** One row; `org` is valid during the call only, clean UTF-8, cut at SHOWN_TEXT_MAX, may be empty.
 */
struct asn_row {
	struct ip_address first;
	struct ip_address last;
	uint32_t asn;
	const char *org;
};

/** Takes one row; any other answer than 0 stops the parser, which then returns it. */
typedef int (*asn_row_fn)(void *context, const struct asn_row *row);

/** Who takes the rows. */
struct asn_row_sink {
	asn_row_fn on_row;
	void *context;
};

/**
 * Reads `csv`, whose addresses must all be of `version` (4 or 6), row by row. Ranges may overlap:
 * the published files do. A wrong row adds a fault with its line and is passed over. Returns 0,
 * -EINVAL if there was any fault, or what the sink answered.
 */
int asn_csv_parse(const struct named_bytes *csv, uint8_t version, const struct asn_row_sink *sink,
		  struct fault_list *faults);
