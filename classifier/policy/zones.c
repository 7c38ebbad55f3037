/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/zones.h"

#include <stdlib.h>
#include <string.h>

#include "base/flow_record.h"
#include "classifier/policy/zone_tables.h"

/* Most sets of tags that one step asks for: the step's own tag, with and without each of the others
 * (a VLAN may be the outermost or the inner one). */
#define STEP_SETS_MAX 6

/* One step of the order of domain §3c: the sets of tags, the fullest first, so that of equal
 * prefixes the zone with more keys is found. */
struct step {
	struct zone_tags sets[STEP_SETS_MAX];
	size_t count;
};

static void
add_set(struct step *step, struct zone_tags tags)
{
	step->sets[step->count++] = tags;
}

/* Adds `tags` with the port, where there is one, and without. */
static void
add_with_port(struct step *step, const struct zone_query *query, struct zone_tags tags)
{
	struct zone_tags with = tags;

	with.keys |= ZONE_KEY_PORT;
	with.port = query->port;
	if (query->port != ZONE_NO_PORT)
		add_set(step, with);
	add_set(step, tags);
}

static void
add_with_vlan(struct step *step, const struct zone_query *query, struct zone_tags tags,
	      uint16_t vlan)
{
	if (vlan == FLOW_NO_VLAN)
		return;
	tags.keys |= ZONE_KEY_VLAN;
	tags.vlan = vlan;
	add_with_port(step, query, tags);
}

static struct step
vni_step(const struct zone_query *query)
{
	struct zone_tags tags = {.keys = ZONE_KEY_VNI, .vni = query->vni};
	struct step step = {.count = 0};

	if (query->vni == FLOW_NO_VNI)
		return step;
	add_with_vlan(&step, query, tags, query->vlan);
	add_with_vlan(&step, query, tags, query->inner_vlan);
	add_with_port(&step, query, tags);
	return step;
}

static struct step
vlan_step(const struct zone_query *query, uint16_t vlan)
{
	struct step step = {.count = 0};

	add_with_vlan(&step, query, (struct zone_tags){0}, vlan);
	return step;
}

static struct step
port_step(const struct zone_query *query)
{
	struct step step = {.count = 0};

	if (query->port != ZONE_NO_PORT)
		add_set(&step, (struct zone_tags){.keys = ZONE_KEY_PORT, .port = query->port});
	return step;
}

#define TAG_STEPS 4

static void
tag_steps(const struct zone_query *query, struct step steps[TAG_STEPS])
{
	steps[0] = vni_step(query);
	steps[1] = vlan_step(query, query->vlan);
	steps[2] = vlan_step(query, query->inner_vlan);
	steps[3] = port_step(query);
}

/* The zone of the step's tags that names no prefix; NULL where there is none. */
static const struct zone *
find_any_address(const struct zone_table *table, const struct step *step)
{
	uint32_t index;

	for (size_t i = 0; i < step->count; i++) {
		if (prefix_map_find(table->any_address, zone_tags_key(&step->sets[i]),
				    &zone_any_address.address, &index, NULL))
			return &table->zones[index];
	}
	return NULL;
}

/* The zone of the step with the longest prefix around the address; no prefix is the shortest. */
static const struct zone *
find_in_step(const struct zone_table *table, const struct step *step,
	     const struct ip_address *address)
{
	const struct zone *best = NULL;
	uint8_t best_bits = 0;

	for (size_t i = 0; i < step->count; i++) {
		uint32_t index;
		uint8_t bits;
		if (!prefix_map_find(table->prefixes, zone_tags_key(&step->sets[i]), address,
				     &index, &bits))
			continue;
		if (best == NULL || bits > best_bits) {
			best = &table->zones[index];
			best_bits = bits;
		}
	}
	return best != NULL ? best : find_any_address(table, step);
}

const struct zone *
zone_table_find(const struct zone_table *table, const struct zone_query *query)
{
	struct step steps[TAG_STEPS];
	uint32_t index;

	if (table->built_in)
		return ip_address_is_local(query->address) ? &table->zones[0] : &table->unmapped;
	tag_steps(query, steps);
	for (size_t i = 0; i < TAG_STEPS; i++) {
		const struct zone *found = find_in_step(table, &steps[i], query->address);
		if (found != NULL)
			return found;
	}
	if (prefix_map_find(table->prefixes, prefix_map_tag(0, 0), query->address, &index, NULL))
		return &table->zones[index];
	return &table->unmapped;
}

const struct zone *
zone_table_find_by_tag(const struct zone_table *table, const struct zone_query *query)
{
	struct step steps[TAG_STEPS];

	tag_steps(query, steps);
	for (size_t i = 0; i < TAG_STEPS; i++) {
		const struct zone *found = find_any_address(table, &steps[i]);
		if (found != NULL)
			return found;
	}
	return NULL;
}

static int
compare_port(const void *name, const void *element)
{
	return strcmp(name, *(const char *const *)element);
}

uint16_t
zone_table_port(const struct zone_table *table, const char *name)
{
	if (table->port_count == 0)
		return ZONE_NO_PORT;
	const char *const *found =
		bsearch(name, table->ports, table->port_count, sizeof(*table->ports), compare_port);
	return found != NULL ? (uint16_t)(found - table->ports) : ZONE_NO_PORT;
}

static int
compare_id(const void *id, const void *element)
{
	return strcmp(id, (*(const struct zone *const *)element)->id);
}

const struct zone *
zone_table_by_id(const struct zone_table *table, const char *id)
{
	if (strcmp(id, table->unmapped.id) == 0)
		return &table->unmapped;
	const struct zone *const *found =
		bsearch(id, table->by_id, table->count, sizeof(*table->by_id), compare_id);
	return found != NULL ? *found : NULL;
}

const struct zone *
zone_table_at(const struct zone_table *table, size_t index)
{
	return &table->zones[index];
}

size_t
zone_table_count(const struct zone_table *table)
{
	return table->count;
}

void
zone_table_destroy(struct zone_table *table)
{
	if (table == NULL)
		return;
	prefix_map_destroy(table->prefixes);
	prefix_map_destroy(table->any_address);
	arena_destroy(table->arena);
}

bool
zone_table_uses_ports(const struct zone_table *table)
{
	return table->port_count != 0;
}
