/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers: the tables, the steps, the thresholds. And the law, which names columns and classes. */
#include "classifier/policy/rule_book_build.h"

#include <string.h>

#include "base/suggestion.h"

typedef const char *(*word_function)(unsigned value);

/* Marks in `out` what one text of a list names. */
static void
mark(const struct config_node *node, word_function word, bool *out, struct fault_list *faults)
{
	const char *text = config_node_text(node);
	struct suggestion near = {.given = text};

	if (text == NULL) {
		config_node_fault(node, faults, "a %s, expected a word",
				  config_kind_text(config_node_kind(node)));
		return;
	}
	for (unsigned value = 0; word(value) != NULL; value++) {
		if (strcmp(word(value), text) == 0) {
			out[value] = true;
			return;
		}
		suggestion_offer(&near, word(value));
	}
	if (near.word != NULL)
		config_node_fault(node, faults, "`%s`: did you mean `%s`?", text, near.word);
	else
		config_node_fault(node, faults, "`%s` is none of its words", text);
}

/* A list of words, or one in its place. */
static void
mark_all(const struct config_node *node, word_function word, bool *out, struct fault_list *faults)
{
	if (config_node_kind(node) != CONFIG_KIND_SEQUENCE) {
		mark(node, word, out, faults);
		return;
	}
	for (const struct config_node *c = config_node_first(node); c != NULL;
	     c = config_node_next(c))
		mark(c, word, out, faults);
}

/* The codes of the list as exposures: USA is two of them. */
static void
mark_exposures(const struct config_node *node, bool out[EXPOSURE_COUNT], struct fault_list *faults)
{
	bool columns[RULE_COLUMN_COUNT] = {false};

	mark_all(node, rule_column_word, columns, faults);
	for (unsigned e = 0; e < EXPOSURE_COUNT; e++)
		out[e] = columns[rule_column((enum exposure)e)];
}

static void
spread_row(const struct file_row *row, uint8_t out[EXPOSURE_COUNT])
{
	for (unsigned e = 0; e < EXPOSURE_COUNT; e++)
		out[e] = (uint8_t)row->column[rule_column((enum exposure)e)];
}

static void
build_tables(const struct file_classes *classes, struct rule_book *rules, struct fault_list *faults)
{
	for (unsigned c = 0; c < DATA_CLASS_COUNT; c++) {
		const struct file_class *class = classes->by_class[c];
		const char *code = data_class_code((enum data_class)c);

		spread_row(class->severity, rules->table[c]);
		spread_row(class->severity_with_hds != NULL ? class->severity_with_hds
							    : class->severity,
			   rules->table_hds[c]);
		/* Whoever counts alerts knows the code from rule ids: it is only shown here. */
		if (strcmp(class->code, code) != 0)
			config_node_fault(config_node_find(class->node, "code"), faults,
					  "`code` is `%s`, expected `%s`, which rule ids have",
					  class->code, code);
	}
}

static void
build_steps(const struct file_steps *file, struct rule_book *rules, struct fault_list *faults)
{
	rules->steps = (struct rule_steps){
		.trace_becomes = (uint8_t)file->shape->trace_becomes,
		.interactive_subtracts = (uint8_t)file->shape->interactive_subtracts,
		.bulk_adds = (uint8_t)file->shape->bulk_adds,
		.bulk_from = (uint8_t)file->shape->bulk_from,
		.bulk_to = (uint8_t)file->shape->bulk_to,
		.low_sink_subtracts = (uint8_t)file->kind->low_sink_subtracts,
		.content_adds = (uint8_t)file->content->strong_adds,
		.content_class_from = (uint8_t)file->content->class_from,
		.low_confidence_subtracts = (uint8_t)file->confidence->low_subtracts,
		.low_confidence_from = (uint8_t)file->confidence->severity_from,
		.mismatch_least = (uint8_t)file->mismatch->at_least,
		.mismatch_class_from = (uint8_t)file->mismatch->class_from,
	};
	spread_row(file->r9->at_least, rules->r9.least);
	mark_all(file->r9->classes, data_class_text, rules->r9.classes, faults);
	mark_all(file->final_classes, data_class_text, rules->steps.final_class, faults);
	mark_exposures(file->outside, rules->steps.outside, faults);
}

static void
build_thresholds(const struct file_default_thresholds *file, struct rule_book *rules)
{
	rules->thresholds = (struct shape_thresholds){
		.trace_below = file->trace_below,
		.export_min = file->export_min,
		.export_ratio = file->export_ratio,
		.bulk_min = file->bulk_min,
	};
	memcpy(rules->thresholds.day, file->day->by_class, sizeof(rules->thresholds.day));
}

/* What the law names no exposure or class of, it is shown for all of them. */
static void
build_law(const struct file_law *file, struct rule_law *out, struct fault_list *faults)
{
	*out = (struct rule_law){
		.title = file->title,
		.text = file->text,
		.source = file->source,
		.checked_on = file->checked_on,
	};
	if (file->exposures != NULL)
		mark_exposures(file->exposures, out->exposures, faults);
	else
		memset(out->exposures, true, sizeof(out->exposures));
	if (file->classes != NULL)
		mark_all(file->classes, data_class_text, out->classes, faults);
	else
		memset(out->classes, true, sizeof(out->classes));
}

static void
build_laws(const struct rule_book_file *file, const char *name, struct rule_book *rules,
	   struct fault_list *faults)
{
	const struct file_law *from = file->laws.items;
	struct rule_law *laws = arena_alloc_array(rules->arena, file->laws.count, sizeof(*laws));

	if (laws == NULL) {
		fault_list_add(faults, name, 0, 0, "out of memory");
		return;
	}
	for (size_t i = 0; i < file->laws.count; i++)
		build_law(&from[i], &laws[i], faults);
	rules->laws = laws;
	rules->law_count = file->laws.count;
}

/* The outermost keys may stand in any of the files, so only now is it known which none of them has.
 */
static bool
has_all_parts(const struct rule_book_file *file, const char *name, struct fault_list *faults)
{
	const struct {
		const char *key;
		bool given;
	} parts[] = {
		{"version", file->version != NULL},
		{"source", file->source != NULL},
		{"checked_on", file->checked_on != NULL},
		{"classes", file->classes != NULL},
		{"steps", file->steps != NULL},
		{"thresholds", file->thresholds != NULL},
		{"max_age_days", file->max_age_days != 0},
		{"rule_name", file->rule_name != NULL},
		{"sentences", file->sentences != NULL},
		{"what_to_do", file->what_to_do != NULL},
		{"findings", file->findings.count != 0},
		{"laws", file->laws.count != 0},
	};
	size_t before = faults->count;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (!parts[i].given)
			fault_list_add(faults, name, 0, 0, "rule book lacks `%s`", parts[i].key);
	}
	return faults->count == before;
}

struct rule_book *
rule_book_build(const struct rule_book_file *file, const char *name, struct arena *arena,
		struct fault_list *faults)
{
	size_t before = faults->count;

	if (!has_all_parts(file, name, faults))
		return NULL;
	struct rule_book *rules = arena_alloc(arena, sizeof(*rules));
	if (rules == NULL) {
		fault_list_add(faults, name, 0, 0, "out of memory");
		return NULL;
	}
	*rules = (struct rule_book){
		.version = file->version,
		.source = file->source,
		.checked_on = file->checked_on,
		.max_age_days = (uint32_t)file->max_age_days,
		.arena = arena,
	};
	build_tables(file->classes, rules, faults);
	build_steps(file->steps, rules, faults);
	build_thresholds(file->thresholds, rules);
	rule_book_build_sentences(file, rules, faults);
	rule_book_build_findings(file, name, rules, faults);
	build_laws(file, name, rules, faults);
	return faults->count == before ? rules : NULL;
}
