/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/sensor_note.h"

#include "base/rfc3339.h"
#include "base/time_zone.h"
#include "dashboard-export/flow_json_parts.h"

#include <assert.h>
#include <string.h>

#define SUBJECT_MAX_LEN 768

static_assert(JSON_MESSAGE_MAX_LEN + SUBJECT_MAX_LEN + 1024 < SENSOR_NOTE_JSON_MAX,
	      "a note with the longest texts fits");

static const struct {
	const char *rule;
	const char *name;
	enum severity severity;
} events[SENSOR_EVENT_COUNT] = {
	[SENSOR_START] = {"SYS-START", "Sensor started", SEVERITY_INFORMATIONAL},
	[SENSOR_STOP] = {"SYS-STOP", "Sensor stopped", SEVERITY_INFORMATIONAL},
	[SENSOR_RELOAD] = {"SYS-RELOAD", "Settings loaded anew", SEVERITY_INFORMATIONAL},
	[SENSOR_RELOAD_FAILED] = {"SYS-RELOAD-FAILED", "Settings not loaded: they have faults",
				  SEVERITY_MEDIUM},
	[SENSOR_SINK_FAILING] = {"SYS-SINK-FAILING", "A sink takes no alerts", SEVERITY_MEDIUM},
	[SENSOR_SINK_RECOVERED] = {"SYS-SINK-RECOVERED", "A sink takes alerts again",
				   SEVERITY_INFORMATIONAL},
	[SENSOR_SINK_REFUSED] = {"SYS-SINK-REFUSED", "A sink refused alerts for good",
				 SEVERITY_MEDIUM},
	[SENSOR_DISK] = {"SYS-DISK", "The journal's disk is nearly full", SEVERITY_MEDIUM},
	[SENSOR_JOURNAL_DAMAGED] = {"SYS-JOURNAL-DAMAGED", "The journal was damaged",
				    SEVERITY_HIGH},
	[SENSOR_JOURNAL_LOST] = {"SYS-JOURNAL-LOST", "Alerts could not be journalled",
				 SEVERITY_HIGH},
	[SENSOR_CURSORS_DAMAGED] = {"SYS-CURSORS-DAMAGED",
				    "How far sinks had come was damaged: all is sent again",
				    SEVERITY_LOW},
	[SENSOR_FLOOD] = {"SYS-FLOOD", "More alerts than are told one by one", SEVERITY_MEDIUM},
	[SENSOR_TEST] = {"SYS-TEST", "Test alert: nothing happened", SEVERITY_INFORMATIONAL},
};

const char *
sensor_event_rule(enum sensor_event what)
{
	return events[what].rule;
}

const char *
sensor_event_name(enum sensor_event what)
{
	return events[what].name;
}

enum severity
sensor_note_severity(const struct sensor_note *note)
{
	return note->what == SENSOR_FLOOD ? note->severity : events[note->what].severity;
}

bool
sensor_note_id(struct keyed_hash *hash, const struct sensor_note *note, char id[ALERT_ID_LEN + 1])
{
	char when[RFC3339_LEN + 1];
	struct alert_id_parts joined;

	rfc3339_format(note->start_ns, when);
	const char *const parts[ALERT_ID_PARTS] = {
		NULL, note->subject, NULL, NULL, sensor_event_rule(note->what), when};
	alert_id_join(parts, &joined);
	return alert_id_make(hash, &joined, id);
}

static void
write_event(struct json_writer *w, const struct sensor_note *note, const char *id)
{
	const enum severity severity = sensor_note_severity(note);
	struct flow_record span = {.start_ns = note->start_ns, .end_ns = note->end_ns};
	char start[RFC3339_LEN + 1];

	rfc3339_format(note->start_ns, start);
	json_writer_plain_member(w, "@timestamp", start);
	json_writer_open_object(w, "event");
	json_writer_plain_member(w, "kind", "alert");
	json_writer_plain_member(w, "id", id);
	json_writer_open_array(w, "category");
	json_writer_plain(w, "host", strlen("host"));
	json_writer_close(w, ']');
	json_writer_open_array(w, "type");
	json_writer_plain(w, "info", strlen("info"));
	json_writer_close(w, ']');
	json_writer_uint_member(w, "severity", severity_ecs(severity));
	json_writer_uint_member(w, "risk_score", severity_risk_score(severity));
	flow_json_times(w, &span, start);
	json_writer_close(w, '}');
}

size_t
sensor_note_format(const struct sensor_note *note, const char *id, char out[SENSOR_NOTE_JSON_MAX])
{
	struct json_writer w;
	char day[TIME_ZONE_DATE_LEN];

	json_writer_init(&w, out, SENSOR_NOTE_JSON_MAX);
	json_writer_open(&w, '{');
	write_event(&w, note, id);
	json_writer_open_object(&w, "rule");
	json_writer_plain_member(&w, "id", sensor_event_rule(note->what));
	json_writer_plain_member(&w, "name", sensor_event_name(note->what));
	json_writer_close(&w, '}');
	json_writer_text_member(&w, "message", note->message, JSON_MESSAGE_MAX_LEN);
	json_writer_open_object(&w, "vigie");
	time_zone_format_day(note->day, day);
	json_writer_plain_member(&w, "day", day);
	json_writer_plain_member(&w, "severity", severity_text(sensor_note_severity(note)));
	json_optional_member(&w, "subject", note->subject, SUBJECT_MAX_LEN);
	if (note->what == SENSOR_TEST)
		json_writer_bool_member(&w, "test", true);
	json_writer_close(&w, '}');
	json_writer_close(&w, '}');
	json_writer_raw(&w, "\n", 1);
	assert(!w.overflow);
	return json_writer_len(&w);
}
