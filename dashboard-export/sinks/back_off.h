/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long to wait before trying again: twice as long each time, and a random part of that, so that
 * many sensors do not all come back in the same second.
 */
#pragma once

#include <stdint.h>

#define BACK_OFF_FIRST_MS 250u
#define BACK_OFF_MOST_MS 60000u

struct back_off {
	uint32_t next_ms; /**< 0: nothing has failed */
};

/** Milliseconds to wait now, half to all of the current pause; the next one is twice as long, up to
 * BACK_OFF_MOST_MS. `random` is any number. */
uint32_t back_off_wait(struct back_off *back_off, uint32_t random);

/** It worked: the next pause is the first one again. */
void back_off_reset(struct back_off *back_off);
