/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/service_prefixes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int
compare_prefixes(const struct ip_prefix *a, const struct ip_prefix *b)
{
	if (a->address.version != b->address.version)
		return a->address.version < b->address.version ? -1 : 1;
	int order = memcmp(a->address.bytes, b->address.bytes, sizeof(a->address.bytes));
	return order != 0 ? order : (a->bits > b->bits) - (a->bits < b->bits);
}

static int
compare_claims(const void *a, const void *b)
{
	const struct prefix_claim *left = a, *right = b;

	return compare_prefixes(&left->answer.prefix, &right->answer.prefix);
}

void
service_prefixes_add(struct service_prefixes *prefixes, const struct file_service *file,
		     const struct catalogue_service *service, struct fault_list *faults)
{
	const char *const *text = file->prefixes.items;

	for (size_t i = 0; i < file->prefixes.count; i++) {
		struct prefix_claim *claim = &prefixes->claims[prefixes->count];
		int error = ip_prefix_parse(text[i], &claim->answer.prefix);
		if (error != 0) {
			config_node_fault(file->node, faults, "prefix `%s`: %s", text[i],
					  error == -ERANGE ? "bits behind its length are set"
							   : "expected one as in 192.0.2.0/24");
			continue;
		}
		claim->answer.service = service;
		claim->node = file->node;
		prefixes->count++;
	}
}

void
service_prefixes_finish(struct service_prefixes *prefixes, struct catalogue *catalogue,
			struct fault_list *faults)
{
	const struct prefix_claim *claims = prefixes->claims;
	size_t count = prefixes->count;
	struct catalogue_prefix *sorted =
		arena_alloc_array(catalogue->arena, count, sizeof(*sorted));

	if (sorted == NULL) {
		fault_list_add(faults, "catalogue", 0, 0, "out of memory");
		return;
	}
	if (count > 1)
		qsort(prefixes->claims, count, sizeof(*claims), compare_claims);
	for (size_t i = 0; i < count; i++) {
		sorted[i] = claims[i].answer;
		if (i > 0 && compare_claims(&claims[i - 1], &claims[i]) == 0)
			config_node_fault(claims[i].node, faults,
					  "a prefix of service `%s` is given again (also to `%s`)",
					  claims[i].answer.service->id,
					  claims[i - 1].answer.service->id);
	}
	catalogue->prefixes = sorted;
	catalogue->prefix_count = count;
}
