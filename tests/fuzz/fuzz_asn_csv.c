/* SPDX-License-Identifier: Apache-2.0 */
/* The CSV of origin AS numbers; the first byte chooses the address family. */
#include <stdlib.h>
#include <string.h>

#include "geo/asn_csv.h"
#include "geo/shown_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct expected {
	uint8_t version;
};

/* What is handed on has to be a range of the family and a text for people. */
static int
take(void *context, const struct asn_row *row)
{
	const struct expected *expected = context;
	size_t len = strlen(row->org);
	if (row->first.version != expected->version || row->last.version != expected->version ||
	    memcmp(row->first.bytes, row->last.bytes, sizeof(row->first.bytes)) > 0 ||
	    row->asn == 0 || len >= SHOWN_TEXT_MAX || !shown_text_is_clean(slice_of(row->org, len)))
		abort();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	/* A block of exactly the size, so that the sanitizer sees every step over its end. */
	uint8_t *copy = malloc(size);
	if (copy == NULL)
		return 0;
	memcpy(copy, data, size);
	struct expected expected = {.version = copy[0] == '6' ? 6 : 4};
	struct named_bytes csv = {.name = "input", .bytes = slice_of(copy + 1, size - 1)};
	struct asn_row_sink sink = {.on_row = take, .context = &expected};
	struct fault_list faults = FAULT_LIST_INIT;
	int rc = asn_csv_parse(&csv, expected.version, &sink, &faults);
	if ((rc == 0) != (faults.count == 0))
		abort();
	fault_list_fini(&faults);
	free(copy);
	return 0;
}
