/* SPDX-License-Identifier: Apache-2.0 */
/* The table is the documentation of the keys; configs/vigie.yaml shows each of them. */
#include "dashboard-export/sinks/sink_file.h"

#include <errno.h>
#include <string.h>

#include "dashboard-export/sinks/sink_address.h"
#include "dashboard-export/sinks/sink_config.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define NOT_GIVEN CONFIG_NOT_GIVEN
#define NO_WORD SINK_FILE_NO_WORD
#define MIB (UINT64_C(1) << 20)
#define LOCAL4 20
#define SECONDS_OF_YEAR (366 * 86400)

static const char *
format_word(unsigned value)
{
	const struct format *format = value != NO_WORD ? format_at(value) : NULL;

	return format != NULL ? format->name : NULL;
}

static const char *
framing_word(unsigned value)
{
	static const char *const words[] = {"octet-counting", "newline"};
	return value < COUNT(words) ? words[value] : NULL;
}

/* RFC 5424 table 1; those without a word of their own are as syslog daemons call them. */
static const char *
facility_word(unsigned value)
{
	static const char *const words[] = {
		"kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
		"uucp",   "cron",   "authpriv", "ftp",    "ntp",    "audit",  "alert",  "clock",
		"local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7",
	};
	return value < COUNT(words) ? words[value] : NULL;
}

static const char *
upload_word(unsigned value)
{
	static const char *const words[] = {"out", "in"};
	return value < COUNT(words) ? words[value] : NULL;
}

/* Not CONFIG_BOOL, which is always there. */
static const char *
bool_word(unsigned value)
{
	static const char *const words[] = {"false", "true"};
	return value < COUNT(words) ? words[value] : NULL;
}

#define TLS(member) .offset = offsetof(struct sink_file_tls, member)
static const struct config_field tls_fields[] = {
	{.type = CONFIG_SELF, TLS(node)},
	{.key = "ca", .type = CONFIG_STRING, TLS(ca)},
	{.key = "cert", .type = CONFIG_STRING, TLS(cert)},
	{.key = "key", .type = CONFIG_STRING, TLS(key)},
	{.key = "server_name", .type = CONFIG_STRING, TLS(server_name)},
};
static const struct config_schema tls_schema = {
	.what = "tls",
	.fields = tls_fields,
	.field_count = COUNT(tls_fields),
	.size = sizeof(struct sink_file_tls),
};

#define AT(member) .offset = offsetof(struct sink_file, member)
#define TEXT(name)                                            \
	{                                                     \
		.key = #name, .type = CONFIG_STRING, AT(name) \
	}
#define NUMBER(name, least, most)                                                            \
	{                                                                                    \
		.key = #name, .type = CONFIG_UINT, .optional = true, AT(name), .min = least, \
		.max = most                                                                  \
	}
#define SIZE(name, least)                                                                   \
	{                                                                                   \
		.key = #name, .type = CONFIG_SIZE, .optional = true, AT(name), .min = least \
	}
static const struct config_field sink_fields[] = {
	{.type = CONFIG_SELF, AT(node)},
	{.key = "name", .type = CONFIG_STRING, AT(name), .required = true},
	{.key = "type",
	 .type = CONFIG_WORD,
	 AT(type),
	 .required = true,
	 .noun = "type",
	 .word = sink_type_word},
	{.key = "format", .type = CONFIG_WORD, AT(format), .noun = "format", .word = format_word},
	{.key = "records", .type = CONFIG_STRINGS, AT(records)},
	{.key = "minimum",
	 .type = CONFIG_WORD,
	 AT(minimum),
	 .noun = "severity",
	 .word = severity_text},
	TEXT(address),
	TEXT(url),
	TEXT(path),
	{.key = "framing", .type = CONFIG_WORD, AT(framing), .word = framing_word},
	{.key = "tls", .type = CONFIG_RECORD, AT(tls), .schema = &tls_schema},
	{.key = "facility", .type = CONFIG_WORD, AT(facility), .word = facility_word},
	{.key = "upload", .type = CONFIG_WORD, AT(upload), .word = upload_word},
	SIZE(max_message, FORMAT_LIMIT_MIN),
	NUMBER(batch, 1, 16384),
	NUMBER(rate, 0, 1000000),
	NUMBER(timeout, 1, 3600),
	NUMBER(resend, 0, 600),
	NUMBER(failing_after, 10, 86400),
	TEXT(user),
	TEXT(password_file),
	TEXT(password_env),
	TEXT(token_file),
	TEXT(token_env),
	TEXT(secret_file),
	TEXT(secret_env),
	TEXT(index),
	TEXT(source_type),
	{.key = "brokers", .type = CONFIG_STRINGS, AT(brokers)},
	TEXT(topic),
	TEXT(flow_topic),
	TEXT(stream),
	TEXT(flow_stream),
	NUMBER(database, 0, 65535),
	NUMBER(max_len, 0, UINT32_MAX),
	{.key = "rollups", .type = CONFIG_WORD, AT(rollups), .word = bool_word},
	SIZE(rotate_size, 0),
	NUMBER(rotate_age, 0, SECONDS_OF_YEAR),
	NUMBER(keep, 1, 9999),
};
static const struct sink_file sink_defaults = {
	.type = NO_WORD,
	.format = NO_WORD,
	.minimum = NO_WORD,
	.framing = NO_WORD,
	.facility = NO_WORD,
	.upload = NO_WORD,
	.max_message = NOT_GIVEN,
	.batch = NOT_GIVEN,
	.rate = NOT_GIVEN,
	.timeout = NOT_GIVEN,
	.resend = NOT_GIVEN,
	.failing_after = NOT_GIVEN,
	.database = NOT_GIVEN,
	.max_len = NOT_GIVEN,
	.rollups = NO_WORD,
	.rotate_size = NOT_GIVEN,
	.rotate_age = NOT_GIVEN,
	.keep = NOT_GIVEN,
};
const struct config_schema sink_file_schema = {
	.what = "sink",
	.fields = sink_fields,
	.field_count = COUNT(sink_fields),
	.size = sizeof(struct sink_file),
	.defaults = &sink_defaults,
};

bool
sink_file_has_records(const struct sink_file *file, const char *word)
{
	const char *const *given = file->records.items;

	for (size_t i = 0; i < file->records.count; i++) {
		if (given[i] != NULL && strcmp(given[i], word) == 0)
			return true;
	}
	return file->records.count == 0 && strcmp(word, "alerts") == 0;
}

/* ---- defaults ---- */

static void
fill_number(uint64_t *number, uint64_t usual)
{
	if (*number == NOT_GIVEN)
		*number = usual;
}

static void
fill_word(unsigned *word, unsigned usual)
{
	if (*word == NO_WORD)
		*word = usual;
}

static void
fill_text(const char **text, const char *usual)
{
	if (*text == NULL)
		*text = usual;
}

static unsigned
format_number(const char *name)
{
	unsigned number = 0;

	while (format_word(number) != NULL && strcmp(format_word(number), name) != 0)
		number++;
	return number;
}

static void
fill_of_every_type(struct sink_file *f, const struct sink_type *type)
{
	fill_word(&f->format, format_number(type->format));
	fill_word(&f->minimum, SEVERITY_INFORMATIONAL);
	if (f->format == format_number("cef"))
		fill_word(&f->upload, FORMAT_UPLOAD_OUT);
	fill_number(&f->max_message, type->max_message);
	fill_number(&f->batch, 1024);
	fill_number(&f->rate, 0);
	fill_number(&f->timeout, 30);
	fill_number(&f->failing_after, 600);
}

static void
fill_of_some_types(struct sink_file *f, const struct sink_type *type)
{
	if (sink_type_knows(type, SINK_KEY_FRAMING))
		fill_word(&f->framing, SINK_FRAMING_OCTET_COUNTING);
	if (sink_type_knows(type, SINK_KEY_FACILITY))
		fill_word(&f->facility, LOCAL4);
	if (sink_type_knows(type, SINK_KEY_RESEND))
		fill_number(&f->resend, 5);
	if (sink_type_knows(type, SINK_KEY_SOURCE_TYPE))
		fill_text(&f->source_type, "vigie:alert");
	else if (sink_type_knows(type, SINK_KEY_INDEX))
		fill_text(&f->index, "vigie-alerts");
	if (sink_type_knows(type, SINK_KEY_TOPIC)) {
		fill_text(&f->topic, "vigie-alerts");
		fill_text(&f->flow_topic, "vigie-flows");
	}
	if (sink_type_knows(type, SINK_KEY_STREAM)) {
		fill_text(&f->stream, "vigie:alerts");
		fill_text(&f->flow_stream, "vigie:flows");
		fill_number(&f->database, 0);
		fill_number(&f->max_len, 100000);
		fill_word(&f->rollups, true);
	}
	if (sink_type_knows(type, SINK_KEY_KEEP)) {
		fill_number(&f->rotate_size, 64 * MIB);
		fill_number(&f->rotate_age, 86400);
		fill_number(&f->keep, 7);
	}
}

/* Puts the address with its port into the arena. */
static int
fill_address(const char **text, const struct sink_type *type, struct arena *arena)
{
	struct sink_address address;

	if (*text == NULL || sink_address_parse(*text, type->port, &address) != NULL)
		return 0;
	*text = sink_address_format(&address, arena);
	return *text != NULL ? 0 : -ENOMEM;
}

static int
fill_lists(struct sink_file *f, const struct sink_type *type, struct arena *arena)
{
	const char *const *given = f->brokers.items;
	const char **records = arena_alloc_array(arena, 1, sizeof(*records));
	const char **brokers = arena_alloc_array(arena, f->brokers.count, sizeof(*brokers));
	int error = 0;

	if (records == NULL || brokers == NULL)
		return -ENOMEM;
	*records = "alerts";
	if (f->records.count == 0)
		f->records = (struct config_list){records, 1};
	for (size_t i = 0; i < f->brokers.count && error == 0; i++) {
		brokers[i] = given[i];
		error = fill_address(&brokers[i], type, arena);
	}
	f->brokers.items = brokers;
	return error;
}

int
sink_file_fill(const struct sink_file *file, struct arena *arena, struct sink_file *out)
{
	const struct sink_type *type = sink_type_at(file->type);

	*out = *file;
	fill_of_every_type(out, type);
	fill_of_some_types(out, type);
	int error = fill_lists(out, type, arena);
	return error != 0 ? error : fill_address(&out->address, type, arena);
}
