/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers as a person reads them in a summary or a sentence. The results are values: use `.text`
 * within the expression that made them, or keep the struct. Independent of the locale, so that
 * outputs compare.
 */
#pragma once

#include <stdint.h>

struct human_text {
	char text[32];
};

/** "512 B", "1.5 KiB", "30.4 MiB": binary units, one decimal from KiB on, rounded. */
struct human_text human_bytes(uint64_t bytes);

/** "1,234,567" */
struct human_text human_count(uint64_t count);

/**
 * "62.1%", rounded; "-" of a whole of 0. What is there is never rounded to nothing nor to all:
 * "<0.1%",
 * ">99.9%".
 */
struct human_text human_percent(uint64_t part, uint64_t whole);
