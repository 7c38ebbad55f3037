/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of configurations under which a server takes an encrypted ClientHello (RFC 9849 4), as
 * DNS announces it: told is only under which outer name. Keys are not looked at.
 */
#pragma once

#include <stdbool.h>

#include "base/bytes.h"

/**
 * Opens an ECHConfigList with its two length bytes; the cursor is over the configurations. It has
 * failed where the length is not that of the list, or the list is empty.
 */
struct cursor ech_config_list(struct slice list);

/**
 * Takes the next configuration that a client of today can use and gives its public name as it
 * stands in it; those of other versions and with an extension that is mandatory are passed over.
 * False at the end, or when the cursor has failed because lengths contradict.
 */
bool ech_config_next(struct cursor *configs, struct slice *public_name);
