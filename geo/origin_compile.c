/* SPDX-License-Identifier: Apache-2.0 */
/*
 * origin-compile: makes the origin table out of the ASN CSV files and the operators' range lists.
 * Run by the set-up script and by whoever packages new data; the result depends on the inputs and
 * their order only.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fault_list.h"
#include "base/printable_text.h"
#include "geo/asn_csv.h"
#include "geo/origin_table_writer.h"
#include "geo/ranges.h"
#include "geo/shown_text.h"

enum {
	EXIT_DONE = 0,
	EXIT_FAULTS = 1,
	EXIT_USAGE = 2,
	RANGE_FILES_MAX = 64,
};

struct job {
	const char *asn_v4;
	const char *asn_v6;
	const char *asn_source;
	char *ranges[RANGE_FILES_MAX];
	size_t range_count;
	const char *output;
	struct origin_table_writer *writer;
	struct fault_list faults;
};

static void
usage(FILE *to)
{
	fputs("usage: origin-compile [--asn-v4 FILE] [--asn-v6 FILE] [--asn-source TEXT]\n"
	      "                      [--ranges FEED=FILE[@SOURCE]]... -o OUT\n"
	      "  --asn-v4, --asn-v6  CSV of the npm package @ip-location-db/asn\n"
	      "  --asn-source        what `vigie lookup` shows as the source of an AS number\n"
	      "  --ranges            a published list; SOURCE replaces the name it gives itself\n"
	      "feeds:",
	      to);
	const struct range_feed *feed;
	for (size_t i = 0; (feed = range_feed_at(i)) != NULL; i++)
		fprintf(to, " %s", range_feed_id(feed));
	fputc('\n', to);
}

static int
take_row(void *context, const struct asn_row *row)
{
	return origin_table_writer_add_as(context, row);
}

static int
take_entry(void *context, const struct range_entry *entry)
{
	/* Lists have held private and documentation prefixes, and 2002::/16, in which everybody's
	 * IPv4 address has a part: nobody's own. */
	struct ip_address inside;
	if (!ip_address_is_global(&entry->prefix.address) ||
	    ip_address_embedded(&entry->prefix.address, &inside) != NULL)
		return 0;
	return origin_table_writer_add_entry(context, entry);
}

/* Faults of the input are in the list already; the others get their line here. */
static void
note(struct job *job, const char *name, int rc)
{
	if (rc != 0 && (rc != -EINVAL || job->faults.count == 0))
		fault_list_add(&job->faults, name, 0, 0, "%s", strerror(-rc));
}

static void
add_asn_file(struct job *job, const char *path, uint8_t version)
{
	struct named_bytes file;
	if (path == NULL || mapped_file_open(path, ASN_CSV_MAX_BYTES, &file, &job->faults) != 0)
		return;
	struct asn_row_sink sink = {.on_row = take_row, .context = job->writer};
	note(job, path, asn_csv_parse(&file, version, &sink, &job->faults));
	mapped_file_close(&file);
}

/* The list is read twice: the first pass tells its name and date, which stand before its entries.
 */
static int
ignore_entry(void *context, const struct range_entry *entry)
{
	(void)context;
	(void)entry;
	return 0;
}

static void
add_list(struct job *job, const struct range_feed *feed, const struct named_bytes *text,
	 const char *source)
{
	struct range_list_about about;
	struct range_sink nobody = {.on_entry = ignore_entry};
	struct range_sink writer = {.on_entry = take_entry, .context = job->writer};
	int rc = range_list_parse(feed, text, &about, &nobody, &job->faults);
	if (rc == 0) {
		char named[SHOWN_TEXT_MAX];
		if (source == NULL)
			source = about.source;
		if (snprintf(named, sizeof(named), "%s%s%s", source, *about.date != '\0' ? " " : "",
			     about.date) >= (int)sizeof(named))
			rc = -ENAMETOOLONG;
		else
			rc = origin_table_writer_add_feed(job->writer, range_feed_id(feed), named);
	}
	if (rc == 0)
		rc = range_list_parse(feed, text, &about, &writer, &job->faults);
	note(job, text->name, rc);
}

/* `argument` is FEED=FILE[@SOURCE]; an '@' that belongs to the name of an existing file stays
 * there. */
static void
add_range_file(struct job *job, char *argument)
{
	char *path = strchr(argument, '=');
	if (path == NULL) {
		fault_list_add(&job->faults, argument, 0, 0, "expected --ranges FEED=FILE");
		return;
	}
	*path++ = '\0';
	const struct range_feed *feed = range_feed_find(argument);
	if (feed == NULL) {
		fault_list_add(&job->faults, path, 0, 0, "no feed is called %s", argument);
		return;
	}
	char *source = strrchr(path, '@');
	if (source != NULL && access(path, F_OK) == 0)
		source = NULL;
	if (source != NULL)
		*source++ = '\0';

	struct named_bytes file;
	if (mapped_file_open(path, RANGE_LIST_MAX_BYTES, &file, &job->faults) != 0)
		return;
	add_list(job, feed, &file, source);
	mapped_file_close(&file);
}

/* Returns 0, or EXIT_USAGE with a line on stderr. */
static int
read_options(int argc, char **argv, struct job *job)
{
	static const struct option options[] = {
		{"asn-v4", required_argument, NULL, '4'},
		{"asn-v6", required_argument, NULL, '6'},
		{"asn-source", required_argument, NULL, 's'},
		{"ranges", required_argument, NULL, 'r'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;
	while ((option = getopt_long(argc, argv, "o:h", options, NULL)) != -1) {
		switch (option) {
		case '4':
			job->asn_v4 = optarg;
			break;
		case '6':
			job->asn_v6 = optarg;
			break;
		case 's':
			job->asn_source = optarg;
			break;
		case 'r':
			if (job->range_count == RANGE_FILES_MAX)
				return EXIT_USAGE;
			job->ranges[job->range_count++] = optarg;
			break;
		case 'o':
			job->output = optarg;
			break;
		case 'h':
			usage(stdout);
			exit(EXIT_DONE);
		default:
			return EXIT_USAGE;
		}
	}
	return job->output != NULL && optind == argc ? 0 : EXIT_USAGE;
}

static void
compile(struct job *job)
{
	struct slice source = slice_of(job->asn_source, strlen(job->asn_source));
	if (source.len >= SHOWN_TEXT_MAX || !shown_text_is_clean(source))
		fault_list_add(&job->faults, "--asn-source", 0, 0,
			       "is too long or not UTF-8 without control characters");
	note(job, "--asn-source", origin_table_writer_set_as_source(job->writer, job->asn_source));
	add_asn_file(job, job->asn_v4, 4);
	add_asn_file(job, job->asn_v6, 6);
	for (size_t i = 0; i < job->range_count; i++)
		add_range_file(job, job->ranges[i]);
	if (job->faults.count > 0)
		return;

	void *image = NULL;
	size_t size = 0;
	int rc = origin_table_writer_finish(job->writer, &image, &size);
	if (rc == 0)
		rc = origin_table_save(job->output, image, size);
	if (rc != 0)
		fault_list_add(&job->faults, job->output, 0, 0, "cannot be written: %s",
			       strerror(-rc));
	free(image);
}

static void
print_faults(const struct fault_list *faults)
{
	for (size_t i = 0; i < faults->count && i < FAULT_LIST_MAX; i++)
		if (faults->faults[i].text != NULL)
			fprintf(stderr, "%s\n", printable_text(faults->faults[i].text).text);
	if (faults->count > FAULT_LIST_MAX)
		fprintf(stderr, "and %zu more\n", faults->count - FAULT_LIST_MAX);
}

int
main(int argc, char **argv)
{
	struct job job = {.asn_source = "ASN CSV"};
	if (read_options(argc, argv, &job) != 0) {
		usage(stderr);
		return EXIT_USAGE;
	}
	job.writer = origin_table_writer_create();
	if (job.writer == NULL) {
		fputs("origin-compile: no memory\n", stderr);
		return EXIT_FAULTS;
	}
	compile(&job);
	print_faults(&job.faults);
	int status = job.faults.count == 0 ? EXIT_DONE : EXIT_FAULTS;
	origin_table_writer_destroy(job.writer);
	fault_list_fini(&job.faults);
	return status;
}
