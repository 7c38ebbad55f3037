/* SPDX-License-Identifier: Apache-2.0 */
#include "app/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/settings_file.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void
print_faults(const struct fault_list *faults)
{
	for (size_t i = 0; i < faults->count && i < FAULT_LIST_MAX; i++)
		printf("# %s\n", faults->faults[i].text);
}

/* Settings of a text without mistakes; free with settings_fini. */
static struct settings
given(const char *text)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct settings settings;

	int error = settings_parse("settings.yaml", text, strlen(text), &settings, &faults);
	print_faults(&faults);
	CU_ASSERT_EQUAL_FATAL(error, 0);
	CU_ASSERT_EQUAL_FATAL(faults.count, 0);
	fault_list_fini(&faults);
	return settings;
}

static struct settings
loaded(const char *path)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct settings settings;

	int error = settings_load(path, &settings, &faults);
	print_faults(&faults);
	CU_ASSERT_EQUAL_FATAL(error, 0);
	fault_list_fini(&faults);
	return settings;
}

static bool
is_inside(const struct settings *settings, const char *text)
{
	struct ip_address address;

	CU_ASSERT_EQUAL_FATAL(ip_address_parse(text, &address), 0);
	return inside_map_contains(&settings->inside, &address);
}

static void
check_same_text(const char *a, const char *b)
{
	CU_ASSERT_TRUE(a == b || (a != NULL && b != NULL && strcmp(a, b) == 0));
}

static void
check_same(const struct settings *a, const struct settings *b)
{
	check_same_text(a->origin_table, b->origin_table);
	check_same_text(a->asn_mmdb, b->asn_mmdb);
	check_same_text(a->country_mmdb, b->country_mmdb);
	check_same_text(a->catalogue, b->catalogue);
	check_same_text(a->rules, b->rules);
	check_same_text(a->run_alerts, b->run_alerts);
	CU_ASSERT_EQUAL(a->alert_retention_days, b->alert_retention_days);
	CU_ASSERT_EQUAL(a->policy_file.zones.count, b->policy_file.zones.count);
	CU_ASSERT_EQUAL(a->policy_file.exceptions.count, b->policy_file.exceptions.count);
	check_same_text(a->run_flows, b->run_flows);
	CU_ASSERT_EQUAL(prefix_map_count(a->inside.prefixes), prefix_map_count(b->inside.prefixes));
	CU_ASSERT_EQUAL(a->workers, b->workers);
	CU_ASSERT_EQUAL(a->max_flows, b->max_flows);
	CU_ASSERT_EQUAL(a->protocol_detection, b->protocol_detection);
	CU_ASSERT_EQUAL(memcmp(&a->timeouts, &b->timeouts, sizeof(a->timeouts)), 0);
	CU_ASSERT_EQUAL(a->addresses, b->addresses);
	CU_ASSERT_EQUAL(a->run_port_count, b->run_port_count);
	CU_ASSERT_EQUAL(a->run_eal_count, b->run_eal_count);
	CU_ASSERT_EQUAL(a->run_report_s, b->run_report_s);
	CU_ASSERT_EQUAL(a->alert_update_s, b->alert_update_s);
	CU_ASSERT_EQUAL(a->alert_rule_limit, b->alert_rule_limit);
	CU_ASSERT_EQUAL(a->alert_limit, b->alert_limit);
	check_same_text(a->sensor_name, b->sensor_name);
	CU_ASSERT_EQUAL(a->enterprise_number, b->enterprise_number);
	check_same_text(a->journal_path, b->journal_path);
	CU_ASSERT_EQUAL(a->flow_retention_days, b->flow_retention_days);
	CU_ASSERT_EQUAL(a->sink_count, b->sink_count);
}

static void
without_a_file_the_defaults_hold(void)
{
	static const struct flow_timeouts timeouts = FLOW_TIMEOUTS_DEFAULT;
	struct settings s = loaded(NULL);

	CU_ASSERT_EQUAL(s.workers, 1);
	CU_ASSERT_EQUAL(s.max_flows, SETTINGS_FLOWS_DEFAULT);
	CU_ASSERT_EQUAL(s.protocol_detection, PROTOCOL_DETECTION_UNNAMED);
	CU_ASSERT_EQUAL(memcmp(&s.timeouts, &timeouts, sizeof(timeouts)), 0);
	CU_ASSERT_EQUAL(s.addresses, SETTINGS_ADDRESSES_DEFAULT);
	CU_ASSERT_PTR_NULL(s.asn_mmdb);
	CU_ASSERT_PTR_NULL(s.run_flows);
	CU_ASSERT_EQUAL(s.run_port_count + s.run_eal_count, 0);
	CU_ASSERT_EQUAL(s.run_report_s, 60);
	CU_ASSERT_PTR_NOT_NULL(s.catalogue);
	CU_ASSERT_PTR_NOT_NULL(s.rules);
	CU_ASSERT_EQUAL(s.alert_retention_days, 180);
	CU_ASSERT_EQUAL(s.alert_update_s, 60);
	CU_ASSERT_EQUAL(s.alert_rule_limit, 600);
	CU_ASSERT_EQUAL(s.alert_limit, 3000);
	CU_ASSERT_EQUAL(s.enterprise_number, 32473);
	CU_ASSERT_EQUAL(s.flow_retention_days, 30);
	CU_ASSERT_EQUAL(s.sink_count, 0);
	CU_ASSERT_FATAL(s.sensor_name != NULL && *s.sensor_name != '\0');
	CU_ASSERT_FALSE(s.from_file);
	CU_ASSERT_PTR_NULL(s.key_file);
	CU_ASSERT_TRUE(is_inside(&s, "10.1.2.3"));
	CU_ASSERT_TRUE(is_inside(&s, "198.51.100.1"));
	CU_ASSERT_FALSE(is_inside(&s, "8.8.8.8"));
	settings_fini(&s);
}

static void
an_empty_file_and_empty_keys_change_nothing(void)
{
	static const char *const texts[] = {
		"",
		"# only a remark\n",
		"{}",
		"flows:\nrun:\nprivacy:\npolicy:\nzones:\ncatalogue:\ndatabases:\n",
		"flows: {}\nrun: {}\nprivacy: {}\npolicy: {}\nzones: []\ndatabases: {}\n",
		"flows: {timeouts: {}}\n",
		"flows: {workers: , max_flows: ~, timeouts: null}\n",
	};
	struct settings defaults = loaded(NULL);

	for (size_t i = 0; i < COUNT(texts); i++) {
		struct settings s = given(texts[i]);
		check_same(&s, &defaults);
		settings_fini(&s);
	}
	settings_fini(&defaults);
}

static void
a_timeout_that_is_not_given_keeps_its_default(void)
{
	struct settings s = given("flows: {timeouts: {udp: 7}}\n");

	CU_ASSERT_EQUAL(s.timeouts.tcp_s, 300);
	CU_ASSERT_EQUAL(s.timeouts.tcp_closed_s, 10);
	CU_ASSERT_EQUAL(s.timeouts.udp_s, 7);
	CU_ASSERT_EQUAL(s.timeouts.other_s, 60);
	CU_ASSERT_EQUAL(s.timeouts.active_s, 300);
	settings_fini(&s);
}

static void
every_key_arrives(void)
{
	char text[4096];

	/* Any file that is there will do: what it holds is looked at when it is opened. */
	snprintf(text, sizeof(text),
		 "catalogue: %1$s\n"
		 "rules: %1$s\n"
		 "databases: {table: %1$s, asn: %1$s, country: %1$s}\n"
		 "flows:\n"
		 "  workers: 64\n"
		 "  max_flows: 268435456\n  protocol_detection: all\n"
		 "  timeouts: {tcp: 1, tcp_closed: 2, udp: 3, other: 4, active: 86400}\n"
		 "run:\n"
		 "  flows: /tmp/flows\n"
		 "  alerts: /tmp/alerts\n"
		 "  ports: [\"0000:01:00.0\", net_pcap0]\n"
		 "  eal: [--no-huge, -m, \"512\"]\n"
		 "  report_every: 0\n"
		 "privacy: {addresses: pseudonym, dpia_ref: X, staff_informed_on: 2026-06-15,\n"
		 "  key_file: /tmp/key, alert_retention_days: 365}\n"
		 "policy: {inside: [8.8.8.0/24, \"2620:fe::/48\"], max_age_days: 400}\n"
		 "zones:\n"
		 "  - {id: a, match: {cidr: [9.9.9.0/24, 9.9.8.9]}, class: public}\n"
		 "  - {id: b, match: {cidr: 1.1.1.1, vlan: 7}, class: public}\n"
		 "  - {id: c, match: {vlan: 8}, class: public, content_inspection: on}\n"
		 "thresholds: {}\nresolvers: [10.0.0.1]\n"
		 "alerts: {minimum: low, update_every: 0, rule_limit: 1, limit: 0}\n"
		 "sensor: {name: vigie-1, enterprise_number: 4294967295}\n"
		 "journal: {path: /tmp/j.db, flow_retention_days: 365}\n"
		 "sinks: [{name: a, type: unix, path: /dev/log}]\n",
		 unit_source_path("LICENSE"));
	struct settings s = given(text);
	check_same_text(s.catalogue, unit_source_path("LICENSE"));
	check_same_text(s.rules, unit_source_path("LICENSE"));
	check_same_text(s.origin_table, unit_source_path("LICENSE"));
	check_same_text(s.asn_mmdb, unit_source_path("LICENSE"));
	check_same_text(s.country_mmdb, unit_source_path("LICENSE"));
	CU_ASSERT_EQUAL(s.workers, 64);
	CU_ASSERT(s.max_flows == 268435456 && s.protocol_detection == PROTOCOL_DETECTION_ALL);
	static const struct flow_timeouts timeouts = {1, 2, 3, 4, 86400};
	CU_ASSERT_EQUAL(memcmp(&s.timeouts, &timeouts, sizeof(timeouts)), 0);
	check_same_text(s.run_flows, "/tmp/flows");
	check_same_text(s.run_alerts, "/tmp/alerts");
	check_same_text(s.key_file, "/tmp/key");
	CU_ASSERT_EQUAL(s.alert_retention_days, 365);
	CU_ASSERT_TRUE(s.from_file);
	CU_ASSERT_EQUAL(s.alert_update_s, 0);
	CU_ASSERT_EQUAL(s.alert_rule_limit, 1);
	CU_ASSERT_EQUAL(s.alert_limit, 0);
	check_same_text(s.sensor_name, "vigie-1");
	CU_ASSERT_EQUAL(s.enterprise_number, UINT32_MAX);
	check_same_text(s.journal_path, "/tmp/j.db");
	CU_ASSERT_EQUAL(s.flow_retention_days, 365);
	CU_ASSERT_EQUAL(s.sink_count, 1);
	CU_ASSERT_EQUAL(s.policy_file.zones.count, 3);
	CU_ASSERT_PTR_NOT_NULL(s.policy_file.alerts);
	CU_ASSERT_EQUAL(s.policy_file.resolvers.count, 1);
	CU_ASSERT_EQUAL_FATAL(s.run_port_count, 2);
	check_same_text(s.run_ports[0], "0000:01:00.0");
	check_same_text(s.run_ports[1], "net_pcap0");
	CU_ASSERT_EQUAL_FATAL(s.run_eal_count, 3);
	check_same_text(s.run_eal[2], "512");
	CU_ASSERT_EQUAL(s.run_report_s, 0);
	CU_ASSERT_EQUAL(s.addresses, SETTINGS_ADDRESSES_PSEUDONYM);
	static const char *const inside[] = {"8.8.8.8", "2620:fe::9", "9.9.9.9", "9.9.8.9",
					     "1.1.1.1"};
	for (size_t i = 0; i < COUNT(inside); i++)
		CU_ASSERT_TRUE(is_inside(&s, inside[i]));
	static const char *const outside[] = {"8.8.9.8", "2620:ff::9", "9.9.8.8", "1.1.1.2"};
	for (size_t i = 0; i < COUNT(outside); i++)
		CU_ASSERT_FALSE(is_inside(&s, outside[i]));
	settings_fini(&s);
}

static void
addresses_are_one_of_three_words(void)
{
	static const struct {
		const char *text;
		enum settings_addresses addresses;
	} rows[] = {
		{"privacy: {addresses: default}", SETTINGS_ADDRESSES_DEFAULT},
		{"privacy: {addresses: clear}", SETTINGS_ADDRESSES_CLEAR},
		{"privacy: {addresses: pseudonym}", SETTINGS_ADDRESSES_PSEUDONYM},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct settings s = given(rows[i].text);
		CU_ASSERT_EQUAL(s.addresses, rows[i].addresses);
		settings_fini(&s);
	}
}

static const struct {
	const char *text;
	const char *fault;
} mistakes[] = {
	{"- a\n", "s.yaml:1:1: settings is a list, expected a mapping"},
	{"flow: {}\n", "s.yaml:1:1: unknown key `flow`: did you mean `flows`?"},
	{"quite_another: 1\n", "s.yaml:1:1: unknown key `quite_another` in settings"},
	{"flows: 3\n", "s.yaml:1:8: flows is a text, expected a mapping"},
	{"flows:\n  worker: 3\n", "s.yaml:2:3: unknown key `worker`: did you mean `workers`?"},
	{"flows:\n  workers: 65\n",
	 "s.yaml:2:12: `workers` is `65`, expected a whole number from 1 to 64"},
	{"flows: {workers: 0}\n",
	 "s.yaml:1:18: `workers` is `0`, expected a whole number from 1 to 64"},
	{"flows: {workers: two}\n",
	 "s.yaml:1:18: `workers` is `two`, expected a whole number from 1 to 64"},
	{"flows: {workers: -1}\n",
	 "s.yaml:1:18: `workers` is `-1`, expected a whole number from 1 to 64"},
	{"flows: {workers: [1]}\n", "s.yaml:1:18: `workers` is a list, expected one value"},
	{"flows: {max_flows: 15}\n",
	 "s.yaml:1:20: `max_flows` is `15`, expected a whole number from 16 to 268435456"},
	{"flows: {max_flows: 268435457}\n", "s.yaml:1:20: `max_flows` is `268435457`, "
					    "expected a whole number from 16 to 268435456"},
	{"flows: {protocol_detection: some}\n",
	 "s.yaml:1:29: unknown `protocol_detection` `some`, expected one of off, unnamed, all"},
	{"flows:\n  timeouts:\n    tcp: 86401\n",
	 "s.yaml:3:10: `tcp` is `86401`, expected a whole number from 1 to 86400"},
	{"flows: {timeouts: {tcp_closed: 0}}\n",
	 "s.yaml:1:32: `tcp_closed` is `0`, expected a whole number from 1 to 86400"},
	{"flows: {timeouts: {tpc: 1}}\n", "s.yaml:1:20: unknown key `tpc`: did you mean `tcp`?"},
	{"run: {report_every: 1m}\n",
	 "s.yaml:1:21: `report_every` is `1m`, expected a whole number from 0 to 86400"},
	{"run: {ports: {a: b}}\n", "s.yaml:1:14: `ports` is a mapping, expected one value"},
	{"run: {eal: [[a]]}\n", "s.yaml:1:13: `eal` is a list, expected one value"},
	{"run: {flows: \"\"}\n", "s.yaml:1:14: `flows` is empty"},
	{"privacy: {addresses: clean}\n",
	 "s.yaml:1:22: unknown `addresses` `clean`: did you mean `clear`?"},
	{"privacy: {addresses: 7}\n",
	 "s.yaml:1:22: unknown `addresses` `7`, expected one of default, clear, pseudonym"},
	{"policy: {inside: [10.0.0.1/8]}\n", "s.yaml:1:19: `10.0.0.1/8` has bits set behind "
					     "its length, expected them to be zero"},
	{"policy: {inside: [10.0.0.0/33]}\n",
	 "s.yaml:1:19: expected a prefix as in 198.51.100.0/24 or 2001:db8::/32"},
	{"policy: {inside: [[8.8.8.8]]}\n",
	 "s.yaml:1:19: expected a prefix as in 198.51.100.0/24 or 2001:db8::/32"},
	{"policy: {inside: {a: 8.8.8.8}}\n",
	 "s.yaml:1:18: `inside` is a mapping, expected a prefix or a list of prefixes"},
	{"zones: all\n", "s.yaml:1:8: `zones` is a text, expected a list"},
	{"zones:\n  - rh\n", "s.yaml:2:5: zone is a text, expected a mapping"},
	{"zones: [{id: a, class: public, match: [8.8.8.8]}]\n",
	 "s.yaml:1:39: match is a list, expected a mapping"},
	{"zones:\n  - match: {cidr: nowhere}\n    id: a\n    class: public\n",
	 "s.yaml:2:19: expected a prefix as in 198.51.100.0/24 or 2001:db8::/32"},
	{"zones: [{id: a, match: {vlan: 1}, class: public, content_inspection: on}]\n",
	 "s.yaml:1:70: content inspection needs `privacy.dpia_ref` and "
	 "`privacy.staff_informed_on`"},
	{"privacy: {alert_retention_days: 0}\n",
	 "s.yaml:1:33: `alert_retention_days` is `0`, expected a whole number from 1 to 365"},
	{"privacy: {alert_retention_days: 366}\n",
	 "s.yaml:1:33: `alert_retention_days` is `366`, expected a whole number from 1 to 365"},
	{"alerts: {update_every: 86401}\n",
	 "s.yaml:1:24: `update_every` is `86401`, expected a whole number from 0 to 86400"},
	{"alerts: {rule_limit: 1000001}\n",
	 "s.yaml:1:22: `rule_limit` is `1000001`, expected a whole number from 0 to 1000000"},
	{"include: other.yaml\n", "s.yaml:1:10: `include` works in files only"},
	{"rules: /no/such\n", "s.yaml:1:8: /no/such: No such file or directory"},
	{"databases:\n  country: /no/such.mmdb\n",
	 "s.yaml:2:12: /no/such.mmdb: No such file or directory"},
	{"databases: {table: /no/such}\n", "s.yaml:1:20: /no/such: No such file or directory"},
	{"databases: {asn: /no/such}\n", "s.yaml:1:18: /no/such: No such file or directory"},
	{"catalogue: /no/such\n", "s.yaml:1:12: /no/such: No such file or directory"},
};

static void
every_mistake_has_its_place_and_its_words(void)
{
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		struct settings s;
		int error = settings_parse("s.yaml", mistakes[i].text, strlen(mistakes[i].text), &s,
					   &faults);
		CU_ASSERT_EQUAL(error, -EINVAL);
		CU_ASSERT_EQUAL(faults.count, 1);
		const char *fault = faults.count != 0 ? faults.faults[0].text : "";
		if (strcmp(fault, mistakes[i].fault) != 0)
			printf("# %s: expected %s\n", fault, mistakes[i].fault);
		CU_ASSERT_STRING_EQUAL(fault, mistakes[i].fault);
		fault_list_fini(&faults);
		settings_fini(&s);
	}
}

static void
broken_yaml_is_told_with_its_line(void)
{
	static const char *const texts[] = {
		"flows: [\n",       "flows: {workers: 1\nrun: {}\n", "\tflows: 1\n",
		"a: &x 1\nb: *x\n", "flows: {}\nflows: {}\n",
	};
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		struct settings s;
		CU_ASSERT_EQUAL(settings_parse("s.yaml", texts[i], strlen(texts[i]), &s, &faults),
				-EINVAL);
		CU_ASSERT_TRUE_FATAL(faults.count > 0);
		CU_ASSERT_EQUAL(strncmp(faults.faults[0].text, "s.yaml:", 7), 0);
		fault_list_fini(&faults);
		settings_fini(&s);
	}
}

static void
all_mistakes_are_told_in_one_run(void)
{
	static const char text[] = "flows: {workers: 99, max_flows: 1}\n"
				   "databases: {country: /no/such.mmdb}\n"
				   "policy: {inside: [x, 10.0.0.0/8, y]}\n"
				   "zones: [z]\n"
				   "privcy: {}\n";
	struct fault_list faults = FAULT_LIST_INIT;
	struct settings s;

	CU_ASSERT_EQUAL(settings_parse("s.yaml", text, sizeof(text) - 1, &s, &faults), -EINVAL);
	CU_ASSERT_EQUAL(faults.count, 7);
	if (faults.count != 7)
		print_faults(&faults);
	fault_list_fini(&faults);
	settings_fini(&s);
}

static void
a_file_that_is_not_there_is_a_fault(void)
{
	static const char *const paths[] = {"/no/such/settings.yaml", "/", ""};

	for (size_t i = 0; i < COUNT(paths); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		struct settings s;
		CU_ASSERT_EQUAL(settings_load(paths[i], &s, &faults), -EINVAL);
		CU_ASSERT_EQUAL(faults.count, 1);
		fault_list_fini(&faults);
		settings_fini(&s);
	}
}

static void
documentation_addresses_are_outside_where_zones_say_what_is_inside(void)
{
	struct settings s = given("policy: {inside: 8.8.8.8}\n");

	CU_ASSERT_TRUE(is_inside(&s, "203.0.113.5"));
	settings_fini(&s);
	s = given("zones: [{id: a, match: {cidr: 198.51.100.0/24}, class: public}]\n");
	CU_ASSERT_FALSE(is_inside(&s, "203.0.113.5"));
	CU_ASSERT_TRUE(is_inside(&s, "198.51.100.5"));
	CU_ASSERT_TRUE(is_inside(&s, "10.0.0.1"));
	settings_fini(&s);
}

static void
settings_without_a_key_file_have_the_usual_one(void)
{
	setenv("VIGIE_STATE", "/tmp/state", 1);
	struct settings s = given("privacy: {addresses: clear}\n");
	check_same_text(s.key_file, "/tmp/state/site.key");
	settings_fini(&s);
	unsetenv("VIGIE_STATE");
}

static void
faults_of_a_database_stand_at_its_key(void)
{
	struct fault_list found = FAULT_LIST_INIT, faults = FAULT_LIST_INIT;
	char text[512], expected[512];
	const char *path = unit_source_path("LICENSE");

	snprintf(text, sizeof(text), "databases:\n  asn: %s\n", path);
	snprintf(expected, sizeof(expected), "settings.yaml:2:8: %s: no database", path);
	struct settings s = given(text);
	fault_list_add(&found, path, 0, 0, "no database");
	fault_list_add(&found, "other.mmdb", 0, 0, "is cut");
	fault_list_add(&found, path, 7, 0, "knows its line");
	settings_add_faults(&s, &found, &faults);
	CU_ASSERT_EQUAL_FATAL(faults.count, 3);
	CU_ASSERT_STRING_EQUAL(faults.faults[0].text, expected);
	CU_ASSERT_STRING_EQUAL(faults.faults[1].text, "other.mmdb: is cut");
	CU_ASSERT_EQUAL(faults.faults[2].line, 7);
	fault_list_fini(&found);
	fault_list_fini(&faults);
	settings_fini(&s);
}

static void
a_data_folder_that_is_chosen_has_to_be_there(void)
{
	static const char *const folders[] = {"/no/such/folder", "/dev/null"};

	for (size_t i = 0; i < COUNT(folders); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		struct settings s;
		setenv("VIGIE_DATA", folders[i], 1);
		CU_ASSERT_EQUAL(settings_load(NULL, &s, &faults), -EINVAL);
		CU_ASSERT_EQUAL_FATAL(faults.count, 1);
		CU_ASSERT_EQUAL(strncmp(faults.faults[0].text, "VIGIE_DATA: ", 12), 0);
		fault_list_fini(&faults);
		settings_fini(&s);
	}
	setenv("VIGIE_DATA", "/tmp", 1);
	struct settings s = loaded(NULL);
	settings_fini(&s);
	unsetenv("VIGIE_DATA");
}

static void
included_files_are_part_of_the_settings(void)
{
	char folder[] = "/tmp/vigie-settings-XXXXXX", path[64], other[64];
	FILE *file;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/s.yaml", folder);
	snprintf(other, sizeof(other), "%s/zones.yaml", folder);
	file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs("include: zones.yaml\nflows: {workers: 2}\n", file);
	fclose(file);
	file = fopen(other, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs("zones: [{id: a, match: {cidr: 9.9.9.9}, class: public}]\n", file);
	fclose(file);
	struct settings s = loaded(path);
	CU_ASSERT_EQUAL(s.workers, 2);
	CU_ASSERT_EQUAL(s.policy_file.zones.count, 1);
	CU_ASSERT_TRUE(is_inside(&s, "9.9.9.9"));
	settings_fini(&s);
	unlink(path);
	unlink(other);
	rmdir(folder);
}

static void
the_ministrys_policy_is_a_valid_file(void)
{
	struct settings s = loaded(unit_source_path("tests/unit/app/ministere-des-phares.yaml"));

	CU_ASSERT_EQUAL(prefix_map_count(s.inside.prefixes), 6);
	CU_ASSERT_EQUAL(s.workers, 1);
	settings_fini(&s);
}

static void
the_shipped_example_is_the_defaults(void)
{
	struct settings defaults = loaded(NULL);
	struct settings s = loaded(unit_source_path("configs/vigie.yaml"));

	check_same(&s, &defaults);
	settings_fini(&s);
	settings_fini(&defaults);
}

/* Name of the key on a line of the example, in `key`; false for other lines. */
static bool
shown_key(const char *line, char *key, size_t size)
{
	size_t skip = strspn(line, " #-"), len = strcspn(line + skip, ": \n");

	if (line[skip + len] != ':' || len == 0 || len >= size)
		return false;
	memcpy(key, line + skip, len);
	key[len] = '\0';
	return true;
}

/* Whether a line of the example has the key. */
static bool
is_shown(FILE *example, const char *key)
{
	char line[512], shown[64];

	rewind(example);
	while (fgets(line, sizeof(line), example) != NULL) {
		if (shown_key(line, shown, sizeof(shown)) && strcmp(shown, key) == 0)
			return true;
	}
	return false;
}

/* The schemas do not lead back to themselves, so this ends. */
static void
check_schema_is_shown(FILE *example, const struct config_schema *schema)
{
	for (size_t i = 0; i < schema->field_count; i++) {
		const struct config_field *field = &schema->fields[i];
		if (field->type == CONFIG_SELF)
			continue;
		bool shown = is_shown(example, field->key);
		if (!shown)
			printf("# configs/vigie.yaml does not show `%s`\n", field->key);
		CU_ASSERT_TRUE(shown);
		if (field->schema != NULL)
			check_schema_is_shown(example, field->schema);
	}
}

static void
the_shipped_example_shows_every_key(void)
{
	FILE *file = fopen(unit_source_path("configs/vigie.yaml"), "r");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	check_schema_is_shown(file, &settings_file_schema);
	fclose(file);
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(without_a_file_the_defaults_hold),
		CASE(an_empty_file_and_empty_keys_change_nothing),
		CASE(a_timeout_that_is_not_given_keeps_its_default),
		CASE(every_key_arrives),
		CASE(addresses_are_one_of_three_words),
		CASE(every_mistake_has_its_place_and_its_words),
		CASE(broken_yaml_is_told_with_its_line),
		CASE(all_mistakes_are_told_in_one_run),
		CASE(a_file_that_is_not_there_is_a_fault),
		CASE(documentation_addresses_are_outside_where_zones_say_what_is_inside),
		CASE(settings_without_a_key_file_have_the_usual_one),
		CASE(faults_of_a_database_stand_at_its_key),
		CASE(a_data_folder_that_is_chosen_has_to_be_there),
		CASE(included_files_are_part_of_the_settings),
		CASE(the_ministrys_policy_is_a_valid_file),
		CASE(the_shipped_example_is_the_defaults),
		CASE(the_shipped_example_shows_every_key),
	};
	return unit_run("settings", cases, COUNT(cases));
}
