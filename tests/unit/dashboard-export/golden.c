/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/dashboard-export/golden.h"

#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN_MAX 65536

static bool
write_golden(const char *path, const char *bytes, size_t len)
{
	FILE *file = fopen(path, "w");

	if (file == NULL)
		return false;
	bool written = fwrite(bytes, 1, len, file) == len;
	return fclose(file) == 0 && written;
}

bool
golden_matches(const char *name, const char *bytes, size_t len)
{
	static char expected[GOLDEN_MAX];
	char relative[256];
	size_t same = 0;

	snprintf(relative, sizeof(relative), "tests/golden/%s", name);
	const char *path = unit_source_path(relative);
	if (getenv("VIGIE_UPDATE_GOLDEN") != NULL)
		return write_golden(path, bytes, len);
	FILE *file = fopen(path, "r");
	if (file == NULL) {
		printf("# %s: cannot be opened\n", path);
		return false;
	}
	size_t expected_len = fread(expected, 1, sizeof(expected), file);
	fclose(file);
	if (expected_len == len && memcmp(expected, bytes, len) == 0)
		return true;
	while (same < len && same < expected_len && bytes[same] == expected[same])
		same++;
	printf("# %s: differs from byte %zu on: \"%.40s\"\n", path, same,
	       same < len ? bytes + same : "");
	return false;
}
