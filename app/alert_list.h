/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of the journal that a person asked for, shown one after the other, and then those that come.
 */
#pragma once

#include <signal.h>

#include "app/alert_output.h"

struct alert_list_query {
	const char *path;        /**< of the journal */
	uint64_t since_ns;       /**< recorded then or later; 0: all */
	uint64_t until_ns;       /**< recorded before; 0: no end */
	enum severity minimum;   /**< of what an alert is by now */
	const char *rule, *zone; /**< or NULL */
	const char *id_prefix;   /**< or NULL */
	bool all;                /**< every row; else of each alert its last */
	uint64_t limit;          /**< the latest so many; 0: all */
};

/** What was found. */
struct alert_list_result {
	uint64_t shown;
	uint64_t left_out;   /**< earlier ones, by the limit */
	uint64_t unreadable; /**< rows that are no alerts */
	uint64_t last;       /**< number of the last row that was looked at */
};

/**
 * Shows what is there. Returns 0, or -errno after a message on stderr; `output` may then have shown
 * a part. Ends early, with 0, when `*stop` is set.
 */
int alert_list_show(struct journal_reader *reader, const struct alert_list_query *query,
		    struct alert_output *output, const volatile sig_atomic_t *stop,
		    struct alert_list_result *result);

/**
 * Shows every row behind `result->last` as it comes, until `*stop` is set or the output takes no
 * more; also of a journal that is put in the place of this one meanwhile. `*reader` may become
 * another one. Returns as alert_list_show.
 */
int alert_list_follow(struct journal_reader **reader, const struct alert_list_query *query,
		      struct alert_output *output, const volatile sig_atomic_t *stop,
		      struct alert_list_result *result);
