/* SPDX-License-Identifier: Apache-2.0 */
#include "app/settings_sinks.h"

#include <string.h>
#include <unistd.h>

#include "app/settings_file.h"
#include "base/arena.h"
#include "dashboard-export/sinks/sink_config.h"
#include "dashboard-export/sinks/sink_file.h"

/* RFC 5424 6.2.4 */
#define HOST_NAME_LEN_MAX 255
#define LOCAL4 20

/* PRINTUSASCII of RFC 5424 6: what a header field of syslog may hold. */
static bool
is_host_name(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len > HOST_NAME_LEN_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '!' || text[i] > '~')
			return false;
	}
	return true;
}

const char *
settings_sinks_host_name(void)
{
	static char name[HOST_NAME_LEN_MAX + 1];

	if (gethostname(name, sizeof(name) - 1) != 0 || !is_host_name(name))
		strcpy(name, "-");
	return name;
}

static void
apply_sensor(struct settings *out, const struct file_sensor *sensor, struct fault_list *faults)
{
	if (sensor == NULL)
		return;
	out->enterprise_number = (uint32_t)sensor->enterprise_number;
	if (sensor->name == NULL)
		return;
	out->sensor_name = sensor->name;
	if (!is_host_name(sensor->name))
		config_node_fault(config_node_find(sensor->self, "name"), faults,
				  "`%s` is no name of a host: printable ASCII without a space, at "
				  "most %d characters",
				  sensor->name, HOST_NAME_LEN_MAX);
}

static struct format_context
make_context(const struct settings *settings)
{
	const struct file_policy *policy = settings->policy_file.policy != NULL
						   ? settings->policy_file.policy
						   : &file_policy_defaults;

	return (struct format_context){
		.sensor = settings->sensor_name,
		.version = VIGIE_VERSION,
		.policy = policy->name,
		.policy_version = policy->version,
		.enterprise_number = settings->enterprise_number,
		.facility = LOCAL4,
		.process_id = (uint64_t)getpid(),
	};
}

/* One sink; a fault where it cannot be. */
static void
make_sink(struct settings *out, const struct sink_file *file, const struct format_context *context,
	  struct fault_list *faults)
{
	struct sink_file filled;

	int error = sink_file_fill(file, out->arena, &filled);
	if (error == 0)
		error = sink_config_make(&filled, context, out->arena,
					 &out->sinks[out->sink_count]);
	if (error == 0)
		out->sink_count++;
	else
		config_node_fault(file->node, faults, "sink `%s`: %s", file->name,
				  strerror(-error));
}

void
settings_sinks_apply(struct settings *out, const struct settings_file *file,
		     struct fault_list *faults)
{
	const struct sink_file *sink = file->sinks.items;

	apply_sensor(out, file->sensor, faults);
	sink_file_check(&file->sinks, faults);
	if (faults->count != 0 || file->sinks.count == 0)
		return;
	const struct format_context context = make_context(out);
	out->sinks = arena_alloc_array(out->arena, file->sinks.count, sizeof(*out->sinks));
	if (out->sinks == NULL) {
		config_node_fault(file->self, faults, "out of memory");
		return;
	}
	/* As in the file, one for each, or the rest is not made either. */
	for (size_t i = 0; i < file->sinks.count && i == out->sink_count; i++)
		make_sink(out, &sink[i], &context, faults);
}

void
settings_read_secrets_of(struct settings *settings, size_t index, struct fault_list *faults)
{
	/* Sinks are made only of a file, one for each that stands there. */
	const struct sink_file *sink = settings->file->sinks.items;

	sink_config_read_secrets(&sink[index], settings->arena, &settings->sinks[index], faults);
}

void
settings_read_secrets(struct settings *settings, struct fault_list *faults)
{
	for (size_t i = 0; i < settings->sink_count; i++)
		settings_read_secrets_of(settings, i, faults);
}

void
settings_sinks_wipe(struct settings *settings)
{
	for (size_t i = 0; i < settings->sink_count; i++)
		sink_config_wipe(&settings->sinks[i]);
}
