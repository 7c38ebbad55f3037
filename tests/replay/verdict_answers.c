/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers verdicts over facts given as lines, for tests that know the answers from elsewhere:
 *
 *   verdict_answers SETTINGS < FACTS > ANSWERS
 *
 * A line of facts has these words, tabs between them, "-" where there is none: zone, class and
 * strength of content (none, weak, strong), exposure, shape, confidence, service operator, host
 * operator, service, kind, day (2026-12-01), bytes up, and a text of letters: h (HDS record),
 * l (low-sink), m (name-address-mismatch), d (dns contradicts), a (address more exposed), p (a
 * proxy outside was asked), and the operator of that proxy. A line of answers: rule id, severity
 * before and after exceptions (0 to 4), covering and ended exception, and the steps that changed
 * the value, "shape:3>4,kind:4>3".
 */
#include "app/ruleset.h"
#include "classifier/policy/exceptions.h"
#include "classifier/policy/verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ZONE,
	CONTENT_CLASS,
	CONTENT,
	EXPOSURE,
	SHAPE,
	CONFIDENCE,
	SERVICE_OPERATOR,
	HOST_OPERATOR,
	SERVICE,
	KIND,
	DAY,
	UP,
	LETTERS,
	PROXY_OPERATOR,
	WORDS,
};

static void
refuse(const char *what, const char *word)
{
	fprintf(stderr, "verdict_answers: no %s `%s`\n", what, word);
	exit(1);
}

static unsigned
word_number(const char *what, const char *word, const char *(*text)(unsigned), unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (strcmp(text(i), word) == 0)
			return i;
	}
	refuse(what, word);
	return 0;
}

static const char *
exposure_word(unsigned value)
{
	return exposure_text((enum exposure)value);
}

static const char *
shape_word(unsigned value)
{
	return shape_text((enum shape)value);
}

static const char *
confidence_word(unsigned value)
{
	return confidence_text((enum confidence)value);
}

static const char *
kind_word(unsigned value)
{
	return service_kind_text((enum service_kind)value);
}

static const char *
content_word(unsigned value)
{
	static const char *const words[] = {"none", "weak", "strong"};
	return words[value];
}

static bool
has(const char *letters, char letter)
{
	return strchr(letters, letter) != NULL;
}

static const struct catalogue_operator *
find_operator(const struct catalogue *catalogue, const char *id)
{
	return strcmp(id, "-") == 0 ? NULL : catalogue_find_operator(catalogue, id);
}

static struct verdict
decide(const struct policy *policy, char *const *word, const struct zone *zone)
{
	bool has_class = strcmp(word[CONTENT_CLASS], "-") != 0;
	struct verdict_facts facts = {
		.zone_class = zone->data_class,
		.content_class = has_class ? word_number("class", word[CONTENT_CLASS],
							 data_class_text, DATA_CLASS_COUNT)
					   : DATA_CLASS_PUBLIC,
		.content = word_number("content", word[CONTENT], content_word, 3),
		.r9 = zone->r9,
		.exposure = word_number("exposure", word[EXPOSURE], exposure_word, EXPOSURE_COUNT),
		.hds = has(word[LETTERS], 'h'),
		.shape = word_number("shape", word[SHAPE], shape_word, SHAPE_COUNT),
		.low_sink = has(word[LETTERS], 'l'),
		.confidence = word_number("confidence", word[CONFIDENCE], confidence_word,
					  CONFIDENCE_COUNT),
		.mismatch = has(word[LETTERS], 'm'),
		.dns_contradicts = has(word[LETTERS], 'd'),
		.address_more_exposed = has(word[LETTERS], 'a'),
	};
	struct verdict verdict;

	verdict_decide(policy->rules, &facts, &verdict);
	return verdict;
}

static struct exception_answer
apply_exceptions(const struct policy *policy, struct exception_ledger *ledger, char *const *word,
		 struct verdict *verdict)
{
	struct catalogue_service service = {.id = word[SERVICE]};
	struct exception_query query = {
		.zone = zone_table_by_id(policy->zones, word[ZONE]),
		.service_operator = find_operator(policy->catalogue, word[SERVICE_OPERATOR]),
		.host_operator = find_operator(policy->catalogue, word[HOST_OPERATOR]),
		.proxy_operator = find_operator(policy->catalogue, word[PROXY_OPERATOR]),
		.proxy_outside = has(word[LETTERS], 'p') || strcmp(word[PROXY_OPERATOR], "-") != 0,
		.service = strcmp(word[SERVICE], "-") == 0 ? NULL : &service,
		.kind = word_number("kind", word[KIND], kind_word, SERVICE_KIND_COUNT),
		.data_class = verdict->data_class,
		.confidence = word_number("confidence", word[CONFIDENCE], confidence_word,
					  CONFIDENCE_COUNT),
		.bytes = strtoull(word[UP], NULL, 10),
	};
	struct exception_answer answer;

	if (!time_zone_parse_day(word[DAY], &query.day))
		refuse("day", word[DAY]);
	exception_ledger_apply(ledger, &query, &answer);
	if (answer.covering != NULL)
		verdict_apply_cap(verdict, answer.covering->cap);
	return answer;
}

static void
print_answer(const struct verdict *verdict, const struct exception_answer *exception)
{
	printf("%s\t%d\t%d\t%s\t%s\t", verdict->rule_id, (int)verdict->severity_before_exception,
	       (int)verdict->severity, exception->covering != NULL ? exception->covering->id : "-",
	       exception->ended_count != 0 ? exception->ended[0]->id : "-");
	for (size_t i = 0; i < verdict->step_count; i++)
		printf("%s%s:%d>%d", i > 0 ? "," : "", verdict_step_text(verdict->steps[i].kind),
		       (int)verdict->steps[i].before, (int)verdict->steps[i].after);
	putchar('\n');
}

static void
answer_line(const struct policy *policy, struct exception_ledger *ledger, char *line)
{
	char *word[WORDS], *rest = line;

	line[strcspn(line, "\n")] = '\0';
	for (unsigned i = 0; i < WORDS; i++) {
		word[i] = strsep(&rest, "\t");
		if (word[i] == NULL)
			refuse("line of so few words as", line);
	}
	const struct zone *zone = zone_table_by_id(policy->zones, word[ZONE]);
	if (zone == NULL)
		refuse("zone", word[ZONE]);
	struct verdict verdict = decide(policy, word, zone);
	struct exception_answer exception = apply_exceptions(policy, ledger, word, &verdict);
	print_answer(&verdict, &exception);
}

int
main(int argc, char **argv)
{
	struct ruleset ruleset;
	char line[1024];

	if (argc != 2 || ruleset_load(argv[1], &ruleset) != 0)
		return 1;
	struct exception_ledger *ledger = exception_ledger_create(ruleset.policy->exceptions);
	while (ledger != NULL && fgets(line, sizeof(line), stdin) != NULL)
		answer_line(ruleset.policy, ledger, line);
	exception_ledger_destroy(ledger);
	ruleset_fini(&ruleset);
	return ledger != NULL ? 0 : 1;
}
