/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the formats that are JSON (ECS, OCSF, EVE) have in common: how much room a text gets, what
 * is left out in a short message, and the block `vigie`, which stands in all of them so that
 * nothing that is known is lost. The rule of absence of docs/records.md is kept here: NULL and ""
 * are not written. Pure; any thread may call it.
 */
#pragma once

#include "dashboard-export/formats/format.h"
#include "dashboard-export/json_writer.h"

/** How long texts may be, as written (escapes counted); lists are all there or all left out. */
struct format_json_room {
	size_t text;    /**< sentences and names of rules: cut */
	size_t name;    /**< names of hosts and organisations: cut */
	size_t code;    /**< identifiers of settings: never cut, left out where they are longer */
	size_t word;    /**< words of closed lists, which have at most 30 characters: as `code` */
	bool lists;     /**< arrays, steps, and what repeats something */
	bool secondary; /**< what is told by other members too, or by the id alone */
};

/** What is being written. Borrowed for one message. */
struct format_json_event {
	const struct event *event;
	const struct format_context *context;
	struct format_json_room room;
};

/** Writes the members of the outermost object. */
typedef void (*format_json_body)(struct json_writer *w, const struct format_json_event *e);

/**
 * One message of at most `size` bytes at `out`: in full, or, where `context->brief`, without lists
 * and with texts as long as still fit, in four steps. Returns its length, 0 where it does not
 * fit. Shortened, every message fits into FORMAT_JSON_BRIEF_MAX.
 */
size_t format_json_write(format_json_body body, const struct event *event,
			 const struct format_context *context, char *out, size_t size);

/** Leaves 1 KiB of FORMAT_LIMIT_MIN to the envelope of syslog. */
#define FORMAT_JSON_BRIEF_MAX 3072

/** A sentence as the value of `key`, cut; nothing where it is NULL or "". */
void format_json_text(struct json_writer *w, const struct format_json_event *e, const char *key,
		      const char *text);

/** A name as the value of `key`, cut; nothing where it is NULL or "". */
void format_json_name(struct json_writer *w, const struct format_json_event *e, const char *key,
		      const char *name);

/** An identifier as the value of `key`; nothing where it is NULL, "" or too long. */
void format_json_code(struct json_writer *w, const struct format_json_event *e, const char *key,
		      const char *code);

/** A word of a closed list as the value of `key`; nothing where it is NULL, "" or too long. */
void format_json_word(struct json_writer *w, const struct format_json_event *e, const char *key,
		      const char *word);

/** Words as an array; nothing where there are none or lists are left out. */
void format_json_words(struct json_writer *w, const struct format_json_event *e, const char *key,
		       const struct event_words *words);

/** Digits in quotes. */
void format_json_number_text(struct json_writer *w, const char *key, uint64_t number);

/** A time of RFC 3339 with nine digits. */
void format_json_time(struct json_writer *w, const char *key, uint64_t time_ns);

/**
 * The event's own time: of an alert, which grows, the latest packet of what it tells by now; of a
 * flow's record the flow's start, as in the journal's line.
 */
uint64_t format_json_own_time_ns(const struct event *event);

/** JSON of ours, as it stands, as the value of `key`. */
void format_json_raw(struct json_writer *w, const char *key, const char *json);

/** Whether receivers take it as an address: typed fields refuse the whole message otherwise. */
bool format_json_is_ip(const char *text);

/** An address as the value of `key`; nothing where it is none. */
void format_json_ip(struct json_writer *w, const char *key, const char *ip);

/** Whether there is a word and it is this one. */
bool format_json_is(const char *word, const char *wanted);

/** Number of the IP protocol (IANA) of `network.transport`; 0: not known. */
unsigned format_json_protocol_number(const char *transport);

/** "vigie.flow", "vigie.sensor", else "vigie.alert". */
const char *format_json_dataset(const struct event *event);

/** "data-export", "governance" or "sensor": what kind of rule it was. */
const char *format_json_rule_category(const struct event *event);

/** Whether an exception made it less severe. */
bool format_json_is_lowered(const struct event *event);

/** The members of the block `vigie`, as docs/records.md has them, into the open object. */
void format_json_vigie(struct json_writer *w, const struct format_json_event *e);
