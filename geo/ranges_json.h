/* SPDX-License-Identifier: Apache-2.0 */
/* What the parsers of JSON lists share: the document, its faults, and how one entry is read. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "geo/ranges_parser.h"

struct json_t;

/** A list read to a tree. */
struct range_document {
	const struct range_parse *p;
	struct json_t *root;
};

/** An entry's place, as faults name it. */
struct range_place {
	const char *array;
	size_t index;
};

/** Reads the list to a tree and notes `source` as its name. False with a fault; else give the tree
 * back with range_json_close. */
bool range_json_open(const struct range_parse *p, const char *source, struct range_document *d);
void range_json_close(struct range_document *d);

/** Notes the date that the text under `key` begins with, or adds a fault. */
void range_json_take_date(const struct range_document *d, const char *key);

/** The array under `key` of `object`; NULL with a fault where there is none. */
const struct json_t *
range_json_array(const struct range_document *d, const struct json_t *object, const char *key);

/** Adds a fault at the place; the line is that of the text `near`, where it is not NULL. */
void range_json_fault(const struct range_document *d, struct range_place place, const char *near,
		      const char *why);

/** Whether `text` may be a service or region; else adds a fault. */
bool
range_json_check_text(const struct range_document *d, struct range_place place, const char *text);

/** Reads a prefix, which has to be a JSON string; else adds a fault. */
bool range_json_read_prefix(const struct range_document *d, struct range_place place,
			    const struct json_t *value, struct ip_prefix *prefix);
