/* SPDX-License-Identifier: Apache-2.0 */
/* Against a receiver in the test itself, which does on command what real ones do when they like. */
#include "dashboard-export/sinks/delivery.h"

#include "dashboard-export/sinks/transport.h"
#include "tests/unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROWS_MAX 4096
#define LIMIT_MS 20000

/* What a receiver has got and how it behaves. */
struct receiver {
	pthread_mutex_t lock;
	unsigned count[ROWS_MAX]; /* how often each row came */
	size_t messages, flows, connects;
	uint64_t last;
	bool in_order;
	unsigned refuse_connects; /* so many times */
	unsigned break_after;     /* messages until a send fails, each time; 0: never */
	bool refuse_odd;          /* rows with odd numbers are refused for good */
	bool hangs;               /* takes nothing until told to stop */
	bool doubtful_loss;       /* closes once, with all in doubt */
	bool closes_each;         /* reads one message of each connection, and closes */
	size_t of_connection;     /* messages of this one */
	uint64_t claims;          /* what it says it has, when asked */
	size_t pending;
};

static struct receiver receivers[2];

struct transport {
	struct receiver *to;
	const struct transport_stop *stop;
};

static struct transport *
create(const struct sink_config *config, const struct transport_stop *stop, char why[256])
{
	struct transport *t = malloc(sizeof(*t));

	(void)why;
	*t = (struct transport){&receivers[config->path[0] - '0'], stop};
	return t;
}

static void
destroy(struct transport *t)
{
	free(t);
}

static int
connect_receiver(struct transport *t, struct transport_report *report)
{
	int error = 0;

	pthread_mutex_lock(&t->to->lock);
	t->to->connects++;
	t->to->of_connection = 0;
	if (t->to->refuse_connects > 0) {
		t->to->refuse_connects--;
		error = -ECONNREFUSED;
		(void)snprintf(report->answer, sizeof(report->answer), "nobody listens");
	}
	pthread_mutex_unlock(&t->to->lock);
	return error;
}

static void
take(struct receiver *r, const struct outgoing *m, struct transport_report *report)
{
	if (m->is_flow) {
		r->flows++;
		return;
	}
	if (r->refuse_odd && m->sequence % 2 == 1) {
		report->refused++;
		(void)snprintf(report->answer, sizeof(report->answer),
			       "odd, says who knows hook-secret");
		return;
	}
	if (r->closes_each && r->of_connection++ > 0)
		return; /* unread, and lost */
	r->in_order &= m->sequence > r->last || r->count[m->sequence % ROWS_MAX] > 0;
	r->last = m->sequence;
	r->count[m->sequence % ROWS_MAX]++;
	r->messages++;
}

static int
send_messages(struct transport *t, const struct outgoing *messages, size_t count,
	      struct transport_report *report)
{
	struct receiver *r = t->to;
	int error = 0;

	if (r->hangs) {
		struct pollfd stop = {.fd = t->stop->fd, .events = POLLIN};
		(void)poll(&stop, 1, -1);
		return -ECANCELED;
	}
	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; i < count && error == 0; i++) {
		if (r->break_after > 0 && report->accepted == r->break_after) {
			error = -ECONNRESET;
			break;
		}
		take(r, &messages[i], report);
		report->accepted++;
	}
	pthread_mutex_unlock(&r->lock);
	return error;
}

static void
disconnect(struct transport *t)
{
	(void)t;
}

static int
resume(struct transport *t, const char *journal, uint64_t *sequence,
       struct transport_report *report)
{
	(void)journal;
	(void)report;
	*sequence = t->to->claims;
	return 0;
}

/* Closes once, after it has taken everything, so that all of it is in doubt. */
static int
check(struct transport *t, struct transport_report *report)
{
	int error = 0;

	pthread_mutex_lock(&t->to->lock);
	/* In order where nothing was left unread, else by a reset. */
	if (t->to->closes_each && t->to->of_connection > 0) {
		error = t->to->of_connection == 1 ? -EPIPE : -ECONNRESET;
		(void)snprintf(report->answer, sizeof(report->answer), "closed by the receiver");
	}
	if (t->to->doubtful_loss && t->to->messages >= 100) {
		t->to->doubtful_loss = false;
		error = -EPIPE;
		(void)snprintf(report->answer, sizeof(report->answer), "closed by the receiver");
	}
	pthread_mutex_unlock(&t->to->lock);
	return error;
}

static size_t
pending(struct transport *t)
{
	return t->to->pending;
}

static const struct transport_kind acknowledging = {
	.name = "acknowledging",
	.acknowledges = true,
	.create = create,
	.destroy = destroy,
	.connect = connect_receiver,
	.send = send_messages,
	.resume = resume,
	.disconnect = disconnect,
};

static const struct transport_kind silent = {
	.name = "silent",
	.create = create,
	.destroy = destroy,
	.connect = connect_receiver,
	.send = send_messages,
	.check = check,
	.pending = pending,
	.disconnect = disconnect,
};

/* A journal and up to two sinks. */
struct setting {
	char folder[64], path[96];
	struct site_key key;
	struct journal *journal;
	struct sink_config sinks[2];
	size_t sink_count;
	struct delivery *delivery;
	_Atomic unsigned failing, recovered, refused;
};

static void
on_note(void *context, const struct delivery_note *note)
{
	struct setting *s = context;

	s->failing += note->what == DELIVERY_FAILING;
	s->recovered += note->what == DELIVERY_RECOVERED;
	s->refused += note->what == DELIVERY_REFUSED ? (unsigned)note->count : 0;
}

static void
add_sink(struct setting *s, const struct transport_kind *kind, const char *number)
{
	s->sinks[s->sink_count++] = (struct sink_config){
		.name = number,
		.kind = kind,
		.format = &format_text,
		.alerts = true,
		.path = number,
		.context = {.sensor = "sensor", .version = "0", .facility = 20},
		.limit = 8192,
		.batch = 64,
		.timeout_s = 5,
		.failing_s = 3600,
	};
}

static void
begin(struct setting *s)
{
	struct journal_opening opening;
	char why[256];

	memset(s, 0, sizeof(*s));
	for (size_t i = 0; i < 2; i++)
		receivers[i] =
			(struct receiver){.lock = PTHREAD_MUTEX_INITIALIZER, .in_order = true};
	(void)snprintf(s->folder, sizeof(s->folder), "/tmp/vigie-delivery-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(s->folder));
	(void)snprintf(s->path, sizeof(s->path), "%s/journal.db", s->folder);
	const struct journal_config config = {.path = s->path, .key = &s->key};
	s->journal = journal_open(&config, &opening, why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s->journal);
}

static void
start(struct setting *s)
{
	const struct delivery_config config = {
		.sinks = s->sinks,
		.sink_count = s->sink_count,
		.journal = s->journal,
		.journal_path = s->path,
		.note = on_note,
		.note_context = s,
	};
	char why[256] = "";

	s->delivery = delivery_start(&config, why);
	if (s->delivery == NULL)
		printf("# %s\n", why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s->delivery);
}

static void
stop(struct setting *s, unsigned grace_ms)
{
	delivery_stop(s->delivery, grace_ms);
	s->delivery = NULL;
}

static void
end(struct setting *s)
{
	DIR *folder;
	struct dirent *entry;

	CU_ASSERT_EQUAL(journal_close(s->journal), 0);
	folder = opendir(s->folder);
	while ((entry = readdir(folder)) != NULL)
		(void)unlinkat(dirfd(folder), entry->d_name, 0);
	(void)closedir(folder);
	CU_ASSERT_EQUAL(rmdir(s->folder), 0);
}

static void
append(struct setting *s, unsigned count)
{
	static const char line[] =
		"{\"@timestamp\":\"2026-12-01T02:30:00.000000000Z\",\"event\":{\"kind\":\"alert\","
		"\"id\":\"6b55082d5f70a5f5b4c470134683fcf4\",\"category\":[\"network\"],"
		"\"type\":[\"info\"],\"severity\":3,\"risk_score\":21,"
		"\"start\":\"2026-12-01T02:30:00.000000000Z\","
		"\"end\":\"2026-12-01T02:30:00.000000000Z\",\"duration\":0},"
		"\"rule\":{\"id\":\"GOV-ZONE-UNMAPPED\",\"name\":\"n\"},\"message\":\"m\","
		"\"vigie\":{\"day\":\"2026-12-01\",\"severity\":\"low\",\"subject\":\"s\"}}";

	for (unsigned i = 0; i < count; i++) {
		const struct journal_entry entry = {
			.kind = JOURNAL_ALERT,
			.id = "6b55082d5f70a5f5b4c470134683fcf4",
			.rule = "GOV-ZONE-UNMAPPED",
			.severity = i % 2 == 0 ? SEVERITY_LOW : SEVERITY_HIGH,
			.content = line,
			.len = sizeof(line) - 1,
		};
		CU_ASSERT_EQUAL(journal_append(s->journal, &entry), 0);
	}
	CU_ASSERT_EQUAL(journal_flush(s->journal, LIMIT_MS), 0);
}

static uint64_t
acknowledged(struct setting *s, size_t sink)
{
	struct sink_cursor cursor;
	uint64_t backlog;

	delivery_tell(s->delivery, sink, &cursor, &backlog);
	return cursor.acknowledged;
}

static bool
wait_for_cursor(struct setting *s, size_t sink, uint64_t row)
{
	for (unsigned ms = 0; ms < LIMIT_MS; ms += 5) {
		if (acknowledged(s, sink) >= row)
			return true;
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
	}
	return false;
}

/* Every row to `last` came, `least` to `most` times. */
static void
expect_rows(const struct receiver *r, uint64_t last, unsigned least, unsigned most)
{
	for (uint64_t i = 1; i <= last; i++) {
		CU_ASSERT_TRUE(r->count[i] >= least);
		CU_ASSERT_TRUE(r->count[i] <= most);
	}
}

static void
every_row_arrives_once_and_in_order(void)
{
	struct setting s;

	begin(&s);
	add_sink(&s, &acknowledging, "0");
	append(&s, 500);
	start(&s);
	append(&s, 500);
	CU_ASSERT_TRUE(wait_for_cursor(&s, 0, 1000));
	stop(&s, LIMIT_MS);
	expect_rows(&receivers[0], 1000, 1, 1);
	CU_ASSERT_TRUE(receivers[0].in_order);
	end(&s);
}

static void
a_restart_goes_on_behind_the_cursor(void)
{
	struct setting s;

	begin(&s);
	add_sink(&s, &acknowledging, "0");
	append(&s, 100);
	start(&s);
	CU_ASSERT_TRUE(wait_for_cursor(&s, 0, 100));
	stop(&s, LIMIT_MS);
	append(&s, 100);
	start(&s);
	CU_ASSERT_TRUE(wait_for_cursor(&s, 0, 200));
	stop(&s, LIMIT_MS);
	expect_rows(&receivers[0], 200, 1, 1);
	end(&s);
}

static void
what_was_not_accepted_is_sent_again(void)
{
	struct setting s;

	begin(&s);
	add_sink(&s, &acknowledging, "0");
	receivers[0].refuse_connects = 1;
	receivers[0].break_after = 10;
	append(&s, 50);
	start(&s);
	CU_ASSERT_TRUE(wait_for_cursor(&s, 0, 50));
	stop(&s, LIMIT_MS);
	expect_rows(&receivers[0], 50, 1, 1);
	CU_ASSERT_TRUE(receivers[0].connects >= 5);
	end(&s);
}

static void
what_was_written_before_a_break_is_sent_again(void)
{
	struct setting s;

	begin(&s);
	add_sink(&s, &silent, "0");
	s.sinks[0].resend_s = 1;
	receivers[0].doubtful_loss = true;
	append(&s, 100);
	start(&s);
	CU_ASSERT_TRUE(wait_for_cursor(&s, 0, 100));
	stop(&s, LIMIT_MS);
	expect_rows(&receivers[0], 100, 2, 2);
	end(&s);
}

static void
who_closes_after_each_message_gets_them_one_by_one(void)
{
	struct setting s;

	begin(&s);
	add_sink(&s, &silent, "0");
	s.sinks[0].resend_s = 5;
	receivers[0].closes_each = true;
	append(&s, 50);
	start(&s);
	CU_ASSERT_TRUE(wait_for_cursor(&s, 0, 50));
	stop(&s, 50);
	/* The first came some times, until it was clear what the matter is. */
	for (unsigned i = 2; i <= 50; i++)
		CU_ASSERT_EQUAL(receivers[0].count[i], 1);
	CU_ASSERT_TRUE(receivers[0].count[1] <= 5);
	end(&s);
}

static void
a_receiver_that_has_more_is_believed(void)
{
	struct setting s;

	begin(&s);
	add_sink(&s, &acknowledging, "0");
	receivers[0].claims = 30;
	append(&s, 50);
	start(&s);
	CU_ASSERT_TRUE(wait_for_cursor(&s, 0, 50));
	stop(&s, LIMIT_MS);
	CU_ASSERT_EQUAL(receivers[0].messages, 20);
	CU_ASSERT_EQUAL(receivers[0].count[30], 0);
	CU_ASSERT_EQUAL(receivers[0].count[31], 1);
	end(&s);
}

static void
the_minimum_is_kept_and_the_cursor_passes(void)
{
	struct setting s;
	struct sink_cursor cursor;
	uint64_t backlog;

	begin(&s);
	add_sink(&s, &acknowledging, "0");
	s.sinks[0].minimum = SEVERITY_HIGH;
	append(&s, 101); /* the last one is low */
	start(&s);
	CU_ASSERT_TRUE(wait_for_cursor(&s, 0, 101));
	delivery_tell(s.delivery, 0, &cursor, &backlog);
	CU_ASSERT_EQUAL(cursor.filtered, 51);
	CU_ASSERT_EQUAL(backlog, 0);
	stop(&s, LIMIT_MS);
	CU_ASSERT_EQUAL(receivers[0].messages, 50);
	end(&s);
}

static void
a_sink_that_hangs_holds_up_nobody(void)
{
	struct setting s;

	begin(&s);
	add_sink(&s, &acknowledging, "0");
	add_sink(&s, &acknowledging, "1");
	receivers[0].hangs = true;
	append(&s, 300);
	start(&s);
	CU_ASSERT_TRUE(wait_for_cursor(&s, 1, 300));
	CU_ASSERT_EQUAL(acknowledged(&s, 0), 0);
	stop(&s, 50); /* and it ends when it is told to */
	expect_rows(&receivers[1], 300, 1, 1);
	end(&s);
}

static void
what_is_refused_for_good_is_passed_and_told(void)
{
	struct setting s;
	struct sink_cursor cursor;
	uint64_t backlog;

	begin(&s);
	add_sink(&s, &acknowledging, "0");
	s.sinks[0].secret = "hook-secret";
	receivers[0].refuse_odd = true;
	append(&s, 100);
	start(&s);
	CU_ASSERT_TRUE(wait_for_cursor(&s, 0, 100));
	delivery_tell(s.delivery, 0, &cursor, &backlog);
	CU_ASSERT_EQUAL(cursor.refused, 50);
	CU_ASSERT_EQUAL(cursor.delivered, 50);
	CU_ASSERT_STRING_EQUAL(cursor.last_error, "odd, says who knows ***");
	stop(&s, LIMIT_MS);
	CU_ASSERT_EQUAL(s.refused, 50);
	end(&s);
}

static void
long_failure_and_its_end_are_told_once(void)
{
	struct setting s;

	begin(&s);
	add_sink(&s, &acknowledging, "0");
	s.sinks[0].failing_s = 0;
	receivers[0].refuse_connects = 3;
	append(&s, 10);
	start(&s);
	CU_ASSERT_TRUE(wait_for_cursor(&s, 0, 10));
	stop(&s, LIMIT_MS);
	CU_ASSERT_EQUAL(s.failing, 1);
	CU_ASSERT_EQUAL(s.recovered, 1);
	end(&s);
}

static void
flows_go_along(void)
{
	static const char flow[] =
		"{\"@timestamp\":\"2026-12-01T02:30:00.000000000Z\",\"event\":{\"kind\":\"event\","
		"\"start\":\"2026-12-01T02:30:00.000000000Z\","
		"\"end\":\"2026-12-01T02:30:00.000000000Z\",\"duration\":0},"
		"\"vigie\":{\"flow_id\":\"0123456789abcdef\",\"seq\":0,\"final\":true,"
		"\"direction\":\"egress\",\"payload_out\":1,\"payload_in\":1}}";
	struct setting s;

	begin(&s);
	add_sink(&s, &acknowledging, "0");
	s.sinks[0].flows = true;
	receivers[0].refuse_connects = 1;
	append(&s, 10);
	start(&s);
	for (unsigned i = 0; i < 1000; i++)
		delivery_add_flow(s.delivery, flow, sizeof(flow) - 1);
	delivery_add_flow(s.delivery, "no flow", 7);
	CU_ASSERT_TRUE(wait_for_cursor(&s, 0, 10));
	stop(&s, LIMIT_MS);
	CU_ASSERT_EQUAL(receivers[0].flows, 1000);
	end(&s);
}

static const struct unit_case cases[] = {
	{"every_row_arrives_once_and_in_order", every_row_arrives_once_and_in_order},
	{"a_restart_goes_on_behind_the_cursor", a_restart_goes_on_behind_the_cursor},
	{"what_was_not_accepted_is_sent_again", what_was_not_accepted_is_sent_again},
	{"what_was_written_before_a_break_is_sent_again",
	 what_was_written_before_a_break_is_sent_again},
	{"who_closes_after_each_message_gets_them_one_by_one",
	 who_closes_after_each_message_gets_them_one_by_one},
	{"a_receiver_that_has_more_is_believed", a_receiver_that_has_more_is_believed},
	{"the_minimum_is_kept_and_the_cursor_passes", the_minimum_is_kept_and_the_cursor_passes},
	{"a_sink_that_hangs_holds_up_nobody", a_sink_that_hangs_holds_up_nobody},
	{"what_is_refused_for_good_is_passed_and_told",
	 what_is_refused_for_good_is_passed_and_told},
	{"long_failure_and_its_end_are_told_once", long_failure_and_its_end_are_told_once},
	{"flows_go_along", flows_go_along},
};

int
main(void)
{
	return unit_run("delivery", cases, sizeof(cases) / sizeof(*cases));
}
