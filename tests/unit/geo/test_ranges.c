/* SPDX-License-Identifier: Apache-2.0 */
/* The parsers of published range lists, each format by its rules; test_shipped_ranges.c has the
 * real ones. */
#include <errno.h>
#include <stdio.h>

#include "geo/ranges.h"
#include "tests/unit/geo/given.h"

/* The entries taken, as "prefix/bits|service|region" lines. */
struct taken {
	char text[4096];
	unsigned entries;
	int answer;
};

static int
take(void *context, const struct range_entry *entry)
{
	struct taken *taken = context;
	char address[IP_ADDRESS_TEXT_MAX];
	ip_address_format(&entry->prefix.address, address);
	size_t at = strlen(taken->text);
	snprintf(taken->text + at, sizeof(taken->text) - at, "%s/%u|%s|%s\n", address,
		 entry->prefix.bits, entry->service != NULL ? entry->service : "-",
		 entry->region != NULL ? entry->region : "-");
	taken->entries++;
	return taken->answer;
}

static int
parse(const char *feed, const char *list, struct taken *taken, struct fault_list *faults)
{
	struct named_bytes text = given_text(list);
	struct range_list_about about;
	struct range_sink sink = {.on_entry = take, .context = taken};
	return range_list_parse(range_feed_find(feed), &text, &about, &sink, faults);
}

/* A list of `feed` has to give the lines `expected` and no fault. */
static void
gives(const char *feed, const char *list, const char *expected)
{
	struct taken taken = {0};
	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_EQUAL(parse(feed, list, &taken, &faults), 0);
	CU_ASSERT_STRING_EQUAL(taken.text, expected);
	CU_ASSERT_EQUAL(faults.count, 0);
	fault_list_fini(&faults);
}

/* A list of `feed` has to give exactly one fault, which begins with `expected`. */
static void
faults_with(const char *feed, const char *list, const char *expected)
{
	struct taken taken = {0};
	struct fault_list faults = FAULT_LIST_INIT;
	CU_ASSERT_EQUAL(parse(feed, list, &taken, &faults), -EINVAL);
	CU_ASSERT_EQUAL_FATAL(faults.count, 1);
	if (strncmp(faults.faults[0].text, expected, strlen(expected)) != 0) {
		printf("# %s\n# instead of %s\n", faults.faults[0].text, expected);
		CU_FAIL("another fault was expected");
	}
	fault_list_fini(&faults);
}

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

#define AWS_HEAD "{\"createDate\": \"2026-08-22-15-17-05\", "

static void
aws_list_gives_both_families(void)
{
	gives("aws",
	      AWS_HEAD
	      "\"prefixes\": [{\"ip_prefix\": \"3.5.140.0/22\", \"region\": \"ap-northeast-2\","
	      "\"service\": \"S3\", \"network_border_group\": \"ap-northeast-2\"}],"
	      "\"ipv6_prefixes\": [{\"ipv6_prefix\": \"2600:1f00::/24\", \"region\": \"GLOBAL\","
	      "\"service\": \"AMAZON\"}]}",
	      "3.5.140.0/22|S3|ap-northeast-2\n2600:1f00::/24|AMAZON|GLOBAL\n");
}

static void
specific_aws_service_wins_over_ec2_and_amazon_on_the_same_prefix_only(void)
{
	static const struct {
		const char *services[4];
		const char *winner;
	} cases[] = {
		{{"AMAZON"}, "AMAZON"},
		{{"AMAZON", "EC2"}, "EC2"},
		{{"EC2", "AMAZON"}, "EC2"},
		{{"AMAZON", "S3"}, "S3"},
		{{"AMAZON", "EC2", "S3"}, "S3"},
		{{"S3", "EC2", "AMAZON"}, "S3"},
		{{"AMAZON", "EC2", "DYNAMODB"}, "DYNAMODB"},
		{{"CLOUDFRONT_ORIGIN_FACING", "CLOUDFRONT", "AMAZON"}, "CLOUDFRONT"},
		{{"ROUTE53", "API_GATEWAY"}, "API_GATEWAY"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char list[2048] = AWS_HEAD "\"ipv6_prefixes\": [], \"prefixes\": [", expected[256];
		for (int k = 0; k < 4 && cases[i].services[k] != NULL; k++) {
			size_t at = strlen(list);
			snprintf(list + at, sizeof(list) - at,
				 "%s{\"ip_prefix\":\"3.0.0.0/"
				 "15\",\"region\":\"r\",\"service\":\"%s\"}",
				 k > 0 ? "," : "", cases[i].services[k]);
		}
		strcat(list, "]}");
		snprintf(expected, sizeof(expected), "3.0.0.0/15|%s|r\n", cases[i].winner);
		gives("aws", list, expected);
	}
	/* Nested prefixes are entries of their own, whatever their services. */
	gives("aws",
	      AWS_HEAD "\"ipv6_prefixes\": [], \"prefixes\": ["
		       "{\"ip_prefix\":\"3.0.0.0/16\",\"region\":\"r\",\"service\":\"AMAZON\"},"
		       "{\"ip_prefix\":\"3.0.0.0/15\",\"region\":\"r\",\"service\":\"S3\"}]}",
	      "3.0.0.0/15|S3|r\n3.0.0.0/16|AMAZON|r\n");
}

static void
google_list_gives_both_families(void)
{
	gives("google-cloud",
	      "\n {\"syncToken\": \"1\", \"creationTime\": \"2025-07-24T19:16:28.780563\", "
	      "\"prefixes\": ["
	      "{\"ipv4Prefix\": \"34.1.208.0/20\", \"service\": \"Google Cloud\", \"scope\": "
	      "\"africa-south1\"},"
	      "{\"ipv6Prefix\": \"2600:1900::/35\", \"service\": \"Google Cloud\", \"scope\": "
	      "\"us-east1\"}]}",
	      "34.1.208.0/20|Google Cloud|africa-south1\n2600:1900::/35|Google Cloud|us-east1\n");
}

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
		{"google-cloud", TSV_HEAD "8.8.8.8\t\t\n", "a list", "2026-08-22"},
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
broken_json_is_named_by_line_and_column(void)
{
	faults_with("aws", "{\n\"createDate\": \"2026-08-22\",\n\"prefixes\": [}\n", "input:3:");
	faults_with("aws", "{", "input:1:");
	faults_with("aws", "{\"a\": 1, \"a\": 2}", "input:1:");
	faults_with("aws", "{\"a\": \"\xff\"}", "input:1:");
	faults_with("google-cloud", "{} trailing", "input:1:");
}

#define V6_EMPTY "\"ipv6_prefixes\": []"

static void
wrong_aws_entry_is_named(void)
{
	faults_with("aws", "{\"createDate\": \"yesterday\", \"prefixes\": [], " V6_EMPTY "}",
		    "input:1: expected \"createDate\"");
	faults_with("aws", "{\"prefixes\": [], " V6_EMPTY "}", "input: expected \"createDate\"");
	faults_with("aws", AWS_HEAD V6_EMPTY "}", "input: expected an array \"prefixes\"");
	faults_with("aws", AWS_HEAD "\"prefixes\": {}, " V6_EMPTY "}",
		    "input: expected an array \"prefixes\"");
	faults_with("aws", AWS_HEAD "\"prefixes\": [7], " V6_EMPTY "}",
		    "input: prefixes[0]: expected an object with a prefix");
	faults_with("aws",
		    AWS_HEAD
		    "\n\"prefixes\": [\n{\"ip_prefix\": \"3.0.0.0/33\", \"region\": \"r\", "
		    "\"service\": \"S3\"}], " V6_EMPTY "}",
		    "input:3: prefixes[0]: is no IP prefix");
	faults_with("aws",
		    AWS_HEAD "\"prefixes\": [\n{\"ip_prefix\": \"3.0.0.1/8\", \"region\": \"r\", "
			     "\"service\": \"S3\"}], " V6_EMPTY "}",
		    "input:2: prefixes[0]: bits behind");
	faults_with("aws",
		    AWS_HEAD
		    "\"prefixes\": [{\"ip_prefix\": \"3.0.0.0/8\", \"region\": \"r\"}], " V6_EMPTY
		    "}",
		    "input: prefixes[0]: expected texts");
	faults_with("aws",
		    AWS_HEAD "\"prefixes\": [{\"ip_prefix\": \"3.0.0.0/8\", \"region\": \"a\\tb\", "
			     "\"service\": \"S3\"}], " V6_EMPTY "}",
		    "input: prefixes[0]: service or region is not");
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
		{"aws_list_gives_both_families", aws_list_gives_both_families},
		{"specific_aws_service_wins_over_ec2_and_amazon_on_the_same_prefix_only",
		 specific_aws_service_wins_over_ec2_and_amazon_on_the_same_prefix_only},
		{"google_list_gives_both_families", google_list_gives_both_families},
		{"plain_list_gives_its_rows_in_order", plain_list_gives_its_rows_in_order},
		{"lists_say_their_name_and_date", lists_say_their_name_and_date},
		{"broken_json_is_named_by_line_and_column",
		 broken_json_is_named_by_line_and_column},
		{"wrong_aws_entry_is_named", wrong_aws_entry_is_named},
		{"wrong_plain_row_is_named_by_its_line", wrong_plain_row_is_named_by_its_line},
		{"empty_list_is_refused", empty_list_is_refused},
		{"answer_of_the_taker_stops_the_parser", answer_of_the_taker_stops_the_parser},
	};
	return unit_run("ranges", cases, sizeof(cases) / sizeof(*cases));
}
