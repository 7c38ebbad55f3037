/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The prefixes that services of the files claim as their own, gathered from all of them: parsed,
 * sorted, and no prefix given twice.
 */
#pragma once

#include "classifier/catalogue/catalogue_file.h"
#include "classifier/catalogue/catalogue_tables.h"

/** One claim, and where it stands in its file. */
struct prefix_claim {
	struct catalogue_prefix answer;
	const struct config_node *node;
};

/** `claims` has room for every prefix of the files. */
struct service_prefixes {
	struct prefix_claim *claims;
	size_t count;
};

/** Adds the prefixes of `file`, which became `service`. Mistakes go to `faults`. */
void service_prefixes_add(struct service_prefixes *prefixes, const struct file_service *file,
			  const struct catalogue_service *service, struct fault_list *faults);

/** Sorts them into the catalogue; a prefix given twice and lack of memory go to `faults`. */
void service_prefixes_finish(struct service_prefixes *prefixes, struct catalogue *catalogue,
			     struct fault_list *faults);
