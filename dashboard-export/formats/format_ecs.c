/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Elastic Common Schema, of which the journal's lines use a part: this adds what receivers look
 * for beside it (docs/formats-json.md). All fields stand in ECS since 8.0; the version that is
 * named is the one that most receivers know.
 */
#include "dashboard-export/formats/format_ecs.h"

#define ECS_VERSION "8.11.0"

static void
write_list(struct json_writer *w, const char *key, const char *const *words)
{
	json_writer_open_array(w, key);
	for (; *words != NULL; words++)
		json_writer_plain(w, *words, strlen(*words));
	json_writer_close(w, ']');
}

/* What ECS allows together with the category (ecs-allowed-values-event-category). */
static void
write_flow_categories(struct json_writer *w, const struct event *event)
{
	static const char *const categories[] = {"network", NULL};
	static const char *const types[] = {"connection", NULL};
	static const char *const types_of_last[] = {"connection", "end", NULL};

	write_list(w, "category", categories);
	write_list(w, "type", event->final ? types_of_last : types);
}

static void
write_sensor_categories(struct json_writer *w, const struct event *event)
{
	static const char *const categories[] = {"host", NULL};
	static const char *const types[] = {"info", NULL};
	static const char *const types_of_start[] = {"info", "start", NULL};
	static const char *const types_of_stop[] = {"info", "end", NULL};
	static const char *const types_of_reload[] = {"info", "change", NULL};
	const char *const *shown = types;

	if (format_json_is(event->rule_id, "SYS-START"))
		shown = types_of_start;
	else if (format_json_is(event->rule_id, "SYS-STOP"))
		shown = types_of_stop;
	else if (format_json_is(event->rule_id, "SYS-RELOAD"))
		shown = types_of_reload;
	write_list(w, "category", categories);
	write_list(w, "type", shown);
}

static void
write_categories(struct json_writer *w, const struct event *event)
{
	static const char *const alert_categories[] = {"network", "intrusion_detection", NULL};
	static const char *const alert_types[] = {"info", "connection", NULL};
	static const char *const finding_categories[] = {"network", "configuration", NULL};
	static const char *const finding_types[] = {"info", NULL};

	switch (event->class) {
	case EVENT_CLASS_FLOW:
		write_flow_categories(w, event);
		break;
	case EVENT_CLASS_ALERT:
		write_list(w, "category", alert_categories);
		write_list(w, "type", alert_types);
		break;
	case EVENT_CLASS_FINDING:
		write_list(w, "category", finding_categories);
		write_list(w, "type", finding_types);
		break;
	case EVENT_CLASS_SENSOR:
		write_sensor_categories(w, event);
		break;
	}
}

static const char *
action_of(const struct event *event)
{
	switch (event->class) {
	case EVENT_CLASS_FLOW:
		return "network-flow";
	case EVENT_CLASS_FINDING:
		return "governance-finding";
	case EVENT_CLASS_SENSOR:
		return "sensor-note";
	case EVENT_CLASS_ALERT:
		break;
	}
	if (format_json_is(event->direction, "egress"))
		return "data-export";
	return format_json_is(event->direction, "ingress") ? "data-served" : "data-transfer";
}

static void
write_reason(struct json_writer *w, const struct format_json_event *e)
{
	if (e->event->test)
		json_writer_plain_member(w, "reason",
					 "Test of the way to this receiver: nothing happened.");
	else if (e->room.secondary)
		format_json_text(w, e, "reason", e->event->rule_name);
}

static void
write_event(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	json_writer_open_object(w, "event");
	json_writer_plain_member(w, "kind", event->class == EVENT_CLASS_FLOW ? "event" : "alert");
	format_json_code(w, e, "id", event->id);
	if (event->sequence != 0)
		json_writer_uint_member(w, "sequence", event->sequence);
	write_categories(w, event);
	json_writer_plain_member(w, "action", action_of(event));
	json_writer_plain_member(w, "module", "vigie");
	json_writer_plain_member(w, "dataset", format_json_dataset(event));
	if (event->has_severity) {
		json_writer_uint_member(w, "severity", severity_ecs(event->severity));
		json_writer_uint_member(w, "risk_score", severity_risk_score(event->severity));
	}
	write_reason(w, e);
	/* Records of flows do not go through the journal. */
	if (event->class != EVENT_CLASS_FLOW)
		format_json_time(w, "created", event_told_ns(event));
	format_json_time(w, "start", event->start_ns);
	format_json_time(w, "end", event->end_ns);
	json_writer_uint_member(w, "duration", event->duration_ns);
	json_writer_close(w, '}');
}

/*
 * An index behind a data stream refuses every other value of its three fields, and notes of the
 * sensor travel with the alerts: so there is one stream for both, whatever `event.dataset` says.
 */
static void
write_data_stream(struct json_writer *w, const struct event *event)
{
	json_writer_open_object(w, "data_stream");
	json_writer_plain_member(w, "type", "logs");
	json_writer_plain_member(w, "dataset",
				 event->class == EVENT_CLASS_FLOW ? "vigie.flow" : "vigie.alert");
	json_writer_plain_member(w, "namespace", "default");
	json_writer_close(w, '}');
}

static void
write_rule(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	if (event->rule_id == NULL)
		return;
	json_writer_open_object(w, "rule");
	format_json_code(w, e, "id", event->rule_id);
	format_json_text(w, e, "name", event->rule_name);
	json_writer_plain_member(w, "category", format_json_rule_category(event));
	if (e->room.secondary)
		format_json_code(w, e, "ruleset", e->context->policy);
	if (e->context->policy_version != 0)
		format_json_number_text(w, "version", e->context->policy_version);
	json_writer_close(w, '}');
}

/* The zone is on the side that the traffic comes from, seen from the sensor. */
static void
write_observer(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;
	const char *side = format_json_is(event->direction, "ingress") ? "egress" : "ingress";

	json_writer_open_object(w, "observer");
	format_json_name(w, e, "name", e->context->sensor);
	json_writer_plain_member(w, "type", "sensor");
	json_writer_plain_member(w, "vendor", "vigie");
	json_writer_plain_member(w, "product", "vigie");
	format_json_word(w, e, "version", e->context->version);
	if (event->zone != NULL && event->direction != NULL && e->room.secondary) {
		json_writer_open_object(w, side);
		format_json_code(w, e, "zone", event->zone);
		json_writer_close(w, '}');
	}
	json_writer_close(w, '}');
}

/* `cloud.target` is the service that is talked to; `cloud` alone would be where the sensor runs. */
static void
write_cloud(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	if (event->operator_id == NULL || !e->room.secondary)
		return;
	json_writer_open_object(w, "cloud");
	json_writer_open_object(w, "target");
	format_json_code(w, e, "provider", event->operator_id);
	format_json_code(w, e, "region", event->region);
	if (event->service != NULL) {
		json_writer_open_object(w, "service");
		format_json_code(w, e, "name", event->service);
		json_writer_close(w, '}');
	}
	json_writer_close(w, '}');
	json_writer_close(w, '}');
}

static void
write_threat(struct json_writer *w, const struct format_json_event *e)
{
	if (!e->room.secondary || event_technique(e->event) == NULL)
		return;
	format_json_raw(w, "threat",
			"{\"framework\":\"MITRE ATT&CK\","
			"\"tactic\":{\"id\":[\"TA0010\"],\"name\":[\"Exfiltration\"]},"
			"\"technique\":{\"id\":[\"T1567\"],"
			"\"name\":[\"Exfiltration Over Web Service\"],"
			"\"subtechnique\":{\"id\":[\"T1567.002\"],"
			"\"name\":[\"Exfiltration to Cloud Storage\"]}}}");
}

static void
write_body(struct json_writer *w, const struct format_json_event *e)
{
	static const char *const test_tags[] = {"test", NULL};
	const struct event *event = e->event;

	format_json_time(w, "@timestamp", format_json_own_time_ns(event));
	format_json_raw(w, "ecs", "{\"version\":\"" ECS_VERSION "\"}");
	write_event(w, e);
	write_data_stream(w, event);
	if (event->test)
		write_list(w, "tags", test_tags);
	write_rule(w, e);
	format_json_text(w, e, "message", event->message);
	write_observer(w, e);
	ecs_wire(w, e);
	write_cloud(w, e);
	write_threat(w, e);
	ecs_related(w, e);
	json_writer_open_object(w, "vigie");
	format_json_vigie(w, e);
	json_writer_close(w, '}');
}

static size_t
write_ecs(const struct event *event, const struct format_context *context, char *out, size_t size)
{
	return format_json_write(write_body, event, context, out, size);
}

const struct format format_ecs = {
	.name = "ecs",
	.content_type = "application/json",
	.write = write_ecs,
};
