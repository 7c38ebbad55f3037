/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/sinks/redis_server.h"

#include "tests/unit/sinks/receiver_samples.h"
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct {
	pid_t pid;
	char port[16], path[160], settings[160];
	struct sink_config config;
	struct transport_stop stop;
	struct redis_connection *connection;
} redis;

static void
need(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	sample_end(redis.pid);
	abort();
}

/* A port that was free a moment ago. */
static void
pick_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	need(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0, "bind");
	getsockname(fd, (struct sockaddr *)&address, &len);
	close(fd);
	snprintf(redis.port, sizeof(redis.port), "%u", ntohs(address.sin_port));
}

static void
write_settings(void)
{
	FILE *out = fopen(redis.settings, "w");

	need(out != NULL, redis.settings);
	fprintf(out,
		"bind 127.0.0.1\nport %s\nunixsocket %s\nsave \"\"\ndir %s\nlogfile redis.log\n"
		"user default on >d ~* &* +@all\n"
		"user writer on >w ~vigie:* resetchannels -@all +xadd +xrevrange +multi +exec "
		"+ping +hset +expire +zadd +select\n"
		"user adder on >a ~vigie:* resetchannels -@all +xadd +multi +exec\n",
		redis.port, redis.path, sample_folder());
	fclose(out);
}

#define UNPACKED "data/receivers/"
#define LIBRARIES "usr/lib/x86_64-linux-gnu"

/* How the server is called, with one argument: as it is installed, else as scripts/receivers has
 * unpacked it, with the libraries that came along. */
static const char *command[4];

static bool
find_server(const char *argument)
{
	static char libraries[4096], program[4096];
	const bool unpacked_only = getenv("VIGIE_UNPACKED_ONLY") != NULL;

	command[0] = "redis-server";
	command[1] = argument;
	command[2] = NULL;
	if (!unpacked_only && sample_run(command))
		return true;
	(void)snprintf(libraries, sizeof(libraries), "LD_LIBRARY_PATH=%s",
		       unit_source_path(UNPACKED LIBRARIES));
	(void)snprintf(program, sizeof(program), "%s",
		       unit_source_path(UNPACKED "usr/bin/redis-server"));
	command[0] = "env";
	command[1] = libraries;
	command[2] = program;
	command[3] = argument;
	return sample_run(
		(const char *const[]){command[0], command[1], command[2], command[3], NULL});
}

static void
run_server(void)
{
	char why[256];
	int error = -1;

	const char *const installed[] = {command[0], redis.settings, NULL};
	const char *const unpacked[] = {command[0], command[1], command[2], redis.settings, NULL};
	redis.pid = sample_start(command[2] == NULL ? installed : unpacked, NULL, 0);
	for (unsigned i = 0; i < 1000 && error != 0; i++) {
		error = redis_connection_open(redis.connection, why);
		if (error != 0)
			sample_nap();
	}
	need(error == 0, "redis-server");
}

bool
redis_server_start(void)
{
	if (!find_server("--version"))
		return false;
	snprintf(redis.path, sizeof(redis.path), "%s/redis.sock", sample_folder());
	snprintf(redis.settings, sizeof(redis.settings), "%s/redis.conf", sample_folder());
	pick_port();
	write_settings();
	sample_config_init(&redis.config);
	sample_stop_init(&redis.stop);
	redis.config.path = redis.path;
	redis.config.password = "d";
	redis.connection = redis_connection_create(&redis.config, &redis.stop);
	need(redis.connection != NULL, "redis");
	run_server();
	return true;
}

void
redis_server_stop(void)
{
	redis_connection_destroy(redis.connection);
	redis.connection = NULL;
	sample_end(redis.pid);
	redis.pid = 0;
	sample_stop_fini(&redis.stop);
	sample_folder_remove();
}

void
redis_server_restart(void)
{
	sample_end(redis.pid);
	run_server();
}

const char *
redis_server_port(void)
{
	return redis.port;
}

const char *
redis_server_socket(void)
{
	return redis.path;
}

struct redis_reply
redis_server_ask(const char *const *words)
{
	struct redis_reply reply;
	char why[256] = "";

	need(redis_connection_put_words(redis.connection, words) == 0, words[0]);
	need(redis_connection_take(redis.connection, &reply, why) == 0, why);
	if (reply.kind == REDIS_KIND_ERROR)
		printf("# %s: %s\n", words[0], reply.text);
	return reply;
}
