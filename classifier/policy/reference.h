/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of the settings that name something declared elsewhere: an operator, a zone, a kind. Found,
 * or told as unknown with the likely one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/config_node.h"
#include "base/suggestion.h"
#include "classifier/catalogue/catalogue.h"
#include "classifier/policy/zones.h"

struct reference {
	const struct config_node *node; /**< where the text stands */
	const char *text;               /**< NULL after a fault of reading: nothing is found */
	struct fault_list *faults;
};

/** NULL after a fault; `catalogue` may be NULL: then nothing is found, and nothing told. */
const struct catalogue_operator *
reference_operator(const struct reference *reference, const struct catalogue *catalogue);

/** NULL after a fault; `zones` may be NULL: then nothing is found, and nothing told. */
const struct zone *
reference_zone(const struct reference *reference, const struct zone_table *zones);

/** Returns false after a fault. */
bool reference_kind(const struct reference *reference, enum service_kind *out);

/** Tells that the text is no `what` ("operator"), and the word that came nearest. */
void reference_unknown(const struct reference *reference, const char *what,
		       const struct suggestion *near);

/** Whether a suggestion would still be shown: the list of faults keeps only so many. */
bool reference_is_shown(const struct reference *reference);

/**
 * A fault where `id` (NULL: none was read) has other characters than letters, digits, '-', '_' and
 * '.': it stands in records, messages and lists that others read.
 */
void reference_check_id(const char *id, const char *what, const struct config_node *node,
			struct fault_list *faults);

/** An id as the settings give it. */
struct declared_id {
	const char *id;
	const char *scope; /**< within which it has to be the only one; NULL: all */
	const struct config_node *node;
};

/** A fault for each id that an earlier one of the same scope has; `ids` are sorted. */
void reference_refuse_twice(struct declared_id *ids, size_t count, const char *what,
			    struct fault_list *faults);
