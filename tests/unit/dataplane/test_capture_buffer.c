/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_buffer.h"

#include "tests/unit/dataplane/capture_sample.h"
#include "tests/unit/unit.h"

#define LEN (3u * 1024 * 1024 + 17)

/* Byte at `offset` of the file that these tests read. */
static uint8_t
byte_at(uint64_t offset)
{
	return (uint8_t)(offset * 2654435761u >> 13);
}

static struct capture_buffer *
open_buffer(struct sample_file *file)
{
	static uint8_t bytes[LEN];

	for (size_t i = 0; i < LEN; i++)
		bytes[i] = byte_at(i);
	*file = sample_file(bytes, LEN);
	struct capture_buffer *buffer = capture_buffer_create(file->fd, LEN);

	CU_ASSERT_PTR_NOT_NULL_FATAL(buffer);
	return buffer;
}

static void
close_buffer(struct capture_buffer *buffer, struct sample_file *file)
{
	capture_buffer_destroy(buffer);
	sample_close(file);
}

static bool
holds_right_bytes(const struct capture_buffer *buffer)
{
	for (size_t i = 0; i < capture_buffer_held(buffer); i++)
		if (capture_buffer_bytes(buffer)[i] != byte_at(capture_buffer_offset(buffer) + i))
			return false;
	return true;
}

static void
whole_file_is_read_in_steps(void)
{
	static const size_t steps[] = {1000, 4096, 262144, CAPTURE_BUFFER_RUN_MAX};

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct sample_file file;
		struct capture_buffer *buffer = open_buffer(&file);
		size_t held;

		while ((held = capture_buffer_fill(buffer, steps[i])) >= steps[i]) {
			CU_ASSERT_EQUAL(held, capture_buffer_held(buffer));
			CU_ASSERT_TRUE_FATAL(holds_right_bytes(buffer));
			/* All of it but some, so that what is left moves. */
			capture_buffer_pass(buffer, held - held / 10);
		}
		CU_ASSERT_TRUE(holds_right_bytes(buffer));
		CU_ASSERT_EQUAL(capture_buffer_offset(buffer) + held, LEN);
		CU_ASSERT_PTR_NULL(capture_buffer_fault(buffer));
		close_buffer(buffer, &file);
	}
}

static void
bytes_held_stay_until_they_are_passed(void)
{
	struct sample_file file;
	struct capture_buffer *buffer = open_buffer(&file);
	size_t held = capture_buffer_fill(buffer, 10);

	CU_ASSERT_TRUE(held >= 10);
	const uint8_t *first = capture_buffer_bytes(buffer);
	CU_ASSERT_EQUAL(capture_buffer_fill(buffer, held), held);
	CU_ASSERT_PTR_EQUAL(capture_buffer_bytes(buffer), first);
	CU_ASSERT_EQUAL(capture_buffer_fill(buffer, CAPTURE_BUFFER_RUN_MAX),
			CAPTURE_BUFFER_RUN_MAX);
	CU_ASSERT_EQUAL(capture_buffer_offset(buffer), 0);
	CU_ASSERT_TRUE(holds_right_bytes(buffer));
	capture_buffer_pass(buffer, CAPTURE_BUFFER_RUN_MAX);
	CU_ASSERT_EQUAL(capture_buffer_held(buffer), 0);
	CU_ASSERT_EQUAL(capture_buffer_offset(buffer), CAPTURE_BUFFER_RUN_MAX);
	capture_buffer_leave(buffer);
	CU_ASSERT_EQUAL(capture_buffer_offset(buffer), UINT64_MAX);
	close_buffer(buffer, &file);
}

static void
file_that_became_shorter_is_told(void)
{
	struct sample_file file;
	struct capture_buffer *buffer = open_buffer(&file);

	capture_buffer_pass(buffer, capture_buffer_fill(buffer, 1));
	CU_ASSERT_EQUAL(ftruncate(file.fd, 300000), 0);
	CU_ASSERT_EQUAL(capture_buffer_fill(buffer, 500000),
			300000 - capture_buffer_offset(buffer));
	CU_ASSERT_TRUE(holds_right_bytes(buffer));
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture_buffer_fault(buffer));
	CU_ASSERT_STRING_EQUAL(capture_buffer_fault(buffer),
			       "the file became shorter while it was read");
	/* Grown again: what comes now is not what was there. */
	CU_ASSERT_EQUAL(ftruncate(file.fd, LEN), 0);
	CU_ASSERT_EQUAL(capture_buffer_fill(buffer, 500000),
			300000 - capture_buffer_offset(buffer));
	close_buffer(buffer, &file);
}

static void
file_that_grows_is_as_long_as_it_was(void)
{
	struct sample_file file;
	struct capture_buffer *buffer = open_buffer(&file);

	CU_ASSERT_EQUAL(ftruncate(file.fd, 2 * (off_t)LEN), 0);
	while (capture_buffer_fill(buffer, 1) > 0)
		capture_buffer_pass(buffer, capture_buffer_held(buffer));
	CU_ASSERT_EQUAL(capture_buffer_offset(buffer), LEN);
	CU_ASSERT_PTR_NULL(capture_buffer_fault(buffer));
	close_buffer(buffer, &file);
}

static void
input_that_cannot_be_read_is_told(void)
{
	/* Open for writing only. */
	struct sample_file file = sample_file("x", 1);
	int fd = open(file.path, O_WRONLY | O_CLOEXEC);
	struct capture_buffer *buffer = capture_buffer_create(fd, 1);

	CU_ASSERT_PTR_NOT_NULL_FATAL(buffer);
	CU_ASSERT_EQUAL(capture_buffer_fill(buffer, 1), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture_buffer_fault(buffer));
	CU_ASSERT_STRING_EQUAL(capture_buffer_fault(buffer), "the input could not be read further");
	close_buffer(buffer, &file);
	(void)close(fd);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"whole_file_is_read_in_steps", whole_file_is_read_in_steps},
		{"bytes_held_stay_until_they_are_passed", bytes_held_stay_until_they_are_passed},
		{"file_that_became_shorter_is_told", file_that_became_shorter_is_told},
		{"file_that_grows_is_as_long_as_it_was", file_that_grows_is_as_long_as_it_was},
		{"input_that_cannot_be_read_is_told", input_that_cannot_be_read_is_told},
	};

	return unit_run("capture_buffer", cases, sizeof(cases) / sizeof(*cases));
}
