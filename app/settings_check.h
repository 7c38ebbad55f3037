/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What only the machine can tell of settings that are in order by themselves: whether the key,
 * the journal and the outputs that they name will do. Nothing is made or written here.
 */
#pragma once

#include <stdio.h>

#include "app/settings.h"

/** A fault where the site's key could be neither read nor made. */
void settings_check_key(const struct settings *settings, struct fault_list *faults);

/**
 * Faults where the journal could be neither written nor made, or would spoil a file that has to
 * stay. Its folder is not made, but for the packaged one, in which the key is.
 */
void settings_check_journal(const struct settings *settings, struct fault_list *faults);

/** Faults where a secret or certificate of a sink cannot be read. Variables that are not set are
 * none: the service may have another environment. */
void settings_check_secrets(const struct settings *settings, struct fault_list *faults);

/** A line for each variable of a secret that is not set in this environment. */
void settings_check_tell_unset(const struct settings *settings, FILE *out);

/** A line for each sink whose secret goes over a network without TLS, or whose file stands where
 * others may replace it. */
void settings_check_tell_risks(const struct settings *settings, FILE *out);

/** Faults where a sink's file would spoil one that has to stay, an output or another sink's. */
void settings_check_sinks(const struct settings *settings, struct fault_list *faults);

/** Faults where the folder of `run.flows` or `run.alerts` is not there or cannot be written. */
void settings_check_output_folders(const struct settings *settings, struct fault_list *faults);

/** Faults where `run.flows` or `run.alerts` would spoil a file that has to stay, or each other. */
void settings_check_outputs(const struct settings *settings, struct fault_list *faults);
