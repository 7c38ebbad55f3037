/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is told of an event under vigie's own keys, by every format that is pairs of key and value.
 * Where a format has a key of its standard for it, that is used instead (docs/formats.md).
 */
#pragma once

#include "dashboard-export/formats/text_fields.h"

/** Longest id that the records hold: these are never cut, also where the message is brief. */
#define TEXT_ID_MAX 192

/** The same for a rule's id and a host's pseudonym, which this program makes. */
#define TEXT_CODE_MAX 64

enum text_details_of {
	TEXT_DETAILS_SYSLOG = 1 << 0,
	TEXT_DETAILS_LEEF = 1 << 1,
	TEXT_DETAILS_CEF = 1 << 2,
};

/**
 * Writes those that `of` has no key of its own for. In CEF, `id` is `vigieId`: its standard wants
 * the vendor in front of keys that are not its own.
 */
void
text_details_write(struct text_writer *w, struct text_telling *telling, enum text_details_of of);
