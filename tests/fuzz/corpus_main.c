/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fuzz target as an ordinary test, with any compiler: every file of its corpus goes in whole, cut
 * at every length and with single bits turned over. The same inputs every time, a bounded number of
 * them.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CUT_MAX 4096  /* longest prefix tried */
#define FLIP_MAX 4096 /* bits turned over per file, spread evenly over a longer one */
#define SEED_MAX (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* There only in a build with a sanitizer: lets us say which input it was. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static struct {
	const char *file;
	const char *change;
	size_t at;
} current;

static void
tell_input(void)
{
	printf("# input: %s, %s %zu\n", current.file, current.change, current.at);
	fflush(stdout);
}

static void
run(const char *change, size_t at, const uint8_t *data, size_t size)
{
	current.change = change;
	current.at = at;
	(void)LLVMFuzzerTestOneInput(data, size);
}

static void
run_changed(uint8_t *data, size_t size)
{
	run("whole, bytes:", size, data, size);
	for (size_t len = 0; len < size && len <= CUT_MAX; len++)
		run("cut to bytes:", len, data, len);

	size_t bits = size * 8;
	size_t step = bits / FLIP_MAX + 1;
	for (size_t bit = 0; bit < bits; bit += step) {
		data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		run("turned over bit", bit, data, size);
		data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

/* Returns false with errno when the file cannot be read or is too large to be a seed. */
static bool
run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return false;

	bool done = false;
	uint8_t *data = malloc(SEED_MAX);
	size_t size = data != NULL ? fread(data, 1, SEED_MAX, file) : SEED_MAX;
	if (size == SEED_MAX)
		errno = EFBIG;
	else if (!ferror(file)) {
		current.file = path;
		run_changed(data, size);
		done = true;
	}
	free(data);
	fclose(file);
	return done;
}

static int
is_seed(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int
main(int argc, char **argv)
{
	struct dirent **seeds;
	int failed = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
		return 2;
	}
	int count = scandir(argv[1], &seeds, is_seed, alphasort);
	if (count <= 0) {
		printf("Bail out! %s: %s\n", argv[1], count < 0 ? strerror(errno) : "no seed file");
		return 1;
	}
	if (__sanitizer_set_death_callback != NULL)
		__sanitizer_set_death_callback(tell_input);

	printf("TAP version 13\n1..%d\n", count);
	for (int i = 0; i < count; i++) {
		char path[4096];
		snprintf(path, sizeof(path), "%s/%s", argv[1], seeds[i]->d_name);
		bool done = run_file(path);
		if (!done)
			printf("# %s: %s\n", path, strerror(errno));
		printf("%sok %d - %s\n", done ? "" : "not ", i + 1, seeds[i]->d_name);
		fflush(stdout);
		failed += !done;
		free(seeds[i]);
	}
	free(seeds);
	return failed != 0;
}
