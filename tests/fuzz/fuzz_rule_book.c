/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a rule book. Where they are one, every class and exposure is judged by it and told
 * in a sentence, with the end of the input as the host's name.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "classifier/policy/sentence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NAME_MAX_LEN 300

static const struct catalogue_operator owner = {
	.id = "a", .name = "A", .short_name = "A", .control_country = "CN"};
static const struct catalogue_operator other = {
	.id = "b", .name = "B", .short_name = "B", .control_country = "US"};
static const struct exception exception = {.id = "EXC", .expires_on = "2027-03-31"};

static void
check_text(const char *text, size_t len)
{
	if (len >= SENTENCE_MAX || strlen(text) != len)
		abort();
	while (len > 0) {
		uint32_t code_point;
		size_t character = utf8_decode(text, len, &code_point);
		if (character == 0 || utf8_is_unsafe(code_point))
			abort();
		text += character;
		len -= character;
	}
}

static void
judge(const struct rule_book *rules, const struct verdict_facts *facts, unsigned pattern,
      const char *name)
{
	static const struct zone zone = {.id = "z", .label = "Z"};
	static const struct exception_answer answer = {
		.ended = {&exception}, .ended_count = 1, .surplus = &exception};
	const struct attribution attribution = {
		.owner = pattern == ATTRIBUTION_NOTHING ? NULL : &owner,
		.host_operator = &owner,
		.service_operator = &other,
		.exposure = facts->exposure,
		.confidence = facts->confidence,
		.pattern = (enum attribution_case)pattern,
		.evidence = EVIDENCE_PREFIX | EVIDENCE_SNI,
		.region = "eu-west-3",
	};
	struct verdict verdict;
	char out[SENTENCE_MAX];

	verdict_decide(rules, facts, &verdict);
	if (verdict.severity > SEVERITY_CRITICAL || verdict.step_count > VERDICT_STEP_COUNT)
		abort();
	const struct sentence_facts sentence = {
		.rules = rules,
		.zone = &zone,
		.verdict = &verdict,
		.attribution = &attribution,
		.name = name,
		.address = "192.0.2.1",
		.more_names = pattern,
		.up = 123456789,
		.flows = pattern,
		.day_limit = 1048576,
		.exception = &answer,
	};
	check_text(out, sentence_format(&sentence, out));
	/* The same of a group whose flows differ. */
	const struct sentence_cover cover = {&exception, 12345};
	const struct sentence_shown shown = {name != NULL ? name : "192.0.2.1", 12345};
	struct sentence_facts of_group = sentence;
	of_group.more_at_least = true;
	of_group.covers = &cover;
	of_group.cover_count = 1;
	of_group.shown = &shown;
	check_text(out, sentence_format(&of_group, out));
	const struct sentence_zone whose = {zone.label, zone.owner};
	check_text(out, sentence_what_to_do(rules, &whose, verdict.severity, out));
}

static void
judge_all(const struct rule_book *rules, const char *name)
{
	for (unsigned c = 0; c < DATA_CLASS_COUNT; c++) {
		for (unsigned e = 0; e < EXPOSURE_COUNT; e++) {
			const struct verdict_facts facts = {
				.zone_class = (enum data_class)c,
				.r9 = true,
				.exposure = (enum exposure)e,
				.shape = (enum shape)((c + e) % SHAPE_COUNT),
				.low_sink = e % 2 != 0,
				.confidence = (enum confidence)(c % CONFIDENCE_COUNT),
				.mismatch = true,
				.address_more_exposed = true,
			};
			judge(rules, &facts, 1 + (c * EXPOSURE_COUNT + e) % ATTRIBUTION_NOTHING,
			      name);
		}
	}
	if (rule_book_finding(rules, "GOV-BLIND") == NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault_list faults = FAULT_LIST_INIT;
	size_t name_len = size < NAME_MAX_LEN ? size : NAME_MAX_LEN;
	char *text = malloc(size == 0 ? 1 : size), *name = calloc(1, name_len + 1);

	if (text != NULL && name != NULL) {
		if (size != 0) {
			memcpy(text, data, size);
			memcpy(name, data + size - name_len, name_len);
		}
		struct rule_book *rules = rule_book_parse("fuzz", text, size, &faults);
		if ((rules == NULL) != (faults.count != 0))
			abort();
		if (rules != NULL)
			judge_all(rules, name);
		rule_book_destroy(rules);
	}
	fault_list_fini(&faults);
	free(name);
	free(text);
	return 0;
}
