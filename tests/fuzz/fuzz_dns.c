/* SPDX-License-Identifier: Apache-2.0 */
/* A DNS message; what comes out must keep within its bounds and consist of canonical names. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/dns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require_canonical(const char *name)
{
	char again[DOMAIN_NAME_MAX];
	size_t len = domain_name_canonical(slice_of(name, strlen(name)), again);

	if (len == 0 || strcmp(name, again) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dns_answer answer;
	uint8_t *copy = malloc(size > 0 ? size : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	bool is_response = dns_is_response(slice_of(copy, size));
	enum parse_result r = dns_answer_parse(slice_of(copy, size), &answer);
	if (r == PARSE_NEED_MORE || (r == PARSE_FOUND && !is_response))
		abort();
	if (r == PARSE_FOUND) {
		require_canonical(answer.question);
		if (answer.alias_count > DNS_ALIASES_MAX ||
		    answer.address_count > DNS_ADDRESSES_MAX)
			abort();
		for (size_t i = 0; i < answer.alias_count; i++)
			require_canonical(answer.aliases[i]);
		for (size_t i = 0; i < answer.address_count; i++) {
			if (answer.addresses[i].version != 4 && answer.addresses[i].version != 6)
				abort();
		}
	}
	free(copy);
	return 0;
}
