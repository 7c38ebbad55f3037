/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/site_key.h"

#include "tests/unit/unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIGITS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static char folder[] = "/tmp/test_site_key.XXXXXX";
static char path[128];

static void
write_file(const char *file, const char *text, mode_t mode)
{
	FILE *out = fopen(file, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	fputs(text, out);
	fclose(out);
	CU_ASSERT_EQUAL(chmod(file, mode), 0);
}

static mode_t
mode_of(const char *file)
{
	struct stat info = {0};

	CU_ASSERT_EQUAL(stat(file, &info), 0);
	return info.st_mode & 07777;
}

static size_t
entries_of(const char *name)
{
	size_t count = 0;
	DIR *dir = opendir(name);

	CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count - 2; /* "." and ".." */
}

static struct site_key
load(const char *file)
{
	struct site_key key = {{0}};
	char why[200] = "";

	CU_ASSERT_EQUAL(site_key_load(file, &key, why), 0);
	CU_ASSERT_STRING_EQUAL(why, "");
	return key;
}

static void
a_missing_file_is_made_for_its_owner_alone(void)
{
	mode_t mask = umask(0);
	struct site_key made = load(path);
	struct site_key again = load(path);

	umask(mask);
	CU_ASSERT_EQUAL(mode_of(path), 0600);
	CU_ASSERT_EQUAL(memcmp(&made, &again, sizeof(made)), 0);
	CU_ASSERT_EQUAL(entries_of(folder), 1);
	unlink(path);
}

static void
missing_folders_are_made_for_their_owner_alone(void)
{
	char outer[150], inner[160], file[200];
	mode_t mask = umask(0);

	snprintf(outer, sizeof(outer), "%s/state", folder);
	snprintf(inner, sizeof(inner), "%s/vigie", outer);
	snprintf(file, sizeof(file), "%s/site.key", inner);
	(void)load(file);
	umask(mask);
	CU_ASSERT_EQUAL(mode_of(outer), 0700);
	CU_ASSERT_EQUAL(mode_of(inner), 0700);
	CU_ASSERT_EQUAL(mode_of(file), 0600);
	unlink(file);
	rmdir(inner);
	rmdir(outer);
}

static void
keys_are_random(void)
{
	struct site_key first = load(path), zero = {{0}}, open;

	site_key_public(&open);
	unlink(path);
	struct site_key second = load(path);
	CU_ASSERT_NOT_EQUAL(memcmp(&first, &second, sizeof(first)), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(&first, &zero, sizeof(first)), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(&first, &open, sizeof(first)), 0);
	unlink(path);
}

static void
a_key_is_64_digits_and_a_newline(void)
{
	write_file(path, DIGITS "\n", 0400);
	struct site_key key = load(path);

	for (unsigned i = 0; i < SITE_KEY_LEN; i++)
		CU_ASSERT_EQUAL(key.bytes[i], i);
	unlink(path);
}

/* Each is told, and left as it is: a new key would change all ids. */
static void
what_is_no_key_is_refused(void)
{
	static const char *const texts[] = {
		"",
		"000102030405060708090a0b0c0d0e0f\n", /* half written */
		DIGITS,
		DIGITS " ",
		DIGITS "\n\n",
		DIGITS "00\n",
		"x00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct site_key key, zero = {{0}};
		char why[200] = "";
		struct stat info;
		write_file(path, texts[i], 0600);
		CU_ASSERT_EQUAL(site_key_load(path, &key, why), -1);
		CU_ASSERT_PTR_NOT_NULL(strstr(why, "is no key"));
		CU_ASSERT_PTR_NULL(strstr(why, path));
		char checked[200] = "";
		CU_ASSERT_EQUAL(site_key_check(path, checked), -1);
		CU_ASSERT_STRING_EQUAL(checked, why);
		CU_ASSERT_EQUAL(memcmp(&key, &zero, sizeof(key)), 0);
		CU_ASSERT_EQUAL(stat(path, &info), 0);
		CU_ASSERT_EQUAL((size_t)info.st_size, strlen(texts[i]));
	}
	unlink(path);
}

static void
a_file_that_others_may_open_is_refused(void)
{
	static const mode_t modes[] = {0640, 0604, 0620, 0602, 0610, 0666};

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		struct site_key key;
		char why[200] = "";
		write_file(path, DIGITS "\n", modes[i]);
		CU_ASSERT_EQUAL(site_key_load(path, &key, why), -1);
		CU_ASSERT_PTR_NOT_NULL(strstr(why, "chmod 600"));
	}
	unlink(path);
}

static void
what_is_no_file_is_refused(void)
{
	struct site_key key;
	char why[200] = "";

	CU_ASSERT_EQUAL(site_key_load(folder, &key, why), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "no regular file"));
	CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
	CU_ASSERT_EQUAL(site_key_load(path, &key, why), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "no regular file"));
	unlink(path);
}

static void
a_check_makes_nothing(void)
{
	char file[200], why[200] = "";

	CU_ASSERT_EQUAL(site_key_check(path, why), 0);
	snprintf(file, sizeof(file), "%s/state/vigie/site.key", folder);
	CU_ASSERT_EQUAL(site_key_check(file, why), 0);
	CU_ASSERT_EQUAL(site_key_check("site.key", why), 0);
	CU_ASSERT_STRING_EQUAL(why, "");
	CU_ASSERT_EQUAL(entries_of(folder), 0);
	write_file(path, DIGITS "\n", 0600);
	CU_ASSERT_EQUAL(site_key_check(path, why), 0);
	snprintf(file, sizeof(file), "%s/site.key", path);
	CU_ASSERT_EQUAL(site_key_check(file, why), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "Not a directory"));
	unlink(path);
}

static void
a_place_that_cannot_be_written_is_told(void)
{
	struct site_key key;
	char file[200], why[200] = "";

	CU_ASSERT_EQUAL(site_key_load("/proc/vigie/site.key", &key, why), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "cannot be made"));
	write_file(path, "", 0600);
	snprintf(file, sizeof(file), "%s/site.key", path);
	CU_ASSERT_EQUAL(site_key_load(file, &key, why), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "Not a directory"));
	CU_ASSERT_EQUAL(entries_of(folder), 1);
	unlink(path);
}

/* What a start that was killed has left behind, under the number that is ours now. */
static void
a_leftover_is_no_key_and_does_not_hinder(void)
{
	char leftover[200];

	snprintf(leftover, sizeof(leftover), "%s.partial.%ld", path, (long)getpid());
	write_file(leftover, "0001", 0600);
	(void)load(path);
	CU_ASSERT_EQUAL(entries_of(folder), 1);
	unlink(path);
}

static void
long_paths_fit_the_message(void)
{
	struct site_key key;
	char why[200], file[6000];

	memset(file, 'x', sizeof(file) - 1);
	file[0] = '/';
	file[sizeof(file) - 1] = '\0';
	CU_ASSERT_EQUAL(site_key_load(file, &key, why), -1);
	CU_ASSERT(strlen(why) < sizeof(why));
}

static void
the_public_key_is_a_text(void)
{
	struct site_key key, zero = {{0}};

	site_key_public(&key);
	CU_ASSERT_EQUAL(memcmp(key.bytes, "vigie replay: this key is public", SITE_KEY_LEN), 0);
	site_key_fini(&key);
	CU_ASSERT_EQUAL(memcmp(&key, &zero, sizeof(key)), 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"a_missing_file_is_made_for_its_owner_alone",
		 a_missing_file_is_made_for_its_owner_alone},
		{"missing_folders_are_made_for_their_owner_alone",
		 missing_folders_are_made_for_their_owner_alone},
		{"keys_are_random", keys_are_random},
		{"a_key_is_64_digits_and_a_newline", a_key_is_64_digits_and_a_newline},
		{"what_is_no_key_is_refused", what_is_no_key_is_refused},
		{"a_file_that_others_may_open_is_refused", a_file_that_others_may_open_is_refused},
		{"what_is_no_file_is_refused", what_is_no_file_is_refused},
		{"a_check_makes_nothing", a_check_makes_nothing},
		{"a_place_that_cannot_be_written_is_told", a_place_that_cannot_be_written_is_told},
		{"a_leftover_is_no_key_and_does_not_hinder",
		 a_leftover_is_no_key_and_does_not_hinder},
		{"long_paths_fit_the_message", long_paths_fit_the_message},
		{"the_public_key_is_a_text", the_public_key_is_a_text},
	};

	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/site.key", folder);
	int status = unit_run("site_key", cases, sizeof(cases) / sizeof(*cases));
	rmdir(folder);
	return status;
}
