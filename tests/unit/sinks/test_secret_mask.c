/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/secret_mask.h"

#include "tests/unit/sinks/receiver_samples.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static struct sink_config config;

static const char *
masked(const char *text)
{
	static char out[256];

	snprintf(out, sizeof(out), "%s", text);
	secret_mask(&config, out, sizeof(out));
	return out;
}

static void
check(const char *const (*rows)[2], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *got = masked(rows[i][0]);
		if (strcmp(got, rows[i][1]) != 0)
			printf("# %s\n# %s\n", got, rows[i][1]);
		CU_ASSERT_STRING_EQUAL(got, rows[i][1]);
	}
}

static void
begin(void)
{
	sample_config_init(&config);
	config.url = NULL;
}

static void
what_a_receiver_says_back_is_masked(void)
{
	static const char *const rows[][2] = {
		{"ERR unknown command 'AUTH', with args beginning with: 's3cret-redis' ",
		 "ERR unknown command 'AUTH', with args beginning with: '***' "},
		{"HTTP 403: POST /x Authorization: Basic dTpzM2NyZXQtcmVkaXM= Host: h",
		 "HTTP 403: POST /x Authorization: Basic ***= Host: h"},
		{"HTTP 403: Authorization: Splunk user-token-SECRET",
		 "HTTP 403: Authorization: Splunk ***"},
		{"key of-the-hook.", "key ***."},
		{"s3cret-rediss3cret-redis", "******"},
		{"nothing of it", "nothing of it"},
		{"", ""},
	};
	begin();
	config.user = "u";
	config.password = "s3cret-redis";
	config.token = "user-token-SECRET";
	config.secret = "of-the-hook";
	check(rows, COUNT(rows));
}

static void
the_path_and_the_query_of_a_url_are_secrets_too(void)
{
	static const char *const rows[][2] = {
		{"HTTP 403: POST /h?token=URLSECRET HTTP/1.1", "HTTP 403: POST *** HTTP/1.1"},
		{"HTTP 404: no /h here", "HTTP 404: no *** here"},
		{"HTTP 403: URLSECRET is unknown", "HTTP 403: *** is unknown"},
		{"HTTP 403: h is no hook of h.example", "HTTP 403: h is no hook of h.example"},
	};
	static const char *const paths[][2] = {
		{"HTTP 403: T0BC12345 or XXXX5678YYYY", "HTTP 403: *** or ***"},
		{"HTTP 403: services of h.example", "HTTP 403: services of h.example"},
		{"POST \\/services\\/T0BC12345\\/XXXX5678YYYY", "POST ***"},
	};
	begin();
	config.url = "https://h.example:8443/h?token=URLSECRET";
	check(rows, COUNT(rows));
	config.url = "https://h.example/services/T0BC12345/XXXX5678YYYY";
	check(paths, COUNT(paths));
	config.url = "https://h.example/";
	CU_ASSERT_STRING_EQUAL(masked("a / b h.example"), "a / b h.example");
}

static void
escapes_hide_nothing(void)
{
	static const char *const rows[][2] = {
		{"<\\xe9t\\xe9 \"sesame\" & co>", "<***>"},
		{"<\\xe9t\\xe9 \\\"sesame\\\" \\u0026 co>", "<***>"},
		{"<%e9t%E9%20%22sesame%22%20%26%20co>", "<***>"},
		{"<\\xe9t\\x0a\\xe9 \"ses\\x00ame\" & co>", "<***>"},
		{"<\\xe9t\\xe9 \"ses\\xe2\\x80\\xaeame\" & co>", "<***>"},
	};
	begin();
	config.password = "\xe9t\xe9 \"sesame\" & co";
	check(rows, COUNT(rows));
	config.password = "100%25\\x41";
	CU_ASSERT_STRING_EQUAL(masked("<100%25\\x41>"), "<***>");
}

static void
beginnings_are_masked_where_a_text_was_cut(void)
{
	static const char *const rows[][2] = {
		{"with 'correct horse b' and more", "with '***' and more"},
		{"with 'correct'", "with 'correct'"},
		{"with corr", "with ***"},
		{"HTTP 500: corr... (asks to wait 3 s)", "HTTP 500: ***... (asks to wait 3 s)"},
		{"with co", "with co"},
	};
	begin();
	config.token = "correct horse battery";
	check(rows, COUNT(rows));
}

static void
short_ones_are_masked_as_words(void)
{
	begin();
	config.password = "w";
	CU_ASSERT_STRING_EQUAL(masked("WRONGPASS: w is wrong: 'w'"),
			       "WRONGPASS: *** is wrong: '***'");
}

static void
base64_of_every_length_is_known(void)
{
	static const char *const rows[][3] = {
		{"vigie", "se:cret", "Basic dmlnaWU6c2U6Y3JldA=="},
		{"vigie", "secrets", "Basic dmlnaWU6c2VjcmV0cw=="},
		{"vigie1", "secrets", "Basic dmlnaWUxOnNlY3JldHM="},
		{"vigie12", "secrets", "Basic dmlnaWUxMjpzZWNyZXRz"},
		{"u", "\xff\xfe\xfd?>", "Basic dTr//v0/Pg=="},
	};

	begin();
	for (size_t i = 0; i < COUNT(rows); i++) {
		config.user = rows[i][0];
		config.password = rows[i][1];
		CU_ASSERT_EQUAL(strncmp(masked(rows[i][2]), "Basic ***", 9), 0);
		CU_ASSERT_TRUE(strlen(masked(rows[i][2])) <= 11);
	}
}

static void
what_grows_is_cut(void)
{
	char text[24] = "a w w w w w w w w w w w";

	begin();
	config.password = "w";
	secret_mask(&config, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "a *** *** *** *** **...");
}

static const struct unit_case cases[] = {
	{"what_a_receiver_says_back_is_masked", what_a_receiver_says_back_is_masked},
	{"the_path_and_the_query_of_a_url_are_secrets_too",
	 the_path_and_the_query_of_a_url_are_secrets_too},
	{"escapes_hide_nothing", escapes_hide_nothing},
	{"beginnings_are_masked_where_a_text_was_cut", beginnings_are_masked_where_a_text_was_cut},
	{"short_ones_are_masked_as_words", short_ones_are_masked_as_words},
	{"base64_of_every_length_is_known", base64_of_every_length_is_known},
	{"what_grows_is_cut", what_grows_is_cut},
};

int
main(void)
{
	return unit_run("secret_mask", cases, sizeof(cases) / sizeof(*cases));
}
