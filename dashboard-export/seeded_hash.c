/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/seeded_hash.h"

#include <errno.h>
#include <sys/random.h>

int
seeded_hash_init(struct seeded_hash *hash)
{
	if (getrandom(hash->seed, sizeof(hash->seed), 0) != (ssize_t)sizeof(hash->seed))
		return -errno;
	hash->seed[1] |= 1; /* never zero */
	return 0;
}
