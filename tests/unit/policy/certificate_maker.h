/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates made by hand: self-signed, under a key that nobody asks for. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/** Room for those of a test. */
#define CERTIFICATE_MADE_MAX 8192

/** A certificate (DER) in `out` with these DNS names, separated by spaces; "": none. */
struct slice certificate_make(const char *names, uint8_t out[CERTIFICATE_MADE_MAX]);
