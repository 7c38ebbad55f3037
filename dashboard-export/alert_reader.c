/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/alert_reader.h"

#include "base/arena.h"
#include "base/printable_text.h"
#include "base/utf8.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* One line and where it stands. */
struct reading {
	FILE *in;
	const char *name;
	struct alert_reader_answer *out;
	unsigned long line;
	char fault[256]; /* the first of this line; "": none */
	size_t len;
	char text[ALERT_READER_LINE_MAX];
};

/* What a line is. */
enum line_kind { LINE_WHOLE, LINE_LAST, LINE_LONG, LINE_FAILED };

static bool fault(struct reading *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Tells the first thing that is wrong with the line; always false. */
static bool
fault(struct reading *r, const char *format, ...)
{
	size_t size = sizeof(r->fault);
	va_list args;

	if (r->fault[0] != '\0')
		return false;
	int len = snprintf(r->fault, size, "%.100s:%lu: ", printable_text(r->name).text, r->line);
	va_start(args, format);
	(void)vsnprintf(r->fault + len, size - (size_t)len, format, args);
	va_end(args);
	return false;
}

/* Nothing more can be read; always false. */
static bool
fail(struct reading *r, const char *why)
{
	snprintf(r->out->why, sizeof(r->out->why), "%.100s: %.140s", printable_text(r->name).text,
		 why);
	return false;
}

static bool
is_lower_hex(const char *text, size_t len)
{
	return strspn(text, "0123456789abcdef") == len;
}

bool
alert_reader_is_id(const char *text)
{
	size_t len = strlen(text);

	return len >= ALERT_READER_PREFIX_MIN && len <= ALERT_ID_LEN && is_lower_hex(text, len);
}

/* An alert being filled, and the first thing that does not fit. */
struct filling {
	struct reading *reading;
	struct read_alert *alert;
	bool good;
};

static const char *
copy_clean(struct filling *f, const char *text, size_t len)
{
	/* The longest replacement takes three bytes for one. */
	size_t size = 3 * len + 1;
	char *copy = arena_alloc(f->alert->arena, size);

	if (copy == NULL) {
		f->good = fail(f->reading, "out of memory");
		return NULL;
	}
	(void)utf8_copy_clean(text, copy, size);
	return copy;
}

/* The text at `key`, NULL where there is none. */
static const char *
take_text(struct filling *f, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (value == NULL)
		return NULL;
	if (!json_is_string(value)) {
		f->good = fault(f->reading, "`%s` is no text", key);
		return NULL;
	}
	return copy_clean(f, json_string_value(value), json_string_length(value));
}

/* The object at `key`; NULL, which has no members, where there is none. */
static const json_t *
take_object(struct filling *f, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (value != NULL && !json_is_object(value)) {
		f->good = fault(f->reading, "`%s` is no object", key);
		return NULL;
	}
	return value;
}

static uint64_t
take_count(struct filling *f, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (value == NULL)
		return 0;
	if (!json_is_integer(value) || json_integer_value(value) < 0) {
		f->good = fault(f->reading, "`%s` is no count", key);
		return 0;
	}
	return (uint64_t)json_integer_value(value);
}

static void
take_words(struct filling *f, const json_t *object, const char *key, struct read_words *out)
{
	const json_t *array = json_object_get(object, key);

	if (array == NULL)
		return;
	if (!json_is_array(array) || json_array_size(array) > READ_ALERT_WORDS_MAX) {
		f->good = fault(f->reading, "`%s` is no list of at most %d words", key,
				READ_ALERT_WORDS_MAX);
		return;
	}
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *word = json_array_get(array, i);
		if (!json_is_string(word)) {
			f->good = fault(f->reading, "`%s` holds something that is no text", key);
			return;
		}
		out->words[out->count++] =
			copy_clean(f, json_string_value(word), json_string_length(word));
	}
}

static void
take_steps(struct filling *f, const json_t *vigie)
{
	const json_t *array = json_object_get(vigie, "steps");
	struct read_alert *a = f->alert;

	if (array == NULL)
		return;
	if (!json_is_array(array) || json_array_size(array) > READ_ALERT_STEPS_MAX) {
		f->good = fault(f->reading, "`steps` is no list of at most %d steps",
				READ_ALERT_STEPS_MAX);
		return;
	}
	for (size_t i = 0; i < json_array_size(array) && f->good; i++) {
		const json_t *step = json_array_get(array, i);
		struct read_step read = {take_text(f, step, "step"), take_text(f, step, "before"),
					 take_text(f, step, "after")};
		if (read.step == NULL || read.before == NULL || read.after == NULL)
			f->good = fault(f->reading, "a step lacks `step`, `before` or `after`");
		a->steps[a->step_count++] = read;
	}
}

struct text_member {
	const char *key;
	size_t offset; /* of the text in struct read_alert */
};

#define MEMBER(key, field)                              \
	{                                               \
		key, offsetof(struct read_alert, field) \
	}

static const struct text_member vigie_texts[] = {
	MEMBER("severity", severity),
	MEMBER("severity_before_exception", severity_before_exception),
	MEMBER("exception", exception),
	MEMBER("evidence_name", evidence_name),
	MEMBER("day", day),
	MEMBER("zone", zone),
	MEMBER("zone_owner", zone_owner),
	MEMBER("data_class", data_class),
	MEMBER("host", host),
	MEMBER("capture", capture),
	MEMBER("direction", direction),
	MEMBER("subject", subject),
	MEMBER("name", name),
	MEMBER("name_source", name_source),
	MEMBER("operator", operator_id),
	MEMBER("host_operator", host_operator),
	MEMBER("service", service),
	MEMBER("service_kind", service_kind),
	MEMBER("region", region),
	MEMBER("tenancy", tenancy),
	MEMBER("exposure", exposure),
	MEMBER("confidence", confidence),
	MEMBER("shape", shape),
};

static void
take_vigie(struct filling *f, const json_t *vigie)
{
	struct read_alert *a = f->alert;

	for (size_t i = 0; i < sizeof(vigie_texts) / sizeof(*vigie_texts); i++) {
		const struct text_member *m = &vigie_texts[i];
		*(const char **)((char *)a + m->offset) = take_text(f, vigie, m->key);
	}
	take_words(f, vigie, "evidence", &a->evidence);
	take_words(f, vigie, "disagree", &a->disagree);
	take_words(f, vigie, "flags", &a->flags);
	take_words(f, vigie, "names", &a->names);
	take_words(f, vigie, "exceptions_of_part", &a->exceptions_of_part);
	take_words(f, vigie, "exceptions_ended", &a->exceptions_ended);
	take_steps(f, vigie);
	a->payload_out = take_count(f, vigie, "payload_out");
	a->payload_in = take_count(f, vigie, "payload_in");
	a->flows = take_count(f, vigie, "flows");
}

/* Fills everything but the id. */
static bool
fill_alert(struct reading *r, const json_t *root, struct read_alert *a)
{
	struct filling f = {r, a, true};
	const json_t *event = take_object(&f, root, "event");
	const json_t *rule = take_object(&f, root, "rule");

	a->line = r->line;
	a->message = take_text(&f, root, "message");
	a->start = take_text(&f, event, "start");
	a->end = take_text(&f, event, "end");
	a->rule_id = take_text(&f, rule, "id");
	a->rule_name = take_text(&f, rule, "name");
	a->source_ip = take_text(&f, take_object(&f, root, "source"), "ip");
	a->destination_ip = take_text(&f, take_object(&f, root, "destination"), "ip");
	take_vigie(&f, take_object(&f, root, "vigie"));
	if (f.good && (a->rule_id == NULL || a->message == NULL || a->severity == NULL))
		return fault(r, "an alert lacks `rule.id`, `message` or `vigie.severity`");
	return f.good;
}

static void
free_alert(struct read_alert *alert)
{
	if (alert == NULL)
		return;
	arena_destroy(alert->arena);
	free(alert);
}

void
alert_reader_answer_fini(struct alert_reader_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++)
		free_alert(answer->alerts[i]);
	answer->count = 0;
}

static struct read_alert *
create_alert(struct reading *r, const json_t *root, const char *id)
{
	struct read_alert *a = calloc(1, sizeof(*a));

	if (a != NULL)
		a->arena = arena_create();
	if (a == NULL || a->arena == NULL) {
		free(a);
		(void)fail(r, "out of memory");
		return NULL;
	}
	memcpy(a->id, id, ALERT_ID_LEN + 1);
	if (!fill_alert(r, root, a)) {
		free_alert(a);
		return NULL;
	}
	return a;
}

/* In the place of the earlier one of that id; else behind the others. */
static void
keep_alert(struct alert_reader_answer *out, struct read_alert *alert)
{
	for (size_t i = 0; i < out->count; i++) {
		if (strcmp(out->alerts[i]->id, alert->id) != 0)
			continue;
		free_alert(out->alerts[i]);
		out->alerts[i] = alert;
		return;
	}
	if (out->count == ALERT_READER_MATCHES_MAX) {
		out->more = true;
		free_alert(alert);
		return;
	}
	out->alerts[out->count++] = alert;
}

/* One JSON text. False after a fault. */
static bool
take_line(struct reading *r, const json_t *root, const char *prefix)
{
	const json_t *event = json_object_get(root, "event");
	const char *kind = json_string_value(json_object_get(event, "kind"));
	const char *id = json_string_value(json_object_get(event, "id"));

	if (!json_is_object(root))
		return fault(r, "expected an object");
	if (kind == NULL || strcmp(kind, "alert") != 0) {
		r->out->others_seen++;
		return true;
	}
	if (id == NULL || strlen(id) != ALERT_ID_LEN || !is_lower_hex(id, ALERT_ID_LEN))
		return fault(r, "`event.id` is not %d hexadecimal digits", ALERT_ID_LEN);
	r->out->alerts_seen++;
	if (strncmp(id, prefix, strlen(prefix)) != 0)
		return true;
	struct read_alert *alert = create_alert(r, root, id);
	if (alert == NULL)
		return false;
	keep_alert(r->out, alert);
	return true;
}

static bool
parse_line(struct reading *r, const char *prefix)
{
	json_error_t error;

	if (r->len == 0)
		return true;
	json_t *root = json_loadb(r->text, r->len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		return fault(r, "no JSON: %s", printable_text(error.text).text);
	bool good = take_line(r, root, prefix);
	json_decref(root);
	return good;
}

/* The next line without its end; of one that is too long, nothing. */
static enum line_kind
read_line(struct reading *r)
{
	bool too_long = false;
	int c;

	r->len = 0;
	r->line++;
	r->fault[0] = '\0';
	while ((c = getc_unlocked(r->in)) != EOF && c != '\n') {
		if (r->len < sizeof(r->text))
			r->text[r->len++] = (char)c;
		else
			too_long = true;
	}
	if (ferror(r->in)) {
		(void)fail(r, errno == EISDIR ? "this is a directory: name a file of alerts in it"
					      : strerror(errno));
		return LINE_FAILED;
	}
	if (too_long)
		return LINE_LONG;
	return c == EOF ? LINE_LAST : LINE_WHOLE;
}

/* Files that are kept for long are compressed; there is nothing in them that looks like a line. */
static bool
is_compressed(struct reading *r)
{
	static const struct {
		const char *magic;
		const char *why;
	} formats[] = {
		{"\x1f\x8b", "compressed by gzip: zcat FILE | vigie explain --alerts - ID"},
		{"\x28\xb5\x2f\xfd",
		 "compressed by zstd: zstdcat FILE | vigie explain --alerts - ID"},
		{"\xfd"
		 "7zXZ",
		 "compressed by xz: xzcat FILE | vigie explain --alerts - ID"},
		{"BZh", "compressed by bzip2: bzcat FILE | vigie explain --alerts - ID"},
		{"PK\x03\x04", "a zip archive: unzip -p FILE | vigie explain --alerts - ID"},
	};

	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		size_t len = strlen(formats[i].magic);
		if (r->len >= len && memcmp(r->text, formats[i].magic, len) == 0)
			return !fail(r, formats[i].why);
	}
	return false;
}

static void
pass_over(struct reading *r)
{
	struct alert_reader_answer *out = r->out;

	if (out->passed_over++ == 0)
		memcpy(out->first_passed_over, r->fault, sizeof(out->first_passed_over));
}

static bool
read_lines(struct reading *r, const char *prefix)
{
	enum line_kind kind;

	do {
		kind = read_line(r);
		if (kind == LINE_FAILED || (r->line == 1 && is_compressed(r)))
			return false;
		bool good = kind == LINE_LONG ? fault(r, "a line of more than %d bytes",
						      ALERT_READER_LINE_MAX)
					      : parse_line(r, prefix);
		if (r->out->why[0] != '\0')
			return false;
		/* A line without its end is still being written. */
		if (!good && kind == LINE_LAST)
			r->out->unfinished = true;
		else if (!good)
			pass_over(r);
	} while (kind != LINE_LAST);
	return true;
}

enum alert_reader_result
alert_reader_find(FILE *in, const char *name, const char *prefix, struct alert_reader_answer *out)
{
	struct reading *r = malloc(sizeof(*r));

	*out = (struct alert_reader_answer){0};
	if (r == NULL) {
		snprintf(out->why, sizeof(out->why), "out of memory");
		return ALERT_READER_FAILED;
	}
	r->fault[0] = '\0';
	r->in = in;
	r->name = name;
	r->out = out;
	r->line = 0;
	bool good = read_lines(r, prefix);
	free(r);
	if (!good)
		return ALERT_READER_FAILED;
	if (out->count == 0)
		return ALERT_READER_NONE;
	return out->count == 1 && !out->more ? ALERT_READER_FOUND : ALERT_READER_SEVERAL;
}
