/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers of settings files and their texts, both ways: for config_reader.c, which reads them, and
 * config_writer.c, which writes them. Pure; any thread may call it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/** Room for every text written here with its NUL. */
#define CONFIG_VALUE_TEXT_MAX 32

/** A ratio of 1. */
#define CONFIG_VALUE_RATIO_ONE 10000

/** A whole number of decimal digits alone. Returns whether it is one, below 2^64. */
bool config_value_parse_uint(const char *text, uint64_t *out);

/** Bytes: "512", "64KiB", "1MiB", "1GiB", "1TiB". Returns whether it is a size below 2^64. */
bool config_value_parse_size(const char *text, uint64_t *out);

/**
 * A decimal number from 0 to 1 with at most four digits behind the point, in ten-thousandths: "0.6"
 * gives 6000. Returns whether it is one.
 */
bool config_value_parse_ratio(const char *text, uint64_t *out);

/** The size in the largest unit that leaves no rest: 65536 gives "64KiB". */
void config_value_format_size(uint64_t size, char *text);

/** Ten-thousandths as a decimal number without zeros at its end: 6000 gives "0.6". */
void config_value_format_ratio(uint64_t ratio, char *text);
