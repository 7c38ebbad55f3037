/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the Open Cybersecurity Schema Framework, version 1.7.0, that its classes have in
 * common: what every event carries, and the objects of the wire. For the files format_ocsf*.c.
 */
#pragma once

#include "dashboard-export/formats/format_json.h"

/** A class of the schema with the one activity of it that is told. */
struct ocsf_class {
	unsigned category, class, activity;
	const char *category_name, *class_name, *activity_name;
};

/**
 * The attributes of every event: classification, severity, times, message and metadata. `profiles`
 * is a JSON array or NULL.
 */
void ocsf_base(struct json_writer *w, const struct format_json_event *e,
	       const struct ocsf_class *class, const char *profiles);

/** `start_time`, `end_time` and `duration`, in milliseconds. */
void ocsf_period(struct json_writer *w, const struct event *event);

/** A time in milliseconds since 1970. */
void ocsf_time(struct json_writer *w, const char *key, uint64_t time_ns);

/**
 * `src_endpoint` and `dst_endpoint`, each where something identifies it; where nothing does, one of
 * the two stands under the name "hidden", since the schema wants one.
 */
void ocsf_endpoints(struct json_writer *w, const struct format_json_event *e);

/** `connection_info`; always there. */
void ocsf_connection(struct json_writer *w, const struct format_json_event *e);

/** Bytes and packets under `key`, where they are known. */
void ocsf_traffic(struct json_writer *w, const struct event *event, const char *key);

/** Whether the object `tls` may stand in an event: the schema wants a version in it. */
bool ocsf_has_tls(const struct event *event);

/** `tls`, with what is known. */
void ocsf_tls(struct json_writer *w, const struct format_json_event *e);

/** `ja4_fingerprint_list`, where there is one. */
void ocsf_ja4(struct json_writer *w, const struct format_json_event *e);

/** `observables`: addresses and names, each with the attribute where it stands. */
void ocsf_observables(struct json_writer *w, const struct format_json_event *e);

/** Whether the event has anything of the wire. */
bool ocsf_has_wire(const struct event *event);

/** What a finding (2006, 2004) says. */
void ocsf_finding(struct json_writer *w, const struct format_json_event *e);

/** What a flow (4001) says. */
void ocsf_network(struct json_writer *w, const struct format_json_event *e);
