/* SPDX-License-Identifier: Apache-2.0 */
#include "app/settings_check.h"

#include "app/output_guard.h"
#include "app/settings_file.h"
#include "dashboard-export/site_key.h"

/* The value under `part.key`; NULL where the file does not give it. */
static const struct config_node *
find_value(const struct settings *settings, const char *part, const char *key)
{
	const struct config_node *record =
		settings->file != NULL ? config_node_find(settings->file->self, part) : NULL;

	return record != NULL ? config_node_find(record, key) : NULL;
}

void
settings_check_key(const struct settings *settings, struct fault_list *faults)
{
	const struct config_node *node = find_value(settings, "privacy", "key_file");
	char why[200];

	if (settings->key_file == NULL || site_key_check(settings->key_file, why) == 0)
		return;
	if (node != NULL && !config_node_is_null(node))
		config_node_fault(node, faults, "%s: %s", settings->key_file, why);
	else
		fault_list_add(faults, settings->key_file, 0, 0, "%s", why);
}

static void
check_output(const struct settings *settings, const char *key, const char *path,
	     struct fault_list *faults)
{
	const char *loss = path != NULL ? output_guard_find_loss(settings, path) : NULL;

	if (loss != NULL)
		config_node_fault(find_value(settings, "run", key), faults,
				  "`%s` is %s: %s; name another file", key, loss, path);
}

void
settings_check_outputs(const struct settings *settings, struct fault_list *faults)
{
	const char *flows = settings->run_flows, *alerts = settings->run_alerts;

	check_output(settings, "flows", flows, faults);
	check_output(settings, "alerts", alerts, faults);
	if (flows != NULL && alerts != NULL && output_guard_is_same_place(flows, alerts))
		config_node_fault(find_value(settings, "run", "alerts"), faults,
				  "`alerts` goes where `flows` goes, %s: two streams of lines in "
				  "one cannot be told apart",
				  alerts);
}
