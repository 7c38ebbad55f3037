/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/net_connect.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/printable_text.h"

/* RFC 8305 5: Connection Attempt Delay. */
#define ATTEMPT_DELAY_MS 250

#define ADDRESSES_MAX DEADLINE_FDS_MAX

/* Addresses in the order in which they are tried, and the attempts under way. */
struct race {
	const struct addrinfo *addresses[ADDRESSES_MAX];
	size_t count, started;
	struct pollfd running[ADDRESSES_MAX];
	size_t running_count;
	int error; /* of the last that failed */
};

int
net_say(char why[NET_WHY_SIZE], const char *host, const char *port, const char *what, int error)
{
	char name[96];
	bool is_ipv6 = strchr(host, ':') != NULL;

	printable_text_copy(host, name, sizeof(name));
	const char *words = error == 0 ? NULL : strerrordesc_np(-error);
	snprintf(why, NET_WHY_SIZE, "%s%s%s:%.8s: %s%s%.80s", is_ipv6 ? "[" : "", name,
		 is_ipv6 ? "]" : "", port, what, words != NULL ? ": " : "",
		 words != NULL ? words : "");
	return error;
}

int
net_take_error(int fd)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		return -errno;
	return -error;
}

static int
resolve(const char *host, const char *port, int type, struct addrinfo **list,
	char why[NET_WHY_SIZE])
{
	const struct addrinfo hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = type, .ai_flags = AI_NUMERICSERV};
	char what[128];
	int result = getaddrinfo(host, port, &hints, list);

	if (result == 0)
		return 0;
	snprintf(what, sizeof(what), "the name cannot be resolved: %s",
		 result == EAI_SYSTEM ? strerrordesc_np(errno) : gai_strerror(result));
	(void)net_say(why, host, port, what, 0);
	return -EHOSTUNREACH;
}

static const struct addrinfo *
next_of_family(const struct addrinfo *from, int family)
{
	while (from != NULL && from->ai_family != family)
		from = from->ai_next;
	return from;
}

/* RFC 8305 4: the resolver's order (RFC 6724) within a family, the families in turn. */
static void
order_addresses(struct race *race, const struct addrinfo *list)
{
	int first = list->ai_family;
	int second = first == AF_INET6 ? AF_INET : AF_INET6;
	const struct addrinfo *next[2] = {next_of_family(list, first),
					  next_of_family(list, second)};
	const int families[2] = {first, second};

	for (unsigned turn = 0; race->count < ADDRESSES_MAX && (next[0] != NULL || next[1] != NULL);
	     turn ^= 1) {
		if (next[turn] == NULL)
			continue;
		race->addresses[race->count++] = next[turn];
		next[turn] = next_of_family(next[turn]->ai_next, families[turn]);
	}
}

/* A receiver that vanishes without a word is noticed after two minutes of silence. */
static void
set_tcp_options(int fd)
{
	const int on = 1, idle_s = 60, interval_s = 15, probes = 4;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof(interval_s));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
}

/*
 * Where nobody listens at a port of this machine, the kernel may give just that port to our end,
 * and the socket is connected to itself.
 */
static bool
is_connected_to_itself(int fd)
{
	struct sockaddr_storage here = {0}, there = {0};
	socklen_t here_len = sizeof(here), there_len = sizeof(there);

	return getsockname(fd, (struct sockaddr *)&here, &here_len) == 0 &&
	       getpeername(fd, (struct sockaddr *)&there, &there_len) == 0 &&
	       here_len == there_len && memcmp(&here, &there, here_len) == 0;
}

/* A socket that is connected or connecting; -errno. */
static int
start_connecting(const struct addrinfo *address)
{
	int fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
			address->ai_protocol);

	if (fd < 0)
		return -errno;
	if (connect(fd, address->ai_addr, address->ai_addrlen) != 0 && errno != EINPROGRESS) {
		int error = -errno;
		(void)close(fd);
		return error;
	}
	return fd;
}

static void
start_next(struct race *race)
{
	int fd = start_connecting(race->addresses[race->started++]);

	if (fd < 0) {
		race->error = fd;
		return;
	}
	race->running[race->running_count++] = (struct pollfd){.fd = fd, .events = POLLOUT};
}

/* Takes the attempts that have ended out of the race; the first that succeeded is returned, else
 * -1.
 */
static int
take_ended(struct race *race)
{
	size_t kept = 0;
	int winner = -1;

	for (size_t i = 0; i < race->running_count; i++) {
		const struct pollfd *attempt = &race->running[i];
		int error = attempt->revents == 0 ? 0 : net_take_error(attempt->fd);

		if (attempt->revents != 0 && error == 0 && is_connected_to_itself(attempt->fd))
			error = -ECONNREFUSED;
		if (attempt->revents == 0 || (error == 0 && winner >= 0)) {
			race->running[kept++] = *attempt;
		} else if (error == 0) {
			winner = attempt->fd;
		} else {
			race->error = error;
			(void)close(attempt->fd);
		}
	}
	race->running_count = kept;
	return winner;
}

/* Returns the connected socket or -errno. Attempts may still be running then. */
static int
run_race(struct race *race, const struct deadline *deadline)
{
	for (;;) {
		bool more = race->started < race->count;

		if (race->running_count == 0 && !more)
			return race->error;
		if (more)
			start_next(race);
		if (race->running_count == 0)
			continue;
		struct deadline turn = *deadline;
		if (race->started < race->count && deadline_left_ms(deadline) > ATTEMPT_DELAY_MS)
			turn = deadline_in(deadline->stop, ATTEMPT_DELAY_MS);
		int ready = deadline_poll(&turn, race->running, race->running_count);
		if (ready < 0 && (ready != -ETIMEDOUT || deadline_left_ms(deadline) == 0))
			return ready;
		int winner = ready > 0 ? take_ended(race) : -1;
		if (winner >= 0)
			return winner;
	}
}

int
net_connect_tcp(const char *host, const char *port, const struct deadline *deadline,
		char why[NET_WHY_SIZE])
{
	struct race race = {.error = -EHOSTUNREACH};
	struct addrinfo *list;
	int error = resolve(host, port, SOCK_STREAM, &list, why);

	if (error != 0)
		return error;
	order_addresses(&race, list);
	int fd = run_race(&race, deadline);
	for (size_t i = 0; i < race.running_count; i++)
		(void)close(race.running[i].fd);
	freeaddrinfo(list);
	if (fd == -ETIMEDOUT)
		return net_say(why, host, port, "no answer to the connection", fd);
	if (fd < 0)
		return net_say(why, host, port, "cannot be connected", fd);
	set_tcp_options(fd);
	return fd;
}

int
net_connect_udp(const char *host, const char *port, const struct deadline *deadline,
		char why[NET_WHY_SIZE])
{
	struct race race = {.error = -EHOSTUNREACH};
	struct addrinfo *list;
	int fd, error = resolve(host, port, SOCK_DGRAM, &list, why);

	if (error != 0)
		return error;
	order_addresses(&race, list);
	do
		fd = start_connecting(race.addresses[race.started++]);
	while (fd < 0 && race.started < race.count);
	freeaddrinfo(list);
	if (fd >= 0 && atomic_load_explicit(&deadline->stop->wanted, memory_order_relaxed)) {
		(void)close(fd);
		fd = -ECANCELED;
	}
	return fd < 0 ? net_say(why, host, port, "there is no way to it", fd) : fd;
}
