/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operators' own formats that are lines of text. `#` begins a remark.
 * One prefix a line (Cloudflare ips-v4, ips-v6):
 *   173.245.48.0/20
 * Geofeed (RFC 8805): prefix, country, region, city, postal code:
 *   5.101.96.0/21,NL,NL-NH,Amsterdam,1098 XH
 * A geofeed has no name for a site, so the region is made of city and country: "amsterdam_nl".
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "geo/ranges_parser.h"
#include "geo/shown_text.h"
#include "geo/text_line.h"

struct text_list {
	const struct range_parse *p;
	struct text_lines lines;
	size_t entries;
};

/* Reads one line, which is not empty, into `entry`; texts may be kept in `region`. Returns what is
 * wrong, or NULL. */
typedef const char *(*read_line_fn)(char *line, struct range_entry *entry,
				    char region[SHOWN_TEXT_MAX]);

static const char *
read_prefix_line(char *line, struct range_entry *entry, char region[SHOWN_TEXT_MAX])
{
	(void)region;
	return range_prefix_fault(line, &entry->prefix);
}

/* Cuts blanks at both ends. */
static char *
trim(char *text)
{
	text += strspn(text, " \t");
	size_t len = strlen(text);
	while (len > 0 && strchr(" \t", text[len - 1]) != NULL)
		len--;
	text[len] = '\0';
	return text;
}

/* The text of the next field of `*rest`, NULL behind the last. A quoted one may hold commas. */
static char *
take_field(char **rest)
{
	char *field = *rest;
	if (field == NULL)
		return NULL;
	field += strspn(field, " \t");
	char *quote = field[0] == '"' ? strchr(field + 1, '"') : NULL;
	char *comma = strchr(quote != NULL ? quote : field, ',');
	*rest = comma != NULL ? comma + 1 : NULL;
	if (comma != NULL)
		*comma = '\0';
	if (quote == NULL)
		return trim(field);
	*quote = '\0';
	return trim(field + 1);
}

/* Lower-case letters, digits and dashes stay, blanks become '_', other ASCII goes, other letters
 * stay as they are. Returns the length. */
static size_t
make_slug(const char *city, char *out, size_t size)
{
	size_t len = 0;
	for (; *city != '\0' && len + 1 < size; city++) {
		unsigned char c = (unsigned char)*city;
		if (c == ' ')
			out[len++] = '_';
		else if (c >= 0x80 || c == '-' || isalnum(c))
			out[len++] = (char)(c < 0x80 ? tolower(c) : c);
	}
	out[len] = '\0';
	return len;
}

static const char *
read_geofeed_line(char *line, struct range_entry *entry, char region[SHOWN_TEXT_MAX])
{
	char *rest = line, *fields[5] = {NULL};
	for (size_t i = 0; i < 5; i++)
		fields[i] = take_field(&rest);
	if (rest != NULL)
		return "expected at most prefix, country, region, city and postal code";
	const char *why = range_prefix_fault(fields[0], &entry->prefix);
	if (why != NULL)
		return why;
	const char *country = fields[1] != NULL ? fields[1] : "";
	const char *city = fields[3] != NULL ? fields[3] : "";
	if (*country != '\0' && !(strlen(country) == 2 && isalpha((unsigned char)country[0]) &&
				  isalpha((unsigned char)country[1])))
		return "expected a country code of two letters";
	why = range_text_fault(city);
	if (why != NULL)
		return why;

	size_t len = make_slug(city, region, SHOWN_TEXT_MAX - sizeof("_xx"));
	if (*country != '\0')
		snprintf(region + len, sizeof("_xx"), "%s%c%c", len > 0 ? "_" : "",
			 tolower((unsigned char)country[0]), tolower((unsigned char)country[1]));
	entry->region = *region != '\0' ? region : NULL;
	return NULL;
}

static void
fault(const struct text_list *t, const char *why)
{
	fault_list_add(t->p->faults, t->p->text->name, t->lines.number, 0, "%s", why);
}

/* Returns what the sink answered. */
static int
take_line(struct text_list *t, struct slice bytes, read_line_fn read)
{
	char line[TEXT_LINE_MAX + 1], region[SHOWN_TEXT_MAX] = "";
	if (bytes.len > TEXT_LINE_MAX || memchr(bytes.data, '\0', bytes.len) != NULL) {
		fault(t, "the line is too long or holds a NUL byte");
		return 0;
	}
	memcpy(line, bytes.data, bytes.len);
	line[bytes.len] = '\0';
	line[strcspn(line, "#")] = '\0';
	char *text = trim(line);
	if (*text == '\0')
		return 0;

	struct range_entry entry = {0};
	const char *why = read(text, &entry, region);
	if (why != NULL) {
		fault(t, why);
		return 0;
	}
	t->entries++;
	return t->p->sink->on_entry(t->p->sink->context, &entry);
}

static int
read_lines(const struct range_parse *p, const char *what, read_line_fn read)
{
	struct text_list t = {.p = p, .lines = text_lines_over(p->text->bytes)};
	struct slice bytes;
	snprintf(p->about->source, sizeof(p->about->source), "%s of %s", what,
		 range_feed_id(p->feed));
	while (text_lines_next(&t.lines, &bytes)) {
		int rc = bytes.len > 0 ? take_line(&t, bytes, read) : 0;
		if (rc != 0)
			return rc;
	}
	if (t.entries == 0)
		fault_list_add(p->faults, p->text->name, 0, 0, "holds no prefix");
	return 0;
}

int
range_parse_prefix_lines(const struct range_parse *p)
{
	return read_lines(p, "prefix list", read_prefix_line);
}

int
range_parse_geofeed(const struct range_parse *p)
{
	return read_lines(p, "geofeed", read_geofeed_line);
}
