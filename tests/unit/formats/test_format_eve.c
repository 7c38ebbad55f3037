/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/formats/json_check.h"
#include "tests/unit/formats/sample_event.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

static void
samples_look_like_their_golden_files(void)
{
	json_check_golden(&format_eve);
}

static void
nothing_is_written_where_it_does_not_fit(void)
{
	json_check_bounds(&format_eve);
}

static void
the_longest_event_fits_in_short(void)
{
	json_check_brief(&format_eve);
}

static void
events_have_suricatas_types(void)
{
	static const char *const rows[][3] = {
		{"alert-ipv4", "alert", "2026-12-01T08:15:03.623456+0000"},
		{"finding", "alert", "2026-12-01T08:15:02.123456+0000"},
		{"sensor", "engine", "2026-12-01T08:25:02.123456+0000"},
		{"test", "alert", "2026-12-01T08:15:02.123456+0000"},
		{"flow-judged", "flow", "2026-12-01T08:15:02.123456+0000"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_t *root = json_check_sample(&format_eve, rows[i][0]);
		CU_ASSERT_TRUE(json_check_text(root, "event_type", rows[i][1]));
		CU_ASSERT_TRUE(json_check_text(root, "timestamp", rows[i][2]));
		json_decref(root);
	}
}

static json_t *
write_event(const struct event *event)
{
	static char message[FORMAT_MESSAGE_MAX];
	size_t len = format_eve.write(event, sample_context(), message, sizeof(message));
	json_t *root = json_loadb(message, len, 0, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	return root;
}

static void
priorities_are_suricatas(void)
{
	static const json_int_t priorities[] = {
		[SEVERITY_INFORMATIONAL] = 4, [SEVERITY_LOW] = 3,      [SEVERITY_MEDIUM] = 2,
		[SEVERITY_HIGH] = 1,          [SEVERITY_CRITICAL] = 1,
	};

	for (unsigned s = 0; s < SEVERITY_COUNT; s++) {
		struct event event;
		sample_event_fill("alert-ipv4", &event);
		event.severity = s;
		json_t *root = write_event(&event);
		CU_ASSERT_TRUE(json_check_number(root, "alert.severity", priorities[s]));
		CU_ASSERT_TRUE(
			json_check_text(root, "alert.metadata.severity.0", severity_text(s)));
		json_decref(root);
	}
}

/* 2^51 and above would be cut by readers that keep numbers as doubles; Suricata cuts there. */
static void
flow_ids_are_numbers_that_every_reader_keeps(void)
{
	static const struct {
		const char *flow_id;
		json_int_t number; /* -1: none */
	} rows[] = {
		{"0000000000000001", 1},
		{"ffffffffffffffff", (INT64_C(1) << 51) - 1},
		{"0008000000000000", 0},
		{SAMPLE_FLOW_ID, 0x0123456789abcdef & ((INT64_C(1) << 51) - 1)},
		{"0123456789abcde", -1},
		{"0123456789abcdefa", -1},
		{"0x23456789abcdef", -1},
		{"-123456789abcdef", -1},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct event event;
		sample_event_fill("flow-judged", &event);
		event.flow_id = rows[i].flow_id;
		json_t *root = write_event(&event);
		CU_ASSERT_TRUE(rows[i].number < 0
				       ? json_check_at(root, "flow_id") == NULL
				       : json_check_number(root, "flow_id", rows[i].number));
		CU_ASSERT_TRUE(json_check_text(root, "vigie.flow_id", rows[i].flow_id));
		json_decref(root);
	}
}

static json_int_t
signature_of(const char *rule_id)
{
	struct event event;

	sample_event_fill("alert-ipv4", &event);
	event.rule_id = rule_id;
	json_t *root = write_event(&event);
	json_int_t id = json_integer_value(json_check_at(root, "alert.signature_id"));
	json_decref(root);
	return id;
}

static int
compare_ids(const void *a, const void *b)
{
	json_int_t x = *(const json_int_t *)a, y = *(const json_int_t *)b;

	return (x > y) - (x < y);
}

/* FNV-1a of the rule's id is no table that has to be kept, but it has to tell all rules apart. */
static void
every_rule_has_a_signature_of_its_own(void)
{
	static const char *const classes[] = {"PUB", "INT", "PER", "ECO",
					      "SBA", "HLT", "DRE", "SEC"};
	static const char *const exposures[] = {"INT", "QUA", "SOV", "TEC", "THC", "USA", "UNK"};
	static const char *const others[] = {
		"GOV-EXC-EXPIRED",
		"GOV-EXC-EXPIRING",
		"GOV-QUAL-EXPIRED",
		"GOV-CAT-STALE",
		"GOV-QUAL-EXPIRING",
		"GOV-ZONE-UNMAPPED",
		"GOV-BLIND",
		"GOV-POLICY-CHANGED",
		"GOV-ZONE-CROSSING",
		"SYS-START",
		"SYS-STOP",
		"SYS-RELOAD",
		"SYS-SINK-FAILING",
		"SYS-SINK-RECOVERED",
		"SYS-SINK-REFUSED",
		"SYS-DISK",
		"SYS-JOURNAL-DAMAGED",
		"SYS-JOURNAL-LOST",
		"SYS-FLOOD",
		"SYS-TEST",
	};
	json_int_t ids[256];
	size_t count = 0;

	for (size_t c = 0; c < sizeof(classes) / sizeof(*classes); c++)
		for (size_t x = 0; x < sizeof(exposures) / sizeof(*exposures); x++)
			for (unsigned r9 = 0; r9 < 2; r9++) {
				char rule[16];
				snprintf(rule, sizeof(rule), "%s-%s%s", classes[c], exposures[x],
					 r9 != 0 ? "+R9" : "");
				ids[count++] = signature_of(rule);
			}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		ids[count++] = signature_of(others[i]);
	qsort(ids, count, sizeof(*ids), compare_ids);
	for (size_t i = 0; i < count; i++) {
		CU_ASSERT_TRUE(ids[i] >= 1000000000 && ids[i] < 2000000000);
		CU_ASSERT_TRUE(i == 0 || ids[i] != ids[i - 1]);
	}
}

static void
hostile_texts_come_back_whole(void)
{
	struct event event;

	sample_event_fill("hostile", &event);
	json_t *root = json_check_sample(&format_eve, "hostile");
	CU_ASSERT_TRUE(json_check_text(root, "vigie.message", event.message));
	CU_ASSERT_TRUE(json_check_text(root, "alert.signature", event.rule_name));
	CU_ASSERT_TRUE(json_check_text(root, "vigie.domain", event.domain));
	CU_ASSERT_TRUE(json_check_text(root, "tls.sni", event.tls_server_name));
	CU_ASSERT_TRUE(json_check_text(root, "pcap_filename", event.capture));
	CU_ASSERT_PTR_NULL(json_check_at(root, "src_ip"));
	json_decref(root);
}

int
main(void)
{
	static const struct unit_case cases[] = {
		{"samples_look_like_their_golden_files", samples_look_like_their_golden_files},
		{"nothing_is_written_where_it_does_not_fit",
		 nothing_is_written_where_it_does_not_fit},
		{"the_longest_event_fits_in_short", the_longest_event_fits_in_short},
		{"events_have_suricatas_types", events_have_suricatas_types},
		{"priorities_are_suricatas", priorities_are_suricatas},
		{"flow_ids_are_numbers_that_every_reader_keeps",
		 flow_ids_are_numbers_that_every_reader_keeps},
		{"every_rule_has_a_signature_of_its_own", every_rule_has_a_signature_of_its_own},
		{"hostile_texts_come_back_whole", hostile_texts_come_back_whole},
	};
	return unit_run("format_eve", cases, sizeof(cases) / sizeof(*cases));
}
