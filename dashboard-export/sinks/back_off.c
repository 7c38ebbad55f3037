/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/back_off.h"

uint32_t
back_off_wait(struct back_off *back_off, uint32_t random)
{
	uint32_t pause = back_off->next_ms == 0 ? BACK_OFF_FIRST_MS : back_off->next_ms;

	back_off->next_ms = pause >= BACK_OFF_MOST_MS / 2 ? BACK_OFF_MOST_MS : 2 * pause;
	return pause / 2 + random % (pause / 2 + 1);
}

void
back_off_reset(struct back_off *back_off)
{
	back_off->next_ms = 0;
}
