/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/resolver_addresses.h"

#include <stdlib.h>
#include <string.h>

static int
compare(const void *a, const void *b)
{
	const struct resolver_address *left = a, *right = b;

	return memcmp(&left->address, &right->address, sizeof(left->address));
}

static size_t
count_addresses(const struct file_operator *file)
{
	const struct file_resolver *resolver = file->resolvers.items;
	size_t count = 0;

	for (size_t i = 0; i < file->resolvers.count; i++)
		count += resolver[i].addresses.count;
	return count;
}

static void
add_record(struct catalogue *c, const struct file_resolver *file,
	   const struct catalogue_operator *owner, struct fault_list *faults)
{
	const char *const *text = file->addresses.items;

	for (size_t i = 0; i < file->addresses.count; i++) {
		struct resolver_address *to = &c->resolvers[c->resolver_count];
		if (ip_address_parse(text[i], &to->address) != 0) {
			config_node_fault(file->node, faults,
					  "address `%s`: expected one as in "
					  "192.0.2.1 or 2001:db8::1",
					  text[i]);
			continue;
		}
		to->owner = owner;
		c->resolver_count++;
	}
}

static void
require_unique(const struct catalogue *c, const struct file_operator *const *files,
	       struct fault_list *faults)
{
	for (size_t i = 1; i < c->resolver_count; i++) {
		const struct resolver_address *address = &c->resolvers[i];
		char text[IP_ADDRESS_TEXT_MAX];
		if (compare(address - 1, address) != 0)
			continue;
		ip_address_format(&address->address, text);
		config_node_fault(files[address->owner - c->operators]->node, faults,
				  "resolver address %s is given again (also to `%s`)", text,
				  address[-1].owner->id);
	}
}

void
resolver_addresses_add(struct catalogue *catalogue, const struct file_operator *const *files,
		       struct fault_list *faults)
{
	size_t count = 0;

	for (size_t i = 0; i < catalogue->operator_count; i++)
		count += count_addresses(files[i]);
	catalogue->resolvers =
		arena_alloc_array(catalogue->arena, count, sizeof(*catalogue->resolvers));
	if (catalogue->resolvers == NULL) {
		fault_list_add(faults, "catalogue", 0, 0, "out of memory");
		return;
	}
	for (size_t i = 0; i < catalogue->operator_count; i++) {
		const struct file_resolver *resolver = files[i]->resolvers.items;
		for (size_t j = 0; j < files[i]->resolvers.count; j++)
			add_record(catalogue, &resolver[j], &catalogue->operators[i], faults);
	}
	if (catalogue->resolver_count > 1)
		qsort(catalogue->resolvers, catalogue->resolver_count,
		      sizeof(*catalogue->resolvers), compare);
	require_unique(catalogue, files, faults);
}

const struct catalogue_operator *
resolver_addresses_find(const struct catalogue *catalogue, const struct ip_address *address)
{
	struct resolver_address key = {.address = *address};
	const struct resolver_address *found = NULL;

	if (catalogue->resolver_count != 0)
		found = bsearch(&key, catalogue->resolvers, catalogue->resolver_count, sizeof(key),
				compare);
	return found != NULL ? found->owner : NULL;
}
