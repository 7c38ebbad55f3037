/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/sinks/sink_sample.h"

#include <err.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define FOLDERS_MAX 64
#define ID "00112233445566778899aabbccddeeff"

static struct transport_stop stop = {.fd = -1};
static char folders[FOLDERS_MAX][64];
static size_t folder_count;

struct transport_stop *
sink_sample_stop(void)
{
	if (stop.fd < 0)
		stop.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (stop.fd < 0)
		err(1, "eventfd");
	return &stop;
}

void
sink_sample_tell_stop(bool wanted)
{
	eventfd_t value;

	(void)sink_sample_stop();
	stop.wanted = wanted;
	if (wanted)
		(void)eventfd_write(stop.fd, 1);
	else
		(void)eventfd_read(stop.fd, &value);
}

struct sink_config
sink_sample_config(const char *port)
{
	return (struct sink_config){.name = "sample",
				    .host = "127.0.0.1",
				    .port = port,
				    .batch = 1024,
				    .timeout_s = 20,
				    .framing = SINK_FRAMING_OCTET_COUNTING};
}

struct outgoing *
sink_sample_messages(size_t count, size_t size)
{
	struct outgoing *messages = calloc(count, sizeof(*messages));
	char *bytes = malloc(count * size + 64);

	if (messages == NULL || bytes == NULL)
		err(1, "messages");
	for (size_t i = 0; i < count; i++) {
		char *at = bytes + i * size, head[32];
		int len = snprintf(head, sizeof(head), "<166>1 %zu ", i);
		memset(at, 'a' + (int)(i % 26), size);
		memcpy(at, head, (size_t)len < size ? (size_t)len : size);
		messages[i] =
			(struct outgoing){.bytes = at, .len = size, .id = ID, .sequence = i + 1};
	}
	return messages;
}

void
sink_sample_free(struct outgoing *messages)
{
	free((void *)(uintptr_t)messages[0].bytes);
	free(messages);
}

static int
remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	(void)remove(path);
	return 0;
}

static void
remove_folders(void)
{
	for (size_t i = 0; i < folder_count; i++)
		(void)nftw(folders[i], remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

const char *
sink_sample_folder(void)
{
	if (folder_count == 0)
		(void)atexit(remove_folders);
	if (folder_count == FOLDERS_MAX)
		errx(1, "too many folders");
	char *folder = folders[folder_count++];
	strcpy(folder, "/tmp/vigie-sink-XXXXXX");
	if (mkdtemp(folder) == NULL)
		err(1, "%s", folder);
	return folder;
}

const char *
sink_sample_path(const char *folder, const char *name)
{
	static char paths[8][PATH_MAX];
	static unsigned next;

	next = (next + 1) % 8;
	snprintf(paths[next], PATH_MAX, "%s/%s", folder, name);
	return paths[next];
}

void
sink_sample_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
		err(1, "%s", path);
}

char *
sink_sample_read(const char *path, size_t *len)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0, used = 0;

	if (file == NULL)
		return NULL;
	do {
		size += 1 << 16;
		text = realloc(text, size + 1);
		if (text == NULL)
			err(1, "%s", path);
		used += fread(text + used, 1, size - used, file);
	} while (used == size);
	fclose(file);
	text[used] = '\0';
	if (len != NULL)
		*len = used;
	return text;
}
