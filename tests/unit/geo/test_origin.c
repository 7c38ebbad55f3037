/* SPDX-License-Identifier: Apache-2.0 */
/* The one question of the folder, over a small table and the published test databases. */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "geo/origin.h"
#include "tests/unit/geo/small_table.h"
#include "tests/unit/geo/tiny_mmdb.h"

/* The paths of a case; `table` is a new file. */
struct files {
	char table[64];
	char asn[PATH_MAX];
	char country[PATH_MAX];
};

static void
prepare(struct files *f)
{
	size_t size;
	void *image = small_table(&size);
	snprintf(f->table, sizeof(f->table), "/tmp/vigie-test-origin-XXXXXX");
	int fd = mkstemp(f->table);
	CU_ASSERT_FATAL(fd >= 0);
	close(fd);
	CU_ASSERT_EQUAL(origin_table_save(f->table, image, size), 0);
	free(image);
	snprintf(f->asn, sizeof(f->asn), "%s",
		 unit_source_path("tests/mmdb/test-data/GeoLite2-ASN-Test.mmdb"));
	snprintf(f->country, sizeof(f->country), "%s",
		 unit_source_path("tests/mmdb/test-data/GeoLite2-Country-Test.mmdb"));
}

static struct origin_db *
open_paths(const char *table, const char *asn, const char *country)
{
	struct origin_paths paths = {.table = table, .asn_mmdb = asn, .country_mmdb = country};
	struct fault_list faults = FAULT_LIST_INIT;
	struct origin_db *db = origin_db_open(&paths, &faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(db);
	CU_ASSERT_EQUAL(faults.count, 0);
	return db;
}

static struct origin
ask(struct origin_db *db, const char *address)
{
	struct ip_address a = given_address(address);
	struct origin out;
	origin_db_lookup(db, &a, &out);
	return out;
}

static bool
knows_nothing(const struct origin *o)
{
	return o->asn == 0 && o->as_org[0] == '\0' && o->asn_source == NULL &&
	       o->country[0] == '\0' && o->country_source == NULL && o->feed == NULL &&
	       o->feed_service == NULL && o->feed_region == NULL && o->feed_source == NULL &&
	       o->feed_prefix.address.version == 0;
}

static void
every_source_adds_what_it_knows(void)
{
	struct files f;
	prepare(&f);
	struct origin_db *db = open_paths(f.table, f.asn, f.country);

	struct origin s3 = ask(db, "3.5.1.1");
	CU_ASSERT_EQUAL(s3.asn, 16509);
	CU_ASSERT_STRING_EQUAL(s3.as_org, "Amazon.com, Inc.");
	CU_ASSERT_STRING_EQUAL(s3.asn_source, "rows of a test");
	CU_ASSERT_STRING_EQUAL(s3.feed, "aws");
	CU_ASSERT_STRING_EQUAL(s3.feed_service, "S3");
	CU_ASSERT_STRING_EQUAL(s3.feed_region, "eu-west-3");
	CU_ASSERT_STRING_EQUAL(s3.feed_source, "AWS ip-ranges.json 2026-08-22");
	CU_ASSERT_EQUAL(s3.feed_prefix.bits, 16);

	struct origin london = ask(db, "81.2.69.160");
	CU_ASSERT_STRING_EQUAL(london.country, "GB");
	CU_ASSERT_EQUAL(strncmp(london.country_source, "GeoLite2-Country 20", 19), 0);
	CU_ASSERT_PTR_NULL(london.feed);

	struct origin nobody = ask(db, "192.0.2.1");
	CU_ASSERT(knows_nothing(&nobody));
	CU_ASSERT_EQUAL(origin_db_lookup_errors(db), 0);
	origin_db_close(db);
	unlink(f.table);
}

static void
database_of_the_user_goes_before_the_table(void)
{
	struct files f;
	prepare(&f);
	struct origin_db *db = open_paths(f.table, f.asn, NULL);
	/* 1.0.0.0/24 is AS15169 in the published test database, and AS13335 in the table. */
	struct origin both = ask(db, "1.0.0.1");
	CU_ASSERT_EQUAL(both.asn, 15169);
	CU_ASSERT_STRING_EQUAL(both.as_org, "Google Inc.");
	CU_ASSERT_EQUAL(strncmp(both.asn_source, "GeoLite2-ASN", 12), 0);
	/* What the database does not know, the table may. */
	CU_ASSERT_EQUAL(ask(db, "3.0.0.1").asn, 16509);
	/* An AS without a name does not get that of the other source. */
	struct origin unnamed = ask(db, "12.81.96.0");
	CU_ASSERT_EQUAL(unnamed.asn, 7018);
	CU_ASSERT_STRING_EQUAL(unnamed.as_org, "");
	origin_db_close(db);
	unlink(f.table);
}

static void
each_source_may_be_missing(void)
{
	struct files f;
	prepare(&f);
	for (unsigned set = 0; set < 8; set++) {
		struct origin_db *db = open_paths(set & 1 ? f.table : NULL, set & 2 ? f.asn : NULL,
						  set & 4 ? f.country : NULL);
		struct origin o = ask(db, "3.5.1.1"), p = ask(db, "81.2.69.160");
		struct origin q = ask(db, "1.128.0.0");
		CU_ASSERT_EQUAL(o.feed != NULL, (set & 1) != 0);
		CU_ASSERT_EQUAL(q.asn == 1221, (set & 2) != 0);
		CU_ASSERT_EQUAL(p.country[0] != '\0', (set & 4) != 0);
		CU_ASSERT(set != 0 || knows_nothing(&o));
		origin_db_close(db);
	}
	origin_db_close(NULL);
	unlink(f.table);
}

/* The day is the file's, also under another name. */
static void
a_country_database_can_be_given_a_name(void)
{
	struct files f;
	prepare(&f);
	struct origin_paths paths = {.country_mmdb = f.country,
				     .country_source = "House countries, https://example.org"};
	struct fault_list faults = FAULT_LIST_INIT;
	struct origin_db *named = origin_db_open(&paths, &faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(named);
	struct origin_db *plain = open_paths(NULL, NULL, f.country);

	struct origin of_named = ask(named, "81.2.69.160"), of_plain = ask(plain, "81.2.69.160");
	const char *day = strrchr(of_plain.country_source, ' ');
	char wanted[64];
	CU_ASSERT_PTR_NOT_NULL_FATAL(day);
	snprintf(wanted, sizeof(wanted), "House countries, https://example.org%s", day);
	CU_ASSERT_STRING_EQUAL(of_named.country_source, wanted);
	CU_ASSERT_STRING_EQUAL(of_named.country, of_plain.country);
	origin_db_close(named);
	origin_db_close(plain);

	/* A name without a database is of no use and does no harm. */
	paths.country_mmdb = NULL;
	named = origin_db_open(&paths, &faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(named);
	CU_ASSERT_PTR_NULL(ask(named, "81.2.69.160").country_source);
	origin_db_close(named);
	unlink(f.table);
}

static void
every_faulty_file_is_named_and_nothing_stays_open(void)
{
	struct files f;
	prepare(&f);
	/* Each path leads to the wrong kind of file. */
	struct origin_paths paths = {
		.table = f.asn, .asn_mmdb = f.country, .country_mmdb = "/nonexistent"};
	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_PTR_NULL(origin_db_open(&paths, &faults));
	CU_ASSERT_EQUAL_FATAL(faults.count, 3);
	CU_ASSERT_EQUAL(strncmp(faults.faults[0].text, f.asn, strlen(f.asn)), 0);
	CU_ASSERT_EQUAL(strncmp(faults.faults[1].text, f.country, strlen(f.country)), 0);
	CU_ASSERT_EQUAL(strncmp(faults.faults[2].text, "/nonexistent", 12), 0);
	fault_list_fini(&faults);

	paths = (struct origin_paths){.table = f.table, .asn_mmdb = "/nonexistent"};
	CU_ASSERT_PTR_NULL(origin_db_open(&paths, &faults));
	CU_ASSERT_EQUAL(faults.count, 1);
	fault_list_fini(&faults);
	unlink(f.table);
}

/* Opening samples 0.0.0.0/1 only, so the record of the other half is met at look-up. */
static void
corrupt_record_counts_as_unknown_and_is_counted(void)
{
	static const char data[] = MMDB_MAP_1 "\x4c"
					      "country_code" MMDB_TEXT_2 "FR";
	char path[64];
	write_tiny_mmdb(data, sizeof(data) - 1, path);
	FILE *file = fopen(path, "r+b");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	/* The right record leads to the middle of the data, where no item begins. */
	CU_ASSERT_EQUAL(pwrite(fileno(file), "\x00\x00\x1d", 3, 3), 3);
	fclose(file);

	struct origin_db *db = open_paths(NULL, NULL, path);
	CU_ASSERT_STRING_EQUAL(ask(db, "10.0.0.1").country, "FR");
	struct origin o = ask(db, "192.0.2.1");
	CU_ASSERT(knows_nothing(&o));
	CU_ASSERT_EQUAL(origin_db_lookup_errors(db), 1);
	o = ask(db, "192.0.2.2");
	CU_ASSERT_EQUAL(origin_db_lookup_errors(db), 2);
	origin_db_close(db);
	unlink(path);
}

static void *
ask_much(void *argument)
{
	struct origin_db *db = argument;
	uintptr_t wrong = 0;
	for (int i = 0; i < 5000; i++) {
		struct origin a = ask(db, "1.128.0.0"), b = ask(db, "3.5.0.9");
		wrong += strcmp(a.as_org, "Telstra Pty Ltd") != 0 || b.asn != 64500 ||
			 strcmp(b.feed_service, "S3") != 0;
	}
	return (void *)wrong;
}

static void
several_threads_may_ask(void)
{
	struct files f;
	prepare(&f);
	struct origin_db *db = open_paths(f.table, f.asn, f.country);
	pthread_t threads[4];
	for (int i = 0; i < 4; i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, ask_much, db), 0);
	for (int i = 0; i < 4; i++) {
		void *wrong;
		CU_ASSERT_EQUAL(pthread_join(threads[i], &wrong), 0);
		CU_ASSERT_PTR_NULL(wrong);
	}
	origin_db_close(db);
	unlink(f.table);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"every_source_adds_what_it_knows", every_source_adds_what_it_knows},
		{"database_of_the_user_goes_before_the_table",
		 database_of_the_user_goes_before_the_table},
		{"each_source_may_be_missing", each_source_may_be_missing},
		{"a_country_database_can_be_given_a_name", a_country_database_can_be_given_a_name},
		{"every_faulty_file_is_named_and_nothing_stays_open",
		 every_faulty_file_is_named_and_nothing_stays_open},
		{"corrupt_record_counts_as_unknown_and_is_counted",
		 corrupt_record_counts_as_unknown_and_is_counted},
		{"several_threads_may_ask", several_threads_may_ask},
	};
	return unit_run("origin", cases, sizeof(cases) / sizeof(*cases));
}
