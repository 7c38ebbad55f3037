/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/asn_csv.h"

#include <errno.h>
#include <string.h>

#include "geo/shown_text.h"
#include "geo/text_line.h"

enum column {
	COLUMN_FIRST,
	COLUMN_LAST,
	COLUMN_ASN,
	COLUMN_ORG,
	COLUMNS,
};

/* The texts of one line, unquoted and NUL-terminated, in one buffer. */
struct fields {
	char *text[COLUMNS];
	char buffer[TEXT_LINE_MAX + COLUMNS];
};

/*
 * RFC 4180 2.5-2.7: takes one field from `c` to `out`, a doubled quote standing for one. Returns
 * the byte behind it, ',' or 0 for the end of the line; -1 if it is badly quoted.
 */
static int
take_field(struct cursor *c, char **out)
{
	uint8_t byte = cursor_left(c) > 0 ? *c->at : 0;
	bool quoted = byte == '"';
	if (quoted)
		cursor_skip(c, 1);
	while (cursor_left(c) > 0) {
		byte = cursor_u8(c);
		if (!quoted && byte == ',')
			return ',';
		if (byte == '"') {
			if (!quoted)
				return -1;
			if (cursor_left(c) == 0)
				return 0;
			byte = cursor_u8(c);
			if (byte == ',')
				return ',';
			if (byte != '"')
				return -1;
		}
		*(*out)++ = (char)byte;
	}
	return quoted ? -1 : 0;
}

/* Returns NULL, or what is wrong with the line. */
static const char *
split_line(struct slice line, struct fields *fields)
{
	struct cursor c = cursor_over(line);
	char *out = fields->buffer;
	for (int column = 0; column < COLUMNS; column++) {
		fields->text[column] = out;
		int behind = take_field(&c, &out);
		*out++ = '\0';
		if (behind < 0)
			return "a field is badly quoted";
		if (behind == 0 && column < COLUMN_ORG)
			return "too few fields: expected first,last,asn,organisation";
		if (behind == ',' && column == COLUMN_ORG)
			return "too many fields: expected first,last,asn,organisation";
	}
	return NULL;
}

static bool
parse_asn(const char *text, uint32_t *asn)
{
	uint64_t n = 0;
	size_t digits = 0;
	for (; text[digits] >= '0' && text[digits] <= '9' && digits < 11; digits++)
		n = n * 10 + (uint64_t)(text[digits] - '0');
	if (digits == 0 || text[digits] != '\0' || n == 0 || n > UINT32_MAX)
		return false;
	*asn = (uint32_t)n;
	return true;
}

static bool
is_after(const struct ip_address *a, const struct ip_address *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) > 0;
}

/* Returns NULL, or what is wrong with the row. */
static const char *
parse_row(struct slice line, uint8_t version, struct fields *fields, struct asn_row *row)
{
	if (memchr(line.data, '\0', line.len) != NULL)
		return "holds a NUL byte";
	const char *why = split_line(line, fields);
	if (why != NULL)
		return why;
	if (ip_address_parse(fields->text[COLUMN_FIRST], &row->first) != 0 ||
	    ip_address_parse(fields->text[COLUMN_LAST], &row->last) != 0)
		return "the first two fields have to be IP addresses";
	if (row->first.version != version || row->last.version != version)
		return version == 4 ? "expected IPv4 addresses" : "expected IPv6 addresses";
	if (is_after(&row->first, &row->last))
		return "the first address is behind the last";
	if (!parse_asn(fields->text[COLUMN_ASN], &row->asn))
		return "the third field has to be an AS number from 1 to 4294967295";

	char *org = fields->text[COLUMN_ORG];
	struct slice text = slice_of(org, strlen(org));
	if (!shown_text_is_clean(text))
		return "the organisation is not UTF-8 without control characters";
	/* Cut in place: the field stands at least that far from the end of the buffer. */
	if (text.len >= SHOWN_TEXT_MAX) {
		char cut[SHOWN_TEXT_MAX];
		memcpy(org, cut, shown_text_copy(text, cut, sizeof(cut)) + 1);
	}
	row->org = org;
	return NULL;
}

int
asn_csv_parse(const struct named_bytes *csv, uint8_t version, const struct asn_row_sink *sink,
	      struct fault_list *faults)
{
	struct text_lines lines = text_lines_over(csv->bytes);
	struct slice line;
	size_t faults_before = faults->count;

	while (text_lines_next(&lines, &line)) {
		struct fields fields;
		struct asn_row row;
		if (line.len == 0)
			continue;
		const char *why = line.len > TEXT_LINE_MAX
					  ? "the line is too long"
					  : parse_row(line, version, &fields, &row);
		if (why != NULL) {
			fault_list_add(faults, csv->name, lines.number, 0, "%s", why);
			continue;
		}
		int rc = sink->on_row(sink->context, &row);
		if (rc != 0)
			return rc;
	}
	if (lines.number == 0)
		fault_list_add(faults, csv->name, 0, 0,
			       "is empty: expected rows first,last,asn,organisation");
	return faults->count == faults_before ? 0 : -EINVAL;
}
