/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/sink_type.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define KIB 1024u

#define PASSWORD (SINK_KEY_PASSWORD_FILE | SINK_KEY_PASSWORD_ENV)
#define TOKEN (SINK_KEY_TOKEN_FILE | SINK_KEY_TOKEN_ENV)
#define SECRET (SINK_KEY_SECRET_FILE | SINK_KEY_SECRET_ENV)

/* Transports without acknowledgement send the last ones again after a break. */
static const struct sink_type types[] = {
	{.name = "syslog-udp",
	 .needed = SINK_KEY_ADDRESS,
	 .allowed = SINK_KEY_FACILITY | SINK_KEY_RESEND,
	 .body = SINK_BODY_SYSLOG,
	 .format = "syslog",
	 .port = "514",
	 .max_message = 8 * KIB},
	{.name = "syslog-tcp",
	 .needed = SINK_KEY_ADDRESS,
	 .allowed = SINK_KEY_FACILITY | SINK_KEY_RESEND | SINK_KEY_FRAMING,
	 .body = SINK_BODY_SYSLOG,
	 .format = "syslog",
	 .port = "514",
	 .max_message = 8 * KIB},
	{.name = "syslog-tls",
	 .needed = SINK_KEY_ADDRESS,
	 .allowed = SINK_KEY_FACILITY | SINK_KEY_RESEND | SINK_KEY_FRAMING | SINK_KEY_TLS,
	 .body = SINK_BODY_SYSLOG,
	 .format = "syslog",
	 .port = "6514",
	 .max_message = 8 * KIB},
	{.name = "relp",
	 .needed = SINK_KEY_ADDRESS,
	 .allowed = SINK_KEY_FACILITY | SINK_KEY_TLS,
	 .body = SINK_BODY_SYSLOG,
	 .format = "syslog",
	 .port = "2514",
	 .max_message = 8 * KIB},
	{.name = "unix",
	 .needed = SINK_KEY_PATH,
	 .allowed = SINK_KEY_FACILITY | SINK_KEY_RESEND,
	 .body = SINK_BODY_SYSLOG,
	 .flows = true,
	 .format = "syslog",
	 .max_message = 8 * KIB},
	{.name = "file",
	 .needed = SINK_KEY_PATH,
	 .allowed = SINK_KEY_ROTATE_SIZE | SINK_KEY_ROTATE_AGE | SINK_KEY_KEEP,
	 .body = SINK_BODY_ANY,
	 .flows = true,
	 .format = "ecs",
	 .max_message = 64 * KIB},
	{.name = "hec",
	 .needed = SINK_KEY_URL,
	 .one_of = TOKEN,
	 .allowed = SINK_KEY_TLS | SINK_KEY_INDEX | SINK_KEY_SOURCE_TYPE,
	 .body = SINK_BODY_JSON,
	 .format = "ecs",
	 .max_message = 64 * KIB},
	{.name = "bulk",
	 .needed = SINK_KEY_URL,
	 .allowed = SINK_KEY_TLS | SINK_KEY_USER | PASSWORD | SINK_KEY_INDEX,
	 .body = SINK_BODY_JSON,
	 .format = "ecs",
	 .max_message = 64 * KIB},
	{.name = "webhook",
	 .needed = SINK_KEY_URL,
	 .allowed = SINK_KEY_TLS | SINK_KEY_USER | PASSWORD | SECRET,
	 .body = SINK_BODY_ANY,
	 .format = "ecs",
	 .max_message = 64 * KIB},
	{.name = "kafka",
	 .needed = SINK_KEY_BROKERS,
	 .allowed = SINK_KEY_TLS | SINK_KEY_USER | PASSWORD | SINK_KEY_TOPIC | SINK_KEY_FLOW_TOPIC,
	 .body = SINK_BODY_ANY,
	 .flows = true,
	 .format = "ecs",
	 .port = "9092",
	 .max_message = 64 * KIB},
	{.name = "redis",
	 .one_of = SINK_KEY_ADDRESS | SINK_KEY_PATH,
	 .allowed = SINK_KEY_USER | PASSWORD | SINK_KEY_STREAM | SINK_KEY_FLOW_STREAM |
		    SINK_KEY_DATABASE | SINK_KEY_MAX_LEN | SINK_KEY_ROLLUPS,
	 .body = SINK_BODY_ANY,
	 .flows = true,
	 .format = "ecs",
	 .port = "6379",
	 .max_message = 64 * KIB},
};

/* In the order of their bits. */
static const char *const keys[] = {
	"address",     "url",        "path",          "framing",      "tls",        "facility",
	"resend",      "user",       "password_file", "password_env", "token_file", "token_env",
	"secret_file", "secret_env", "index",         "source_type",  "brokers",    "topic",
	"flow_topic",  "stream",     "flow_stream",   "database",     "max_len",    "rollups",
	"rotate_size", "rotate_age", "keep",
};

const struct sink_type *
sink_type_at(unsigned number)
{
	return number < COUNT(types) ? &types[number] : NULL;
}

const char *
sink_type_word(unsigned number)
{
	return number < COUNT(types) ? types[number].name : NULL;
}

uint32_t
sink_type_key(const char *key)
{
	for (unsigned i = 0; i < COUNT(keys); i++) {
		if (strcmp(keys[i], key) == 0)
			return UINT32_C(1) << i;
	}
	return 0;
}

bool
sink_type_knows(const struct sink_type *type, uint32_t key)
{
	return ((type->needed | type->one_of | type->allowed) & key) != 0;
}

void
sink_type_list_keys(uint32_t mask, const char *last, char out[256])
{
	size_t len = 0;

	*out = '\0';
	for (unsigned i = 0; i < COUNT(keys) && len < 256; i++) {
		uint32_t bit = UINT32_C(1) << i;
		if ((mask & bit) == 0)
			continue;
		mask &= ~bit;
		const char *before = len == 0 ? "" : mask == 0 ? last : ", ";
		int added = snprintf(out + len, 256 - len, "%s`%s`", before, keys[i]);
		len += added > 0 ? (size_t)added : 0;
	}
}
