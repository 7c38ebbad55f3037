/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/sink_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dashboard-export/sinks/transport.h"
#include "tests/unit/sinks/sinks_text.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const struct format_context context = {
	.sensor = "vigie-1", .enterprise_number = 32473, .facility = 20};

static struct sink_config
made(struct sinks_text *text, const char *inside)
{
	struct sink_config config;
	struct sink_file file = sinks_text_one(text, inside);

	CU_ASSERT_EQUAL_FATAL(sink_config_make(&file, &context, text->arena, &config), 0);
	return config;
}

static void
every_type_has_its_transport(void)
{
	for (unsigned i = 0; sink_type_at(i) != NULL; i++) {
		const struct transport_kind *kind;
		unsigned k = 0;
		while ((kind = transport_kind_at(k)) != NULL &&
		       strcmp(kind->name, sink_type_word(i)) != 0)
			k++;
		if (kind == NULL)
			printf("# no transport %s\n", sink_type_word(i));
		CU_ASSERT_PTR_NOT_NULL(kind);
	}
}

static void
syslog_over_tls_is_told_whole(void)
{
	struct sinks_text text;
	struct sink_config c = made(
		&text, "name: soc, type: syslog-tls, address: \"[2001:db8::1]:6515\", format: cef, "
		       "upload: in, facility: local7, minimum: high, framing: newline, rate: 9, "
		       "tls: {ca: /ca, cert: /cert, key: /key, server_name: siem.example}");

	CU_ASSERT_STRING_EQUAL(c.name, "soc");
	CU_ASSERT_STRING_EQUAL(c.kind->name, "syslog-tls");
	CU_ASSERT_STRING_EQUAL(c.format->name, "cef");
	CU_ASSERT_TRUE(c.alerts);
	CU_ASSERT_FALSE(c.flows);
	CU_ASSERT_EQUAL(c.minimum, SEVERITY_HIGH);
	CU_ASSERT_STRING_EQUAL(c.host, "2001:db8::1");
	CU_ASSERT_STRING_EQUAL(c.port, "6515");
	CU_ASSERT_TRUE(c.tls.wanted);
	CU_ASSERT_STRING_EQUAL(c.tls.ca, "/ca");
	CU_ASSERT_STRING_EQUAL(c.tls.certificate, "/cert");
	CU_ASSERT_STRING_EQUAL(c.tls.key, "/key");
	CU_ASSERT_STRING_EQUAL(c.tls.server_name, "siem.example");
	CU_ASSERT_EQUAL(c.framing, SINK_FRAMING_NEWLINE);
	CU_ASSERT_STRING_EQUAL(c.context.sensor, "vigie-1");
	CU_ASSERT_EQUAL(c.context.enterprise_number, 32473);
	CU_ASSERT_EQUAL(c.context.facility, 23);
	CU_ASSERT_EQUAL(c.context.upload, FORMAT_UPLOAD_IN);
	CU_ASSERT_EQUAL(c.limit, 8192);
	CU_ASSERT_EQUAL(c.batch, 1024);
	CU_ASSERT_EQUAL(c.rate, 9);
	CU_ASSERT_EQUAL(c.timeout_s, 30);
	CU_ASSERT_EQUAL(c.resend_s, 5);
	CU_ASSERT_EQUAL(c.failing_s, 600);
	CU_ASSERT_PTR_NULL(c.url);
	CU_ASSERT_PTR_NULL(c.brokers);
	sinks_text_fini(&text);
}

static void
tls_is_wanted_where_it_was_said(void)
{
	static const struct {
		const char *inside;
		bool wanted;
	} rows[] = {
		{"name: a, type: syslog-tls, address: a", true},
		{"name: a, type: syslog-tcp, address: a", false},
		{"name: a, type: relp, address: a", false},
		{"name: a, type: relp, address: a, tls: {}", true},
		{"name: a, type: bulk, url: \"https://a\"", true},
		{"name: a, type: bulk, url: \"http://a\"", false},
		{"name: a, type: kafka, brokers: a", false},
		{"name: a, type: kafka, brokers: a, tls: {ca: /c}", true},
		{"name: a, type: redis, address: a", false},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sinks_text text;
		struct sink_config config = made(&text, rows[i].inside);
		CU_ASSERT_EQUAL(config.tls.wanted, rows[i].wanted);
		sinks_text_fini(&text);
	}
}

static void
keys_of_the_other_types_arrive(void)
{
	struct sinks_text text;
	struct sink_config c =
		made(&text, "name: a, type: kafka, brokers: [a, \"[2001:db8::1]:1\"], "
			    "records: [flows], topic: t, flow_topic: f");

	CU_ASSERT_STRING_EQUAL(c.brokers, "a:9092,[2001:db8::1]:1");
	CU_ASSERT_STRING_EQUAL(c.topic, "t");
	CU_ASSERT_STRING_EQUAL(c.flow_topic, "f");
	CU_ASSERT_TRUE(c.flows && !c.alerts);
	CU_ASSERT_EQUAL(c.limit, 65536);
	sinks_text_fini(&text);
	c = made(&text, "name: a, type: redis, path: /run/r, database: 3, max_len: 7, stream: s");
	CU_ASSERT_STRING_EQUAL(c.path, "/run/r");
	CU_ASSERT_PTR_NULL(c.host);
	CU_ASSERT_EQUAL(c.database, 3);
	CU_ASSERT_EQUAL(c.max_len, 7);
	CU_ASSERT_TRUE(c.rollups);
	CU_ASSERT_STRING_EQUAL(c.stream, "s");
	CU_ASSERT_STRING_EQUAL(c.flow_stream, "vigie:flows");
	sinks_text_fini(&text);
	c = made(&text, "name: a, type: file, path: /f, rotate_size: 1GiB, rotate_age: 0, keep: 2");
	CU_ASSERT_EQUAL(c.rotate_bytes, 1u << 30);
	CU_ASSERT_EQUAL(c.rotate_s, 0);
	CU_ASSERT_EQUAL(c.keep, 2);
	CU_ASSERT_STRING_EQUAL(c.format->name, "ecs");
	sinks_text_fini(&text);
	c = made(&text, "name: a, type: hec, url: \"https://s/b\", token_env: T");
	CU_ASSERT_STRING_EQUAL(c.url, "https://s/b");
	CU_ASSERT_STRING_EQUAL(c.source_type, "vigie:alert");
	CU_ASSERT_PTR_NULL(c.index);
	CU_ASSERT_PTR_NULL(c.token);
	sinks_text_fini(&text);
	c = made(&text, "name: a, type: bulk, url: \"https://s\"");
	CU_ASSERT_STRING_EQUAL(c.index, "vigie-alerts");
	CU_ASSERT_PTR_NULL(c.source_type);
	sinks_text_fini(&text);
}

static void
secrets_are_read_when_they_are_wanted_and_wiped(void)
{
	char path[] = "/tmp/vigie-secret-XXXXXX", inside[256];
	int fd = mkstemp(path);
	struct sinks_text text;

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, "from-file\n", 10), 10);
	close(fd);
	setenv("VIGIE_TEST_SECRET", "from-variable", 1);
	snprintf(inside, sizeof(inside),
		 "name: a, type: webhook, url: \"https://s\", user: u, password_file: %s, "
		 "secret_env: VIGIE_TEST_SECRET",
		 path);
	struct sink_config config = made(&text, inside);
	CU_ASSERT_PTR_NULL(config.password);
	sink_config_read_secrets(text.sinks.items, text.arena, &config, &text.faults);
	CU_ASSERT_EQUAL(text.faults.count, 0);
	CU_ASSERT_STRING_EQUAL(config.password, "from-file");
	CU_ASSERT_STRING_EQUAL(config.secret, "from-variable");
	CU_ASSERT_PTR_NULL(config.token);
	const char *memory = config.password;
	sink_config_wipe(&config);
	CU_ASSERT_PTR_NULL(config.password);
	CU_ASSERT_EQUAL(memory[0] | memory[8], 0);
	unlink(path);
	unsetenv("VIGIE_TEST_SECRET");
	sinks_text_fini(&text);
}

static void
what_cannot_be_read_has_the_line_of_its_key(void)
{
	static const char *const expected[] = {
		"s.yaml:1:76: /no/such: No such file or directory",
		"s.yaml:1:98: `VIGIE_TEST_NONE` is not set in the environment",
		"s.yaml:1:125: /no/ca: No such file or directory",
		"s.yaml:1:139: /no/cert: No such file or directory",
		"s.yaml:1:154: /no/key: No such file or directory",
	};
	struct sinks_text text;
	struct sink_config config =
		made(&text, "name: a, type: webhook, url: \"https://s\", user: u, password_file: "
			    "/no/such, secret_env: VIGIE_TEST_NONE, tls: {ca: /no/ca, cert: "
			    "/no/cert, key: /no/key}");

	sink_config_read_secrets(text.sinks.items, text.arena, &config, &text.faults);
	CU_ASSERT_EQUAL_FATAL(text.faults.count, COUNT(expected));
	for (size_t i = 0; i < COUNT(expected); i++) {
		if (strcmp(text.faults.faults[i].text, expected[i]) != 0)
			printf("# %s: expected %s\n", text.faults.faults[i].text, expected[i]);
		CU_ASSERT_STRING_EQUAL(text.faults.faults[i].text, expected[i]);
	}
	CU_ASSERT_PTR_NULL(config.password);
	sinks_text_fini(&text);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"every_type_has_its_transport", every_type_has_its_transport},
		{"syslog_over_tls_is_told_whole", syslog_over_tls_is_told_whole},
		{"tls_is_wanted_where_it_was_said", tls_is_wanted_where_it_was_said},
		{"keys_of_the_other_types_arrive", keys_of_the_other_types_arrive},
		{"secrets_are_read_when_they_are_wanted_and_wiped",
		 secrets_are_read_when_they_are_wanted_and_wiped},
		{"what_cannot_be_read_has_the_line_of_its_key",
		 what_cannot_be_read_has_the_line_of_its_key},
	};
	return unit_run("sink_config", cases, COUNT(cases));
}
