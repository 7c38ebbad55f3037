/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/sink_secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static char folder[] = "/tmp/vigie-secret-XXXXXX", path[64], why[200];
static struct arena *arena;

static void
write_file(const char *bytes, size_t len, mode_t mode)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fwrite(bytes, 1, len, file), len);
	fclose(file);
	CU_ASSERT_EQUAL(chmod(path, mode), 0);
}

static void
one_line_is_the_secret_without_its_end(void)
{
	static const char *const texts[] = {"s3cret", "s3cret\n", "s3cret\r\n"};

	for (size_t i = 0; i < COUNT(texts); i++) {
		char *secret = NULL;
		write_file(texts[i], strlen(texts[i]), 0600);
		CU_ASSERT_EQUAL_FATAL(sink_secret_read_file(path, arena, &secret, why), 0);
		CU_ASSERT_STRING_EQUAL(secret, "s3cret");
	}
	char *secret;
	write_file(" with spaces \xc3\xa9 \n", 17, 0400);
	CU_ASSERT_EQUAL_FATAL(sink_secret_read_file(path, arena, &secret, why), 0);
	CU_ASSERT_STRING_EQUAL(secret, " with spaces \xc3\xa9 ");
}

static void
what_is_no_secret_is_refused_with_what_to_do(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *why;
	} rows[] = {
		{"", 0, "is empty"},
		{"\n", 1, "is empty"},
		{"a\nb\n", 4, "second line"},
		{"a\0b", 3, "control character"},
		{"a\tb", 3, "control character"},
		{"a\n\n", 3, "second line"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *secret = NULL;
		write_file(rows[i].bytes, rows[i].len, 0600);
		CU_ASSERT_EQUAL(sink_secret_read_file(path, arena, &secret, why), -EINVAL);
		CU_ASSERT_PTR_NULL(secret);
		CU_ASSERT_PTR_NOT_NULL(strstr(why, rows[i].why));
	}
}

static void
others_may_not_read_it(void)
{
	static const mode_t modes[] = {0640, 0604, 0620, 0602, 0601};
	char *secret = NULL;

	for (size_t i = 0; i < COUNT(modes); i++) {
		write_file("x", 1, modes[i]);
		CU_ASSERT_EQUAL(sink_secret_read_file(path, arena, &secret, why), -EPERM);
		CU_ASSERT_PTR_NOT_NULL(strstr(why, "chmod 600"));
	}
	CU_ASSERT_EQUAL(sink_secret_read_file(folder, arena, &secret, why), -EINVAL);
	CU_ASSERT_EQUAL(sink_secret_read_file("/no/such", arena, &secret, why), -ENOENT);
	CU_ASSERT_EQUAL(sink_secret_read_file("/dev/null", arena, &secret, why), -EINVAL);
	CU_ASSERT_PTR_NULL(secret);
}

static void
of_another_user_it_is_not_taken(void)
{
	char *secret = NULL;

	if (geteuid() != 0) {
		unit_skip("only root can give files away");
		return;
	}
	write_file("x", 1, 0600);
	CU_ASSERT_EQUAL(chown(path, 65534, 65534), 0);
	CU_ASSERT_EQUAL(sink_secret_read_file(path, arena, &secret, why), -EPERM);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "another user (65534)"));
	CU_ASSERT_EQUAL(chown(path, 0, 0), 0);
}

static void
it_has_at_most_4_kib(void)
{
	char bytes[SINK_SECRET_MAX + 4], *secret = NULL;

	memset(bytes, 'x', sizeof(bytes));
	bytes[SINK_SECRET_MAX] = '\n';
	write_file(bytes, SINK_SECRET_MAX + 1, 0600);
	CU_ASSERT_EQUAL_FATAL(sink_secret_read_file(path, arena, &secret, why), 0);
	CU_ASSERT_EQUAL(strlen(secret), SINK_SECRET_MAX);
	bytes[SINK_SECRET_MAX] = 'x';
	for (size_t more = 1; more <= 4; more++) {
		write_file(bytes, SINK_SECRET_MAX + more, 0600);
		CU_ASSERT_EQUAL(sink_secret_read_file(path, arena, &secret, why), -EINVAL);
		CU_ASSERT_PTR_NOT_NULL(strstr(why, "4 KiB"));
	}
}

static void
variables_of_the_environment_hold_secrets_too(void)
{
	char *secret = NULL;

	setenv("VIGIE_TEST_SECRET", "s3cret", 1);
	CU_ASSERT_EQUAL_FATAL(sink_secret_read_variable("VIGIE_TEST_SECRET", arena, &secret, why),
			      0);
	CU_ASSERT_STRING_EQUAL(secret, "s3cret");
	setenv("VIGIE_TEST_SECRET", "", 1);
	CU_ASSERT_EQUAL(sink_secret_read_variable("VIGIE_TEST_SECRET", arena, &secret, why),
			-EINVAL);
	setenv("VIGIE_TEST_SECRET", "a\r\nb", 1);
	CU_ASSERT_EQUAL(sink_secret_read_variable("VIGIE_TEST_SECRET", arena, &secret, why),
			-EINVAL);
	unsetenv("VIGIE_TEST_SECRET");
	CU_ASSERT_EQUAL(sink_secret_read_variable("VIGIE_TEST_SECRET", arena, &secret, why),
			-ENOENT);
}

static void
wiping_leaves_nothing(void)
{
	char secret[] = "s3cret";
	static const char none[sizeof(secret)];

	sink_secret_wipe(secret);
	CU_ASSERT_EQUAL(memcmp(secret, none, sizeof(secret)), 0);
	sink_secret_wipe(NULL);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"one_line_is_the_secret_without_its_end", one_line_is_the_secret_without_its_end},
		{"what_is_no_secret_is_refused_with_what_to_do",
		 what_is_no_secret_is_refused_with_what_to_do},
		{"others_may_not_read_it", others_may_not_read_it},
		{"of_another_user_it_is_not_taken", of_another_user_it_is_not_taken},
		{"it_has_at_most_4_kib", it_has_at_most_4_kib},
		{"variables_of_the_environment_hold_secrets_too",
		 variables_of_the_environment_hold_secrets_too},
		{"wiping_leaves_nothing", wiping_leaves_nothing},
	};

	arena = arena_create();
	if (arena == NULL || mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/secret", folder);
	int status = unit_run("sink_secret", cases, COUNT(cases));
	unlink(path);
	rmdir(folder);
	arena_destroy(arena);
	return status;
}
