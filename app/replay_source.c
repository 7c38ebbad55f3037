/* SPDX-License-Identifier: Apache-2.0 */
#include "app/replay_source.h"

#include <errno.h>
#include <stdlib.h>

/* One file's packets read ahead. They stay valid until its reader is asked again, so a merged burst
 * ends where one of its files would have to be. */
struct input {
	struct capture_reader *reader;
	struct packet packets[PACKET_BURST_MAX];
	size_t next, count;
	bool ended;
};

struct replay_source {
	size_t input_count;
	struct input inputs[];
};

struct replay_source *
replay_source_open(struct capture_file *const *files, size_t file_count, unsigned index)
{
	struct replay_source *s = calloc(1, sizeof(*s) + file_count * sizeof(s->inputs[0]));
	if (s == NULL)
		return NULL;
	s->input_count = file_count;
	for (size_t i = 0; i < file_count; i++) {
		s->inputs[i].reader = capture_reader_create(files[i], index);
		if (s->inputs[i].reader == NULL) {
			replay_source_close(s);
			errno = ENOMEM;
			return NULL;
		}
	}
	return s;
}

void
replay_source_close(struct replay_source *source)
{
	if (source == NULL)
		return;
	for (size_t i = 0; i < source->input_count; i++)
		capture_reader_destroy(source->inputs[i].reader);
	free(source);
}

static void
refill(struct input *input)
{
	if (input->ended || input->next < input->count)
		return;
	input->next = 0;
	input->count = capture_reader_burst(input->reader, input->packets, PACKET_BURST_MAX);
	input->ended = input->count == 0;
}

static struct input *
earliest(struct replay_source *s, size_t *file)
{
	struct input *best = NULL;

	for (size_t i = 0; i < s->input_count; i++) {
		struct input *input = &s->inputs[i];
		if (input->ended)
			continue;
		if (best == NULL ||
		    input->packets[input->next].time_ns < best->packets[best->next].time_ns) {
			best = input;
			*file = i;
		}
	}
	return best;
}

static size_t
merged_burst(struct replay_source *s, struct packet *packets)
{
	size_t count = 0, file = 0;

	for (size_t i = 0; i < s->input_count; i++)
		refill(&s->inputs[i]);
	while (count < PACKET_BURST_MAX) {
		struct input *input = earliest(s, &file);
		if (input == NULL)
			break;
		packets[count] = input->packets[input->next++];
		packets[count++].port = (uint16_t)file;
		if (input->next == input->count)
			break;
	}
	return count;
}

size_t
replay_source_burst(struct replay_source *source, struct packet *packets)
{
	if (source->input_count == 1)
		return capture_reader_burst(source->inputs[0].reader, packets, PACKET_BURST_MAX);
	return merged_burst(source, packets);
}

struct capture_damage
replay_source_damage(const struct replay_source *source, size_t file)
{
	return capture_reader_damage(source->inputs[file].reader);
}

const char *
replay_source_port_name(const struct replay_source *source, uint16_t port)
{
	return capture_reader_port_name(source->inputs[0].reader, port);
}
