/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/journal/journal_checkpoint.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static void
format_signed(const struct journal_checkpoint *c, const char *journal_id,
	      char out[JOURNAL_CHAIN_TEXT_MAX])
{
	char hash[2 * JOURNAL_HASH_LEN + 1];

	journal_chain_hex(c->hash, JOURNAL_HASH_LEN, hash);
	(void)snprintf(out, JOURNAL_CHAIN_TEXT_MAX,
		       "vigie journal checkpoint 1 %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %s",
		       journal_id, c->removed_through, c->removed, c->recorded_before, hash);
}

size_t
journal_checkpoint_format(const struct journal_checkpoint *c, struct journal_chain *chain,
			  const char *journal_id, char out[JOURNAL_CHECKPOINT_MAX])
{
	char text[JOURNAL_CHAIN_TEXT_MAX];
	char hash[2 * JOURNAL_HASH_LEN + 1], signature_digits[2 * JOURNAL_SIGNATURE_LEN + 1];
	uint8_t signature[JOURNAL_SIGNATURE_LEN];

	format_signed(c, journal_id, text);
	if (!journal_chain_sign(chain, text, signature))
		return 0;
	journal_chain_hex(c->hash, JOURNAL_HASH_LEN, hash);
	journal_chain_hex(signature, JOURNAL_SIGNATURE_LEN, signature_digits);
	return (size_t)snprintf(
		out, JOURNAL_CHECKPOINT_MAX,
		"{\"checkpoint\":{\"removed_through\":%" PRIu64 ",\"removed\":%" PRIu64
		",\"recorded_before\":%" PRIu64 ",\"hash\":\"%s\",\"signature\":\"%s\"}}",
		c->removed_through, c->removed, c->recorded_before, hash, signature_digits);
}

static bool
take_number(const json_t *object, const char *key, uint64_t *out)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return false;
	*out = (uint64_t)json_integer_value(value);
	return true;
}

static bool
take_bytes(const json_t *object, const char *key, uint8_t *out, size_t len)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL && journal_chain_unhex(text, out, len);
}

bool
journal_checkpoint_parse(const char *content, size_t len, const char *journal_id,
			 const uint8_t public_key[JOURNAL_PUBLIC_KEY_LEN],
			 struct journal_checkpoint *out, char why[128])
{
	uint8_t signature[JOURNAL_SIGNATURE_LEN];
	char text[JOURNAL_CHAIN_TEXT_MAX];
	json_t *root = json_loadb(content, len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *c = json_object_get(root, "checkpoint");

	bool good = take_number(c, "removed_through", &out->removed_through) &&
		    take_number(c, "removed", &out->removed) &&
		    take_number(c, "recorded_before", &out->recorded_before) &&
		    take_bytes(c, "hash", out->hash, sizeof(out->hash)) &&
		    take_bytes(c, "signature", signature, sizeof(signature));
	json_decref(root);
	if (!good) {
		(void)snprintf(why, 128, "the check-point cannot be read");
		return false;
	}
	format_signed(out, journal_id, text);
	if (journal_chain_check(public_key, text, signature))
		return true;
	(void)snprintf(why, 128, "the check-point's signature is wrong");
	return false;
}
