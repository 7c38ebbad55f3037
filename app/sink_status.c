/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sink_status.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/sink_status_page.h"
#include "dashboard-export/journal/journal_reader.h"
#include "dashboard-export/sinks/transport.h"

static const struct sink_status_format *const formats[] = {
	&sink_status_text,
	&sink_status_json,
	&sink_status_prometheus,
};

const struct sink_status_format *
sink_status_format_at(unsigned number)
{
	return number < sizeof(formats) / sizeof(*formats) ? formats[number] : NULL;
}

const char *
sink_status_word(unsigned number)
{
	const struct sink_status_format *format = sink_status_format_at(number);

	return format != NULL ? format->name : NULL;
}

/* Both may be absent: nothing has been journalled, or nothing was sent. */
struct sources {
	struct journal_reader *journal;
	struct cursors *cursors;
};

static int
open_sources(const char *journal_path, struct sources *out, char why[256])
{
	out->journal = journal_reader_open(journal_path, why);
	if (out->journal == NULL)
		return errno == ENOENT ? 0 : -errno;
	out->cursors = cursors_open_read(journal_path, why);
	return out->cursors != NULL || errno == ENOENT ? 0 : -errno;
}

static int
read_sink(const struct sources *from, struct sink_status *out)
{
	int found = 0;

	if (from->cursors != NULL)
		found = cursors_get(from->cursors, out->name, journal_reader_id(from->journal),
				    &out->cursor);
	if (found < 0)
		return found;
	out->known = found == 1;
	if (from->journal == NULL || !out->alerts)
		return 0;
	return journal_reader_backlog(from->journal, out->cursor.acknowledged, &out->waiting,
				      &out->oldest_ns);
}

int
sink_status_read(const struct sink_config *sinks, size_t count, const char *journal_path,
		 struct sink_status *out, char why[256])
{
	struct sources from = {0};

	int error = open_sources(journal_path, &from, why);
	for (size_t i = 0; i < count && error == 0; i++) {
		out[i] = (struct sink_status){.name = sinks[i].name,
					      .type = sinks[i].kind->name,
					      .alerts = sinks[i].alerts};
		error = read_sink(&from, &out[i]);
		if (error != 0)
			(void)snprintf(why, 256, "sink %.64s: %.100s", sinks[i].name,
				       strerror(-error));
	}
	cursors_close(from.cursors);
	journal_reader_close(from.journal);
	return error;
}
