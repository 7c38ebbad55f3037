/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything wrong with a user's files, collected in one run. Loaders of settings, catalogue and
 * data files add to it and go on; only the app prints it. Not for wire bytes: those have counters.
 */
#pragma once

#include <stddef.h>

/** Faults kept; the ones behind are only counted, so that a hostile file cannot fill the memory. */
#define FAULT_LIST_MAX 100

/** One fault, whole and in its parts; texts are NULL where memory was short. */
struct fault {
	char *text; /**< "file:line:column: what is wrong, what was expected, what to do" */
	char *file;
	char *what;      /**< the text behind the place */
	unsigned line;   /**< from 1; 0: not known */
	unsigned column; /**< in characters from 1; 0: not known */
};

/** Zero-initialise, or use FAULT_LIST_INIT; release with fault_list_fini. */
struct fault_list {
	struct fault faults[FAULT_LIST_MAX];
	size_t count; /**< all faults, also those not kept */
};

#define FAULT_LIST_INIT    \
	{                  \
		.count = 0 \
	}

/**
 * Adds one fault. `line` and `column` (in characters) count from 1; 0 leaves them out (binary
 * files, missing files). The text says what is wrong and what was expected. A failed allocation
 * still counts.
 */
void fault_list_add(struct fault_list *list, const char *file, unsigned line, unsigned column,
		    const char *format, ...) __attribute__((format(printf, 5, 6)));

/**
 * Puts the faults kept in the order in which a reader meets their places: files in the order of
 * their first fault, in each of them by line and column; of one place, as they were added.
 */
void fault_list_sort(struct fault_list *list);

/** Frees the texts and makes the list empty. */
void fault_list_fini(struct fault_list *list);
