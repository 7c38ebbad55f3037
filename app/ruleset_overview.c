/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ruleset_overview.h"

#include "app/paths.h"
#include "app/settings_file.h"
#include "base/human_text.h"
#include "base/printable_text.h"
#include "dashboard-export/sinks/sink_config.h"
#include "dashboard-export/sinks/sink_file.h"
#include "geo/origin_table.h"

#define EXPIRING_DAYS 30

/* Begins a line: what it is about, and where the second column stands. */
static void
label(FILE *out, const char *what)
{
	fprintf(out, "%-11s ", what);
}

static void
write_settings(const struct settings *settings, const char *path, FILE *out)
{
	label(out, "settings");
	if (path == NULL) {
		fprintf(out, "none: the defaults hold\n");
		return;
	}
	fputs(printable_text(path).text, out);
	const struct settings_file *file = settings->file;
	size_t count = file != NULL ? file->include.count : 0;
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s %s", i == 0 ? ", with" : ",",
			printable_text(((const char *const *)file->include.items)[i]).text);
	fputc('\n', out);
}

static void
write_policy(const struct policy *policy, const struct settings *settings, FILE *out)
{
	const struct file_policy *file = settings->policy_file.policy;

	label(out, "policy");
	fprintf(out, "%s, version %llu, %s\n",
		policy->name != NULL ? printable_text(policy->name).text : "without a name",
		(unsigned long long)policy->version,
		printable_text(file != NULL ? file->time_zone : file_policy_defaults.time_zone)
			.text);
	label(out, "zones");
	if (policy->defaults)
		fprintf(out, "none: all inside hosts are one, class internal\n");
	else
		fprintf(out, "%zu\n", zone_table_count(policy->zones));
	label(out, "tenancies");
	fprintf(out, "%zu\n", settings->policy_file.tenancies.count);
	label(out, "services");
	fprintf(out, "%zu\n", settings->policy_file.services.count);
}

static void
write_exceptions(const struct policy *policy, uint64_t now_ns, FILE *out)
{
	size_t count = exception_list_count(policy->exceptions);
	size_t in_force = 0, ended = 0, ending = 0;
	int32_t today = policy_day(policy, now_ns);

	for (size_t i = 0; i < count; i++) {
		const struct exception *e = exception_list_at(policy->exceptions, i);
		bool holds = e->approved_day <= today && today <= e->expires_day;
		in_force += holds;
		ended += e->expires_day < today;
		ending += holds && e->expires_day - today <= EXPIRING_DAYS;
	}
	label(out, "exceptions");
	fprintf(out, "%zu", count);
	if (count > 0)
		fprintf(out, ": %zu in force, %zu ended, %zu to begin; %zu will end within %d days",
			in_force, ended, count - in_force - ended, ending, EXPIRING_DAYS);
	fputc('\n', out);
}

static void
write_ranges(const char *path, FILE *out)
{
	struct fault_list faults = FAULT_LIST_INIT;

	label(out, "ranges");
	if (path == NULL) {
		fprintf(out, "none: no origin.table in %s\n",
			printable_text(paths_data_directory()).text);
		return;
	}
	struct origin_table *table = origin_table_open(path, &faults);
	fprintf(out, "%s", printable_text(path).text);
	if (table != NULL)
		fprintf(out, ": %s published ranges",
			human_count(origin_table_entry_count(table)).text);
	fputc('\n', out);
	origin_table_close(table);
	fault_list_fini(&faults);
}

static void
write_path(const char *what, const char *path, FILE *out)
{
	if (path == NULL)
		return;
	label(out, what);
	fprintf(out, "%s\n", printable_text(path).text);
}

static void
write_countries(const char *path, FILE *out)
{
	write_path("countries", path, out);
	if (path != NULL)
		return;
	label(out, "countries");
	fprintf(out, "none: no dbip-country.mmdb in %s\n",
		printable_text(paths_data_directory()).text);
}

/* One line each: to whom, how, in which words and what. */
static void
write_sinks(const struct settings *settings, FILE *out)
{
	const struct sink_file *file = settings->file != NULL ? settings->file->sinks.items : NULL;

	for (size_t i = 0; i < settings->sink_count; i++) {
		const struct sink_config *sink = &settings->sinks[i];
		const char *what = !sink->flows   ? "alerts"
				   : sink->alerts ? "alerts, flows"
						  : "flows";
		label(out, i == 0 ? "sinks" : "");
		fprintf(out, "%s: %s, %s, %s", printable_text(sink->name).text,
			sink_type_word(file[i].type), sink->format->name, what);
		if (sink->alerts && sink->minimum > SEVERITY_INFORMATIONAL)
			fprintf(out, " from %s on", severity_text(sink->minimum));
		fputc('\n', out);
	}
}

void
ruleset_overview_write(const struct ruleset *ruleset, const char *path, uint64_t now_ns, FILE *out)
{
	const struct settings *settings = &ruleset->settings;
	size_t operators;

	write_settings(settings, path, out);
	write_policy(ruleset->policy, settings, out);
	write_exceptions(ruleset->policy, now_ns, out);
	label(out, "rules");
	fprintf(out, "%s: version %s, checked on %s\n", printable_text(settings->rules).text,
		printable_text(ruleset->rules->version).text, ruleset->rules->checked_on);
	(void)catalogue_operators(ruleset->catalogue, &operators);
	label(out, "catalogue");
	fprintf(out, "%s: %s operators\n", printable_text(settings->catalogue).text,
		human_count(operators).text);
	write_ranges(settings->origin_table, out);
	write_path("AS numbers", settings->asn_mmdb, out);
	write_countries(settings->country_mmdb, out);
	write_path("key", settings->key_file, out);
	if (settings->from_file)
		write_path("journal", settings->journal_path, out);
	write_sinks(settings, out);
}
