/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a catalogue; and, behind a line "--- names", any lines as names, asked of the
 * catalogue before that line. Without the line every input is a catalogue only.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/catalogue/catalogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char divider[] = "\n--- names\n";

static void
check_name(const struct catalogue *catalogue, const char *name)
{
	struct catalogue_name found;

	if (!catalogue_find_name(catalogue, name, &found))
		return;
	if (found.owner == NULL || memchr(found.region, '\0', sizeof(found.region)) == NULL)
		abort();
	catalogue_find_ech_public_name(catalogue, name);
}

/* Asks every line, and every line once more as list, tag and region. `names` is ended by a NUL. */
static void
ask(const struct catalogue *catalogue, char *names)
{
	struct catalogue_feed feed;
	char *rest = names;

	for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
		check_name(catalogue, line);
		catalogue_find_feed(catalogue, line, line, line, &feed);
		catalogue_find_operator(catalogue, line);
	}
	for (uint32_t asn = 64490; asn < 64520; asn++)
		catalogue_find_asn(catalogue, asn);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault_list faults = FAULT_LIST_INIT;
	const uint8_t *divides = size == 0 ? NULL : memmem(data, size, divider, strlen(divider));
	size_t len = divides == NULL ? size : (size_t)(divides - data);
	size_t names_at = divides == NULL ? size : len + strlen(divider);
	char *text = malloc(len == 0 ? 1 : len), *names = calloc(1, size - names_at + 1);

	if (text != NULL && names != NULL) {
		if (len != 0)
			memcpy(text, data, len);
		if (size != names_at)
			memcpy(names, data + names_at, size - names_at);
		struct catalogue *catalogue = catalogue_parse("fuzz", text, len, &faults);
		if ((catalogue == NULL) != (faults.count != 0))
			abort();
		if (catalogue != NULL)
			ask(catalogue, names);
		catalogue_destroy(catalogue);
	}
	fault_list_fini(&faults);
	free(names);
	free(text);
	return 0;
}
