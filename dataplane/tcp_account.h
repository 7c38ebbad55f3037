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
 * Takes in a segment of `len` payload bytes at `seq` and returns how many of them were not seen
 * before. Holes past TCP_HOLES_MAX are forgotten, oldest first, and so are holes more than 2^30
 * bytes behind: bytes that fill them later are not counted, so the count may be too low. It is
 * never too high, but for a jump of more than 2^30 either way: that is taken for another
 * connection, whose bytes are new.
 */
uint32_t tcp_account_segment(struct tcp_direction *direction, uint32_t seq, uint32_t len);
