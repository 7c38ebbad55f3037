/* SPDX-License-Identifier: Apache-2.0 */
/* What a lane knows of its own success, kept in its cursor, and when it tells about it. */
#pragma once

#include "dashboard-export/sinks/delivery_lane.h"

/** Writes the cursor, and shows it to others. */
void figures_save(struct delivery_lane *lane);

/** Counts messages that were accepted and those that never will be; `answer` says why. */
void figures_add_sent(struct delivery_lane *lane, uint64_t delivered, uint64_t refused,
		      const char *answer);

/** It failed, with this reason; told once it has lasted. */
void figures_note_failure(struct delivery_lane *lane, const char *why);

/** Something arrived. */
void figures_note_success(struct delivery_lane *lane);

/** From time to time: what is due. */
void figures_look(struct delivery_lane *lane);

/** The end. */
void figures_close(struct delivery_lane *lane);
