/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A service as somebody writes it down, in a catalogue file or under `services:` of the settings:
 * which keys it may have (the schemas), the structs that they become, and what the catalogue keeps
 * of it. Texts and lists are NULL or empty where a key is absent. A schema of one's own with more
 * or fewer keys reads into a struct that has these as members, with the word lists below.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/config_reader.h"
#include "classifier/catalogue/catalogue.h"

struct file_name {
	const struct config_node *node;
	const char *suffix;
	struct config_list patterns;        /* const char * */
	struct config_list region_patterns; /* const char * */
	const char *region;
	unsigned kind;
	unsigned exposure; /* EXPOSURE_COUNT: not given */
	bool low_sink;
	const char *note;
};

struct file_qualification {
	const struct config_node *node;
	const char *scheme;
	const char *version;
	const char *scope;
	const char *valid_from;
	const char *valid_to;
	struct config_list regions; /* const char * */
	const char *source;
	const char *note;
};

struct file_hds {
	const struct config_node *node;
	const char *valid_from;
	const char *valid_to;
	struct config_list regions; /* const char * */
	const char *source;         /* which a catalogue file has to give; settings may */
};

struct file_service {
	const struct config_node *node;
	const char *id;
	const char *name;
	unsigned kind;
	unsigned exposure; /* EXPOSURE_COUNT: not given */
	bool cdn;
	const char *technology_origin;
	const char *operated_by;
	struct config_list regions;        /* const char * */
	struct config_list prefixes;       /* const char * */
	struct config_list qualifications; /* struct file_qualification */
	struct file_hds *hds;
	struct config_list names; /* struct file_name */
	const char *checked_on;
	const char *note;
};

/** What a struct file_service holds before it is read (config_reader.h, `defaults`). */
extern const struct file_service catalogue_service_defaults;

extern const struct config_schema catalogue_name_schema;          /**< struct file_name */
extern const struct config_schema catalogue_qualification_schema; /**< struct file_qualification */
extern const struct config_schema catalogue_hds_schema;           /**< struct file_hds */
extern const struct config_schema catalogue_service_schema;       /**< struct file_service */

/** Words of `exposure:` for CONFIG_WORD: enum exposure in order. */
const char *catalogue_exposure_word(unsigned value);

/** Words of `kind:` for CONFIG_WORD: enum service_kind in order. */
const char *catalogue_kind_word(unsigned value);

/**
 * Makes the service `out` of `owner` from a record that was read without faults. Texts are borrowed
 * from `file`, arrays are put into `arena`. A missing name becomes the id. Ids in other letters
 * than a-z, 0-9 and -, dates in the wrong order and lack of memory go to `faults`. Names and
 * prefixes are left to the caller.
 */
void
service_record_fill(const struct file_service *file, const struct catalogue_operator *owner,
		    struct arena *arena, struct fault_list *faults, struct catalogue_service *out);
