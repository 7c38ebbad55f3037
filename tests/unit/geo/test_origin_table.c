/* SPDX-License-Identifier: Apache-2.0 */
/* The compiled table written and read back, whole and damaged. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "geo/origin_table.h"
#include "tests/unit/geo/small_table.h"

static struct named_bytes
image_of(const void *bytes, size_t size)
{
	return (struct named_bytes){.name = "image", .bytes = slice_of(bytes, size)};
}

/* Opens bytes that have to be a sound table. */
static struct origin_table *
open_sound(const void *bytes, size_t size)
{
	struct fault_list faults = FAULT_LIST_INIT;
	struct named_bytes image = image_of(bytes, size);
	struct origin_table *t = origin_table_open_bytes(&image, &faults);
	if (faults.count > 0)
		printf("# %s\n", faults.faults[0].text);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	CU_ASSERT_EQUAL(origin_table_verify(t, &faults), 0);
	CU_ASSERT_EQUAL(faults.count, 0);
	fault_list_fini(&faults);
	return t;
}

static void
as_of_an_address_is_the_narrowest_range_around_it(void)
{
	static const struct {
		const char *address;
		uint32_t asn;
		const char *org;
	} cases[] = {
		{"0.255.255.255", 0, NULL},
		{"1.0.0.0", 13335, "Cloudflare, Inc."},
		{"1.0.0.255", 13335, "Cloudflare, Inc."},
		{"1.0.1.0", 0, NULL},
		{"3.4.255.255", 16509, "Amazon.com, Inc."},
		{"3.5.0.77", 64500, NULL},
		{"3.5.1.0", 16509, "Amazon.com, Inc."},
		{"2001:db8:1::1", 4294967295, "Réseau"},
		{"2001:db9::", 0, NULL},
	};
	size_t size;
	void *image = small_table(&size);
	struct origin_table *t = open_sound(image, size);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ip_address a = given_address(cases[i].address);
		struct origin_as as = {0};
		CU_ASSERT_EQUAL(origin_table_find_as(t, &a, &as),
				cases[i].asn != 0 ? LOOKUP_FOUND : LOOKUP_ABSENT);
		CU_ASSERT_EQUAL(as.asn, cases[i].asn);
		CU_ASSERT(same_text(as.org, cases[i].org));
		CU_ASSERT(same_text(as.source, cases[i].asn != 0 ? "rows of a test" : NULL));
	}
	origin_table_close(t);
	free(image);
}

static void
feed_of_an_address_is_the_longest_prefix_with_its_tags(void)
{
	static const struct {
		const char *address;
		const char *prefix;
		const char *feed;
		const char *service;
		const char *region;
		const char *source;
	} cases[] = {
		{"3.4.0.1", "3.0.0.0/8", "aws", "AMAZON", "GLOBAL",
		 "AWS ip-ranges.json 2026-08-22"},
		{"3.5.0.1", "3.5.0.0/16", "aws", "S3", "eu-west-3",
		 "AWS ip-ranges.json 2026-08-22"},
		{"2600:1f18::1", "2600:1f00::/24", "aws", "EC2", "us-east-1",
		 "AWS ip-ranges.json 2026-08-22"},
		{"8.8.8.8", "8.8.8.8/32", "google-cloud", "Google Cloud", NULL,
		 "a list 2026-08-22"},
		{"8.8.4.4", "8.8.4.0/24", "google-cloud", NULL, "us-central1", "a list 2026-08-22"},
		{"8.8.8.9", NULL, NULL, NULL, NULL, NULL},
		{"2600:1e00::", NULL, NULL, NULL, NULL, NULL},
	};
	size_t size;
	void *image = small_table(&size);
	struct origin_table *t = open_sound(image, size);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ip_address a = given_address(cases[i].address);
		struct origin_feed feed = {0};
		CU_ASSERT_EQUAL(origin_table_find_feed(t, &a, &feed),
				cases[i].feed != NULL ? LOOKUP_FOUND : LOOKUP_ABSENT);
		CU_ASSERT(same_text(feed.feed, cases[i].feed));
		CU_ASSERT(same_text(feed.service, cases[i].service));
		CU_ASSERT(same_text(feed.region, cases[i].region));
		CU_ASSERT(same_text(feed.source, cases[i].source));
		if (cases[i].prefix != NULL) {
			struct ip_prefix p = given_prefix(cases[i].prefix);
			CU_ASSERT_EQUAL(feed.prefix.bits, p.bits);
			CU_ASSERT(ip_address_equal(&feed.prefix.address, &p.address));
		}
	}
	origin_table_close(t);
	free(image);
}

static void
empty_table_knows_nothing(void)
{
	struct origin_table_writer *w = origin_table_writer_create();
	struct ip_address a = given_address("192.0.2.1");
	struct origin_as as;
	struct origin_feed feed;
	void *image;
	size_t size;
	CU_ASSERT_EQUAL_FATAL(origin_table_writer_finish(w, &image, &size), 0);
	origin_table_writer_destroy(w);
	struct origin_table *t = open_sound(image, size);
	CU_ASSERT_EQUAL(origin_table_find_as(t, &a, &as), LOOKUP_ABSENT);
	CU_ASSERT_EQUAL(origin_table_find_feed(t, &a, &feed), LOOKUP_ABSENT);
	origin_table_close(t);
	free(image);
}

static void
equal_input_gives_equal_bytes(void)
{
	size_t size, again_size;
	void *image = small_table(&size), *again = small_table(&again_size);
	CU_ASSERT_EQUAL_FATAL(size, again_size);
	CU_ASSERT_EQUAL(memcmp(image, again, size), 0);
	free(image);
	free(again);
}

static void
entry_without_a_feed_is_refused(void)
{
	struct origin_table_writer *w = origin_table_writer_create();
	struct range_entry entry = {.prefix = given_prefix("192.0.2.0/24")};
	CU_ASSERT_EQUAL(origin_table_writer_add_entry(w, &entry), -EINVAL);
	int rc = 0;
	for (int i = 0; i < 1000 && rc == 0; i++)
		rc = origin_table_writer_add_feed(w, "aws", "x");
	CU_ASSERT_EQUAL(rc, -E2BIG);
	origin_table_writer_destroy(w);
	origin_table_writer_destroy(NULL);
}

static void
saved_table_replaces_the_old_file_at_once(void)
{
	char folder[] = "/tmp/vigie-test-table-XXXXXX", path[64], beside[72];
	struct fault_list faults = FAULT_LIST_INIT;
	struct ip_address a = given_address("1.0.0.1");
	struct origin_as as;
	struct stat about;
	size_t size;
	void *image = small_table(&size);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/table", folder);
	snprintf(beside, sizeof(beside), "%s.new", path);

	CU_ASSERT_EQUAL(origin_table_save(path, image, size), 0);
	struct origin_table *old = origin_table_open(path, &faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(old);
	CU_ASSERT_EQUAL(origin_table_save(path, "x", 1), 0);
	/* Who has the old one open keeps it; who opens now gets the new one. */
	CU_ASSERT_EQUAL(origin_table_find_as(old, &a, &as), LOOKUP_FOUND);
	CU_ASSERT_EQUAL(as.asn, 13335);
	CU_ASSERT_PTR_NULL(origin_table_open(path, &faults));
	CU_ASSERT_EQUAL(faults.count, 1);
	CU_ASSERT_NOT_EQUAL(stat(beside, &about), 0);
	origin_table_close(old);

	unlink(path);
	rmdir(folder);
	CU_ASSERT_EQUAL(origin_table_save(path, image, size), -ENOENT);
	fault_list_fini(&faults);
	free(image);
}

static void
cut_or_foreign_file_is_refused_with_one_line(void)
{
	size_t size;
	uint8_t *image = small_table(&size);
	for (size_t len = 0; len < size; len += len < 512 ? 1 : 97) {
		struct fault_list faults = FAULT_LIST_INIT;
		struct named_bytes cut = image_of(image, len);
		CU_ASSERT_PTR_NULL(origin_table_open_bytes(&cut, &faults));
		CU_ASSERT_EQUAL(faults.count, 1);
		fault_list_fini(&faults);
	}
	free(image);

	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_PTR_NULL(origin_table_open("/nonexistent", &faults));
	CU_ASSERT_PTR_NULL(origin_table_open(unit_source_path("meson.build"), &faults));
	CU_ASSERT_EQUAL(faults.count, 2);
	fault_list_fini(&faults);
	origin_table_close(NULL);
}

/* Asks for addresses all over both spaces; returns how many answers were "corrupt". */
static unsigned
ask_everywhere(const struct origin_table *t)
{
	static const char *const known[] = {"1.0.0.1", "3.5.0.1",     "8.8.8.8",
					    "8.8.4.4", "2600:1f00::", "2001:db8::1"};
	unsigned corrupt = 0;
	struct origin_as as;
	struct origin_feed feed;
	for (unsigned i = 0; i < 6 + 64; i++) {
		struct ip_address a = {.bytes = {(uint8_t)(i * 4)}, .version = i % 2 == 0 ? 4 : 6};
		if (i < 6)
			a = given_address(known[i]);
		corrupt += origin_table_find_as(t, &a, &as) == LOOKUP_CORRUPT;
		corrupt += origin_table_find_feed(t, &a, &feed) == LOOKUP_CORRUPT;
	}
	return corrupt;
}

/* Each byte replaced by three others: refused at once, or found by verify, and never read out of
 * bounds. */
static void
every_damaged_byte_is_refused_or_found_by_verify(void)
{
	size_t size;
	uint8_t *image = small_table(&size);
	unsigned corrupt = 0, unnoticed = 0;
	for (size_t i = 0; i < size * 3; i++) {
		static const uint8_t turns[] = {0x01, 0x80, 0xff};
		struct fault_list faults = FAULT_LIST_INIT;
		image[i / 3] ^= turns[i % 3];
		struct named_bytes damaged = image_of(image, size);
		struct origin_table *t = origin_table_open_bytes(&damaged, &faults);
		CU_ASSERT_EQUAL(faults.count, t == NULL);
		if (t != NULL) {
			corrupt += ask_everywhere(t);
			unnoticed += origin_table_verify(t, &faults) == 0;
		}
		origin_table_close(t);
		fault_list_fini(&faults);
		image[i / 3] ^= turns[i % 3];
	}
	free(image);
	CU_ASSERT(corrupt > 0);
	CU_ASSERT_EQUAL(unnoticed, 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"as_of_an_address_is_the_narrowest_range_around_it",
		 as_of_an_address_is_the_narrowest_range_around_it},
		{"feed_of_an_address_is_the_longest_prefix_with_its_tags",
		 feed_of_an_address_is_the_longest_prefix_with_its_tags},
		{"empty_table_knows_nothing", empty_table_knows_nothing},
		{"equal_input_gives_equal_bytes", equal_input_gives_equal_bytes},
		{"entry_without_a_feed_is_refused", entry_without_a_feed_is_refused},
		{"saved_table_replaces_the_old_file_at_once",
		 saved_table_replaces_the_old_file_at_once},
		{"cut_or_foreign_file_is_refused_with_one_line",
		 cut_or_foreign_file_is_refused_with_one_line},
		{"every_damaged_byte_is_refused_or_found_by_verify",
		 every_damaged_byte_is_refused_or_found_by_verify},
	};
	return unit_run("origin_table", cases, sizeof(cases) / sizeof(*cases));
}
