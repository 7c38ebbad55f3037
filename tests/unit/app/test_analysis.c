/* SPDX-License-Identifier: Apache-2.0 */
#include "app/analysis.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "tests/unit/app/judging.h"

#define RING (256u * 1024)
#define RINGS_MAX 8

static void
push(struct message_ring *ring, const struct flow_message *flow, uint64_t time_ns)
{
	struct message message = {.time_ns = time_ns,
				  .body = flow,
				  .len = sizeof(*flow),
				  .kind = WORKER_MESSAGE_FLOW};

	while (!message_ring_push(ring, &message))
		nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
}

/* Flow number n at its place in the order: three of each time, told apart by packet, two by flow
 * id. */
static struct flow_message
numbered(unsigned n)
{
	struct flow_message flow = judging_flow("10.0.0.5", "93.184.216.34", 1 + n, NULL);

	flow.record.end_ns = 100 + n / 3;
	flow.record.flow_id = n;
	flow.order.packet = n % 3 / 2;
	flow.order.flow = n % 3 % 2;
	return flow;
}

struct writer {
	struct message_ring *ring;
	unsigned index, count, flows;
};

/* Writes the flows that fall to this ring, and says now and then how far it has come. */
static void *
write_flows(void *context)
{
	struct writer *w = context;

	for (unsigned n = 0; n < w->flows; n++) {
		struct flow_message flow = numbered(n);
		if ((n * 7 + n / 5) % w->count == w->index)
			push(w->ring, &flow, flow.record.end_ns);
		else
			message_ring_publish_time(w->ring, flow.record.end_ns);
	}
	message_ring_publish_time(w->ring, MESSAGE_RING_END);
	return NULL;
}

/* The lines of one analysis over so many rings, each written by a thread of its own. */
static char *
analyse(unsigned ring_count, unsigned flows)
{
	struct message_ring *rings[RINGS_MAX];
	struct writer writers[RINGS_MAX];
	pthread_t threads[RINGS_MAX];
	struct judging j;

	judging_begin(&j, (struct judge_outputs){0});
	for (unsigned i = 0; i < ring_count; i++) {
		rings[i] = message_ring_create(RING);
		CU_ASSERT_PTR_NOT_NULL_FATAL(rings[i]);
		writers[i] = (struct writer){rings[i], i, ring_count, flows};
		CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, write_flows, &writers[i]),
				      0);
	}
	struct analysis analysis = {.judge = j.judge, .rings = rings, .ring_count = ring_count};
	CU_ASSERT_EQUAL(analysis_run(&analysis), 0);
	for (unsigned i = 0; i < ring_count; i++) {
		pthread_join(threads[i], NULL);
		message_ring_destroy(rings[i]);
	}
	return judging_end(&j);
}

static void
the_order_is_the_same_for_any_number_of_rings(void)
{
	static const unsigned counts[] = {2, 3, 8};
	enum { FLOWS = 1000 };
	char *expected = analyse(1, FLOWS);
	char id[64];

	/* The order is that of the numbers. */
	const char *at = expected;
	for (unsigned n = 0; n < FLOWS; n++) {
		snprintf(id, sizeof(id), "\"flow_id\":\"%016x\"", n);
		at = strstr(at, id);
		CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	}
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		char *given = analyse(counts[i], FLOWS);
		CU_ASSERT_STRING_EQUAL(given, expected);
		free(given);
	}
	free(expected);
}

static void
no_flow_at_all_ends_at_once(void)
{
	char *text = analyse(RINGS_MAX, 0);

	CU_ASSERT_STRING_EQUAL(text, "");
	free(text);
}

static void
count_tick(void *context)
{
	++*(unsigned *)context;
}

static void
the_tick_comes_while_it_waits(void)
{
	struct message_ring *ring = message_ring_create(RING);
	struct writer writer = {ring, 0, 1, 10};
	pthread_t thread;
	unsigned ticks = 0;
	struct judging j;

	judging_begin(&j, (struct judge_outputs){0});
	struct message_ring *rings[] = {ring, message_ring_create(RING)};
	struct analysis analysis = {.judge = j.judge,
				    .rings = rings,
				    .ring_count = 2,
				    .tick = count_tick,
				    .tick_context = &ticks};
	/* The second ring says nothing until the first has ended. */
	write_flows(&writer);
	writer.ring = rings[1];
	writer.flows = 0;
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, write_flows, &writer), 0);
	CU_ASSERT_EQUAL(analysis_run(&analysis), 0);
	pthread_join(thread, NULL);
	message_ring_destroy(rings[0]);
	message_ring_destroy(rings[1]);
	char *text = judging_end(&j);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"flow_id\":\"0000000000000009\""));
	free(text);
}

static void
the_first_error_of_the_outputs_is_given_and_the_rings_are_emptied(void)
{
	struct message_ring *ring = message_ring_create(RING);
	struct writer writer = {ring, 0, 1, 5000};
	pthread_t thread;
	int error = 0;
	struct judging j;

	judging_begin(&j, (struct judge_outputs){0});
	judge_destroy(j.judge);
	struct flow_writer *full = flow_writer_open("/dev/full", &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(full);
	struct judge_outputs outputs = {.flows = full};
	j.judge = judge_create(&j.ruleset, &outputs);
	CU_ASSERT_PTR_NOT_NULL_FATAL(j.judge);
	struct analysis analysis = {.judge = j.judge, .rings = &ring, .ring_count = 1};
	CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, write_flows, &writer), 0);
	CU_ASSERT_EQUAL(analysis_run(&analysis), -ENOSPC);
	pthread_join(thread, NULL);
	CU_ASSERT_EQUAL(flow_writer_close(full), -ENOSPC);
	message_ring_destroy(ring);
	free(judging_end(&j));
}

int
main(void)
{
#define CASE(name)          \
	{                   \
#name, name \
	}
	static const struct unit_case cases[] = {
		CASE(the_order_is_the_same_for_any_number_of_rings),
		CASE(no_flow_at_all_ends_at_once),
		CASE(the_tick_comes_while_it_waits),
		CASE(the_first_error_of_the_outputs_is_given_and_the_rings_are_emptied),
	};
	return unit_run("analysis", cases, sizeof(cases) / sizeof(*cases));
}
