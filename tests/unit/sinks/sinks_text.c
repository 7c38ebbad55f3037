/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/sinks/sinks_text.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

void
sinks_text_read(struct sinks_text *out, const char *text)
{
	static const struct config_field field = {
		.key = "sinks", .type = CONFIG_RECORDS, .schema = &sink_file_schema};
	static const struct config_schema schema = {.what = "settings",
						    .fields = &field,
						    .field_count = 1,
						    .size = sizeof(struct config_list)};

	*out = (struct sinks_text){.arena = arena_create()};
	out->tree = config_tree_parse("s.yaml", text, strlen(text), &out->faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out->tree);
	(void)config_read(config_tree_root(out->tree), &schema, out->arena, &out->sinks,
			  &out->faults);
	sink_file_check(&out->sinks, &out->faults);
}

struct sink_file
sinks_text_one(struct sinks_text *out, const char *inside)
{
	struct sink_file filled;
	char text[2048];

	snprintf(text, sizeof(text), "sinks: [{%s}]\n", inside);
	sinks_text_read(out, text);
	for (size_t i = 0; i < out->faults.count; i++)
		printf("# %s: %s\n", inside, out->faults.faults[i].text);
	CU_ASSERT_EQUAL_FATAL(out->faults.count, 0);
	CU_ASSERT_EQUAL_FATAL(out->sinks.count, 1);
	CU_ASSERT_EQUAL_FATAL(sink_file_fill(out->sinks.items, out->arena, &filled), 0);
	return filled;
}

void
sinks_text_fini(struct sinks_text *text)
{
	fault_list_fini(&text->faults);
	arena_destroy(text->arena);
	config_tree_destroy(text->tree);
}
