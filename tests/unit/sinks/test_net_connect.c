/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/net_connect.h"

#include "tests/unit/sinks/sink_sample.h"
#include "tests/unit/sinks/socket_peer.h"
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char why[NET_WHY_SIZE];

static int
connect_to(const char *host, const char *port, uint64_t ms)
{
	struct deadline deadline = deadline_in(sink_sample_stop(), ms);

	memset(why, 0, sizeof(why));
	return net_connect_tcp(host, port, &deadline, why);
}

static void
require_connected(int fd)
{
	char byte;

	CU_ASSERT_TRUE_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(net_take_error(fd), 0);
	CU_ASSERT_TRUE((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
	CU_ASSERT_TRUE((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	CU_ASSERT_EQUAL(recv(fd, &byte, 1, 0), -1);
	CU_ASSERT_EQUAL(errno, EAGAIN);
	close(fd);
}

/* The name may lead to ::1 first, where nobody listens. */
static void
a_name_is_tried_at_all_its_addresses(void)
{
	struct socket_peer peer;

	CU_ASSERT_TRUE_FATAL(socket_peer_start(&peer, AF_INET, socket_peer_drain, NULL));
	require_connected(connect_to("localhost", peer.port, 20000));
	require_connected(connect_to("127.0.0.1", peer.port, 20000));
	socket_peer_stop(&peer);
}

static void
ipv6_addresses_are_connected(void)
{
	struct socket_peer peer;

	if (!socket_peer_start(&peer, AF_INET6, socket_peer_drain, NULL)) {
		unit_skip("no IPv6 here");
		return;
	}
	require_connected(connect_to("::1", peer.port, 20000));
	socket_peer_stop(&peer);
	CU_ASSERT_EQUAL(connect_to("::1", peer.port, 20000), -ECONNREFUSED);
	CU_ASSERT_PTR_EQUAL(strstr(why, "[::1]:"), why);
}

static void
where_nobody_listens_is_told(void)
{
	struct socket_peer peer;

	CU_ASSERT_TRUE_FATAL(socket_peer_start(&peer, AF_INET, socket_peer_drain, NULL));
	socket_peer_stop(&peer);
	CU_ASSERT_EQUAL(connect_to("127.0.0.1", peer.port, 20000), -ECONNREFUSED);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "127.0.0.1:"));
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "Connection refused"));
}

static void
names_that_do_not_exist_are_told(void)
{
	CU_ASSERT_EQUAL(connect_to("no\x1bname.invalid", "514", 20000), -EHOSTUNREACH);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "no\\x1bname.invalid:514: the name cannot be resolved"));
	struct deadline deadline = deadline_in(sink_sample_stop(), 20000);
	CU_ASSERT_EQUAL(net_connect_udp("no name.invalid", "514", &deadline, why), -EHOSTUNREACH);
}

/* A listener whose queue is full answers no further connection. */
struct full_listener {
	int listener, waiting[8];
	char port[8];
};

static void
open_full_listener(struct full_listener *full)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(address);

	full->listener = socket(AF_INET, SOCK_STREAM, 0);
	CU_ASSERT_EQUAL_FATAL(bind(full->listener, (void *)&address, len), 0);
	CU_ASSERT_EQUAL_FATAL(listen(full->listener, 0), 0);
	CU_ASSERT_EQUAL_FATAL(getsockname(full->listener, (void *)&address, &len), 0);
	snprintf(full->port, sizeof(full->port), "%u", ntohs(address.sin_port));
	for (size_t i = 0; i < 8; i++) {
		full->waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(full->waiting[i], (void *)&address, len);
	}
}

static void
close_full_listener(struct full_listener *full)
{
	for (size_t i = 0; i < 8; i++)
		close(full->waiting[i]);
	close(full->listener);
}

static void
who_does_not_answer_is_given_up_at_the_deadline(void)
{
	struct full_listener full;

	open_full_listener(&full);
	CU_ASSERT_EQUAL(connect_to("127.0.0.1", full.port, 100), -ETIMEDOUT);
	CU_ASSERT_PTR_NOT_NULL(strstr(why, "no answer to the connection"));
	close_full_listener(&full);
}

static void *
tell_stop(void *unused)
{
	(void)unused;
	sink_sample_tell_stop(true);
	return NULL;
}

static void
being_told_to_stop_ends_connecting(void)
{
	struct full_listener full;
	pthread_t thread;

	open_full_listener(&full);
	(void)sink_sample_stop();
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, tell_stop, NULL), 0);
	CU_ASSERT_EQUAL(connect_to("127.0.0.1", full.port, 3600000), -ECANCELED);
	pthread_join(thread, NULL);
	sink_sample_tell_stop(false);
	close_full_listener(&full);
}

static void
datagrams_need_no_answer(void)
{
	struct deadline deadline = deadline_in(sink_sample_stop(), 20000);

	int fd = net_connect_udp("localhost", "9", &deadline, why);
	require_connected(fd);
	sink_sample_tell_stop(true);
	CU_ASSERT_EQUAL(net_connect_udp("localhost", "9", &deadline, why), -ECANCELED);
	sink_sample_tell_stop(false);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"a_name_is_tried_at_all_its_addresses", a_name_is_tried_at_all_its_addresses},
		{"ipv6_addresses_are_connected", ipv6_addresses_are_connected},
		{"where_nobody_listens_is_told", where_nobody_listens_is_told},
		{"names_that_do_not_exist_are_told", names_that_do_not_exist_are_told},
		{"who_does_not_answer_is_given_up_at_the_deadline",
		 who_does_not_answer_is_given_up_at_the_deadline},
		{"being_told_to_stop_ends_connecting", being_told_to_stop_ends_connecting},
		{"datagrams_need_no_answer", datagrams_need_no_answer},
	};
	return unit_run("net_connect", cases, sizeof(cases) / sizeof(*cases));
}
