/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is told to others of one alert, finding, note of the sensor about itself, or flow: one model
 * for every format. It is read out of the line of JSON that the journal keeps (docs/records.md), so
 * that what a receiver gets is what an auditor finds. Texts are UTF-8 without NUL, NULL where the
 * line has none; they may hold any other character, and each format escapes what it must.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "classifier/policy/severity.h"

#define EVENT_STEPS_MAX 16
#define EVENT_WORDS_MAX 48

/** Longest line that is read, without its end. */
#define EVENT_LINE_MAX 65536

enum event_class {
	EVENT_CLASS_FLOW,    /**< `event.kind` is `event` */
	EVENT_CLASS_ALERT,   /**< flows of one zone, host, operator, kind, rule and day */
	EVENT_CLASS_FINDING, /**< rule `GOV-...`: no flow, no source, no destination */
	EVENT_CLASS_SENSOR,  /**< rule `SYS-...`: the sensor about itself */
};

/** Words of one array. */
struct event_words {
	const char *words[EVENT_WORDS_MAX];
	size_t count;
};

/** A change of severity on the way to the verdict. */
struct event_step {
	const char *step, *before, *after;
};

/** One end of a flow. */
struct event_end {
	const char *ip; /**< NULL: hidden */
	uint16_t port;
	bool has_port;
	bool has_counts;         /**< bytes and packets are there */
	uint64_t bytes, packets; /**< sent by this end; bytes are IP lengths */
	/* Of the far end alone: the network that its address belongs to. */
	uint64_t as_number; /**< 0: not known */
	const char *as_organization, *country;
};

struct event {
	enum event_class class;
	bool test; /**< made by `vigie sink test`: nothing happened */
	/** Row of the journal and when it was written, set by whoever read it there; 0: none. */
	uint64_t sequence, recorded_ns;
	const char *id;                          /**< `event.id`; of a flow `vigie.flow_id` */
	uint64_t timestamp_ns, start_ns, end_ns; /**< since 1970 UTC */
	uint64_t duration_ns;
	bool has_severity; /**< always of alerts; of flows where they were judged */
	/** The same, where no exception changed it. */
	enum severity severity, severity_before_exception;
	const char *rule_id, *rule_name, *message;
	/* The wire. */
	const char *transport, *type, *protocol, *community_id;
	const char *vlan_id, *inner_vlan_id;
	bool has_counts; /**< bytes and packets of both directions */
	uint64_t bytes, packets;
	struct event_end source, destination;
	const char *domain; /**< `destination.domain` */
	const char *tls_version, *tls_server_name, *tls_ja4, *tls_next_protocol;
	bool tls_resumed;
	/** Ends that a PROXY header gave, or what a proxy was asked for; no counts, no network. */
	struct event_end inner_source, inner_destination;
	struct event_end outer_source, outer_destination; /**< of a tunnel; addresses only */
	const char *tunnel;
	/* The members of `vigie` of the same name. */
	const char *capture, *flow_id, *day, *host, *exception, *zone, *zone_owner, *data_class;
	const char *direction, *name, *name_source, *evidence_name, *operator_id, *host_operator;
	const char *service, *service_kind, *region, *region_country, *tenancy;
	const char *exposure, *confidence, *shape, *subject, *protocol_category;
	uint64_t other_names; /**< further requests to other hosts; 0: none */
	uint64_t flows;       /**< of the alert; 0: absent */
	uint64_t vni;
	bool has_vni;
	uint64_t flow_seq; /**< `seq` of a flow's record */
	bool final;        /**< of a flow: no further record follows */
	uint64_t payload_out, payload_in;
	struct event_words evidence, way_evidence, disagree, flags, risks, names,
		exceptions_of_part, exceptions_ended;
	bool more_names;
	struct event_step steps[EVENT_STEPS_MAX];
	size_t step_count;
};

/**
 * Reads one line of JSON, without its end, into `out`, which is wholly overwritten; its texts are
 * put into `arena`. Unknown members are passed over. A NUL in a text becomes U+FFFD. Times that are
 * absent are 0. Returns 0; -EINVAL where it is no JSON, no event of ours - an alert has an id of 32
 * hexadecimal digits, a rule, a sentence and a severity - or a member has the wrong kind: `why`
 * says which, clean for a terminal; -ENOMEM. `out` is of use after 0 alone.
 */
int
event_parse(const char *line, size_t len, struct arena *arena, struct event *out, char why[256]);

/**
 * Makes every text fit for a terminal: characters that drive it and marks of writing direction
 * become U+FFFD. Texts that change are put into `arena`. Returns 0, or -ENOMEM with some changed.
 */
int event_clean(struct event *event, struct arena *arena);

/** When it was: its latest packet, else its start; 0: not known. */
uint64_t event_time_ns(const struct event *event);

/** When it was told: written to the journal, else event_time_ns; 0: not known. */
uint64_t event_told_ns(const struct event *event);

/**
 * Id of the technique of MITRE ATT&CK whose form the traffic has, or NULL. There is one, T1567.002
 * (Exfiltration to Cloud Storage): of an alert of an export to object storage or file sharing
 * outside. It says nothing of anybody's intent.
 */
const char *event_technique(const struct event *event);
