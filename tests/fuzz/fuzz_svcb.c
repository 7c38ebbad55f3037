/* SPDX-License-Identifier: Apache-2.0 */
/* The data of a SVCB record; what comes out has to lie within it, and its ECH list to be readable.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/ech_config.h"
#include "classifier/names/svcb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require_within(struct slice part, const uint8_t *data, size_t size)
{
	if (part.len != 0 && (part.data < data || part.data + part.len > data + size))
		abort();
}

static void
require_configs(struct slice list)
{
	struct cursor configs = ech_config_list(list);
	struct slice name;

	while (ech_config_next(&configs, &name)) {
		if (name.len == 0)
			abort();
		require_within(name, list.data, list.len);
	}
	if (configs.failed)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct svcb svcb;
	uint8_t *copy = malloc(size > 0 ? size : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	if (svcb_parse(slice_of(copy, size), &svcb)) {
		require_within(svcb.ipv4_hints, copy, size);
		require_within(svcb.ipv6_hints, copy, size);
		require_within(svcb.ech, copy, size);
		if (svcb.target.len == 0 || svcb.target.len > DNS_NAME_WIRE_MAX ||
		    svcb.ipv4_hints.len % 4 != 0 || svcb.ipv6_hints.len % 16 != 0)
			abort();
		if (svcb.ech.len != 0)
			require_configs(svcb.ech);
	}
	free(copy);
	return 0;
}
