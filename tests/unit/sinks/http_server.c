/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/sinks/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 256

struct connection {
	struct http_server *server;
	unsigned number;
	int fd;
	pthread_t thread;
	char buffer[65536];
	size_t have;
};

struct http_server {
	http_server_function answer;
	void *context;
	int listener, stop;
	unsigned port;
	pthread_t thread;
	pthread_mutex_t change; /* guards all below, and calls of `answer` */
	struct connection *connections[CONNECTIONS_MAX];
	unsigned connection_count, request_count;
};

static void
need(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	abort();
}

/* Whether there is something to read; false when the server stops. */
static bool
wait_readable(const struct http_server *server, int fd)
{
	struct pollfd fds[] = {{.fd = fd, .events = POLLIN},
			       {.fd = server->stop, .events = POLLIN}};

	while (poll(fds, 2, -1) < 0)
		;
	return fds[1].revents == 0;
}

static bool
read_more(struct connection *c)
{
	if (c->have == sizeof(c->buffer) || !wait_readable(c->server, c->fd))
		return false;
	ssize_t len = recv(c->fd, c->buffer + c->have, sizeof(c->buffer) - c->have, 0);
	if (len <= 0)
		return false;
	c->have += (size_t)len;
	return true;
}

static void
drop(struct connection *c, size_t len)
{
	memmove(c->buffer, c->buffer + len, c->have - len);
	c->have -= len;
}

const char *
http_server_field(const struct http_server_request *request, const char *name)
{
	static char value[2048];
	size_t len = strlen(name);

	for (const char *at = strstr(request->head, "\r\n"); at != NULL; at = strstr(at, "\r\n")) {
		at += 2;
		if (strncasecmp(at, name, len) != 0 || at[len] != ':')
			continue;
		at += len + 1;
		at += strspn(at, " ");
		snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, "\r"), at);
		return value;
	}
	return NULL;
}

/* Reads up to the empty line. */
static bool
read_head(struct connection *c, struct http_server_request *request)
{
	char *end;

	while ((end = memmem(c->buffer, c->have, "\r\n\r\n", 4)) == NULL) {
		if (!read_more(c))
			return false;
	}
	size_t len = (size_t)(end - c->buffer) + 4;
	need(len < sizeof(request->head), "head");
	memcpy(request->head, c->buffer, len);
	request->head[len] = '\0';
	drop(c, len);
	return sscanf(request->head, "%15s %1023s", request->method, request->target) == 2;
}

static bool
read_body(struct connection *c, struct http_server_request *request)
{
	const char *length = http_server_field(request, "Content-Length");

	request->len = length != NULL ? strtoul(length, NULL, 10) : 0;
	request->body = malloc(request->len + 1);
	need(request->body != NULL, "malloc");
	for (size_t have = 0; have < request->len;) {
		if (c->have == 0 && !read_more(c))
			return false;
		size_t part = c->have < request->len - have ? c->have : request->len - have;
		memcpy(request->body + have, c->buffer, part);
		drop(c, part);
		have += part;
	}
	request->body[request->len] = '\0';
	return true;
}

static bool
send_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		bytes += sent;
		len -= (size_t)sent;
	}
	return true;
}

/* Returns whether the connection goes on. */
static bool
send_response(struct connection *c, const struct http_server_response *response)
{
	char head[2048];

	if (response->silent) {
		wait_readable(c->server, c->fd); /* closed by the client, or the end */
		return false;
	}
	if (response->raw != NULL) {
		size_t repeats = response->raw_repeats > 0 ? response->raw_repeats : 1;
		while (repeats-- > 0 && send_all(c->fd, response->raw, strlen(response->raw)))
			;
		return false;
	}
	size_t len = response->body == NULL ? 0
		     : response->len > 0    ? response->len
					    : strlen(response->body);
	int head_len =
		snprintf(head, sizeof(head), "HTTP/1.1 %u Words\r\n%sContent-Length: %zu\r\n\r\n",
			 response->status, response->fields, len);
	return send_all(c->fd, head, (size_t)head_len) && send_all(c->fd, response->body, len) &&
	       !response->close;
}

static bool
serve(struct connection *c)
{
	struct http_server *server = c->server;
	struct http_server_request *request = calloc(1, sizeof(*request));
	struct http_server_response response = {.status = 200};

	need(request != NULL, "calloc");
	bool goes_on = read_head(c, request);
	if (goes_on) {
		pthread_mutex_lock(&server->change);
		goes_on = read_body(c, request);
		if (goes_on) {
			request->number = server->request_count++;
			request->connection = c->number;
			server->answer(server->context, request, &response);
		}
		pthread_mutex_unlock(&server->change);
		goes_on = goes_on && send_response(c, &response);
	}
	free(request->body);
	free(request);
	free(response.body);
	return goes_on;
}

static void *
run_connection(void *context)
{
	struct connection *c = context;

	while (serve(c))
		;
	/* Says that nothing more comes, but lets the client read what did. */
	shutdown(c->fd, SHUT_WR);
	return NULL;
}

static void
take_connection(struct http_server *server)
{
	int fd = accept(server->listener, NULL, NULL);
	struct connection *c = calloc(1, sizeof(*c));

	need(fd >= 0 && c != NULL && server->connection_count < CONNECTIONS_MAX, "accept");
	/* Head and body of an answer go out one by one, and no client shall wait for the second. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	c->server = server;
	c->fd = fd;
	pthread_mutex_lock(&server->change);
	c->number = server->connection_count;
	server->connections[server->connection_count++] = c;
	pthread_mutex_unlock(&server->change);
	need(pthread_create(&c->thread, NULL, run_connection, c) == 0, "pthread_create");
}

static void *
run_listener(void *context)
{
	struct http_server *server = context;

	while (wait_readable(server, server->listener))
		take_connection(server);
	return NULL;
}

struct http_server *
http_server_start(http_server_function answer, void *context)
{
	struct http_server *server = calloc(1, sizeof(*server));
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);

	need(server != NULL, "calloc");
	server->answer = answer;
	server->context = context;
	pthread_mutex_init(&server->change, NULL);
	server->stop = eventfd(0, EFD_CLOEXEC);
	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	need(bind(server->listener, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
	need(listen(server->listener, 16) == 0, "listen");
	getsockname(server->listener, (struct sockaddr *)&address, &len);
	server->port = ntohs(address.sin_port);
	need(pthread_create(&server->thread, NULL, run_listener, server) == 0, "pthread_create");
	return server;
}

void
http_server_stop(struct http_server *server)
{
	const uint64_t one = 1;

	need(write(server->stop, &one, sizeof(one)) == (ssize_t)sizeof(one), "write");
	pthread_join(server->thread, NULL);
	for (unsigned i = 0; i < server->connection_count; i++) {
		pthread_join(server->connections[i]->thread, NULL);
		close(server->connections[i]->fd);
		free(server->connections[i]);
	}
	close(server->listener);
	close(server->stop);
	pthread_mutex_destroy(&server->change);
	free(server);
}

unsigned
http_server_port(const struct http_server *server)
{
	return server->port;
}

const char *
http_server_url(const struct http_server *server, const char *path)
{
	static char url[1200];

	snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", server->port, path);
	return url;
}

static unsigned
read_count(struct http_server *server, const unsigned *count)
{
	pthread_mutex_lock(&server->change);
	unsigned value = *count;
	pthread_mutex_unlock(&server->change);
	return value;
}

unsigned
http_server_connections(struct http_server *server)
{
	return read_count(server, &server->connection_count);
}

unsigned
http_server_requests(struct http_server *server)
{
	return read_count(server, &server->request_count);
}
