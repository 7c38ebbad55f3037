/* SPDX-License-Identifier: Apache-2.0 */
/* One input as the range list of a feed; shared by the targets of the single formats. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "geo/ranges.h"
#include "geo/shown_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is handed on has to be fit for a table and for people. */
static inline int
take_entry(void *context, const struct range_entry *entry)
{
	(void)context;
	const char *const texts[] = {entry->service, entry->region};
	for (int i = 0; i < 2; i++)
		if (texts[i] != NULL &&
		    (strlen(texts[i]) >= SHOWN_TEXT_MAX ||
		     !shown_text_is_clean(slice_of(texts[i], strlen(texts[i])))))
			abort();
	if (!ip_prefix_contains(&entry->prefix, &entry->prefix.address))
		abort();
	return 0;
}

/* Reads the input as a list of the feed `id`; aborts if the parser breaks its word. */
static inline void
parse_range_list(const char *id, const uint8_t *data, size_t size)
{
	/* A block of exactly the size, so that the sanitizer sees every step over its end. */
	uint8_t *copy = malloc(size > 0 ? size : 1);
	if (copy == NULL)
		return;
	if (size > 0)
		memcpy(copy, data, size);
	struct named_bytes text = {.name = "input", .bytes = slice_of(copy, size)};
	struct range_list_about about;
	struct range_sink sink = {.on_entry = take_entry};
	struct fault_list faults = FAULT_LIST_INIT;
	int rc = range_list_parse(range_feed_find(id), &text, &about, &sink, &faults);
	/* Faults and the answer have to agree. */
	if ((rc == 0) != (faults.count == 0))
		abort();
	fault_list_fini(&faults);
	free(copy);
}
