/* SPDX-License-Identifier: Apache-2.0 */
#include "app/settings_print.h"

#include <errno.h>

#include "app/settings_file.h"
#include "base/arena.h"
#include "base/config_writer.h"
#include "dashboard-export/sinks/sink_file.h"

/* The records that the file need not have, so that all of them are printed. */
struct filled {
	struct settings_file file;
	struct file_databases databases;
	struct file_timeouts timeouts;
	struct file_flows flows;
	struct file_run run;
	struct file_privacy privacy;
	struct file_sensor sensor;
	struct file_journal journal;
	struct file_policy policy;
	struct file_thresholds thresholds;
	struct file_day_thresholds day;
	struct file_alerts alerts;
};

/* A zone's own limits beside those that hold for it anyway. */
struct filled_limits {
	struct file_thresholds thresholds;
	struct file_day_thresholds day;
};

static void
fill_program(struct filled *f, const struct settings *s)
{
	f->file.catalogue = s->catalogue;
	f->file.rules = s->rules;
	f->databases = (struct file_databases){
		.table = s->origin_table, .asn = s->asn_mmdb, .country = s->country_mmdb};
	f->timeouts = (struct file_timeouts){s->timeouts.tcp_s, s->timeouts.tcp_closed_s,
					     s->timeouts.udp_s, s->timeouts.other_s,
					     s->timeouts.active_s};
	f->flows = (struct file_flows){.workers = s->workers,
				       .max_flows = s->max_flows,
				       .protocol_detection = (unsigned)s->protocol_detection,
				       .timeouts = &f->timeouts};
	if (f->file.run == NULL)
		f->run = settings_file_run_defaults;
	else
		f->run = *f->file.run;
	f->privacy = f->file.privacy != NULL ? *f->file.privacy : settings_file_privacy_defaults;
	f->privacy.key_file = s->key_file;
	f->sensor = (struct file_sensor){.name = s->sensor_name,
					 .enterprise_number = s->enterprise_number};
	f->journal = (struct file_journal){.path = s->journal_path,
					   .flow_retention_days = s->flow_retention_days};
	f->file.sensor = &f->sensor;
	f->file.journal = &f->journal;
	f->file.databases = &f->databases;
	f->file.flows = &f->flows;
	f->file.run = &f->run;
	f->file.privacy = &f->privacy;
}

/* Returns the limits that hold where a zone has none of its own. */
static struct shape_thresholds
fill_policy(struct filled *f, const struct rule_book *rules)
{
	struct policy_file *policy = &f->file.policy;
	struct shape_thresholds limits = rules->thresholds;

	f->policy = policy->policy != NULL ? *policy->policy : file_policy_defaults;
	if (f->policy.max_age_days == POLICY_FILE_NOT_GIVEN)
		f->policy.max_age_days = rules->max_age_days;
	policy_file_apply_thresholds(policy->thresholds, &limits);
	policy_file_fill_thresholds(&limits, &f->thresholds, &f->day);
	f->alerts = policy->alerts != NULL ? *policy->alerts : file_alerts_defaults;
	policy->policy = &f->policy;
	policy->thresholds = &f->thresholds;
	policy->alerts = &f->alerts;
	return limits;
}

static int
fill_zones(struct config_list *zones, const struct shape_thresholds *limits, struct arena *arena)
{
	const struct file_zone *from = zones->items;
	struct file_zone *to = arena_alloc_array(arena, zones->count, sizeof(*to));
	struct filled_limits *own = arena_alloc_array(arena, zones->count, sizeof(*own));

	if (to == NULL || own == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < zones->count; i++) {
		to[i] = from[i];
		if (to[i].label == NULL)
			to[i].label = to[i].id;
		if (from[i].thresholds == NULL)
			continue;
		struct shape_thresholds its = *limits;
		policy_file_apply_thresholds(from[i].thresholds, &its);
		policy_file_fill_thresholds(&its, &own[i].thresholds, &own[i].day);
		to[i].thresholds = &own[i].thresholds;
	}
	zones->items = to;
	return 0;
}

static int
fill_sinks(struct config_list *sinks, struct arena *arena)
{
	const struct sink_file *from = sinks->items;
	struct sink_file *to = arena_alloc_array(arena, sinks->count, sizeof(*to));
	int error = to != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; i < sinks->count && error == 0; i++)
		error = sink_file_fill(&from[i], arena, &to[i]);
	sinks->items = to;
	return error;
}

int
settings_print(const struct settings *settings, const struct rule_book *rules, FILE *out)
{
	struct arena *arena = arena_create();
	struct filled filled = {0};

	if (arena == NULL)
		return -ENOMEM;
	if (settings->file != NULL)
		filled.file = *settings->file;
	filled.file.include = (struct config_list){0};
	fill_program(&filled, settings);
	const struct shape_thresholds limits = fill_policy(&filled, rules);
	int error = fill_zones(&filled.file.policy.zones, &limits, arena);
	if (error == 0)
		error = fill_sinks(&filled.file.sinks, arena);
	if (error == 0)
		config_write(out, &settings_file_schema, &filled.file, 0);
	arena_destroy(arena);
	return error;
}
