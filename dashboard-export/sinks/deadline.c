/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/deadline.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <time.h>

static uint64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

struct deadline
deadline_in(const struct transport_stop *stop, uint64_t ms)
{
	return (struct deadline){.at_ms = now_ms() + ms, .stop = stop};
}

uint64_t
deadline_left_ms(const struct deadline *deadline)
{
	uint64_t now = now_ms();

	return now < deadline->at_ms ? deadline->at_ms - now : 0;
}

int
deadline_poll(const struct deadline *deadline, struct pollfd *fds, size_t count)
{
	struct pollfd waiting[DEADLINE_FDS_MAX + 1];

	assert(count <= DEADLINE_FDS_MAX);
	if (count > 0)
		memcpy(waiting, fds, count * sizeof(*fds));
	waiting[count] = (struct pollfd){.fd = deadline->stop->fd, .events = POLLIN};
	for (;;) {
		if (atomic_load_explicit(&deadline->stop->wanted, memory_order_relaxed))
			return -ECANCELED;
		uint64_t left = deadline_left_ms(deadline);
		int ready = poll(waiting, count + 1, left < INT_MAX ? (int)left : INT_MAX);
		if (ready < 0 && errno != EINTR)
			return -errno;
		if (ready <= 0) {
			if (deadline_left_ms(deadline) == 0)
				return -ETIMEDOUT;
			continue;
		}
		if (waiting[count].revents != 0)
			return -ECANCELED;
		memcpy(fds, waiting, count * sizeof(*fds));
		return ready;
	}
}

int
deadline_wait(const struct deadline *deadline, int fd, short events)
{
	struct pollfd waiting = {.fd = fd, .events = events};
	int ready = deadline_poll(deadline, &waiting, 1);

	return ready < 0 ? ready : 0;
}

int
deadline_pause(const struct deadline *deadline, uint64_t ms)
{
	struct deadline pause = deadline_in(deadline->stop, ms);

	if (pause.at_ms > deadline->at_ms)
		pause.at_ms = deadline->at_ms;
	int result = deadline_poll(&pause, NULL, 0);
	return result == -ETIMEDOUT && deadline_left_ms(deadline) > 0 ? 0 : result;
}
