/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/delivery_batch.h"

#include "base/arena.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Ids of alerts have 32 digits, those of flows 16. */
#define ID_MAX 64

struct delivery_batch {
	const struct sink_config *config;
	struct arena *arena; /* of the event being formatted */
	struct event event;
	struct outgoing *messages;
	char (*ids)[ID_MAX];
	char journal[JOURNAL_ID_LEN + 1];
	size_t count;
	size_t used;
	char *bytes;
};

struct delivery_batch *
delivery_batch_create(const struct sink_config *config)
{
	struct delivery_batch *b = calloc(1, sizeof(*b));

	if (b == NULL)
		return NULL;
	b->config = config;
	b->arena = arena_create();
	b->messages = calloc(config->batch, sizeof(*b->messages));
	b->ids = calloc(config->batch, sizeof(*b->ids));
	b->bytes = malloc(DELIVERY_BATCH_BYTES + FORMAT_MESSAGE_MAX);
	if (b->arena == NULL || b->messages == NULL || b->ids == NULL || b->bytes == NULL) {
		delivery_batch_destroy(b);
		errno = ENOMEM;
		return NULL;
	}
	return b;
}

void
delivery_batch_destroy(struct delivery_batch *batch)
{
	if (batch == NULL)
		return;
	arena_destroy(batch->arena);
	free(batch->messages);
	free(batch->ids);
	free(batch->bytes);
	free(batch);
}

static void
empty(struct delivery_batch *b)
{
	b->count = b->used = 0;
}

static bool
is_full(const struct delivery_batch *b, size_t max)
{
	return b->count >= max || b->count >= b->config->batch || b->used >= DELIVERY_BATCH_BYTES;
}

/* Adds a line as a message, the row's where there is one. False where it is no event: it cannot be
 * told to anybody. */
static bool
add(struct delivery_batch *b, const char *line, size_t len, const struct journal_row *row)
{
	uint64_t sequence = row != NULL ? row->sequence : 0;
	const struct sink_config *c = b->config;
	char why[256];

	arena_empty(b->arena);
	if (event_parse(line, len, b->arena, &b->event, why) != 0)
		return false;
	b->event.sequence = sequence;
	b->event.recorded_ns = row != NULL ? row->recorded_ns : 0;
	char *at = b->bytes + b->used;
	size_t written =
		format_message(c->format, c->kind->envelope, &b->event, &c->context, at, c->limit);
	if (written == 0)
		return false;
	char *id = b->ids[b->count];
	(void)snprintf(id, ID_MAX, "%s", b->event.id != NULL ? b->event.id : "");
	b->messages[b->count++] = (struct outgoing){
		.bytes = at,
		.len = written,
		.id = id,
		.sequence = sequence,
		.journal = sequence != 0 ? b->journal : NULL,
		.time_ns = event_time_ns(&b->event),
		.is_flow = b->event.class == EVENT_CLASS_FLOW,
	};
	b->used += written;
	return true;
}

static void
take_row(struct delivery_batch *b, const struct journal_row *row, struct delivery_filled *out)
{
	out->missing += row->sequence - out->last - 1;
	out->last = row->sequence;
	if (row->kind == JOURNAL_CHECKPOINT)
		return;
	if (row->severity < b->config->minimum)
		out->filtered++;
	else if (!add(b, row->content, row->len, row))
		out->unreadable++;
}

int
delivery_batch_fill(struct delivery_batch *batch, struct journal_reader *reader, uint64_t after,
		    uint64_t through, size_t max, struct delivery_filled *out)
{
	const struct journal_filter filter = {.after = after, .through = through};
	struct journal_row row;
	int found = 1;

	empty(batch);
	*out = (struct delivery_filled){.last = after};
	(void)snprintf(batch->journal, sizeof(batch->journal), "%s", journal_reader_id(reader));
	int error = journal_reader_select(reader, &filter);
	while (error == 0 && !is_full(batch, max) &&
	       (found = journal_reader_next(reader, &row)) == 1)
		take_row(batch, &row, out);
	journal_reader_pause(reader);
	out->count = batch->count;
	return found < 0 ? found : error;
}

void
delivery_batch_fill_flows(struct delivery_batch *batch, struct delivery_flows *flows, size_t max,
			  struct delivery_filled *out, size_t *taken)
{
	const struct flow_line *line = delivery_flows_first(flows);

	empty(batch);
	*out = (struct delivery_filled){0};
	*taken = 0;
	size_t waiting = delivery_flows_count(flows);
	while (*taken < waiting && !is_full(batch, max)) {
		out->unreadable += !add(batch, line->bytes, line->len, NULL);
		/* The last one's successor is being added by others meanwhile. */
		if (++*taken < waiting)
			line = line->next;
	}
	out->count = batch->count;
}

const struct outgoing *
delivery_batch_messages(const struct delivery_batch *batch)
{
	return batch->messages;
}

size_t
delivery_batch_bytes(const struct delivery_batch *batch)
{
	return batch->used;
}
