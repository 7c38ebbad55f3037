/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/formats/format_ocsf.h"

#include <inttypes.h>
#include <stdio.h>

#define OCSF_VERSION "1.7.0"
#define NS_PER_MS 1000000u

void
ocsf_time(struct json_writer *w, const char *key, uint64_t time_ns)
{
	json_writer_uint_member(w, key, time_ns / NS_PER_MS);
}

void
ocsf_period(struct json_writer *w, const struct event *event)
{
	ocsf_time(w, "start_time", event->start_ns);
	ocsf_time(w, "end_time", event->end_ns);
	ocsf_time(w, "duration", event->duration_ns);
}

static void
write_class(struct json_writer *w, const struct format_json_event *e,
	    const struct ocsf_class *class)
{
	json_writer_uint_member(w, "category_uid", class->category);
	json_writer_uint_member(w, "class_uid", class->class);
	json_writer_uint_member(w, "activity_id", class->activity);
	json_writer_uint_member(w, "type_uid", class->class * 100 + class->activity);
	if (!e->room.secondary)
		return;
	json_writer_plain_member(w, "category_name", class->category_name);
	json_writer_plain_member(w, "class_name", class->class_name);
	json_writer_plain_member(w, "activity_name", class->activity_name);
}

/* 0 is "unknown": of flows that nobody judged. */
static void
write_severity(struct json_writer *w, const struct format_json_event *e)
{
	static const char *const captions[] = {
		[SEVERITY_INFORMATIONAL] = "Informational",
		[SEVERITY_LOW] = "Low",
		[SEVERITY_MEDIUM] = "Medium",
		[SEVERITY_HIGH] = "High",
		[SEVERITY_CRITICAL] = "Critical",
	};
	const struct event *event = e->event;

	if (!event->has_severity) {
		json_writer_uint_member(w, "severity_id", 0);
		return;
	}
	json_writer_uint_member(w, "severity_id", (unsigned)event->severity + 1);
	json_writer_plain_member(w, "severity", captions[event->severity]);
}

static void
write_product(struct json_writer *w, const struct format_json_event *e)
{
	json_writer_open_object(w, "product");
	json_writer_plain_member(w, "name", "vigie");
	json_writer_plain_member(w, "vendor_name", "vigie");
	format_json_word(w, e, "version", e->context->version);
	json_writer_close(w, '}');
}

/* An event of OCSF is one telling of an alert: the alert's id, and the row of the journal. */
static void
write_uid(struct json_writer *w, const struct format_json_event *e)
{
	char uid[256];

	if (e->event->id == NULL || e->event->sequence == 0)
		return;
	snprintf(uid, sizeof(uid), "%s-%" PRIu64, e->event->id, e->event->sequence);
	format_json_code(w, e, "uid", uid);
}

static void
write_metadata(struct json_writer *w, const struct format_json_event *e, const char *profiles)
{
	const struct event *event = e->event;

	json_writer_open_object(w, "metadata");
	json_writer_plain_member(w, "version", OCSF_VERSION);
	write_product(w, e);
	if (profiles != NULL)
		format_json_raw(w, "profiles", profiles);
	write_uid(w, e);
	format_json_code(w, e, "correlation_uid", event->id);
	if (event->sequence != 0)
		json_writer_uint_member(w, "sequence", event->sequence);
	if (event->recorded_ns != 0)
		ocsf_time(w, "logged_time", event->recorded_ns);
	json_writer_plain_member(w, "log_name", format_json_dataset(event));
	json_writer_plain_member(w, "log_provider", "vigie");
	format_json_name(w, e, "log_source", e->context->sensor);
	format_json_code(w, e, "event_code", event->rule_id);
	if (event->test)
		format_json_raw(w, "labels", "[\"test\"]");
	if (!e->room.lists)
		json_writer_bool_member(w, "is_truncated", true);
	json_writer_close(w, '}');
}

void
ocsf_base(struct json_writer *w, const struct format_json_event *e, const struct ocsf_class *class,
	  const char *profiles)
{
	write_class(w, e, class);
	write_severity(w, e);
	ocsf_time(w, "time", format_json_own_time_ns(e->event));
	ocsf_period(w, e->event);
	format_json_text(w, e, "message", e->event->message);
	write_metadata(w, e, profiles);
}

static void
write_body(struct json_writer *w, const struct format_json_event *e)
{
	if (e->event->class == EVENT_CLASS_FLOW)
		ocsf_network(w, e);
	else
		ocsf_finding(w, e);
}

static size_t
write_ocsf(const struct event *event, const struct format_context *context, char *out, size_t size)
{
	return format_json_write(write_body, event, context, out, size);
}

const struct format format_ocsf = {
	.name = "ocsf",
	.content_type = "application/json",
	.write = write_ocsf,
};
