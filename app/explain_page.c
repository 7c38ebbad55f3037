/* SPDX-License-Identifier: Apache-2.0 */
#include "app/explain_page.h"

#include <string.h>

#include "dashboard-export/paragraph.h"
#include "dashboard-export/text_table.h"

void
explain_heading(const struct explanation *e, const char *text)
{
	fprintf(e->page.out, "\n%s%s%s\n", e->page.colour ? TEXT_TABLE_BOLD : "", text,
		e->page.colour ? TEXT_TABLE_END : "");
}

void
explain_labelled(const struct explanation *e, const char *label, size_t indent, const char *text)
{
	struct paragraph p;

	paragraph_begin(&p, e->page.out, e->page.width, label, indent);
	paragraph_add_text(&p, text);
	paragraph_end(&p);
}

void
explain_text(const struct explanation *e, const char *text)
{
	explain_labelled(e, "", 0, text);
}

void
explain_field(const struct explanation *e, const char *label, const char *text)
{
	if (text != NULL && text[0] != '\0')
		explain_labelled(e, label, EXPLAIN_LABEL_WIDTH, text);
}

void
explain_write_words(const struct explanation *e, const struct event_words *words, size_t indent,
		    const char *(*meaning)(const char *word))
{
	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->words[i];
		const char *text = word != NULL ? meaning(word) : NULL;
		if (word != NULL)
			explain_labelled(e, word, indent,
					 text != NULL ? text
						      : "a word that this vigie does not know");
	}
}

bool
explain_has_word(const struct event_words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++) {
		if (words->words[i] != NULL && strcmp(words->words[i], word) == 0)
			return true;
	}
	return false;
}

bool
explain_is_finding(const struct event *alert)
{
	return alert->class != EVENT_CLASS_ALERT;
}

const struct zone *
explain_find_zone(const struct explanation *e, const char *id)
{
	return e->sources->zones != NULL && id != NULL ? zone_table_by_id(e->sources->zones, id)
						       : NULL;
}

unsigned
explain_find_class(const char *word)
{
	unsigned i = 0;

	while (i < DATA_CLASS_COUNT && (word == NULL || strcmp(word, data_class_text(i)) != 0))
		i++;
	return i;
}

unsigned
explain_find_exposure(const char *word)
{
	unsigned i = 0;

	while (i < EXPOSURE_COUNT &&
	       (word == NULL || strcmp(word, exposure_text((enum exposure)i)) != 0))
		i++;
	return i;
}

unsigned
explain_find_severity(const char *word)
{
	unsigned i = 0;

	while (i < SEVERITY_COUNT && strcmp(word, severity_text(i)) != 0)
		i++;
	return i;
}
