/* SPDX-License-Identifier: Apache-2.0 */
/* One object a sink and line; what is not known is not written. */
#include "app/sink_status_page.h"
#include "base/rfc3339.h"
#include "dashboard-export/json_writer.h"

/* Names, figures, and the longest error written with escapes. */
#define LINE_MAX_BYTES 4096
#define TEXT_MAX_LEN 1600

static void
write_time(struct json_writer *w, const char *key, uint64_t time_ns)
{
	char text[RFC3339_LEN + 1];

	if (time_ns == 0)
		return;
	rfc3339_format(time_ns, text);
	json_writer_plain_member(w, key, text);
}

static void
write_cursor(struct json_writer *w, const struct sink_cursor *c)
{
	json_writer_plain_member(w, "journal", c->journal);
	json_writer_uint_member(w, "acknowledged", c->acknowledged);
	json_writer_uint_member(w, "delivered", c->delivered);
	json_writer_uint_member(w, "refused", c->refused);
	json_writer_uint_member(w, "filtered", c->filtered);
	json_writer_uint_member(w, "flows_delivered", c->flows_delivered);
	json_writer_uint_member(w, "flows_dropped", c->flows_dropped);
	json_writer_uint_member(w, "rate", c->rate);
	write_time(w, "last_success", c->last_success_ns);
	write_time(w, "failing_since", c->failing_since_ns);
	if (c->failing_since_ns != 0)
		json_writer_uint_member(w, "attempts", c->attempts);
	if (c->last_error[0] != '\0')
		json_writer_text_member(w, "last_error", c->last_error, TEXT_MAX_LEN);
	write_time(w, "last_error_at", c->last_error_ns);
	write_time(w, "updated", c->updated_ns);
}

static void
write_json(const struct sink_status_page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		const struct sink_status *s = &page->sinks[i];
		char line[LINE_MAX_BYTES];
		struct json_writer w;
		json_writer_init(&w, line, sizeof(line));
		json_writer_open(&w, '{');
		json_writer_text_member(&w, "sink", s->name, TEXT_MAX_LEN);
		json_writer_plain_member(&w, "type", s->type);
		json_writer_uint_member(&w, "waiting", s->waiting);
		write_time(&w, "oldest_waiting", s->oldest_ns);
		if (s->known)
			write_cursor(&w, &s->cursor);
		json_writer_close(&w, '}');
		json_writer_raw(&w, "\n", 1);
		fwrite(line, 1, json_writer_len(&w), page->out);
	}
}

const struct sink_status_format sink_status_json = {.name = "json", .write = write_json};
