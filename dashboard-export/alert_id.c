/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert_id.h"

#include <string.h>

#define SEPARATOR '\x1f'

void
alert_id_join(const char *const parts[ALERT_ID_PARTS], struct alert_id_parts *out)
{
	out->len = 0;
	for (size_t i = 0; i < ALERT_ID_PARTS; i++) {
		size_t len = parts[i] != NULL ? strnlen(parts[i], ALERT_ID_PART_MAX) : 0;
		if (i > 0)
			out->bytes[out->len++] = SEPARATOR;
		if (len > 0)
			memcpy(out->bytes + out->len, parts[i], len);
		out->len += len;
	}
}

bool
alert_id_make(struct keyed_hash *hash, const struct alert_id_parts *parts,
	      char id[ALERT_ID_LEN + 1])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t bytes[KEYED_HASH_LEN];

	if (!keyed_hash_compute(hash, parts->bytes, parts->len, bytes))
		return false;
	for (size_t i = 0; i < ALERT_ID_LEN / 2; i++) {
		id[2 * i] = digits[bytes[i] >> 4];
		id[2 * i + 1] = digits[bytes[i] & 0xf];
	}
	id[ALERT_ID_LEN] = '\0';
	return true;
}
