/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/rx_capture.h"

#include "tests/unit/dataplane/capture_sample.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

#include <zlib.h>

/* More than three times the window over a stream, so that it wraps. */
#define LARGE_PACKETS 30000u

static struct sample
build_capture(uint32_t packets, uint32_t len)
{
	struct sample sample = {0};

	sample_pcap(&sample, 0xa1b2c3d4, 1);
	for (uint32_t i = 0; i < packets; i++)
		sample_record(&sample, i + 1, i, len + i % 64);
	return sample;
}

static struct sample
pack_gzip(const struct sample *plain)
{
	struct sample packed = {0};
	struct sample_file file = sample_file("", 0);
	gzFile out = gzopen(file.path, "wb1");
	struct stat status;

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	CU_ASSERT_EQUAL(gzwrite(out, plain->bytes, (unsigned)plain->len), (int)plain->len);
	CU_ASSERT_EQUAL(gzclose(out), Z_OK);
	CU_ASSERT_EQUAL(fstat(file.fd, &status), 0);
	packed.len = packed.capacity = (size_t)status.st_size;
	packed.bytes = malloc(packed.len);
	CU_ASSERT_EQUAL(pread(file.fd, packed.bytes, packed.len, 0), (ssize_t)packed.len);
	sample_close(&file);
	return packed;
}

/* A thread that writes bytes into a pipe, `step` at a time. */
struct feeder {
	pthread_t thread;
	const struct sample *bytes;
	size_t step;
	int fd;
};

static void *
feed(void *argument)
{
	struct feeder *feeder = argument;
	size_t at = 0;

	while (at < feeder->bytes->len) {
		size_t left = feeder->bytes->len - at;
		ssize_t got = write(feeder->fd, feeder->bytes->bytes + at,
				    left < feeder->step ? left : feeder->step);

		if (got <= 0)
			break;
		at += (size_t)got;
	}
	close(feeder->fd);
	return NULL;
}

/* Runs with `fd` as standard input, which is given back afterwards. */
static struct sample_result
read_stdin(int fd)
{
	int saved = dup(STDIN_FILENO);

	CU_ASSERT_NOT_EQUAL(dup2(fd, STDIN_FILENO), -1);
	struct sample_result result = sample_read_path("-");

	if (saved >= 0) {
		dup2(saved, STDIN_FILENO);
		close(saved);
	} else {
		close(STDIN_FILENO);
	}
	return result;
}

static struct sample_result
read_pipe(const struct sample *bytes, size_t step)
{
	struct feeder feeder = {.bytes = bytes, .step = step};
	int ends[2];

	CU_ASSERT_EQUAL_FATAL(pipe2(ends, O_CLOEXEC), 0);
	feeder.fd = ends[1];
	CU_ASSERT_EQUAL_FATAL(pthread_create(&feeder.thread, NULL, feed, &feeder), 0);
	struct sample_result result = read_stdin(ends[0]);

	pthread_join(feeder.thread, NULL);
	close(ends[0]);
	return result;
}

static void
standard_input_is_read_from_a_pipe(void)
{
	struct sample plain = build_capture(200, 60);
	struct sample packed = pack_gzip(&plain);
	struct sample_result expected = sample_read(plain.bytes, plain.len);
	static const size_t steps[] = {1, 7, 4096, 1u << 20};

	CU_ASSERT_EQUAL(expected.count, 200);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct sample_result result = read_pipe(&plain, steps[i]);

		CU_ASSERT_EQUAL(result.sum, expected.sum);
		CU_ASSERT_PTR_NULL(result.damage.what);
		CU_ASSERT_EQUAL(read_pipe(&packed, steps[i]).sum, expected.sum);
	}
	plain.len -= 10;
	struct sample_result cut = read_pipe(&plain, 1000);

	CU_ASSERT_EQUAL(cut.count, 199);
	CU_ASSERT_PTR_NOT_NULL(cut.damage.what);
	sample_free(&plain);
	sample_free(&packed);
}

static void
standard_input_may_be_a_file_at_any_place(void)
{
	static const char text[] = "something read by somebody else";
	struct sample plain = build_capture(100, 60);
	struct sample_result expected = sample_read(plain.bytes, plain.len);
	struct sample_file file = sample_file(plain.bytes, plain.len);

	lseek(file.fd, 0, SEEK_SET);
	CU_ASSERT_EQUAL(read_stdin(file.fd).sum, expected.sum);
	sample_close(&file);

	struct sample prefixed = {0};

	sample_bytes(&prefixed, text, sizeof(text));
	sample_bytes(&prefixed, plain.bytes, plain.len);
	file = sample_file(prefixed.bytes, prefixed.len);
	lseek(file.fd, sizeof(text), SEEK_SET);
	CU_ASSERT_EQUAL(read_stdin(file.fd).sum, expected.sum);
	sample_close(&file);
	sample_free(&prefixed);
	sample_free(&plain);
}

static void
errors_of_opening_are_told_apart(void)
{
	struct capture_file *file;

	CU_ASSERT_EQUAL(capture_file_open("/nonexistent/x.pcap", 1, &file), CAPTURE_OPEN_SYSTEM);
	CU_ASSERT_EQUAL(errno, ENOENT);
	CU_ASSERT_EQUAL(capture_file_open("/", 1, &file), CAPTURE_OPEN_SYSTEM);
	CU_ASSERT_EQUAL(errno, EISDIR);
	CU_ASSERT_EQUAL(capture_file_open("/dev/null", 1, &file), CAPTURE_OPEN_EMPTY);
	CU_ASSERT_EQUAL(capture_file_open("/dev/zero", 1, &file), CAPTURE_OPEN_NO_CAPTURE);
	CU_ASSERT_EQUAL(sample_read("", 0).error, CAPTURE_OPEN_EMPTY);
	CU_ASSERT_EQUAL(sample_read("\xd4\xc3\xb2", 3).error, CAPTURE_OPEN_NO_CAPTURE);
	CU_ASSERT_EQUAL(sample_read("#!/bin/sh\n", 10).error, CAPTURE_OPEN_NO_CAPTURE);
	CU_ASSERT_EQUAL(sample_read("\x0a\x0d\x0d\x0a", 4).error, CAPTURE_OPEN_OK);
}

/* Readers of one file, each in a thread of its own. */
struct reading {
	pthread_t thread;
	struct capture_reader *reader;
	struct sample_result result;
	size_t stop_after; /* packets; 0: all */
};

static void *
run_reader(void *argument)
{
	struct reading *reading = argument;
	struct packet packets[PACKET_BURST_MAX];
	size_t count = 0;

	while (count < reading->stop_after)
		count += capture_reader_burst(reading->reader, packets, 7);
	if (reading->stop_after == 0)
		sample_drain(reading->reader, &reading->result);
	capture_reader_destroy(reading->reader);
	return NULL;
}

/* Reads with `count` readers, of which those marked in `leaving` go before the end. */
static void
check_readers(const struct sample *bytes, unsigned count, unsigned leaving,
	      const struct sample_result *expected)
{
	struct sample_file sample = sample_file(bytes->bytes, bytes->len);
	struct reading readings[8] = {0};
	struct capture_file *file;

	CU_ASSERT_EQUAL_FATAL(capture_file_open(sample.path, count, &file), CAPTURE_OPEN_OK);
	for (unsigned i = 0; i < count; i++) {
		readings[i].reader = capture_reader_create(file, i);
		CU_ASSERT_PTR_NOT_NULL_FATAL(readings[i].reader);
		readings[i].stop_after = leaving & 1u << i ? 1 + 100 * i : 0;
	}
	for (unsigned i = 0; i < count; i++)
		CU_ASSERT_EQUAL_FATAL(
			pthread_create(&readings[i].thread, NULL, run_reader, &readings[i]), 0);
	for (unsigned i = 0; i < count; i++) {
		pthread_join(readings[i].thread, NULL);
		if (readings[i].stop_after != 0)
			continue;
		CU_ASSERT_EQUAL(readings[i].result.count, expected->count);
		CU_ASSERT_EQUAL(readings[i].result.sum, expected->sum);
		CU_ASSERT_PTR_NULL(readings[i].result.damage.what);
	}
	if (leaving == 0)
		CU_ASSERT_EQUAL(capture_file_position(file), bytes->len);
	CU_ASSERT_EQUAL(capture_file_size(file), bytes->len);
	capture_file_close(file);
	sample_close(&sample);
}

static void
every_reader_sees_all_packets_in_order(void)
{
	struct sample plain = build_capture(LARGE_PACKETS, 1000);
	struct sample packed = pack_gzip(&plain);
	struct sample_result expected = sample_read(plain.bytes, plain.len);
	static const unsigned counts[] = {1, 2, 8};

	CU_ASSERT_EQUAL(expected.count, LARGE_PACKETS);
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		check_readers(&plain, counts[i], 0, &expected);
		check_readers(&packed, counts[i], 0, &expected);
	}
	sample_free(&plain);
	sample_free(&packed);
}

static void
readers_that_leave_early_hold_nobody_up(void)
{
	struct sample plain = build_capture(LARGE_PACKETS, 1000);
	struct sample packed = pack_gzip(&plain);
	struct sample_result expected = sample_read(plain.bytes, plain.len);

	check_readers(&plain, 8, 0x55, &expected);
	check_readers(&packed, 8, 0x55, &expected);
	check_readers(&packed, 2, 0x3, &expected);
	sample_free(&plain);
	sample_free(&packed);
}

static void
file_closes_while_the_window_is_full(void)
{
	struct sample plain = build_capture(LARGE_PACKETS, 1000);
	struct sample packed = pack_gzip(&plain);
	struct sample_file sample = sample_file(packed.bytes, packed.len);
	struct capture_file *file;
	struct packet packets[PACKET_BURST_MAX];

	CU_ASSERT_EQUAL_FATAL(capture_file_open(sample.path, 2, &file), CAPTURE_OPEN_OK);
	struct capture_reader *reader = capture_reader_create(file, 0);

	CU_ASSERT_TRUE(capture_reader_burst(reader, packets, PACKET_BURST_MAX) > 0);
	CU_ASSERT_TRUE(capture_file_position(file) < capture_file_size(file));
	capture_reader_destroy(reader);
	capture_file_close(file);
	sample_close(&sample);
	sample_free(&plain);
	sample_free(&packed);
}

static void
file_closes_while_the_pipe_is_silent(void)
{
	struct sample plain = build_capture(3, 60);
	struct packet packets[PACKET_BURST_MAX];
	struct capture_file *file;
	char path[64];
	int ends[2];

	CU_ASSERT_EQUAL_FATAL(pipe2(ends, O_CLOEXEC), 0);
	CU_ASSERT_EQUAL(write(ends[1], plain.bytes, plain.len), (ssize_t)plain.len);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	CU_ASSERT_EQUAL_FATAL(capture_file_open(path, 1, &file), CAPTURE_OPEN_OK);
	struct capture_reader *reader = capture_reader_create(file, 0);
	size_t count = 0;

	/* What is there is delivered, however full the burst is. */
	while (count < 3)
		count += capture_reader_burst(reader, packets, PACKET_BURST_MAX);
	CU_ASSERT_EQUAL(count, 3);
	CU_ASSERT_EQUAL(capture_file_size(file), 0);
	CU_ASSERT_EQUAL(capture_file_position(file) <= plain.len, 1);
	capture_reader_destroy(reader);
	capture_file_close(file);
	close(ends[0]);
	close(ends[1]);
	sample_free(&plain);
}

/* Bytes that are read before the first packet is given out. */
#define READ_AT_FIRST (64u * 1024)

/* The file loses all from `keep` on after the first burst: what was read by then is not lost. */
static void
check_shortened(const struct sample *plain, off_t keep)
{
	struct sample_file sample = sample_file(plain->bytes, plain->len);
	struct packet packets[PACKET_BURST_MAX];
	struct capture_file *file;
	size_t at = 24;
	size_t got;

	CU_ASSERT_EQUAL_FATAL(capture_file_open(sample.path, 1, &file), CAPTURE_OPEN_OK);
	struct capture_reader *reader = capture_reader_create(file, 0);
	bool shortened = false;

	while ((got = capture_reader_burst(reader, packets, PACKET_BURST_MAX)) > 0) {
		for (size_t i = 0; i < got; i++) {
			size_t data = at + 16;
			size_t len = packets[i].captured_len;

			CU_ASSERT_EQUAL(memcmp(packets[i].data, plain->bytes + data, len), 0);
			at = data + len;
		}
		if (!shortened) {
			CU_ASSERT_EQUAL(ftruncate(sample.fd, keep), 0);
			shortened = true;
		}
	}
	struct capture_damage damage = capture_reader_damage(reader);

	CU_ASSERT_PTR_NOT_NULL_FATAL(damage.what);
	CU_ASSERT_STRING_EQUAL(damage.what, "the file became shorter while it was read");
	CU_ASSERT_EQUAL(damage.offset, at);
	CU_ASSERT_TRUE(at <= (size_t)keep || at <= READ_AT_FIRST);
	CU_ASSERT_TRUE(at + 2000 > (size_t)keep);
	CU_ASSERT_EQUAL(capture_reader_burst(reader, packets, PACKET_BURST_MAX), 0);
	capture_reader_destroy(reader);
	capture_file_close(file);
	sample_close(&sample);
}

static void
file_shortened_while_read_ends_in_damage(void)
{
	struct sample plain = build_capture(4000, 1000);
	static const off_t keeps[] = {65536,   65537,   100000,  409600,  1048576,
				      1234567, 2097152, 2097153, 3000000, 4000000};

	for (size_t i = 0; i < sizeof(keeps) / sizeof(*keeps); i++)
		check_shortened(&plain, keeps[i]);
	sample_free(&plain);
}

/* Pages of this process that are in memory. */
static unsigned long
resident_pages(void)
{
	unsigned long total = 0;
	unsigned long resident = 0;
	FILE *statm = fopen("/proc/self/statm", "r");

	if (statm != NULL) {
		CU_ASSERT_EQUAL(fscanf(statm, "%lu %lu", &total, &resident), 2);
		fclose(statm);
	}
	return resident;
}

/* Reads it in step to the end; the packets that all of them saw. */
static size_t
read_in_step(struct capture_file *file, unsigned readers, unsigned long *most_pages)
{
	struct capture_reader *all[2];
	struct packet packets[4];
	size_t count = 0;
	size_t got;

	for (unsigned i = 0; i < readers; i++)
		all[i] = capture_reader_create(file, i);
	do {
		got = 0;
		for (unsigned i = 0; i < readers; i++)
			got += capture_reader_burst(all[i], packets, 4);
		count += got;
		unsigned long now = resident_pages();

		*most_pages = now > *most_pages ? now : *most_pages;
	} while (got > 0);
	for (unsigned i = 0; i < readers; i++)
		capture_reader_destroy(all[i]);
	return count;
}

static void
memory_stays_small_however_long_the_file(void)
{
	struct sample_file sample = sample_file("", 0);
	const uint32_t record[4] = {1, 0, CAPTURE_PACKET_MAX, CAPTURE_PACKET_MAX};
	struct sample header = {0};
	const unsigned records = 512; /* 128 MiB, in holes but for the headers */

	sample_pcap(&header, 0xa1b2c3d4, 1);
	CU_ASSERT_EQUAL(pwrite(sample.fd, header.bytes, header.len, 0), 24);
	CU_ASSERT_EQUAL(ftruncate(sample.fd, 24 + (off_t)records * (16 + CAPTURE_PACKET_MAX)), 0);
	for (unsigned i = 0; i < records; i++)
		CU_ASSERT_EQUAL(pwrite(sample.fd, record, sizeof(record),
				       24 + (off_t)i * (16 + CAPTURE_PACKET_MAX)),
				sizeof(record));
	for (unsigned readers = 1; readers <= 2; readers++) {
		struct capture_file *file;
		unsigned long before = resident_pages();
		unsigned long most = 0;

		CU_ASSERT_EQUAL_FATAL(capture_file_open(sample.path, readers, &file),
				      CAPTURE_OPEN_OK);
		CU_ASSERT_EQUAL(read_in_step(file, readers, &most), readers * records);
		/* The ring of 8 MiB, mapped twice, is the most there is. */
		CU_ASSERT_TRUE(most - before < 20u * 1024 / 4);
		CU_ASSERT_EQUAL(capture_file_position(file), capture_file_size(file));
		capture_file_close(file);
	}
	sample_close(&sample);
	sample_free(&header);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"standard_input_is_read_from_a_pipe", standard_input_is_read_from_a_pipe},
		{"standard_input_may_be_a_file_at_any_place",
		 standard_input_may_be_a_file_at_any_place},
		{"errors_of_opening_are_told_apart", errors_of_opening_are_told_apart},
		{"every_reader_sees_all_packets_in_order", every_reader_sees_all_packets_in_order},
		{"readers_that_leave_early_hold_nobody_up",
		 readers_that_leave_early_hold_nobody_up},
		{"file_closes_while_the_window_is_full", file_closes_while_the_window_is_full},
		{"file_closes_while_the_pipe_is_silent", file_closes_while_the_pipe_is_silent},
		{"file_shortened_while_read_ends_in_damage",
		 file_shortened_while_read_ends_in_damage},
		{"memory_stays_small_however_long_the_file",
		 memory_stays_small_however_long_the_file},
	};

	return unit_run("rx_capture", cases, sizeof(cases) / sizeof(*cases));
}
