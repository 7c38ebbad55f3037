/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings of a sink that work and are a risk all the same: of these a person is told once, and may
 * leave them as they are.
 */
#pragma once

#include <stdbool.h>

#include "dashboard-export/sinks/sink_file.h"

/** Which secret of a sink without faults everybody on the way to its receiver can read: "password"
 * or "token"; NULL: none, also where the receiver is on this machine. */
const char *sink_exposure_secret(const struct sink_file *file);

/** Whether others than root and us may put a file of theirs in place of `path`: its folder can be
 * written by others, and has no sticky bit. False where there is no such folder. */
bool sink_exposure_folder(const char *path);
