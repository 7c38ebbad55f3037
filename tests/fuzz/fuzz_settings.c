/* SPDX-License-Identifier: Apache-2.0 */
/* A settings file: whatever it says, the answer is settings within their limits, or at least one
 * fault. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/settings.h"

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
	read_text(s->run_flows);
	for (size_t i = 0; i < s->run_port_count; i++)
		sink += strlen(s->run_ports[i]);
	for (size_t i = 0; i < s->run_eal_count; i++)
		sink += strlen(s->run_eal[i]);
	sink += inside_map_contains(&s->inside, &any);
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
	if (error == 0)
		require_within_limits(&settings);
	fault_list_fini(&faults);
	settings_fini(&settings);
	return 0;
}
