/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/transport.h"

#include "tests/unit/sinks/sink_sample.h"
#include "tests/unit/sinks/socket_peer.h"
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char port[8];
static struct sink_config config;
static struct transport_report report;

/* A socket that datagrams arrive at. */
static int
open_receiver(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	const int much = 1 << 20;
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &much, sizeof(much));
	CU_ASSERT_EQUAL_FATAL(bind(fd, (void *)&address, len), 0);
	CU_ASSERT_EQUAL_FATAL(getsockname(fd, (void *)&address, &len), 0);
	snprintf(port, sizeof(port), "%u", ntohs(address.sin_port));
	return fd;
}

static struct transport *
start(void)
{
	memset(&report, 0, sizeof(report));
	config = sink_sample_config(port);
	struct transport *t =
		transport_syslog_udp.create(&config, sink_sample_stop(), report.answer);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	CU_ASSERT_EQUAL_FATAL(transport_syslog_udp.connect(t, &report), 0);
	return t;
}

static void
every_message_is_a_datagram(void)
{
	int receiver = open_receiver();
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(150, 500);
	char bytes[1000];

	CU_ASSERT_EQUAL(transport_syslog_udp.send(t, messages, 150, &report), 0);
	CU_ASSERT_EQUAL(report.accepted, 150);
	for (size_t i = 0; i < 150; i++) {
		CU_ASSERT_EQUAL(recv(receiver, bytes, sizeof(bytes), MSG_DONTWAIT), 500);
		CU_ASSERT_EQUAL(memcmp(bytes, messages[i].bytes, 500), 0);
	}
	CU_ASSERT_EQUAL(transport_syslog_udp.check(t, &report), 0);
	transport_syslog_udp.destroy(t);
	close(receiver);
	sink_sample_free(messages);
}

static void
messages_longer_than_a_datagram_are_refused(void)
{
	int receiver = open_receiver();
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(3, 65536);
	static char bytes[65536];

	messages[0].len = messages[2].len = 60000;
	CU_ASSERT_EQUAL(transport_syslog_udp.send(t, messages, 3, &report), 0);
	CU_ASSERT_EQUAL(report.accepted, 3);
	CU_ASSERT_EQUAL(report.refused, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "Message too long"));
	CU_ASSERT_EQUAL(recv(receiver, bytes, sizeof(bytes), MSG_DONTWAIT), 60000);
	CU_ASSERT_EQUAL(recv(receiver, bytes, sizeof(bytes), MSG_DONTWAIT), 60000);
	transport_syslog_udp.destroy(t);
	close(receiver);
	sink_sample_free(messages);
}

static bool
is_refused(void *context)
{
	memset(&report, 0, sizeof(report));
	return transport_syslog_udp.check(context, &report) != 0;
}

static void
where_nobody_listens_is_told_by_a_look(void)
{
	close(open_receiver());
	struct transport *t = start();
	struct outgoing *messages = sink_sample_messages(1, 100);

	CU_ASSERT_EQUAL(transport_syslog_udp.send(t, messages, 1, &report), 0);
	CU_ASSERT_TRUE(socket_peer_eventually(is_refused, t));
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "nobody listens at this port"));
	/* Said once; without a look, the next message meets it. */
	CU_ASSERT_EQUAL(transport_syslog_udp.check(t, &report), 0);
	memset(&report, 0, sizeof(report));
	CU_ASSERT_EQUAL(transport_syslog_udp.send(t, messages, 1, &report), 0);
	struct outgoing *more = sink_sample_messages(1000, 100);
	memset(&report, 0, sizeof(report));
	CU_ASSERT_EQUAL(transport_syslog_udp.send(t, more, 1000, &report), -ECONNREFUSED);
	CU_ASSERT_TRUE(report.accepted < 1000);
	transport_syslog_udp.destroy(t);
	sink_sample_free(messages);
	sink_sample_free(more);
}

static void
nothing_is_promised(void)
{
	CU_ASSERT_FALSE(transport_syslog_udp.acknowledges);
	CU_ASSERT_PTR_NULL(transport_syslog_udp.finish);
	CU_ASSERT_PTR_NULL(transport_syslog_udp.pending);
}

static void
nothing_goes_without_an_address(void)
{
	struct sink_config empty = {.name = "x"};
	struct outgoing *messages = sink_sample_messages(1, 100);

	memset(&report, 0, sizeof(report));
	CU_ASSERT_PTR_NULL(transport_syslog_udp.create(&empty, sink_sample_stop(), report.answer));
	CU_ASSERT_PTR_NOT_NULL(strstr(report.answer, "`address` is missing"));
	close(open_receiver());
	struct transport *t = start();
	transport_syslog_udp.disconnect(t);
	CU_ASSERT_EQUAL(transport_syslog_udp.send(t, messages, 1, &report), -ENOTCONN);
	CU_ASSERT_EQUAL(transport_syslog_udp.check(t, &report), -ENOTCONN);
	transport_syslog_udp.destroy(t);
	transport_syslog_udp.destroy(NULL);
	sink_sample_free(messages);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"every_message_is_a_datagram", every_message_is_a_datagram},
		{"messages_longer_than_a_datagram_are_refused",
		 messages_longer_than_a_datagram_are_refused},
		{"where_nobody_listens_is_told_by_a_look", where_nobody_listens_is_told_by_a_look},
		{"nothing_is_promised", nothing_is_promised},
		{"nothing_goes_without_an_address", nothing_goes_without_an_address},
	};
	return unit_run("transport_syslog_udp", cases, sizeof(cases) / sizeof(*cases));
}
