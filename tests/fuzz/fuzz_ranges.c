/* SPDX-License-Identifier: Apache-2.0 */
/* Published range lists: bytes of a file to entries, as a list of every feed that there is. */
#include <stdlib.h>
#include <string.h>

#include "geo/ranges.h"
#include "geo/shown_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is handed on has to be fit for a table and for people. */
static int
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

static void
parse_as(const struct range_feed *feed, const struct named_bytes *text)
{
	struct range_list_about about;
	struct range_sink sink = {.on_entry = take_entry};
	struct fault_list faults = FAULT_LIST_INIT;
	int rc = range_list_parse(feed, text, &about, &sink, &faults);
	/* Faults and the answer have to agree. */
	if ((rc == 0) != (faults.count == 0))
		abort();
	fault_list_fini(&faults);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* One feed a parser; the other feeds have the same ones. */
	static const char *const ids[] = {"aws",    "azure-public", "cloudflare",   "digitalocean",
					  "fastly", "github",       "google-cloud", "oracle-cloud"};
	/* A block of exactly the size, so that the sanitizer sees every step over its end. */
	uint8_t *copy = malloc(size > 0 ? size : 1);
	if (copy == NULL)
		return 0;
	if (size > 0)
		memcpy(copy, data, size);
	struct named_bytes text = {.name = "input", .bytes = slice_of(copy, size)};
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		parse_as(range_feed_find(ids[i]), &text);
	free(copy);
	return 0;
}
