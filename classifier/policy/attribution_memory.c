/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/attribution_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/recent_table.h"

/* 1 MiB of answers: more would not stay in the processor's caches. */
#define ANSWERS_MAX 2048u

/* Most names are shorter; a key is hashed and compared as a whole. */
#define NAME_ROOM 48

/* What an answer rests on, with zeros behind texts and in padding. Texts of the origin's database
 * are the same where their places are. */
struct key {
	const char *feed;
	const char *feed_service;
	const char *feed_region;
	uint32_t asn;
	int32_t day;
	uint16_t port;
	char country[3];
	struct ip_address address; /* version 0: a name alone */
	uint8_t name_source;
	uint8_t certificate;
	uint8_t transport;
	uint8_t protocol;
	bool linked;
	bool linked_shared;
	bool several_names;
	bool contradicted;
	bool ech_or_grease;
	bool hello_cut;
	bool ech_announced;
	char alpn[FLOW_ALPN_MAX];
	char name[NAME_ROOM];
};

struct attribution_memory {
	const struct policy *policy;
	struct recent_table *answers;
};

struct attribution_memory *
attribution_memory_create(const struct policy *policy)
{
	struct attribution_memory *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->policy = policy;
	m->answers = recent_table_create(ANSWERS_MAX, sizeof(struct key),
					 sizeof(struct attribution), NULL);
	if (m->answers == NULL) {
		free(m);
		errno = ENOMEM;
		return NULL;
	}
	return m;
}

void
attribution_memory_destroy(struct attribution_memory *memory)
{
	if (memory == NULL)
		return;
	recent_table_destroy(memory->answers);
	free(memory);
}

/* False where the text does not fit. NULL and "" say the same. */
static bool
put_text(const char *text, char *to, size_t size)
{
	size_t len = text != NULL ? strnlen(text, size) : 0;

	if (len == size)
		return false;
	if (len > 0)
		memcpy(to, text, len);
	return true;
}

static bool
is_common(const struct attribution_query *query)
{
	return !query->via_proxy && query->tunnel == FLOW_TUNNEL_NONE &&
	       query->tunnel_end == NULL && query->outer_name == NULL &&
	       query->dns.alias_count == 0;
}

/* False where the query has what no key holds. */
static bool
make_key(const struct attribution_query *query, struct key *key)
{
	const struct origin *origin = query->origin;
	const struct dns_links *dns = &query->dns;

	if (!is_common(query))
		return false;
	memset(key, 0, sizeof(*key));
	key->feed = origin->feed;
	key->feed_service = origin->feed_service;
	key->feed_region = origin->feed_region;
	key->asn = origin->asn;
	key->day = query->day;
	key->port = query->port;
	memcpy(key->country, origin->country, sizeof(key->country));
	if (query->address != NULL)
		key->address = *query->address;
	key->name_source = (uint8_t)query->name_source;
	key->certificate = (uint8_t)query->certificate;
	key->transport = query->transport;
	key->protocol = query->protocol;
	key->linked = dns->linked;
	key->linked_shared = dns->linked_shared;
	key->several_names = dns->several_names;
	key->contradicted = dns->contradicted;
	key->ech_or_grease = query->ech_or_grease;
	key->hello_cut = query->hello_cut;
	key->ech_announced = query->ech_announced;
	return put_text(query->alpn, key->alpn, sizeof(key->alpn)) &&
	       put_text(query->name, key->name, sizeof(key->name));
}

void
attribution_memory_decide(struct attribution_memory *memory, const struct attribution_query *query,
			  struct attribution *out)
{
	struct key key;
	bool made;

	if (!make_key(query, &key)) {
		attribution_decide(memory->policy, query, out);
		return;
	}
	struct attribution *answer = recent_table_get(memory->answers, &key, &made);
	if (made)
		attribution_decide(memory->policy, query, answer);
	*out = *answer;
}
