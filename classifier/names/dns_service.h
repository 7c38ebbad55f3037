/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is kept of a SVCB or HTTPS record in a dns_answer. For dns.c alone.
 */
#pragma once

#include <stdbool.h>

#include "classifier/names/dns.h"
#include "classifier/names/svcb.h"

/** Adds a record; `is_own`: its target is a name of the question's chain. What does not fit is
 * counted in `services_dropped`. */
void
dns_service_add(struct dns_answer *answer, uint16_t type, const struct svcb *svcb, bool is_own);
