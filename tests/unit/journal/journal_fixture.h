/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A journal in a folder of its own, for tests: filled with numbered alerts, looked at and damaged
 * behind its back with SQL.
 */
#pragma once

#include <sqlite3.h>

#include "dashboard-export/journal/journal.h"
#include "dashboard-export/journal/journal_verify.h"

struct journal_fixture {
	char folder[64];
	char path[96];
	struct site_key key;
};

/** Makes the folder; the key is the same in every test. */
void journal_fixture_init(struct journal_fixture *f);
void journal_fixture_fini(struct journal_fixture *f);

/** Opens the journal; fails the test where it does not open. */
struct journal *journal_fixture_open(struct journal_fixture *f, struct journal_opening *opening);

/** Appends alerts number `first` to `last`; ids, rules and zones follow from the number. */
void journal_fixture_append(struct journal *journal, unsigned first, unsigned last);

/** Makes a journal of `count` alerts and closes it. */
void journal_fixture_fill(struct journal_fixture *f, unsigned count);

/** Runs SQL on the file. */
void journal_fixture_sql(struct journal_fixture *f, const char *sql);

/** The answer of a query of one number. */
long long journal_fixture_number(struct journal_fixture *f, const char *sql);

/** What journal_verify says, with the site key. */
struct journal_verification journal_fixture_verify(struct journal_fixture *f);
