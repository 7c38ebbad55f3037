/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the size of a rule set costs: nanoseconds of CPU time for a look-up in a prefix map with 10
 * and with 10,000 entries of the same lengths, half of the addresses in one of them; and for the
 * zone of an address with tags among 10 and 10,000 zones, by turns with a VLAN, a VXLAN network, a
 * port, and without. Prints the median of 5 rounds, their spread, and the ratio.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/config_tree.h"
#include "base/flow_record.h"
#include "base/prefix_map.h"
#include "classifier/policy/zones.h"

#define ROUNDS 5
#define LOOKUPS 2000000u
#define ADDRESSES 4096

static volatile size_t sink;

static double
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Repeatable numbers (Marsaglia's xorshift). */
static uint32_t
next_number(void)
{
	static uint64_t state = UINT64_C(0x123456789abcdef);

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16);
}

static struct ip_address
address_of(uint32_t number)
{
	return (struct ip_address){.version = 4,
				   .bytes = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
					     (uint8_t)(number >> 8), (uint8_t)number}};
}

/* Entries of /16, /24 and /32 by turns; `inside` gets an address of each. */
static struct prefix_map *
fill(size_t entries, uint32_t *inside)
{
	static const uint8_t lengths[] = {16, 24, 32};
	struct prefix_map *map = prefix_map_create();

	if (map == NULL)
		err(1, "prefix map");
	for (uint32_t i = 0; i < entries; i++) {
		struct ip_prefix prefix = {.bits = lengths[i % 3]};
		int error;
		do {
			uint32_t value = i;
			inside[i] = next_number();
			prefix.address =
				address_of(inside[i] >> (32 - prefix.bits) << (32 - prefix.bits));
			error = prefix_map_add(map, 0, &prefix, &value);
		} while (error == -EEXIST);
		if (error != 0)
			errx(1, "prefix map: out of memory");
	}
	return map;
}

static double
lookup_ns(const struct prefix_map *map, const struct ip_address *addresses)
{
	size_t found = 0;
	double start = now_ns();

	for (uint32_t i = 0; i < LOOKUPS; i++)
		found += prefix_map_find(map, 0, &addresses[i % ADDRESSES], NULL, NULL);
	sink = found;
	return (now_ns() - start) / LOOKUPS;
}

/* Sorts the rounds, prints them and returns their median. */
static double
report(size_t count, const char *what, double ns[ROUNDS])
{
	qsort(ns, ROUNDS, sizeof(*ns), compare);
	printf("%6zu %s %6.1f ns  (%.1f to %.1f)\n", count, what, ns[ROUNDS / 2], ns[0],
	       ns[ROUNDS - 1]);
	return ns[ROUNDS / 2];
}

static double
measure(size_t entries)
{
	struct ip_address addresses[ADDRESSES];
	double ns[ROUNDS];
	uint32_t *inside = calloc(entries, sizeof(*inside));

	if (inside == NULL)
		err(1, "addresses");
	struct prefix_map *map = fill(entries, inside);
	for (unsigned i = 0; i < ADDRESSES; i++)
		addresses[i] = address_of(i % 2 ? inside[next_number() % entries] : next_number());
	(void)lookup_ns(map, addresses); /* warms up */
	for (unsigned i = 0; i < ROUNDS; i++)
		ns[i] = lookup_ns(map, addresses);
	prefix_map_destroy(map);
	free(inside);
	return report(entries, "entries", ns);
}

/* ---- zones ---- */

static const struct config_field zones_fields[] = {
	{.key = "zones", .type = CONFIG_RECORDS, .schema = &zone_schema},
};
static const struct config_schema zones_schema = {
	.what = "zones",
	.fields = zones_fields,
	.field_count = 1,
	.size = sizeof(struct config_list),
};

/* Zones of one prefix each, /16, /24 and /32 by turns. Free the result. */
static char *
zones_text(unsigned count, size_t *len)
{
	static const char *const tags[] = {"", ", vlan: %u", ", vni: %u", ", port: p%u"};
	char *text = NULL, tag[32];
	FILE *out = open_memstream(&text, len);

	if (out == NULL)
		err(1, "zones");
	fputs("zones:\n", out);
	for (unsigned i = 0; i < count; i++) {
		unsigned bits = 16 + 8 * (i % 3);
		snprintf(tag, sizeof(tag), tags[i % 4], i % 4000);
		fprintf(out, "  - {id: z%u, class: public, match: {cidr: %u.%u.%u.%u/%u%s}}\n", i,
			10 + i / 256, i % 256, bits > 16 ? i % 256 : 0, bits > 24 ? 1 : 0, bits,
			tag);
	}
	fclose(out);
	return text;
}

/* Inside addresses of the zones, half of them with the tags of one. */
static struct zone_query
query_of(const struct zone_table *table, unsigned i, struct ip_address *address)
{
	struct zone_query query = {address, FLOW_NO_VNI, FLOW_NO_VLAN, FLOW_NO_VLAN, ZONE_NO_PORT};
	char port[16];

	*address = address_of((10 + i / 256) << 24 | (i % 256) << 16 | (i % 256) << 8 | 1);
	if (next_number() % 2 == 0)
		return query;
	snprintf(port, sizeof(port), "p%u", i % 4000);
	query.vni = i % 4000;
	query.vlan = (uint16_t)(i % 4000);
	query.inner_vlan = 1;
	query.port = zone_table_port(table, port);
	return query;
}

static double
zone_lookup_ns(const struct zone_table *table, const struct zone_query *queries)
{
	size_t found = 0;
	double start = now_ns();

	for (uint32_t i = 0; i < LOOKUPS; i++)
		found += !zone_table_find(table, &queries[i % ADDRESSES])->unmapped;
	sink = found;
	return (now_ns() - start) / LOOKUPS;
}

static double
measure_zones(unsigned count)
{
	static struct ip_address addresses[ADDRESSES];
	static struct zone_query queries[ADDRESSES];
	static const struct zone_defaults defaults;
	struct fault_list faults = FAULT_LIST_INIT;
	struct config_list zones = {0};
	struct arena *arena = arena_create();
	double ns[ROUNDS];
	size_t len;
	char *text = zones_text(count, &len);

	struct config_tree *tree = config_tree_parse("zones.yaml", text, len, &faults);
	if (arena == NULL || tree == NULL ||
	    !config_read(config_tree_root(tree), &zones_schema, arena, &zones, &faults))
		errx(1, "zones: %s", faults.count > 0 ? faults.faults[0].text : "out of memory");
	struct zone_table *table = zone_table_create(&zones, &defaults, &faults);
	if (table == NULL)
		errx(1, "zones: %s", faults.faults[0].text);
	for (unsigned i = 0; i < ADDRESSES; i++)
		queries[i] = query_of(table, next_number() % count, &addresses[i]);
	(void)zone_lookup_ns(table, queries); /* warms up */
	for (unsigned i = 0; i < ROUNDS; i++)
		ns[i] = zone_lookup_ns(table, queries);
	zone_table_destroy(table);
	config_tree_destroy(tree);
	arena_destroy(arena);
	free(text);
	return report(count, "zones  ", ns);
}

int
main(void)
{
	double few = measure(10);
	double many = measure(10000);

	printf("ratio %.2f\n", many / few);
	few = measure_zones(10);
	many = measure_zones(10000);
	printf("ratio %.2f\n", many / few);
	return 0;
}
