/* SPDX-License-Identifier: Apache-2.0 */
/* Lists that are arrays of prefixes. */
#include "geo/ranges.h"

#include "tests/unit/geo/range_list.h"

#define AWS_HEAD "{\"createDate\": \"2026-08-22-15-17-05\", "
#define V6_EMPTY "\"ipv6_prefixes\": []"

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

static void
service_and_scope_may_be_absent_in_the_google_list(void)
{
	gives("google",
	      "{\"creationTime\": \"2025-07-24T19:16:28\", \"prefixes\": [{\"ipv4Prefix\": "
	      "\"8.8.4.0/24\"}]}",
	      "8.8.4.0/24|-|-\n");
	faults_with("google",
		    "{\"creationTime\": \"2025-07-24T19:16:28\", \"prefixes\": [{\"ipv4Prefix\": "
		    "\"8.8.4.0/24\", \"service\": 7}]}",
		    "input: prefixes[0]: expected texts for service and region");
}

static void
fastly_list_gives_both_families(void)
{
	gives("fastly",
	      "{\"addresses\":[\"23.235.32.0/20\"],\"ipv6_addresses\":[\"2a04:4e40::/32\"]}",
	      "23.235.32.0/20|-|-\n2a04:4e40::/32|-|-\n");
	faults_with("fastly", "{\"addresses\":[\"23.235.32.0/20\"]}",
		    "input: expected an array \"ipv6_addresses\"");
	faults_with("fastly", "{\"ipv6_addresses\":[],\n\"addresses\":[\"x\"]}",
		    "input:2: addresses[0]: is no IP prefix");
}

static void
github_list_gives_its_own_addresses_and_not_those_of_its_runners(void)
{
	gives("github",
	      "{\"ssh_keys\": [\"ssh-ed25519 AAAA\"], \"hooks\": [\"192.30.252.0/22\"], "
	      "\"api\": [\"192.30.252.0/22\", \"20.1.0.0/32\"], \"web\": [\"20.1.0.0/32\"], "
	      "\"git\": [\"192.30.252.0/22\"], \"pages\": [\"192.30.252.153/32\"], "
	      "\"packages\": [\"2606:50c0::/32\"], \"actions\": [\"4.148.0.0/16\"], "
	      "\"codespaces\": [\"4.149.0.0/16\"]}",
	      "20.1.0.0/32|api|-\n192.30.252.0/22|git|-\n192.30.252.153/32|pages|-\n"
	      "2606:50c0::/32|packages|-\n");
	faults_with("github", "{\"actions\": [\"4.148.0.0/16\"]}",
		    "input: expected arrays as \"git\" and \"web\"");
	faults_with("github", "{\"git\": 7}", "input: expected an array \"git\"");
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

int
main(void)
{
	static const struct unit_case cases[] = {
		{"aws_list_gives_both_families", aws_list_gives_both_families},
		{"specific_aws_service_wins_over_ec2_and_amazon_on_the_same_prefix_only",
		 specific_aws_service_wins_over_ec2_and_amazon_on_the_same_prefix_only},
		{"google_list_gives_both_families", google_list_gives_both_families},
		{"service_and_scope_may_be_absent_in_the_google_list",
		 service_and_scope_may_be_absent_in_the_google_list},
		{"fastly_list_gives_both_families", fastly_list_gives_both_families},
		{"github_list_gives_its_own_addresses_and_not_those_of_its_runners",
		 github_list_gives_its_own_addresses_and_not_those_of_its_runners},
		{"broken_json_is_named_by_line_and_column",
		 broken_json_is_named_by_line_and_column},
		{"wrong_aws_entry_is_named", wrong_aws_entry_is_named},
	};
	return unit_run("ranges_flat_json", cases, sizeof(cases) / sizeof(*cases));
}
