/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Country codes (ISO 3166-1 alpha-2): which exist, and which belong to the European Economic Area,
 * inside which the policy knows no third country. Names and positions of countries are not known
 * here.
 */
#pragma once

#include <stdbool.h>

/** Whether `code` is an assigned code in capitals: "FR", not "fr", "UK" or "EU". */
bool country_is_assigned(const char *code);

/** Whether the country is in the EU or the EEA (the 27, Iceland, Liechtenstein, Norway); in 2026.
 */
bool country_is_in_eea(const char *code);
