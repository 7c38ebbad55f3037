/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flow ids are a hash of addresses, ports and time; under a seed that everybody knows, whoever
 * tries all addresses gets from the id to the host behind a pseudonym. So where inside addresses
 * are hidden, the workers' seed comes from the site's key. Pure; any thread may call it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dashboard-export/site_key.h"

/**
 * The seed under a key: the first 8 bytes, most significant first, of HMAC-SHA-256(site key, "flow
 * id"). The same in every run. Returns false where libcrypto fails or memory is short; `out` is not
 * to be used then.
 */
bool flow_id_seed_derive(const struct site_key *key, uint64_t *out);
