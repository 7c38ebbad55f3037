/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_mapping.h"

#include "tests/unit/dataplane/capture_sample.h"
#include "tests/unit/unit.h"

#include <signal.h>
#include <sys/wait.h>

#define LEN (64u * 4096)

static struct sample_file
make_file(void)
{
	static uint8_t bytes[LEN];

	memset(bytes, 0x55, sizeof(bytes));
	return sample_file(bytes, sizeof(bytes));
}

static struct capture_mapping *
map(const struct sample_file *file)
{
	struct capture_mapping *mapping = capture_mapping_open(dup(file->fd), LEN);

	CU_ASSERT_PTR_NOT_NULL_FATAL(mapping);
	return mapping;
}

static uint8_t
touch(const uint8_t *at)
{
	return *(const volatile uint8_t *)at;
}

/* Touches lost pages of a mapping that capture_mapping knows nothing of. */
static void
touch_lost_pages_of_nobody(void)
{
	struct sample_file file = make_file();
	const uint8_t *bytes = mmap(NULL, LEN, PROT_READ, MAP_SHARED, file.fd, 0);

	if (ftruncate(file.fd, 0) == 0)
		(void)touch(bytes);
	_exit(0); /* not reached */
}

static void
leave_with_42(int number)
{
	(void)number;
	_exit(42);
}

/* Exit status of a child that ran `run`, or 1000 and the signal that ended it. */
static int
run_child(void (*run)(void))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		run();
		_exit(0);
	}
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void
with_default_handler(void)
{
	struct sample_file file = make_file();

	signal(SIGBUS, SIG_DFL);
	(void)map(&file);
	touch_lost_pages_of_nobody();
}

static void
with_handler_of_the_program(void)
{
	struct sample_file file = make_file();

	signal(SIGBUS, leave_with_42);
	(void)map(&file);
	touch_lost_pages_of_nobody();
}

/*
 * Both before anything is mapped here: the handler that is there at the first mapping is the one
 * that counts.
 */
static void
foreign_sigbus_ends_the_process(void)
{
	CU_ASSERT_EQUAL(run_child(with_default_handler), 1000 + SIGBUS);
}

static void
foreign_sigbus_goes_to_the_handler_before(void)
{
	CU_ASSERT_EQUAL(run_child(with_handler_of_the_program), 42);
}

static void
whole_file_is_kept(void)
{
	struct sample_file file = make_file();
	struct capture_mapping *mapping = map(&file);

	capture_mapping_bring(mapping, 5000, LEN - 5000);
	CU_ASSERT_EQUAL(touch(capture_mapping_bytes(mapping) + LEN - 1), 0x55);
	capture_mapping_release(mapping, 0, LEN);
	CU_ASSERT_EQUAL(touch(capture_mapping_bytes(mapping)), 0x55);
	CU_ASSERT_EQUAL(capture_mapping_kept(mapping), LEN);
	CU_ASSERT_PTR_NULL(capture_mapping_fault(mapping));
	capture_mapping_close(mapping);
	sample_close(&file);
}

static void
lost_pages_read_as_zero_and_the_loss_is_known(void)
{
	static const uint32_t keeps[] = {0, 1, 4095, 4096, 4097, 100000, LEN - 4096, LEN - 4097};

	for (size_t i = 0; i < sizeof(keeps) / sizeof(*keeps); i++) {
		struct sample_file file = make_file();
		struct capture_mapping *mapping = map(&file);
		const uint8_t *bytes = capture_mapping_bytes(mapping);

		capture_mapping_bring(mapping, 0, LEN);
		CU_ASSERT_EQUAL(ftruncate(file.fd, keeps[i]), 0);
		CU_ASSERT_EQUAL(touch(bytes + LEN - 1), 0);
		CU_ASSERT_EQUAL(touch(bytes + (keeps[i] + 4095) / 4096 * 4096), 0);
		CU_ASSERT_TRUE(keeps[i] == 0 || touch(bytes + keeps[i] - 1) == 0x55);
		/* The first touch was at the last page: only that, or the length of the file now.
		 */
		CU_ASSERT_EQUAL(capture_mapping_kept(mapping), keeps[i]);
		CU_ASSERT_PTR_NOT_NULL_FATAL(capture_mapping_fault(mapping));
		CU_ASSERT_STRING_EQUAL(capture_mapping_fault(mapping),
				       "the file became shorter while it was read");
		capture_mapping_release(mapping, 0, LEN);
		CU_ASSERT_EQUAL(touch(bytes + LEN - 1), 0);
		capture_mapping_close(mapping);
		sample_close(&file);
	}
}

static void
loss_is_seen_without_touching(void)
{
	struct sample_file file = make_file();
	struct capture_mapping *mapping = map(&file);

	CU_ASSERT_EQUAL(ftruncate(file.fd, 10000), 0);
	capture_mapping_check(mapping);
	CU_ASSERT_EQUAL(capture_mapping_kept(mapping), 10000);
	/* Asking for lost pages raises nothing. */
	capture_mapping_bring(mapping, 0, LEN);
	capture_mapping_close(mapping);
	sample_close(&file);
}

static void
file_that_grows_is_as_long_as_it_was(void)
{
	struct sample_file file = make_file();
	struct capture_mapping *mapping = map(&file);

	CU_ASSERT_EQUAL(ftruncate(file.fd, 10 * LEN), 0);
	capture_mapping_check(mapping);
	CU_ASSERT_EQUAL(capture_mapping_kept(mapping), LEN);
	CU_ASSERT_PTR_NULL(capture_mapping_fault(mapping));
	capture_mapping_close(mapping);
	sample_close(&file);
}

static void
many_mappings_lose_each_their_own_pages(void)
{
	struct sample_file files[20];
	struct capture_mapping *mappings[20];

	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 20; i++) {
			files[i] = make_file();
			mappings[i] = map(&files[i]);
		}
		for (size_t i = 0; i < 20; i += 2) {
			CU_ASSERT_EQUAL(ftruncate(files[i].fd, 4096 * (off_t)i), 0);
			CU_ASSERT_EQUAL(touch(capture_mapping_bytes(mappings[i]) + 4096 * i), 0);
		}
		for (size_t i = 0; i < 20; i++) {
			CU_ASSERT_EQUAL(capture_mapping_kept(mappings[i]),
					i % 2 == 0 ? 4096 * i : LEN);
			capture_mapping_close(mappings[i]);
			sample_close(&files[i]);
		}
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"foreign_sigbus_ends_the_process", foreign_sigbus_ends_the_process},
		{"foreign_sigbus_goes_to_the_handler_before",
		 foreign_sigbus_goes_to_the_handler_before},
		{"whole_file_is_kept", whole_file_is_kept},
		{"lost_pages_read_as_zero_and_the_loss_is_known",
		 lost_pages_read_as_zero_and_the_loss_is_known},
		{"loss_is_seen_without_touching", loss_is_seen_without_touching},
		{"file_that_grows_is_as_long_as_it_was", file_that_grows_is_as_long_as_it_was},
		{"many_mappings_lose_each_their_own_pages",
		 many_mappings_lose_each_their_own_pages},
	};

	return unit_run("capture_mapping", cases, sizeof(cases) / sizeof(*cases));
}
