/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which members a line of docs/records.md has and where each goes in struct event: one table for
 * each object of the line, in the order in which lines have them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum event_member_kind {
	EVENT_MEMBER_TEXT,     /**< const char * */
	EVENT_MEMBER_COUNT,    /**< uint64_t */
	EVENT_MEMBER_PORT,     /**< uint16_t */
	EVENT_MEMBER_BOOL,     /**< bool */
	EVENT_MEMBER_TIME,     /**< uint64_t, nanoseconds; a text in the line */
	EVENT_MEMBER_SEVERITY, /**< enum severity; a text in the line */
	EVENT_MEMBER_KIND,     /**< enum event_class; a text in the line */
	EVENT_MEMBER_WORDS,    /**< struct event_words */
	EVENT_MEMBER_STEPS,    /**< struct event_step[] */
	EVENT_MEMBER_OBJECT,   /**< `members` */
};

struct event_members;

struct event_member {
	const char *key;
	enum event_member_kind kind;
	uint16_t offset; /**< in struct event */
	uint16_t given;  /**< of the bool that says that it is there; 0: none does */
	const struct event_members *members;
};

struct event_members {
	const struct event_member *rows;
	size_t count;
};

/** Of the line itself. Objects stand in each other as the table says, at most four deep. */
extern const struct event_members event_members_of_line;
