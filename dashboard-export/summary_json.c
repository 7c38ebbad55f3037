/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The summary for a program; README.md of this folder lists the keys. What is not known is left
 * out, but figures are always there, zero or not.
 */
#include "base/time_zone.h"
#include "base/utf8.h"
#include "dashboard-export/summary_state.h"

#include <inttypes.h>
#include <jansson.h>

/* Room for any text of a row, each byte of it replaced. */
#define CLEAN_MAX 640

static void
set_count(json_t *object, const char *key, uint64_t count)
{
	json_int_t value = count > INT64_MAX ? INT64_MAX : (json_int_t)count;

	(void)json_object_set_new(object, key, json_integer(value));
}

/* Texts of databases and catalogue may hold anything; jansson refuses what is no UTF-8. */
static void
set_text(json_t *object, const char *key, const char *text)
{
	char clean[CLEAN_MAX];

	if (text[0] == '\0')
		return;
	(void)utf8_copy_clean(text, clean, sizeof(clean));
	(void)json_object_set_new(object, key, json_string(clean));
}

/* A share of 0 to 1 in steps of 0.0001; left out where the whole is 0. */
static void
set_share(json_t *object, const char *key, uint64_t part, uint64_t whole)
{
	if (whole == 0)
		return;
	double steps = (double)(uint64_t)(10000.0 * (double)part / (double)whole + 0.5);
	(void)json_object_set_new(object, key, json_real(steps / 10000.0));
}

static json_t *
add_object(json_t *parent, const char *key)
{
	json_t *object = json_object();

	(void)json_object_set_new(parent, key, object);
	return object;
}

static json_t *
add_array(json_t *parent, const char *key)
{
	json_t *array = json_array();

	(void)json_object_set_new(parent, key, array);
	return array;
}

static json_t *
append_object(json_t *array)
{
	json_t *object = json_object();

	(void)json_array_append_new(array, object);
	return object;
}

static void
set_sums(json_t *object, const struct summary_sums *sums)
{
	set_count(object, "up", sums->up);
	set_count(object, "down", sums->down);
	set_count(object, "flows", sums->flows);
}

static void
add_counters(json_t *parent, const char *key, const struct summary_counters *counters)
{
	json_t *array = add_array(parent, key);

	for (size_t i = 0; i < counters->used; i++) {
		json_t *counter = append_object(array);
		set_text(counter, "reason", counters->names[i]);
		set_count(counter, "count", counters->counts[i]);
	}
}

static void
add_coverage(json_t *root, const struct summary *s)
{
	json_t *captures = add_object(root, "captures");
	json_t *packets = add_object(root, "packets");

	set_count(captures, "read", s->captures);
	set_count(captures, "damaged", s->captures_damaged);
	set_count(captures, "passed_over", s->passed_over);

	set_count(packets, "seen", s->packets_in);
	set_count(packets, "wire_bytes", s->bytes_in);
	set_count(packets, "in_flows", s->packets_tracked);
	set_count(packets, "refused", s->refused.total);
	add_counters(packets, "refused_by_reason", &s->refused);
	add_counters(packets, "noted", &s->notes);
	(void)json_object_set_new(root, "lower_bound",
				  json_boolean(s->refused.total > 0 || s->captures_damaged > 0));
}

static void
add_flows(json_t *root, const struct summary *s)
{
	json_t *flows = add_object(root, "flows");

	for (unsigned i = 0; i <= FLOW_DIRECTION_TRANSIT; i++) {
		const struct summary_direction *d = &s->directions[i];
		json_t *object = add_object(flows, flow_direction_text((enum flow_direction)i));
		set_sums(object, &d->payload);
		set_count(object, "packets", d->packets);
		set_count(object, "ip_bytes", d->ip_bytes);
	}
}

/* A part of flows, with its shares of all of them. */
static void
add_part(json_t *parent, const char *key, const struct summary_sums *part,
	 const struct summary_sums *all)
{
	json_t *object = add_object(parent, key);

	set_sums(object, part);
	set_share(object, "flow_share", part->flows, all->flows);
	set_share(object, "byte_share", part->up + part->down, all->up + all->down);
}

static void
add_namings(json_t *root, const char *key, const struct summary_sums namings[SUMMARY_NAMING_COUNT])
{
	static const char *const keys[SUMMARY_NAMING_COUNT] = {
		[SUMMARY_NAMED] = "named",
		[SUMMARY_OUTER_ONLY] = "outer_name_only",
		[SUMMARY_ADDRESS_ONLY] = "address_only",
		[SUMMARY_UNNAMED] = "unnamed",
	};
	json_t *names = add_object(root, key);
	struct summary_sums all = {0};

	for (unsigned i = 0; i < SUMMARY_NAMING_COUNT; i++)
		summary_sums_add(&all, &namings[i]);
	for (unsigned i = 0; i < SUMMARY_NAMING_COUNT; i++)
		add_part(names, keys[i], &namings[i], &all);
}

static void
add_names(json_t *root, const struct summary *s)
{
	const struct summary_sums *egress = &s->directions[FLOW_DIRECTION_EGRESS].payload;

	add_namings(root, "egress_names", s->namings);
	add_namings(root, "egress_names_tls_quic_http", s->web_namings);
	add_part(root, "operator_told_by_address", &s->told_by_address, egress);
	add_part(root, "operator_unknown", &s->operator_unknown, egress);
}

static void
add_exposure(json_t *root, const struct summary *s)
{
	struct summary_sums all = summary_crossing(s);
	struct summary_sums us = summary_under_us_law(s);
	json_t *classes = add_array(root, "exposure");
	json_t *us_law = add_object(root, "under_us_law");

	for (unsigned i = EXPOSURE_COUNT; i > 0; i--) {
		enum exposure class = (enum exposure)(i - 1);
		json_t *object = append_object(classes);
		set_text(object, "class", exposure_text(class));
		set_text(object, "code", exposure_code(class));
		set_sums(object, &s->exposures[class]);
		set_share(object, "up_share", s->exposures[class].up, all.up);
	}
	set_sums(us_law, &us);
	set_share(us_law, "up_share", us.up, all.up);
}

static void
add_rest(json_t *root, const char *key, const struct summary_rest *rest,
	 const struct summary_sums *beyond)
{
	json_t *object = add_object(root, key);

	set_count(object, "rows", rest->rows);
	set_sums(object, &rest->sums);
	set_count(object, "flows_beyond_rows", beyond->flows);
}

static void
add_zones(json_t *root, const struct summary *s)
{
	const void *top[SUMMARY_TOP_ZONES];
	struct summary_rest rest;
	size_t count = summary_top_zones(s, top, SUMMARY_TOP_ZONES, &rest);
	json_t *array = add_array(root, "zones");

	for (size_t i = 0; i < count; i++) {
		const struct summary_zone *row = top[i];
		json_t *object = append_object(array);
		set_text(object, "zone", row->id);
		set_text(object, "class", data_class_text(row->data_class));
		set_count(object, "hosts", row->hosts);
		set_sums(object, &row->sums);
		if (row->judged)
			set_text(object, "worst_severity", severity_text(row->worst));
	}
	add_rest(root, "zones_rest", &rest, &s->zones.beyond);
	(void)json_object_set_new(root, "hosts_lower_bound", json_boolean(s->zones.hosts_beyond));
}

static void
add_alert(json_t *array, const struct summary_alert *alert)
{
	json_t *object = append_object(array);
	char text[SENTENCE_MAX];

	time_zone_format_day(alert->day, text);
	set_text(object, "id", alert->id);
	set_text(object, "severity", severity_text(alert->severity));
	set_text(object, "rule", alert->rule_id);
	set_text(object, "day", text);
	if (alert->zone != NULL)
		set_text(object, "zone", alert->zone);
	(void)utf8_copy_clean(alert->message, text, sizeof(text));
	(void)json_object_set_new(object, "message", json_string(text));
}

static void
add_alerts(json_t *root, const struct summary *s)
{
	const struct summary_alerts *alerts = &s->alerts;
	json_t *object = add_object(root, "alerts");

	for (unsigned i = SEVERITY_COUNT; i > 0; i--)
		set_count(object, severity_text(i - 1), alerts->counts[i - 1]);
	json_t *list = add_array(object, "list");
	for (size_t i = 0; i < alerts->kept_count; i++)
		add_alert(list, alerts->kept[i]);
	set_count(object, "not_listed", summary_alerts_total(alerts) - alerts->kept_count);
}

static void
add_operator(json_t *array, const struct summary_operator *row)
{
	json_t *object = append_object(array);

	set_text(object, "operator", row->operator_id);
	set_text(object, "operator_name", row->operator_name);
	set_text(object, "control_country", row->control_country);
	set_text(object, "service", row->service_id);
	set_text(object, "service_name", row->service_name);
	set_text(object, "service_kind", row->service_kind);
	set_text(object, "host_operator", row->host_id);
	set_text(object, "exposure", exposure_text(row->exposure));
	set_sums(object, &row->sums);
	json_t *evidence = add_array(object, "evidence");
	for (unsigned i = 0; i < EVIDENCE_COUNT; i++) {
		if ((row->evidence & 1u << i) != 0)
			(void)json_array_append_new(
				evidence, json_string(evidence_text((enum evidence)(1u << i))));
	}
}

static void
add_operators(json_t *root, const struct summary *s)
{
	const void *top[SUMMARY_TOP_OPERATORS];
	struct summary_rest rest;
	size_t count = summary_top_operators(s, top, SUMMARY_TOP_OPERATORS, &rest);
	json_t *array = add_array(root, "operators");

	for (size_t i = 0; i < count; i++)
		add_operator(array, top[i]);
	add_rest(root, "operators_rest", &rest, &s->operators_beyond);
}

static void
add_texts(json_t *parent, const char *key, const char *const *texts, size_t count)
{
	json_t *array = add_array(parent, key);

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(array, json_string(texts[i]));
}

static void
add_sources(json_t *root, const struct summary *s, const void *const *rows, size_t count)
{
	json_t *object = add_object(root, "sources");
	struct summary_shown_sources sources;

	summary_find_sources(s, rows, count, &sources);
	add_texts(object, "as_number", sources.asn, sources.asn_count);
	add_texts(object, "country", sources.country, sources.country_count);
}

static void
add_destinations(json_t *root, const struct summary *s)
{
	const void *top[SUMMARY_TOP_DESTINATIONS];
	struct summary_rest rest;
	size_t count = summary_top_destinations(s, top, SUMMARY_TOP_DESTINATIONS, &rest);
	json_t *array = add_array(root, "unnamed_destinations");

	for (size_t i = 0; i < count; i++) {
		const struct summary_destination *row = top[i];
		json_t *object = append_object(array);
		char address[IP_ADDRESS_TEXT_MAX];
		(void)ip_address_format(&row->address, address);
		set_text(object, "ip", address);
		if (row->asn != 0)
			set_count(object, "as_number", row->asn);
		set_text(object, "as_organization", row->as_org);
		set_text(object, "country", row->country);
		set_sums(object, &row->sums);
	}
	add_rest(root, "unnamed_destinations_rest", &rest, &s->destinations_beyond);
	add_sources(root, s, top, count);
}

void
summary_write_json(const struct summary *summary, FILE *out)
{
	json_t *root = json_object();
	char *text;

	add_coverage(root, summary);
	add_flows(root, summary);
	add_names(root, summary);
	add_alerts(root, summary);
	add_exposure(root, summary);
	add_zones(root, summary);
	add_operators(root, summary);
	add_destinations(root, summary);
	/*
	 * jansson takes NULL for any value and passes it on, so this is where a failed allocation
	 * shows.
	 */
	text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	if (text != NULL)
		fprintf(out, "%s\n", text);
	free(text);
	json_decref(root);
}
