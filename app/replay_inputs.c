/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay_inputs.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/printable_text.h"

static int
append(struct replay_inputs *inputs, const char *path, bool walked)
{
	struct replay_input *grown =
		reallocarray(inputs->items, inputs->count + 1, sizeof(*inputs->items));
	if (grown == NULL)
		return -ENOMEM;
	inputs->items = grown;
	grown[inputs->count].path = strdup(path);
	grown[inputs->count].walked = walked;
	return grown[inputs->count++].path != NULL ? 0 : -ENOMEM;
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* A file, or a link to one; links to directories are left out, so no walk comes round in a circle.
 */
static bool
is_file(const FTSENT *entry)
{
	struct stat status;

	if (entry->fts_info == FTS_F)
		return true;
	if (entry->fts_info != FTS_SL)
		return false;
	if (stat(entry->fts_path, &status) == 0)
		return S_ISREG(status.st_mode);
	fprintf(stderr, "vigie: %s: %s\n", printable_text(entry->fts_path).text, strerror(errno));
	return false;
}

/* What cannot be read inside is told and passed over: the rest is still worth reading. */
static int
walk(struct replay_inputs *inputs, const char *directory)
{
	char *const roots[] = {(char *)directory, NULL};
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	int error = fts == NULL ? -errno : 0;
	FTSENT *entry;

	while (error == 0 && (entry = fts_read(fts)) != NULL) {
		if (entry->fts_level > 0 && entry->fts_name[0] == '.')
			(void)fts_set(fts, entry, FTS_SKIP);
		else if (is_file(entry))
			error = append(inputs, entry->fts_path, true);
		else if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR)
			fprintf(stderr, "vigie: %s: %s\n", printable_text(entry->fts_path).text,
				strerror(entry->fts_errno));
	}
	if (fts != NULL)
		(void)fts_close(fts);
	return error;
}

int
replay_inputs_add(struct replay_inputs *inputs, const char *path)
{
	struct stat status;
	bool is_directory =
		strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
	int error = is_directory ? walk(inputs, path) : append(inputs, path, false);

	if (error != 0)
		fprintf(stderr, "vigie: %s: %s\n", printable_text(path).text, strerror(-error));
	return error;
}

void
replay_inputs_fini(struct replay_inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		free(inputs->items[i].path);
	free(inputs->items);
	*inputs = (struct replay_inputs){0};
}
