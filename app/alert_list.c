/* SPDX-License-Identifier: Apache-2.0 */
#include "app/alert_list.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "app/last_rows.h"
#include "base/printable_text.h"

#define LOOK_NS 300000000 /* between two looks for new rows */

/* Check-points are no alerts. */
#define KINDS (1u << JOURNAL_ALERT | 1u << JOURNAL_SENSOR)

struct listing {
	struct journal_reader *reader;
	const struct alert_list_query *query;
	struct alert_output *output;
	const volatile sig_atomic_t *stop;
	struct alert_list_result *result;
	struct last_rows *last;
	struct arena *arena;
	struct event event;
	uint64_t head;    /* rows behind it come later */
	uint64_t to_skip; /* by the limit */
};

/* Severity is asked of an alert's last row, so it is no matter of the filter. */
static int
begin_rows(struct listing *l, uint64_t after)
{
	const struct journal_filter filter = {
		.after = after,
		.through = l->head,
		.recorded_since = l->query->since_ns,
		.rule = l->query->rule,
		.zone = l->query->zone,
		.id_prefix = l->query->id_prefix,
		.kinds = KINDS,
	};

	return journal_reader_select(l->reader, &filter);
}

static int
tell_error(const struct listing *l, int error)
{
	if (error < 0)
		fprintf(stderr, "vigie: %s: %s\n", printable_text(l->query->path).text,
			printable_text(journal_reader_error(l->reader)).text);
	return error;
}

/* So that all passes see the same rows, whatever comes meanwhile. */
static int
read_head(struct listing *l)
{
	uint8_t hash[JOURNAL_HASH_LEN];

	return tell_error(l, journal_reader_head(l->reader, &l->head, hash));
}

/* The next row that was recorded in time: 1, 0 behind the last, -errno. */
static int
next_row(struct listing *l, struct journal_row *row)
{
	int found;

	do {
		found = *l->stop ? 0 : journal_reader_next(l->reader, row);
	} while (found == 1 && l->query->until_ns != 0 && row->recorded_ns >= l->query->until_ns);
	if (found == 0)
		journal_reader_pause(l->reader);
	return tell_error(l, found);
}

static int
find_last_rows(struct listing *l)
{
	struct journal_row row;
	int found;

	(void)begin_rows(l, 0);
	while ((found = next_row(l, &row)) == 1) {
		if (last_rows_add(l->last, &row) != 0)
			return -ENOMEM;
	}
	return found;
}

static void
show(struct listing *l, const struct journal_row *row)
{
	char why[256] = "";

	arena_empty(l->arena);
	if (event_parse(row->content, row->len, l->arena, &l->event, why) != 0 ||
	    event_clean(&l->event, l->arena) != 0) {
		if (l->result->unreadable++ == 0)
			fprintf(stderr, "vigie: row %llu is no alert: %s\n",
				(unsigned long long)row->sequence, why);
		return;
	}
	l->event.sequence = row->sequence;
	l->event.recorded_ns = row->recorded_ns;
	l->output->format->add(l->output, row, &l->event);
	l->result->shown++;
}

/* Whether the row is one of those that are asked for, before any limit. */
static bool
is_wanted(struct listing *l, const struct journal_row *row)
{
	return row->severity >= l->query->minimum &&
	       (l->last == NULL || last_rows_is_last(l->last, row));
}

static int
show_rows(struct listing *l, uint64_t after)
{
	struct journal_row row;
	int found;

	(void)begin_rows(l, after);
	while ((found = next_row(l, &row)) == 1) {
		if (!is_wanted(l, &row))
			continue;
		if (l->to_skip > 0) {
			l->to_skip--;
			l->result->left_out++;
			continue;
		}
		show(l, &row);
	}
	l->output->format->flush(l->output);
	l->result->last = l->head;
	return found;
}

/* With --all, rows below the severity are counted by going through them. */
static int
count_rows(struct listing *l, uint64_t *count)
{
	struct journal_row row;
	int found;

	*count = 0;
	if (l->last != NULL) {
		*count = last_rows_count(l->last, l->query->minimum);
		return 0;
	}
	(void)begin_rows(l, 0);
	while ((found = next_row(l, &row)) == 1)
		*count += row.severity >= l->query->minimum;
	return found;
}

static int
list(struct listing *l)
{
	uint64_t count = 0;
	int error = read_head(l);

	if (error != 0 || l->head == 0)
		return error;
	if (l->last != NULL)
		error = find_last_rows(l);
	if (error == 0 && l->query->limit != 0)
		error = count_rows(l, &count);
	if (error == 0 && l->query->limit != 0 && count > l->query->limit)
		l->to_skip = count - l->query->limit;
	return error == 0 ? show_rows(l, 0) : error;
}

int
alert_list_show(struct journal_reader *reader, const struct alert_list_query *query,
		struct alert_output *output, const volatile sig_atomic_t *stop,
		struct alert_list_result *result)
{
	struct listing listing = {
		.reader = reader,
		.query = query,
		.output = output,
		.stop = stop,
		.result = result,
		.arena = arena_create(),
		.last = query->all ? NULL : last_rows_create(),
	};
	int error = -ENOMEM;

	*result = (struct alert_list_result){0};
	if (listing.arena != NULL && (query->all || listing.last != NULL))
		error = list(&listing);
	if (error == -ENOMEM)
		fprintf(stderr, "vigie: out of memory\n");
	last_rows_destroy(listing.last);
	arena_destroy(listing.arena);
	return error;
}

/*
 * A damaged journal is moved aside and a new one begun, whose rows count from 1 again. A file that
 * was not seen yet is opened to see which journal it is.
 */
static void
take_new_journal(struct listing *l, struct journal_reader **reader, struct stat *known)
{
	struct stat now;
	char why[256];

	if (stat(l->query->path, &now) != 0 ||
	    (now.st_ino == known->st_ino && now.st_dev == known->st_dev))
		return;
	struct journal_reader *opened = journal_reader_open(l->query->path, why);
	if (opened == NULL)
		return; /* it is being made: looked for again */
	*known = now;
	if (strcmp(journal_reader_id(opened), journal_reader_id(*reader)) == 0) {
		journal_reader_close(opened);
		return;
	}
	journal_reader_close(*reader);
	*reader = l->reader = opened;
	l->result->last = 0;
}

int
alert_list_follow(struct journal_reader **reader, const struct alert_list_query *query,
		  struct alert_output *output, const volatile sig_atomic_t *stop,
		  struct alert_list_result *result)
{
	struct listing listing = {
		.reader = *reader,
		.query = query,
		.output = output,
		.stop = stop,
		.result = result,
		.arena = arena_create(),
	};
	struct stat known = {0};
	int error = listing.arena != NULL ? 0 : -ENOMEM;

	while (error == 0 && !*stop && !ferror(output->out)) {
		take_new_journal(&listing, reader, &known);
		error = read_head(&listing);
		if (error == 0 && listing.head > result->last)
			error = show_rows(&listing, result->last);
		nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
	}
	arena_destroy(listing.arena);
	return error;
}
