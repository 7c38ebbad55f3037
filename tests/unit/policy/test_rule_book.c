/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/rule_book.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/policy/shipped_rules.h"

static char *shipped; /* text of the shipped file */

/* The shipped text with the first `from` replaced; free it. NULL where it is not there. */
static char *
with(const char *from, const char *to)
{
	const char *at = strstr(shipped, from);
	char *out = at != NULL ? malloc(strlen(shipped) + strlen(to) + 1) : NULL;

	if (out != NULL) {
		size_t before = (size_t)(at - shipped);
		memcpy(out, shipped, before);
		strcpy(stpcpy(out + before, to), at + strlen(from));
	}
	return out;
}

static void
shipped_numbers_are_those_of_the_model(void)
{
	struct rule_book *r = load_shipped_rules();
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	const struct shape_thresholds *t = &r->thresholds;
	const uint64_t mib = 1024 * 1024;

	CU_ASSERT_EQUAL(t->trace_below, 65536);
	CU_ASSERT_EQUAL(t->export_min, mib);
	CU_ASSERT_EQUAL(t->export_ratio, 6000);
	CU_ASSERT_EQUAL(t->bulk_min, 100 * mib);
	const uint64_t day[DATA_CLASS_COUNT] = {0,        1024 * mib, 50 * mib, 50 * mib,
						50 * mib, 10 * mib,   0,        0};
	for (unsigned c = 0; c < DATA_CLASS_COUNT; c++)
		CU_ASSERT_EQUAL(t->day[c], day[c]);
	CU_ASSERT_EQUAL(r->max_age_days, 400);
	CU_ASSERT_STRING_EQUAL(r->version, "2026-11-29");
	CU_ASSERT_STRING_EQUAL(r->checked_on, "2026-11-22");
	CU_ASSERT_PTR_NOT_NULL(strstr(r->source, "not law"));
	rule_book_destroy(r);
}

static void
shipped_findings_are_those_of_the_model(void)
{
	static const struct {
		const char *id;
		enum severity severity;
		uint32_t days, late_days;
	} rows[] = {
		{"GOV-EXC-EXPIRED", SEVERITY_MEDIUM, 0, 0},
		{"GOV-EXC-EXPIRING", SEVERITY_LOW, 30, 0},
		{"GOV-QUAL-EXPIRED", SEVERITY_MEDIUM, 0, 0},
		{"GOV-QUAL-EXPIRING", SEVERITY_LOW, 60, 0},
		{"GOV-CAT-STALE", SEVERITY_LOW, 30, 90},
		{"GOV-ZONE-UNMAPPED", SEVERITY_LOW, 0, 0},
		{"GOV-BLIND", SEVERITY_MEDIUM, 0, 0},
		{"GOV-POLICY-CHANGED", SEVERITY_INFORMATIONAL, 0, 0},
		{"GOV-ZONE-CROSSING", SEVERITY_HIGH, 0, 0},
		{"GOV-TENANCY-CONFLICT", SEVERITY_MEDIUM, 0, 0},
	};
	struct rule_book *r = load_shipped_rules();
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);

	CU_ASSERT_EQUAL(r->finding_count, sizeof(rows) / sizeof(*rows));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct rule_finding *f = rule_book_finding(r, rows[i].id);
		CU_ASSERT_PTR_NOT_NULL_FATAL(f);
		CU_ASSERT_EQUAL(f->severity, rows[i].severity);
		CU_ASSERT_EQUAL(f->days, rows[i].days);
		CU_ASSERT_EQUAL(f->late_days, rows[i].late_days);
		bool late = rows[i].late_days != 0;
		CU_ASSERT_EQUAL(f->late_severity, late ? SEVERITY_MEDIUM : f->severity);
	}
	CU_ASSERT_EQUAL(rule_book_finding(r, "GOV-BLIND")->lost_share, 10);
	CU_ASSERT_EQUAL(rule_book_finding(r, "GOV-BLIND")->one_way_share, 500);
	CU_ASSERT_PTR_NULL(rule_book_finding(r, "GOV-NONE"));
	rule_book_destroy(r);
}

static void
law_is_shown_for_the_verdicts_it_names(void)
{
	struct rule_book *r = load_shipped_rules();
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);

	CU_ASSERT_EQUAL(r->law_count, 12);
	const struct rule_law *cloud_act = &r->laws[0], *hds = NULL;
	for (size_t i = 0; i < r->law_count; i++) {
		if (strcmp(r->laws[i].title, "HDS v2") == 0)
			hds = &r->laws[i];
	}
	CU_ASSERT_STRING_EQUAL(cloud_act->title, "18 U.S.C. 2713 (CLOUD Act)");
	CU_ASSERT_TRUE(cloud_act->exposures[EXPOSURE_US_DIRECT]);
	CU_ASSERT_TRUE(cloud_act->exposures[EXPOSURE_US_PARENT]);
	CU_ASSERT_FALSE(cloud_act->exposures[EXPOSURE_THIRD_COUNTRY]);
	CU_ASSERT_TRUE(cloud_act->classes[DATA_CLASS_PUBLIC]);
	CU_ASSERT_PTR_NOT_NULL_FATAL(hds);
	CU_ASSERT_TRUE(hds->exposures[EXPOSURE_STATE_INTERNAL]);
	CU_ASSERT_TRUE(hds->classes[DATA_CLASS_HEALTH]);
	CU_ASSERT_FALSE(hds->classes[DATA_CLASS_PERSONAL]);
	rule_book_destroy(r);
}

/* Words that claim more than anybody can know (domain §3h); comments and keys are searched as well.
 */
static void
shipped_texts_claim_nothing(void)
{
	static const char *const words[] = {
		"illegal", "unlawful",     "violat",      "leak",           "theft",
		"stolen",  "has accessed", "will access", "is SecNumCloud", "are safe",
		"is safe", "compliant",    "sovereign",   "guarantee",      "0 bytes",
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcasestr(shipped, words[i]) != NULL)
			printf("# `%s`\n", words[i]);
		CU_ASSERT_PTR_NULL(strcasestr(shipped, words[i]));
	}
}

#define X50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X300 X50 X50 X50 X50 X50 X50

/* One change each. `fault` is part of the first fault's text, `count` how many there are. */
static const struct {
	const char *from, *to, *fault;
	size_t count;
} changes[] = {
	{"{INT: 0, QUA: 0, SOV: 0, TEC: 1,", "{INT: 0, QUA: 0, TEC: 1,", ": row lacks `SOV`", 1},
	{"TEC: 1, THC: 2, USA: 2", "TEC: 1, THC: 2, USA: 5",
	 "`USA` is `5`, expected a whole number from 0 to 4", 1},
	{"TEC: 1, THC: 2, USA: 2", "TEC: 1, THC: 2, USA: -1", "`USA` is `-1`", 1},
	{"TEC: 1, THC: 2, USA: 2", "TEC: 1, THC: 2, USA: 2, UKN: 2",
	 "unknown key `UKN`: did you mean `UNK`?", 1},
	{"    code: PER", "    code: PES", "`code` is `PES`, expected `PER`", 1},
	{"  personal:\n", "  personnel:\n", "unknown key `personnel`: did you mean `personal`?", 2},
	{"outside: [THC, USA, UNK]", "outside: [THC, USB, UNK]", "`USB`: did you mean `USA`?", 1},
	{"outside: [THC, USA, UNK]", "outside: {THC: 1}", "a mapping, expected a word", 1},
	{"outside: [THC, USA, UNK]", "outside: [[THC]]", "a list, expected a word", 1},
	{"final_classes: [diffusion-restreinte, secret]", "final_classes: [dr]",
	 "`dr` is none of its words", 1},
	{"trace_becomes: 0", "trace_becomes: 9", "`trace_becomes` is `9`", 1},
	{"class_from: personal", "class_from: persona", "did you mean `personal`?", 1},
	{"export_ratio: 0.6", "export_ratio: 1.6", "`export_ratio` is `1.6`", 1},
	{"    health: 10MiB\n", "", "day lacks `health`", 1},
	{"max_age_days: 400", "max_age_days: 0", "rule book lacks `max_age_days`", 1},
	{"version: \"2026-11-29\"\n", "", "rule book lacks `version`", 1},
	{"checked_on: 2026-11-22", "checked_on: 2026-11-31", "expected a date", 1},
	{"    sent: \"{zone}", "    sent: \"{zon}", "unknown {zon}: did you mean {zone}?", 1},
	{"    sent: \"{zone}", "    sent: \"{confidence}", "unknown {confidence} in this sentence",
	 1},
	{"    sent: \"{zone}", "    sent: \"{zone", "a brace alone", 1},
	{"    sent: \"{zone}", "    sent: \"zone}", "a brace alone", 1},
	{"    sent: \"{zone}", "    sent: \"{}", "unknown {} in this sentence", 1},
	{"    sent: \"{zone}", "    sent: \"{{zone}}", "a brace alone", 1},
	{"    sent: \"{zone} sent", "    sent: \"{zone} \xe2\x80\xaesent", "drives a terminal", 1},
	{"    stale: \"The", "    stale: \"{date} {n} The", "unknown {n}", 1},
	{"Public data: recorded", X300 X300 "data: recorded", "longer than 600 bytes", 1},
	{"Public data: recorded", "Public {zone}: recorded", "unknown {zone}", 1},
	{"recorded for volume only.\"", "{a} {b}\"", "unknown {a}", 2},
	{"    served: ", "    servd: ", "unknown key `servd`: did you mean `served`?", 2},
	{"rule_name: \"{class}", "rule_name: \"{klass}", "unknown {klass}: did you mean {class}?",
	 1},
	{"rule_name: \"{class} data towards {exposure}\"", "rule_name: [a]", "expected a text", 1},
	{"  informational: \"", "  informational: \"{date}", "unknown {date}", 1},
	{"  - id: GOV-BLIND\n", "  - id: GOV-BLIMD\n", "`GOV-BLIMD` is no finding of this program",
	 2},
	{"  - id: GOV-BLIND\n", "  - id: GOV-POLICY-CHANGED\n",
	 "`GOV-POLICY-CHANGED` has no `lost_share`", 6},
	{"    days: 60\n", "", "finding `GOV-QUAL-EXPIRING` lacks `days`", 1},
	{"    late_days: 90", "    late_days: 20", "late_days 20 is before days 30", 1},
	{"    name: Policy changed\n", "    name: Policy changed\n    days: 3\n",
	 "finding `GOV-POLICY-CHANGED` has no `days`", 1},
	{"severity: 3\n    sentence: \"{zone}", "severity: 5\n    sentence: \"{zone}",
	 "`severity` is `5`", 1},
	{"    sentence: \"Inside addresses of {network}",
	 "    sentence: \"Inside addresses of {zone}", "unknown {zone}", 1},
	{"    sentence: \"Exception {exception} ended", "    sentence: \"{zone}: {exception} ended",
	 "unknown {zone}", 1},
	{"what_to_do: \"Nothing, where", "what_to_do: \"{owner}: nothing, where", "unknown {owner}",
	 1},
	{"    exposures: [USA]", "    exposures: [US]", "`US`: did you mean `USA`?", 1},
	{"    checked_on: 2026-06-30", "    checked_on: June", "expected a date", 1},
};

static void
every_mistake_is_told_with_its_place(void)
{
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		struct fault_list faults = FAULT_LIST_INIT;
		char *text = with(changes[i].from, changes[i].to);
		CU_ASSERT_PTR_NOT_NULL_FATAL(text);
		CU_ASSERT_PTR_NULL(rule_book_parse("r.yaml", text, strlen(text), &faults));
		CU_ASSERT_NOT_EQUAL_FATAL(faults.count, 0);
		bool right = strstr(faults.faults[0].text, changes[i].fault) != NULL &&
			     strncmp(faults.faults[0].text, "r.yaml:", 7) == 0 &&
			     faults.count == changes[i].count;
		if (!right)
			printf("# %zu faults, first `%s`, expected %zu, `%s`\n", faults.count,
			       faults.faults[0].text, changes[i].count, changes[i].fault);
		CU_ASSERT_TRUE(right);
		fault_list_fini(&faults);
		free(text);
	}
}

static void
place_is_that_of_the_text(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	char *text = with("    agree: \"{evidence}", "    agree: \"{evidenc}");
	char expected[64];
	unsigned line = 1;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	const size_t place = (size_t)(strstr(text, "{evidenc}") - text);
	for (size_t i = 0; i < place; i++)
		line += text[i] == '\n';
	snprintf(expected, sizeof(expected), "r.yaml:%u:12: unknown {evidenc}", line);
	CU_ASSERT_PTR_NULL(rule_book_parse("r.yaml", text, strlen(text), &faults));
	CU_ASSERT_EQUAL_FATAL(faults.count, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(faults.faults[0].text, expected));
	fault_list_fini(&faults);
	free(text);
}

static void
every_part_that_is_missing_is_named(void)
{
	struct fault_list faults = FAULT_LIST_INIT;
	static const char text[] = "max_age_days: 1\n";

	CU_ASSERT_PTR_NULL(rule_book_parse("r.yaml", text, strlen(text), &faults));
	CU_ASSERT_EQUAL(faults.count, 11);
	fault_list_fini(&faults);
	CU_ASSERT_PTR_NULL(rule_book_parse("r.yaml", "", 0, &faults));
	CU_ASSERT_EQUAL(faults.count, 1);
	fault_list_fini(&faults);
	CU_ASSERT_PTR_NULL(rule_book_load("/nowhere/rules", &faults));
	CU_ASSERT_EQUAL(faults.count, 1);
	fault_list_fini(&faults);
	rule_book_destroy(NULL);
}

static void
write_file(const char *directory, const char *name, const char *text, size_t len)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fwrite(text, 1, len, file);
	fclose(file);
}

static void
remove_file(const char *directory, const char *name)
{
	char path[256];
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	unlink(path);
}

static void
parts_may_stand_in_several_files_but_once(void)
{
	char directory[] = "/tmp/vigie-rules-XXXXXX";
	const char *cut = strstr(shipped, "\nfindings:") + 1;
	struct fault_list faults = FAULT_LIST_INIT;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
	CU_ASSERT_PTR_NULL(rule_book_load(directory, &faults));
	CU_ASSERT_EQUAL(faults.count, 1);
	fault_list_fini(&faults);

	write_file(directory, "a.yaml", shipped, (size_t)(cut - shipped));
	write_file(directory, "b.yaml", cut, strlen(cut));
	write_file(directory, "notes.txt", "no rules", 8);
	struct rule_book *rules = rule_book_load(directory, &faults);
	CU_ASSERT_PTR_NOT_NULL(rules);
	rule_book_destroy(rules);

	write_file(directory, "c.yaml", "max_age_days: 3\n", 16);
	CU_ASSERT_PTR_NULL(rule_book_load(directory, &faults));
	CU_ASSERT_EQUAL_FATAL(faults.count, 1);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(faults.faults[0].text, "c.yaml:1:1: `max_age_days` stands in another file"));
	fault_list_fini(&faults);
	remove_file(directory, "a.yaml");
	remove_file(directory, "b.yaml");
	remove_file(directory, "c.yaml");
	remove_file(directory, "notes.txt");
	CU_ASSERT_EQUAL(rmdir(directory), 0);
}

static const struct unit_case cases[] = {
	{"shipped_numbers_are_those_of_the_model", shipped_numbers_are_those_of_the_model},
	{"shipped_findings_are_those_of_the_model", shipped_findings_are_those_of_the_model},
	{"law_is_shown_for_the_verdicts_it_names", law_is_shown_for_the_verdicts_it_names},
	{"shipped_texts_claim_nothing", shipped_texts_claim_nothing},
	{"every_mistake_is_told_with_its_place", every_mistake_is_told_with_its_place},
	{"place_is_that_of_the_text", place_is_that_of_the_text},
	{"every_part_that_is_missing_is_named", every_part_that_is_missing_is_named},
	{"parts_may_stand_in_several_files_but_once", parts_may_stand_in_several_files_but_once},
};

static char *
read_shipped(void)
{
	FILE *file = fopen(unit_source_path("configs/policy/rules.yaml"), "r");
	char *text = NULL;
	size_t size = 0;

	if (file != NULL && getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = NULL;
	}
	if (file != NULL)
		fclose(file);
	return text;
}

int
main(void)
{
	shipped = read_shipped();
	if (shipped == NULL) {
		puts("Bail out! configs/policy/rules.yaml cannot be read");
		return 1;
	}
	int status = unit_run("rule_book", cases, sizeof(cases) / sizeof(*cases));
	free(shipped);
	return status;
}
