/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/shape.h"

#include <stdio.h>

#include "tests/unit/unit.h"

#define KIB ((uint64_t)1024)
#define MIB (1024 * KIB)

static const struct shape_thresholds defaults = {
	.trace_below = 64 * KIB,
	.export_min = MIB,
	.export_ratio = 6000,
	.bulk_min = 100 * MIB,
};

/* `window` is the sum of the ten minutes with this flow in it; 0: this flow alone. */
static const struct row {
	const char *what;
	uint64_t up, down, window_up, window_down;
	bool day_reached, content_strong;
	enum shape shape;
} rows[] = {
	{.what = "nothing at all", .shape = SHAPE_TRACE},
	{.what = "a byte below the trace limit", .up = 64 * KIB - 1, .shape = SHAPE_TRACE},
	{.what = "the trace limit itself", .up = 64 * KIB, .shape = SHAPE_INTERACTIVE},
	{.what = "much down, little up", .up = 10 * KIB, .down = 900 * MIB, .shape = SHAPE_TRACE},
	{.what = "a byte below export", .up = MIB - 1, .shape = SHAPE_INTERACTIVE},
	{.what = "export by size, nothing down", .up = MIB, .shape = SHAPE_EXPORT},
	{.what = "3:2 is 0.6 exactly", .up = 3 * MIB, .down = 2 * MIB, .shape = SHAPE_EXPORT},
	{.what = "a byte more down than 3:2",
	 .up = 3 * MIB,
	 .down = 2 * MIB + 1,
	 .shape = SHAPE_INTERACTIVE},
	{.what = "mail read and written",
	 .up = 3 * MIB,
	 .down = 20 * MIB,
	 .shape = SHAPE_INTERACTIVE},
	{.what = "a byte below bulk", .up = 100 * MIB - 1, .shape = SHAPE_EXPORT},
	{.what = "bulk by itself", .up = 100 * MIB, .down = MIB, .shape = SHAPE_BULK},
	{.what = "large, but mostly down",
	 .up = 100 * MIB,
	 .down = 200 * MIB,
	 .shape = SHAPE_INTERACTIVE},
	{.what = "fills the ten minutes",
	 .up = 40 * MIB,
	 .window_up = 100 * MIB,
	 .window_down = MIB,
	 .shape = SHAPE_BULK},
	{.what = "fills the ten minutes, however small",
	 .up = 1,
	 .window_up = 100 * MIB,
	 .shape = SHAPE_BULK},
	{.what = "ten minutes not filled",
	 .up = 2 * MIB,
	 .window_up = 100 * MIB - 1,
	 .shape = SHAPE_EXPORT},
	{.what = "ten minutes mostly down",
	 .up = 2 * MIB,
	 .window_up = 100 * MIB,
	 .window_down = 100 * MIB,
	 .shape = SHAPE_EXPORT},
	{.what = "ten minutes filled, this flow mostly down",
	 .up = 2 * MIB,
	 .down = 9 * MIB,
	 .window_up = 200 * MIB,
	 .window_down = 9 * MIB,
	 .shape = SHAPE_INTERACTIVE},
	{.what = "day reached by a small flow",
	 .up = 1,
	 .down = MIB,
	 .day_reached = true,
	 .shape = SHAPE_EXPORT},
	{.what = "day reached, bulk comes first",
	 .up = 500 * MIB,
	 .day_reached = true,
	 .shape = SHAPE_BULK},
	{.what = "strong content, however few bytes",
	 .up = 100,
	 .content_strong = true,
	 .shape = SHAPE_EXPORT},
	{.what = "counters at their end",
	 .up = UINT64_MAX,
	 .down = UINT64_MAX,
	 .shape = SHAPE_INTERACTIVE},
	{.what = "counter at its end, nothing down", .up = UINT64_MAX, .shape = SHAPE_BULK},
};

static void
first_shape_that_holds_is_taken(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		bool alone = row->window_up == 0;
		struct shape_facts facts = {
			.up = row->up,
			.down = row->down,
			.window_up = alone ? row->up : row->window_up,
			.window_down = alone ? row->down : row->window_down,
			.day_reached = row->day_reached,
			.content_strong = row->content_strong,
		};
		enum shape shape = shape_decide(&defaults, &facts);
		if (shape != row->shape)
			printf("# %s: %s, expected %s\n", row->what, shape_text(shape),
			       shape_text(row->shape));
		CU_ASSERT_EQUAL(shape, row->shape);
	}
}

/* A zone may set anything: no limit makes a flow without upload an export. */
static void
nothing_sent_is_never_an_export(void)
{
	struct shape_thresholds none = {.export_ratio = 0};
	struct shape_facts facts = {.down = MIB, .window_down = MIB};

	CU_ASSERT_EQUAL(shape_decide(&none, &facts), SHAPE_INTERACTIVE);
	CU_ASSERT_EQUAL(shape_decide(&defaults, &facts), SHAPE_TRACE);
}

static void
shapes_have_words(void)
{
	CU_ASSERT_STRING_EQUAL(shape_text(SHAPE_TRACE), "trace");
	CU_ASSERT_STRING_EQUAL(shape_text(SHAPE_INTERACTIVE), "interactive");
	CU_ASSERT_STRING_EQUAL(shape_text(SHAPE_EXPORT), "export");
	CU_ASSERT_STRING_EQUAL(shape_text(SHAPE_BULK), "bulk");
	CU_ASSERT_STRING_EQUAL(shape_text(SHAPE_COUNT), "");
}

static const struct unit_case cases[] = {
	{"first_shape_that_holds_is_taken", first_shape_that_holds_is_taken},
	{"nothing_sent_is_never_an_export", nothing_sent_is_never_an_export},
	{"shapes_have_words", shapes_have_words},
};

int
main(void)
{
	return unit_run("shape", cases, sizeof(cases) / sizeof(*cases));
}
