/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/private_name.h"

#include <stddef.h>
#include <string.h>

#include "base/domain_name.h"

/* RFC 6761, 6762 and 8375, what ICANN keeps for private use (internal), keeps back since networks
 * use it (corp, home), and what routers and systems ship with. */
static const char *const suffixes[] = {
	".local", ".localhost", ".localdomain", ".internal", ".home.arpa", ".invalid",
	".lan",   ".home",      ".corp",        ".intranet", ".intra",     ".private",
};

bool
private_name_is(const char *name)
{
	size_t len = strlen(name);

	if (strchr(name, '.') == NULL)
		return !domain_name_ends_in_number(name);
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		size_t suffix = strlen(suffixes[i]);
		if (len > suffix && strcmp(name + len - suffix, suffixes[i]) == 0)
			return true;
	}
	return false;
}
