/* SPDX-License-Identifier: Apache-2.0 */
/* What fits a type is in the rows of sink_type.c; here is what is said of it. */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "base/config_secret.h"
#include "base/utf8.h"
#include "dashboard-export/sinks/cursors.h"
#include "dashboard-export/sinks/sink_address.h"
#include "dashboard-export/sinks/sink_file.h"
#include "dashboard-export/formats/format.h"

#define PASSWORD (SINK_KEY_PASSWORD_FILE | SINK_KEY_PASSWORD_ENV)
#define TOPIC_MAX 249 /* of Kafka */
#define TEXT_MAX 255

/* One sink that is looked at. */
struct check {
	const struct sink_file *file;
	const struct sink_type *type; /* NULL after a fault */
	uint32_t given;               /* keys with a value */
	struct fault_list *faults;
};

static bool
has(const struct check *c, uint32_t keys)
{
	return (c->given & keys) != 0;
}

/* Where a fault of that key stands. */
static const struct config_node *
at(const struct check *c, const char *key)
{
	const struct config_node *node = config_node_find(c->file->node, key);

	return node != NULL ? node : c->file->node;
}

static bool
consists_of(const char *text, const char *others)
{
	for (; *text != '\0'; text++) {
		if (!isalnum((unsigned char)*text) && strchr(others, *text) == NULL)
			return false;
	}
	return true;
}

static bool
is_clean(const char *text)
{
	size_t left = strlen(text), len;
	uint32_t character;

	for (; left > 0; text += len, left -= len) {
		len = utf8_decode(text, left, &character);
		if (len == 0 || utf8_is_unsafe(character))
			return false;
	}
	return true;
}

/* Texts go into lines, headers and messages to people. */
static void
check_texts(const struct check *c, const struct config_node *mapping)
{
	for (const struct config_node *n = config_node_first(mapping); n != NULL;
	     n = config_node_next(n)) {
		const char *text = config_node_text(n);
		if (text != NULL && !is_clean(text))
			config_node_fault(n, c->faults, "`%s` holds a control character",
					  config_node_key(n));
	}
}

static void
check_name(const struct check *c)
{
	const char *name = c->file->name;

	if (name == NULL)
		return;
	if (!consists_of(name, "-_.") || strlen(name) > CURSORS_SINK_MAX)
		config_node_fault(at(c, "name"), c->faults,
				  "`%s` is no name of a sink: letters, digits, '-', '_', '.'; at "
				  "most %d",
				  name, CURSORS_SINK_MAX);
}

/* Notes which keys are given, and tells those that the type does not know. */
static void
check_keys(struct check *c)
{
	for (const struct config_node *n = config_node_first(c->file->node); n != NULL;
	     n = config_node_next(n)) {
		uint32_t key = config_node_is_null(n) ? 0 : sink_type_key(config_node_key(n));
		c->given |= key;
		if (key != 0 && c->type != NULL && !sink_type_knows(c->type, key))
			config_node_key_fault(n, c->faults, "type %s has no `%s`", c->type->name,
					      config_node_key(n));
	}
}

static void
check_needed(const struct check *c)
{
	uint32_t missing = c->type->needed & ~c->given;
	uint32_t one = c->type->one_of & c->given;
	char list[256];

	if (missing != 0) {
		sink_type_list_keys(missing, " and ", list);
		config_node_fault(c->file->node, c->faults, "type %s needs %s", c->type->name,
				  list);
	}
	if (c->type->one_of == 0 || (one != 0 && (one & (one - 1)) == 0))
		return;
	sink_type_list_keys(c->type->one_of, one == 0 ? " or " : " and ", list);
	config_node_fault(c->file->node, c->faults,
			  one == 0 ? "type %s needs %s" : "type %s: of %s only one", c->type->name,
			  list);
}

static bool
is_one_of(const char *word, const char *const *words)
{
	while (*words != NULL && strcmp(*words, word) != 0)
		words++;
	return *words != NULL;
}

static void
check_format(const struct check *c)
{
	static const char *const json[] = {"ecs", "ocsf", "eve", NULL};
	const struct format *format =
		c->file->format != SINK_FILE_NO_WORD ? format_at(c->file->format) : NULL;

	if (c->file->upload != SINK_FILE_NO_WORD &&
	    (format == NULL || strcmp(format->name, "cef") != 0))
		config_node_key_fault(at(c, "upload"), c->faults, "`upload` is for format cef");
	if (format == NULL || c->type == NULL)
		return;
	if (c->type->body == SINK_BODY_JSON && !is_one_of(format->name, json))
		config_node_fault(at(c, "format"), c->faults,
				  "type %s sends JSON, expected format ecs, ocsf or eve",
				  c->type->name);
	else if (c->type->body == SINK_BODY_ANY && strcmp(format->name, "syslog") == 0)
		config_node_fault(at(c, "format"), c->faults,
				  "format syslog tells most in syslog's own header, which type %s "
				  "has not",
				  c->type->name);
}

static void
check_records(const struct check *c)
{
	static const char *const known[] = {"alerts", "flows", NULL};
	const struct config_node *node = config_node_find(c->file->node, "records");
	const char *const *given = c->file->records.items;

	if (node != NULL && config_node_kind(node) == CONFIG_KIND_SEQUENCE &&
	    config_node_count(node) == 0)
		config_node_fault(node, c->faults, "`records` is empty, expected alerts or flows");
	for (size_t i = 0; i < c->file->records.count; i++) {
		if (given[i] != NULL && !is_one_of(given[i], known))
			config_node_fault(node, c->faults,
					  "unknown record `%s`, expected alerts or flows",
					  given[i]);
	}
	if (c->type != NULL && !c->type->flows && sink_file_has_records(c->file, "flows"))
		config_node_fault(node, c->faults,
				  "type %s takes alerts only; flows go to file, unix, kafka and "
				  "redis",
				  c->type->name);
}

static void
check_address(const struct check *c, const struct config_node *node, const char *text)
{
	const char *port = c->type != NULL && c->type->port != NULL ? c->type->port : "514";
	struct sink_address address;

	const char *what = text != NULL ? sink_address_parse(text, port, &address) : NULL;
	if (what != NULL)
		config_node_fault(node, c->faults, "`%s`: %s", text, what);
}

/* Somebody may have put a password there. */
static void
tell_url(const struct check *c, const char *what)
{
	char url[SINK_ADDRESS_URL_MAX + 4];
	int len = snprintf(url, sizeof(url), "%s", c->file->url);

	if (len < 0 || (size_t)len >= sizeof(url))
		len = sizeof(url) - 1;
	len = (int)config_secret_mask(url, (size_t)len, NULL);
	config_node_fault(at(c, "url"), c->faults, "`%.*s`: %s", len, url, what);
}

static void
check_places(const struct check *c)
{
	const struct config_node *brokers = config_node_find(c->file->node, "brokers");
	const char *const *broker = c->file->brokers.items;
	const char *path = c->file->path;

	check_address(c, at(c, "address"), c->file->address);
	for (size_t i = 0; i < c->file->brokers.count; i++)
		check_address(c, brokers, broker[i]);
	if (brokers != NULL && config_node_kind(brokers) == CONFIG_KIND_SEQUENCE &&
	    config_node_count(brokers) == 0)
		config_node_fault(brokers, c->faults, "`brokers` is empty");
	const char *what = c->file->url != NULL ? sink_address_check_url(c->file->url) : NULL;
	if (what != NULL)
		tell_url(c, what);
	size_t most = c->type != NULL && strcmp(c->type->name, "file") != 0
			      ? sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1
			      : PATH_MAX - 1;
	if (path != NULL && strlen(path) > most)
		config_node_fault(at(c, "path"), c->faults,
				  "the path has %zu bytes, expected at most %zu", strlen(path),
				  most);
}

static void
check_tls(const struct check *c)
{
	const struct sink_file_tls *tls = c->file->tls;
	const struct config_node *node = config_node_find(c->file->node, "tls");

	/* A key whose values are all commented out would mean no TLS where it was wanted. */
	if (node != NULL && config_node_is_null(node))
		config_node_key_fault(
			node, c->faults,
			"`tls` is empty: write {} for TLS with the system's authorities");
	if (tls == NULL)
		return;
	check_texts(c, tls->node);
	if ((tls->cert == NULL) != (tls->key == NULL))
		config_node_fault(tls->node, c->faults, "`%s` needs `%s`",
				  tls->cert != NULL ? "cert" : "key",
				  tls->cert != NULL ? "key" : "cert");
	const char *what =
		tls->server_name != NULL ? sink_address_check_server_name(tls->server_name) : NULL;
	if (what != NULL)
		config_node_fault(config_node_find(tls->node, "server_name"), c->faults, "`%s`: %s",
				  tls->server_name, what);
	if (c->file->url != NULL && strncmp(c->file->url, "http://", 7) == 0)
		config_node_key_fault(at(c, "tls"), c->faults,
				      "`tls` has no effect on an http:// URL, expected https://");
}

static void
check_variable(const struct check *c, const char *key, const char *name)
{
	if (name != NULL && (!consists_of(name, "_") || isdigit((unsigned char)*name)))
		config_node_fault(at(c, key), c->faults,
				  "`%s` is no name of an environment variable: letters, digits, "
				  "'_'",
				  name);
}

/* Who we are to the receiver. */
static void
check_secrets(const struct check *c)
{
	const struct sink_file *f = c->file;
	static const struct {
		uint32_t both;
		const char *of;
	} pairs[] = {
		{PASSWORD, "password"},
		{SINK_KEY_SECRET_FILE | SINK_KEY_SECRET_ENV, "secret"},
	};

	check_variable(c, "password_env", f->password_env);
	check_variable(c, "token_env", f->token_env);
	check_variable(c, "secret_env", f->secret_env);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		if ((c->given & pairs[i].both) == pairs[i].both)
			config_node_fault(f->node, c->faults, "of `%s_file` and `%s_env` only one",
					  pairs[i].of, pairs[i].of);
	}
	if (c->type == NULL || !sink_type_knows(c->type, SINK_KEY_USER))
		return;
	if (has(c, SINK_KEY_USER) && !has(c, PASSWORD))
		config_node_fault(at(c, "user"), c->faults,
				  "`user` needs `password_file` or `password_env`");
	/* Redis has a password of its own for nobody in particular. */
	if (has(c, PASSWORD) && !has(c, SINK_KEY_USER) && strcmp(c->type->name, "redis") != 0)
		config_node_fault(f->node, c->faults, "a password needs `user`");
	if (f->user != NULL && strchr(f->user, ':') != NULL && has(c, SINK_KEY_URL))
		config_node_fault(at(c, "user"), c->faults,
				  "a user of HTTP has no colon (RFC 7617 2)");
}

static void
check_topic(const struct check *c, const char *key, const char *topic)
{
	if (topic != NULL && (!consists_of(topic, "-_.") || strlen(topic) > TOPIC_MAX ||
			      strspn(topic, ".") == strlen(topic)))
		config_node_fault(at(c, key), c->faults,
				  "`%s` is no topic: letters, digits, '-', '_', '.'; at most %d",
				  topic, TOPIC_MAX);
}

/* "<vigie-{now/d{yyyy.MM.dd|UTC}}>": in braces is what the date is made of. */
static bool
is_date_mathematics(const char *index)
{
	size_t len = strlen(index);
	unsigned depth = 0, dates = 0;

	if (len < 3 || index[0] != '<' || index[len - 1] != '>' || strchr("-_+.", index[1]) != NULL)
		return false;
	for (size_t i = 1; i < len - 1; i++) {
		char letter = index[i];
		dates += letter == '{' && depth == 0;
		depth += letter == '{';
		if (letter == '}' && depth-- == 0)
			return false;
		if (strchr("{}", letter) != NULL)
			continue;
		if (depth == 0
			    ? !islower((unsigned char)letter) && !isdigit((unsigned char)letter) &&
				      strchr("-_+.", letter) == NULL
			    : !isalnum((unsigned char)letter) && strchr("-_+./|:", letter) == NULL)
			return false;
	}
	return depth == 0 && dates > 0;
}

/* Elasticsearch refuses every row of an index that is called otherwise. */
static void
check_index(const struct check *c)
{
	const char *index = c->file->index;

	if (index == NULL || is_date_mathematics(index))
		return;
	for (const char *letter = index; *letter != '\0'; letter++) {
		if (isupper((unsigned char)*letter) || strchr("\\/*?\"<>| ,#:", *letter) != NULL) {
			config_node_fault(at(c, "index"), c->faults,
					  "`%s` is no index: lower case, without any of "
					  "\\ / * ? \" < > | , # : and space",
					  index);
			return;
		}
	}
	if (strchr("-_+.", *index) != NULL)
		config_node_fault(at(c, "index"), c->faults,
				  "`%s` is no index: it begins with a letter or digit", index);
}

static void
check_limits(const struct check *c)
{
	const struct sink_file *f = c->file;
	const struct {
		const char *key, *text;
	} texts[] = {
		{"user", f->user},
		{"index", f->index},
		{"source_type", f->source_type},
		{"stream", f->stream},
		{"flow_stream", f->flow_stream},
	};

	if (f->max_message != CONFIG_NOT_GIVEN && f->max_message > FORMAT_MESSAGE_MAX)
		config_node_fault(at(c, "max_message"), c->faults,
				  "`max_message` is more than 64KiB");
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (texts[i].text != NULL && strlen(texts[i].text) > TEXT_MAX)
			config_node_fault(at(c, texts[i].key), c->faults,
					  "`%s` has %zu bytes, expected at most %d", texts[i].key,
					  strlen(texts[i].text), TEXT_MAX);
	}
	if (f->stream != NULL && f->flow_stream != NULL && strcmp(f->stream, f->flow_stream) == 0)
		config_node_fault(at(c, "flow_stream"), c->faults,
				  "`flow_stream` is `stream` too: expected another key");
	check_topic(c, "topic", f->topic);
	check_topic(c, "flow_topic", f->flow_topic);
	check_index(c);
}

static void
check_sink(const struct sink_file *file, struct fault_list *faults)
{
	struct check c = {.file = file, .type = sink_type_at(file->type), .faults = faults};

	if (config_node_kind(file->node) != CONFIG_KIND_MAPPING)
		return;
	check_texts(&c, file->node);
	check_name(&c);
	check_keys(&c);
	if (c.type != NULL)
		check_needed(&c);
	check_format(&c);
	check_records(&c);
	check_places(&c);
	check_tls(&c);
	check_secrets(&c);
	check_limits(&c);
}

void
sink_file_check(const struct config_list *files, struct fault_list *faults)
{
	const struct sink_file *file = files->items;

	if (files->count > SINK_FILE_MAX)
		config_node_fault(file[SINK_FILE_MAX].node, faults, "more than %d sinks",
				  SINK_FILE_MAX);
	for (size_t i = 0; i < files->count && i < SINK_FILE_MAX; i++) {
		check_sink(&file[i], faults);
		for (size_t k = 0; k < i && file[i].name != NULL; k++) {
			if (file[k].name == NULL || strcmp(file[k].name, file[i].name) != 0)
				continue;
			config_node_fault(config_node_find(file[i].node, "name"), faults,
					  "there is a sink `%s` already", file[i].name);
			break;
		}
	}
}
