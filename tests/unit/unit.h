/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How every unit test program runs: a table of cases over CUnit, told as TAP on standard output, so
 * that meson counts cases and not programs. Cases use the CU_ASSERT macros.
 */
#pragma once

#include <stddef.h>

#include <CUnit/CUnit.h>

/** One case; the name says the behaviour that is expected
 * ("client_hello_split_over_three_segments"). */
struct unit_case {
	const char *name;
	void (*run)(void);
};

/**
 * Runs `count` cases in order and prints TAP version 13: a line a case, and each failed assertion
 * as a diagnostic with file and line. Returns the exit status for main: 0 when no case failed,
 * else 1.
 */
int unit_run(const char *program, const struct unit_case *cases, size_t count);

/** Inside a case: it is skipped, and says why. The case returns afterwards; `why` is a static text.
 */
void unit_skip(const char *why);

/**
 * Path of a file of the source tree: `relative` behind $VIGIE_SOURCE_ROOT (default: the current
 * folder). The text is valid until the next call.
 */
const char *unit_source_path(const char *relative);
