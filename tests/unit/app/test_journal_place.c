/* SPDX-License-Identifier: Apache-2.0 */
#include "app/journal_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/journal/journal_fixture.h"
#include "tests/unit/unit.h"

static struct journal_fixture fixture;
static char settings[128], key[128], usual[128];

static void
write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

/* A folder with settings that name a journal and a key in it; the usual place is there too. */
static void
begin(void)
{
	char text[512];

	journal_fixture_init(&fixture);
	snprintf(settings, sizeof(settings), "%s/s.yaml", fixture.folder);
	snprintf(key, sizeof(key), "%s/key", fixture.folder);
	snprintf(usual, sizeof(usual), "%s/usual.db", fixture.folder);
	snprintf(text, sizeof(text),
		 "journal: {path: %s}\nprivacy: {key_file: %s}\npolicy: {time_zone: UTC}\n",
		 fixture.path, key);
	write_text(settings, text);
	setenv("VIGIE_STATE", fixture.folder, 1);
}

static void
end(void)
{
	journal_fixture_fini(&fixture);
	unsetenv("VIGIE_STATE");
}

static void
what_is_named_goes_first_then_the_settings_then_the_usual(void)
{
	struct journal_place place;

	begin();
	CU_ASSERT_TRUE(journal_place_find(&place, settings, "named.db"));
	CU_ASSERT_STRING_EQUAL(place.path, "named.db");
	CU_ASSERT_EQUAL(time_zone_wall(place.zone, 0).day, 0);
	journal_place_fini(&place);
	CU_ASSERT_TRUE(journal_place_find(&place, settings, NULL));
	CU_ASSERT_STRING_EQUAL(place.path, fixture.path);
	journal_place_fini(&place);
	snprintf(usual, sizeof(usual), "%s/journal.db", fixture.folder);
	CU_ASSERT_TRUE(journal_place_find(&place, NULL, NULL));
	CU_ASSERT_STRING_EQUAL(place.path, usual);
	journal_place_fini(&place);
	end();
}

static void
settings_with_mistakes_are_refused(void)
{
	struct journal_place place;

	begin();
	write_text(settings, "journal: {pth: x}\n");
	CU_ASSERT_FALSE(journal_place_find(&place, settings, NULL));
	journal_place_fini(&place);
	write_text(settings, "policy: {time_zone: Nowhere/Else}\n");
	CU_ASSERT_FALSE(journal_place_find(&place, settings, NULL));
	journal_place_fini(&place);
	CU_ASSERT_FALSE(journal_place_find(&place, "/no/such.yaml", NULL));
	journal_place_fini(&place);
	end();
}

static void
a_journal_is_opened_where_there_is_one(void)
{
	struct journal_place place;

	begin();
	CU_ASSERT_TRUE(journal_place_find(&place, settings, NULL));
	CU_ASSERT_PTR_NULL(journal_place_open(&place));
	journal_fixture_fill(&fixture, 3);
	struct journal_reader *reader = journal_place_open(&place);
	CU_ASSERT_PTR_NOT_NULL(reader);
	journal_reader_close(reader);
	journal_place_fini(&place);
	CU_ASSERT_TRUE(journal_place_find(&place, NULL, settings)); /* a text */
	CU_ASSERT_PTR_NULL(journal_place_open(&place));
	journal_place_fini(&place);
	end();
}

static void
the_key_is_read_and_never_made(void)
{
	struct journal_place place;
	struct site_key read, made;
	char why[200];

	begin();
	CU_ASSERT_TRUE(journal_place_find(&place, settings, NULL));
	CU_ASSERT_FALSE(journal_place_read_key(&place, &read));
	CU_ASSERT_EQUAL(access(key, F_OK), -1);
	CU_ASSERT_EQUAL_FATAL(site_key_load(key, &made, why), 0);
	CU_ASSERT_TRUE(journal_place_read_key(&place, &read));
	CU_ASSERT_EQUAL(memcmp(&read, &made, sizeof(read)), 0);
	journal_place_fini(&place);
	/* Without settings, that of the usual place belongs to the usual journal alone. */
	snprintf(usual, sizeof(usual), "%s/site.key", fixture.folder);
	CU_ASSERT_EQUAL_FATAL(site_key_load(usual, &made, why), 0);
	CU_ASSERT_TRUE(journal_place_find(&place, NULL, NULL));
	CU_ASSERT_TRUE(journal_place_read_key(&place, &read));
	journal_place_fini(&place);
	CU_ASSERT_TRUE(journal_place_find(&place, NULL, "carried.db"));
	CU_ASSERT_FALSE(journal_place_read_key(&place, &read));
	journal_place_fini(&place);
	end();
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"what_is_named_goes_first_then_the_settings_then_the_usual",
		 what_is_named_goes_first_then_the_settings_then_the_usual},
		{"settings_with_mistakes_are_refused", settings_with_mistakes_are_refused},
		{"a_journal_is_opened_where_there_is_one", a_journal_is_opened_where_there_is_one},
		{"the_key_is_read_and_never_made", the_key_is_read_and_never_made},
	};
	return unit_run("journal_place", cases, sizeof(cases) / sizeof(*cases));
}
