/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sensor_note.h"

#include "tests/unit/unit.h"

#include <jansson.h>
#include <string.h>

static struct sensor_note
sample(void)
{
	return (struct sensor_note){
		.what = SENSOR_SINK_FAILING,
		.subject = "soc \"west\"",
		.message = "Sink soc has taken nothing.",
		.start_ns = UINT64_C(1796085000000000000),
		.end_ns = UINT64_C(1796085001000000000),
		.day = 20788,
	};
}

static const char *
text_at(const json_t *root, const char *object, const char *key)
{
	const char *text = json_string_value(json_object_get(json_object_get(root, object), key));

	return text != NULL ? text : "";
}

static void
a_note_is_an_alert_of_its_own_class(void)
{
	char line[SENSOR_NOTE_JSON_MAX];
	struct sensor_note note = sample();
	size_t len = sensor_note_format(&note, "00112233445566778899aabbccddeeff", line);
	json_t *root = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	CU_ASSERT_EQUAL(line[len - 1], '\n');
	CU_ASSERT_STRING_EQUAL(text_at(root, "event", "kind"), "alert");
	CU_ASSERT_STRING_EQUAL(text_at(root, "event", "id"), "00112233445566778899aabbccddeeff");
	CU_ASSERT_STRING_EQUAL(text_at(root, "event", "start"), "2026-12-01T00:30:00.000000000Z");
	CU_ASSERT_STRING_EQUAL(text_at(root, "rule", "id"), "SYS-SINK-FAILING");
	CU_ASSERT_STRING_EQUAL(text_at(root, "vigie", "severity"), "medium");
	CU_ASSERT_STRING_EQUAL(text_at(root, "vigie", "subject"), "soc \"west\"");
	CU_ASSERT_STRING_EQUAL(text_at(root, "vigie", "day"), "2026-12-01");
	CU_ASSERT_PTR_NULL(json_object_get(root, "source"));
	json_decref(root);
}

static void
each_event_has_rule_name_and_severity(void)
{
	for (unsigned i = 0; i < SENSOR_EVENT_COUNT; i++) {
		struct sensor_note note = sample();
		note.what = (enum sensor_event)i;
		CU_ASSERT_EQUAL(strncmp(sensor_event_rule(note.what), "SYS-", 4), 0);
		CU_ASSERT_TRUE(strlen(sensor_event_name(note.what)) > 8);
		CU_ASSERT_TRUE(sensor_note_severity(&note) < SEVERITY_COUNT);
		for (unsigned j = 0; j < i; j++)
			CU_ASSERT_STRING_NOT_EQUAL(sensor_event_rule(note.what),
						   sensor_event_rule((enum sensor_event)j));
	}
}

static void
ids_follow_from_rule_subject_and_time(void)
{
	static const uint8_t key[32] = {1};
	struct keyed_hash *hash = keyed_hash_create(key, sizeof(key));
	struct sensor_note a = sample(), b = sample();
	char first[ALERT_ID_LEN + 1], second[ALERT_ID_LEN + 1];

	CU_ASSERT_TRUE(sensor_note_id(hash, &a, first));
	CU_ASSERT_TRUE(sensor_note_id(hash, &b, second));
	CU_ASSERT_STRING_EQUAL(first, second);
	b.start_ns++;
	CU_ASSERT_TRUE(sensor_note_id(hash, &b, second));
	CU_ASSERT_STRING_NOT_EQUAL(first, second);
	b = sample();
	b.subject = NULL;
	CU_ASSERT_TRUE(sensor_note_id(hash, &b, second));
	CU_ASSERT_STRING_NOT_EQUAL(first, second);
	keyed_hash_destroy(hash);
}

static const struct unit_case cases[] = {
	{"a_note_is_an_alert_of_its_own_class", a_note_is_an_alert_of_its_own_class},
	{"each_event_has_rule_name_and_severity", each_event_has_rule_name_and_severity},
	{"ids_follow_from_rule_subject_and_time", ids_follow_from_rule_subject_and_time},
};

int
main(void)
{
	return unit_run("sensor_note", cases, sizeof(cases) / sizeof(*cases));
}
