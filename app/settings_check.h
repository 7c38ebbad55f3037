/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only the machine can tell of settings that are in order by themselves: whether the key and
 * the outputs that they name will do. Nothing is made or written here.
 */
#pragma once

#include "app/settings.h"

/** A fault where the site's key could be neither read nor made. */
void settings_check_key(const struct settings *settings, struct fault_list *faults);

/** Faults where `run.flows` or `run.alerts` would spoil a file that has to stay, or each other. */
void settings_check_outputs(const struct settings *settings, struct fault_list *faults);
