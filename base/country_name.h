/* SPDX-License-Identifier: Apache-2.0 */
/* Names of countries as they stand in an English sentence ("from the Netherlands"). */
#pragma once

/** Name of an ISO 3166-1 alpha-2 code in capitals; NULL where the code is not assigned. */
const char *country_name(const char *code);
