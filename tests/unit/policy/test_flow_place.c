/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/flow_place.h"

#include "classifier/policy/policy.h"
#include "tests/unit/policy/policy_text.h"
#include "tests/unit/policy/shipped_rules.h"
#include "tests/unit/unit.h"

#include <string.h>

#define SETTINGS                                                                                  \
	"policy: {time_zone: Europe/Paris}\n"                                                     \
	"zones:\n"                                                                                \
	"  - {id: office, label: Offices, match: {cidr: [198.51.100.0/26]}, class: personal}\n"   \
	"  - {id: cell, label: Cell, match: {cidr: [198.51.100.64/26]}, class: secret}\n"         \
	"  - {id: union, label: Union, match: {cidr: [198.51.100.128/27]}, class: internal, r9: " \
	"true, privacy: excluded}\n"                                                              \
	"  - {id: overlay, label: Overlay, match: {vni: 5}, class: internal, privacy: excluded}\n"

#define OFFICE "198.51.100.1"
#define CELL "198.51.100.65"
#define UNION "198.51.100.129" /* excluded, of lower class, and sensitive */
#define OTHER "198.51.100.200" /* inside, of no zone */
#define FAR "192.0.9.1"
#define FURTHER "192.0.9.2"
#define GROUP "224.1.2.3"

static struct {
	struct policy_text text;
	struct catalogue *catalogue;
	struct rule_book *rules;
	struct policy *policy;
} run;

static void
begin(void)
{
	policy_text_read(&run.text, SETTINGS);
	run.catalogue = policy_text_catalogue();
	run.rules = load_shipped_rules();
	run.policy = policy_create(&run.text.file, run.catalogue, run.rules, &run.text.faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(run.policy);
}

static void
end(void)
{
	policy_destroy(run.policy);
	rule_book_destroy(run.rules);
	catalogue_destroy(run.catalogue);
	policy_text_fini(&run.text);
}

static bool
is_inside(const char *address)
{
	return strncmp(address, "198.51.100.", 11) == 0 || strcmp(address, GROUP) == 0;
}

/* `outer_source` NULL: in no tunnel. */
static struct flow_record
record_of(const char *source, const char *destination, const char *outer_source,
	  const char *outer_destination)
{
	struct flow_record r = {
		.source = policy_text_address(source),
		.destination = policy_text_address(destination),
		.source_inside = is_inside(source),
		.destination_inside = is_inside(destination),
		.vni = FLOW_NO_VNI,
		.vlan = FLOW_NO_VLAN,
		.inner_vlan = FLOW_NO_VLAN,
	};

	if (outer_source == NULL)
		return r;
	r.detail.tunnel = FLOW_TUNNEL_GRE;
	r.detail.outer_source = policy_text_address(outer_source);
	r.detail.outer_destination = policy_text_address(outer_destination);
	r.detail.outer_source_inside = is_inside(outer_source);
	r.detail.outer_destination_inside = is_inside(outer_destination);
	return r;
}

/* What is expected: zone, host in it, far end; of a tunnel whether it alone says so, and its end.
 */
static const struct row {
	const char *source, *destination, *outer_source, *outer_destination;
	enum flow_direction direction;
	const char *zone, *inside, *outside;
	bool by_tunnel;
	const char *tunnel_end;
	const char *inner_zone;
	enum data_class data_class;
} rows[] = {
	/* In no tunnel, or in one that does not cross. */
	{OFFICE, FAR, NULL, NULL, FLOW_DIRECTION_EGRESS, "office", OFFICE, FAR, false, NULL, NULL,
	 DATA_CLASS_PERSONAL},
	{FAR, CELL, NULL, NULL, FLOW_DIRECTION_INGRESS, "cell", CELL, FAR, false, NULL, NULL,
	 DATA_CLASS_SECRET},
	{OFFICE, CELL, NULL, NULL, FLOW_DIRECTION_INTERNAL, "office", OFFICE, CELL, false, NULL,
	 NULL, DATA_CLASS_PERSONAL},
	{OFFICE, FAR, OFFICE, CELL, FLOW_DIRECTION_EGRESS, "office", OFFICE, FAR, false, NULL, NULL,
	 DATA_CLASS_PERSONAL},
	{OFFICE, CELL, FAR, FURTHER, FLOW_DIRECTION_INTERNAL, "office", OFFICE, CELL, false, NULL,
	 NULL, DATA_CLASS_PERSONAL},
	{FAR, FURTHER, OFFICE, CELL, FLOW_DIRECTION_TRANSIT, NULL, NULL, FURTHER, false, NULL, NULL,
	 DATA_CLASS_PUBLIC},
	/* The tunnel alone leads out: host and zone are of its end here, the class the higher. */
	{OFFICE, CELL, CELL, FAR, FLOW_DIRECTION_EGRESS, "cell", CELL, FAR, true, NULL, "office",
	 DATA_CLASS_SECRET},
	{CELL, OFFICE, OFFICE, FAR, FLOW_DIRECTION_EGRESS, "office", OFFICE, FAR, true, NULL,
	 "cell", DATA_CLASS_SECRET},
	{OTHER, CELL, CELL, FAR, FLOW_DIRECTION_EGRESS, "cell", CELL, FAR, true, NULL, NULL,
	 DATA_CLASS_SECRET},
	{OTHER, CELL, OTHER, FAR, FLOW_DIRECTION_EGRESS, "unmapped", OTHER, FAR, true, NULL, NULL,
	 DATA_CLASS_INTERNAL},
	{OFFICE, CELL, OTHER, FAR, FLOW_DIRECTION_EGRESS, "unmapped", OTHER, FAR, true, NULL,
	 "office", DATA_CLASS_PERSONAL},
	{FURTHER, FURTHER, CELL, FAR, FLOW_DIRECTION_EGRESS, "cell", CELL, FAR, true, NULL, NULL,
	 DATA_CLASS_SECRET},
	{OFFICE, GROUP, CELL, FAR, FLOW_DIRECTION_EGRESS, "cell", CELL, FAR, true, NULL, "office",
	 DATA_CLASS_SECRET},
	/* Or in. */
	{OFFICE, CELL, FAR, OFFICE, FLOW_DIRECTION_INGRESS, "office", OFFICE, FAR, true, NULL,
	 "cell", DATA_CLASS_SECRET},
	{FURTHER, FURTHER, FAR, OFFICE, FLOW_DIRECTION_INGRESS, "office", OFFICE, FAR, true, NULL,
	 NULL, DATA_CLASS_PERSONAL},
	/* Or the other way than the ends in it say. */
	{FURTHER, OFFICE, CELL, FAR, FLOW_DIRECTION_EGRESS, "cell", CELL, FAR, true, NULL, NULL,
	 DATA_CLASS_SECRET},
	{OFFICE, FURTHER, FAR, CELL, FLOW_DIRECTION_INGRESS, "cell", CELL, FAR, true, NULL, NULL,
	 DATA_CLASS_SECRET},
	{GROUP, FURTHER, CELL, FAR, FLOW_DIRECTION_EGRESS, "cell", CELL, FAR, true, NULL, NULL,
	 DATA_CLASS_SECRET},
	/* Both lead over the border. */
	{OFFICE, FAR, CELL, FURTHER, FLOW_DIRECTION_EGRESS, "cell", CELL, FAR, false, FURTHER,
	 "office", DATA_CLASS_SECRET},
	{CELL, FAR, OFFICE, FURTHER, FLOW_DIRECTION_EGRESS, "office", OFFICE, FAR, false, FURTHER,
	 "cell", DATA_CLASS_SECRET},
	{OTHER, FAR, CELL, FURTHER, FLOW_DIRECTION_EGRESS, "cell", CELL, FAR, false, FURTHER, NULL,
	 DATA_CLASS_SECRET},
	{UNION, FAR, OFFICE, FURTHER, FLOW_DIRECTION_EGRESS, "office", OFFICE, FAR, false, FURTHER,
	 "union", DATA_CLASS_PERSONAL},
	{FAR, OFFICE, FURTHER, CELL, FLOW_DIRECTION_INGRESS, "cell", CELL, FAR, false, FURTHER,
	 "office", DATA_CLASS_SECRET},
	/* No host sends as a group. */
	{GROUP, FAR, NULL, NULL, FLOW_DIRECTION_TRANSIT, NULL, NULL, FAR, false, NULL, NULL,
	 DATA_CLASS_PUBLIC},
	{OFFICE, CELL, GROUP, FAR, FLOW_DIRECTION_TRANSIT, NULL, NULL, CELL, false, NULL, NULL,
	 DATA_CLASS_PUBLIC},
};

static bool
is_address(const struct ip_address *address, const char *text)
{
	struct ip_address wanted = policy_text_address(text != NULL ? text : "0.0.0.0");

	return text == NULL ? address == NULL
			    : address != NULL && ip_address_equal(address, &wanted);
}

static void
flows_are_placed_by_their_ends_and_those_of_their_tunnels(void)
{
	begin();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		struct flow_record r = record_of(row->source, row->destination, row->outer_source,
						 row->outer_destination);
		struct flow_place place;

		flow_place_find(run.policy->zones, &r, ZONE_NO_PORT, &place);
		CU_ASSERT_EQUAL(place.direction, row->direction);
		CU_ASSERT_EQUAL(place.zone == NULL, row->zone == NULL);
		if (place.zone != NULL && row->zone != NULL)
			CU_ASSERT_STRING_EQUAL(place.zone->id, row->zone);
		CU_ASSERT(is_address(place.inside, row->inside));
		CU_ASSERT(is_address(place.outside, row->outside));
		CU_ASSERT_EQUAL(place.by_tunnel, row->by_tunnel);
		CU_ASSERT(is_address(place.tunnel_end, row->tunnel_end));
		CU_ASSERT_EQUAL(place.inner_zone == NULL, row->inner_zone == NULL);
		if (place.inner_zone != NULL && row->inner_zone != NULL)
			CU_ASSERT_STRING_EQUAL(place.inner_zone->id, row->inner_zone);
		CU_ASSERT_EQUAL(place.data_class, row->data_class);
	}
	end();
}

static struct flow_place
place_of(const struct flow_record *record)
{
	struct flow_place place;

	flow_place_find(run.policy->zones, record, ZONE_NO_PORT, &place);
	return place;
}

/* Who writes addresses or tags of an excluded zone in a tunnel is told of all the same. */
static void
only_who_is_of_an_excluded_zone_is_not_told_of(void)
{
	begin();
	struct flow_record r = record_of(UNION, FAR, NULL, NULL);
	struct flow_place place = place_of(&r);
	CU_ASSERT_TRUE(flow_place_is_excluded(&place));

	r = record_of(OFFICE, FAR, UNION, FURTHER);
	place = place_of(&r);
	CU_ASSERT_TRUE(flow_place_is_excluded(&place));

	r = record_of(UNION, FAR, OFFICE, FURTHER);
	place = place_of(&r);
	CU_ASSERT_FALSE(flow_place_is_excluded(&place));
	CU_ASSERT_TRUE(flow_place_hides_inside(&place));
	CU_ASSERT_TRUE(place.r9);

	r = record_of(OTHER, FAR, OFFICE, FURTHER);
	r.vni = 5;
	place = place_of(&r);
	CU_ASSERT_FALSE(flow_place_is_excluded(&place));
	CU_ASSERT_TRUE(flow_place_hides_inside(&place));
	CU_ASSERT_EQUAL(place.data_class, DATA_CLASS_PERSONAL);

	r = record_of(OFFICE, FAR, OFFICE, FURTHER);
	place = place_of(&r);
	CU_ASSERT_FALSE(flow_place_is_excluded(&place));
	CU_ASSERT_FALSE(flow_place_hides_inside(&place));
	end();
}

/* What a proxy was asked for inside a tunnel that alone leads out is what the sender wrote. */
static void
what_a_proxy_was_asked_for_does_not_replace_the_end_of_a_tunnel(void)
{
	struct proxied proxied = {.address = policy_text_address(FURTHER)};
	struct flow_place place;

	begin();
	struct flow_record r = record_of(OFFICE, CELL, OFFICE, FAR);
	flow_place_find(run.policy->zones, &r, ZONE_NO_PORT, &place);
	flow_place_set_proxied(&proxied, &place);
	CU_ASSERT_PTR_NULL(place.proxied);
	CU_ASSERT(is_address(place.outside, FAR));

	r = record_of(OFFICE, FAR, OFFICE, FAR);
	flow_place_find(run.policy->zones, &r, ZONE_NO_PORT, &place);
	flow_place_set_proxied(&proxied, &place);
	CU_ASSERT(is_address(place.outside, FURTHER));
	CU_ASSERT(is_address(place.tunnel_end, FAR));
	end();
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"flows_are_placed_by_their_ends_and_those_of_their_tunnels",
		 flows_are_placed_by_their_ends_and_those_of_their_tunnels},
		{"only_who_is_of_an_excluded_zone_is_not_told_of",
		 only_who_is_of_an_excluded_zone_is_not_told_of},
		{"what_a_proxy_was_asked_for_does_not_replace_the_end_of_a_tunnel",
		 what_a_proxy_was_asked_for_does_not_replace_the_end_of_a_tunnel},
	};
	return unit_run("flow_place", cases, sizeof(cases) / sizeof(*cases));
}
