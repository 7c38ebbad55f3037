/* SPDX-License-Identifier: Apache-2.0 */
#include "app/row_progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/human_text.h"

#define NS_PER_S 1000000000u
#define FIRST_DRAW_NS (NS_PER_S / 2)
#define REDRAW_NS (NS_PER_S / 5)

static uint64_t
clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

void
row_progress_init(struct row_progress *progress, const char *what)
{
	*progress = (struct row_progress){
		.what = what,
		.shown = isatty(STDERR_FILENO),
		.start_ns = clock_ns(),
	};
}

void
row_progress_tick(struct row_progress *progress, uint64_t rows, uint64_t of)
{
	uint64_t now = clock_ns();

	if (!progress->shown || now - progress->start_ns < FIRST_DRAW_NS ||
	    now - progress->drawn_ns < REDRAW_NS)
		return;
	progress->drawn = true;
	progress->drawn_ns = now;
	double rate = (double)rows / ((double)(now - progress->start_ns) / NS_PER_S);
	fprintf(stderr, "\r\033[K%s  %s rows", progress->what, human_count(rows).text);
	if (of != 0)
		fprintf(stderr, " of %s  %s", human_count(of).text, human_percent(rows, of).text);
	fprintf(stderr, "  %s a second", human_count((uint64_t)rate).text);
}

void
row_progress_end(struct row_progress *progress)
{
	if (progress->drawn)
		fprintf(stderr, "\r\033[K");
	progress->drawn = false;
}
