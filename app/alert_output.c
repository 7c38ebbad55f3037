/* SPDX-License-Identifier: Apache-2.0 */
#include "app/alert_output.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"

static const struct alert_output_format *const formats[] = {
	&alert_output_text,
	&alert_output_json,
	&alert_output_csv,
};

const struct alert_output_format *
alert_output_format_at(unsigned number)
{
	return number < sizeof(formats) / sizeof(*formats) ? formats[number] : NULL;
}

const char *
alert_output_word(unsigned number)
{
	const struct alert_output_format *format = alert_output_format_at(number);

	return format != NULL ? format->name : NULL;
}

const char *
alert_output_about(const struct event *event)
{
	if (event->class == EVENT_CLASS_FINDING || event->class == EVENT_CLASS_SENSOR)
		return event->message;
	if (event->name != NULL)
		return event->name;
	if (event->domain != NULL)
		return event->domain;
	/* The far end of what came in is the source. */
	bool incoming = event->direction != NULL && strcmp(event->direction, "ingress") == 0;
	const char *address = incoming ? event->source.ip : event->destination.ip;
	return address != NULL ? address : event->message;
}

/* ---- json: the lines as they were journalled ---- */

static int
begin_json(struct alert_output *output)
{
	(void)output;
	return 0;
}

/* Behind the string that begins at `at`. */
static size_t
skip_string(const char *line, size_t len, size_t at)
{
	for (at++; at < len && line[at] != '"'; at++) {
		if (line[at] == '\\')
			at++;
	}
	return at + 1;
}

/*
 * Where the first member of the object under `event` begins; 0 where there is none. The line was
 * parsed already, so only brackets and strings need to be told apart.
 */
static size_t
find_event(const char *line, size_t len)
{
	static const char key[] = "\"event\"";
	unsigned depth = 0;

	for (size_t at = 0; at < len;) {
		if (line[at] == '"') {
			size_t end = skip_string(line, len, at);
			bool is_key = depth == 1 && end - at == sizeof(key) - 1 &&
				      memcmp(line + at, key, sizeof(key) - 1) == 0;
			at = end;
			while (is_key && at < len && strchr(" :", line[at]) != NULL)
				at++;
			if (is_key && at < len && line[at] == '{')
				return at + 1;
			continue;
		}
		depth += line[at] == '{' || line[at] == '[';
		depth -= line[at] == '}' || line[at] == ']';
		at++;
	}
	return 0;
}

/*
 * A character that drives a terminal, or turns the writing direction, as JSON can have it too. Such
 * ones stand in texts alone, but for those below a space, which JSON has between its tokens alone.
 */
static void
put_escaped(FILE *out, const char *bytes, size_t len)
{
	while (len > 0) {
		uint32_t code_point = (unsigned char)*bytes;
		size_t taken = utf8_decode(bytes, len, &code_point);

		if (taken == 0 || !utf8_is_unsafe(code_point))
			fwrite(bytes, 1, taken > 0 ? taken : 1, out);
		else if (code_point < ' ')
			fputc(' ', out);
		else
			fprintf(out, "\\u%04" PRIx32, code_point);
		bytes += taken > 0 ? taken : 1;
		len -= taken > 0 ? taken : 1;
	}
}

static void
put_line(const struct alert_output *output, const char *bytes, size_t len)
{
	if (output->terminal)
		put_escaped(output->out, bytes, len);
	else
		fwrite(bytes, 1, len, output->out);
}

static void
add_json(struct alert_output *output, const struct journal_row *row, const struct event *event)
{
	size_t at = find_event(row->content, row->len);

	(void)event;
	put_line(output, row->content, at);
	/* An event of ours has members: its kind at least. */
	if (at != 0)
		fprintf(output->out, "\"sequence\":%" PRIu64 ",", row->sequence);
	put_line(output, row->content + at, row->len - at);
	fputc('\n', output->out);
}

static void
flush_json(struct alert_output *output)
{
	(void)fflush(output->out);
}

const struct alert_output_format alert_output_json = {
	.name = "json", .begin = begin_json, .add = add_json, .flush = flush_json};
