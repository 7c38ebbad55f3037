/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of the settings that says who the sensor is and to whom it tells what it found: for
 * settings.c.
 */
#pragma once

#include "app/settings.h"

struct settings_file;

/** The machine's name as syslog takes it (RFC 5424 6.2.4), "-" where it has none. Static storage.
 */
const char *settings_sinks_host_name(void);

/** Applies `sensor` and `sinks`, the policy being read already. Sinks are made only where nothing
 * is wrong so far. */
void settings_sinks_apply(struct settings *out, const struct settings_file *file,
			  struct fault_list *faults);

/** Overwrites the secrets. */
void settings_sinks_wipe(struct settings *settings);
