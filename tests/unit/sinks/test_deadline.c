/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/deadline.h"

#include "tests/unit/sinks/sink_sample.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <unistd.h>

static int ends[2]; /* of a pipe: to read, to write */

static void
open_pipe(void)
{
	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
}

static void
close_pipe(void)
{
	close(ends[0]);
	close(ends[1]);
}

static void
what_is_ready_ends_the_wait(void)
{
	struct deadline deadline = deadline_in(sink_sample_stop(), 20000);

	open_pipe();
	CU_ASSERT_EQUAL(deadline_wait(&deadline, ends[1], POLLOUT), 0);
	struct pollfd both[2] = {{.fd = ends[0], .events = POLLIN},
				 {.fd = ends[1], .events = POLLOUT}};
	CU_ASSERT_EQUAL(deadline_poll(&deadline, both, 2), 1);
	CU_ASSERT_EQUAL(both[0].revents, 0);
	CU_ASSERT_EQUAL(both[1].revents, POLLOUT);
	close_pipe();
}

static void
the_other_end_going_away_ends_the_wait(void)
{
	struct deadline deadline = deadline_in(sink_sample_stop(), 20000);

	open_pipe();
	close(ends[1]);
	CU_ASSERT_EQUAL(deadline_wait(&deadline, ends[0], POLLIN), 0);
	close(ends[0]);
}

static void
a_wait_ends_at_the_deadline(void)
{
	struct deadline deadline = deadline_in(sink_sample_stop(), 5);

	open_pipe();
	CU_ASSERT_EQUAL(deadline_wait(&deadline, ends[0], POLLIN), -ETIMEDOUT);
	CU_ASSERT_EQUAL(deadline_left_ms(&deadline), 0);
	CU_ASSERT_EQUAL(deadline_pause(&deadline, 20000), -ETIMEDOUT);
	close_pipe();
}

static void
being_told_to_stop_ends_every_wait(void)
{
	struct deadline deadline = deadline_in(sink_sample_stop(), 20000);

	open_pipe();
	sink_sample_tell_stop(true);
	CU_ASSERT_EQUAL(deadline_wait(&deadline, ends[1], POLLOUT), -ECANCELED);
	CU_ASSERT_EQUAL(deadline_pause(&deadline, 20000), -ECANCELED);
	/* Its descriptor alone is enough. */
	sink_sample_stop()->wanted = false;
	CU_ASSERT_EQUAL(deadline_wait(&deadline, ends[0], POLLIN), -ECANCELED);
	sink_sample_tell_stop(false);
	close_pipe();
}

static void
a_pause_ends_before_the_deadline(void)
{
	struct deadline deadline = deadline_in(sink_sample_stop(), 20000);

	CU_ASSERT_EQUAL(deadline_pause(&deadline, 1), 0);
	CU_ASSERT_TRUE(deadline_left_ms(&deadline) > 0);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"what_is_ready_ends_the_wait", what_is_ready_ends_the_wait},
		{"the_other_end_going_away_ends_the_wait", the_other_end_going_away_ends_the_wait},
		{"a_wait_ends_at_the_deadline", a_wait_ends_at_the_deadline},
		{"being_told_to_stop_ends_every_wait", being_told_to_stop_ends_every_wait},
		{"a_pause_ends_before_the_deadline", a_pause_ends_before_the_deadline},
	};
	return unit_run("deadline", cases, sizeof(cases) / sizeof(*cases));
}
