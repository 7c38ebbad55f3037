/* SPDX-License-Identifier: Apache-2.0 */
/* The compiled table: whatever a file says, opening, asking and verifying stay inside it. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "geo/origin_table.h"
#include "geo/origin_table_format.h"
#include "geo/shown_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Sets size and hash of the header right, else hardly any change would get past them. */
static void
make_header_believable(uint8_t *image, size_t size)
{
	struct origin_table_header h;
	if (size < sizeof(h))
		return;
	memcpy(&h, image, sizeof(h));
	h.size = size;
	h.header_hash =
		origin_table_hash(slice_of(&h, offsetof(struct origin_table_header, header_hash)));
	memcpy(image, &h, sizeof(h));
}

static void
check_text(const char *text)
{
	if (text != NULL &&
	    (strlen(text) >= SHOWN_TEXT_MAX || !shown_text_is_clean(slice_of(text, strlen(text)))))
		abort();
}

static void
ask(const struct origin_table *t, const struct ip_address *address)
{
	struct origin_as as;
	struct origin_feed feed;
	if (origin_table_find_as(t, address, &as) == LOOKUP_FOUND) {
		check_text(as.org);
		check_text(as.source);
	}
	if (origin_table_find_feed(t, address, &feed) == LOOKUP_FOUND) {
		check_text(feed.feed);
		check_text(feed.service);
		check_text(feed.region);
		check_text(feed.source);
		if (!ip_prefix_contains(&feed.prefix, address))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A block of exactly the size, so that the sanitizer sees every step over its end. */
	uint8_t *copy = malloc(size > 0 ? size : 1);
	if (copy == NULL)
		return 0;
	if (size > 0)
		memcpy(copy, data, size);
	make_header_believable(copy, size);

	struct named_bytes image = {.name = "input", .bytes = slice_of(copy, size)};
	struct fault_list faults = FAULT_LIST_INIT;
	struct origin_table *t = origin_table_open_bytes(&image, &faults);
	if (t != NULL) {
		for (unsigned i = 0; i < 512; i++) {
			struct ip_address a = {.bytes = {(uint8_t)(i / 2), (uint8_t)(i * 7)},
					       .version = i % 2 == 0 ? 4 : 6};
			ask(t, &a);
		}
		(void)origin_table_verify(t, &faults);
	}
	origin_table_close(t);
	fault_list_fini(&faults);
	free(copy);
	return 0;
}
