/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An alert: the flows of one zone, host, operator, service kind, rule and day (domain §1), or a
 * governance finding of one subject and day. A record that owns what it holds, so that it outlives
 * the flows. What is asked of it here is asked of those that reached the minimum alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classifier/policy/judged_flow.h"
#include "classifier/policy/sentence.h"

/** Hexadecimal digits of event.id: 16 bytes. */
#define ALERT_ID_LEN 32

/** Names kept of one alert, the largest ones; that there were others is noticed. */
#define ALERT_NAMES_MAX 32

/** Exceptions kept of those that cover flows of one alert. */
#define ALERT_COVERS_MAX 8

struct alert_name {
	char *name;              /**< or the address, as text, where a flow shows no name */
	enum name_source source; /**< NAME_SOURCE_NONE: an address */
	uint64_t up;             /**< since the name is kept */
	uint64_t missed;         /**< at most so much more before */
};

/** What was judged of one flow, kept longer than the flow. */
struct alert_judgement {
	uint64_t start_ns;
	uint64_t flow_id;
	struct ip_address far_end;
	struct origin origin; /**< of `far_end`; empty where that is in a tunnel that alone leads
				 over the border */
	struct attribution attribution;
	struct verdict verdict;
	struct exception_answer exception;
	enum shape shape;
	uint64_t day_limit;
	char *name;  /**< owned; as alert_name */
	uint64_t up; /**< of this flow */
};

struct alert_room;

struct alert {
	struct alert_room *room;   /**< borrowed, or NULL; "owned" below is in it, or allocated */
	char id[ALERT_ID_LEN + 1]; /**< "" as long as it has not reached the minimum */
	int32_t day;               /**< policy's calendar */
	enum severity minimum;     /**< a flow below it, before exceptions, makes no alert */
	/* Of the first flow, by its start: its ends. */
	struct flow_record *first; /**< owned, of flow_record_len; NULL: a finding */
	struct inner_ends first_inner;
	bool first_by_tunnel; /**< a tunnel alone leads it over the border */
	bool first_is_outer;  /**< its name is the one in front of an encrypted ClientHello */
	enum flow_direction direction;
	char *capture;
	/**
	 * Of the flow with the highest severity after exceptions, so that one that is covered hides
	 * no other; of equals the highest before exceptions; of these the latest. Owned; NULL as
	 * long as no flow has reached the minimum, as most groups never do, and for a finding.
	 */
	struct alert_judgement *highest;
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
	bool more_names;           /**< some were dropped */
	struct sentence_form form; /**< of all flows, unless `forms_differ` */
	bool forms_differ;
	char region[sizeof(((struct attribution *)0)->region)]; /**< of all, unless ... */
	bool regions_differ;
	struct sentence_cover *covers; /**< exceptions that cover flows, and how much */
	size_t cover_count;
	bool uncovered; /**< some flow is covered by none of these */
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
	return alert->finding != NULL ? alert->finding->id : alert->highest->verdict.rule_id;
}

/** The name, or address, that got most; of equals the first by letters. NULL where there is none.
 */
const struct alert_name *alert_largest_name(const struct alert *alert);

/** The highest flow's attribution, without what does not hold for all flows: the region. Not for a
 * finding. */
struct attribution alert_attribution(const struct alert *alert);

/**
 * Exceptions that cover a part of the flows, most bytes first, and returns how many; 0 where one
 * covers all flows or none covers any.
 */
size_t alert_covers(const struct alert *alert, struct sentence_cover out[ALERT_COVERS_MAX]);

/** Room for every alert as JSON. */
#define ALERT_JSON_MAX 40960

/**
 * Writes the alert as one line of JSON in the shape of the flow records with `event.kind` `alert`
 * (design §4) and returns its length; no NUL is written.
 */
size_t alert_json_format(const struct alert *alert, const struct rule_book *rules, char *out);
