/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a sentence that have files of their own, for sentence.c. */
#pragma once

#include "classifier/policy/sentence_writer.h"

/** Whether the operator may be named as the one who gets it: more than a lone claim speaks for it,
 * or the claim counts. */
bool sentence_is_identified(const struct attribution *attribution);

/** Whether all that is known of who gets it is who runs the proxy that was asked for it. */
static inline bool
sentence_is_of_proxy(const struct attribution *a)
{
	return a->pattern == ATTRIBUTION_ASKED && a->service_operator == NULL;
}

/** Adds "Desktops sent 3.0 MiB in 1 flow to mail.example, mail of Example." */
void sentence_clause_write(const struct sentence_facts *facts, struct sentence_writer *writer);

/** Adds "Evidence: prefix, dns, sni agree (high)." behind what is there. */
void sentence_evidence_write(const struct sentence_facts *facts, struct sentence_writer *writer);
