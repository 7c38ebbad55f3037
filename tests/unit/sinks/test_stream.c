/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/stream.h"

#include "tests/unit/sinks/sink_sample.h"
#include "tests/unit/sinks/socket_peer.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* More than the kernel takes for a receiver that does not read. */
#define MUCH (64u << 20)

static struct socket_peer peer;
static char why[STREAM_WHY_SIZE];

static struct stream *
open_stream(socket_peer_function serve, void *context, uint32_t timeout_s)
{
	struct stream *s = NULL;

	CU_ASSERT_TRUE_FATAL(socket_peer_start(&peer, AF_INET, serve, context));
	struct stream_target target = {.host = "127.0.0.1",
				       .port = peer.port,
				       .timeout_s = timeout_s,
				       .stop = sink_sample_stop()};
	memset(why, 0, sizeof(why));
	CU_ASSERT_EQUAL_FATAL(stream_open(&s, &target, why), 0);
	return s;
}

static void
close_stream(struct stream *s)
{
	stream_close(s);
	socket_peer_stop(&peer);
}

static void
never_read(struct socket_peer *p, int fd)
{
	(void)fd;
	socket_peer_await_stop(p);
}

static void
close_at_once(struct socket_peer *p, int fd)
{
	(void)p;
	(void)fd;
}

static void
reset_at_once(struct socket_peer *p, int fd)
{
	(void)p;
	socket_peer_reset(fd);
}

static bool
all_arrived(void *context)
{
	return peer.received >= *(const size_t *)context;
}

static void
bytes_arrive_and_are_taken(void)
{
	size_t len = 3u << 20;
	char *bytes = calloc(1, len);
	struct stream *s = open_stream(socket_peer_drain, NULL, 20);

	CU_ASSERT_EQUAL(stream_write_all(s, bytes, len, why), 0);
	CU_ASSERT_TRUE(socket_peer_eventually(all_arrived, &len));
	CU_ASSERT_EQUAL(stream_sent(s), len);
	CU_ASSERT_EQUAL(stream_check(s, why), 0);
	CU_ASSERT_EQUAL(stream_finish(s, why), 0);
	CU_ASSERT_EQUAL(stream_pending(s), 0);
	CU_ASSERT_EQUAL(peer.received, len);
	close_stream(s);
	free(bytes);
}

static void
a_receiver_that_never_reads_is_given_up(void)
{
	char *bytes = calloc(1, MUCH);
	struct stream *s = open_stream(never_read, NULL, 1);

	CU_ASSERT_EQUAL(stream_write_all(s, bytes, MUCH, why), -ETIMEDOUT);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "sending: no progress for 1 s"));
	CU_ASSERT_TRUE(stream_pending(s) > 0);
	CU_ASSERT_TRUE(stream_sent(s) < MUCH);
	close_stream(s);
	free(bytes);
}

static bool
is_accepted(void *unused)
{
	(void)unused;
	return peer.connections > 0;
}

static void *
tell_stop(void *unused)
{
	(void)socket_peer_eventually(is_accepted, unused);
	sink_sample_tell_stop(true);
	return NULL;
}

static void
being_told_to_stop_ends_writing(void)
{
	char *bytes = calloc(1, MUCH);
	struct stream *s = open_stream(never_read, NULL, 3600);
	pthread_t thread;

	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, tell_stop, NULL), 0);
	CU_ASSERT_EQUAL(stream_write_all(s, bytes, MUCH, why), -ECANCELED);
	pthread_join(thread, NULL);
	sink_sample_tell_stop(false);
	close_stream(s);
	free(bytes);
}

static bool
has_closed(void *context)
{
	return stream_check(context, why) != 0;
}

static void
a_look_sees_that_the_receiver_has_closed(void)
{
	struct stream *s = open_stream(close_at_once, NULL, 20);

	CU_ASSERT_TRUE(socket_peer_eventually(has_closed, s));
	CU_ASSERT_EQUAL(stream_check(s, why), -EPIPE);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "the receiver has closed the connection"));
	CU_ASSERT_PTR_EQUAL(strstr(why, "127.0.0.1:"), why);
	close_stream(s);
}

static void
a_look_sees_a_reset(void)
{
	struct stream *s = open_stream(reset_at_once, NULL, 20);

	CU_ASSERT_TRUE(socket_peer_eventually(has_closed, s));
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "the receiver has cut the connection"));
	close_stream(s);
}

static void
say_much(struct socket_peer *p, int fd)
{
	for (unsigned i = 0; i < 100; i++)
		socket_peer_write(fd, "we are a receiver that talks\n");
	socket_peer_drain(p, fd);
}

static bool
saw_something(void *context)
{
	char bytes[10];
	ssize_t got = stream_read_some(context, bytes, sizeof(bytes), why);

	return got > 0;
}

static void
what_a_receiver_says_is_no_fault(void)
{
	struct stream *s = open_stream(say_much, NULL, 20);

	CU_ASSERT_TRUE(socket_peer_eventually(saw_something, s));
	CU_ASSERT_EQUAL(stream_check(s, why), 0);
	CU_ASSERT_EQUAL(stream_finish(s, why), 0);
	close_stream(s);
}

/* The program would end by a signal here. */
static void
writing_to_a_closed_receiver_is_an_error(void)
{
	struct stream *s = open_stream(reset_at_once, NULL, 20);

	CU_ASSERT_TRUE(socket_peer_eventually(has_closed, s));
	for (unsigned i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(stream_write_all(s, "x", 1, why), -EPIPE);
	CU_ASSERT_NOT_EQUAL(stream_finish(s, why), 0);
	close_stream(s);
}

static void
close_with_bytes_unread(struct socket_peer *p, int fd)
{
	char byte;

	(void)socket_peer_read(p, fd, &byte, 1);
}

static void
a_receiver_that_closed_before_it_read_all_is_told(void)
{
	char *bytes = calloc(1, 100000);
	struct stream *s = open_stream(close_with_bytes_unread, NULL, 20);

	if (stream_write_all(s, bytes, 100000, why) == 0)
		CU_ASSERT_NOT_EQUAL(stream_finish(s, why), 0);
	close_stream(s);
	free(bytes);
}

static void
half_close(struct socket_peer *p, int fd)
{
	(void)shutdown(fd, SHUT_WR);
	socket_peer_await_stop(p);
}

static void
a_receiver_that_does_not_read_to_the_end_is_given_up(void)
{
	char *bytes = calloc(1, MUCH);
	struct stream *s = open_stream(half_close, NULL, 1);
	ssize_t sent;

	do
		sent = stream_write_some(s, bytes, MUCH, why);
	while (sent > 0);
	CU_ASSERT_EQUAL(sent, 0);
	CU_ASSERT_EQUAL(stream_finish(s, why), -ETIMEDOUT);
	close_stream(s);
	free(bytes);
}

static void
a_receiver_that_stays_open_is_not_waited_for_for_ever(void)
{
	struct stream *s = open_stream(never_read, NULL, 1);

	CU_ASSERT_EQUAL(stream_write_all(s, "x", 1, why), 0);
	CU_ASSERT_EQUAL(stream_finish(s, why), -ETIMEDOUT);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "saying good-bye: no progress for 1 s"));
	close_stream(s);
}

static void
unix_sockets_are_streams_too(void)
{
	int ends[2];
	char byte = 0;

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	struct stream_target target = {
		.host = "/run/x\n.sock", .timeout_s = 20, .stop = sink_sample_stop()};
	struct stream *s = stream_from_socket(ends[0], &target);
	CU_ASSERT_EQUAL(stream_write_all(s, "x", 1, why), 0);
	CU_ASSERT_TRUE(stream_pending(s) > 0);
	CU_ASSERT_EQUAL(read(ends[1], &byte, 1), 1);
	CU_ASSERT_EQUAL(stream_pending(s), 0);
	close(ends[1]);
	CU_ASSERT_EQUAL(stream_check(s, why), -EPIPE);
	CU_ASSERT_STRING_EQUAL(why, "/run/x\\x0a.sock: the receiver has closed the connection");
	CU_ASSERT_EQUAL(stream_write_all(s, "x", 1, why), -EPIPE);
	stream_close(s);
	stream_close(NULL);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"bytes_arrive_and_are_taken", bytes_arrive_and_are_taken},
		{"a_receiver_that_never_reads_is_given_up",
		 a_receiver_that_never_reads_is_given_up},
		{"being_told_to_stop_ends_writing", being_told_to_stop_ends_writing},
		{"a_look_sees_that_the_receiver_has_closed",
		 a_look_sees_that_the_receiver_has_closed},
		{"a_look_sees_a_reset", a_look_sees_a_reset},
		{"what_a_receiver_says_is_no_fault", what_a_receiver_says_is_no_fault},
		{"writing_to_a_closed_receiver_is_an_error",
		 writing_to_a_closed_receiver_is_an_error},
		{"a_receiver_that_closed_before_it_read_all_is_told",
		 a_receiver_that_closed_before_it_read_all_is_told},
		{"a_receiver_that_does_not_read_to_the_end_is_given_up",
		 a_receiver_that_does_not_read_to_the_end_is_given_up},
		{"a_receiver_that_stays_open_is_not_waited_for_for_ever",
		 a_receiver_that_stays_open_is_not_waited_for_for_ever},
		{"unix_sockets_are_streams_too", unix_sockets_are_streams_too},
	};
	return unit_run("stream", cases, sizeof(cases) / sizeof(*cases));
}
