/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/transport.h"

#include "tests/unit/sinks/sink_sample.h"
#include "tests/unit/sinks/socket_peer.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char path[128];
static struct sink_config config;
static struct transport_report report;

static void
choose_path(void)
{
	snprintf(path, sizeof(path), "%s/log", sink_sample_folder());
}

static struct transport *
create(void)
{
	memset(&report, 0, sizeof(report));
	config = sink_sample_config(NULL);
	config.path = path;
	struct transport *t = transport_unix.create(&config, sink_sample_stop(), report.answer);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	return t;
}

static struct transport *
start(void)
{
	struct transport *t = create();

	CU_ASSERT_EQUAL_FATAL(transport_unix.connect(t, &report), 0);
	return t;
}

static int
send_messages(struct transport *t, const struct outgoing *messages, size_t count)
{
	memset(&report, 0, sizeof(report));
	return transport_unix.send(t, messages, count, &report);
}

static int
bind_datagrams(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%.107s", path);
	CU_ASSERT_EQUAL_FATAL(bind(fd, (void *)&address, sizeof(address)), 0);
	return fd;
}

static void
datagrams_are_messages(void)
{
	choose_path();
	int receiver = bind_datagrams();
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(5, 300);
	char bytes[400];

	CU_ASSERT_EQUAL(send_messages(t, messages, 5), 0);
	CU_ASSERT_EQUAL(report.accepted, 5);
	CU_ASSERT_TRUE(transport_unix.pending(t) > 0);
	for (size_t i = 0; i < 5; i++) {
		CU_ASSERT_EQUAL(recv(receiver, bytes, sizeof(bytes), 0), 300);
		CU_ASSERT_EQUAL(memcmp(bytes, messages[i].bytes, 300), 0);
	}
	CU_ASSERT_EQUAL(transport_unix.pending(t), 0);
	CU_ASSERT_EQUAL(transport_unix.check(t, &report), 0);
	CU_ASSERT_EQUAL(transport_unix.finish(t, &report), 0);
	transport_unix.destroy(t);
	close(receiver);
	sink_sample_free(messages);
}

static void
a_receiver_of_datagrams_that_never_reads_is_given_up(void)
{
	choose_path();
	int receiver = bind_datagrams();
	struct transport *t = create();
	struct outgoing *messages = sink_sample_messages(20000, 1000);

	transport_unix.destroy(t);
	config.timeout_s = 1;
	t = transport_unix.create(&config, sink_sample_stop(), report.answer);
	CU_ASSERT_EQUAL_FATAL(transport_unix.connect(t, &report), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages, 20000), -ETIMEDOUT);
	CU_ASSERT_TRUE(report.accepted > 0 && report.accepted < 20000);
	CU_ASSERT_EQUAL(transport_unix.finish(t, &report), -ETIMEDOUT);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "messages still wait in its queue"));
	transport_unix.destroy(t);
	close(receiver);
	sink_sample_free(messages);
}

static void
a_receiver_of_datagrams_that_is_gone_is_seen(void)
{
	struct outgoing *messages = sink_sample_messages(1, 100);

	choose_path();
	int receiver = bind_datagrams();
	struct transport *t = start();
	CU_ASSERT_EQUAL(send_messages(t, messages, 1), 0);
	close(receiver);
	CU_ASSERT_EQUAL(transport_unix.check(t, &report), -ECONNREFUSED);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "the receiver is gone"));
	CU_ASSERT_NOT_EQUAL(transport_unix.finish(t, &report), 0);
	CU_ASSERT_NOT_EQUAL(send_messages(t, messages, 1), 0);
	CU_ASSERT_EQUAL(report.accepted, 0);
	/* It comes back: only a new connection reaches it. */
	unlink(path);
	receiver = bind_datagrams();
	CU_ASSERT_NOT_EQUAL(transport_unix.check(t, &report), 0);
	CU_ASSERT_EQUAL(transport_unix.connect(t, &report), 0);
	CU_ASSERT_EQUAL(transport_unix.check(t, &report), 0);
	CU_ASSERT_EQUAL(send_messages(t, messages, 1), 0);
	transport_unix.destroy(t);
	close(receiver);
	sink_sample_free(messages);
}

static void
messages_longer_than_a_datagram_can_be_are_refused(void)
{
	choose_path();
	int receiver = bind_datagrams();
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(2, 4u << 20);

	messages[1].len = 50;
	CU_ASSERT_EQUAL(send_messages(t, messages, 2), 0);
	CU_ASSERT_EQUAL(report.accepted, 2);
	CU_ASSERT_EQUAL(report.refused, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "a message is too long"));
	transport_unix.destroy(t);
	close(receiver);
	sink_sample_free(messages);
}

static struct {
	size_t len;
	char bytes[1 << 20];
} received;

static void
keep_all(struct socket_peer *p, int fd)
{
	ssize_t got;

	while ((got = socket_peer_read(p, fd, received.bytes + received.len,
				       sizeof(received.bytes) - received.len)) > 0)
		received.len += (size_t)got;
}

static void
streams_carry_lines(void)
{
	struct socket_peer peer;
	struct outgoing *messages = sink_sample_messages(500, 200);

	choose_path();
	received.len = 0;
	socket_peer_start_unix(&peer, path, keep_all, NULL);
	struct transport *t = start();
	CU_ASSERT_EQUAL(send_messages(t, messages, 500), 0);
	CU_ASSERT_EQUAL(report.accepted, 500);
	CU_ASSERT_EQUAL(transport_unix.check(t, &report), 0);
	CU_ASSERT_EQUAL(transport_unix.finish(t, &report), 0);
	CU_ASSERT_EQUAL(transport_unix.pending(t), 0);
	transport_unix.destroy(t);
	socket_peer_stop(&peer);
	CU_ASSERT_EQUAL_FATAL(received.len, 500 * 201);
	for (size_t i = 0; i < 500; i++) {
		CU_ASSERT_EQUAL(memcmp(received.bytes + i * 201, messages[i].bytes, 200), 0);
		CU_ASSERT_EQUAL(received.bytes[i * 201 + 200], '\n');
	}
	sink_sample_free(messages);
}

static void
close_at_once(struct socket_peer *p, int fd)
{
	(void)p;
	(void)fd;
}

static bool
has_closed(void *context)
{
	memset(&report, 0, sizeof(report));
	return transport_unix.check(context, &report) != 0;
}

static void
a_stream_that_is_closed_is_seen(void)
{
	struct socket_peer peer;
	struct outgoing *messages = sink_sample_messages(1, 100);

	choose_path();
	socket_peer_start_unix(&peer, path, close_at_once, NULL);
	struct transport *t = start();
	CU_ASSERT_TRUE(socket_peer_eventually(has_closed, t));
	CU_ASSERT_NOT_EQUAL(send_messages(t, messages, 1), 0);
	CU_ASSERT_EQUAL(report.accepted, 0);
	transport_unix.destroy(t);
	socket_peer_stop(&peer);
	sink_sample_free(messages);
}

static void
what_is_no_socket_is_told(void)
{
	struct outgoing *messages = sink_sample_messages(1, 100);

	choose_path();
	struct transport *t = create();
	CU_ASSERT_EQUAL(transport_unix.connect(t, &report), -ENOENT);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "/log: there is no socket"));
	sink_sample_write(path, "a file\n");
	CU_ASSERT_EQUAL(transport_unix.connect(t, &report), -ECONNREFUSED);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "cannot be connected"));
	CU_ASSERT_EQUAL(send_messages(t, messages, 1), -ENOTCONN);
	CU_ASSERT_EQUAL(transport_unix.check(t, &report), -ENOTCONN);
	CU_ASSERT_EQUAL(transport_unix.finish(t, &report), -ENOTCONN);
	CU_ASSERT_EQUAL(transport_unix.pending(t), 0);
	transport_unix.destroy(t);
	memset(path, 'x', sizeof(path) - 1);
	CU_ASSERT_PTR_NULL(transport_unix.create(&config, sink_sample_stop(), report.answer));
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "`path` is longer than the 107 bytes"));
	transport_unix.destroy(NULL);
	sink_sample_free(messages);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"datagrams_are_messages", datagrams_are_messages},
		{"a_receiver_of_datagrams_that_never_reads_is_given_up",
		 a_receiver_of_datagrams_that_never_reads_is_given_up},
		{"a_receiver_of_datagrams_that_is_gone_is_seen",
		 a_receiver_of_datagrams_that_is_gone_is_seen},
		{"messages_longer_than_a_datagram_can_be_are_refused",
		 messages_longer_than_a_datagram_can_be_are_refused},
		{"streams_carry_lines", streams_carry_lines},
		{"a_stream_that_is_closed_is_seen", a_stream_that_is_closed_is_seen},
		{"what_is_no_socket_is_told", what_is_no_socket_is_told},
	};
	return unit_run("transport_unix", cases, sizeof(cases) / sizeof(*cases));
}
