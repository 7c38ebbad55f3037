/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/name_pattern.h"

#include <string.h>

#define PATTERN_LABELS_MAX 12
#define LABEL_PLACES_MAX 2

/* A run of pattern text, not ended by NUL. */
struct run {
	const char *text;
	size_t len;
};

/* One label: literal, place, literal, place, literal; literals may be empty. */
struct label_pattern {
	struct run literal[LABEL_PLACES_MAX + 1];
	bool is_region[LABEL_PLACES_MAX];
	uint8_t places;
	bool several; /* stands for one label or more */
};

struct name_pattern {
	struct label_pattern labels[PATTERN_LABELS_MAX];
	uint8_t count;
	uint8_t several; /* index of the label that stands for several; `count` where none does */
	bool has_region;
};

static bool
run_is(struct run run, const char *text)
{
	return run.len == strlen(text) && memcmp(run.text, text, run.len) == 0;
}

static bool
is_literal_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* Reads "{word}" at `*at` into a place of the label; false where it is none. */
static bool
compile_place(const char **at, struct label_pattern *label, struct run *word)
{
	const char *close = strchr(*at, '}');

	if (close == NULL || close == *at + 1 || label->places == LABEL_PLACES_MAX)
		return false;
	*word = (struct run){*at + 1, (size_t)(close - *at) - 1};
	for (size_t i = 0; i < word->len; i++) {
		if (!is_literal_character(word->text[i]))
			return false;
	}
	label->is_region[label->places++] = run_is(*word, "region");
	*at = close + 1;
	return true;
}

/* Reads one label up to a dot or the end. */
static bool
compile_label(const char **at, struct label_pattern *label)
{
	const char *start = *at;
	struct run word = {0};

	label->literal[0].text = start;
	while (**at != '.' && **at != '\0') {
		if (**at == '{') {
			if (!compile_place(at, label, &word))
				return false;
			label->literal[label->places].text = *at;
		} else if (is_literal_character(**at)) {
			label->literal[label->places].len++;
			(*at)++;
		} else {
			return false;
		}
	}
	bool whole = label->places == 1 && word.len + 2 == (size_t)(*at - start);
	label->several = whole && (run_is(word, "x") || run_is(word, "bucket"));
	return *at != start;
}

/* Notes what the label means for the pattern as a whole; NULL, or why it cannot be. */
static const char *
add_label(struct name_pattern *pattern, const struct label_pattern *label)
{
	if (label->several) {
		if (pattern->several != PATTERN_LABELS_MAX)
			return "two places for several labels";
		pattern->several = pattern->count;
	}
	for (unsigned i = 0; i < label->places; i++) {
		if (label->is_region[i] && pattern->has_region)
			return "two regions";
		pattern->has_region |= label->is_region[i];
	}
	pattern->labels[pattern->count++] = *label;
	return NULL;
}

const struct name_pattern *
name_pattern_compile(struct arena *arena, const char *text, const char **why)
{
	struct name_pattern pattern = {.several = PATTERN_LABELS_MAX};

	for (const char *at = text;; at++) {
		struct label_pattern label = {0};
		*why = "expected labels of a-z, 0-9, - and _ with at most two {placeholders} each";
		if (pattern.count == PATTERN_LABELS_MAX || !compile_label(&at, &label))
			return NULL;
		*why = add_label(&pattern, &label);
		if (*why != NULL)
			return NULL;
		if (*at == '\0')
			break;
	}
	if (pattern.several == PATTERN_LABELS_MAX)
		pattern.several = pattern.count;

	struct name_pattern *copy = arena_alloc(arena, sizeof(*copy));
	if (copy == NULL) {
		*why = "out of memory";
		return NULL;
	}
	*copy = pattern;
	return copy;
}

/* Remembers what stands in a place of {region} if it is one; whether it is. */
static bool
take_region(const struct region_table *regions, const char *text, size_t len,
	    struct name_region *region)
{
	const char *country;

	if (!region_table_knows(regions, text, len, &country))
		return false;
	*region = (struct name_region){text, len, country};
	return true;
}

/*
 * Two places with a literal between: every position of the literal is a way to cut, the first one
 * counts unless a later one makes the region a known one ("europe-west9-my-project").
 */
static bool
match_two_places(const struct label_pattern *label, struct run middle,
		 const struct region_table *regions, struct name_region *region)
{
	struct run between = label->literal[1];
	bool matches = false;

	for (size_t cut = 1; cut + between.len < middle.len; cut++) {
		if (between.len != 0 && memcmp(middle.text + cut, between.text, between.len) != 0)
			continue;
		matches = true;
		size_t second = cut + between.len;
		if (label->is_region[0] && take_region(regions, middle.text, cut, region))
			break;
		if (label->is_region[1] &&
		    take_region(regions, middle.text + second, middle.len - second, region))
			break;
		if (!label->is_region[0] && !label->is_region[1])
			break;
	}
	return matches;
}

static bool
match_label(const struct label_pattern *label, struct run text, const struct region_table *regions,
	    struct name_region *region)
{
	struct run head = label->literal[0], tail = label->literal[label->places];

	if (label->places == 0)
		return text.len == head.len && memcmp(text.text, head.text, head.len) == 0;
	if (text.len <= head.len + tail.len || memcmp(text.text, head.text, head.len) != 0 ||
	    memcmp(text.text + text.len - tail.len, tail.text, tail.len) != 0)
		return false;
	struct run middle = {text.text + head.len, text.len - head.len - tail.len};
	if (label->places == LABEL_PLACES_MAX)
		return match_two_places(label, middle, regions, region);
	if (label->is_region[0])
		take_region(regions, middle.text, middle.len, region);
	return true;
}

bool
name_pattern_match(const struct name_pattern *pattern, const struct name_labels *name,
		   const struct region_table *regions, struct name_region *region)
{
	size_t surplus = (size_t)name->count - pattern->count;

	*region = (struct name_region){0};
	if (name->count < pattern->count || (surplus > 0 && pattern->several == pattern->count))
		return false;
	/* From the right, where patterns of one operator differ first. */
	for (size_t i = pattern->count; i-- > 0;) {
		if (i == pattern->several)
			continue;
		size_t at = i > pattern->several ? i + surplus : i;
		struct run text = {name_labels_text(name, at), name_labels_len(name, at)};
		if (!match_label(&pattern->labels[i], text, regions, region)) {
			*region = (struct name_region){0};
			return false;
		}
	}
	return true;
}

bool
name_pattern_has_region(const struct name_pattern *pattern)
{
	return pattern->has_region;
}
