/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which journal a command means: the one that is named, else that of the settings, else the usual
 * one; with the settings that it belongs to. For commands that judge nothing, and so need neither
 * catalogue nor databases.
 */
#pragma once

#include "app/settings.h"
#include "base/time_zone.h"
#include "dashboard-export/journal/journal_reader.h"

struct journal_place {
	struct settings settings;
	const char *path;
	struct time_zone *zone; /**< of the policy: its midnights part days */
};

/**
 * Loads the settings (NULL: none) and finds the journal; `named` (or NULL) goes before what they
 * say, and is borrowed. Returns whether that worked; if not, it was told on stderr. End with
 * journal_place_fini in either case.
 */
bool journal_place_find(struct journal_place *out, const char *settings, const char *named);
void journal_place_fini(struct journal_place *place);

/** Opens it for reading; NULL after a message on stderr. Free with journal_reader_close. */
struct journal_reader *journal_place_open(const struct journal_place *place);

/**
 * Reads the site's key, where it is there and may be read and belongs to this journal by the
 * settings. Returns whether it was read; nothing is told, and none is made. Wipe it with
 * site_key_fini.
 */
bool journal_place_read_key(const struct journal_place *place, struct site_key *key);
