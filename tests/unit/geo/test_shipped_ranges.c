/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lists in configs/ranges, compiled, against a second reading of the same files: line by line
 * with sscanf, and for each address every row is looked at.
 */
#include <stdio.h>

#include "geo/origin_table.h"
#include "tests/unit/geo/small_table.h"

#define ADDRESSES 2000

/* One row of a list as the second reading sees it. */
struct row {
	struct ip_prefix prefix;
	char service[64];
	char region[64];
};

struct list {
	struct row *rows;
	size_t count;
	size_t room;
};

static FILE *
open_shipped(const char *name)
{
	char path[128];
	snprintf(path, sizeof(path), "configs/ranges/%s", name);
	FILE *file = fopen(unit_source_path(path), "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	return file;
}

static void
add_list_row(struct list *list, const struct row *row)
{
	if (list->count == list->room) {
		list->room = list->room * 2 + 1024;
		list->rows = reallocarray(list->rows, list->room, sizeof(*list->rows));
		CU_ASSERT_PTR_NOT_NULL_FATAL(list->rows);
	}
	list->rows[list->count++] = *row;
}

/* The file of AWS has one member a line; "service" stands behind prefix and region. */
static struct list
read_aws(void)
{
	struct list list = {0};
	struct row row = {0};
	char line[256], text[64];
	FILE *file = open_shipped("aws.json");
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, " \"ip_prefix\": \"%63[^\"]\"", text) == 1 ||
		    sscanf(line, " \"ipv6_prefix\": \"%63[^\"]\"", text) == 1)
			row.prefix = given_prefix(text);
		else if (sscanf(line, " \"region\": \"%63[^\"]\"", row.region) != 1 &&
			 sscanf(line, " \"service\": \"%63[^\"]\"", row.service) == 1)
			add_list_row(&list, &row);
	}
	fclose(file);
	return list;
}

static struct list
read_google(void)
{
	struct list list = {0};
	char line[256], text[64];
	FILE *file = open_shipped("google-cloud.tsv");
	while (fgets(line, sizeof(line), file) != NULL) {
		struct row row = {0};
		if (sscanf(line, "%63[^#\t]\t%63[^\t]\t%63[^\n]", text, row.service, row.region) !=
		    3)
			continue;
		row.prefix = given_prefix(text);
		add_list_row(&list, &row);
	}
	fclose(file);
	return list;
}

/* Among rows of one prefix: anything before EC2 before AMAZON, then by name. */
static bool
goes_before(const struct row *a, const struct row *b)
{
	static const char *const general[] = {"AMAZON", "EC2"};
	for (int i = 0; i < 2; i++) {
		bool a_is = strcmp(a->service, general[i]) == 0;
		bool b_is = strcmp(b->service, general[i]) == 0;
		if (a_is != b_is)
			return b_is;
	}
	return strcmp(a->service, b->service) < 0;
}

static const struct row *
longest_row(const struct list *list, const struct ip_address *a)
{
	const struct row *best = NULL;
	for (size_t i = 0; i < list->count; i++) {
		const struct row *row = &list->rows[i];
		if (!ip_prefix_contains(&row->prefix, a))
			continue;
		if (best == NULL || row->prefix.bits > best->prefix.bits ||
		    (row->prefix.bits == best->prefix.bits && goes_before(row, best)))
			best = row;
	}
	return best;
}

/* An address somewhere in a row, or just behind it every tenth time. */
static struct ip_address
pick_address(const struct list *list, uint64_t *chance)
{
	const struct ip_prefix *p = &list->rows[next_random(chance) % list->count].prefix;
	unsigned width = p->address.version == 4 ? 32 : 128;
	number n = (number)next_random(chance) << 64 | next_random(chance);
	number mask = p->bits == 0 ? ~(number)0 : ((number)1 << (width - p->bits)) - 1;
	n = number_of(&p->address) | (n & mask);
	if (next_random(chance) % 10 == 0)
		n = number_of(&p->address) + mask + 1;
	return address_of(n, p->address.version);
}

static int
take_entry(void *context, const struct range_entry *entry)
{
	return origin_table_writer_add_entry(context, entry);
}

/* Compiles the shipped file; returns the table, whose image is handed out too. */
static struct origin_table *
compile(const char *feed, const char *name, void **image)
{
	char path[128];
	struct named_bytes file, bytes = {.name = "image"};
	struct range_list_about about;
	struct fault_list faults = FAULT_LIST_INIT;
	struct origin_table_writer *w = origin_table_writer_create();
	struct range_sink sink = {.on_entry = take_entry, .context = w};
	snprintf(path, sizeof(path), "configs/ranges/%s", name);
	CU_ASSERT_EQUAL_FATAL(
		mapped_file_open(unit_source_path(path), RANGE_LIST_MAX_BYTES, &file, &faults), 0);
	CU_ASSERT_EQUAL(origin_table_writer_add_feed(w, feed, "shipped"), 0);
	CU_ASSERT_EQUAL(range_list_parse(range_feed_find(feed), &file, &about, &sink, &faults), 0);
	CU_ASSERT_EQUAL(faults.count, 0);
	mapped_file_close(&file);

	size_t size = 0;
	CU_ASSERT_EQUAL_FATAL(origin_table_writer_finish(w, image, &size), 0);
	origin_table_writer_destroy(w);
	bytes.bytes = slice_of(*image, size);
	struct origin_table *table = origin_table_open_bytes(&bytes, &faults);
	CU_ASSERT_PTR_NOT_NULL_FATAL(table);
	return table;
}

static void
compare(const char *feed, const char *name, const struct list *list)
{
	void *image;
	struct origin_table *table = compile(feed, name, &image);
	uint64_t chance = 1789;
	unsigned inside = 0, wrong = 0;
	for (int i = 0; i < ADDRESSES; i++) {
		struct ip_address a = pick_address(list, &chance);
		const struct row *row = longest_row(list, &a);
		struct origin_feed found;
		bool known = origin_table_find_feed(table, &a, &found) == LOOKUP_FOUND;
		inside += row != NULL;
		if (known != (row != NULL))
			wrong++;
		else if (known)
			wrong += strcmp(found.service, row->service) != 0 ||
				 strcmp(found.region, row->region) != 0 ||
				 found.prefix.bits != row->prefix.bits ||
				 strcmp(found.feed, feed) != 0;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT(inside > ADDRESSES * 9 / 10);
	CU_ASSERT(list->count > 1000);
	origin_table_close(table);
	free(image);
}

static void
addresses_of_the_aws_list_get_its_service_and_region(void)
{
	struct list list = read_aws();
	compare("aws", "aws.json", &list);
	free(list.rows);
}

static void
addresses_of_the_google_list_get_its_service_and_region(void)
{
	struct list list = read_google();
	compare("google-cloud", "google-cloud.tsv", &list);
	free(list.rows);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"addresses_of_the_aws_list_get_its_service_and_region",
		 addresses_of_the_aws_list_get_its_service_and_region},
		{"addresses_of_the_google_list_get_its_service_and_region",
		 addresses_of_the_google_list_get_its_service_and_region},
	};
	return unit_run("shipped_ranges", cases, sizeof(cases) / sizeof(*cases));
}
