/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/alert_reader.h"

#include "base/printable_text.h"

#include <errno.h>
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
	char text[EVENT_LINE_MAX];
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

bool
alert_reader_is_id(const char *text)
{
	size_t len = strlen(text);

	return len >= ALERT_READER_PREFIX_MIN && len <= ALERT_ID_LEN &&
	       strspn(text, "0123456789abcdef") == len;
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
create_alert(void)
{
	struct read_alert *a = malloc(sizeof(*a));

	if (a != NULL)
		a->arena = arena_create();
	if (a != NULL && a->arena == NULL) {
		free(a);
		return NULL;
	}
	return a;
}

/* In the place of the earlier one of that id; else behind the others. */
static void
keep_alert(struct alert_reader_answer *out, struct read_alert *alert)
{
	for (size_t i = 0; i < out->count; i++) {
		if (strcmp(out->alerts[i]->event.id, alert->event.id) != 0)
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

/* Takes the event over where it is one that is looked for. False after a fault. */
static bool
take_event(struct reading *r, struct read_alert *alert, const char *prefix)
{
	const struct event *e = &alert->event;
	bool wanted = e->class != EVENT_CLASS_FLOW && strncmp(e->id, prefix, strlen(prefix)) == 0;

	if (e->class == EVENT_CLASS_FLOW)
		r->out->others_seen++;
	else
		r->out->alerts_seen++;
	if (!wanted) {
		free_alert(alert);
		return true;
	}
	if (event_clean(&alert->event, alert->arena) != 0) {
		free_alert(alert);
		return fail(r, "out of memory");
	}
	keep_alert(r->out, alert);
	return true;
}

static bool
parse_line(struct reading *r, const char *prefix)
{
	char why[256];

	if (r->len == 0)
		return true;
	struct read_alert *alert = create_alert();
	if (alert == NULL)
		return fail(r, "out of memory");
	alert->line = r->line;
	int error = event_parse(r->text, r->len, alert->arena, &alert->event, why);
	if (error == 0)
		return take_event(r, alert, prefix);
	free_alert(alert);
	return error == -ENOMEM ? fail(r, why) : fault(r, "%s", why);
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
		bool good = kind == LINE_LONG
				    ? fault(r, "a line of more than %d bytes", EVENT_LINE_MAX)
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
