/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Syslog over UDP (RFC 5426): one message a datagram, and no promise. A datagram may be lost on the
 * way; all that is ever heard back is that nobody listens at the port (ICMP), and that one message
 * late. Datagrams above the path's MTU are fragmented by the kernel (RFC 5426 3.2 asks receivers
 * for 2048 bytes at least).
 */
#include "dashboard-export/sinks/transport.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dashboard-export/sinks/net_connect.h"

/* Datagrams of one system call. */
#define DATAGRAMS_MAX 64

/* A full queue of the network card cannot be polled for. */
#define QUEUE_PAUSE_MS 1

struct transport {
	const struct sink_config *config;
	const struct transport_stop *stop;
	int fd; /* -1: not connected */
};

static struct transport *
syslog_udp_create(const struct sink_config *config, const struct transport_stop *stop,
		  char why[256])
{
	if (config->host == NULL || config->port == NULL) {
		snprintf(why, 256, "`address` is missing: where to");
		return NULL;
	}
	struct transport *t = malloc(sizeof(*t));
	if (t == NULL) {
		snprintf(why, 256, "no memory");
		return NULL;
	}
	*t = (struct transport){.config = config, .stop = stop, .fd = -1};
	return t;
}

static void
syslog_udp_disconnect(struct transport *t)
{
	if (t->fd >= 0)
		(void)close(t->fd);
	t->fd = -1;
}

static void
syslog_udp_destroy(struct transport *t)
{
	if (t == NULL)
		return;
	syslog_udp_disconnect(t);
	free(t);
}

static struct deadline
step_deadline(const struct transport *t)
{
	return deadline_in(t->stop, (uint64_t)t->config->timeout_s * 1000);
}

static int
syslog_udp_connect(struct transport *t, struct transport_report *report)
{
	struct deadline deadline = step_deadline(t);

	syslog_udp_disconnect(t);
	int fd = net_connect_udp(t->config->host, t->config->port, &deadline, report->answer);
	if (fd < 0)
		return fd;
	t->fd = fd;
	return 0;
}

static int
fail(const struct transport *t, struct transport_report *report, const char *what, int error)
{
	if (error == -ECONNREFUSED)
		what = "nobody listens at this port";
	return net_say(report->answer, t->config->host, t->config->port, what, error);
}

/* Sends up to DATAGRAMS_MAX messages; how many went, or -errno of the first. */
static int
send_some(const struct transport *t, const struct outgoing *messages, size_t count)
{
	struct mmsghdr headers[DATAGRAMS_MAX];
	struct iovec parts[DATAGRAMS_MAX];

	if (count > DATAGRAMS_MAX)
		count = DATAGRAMS_MAX;
	for (size_t i = 0; i < count; i++) {
		parts[i] = (struct iovec){.iov_base = (void *)(uintptr_t)messages[i].bytes,
					  .iov_len = messages[i].len};
		headers[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &parts[i], .msg_iovlen = 1}};
	}
	int sent = sendmmsg(t->fd, headers, (unsigned)count, MSG_NOSIGNAL);
	return sent < 0 ? -errno : sent;
}

/* Waits until there may be room again. Returns 0 or -errno. */
static int
await_room(const struct transport *t, int error, const struct deadline *deadline)
{
	if (error == -EINTR)
		return 0;
	return error == -ENOBUFS ? deadline_pause(deadline, QUEUE_PAUSE_MS)
				 : deadline_wait(deadline, t->fd, POLLOUT);
}

static int
syslog_udp_send(struct transport *t, const struct outgoing *messages, size_t count,
		struct transport_report *report)
{
	struct deadline deadline = step_deadline(t);

	if (t->fd < 0)
		return fail(t, report, "sending", -ENOTCONN);
	while (report->accepted < count) {
		int sent = send_some(t, messages + report->accepted, count - report->accepted);
		if (sent >= 0) {
			report->accepted += (size_t)sent;
			deadline = step_deadline(t);
			continue;
		}
		int error = sent;
		if (error == -EMSGSIZE) {
			/* Longer than a datagram can be: it will never go. */
			report->accepted++;
			report->refused++;
			(void)fail(t, report, "sending", error);
			continue;
		}
		if (error == -EAGAIN || error == -ENOBUFS || error == -EINTR)
			error = await_room(t, error, &deadline);
		if (error != 0)
			return fail(t, report, "sending", error);
	}
	return 0;
}

static int
syslog_udp_check(struct transport *t, struct transport_report *report)
{
	int error = t->fd < 0 ? -ENOTCONN : net_take_error(t->fd);

	return error == 0 ? 0 : fail(t, report, "an earlier message", error);
}

const struct transport_kind transport_syslog_udp = {
	.name = "syslog-udp",
	.envelope = true,
	.create = syslog_udp_create,
	.destroy = syslog_udp_destroy,
	.connect = syslog_udp_connect,
	.send = syslog_udp_send,
	.check = syslog_udp_check,
	.disconnect = syslog_udp_disconnect,
};
