/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a record costs on its way out: nanoseconds of CPU time to read a line of JSON, and to tell
 * it in each format, with the bytes that come of it. Prints the median of 7 rounds and their
 * spread.
 *
 *     bench_event LINE.json...          tests/golden/formats/input/alert-ipv4.json
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dashboard-export/formats/format.h"

#define ROUNDS 7
#define ROUND_NS 40000000.0

/* A sink reads that many rows into one arena. */
#define LINES_OF_ARENA 64

static char line[EVENT_LINE_MAX];
static size_t line_len;
static struct event event;
static struct arena *arena;
static const struct format *format;
static char out[FORMAT_MESSAGE_MAX];
static size_t out_len;

static const struct format_context context = {
	.sensor = "sensor-1.phares.example",
	.version = "0.1.0",
	.policy = "phares",
	.policy_version = 7,
	.enterprise_number = 32473,
	.facility = 20,
	.process_id = 4711,
};

static double
cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void
parse_once(void)
{
	static unsigned lines;
	char why[256];

	if (lines++ % LINES_OF_ARENA == 0) {
		arena_destroy(arena);
		arena = arena_create();
	}
	if (event_parse(line, line_len, arena, &event, why) != 0)
		errx(1, "%s", why);
	event.sequence = 42;
}

static void
tell_once(void)
{
	out_len = format_message(format, false, &event, &context, out, sizeof(out));
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
measure(const char *what, void (*once)(void))
{
	double rounds[ROUNDS];

	for (unsigned i = 0; i < ROUNDS; i++) {
		double start = cpu_ns(), now = start;
		unsigned count = 0;
		for (; now - start < ROUND_NS; count++) {
			once();
			now = count % 64 == 0 ? cpu_ns() : now;
		}
		rounds[i] = (cpu_ns() - start) / count;
	}
	qsort(rounds, ROUNDS, sizeof(*rounds), compare);
	printf("  %-8s %8.0f ns (%.0f to %.0f)", what, rounds[ROUNDS / 2], rounds[0],
	       rounds[ROUNDS - 1]);
}

static void
read_line(const char *path)
{
	FILE *file = fopen(path, "re");

	if (file == NULL)
		err(1, "%s", path);
	line_len = fread(line, 1, sizeof(line), file);
	fclose(file);
	printf("%s, %zu bytes\n", path, line_len);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		read_line(argv[i]);
		measure("parse", parse_once);
		putchar('\n');
		for (unsigned j = 0; (format = format_at(j)) != NULL; j++) {
			measure(format->name, tell_once);
			printf(", %zu bytes\n", out_len);
		}
	}
	arena_destroy(arena);
	return 0;
}
