/* SPDX-License-Identifier: Apache-2.0 */
/* Sinks out of a text of YAML, for tests of what is made of them. */
#pragma once

#include "base/config_tree.h"
#include "dashboard-export/sinks/sink_file.h"

struct sinks_text {
	struct config_tree *tree;
	struct arena *arena;
	struct config_list sinks; /**< struct sink_file */
	struct fault_list faults;
};

/** Reads and checks `text`, a mapping with the key `sinks`. End with sinks_text_fini. */
void sinks_text_read(struct sinks_text *out, const char *text);

/** Reads one sink out of the inside of a flow mapping, `name: a, type: ...`; fails the case where
 * something is wrong with it. Defaults are filled in. */
struct sink_file sinks_text_one(struct sinks_text *out, const char *inside);
void sinks_text_fini(struct sinks_text *text);
