/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which bytes of a TCP segment are new: every byte of a direction is counted once, however often
 * and in whatever order it is sent (domain §5.21). Keeps the highest sequence number and a few
 * holes before it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "dataplane/flow.h"

/** Starts a direction: `seq` is the next byte expected. */
void tcp_account_start(struct tcp_direction *direction, uint32_t seq);

/**
 * Starts a direction that was joined later, whose packets come out of order, or of which two SYNs
 * tell different numbers: `seq` is the first byte seen, and what lies up to 2^30 before it counts
 * when it comes.
 */
void tcp_account_join(struct tcp_direction *direction, uint32_t seq);

/**
 * Takes in a segment of `len` payload bytes at `seq` and returns how many of them were not seen
 * before, exactly as long as there are at most TCP_HOLES_MAX holes. It may be too high, never more
 * than `len`, and never too low but for holes more than 2^30 bytes behind:
 * - past so many holes, the two nearest become one, and bytes between them count again if sent
 *   again: `is_rough` is set, else left as it is;
 * - a jump of more than 2^30 either way is taken for another connection, and what it has not seen
 *   counts when it comes: likewise.
 */
uint32_t
tcp_account_segment(struct tcp_direction *direction, uint32_t seq, uint32_t len, bool *is_rough);
