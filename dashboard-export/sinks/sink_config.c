/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/sink_config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dashboard-export/sinks/sink_address.h"
#include "dashboard-export/sinks/sink_file.h"
#include "dashboard-export/sinks/sink_secret.h"
#include "dashboard-export/sinks/transport.h"

static const struct transport_kind *
find_kind(const char *name)
{
	const struct transport_kind *kind;

	for (unsigned i = 0; (kind = transport_kind_at(i)) != NULL; i++) {
		if (strcmp(kind->name, name) == 0)
			return kind;
	}
	return NULL;
}

/* 0 where it is not given: no type that lacks the key looks at it. */
static uint32_t
number(uint64_t given)
{
	return given != CONFIG_NOT_GIVEN ? (uint32_t)given : 0;
}

static int
make_address(const struct sink_file *file, struct arena *arena, struct sink_config *out)
{
	struct sink_address address;

	if (file->address == NULL)
		return 0;
	/* Filled in, so that it has its port. */
	if (sink_address_parse(file->address, NULL, &address) != NULL)
		return -EINVAL;
	out->host = arena_copy_text(arena, address.host, strlen(address.host));
	out->port = arena_copy_text(arena, address.port, strlen(address.port));
	return out->host != NULL && out->port != NULL ? 0 : -ENOMEM;
}

static int
make_brokers(const struct sink_file *file, struct arena *arena, struct sink_config *out)
{
	const char *const *broker = file->brokers.items;
	size_t size = 1, used = 0;

	for (size_t i = 0; i < file->brokers.count; i++)
		size += strlen(broker[i]) + 1;
	char *joined = file->brokers.count > 0 ? arena_alloc(arena, size) : NULL;
	if (joined == NULL)
		return file->brokers.count > 0 ? -ENOMEM : 0;
	for (size_t i = 0; i < file->brokers.count; i++)
		used += (size_t)snprintf(joined + used, size - used, "%s%s", i > 0 ? "," : "",
					 broker[i]);
	out->brokers = joined;
	return 0;
}

static void
make_tls(const struct sink_file *file, struct sink_config *out)
{
	const struct sink_file_tls *tls = file->tls;

	out->tls.wanted =
		strcmp(sink_type_word(file->type), "syslog-tls") == 0 ||
		(file->url != NULL ? strncmp(file->url, "https://", 8) == 0 : tls != NULL);
	if (tls == NULL)
		return;
	out->tls.ca = tls->ca;
	out->tls.certificate = tls->cert;
	out->tls.key = tls->key;
	out->tls.server_name = tls->server_name;
}

static void
make_context(const struct sink_file *file, const struct format_context *context,
	     struct sink_config *out)
{
	out->context = *context;
	if (file->facility != SINK_FILE_NO_WORD)
		out->context.facility = file->facility;
	if (file->upload != SINK_FILE_NO_WORD)
		out->context.upload = (enum format_upload)file->upload;
}

int
sink_config_make(const struct sink_file *file, const struct format_context *context,
		 struct arena *arena, struct sink_config *out)
{
	*out = (struct sink_config){
		.name = file->name,
		.kind = find_kind(sink_type_word(file->type)),
		.format = format_at(file->format),
		.alerts = sink_file_has_records(file, "alerts"),
		.flows = sink_file_has_records(file, "flows"),
		.minimum = (enum severity)file->minimum,
		.path = file->path,
		.url = file->url,
		.framing = file->framing == SINK_FRAMING_NEWLINE ? SINK_FRAMING_NEWLINE
								 : SINK_FRAMING_OCTET_COUNTING,
		.limit = number(file->max_message),
		.batch = number(file->batch),
		.rate = number(file->rate),
		.timeout_s = number(file->timeout),
		.resend_s = number(file->resend),
		.failing_s = number(file->failing_after),
		.user = file->user,
		.index = file->index,
		.source_type = file->source_type,
		.topic = file->topic,
		.flow_topic = file->flow_topic,
		.stream = file->stream,
		.flow_stream = file->flow_stream,
		.database = number(file->database),
		.max_len = file->max_len != CONFIG_NOT_GIVEN ? file->max_len : 0,
		.rollups = file->rollups == true,
		.rotate_bytes = file->rotate_size != CONFIG_NOT_GIVEN ? file->rotate_size : 0,
		.rotate_s = number(file->rotate_age),
		.keep = number(file->keep),
	};
	if (out->kind == NULL || out->format == NULL)
		return -ENOTSUP;
	make_context(file, context, out);
	make_tls(file, out);
	int error = make_address(file, arena, out);
	return error != 0 ? error : make_brokers(file, arena, out);
}

/* A secret and the two keys that may say where it is. */
struct source {
	const char *file_key, *file;
	const char *variable_key, *variable;
	const char **secret;
};

static void
read_secret(const struct config_node *sink, const struct source *from, struct arena *arena,
	    struct fault_list *faults)
{
	char *secret = NULL, why[200];

	if (from->file != NULL && sink_secret_read_file(from->file, arena, &secret, why) != 0)
		config_node_fault(config_node_find(sink, from->file_key), faults, "%s: %s",
				  from->file, why);
	else if (from->variable != NULL &&
		 sink_secret_read_variable(from->variable, arena, &secret, why) != 0)
		config_node_fault(config_node_find(sink, from->variable_key), faults, "`%s` %s",
				  from->variable, why);
	*from->secret = secret;
}

static void
check_readable(const struct config_node *tls, const char *key, const char *path,
	       struct fault_list *faults)
{
	if (path != NULL && access(path, R_OK) != 0)
		config_node_fault(config_node_find(tls, key), faults, "%s: %s", path,
				  strerror(errno));
}

void
sink_config_read_secrets(const struct sink_file *file, struct arena *arena, struct sink_config *out,
			 struct fault_list *faults)
{
	const struct source sources[] = {
		{"password_file", file->password_file, "password_env", file->password_env,
		 &out->password},
		{"token_file", file->token_file, "token_env", file->token_env, &out->token},
		{"secret_file", file->secret_file, "secret_env", file->secret_env, &out->secret},
	};

	sink_config_wipe(out);
	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++)
		read_secret(file->node, &sources[i], arena, faults);
	if (file->tls == NULL)
		return;
	check_readable(file->tls->node, "ca", file->tls->ca, faults);
	check_readable(file->tls->node, "cert", file->tls->cert, faults);
	check_readable(file->tls->node, "key", file->tls->key, faults);
}

void
sink_config_wipe(struct sink_config *config)
{
	sink_secret_wipe((char *)config->password);
	sink_secret_wipe((char *)config->token);
	sink_secret_wipe((char *)config->secret);
	config->password = config->token = config->secret = NULL;
}
