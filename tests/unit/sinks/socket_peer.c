/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/sinks/socket_peer.h"

#include <arpa/inet.h>
#include <err.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 20000
#define STEP_MS 2

static void *
run(void *argument)
{
	struct socket_peer *peer = argument;
	struct pollfd waiting[2] = {{.fd = peer->listener, .events = POLLIN},
				    {.fd = peer->stop, .events = POLLIN}};
	sigset_t pipe;

	/* Only ours: what is tested must not need it. */
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	(void)pthread_sigmask(SIG_BLOCK, &pipe, NULL);
	for (;;) {
		if (poll(waiting, 2, -1) < 0 || waiting[1].revents != 0)
			return NULL;
		int fd = accept4(peer->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		peer->connections++;
		peer->serve(peer, fd);
		close(fd);
	}
}

static void
start(struct socket_peer *peer, socket_peer_function serve, void *context)
{
	peer->serve = serve;
	peer->context = context;
	peer->connections = 0;
	peer->received = 0;
	peer->stop = eventfd(0, EFD_CLOEXEC);
	if (peer->stop < 0 || listen(peer->listener, 16) != 0 ||
	    pthread_create(&peer->thread, NULL, run, peer) != 0)
		err(1, "a receiver");
}

bool
socket_peer_start(struct socket_peer *peer, int family, socket_peer_function serve, void *context)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr *address = family == AF_INET ? (void *)&v4 : (void *)&v6;
	socklen_t len = family == AF_INET ? sizeof(v4) : sizeof(v6);

	peer->listener = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (peer->listener < 0)
		return false;
	if (bind(peer->listener, address, len) != 0 ||
	    getsockname(peer->listener, address, &len) != 0) {
		close(peer->listener);
		return false;
	}
	snprintf(peer->port, sizeof(peer->port), "%u",
		 ntohs(family == AF_INET ? v4.sin_port : v6.sin6_port));
	start(peer, serve, context);
	return true;
}

void
socket_peer_start_unix(struct socket_peer *peer, const char *path, socket_peer_function serve,
		       void *context)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	peer->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (peer->listener < 0 ||
	    bind(peer->listener, (struct sockaddr *)&address, sizeof(address)) != 0)
		err(1, "%s", path);
	start(peer, serve, context);
}

void
socket_peer_stop(struct socket_peer *peer)
{
	if (eventfd_write(peer->stop, 1) != 0 || pthread_join(peer->thread, NULL) != 0)
		err(1, "ending a receiver");
	close(peer->listener);
	close(peer->stop);
}

void
socket_peer_await_stop(struct socket_peer *peer)
{
	struct pollfd waiting = {.fd = peer->stop, .events = POLLIN};

	(void)poll(&waiting, 1, -1);
}

ssize_t
socket_peer_read(struct socket_peer *peer, int fd, void *bytes, size_t size)
{
	struct pollfd waiting[2] = {{.fd = fd, .events = POLLIN},
				    {.fd = peer->stop, .events = POLLIN}};

	if (poll(waiting, 2, -1) < 0 || waiting[0].revents == 0)
		return -1;
	ssize_t got = read(fd, bytes, size);
	if (got > 0)
		peer->received += (size_t)got;
	return got;
}

void
socket_peer_drain(struct socket_peer *peer, int fd)
{
	char bytes[65536];

	while (socket_peer_read(peer, fd, bytes, sizeof(bytes)) > 0)
		continue;
}

void
socket_peer_write(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t sent = send(fd, text, len, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
		text += sent;
		len -= (size_t)sent;
	}
}

void
socket_peer_reset(int fd)
{
	const struct linger none = {.l_onoff = 1};

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
}

bool
socket_peer_eventually(bool (*condition)(void *context), void *context)
{
	const struct timespec step = {.tv_nsec = STEP_MS * 1000000};

	for (unsigned waited = 0; waited < PATIENCE_MS; waited += STEP_MS) {
		if (condition(context))
			return true;
		(void)nanosleep(&step, NULL);
	}
	return condition(context);
}
