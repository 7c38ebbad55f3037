/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields of an event as pairs of key and value: a format is a table of them and the signs that
 * stand around keys and values. A field that the event does not have is not written, nor one whose
 * value is empty; spaces at the end of a value are dropped, for readers of CEF and LEEF drop them.
 */
#pragma once

#include "dashboard-export/formats/format.h"
#include "dashboard-export/formats/text_writer.h"

/** Room that a `make` has, with the NUL. */
#define TEXT_FIELD_SCRATCH 64

enum text_field_kind {
	TEXT_FIELD_TEXT,  /**< const char * at `offset` */
	TEXT_FIELD_COUNT, /**< uint64_t at `offset` */
	TEXT_FIELD_PORT,  /**< uint16_t at `offset` */
	TEXT_FIELD_TRUE,  /**< bool at `offset`; "true", or nothing */
	TEXT_FIELD_WORDS, /**< struct event_words at `offset` */
	TEXT_FIELD_STEPS, /**< `steps`: "shape:low:medium" and so on */
	TEXT_FIELD_MADE,  /**< what `make` returns */
};

struct text_field {
	const char *key;
	const char *label; /**< of CEF: what `keyLabel` says; NULL: there is none */
	enum text_field_kind kind;
	uint16_t offset;    /**< in struct event */
	uint16_t given;     /**< of the bool that says that a number is there; 0: any but 0 is */
	uint16_t max_len;   /**< written length, from which on it is cut */
	uint16_t brief_len; /**< the same where the message is brief; 0: left out */
	/** The value, or NULL where there is none; may stand in `scratch`. */
	const char *(*make)(const struct event *event, const struct format_context *context,
			    char scratch[TEXT_FIELD_SCRATCH]);
};

/** The signs around keys and values. */
struct text_style {
	const char *between; /**< pairs */
	const char *before;  /**< a value, behind its key */
	const char *behind;  /**< a value */
	const struct text_escape *escape;
};

/** The event and how it is told. */
struct text_telling {
	const struct event *event;
	const struct format_context *context;
	const struct text_style *style;
	bool any; /**< a pair stands before */
};

/** Writes one field under `key`. */
void text_field_write(struct text_writer *w, struct text_telling *telling, const char *key,
		      const struct text_field *field);

/** Writes a table of fields, each under its own key. */
void text_fields_write(struct text_writer *w, struct text_telling *telling,
		       const struct text_field *fields, size_t count);
