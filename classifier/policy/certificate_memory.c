/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/certificate_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/recent_table.h"
#include "classifier/names/certificate.h"
#include "classifier/policy/private_name.h"

/* What is known of one certificate. */
struct known {
	char *names; /* one behind the other, each with its NUL; NULL: none */
	uint32_t count;
	bool more; /* it has names that were not kept */
};

struct certificate_memory {
	struct recent_table *table;
	struct certificate_names read; /* of the one being added */
	uint64_t evicted_before;       /* up to the last clear */
	uint64_t malformed;
};

static void
release(void *entry)
{
	free(((struct known *)entry)->names);
}

struct certificate_memory *
certificate_memory_create(uint32_t max_certificates)
{
	struct certificate_memory *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->table = recent_table_create(max_certificates, sizeof(uint64_t), sizeof(struct known),
				       release);
	if (m->table == NULL) {
		int error = errno;
		free(m);
		errno = error;
		return NULL;
	}
	return m;
}

void
certificate_memory_destroy(struct certificate_memory *memory)
{
	if (memory == NULL)
		return;
	recent_table_destroy(memory->table);
	free(memory);
}

void
certificate_memory_clear(struct certificate_memory *memory)
{
	memory->evicted_before += recent_table_evicted(memory->table);
	recent_table_clear(memory->table);
}

/* Keeps names as long as there is room, and memory. */
static void
keep(struct known *known, const struct certificate_names *names)
{
	size_t used = 0, count = 0;

	for (; count < names->count; count++) {
		size_t size = strlen(names->names[count]) + 1;
		if (used + size > CERTIFICATE_MEMORY_NAMES_LEN)
			break;
		used += size;
	}
	known->names = used != 0 ? malloc(used) : NULL;
	if (known->names == NULL)
		count = 0;
	known->more = names->dropped != 0 || count < names->count;
	char *at = known->names;
	for (size_t i = 0; i < count; i++)
		at = stpcpy(at, names->names[i]) + 1;
	known->count = (uint32_t)count;
}

void
certificate_memory_add(struct certificate_memory *memory, uint64_t id, struct slice der)
{
	bool made;
	struct known *known = recent_table_get(memory->table, &id, &made);

	if (!made)
		return;
	/* One that cannot be read is remembered too, as one without names. */
	if (certificate_names_parse(der, &memory->read) == PARSE_FOUND)
		keep(known, &memory->read);
	else
		memory->malformed++;
}

enum certificate_word
certificate_memory_tell(struct certificate_memory *memory, uint64_t id, const char *name)
{
	const struct known *known = recent_table_find(memory->table, &id);

	if (known == NULL || known->count == 0)
		return CERTIFICATE_NOT_SEEN;
	const char *at = known->names;
	for (uint32_t i = 0; i < known->count; i++) {
		if (certificate_name_matches(at, name))
			return CERTIFICATE_HAS_NAME;
		at += strlen(at) + 1;
	}
	return known->more ? CERTIFICATE_NOT_SEEN : CERTIFICATE_HAS_OTHERS;
}

const char *
certificate_memory_sole_name(struct certificate_memory *memory, uint64_t id)
{
	const struct known *known = recent_table_find(memory->table, &id);

	if (known == NULL || known->count != 1 || known->more || strchr(known->names, '*') != NULL)
		return NULL;
	bool is_address =
		domain_name_is_address(known->names) || domain_name_ends_in_number(known->names);
	return is_address || private_name_is(known->names) ? NULL : known->names;
}

uint64_t
certificate_memory_evicted(const struct certificate_memory *memory)
{
	return memory->evicted_before + recent_table_evicted(memory->table);
}

uint64_t
certificate_memory_malformed(const struct certificate_memory *memory)
{
	return memory->malformed;
}
