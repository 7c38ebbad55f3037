/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A data file mapped for reading, and its name for messages. The file must not be changed in place
 * while it is open (a shortened file stops the program with SIGBUS): whoever updates data files
 * writes beside and renames, as the writers of this folder do.
 */
#pragma once

#include <stddef.h>

#include "base/bytes.h"
#include "base/fault_list.h"

/** Bytes with the name that faults give them; borrows both. */
struct named_bytes {
	const char *name;
	struct slice bytes;
};

/**
 * Maps the regular file at `path`, of at most `max_bytes`. Returns 0 and fills `out`, whose name is
 * `path` itself; or -errno with a fault (missing, unreadable, a folder or pipe, too large). An
 * empty file is an empty slice. Release with mapped_file_close.
 */
int mapped_file_open(const char *path, size_t max_bytes, struct named_bytes *out,
		     struct fault_list *faults);

/** Unmaps; a zeroed one is allowed. */
void mapped_file_close(struct named_bytes *file);
