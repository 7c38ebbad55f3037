/* SPDX-License-Identifier: Apache-2.0 */
/* Lists that are lines of text. */
#include "geo/ranges.h"

#include "tests/unit/geo/range_list.h"

static void
prefix_lines_give_their_rows_in_order(void)
{
	gives("cloudflare", "173.245.48.0/20\n# remark\n\n2400:cb00::/32 # behind\r\n 1.1.1.1",
	      "173.245.48.0/20|-|-\n2400:cb00::/32|-|-\n1.1.1.1/32|-|-\n");
	faults_with("cloudflare", "1.1.1.1\n\n1.0.0.0 2.0.0.0\n", "input:3: is no IP prefix");
	faults_with("cloudflare", "1.0.0.1/8\n2.0.0.0/8", "input:1: bits behind");
	faults_with("cloudflare", "# nothing\n", "input: holds no prefix");
}

static void
geofeed_gives_city_and_country_as_region(void)
{
	static const struct {
		const char *line;
		const char *expected;
	} rows[] = {
		{"5.101.96.0/21,NL,NL-NH,Amsterdam,1098 XH", "5.101.96.0/21|-|amsterdam_nl\n"},
		{" 24.144.64.0/22 , us, US-NJ , North Bergen ,07047 # x",
		 "24.144.64.0/22|-|north_bergen_us\n"},
		{"9.9.9.9,US,US-DC,\"Washington, D.C.\",20001", "9.9.9.9/32|-|washington_dc_us\n"},
		{"9.9.9.9,JP,,Shinagawa-ku,", "9.9.9.9/32|-|shinagawa-ku_jp\n"},
		{"9.9.9.9,BR,,S\303\243o Paulo,", "9.9.9.9/32|-|s\303\243o_paulo_br\n"},
		{"9.9.9.9,FR,,,", "9.9.9.9/32|-|fr\n"},
		{"9.9.9.9,,,Paris", "9.9.9.9/32|-|paris\n"},
		{"2001:4860::/32,,,,", "2001:4860::/32|-|-\n"},
		{"9.9.9.9", "9.9.9.9/32|-|-\n"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		gives("digitalocean", rows[i].line, rows[i].expected);
	gives("linode", "# feed of another form\n1.1.1.1,FR\r\n2.2.2.2,DE\n",
	      "1.1.1.1/32|-|fr\n2.2.2.2/32|-|de\n");
}

static void
wrong_geofeed_row_is_named_by_its_line(void)
{
	static const struct {
		const char *line;
		const char *fault;
	} rows[] = {
		{"hello,FR", "input:2: is no IP prefix"},
		{",FR", "input:2: is no IP prefix"},
		{"9.9.9.9/8,FR", "input:2: bits behind"},
		{"9.9.9.9,FRA", "input:2: expected a country code of two letters"},
		{"9.9.9.9,4F", "input:2: expected a country code of two letters"},
		{"9.9.9.9,FR,,a,b,c", "input:2: expected at most prefix, country"},
		{"9.9.9.9,FR,,\001", "input:2: service or region is not"},
		{"9.9.9.9,FR,,\377", "input:2: service or region is not"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char list[128];
		snprintf(list, sizeof(list), "1.1.1.1,FR\n%s\n2.2.2.2,FR\n", rows[i].line);
		faults_with("vultr", list, rows[i].fault);
	}
}

static void
longest_city_of_a_geofeed_still_has_its_country(void)
{
	char list[512] = "9.9.9.9,FR,,", expected[512] = "9.9.9.9/32|-|";
	memset(list + strlen(list), 'a', 187);
	memset(expected + strlen(expected), 'a', 187);
	strcat(expected, "_fr\n");
	gives("digitalocean", list, expected);
	memset(list + strlen(list), 'a', 5);
	strcat(list, "\n1.1.1.1,FR\n");
	faults_with("digitalocean", list, "input:1: service or region is too long");
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"prefix_lines_give_their_rows_in_order", prefix_lines_give_their_rows_in_order},
		{"geofeed_gives_city_and_country_as_region",
		 geofeed_gives_city_and_country_as_region},
		{"wrong_geofeed_row_is_named_by_its_line", wrong_geofeed_row_is_named_by_its_line},
		{"longest_city_of_a_geofeed_still_has_its_country",
		 longest_city_of_a_geofeed_still_has_its_country},
	};
	return unit_run("ranges_text", cases, sizeof(cases) / sizeof(*cases));
}
