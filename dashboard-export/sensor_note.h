/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sensor tells about itself - that it starts and stops, that a sink fails, that the disk
 * fills - as alerts of a class of their own: rules `SYS-...`, no flow, no host.
 */
#pragma once

#include "dashboard-export/alert_id.h"

enum sensor_event {
	SENSOR_START,
	SENSOR_STOP,
	SENSOR_RELOAD,
	SENSOR_RELOAD_FAILED,
	SENSOR_SINK_FAILING,
	SENSOR_SINK_RECOVERED,
	SENSOR_SINK_REFUSED,
	SENSOR_DISK,
	SENSOR_JOURNAL_DAMAGED,
	SENSOR_JOURNAL_LOST,
	SENSOR_CURSORS_DAMAGED,
	SENSOR_FLOOD,
	SENSOR_TEST,
	SENSOR_EVENT_COUNT,
};

struct sensor_note {
	enum sensor_event what;
	enum severity severity; /**< of SENSOR_FLOOD; others have their own */
	const char *subject;    /**< what it is about: a sink, a path, a rule; or NULL */
	const char *message;
	uint64_t start_ns, end_ns;
	int32_t day; /**< of `start_ns`, by the policy's time zone */
};

/** "SYS-SINK-FAILING". */
const char *sensor_event_rule(enum sensor_event what);

/** "A sink fails". */
const char *sensor_event_name(enum sensor_event what);

enum severity sensor_note_severity(const struct sensor_note *note);

/** The id: of the rule, the subject and the time. False where libcrypto fails. */
bool
sensor_note_id(struct keyed_hash *hash, const struct sensor_note *note, char id[ALERT_ID_LEN + 1]);

/** Room for every note as JSON. */
#define SENSOR_NOTE_JSON_MAX 8192

/** Writes it as one line of JSON in the shape of alerts (docs/records.md), with its end; returns
 * the length. */
size_t
sensor_note_format(const struct sensor_note *note, const char *id, char out[SENSOR_NOTE_JSON_MAX]);
