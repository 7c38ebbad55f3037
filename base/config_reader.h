/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of fields says what a mapping may hold; reading checks a node against it and fills a
 * struct. Every loader of settings uses it, so that all of them name every mistake of a run in the
 * same words: unknown keys (with the likely one), missing keys, wrong kinds, numbers, dates,
 * country codes, words.
 *
 *     struct person { const char *name; uint64_t age; struct config_list friends; };
 *     static const struct config_field person_fields[] = {
 *         {.key = "name", .type = CONFIG_STRING, .offset = offsetof(struct person, name), .required
 * = true},
 *         {.key = "age", .type = CONFIG_UINT, .offset = offsetof(struct person, age), .max = 150},
 *         {.key = "friends", .type = CONFIG_STRINGS, .offset = offsetof(struct person, friends)},
 *     };
 *     static const struct config_schema person_schema = {.what = "person", .fields = person_fields,
 *         .field_count = 3, .size = sizeof(struct person)};
 *
 * An absent or empty key leaves its member as it was, so what stood there before is the default.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/config_node.h"
#include "base/fault_list.h"

/** What a key's value has to be, and the type of the struct's member that receives it. */
enum config_type {
	CONFIG_STRING, /**< `const char *`: any text that is not empty */
	CONFIG_BOOL,   /**< `bool`: true or false */
	CONFIG_UINT,   /**< `uint64_t`: decimal, from `min` to `max` */
	CONFIG_SIZE,  /**< `uint64_t`: bytes, "512", "64KiB", "1MiB", "1GiB", "1TiB"; at least `min`
		       */
	CONFIG_RATIO, /**< `uint64_t`: ten-thousandths, "0" to "1" with at most four decimals */
	CONFIG_DATE,  /**< `const char *`: a day of the calendar, "2026-11-22" */
	CONFIG_COUNTRY, /**< `const char *`: an ISO 3166-1 alpha-2 code, "FR" */
	CONFIG_WORD,    /**< `unsigned`: number of a word of the list `word` */
	CONFIG_STRINGS, /**< `struct config_list` of `const char *`; one text stands for a list of
			   one */
	CONFIG_UINTS,   /**< `struct config_list` of `uint64_t`, each from `min` to `max`; one value
			   stands for a list of one; with faults, empty */
	CONFIG_PREFIXES, /**< `struct config_list` of `struct ip_prefix`; one text stands for a list
			    of one; with faults, of those that are prefixes */
	CONFIG_RECORD,   /**< `void *` to a struct read by `schema` */
	CONFIG_RECORDS,  /**< `struct config_list` of structs read by `schema` */
	CONFIG_NODE,     /**< `const struct config_node *`: not looked into */
	CONFIG_SELF, /**< `const struct config_node *`: no key; the record itself, to report from
			later */
};

/** The number of an `optional` key that is absent. */
#define CONFIG_NOT_GIVEN UINT64_MAX

/** An array in the arena. */
struct config_list {
	void *items;
	size_t count;
};

struct config_schema;

/** One key; only the members that its type names are used. */
struct config_field {
	const char *key;
	enum config_type type;
	bool required;
	bool optional; /**< CONFIG_UINT, CONFIG_SIZE: CONFIG_NOT_GIVEN stands for no key */
	size_t offset; /**< of the member in the struct */
	uint64_t min;
	uint64_t max;
	const char *noun; /**< what messages call a word of `word`, "class"; NULL: by its key */
	const char *(*word)(unsigned value); /**< text of 0, 1, 2, ..., NULL behind the last */
	const struct config_schema *schema;  /**< must not lead back to itself */
};

/** A mapping of known keys, and the struct that it becomes. */
struct config_schema {
	const char *what; /**< as messages call it: "operator" */
	const struct config_field *fields;
	size_t field_count;
	size_t size;          /**< of the struct */
	const void *defaults; /**< what an item of CONFIG_RECORDS starts as; NULL: all zero */
	bool short_form; /**< a text in place of the mapping stands for its first field alone */
};

/**
 * Reads `node` by `schema` into `out`, which has schema->size bytes and holds the defaults. Texts
 * and lists are put into `arena`; CONFIG_NODE and CONFIG_SELF borrow from the tree. All mistakes go
 * to `faults`; returns whether there was none (with some, `out` is filled as far as it could be).
 */
bool config_read(const struct config_node *node, const struct config_schema *schema,
		 struct arena *arena, void *out, struct fault_list *faults);
