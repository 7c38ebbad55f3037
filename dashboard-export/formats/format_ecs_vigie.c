/* SPDX-License-Identifier: Apache-2.0 */
/* The block `vigie`: the members of docs/records.md under their own names, in its order. */
#include "dashboard-export/formats/format_json.h"

static bool
is_of_flows(const struct event *event)
{
	return event->class == EVENT_CLASS_FLOW || event->class == EVENT_CLASS_ALERT;
}

static void
write_identity(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	if (event->test)
		json_writer_bool_member(w, "test", true);
	if (event->class == EVENT_CLASS_SENSOR)
		json_writer_plain_member(w, "class", "sensor");
	if (e->room.lists)
		format_json_text(w, e, "capture", event->capture);
	format_json_code(w, e, "flow_id", event->flow_id);
	if (event->class == EVENT_CLASS_FLOW) {
		json_writer_uint_member(w, "seq", event->flow_seq);
		json_writer_bool_member(w, "final", event->final);
	}
	format_json_word(w, e, "day", event->day);
	if (event->flows != 0)
		json_writer_uint_member(w, "flows", event->flows);
	format_json_code(w, e, "host", event->host);
}

static void
write_severity(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	if (event->has_severity) {
		json_writer_plain_member(w, "severity", severity_text(event->severity));
		if (event->severity_before_exception != event->severity)
			json_writer_plain_member(w, "severity_before_exception",
						 severity_text(event->severity_before_exception));
	}
	format_json_code(w, e, "exception", event->exception);
	format_json_words(w, e, "exceptions_of_part", &event->exceptions_of_part);
	format_json_words(w, e, "exceptions_ended", &event->exceptions_ended);
}

static void
write_zone(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	format_json_code(w, e, "zone", event->zone);
	if (e->room.secondary)
		format_json_code(w, e, "zone_owner", event->zone_owner);
	format_json_word(w, e, "data_class", event->data_class);
	format_json_word(w, e, "direction", event->direction);
	if (event->has_vni)
		json_writer_uint_member(w, "vni", event->vni);
}

static void
write_steps(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	if (event->step_count == 0 || !e->room.lists)
		return;
	json_writer_open_array(w, "steps");
	for (size_t i = 0; i < event->step_count; i++) {
		json_writer_open(w, '{');
		format_json_word(w, e, "step", event->steps[i].step);
		format_json_word(w, e, "before", event->steps[i].before);
		format_json_word(w, e, "after", event->steps[i].after);
		json_writer_close(w, '}');
	}
	json_writer_close(w, ']');
}

static void
write_names(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	format_json_name(w, e, "name", event->name);
	format_json_word(w, e, "name_source", event->name_source);
	format_json_words(w, e, "names", &event->names);
	if (event->more_names)
		json_writer_bool_member(w, "more_names", true);
	if (e->room.lists)
		format_json_name(w, e, "evidence_name", event->evidence_name);
}

static void
write_operator(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	format_json_code(w, e, "operator", event->operator_id);
	if (e->room.secondary)
		format_json_code(w, e, "host_operator", event->host_operator);
	format_json_code(w, e, "service", event->service);
	format_json_word(w, e, "service_kind", event->service_kind);
	if (e->room.secondary) {
		format_json_code(w, e, "region", event->region);
		format_json_word(w, e, "region_country", event->region_country);
		format_json_code(w, e, "tenancy", event->tenancy);
	}
	format_json_word(w, e, "exposure", event->exposure);
	format_json_word(w, e, "confidence", event->confidence);
	format_json_word(w, e, "shape", event->shape);
}

/* No schema has all of these: ECS none for JA4, the others none for what is next. */
static void
write_tls(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	if (!e->room.secondary ||
	    (event->tls_ja4 == NULL && event->tls_next_protocol == NULL && !event->tls_resumed))
		return;
	json_writer_open_object(w, "tls");
	format_json_code(w, e, "ja4", event->tls_ja4);
	format_json_word(w, e, "next_protocol", event->tls_next_protocol);
	if (event->tls_resumed)
		json_writer_bool_member(w, "resumed", true);
	json_writer_close(w, '}');
}

static void
write_inner_end(struct json_writer *w, const char *key, const struct event_end *end)
{
	bool is_ip = format_json_is_ip(end->ip);

	if (!is_ip && !end->has_port)
		return;
	json_writer_open_object(w, key);
	if (is_ip)
		json_writer_plain_member(w, "ip", end->ip);
	if (end->has_port)
		json_writer_uint_member(w, "port", end->port);
	json_writer_close(w, '}');
}

static void
write_inner(struct json_writer *w, const struct format_json_event *e)
{
	const struct event_end *source = &e->event->inner_source;
	const struct event_end *destination = &e->event->inner_destination;

	if (!e->room.secondary || (!format_json_is_ip(source->ip) && !source->has_port &&
				   !format_json_is_ip(destination->ip) && !destination->has_port))
		return;
	json_writer_open_object(w, "inner");
	write_inner_end(w, "source", source);
	write_inner_end(w, "destination", destination);
	json_writer_close(w, '}');
}

static void
write_outer(struct json_writer *w, const struct format_json_event *e)
{
	if (!e->room.secondary || e->event->tunnel == NULL)
		return;
	json_writer_open_object(w, "outer");
	write_inner_end(w, "source", &e->event->outer_source);
	write_inner_end(w, "destination", &e->event->outer_destination);
	format_json_word(w, e, "tunnel", e->event->tunnel);
	json_writer_close(w, '}');
}

static void
write_detail(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	if (event->other_names != 0 && e->room.secondary)
		json_writer_uint_member(w, "other_names", event->other_names);
	write_inner(w, e);
	write_outer(w, e);
	write_tls(w, e);
	if (e->room.secondary)
		format_json_code(w, e, "protocol_category", event->protocol_category);
	format_json_words(w, e, "risks", &event->risks);
}

void
format_json_vigie(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	write_identity(w, e);
	write_severity(w, e);
	write_zone(w, e);
	write_steps(w, e);
	write_names(w, e);
	write_operator(w, e);
	if (is_of_flows(event)) {
		json_writer_uint_member(w, "payload_out", event->payload_out);
		json_writer_uint_member(w, "payload_in", event->payload_in);
	}
	write_detail(w, e);
	format_json_words(w, e, "evidence", &event->evidence);
	format_json_words(w, e, "way_evidence", &event->way_evidence);
	format_json_words(w, e, "disagree", &event->disagree);
	format_json_words(w, e, "flags", &event->flags);
	format_json_text(w, e, "subject", event->subject);
}
