/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/request_split.h"

#include <stdint.h>

void
request_split_init(struct request_split *split, size_t count, bool proven)
{
	*split = (struct request_split){.count = count, .blamed = SIZE_MAX, .proven = proven};
}

/* Of [at, suspect), one of which is refused: up to the one that is blamed, then that one alone;
 * else the first half. */
static size_t
narrowed(const struct request_split *split)
{
	size_t suspects = split->suspect - split->at;

	if (split->blamed >= split->at && split->blamed < split->suspect)
		return split->blamed > split->at ? split->blamed - split->at : 1;
	return suspects > 1 ? suspects / 2 : 1;
}

size_t
request_split_next(const struct request_split *split, size_t fitting)
{
	size_t most = split->suspect > split->at ? narrowed(split) : split->count - split->at;

	return fitting < most ? fitting : most;
}

void
request_split_settle(struct request_split *split, size_t count, size_t refused)
{
	split->at += count;
	split->refused += refused;
	if (count > refused)
		split->took = true;
}

void
request_split_refused(struct request_split *split, size_t count)
{
	split->suspect = split->at + count;
	split->blamed = SIZE_MAX;
	if (count == 1)
		request_split_settle(split, 1, 1);
}

void
request_split_blame(struct request_split *split, size_t index)
{
	if (index < split->suspect - split->at)
		split->blamed = split->at + index;
}

bool
request_split_is_plausible(const struct request_split *split)
{
	return split->took || split->refused < REQUEST_SPLIT_REFUSALS_MAX;
}

bool
request_split_is_final(const struct request_split *split)
{
	return split->took || (split->proven && request_split_is_plausible(split));
}

size_t
request_split_settled(const struct request_split *split)
{
	return request_split_is_final(split) ? split->at : 0;
}
