/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts that the lines of flows and of alerts have in common, each written into an object that
 * the caller has open. The rule of absence is kept here: NULL, "" and the words of "unknown" are
 * not written.
 */
#pragma once

#include "classifier/policy/judged_flow.h"
#include "dashboard-export/json_writer.h"

/** Lengths at which the texts of others are cut, as written: a host name may be all escapes of six
 * bytes. */
#define JSON_NAME_MAX_LEN (6 * (DOMAIN_NAME_MAX - 1))
#define JSON_CAPTURE_MAX_LEN 6144
#define JSON_MESSAGE_MAX_LEN 6144
#define JSON_ORGANISATION_MAX_LEN 768
#define JSON_CODE_MAX_LEN 192

/** Codes of all parts together: host, zone, exception; two operators, service, region and its
 * country, tenancy; next protocol, protocol and its category. */
#define JSON_CODES 12

/** The longest texts of all parts together, without keys, numbers and words of ours: three host
 * names, one capture, one message. */
#define JSON_TEXTS_MAX_LEN                                                     \
	(3 * JSON_NAME_MAX_LEN + JSON_CAPTURE_MAX_LEN + JSON_MESSAGE_MAX_LEN + \
	 JSON_ORGANISATION_MAX_LEN + JSON_CODES * JSON_CODE_MAX_LEN)

/** Keys, numbers and words of all parts, with room to spare: some 70 keys of up to 27 bytes, 30
 * numbers of up to 20, every word of evidence twice, every flag and every risk. */
#define JSON_WORDS_MAX_LEN 6144

/** A text that may be NULL or "". */
void json_optional_member(struct json_writer *w, const char *key, const char *text, size_t max_len);

/** `start` (as text, given), `end` and `duration` of `event`. */
void flow_json_times(struct json_writer *w, const struct flow_record *record, const char *start);

/** Whether the flow has a name to show. */
bool flow_json_has_name(const struct judged_flow *flow);

/** Which ends of the record are not to be written. */
struct inner_ends flow_json_hidden_ends(const struct judged_flow *flow);

/** The objects `network`, `source`, `destination` and `tls`. */
void flow_json_wire(struct json_writer *w, const struct judged_flow *flow);

/** Of `vigie`: the file, the flow's id. */
void flow_json_capture(struct json_writer *w, const struct judged_flow *flow);

/** Of `vigie`: inside host, severity, exception, zone, class of the data, direction, network. */
void flow_json_place(struct json_writer *w, const struct judged_flow *flow);

/** Of `vigie`: name, operator, exposure, confidence, shape, payload. */
void flow_json_far_end(struct json_writer *w, const struct judged_flow *flow);

/** Of `vigie`: other names, inner and outer addresses, the second opinion's category and risks. */
void flow_json_detail(struct json_writer *w, const struct judged_flow *flow);

/** Of `vigie`: evidence, what disagrees, flags. */
void flow_json_grounds(struct json_writer *w, const struct judged_flow *flow);
