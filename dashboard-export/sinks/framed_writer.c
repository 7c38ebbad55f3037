/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/framed_writer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static_assert(STREAM_WHY_SIZE == sizeof(((struct transport_report *)0)->answer),
	      "a stream's reason is a report's answer");

static void
add_message(struct framed_writer *w, enum sink_framing framing, const struct outgoing *message)
{
	char *at = w->buffer + w->used;

	if (framing == SINK_FRAMING_OCTET_COUNTING)
		at += sprintf(at, "%zu ", message->len);
	memcpy(at, message->bytes, message->len);
	at += message->len;
	if (framing == SINK_FRAMING_NEWLINE)
		*at++ = '\n';
	w->used = (size_t)(at - w->buffer);
}

/* Where there are too many marks, the last one moves on: what it stands for counts as taken later.
 */
static void
set_mark(struct framed_writer *w, uint64_t sent, size_t messages)
{
	if (w->mark_count < FRAMED_WRITER_MARKS)
		w->mark_count++;
	size_t last = (w->first_mark + w->mark_count - 1) % FRAMED_WRITER_MARKS;
	w->marks[last].sent = sent;
	w->marks[last].messages = messages;
}

/* Moves `accepted` to what the receiver's machine has. */
static void
count_taken(struct framed_writer *w, const struct stream *s, struct transport_report *report)
{
	uint64_t sent = stream_sent(s);
	uint64_t pending = stream_pending(s);
	uint64_t taken = sent > pending ? sent - pending : 0;

	while (w->mark_count > 0 && w->marks[w->first_mark].sent <= taken) {
		report->accepted = w->marks[w->first_mark].messages;
		w->first_mark = (w->first_mark + 1) % FRAMED_WRITER_MARKS;
		w->mark_count--;
	}
}

static int
write_chunk(struct framed_writer *w, struct stream *s, size_t messages,
	    struct transport_report *report)
{
	int error = stream_check(s, report->answer);

	if (error == 0)
		error = stream_write_all(s, w->buffer, w->used, report->answer);
	if (error == 0)
		set_mark(w, stream_sent(s), messages);
	w->used = 0;
	count_taken(w, s, report);
	return error;
}

int
framed_writer_send(struct framed_writer *w, struct stream *s, enum sink_framing framing,
		   const struct outgoing *messages, size_t count, struct transport_report *report)
{
	size_t refused = 0;
	int error = 0;

	w->used = w->first_mark = w->mark_count = 0;
	for (size_t i = 0; i < count && error == 0; i++) {
		if (messages[i].len > FORMAT_MESSAGE_MAX)
			refused++;
		else
			add_message(w, framing, &messages[i]);
		if (w->used >= FRAMED_WRITER_CHUNK || i + 1 == count)
			error = write_chunk(w, s, i + 1, report);
	}
	if (error != 0)
		return error;
	report->accepted = count;
	report->refused = refused;
	return 0;
}
