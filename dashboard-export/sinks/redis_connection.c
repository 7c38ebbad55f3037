/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hiredis puts commands into bytes and takes replies out of them. The socket is ours and never
 * blocks: so time-outs and the stop are looked after in one place, wait_for, and a server that has
 * gone raises no SIGPIPE.
 */
#include "dashboard-export/sinks/redis_connection.h"

#include "base/printable_text.h"

#include <hiredis/hiredis.h>

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* Bytes of one reply, and elements of an array in it: a transaction has 1024 replies, and a look
 * back at a stream eight entries of 64 KiB at most. */
#define REPLY_MAX ((size_t)1 << 20)
#define ELEMENTS_MAX 1100

/* A server that takes our bytes slowly may hold us so many times as long as a silent one. */
#define WHOLE_FACTOR 10

/* The first word of an error of AUTH, "WRONGPASS", is no longer. */
#define AUTH_KIND_MAX 12

struct redis_connection {
	const struct sink_config *config;
	const struct transport_stop *stop;
	int fd;                                          /* -1: not connected */
	redisReader *reader;                             /* of this connection, or NULL */
	redisReplyObjectFunctions functions;             /* of the reader */
	void *(*make_array)(const redisReadTask *, int); /* hiredis's own */
	redisReply *reply;                               /* the last one taken, or NULL */
	size_t reply_len; /* bytes read for the one that is being taken */
	char *out;        /* commands, of which `sent` bytes are written */
	size_t len, size, sent;
};

static uint64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

struct redis_connection *
redis_connection_create(const struct sink_config *config, const struct transport_stop *stop)
{
	struct redis_connection *connection = calloc(1, sizeof(*connection));

	if (connection != NULL) {
		connection->config = config;
		connection->stop = stop;
		connection->fd = -1;
	}
	return connection;
}

void
redis_connection_close(struct redis_connection *connection)
{
	if (connection->reply != NULL)
		freeReplyObject(connection->reply);
	connection->reply = NULL;
	if (connection->reader != NULL)
		redisReaderFree(connection->reader);
	connection->reader = NULL;
	if (connection->fd >= 0)
		close(connection->fd);
	connection->fd = -1;
	/* AUTH was in it. */
	if (connection->out != NULL)
		explicit_bzero(connection->out, connection->size);
	connection->len = connection->sent = 0;
}

void
redis_connection_destroy(struct redis_connection *connection)
{
	if (connection == NULL)
		return;
	redis_connection_close(connection);
	free(connection->out);
	free(connection);
}

static uint64_t
deadline(const struct redis_connection *connection)
{
	return now_ms() + (uint64_t)connection->config->timeout_s * 1000;
}

/* Waits until the socket is ready for `events`. Returns 0, -ETIMEDOUT or -ECANCELED. */
static int
wait_for(const struct redis_connection *connection, int fd, short events, uint64_t until_ms)
{
	struct pollfd fds[] = {
		{.fd = fd, .events = events},
		{.fd = connection->stop->fd, .events = POLLIN}, /* negative: passed over */
	};
	for (;;) {
		uint64_t at_ms = now_ms();
		if (atomic_load(&connection->stop->wanted))
			return -ECANCELED;
		if (at_ms >= until_ms)
			return -ETIMEDOUT;
		uint64_t left_ms = until_ms - at_ms;
		int ready = poll(fds, 2, left_ms < 1000 ? (int)left_ms : 1000);
		if (ready < 0 && errno != EINTR)
			return -errno;
		if (ready > 0 && fds[0].revents != 0)
			return 0;
	}
}

/* A socket that is connected, or -errno. */
static int
connect_to(const struct redis_connection *connection, const struct sockaddr *address, socklen_t len)
{
	int error = 0;
	socklen_t error_len = sizeof(error);
	int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (connect(fd, address, len) != 0) {
		error = -errno;
		if (error == -EINPROGRESS)
			error = wait_for(connection, fd, POLLOUT, deadline(connection));
		if (error == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_len) == 0)
			error = -error;
	}
	if (error == 0)
		return fd;
	close(fd);
	return error;
}

static int
connect_unix(const struct redis_connection *connection, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	return connect_to(connection, (const struct sockaddr *)&address, sizeof(address));
}

/* Tries every address of the name. */
static int
connect_tcp(const struct redis_connection *connection)
{
	static const int on = 1;
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *addresses;
	int fd = -EHOSTUNREACH;

	if (connection->config->host == NULL || connection->config->port == NULL)
		return -EDESTADDRREQ;
	if (getaddrinfo(connection->config->host, connection->config->port, &hints, &addresses) !=
	    0)
		return -EHOSTUNREACH;
	for (const struct addrinfo *a = addresses; a != NULL && fd < 0; a = a->ai_next) {
		fd = connect_to(connection, a->ai_addr, a->ai_addrlen);
		if (fd == -ECANCELED)
			break;
	}
	freeaddrinfo(addresses);
	if (fd >= 0) {
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	}
	return fd;
}

/* "HOST:PORT: words" */
static void
tell(const struct redis_connection *connection, const char *words, char why[256])
{
	const struct sink_config *config = connection->config;
	char place[128], text[512];

	if (config->path != NULL)
		printable_text_copy(config->path, place, sizeof(place));
	else if (config->host == NULL || config->port == NULL)
		snprintf(place, sizeof(place), "redis");
	else
		snprintf(place, sizeof(place),
			 strchr(config->host, ':') != NULL ? "[%.100s]:%.8s" : "%.100s:%.8s",
			 config->host, config->port);
	snprintf(text, sizeof(text), "%s: %s", place, words);
	printable_text_copy(text, why, 256);
}

static void
tell_error(const struct redis_connection *connection, int error, char why[256])
{
	if (error == -ECANCELED)
		tell(connection, "told to stop", why);
	else if (error == -ECONNRESET)
		tell(connection, "the server has closed the connection", why);
	else if (error == -EPROTO)
		tell(connection, "what the server sends is no answer of Redis", why);
	else if (error == -EMSGSIZE)
		tell(connection, "the server's reply is larger than 1 MiB", why);
	else if (error == -ETIMEDOUT)
		tell(connection, "no answer within the time-out", why);
	else if (error == -EHOSTUNREACH)
		tell(connection, "the host's name has no address, or there is no way to it", why);
	else
		tell(connection, strerror(-error), why);
}

/* Sends one command and takes its reply, which must be no error. */
static int
ask(struct redis_connection *connection, const char *const *words, char why[256])
{
	struct redis_reply reply;
	int error = redis_connection_put_words(connection, words);

	if (error == 0)
		error = redis_connection_take(connection, &reply, why);
	else
		tell_error(connection, error, why);
	if (error == 0 && reply.kind == REDIS_KIND_ERROR) {
		tell(connection, reply.text, why);
		error = redis_error_of(reply.text);
	}
	return error;
}

/* Of what a server answers to AUTH only the first word is told, the kind of the error: the rest may
 * be the password, as where the command is unknown. */
static int
authenticate(struct redis_connection *connection, char why[256])
{
	const struct sink_config *config = connection->config;
	struct redis_reply reply = {.text = ""};
	int error = config->user != NULL
			    ? redis_connection_put_words(
				      connection, (const char *const[]){"AUTH", config->user,
									config->password, NULL})
			    : redis_connection_put_words(
				      connection,
				      (const char *const[]){"AUTH", config->password, NULL});

	if (error != 0)
		tell_error(connection, error, why);
	else
		error = redis_connection_take(connection, &reply, why);
	if (error != 0 || reply.kind != REDIS_KIND_ERROR)
		return error;
	char words[96];
	size_t kind = strspn(reply.text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	bool is_kind = kind > 0 && kind <= AUTH_KIND_MAX;
	error = redis_error_of(reply.text);
	snprintf(words, sizeof(words), "%.*s: %s", is_kind ? (int)kind : 3,
		 is_kind ? reply.text : "ERR",
		 error == -EAGAIN ? "the server is not ready for AUTH"
				  : "the server refuses AUTH: look at `user` and at the password");
	tell(connection, words, why);
	/* "ERR AUTH called without any password configured", and the like. */
	return error == -EIO || error == -EINVAL ? -EACCES : error;
}

static int
log_in(struct redis_connection *connection, char why[256])
{
	const struct sink_config *config = connection->config;
	char database[16];
	int error = config->password != NULL ? authenticate(connection, why) : 0;

	if (error != 0 || config->database == 0)
		return error;
	snprintf(database, sizeof(database), "%u", config->database);
	error = ask(connection, (const char *const[]){"SELECT", database, NULL}, why);
	return error == -EIO ? -EINVAL : error;
}

/* The head of an array may promise any number of elements, for which hiredis makes room at once. */
static void *
make_bounded_array(const redisReadTask *task, int elements)
{
	const struct redis_connection *connection = task->privdata;

	return elements <= ELEMENTS_MAX ? connection->make_array(task, elements) : NULL;
}

static redisReader *
make_reader(struct redis_connection *connection)
{
	redisReader *reader = redisReaderCreate();

	if (reader == NULL)
		return NULL;
	connection->functions = *reader->fn;
	connection->make_array = connection->functions.createArray;
	connection->functions.createArray = make_bounded_array;
	reader->fn = &connection->functions;
	reader->privdata = connection;
	return reader;
}

int
redis_connection_open(struct redis_connection *connection, char why[256])
{
	redis_connection_close(connection);
	why[0] = '\0';
	int fd = connection->config->path != NULL
			 ? connect_unix(connection, connection->config->path)
			 : connect_tcp(connection);
	if (fd < 0) {
		tell_error(connection, fd, why);
		return fd;
	}
	connection->fd = fd;
	connection->reader = make_reader(connection);
	if (connection->reader == NULL) {
		redis_connection_close(connection);
		tell_error(connection, -ENOMEM, why);
		return -ENOMEM;
	}
	int error = log_in(connection, why);
	if (error != 0)
		redis_connection_close(connection);
	return error;
}

static bool
make_room(struct redis_connection *connection, size_t len)
{
	if (len <= connection->size - connection->len)
		return true;
	size_t size = connection->size + len + connection->size / 2 + 4096;
	char *grown = malloc(size);
	if (grown == NULL)
		return false;
	/* No realloc, which would leave a password behind. */
	if (connection->out != NULL) {
		memcpy(grown, connection->out, connection->len);
		explicit_bzero(connection->out, connection->size);
		free(connection->out);
	}
	connection->out = grown;
	connection->size = size;
	return true;
}

int
redis_connection_put(struct redis_connection *connection, size_t count, const char *const *words,
		     const size_t *lens)
{
	char *command;

	if (connection->fd < 0)
		return -ENOTCONN;
	/* hiredis does not change the words; its argument only lacks a const. */
	int len =
		redisFormatCommandArgv(&command, (int)count, (const char **)(uintptr_t)words, lens);
	if (len < 0)
		return -ENOMEM;
	bool fits = make_room(connection, (size_t)len);
	if (fits) {
		memcpy(connection->out + connection->len, command, (size_t)len);
		connection->len += (size_t)len;
	}
	redisFreeCommand(command);
	return fits ? 0 : -ENOMEM;
}

int
redis_connection_put_words(struct redis_connection *connection, const char *const *words)
{
	size_t lens[16], count = 0;

	for (; words[count] != NULL && count < sizeof(lens) / sizeof(*lens); count++)
		lens[count] = strlen(words[count]);
	return redis_connection_put(connection, count, words, lens);
}

static struct redis_reply
describe(const redisReply *from)
{
	static const enum redis_kind kinds[] = {
		[REDIS_REPLY_STRING] = REDIS_KIND_TEXT,     [REDIS_REPLY_ARRAY] = REDIS_KIND_ARRAY,
		[REDIS_REPLY_INTEGER] = REDIS_KIND_INTEGER, [REDIS_REPLY_NIL] = REDIS_KIND_NIL,
		[REDIS_REPLY_STATUS] = REDIS_KIND_STATUS,   [REDIS_REPLY_ERROR] = REDIS_KIND_ERROR,
	};
	struct redis_reply reply = {.text = "", .library = from};

	if (from == NULL)
		return reply;
	reply.kind = kinds[from->type];
	if (from->type == REDIS_REPLY_ARRAY)
		reply.count = from->elements;
	else if (from->type == REDIS_REPLY_INTEGER)
		reply.integer = from->integer;
	else if (from->str != NULL) {
		reply.text = from->str;
		reply.len = from->len;
	}
	return reply;
}

struct redis_reply
redis_reply_element(const struct redis_reply *reply, size_t index)
{
	const redisReply *array = reply->library;

	return describe(array->element[index]);
}

/* Writes as far as the socket takes it. Returns 0 or -errno. */
static int
write_out(struct redis_connection *connection)
{
	while (connection->sent < connection->len) {
		ssize_t sent = send(connection->fd, connection->out + connection->sent,
				    connection->len - connection->sent, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return errno == EAGAIN ? 0 : -errno;
		connection->sent += (size_t)sent;
	}
	connection->len = connection->sent = 0;
	return 0;
}

/* Reads what is there. Returns 0, also for nothing, or -errno. */
static int
read_in(struct redis_connection *connection)
{
	char bytes[16384];
	ssize_t len = recv(connection->fd, bytes, sizeof(bytes), 0);

	if (len < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (len == 0)
		return -ECONNRESET;
	if ((size_t)len > REPLY_MAX - connection->reply_len)
		return -EMSGSIZE;
	if (redisReaderFeed(connection->reader, bytes, (size_t)len) != REDIS_OK)
		return -ENOMEM;
	connection->reply_len += (size_t)len;
	return 0;
}

/* Writes and reads until a reply is whole. While bytes still go out, the time begins anew, up to a
 * limit. */
static int
take_reply(struct redis_connection *connection)
{
	uint64_t until_ms = deadline(connection);
	uint64_t whole_ms =
		now_ms() + (uint64_t)connection->config->timeout_s * 1000 * WHOLE_FACTOR;
	void *reply = NULL;
	int error = 0;

	/* What was read behind the last reply. */
	connection->reply_len = connection->reader->len - connection->reader->pos;

	for (;;) {
		if (redisReaderGetReply(connection->reader, &reply) != REDIS_OK)
			return -EPROTO;
		connection->reply = reply;
		if (reply != NULL)
			return 0;
		size_t sent = connection->sent;
		error = write_out(connection);
		if (connection->sent != sent)
			until_ms = deadline(connection);
		bool waits = connection->sent < connection->len;
		if (error == 0)
			error = wait_for(connection, connection->fd,
					 waits ? POLLIN | POLLOUT : POLLIN,
					 until_ms < whole_ms ? until_ms : whole_ms);
		if (error == 0)
			error = read_in(connection);
		if (error != 0)
			return error;
	}
}

int
redis_connection_take(struct redis_connection *connection, struct redis_reply *reply, char why[256])
{
	int error = -ENOTCONN;

	if (connection->reply != NULL)
		freeReplyObject(connection->reply);
	connection->reply = NULL;
	*reply = (struct redis_reply){.text = ""};
	if (connection->fd >= 0)
		error = take_reply(connection);
	if (error == 0) {
		*reply = describe(connection->reply);
		return 0;
	}
	tell_error(connection, error, why);
	redis_connection_close(connection);
	return error;
}

int
redis_connection_check(struct redis_connection *connection, char why[256])
{
	char byte;

	if (connection->fd < 0)
		return -ENOTCONN;
	ssize_t len = recv(connection->fd, &byte, 1, MSG_PEEK);
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	int error = len < 0 ? -errno : len == 0 ? -ECONNRESET : -EPROTO;
	tell_error(connection, error, why);
	redis_connection_close(connection);
	return error;
}

/* The first word of an error is its kind, by custom since Redis 2.6. */
int
redis_error_of(const char *text)
{
	static const struct {
		const char *begins;
		int error;
	} rows[] = {
		{"NOAUTH ", -EACCES},
		{"WRONGPASS ", -EACCES},
		{"NOPERM ", -EACCES},
		{"DENIED ", -EACCES}, /* protected mode */
		{"WRONGTYPE ", -EINVAL},
		{"MOVED ", -EINVAL}, /* a cluster keeps the key elsewhere */
		{"CROSSSLOT ", -EINVAL},
		{"ERR unknown command", -EINVAL}, /* before Redis 5, or renamed */
		{"ERR wrong number of arguments", -EINVAL},
		{"LOADING ", -EAGAIN},
		{"READONLY ", -EAGAIN},
		{"MASTERDOWN ", -EAGAIN},
		{"OOM ", -EAGAIN},
		{"MISCONF ", -EAGAIN},
		{"NOREPLICAS ", -EAGAIN},
		{"CLUSTERDOWN ", -EAGAIN},
		{"TRYAGAIN ", -EAGAIN},
		{"BUSY ", -EAGAIN},
		{"ERR max number of clients", -EAGAIN},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (strncmp(text, rows[i].begins, strlen(rows[i].begins)) == 0)
			return rows[i].error;
	}
	return -EIO;
}
