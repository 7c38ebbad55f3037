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

static void
require_addresses(const struct ip_address *addresses, size_t count, size_t max)
{
	if (count > max)
		abort();
	for (size_t i = 0; i < count; i++) {
		if (addresses[i].version != 4 && addresses[i].version != 6)
			abort();
	}
}

static void
require_service(const struct dns_service *s)
{
	require_addresses(s->hints, s->hint_count, DNS_HINTS_MAX);
	if (*s->target != '\0')
		require_canonical(s->target);
	if (s->public_name_count > DNS_PUBLIC_NAMES_MAX ||
	    (s->public_name_count != 0 && !s->has_ech))
		abort();
	for (size_t i = 0; i < s->public_name_count; i++)
		require_canonical(s->public_names[i]);
}

static void
require_answer(const struct dns_answer *a)
{
	require_canonical(a->question);
	if (a->alias_count > DNS_ALIASES_MAX || a->service_count > DNS_SERVICES_MAX ||
	    (a->services_refused != 0 && a->service_count != 0) ||
	    strlen(dns_answer_origin(a)) > strlen(a->question))
		abort();
	for (size_t i = 0; i < a->alias_count; i++)
		require_canonical(a->aliases[i]);
	require_addresses(a->addresses, a->address_count, DNS_ADDRESSES_MAX);
	for (size_t i = 0; i < a->service_count; i++)
		require_service(&a->services[i]);
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
	if (r == PARSE_FOUND)
		require_answer(&answer);
	free(copy);
	return 0;
}
