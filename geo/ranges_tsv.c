/* SPDX-License-Identifier: Apache-2.0 */
/* The plain form of a range list; ranges.h shows it. */
#include "geo/ranges_parser.h"

#include <stdio.h>
#include <string.h>

#include "geo/shown_text.h"
#include "geo/text_line.h"

struct tsv {
	const struct range_parse *p;
	struct text_lines lines;
	size_t entries;
	bool feed_seen;
};

static void
fault(struct tsv *t, const char *why)
{
	fault_list_add(t->p->faults, t->p->text->name, t->lines.number, 0, "%s", why);
}

/* The text behind "# key:", without blanks around it; NULL if the line is another. */
static const char *
header_value(char *line, const char *key)
{
	size_t len = strlen(key);
	char *at = line + 1 + strspn(line + 1, " ");
	if (strncmp(at, key, len) != 0 || at[len] != ':')
		return NULL;
	at += len + 1;
	at += strspn(at, " ");
	size_t end = strlen(at);
	while (end > 0 && at[end - 1] == ' ')
		end--;
	at[end] = '\0';
	return at;
}

static void
take_header(struct tsv *t, char *line)
{
	struct range_list_about *about = t->p->about;
	const char *value;

	if ((value = header_value(line, "feed")) != NULL) {
		if (t->feed_seen || strcmp(value, range_feed_id(t->p->feed)) != 0)
			fault(t,
			      "expected exactly one feed line, with the id of the feed asked for");
		t->feed_seen = true;
	} else if ((value = header_value(line, "source")) != NULL) {
		struct slice text = slice_of(value, strlen(value));
		if (about->source[0] != '\0' || text.len == 0 || !shown_text_is_clean(text))
			fault(t, "expected exactly one source line, with a text");
		else
			shown_text_copy(text, about->source, sizeof(about->source));
	} else if ((value = header_value(line, "date")) != NULL) {
		if (about->date[0] != '\0' || strlen(value) != 10 ||
		    !range_date_parse(value, about->date))
			fault(t, "expected exactly one date line, with YYYY-MM-DD");
	}
}

/* Returns what the sink answered. */
static int
take_entry(struct tsv *t, char *line)
{
	char *service = strchr(line, '\t');
	char *region = service != NULL ? strchr(service + 1, '\t') : NULL;
	if (region == NULL || strchr(region + 1, '\t') != NULL) {
		fault(t, "expected prefix, service and region with one tab between each");
		return 0;
	}
	*service++ = '\0';
	*region++ = '\0';

	struct range_entry entry = {.service = *service != '\0' ? service : NULL,
				    .region = *region != '\0' ? region : NULL};
	const char *why = range_prefix_fault(line, &entry.prefix);
	if (why == NULL)
		why = range_text_fault(service);
	if (why == NULL)
		why = range_text_fault(region);
	if (why != NULL) {
		fault(t, why);
		return 0;
	}
	t->entries++;
	return t->p->sink->on_entry(t->p->sink->context, &entry);
}

static int
take_line(struct tsv *t, struct slice bytes)
{
	char line[TEXT_LINE_MAX + 1];
	if (bytes.len == 0)
		return 0;
	if (bytes.len > TEXT_LINE_MAX || memchr(bytes.data, '\0', bytes.len) != NULL) {
		fault(t, "the line is too long or holds a NUL byte");
		return 0;
	}
	memcpy(line, bytes.data, bytes.len);
	line[bytes.len] = '\0';
	if (line[0] != '#')
		return take_entry(t, line);
	take_header(t, line);
	return 0;
}

int
range_parse_tsv(const struct range_parse *p)
{
	struct tsv t = {.p = p, .lines = text_lines_over(p->text->bytes)};
	struct slice bytes;
	while (text_lines_next(&t.lines, &bytes)) {
		int rc = take_line(&t, bytes);
		if (rc != 0)
			return rc;
	}
	if (!t.feed_seen || p->about->source[0] == '\0' || p->about->date[0] == '\0')
		fault_list_add(p->faults, p->text->name, 1, 0,
			       "expected the header lines # feed: %s, # source: and # date:",
			       range_feed_id(p->feed));
	if (t.entries == 0)
		fault_list_add(p->faults, p->text->name, 0, 0, "holds no prefix");
	return 0;
}
