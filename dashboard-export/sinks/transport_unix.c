/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages into a Unix socket of this machine. Whether it takes datagrams (one message each, as
 * /dev/log does) or a stream (lines) is found out by trying. A datagram that was sent waits in the
 * receiver's queue and is lost with it; `pending` tells that it still waits.
 */
#include "dashboard-export/sinks/transport.h"

#include <errno.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/printable_text.h"
#include "dashboard-export/sinks/framed_writer.h"
#include "dashboard-export/sinks/stream.h"

/* A stream socket whose queue of connections is full cannot be polled for. */
#define QUEUE_PAUSE_MS 20

struct transport {
	struct sockaddr_un address;
	struct stream_target target;
	struct stream *stream; /* NULL: not connected to a stream */
	int datagrams;         /* socket; -1: not connected to one of datagrams */
	struct stat receiver;  /* of datagrams: its socket in the file system */
	struct framed_writer writer;
};

static struct transport *
unix_create(const struct sink_config *config, const struct transport_stop *stop, char why[256])
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (config->path == NULL || config->path[0] == '\0') {
		snprintf(why, 256, "`path` is missing: which socket");
		return NULL;
	}
	if (strlen(config->path) >= sizeof(address.sun_path)) {
		snprintf(why, 256, "`path` is longer than the %zu bytes that a socket's can have",
			 sizeof(address.sun_path) - 1);
		return NULL;
	}
	strcpy(address.sun_path, config->path);
	struct transport *t = malloc(sizeof(*t));
	if (t == NULL) {
		snprintf(why, 256, "no memory");
		return NULL;
	}
	t->address = address;
	t->target = (struct stream_target){
		.host = config->path, .timeout_s = config->timeout_s, .stop = stop};
	t->stream = NULL;
	t->datagrams = -1;
	return t;
}

static void
unix_disconnect(struct transport *t)
{
	stream_close(t->stream);
	t->stream = NULL;
	if (t->datagrams >= 0)
		(void)close(t->datagrams);
	t->datagrams = -1;
}

static void
unix_destroy(struct transport *t)
{
	if (t == NULL)
		return;
	unix_disconnect(t);
	free(t);
}

static struct deadline
step_deadline(const struct transport *t)
{
	return deadline_in(t->target.stop, (uint64_t)t->target.timeout_s * 1000);
}

static int
say(const struct transport *t, struct transport_report *report, const char *what, int error)
{
	char path[120];

	printable_text_copy(t->target.host, path, sizeof(path));
	snprintf(report->answer, sizeof(report->answer), "%s: %s: %.60s", path, what,
		 strerrordesc_np(-error));
	return error;
}

/* Returns the connected socket or -errno; -EPROTOTYPE where it is of the other type. */
static int
connect_socket(const struct transport *t, int type, const struct deadline *deadline)
{
	int error, fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	do {
		if (connect(fd, (const struct sockaddr *)&t->address, sizeof(t->address)) == 0)
			return fd;
		error = -errno;
		if (error == -EAGAIN) {
			int paused = deadline_pause(deadline, QUEUE_PAUSE_MS);
			error = paused == 0 ? error : paused;
		}
	} while (error == -EAGAIN || error == -EINTR);
	(void)close(fd);
	return error;
}

static int
unix_connect(struct transport *t, struct transport_report *report)
{
	struct deadline deadline = step_deadline(t);

	unix_disconnect(t);
	if (stat(t->address.sun_path, &t->receiver) != 0)
		return say(t, report, "there is no socket", -errno);
	int fd = connect_socket(t, SOCK_DGRAM, &deadline);
	if (fd >= 0) {
		t->datagrams = fd;
		return 0;
	}
	if (fd == -EPROTOTYPE)
		fd = connect_socket(t, SOCK_STREAM, &deadline);
	if (fd < 0)
		return say(t, report, "cannot be connected", fd);
	t->stream = stream_from_socket(fd, &t->target);
	if (t->stream == NULL) {
		(void)close(fd);
		return say(t, report, "connection", -ENOMEM);
	}
	return 0;
}

/* Waits until the receiver's queue has room again, or until it may have. Returns 0 or -errno. */
static int
await_room(const struct transport *t, int error, const struct deadline *deadline)
{
	if (error == -EAGAIN)
		return deadline_wait(deadline, t->datagrams, POLLOUT);
	return error == -ENOBUFS ? deadline_pause(deadline, QUEUE_PAUSE_MS) : error;
}

static int
send_datagrams(struct transport *t, const struct outgoing *messages, size_t count,
	       struct transport_report *report)
{
	struct deadline deadline = step_deadline(t);

	while (report->accepted < count) {
		const struct outgoing *message = &messages[report->accepted];
		int error = 0;
		if (send(t->datagrams, message->bytes, message->len, MSG_NOSIGNAL) < 0)
			error = -errno;
		if (error == 0 || error == -EMSGSIZE) {
			report->refused += error != 0;
			report->accepted++;
			deadline = step_deadline(t);
			if (error != 0)
				(void)say(t, report, "a message is too long", error);
			continue;
		}
		error = error == -EINTR ? 0 : await_room(t, error, &deadline);
		if (error != 0)
			return say(t, report, "sending", error);
	}
	return 0;
}

static int
unix_send(struct transport *t, const struct outgoing *messages, size_t count,
	  struct transport_report *report)
{
	if (t->datagrams >= 0)
		return send_datagrams(t, messages, count, report);
	if (t->stream != NULL)
		return framed_writer_send(&t->writer, t->stream, SINK_FRAMING_NEWLINE, messages,
					  count, report);
	return say(t, report, "sending", -ENOTCONN);
}

/*
 * A socket of datagrams does not tell that its receiver is gone, or gone and come back. The name in
 * the file system does: it is another one then, or nobody is behind it.
 */
static int
check_receiver(const struct transport *t)
{
	struct stat now;
	struct deadline at_once = deadline_in(t->target.stop, 0);

	if (stat(t->address.sun_path, &now) != 0)
		return -errno;
	if (now.st_dev != t->receiver.st_dev || now.st_ino != t->receiver.st_ino ||
	    now.st_ctim.tv_sec != t->receiver.st_ctim.tv_sec ||
	    now.st_ctim.tv_nsec != t->receiver.st_ctim.tv_nsec)
		return -ECONNRESET;
	int fd = connect_socket(t, SOCK_DGRAM, &at_once);
	if (fd < 0)
		return fd;
	(void)close(fd);
	return 0;
}

static int
unix_check(struct transport *t, struct transport_report *report)
{
	if (t->stream != NULL)
		return stream_check(t->stream, report->answer);
	int error = t->datagrams >= 0 ? check_receiver(t) : -ENOTCONN;
	return error == 0 ? 0 : say(t, report, "the receiver is gone", error);
}

static size_t
unix_pending(struct transport *t)
{
	int queued;

	if (t->stream != NULL)
		return stream_pending(t->stream);
	return t->datagrams >= 0 && ioctl(t->datagrams, SIOCOUTQ, &queued) == 0 && queued > 0
		       ? (size_t)queued
		       : 0;
}

/* A receiver of datagrams hears no good-bye: it has them when none waits in its queue. */
static int
finish_datagrams(struct transport *t, struct transport_report *report)
{
	struct deadline deadline = step_deadline(t);

	while (unix_pending(t) > 0) {
		int error = deadline_pause(&deadline, QUEUE_PAUSE_MS);
		if (error != 0)
			return say(t, report, "messages still wait in its queue", error);
	}
	/* The queue of a receiver that has gone is empty, too. */
	int error = check_receiver(t);
	return error == 0 ? 0 : say(t, report, "the receiver is gone", error);
}

static int
unix_finish(struct transport *t, struct transport_report *report)
{
	if (t->datagrams >= 0)
		return finish_datagrams(t, report);
	return t->stream != NULL ? stream_finish(t->stream, report->answer)
				 : say(t, report, "connection", -ENOTCONN);
}

const struct transport_kind transport_unix = {
	.name = "unix",
	.envelope = true,
	.create = unix_create,
	.destroy = unix_destroy,
	.connect = unix_connect,
	.send = unix_send,
	.check = unix_check,
	.pending = unix_pending,
	.finish = unix_finish,
	.disconnect = unix_disconnect,
};
