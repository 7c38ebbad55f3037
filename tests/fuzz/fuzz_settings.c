/* SPDX-License-Identifier: Apache-2.0 */
/* A settings file: whatever it says, the answer is settings within their limits, or at least one
 * fault; a policy can be made of what was read, with or without mistakes; and what is printed of
 * settings without mistakes reads back to the same. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/settings.h"
#include "app/settings_print.h"
#include "base/flow_record.h"
#include "classifier/policy/policy.h"
#include "dashboard-export/sinks/sink_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile size_t sink;

static void
read_text(const char *text)
{
	if (text != NULL)
		sink += strlen(text);
}

static void
require_within_limits(const struct settings *s)
{
	struct ip_address any = {.version = 4, .bytes = {8, 8, 8, 8}};

	if (s->workers < 1 || s->workers > SETTINGS_WORKERS_MAX ||
	    s->max_flows < SETTINGS_FLOWS_MIN || s->max_flows > SETTINGS_FLOWS_MAX ||
	    s->addresses > SETTINGS_ADDRESSES_PSEUDONYM || s->catalogue == NULL)
		abort();
	read_text(s->origin_table);
	read_text(s->asn_mmdb);
	read_text(s->country_mmdb);
	read_text(s->catalogue);
	read_text(s->rules);
	read_text(s->key_file);
	read_text(s->run_alerts);
	read_text(s->run_flows);
	read_text(s->sensor_name);
	read_text(s->journal_path);
	for (size_t i = 0; i < s->sink_count; i++) {
		const struct sink_config *to = &s->sinks[i];
		if (to->kind == NULL || to->format == NULL || to->limit < FORMAT_LIMIT_MIN ||
		    to->limit > FORMAT_MESSAGE_MAX || to->batch == 0 || to->timeout_s == 0)
			abort();
		read_text(to->name);
		read_text(to->host);
		read_text(to->port);
		read_text(to->brokers);
	}
	for (size_t i = 0; i < s->run_port_count; i++)
		sink += strlen(s->run_ports[i]);
	for (size_t i = 0; i < s->run_eal_count; i++)
		sink += strlen(s->run_eal[i]);
	sink += inside_map_contains(&s->inside, &any);
}

static const struct rule_book rules = {
	.thresholds = {.trace_below = 64 << 10,
		       .export_min = 1 << 20,
		       .export_ratio = 6000,
		       .bulk_min = 100 << 20},
	.max_age_days = 400,
};

/* Made once; stays reachable. */
static struct catalogue *
catalogue_of_two(void)
{
	static const char text[] =
		"operators:\n"
		"  - {id: aws, name: A, seat_country: US, exposure: us-direct, source: s,\n"
		"     checked_on: 2026-01-01, services: [{id: s3, name: S, kind: "
		"object-storage}]}\n"
		"  - {id: ovhcloud, name: O, seat_country: FR, exposure: eu-sovereign, source: s,\n"
		"     checked_on: 2026-01-01}\n";
	static struct catalogue *catalogue;
	struct fault_list faults = FAULT_LIST_INIT;

	if (catalogue == NULL)
		catalogue = catalogue_parse("c.yaml", text, sizeof(text) - 1, &faults);
	if (catalogue == NULL)
		abort();
	fault_list_fini(&faults);
	return catalogue;
}

static void
ask(const struct policy *policy)
{
	const struct ip_address addresses[] = {{.version = 4, .bytes = {198, 51, 100, 7}},
					       {.version = 6, .bytes = {0x20, 0x01, 0x0d, 0xb8}}};

	for (unsigned i = 0; i < 2; i++) {
		const struct zone_query query = {&addresses[i], 5030, 110, FLOW_NO_VLAN, 0};
		read_text(zone_table_find(policy->zones, &query)->label);
		sink += zone_table_find_by_tag(policy->zones, &query) != NULL;
		const struct tenancy *tenancy =
			policy_find_tenancy_by_address(policy, &addresses[i]);
		if (tenancy != NULL)
			read_text(tenancy->service->name);
		sink += policy_find_service_by_address(policy, &addresses[i]) != NULL;
		sink += policy_is_resolver(policy, &addresses[i]);
	}
	sink += policy_find_tenancy_by_name(policy, "www.example.org") != NULL;
	sink += policy_find_service_by_name(policy, "www.example.org") != NULL;
	sink += (size_t)policy_day(policy, UINT64_C(1800000000) * 1000000000);
}

/* Free the result. */
static char *
printed(const struct settings *settings, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);

	if (out == NULL || settings_print(settings, &rules, out) != 0)
		abort();
	fclose(out);
	return text;
}

/* Above that the limits of a file might be met. */
#define PRINTED_MAX 100000

static void
require_to_print_back(const struct settings *settings)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct settings again;
	size_t len, len_again;
	char *text = printed(settings, &len);

	if (len <= PRINTED_MAX) {
		if (settings_parse("printed.yaml", text, len, &again, &faults) != 0)
			abort();
		char *text_again = printed(&again, &len_again);
		if (len != len_again || memcmp(text, text_again, len) != 0)
			abort();
		free(text_again);
		settings_fini(&again);
	}
	fault_list_fini(&faults);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct settings settings;
	char *copy = malloc(size > 0 ? size : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	int error = settings_parse("settings.yaml", copy, size, &settings, &faults);
	free(copy);
	if ((error == 0) != (faults.count == 0))
		abort();
	if (error == 0) {
		require_within_limits(&settings);
		require_to_print_back(&settings);
	}
	size_t faults_before = faults.count;
	struct policy *policy =
		policy_create(&settings.policy_file, catalogue_of_two(), &rules, &faults);
	if ((policy != NULL) != (faults.count == faults_before))
		abort();
	if (policy != NULL && error == 0)
		ask(policy);
	policy_destroy(policy);
	fault_list_fini(&faults);
	settings_fini(&settings);
	return 0;
}
