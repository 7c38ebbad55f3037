/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/flow_timer.h"

void
flow_timer_init(struct flow_timer *timer, struct flow_table *flows)
{
	timer->flows = flows;
	timer->now = 0;
	timer->waiting = 0;
	for (unsigned i = 0; i < FLOW_TIMER_SLOTS; i++)
		timer->slot[i] = FLOW_NONE;
}

void
flow_timer_add(struct flow_timer *timer, uint32_t index, uint32_t due_tick)
{
	uint32_t ahead = due_tick > timer->now ? due_tick - timer->now : 1;
	if (ahead >= FLOW_TIMER_SLOTS)
		ahead = FLOW_TIMER_SLOTS - 1;

	struct flow *flow = flow_table_get(timer->flows, index);
	flow->due_tick = timer->now + ahead;
	uint32_t *head = &timer->slot[flow->due_tick % FLOW_TIMER_SLOTS];
	flow->timer_prev = FLOW_NONE;
	flow->timer_next = *head;
	if (*head != FLOW_NONE)
		flow_table_get(timer->flows, *head)->timer_prev = index;
	*head = index;
	timer->waiting++;
}

void
flow_timer_remove(struct flow_timer *timer, uint32_t index)
{
	struct flow *flow = flow_table_get(timer->flows, index);

	if (flow->timer_prev != FLOW_NONE)
		flow_table_get(timer->flows, flow->timer_prev)->timer_next = flow->timer_next;
	else
		timer->slot[flow->due_tick % FLOW_TIMER_SLOTS] = flow->timer_next;
	if (flow->timer_next != FLOW_NONE)
		flow_table_get(timer->flows, flow->timer_next)->timer_prev = flow->timer_prev;
	timer->waiting--;
}

uint32_t
flow_timer_first_due(const struct flow_timer *timer)
{
	return timer->slot[timer->now % FLOW_TIMER_SLOTS];
}
