/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/stream.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/printable_text.h"
#include "dashboard-export/sinks/net_connect.h"
#include "dashboard-export/sinks/tls_stream.h"

/* Of what a receiver says without being asked, most is read at a look. */
#define CHECK_READS_MAX 16

/* While the kernel still sends what was written, it cannot be polled for: look so often. */
#define PENDING_PAUSE_MS 5

struct stream {
	int fd;
	struct tls_stream *tls; /* NULL: none */
	struct stream_target target;
	uint64_t sent; /* without TLS */
	/* TLS may have to read before it can write, and the other way round. */
	short read_wants, write_wants;
};

int
stream_say(const struct stream *s, char why[STREAM_WHY_SIZE], const char *what, int error)
{
	if (s->target.port != NULL)
		return net_say(why, s->target.host, s->target.port, what, error);
	char name[96];
	printable_text_copy(s->target.host, name, sizeof(name));
	snprintf(why, STREAM_WHY_SIZE, "%s: %s%s%.80s", name, what, error != 0 ? ": " : "",
		 error != 0 ? strerrordesc_np(-error) : "");
	return error;
}

/* -errno of an operation into words. `what` is what was done: "sending". */
static int
fail(const struct stream *s, char why[STREAM_WHY_SIZE], const char *what, int error)
{
	char text[64];

	if (error == -EPIPE) {
		(void)stream_say(s, why, "the receiver has closed the connection", 0);
		return error;
	}
	if (error == -ECONNRESET) {
		(void)stream_say(s, why, "the receiver has cut the connection", 0);
		return error;
	}
	if (error == -ETIMEDOUT) {
		snprintf(text, sizeof(text), "%s: no progress for %u s", what, s->target.timeout_s);
		(void)stream_say(s, why, text, 0);
		return error;
	}
	if (s->tls != NULL && tls_stream_why(s->tls)[0] != '\0') {
		(void)stream_say(s, why, tls_stream_why(s->tls), 0);
		return error;
	}
	return stream_say(s, why, what, error);
}

/* The kernel gives up, too, where a receiver takes nothing for so long. */
static void
set_user_timeout(int fd, uint32_t timeout_s)
{
	unsigned ms = timeout_s * 1000;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
}

struct stream *
stream_from_socket(int fd, const struct stream_target *target)
{
	struct stream *s = malloc(sizeof(*s));

	if (s != NULL)
		*s = (struct stream){
			.fd = fd, .target = *target, .read_wants = POLLIN, .write_wants = POLLOUT};
	return s;
}

int
stream_open(struct stream **out, const struct stream_target *target, char why[STREAM_WHY_SIZE])
{
	struct deadline deadline = deadline_in(target->stop, (uint64_t)target->timeout_s * 1000);
	char reason[TLS_WHY_SIZE];

	*out = NULL;
	int fd = net_connect_tcp(target->host, target->port, &deadline, why);
	if (fd < 0)
		return fd;
	set_user_timeout(fd, target->timeout_s);
	struct stream *s = stream_from_socket(fd, target);
	if (s == NULL) {
		(void)close(fd);
		return net_say(why, target->host, target->port, "connection", -ENOMEM);
	}
	int error = target->tls == NULL ? 0
					: tls_stream_open(&s->tls, fd, target->tls, target->host,
							  &deadline, reason);
	if (error != 0) {
		(void)net_say(why, target->host, target->port, reason, 0);
		stream_close(s);
		return error;
	}
	*out = s;
	return 0;
}

struct deadline
stream_deadline(const struct stream *s)
{
	return deadline_in(s->target.stop, (uint64_t)s->target.timeout_s * 1000);
}

/* -EAGAIN when it would have to wait. */
static ssize_t
write_once(struct stream *s, const void *bytes, size_t len)
{
	if (s->tls != NULL)
		return tls_stream_write(s->tls, bytes, len, &s->write_wants);
	ssize_t sent = send(s->fd, bytes, len, MSG_NOSIGNAL);
	if (sent < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	s->sent += (uint64_t)sent;
	return sent;
}

/* 0 at the end of the stream, -EAGAIN when it would have to wait; what TLS is made of, too. */
static ssize_t
read_socket(struct stream *s, void *bytes, size_t size)
{
	ssize_t got = recv(s->fd, bytes, size, 0);

	if (got < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	return got;
}

static ssize_t
read_once(struct stream *s, void *bytes, size_t size)
{
	return s->tls != NULL ? tls_stream_read(s->tls, bytes, size, &s->read_wants)
			      : read_socket(s, bytes, size);
}

/*
 * A receiver that refuses our certificate says so and closes; what was being written then breaks
 * first, and the reason still waits to be read.
 */
static int
find_refusal(struct stream *s, int error)
{
	char bytes[512];
	ssize_t got = -EAGAIN;

	if (s->tls == NULL || (error != -EPIPE && error != -ECONNRESET))
		return error;
	for (unsigned i = 0; i < CHECK_READS_MAX; i++) {
		got = read_once(s, bytes, sizeof(bytes));
		if (got <= 0)
			break;
	}
	return got == -EACCES ? -EACCES : error;
}

ssize_t
stream_write_some(struct stream *s, const void *bytes, size_t len, char why[STREAM_WHY_SIZE])
{
	ssize_t sent = len > 0 ? write_once(s, bytes, len) : 0;

	if (sent == -EAGAIN)
		return 0;
	return sent < 0 ? fail(s, why, "sending", find_refusal(s, (int)sent)) : sent;
}

ssize_t
stream_read_some(struct stream *s, void *bytes, size_t size, char why[STREAM_WHY_SIZE])
{
	ssize_t got = read_once(s, bytes, size);

	if (got == -EAGAIN)
		return 0;
	if (got == 0)
		return fail(s, why, "receiving", -EPIPE);
	return got < 0 ? fail(s, why, "receiving", (int)got) : got;
}

/*
 * A receiver with Nagle's algorithm (rsyslog) holds a small answer back until we have acknowledged
 * the one before, and our kernel does that only 40 ms later when we send nothing: 18,000 messages a
 * second of RELP instead of what the receiver can do. The kernel forgets this option.
 */
static void
acknowledge_at_once(const struct stream *s)
{
	const int on = 1;

	if (s->target.port != NULL)
		(void)setsockopt(s->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

int
stream_wait(struct stream *s, bool to_write, const struct deadline *deadline,
	    char why[STREAM_WHY_SIZE])
{
	short events = to_write ? (short)(s->read_wants | s->write_wants) : s->read_wants;

	acknowledge_at_once(s);
	int error = deadline_wait(deadline, s->fd, events);
	return error == 0 ? 0 : fail(s, why, to_write ? "sending" : "waiting for an answer", error);
}

int
stream_write_all(struct stream *s, const void *bytes, size_t len, char why[STREAM_WHY_SIZE])
{
	const char *at = bytes;

	while (len > 0) {
		ssize_t sent = stream_write_some(s, at, len, why);
		if (sent < 0)
			return (int)sent;
		at += sent;
		len -= (size_t)sent;
		if (sent > 0)
			continue;
		struct deadline deadline = stream_deadline(s);
		int error = deadline_wait(&deadline, s->fd, s->write_wants);
		if (error != 0)
			return fail(s, why, "sending", error);
	}
	return 0;
}

int
stream_check(struct stream *s, char why[STREAM_WHY_SIZE])
{
	char bytes[4096];

	for (unsigned i = 0; i < CHECK_READS_MAX; i++) {
		ssize_t got = stream_read_some(s, bytes, sizeof(bytes), why);
		if (got <= 0)
			return (int)got;
	}
	return 0;
}

uint64_t
stream_sent(const struct stream *s)
{
	return s->tls != NULL ? tls_stream_sent(s->tls) : s->sent;
}

size_t
stream_pending(const struct stream *s)
{
	int queued;

	return ioctl(s->fd, SIOCOUTQ, &queued) == 0 && queued > 0 ? (size_t)queued : 0;
}

/* Reads until `read` says that there is no more. */
static int
read_to_end(struct stream *s, ssize_t (*read)(struct stream *, void *, size_t),
	    const struct deadline *deadline)
{
	char bytes[4096];

	for (;;) {
		ssize_t got = read(s, bytes, sizeof(bytes));
		int error = 0;
		if (got == 0)
			return 0;
		if (got == -EAGAIN)
			error = deadline_wait(deadline, s->fd, s->read_wants);
		else if (got < 0)
			error = (int)got;
		else if (deadline_left_ms(deadline) == 0)
			error = -ETIMEDOUT;
		if (error != 0)
			return error;
	}
}

/* Until the other end has closed in turn: in TLS, and then the connection itself. */
static int
await_end(struct stream *s, const struct deadline *deadline)
{
	int ended = read_to_end(s, read_once, deadline);

	if (ended == 0)
		ended = read_to_end(s, read_socket, deadline);
	if (ended != 0)
		return ended;
	/* A receiver that closed before it had all answers the rest by a reset. */
	while (stream_pending(s) > 0) {
		int error = net_take_error(s->fd);
		if (error == 0)
			error = deadline_pause(deadline, PENDING_PAUSE_MS);
		if (error != 0)
			return error;
	}
	return net_take_error(s->fd);
}

static int
say_goodbye(struct stream *s, const struct deadline *deadline)
{
	int error = 0;

	while (s->tls != NULL) {
		error = tls_stream_close_notify(s->tls, &s->write_wants);
		if (error != -EAGAIN)
			break;
		error = deadline_wait(deadline, s->fd, s->write_wants);
		if (error != 0)
			break;
	}
	if (error == 0 && shutdown(s->fd, SHUT_WR) != 0)
		error = -errno;
	return error;
}

int
stream_finish(struct stream *s, char why[STREAM_WHY_SIZE])
{
	struct deadline deadline = stream_deadline(s);
	int error = say_goodbye(s, &deadline);

	if (error == 0)
		error = await_end(s, &deadline);
	return error == 0 ? 0 : fail(s, why, "saying good-bye", error);
}

/*
 * A socket that is closed with bytes unread resets the connection, and the receiver may then lose
 * what it has not read yet; in TLS 1.3 there are such bytes in every connection (tickets).
 */
void
stream_close(struct stream *s)
{
	char bytes[4096];

	if (s == NULL)
		return;
	for (unsigned i = 0; i < CHECK_READS_MAX; i++) {
		if (recv(s->fd, bytes, sizeof(bytes), MSG_DONTWAIT) <= 0)
			break;
	}
	tls_stream_destroy(s->tls);
	(void)close(s->fd);
	free(s);
}
