/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words: sentences and the placeholders that they may hold. A placeholder that nobody fills would
 * be seen only when its sentence is said, so it is refused here.
 */
#include "classifier/policy/rule_book_build.h"

#include <string.h>

#include "base/suggestion.h"
#include "base/utf8.h"

/* Longest sentence part; a few of them make one sentence of SENTENCE_MAX. */
#define TEXT_MAX 600
/* Longest placeholder, with its NUL, and most of one sentence. */
#define WORD_MAX 32
#define WORDS_MAX 20

/* Takes the next word of `*words`, which are parted by one space. False behind the last. */
static bool
take_word(const char **words, char out[WORD_MAX])
{
	size_t len = strcspn(*words, " ");

	if (len == 0 || len >= WORD_MAX)
		return false;
	memcpy(out, *words, len);
	out[len] = '\0';
	*words += len + ((*words)[len] == ' ');
	return true;
}

static void
check_placeholder(const struct config_node *node, const char *name, const char *allowed,
		  struct fault_list *faults)
{
	struct suggestion near = {.given = name};
	char words[WORDS_MAX][WORD_MAX];

	for (size_t i = 0; i < WORDS_MAX && take_word(&allowed, words[i]); i++) {
		if (strcmp(words[i], name) == 0)
			return;
		suggestion_offer(&near, words[i]);
	}
	if (near.word != NULL)
		config_node_fault(node, faults, "unknown {%s}: did you mean {%s}?", name,
				  near.word);
	else
		config_node_fault(node, faults, "unknown {%s} in this sentence", name);
}

static void
check_placeholders(const struct config_node *node, const char *text, const char *allowed,
		   struct fault_list *faults)
{
	for (const char *at = text + strcspn(text, "{}"); *at != '\0'; at += strcspn(at, "{}")) {
		size_t len = strcspn(at + 1, "{}");
		char name[WORD_MAX];

		if (*at != '{' || at[1 + len] != '}' || len >= sizeof(name)) {
			config_node_fault(node, faults,
					  "a brace alone; expected placeholders as in {name}");
			return;
		}
		memcpy(name, at + 1, len);
		name[len] = '\0';
		check_placeholder(node, name, allowed, faults);
		at += len + 2;
	}
}

static bool
is_clean(const char *text)
{
	for (uint32_t c; *text != '\0';) {
		size_t len = utf8_decode(text, strlen(text), &c);
		if (len == 0 || utf8_is_unsafe(c))
			return false;
		text += len;
	}
	return true;
}

static void
check_text(const struct config_node *node, const char *allowed, struct fault_list *faults)
{
	const char *text = config_node_text(node);

	if (strlen(text) > TEXT_MAX)
		config_node_fault(node, faults, "longer than %d bytes", TEXT_MAX);
	else if (!is_clean(text))
		config_node_fault(node, faults, "has a character that drives a terminal");
	else
		check_placeholders(node, text, allowed, faults);
}

void
rule_text_check(const struct config_node *node, const char *allowed, struct fault_list *faults)
{
	if (config_node_kind(node) == CONFIG_KIND_SCALAR) {
		check_text(node, allowed, faults);
		return;
	}
	for (const struct config_node *c = config_node_first(node); c != NULL;
	     c = config_node_next(c)) {
		if (config_node_kind(c) == CONFIG_KIND_SCALAR)
			check_text(c, allowed, faults);
	}
}

/* A group of `sentences`, and what may stand in its texts; values of no use in a case are empty. */
static const struct {
	const char *group;
	const char *allowed;
} sentence_texts[] = {
	{"first_clause",
	 "zone up flows name address address_of kind operator host_operator region proxy"},
	{"exposure", "subject whose scheme version date vendor country"},
	{"evidence", "evidence address_evidence name_evidence tenancy operator host_operator "
		     "service_operator asn_operator named_operator confidence day_limit up name "
		     "proxy_operator proxy_evidence tunnel_operator tunnel_evidence"},
	{"exception", "exception date severity limit covered"},
	{"hds", "date"},
	{"words", "n name region address tunnel zone"},
};

static void
check_sentences(const struct config_node *sentences, struct fault_list *faults)
{
	for (size_t i = 0; i < sizeof(sentence_texts) / sizeof(*sentence_texts); i++)
		rule_text_check(config_node_find(sentences, sentence_texts[i].group),
				sentence_texts[i].allowed, faults);
}

/* The key that every other loader reads by a schema; it stands alone here. */
static const char *
take_rule_name(const struct config_node *node, struct arena *arena, struct fault_list *faults)
{
	const char *text = config_node_text(node);

	if (text == NULL || *text == '\0') {
		config_node_fault(node, faults, "`rule_name`: expected a text");
		return NULL;
	}
	rule_text_check(node, "class exposure", faults);
	const char *copy = arena_copy_text(arena, text, strlen(text));
	if (copy == NULL)
		config_node_fault(node, faults, "out of memory");
	return copy;
}

static void
take_exposures(const struct file_exposure_sentences *file, struct rule_exposure_sentences *out)
{
	for (unsigned e = 0; e < EXPOSURE_COUNT; e++)
		out->by_class[e] = file->by_column[rule_column((enum exposure)e)];
	out->undated_qualification = file->undated_qualification;
	out->stale = file->stale;
	out->no_control = file->no_control;
	out->proxy_unknown = file->proxy_unknown;
	out->tunnel_unknown = file->tunnel_unknown;
}

void
rule_book_build_sentences(const struct rule_book_file *file, struct rule_book *rules,
			  struct fault_list *faults)
{
	const struct file_sentences *from = file->sentences;
	struct rule_sentences *to = &rules->sentences;

	check_sentences(from->node, faults);
	to->clause = *from->first_clause;
	take_exposures(from->exposure, &to->exposure);
	to->evidence = *from->evidence;
	to->exception = *from->exception;
	to->hds = *from->hds;
	to->words = *from->words;
	for (unsigned c = 0; c < DATA_CLASS_COUNT; c++) {
		const struct file_class *class = file->classes->by_class[c];
		rule_text_check(config_node_find(class->node, "sentence"), "", faults);
		to->data_class[c] = class->sentence;
	}
	rule_text_check(file->what_to_do->node, "zone owner", faults);
	for (unsigned s = 0; s < SEVERITY_COUNT; s++)
		rules->what_to_do[s] = file->what_to_do->by_severity[s];
	rules->rule_name = take_rule_name(file->rule_name, rules->arena, faults);
}
