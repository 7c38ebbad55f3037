/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/verdict.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/policy/shipped_rules.h"

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static struct rule_book *rules;

/* The table of the model, column by column as it is printed there. */
static const enum exposure columns[] = {
	EXPOSURE_STATE_INTERNAL, EXPOSURE_EU_QUALIFIED,
	EXPOSURE_EU_SOVEREIGN,   EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED,
	EXPOSURE_THIRD_COUNTRY,  EXPOSURE_US_DIRECT,
	EXPOSURE_US_PARENT,      EXPOSURE_UNKNOWN,
};
static const struct table_row {
	const char *code;
	bool hds;
	unsigned severity[COUNT(columns)];
} table[] = {
	{"PUB", false, {0, 0, 0, 0, 0, 0, 0, 0}}, {"PUB", true, {0, 0, 0, 0, 0, 0, 0, 0}},
	{"INT", false, {0, 0, 0, 0, 1, 1, 1, 1}}, {"INT", true, {0, 0, 0, 0, 1, 1, 1, 1}},
	{"PER", false, {0, 0, 0, 1, 2, 2, 2, 2}}, {"PER", true, {0, 0, 0, 1, 2, 2, 2, 2}},
	{"ECO", false, {0, 0, 0, 2, 3, 3, 3, 2}}, {"ECO", true, {0, 0, 0, 2, 3, 3, 3, 2}},
	{"SBA", false, {0, 0, 2, 2, 3, 3, 3, 3}}, {"SBA", true, {0, 0, 2, 2, 3, 3, 3, 3}},
	{"HLT", false, {0, 2, 2, 2, 3, 3, 3, 3}}, {"HLT", true, {0, 0, 1, 2, 3, 3, 3, 3}},
	{"DRE", false, {0, 3, 3, 3, 4, 4, 4, 4}}, {"DRE", true, {0, 3, 3, 3, 4, 4, 4, 4}},
	{"SEC", false, {4, 4, 4, 4, 4, 4, 4, 4}}, {"SEC", true, {4, 4, 4, 4, 4, 4, 4, 4}},
};

static enum data_class
class_of(const char *code)
{
	unsigned c = 0;

	while (c < DATA_CLASS_SECRET && strcmp(data_class_code((enum data_class)c), code) != 0)
		c++;
	return (enum data_class)c;
}

static void
plain_export_is_what_the_table_says(void)
{
	for (size_t i = 0; i < COUNT(table); i++) {
		for (size_t j = 0; j < COUNT(columns); j++) {
			struct verdict_facts facts = {
				.zone_class = class_of(table[i].code),
				.exposure = columns[j],
				.hds = table[i].hds,
				.shape = SHAPE_EXPORT,
				.confidence = CONFIDENCE_HIGH,
			};
			struct verdict v;
			char id[VERDICT_RULE_MAX];
			memset(&v, 0x5a, sizeof(v));
			verdict_decide(rules, &facts, &v);
			snprintf(id, sizeof(id), "%s-%s", table[i].code, exposure_code(columns[j]));
			CU_ASSERT_STRING_EQUAL(v.rule_id, id);
			CU_ASSERT_EQUAL(v.table, table[i].severity[j]);
			CU_ASSERT_EQUAL(v.severity, v.table);
			CU_ASSERT_EQUAL(v.severity_before_exception, v.table);
			CU_ASSERT_EQUAL(v.step_count, 0);
			CU_ASSERT_EQUAL(v.exposure, columns[j]);
		}
	}
}

/* "r9 1>2, shape 2>0" */
static void
describe_steps(const struct verdict *v, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < v->step_count; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s %u>%u", i == 0 ? "" : ", ",
					verdict_step_text(v->steps[i].kind), v->steps[i].before,
					v->steps[i].after);
}

#define NO_CAP SEVERITY_COUNT

static struct verdict
check(const char *what, const struct verdict_facts *facts, enum severity cap, const char *rule_id,
      const char *steps)
{
	struct verdict v;
	char given[128];

	verdict_decide(rules, facts, &v);
	if (cap != NO_CAP)
		verdict_apply_cap(&v, cap);
	describe_steps(&v, given, sizeof(given));
	if (strcmp(given, steps) != 0 || strcmp(v.rule_id, rule_id) != 0)
		printf("# %s: %s, %s, expected %s, %s\n", what, v.rule_id, given, rule_id, steps);
	CU_ASSERT_STRING_EQUAL(v.rule_id, rule_id);
	CU_ASSERT_STRING_EQUAL(given, steps);
	CU_ASSERT_EQUAL(v.severity, v.step_count != 0 ? v.steps[v.step_count - 1].after : v.table);
	return v;
}

/* Classes, exposures, shapes and confidences by short names, so that a row stays one line. */
enum {
	PUB = DATA_CLASS_PUBLIC,
	INT = DATA_CLASS_INTERNAL,
	PER = DATA_CLASS_PERSONAL,
	ECO = DATA_CLASS_ECONOMIC_SECRET,
	SBA = DATA_CLASS_STATE_BUSINESS_APPLICATION,
	HLT = DATA_CLASS_HEALTH,
	DRE = DATA_CLASS_DIFFUSION_RESTREINTE,
	SEC = DATA_CLASS_SECRET,
	OWN = EXPOSURE_STATE_INTERNAL,
	QUA = EXPOSURE_EU_QUALIFIED,
	SOV = EXPOSURE_EU_SOVEREIGN,
	TEC = EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED,
	UNK = EXPOSURE_UNKNOWN,
	THC = EXPOSURE_THIRD_COUNTRY,
	USA = EXPOSURE_US_DIRECT,
	PARENT = EXPOSURE_US_PARENT,
	TRACE = SHAPE_TRACE,
	INTERACTIVE = SHAPE_INTERACTIVE,
	EXPORT = SHAPE_EXPORT,
	BULK = SHAPE_BULK,
	LOW = CONFIDENCE_LOW,
	MEDIUM = CONFIDENCE_MEDIUM,
	HIGH = CONFIDENCE_HIGH,
};

/* What may be set beside class, exposure, shape and confidence. */
enum more {
	R9 = 1 << 0,
	LOW_SINK = 1 << 1,
	WEAK = 1 << 2,
	STRONG = 1 << 3,
	MISMATCH = 1 << 4,
	CONTRADICTED = 1 << 5,
	ADDRESS = 1 << 6, /* the address is more exposed */
	HDS = 1 << 7,
};

static const struct step_row {
	int zone_class, exposure, shape, confidence;
	unsigned more;
	int content_class; /* with STRONG or WEAK */
	const char *rule_id, *steps;
} step_rows[] = {
	/* 1. R9 raises where it says so, and marks only where it changed something. */
	{PER, SOV, EXPORT, HIGH, R9, 0, "PER-SOV+R9", "r9 0>2"},
	{PER, TEC, EXPORT, HIGH, R9, 0, "PER-TEC+R9", "r9 1>2"},
	{PER, THC, EXPORT, HIGH, R9, 0, "PER-THC+R9", "r9 2>3"},
	{PER, USA, EXPORT, HIGH, R9, 0, "PER-USA+R9", "r9 2>3"},
	{PER, PARENT, EXPORT, HIGH, R9, 0, "PER-USA+R9", "r9 2>3"},
	{PER, UNK, EXPORT, LOW, R9, 0, "PER-UNK+R9", "r9 2>3"},
	{PER, QUA, EXPORT, HIGH, R9, 0, "PER-QUA", ""},
	{PER, OWN, EXPORT, HIGH, R9, 0, "PER-INT", ""},
	{ECO, UNK, EXPORT, LOW, R9, 0, "ECO-UNK+R9", "r9 2>3"},
	{ECO, SOV, EXPORT, HIGH, R9, 0, "ECO-SOV+R9", "r9 0>2"},
	{SBA, SOV, EXPORT, HIGH, R9, 0, "SBA-SOV", ""},
	{HLT, SOV, EXPORT, HIGH, R9 | HDS, 0, "HLT-SOV+R9", "r9 1>2"},
	{INT, USA, EXPORT, HIGH, R9, 0, "INT-USA", ""},
	{PUB, USA, EXPORT, HIGH, R9, 0, "PUB-USA", ""},
	{PER, USA, TRACE, HIGH, R9, 0, "PER-USA+R9", "r9 2>3, shape 3>0"},
	{PER, TEC, INTERACTIVE, HIGH, R9, 0, "PER-TEC+R9", "r9 1>2, shape 2>0"},
	{PER, USA, EXPORT, LOW, R9, 0, "PER-USA+R9", "r9 2>3, confidence 3>2"},
	/* 2. DRE and SEC stop: nothing lowers, nothing raises. */
	{DRE, SOV, TRACE, LOW, R9 | LOW_SINK | STRONG, HLT, "DRE-SOV", ""},
	{DRE, OWN, BULK, LOW, MISMATCH | CONTRADICTED | ADDRESS, 0, "DRE-INT", ""},
	{SEC, OWN, TRACE, LOW, LOW_SINK, 0, "SEC-INT", ""},
	/* 3. Shape. */
	{SBA, USA, TRACE, HIGH, 0, 0, "SBA-USA", "shape 3>0"},
	{SBA, USA, INTERACTIVE, HIGH, 0, 0, "SBA-USA", "shape 3>1"},
	{INT, USA, INTERACTIVE, HIGH, 0, 0, "INT-USA", "shape 1>0"},
	{INT, SOV, INTERACTIVE, HIGH, 0, 0, "INT-SOV", ""},
	{INT, THC, BULK, HIGH, 0, 0, "INT-THC", "shape 1>2"},
	{PER, UNK, BULK, LOW, 0, 0, "PER-UNK", "shape 2>3"},
	{SBA, USA, BULK, HIGH, 0, 0, "SBA-USA", ""},
	{SBA, SOV, BULK, HIGH, 0, 0, "SBA-SOV", ""},
	{PER, TEC, BULK, HIGH, 0, 0, "PER-TEC", ""},
	{PUB, USA, BULK, HIGH, 0, 0, "PUB-USA", ""},
	/* 4. Kind: not by a claimed name, not in bulk, not against strong content. */
	{PER, USA, EXPORT, HIGH, LOW_SINK, 0, "PER-USA", "kind 2>1"},
	{PER, USA, EXPORT, MEDIUM, LOW_SINK, 0, "PER-USA", "kind 2>1"},
	{PER, USA, EXPORT, MEDIUM, LOW_SINK | WEAK, SEC, "PER-USA", "kind 2>1"},
	{PER, USA, EXPORT, LOW, LOW_SINK, 0, "PER-USA", "confidence 2>1"},
	{PER, USA, BULK, HIGH, LOW_SINK, 0, "PER-USA", "shape 2>3"},
	{PER, USA, EXPORT, HIGH, LOW_SINK | STRONG, PER, "PER-USA", "content 2>3"},
	{INT, SOV, EXPORT, HIGH, LOW_SINK, 0, "INT-SOV", ""},
	{INT, USA, INTERACTIVE, HIGH, LOW_SINK, 0, "INT-USA", "shape 1>0"},
	/* 5. Content: strong, personal or above, outside. The higher of the two classes counts. */
	{INT, USA, EXPORT, HIGH, STRONG, PER, "PER-USA", "content 2>3"},
	{INT, USA, EXPORT, HIGH, WEAK, PER, "INT-USA", ""},
	{INT, USA, EXPORT, HIGH, STRONG, INT, "INT-USA", ""},
	{PUB, THC, EXPORT, HIGH, STRONG, INT, "INT-THC", ""},
	{HLT, UNK, EXPORT, LOW, STRONG, PER, "HLT-UNK", "content 3>4"},
	{PER, SOV, EXPORT, HIGH, STRONG, PER, "PER-SOV", ""},
	{INT, TEC, EXPORT, HIGH, STRONG, ECO, "ECO-TEC", ""},
	{PER, USA, BULK, HIGH, STRONG, PER, "PER-USA", "shape 2>3, content 3>4"},
	{INT, USA, EXPORT, HIGH, STRONG, DRE, "DRE-USA", ""},
	{INT, SOV, EXPORT, LOW, STRONG, SEC, "SEC-SOV", ""},
	{INT, SOV, EXPORT, HIGH, STRONG | R9, PER, "PER-SOV+R9", "r9 0>2"},
	/* 6. Confidence: low, of a known operator, from medium on. */
	{SBA, USA, EXPORT, LOW, 0, 0, "SBA-USA", "confidence 3>2"},
	{INT, USA, EXPORT, LOW, 0, 0, "INT-USA", ""},
	{SBA, UNK, EXPORT, LOW, 0, 0, "SBA-UNK", ""},
	{SBA, USA, EXPORT, MEDIUM, 0, 0, "SBA-USA", ""},
	{PER, USA, BULK, LOW, 0, 0, "PER-USA", "shape 2>3, confidence 3>2"},
	/* 7. Mismatch: an export, and something that speaks against the name. */
	{INT, SOV, EXPORT, LOW, MISMATCH | CONTRADICTED, 0, "INT-SOV", "mismatch 0>2"},
	{INT, USA, EXPORT, LOW, MISMATCH | ADDRESS, 0, "INT-USA", "mismatch 1>2"},
	{INT, USA, BULK, LOW, MISMATCH | ADDRESS, 0, "INT-USA",
	 "shape 1>2, confidence 2>1, mismatch 1>2"},
	{INT, USA, EXPORT, LOW, MISMATCH, 0, "INT-USA", ""},
	{INT, USA, EXPORT, LOW, CONTRADICTED | ADDRESS, 0, "INT-USA", ""},
	{INT, USA, INTERACTIVE, LOW, MISMATCH | ADDRESS, 0, "INT-USA", "shape 1>0"},
	{INT, USA, TRACE, LOW, MISMATCH | CONTRADICTED, 0, "INT-USA", "shape 1>0"},
	{PUB, USA, BULK, LOW, MISMATCH | CONTRADICTED | ADDRESS, 0, "PUB-USA", ""},
	{SBA, USA, EXPORT, LOW, MISMATCH | ADDRESS, 0, "SBA-USA", "confidence 3>2"},
};

static struct verdict_facts
facts_of(const struct step_row *row)
{
	return (struct verdict_facts){
		.zone_class = (enum data_class)row->zone_class,
		.content_class = (enum data_class)row->content_class,
		.content = (row->more & STRONG) != 0 ? CONTENT_STRONG
			   : (row->more & WEAK) != 0 ? CONTENT_WEAK
						     : CONTENT_NONE,
		.r9 = (row->more & R9) != 0,
		.exposure = (enum exposure)row->exposure,
		.hds = (row->more & HDS) != 0,
		.shape = (enum shape)row->shape,
		.low_sink = (row->more & LOW_SINK) != 0,
		.confidence = (enum confidence)row->confidence,
		.mismatch = (row->more & MISMATCH) != 0,
		.dns_contradicts = (row->more & CONTRADICTED) != 0,
		.address_more_exposed = (row->more & ADDRESS) != 0,
	};
}

static void
steps_change_the_value_in_their_order(void)
{
	for (size_t i = 0; i < COUNT(step_rows); i++) {
		struct verdict_facts facts = facts_of(&step_rows[i]);
		char what[16];
		snprintf(what, sizeof(what), "row %zu", i);
		check(what, &facts, NO_CAP, step_rows[i].rule_id, step_rows[i].steps);
	}
}

static const struct cap_row {
	struct step_row flow;
	enum severity cap, severity;
} cap_rows[] = {
	{{SBA, USA, EXPORT, HIGH, 0, 0, "SBA-USA", "exception 3>1"}, SEVERITY_LOW, SEVERITY_LOW},
	{{SBA, USA, EXPORT, HIGH, 0, 0, "SBA-USA", ""}, SEVERITY_HIGH, SEVERITY_HIGH},
	{{INT, USA, EXPORT, HIGH, 0, 0, "INT-USA", ""}, SEVERITY_MEDIUM, SEVERITY_LOW},
	{{DRE, USA, EXPORT, HIGH, 0, 0, "DRE-USA", "exception 4>2"},
	 SEVERITY_MEDIUM,
	 SEVERITY_MEDIUM},
	{{SEC, USA, EXPORT, HIGH, 0, 0, "SEC-USA", ""}, SEVERITY_INFORMATIONAL, SEVERITY_CRITICAL},
	{{INT, OWN, EXPORT, HIGH, STRONG, SEC, "SEC-INT", ""},
	 SEVERITY_INFORMATIONAL,
	 SEVERITY_CRITICAL},
	{{PER, USA, EXPORT, HIGH, R9, 0, "PER-USA+R9", "r9 2>3, exception 3>0"},
	 SEVERITY_INFORMATIONAL,
	 SEVERITY_INFORMATIONAL},
};

static void
cap_lowers_at_most_and_never_secret(void)
{
	for (size_t i = 0; i < COUNT(cap_rows); i++) {
		struct verdict_facts facts = facts_of(&cap_rows[i].flow);
		struct verdict before;
		verdict_decide(rules, &facts, &before);
		struct verdict v = check("cap", &facts, cap_rows[i].cap, cap_rows[i].flow.rule_id,
					 cap_rows[i].flow.steps);
		CU_ASSERT_EQUAL(v.severity, cap_rows[i].severity);
		CU_ASSERT_EQUAL(v.severity_before_exception, before.severity);
	}
}

/* F1 to F10 of the worked example. */
static const struct cap_row example_rows[] = {
	{{INT, USA, INTERACTIVE, HIGH, 0, 0, "INT-USA", "shape 1>0"},
	 NO_CAP,
	 SEVERITY_INFORMATIONAL},
	{{INT, USA, BULK, HIGH, 0, 0, "INT-USA", "shape 1>2, exception 2>0"},
	 SEVERITY_INFORMATIONAL,
	 SEVERITY_INFORMATIONAL},
	{{HLT, QUA, BULK, HIGH, R9 | HDS, 0, "HLT-QUA", ""}, NO_CAP, SEVERITY_INFORMATIONAL},
	{{HLT, SOV, BULK, HIGH, R9, 0, "HLT-SOV", ""}, NO_CAP, SEVERITY_MEDIUM},
	{{ECO, USA, EXPORT, HIGH, R9, 0, "ECO-USA", ""}, NO_CAP, SEVERITY_HIGH},
	{{SBA, USA, EXPORT, HIGH, 0, 0, "SBA-USA", ""}, NO_CAP, SEVERITY_HIGH},
	{{INT, UNK, EXPORT, LOW, STRONG, PER, "PER-UNK", "content 2>3"}, NO_CAP, SEVERITY_HIGH},
	{{DRE, USA, TRACE, MEDIUM, 0, 0, "DRE-USA", ""}, NO_CAP, SEVERITY_CRITICAL},
	{{ECO, USA, EXPORT, HIGH, R9, 0, "ECO-USA", ""}, NO_CAP, SEVERITY_HIGH},
	{{SBA, USA, EXPORT, LOW, MISMATCH | ADDRESS, 0, "SBA-USA", "confidence 3>2"},
	 NO_CAP,
	 SEVERITY_MEDIUM},
};

static void
worked_example_comes_out_as_written(void)
{
	for (size_t i = 0; i < COUNT(example_rows); i++) {
		const struct cap_row *row = &example_rows[i];
		struct verdict_facts facts = facts_of(&row->flow);
		char what[16];
		snprintf(what, sizeof(what), "F%zu", i + 1);
		struct verdict v =
			check(what, &facts, row->cap, row->flow.rule_id, row->flow.steps);
		CU_ASSERT_EQUAL(v.severity, row->severity);
	}
}

/* Every combination of facts: within bounds, and steps that lead from the table to the answer. */
static void
check_bounds(const struct verdict_facts *facts)
{
	struct verdict v;
	verdict_decide(rules, facts, &v);
	enum severity at = v.table;

	for (size_t i = 0; i < v.step_count; i++) {
		if (v.steps[i].before != at || v.steps[i].after == at ||
		    v.steps[i].after > SEVERITY_CRITICAL)
			CU_FAIL("a step that does not follow");
		at = v.steps[i].after;
	}
	if (at != v.severity || v.severity > SEVERITY_CRITICAL || v.step_count > VERDICT_STEP_COUNT)
		CU_FAIL("an answer that does not follow");
	if (v.data_class == DATA_CLASS_SECRET && v.severity != SEVERITY_CRITICAL)
		CU_FAIL("secret lowered");
}

static void
every_combination_stays_within_bounds(void)
{
	for (unsigned n = 0; n < DATA_CLASS_COUNT * EXPOSURE_COUNT * SHAPE_COUNT * 3 * 256; n++) {
		unsigned rest = n;
		struct step_row row = {.more = rest % 256};
		rest /= 256;
		row.confidence = (int)(rest % 3), rest /= 3;
		row.shape = (int)(rest % SHAPE_COUNT), rest /= SHAPE_COUNT;
		row.exposure = (int)(rest % EXPOSURE_COUNT), rest /= EXPOSURE_COUNT;
		row.zone_class = (int)rest;
		row.content_class = (row.zone_class + 3) % DATA_CLASS_COUNT;
		struct verdict_facts facts = facts_of(&row);
		check_bounds(&facts);
	}
}

static void
steps_have_words(void)
{
	static const char *const words[] = {"r9",         "shape",    "kind",     "content",
					    "confidence", "mismatch", "exception"};
	CU_ASSERT_EQUAL(COUNT(words), VERDICT_STEP_COUNT);
	for (unsigned i = 0; i < VERDICT_STEP_COUNT; i++)
		CU_ASSERT_STRING_EQUAL(verdict_step_text((enum verdict_step_kind)i), words[i]);
	CU_ASSERT_STRING_EQUAL(verdict_step_text(VERDICT_STEP_COUNT), "");
}

static const struct unit_case cases[] = {
	{"plain_export_is_what_the_table_says", plain_export_is_what_the_table_says},
	{"steps_change_the_value_in_their_order", steps_change_the_value_in_their_order},
	{"cap_lowers_at_most_and_never_secret", cap_lowers_at_most_and_never_secret},
	{"worked_example_comes_out_as_written", worked_example_comes_out_as_written},
	{"every_combination_stays_within_bounds", every_combination_stays_within_bounds},
	{"steps_have_words", steps_have_words},
};

int
main(void)
{
	rules = load_shipped_rules();
	if (rules == NULL) {
		puts("Bail out! the shipped rules cannot be loaded");
		return 1;
	}
	int status = unit_run("verdict", cases, COUNT(cases));
	rule_book_destroy(rules);
	return status;
}
