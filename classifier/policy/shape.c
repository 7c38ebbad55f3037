/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/shape.h"

const char *
shape_text(enum shape shape)
{
	static const char *const texts[SHAPE_COUNT] = {
		[SHAPE_TRACE] = "trace",
		[SHAPE_INTERACTIVE] = "interactive",
		[SHAPE_EXPORT] = "export",
		[SHAPE_BULK] = "bulk",
	};

	return shape < SHAPE_COUNT ? texts[shape] : "";
}

/*
 * up / (up + down) >= ratio, in integers of 128 bits: 3:2 is 0.6 exactly (domain §5.20), and two
 * counters of 64 bits cannot overflow. Nothing sent has no ratio.
 */
static bool
is_mostly_up(uint64_t ratio, uint64_t up, uint64_t down)
{
	unsigned __int128 sum = (unsigned __int128)up + down;

	return up != 0 && (unsigned __int128)up * SHAPE_RATIO_ONE >= sum * ratio;
}

/* A flow of mostly upload that is large by itself, or that fills the ten minutes (domain §5.38,
 * §5.42). */
static bool
is_bulk(const struct shape_thresholds *t, const struct shape_facts *f)
{
	if (!is_mostly_up(t->export_ratio, f->up, f->down))
		return false;
	return f->up >= t->bulk_min ||
	       (f->window_up >= t->bulk_min &&
		is_mostly_up(t->export_ratio, f->window_up, f->window_down));
}

static bool
is_export(const struct shape_thresholds *t, const struct shape_facts *f)
{
	if (f->day_reached || f->content_strong)
		return true;
	return f->up >= t->export_min && is_mostly_up(t->export_ratio, f->up, f->down);
}

enum shape
shape_decide(const struct shape_thresholds *thresholds, const struct shape_facts *facts)
{
	if (is_bulk(thresholds, facts))
		return SHAPE_BULK;
	if (is_export(thresholds, facts))
		return SHAPE_EXPORT;
	return facts->up >= thresholds->trace_below ? SHAPE_INTERACTIVE : SHAPE_TRACE;
}
