/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys of one item of `sinks` in a settings file and the plain struct they become, checked
 * field by field; what fits which type is sink_file_check's, what they mean sink_config.h's. After
 * a fault texts may be NULL; what reads these structs further bears that.
 */
#pragma once

#include "base/config_reader.h"
#include "dashboard-export/sinks/sink_type.h"

/** Most sinks of one program. */
#define SINK_FILE_MAX 64

/** Of a word that is not given. */
#define SINK_FILE_NO_WORD UINT32_MAX

/** `sinks[].tls` */
struct sink_file_tls {
	const struct config_node *node;
	const char *ca, *cert, *key, *server_name;
};

/** Numbers that are not given are CONFIG_NOT_GIVEN, words SINK_FILE_NO_WORD, the rest zero. */
struct sink_file {
	const struct config_node *node;
	const char *name;
	unsigned type;              /**< row of sink_type_at */
	unsigned format;            /**< row of format_at */
	struct config_list records; /**< const char *: "alerts", "flows" */
	unsigned minimum;           /**< enum severity */
	const char *address, *url, *path;
	unsigned framing; /**< enum sink_framing */
	struct sink_file_tls *tls;
	unsigned facility; /**< of syslog, 0 to 23 */
	unsigned upload;   /**< enum format_upload */
	uint64_t max_message, batch, rate, timeout, resend, failing_after;
	const char *user, *password_file, *password_env;
	const char *token_file, *token_env, *secret_file, *secret_env;
	const char *index, *source_type;
	struct config_list brokers; /**< const char * */
	const char *topic, *flow_topic;
	const char *stream, *flow_stream;
	uint64_t database, max_len;
	unsigned rollups; /**< 0 false, 1 true */
	uint64_t rotate_size, rotate_age, keep;
};

extern const struct config_schema sink_file_schema;

/**
 * Looks whether what is given fits the type, and each sink the others (`files` of struct
 * sink_file): keys that the type needs or does not know, addresses, formats, limits. All mistakes
 * go to `faults`.
 */
void sink_file_check(const struct config_list *files, struct fault_list *faults);

/**
 * `file` with every default that holds for its type, as it is printed and used; new texts are put
 * into `arena`. Only for sinks without faults. Returns 0 or -ENOMEM.
 */
int sink_file_fill(const struct sink_file *file, struct arena *arena, struct sink_file *out);

/** Whether the sink is sent those records, "alerts" or "flows". */
bool sink_file_has_records(const struct sink_file *file, const char *word);
