/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An alert: the flows of one zone, host, operator, service kind, rule and day (domain §1), or a
 * governance finding of one subject and day. A record that owns what it holds, so that it outlives
 * the flows.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classifier/policy/judged_flow.h"
#include "classifier/policy/sentence.h"

/** Hexadecimal digits of event.id: 16 bytes. */
#define ALERT_ID_LEN 32

/** Names kept of one alert; others are counted as "more" together. */
#define ALERT_NAMES_MAX 32

struct alert_name {
	char *name;              /**< or the address, as text, where a flow has no name */
	enum name_source source; /**< NAME_SOURCE_NONE: an address */
	uint64_t up;
};

struct alert {
	char id[ALERT_ID_LEN + 1];
	int32_t day;          /**< policy's calendar */
	bool reached_minimum; /**< before exceptions, the highest of its flows is an alert */
	/* Of the first flow, by its start: its ends. */
	struct flow_record first;
	enum flow_direction direction;
	char *capture;
	/* Of the flow with the highest severity before exceptions; of equals the one that an
	   exception lowers least, so that it hides no other; of these the latest. */
	struct flow_record highest;
	struct ip_address far_end;
	struct origin origin;
	struct attribution attribution;
	struct verdict verdict;
	struct exception_answer exception;
	enum shape shape;
	uint64_t day_limit;
	/* Of all of them. */
	const struct zone *zone; /**< or NULL */
	char *host;              /**< or NULL */
	unsigned flags;          /**< enum judged_flag, or-ed */
	bool hide_inside;
	struct flow_side from_inside, from_outside;
	uint64_t up, down, flows;
	uint64_t start_ns, end_ns;
	struct alert_name *names;
	size_t name_count;
	bool more_names;
	/* A finding has these and nothing of the above but id, day, zone and start_ns. */
	const struct rule_finding *finding;
	char *subject;
	char *finding_message;
};

/** Severity of a flow group or finding, after exceptions. */
enum severity alert_severity(const struct alert *alert);

/** The sentence of the alert with its sums. Returns the length without the NUL. */
size_t
alert_message(const struct alert *alert, const struct rule_book *rules, char out[SENTENCE_MAX]);

/** `rule.name`: the rule book's words with class and exposure, or the finding's. As alert_message.
 */
size_t
alert_rule_name(const struct alert *alert, const struct rule_book *rules, char out[SENTENCE_MAX]);

/** The rule's id. */
static inline const char *
alert_rule_id(const struct alert *alert)
{
	return alert->finding != NULL ? alert->finding->id : alert->verdict.rule_id;
}

/** The name, or address, that got most; of equals the first by letters. NULL where there is none.
 */
const struct alert_name *alert_largest_name(const struct alert *alert);

/** Room for every alert as JSON. */
#define ALERT_JSON_MAX 40960

/**
 * Writes the alert as one line of JSON in the shape of the flow records with `event.kind` `alert`
 * (design §4) and returns its length; no NUL is written.
 */
size_t alert_json_format(const struct alert *alert, const struct rule_book *rules, char *out);
