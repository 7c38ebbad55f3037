/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/zone_keys.h"

#include <errno.h>

/* Combinations of the values of one zone's keys, and of all zones. */
#define ZONE_COMBINATIONS_MAX 65536u
#define ALL_COMBINATIONS_MAX (1u << 20)

static size_t
at_least_one(size_t count)
{
	return count > 0 ? count : 1;
}

/* Number of combinations of a zone's tags and prefixes; 0 after a fault. */
static size_t
count_combinations(const struct zone_builder *b, const struct file_zone_match *match)
{
	const size_t counts[] = {match->vni.count, match->vlan.count, match->port.count,
				 match->cidr.count};
	size_t product = 1;

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		product *= at_least_one(counts[i]);
		if (product > ZONE_COMBINATIONS_MAX) {
			config_node_fault(match->node, b->faults,
					  "the values of this zone's keys make over %u "
					  "combinations; use prefixes for addresses, or more zones",
					  ZONE_COMBINATIONS_MAX);
			return 0;
		}
	}
	return product;
}

/* Number of values that the file gives for a key, whether they could be read or not. */
static size_t
count_given(const struct file_zone_match *match, const char *key)
{
	const struct config_node *node = config_node_find(match->node, key);

	if (node == NULL || config_node_is_null(node))
		return 0;
	return config_node_kind(node) == CONFIG_KIND_SEQUENCE ? config_node_count(node) : 1;
}

/* Whether all values of the match were read: with fewer it would say something else. */
static bool
is_whole(const struct file_zone_match *match)
{
	const char *const *port = match->port.items;

	for (size_t i = 0; i < match->port.count; i++) {
		if (port[i] == NULL)
			return false;
	}
	return match->cidr.count == count_given(match, "cidr") &&
	       match->vlan.count == count_given(match, "vlan") &&
	       match->vni.count == count_given(match, "vni") &&
	       match->port.count == count_given(match, "port");
}

/* Tags of combination `number`; what is left of the number chooses the prefix. */
static struct zone_tags
choose_tags(const struct zone_table *table, const struct file_zone_match *match, size_t *number)
{
	const uint64_t *vni = match->vni.items, *vlan = match->vlan.items;
	const char *const *port = match->port.items;
	struct zone_tags tags = {0};

	if (match->vni.count > 0) {
		tags.keys |= ZONE_KEY_VNI;
		tags.vni = (uint32_t)vni[*number % match->vni.count];
		*number /= match->vni.count;
	}
	if (match->vlan.count > 0) {
		tags.keys |= ZONE_KEY_VLAN;
		tags.vlan = (uint16_t)vlan[*number % match->vlan.count];
		*number /= match->vlan.count;
	}
	if (match->port.count > 0) {
		tags.keys |= ZONE_KEY_PORT;
		tags.port = zone_table_port(table, port[*number % match->port.count]);
		*number /= match->port.count;
	}
	return tags;
}

/* Returns the zone that has the key already, or NULL; the zone itself may have it twice. */
static const struct zone *
add_key(struct zone_builder *b, size_t index, const struct zone_tags *tags,
	const struct ip_prefix *prefix)
{
	struct prefix_map *map = prefix != NULL ? b->table->prefixes : b->table->any_address;
	uint32_t value = (uint32_t)index;
	int error = prefix_map_add(map, zone_tags_key(tags),
				   prefix != NULL ? prefix : &zone_any_address, &value);

	b->out_of_memory |= error == -ENOMEM;
	return error == -EEXIST && value != index ? &b->table->zones[value] : NULL;
}

static void
refuse_equal_keys(const struct zone_builder *b, size_t index, const struct zone *other,
		  const struct ip_prefix *prefix)
{
	char text[IP_ADDRESS_TEXT_MAX];
	const char *id = b->table->zones[index].id;

	if (prefix == NULL) {
		config_node_fault(b->files[index].match->node, b->faults,
				  "zone `%s` has the same keys as zone `%s`", id, other->id);
		return;
	}
	(void)ip_address_format(&prefix->address, text);
	config_node_fault(b->files[index].match->node, b->faults,
			  "zone `%s` has the same keys as zone `%s`: %s/%u", id, other->id, text,
			  prefix->bits);
}

void
zone_keys_add(struct zone_builder *b, size_t index)
{
	const struct file_zone_match *match = b->files[index].match;

	if (match == NULL || !is_whole(match))
		return;
	size_t count = count_combinations(b, match);
	b->combinations += count;
	if (b->combinations > ALL_COMBINATIONS_MAX) {
		config_node_fault(match->node, b->faults,
				  "the keys of the zones up to here make over %u combinations",
				  ALL_COMBINATIONS_MAX);
		return;
	}
	for (size_t i = 0; i < count && !b->out_of_memory; i++) {
		size_t number = i;
		const struct zone_tags tags = choose_tags(b->table, match, &number);
		const struct ip_prefix *prefix =
			match->cidr.count > 0 ? (const struct ip_prefix *)match->cidr.items + number
					      : NULL;
		if (tags.keys == 0 && prefix == NULL)
			return;
		const struct zone *other = add_key(b, index, &tags, prefix);
		if (other != NULL) {
			refuse_equal_keys(b, index, other, prefix);
			return;
		}
	}
}

static bool
has_tags(const struct file_zone_match *match)
{
	return match->vlan.count + match->vni.count + match->port.count > 0;
}

void
zone_keys_add_untagged(struct zone_builder *b, size_t index)
{
	const struct file_zone_match *match = b->files[index].match;
	const struct zone_tags none = {0};

	if (match == NULL || !has_tags(match) || !is_whole(match))
		return;
	const struct ip_prefix *prefix = match->cidr.items;
	for (size_t i = 0; i < match->cidr.count; i++)
		(void)add_key(b, index, &none, &prefix[i]);
}
