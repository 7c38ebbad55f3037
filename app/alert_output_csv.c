/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 4180: CRLF behind each record, quotes doubled within quotes. */
#include "app/alert_output.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/rfc3339.h"

static int
begin(struct alert_output *output)
{
	fputs("sequence,recorded,start,end,id,severity,rule,rule_name,zone,zone_owner,data_class,"
	      "host,"
	      "source,destination,name,operator,service_kind,exposure,confidence,shape,payload_out,"
	      "payload_in,flows,exception,severity_before_exception,flags,ja4,subject,message\r\n",
	      output->out);
	return 0;
}

/*
 * A spreadsheet takes a cell that begins with one of these for a formula, and names are chosen by
 * strangers: an apostrophe in front makes it a text (OWASP, CSV injection). Texts are clean, so a
 * tab or a line end is none any more. Excel takes the full-width signs for the others.
 */
static bool
is_formula(const char *text)
{
	static const char *const signs[] = {
		"=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0",
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		if (strncmp(text, signs[i], strlen(signs[i])) == 0)
			return true;
	}
	return false;
}

static void
put_text(struct alert_output *output, const char *text, const char *end)
{
	if (text != NULL && *text != '\0') {
		fputc('"', output->out);
		if (is_formula(text))
			fputc('\'', output->out);
		for (; *text != '\0'; text++) {
			if (*text == '"')
				fputc('"', output->out);
			fputc(*text, output->out);
		}
		fputc('"', output->out);
	}
	fputs(end, output->out);
}

/* A list in one cell, as far as there is room: all words of ours fit. */
static void
put_words(struct alert_output *output, const struct event_words *words)
{
	char text[1024] = "";
	size_t used = 0;

	for (size_t i = 0; i < words->count && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", i > 0 ? " " : "",
					 words->words[i]);
	put_text(output, text, ",");
}

static void
put_number(struct alert_output *output, uint64_t number, bool known)
{
	if (known)
		fprintf(output->out, "%" PRIu64, number);
	fputc(',', output->out);
}

static void
put_time(struct alert_output *output, uint64_t time_ns)
{
	char text[RFC3339_LEN + 1];

	rfc3339_format(time_ns, text);
	fprintf(output->out, "%s,", time_ns != 0 ? text : "");
}

static void
add(struct alert_output *output, const struct journal_row *row, const struct event *e)
{
	const char *const texts[] = {
		e->id,           e->has_severity ? severity_text(e->severity) : NULL,
		e->rule_id,      e->rule_name,
		e->zone,         e->zone_owner,
		e->data_class,   e->host,
		e->source.ip,    e->destination.ip,
		e->name,         e->operator_id,
		e->service_kind, e->exposure,
		e->confidence,   e->shape,
	};
	bool lowered = e->severity_before_exception != e->severity;

	put_number(output, row->sequence, true);
	put_time(output, row->recorded_ns);
	put_time(output, e->start_ns);
	put_time(output, e->end_ns);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		put_text(output, texts[i], ",");
	put_number(output, e->payload_out, e->flows != 0);
	put_number(output, e->payload_in, e->flows != 0);
	put_number(output, e->flows, e->flows != 0);
	put_text(output, e->exception, ",");
	put_text(output, lowered ? severity_text(e->severity_before_exception) : NULL, ",");
	put_words(output, &e->flags);
	put_text(output, e->tls_ja4, ",");
	put_text(output, e->subject, ",");
	put_text(output, e->message, "\r\n");
}

static void
flush(struct alert_output *output)
{
	(void)fflush(output->out);
}

const struct alert_output_format alert_output_csv = {
	.name = "csv", .begin = begin, .add = add, .flush = flush};
