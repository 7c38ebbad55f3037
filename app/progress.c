/* SPDX-License-Identifier: Apache-2.0 */
#include "app/progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/printable_text.h"

#define NS_PER_S 1000000000u
#define FIRST_DRAW_NS (NS_PER_S / 2)
#define REDRAW_NS (NS_PER_S / 5)
#define BAR_WIDTH 30

static uint64_t
clock_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

void
progress_init(struct progress *progress, struct capture_file *const *files, size_t file_count,
	      const char *name)
{
	const char *slash = strrchr(name, '/');
	uint64_t now = clock_ns();

	*progress = (struct progress){
		.files = files,
		.file_count = file_count,
		.start_ns = now,
		.drawn_ns = now - REDRAW_NS,
	};
	if (file_count > 1)
		name = "merged captures";
	else if (slash != NULL)
		name = slash + 1;
	(void)printable_text_copy(name, progress->name, sizeof(progress->name));
}

static void
draw(const struct progress *p, uint64_t position, uint64_t size, double seconds)
{
	double rate = (double)position / seconds / (1 << 20);

	if (size == 0) {
		fprintf(stderr, "\r\033[K%s  %.1f MiB  %.0f MiB/s", p->name,
			(double)position / (1 << 20), rate);
		return;
	}
	double share = position < size ? (double)position / (double)size : 1.0;
	char bar[BAR_WIDTH + 1];
	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', (size_t)(share * BAR_WIDTH));
	bar[BAR_WIDTH] = '\0';
	double left = share > 0 ? seconds / share - seconds : 0;
	fprintf(stderr, "\r\033[K%s  [%s] %3.0f %%  %.0f MiB/s  %.0f s left", p->name, bar,
		share * 100, rate, left);
}

void
progress_tick(void *context)
{
	struct progress *p = context;
	uint64_t now = clock_ns(), position = 0, size = 0;

	if (now - p->start_ns < FIRST_DRAW_NS || now - p->drawn_ns < REDRAW_NS)
		return;
	for (size_t i = 0; i < p->file_count; i++) {
		position += capture_file_position(p->files[i]);
		size += capture_file_size(p->files[i]);
	}
	p->drawn_ns = now;
	p->drawn = true;
	draw(p, position, size, (double)(now - p->start_ns) / NS_PER_S);
}

void
progress_end(struct progress *progress)
{
	if (progress->drawn)
		fprintf(stderr, "\r\033[K");
}
