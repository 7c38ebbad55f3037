/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One function a step, in the order of domain §3f. A step gets the value and gives the new one;
 * taking it over, bounds and the record of what changed are done in one place.
 */
#include "classifier/policy/verdict.h"

#include <string.h>

const char *
verdict_step_text(enum verdict_step_kind kind)
{
	static const char *const texts[VERDICT_STEP_COUNT] = {
		[VERDICT_STEP_R9] = "r9",
		[VERDICT_STEP_SHAPE] = "shape",
		[VERDICT_STEP_KIND] = "kind",
		[VERDICT_STEP_CONTENT] = "content",
		[VERDICT_STEP_CONFIDENCE] = "confidence",
		[VERDICT_STEP_MISMATCH] = "mismatch",
		[VERDICT_STEP_EXCEPTION] = "exception",
	};

	return kind < VERDICT_STEP_COUNT ? texts[kind] : "";
}

/* What the steps look at. `data_class` is the effective one. */
struct step_input {
	const struct rule_book *rules;
	const struct verdict_facts *facts;
	enum data_class data_class;
};

typedef int (*step_function)(const struct step_input *in, int value);

static int
step_r9(const struct step_input *in, int value)
{
	const struct rule_r9 *r9 = &in->rules->r9;
	int least = r9->least[in->facts->exposure];

	return in->facts->r9 && r9->classes[in->data_class] && value < least ? least : value;
}

static int
step_shape(const struct step_input *in, int value)
{
	const struct rule_steps *steps = &in->rules->steps;

	switch (in->facts->shape) {
	case SHAPE_TRACE:
		return steps->trace_becomes;
	case SHAPE_INTERACTIVE:
		return value - steps->interactive_subtracts;
	case SHAPE_BULK:
		if (steps->outside[in->facts->exposure] && value >= steps->bulk_from &&
		    value <= steps->bulk_to)
			return value + steps->bulk_adds;
		return value;
	case SHAPE_EXPORT:
	case SHAPE_COUNT:
		break;
	}
	return value;
}

/* A name that is only claimed never lowers, nor is a bulk export what such services are for
 * (domain §5.26). */
static int
step_kind(const struct step_input *in, int value)
{
	const struct verdict_facts *facts = in->facts;
	bool applies = facts->low_sink && facts->content != CONTENT_STRONG &&
		       facts->confidence != CONFIDENCE_LOW && facts->shape != SHAPE_BULK;

	return applies ? value - in->rules->steps.low_sink_subtracts : value;
}

static int
step_content(const struct step_input *in, int value)
{
	const struct rule_steps *steps = &in->rules->steps;
	const struct verdict_facts *facts = in->facts;
	bool applies = facts->content == CONTENT_STRONG &&
		       (unsigned)facts->content_class >= steps->content_class_from &&
		       steps->outside[facts->exposure];

	return applies ? value + steps->content_adds : value;
}

/* Who is unknown is always of low confidence; that is no reason to look away. */
static int
step_confidence(const struct step_input *in, int value)
{
	const struct rule_steps *steps = &in->rules->steps;
	bool applies = in->facts->confidence == CONFIDENCE_LOW &&
		       in->facts->exposure != EXPOSURE_UNKNOWN &&
		       value >= steps->low_confidence_from;

	return applies ? value - steps->low_confidence_subtracts : value;
}

static int
step_mismatch(const struct step_input *in, int value)
{
	const struct rule_steps *steps = &in->rules->steps;
	const struct verdict_facts *facts = in->facts;
	bool sent = facts->shape == SHAPE_EXPORT || facts->shape == SHAPE_BULK;
	bool applies = facts->mismatch && sent &&
		       (facts->dns_contradicts || facts->address_more_exposed) &&
		       (unsigned)in->data_class >= steps->mismatch_class_from;

	return applies && value < steps->mismatch_least ? steps->mismatch_least : value;
}

static void
change(struct verdict *verdict, enum verdict_step_kind kind, int value)
{
	enum severity before = verdict->severity;
	enum severity after = value < SEVERITY_INFORMATIONAL ? SEVERITY_INFORMATIONAL
			      : value > SEVERITY_CRITICAL    ? SEVERITY_CRITICAL
							     : (enum severity)value;

	if (after == before)
		return;
	verdict->severity = after;
	verdict->steps[verdict->step_count++] = (struct verdict_step){kind, before, after};
}

static enum data_class
effective_class(const struct verdict_facts *facts)
{
	bool raised = facts->content == CONTENT_STRONG && facts->content_class > facts->zone_class;

	return raised ? facts->content_class : facts->zone_class;
}

/* Steps 3 to 7. */
static void
take_steps(const struct step_input *in, struct verdict *verdict)
{
	static const struct {
		enum verdict_step_kind kind;
		step_function take;
	} steps[] = {
		{VERDICT_STEP_SHAPE, step_shape},       {VERDICT_STEP_KIND, step_kind},
		{VERDICT_STEP_CONTENT, step_content},   {VERDICT_STEP_CONFIDENCE, step_confidence},
		{VERDICT_STEP_MISMATCH, step_mismatch},
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		change(verdict, steps[i].kind, steps[i].take(in, (int)verdict->severity));
}

static char *
put_text(char *at, const char *end, const char *text)
{
	size_t len = strnlen(text, (size_t)(end - at));

	memcpy(at, text, len);
	return at + len;
}

/* "SBA-USA+R9", for every flow: printf would take 100 ns. */
static void
format_rule(struct verdict *out)
{
	char *end = out->rule_id + sizeof(out->rule_id) - 1;
	char *at = put_text(out->rule_id, end, data_class_code(out->data_class));

	at = put_text(at, end, "-");
	at = put_text(at, end, exposure_code(out->exposure));
	at = put_text(at, end, out->step_count != 0 ? "+R9" : "");
	*at = '\0';
}

void
verdict_decide(const struct rule_book *rules, const struct verdict_facts *facts,
	       struct verdict *out)
{
	struct step_input in = {rules, facts, effective_class(facts)};
	const uint8_t *row =
		facts->hds ? rules->table_hds[in.data_class] : rules->table[in.data_class];
	enum severity table = (enum severity)row[facts->exposure];

	*out = (struct verdict){
		.data_class = in.data_class,
		.exposure = facts->exposure,
		.table = table,
		.severity = table,
	};
	change(out, VERDICT_STEP_R9, step_r9(&in, (int)table));
	/* The mark stays, whatever the later steps do (domain §5.25). */
	format_rule(out);
	if (!rules->steps.final_class[in.data_class])
		take_steps(&in, out);
	out->severity_before_exception = out->severity;
}

void
verdict_apply_cap(struct verdict *verdict, enum severity cap)
{
	if (verdict->data_class != DATA_CLASS_SECRET && cap < verdict->severity)
		change(verdict, VERDICT_STEP_EXCEPTION, (int)cap);
}
