/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stable id of an alert: the first 16 bytes of HMAC-SHA-256(site key, parts joined by 0x1f), in
 * hexadecimal (domain §1). Of flows the parts are zone, host, operator, service kind, rule, day; of
 * a finding zone, subject, "", "", rule, day; of a note of the sensor "", subject, "", "", rule,
 * time.
 */
#pragma once

#include "dashboard-export/alert.h"
#include "dashboard-export/keyed_hash.h"

#define ALERT_ID_PARTS 6

/** Parts longer than this are cut, which joins alerts and loses none. */
#define ALERT_ID_PART_MAX 256

struct alert_id_parts {
	size_t len;
	char bytes[ALERT_ID_PARTS * (ALERT_ID_PART_MAX + 1)];
};

/** Joins the parts; NULL is an empty one. */
void alert_id_join(const char *const parts[ALERT_ID_PARTS], struct alert_id_parts *out);

/** The id of joined parts. False where libcrypto fails. */
bool alert_id_make(struct keyed_hash *hash, const struct alert_id_parts *parts,
		   char id[ALERT_ID_LEN + 1]);
