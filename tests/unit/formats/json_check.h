/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What holds for every format that is JSON, checked with a reader that is not ours (jansson), and
 * ways to look into a message.
 */
#pragma once

#include "dashboard-export/formats/format.h"

struct json_t; /* of jansson */

/** Every sample is as its file tests/golden/formats/FORMAT/SAMPLE.json says, and is JSON. */
void json_check_golden(const struct format *format);

/** Where there is not enough room, nothing is written behind it, and the answer is 0. */
void json_check_bounds(const struct format *format);

/** In short, the longest event of every class fits into 3 KiB, and loses no identifier. */
void json_check_brief(const struct format *format);

/** The message of a sample, parsed; free with json_decref. */
struct json_t *json_check_sample(const struct format *format, const char *sample);

/** The value at a path like "vigie.steps.0.step"; NULL: there is none. */
const struct json_t *json_check_at(const struct json_t *root, const char *path);

/** Whether the text at `path` is this one, as it is after the repair of UTF-8; NULL: there is none.
 */
bool json_check_text(const struct json_t *root, const char *path, const char *text);

/** Whether the number at `path` is this one. */
bool json_check_number(const struct json_t *root, const char *path, long long number);
