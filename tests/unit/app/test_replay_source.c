/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#define FILES_MAX 3
#define PACKETS_MAX 4096

/* Shipped captures whose packets stand in the order of time. */
#define HTTP "tests/captures/http/mercury-http_auth.pcap"
#define HTTP_PACKETS 14
#define TLS "tests/captures/tls/retina-tls_ciphers.pcap"
#define TLS_PACKETS 1095
#define EMPTY "tests/captures/formats/zeek-empty.pcap"

struct seen {
	uint64_t time_ns;
	uint64_t sum; /* over all bytes: they must be there when the burst is given */
	uint32_t len;
	uint16_t port;
};

static size_t
open_files(const char *const *paths, unsigned readers, struct capture_file **files)
{
	size_t count = 0;

	for (; count < FILES_MAX && paths[count] != NULL; count++)
		CU_ASSERT_EQUAL_FATAL(
			capture_file_open(unit_source_path(paths[count]), readers, &files[count]),
			CAPTURE_OPEN_OK);
	return count;
}

static void
close_files(struct capture_file **files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		capture_file_close(files[i]);
}

static size_t
read_all(struct replay_source *source, struct seen *seen)
{
	struct packet packets[PACKET_BURST_MAX];
	size_t total = 0, count;

	while ((count = replay_source_burst(source, packets)) != 0) {
		CU_ASSERT_TRUE_FATAL(count <= PACKET_BURST_MAX && total + count <= PACKETS_MAX);
		for (size_t i = 0; i < count; i++) {
			struct seen *s = &seen[total++];
			*s = (struct seen){packets[i].time_ns, 0, packets[i].captured_len,
					   packets[i].port};
			for (uint32_t k = 0; k < packets[i].captured_len; k++)
				s->sum = s->sum * 31 + packets[i].data[k];
		}
	}
	CU_ASSERT_EQUAL(replay_source_burst(source, packets), 0);
	return total;
}

/* All packets as one reader of one worker sees them. */
static size_t
packets_of(const char *const *paths, struct seen *seen)
{
	struct capture_file *files[FILES_MAX];
	size_t count = open_files(paths, 1, files);
	struct replay_source *source = replay_source_open(files, count, 0);

	CU_ASSERT_PTR_NOT_NULL_FATAL(source);
	size_t total = read_all(source, seen);
	for (size_t i = 0; i < count; i++)
		CU_ASSERT_PTR_NULL(replay_source_damage(source, i).what);
	replay_source_close(source);
	close_files(files, count);
	return total;
}

static struct seen merged[PACKETS_MAX], alone[PACKETS_MAX];

static void
one_file_is_read_as_it_is(void)
{
	static const char *const paths[FILES_MAX] = {TLS};

	CU_ASSERT_EQUAL(packets_of(paths, merged), TLS_PACKETS);
}

static void
several_files_are_merged_by_time(void)
{
	static const char *const paths[FILES_MAX] = {TLS, EMPTY, HTTP};
	size_t per_file[FILES_MAX] = {0};
	size_t total = packets_of(paths, merged);

	CU_ASSERT_EQUAL(total, TLS_PACKETS + HTTP_PACKETS);
	for (size_t i = 0; i < total; i++) {
		CU_ASSERT_TRUE_FATAL(merged[i].port < FILES_MAX);
		per_file[merged[i].port]++;
		CU_ASSERT_TRUE(i == 0 || merged[i].time_ns >= merged[i - 1].time_ns);
	}
	CU_ASSERT_EQUAL(per_file[0], TLS_PACKETS);
	CU_ASSERT_EQUAL(per_file[1], 0);
	CU_ASSERT_EQUAL(per_file[2], HTTP_PACKETS);
}

static void
of_equal_times_the_first_file_goes_first_and_bytes_stay_whole(void)
{
	static const char *const one[FILES_MAX] = {TLS};
	static const char *const twice[FILES_MAX] = {TLS, TLS};
	size_t count = packets_of(one, alone);
	size_t total = packets_of(twice, merged);
	size_t next[2] = {0, 0};

	CU_ASSERT_EQUAL(total, 2 * count);
	for (size_t i = 0; i < total; i++) {
		CU_ASSERT_TRUE_FATAL(merged[i].port < 2 && next[merged[i].port] < count);
		const struct seen *same = &alone[next[merged[i].port]++];
		CU_ASSERT_TRUE(merged[i].time_ns == same->time_ns && merged[i].sum == same->sum &&
			       merged[i].len == same->len);
		/* The second file is never ahead of the first. */
		CU_ASSERT_TRUE(next[1] <= next[0]);
	}
}

static void
every_worker_sees_the_same_packets(void)
{
	static const char *const paths[FILES_MAX] = {HTTP, TLS};
	struct capture_file *files[FILES_MAX];
	struct replay_source *sources[2];
	size_t count = open_files(paths, 2, files);

	for (unsigned i = 0; i < 2; i++) {
		sources[i] = replay_source_open(files, count, i);
		CU_ASSERT_PTR_NOT_NULL_FATAL(sources[i]);
	}
	size_t total = read_all(sources[0], merged);
	CU_ASSERT_EQUAL(read_all(sources[1], alone), total);
	CU_ASSERT_EQUAL(memcmp(merged, alone, total * sizeof(*merged)), 0);
	replay_source_close(sources[0]);
	replay_source_close(sources[1]);
	close_files(files, count);
}

static void
closing_before_the_end_is_allowed(void)
{
	static const char *const paths[FILES_MAX] = {HTTP, TLS};
	struct packet packets[PACKET_BURST_MAX];
	struct capture_file *files[FILES_MAX];
	size_t count = open_files(paths, 1, files);
	struct replay_source *source = replay_source_open(files, count, 0);

	CU_ASSERT_PTR_NOT_NULL_FATAL(source);
	CU_ASSERT_TRUE(replay_source_burst(source, packets) > 0);
	replay_source_close(source);
	replay_source_close(NULL);
	close_files(files, count);
}

static void
damage_is_told_of_its_own_file(void)
{
	char path[] = "/tmp/vigie-source-XXXXXX";
	struct capture_file *files[2];
	static char bytes[65536];

	FILE *whole = fopen(unit_source_path(HTTP), "r");
	int fd = mkstemp(path);
	CU_ASSERT_TRUE_FATAL(whole != NULL && fd >= 0);
	size_t len = fread(bytes, 1, sizeof(bytes), whole);
	fclose(whole);
	FILE *cut = fdopen(fd, "w");
	CU_ASSERT_EQUAL(fwrite(bytes, 1, len - 5, cut), len - 5);
	fclose(cut);
	CU_ASSERT_EQUAL_FATAL(capture_file_open(unit_source_path(TLS), 1, &files[0]),
			      CAPTURE_OPEN_OK);
	CU_ASSERT_EQUAL_FATAL(capture_file_open(path, 1, &files[1]), CAPTURE_OPEN_OK);
	struct replay_source *source = replay_source_open(files, 2, 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(source);
	CU_ASSERT_EQUAL(read_all(source, merged), TLS_PACKETS + HTTP_PACKETS - 1);
	CU_ASSERT_PTR_NULL(replay_source_damage(source, 0).what);
	CU_ASSERT_PTR_NOT_NULL(replay_source_damage(source, 1).what);
	replay_source_close(source);
	close_files(files, 2);
	remove(path);
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(one_file_is_read_as_it_is),
		CASE(several_files_are_merged_by_time),
		CASE(of_equal_times_the_first_file_goes_first_and_bytes_stay_whole),
		CASE(every_worker_sees_the_same_packets),
		CASE(closing_before_the_end_is_allowed),
		CASE(damage_is_told_of_its_own_file),
	};
	return unit_run("replay_source", cases, sizeof(cases) / sizeof(*cases));
}
