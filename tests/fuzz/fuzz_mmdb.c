/* SPDX-License-Identifier: Apache-2.0 */
/* MaxMind databases of users: whatever a file says, opening and asking neither crash nor run away.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "geo/mmdb.h"
#include "geo/shown_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
ask(const struct mmdb *db, const struct ip_address *a)
{
	uint32_t asn;
	char org[32], country[3];
	if (mmdb_lookup_asn(db, a, &asn, org, sizeof(org)) == LOOKUP_FOUND &&
	    (asn == 0 || !shown_text_is_clean(slice_of(org, strlen(org)))))
		abort();
	if (mmdb_lookup_country(db, a, country) == LOOKUP_FOUND && strlen(country) != 2)
		abort();
}

/* Opens the file as a database of one kind and asks for addresses all over both spaces. */
static void
open_and_ask(const char *path, enum mmdb_kind kind)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct mmdb *db = mmdb_open(path, kind, &faults);
	if ((db == NULL) != (faults.count == 1))
		abort();
	for (unsigned i = 0; db != NULL && i < 256; i++) {
		struct ip_address a = {.bytes = {(uint8_t)(i / 2 * 2), (uint8_t)(i * 7)},
				       .version = i % 2 == 0 ? 4 : 6};
		ask(db, &a);
	}
	mmdb_close(db);
	fault_list_fini(&faults);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* The library opens files only, so the input becomes one, in memory. */
	char path[32];
	int fd = memfd_create("input", MFD_CLOEXEC);
	if (fd < 0)
		return 0;
	if (write(fd, data, size) == (ssize_t)size) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		open_and_ask(path, MMDB_KIND_ASN);
		open_and_ask(path, MMDB_KIND_COUNTRY);
	}
	close(fd);
	return 0;
}
