/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/capture_format.h"

void
capture_walk_stop(struct capture_walk *walk, const char *what)
{
	walk->ended = true;
	walk->damage = (struct capture_damage){capture_view_offset(&walk->view), what};
}

bool
capture_walk_reach(struct capture_walk *walk, size_t need, size_t held, const char *cut)
{
	const char *fault;

	if (held > 0)
		return capture_view_extend(&walk->view, need);
	if (capture_view_await(&walk->view, need))
		return true;
	fault = capture_view_fault(&walk->view);
	if (fault != NULL)
		capture_walk_stop(walk, fault);
	else if (walk->view.at < walk->view.end)
		capture_walk_stop(walk, cut);
	walk->ended = true;
	return false;
}
