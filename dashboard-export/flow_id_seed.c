/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/flow_id_seed.h"

#include "dashboard-export/keyed_hash.h"

#include <string.h>

static const char label[] = "flow id";

bool
flow_id_seed_derive(const struct site_key *key, uint64_t *out)
{
	uint8_t bytes[KEYED_HASH_LEN];
	struct keyed_hash *hash = keyed_hash_create(key->bytes, sizeof(key->bytes));
	bool done = hash != NULL && keyed_hash_compute(hash, label, sizeof(label) - 1, bytes);

	*out = 0;
	for (size_t i = 0; done && i < sizeof(*out); i++)
		*out = *out << 8 | bytes[i];
	keyed_hash_destroy(hash);
	explicit_bzero(bytes, sizeof(bytes));
	return done;
}
