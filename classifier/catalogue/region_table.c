/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/catalogue/region_table.h"

#include <stdlib.h>
#include <string.h>

#define WORD "{word}"
#define NUMBER "{number}"

static int
compare_code(const char *code, size_t len, const char *other)
{
	int order = strncmp(code, other, len);

	return order != 0 ? order : -(other[len] != '\0');
}

static int
compare_regions(const void *a, const void *b)
{
	return strcmp(((const struct region *)a)->code, ((const struct region *)b)->code);
}

const char *
region_table_sort(struct region_table *table)
{
	if (table->region_count == 0)
		return NULL;
	qsort(table->regions, table->region_count, sizeof(*table->regions), compare_regions);
	for (size_t i = 1; i < table->region_count; i++) {
		if (strcmp(table->regions[i - 1].code, table->regions[i].code) == 0)
			return table->regions[i].code;
	}
	return NULL;
}

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
begins_with(const char *text, const char *beginning)
{
	return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Characters from `at` on that a placeholder takes: letters and digits never mix, so all it can
 * get. */
static size_t
run_length(const char *code, size_t at, size_t len, bool (*takes)(char))
{
	size_t end = at;

	while (end < len && takes(code[end]))
		end++;
	return end - at;
}

static bool
has_form(const char *code, size_t len, const char *form)
{
	size_t at = 0;

	while (*form != '\0') {
		bool word = begins_with(form, WORD);
		if (word || begins_with(form, NUMBER)) {
			size_t run = run_length(code, at, len, word ? is_letter : is_digit);
			if (run == 0)
				return false;
			at += run;
			form += strlen(word ? WORD : NUMBER);
		} else if (at < len && code[at] == *form) {
			at++;
			form++;
		} else {
			return false;
		}
	}
	return at == len;
}

bool
region_table_knows(const struct region_table *table, const char *code, size_t len,
		   const char **country)
{
	*country = NULL;
	if (table == NULL || len == 0)
		return false;
	size_t low = 0, high = table->region_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare_code(code, len, table->regions[middle].code);
		if (order == 0) {
			*country = table->regions[middle].country;
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	for (size_t i = 0; i < table->form_count; i++) {
		if (has_form(code, len, table->forms[i]))
			return true;
	}
	return false;
}

bool
region_form_is_valid(const char *form)
{
	if (*form == '\0')
		return false;
	while (*form != '\0') {
		if (begins_with(form, WORD))
			form += strlen(WORD);
		else if (begins_with(form, NUMBER))
			form += strlen(NUMBER);
		else if (is_letter(*form) || is_digit(*form) || *form == '-')
			form++;
		else
			return false;
	}
	return true;
}
