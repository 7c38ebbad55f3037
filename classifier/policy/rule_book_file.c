/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of a rule book, but for the sentences. One table a mapping, in the order of the file. */
#include "classifier/policy/rule_book_file.h"

#define COUNT(fields) (sizeof(fields) / sizeof(*(fields)))
#define AT(record, member) .offset = offsetof(struct record, member)
#define SCHEMA(words, table, record)                                             \
	{                                                                        \
		.what = (words), .fields = (table), .field_count = COUNT(table), \
		.size = sizeof(struct record)                                    \
	}

unsigned
rule_column(enum exposure exposure)
{
	return exposure == EXPOSURE_US_DIRECT ? EXPOSURE_US_PARENT : exposure;
}

const char *
rule_column_word(unsigned column)
{
	return column < RULE_COLUMN_COUNT ? exposure_code((enum exposure)column) : NULL;
}

/* Severities and what is added to them end at 4. */
#define LEVEL(word, record, member)                                                               \
	{                                                                                         \
		.key = (word), .type = CONFIG_UINT, AT(record, member), .max = SEVERITY_CRITICAL, \
		.required = true                                                                  \
	}

#define COLUMN(word, exposure) LEVEL(word, file_row, column[exposure])
static const struct config_field row_fields[] = {
	COLUMN("INT", EXPOSURE_STATE_INTERNAL), COLUMN("QUA", EXPOSURE_EU_QUALIFIED),
	COLUMN("SOV", EXPOSURE_EU_SOVEREIGN),   COLUMN("TEC", EXPOSURE_US_TECHNOLOGY_EU_CONTROLLED),
	COLUMN("THC", EXPOSURE_THIRD_COUNTRY),  COLUMN("USA", EXPOSURE_US_PARENT),
	COLUMN("UNK", EXPOSURE_UNKNOWN),
};
static const struct config_schema row_schema = SCHEMA("row", row_fields, file_row);

#define TEXT(word, record, member)                                                         \
	{                                                                                  \
		.key = (word), .type = CONFIG_STRING, AT(record, member), .required = true \
	}
#define RECORD(word, record, member, of)                                                  \
	{                                                                                 \
		.key = (word), .type = CONFIG_RECORD, AT(record, member), .schema = (of), \
		.required = true                                                          \
	}

static const struct config_field class_fields[] = {
	{.type = CONFIG_SELF, AT(file_class, node)},
	TEXT("code", file_class, code),
	TEXT("sentence", file_class, sentence),
	RECORD("severity", file_class, severity, &row_schema),
	{.key = "severity_with_hds",
	 .type = CONFIG_RECORD,
	 AT(file_class, severity_with_hds),
	 .schema = &row_schema},
};
static const struct config_schema class_schema = SCHEMA("class", class_fields, file_class);

#define CLASS(word, data_class) RECORD(word, file_classes, by_class[data_class], &class_schema)
static const struct config_field classes_fields[] = {
	CLASS("public", DATA_CLASS_PUBLIC),
	CLASS("internal", DATA_CLASS_INTERNAL),
	CLASS("personal", DATA_CLASS_PERSONAL),
	CLASS("economic-secret", DATA_CLASS_ECONOMIC_SECRET),
	CLASS("state-business-application", DATA_CLASS_STATE_BUSINESS_APPLICATION),
	CLASS("health", DATA_CLASS_HEALTH),
	CLASS("diffusion-restreinte", DATA_CLASS_DIFFUSION_RESTREINTE),
	CLASS("secret", DATA_CLASS_SECRET),
};
static const struct config_schema classes_schema = SCHEMA("classes", classes_fields, file_classes);

#define NODE(word, record, member)                                                       \
	{                                                                                \
		.key = (word), .type = CONFIG_NODE, AT(record, member), .required = true \
	}
#define CLASS_FROM(record)                                                        \
	{                                                                         \
		.key = "class_from", .type = CONFIG_WORD, AT(record, class_from), \
		.word = data_class_text, .required = true                         \
	}

static const struct config_field r9_fields[] = {
	NODE("classes", file_r9, classes),
	RECORD("at_least", file_r9, at_least, &row_schema),
};
static const struct config_schema r9_schema = SCHEMA("r9", r9_fields, file_r9);

static const struct config_field shape_fields[] = {
	LEVEL("trace_becomes", file_shape_step, trace_becomes),
	LEVEL("interactive_subtracts", file_shape_step, interactive_subtracts),
	LEVEL("bulk_adds", file_shape_step, bulk_adds),
	LEVEL("bulk_from", file_shape_step, bulk_from),
	LEVEL("bulk_to", file_shape_step, bulk_to),
};
static const struct config_schema shape_schema = SCHEMA("shape", shape_fields, file_shape_step);

static const struct config_field kind_fields[] = {
	LEVEL("low_sink_subtracts", file_kind_step, low_sink_subtracts),
};
static const struct config_schema kind_schema = SCHEMA("kind", kind_fields, file_kind_step);

static const struct config_field content_fields[] = {
	LEVEL("strong_adds", file_content_step, strong_adds),
	CLASS_FROM(file_content_step),
};
static const struct config_schema content_schema =
	SCHEMA("content", content_fields, file_content_step);

static const struct config_field confidence_fields[] = {
	LEVEL("low_subtracts", file_confidence_step, low_subtracts),
	LEVEL("severity_from", file_confidence_step, severity_from),
};
static const struct config_schema confidence_schema =
	SCHEMA("confidence", confidence_fields, file_confidence_step);

static const struct config_field mismatch_fields[] = {
	LEVEL("at_least", file_mismatch_step, at_least),
	CLASS_FROM(file_mismatch_step),
};
static const struct config_schema mismatch_schema =
	SCHEMA("mismatch", mismatch_fields, file_mismatch_step);

static const struct config_field steps_fields[] = {
	NODE("outside", file_steps, outside),
	RECORD("r9", file_steps, r9, &r9_schema),
	NODE("final_classes", file_steps, final_classes),
	RECORD("shape", file_steps, shape, &shape_schema),
	RECORD("kind", file_steps, kind, &kind_schema),
	RECORD("content", file_steps, content, &content_schema),
	RECORD("confidence", file_steps, confidence, &confidence_schema),
	RECORD("mismatch", file_steps, mismatch, &mismatch_schema),
};
static const struct config_schema steps_schema = SCHEMA("steps", steps_fields, file_steps);

#define SIZE(word, record, member)                                                       \
	{                                                                                \
		.key = (word), .type = CONFIG_SIZE, AT(record, member), .required = true \
	}
#define DAY(word, data_class) SIZE(word, file_default_days, by_class[data_class])
static const struct config_field day_fields[] = {
	DAY("internal", DATA_CLASS_INTERNAL),
	DAY("personal", DATA_CLASS_PERSONAL),
	DAY("economic-secret", DATA_CLASS_ECONOMIC_SECRET),
	DAY("state-business-application", DATA_CLASS_STATE_BUSINESS_APPLICATION),
	DAY("health", DATA_CLASS_HEALTH),
};
static const struct config_schema day_schema = SCHEMA("day", day_fields, file_default_days);

static const struct config_field thresholds_fields[] = {
	SIZE("trace_below", file_default_thresholds, trace_below),
	SIZE("export_min", file_default_thresholds, export_min),
	{.key = "export_ratio",
	 .type = CONFIG_RATIO,
	 AT(file_default_thresholds, export_ratio),
	 .required = true},
	SIZE("bulk_min", file_default_thresholds, bulk_min),
	RECORD("day", file_default_thresholds, day, &day_schema),
};
static const struct config_schema default_thresholds_schema =
	SCHEMA("thresholds", thresholds_fields, file_default_thresholds);

#define TO_DO(word, severity) TEXT(word, file_what_to_do, by_severity[severity])
static const struct config_field what_to_do_fields[] = {
	{.type = CONFIG_SELF, AT(file_what_to_do, node)},
	TO_DO("informational", SEVERITY_INFORMATIONAL),
	TO_DO("low", SEVERITY_LOW),
	TO_DO("medium", SEVERITY_MEDIUM),
	TO_DO("high", SEVERITY_HIGH),
	TO_DO("critical", SEVERITY_CRITICAL),
};
static const struct config_schema what_to_do_schema =
	SCHEMA("what_to_do", what_to_do_fields, file_what_to_do);

/* A hundred years: no limit of ours, but no overflow either. */
#define DAYS_MAX 36500
#define DAYS(word, record, member)                                                      \
	{                                                                               \
		.key = (word), .type = CONFIG_UINT, AT(record, member), .max = DAYS_MAX \
	}

static const struct config_field finding_fields[] = {
	{.type = CONFIG_SELF, AT(file_finding, node)},
	TEXT("id", file_finding, id),
	TEXT("name", file_finding, name),
	LEVEL("severity", file_finding, severity),
	DAYS("days", file_finding, days),
	DAYS("late_days", file_finding, late_days),
	{.key = "late_severity",
	 .type = CONFIG_UINT,
	 AT(file_finding, late_severity),
	 .max = SEVERITY_CRITICAL},
	{.key = "lost_share", .type = CONFIG_RATIO, AT(file_finding, lost_share)},
	{.key = "one_way_share", .type = CONFIG_RATIO, AT(file_finding, one_way_share)},
	TEXT("sentence", file_finding, sentence),
	TEXT("what_to_do", file_finding, what_to_do),
};
static const struct config_schema finding_schema = SCHEMA("finding", finding_fields, file_finding);

static const struct config_field law_fields[] = {
	TEXT("title", file_law, title),
	{.key = "exposures", .type = CONFIG_NODE, AT(file_law, exposures)},
	{.key = "classes", .type = CONFIG_NODE, AT(file_law, classes)},
	TEXT("text", file_law, text),
	TEXT("source", file_law, source),
	{.key = "checked_on", .type = CONFIG_DATE, AT(file_law, checked_on), .required = true},
};
static const struct config_schema law_schema = SCHEMA("law", law_fields, file_law);

#define PART(word, member, of)                                                                   \
	{                                                                                        \
		.key = (word), .type = CONFIG_RECORD, AT(rule_book_file, member), .schema = (of) \
	}
static const struct config_field file_fields[] = {
	{.key = "version", .type = CONFIG_STRING, AT(rule_book_file, version)},
	{.key = "source", .type = CONFIG_STRING, AT(rule_book_file, source)},
	{.key = "checked_on", .type = CONFIG_DATE, AT(rule_book_file, checked_on)},
	PART("classes", classes, &classes_schema),
	PART("steps", steps, &steps_schema),
	PART("thresholds", thresholds, &default_thresholds_schema),
	DAYS("max_age_days", rule_book_file, max_age_days),
	{.key = "rule_name", .type = CONFIG_NODE, AT(rule_book_file, rule_name)},
	PART("sentences", sentences, &rule_sentences_schema),
	PART("what_to_do", what_to_do, &what_to_do_schema),
	{.key = "findings",
	 .type = CONFIG_RECORDS,
	 AT(rule_book_file, findings),
	 .schema = &finding_schema},
	{.key = "laws", .type = CONFIG_RECORDS, AT(rule_book_file, laws), .schema = &law_schema},
};
static const struct config_schema file_schema = SCHEMA("rule book", file_fields, rule_book_file);

bool
rule_book_file_read(const struct config_node *root, struct arena *arena, struct rule_book_file *out,
		    struct fault_list *faults)
{
	return config_read(root, &file_schema, arena, out, faults);
}
