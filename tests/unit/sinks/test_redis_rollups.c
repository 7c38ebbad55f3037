/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/redis_rollups.h"

#include "tests/unit/sinks/receiver_samples.h"
#include "tests/unit/sinks/redis_server.h"
#include "tests/unit/sinks/socket_peer.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* 2026-12-01T08:15:00Z */
#define START_NS (UINT64_C(29935215) * MINUTE_NS)
#define MINUTE_NS UINT64_C(60000000000)
#define LIVE "vigie:live:box-1"
#define FIRST LIVE ":2026-12-01T08:15Z"

static struct sink_config config;
static struct redis_rollups *rollups;
static char why[256];

static void
begin(const char *sensor)
{
	sample_config_init(&config);
	config.path = redis_server_socket();
	config.user = "writer";
	config.password = "w";
	config.timeout_s = 2;
	REDIS_ASK("FLUSHALL");
	rollups = redis_rollups_create(&config, sensor, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(rollups);
}

static void
end(void)
{
	redis_rollups_destroy(rollups, 5000);
	rollups = NULL;
}

static const char *
field(const char *key, const char *name)
{
	static char value[128];
	struct redis_reply reply = REDIS_ASK("HGET", key, name);

	snprintf(value, sizeof(value), "%s", reply.kind == REDIS_KIND_NIL ? "(none)" : reply.text);
	return value;
}

/* Waits until the field has that value, or ten seconds. */
static bool
becomes(const char *key, const char *name, const char *value)
{
	double limit = sample_seconds() + 10;

	while (strcmp(field(key, name), value) != 0) {
		if (sample_seconds() > limit)
			return false;
		sample_nap();
	}
	return true;
}

static void
sums_are_readable_by_minute(void)
{
	begin("box-1");
	for (unsigned i = 0; i < 10; i++)
		redis_rollups_add(rollups, START_NS + i, "rh", "aws", "us-direct", 100, 10, 1);
	redis_rollups_add(rollups, START_NS + MINUTE_NS, "rh", NULL, "unknown", 7, 0, 1);
	CU_ASSERT_TRUE(becomes(LIVE, "newest", "2026-12-01T08:16Z"));
	CU_ASSERT_STRING_EQUAL(field(FIRST, "rh|aws|us-direct|up"), "1000");
	CU_ASSERT_STRING_EQUAL(field(FIRST, "rh|aws|us-direct|down"), "100");
	CU_ASSERT_STRING_EQUAL(field(FIRST, "rh|aws|us-direct|flows"), "10");
	CU_ASSERT_STRING_EQUAL(field(LIVE ":2026-12-01T08:16Z", "rh||unknown|up"), "7");
	/* What comes later is added, and written as a whole. */
	redis_rollups_add(rollups, START_NS + 30, "rh", "aws", "us-direct", 1, 1, 0);
	CU_ASSERT_TRUE(becomes(FIRST, "rh|aws|us-direct|up", "1001"));
	int64_t left = REDIS_ASK("TTL", FIRST).integer;
	CU_ASSERT_TRUE(left > 7000 && left <= REDIS_ROLLUPS_EXPIRY_S);
	left = REDIS_ASK("TTL", LIVE).integer;
	CU_ASSERT_TRUE(left > 7000 && left <= REDIS_ROLLUPS_EXPIRY_S);
	CU_ASSERT_STRING_EQUAL(field(LIVE, "minutes_lost"), "0");
	CU_ASSERT_STRING_EQUAL(REDIS_ASK("ZSCORE", "vigie:live", "box-1").text, "1796112960");
	end();
}

static void
the_end_writes_what_is_there(void)
{
	begin("box-1");
	CU_ASSERT_EQUAL(REDIS_ASK("DBSIZE").integer, 0);
	redis_rollups_add(rollups, START_NS, "rh", "aws", "us-direct", 5, 0, 1);
	end();
	CU_ASSERT_STRING_EQUAL(field(FIRST, "rh|aws|us-direct|up"), "5");
}

static void
hostile_texts_stay_one_field(void)
{
	begin("b:o|x %*");
	redis_rollups_add(rollups, START_NS, "r|h:1", "a\r\n\x1b%", "\xff*\xc3\xa9", 5, 0, 1);
	end();
	CU_ASSERT_STRING_EQUAL(field("vigie:live:b%3Ao%7Cx%20%25%2A:2026-12-01T08:15Z",
				     "r%7Ch%3A1|a%0D%0A%1B%25|%FF%2A\xc3\xa9|up"),
			       "5");
}

static void
a_redis_that_comes_back_gets_what_it_missed(void)
{
	struct redis_rollups_state state;

	begin("box-1");
	redis_rollups_add(rollups, START_NS, "rh", "aws", "us-direct", 5, 0, 1);
	redis_rollups_add(rollups, START_NS, "other", "aws", "us-direct", 6, 0, 1);
	CU_ASSERT_TRUE(becomes(FIRST, "rh|aws|us-direct|up", "5"));
	redis_server_restart();
	redis_rollups_add(rollups, START_NS, "rh", "aws", "us-direct", 5, 0, 1);
	CU_ASSERT_TRUE(becomes(FIRST, "rh|aws|us-direct|up", "10"));
	CU_ASSERT_TRUE(becomes(FIRST, "other|aws|us-direct|up", "6"));
	redis_rollups_tell(rollups, &state);
	CU_ASSERT_EQUAL(state.minutes_lost, 0);
	end();
}

/* More minutes than are kept, while nobody is there to take them. */
static void
minutes_beyond_the_bound_are_counted(void)
{
	struct redis_rollups_state state;
	double limit = sample_seconds() + 30;

	begin("box-1");
	redis_rollups_destroy(rollups, 0);
	config.path = "/nonexistent/redis.sock";
	rollups = redis_rollups_create(&config, "box-1", why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(rollups);
	for (unsigned i = 0; i < REDIS_ROLLUPS_MINUTES + 4; i++)
		redis_rollups_add(rollups, START_NS + i * MINUTE_NS, "rh", "aws", "e", 5, 0, 1);
	do {
		sample_nap();
		redis_rollups_tell(rollups, &state);
	} while (state.minutes_lost < 4 && sample_seconds() < limit);
	CU_ASSERT_EQUAL(state.minutes_lost, 4);
	CU_ASSERT_FALSE(state.connected);
	CU_ASSERT_NOT_EQUAL(state.last_error[0], '\0');
	/* One long past finds no place. */
	redis_rollups_add(rollups, START_NS, "rh", "aws", "e", 5, 0, 1);
	while (state.additions_lost < 1 && sample_seconds() < limit) {
		sample_nap();
		redis_rollups_tell(rollups, &state);
	}
	CU_ASSERT_EQUAL(state.additions_lost, 1);
	end();
}

/* Adds from here while the thread takes away: nothing is lost, whenever it does. */
static void
additions_never_wait(void)
{
	enum { ADDITIONS = 2000000 };
	char zone[16], expected[32];
	double start = sample_seconds();

	begin("box-1");
	for (unsigned i = 0; i < ADDITIONS; i++) {
		snprintf(zone, sizeof(zone), "z%u", i % 8);
		redis_rollups_add(rollups, START_NS, zone, "aws", "us-direct", 3, 1, 1);
	}
	printf("# %.0f ns an addition, name included\n",
	       (sample_seconds() - start) / ADDITIONS * 1e9);
	end();
	snprintf(expected, sizeof(expected), "%u", 3 * ADDITIONS / 8);
	CU_ASSERT_STRING_EQUAL(field(FIRST, "z0|aws|us-direct|up"), expected);
	CU_ASSERT_STRING_EQUAL(field(FIRST, "z7|aws|us-direct|up"), expected);
}

static void
many_rows_are_written(void)
{
	char zone[16];

	begin("box-1");
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(zone, sizeof(zone), "z%u", i);
		redis_rollups_add(rollups, START_NS, zone, "aws", "us-direct", 1, 0, 1);
	}
	CU_ASSERT_TRUE(becomes(FIRST, "z0|aws|us-direct|up", "1"));
	end();
	/* 4,080 rows and one of others. */
	CU_ASSERT_EQUAL(REDIS_ASK("HLEN", FIRST).integer, 3 * 4081);
	CU_ASSERT_STRING_EQUAL(field(FIRST, "*|*|*|up"), "920");
}

/* Lets us in and likes nothing else. */
static void
say_back(struct socket_peer *peer, int fd)
{
	char bytes[4096];

	if (socket_peer_read(peer, fd, bytes, sizeof(bytes)) > 0)
		socket_peer_write(fd, "+OK\r\n");
	if (socket_peer_read(peer, fd, bytes, sizeof(bytes)) > 0) {
		for (unsigned i = 0; i < 8; i++)
			socket_peer_write(fd, "-ERR after 's3cret-live'\r\n");
	}
	socket_peer_drain(peer, fd);
}

static void
a_secret_that_is_said_back_is_not_told(void)
{
	struct redis_rollups_state state = {.connected = false};
	struct socket_peer peer;

	CU_ASSERT_TRUE_FATAL(socket_peer_start(&peer, AF_INET, say_back, NULL));
	sample_config_init(&config);
	config.host = "127.0.0.1";
	config.port = peer.port;
	config.password = "s3cret-live";
	config.timeout_s = 2;
	rollups = redis_rollups_create(&config, "box-1", why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(rollups);
	redis_rollups_add(rollups, START_NS, "a", "o", "e", 1, 1, 1);
	for (unsigned i = 0; i < 1000 && state.last_error[0] == '\0'; i++) {
		redis_rollups_tell(rollups, &state);
		sample_nap();
	}
	CU_ASSERT_STRING_EQUAL(state.last_error, "ERR after '***'");
	end();
	socket_peer_stop(&peer);
}

static const struct unit_case cases[] = {
	{"a_secret_that_is_said_back_is_not_told", a_secret_that_is_said_back_is_not_told},
	{"sums_are_readable_by_minute", sums_are_readable_by_minute},
	{"the_end_writes_what_is_there", the_end_writes_what_is_there},
	{"hostile_texts_stay_one_field", hostile_texts_stay_one_field},
	{"a_redis_that_comes_back_gets_what_it_missed",
	 a_redis_that_comes_back_gets_what_it_missed},
	{"minutes_beyond_the_bound_are_counted", minutes_beyond_the_bound_are_counted},
	{"additions_never_wait", additions_never_wait},
	{"many_rows_are_written", many_rows_are_written},
};

static void
cannot_run(void)
{
	unit_skip("redis-server is not installed");
}

int
main(void)
{
	static const struct unit_case skipped[] = {{"everything", cannot_run}};

	if (!redis_server_start())
		return unit_run("redis_rollups", skipped, 1);
	int status = unit_run("redis_rollups", cases, sizeof(cases) / sizeof(*cases));
	redis_server_stop();
	return status;
}
