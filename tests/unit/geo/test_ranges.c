/* SPDX-License-Identifier: Apache-2.0 */
/* The parsers of published range lists, each format by its rules; test_shipped_ranges.c has the
 * real ones. */
#include "geo/ranges.h"

#include "tests/unit/geo/range_list.h"

static void
feeds_are_found_by_id(void)
{
	CU_ASSERT_PTR_NOT_NULL(range_feed_find("aws"));
	CU_ASSERT_PTR_NOT_NULL(range_feed_find("google-cloud"));
	CU_ASSERT_PTR_NULL(range_feed_find("AWS"));
	CU_ASSERT_PTR_NULL(range_feed_find(""));
	const struct range_feed *feed;
	size_t count = 0;
	for (; (feed = range_feed_at(count)) != NULL; count++)
		CU_ASSERT_PTR_EQUAL(range_feed_find(range_feed_id(feed)), feed);
	CU_ASSERT(count >= 2);
}

static void
other_forms_are_refused(void)
{
	faults_with("zscaler", "{}", "input: feed zscaler is not read from JSON");
	faults_with("cloudflare", "{}", "input: feed cloudflare is not read from JSON");
	faults_with("cloudflare", "# feed: aws\n# source: s\n# date: 2026-08-22\n1.1.1.1\t\t\n",
		    "input:1: expected exactly one feed line");
}

#define AWS_HEAD "{\"createDate\": \"2026-08-22-15-17-05\", "
#define V6_EMPTY "\"ipv6_prefixes\": []"
#define AZURE(values) "{\"changeNumber\": 360, \"cloud\": \"Public\", \"values\": [" values "]}"
#define AZURE_TAG(name, region, prefixes)                                 \
	"{\"name\": \"" name "\", \"properties\": {\"region\": \"" region \
	"\", \"addressPrefixes\": [" prefixes "]}}"
#define ORACLE(regions) \
	"{\"last_updated_timestamp\": \"2025-07-21T07:13:25.457838\", \"regions\": [" regions "]}"

#define TSV_HEAD "# feed: google-cloud\n# source: a list\n# date: 2026-08-22\n"

static void
plain_list_gives_its_rows_in_order(void)
{
	gives("google-cloud",
	      TSV_HEAD "# a remark\n34.1.208.0/20\tGoogle Cloud\tafrica-south1\r\n\n8.8.8.8\t\t\n"
		       "2600:1900::/35\tGoogle Cloud\t\n",
	      "34.1.208.0/20|Google Cloud|africa-south1\n8.8.8.8/32|-|-\n"
	      "2600:1900::/35|Google Cloud|-\n");
	gives("aws", "#feed:aws\n#   source:  s  \n# date: 2026-08-22\n3.0.0.0/15\tS3\tr",
	      "3.0.0.0/15|S3|r\n");
}

static void
lists_say_their_name_and_date(void)
{
	static const struct {
		const char *feed;
		const char *list;
		const char *source;
		const char *date;
	} cases[] = {
		{"aws", AWS_HEAD "\"prefixes\": [], \"ipv6_prefixes\": []}", "AWS ip-ranges.json",
		 "2026-08-22"},
		{"google-cloud", "{\"creationTime\": \"2025-07-24T19:16:28\", \"prefixes\": []}",
		 "Google cloud.json", "2025-07-24"},
		{"google", "{\"creationTime\": \"2025-07-24T19:16:28\", \"prefixes\": []}",
		 "Google goog.json", "2025-07-24"},
		{"google-cloud", TSV_HEAD "8.8.8.8\t\t\n", "a list", "2026-08-22"},
		{"azure-public", AZURE(""), "Azure ServiceTags, change 360", ""},
		{"oracle-cloud", ORACLE(""), "Oracle public_ip_ranges.json", "2025-07-21"},
		{"fastly", "{\"addresses\": [], \"ipv6_addresses\": []}", "Fastly public-ip-list",
		 ""},
		{"github", "{\"git\": []}", "GitHub meta", ""},
		{"cloudflare", "1.1.1.1\n", "prefix list of cloudflare", ""},
		{"digitalocean", "1.1.1.1,FR\n", "geofeed of digitalocean", ""},
		{"ovhcloud", "# feed: ovhcloud\n# source: s\n# date: 2026-08-22\n1.1.1.1\t\t\n",
		 "s", "2026-08-22"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct named_bytes text = given_text(cases[i].list);
		struct taken taken = {0};
		struct range_list_about about;
		struct range_sink sink = {.on_entry = take, .context = &taken};
		struct fault_list faults = FAULT_LIST_INIT;
		CU_ASSERT_EQUAL(range_list_parse(range_feed_find(cases[i].feed), &text, &about,
						 &sink, &faults),
				0);
		CU_ASSERT_STRING_EQUAL(about.source, cases[i].source);
		CU_ASSERT_STRING_EQUAL(about.date, cases[i].date);
		fault_list_fini(&faults);
	}
}

static void
wrong_plain_row_is_named_by_its_line(void)
{
	faults_with("aws", "# source: s\n# date: 2026-08-22\n8.8.8.8\t\t\n",
		    "input:1: expected the header lines # feed: aws");
	faults_with("google-cloud", TSV_HEAD, "input: holds no prefix");
	faults_with("google-cloud", TSV_HEAD "8.8.8.8\tx\n1.1.1.1\t\t\n",
		    "input:4: expected prefix");
	faults_with("google-cloud", TSV_HEAD "8.8.8.8\tx\ty\tz\n1.1.1.1\t\t\n",
		    "input:4: expected prefix");
	faults_with("google-cloud", TSV_HEAD "8.8.8.8/7\tx\ty\n1.1.1.1\t\t\n",
		    "input:4: bits behind");
	faults_with("google-cloud", TSV_HEAD "hello\tx\ty\n1.1.1.1\t\t\n",
		    "input:4: is no IP prefix");
	faults_with("google-cloud", TSV_HEAD "8.8.8.8\t\x01\ty\n1.1.1.1\t\t\n",
		    "input:4: service or region is not");
	faults_with("google-cloud", TSV_HEAD "# date: 2026-08-23\n1.1.1.1\t\t\n",
		    "input:4: expected exactly one date");
	faults_with("google-cloud", TSV_HEAD "# source: t\n1.1.1.1\t\t\n",
		    "input:4: expected exactly one source");
	faults_with("google-cloud", TSV_HEAD "# feed: google-cloud\n1.1.1.1\t\t\n",
		    "input:4: expected exactly one feed");
	faults_with("aws", TSV_HEAD "1.1.1.1\t\t\n", "input:1: expected exactly one feed");
}

static void
empty_list_is_refused(void)
{
	struct taken taken = {0};
	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_EQUAL(parse("aws", "", &taken, &faults), -EINVAL);
	CU_ASSERT_EQUAL(parse("aws", " \n", &taken, &faults), -EINVAL);
	CU_ASSERT_EQUAL(taken.entries, 0);
	fault_list_fini(&faults);
}

static void
answer_of_the_taker_stops_the_parser(void)
{
	static const struct {
		const char *feed;
		const char *list;
	} cases[] = {
		{"google-cloud", TSV_HEAD "8.8.8.8\t\t\n8.8.4.4\t\t\n"},
		{"google-cloud",
		 "{\"creationTime\": \"2025-07-24\", \"prefixes\": ["
		 "{\"ipv4Prefix\": \"8.8.8.8/32\", \"service\": \"s\", \"scope\": \"r\"},"
		 "{\"ipv4Prefix\": \"8.8.4.4/32\", \"service\": \"s\", \"scope\": \"r\"}]}"},
		{"aws", AWS_HEAD V6_EMPTY
		 ", \"prefixes\": [{\"ip_prefix\": \"8.8.8.8/32\", \"service\": \"s\", \"region\": "
		 "\"r\"},"
		 "{\"ip_prefix\": \"8.8.4.4/32\", \"service\": \"s\", \"region\": \"r\"}]}"},
		{"azure-public", AZURE(AZURE_TAG("A", "", "\"8.8.8.8/32\", \"8.8.4.4/32\""))},
		{"oracle-cloud",
		 ORACLE("{\"region\": \"r\", \"cidrs\": [{\"cidr\": \"8.8.8.8/32\"}, "
			"{\"cidr\": \"8.8.4.4/32\"}]}")},
		{"fastly", "{\"addresses\": [\"8.8.8.8\", \"8.8.4.4\"], \"ipv6_addresses\": []}"},
		{"github", "{\"git\": [\"8.8.8.8\", \"8.8.4.4\"]}"},
		{"cloudflare", "8.8.8.8\n8.8.4.4\n"},
		{"digitalocean", "8.8.8.8,US\n8.8.4.4,US\n"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct taken taken = {.answer = -E2BIG};
		struct fault_list faults = FAULT_LIST_INIT;
		CU_ASSERT_EQUAL(parse(cases[i].feed, cases[i].list, &taken, &faults), -E2BIG);
		CU_ASSERT_EQUAL(taken.entries, 1);
		fault_list_fini(&faults);
	}
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"feeds_are_found_by_id", feeds_are_found_by_id},
		{"other_forms_are_refused", other_forms_are_refused},
		{"plain_list_gives_its_rows_in_order", plain_list_gives_its_rows_in_order},
		{"lists_say_their_name_and_date", lists_say_their_name_and_date},
		{"wrong_plain_row_is_named_by_its_line", wrong_plain_row_is_named_by_its_line},
		{"empty_list_is_refused", empty_list_is_refused},
		{"answer_of_the_taker_stops_the_parser", answer_of_the_taker_stops_the_parser},
	};
	return unit_run("ranges", cases, sizeof(cases) / sizeof(*cases));
}
