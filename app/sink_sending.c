/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sink_sending.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "app/row_progress.h"
#include "base/arena.h"
#include "dashboard-export/sinks/delivery_batch.h"
#include "dashboard-export/sinks/secret_mask.h"
#include "dashboard-export/sinks/transport.h"

#define NS_PER_S UINT64_C(1000000000)

/* One of the program, since a signal is meant for whatever is being sent. */
static struct transport_stop stop = {.fd = -1};

void
sink_sending_cancel(void)
{
	const uint64_t one = 1;
	int error = errno;

	atomic_store(&stop.wanted, true);
	if (stop.fd >= 0 && write(stop.fd, &one, sizeof(one)) < 0)
		errno = error; /* full: it is readable already */
	errno = error;
}

/* A connection, and what it has to tell. */
struct sending {
	const struct sink_config *sink;
	struct transport *transport;
	struct sink_sending_result *result;
};

static int
note(const struct sending *s, const struct transport_report *report, int error)
{
	const char *answer = report->answer;

	if (error != 0 && *answer == '\0')
		answer = error == -ECANCELED ? "stopped" : strerror(-error);
	if (*answer != '\0')
		(void)snprintf(s->result->answer, sizeof(s->result->answer), "%s", answer);
	secret_mask(s->sink, s->result->answer, sizeof(s->result->answer));
	return error;
}

static int
begin(struct sending *s)
{
	struct transport_report report = {0};

	s->result->acknowledged = s->sink->kind->acknowledges;
	if (stop.fd < 0)
		stop.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (stop.fd < 0)
		return note(s, &report, -errno);
	s->transport = s->sink->kind->create(s->sink, &stop, report.answer);
	if (s->transport == NULL)
		return note(s, &report, -EINVAL);
	return note(s, &report, s->sink->kind->connect(s->transport, &report));
}

/* Sends what the receiver has not taken yet, until it took all. */
static int
send_all(const struct sending *s, const struct outgoing *messages, size_t count)
{
	for (size_t sent = 0; sent < count;) {
		struct transport_report report = {0};
		int error =
			s->sink->kind->send(s->transport, messages + sent, count - sent, &report);
		sent += report.accepted;
		s->result->taken += report.accepted - report.refused;
		s->result->refused += report.refused;
		if (note(s, &report, error) != 0)
			return error;
		if (report.accepted == 0)
			return note(s, &report, -EIO);
	}
	return 0;
}

/* Where the kind can, the receiver's closing says that it has read all. */
static int
end(struct sending *s, int error)
{
	const struct transport_kind *kind = s->sink->kind;
	struct transport_report report = {0};

	if (error == 0 && kind->finish != NULL)
		error = note(s, &report, kind->finish(s->transport, &report));
	if (s->transport != NULL)
		kind->disconnect(s->transport);
	kind->destroy(s->transport);
	return error;
}

static int
send_line(const struct sending *s, const char *line, size_t len, struct arena *arena)
{
	static char message[FORMAT_MESSAGE_MAX];
	const struct sink_config *sink = s->sink;
	struct event event;

	int error = event_parse(line, len, arena, &event, s->result->answer);
	if (error != 0)
		return error;
	const struct outgoing outgoing = {
		.bytes = message,
		.len = format_message(sink->format, sink->kind->envelope, &event, &sink->context,
				      message, sink->limit),
		.id = event.id,
		.time_ns = event_time_ns(&event),
	};
	return outgoing.len != 0 ? send_all(s, &outgoing, 1) : -EMSGSIZE;
}

int
sink_sending_line(const struct sink_config *sink, const char *line, size_t len,
		  struct sink_sending_result *result)
{
	struct sending sending = {.sink = sink, .result = result};
	struct arena *arena = arena_create();

	*result = (struct sink_sending_result){0};
	int error = arena != NULL ? begin(&sending) : -ENOMEM;
	if (error == 0)
		error = send_line(&sending, line, len, arena);
	error = end(&sending, error);
	arena_destroy(arena);
	return error;
}

static uint64_t
clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* False when told to stop meanwhile. */
static bool
wait_until(uint64_t then_ns)
{
	struct pollfd told = {.fd = stop.fd, .events = POLLIN};
	uint64_t now = clock_ns();

	if (now < then_ns)
		(void)poll(&told, 1, (int)((then_ns - now) / 1000000u + 1));
	return !atomic_load(&stop.wanted);
}

static int
fill(const struct sending *s, struct delivery_batch *batch, struct journal_reader *reader,
     const struct sink_sending_rows *rows, struct delivery_filled *filled)
{
	/* A slow sink is not given more than a second's worth at once. */
	size_t most = s->sink->rate != 0 && s->sink->rate < s->sink->batch ? s->sink->rate
									   : s->sink->batch;

	int error =
		delivery_batch_fill(batch, reader, s->result->last, rows->through, most, filled);
	if (error != 0)
		(void)snprintf(s->result->answer, sizeof(s->result->answer), "the journal: %.200s",
			       journal_reader_error(reader));
	return error;
}

static int
send_rows(const struct sending *s, struct delivery_batch *batch, struct journal_reader *reader,
	  const struct sink_sending_rows *rows)
{
	struct sink_sending_result *result = s->result;
	struct delivery_filled filled;
	uint64_t next_ns = 0;

	while (result->last < rows->through) {
		int error = fill(s, batch, reader, rows, &filled);
		if (error != 0)
			return error;
		if (filled.last == result->last)
			return 0; /* no row is behind it any more */
		if (!wait_until(next_ns))
			return note(s, &(struct transport_report){0}, -ECANCELED);
		error = send_all(s, delivery_batch_messages(batch), filled.count);
		if (error != 0)
			return error;
		if (s->sink->rate != 0)
			next_ns = clock_ns() + filled.count * NS_PER_S / s->sink->rate;
		result->rows += filled.last - result->last - filled.missing;
		result->filtered += filled.filtered;
		result->unreadable += filled.unreadable;
		result->last = filled.last;
		if (rows->progress != NULL)
			row_progress_tick(rows->progress, result->last - rows->after,
					  rows->through - rows->after);
	}
	return 0;
}

int
sink_sending_rows(const struct sink_config *sink, struct journal_reader *reader,
		  const struct sink_sending_rows *rows, struct sink_sending_result *result)
{
	struct sink_config by_hand = *sink;
	struct sending sending = {.sink = &by_hand, .result = result};

	by_hand.by_hand = true;
	*result = (struct sink_sending_result){.last = rows->after};
	struct delivery_batch *batch = delivery_batch_create(sink);
	int error = batch != NULL ? begin(&sending) : -ENOMEM;
	if (error == 0)
		error = send_rows(&sending, batch, reader, rows);
	error = end(&sending, error);
	delivery_batch_destroy(batch);
	return error;
}
