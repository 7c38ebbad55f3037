/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "geo/mapped_file.h"
#include "tests/unit/geo/given.h"

static void
temporary_path(char *path, const char *content)
{
	snprintf(path, 64, "/tmp/vigie-test-file-XXXXXX");
	int fd = mkstemp(path);
	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, content, strlen(content)), (ssize_t)strlen(content));
	close(fd);
}

static void
whole_content_is_mapped_under_its_name(void)
{
	char path[64];
	struct named_bytes file;
	struct fault_list faults = FAULT_LIST_INIT;
	temporary_path(path, "abc");
	CU_ASSERT_EQUAL(mapped_file_open(path, 3, &file, &faults), 0);
	unlink(path);
	CU_ASSERT_STRING_EQUAL(file.name, path);
	CU_ASSERT_EQUAL_FATAL(file.bytes.len, 3);
	CU_ASSERT_EQUAL(memcmp(file.bytes.data, "abc", 3), 0);
	mapped_file_close(&file);
	mapped_file_close(&file);
	CU_ASSERT_EQUAL(faults.count, 0);
}

static void
empty_file_is_an_empty_slice(void)
{
	char path[64];
	struct named_bytes file;
	struct fault_list faults = FAULT_LIST_INIT;
	temporary_path(path, "");
	CU_ASSERT_EQUAL(mapped_file_open(path, 3, &file, &faults), 0);
	unlink(path);
	CU_ASSERT_EQUAL(file.bytes.len, 0);
	mapped_file_close(&file);
}

static void
what_is_no_file_of_that_size_is_refused(void)
{
	char large[64], pipe[80];
	struct named_bytes file;
	temporary_path(large, "abcd");
	snprintf(pipe, sizeof(pipe), "%s.pipe", large);
	CU_ASSERT_EQUAL_FATAL(mkfifo(pipe, 0600), 0);
	const struct {
		const char *path;
		int rc;
	} cases[] = {
		{"/nonexistent", -ENOENT}, {"/tmp", -EINVAL}, {pipe, -EINVAL}, {large, -EFBIG}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		CU_ASSERT_EQUAL(mapped_file_open(cases[i].path, 3, &file, &faults), cases[i].rc);
		CU_ASSERT_EQUAL(faults.count, 1);
		fault_list_fini(&faults);
	}
	unlink(pipe);
	unlink(large);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"whole_content_is_mapped_under_its_name", whole_content_is_mapped_under_its_name},
		{"empty_file_is_an_empty_slice", empty_file_is_an_empty_slice},
		{"what_is_no_file_of_that_size_is_refused",
		 what_is_no_file_of_that_size_is_refused},
	};
	return unit_run("mapped_file", cases, sizeof(cases) / sizeof(*cases));
}
