/* SPDX-License-Identifier: Apache-2.0 */
#include "app/alerting.h"

#include "app/alerting_internal.h"
#include "base/clock.h"
#include "base/printable_text.h"
#include "base/rfc3339.h"
#include "base/time_zone.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How long a stop waits for the sinks, and a replay for the disk. */
#define GRACE_MS 5000
#define HURRY_MS 500
#define REPLAY_WAIT_MS 60000
#define MINUTES_GRACE_MS 1000

/*
 * The journal's rows end with their content, lines of a file with a newline. Live, what finds no
 * room is counted in the journal and told by alerting_tick; a replay can wait.
 */
static int
append(struct alerting *a, struct journal_entry *entry, size_t line_len)
{
	entry->len = line_len - 1;
	int error = journal_append(a->journal, entry);
	if (error == -EAGAIN && !a->config.live) {
		error = journal_flush(a->journal, REPLAY_WAIT_MS);
		if (error == 0)
			error = journal_append(a->journal, entry);
	}
	return error;
}

int
alerting_add(struct alerting *alerting, const struct alert *alert)
{
	const enum severity severity = alert_severity(alert);
	const char *rule = alert_rule_id(alert);

	if (alerting->limiter != NULL &&
	    !alert_limiter_admit(alerting->limiter, rule, severity, clock_wall_ns()))
		return 0;
	size_t len = alert_json_format(alert, alerting->config.ruleset->rules, alerting->json);
	struct journal_entry entry = {
		.kind = JOURNAL_ALERT,
		.time_ns = alert->start_ns,
		.id = alert->id,
		.rule = rule,
		.zone = alert->zone != NULL ? alert->zone->id : NULL,
		.severity = severity,
		.content = alerting->json,
	};
	int error = append(alerting, &entry, len);
	return alerting->config.live ? 0 : error;
}

/* By the time at which it was seen: a long flow is told of minute by minute. */
static void
add_to_minutes(struct alerting *a, const struct judged_flow *flow, uint64_t up, uint64_t down,
	       bool is_new)
{
	const struct attribution *of = flow->attribution;
	const char *zone = flow->zone != NULL && !flow->excluded ? flow->zone->id : NULL;
	const char *owner = of != NULL && of->owner != NULL ? of->owner->id : NULL;
	const char *exposure = of != NULL ? exposure_text(of->exposure) : NULL;

	for (size_t i = 0; i < a->minutes_count; i++)
		redis_rollups_add(a->minutes[i], flow->record->end_ns, zone, owner, exposure, up,
				  down, is_new);
}

static void
add_to_rollups(struct alerting *a, const struct judged_flow *flow, const struct flow_fresh *fresh)
{
	bool incoming = flow->direction == FLOW_DIRECTION_INGRESS;
	const struct flow_side *inside = incoming ? &fresh->from_destination : &fresh->from_source;
	const struct flow_side *outside = incoming ? &fresh->from_source : &fresh->from_destination;
	char day[TIME_ZONE_DATE_LEN];

	if (!incoming && flow->direction != FLOW_DIRECTION_EGRESS)
		return;
	time_zone_format_day(flow->day, day);
	if (rollup_table_is_full(a->rollups))
		alerting_flush_rollups(a);
	if (!rollup_table_add(a->rollups, flow, day, inside->payload, outside->payload,
			      fresh->first))
		a->rollups_lost++;
	add_to_minutes(a, flow, inside->payload, outside->payload, fresh->first);
}

void
alerting_add_flow(struct alerting *alerting, const struct judged_flow *flow,
		  const struct flow_fresh *fresh)
{
	add_to_rollups(alerting, flow, fresh);
	if (!alerting_wants_messages(alerting) || flow->excluded)
		return;
	size_t len = flow_json_format(flow, alerting->flow_json);
	delivery_add_flow(alerting->delivery, alerting->flow_json, len - 1);
}

bool
alerting_wants_messages(const struct alerting *alerting)
{
	return alerting->delivery != NULL && delivery_wants_flows(alerting->delivery);
}

int
alerting_put_note(struct alerting *alerting, const struct sensor_note *note)
{
	char json[SENSOR_NOTE_JSON_MAX], id[ALERT_ID_LEN + 1];

	pthread_mutex_lock(&alerting->id_lock);
	bool good = sensor_note_id(alerting->ids, note, id);
	pthread_mutex_unlock(&alerting->id_lock);
	if (!good)
		return -ENOMEM;
	struct journal_entry entry = {
		.kind = JOURNAL_SENSOR,
		.time_ns = note->start_ns,
		.id = id,
		.rule = sensor_event_rule(note->what),
		.severity = sensor_note_severity(note),
		.content = json,
	};
	return append(alerting, &entry, sensor_note_format(note, id, json));
}

int
alerting_note(struct alerting *alerting, enum sensor_event what, const char *subject,
	      const char *format, ...)
{
	char message[1024];
	uint64_t now = clock_wall_ns();
	va_list args;

	va_start(args, format);
	(void)vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	const struct sensor_note note = {
		.what = what,
		.subject = subject,
		.message = message,
		.start_ns = now,
		.end_ns = now,
		.day = policy_day(alerting->config.ruleset->policy, now),
	};
	return alerting_put_note(alerting, &note);
}

/* From a sink's thread. */
static void
on_delivery_note(void *context, const struct delivery_note *note)
{
	struct alerting *a = context;
	char since[RFC3339_LEN + 1];

	rfc3339_format(note->since_ns, since);
	switch (note->what) {
	case DELIVERY_FAILING:
		(void)alerting_note(a, SENSOR_SINK_FAILING, note->sink,
				    "Sink %s has taken nothing since %s; %" PRIu64
				    " alerts wait. Last error: %s",
				    note->sink, since, note->count, note->error);
		break;
	case DELIVERY_RECOVERED:
		(void)alerting_note(a, SENSOR_SINK_RECOVERED, note->sink,
				    "Sink %s takes alerts again; it had failed since %s. %" PRIu64
				    " alerts wait.",
				    note->sink, since, note->count);
		break;
	case DELIVERY_REFUSED:
		(void)alerting_note(a, SENSOR_SINK_REFUSED, note->sink,
				    "Sink %s did not get %" PRIu64 " alerts, and will not: %s",
				    note->sink, note->count, note->error);
		break;
	}
}

static int
tell(const char *what, const char *why)
{
	fprintf(stderr, "vigie: %s: %s\n", printable_text(what).text, why);
	return errno != 0 ? -errno : -EIO;
}

/* A journal that begins anew is told by the alert that is its first row. */
void
alerting_tell_damage(struct alerting *a, const struct journal_opening *opening)
{
	const char *path = a->config.journal_path;
	char kept[PRINTABLE_TEXT_MAX + 64] = "";

	if (!opening->damaged)
		return;
	if (opening->kept[0] != '\0')
		(void)snprintf(kept, sizeof(kept), "What is there is kept as %s, and a",
			       printable_text(opening->kept).text);
	fprintf(stderr, "vigie: %s: the journal was damaged: %s. %s new one begins\n",
		printable_text(path).text, opening->what, kept[0] != '\0' ? kept : "A");
	(void)alerting_note(a, SENSOR_JOURNAL_DAMAGED, path,
			    "The journal was damaged: %s. %s new one begins. Alerts that had not "
			    "reached a sink are sent again out of what is kept by `vigie alerts "
			    "replay`.",
			    opening->what, kept[0] != '\0' ? kept : "A");
}

static int
open_journal(struct alerting *a)
{
	struct journal_opening opening;
	char known[JOURNAL_ID_LEN + 1] = "", why[256];
	bool damaged = false;
	uint64_t sequence = 0;
	const char *path = a->config.journal_path;

	if (a->config.live) {
		a->cursors = cursors_open(path, &damaged, why);
		if (a->cursors == NULL)
			return tell(path, why);
		(void)cursors_find_head(a->cursors, known, &sequence);
	}
	const struct journal_config config = {
		.path = path,
		.key = a->config.key,
		.known_id = known,
		.known_sequence = sequence,
		.refuse_damaged = !a->config.live,
	};
	a->journal = journal_open(&config, &opening, why);
	if (a->journal == NULL)
		return tell(path, why);
	alerting_tell_damage(a, &opening);
	/* At once: what is noted of an earlier journal would speak against this one. */
	if (a->cursors != NULL)
		(void)cursors_note_head(a->cursors, journal_id(a->journal),
					journal_durable(a->journal));
	if (damaged)
		(void)alerting_note(
			a, SENSOR_CURSORS_DAMAGED, path,
			"How far each sink had come could not be read: every sink gets the "
			"whole journal again.");
	return 0;
}

static int
start_minutes(struct alerting *a)
{
	const struct settings *settings = &a->config.ruleset->settings;
	char why[256];

	for (size_t i = 0; a->config.live && i < settings->sink_count; i++) {
		const struct sink_config *sink = &settings->sinks[i];
		if (!sink->rollups || a->minutes_count == ALERTING_MINUTES_MAX)
			continue;
		struct redis_rollups *made = redis_rollups_create(sink, settings->sensor_name, why);
		if (made == NULL)
			return tell(sink->name, why);
		a->minutes[a->minutes_count++] = made;
	}
	return 0;
}

static int
start_delivery(struct alerting *a)
{
	const struct settings *settings = &a->config.ruleset->settings;
	const struct delivery_config config = {
		.sinks = settings->sinks,
		.sink_count = settings->sink_count,
		.journal = a->journal,
		.journal_path = a->config.journal_path,
		.note = on_delivery_note,
		.note_context = a,
	};
	char why[256];

	if (!a->config.live || settings->sink_count == 0)
		return 0;
	a->delivery = delivery_start(&config, why);
	return a->delivery != NULL ? 0 : tell("delivery", why);
}

static int
open_parts(struct alerting *a)
{
	const struct settings *settings = &a->config.ruleset->settings;

	a->ids = keyed_hash_create(a->config.key->bytes, sizeof(a->config.key->bytes));
	a->rollups = rollup_table_create();
	if (a->config.live)
		a->limiter =
			alert_limiter_create(settings->alert_rule_limit, settings->alert_limit);
	if (a->ids == NULL || a->rollups == NULL || (a->config.live && a->limiter == NULL))
		return tell("alerts", "out of memory");
	int error = open_journal(a);
	if (error == 0)
		error = start_delivery(a);
	return error == 0 ? start_minutes(a) : error;
}

struct alerting *
alerting_open(const struct alerting_config *config)
{
	struct alerting *a = calloc(1, sizeof(*a));

	if (a == NULL) {
		(void)tell("alerts", "out of memory");
		return NULL;
	}
	a->config = *config;
	(void)pthread_mutex_init(&a->id_lock, NULL);
	a->rollups_ns = a->looked_ns = a->started_ns = clock_monotonic_ns();
	a->started_wall_ns = clock_wall_ns();
	int error = open_parts(a);
	if (error == 0) {
		if (config->live)
			(void)alerting_note(a, SENSOR_START, NULL, "vigie %s watches.",
					    VIGIE_VERSION);
		return a;
	}
	(void)alerting_close(a);
	errno = -error;
	return NULL;
}

/* What was journalled leaves with the journal; what was not is told, as nobody else will. */
static int
close_journal(struct alerting *a)
{
	char why[256];

	if (a->journal == NULL)
		return 0;
	(void)journal_failing_since(a->journal, why);
	uint64_t lost = journal_close(a->journal);
	if (lost == 0)
		return 0;
	fprintf(stderr, "vigie: %s: %" PRIu64 " alerts could not be journalled: %s\n",
		printable_text(a->config.journal_path).text, lost,
		why[0] != '\0' ? why : "the disk did not take them in time");
	return -EIO;
}

void
alerting_hurry(struct alerting *alerting)
{
	alerting->hurried = true;
}

int
alerting_close(struct alerting *alerting)
{
	if (alerting == NULL)
		return 0;
	if (alerting->journal != NULL) {
		if (alerting->limiter != NULL)
			alerting_tell_floods(alerting, UINT64_MAX);
		if (alerting->rollups != NULL)
			alerting_flush_rollups(alerting);
		if (alerting->config.live)
			(void)alerting_note(alerting, SENSOR_STOP, NULL, "vigie stops.");
		(void)journal_flush(alerting->journal, GRACE_MS);
	}
	for (size_t i = 0; i < alerting->minutes_count; i++)
		redis_rollups_destroy(alerting->minutes[i], MINUTES_GRACE_MS);
	delivery_stop(alerting->delivery, alerting->hurried ? HURRY_MS : GRACE_MS);
	if (alerting->cursors != NULL && alerting->journal != NULL)
		(void)cursors_note_head(alerting->cursors, journal_id(alerting->journal),
					journal_durable(alerting->journal));
	int error = close_journal(alerting);
	cursors_close(alerting->cursors);
	alert_limiter_destroy(alerting->limiter);
	rollup_table_destroy(alerting->rollups);
	keyed_hash_destroy(alerting->ids);
	(void)pthread_mutex_destroy(&alerting->id_lock);
	free(alerting);
	return error;
}
