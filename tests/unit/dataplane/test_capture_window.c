/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_window.h"

#include "tests/unit/dataplane/capture_sample.h"
#include "tests/unit/unit.h"

#include <pthread.h>

/* Byte at `offset` of the capture that these tests read. */
static uint8_t
byte_at(uint64_t offset)
{
	return (uint8_t)(offset * 2654435761u >> 13);
}

static bool
run_is_right(const struct capture_view *view, size_t len)
{
	uint64_t offset = capture_view_offset(view);

	for (size_t i = 0; i < len; i++)
		if (view->at[i] != byte_at(offset + i))
			return false;
	return true;
}

static struct capture_window *
window_over_file(uint64_t len, unsigned readers, struct sample_file *file)
{
	uint8_t *bytes = malloc(len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
	for (uint64_t i = 0; i < len; i++)
		bytes[i] = byte_at(i);
	*file = sample_file(bytes, len);
	free(bytes);
	struct capture_window *window = capture_window_over_file(dup(file->fd), len, readers);

	CU_ASSERT_PTR_NOT_NULL_FATAL(window);
	return window;
}

/* The writer of a ring: `len` bytes in all, in commits of `step`. */
struct writer {
	pthread_t thread;
	struct capture_ring *ring;
	uint64_t len;
	size_t step;
	const char *fault;
	uint64_t written; /* valid after the thread has ended */
};

static void *
write_all(void *argument)
{
	struct writer *writer = argument;
	uint8_t *to;
	size_t room;

	while (writer->written < writer->len &&
	       (to = capture_ring_reserve(writer->ring, &room)) != NULL) {
		size_t len = writer->len - writer->written;

		if (len > writer->step)
			len = writer->step;
		if (len > room)
			len = room;
		for (size_t i = 0; i < len; i++)
			to[i] = byte_at(writer->written + i);
		writer->written += len;
		/* The input is packed to the half. */
		capture_ring_commit(writer->ring, len, writer->written / 2);
	}
	capture_ring_end(writer->ring, writer->fault);
	return NULL;
}

static struct capture_window *
window_over_writer(struct writer *writer, unsigned readers)
{
	writer->ring = capture_ring_create(readers);
	CU_ASSERT_PTR_NOT_NULL_FATAL(writer->ring);
	CU_ASSERT_EQUAL_FATAL(pthread_create(&writer->thread, NULL, write_all, writer), 0);
	return capture_window_over_ring(writer->ring);
}

/* Reads to the end in runs of changing lengths up to `most`, and gives the bytes that were right.
 */
static uint64_t
read_runs(struct capture_view *view, size_t most)
{
	uint64_t total = 0;
	size_t need = 1;

	while (capture_view_await(view, need)) {
		if (!run_is_right(view, need))
			return total;
		view->at += need;
		total += need;
		capture_view_begin(view);
		need = 1 + need * 7 % most;
	}
	size_t left = (size_t)(view->end - view->at);

	return run_is_right(view, left) ? total + left : total;
}

static void
file_is_read_in_runs(void)
{
	static const uint64_t lengths[] = {1,        4095,           4096,     4097,
					   2u << 20, (2u << 20) + 1, 11u << 20};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct sample_file file;
		struct capture_window *window = window_over_file(lengths[i], 1, &file);
		struct capture_view view;

		capture_view_open(&view, window, 0);
		CU_ASSERT_EQUAL(read_runs(&view, 100003), lengths[i]);
		CU_ASSERT_PTR_NULL(capture_view_fault(&view));
		capture_view_close(&view);
		capture_window_destroy(window);
		sample_close(&file);
	}
}

static void
stream_is_read_in_runs_over_the_end_of_the_ring(void)
{
	static const struct {
		size_t step;
		size_t most;
	} cases[] = {{1u << 18, 100003}, {4099, CAPTURE_RUN_MAX}, {65536, 61}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct writer writer = {.len = 3 * (uint64_t)CAPTURE_RING_SIZE + 17,
					.step = cases[i].step};
		struct capture_window *window = window_over_writer(&writer, 1);
		struct capture_view view;

		capture_view_open(&view, window, 0);
		CU_ASSERT_EQUAL(read_runs(&view, cases[i].most), writer.len);
		capture_view_close(&view);
		pthread_join(writer.thread, NULL);
		capture_window_destroy(window);
	}
}

struct view_thread {
	pthread_t thread;
	struct capture_window *window;
	unsigned index;
	uint64_t right;
};

static void *
read_in_thread(void *argument)
{
	struct view_thread *reader = argument;
	struct capture_view view;

	capture_view_open(&view, reader->window, reader->index);
	reader->right = read_runs(&view, 1000 + 5000 * reader->index);
	capture_view_close(&view);
	return NULL;
}

static void
eight_views_of_a_stream_see_every_byte(void)
{
	struct writer writer = {.len = 3 * (uint64_t)CAPTURE_RING_SIZE, .step = 1u << 16};
	struct capture_window *window = window_over_writer(&writer, 8);
	struct view_thread readers[8] = {0};

	for (unsigned i = 0; i < 8; i++) {
		readers[i].window = window;
		readers[i].index = i;
		CU_ASSERT_EQUAL_FATAL(
			pthread_create(&readers[i].thread, NULL, read_in_thread, &readers[i]), 0);
	}
	for (unsigned i = 0; i < 8; i++) {
		pthread_join(readers[i].thread, NULL);
		CU_ASSERT_EQUAL(readers[i].right, writer.len);
	}
	pthread_join(writer.thread, NULL);
	CU_ASSERT_EQUAL(capture_window_position(window), writer.len / 2);
	capture_window_destroy(window);
}

static void
extend_does_not_move_what_was_given_out(void)
{
	struct writer writer = {.len = 2 * (uint64_t)CAPTURE_RING_SIZE, .step = 1u << 18};
	struct capture_window *window = window_over_writer(&writer, 1);
	struct capture_view view;

	capture_view_open(&view, window, 0);
	CU_ASSERT_TRUE(capture_view_await(&view, 1000));
	const uint8_t *first = view.at;
	uint64_t passed = 0;

	/* Without a word to the writer, who stops when the ring is full. */
	while (passed < CAPTURE_RING_SIZE - (1u << 20)) {
		if (!capture_view_extend(&view, 1000))
			continue;
		view.at += 1000;
		passed += 1000;
	}
	CU_ASSERT_EQUAL(first[0], byte_at(0));
	CU_ASSERT_EQUAL(first[999], byte_at(999));
	CU_ASSERT_EQUAL(read_runs(&view, 5000), writer.len - passed);
	capture_view_close(&view);
	pthread_join(writer.thread, NULL);
	capture_window_destroy(window);
}

/* Passes over `skip` bytes as a walker does, then reads the rest. */
static uint64_t
skip_then_read(struct capture_view *view, uint64_t skip)
{
	while (skip > 0) {
		uint64_t passed = capture_view_skip(view, skip);

		skip -= passed;
		if (passed == 0 && !capture_view_await(view, 1))
			break;
	}
	return skip == 0 ? read_runs(view, 3000) : 0;
}

static void
skip_passes_over_more_than_the_window_holds(void)
{
	const uint64_t len = 2 * (uint64_t)CAPTURE_RING_SIZE + 5;
	const uint64_t skip = len - 12345;
	struct writer writer = {.len = len, .step = 1u << 18};
	struct capture_window *window = window_over_writer(&writer, 1);
	struct sample_file file;
	struct capture_view view;

	capture_view_open(&view, window, 0);
	CU_ASSERT_EQUAL(skip_then_read(&view, skip), 12345);
	capture_view_close(&view);
	pthread_join(writer.thread, NULL);
	capture_window_destroy(window);

	window = window_over_file(len, 1, &file);
	capture_view_open(&view, window, 0);
	CU_ASSERT_EQUAL(skip_then_read(&view, skip), 12345);
	capture_view_close(&view);
	capture_window_destroy(window);
	sample_close(&file);
}

static void
view_of_a_file_may_start_again_before_it_has_moved(void)
{
	struct sample_file file;
	struct capture_window *window = window_over_file(100000, 1, &file);
	struct capture_view view;

	capture_view_open(&view, window, 0);
	CU_ASSERT_TRUE(capture_view_await(&view, 4));
	capture_view_open(&view, window, 0);
	CU_ASSERT_EQUAL(read_runs(&view, 1000), 100000);
	capture_view_close(&view);
	capture_window_destroy(window);
	sample_close(&file);
}

static void
position_is_that_of_the_slowest_view(void)
{
	const uint64_t len = 6u << 20;
	struct sample_file file;
	struct capture_window *window = window_over_file(len, 2, &file);
	struct capture_view first;
	struct capture_view second;

	capture_view_open(&first, window, 0);
	capture_view_open(&second, window, 1);
	CU_ASSERT_EQUAL(read_runs(&first, 1000), len);
	CU_ASSERT_EQUAL(capture_window_position(window), 0);
	CU_ASSERT_TRUE(capture_view_await(&second, CAPTURE_RUN_MAX));
	second.at += CAPTURE_RUN_MAX;
	CU_ASSERT_TRUE(capture_view_await(&second, 1));
	CU_ASSERT_EQUAL(capture_window_position(window), CAPTURE_RUN_MAX);
	capture_view_close(&first);
	CU_ASSERT_EQUAL(capture_window_position(window), CAPTURE_RUN_MAX);
	CU_ASSERT_EQUAL(read_runs(&second, 1000), len - CAPTURE_RUN_MAX);
	capture_view_close(&second);
	CU_ASSERT_EQUAL(capture_window_position(window), len);
	capture_window_destroy(window);
	sample_close(&file);
}

static void
fault_of_the_stream_is_told_at_its_end(void)
{
	struct writer writer = {.len = 1000, .step = 10, .fault = "torn"};
	struct capture_window *window = window_over_writer(&writer, 1);
	struct capture_view view;

	capture_view_open(&view, window, 0);
	CU_ASSERT_FALSE(capture_view_await(&view, 1001));
	CU_ASSERT_EQUAL(view.end - view.at, 1000);
	CU_ASSERT_STRING_EQUAL(capture_view_fault(&view), "torn");
	capture_view_close(&view);
	pthread_join(writer.thread, NULL);
	capture_window_destroy(window);
}

static void
writer_stops_when_told_or_when_nobody_reads(void)
{
	for (int told = 0; told < 2; told++) {
		struct writer writer = {.len = UINT64_MAX, .step = 1u << 18};
		struct capture_window *window = window_over_writer(&writer, 2);
		struct capture_view views[2];

		for (unsigned i = 0; i < 2; i++)
			capture_view_open(&views[i], window, i);
		CU_ASSERT_TRUE(capture_view_await(&views[0], 1));
		if (told)
			capture_ring_stop(writer.ring);
		capture_view_close(&views[0]);
		capture_view_close(&views[1]);
		pthread_join(writer.thread, NULL);
		CU_ASSERT_TRUE(writer.written <= CAPTURE_RING_SIZE);
		capture_window_destroy(window);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"file_is_read_in_runs", file_is_read_in_runs},
		{"stream_is_read_in_runs_over_the_end_of_the_ring",
		 stream_is_read_in_runs_over_the_end_of_the_ring},
		{"eight_views_of_a_stream_see_every_byte", eight_views_of_a_stream_see_every_byte},
		{"extend_does_not_move_what_was_given_out",
		 extend_does_not_move_what_was_given_out},
		{"skip_passes_over_more_than_the_window_holds",
		 skip_passes_over_more_than_the_window_holds},
		{"view_of_a_file_may_start_again_before_it_has_moved",
		 view_of_a_file_may_start_again_before_it_has_moved},
		{"position_is_that_of_the_slowest_view", position_is_that_of_the_slowest_view},
		{"fault_of_the_stream_is_told_at_its_end", fault_of_the_stream_is_told_at_its_end},
		{"writer_stops_when_told_or_when_nobody_reads",
		 writer_stops_when_told_or_when_nobody_reads},
	};

	return unit_run("capture_window", cases, sizeof(cases) / sizeof(*cases));
}
