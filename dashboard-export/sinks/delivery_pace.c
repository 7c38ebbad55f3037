/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/delivery_pace.h"

/* The receiver's work on one batch: below the first it grows, above the second it shrinks. */
#define GROW_NS UINT64_C(4000000)
#define SHRINK_NS UINT64_C(8000000)
#define MOST 16384u

void
delivery_pace_reset(struct delivery_pace *pace)
{
	*pace = (struct delivery_pace){.batch = DELIVERY_PACE_LEAST};
}

size_t
delivery_pace_batch(const struct delivery_pace *pace, size_t most)
{
	return pace->batch < most ? pace->batch : most;
}

void
delivery_pace_ease(struct delivery_pace *pace)
{
	if (pace->batch > DELIVERY_PACE_LEAST)
		pace->batch /= 2;
}

void
delivery_pace_note(struct delivery_pace *pace, size_t count, uint64_t duration_ns)
{
	if (pace->answer_ns == 0 || duration_ns < pace->answer_ns)
		pace->answer_ns = duration_ns;
	/* The way may have become longer: what was the shortest once slowly gives way. */
	else
		pace->answer_ns += (duration_ns - pace->answer_ns) / 64;
	uint64_t work = duration_ns - pace->answer_ns;
	if (work > SHRINK_NS)
		delivery_pace_ease(pace);
	/* One that was not full says nothing of larger ones. */
	else if (work < GROW_NS && count >= pace->batch && pace->batch < MOST)
		pace->batch *= 2;
}
