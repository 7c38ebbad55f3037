/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay_inputs.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

/* Every case has a folder of its own, and stands in it. */
static char folder[64];

static void
enter_folder(void)
{
	strcpy(folder, "/tmp/vigie-inputs-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	CU_ASSERT_EQUAL_FATAL(chdir(folder), 0);
}

static void
leave_folder(void)
{
	char command[128];

	CU_ASSERT_EQUAL(chdir("/"), 0);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	CU_ASSERT_EQUAL(system(command), 0);
}

static void
make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	close(fd);
}

/* "path path ...": what was found, in order. */
static void
check(const struct replay_inputs *inputs, const char *expected)
{
	char given[512] = "";
	size_t len = 0;

	for (size_t i = 0; i < inputs->count; i++)
		len += (size_t)snprintf(given + len, sizeof(given) - len, "%s%s%s",
					i == 0 ? "" : " ", inputs->items[i].path,
					inputs->items[i].walked ? "" : "!");
	CU_ASSERT_STRING_EQUAL(given, expected);
	if (strcmp(given, expected) != 0)
		printf("# %s\n", given);
}

static void
a_folder_is_walked_in_the_order_of_names(void)
{
	struct replay_inputs inputs = {0};

	enter_folder();
	mkdir("d", 0700);
	mkdir("d/b", 0700);
	mkdir("d/empty", 0700);
	make_file("d/c.pcap");
	make_file("d/a.pcap");
	make_file("d/b/z.pcap");
	make_file("d/notes.txt");
	CU_ASSERT_EQUAL(replay_inputs_add(&inputs, "d"), 0);
	check(&inputs, "d/a.pcap d/b/z.pcap d/c.pcap d/notes.txt");
	replay_inputs_fini(&inputs);
	leave_folder();
}

static void
hidden_files_and_folders_are_left_out_but_not_when_named(void)
{
	struct replay_inputs inputs = {0};

	enter_folder();
	mkdir(".d", 0700);
	mkdir(".d/.git", 0700);
	make_file(".d/.git/a.pcap");
	make_file(".d/.b.pcap");
	make_file(".d/c.pcap");
	CU_ASSERT_EQUAL(replay_inputs_add(&inputs, ".d"), 0);
	CU_ASSERT_EQUAL(replay_inputs_add(&inputs, ".d/.b.pcap"), 0);
	check(&inputs, ".d/c.pcap .d/.b.pcap!");
	replay_inputs_fini(&inputs);
	leave_folder();
}

static void
links_to_files_are_followed_and_links_to_folders_are_not(void)
{
	struct replay_inputs inputs = {0};

	enter_folder();
	mkdir("d", 0700);
	make_file("real.pcap");
	CU_ASSERT_EQUAL(symlink("../real.pcap", "d/link.pcap"), 0);
	CU_ASSERT_EQUAL(symlink("../d", "d/round"), 0);
	CU_ASSERT_EQUAL(symlink("nowhere", "d/broken"), 0);
	CU_ASSERT_EQUAL(symlink("d", "to-d"), 0);
	CU_ASSERT_EQUAL(replay_inputs_add(&inputs, "d"), 0);
	check(&inputs, "d/link.pcap");
	replay_inputs_fini(&inputs);
	/* A link that is named itself is a folder like any other. */
	CU_ASSERT_EQUAL(replay_inputs_add(&inputs, "to-d/"), 0);
	CU_ASSERT_EQUAL(inputs.count, 1);
	replay_inputs_fini(&inputs);
	leave_folder();
}

static void
pipes_and_devices_are_read_only_when_named(void)
{
	struct replay_inputs inputs = {0};

	enter_folder();
	mkdir("d", 0700);
	CU_ASSERT_EQUAL(mkfifo("d/pipe", 0600), 0);
	CU_ASSERT_EQUAL(replay_inputs_add(&inputs, "d"), 0);
	CU_ASSERT_EQUAL(replay_inputs_add(&inputs, "d/pipe"), 0);
	CU_ASSERT_EQUAL(replay_inputs_add(&inputs, "-"), 0);
	CU_ASSERT_EQUAL(replay_inputs_add(&inputs, "/dev/null"), 0);
	check(&inputs, "d/pipe! -! /dev/null!");
	replay_inputs_fini(&inputs);
	leave_folder();
}

/* Whether it can be read is found out when it is opened, so that the others are still read. */
static void
what_is_not_there_is_kept_as_it_was_named(void)
{
	struct replay_inputs inputs = {0};

	enter_folder();
	CU_ASSERT_EQUAL(replay_inputs_add(&inputs, "missing.pcap"), 0);
	CU_ASSERT_EQUAL(replay_inputs_add(&inputs, "missing.pcap"), 0);
	check(&inputs, "missing.pcap! missing.pcap!");
	replay_inputs_fini(&inputs);
	CU_ASSERT_EQUAL(inputs.count, 0);
	leave_folder();
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(a_folder_is_walked_in_the_order_of_names),
		CASE(hidden_files_and_folders_are_left_out_but_not_when_named),
		CASE(links_to_files_are_followed_and_links_to_folders_are_not),
		CASE(pipes_and_devices_are_read_only_when_named),
		CASE(what_is_not_there_is_kept_as_it_was_named),
	};
	return unit_run("replay_inputs", cases, sizeof(cases) / sizeof(*cases));
}
