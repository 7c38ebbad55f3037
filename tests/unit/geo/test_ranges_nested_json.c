/* SPDX-License-Identifier: Apache-2.0 */
/* Lists that are arrays of groups of prefixes. */
#include "geo/ranges.h"

#include "tests/unit/geo/range_list.h"

#define AZURE(values) "{'changeNumber': 360, 'cloud': 'Public', 'values': [" values "]}"
#define AZURE_TAG(name, region, prefixes)                        \
	"{'name': '" name "', 'properties': {'region': '" region \
	"', 'addressPrefixes': [" prefixes "]}}"
#define ORACLE(regions) \
	"{'last_updated_timestamp': '2025-07-21T07:13:25.457838', 'regions': [" regions "]}"

static void
azure_list_gives_one_entry_a_prefix_with_service_and_region(void)
{
	/* with and without region, and in the block of all addresses of the region */
	static const char storage[] =
		"{'values': ["
		"{'name': 'Storage', 'properties': {'region': '',"
		"  'addressPrefixes': ['20.38.196.0/24']}},"
		"{'name': 'AzureCloud', 'properties': {'region': '',"
		"  'addressPrefixes': ['20.38.196.0/24', '20.38.0.0/16']}},"
		"{'name': 'AzureCloud.centralfrance', 'properties': {'region': 'centralfrance',"
		"  'addressPrefixes': ['20.38.0.0/16']}},"
		"{'name': 'Storage.FranceCentral', 'properties': {'region': 'centralfrance',"
		"  'addressPrefixes': ['20.38.196.0/24']}}]}";
	/* of two services the first in byte order */
	static const char directory[] =
		"{'values': ["
		"{'name': 'AzureActiveDirectoryDomainServices', 'properties': {'region': '',"
		"  'addressPrefixes': ['20.1.0.0/16']}},"
		"{'name': 'AzureActiveDirectory', 'properties': {'region': '',"
		"  'addressPrefixes': ['20.1.0.0/16']}}]}";

	gives("azure-public", storage,
	      "20.38.0.0/16|-|centralfrance\n20.38.196.0/24|Storage|centralfrance\n");
	gives("azure-gov", directory, "20.1.0.0/16|AzureActiveDirectory|-\n");
	/* the second half of a tag is not always a region */
	gives("azure-public", AZURE(AZURE_TAG("AzureFrontDoor.Frontend", "", "'20.1.0.0/16'")),
	      "20.1.0.0/16|AzureFrontDoor|-\n");
}

static void
azure_prefix_without_region_has_that_of_the_prefix_around_it(void)
{
	static const char list[] =
		"{'values': ["
		"{'name': 'Sql', 'properties': {'region': '', 'addressPrefixes':"
		"  ['20.1.2.0/24', '20.2.0.0/24', '2603::/48', '20.1.255.255/32']}},"
		"{'name': 'AzureCloud.a', 'properties': {'region': 'a',"
		"  'addressPrefixes': ['20.1.0.0/16', '2603::/32']}},"
		"{'name': 'AzureCloud.b', 'properties': {'region': 'b',"
		"  'addressPrefixes': ['20.1.2.0/23']}}]}";

	gives("azure-public", list,
	      "20.1.0.0/16|-|a\n20.1.2.0/23|-|b\n20.1.2.0/24|Sql|b\n20.1.255.255/32|Sql|a\n"
	      "20.2.0.0/24|Sql|-\n2603::/32|-|a\n2603::/48|Sql|a\n");
}

static void
wrong_azure_entry_is_named(void)
{
	faults_with("azure-public", "{'changeNumber': 1}", "input: expected an array \"values\"");
	faults_with("azure-public", AZURE("7"), "input: values[0]: expected a name");
	faults_with("azure-public", AZURE("\n{'name': 'A'}"),
		    "input:2: values[0]: expected a name and properties with a region");
	faults_with("azure-public", AZURE("{'name': 'A', 'properties': {'region': ''}}"),
		    "input: expected an array \"addressPrefixes\"");
	faults_with("azure-public", AZURE("\n\n" AZURE_TAG("A", "r", "'20.1.0.0/8'")),
		    "input:3: addressPrefixes[0]: bits behind the prefix length are set");
	faults_with("azure-public", AZURE(AZURE_TAG("A", "r", "'20.1.0.0/16', 7")),
		    "input: addressPrefixes[1]: expected a prefix");
	faults_with("azure-public", AZURE(AZURE_TAG("A\\n", "r", "")),
		    "input: values[0]: service or region is not");
}

static void
oracle_list_gives_the_most_specific_tag(void)
{
	gives("oracle-cloud",
	      ORACLE("{'region': 'eu-paris-1', 'cidrs': ["
		     "{'cidr': '134.70.100.0/22', 'tags': ['OSN', 'OBJECT_STORAGE']}, "
		     "{'cidr': '129.80.0.0/16', 'tags': ['OCI']}, "
		     "{'cidr': '129.81.0.0/16', 'tags': ['OCI', 'OSN']}]}, "
		     "{'region': 'us-ashburn-1', 'cidrs': ["
		     "{'cidr': '2603:c020::/40', 'tags': []}]}"),
	      "129.80.0.0/16|OCI|eu-paris-1\n129.81.0.0/16|OSN|eu-paris-1\n"
	      "134.70.100.0/22|OBJECT_STORAGE|eu-paris-1\n2603:c020::/40|-|us-ashburn-1\n");
}

static void
wrong_oracle_entry_is_named(void)
{
	faults_with("oracle-cloud", "{'regions': []}",
		    "input: expected \"last_updated_timestamp\" with a date");
	faults_with("oracle-cloud", ORACLE("{'cidrs': []}"),
		    "input: regions[0]: expected an object with a region");
	faults_with("oracle-cloud", ORACLE("{'region': 'r'}"),
		    "input: expected an array \"cidrs\"");
	faults_with("oracle-cloud", ORACLE("{'region': 'r', 'cidrs': [{'tags': ['OCI']}]}"),
		    "input: cidrs[0]: expected a prefix");
	faults_with("oracle-cloud", ORACLE("{'region': 'r', 'cidrs':\n[{'cidr': '1.1.1.1/33'}]}"),
		    "input:2: cidrs[0]: is no IP prefix");
	faults_with("oracle-cloud",
		    ORACLE("{'region': 'r', 'cidrs': [{'cidr': '1.1.1.1/32', 'tags': "
			   "[7]}]}"),
		    "input: cidrs[0]: expected texts as tags");
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"azure_list_gives_one_entry_a_prefix_with_service_and_region",
		 azure_list_gives_one_entry_a_prefix_with_service_and_region},
		{"azure_prefix_without_region_has_that_of_the_prefix_around_it",
		 azure_prefix_without_region_has_that_of_the_prefix_around_it},
		{"wrong_azure_entry_is_named", wrong_azure_entry_is_named},
		{"oracle_list_gives_the_most_specific_tag",
		 oracle_list_gives_the_most_specific_tag},
		{"wrong_oracle_entry_is_named", wrong_oracle_entry_is_named},
	};
	return unit_run("ranges_nested_json", cases, sizeof(cases) / sizeof(*cases));
}
