/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sinks/sink_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/config_writer.h"
#include "tests/unit/sinks/sinks_text.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* What each type needs, and no more. */
static const char *const least[] = {
	"name: a, type: syslog-udp, address: siem.example",
	"name: a, type: syslog-tcp, address: \"siem.example:515\"",
	"name: a, type: syslog-tls, address: \"[2001:db8::1]:6514\"",
	"name: a, type: relp, address: 192.0.2.1",
	"name: a, type: unix, path: /dev/log",
	"name: a, type: file, path: /tmp/events",
	"name: a, type: hec, url: \"https://splunk.example:8088\", token_env: T",
	"name: a, type: bulk, url: \"http://elastic.example:9200\"",
	"name: a, type: webhook, url: \"https://chat.example/hook\"",
	"name: a, type: kafka, brokers: \"k1.example\"",
	"name: a, type: redis, address: 127.0.0.1",
};

/* Everything that each type knows. */
static const char *const most[] = {
	"name: A-b_c.9, type: syslog-udp, address: siem.example, facility: kern, format: cef, "
	"upload: in, minimum: high, max_message: 4KiB, batch: 1, rate: 1000000, timeout: 1, "
	"resend: 600, failing_after: 86400, records: [alerts]",
	"name: a, type: syslog-tls, address: siem.example, framing: newline, "
	"tls: {ca: /a, cert: /b, key: /c, server_name: s}, max_message: 64KiB, batch: 16384, "
	"rate: 0, timeout: 3600, resend: 0, failing_after: 10",
	"name: a, type: relp, address: siem.example, tls: {}, facility: local7, format: leef",
	"name: a, type: unix, path: /dev/log, records: [alerts, flows], facility: authpriv",
	"name: a, type: file, path: /tmp/events, records: flows, rotate_size: 0, rotate_age: 0, "
	"keep: 1, format: text",
	"name: a, type: hec, url: \"https://s\", token_file: /t, index: i, source_type: s, tls: {}",
	"name: a, type: bulk, url: \"https://s\", user: u, password_file: /p, index: a-b.c_d, "
	"format: ocsf",
	"name: a, type: bulk, url: \"https://s\", index: \"<vigie-{now/d}>\"",
	"name: a, type: bulk, url: \"https://s\", index: \"<vigie-{now/M{yyyy.MM|+01:00}}-x>\"",
	"name: a, type: webhook, url: \"https://s\", user: u, password_env: P_1, secret_file: /s, "
	"format: cef",
	"name: a, type: kafka, brokers: [a, \"b:1\"], topic: t, flow_topic: f, user: u, "
	"password_env: P, tls: {ca: /c}, records: [flows, alerts]",
	"name: a, type: redis, path: /run/redis, password_env: P, stream: s, flow_stream: f, "
	"database: 15, max_len: 0, rollups: false, records: flows",
};

static void
each_type_takes_what_it_needs_and_what_it_knows(void)
{
	struct sinks_text text;

	for (size_t i = 0; i < COUNT(least); i++) {
		struct sink_file file = sinks_text_one(&text, least[i]);
		CU_ASSERT_EQUAL(file.type, i);
		sinks_text_fini(&text);
	}
	CU_ASSERT_PTR_NULL(sink_type_at(COUNT(least)));
	for (size_t i = 0; i < COUNT(most); i++) {
		(void)sinks_text_one(&text, most[i]);
		sinks_text_fini(&text);
	}
}

/* Free the result. */
static char *
printed(const struct sink_file *file)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	fputs("sinks:\n  -\n", out);
	config_write(out, &sink_file_schema, file, 4);
	fclose(out);
	return text;
}

static void
check_prints_back(const char *inside)
{
	struct sinks_text text, again;
	struct sink_file file = sinks_text_one(&text, inside), filled;
	char *first = printed(&file);

	sinks_text_read(&again, first);
	if (again.faults.count != 0)
		printf("# %s in\n%s", again.faults.faults[0].text, first);
	CU_ASSERT_EQUAL_FATAL(again.faults.count, 0);
	CU_ASSERT_EQUAL_FATAL(sink_file_fill(again.sinks.items, again.arena, &filled), 0);
	char *second = printed(&filled);
	CU_ASSERT_STRING_EQUAL(first, second);
	free(first);
	free(second);
	sinks_text_fini(&again);
	sinks_text_fini(&text);
}

static void
defaults_filled_in_print_back(void)
{
	for (size_t i = 0; i < COUNT(least); i++)
		check_prints_back(least[i]);
	for (size_t i = 0; i < COUNT(most); i++)
		check_prints_back(most[i]);
}

static void
defaults_are_the_types(void)
{
	struct sinks_text text;
	struct sink_file tls = sinks_text_one(&text, least[2]);

	CU_ASSERT_STRING_EQUAL(tls.address, "[2001:db8::1]:6514");
	CU_ASSERT_EQUAL(tls.max_message, 8192);
	CU_ASSERT_EQUAL(tls.batch, 1024);
	CU_ASSERT_EQUAL(tls.timeout, 30);
	CU_ASSERT_EQUAL(tls.resend, 5);
	CU_ASSERT_EQUAL(tls.failing_after, 600);
	CU_ASSERT_EQUAL(tls.facility, 20);
	CU_ASSERT_EQUAL(tls.rotate_size, CONFIG_NOT_GIVEN);
	CU_ASSERT_PTR_NULL(tls.topic);
	CU_ASSERT_TRUE(sink_file_has_records(&tls, "alerts"));
	CU_ASSERT_FALSE(sink_file_has_records(&tls, "flows"));
	sinks_text_fini(&text);
	static const char *const ports[] = {"siem.example:514", "siem.example:515",
					    "[2001:db8::1]:6514", "192.0.2.1:2514"};
	for (size_t i = 0; i < COUNT(ports); i++) {
		struct sink_file file = sinks_text_one(&text, least[i]);
		CU_ASSERT_STRING_EQUAL(file.address, ports[i]);
		sinks_text_fini(&text);
	}
	struct sink_file redis = sinks_text_one(&text, least[10]);
	CU_ASSERT_STRING_EQUAL(redis.address, "127.0.0.1:6379");
	CU_ASSERT_STRING_EQUAL(redis.stream, "vigie:alerts");
	CU_ASSERT_EQUAL(redis.max_len, 100000);
	CU_ASSERT_EQUAL(redis.rollups, true);
	CU_ASSERT_EQUAL(redis.resend, CONFIG_NOT_GIVEN);
	CU_ASSERT_EQUAL(redis.max_message, 65536);
	sinks_text_fini(&text);
	struct sink_file kafka = sinks_text_one(&text, least[9]);
	CU_ASSERT_STRING_EQUAL(((const char *const *)kafka.brokers.items)[0], "k1.example:9092");
	CU_ASSERT_STRING_EQUAL(kafka.flow_topic, "vigie-flows");
	sinks_text_fini(&text);
}

#define UDP "type: syslog-udp, address: siem.example"

static const struct {
	const char *inside;
	const char *fault;
} mistakes[] = {
	{UDP, "s.yaml:1:9: sink lacks `name`"},
	{"name: a", "s.yaml:1:9: sink lacks `type`"},
	{"name: a, type: syslog", "s.yaml:1:25: unknown type `syslog`, expected one of"},
	{"name: a, type: syslog-tsl, address: x",
	 "s.yaml:1:25: unknown type `syslog-tsl`: did you mean `syslog-tls`?"},
	{"name: a b, " UDP, "s.yaml:1:16: `a b` is no name of a sink"},
	{"name: "
	 "a234567890123456789012345678901234567890123456789012345678901234x, " UDP,
	 "s.yaml:1:16: `a2345"},
	{"name: a, type: syslog-udp", "s.yaml:1:9: type syslog-udp needs `address`"},
	{"name: a, type: hec, token_env: T", "s.yaml:1:9: type hec needs `url`"},
	{"name: a, type: hec, url: \"https://a\"",
	 "s.yaml:1:9: type hec needs `token_file` or `token_env`"},
	{"name: a, type: hec, url: \"https://a\", token_file: a, token_env: b",
	 "s.yaml:1:9: type hec: of `token_file` and `token_env` only one"},
	{"name: a, type: redis", "s.yaml:1:9: type redis needs `address` or `path`"},
	{"name: a, type: redis, address: a, path: b",
	 "s.yaml:1:9: type redis: of `address` and `path` only one"},
	{"name: a, type: kafka", "s.yaml:1:9: type kafka needs `brokers`"},
	{"name: a, type: kafka, brokers: []", "s.yaml:1:41: `brokers` is empty"},
	{"name: a, type: kafka, brokers: [a, \"b:x\"]", "s.yaml:1:41: `b:x`: the port"},
	{"name: a, token_env: T, " UDP, "s.yaml:1:19: type syslog-udp has no `token_env`"},
	{"name: a, framing: newline, " UDP, "s.yaml:1:19: type syslog-udp has no `framing`"},
	{"name: a, resend: 1, type: relp, address: b", "s.yaml:1:19: type relp has no `resend`"},
	{"name: a, password: b, " UDP, "s.yaml:1:19: unknown key `password`: did you mean"},
	{"name: a, type: syslog-udp, address: \"a:b\"", "s.yaml:1:46: `a:b`: the port"},
	{"name: a, type: syslog-udp, address: \"2001:db8::1\"",
	 "s.yaml:1:46: `2001:db8::1`: an IPv6 address stands in brackets"},
	{"name: a, type: bulk, url: \"elastic:9200\"",
	 "s.yaml:1:36: `elastic:9200`: expected https"},
	{"name: a, type: bulk, url: \"http://e\", tls: {}", "s.yaml:1:48: `tls` has no effect"},
	{"name: a, upload: in, " UDP, "s.yaml:1:19: `upload` is for format cef"},
	{"name: a, format: xml, " UDP, "s.yaml:1:27: unknown format `xml`, expected one of"},
	{"name: a, format: cef, type: bulk, url: \"https://e\"",
	 "s.yaml:1:27: type bulk sends JSON, expected format ecs, ocsf or eve"},
	{"name: a, format: syslog, type: file, path: /a",
	 "s.yaml:1:27: format syslog tells most in syslog's own header, which type file has not"},
	{"name: a, records: [], " UDP, "s.yaml:1:28: `records` is empty"},
	{"name: a, records: [alert], " UDP, "s.yaml:1:28: unknown record `alert`"},
	{"name: a, records: [alerts, flows], " UDP,
	 "s.yaml:1:28: type syslog-udp takes alerts only"},
	{"name: a, minimum: hihg, " UDP,
	 "s.yaml:1:28: unknown severity `hihg`: did you mean `high`?"},
	{"name: a, max_message: 4095, " UDP,
	 "s.yaml:1:32: `max_message` is `4095`, expected at least"},
	{"name: a, max_message: 65KiB, " UDP, "s.yaml:1:32: `max_message` is more than 64KiB"},
	{"name: a, batch: 0, " UDP, "s.yaml:1:26: `batch` is `0`, expected"},
	{"name: a, batch: 16385, " UDP, "s.yaml:1:26: `batch` is `16385`, expected"},
	{"name: a, timeout: 0, " UDP, "s.yaml:1:28: `timeout` is `0`, expected"},
	{"name: a, resend: 601, " UDP, "s.yaml:1:27: `resend` is `601`, expected"},
	{"name: a, failing_after: 9, " UDP, "s.yaml:1:34: `failing_after` is `9`, expected"},
	{"name: a, facility: local8, " UDP, "s.yaml:1:29: unknown `facility` `local8`"},
	{"name: a, type: syslog-tls, address: a, tls: {cert: b}",
	 "s.yaml:1:54: `cert` needs `key`"},
	{"name: a, type: syslog-tls, address: a, tls: {key: b}", "s.yaml:1:54: `key` needs `cert`"},
	{"name: a, type: syslog-tls, address: a, tls: {verify: off}",
	 "s.yaml:1:55: unknown key `verify` in tls"},
	{"name: a, type: relp, address: a, tls: ",
	 "s.yaml:1:43: `tls` is empty: write {} for TLS with the system's authorities"},
	{"name: a, type: kafka, brokers: a, tls: ~", "s.yaml:1:44: `tls` is empty: write {}"},
	{"name: a, type: syslog-tls, address: a, tls: {server_name: .example}",
	 "s.yaml:1:68: `.example`: expected the one name of the certificate"},
	{"name: a, type: syslog-tls, address: a, tls: {server_name: \"*.example\"}",
	 "s.yaml:1:68: `*.example`: expected the one name of the certificate"},
	{"name: a, type: syslog-tls, address: a, tls: {server_name: \"a:1\"}",
	 "s.yaml:1:68: `a:1`: expected a host name or an address"},
	{"name: a, type: bulk, url: \"https://e\", user: u",
	 "s.yaml:1:55: `user` needs `password_file` or `password_env`"},
	{"name: a, type: bulk, url: \"https://e\", password_env: P",
	 "s.yaml:1:9: a password needs `user`"},
	{"name: a, type: bulk, url: \"https://e\", user: u, password_env: P, password_file: f",
	 "s.yaml:1:9: of `password_file` and `password_env` only one"},
	{"name: a, type: bulk, url: \"https://e\", user: \"u:v\", password_env: P",
	 "s.yaml:1:55: a user of HTTP has no colon"},
	{"name: a, type: webhook, url: \"https://e\", secret_env: 1P",
	 "s.yaml:1:64: `1P` is no name of an environment variable"},
	{"name: a, type: bulk, url: \"https://e\", index: Alerts",
	 "s.yaml:1:56: `Alerts` is no index"},
	{"name: a, type: bulk, url: \"https://e\", index: \"<Vigie-{now/d}>\"",
	 "s.yaml:1:56: `<Vigie-{now/d}>` is no index"},
	{"name: a, type: bulk, url: \"https://e\", index: \"<vigie-{now/d>\"",
	 "s.yaml:1:56: `<vigie-{now/d>` is no index"},
	{"name: a, type: bulk, url: \"https://user:pa55@e.example\"",
	 "s.yaml:1:36: `https://***@e.example`: user and password do not belong"},
	{"name: a, type: bulk, url: \"https://e\", index: _a",
	 "s.yaml:1:56: `_a` is no index: it begins"},
	{"name: a, type: kafka, brokers: a, topic: \"a/b\"", "s.yaml:1:51: `a/b` is no topic"},
	{"name: a, type: kafka, brokers: a, topic: \"..\"", "s.yaml:1:51: `..` is no topic"},
	{"name: a, type: redis, address: a, stream: x, flow_stream: x",
	 "s.yaml:1:68: `flow_stream` is `stream` too"},
	{"name: a, type: redis, address: a, rollups: yes", "s.yaml:1:53: unknown `rollups` `yes`"},
	{"name: a, type: redis, address: a, stream: \"x\\n\"",
	 "s.yaml:1:52: `stream` holds a control character"},
	{"name: a, type: unix, path: "
	 "/a12345678901234567890123456789012345678901234567890123456789012345678901234567890"
	 "12345678901234567890123456789",
	 "s.yaml:1:37: the path has 111 bytes, expected at most 107"},
};

static void
every_mistake_has_its_place_and_its_words(void)
{
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		struct sinks_text text;
		char yaml[512];
		snprintf(yaml, sizeof(yaml), "sinks: [{%s}]\n", mistakes[i].inside);
		sinks_text_read(&text, yaml);
		const char *fault = text.faults.count != 0 ? text.faults.faults[0].text : "";
		bool good = strncmp(fault, mistakes[i].fault, strlen(mistakes[i].fault)) == 0 &&
			    text.faults.count == 1;
		if (!good)
			printf("# %s\n# %zu: %s\n# expected %s\n", mistakes[i].inside,
			       text.faults.count, fault, mistakes[i].fault);
		CU_ASSERT_TRUE(good);
		sinks_text_fini(&text);
	}
}

static void
names_are_told_once(void)
{
	struct sinks_text text;

	sinks_text_read(&text, "sinks:\n- {name: a, " UDP "}\n- {name: b, " UDP "}\n"
			       "- {name: a, " UDP "}\n- {name: a, " UDP "}\n");
	CU_ASSERT_EQUAL_FATAL(text.faults.count, 2);
	CU_ASSERT_STRING_EQUAL(text.faults.faults[0].text,
			       "s.yaml:4:10: there is a sink `a` already");
	sinks_text_fini(&text);
}

static void
all_mistakes_of_all_sinks_are_told_in_one_run(void)
{
	struct sinks_text text;

	sinks_text_read(&text, "sinks:\n- a\n- {name: a, type: redis, topic: x, batch: 0}\n"
			       "- {type: file}\n- {name: /, type: relp, address: 2001:db8::1}\n");
	if (text.faults.count != 8) {
		for (size_t i = 0; i < text.faults.count; i++)
			printf("# %s\n", text.faults.faults[i].text);
	}
	/* No mapping; `batch`, `topic`, `address` or `path`; `name`, `path`; the name, the address.
	 */
	CU_ASSERT_EQUAL(text.faults.count, 8);
	sinks_text_fini(&text);
}

static void
there_is_an_end_of_sinks(void)
{
	static char yaml[64 * (SINK_FILE_MAX + 3)];
	struct sinks_text text;
	size_t len = (size_t)snprintf(yaml, sizeof(yaml), "sinks:\n");

	for (unsigned i = 0; i < SINK_FILE_MAX; i++)
		len += (size_t)snprintf(yaml + len, sizeof(yaml) - len, "- {name: s%u, " UDP "}\n",
					i);
	sinks_text_read(&text, yaml);
	CU_ASSERT_EQUAL(text.faults.count, 0);
	sinks_text_fini(&text);
	snprintf(yaml + len, sizeof(yaml) - len, "- {name: more, " UDP "}\n");
	sinks_text_read(&text, yaml);
	CU_ASSERT_EQUAL(text.faults.count, 1);
	sinks_text_fini(&text);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"each_type_takes_what_it_needs_and_what_it_knows",
		 each_type_takes_what_it_needs_and_what_it_knows},
		{"defaults_filled_in_print_back", defaults_filled_in_print_back},
		{"defaults_are_the_types", defaults_are_the_types},
		{"every_mistake_has_its_place_and_its_words",
		 every_mistake_has_its_place_and_its_words},
		{"names_are_told_once", names_are_told_once},
		{"all_mistakes_of_all_sinks_are_told_in_one_run",
		 all_mistakes_of_all_sinks_are_told_in_one_run},
		{"there_is_an_end_of_sinks", there_is_an_end_of_sinks},
	};
	return unit_run("sink_file", cases, COUNT(cases));
}
