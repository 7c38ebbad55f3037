/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/zones.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/flow_record.h"
#include "tests/unit/policy/policy_text.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NONE FLOW_NO_VLAN

/* One table with what it was made from; kept until the next so that a case can look at it. */
static struct {
	struct policy_text text;
	struct zone_table *table;
} run;

static void
forget(void)
{
	zone_table_destroy(run.table);
	policy_text_fini(&run.text);
	memset(&run, 0, sizeof(run));
}

static struct zone_defaults
defaults(void)
{
	return (struct zone_defaults){.thresholds = policy_text_rules.thresholds,
				      .unmapped_class = DATA_CLASS_PERSONAL};
}

/* Builds a table from a text with or without mistakes. */
static void
build(const char *text)
{
	const struct zone_defaults d = defaults();

	forget();
	policy_text_read(&run.text, text);
	run.table = zone_table_create(&run.text.file.zones, &d, &run.text.faults);
}

static void
given(const char *text)
{
	build(text);
	policy_text_expect(&run.text.faults, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(run.table);
}

struct asked {
	const char *address;
	uint32_t vni;
	uint16_t vlan, inner_vlan;
	const char *port;
	const char *zone;
};

static const struct zone *
find(const struct asked *asked)
{
	const struct ip_address address = policy_text_address(asked->address);
	const struct zone_query query = {
		.address = &address,
		.vni = asked->vni,
		.vlan = asked->vlan,
		.inner_vlan = asked->inner_vlan,
		.port = asked->port != NULL ? zone_table_port(run.table, asked->port)
					    : ZONE_NO_PORT,
	};

	return zone_table_find(run.table, &query);
}

static void
check_rows(const struct asked *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *id = find(&rows[i])->id;
		if (strcmp(id, rows[i].zone) != 0)
			printf("# row %zu, %s: %s, expected %s\n", i, rows[i].address, id,
			       rows[i].zone);
		CU_ASSERT_STRING_EQUAL(id, rows[i].zone);
	}
}

/* ---- steps ---- */

static void
the_longest_prefix_wins(void)
{
	static const struct asked rows[] = {
		{"10.1.2.3", FLOW_NO_VNI, NONE, NONE, NULL, "b"},
		{"10.1.3.3", FLOW_NO_VNI, NONE, NONE, NULL, "a"},
		{"10.2.0.1", FLOW_NO_VNI, NONE, NONE, NULL, "unmapped"},
		{"9.9.9.9", FLOW_NO_VNI, NONE, NONE, NULL, "c"},
		{"9.9.9.10", FLOW_NO_VNI, NONE, NONE, NULL, "unmapped"},
		{"2001:db8:10:1::1", FLOW_NO_VNI, NONE, NONE, NULL, "a"},
		{"2001:db8:10::1", FLOW_NO_VNI, NONE, NONE, NULL, "c"},
	};
	given("zones:\n"
	      "  - {id: a, match: {cidr: [10.1.0.0/16, \"2001:db8:10::/48\"]}, class: public}\n"
	      "  - {id: b, match: {cidr: 10.1.2.0/24}, class: public}\n"
	      "  - {id: c, match: {cidr: [9.9.9.9, \"2001:db8:10::/64\"]}, class: public}\n");
	check_rows(rows, COUNT(rows));
}

static void
vni_goes_before_vlan_before_port_before_prefix(void)
{
	static const struct asked rows[] = {
		{"10.0.0.1", 7, 3, 4, "tap0", "by-vni"},
		{"10.0.0.1", 8, 3, 4, "tap0", "by-vlan"},
		{"10.0.0.1", 8, 4, 3, "tap0", "by-other-vlan"},
		{"10.0.0.1", FLOW_NO_VNI, 5, 4, "tap0", "by-other-vlan"},
		{"10.0.0.1", FLOW_NO_VNI, 5, 3, "tap0", "by-vlan"},
		{"10.0.0.1", FLOW_NO_VNI, 5, 6, "tap0", "by-port"},
		{"10.0.0.1", FLOW_NO_VNI, 5, 6, "tap1", "by-prefix"},
		{"10.0.0.1", FLOW_NO_VNI, NONE, NONE, NULL, "by-prefix"},
		{"11.0.0.1", 7, 3, 4, "tap0", "by-vni"},
		{"11.0.0.1", FLOW_NO_VNI, NONE, NONE, NULL, "unmapped"},
	};
	given("zones:\n"
	      "  - {id: by-prefix, match: {cidr: 10.0.0.1}, class: public}\n"
	      "  - {id: by-port, match: {port: tap0}, class: public}\n"
	      "  - {id: by-vlan, match: {vlan: 3}, class: public}\n"
	      "  - {id: by-other-vlan, match: {vlan: [4, 4094]}, class: public}\n"
	      "  - {id: by-vni, match: {vni: 7}, class: public}\n");
	check_rows(rows, COUNT(rows));
}

static void
keys_of_one_match_hold_together(void)
{
	static const struct asked rows[] = {
		{"10.0.0.1", 7, 3, NONE, "tap0", "all"},
		{"10.0.0.1", 7, NONE, 3, "tap0", "all"},
		{"10.0.0.1", 7, 3, NONE, "tap1", "all"},
		{"10.0.0.1", 7, 3, NONE, "tap2", "two"},
		{"10.0.0.1", 7, 9, NONE, "tap0", "one"},
		{"10.0.0.1", 9, 3, NONE, "tap0", "port-and-vlan"},
		{"10.0.0.1", 9, 3, NONE, NULL, "rest"},
		{"10.0.0.1", FLOW_NO_VNI, NONE, NONE, "tap0", "rest"},
	};
	given("zones:\n"
	      "  - {id: rest, match: {cidr: 10.0.0.0/8}, class: public}\n"
	      "  - {id: one, match: {cidr: 10.0.0.0/8, vni: 7}, class: public}\n"
	      "  - {id: two, match: {cidr: 10.0.0.0/8, vni: 7, vlan: 3}, class: public}\n"
	      "  - {id: all, match: {cidr: 10.0.0.0/8, vni: 7, vlan: 3, port: [tap0, tap1]},\n"
	      "     class: public}\n"
	      "  - {id: port-and-vlan, match: {cidr: 10.0.0.0/8, vlan: 3, port: tap0},\n"
	      "     class: public}\n");
	check_rows(rows, COUNT(rows));
}

static void
within_a_step_the_longest_prefix_wins_and_none_is_the_shortest(void)
{
	static const struct asked rows[] = {
		{"10.1.0.1", FLOW_NO_VNI, 3, NONE, NULL, "long"},
		{"10.2.0.1", FLOW_NO_VNI, 3, NONE, NULL, "short"},
		{"172.16.0.1", FLOW_NO_VNI, 3, NONE, NULL, "any"},
		{"fd00::1", FLOW_NO_VNI, 3, NONE, NULL, "any"},
		{"fd00::1", FLOW_NO_VNI, 4, NONE, NULL, "unmapped"},
	};
	given("zones:\n"
	      "  - {id: any, match: {vlan: 3}, class: public}\n"
	      "  - {id: short, match: {cidr: 10.0.0.0/8, vlan: 3}, class: public}\n"
	      "  - {id: long, match: {cidr: 10.1.0.0/16, vlan: 3}, class: public}\n");
	check_rows(rows, COUNT(rows));
}

static void
untagged_captures_find_zones_with_tags_by_prefix(void)
{
	static const struct asked rows[] = {
		{"10.0.0.1", FLOW_NO_VNI, NONE, NONE, NULL, "office"},
		{"10.0.0.1", FLOW_NO_VNI, 99, NONE, NULL, "office"},
		{"10.0.1.1", FLOW_NO_VNI, NONE, NONE, NULL, "plain"},
		{"10.0.1.1", FLOW_NO_VNI, 5, NONE, NULL, "tagged"},
		{"10.0.2.1", FLOW_NO_VNI, NONE, NONE, NULL, "first"},
		{"10.0.2.1", FLOW_NO_VNI, 7, NONE, NULL, "second"},
	};
	given("zones:\n"
	      "  - {id: office, match: {cidr: 10.0.0.0/24, vlan: 4}, class: public}\n"
	      "  - {id: tagged, match: {cidr: 10.0.1.0/24, vlan: 5}, class: public}\n"
	      "  - {id: plain, match: {cidr: 10.0.1.0/24}, class: public}\n"
	      "  - {id: first, match: {cidr: 10.0.2.0/24, vlan: 6}, class: public}\n"
	      "  - {id: second, match: {cidr: 10.0.2.0/24, vlan: 7}, class: public}\n");
	check_rows(rows, COUNT(rows));
}

static void
a_tag_alone_finds_the_zone_that_names_no_prefix(void)
{
	static const struct {
		uint32_t vni;
		uint16_t vlan, inner_vlan;
		const char *zone;
	} rows[] = {
		{FLOW_NO_VNI, 3, NONE, "any"},   {FLOW_NO_VNI, 9, 3, "any"},
		{FLOW_NO_VNI, 4, NONE, NULL},    {7, 4, NONE, "overlay"},
		{FLOW_NO_VNI, NONE, NONE, NULL}, {8, 3, NONE, "any"},
	};
	given("zones:\n"
	      "  - {id: any, match: {vlan: 3}, class: public}\n"
	      "  - {id: other, match: {vlan: 4, cidr: 0.0.0.0/0}, class: public}\n"
	      "  - {id: overlay, match: {vni: 7}, class: public}\n");
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct ip_address address = policy_text_address("8.8.8.8");
		const struct zone_query query = {&address, rows[i].vni, rows[i].vlan,
						 rows[i].inner_vlan, ZONE_NO_PORT};
		const struct zone *zone = zone_table_find_by_tag(run.table, &query);
		CU_ASSERT_TRUE(zone == NULL ? rows[i].zone == NULL
					    : rows[i].zone != NULL &&
						      strcmp(zone->id, rows[i].zone) == 0);
	}
}

/* ---- what a zone is ---- */

static void
without_zones_one_stands_for_every_local_address(void)
{
	static const struct asked rows[] = {
		{"10.0.0.1", FLOW_NO_VNI, NONE, NONE, NULL, "internal"},
		{"198.51.100.7", FLOW_NO_VNI, 3, NONE, NULL, "internal"},
		{"fd00::1", 7, NONE, NONE, NULL, "internal"},
		{"8.8.8.8", FLOW_NO_VNI, NONE, NONE, NULL, "unmapped"},
	};
	given("zones: []\n");
	check_rows(rows, COUNT(rows));
	CU_ASSERT_EQUAL(zone_table_count(run.table), 1);
	const struct zone *zone = zone_table_at(run.table, 0);
	CU_ASSERT_STRING_EQUAL(zone->label, "Inside hosts");
	CU_ASSERT_EQUAL(zone->data_class, DATA_CLASS_INTERNAL);
	CU_ASSERT_FALSE(zone->unmapped);
	CU_ASSERT_PTR_EQUAL(zone_table_by_id(run.table, "internal"), zone);
	const struct ip_address address = policy_text_address("10.0.0.1");
	const struct zone_query query = {&address, 7, 3, 4, ZONE_NO_PORT};
	CU_ASSERT_PTR_NULL(zone_table_find_by_tag(run.table, &query));
}

static void
every_field_arrives_and_the_label_is_the_id_by_default(void)
{
	given("zones:\n"
	      "  - {id: rh, label: HR, match: {cidr: 10.0.0.0/8}, class: personal, r9: true,\n"
	      "     owner: DRH, content_inspection: on, privacy: excluded,\n"
	      "     thresholds: {trace_below: 1KiB, day: {personal: 2MiB}}}\n"
	      "  - {id: bare, match: {vlan: 1}, class: health}\n");
	const struct zone *zone = zone_table_by_id(run.table, "rh");
	CU_ASSERT_PTR_NOT_NULL_FATAL(zone);
	CU_ASSERT_PTR_EQUAL(zone, zone_table_at(run.table, 0));
	CU_ASSERT_STRING_EQUAL(zone->label, "HR");
	CU_ASSERT_STRING_EQUAL(zone->owner, "DRH");
	CU_ASSERT_EQUAL(zone->data_class, DATA_CLASS_PERSONAL);
	CU_ASSERT_TRUE(zone->r9 && zone->content_inspection && zone->excluded && !zone->unmapped);
	CU_ASSERT_EQUAL(zone->thresholds.trace_below, 1024);
	CU_ASSERT_EQUAL(zone->thresholds.export_min, 1 << 20);
	CU_ASSERT_EQUAL(zone->thresholds.day[DATA_CLASS_PERSONAL], 2 << 20);
	CU_ASSERT_EQUAL(zone->thresholds.day[DATA_CLASS_HEALTH], 10 << 20);
	zone = zone_table_by_id(run.table, "bare");
	CU_ASSERT_PTR_NOT_NULL_FATAL(zone);
	CU_ASSERT_STRING_EQUAL(zone->label, "bare");
	CU_ASSERT_PTR_NULL(zone->owner);
	CU_ASSERT_FALSE(zone->r9 || zone->content_inspection || zone->excluded);
	zone = zone_table_by_id(run.table, "unmapped");
	CU_ASSERT_PTR_NOT_NULL_FATAL(zone);
	CU_ASSERT_TRUE(zone->unmapped);
	CU_ASSERT_EQUAL(zone->data_class, DATA_CLASS_PERSONAL);
	CU_ASSERT_EQUAL(zone->thresholds.export_ratio, 6000);
	CU_ASSERT_PTR_NULL(zone_table_by_id(run.table, "nowhere"));
	CU_ASSERT_EQUAL(zone_table_count(run.table), 2);
}

/* ---- many ---- */

/* Zones of one /24 each, tagged by turns with nothing, a VLAN, a VNI, a port. */
static char *
many_zones(unsigned count)
{
	static const char *const tags[] = {"", ", vlan: %u", ", vni: %u", ", port: p%u"};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	fputs("zones:\n", out);
	for (unsigned i = 0; i < count; i++) {
		char tag[32];
		snprintf(tag, sizeof(tag), tags[i % 4], i % 4000);
		fprintf(out, "  - {id: z%u, match: {cidr: 10.%u.%u.0/24%s}, class: public}\n", i,
			i / 256, i % 256, tag);
	}
	fclose(out);
	return text;
}

static void
ten_thousand_zones_answer_as_ten_do(void)
{
	static const unsigned counts[] = {10, 10000};

	for (size_t n = 0; n < COUNT(counts); n++) {
		char *text = many_zones(counts[n]);
		given(text);
		free(text);
		CU_ASSERT_EQUAL(zone_table_count(run.table), counts[n]);
		for (unsigned i = 0; i < counts[n]; i++) {
			char address[32], port[16], id[16];
			snprintf(address, sizeof(address), "10.%u.%u.9", i / 256, i % 256);
			snprintf(port, sizeof(port), "p%u", i % 4000);
			snprintf(id, sizeof(id), "z%u", i);
			const struct asked rows[] = {
				{address, FLOW_NO_VNI, NONE, NONE, NULL, id},
				{address, i % 4000, (uint16_t)(i % 4000), NONE, port, id},
				{address, 4001, 4001, 4002, "p-other", id},
			};
			check_rows(rows, COUNT(rows));
		}
		const struct asked beyond = {"11.0.0.1", 1, 1, 1, "p3", "unmapped"};
		check_rows(&beyond, 1);
	}
}

static void
values_of_a_key_are_alternatives(void)
{
	static const struct asked rows[] = {
		{"10.0.0.1", 5, 1, NONE, NULL, "z"},
		{"10.0.1.1", 6, 2, NONE, NULL, "z"},
		{"10.0.1.1", 6, 9, 2, NULL, "z"},
		{"10.0.2.1", 5, 1, NONE, NULL, "rest"},
		/* Without its tags the zone is found by its prefixes, in the last step. */
		{"10.0.0.1", 7, 1, NONE, NULL, "z"},
		{"10.0.0.129", 7, 1, NONE, NULL, "three"},
		{"10.0.0.1", FLOW_NO_VNI, 3, NONE, NULL, "three"},
	};
	given("zones:\n"
	      "  - {id: z, match: {cidr: [10.0.0.0/25, 10.0.1.0/25], vni: [5, 6], vlan: [1, 2]},\n"
	      "     class: public}\n"
	      "  - {id: rest, match: {cidr: 10.0.0.0/16}, class: public}\n"
	      "  - {id: three, match: {cidr: 10.0.0.0/24, vlan: [3, 4]}, class: public}\n");
	check_rows(rows, COUNT(rows));
}

/* ---- mistakes ---- */

static void
mistakes_are_told(void)
{
	static const struct {
		const char *text, *faults;
	} rows[] = {
		{"zones: [{id: a, match: {}, class: public}]",
		 "p.yaml:1:24: match names nothing, expected cidr, vlan, vni or port\n"},
		{"zones: [{id: a, match: {cidr: []}, class: public}]",
		 "p.yaml:1:24: match names nothing, expected cidr, vlan, vni or port\n"},
		{"zones: [{id: unmapped, match: {vlan: 1}, class: public}]",
		 "p.yaml:1:14: zone `unmapped` stands for what no zone lists; choose another id\n"},
		{"zones:\n"
		 "  - {id: a, match: {vlan: 1}, class: public}\n"
		 "  - {id: a, match: {vlan: 2}, class: public}\n",
		 "p.yaml:3:10: zone `a` is given again\n"},
		{"zones:\n"
		 "  - {id: a, match: {vlan: [1, 2]}, class: public}\n"
		 "  - {id: b, match: {vlan: [2, 3]}, class: public}\n",
		 "p.yaml:3:20: zone `b` has the same keys as zone `a`\n"},
		{"zones:\n"
		 "  - {id: a, match: {cidr: [10.0.0.0/8, 10.0.0.0/8]}, class: public}\n"
		 "  - {id: b, match: {cidr: [11.0.0.0/8, 10.0.0.0/8]}, class: public}\n",
		 "p.yaml:3:20: zone `b` has the same keys as zone `a`: 10.0.0.0/8\n"},
		{"zones:\n"
		 "  - {id: a, match: {cidr: 10.0.0.0/8, vlan: 1}, class: public}\n"
		 "  - {id: b, match: {cidr: 10.0.0.0/8, vlan: [0, 1]}, class: public}\n",
		 "p.yaml:3:20: zone `b` has the same keys as zone `a`: 10.0.0.0/8\n"},
		{"zones: [{id: a, match: {vlan: 1}, class: health, privacy: excluded}]",
		 "p.yaml:1:59: `excluded` is refused for class health: from health up, flows have "
		 "to be judged\n"},
		{"zones: [{id: a, match: {vlan: 1}, class: secret, privacy: excluded}]",
		 "p.yaml:1:59: `excluded` is refused for class secret: from health up, flows have "
		 "to be judged\n"},
		{"zones: [{id: a, match: {vlan: 4095}, class: public}]",
		 "p.yaml:1:31: `vlan` is `4095`, expected a whole number from 0 to 4094\n"},
		{"zones: [{id: a, match: {cidr: [x]}, class: public}]",
		 "p.yaml:1:32: expected a prefix as in 198.51.100.0/24 or 2001:db8::/32\n"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		build(rows[i].text);
		policy_text_expect(&run.text.faults, rows[i].faults);
		/* A mistake that reading told leaves a table for those who look for more. */
		zone_table_destroy(run.table);
		run.table = NULL;
	}
}

/* Appends "key: [0, 1, ...]". */
static void
add_numbers(FILE *out, const char *key, unsigned count)
{
	fprintf(out, "%s: [", key);
	for (unsigned i = 0; i < count; i++)
		fprintf(out, "%s%u", i == 0 ? "" : ", ", i);
	fputs("]", out);
}

static void
more_combinations_than_a_table_should_hold_are_refused(void)
{
	static const struct {
		unsigned vlans, vnis;
		const char *faults;
	} rows[] = {
		{256, 256, ""},
		{257, 256,
		 "p.yaml:1:24: the values of this zone's keys make over 65536 combinations; use "
		 "prefixes for addresses, or more zones\n"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text;
		size_t len;
		FILE *out = open_memstream(&text, &len);
		CU_ASSERT_PTR_NOT_NULL_FATAL(out);
		fputs("zones: [{id: a, match: {", out);
		add_numbers(out, "vlan", rows[i].vlans);
		fputs(", ", out);
		add_numbers(out, "vni", rows[i].vnis);
		fputs("}, class: public}]\n", out);
		fclose(out);
		build(text);
		free(text);
		policy_text_expect(&run.text.faults, rows[i].faults);
	}
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(the_longest_prefix_wins),
		CASE(vni_goes_before_vlan_before_port_before_prefix),
		CASE(keys_of_one_match_hold_together),
		CASE(within_a_step_the_longest_prefix_wins_and_none_is_the_shortest),
		CASE(untagged_captures_find_zones_with_tags_by_prefix),
		CASE(a_tag_alone_finds_the_zone_that_names_no_prefix),
		CASE(without_zones_one_stands_for_every_local_address),
		CASE(every_field_arrives_and_the_label_is_the_id_by_default),
		CASE(values_of_a_key_are_alternatives),
		CASE(ten_thousand_zones_answer_as_ten_do),
		CASE(mistakes_are_told),
		CASE(more_combinations_than_a_table_should_hold_are_refused),
	};
	int status = unit_run("zones", cases, COUNT(cases));

	forget();
	return status;
}
