/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Class 2006, Data Security Finding, of alerts and findings; class 2004, Detection Finding, of what
 * the sensor says about itself, which is no finding about data. 2006 has the two ends, but nothing
 * else of the wire: that stands in `unmapped`, in the shapes which class 4001 has for it.
 */
#include "dashboard-export/formats/format_ocsf.h"

/* Ids of the schema's enumerations. */
#define STATUS_NEW 1
#define STATUS_SUPPRESSED 3
#define ACTION_ALLOWED 1
#define DISPOSITION_DETECTED 15
#define DISPOSITION_LOGGED 17
#define ANALYTIC_RULE 1
#define DATA_IN_TRANSIT 2
#define DLP_GATEWAY 2

/* What data of a class is, in the schema's words (docs/formats-json.md). */
struct classification {
	const char *data_class;
	unsigned category, confidentiality;
};

static const struct classification classifications[] = {
	{"public", 99, 1},
	{"internal", 4, 5},
	{"personal", 1, 5},
	{"economic-secret", 4, 2},
	{"state-business-application", 2, 2},
	{"health", 1, 2},
	{"diffusion-restreinte", 2, 6},
	{"secret", 2, 3},
};

static const struct classification *
find_classification(const char *data_class)
{
	for (size_t i = 0; i < sizeof(classifications) / sizeof(*classifications); i++)
		if (format_json_is(data_class, classifications[i].data_class))
			return &classifications[i];
	return NULL;
}

static void
write_policy(struct json_writer *w, const struct format_json_event *e)
{
	if (e->context->policy == NULL || e->context->policy[0] == '\0' || !e->room.secondary)
		return;
	json_writer_open_object(w, "policy");
	format_json_name(w, e, "name", e->context->policy);
	if (e->context->policy_version != 0)
		format_json_number_text(w, "version", e->context->policy_version);
	json_writer_close(w, '}');
}

static void
write_data_security(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;
	const struct classification *found = find_classification(event->data_class);

	json_writer_open_object(w, "data_security");
	json_writer_uint_member(w, "category_id", found != NULL ? found->category : 0);
	/* The schema's word for 99 is the source's own. */
	if (found != NULL && found->category == 99)
		format_json_word(w, e, "category", event->data_class);
	if (found != NULL)
		json_writer_uint_member(w, "confidentiality_id", found->confidentiality);
	if (event->class == EVENT_CLASS_ALERT)
		json_writer_uint_member(w, "data_lifecycle_state_id", DATA_IN_TRANSIT);
	json_writer_uint_member(w, "detection_system_id", DLP_GATEWAY);
	if (e->room.secondary)
		format_json_code(w, e, "detection_pattern", event->rule_id);
	write_policy(w, e);
	json_writer_close(w, '}');
}

static void
write_analytic(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	json_writer_open_object(w, "analytic");
	json_writer_uint_member(w, "type_id", ANALYTIC_RULE);
	format_json_code(w, e, "uid", event->rule_id);
	if (e->room.lists)
		format_json_text(w, e, "name", event->rule_name);
	json_writer_plain_member(w, "category", format_json_rule_category(event));
	if (e->context->policy_version != 0)
		format_json_number_text(w, "version", e->context->policy_version);
	json_writer_close(w, '}');
}

static void
write_attacks(struct json_writer *w, const struct format_json_event *e)
{
	if (!e->room.secondary || event_technique(e->event) == NULL)
		return;
	format_json_raw(w, "attacks",
			"[{\"tactic\":{\"uid\":\"TA0010\",\"name\":\"Exfiltration\"},"
			"\"technique\":{\"uid\":\"T1567\","
			"\"name\":\"Exfiltration Over Web Service\"},"
			"\"sub_technique\":{\"uid\":\"T1567.002\","
			"\"name\":\"Exfiltration to Cloud Storage\"}}]");
}

/* An alert that is told again keeps its uid; which telling it is stands in `metadata`. */
static void
write_finding_info(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	json_writer_open_object(w, "finding_info");
	format_json_code(w, e, "uid", event->id);
	format_json_text(w, e, "title", event->rule_name);
	if (e->room.lists)
		format_json_text(w, e, "desc", event->message);
	json_writer_open_array(w, "types");
	json_writer_plain(w, format_json_rule_category(event),
			  strlen(format_json_rule_category(event)));
	json_writer_close(w, ']');
	write_analytic(w, e);
	if (e->room.secondary) {
		ocsf_time(w, "created_time", event_told_ns(event));
		ocsf_time(w, "first_seen_time", event->start_ns);
		ocsf_time(w, "last_seen_time", event->end_ns);
	}
	write_attacks(w, e);
	json_writer_close(w, '}');
}

static void
write_confidence(struct json_writer *w, const char *confidence)
{
	static const char *const words[] = {"low", "medium", "high"};

	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (format_json_is(confidence, words[i]))
			json_writer_uint_member(w, "confidence_id", i + 1);
}

/* An exception is the review that the schema has in mind: somebody decided it, with a reason. */
static void
write_status(struct json_writer *w, const struct event *event)
{
	bool lowered = format_json_is_lowered(event);

	json_writer_uint_member(w, "status_id", lowered ? STATUS_SUPPRESSED : STATUS_NEW);
	json_writer_plain_member(w, "status", lowered ? "Suppressed" : "New");
	json_writer_bool_member(w, "is_alert",
				!lowered && !event->test && event->has_severity &&
					event->severity > SEVERITY_INFORMATIONAL);
	if (event->has_severity) {
		json_writer_uint_member(w, "risk_level_id", event->severity);
		json_writer_uint_member(w, "risk_score", severity_risk_score(event->severity));
	}
	write_confidence(w, event->confidence);
}

/* Nothing is ever held up. */
static void
write_disposition(struct json_writer *w, const struct event *event)
{
	bool lowered = format_json_is_lowered(event);

	json_writer_uint_member(w, "action_id", ACTION_ALLOWED);
	json_writer_uint_member(w, "disposition_id",
				lowered ? DISPOSITION_LOGGED : DISPOSITION_DETECTED);
}

/* The service at the far end, by its id, or else its operator. */
static void
write_resource(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;
	const char *name = event->service != NULL ? event->service : event->operator_id;

	if (name == NULL || !e->room.lists)
		return;
	json_writer_open_array(w, "resources");
	json_writer_open(w, '{');
	format_json_name(w, e, "name", name);
	format_json_word(w, e, "type", event->service_kind);
	format_json_code(w, e, "region", event->region);
	format_json_name(w, e, "hostname", event->domain);
	json_writer_open_object(w, "data");
	format_json_code(w, e, "operator", event->operator_id);
	format_json_code(w, e, "host_operator", event->host_operator);
	format_json_word(w, e, "exposure", event->exposure);
	format_json_word(w, e, "region_country", event->region_country);
	json_writer_close(w, '}');
	json_writer_close(w, '}');
	json_writer_close(w, ']');
}

static void
write_unmapped(struct json_writer *w, const struct format_json_event *e)
{
	const struct event *event = e->event;

	json_writer_open_object(w, "unmapped");
	if (ocsf_has_wire(event) && e->room.secondary) {
		ocsf_connection(w, e);
		ocsf_traffic(w, event, "traffic");
		format_json_word(w, e, "app_protocol_name", event->protocol);
		format_json_word(w, e, "inner_vlan_uid", event->inner_vlan_id);
		ocsf_ja4(w, e);
	}
	ocsf_tls(w, e);
	json_writer_open_object(w, "vigie");
	format_json_vigie(w, e);
	json_writer_close(w, '}');
	json_writer_close(w, '}');
}

static void
write_data_finding(struct json_writer *w, const struct format_json_event *e)
{
	static const struct ocsf_class data_security_finding = {
		.category = 2,
		.class = 2006,
		.activity = 1,
		.category_name = "Findings",
		.class_name = "Data Security Finding",
		.activity_name = "Create",
	};
	const struct event *event = e->event;

	ocsf_base(w, e, &data_security_finding, "[\"security_control\"]");
	if (event->flows != 0)
		json_writer_uint_member(w, "count", event->flows);
	write_disposition(w, event);
	write_data_security(w, e);
	if (ocsf_has_wire(event))
		ocsf_endpoints(w, e);
	write_resource(w, e);
	ocsf_observables(w, e);
}

static void
write_sensor_finding(struct json_writer *w, const struct format_json_event *e)
{
	static const struct ocsf_class detection_finding = {
		.category = 2,
		.class = 2004,
		.activity = 1,
		.category_name = "Findings",
		.class_name = "Detection Finding",
		.activity_name = "Create",
	};

	ocsf_base(w, e, &detection_finding, NULL);
}

void
ocsf_finding(struct json_writer *w, const struct format_json_event *e)
{
	if (e->event->class == EVENT_CLASS_SENSOR)
		write_sensor_finding(w, e);
	else
		write_data_finding(w, e);
	write_finding_info(w, e);
	write_status(w, e->event);
	write_unmapped(w, e);
}
