/* SPDX-License-Identifier: Apache-2.0 */
#include "app/settings_check.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/output_guard.h"
#include "app/paths.h"
#include "app/settings_file.h"
#include "base/arena.h"
#include "base/printable_text.h"
#include "dashboard-export/sinks/sink_config.h"
#include "dashboard-export/sinks/sink_exposure.h"
#include "dashboard-export/sinks/sink_file.h"
#include "dashboard-export/line_writer.h"
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

/* The folder of the path, "." where it names none. */
static void
folder_of(const char *path, char folder[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		strcpy(folder, ".");
	else
		(void)snprintf(folder, PATH_MAX, "%.*s", slash == path ? 1 : (int)(slash - path),
			       path);
}

/* NULL, or why no database can be written there. */
static const char *
find_hindrance(const char *path)
{
	char folder[PATH_MAX];
	struct stat status;

	folder_of(path, folder);
	if (stat(folder, &status) != 0)
		return errno == ENOENT ? "its folder is not there" : strerror(errno);
	/* The files beside it are made anew at every start. */
	if (eaccess(folder, W_OK | X_OK) != 0)
		return errno == EACCES ? "its folder cannot be written" : strerror(errno);
	if (stat(path, &status) != 0)
		return errno == ENOENT ? NULL : strerror(errno);
	if (!S_ISREG(status.st_mode))
		return "is no regular file, expected a database or nothing yet";
	return eaccess(path, R_OK | W_OK) != 0 ? strerror(errno) : NULL;
}

void
settings_check_journal(const struct settings *settings, struct fault_list *faults)
{
	const struct config_node *node = find_value(settings, "journal", "path");
	struct settings others = *settings;

	/* The packaged place is made with the key, which is looked at by itself. */
	if (node == NULL || config_node_is_null(node) ||
	    strcmp(settings->journal_path, paths_default_journal()) == 0)
		return;
	const char *hindrance = find_hindrance(settings->journal_path);
	if (hindrance != NULL)
		config_node_fault(node, faults, "%s: %s", settings->journal_path, hindrance);
	others.journal_path = NULL;
	const char *loss = output_guard_find_loss(&others, settings->journal_path);
	if (loss != NULL)
		config_node_fault(node, faults, "`path` is %s: %s; name another file", loss,
				  settings->journal_path);
}

/* The sinks as they were written; none after a fault that hides them. */
static const struct sink_file *
find_sinks(const struct settings *settings, size_t *count)
{
	*count = settings->file != NULL ? settings->file->sinks.count : 0;
	/* More have been told, and are not looked at. */
	if (*count > SINK_FILE_MAX)
		*count = 0;
	return *count > 0 ? settings->file->sinks.items : NULL;
}

/* What else is written to the file of sink `index`; NULL: nothing. */
static const char *
find_other_writer(const struct settings *settings, const struct sink_file *sinks, size_t index)
{
	const char *path = sinks[index].path;

	if (settings->run_flows != NULL && output_guard_is_same_place(settings->run_flows, path))
		return "where `run.flows` goes";
	if (settings->run_alerts != NULL && output_guard_is_same_place(settings->run_alerts, path))
		return "where `run.alerts` goes";
	for (size_t i = 0; i < index; i++) {
		/* Two sinks may talk to one socket. */
		if (sinks[i].path != NULL && sinks[i].type == sinks[index].type &&
		    output_guard_is_same_place(sinks[i].path, path))
			return "another sink's file";
	}
	return output_guard_find_loss(settings, path);
}

void
settings_check_sinks(const struct settings *settings, struct fault_list *faults)
{
	size_t count;
	const struct sink_file *sink = find_sinks(settings, &count);

	for (size_t i = 0; i < count; i++) {
		const char *type = sink_type_word(sink[i].type);
		if (type == NULL || strcmp(type, "file") != 0 || sink[i].path == NULL)
			continue;
		const char *other = find_other_writer(settings, sink, i);
		if (other != NULL)
			config_node_fault(config_node_find(sink[i].node, "path"), faults,
					  "`path` is %s: %s; name another file", other,
					  sink[i].path);
	}
}

static bool
is_unset(const char *variable)
{
	return variable != NULL && getenv(variable) == NULL;
}

void
settings_check_secrets(const struct settings *settings, struct fault_list *faults)
{
	size_t count;
	const struct sink_file *sink = find_sinks(settings, &count);
	struct arena *arena = arena_create();

	for (size_t i = 0; i < count && arena != NULL; i++) {
		struct sink_file set = sink[i];
		struct sink_config scratch = {0};
		set.password_env = is_unset(set.password_env) ? NULL : set.password_env;
		set.token_env = is_unset(set.token_env) ? NULL : set.token_env;
		set.secret_env = is_unset(set.secret_env) ? NULL : set.secret_env;
		sink_config_read_secrets(&set, arena, &scratch, faults);
		sink_config_wipe(&scratch);
	}
	arena_destroy(arena);
}

void
settings_check_tell_unset(const struct settings *settings, FILE *out)
{
	size_t count;
	const struct sink_file *sink = find_sinks(settings, &count);

	/* After a fault it may be a variable that no type would read. */
	for (size_t i = 0; i < count && count == settings->sink_count; i++) {
		const char *const variables[] = {sink[i].password_env, sink[i].token_env,
						 sink[i].secret_env};
		for (size_t k = 0; k < sizeof(variables) / sizeof(*variables); k++) {
			if (is_unset(variables[k]))
				fprintf(out,
					"The variable %s of sink %s is not set here: `vigie run` "
					"will need it.\n",
					printable_text(variables[k]).text,
					printable_text(sink[i].name != NULL ? sink[i].name : "?")
						.text);
		}
	}
}

static void
check_output_folder(const struct settings *settings, const char *key, const char *path,
		    struct fault_list *faults)
{
	char folder[PATH_MAX];

	if (path == NULL || line_writer_is_stdout(path))
		return;
	folder_of(path, folder);
	if (eaccess(folder, W_OK | X_OK) != 0)
		config_node_fault(find_value(settings, "run", key), faults, "%s: its folder: %s",
				  path, strerror(errno));
}

void
settings_check_output_folders(const struct settings *settings, struct fault_list *faults)
{
	check_output_folder(settings, "flows", settings->run_flows, faults);
	check_output_folder(settings, "alerts", settings->run_alerts, faults);
}

static void
tell_risks_of(const struct sink_file *sink, FILE *out)
{
	const char *secret = sink_exposure_secret(sink);
	const char *type = sink_type_word(sink->type);

	if (sink->name == NULL || type == NULL)
		return;
	if (secret != NULL)
		fprintf(out, "The %s of sink %s goes over the network in the clear: %s.\n", secret,
			printable_text(sink->name).text,
			sink->url != NULL ? "write https://"
			: strcmp(type, "redis") == 0
				? "redis has no TLS here, use a tunnel (docs/redis.md)"
				: "write `tls: {}`");
	if (strcmp(type, "file") == 0 && sink->path != NULL && sink_exposure_folder(sink->path))
		fprintf(out,
			"The file of sink %s is in a folder that others may write to: they can "
			"put another in its place.\n",
			printable_text(sink->name).text);
}

void
settings_check_tell_risks(const struct settings *settings, FILE *out)
{
	size_t count;
	const struct sink_file *sink = find_sinks(settings, &count);

	for (size_t i = 0; i < count && count == settings->sink_count; i++)
		tell_risks_of(&sink[i], out);
}
