/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Golden files: what a format has to look like, byte for byte. With VIGIE_UPDATE_GOLDEN=1 in the
 * environment the files are written instead, to be read by a person before they are committed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/**
 * Whether tests/golden/`name` holds exactly these bytes; prints where they part as a TAP comment.
 */
bool golden_matches(const char *name, const char *bytes, size_t len);
