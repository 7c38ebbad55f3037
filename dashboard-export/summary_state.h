/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a summary has counted, shared by the file that counts (summary.c) and the two that print;
 * nobody else includes it. Bytes are transport payload unless the name says otherwise.
 */
#pragma once

#include "dashboard-export/key_index.h"
#include "dashboard-export/summary.h"

/** Different rows kept for each of the two tables; flows of later keys are summed as one. */
#define SUMMARY_KEYS_MAX 65536

/** Zones kept; there are as many as the settings name. */
#define SUMMARY_ZONES_MAX 8192

/** Alerts kept with their sentence, the most severe ones; others are counted. */
#define SUMMARY_ALERTS_KEPT 256

/** Rows of the tables that are printed. */
#define SUMMARY_TOP_OPERATORS 15
#define SUMMARY_TOP_DESTINATIONS 10
#define SUMMARY_TOP_ZONES 15

/** Different counters kept; there are some dozen reasons in the program. */
#define SUMMARY_COUNTERS_MAX 64
#define SUMMARY_COUNTER_NAME_MAX 48

struct summary_sums {
	uint64_t flows;
	uint64_t up;   /**< leaves the inside */
	uint64_t down; /**< comes in */
};

/** What is known of the names of egress flows. */
enum summary_naming {
	SUMMARY_NAMED,        /**< a host name */
	SUMMARY_OUTER_ONLY,   /**< the public one in front of an encrypted ClientHello (ECH) */
	SUMMARY_ADDRESS_ONLY, /**< the client asked for an address: Host or server name is a literal
			       */
	SUMMARY_UNNAMED,
	SUMMARY_NAMING_COUNT,
};

struct summary_direction {
	struct summary_sums
		payload; /**< up is what the initiator sent, where neither side is the inside */
	uint64_t packets;
	uint64_t ip_bytes;
};

/** One operator, service and class; texts point into the key, "" where there is none. */
struct summary_operator {
	struct summary_sums sums; /**< first, as in every row that is ranked */
	const char *operator_id;  /**< "" : not in the catalogue */
	const char *operator_name;
	const char *control_country;
	const char *service_id;
	const char *service_name;
	const char *service_kind; /**< known of many names that tell no service */
	const char *host_id;      /**< who runs the address, where that is another operator */
	const char *host_name;
	enum exposure exposure;
	unsigned evidence; /**< of any of its flows, enum evidence */
};

/** Different databases that rows may rest on, and room for the name of one (a longer one is cut).
 */
#define SUMMARY_SOURCES_MAX 16
#define SUMMARY_SOURCE_TEXT_MAX 192

/** Names of databases; a row holds the number of its own, 0 for none, 1 for the first. */
struct summary_sources {
	char texts[SUMMARY_SOURCES_MAX][SUMMARY_SOURCE_TEXT_MAX];
	uint8_t used;
};

/** One far end of egress flows without a host name; texts point into the key. */
struct summary_destination {
	struct summary_sums sums; /**< first, as in every row that is ranked */
	struct ip_address address;
	uint32_t asn;
	const char *as_org;
	const char *country;
	uint8_t asn_source; /**< numbers of summary_sources */
	uint8_t country_source;
};

struct summary_counters {
	char names[SUMMARY_COUNTERS_MAX][SUMMARY_COUNTER_NAME_MAX];
	uint64_t counts[SUMMARY_COUNTERS_MAX];
	size_t used;
	uint64_t total; /**< also of those that found no room */
};

/** What a zone sent and received over the border; texts point into the key. */
struct summary_zone {
	struct summary_sums sums; /**< first, as in every row that is ranked */
	const char *id;
	enum data_class data_class;
	enum severity worst; /**< of its flows, after exceptions */
	bool judged;         /**< any of them has a verdict */
	uint64_t hosts;
};

/** Zones and the hosts seen in them. */
struct summary_zones {
	struct key_index *keys;
	struct summary_zone *rows;   /**< by number of the key */
	struct summary_sums beyond;  /**< found no room */
	struct key_index *host_keys; /**< zone and pseudonym */
	bool hosts_beyond;           /**< hosts found no room: their numbers are lower bounds */
};

/** One alert with its sentence; owned. */
struct summary_alert {
	enum severity severity;
	uint64_t time_ns;
	int32_t day;
	char id[ALERT_ID_LEN + 1];
	char rule_id[32]; /**< longer ones are cut */
	char *zone;       /**< id, or NULL */
	char *message;
};

struct summary_alerts {
	enum severity minimum;
	uint64_t counts[SEVERITY_COUNT];
	struct key_index *ids;
	uint8_t *severities;                             /**< told last, by number of the id */
	struct summary_alert *kept[SUMMARY_ALERTS_KEPT]; /**< most severe first */
	size_t kept_count;
};

struct summary {
	uint64_t captures;
	uint64_t captures_damaged;
	uint64_t passed_over;

	uint64_t packets_in;
	uint64_t bytes_in;
	uint64_t packets_tracked;
	struct summary_counters refused;
	struct summary_counters notes;

	struct summary_direction directions[FLOW_DIRECTION_TRANSIT + 1];
	struct summary_sums namings[SUMMARY_NAMING_COUNT]; /**< egress */
	/** The same of TLS, QUIC and HTTP, which tell a name as a rule. */
	struct summary_sums web_namings[SUMMARY_NAMING_COUNT];
	struct summary_sums
		told_by_address; /**< egress, no host name, operator known all the same */
	struct summary_sums operator_unknown;          /**< egress */
	struct summary_sums exposures[EXPOSURE_COUNT]; /**< egress and ingress */

	struct key_index *operator_keys;
	struct summary_operator *operators;   /**< by number of the key */
	struct summary_sums operators_beyond; /**< found no room */
	struct key_index *destination_keys;
	struct summary_destination *destinations;
	struct summary_sums destinations_beyond;
	struct summary_sources sources;
	struct summary_zones zones;
	struct summary_alerts alerts;
};

/** What a printed table leaves out. */
struct summary_rest {
	size_t rows;              /**< without those that found no room */
	struct summary_sums sums; /**< with them */
};

/** The databases that the rows of a table rest on, in the order of their names; borrowed. */
struct summary_shown_sources {
	const char *asn[SUMMARY_SOURCES_MAX];
	size_t asn_count;
	const char *country[SUMMARY_SOURCES_MAX];
	size_t country_count;
};

/** Sum of two sums. */
static inline void
summary_sums_add(struct summary_sums *to, const struct summary_sums *more)
{
	to->flows += more->flows;
	to->up += more->up;
	to->down += more->down;
}

/** All egress and ingress flows: what exposure is a share of. */
struct summary_sums summary_crossing(const struct summary *summary);

/** The sums of the classes that US law reaches. */
struct summary_sums summary_under_us_law(const struct summary *summary);

/**
 * The rows with most payload leaving, most first; equal ones in an order that does not depend on
 * the order of arrival. Fills up to `max` pointers to struct summary_operator or struct
 * summary_destination and returns how many; `rest` gets the others.
 */
size_t summary_top_operators(const struct summary *summary, const void **top, size_t max,
			     struct summary_rest *rest);
size_t summary_top_destinations(const struct summary *summary, const void **top, size_t max,
				struct summary_rest *rest);

size_t summary_top_zones(const struct summary *summary, const void **top, size_t max,
			 struct summary_rest *rest);

/** Memory of zones and of alerts. Returns whether there was enough; fini takes what was made. */
bool summary_zones_init(struct summary_zones *zones);
void summary_zones_fini(struct summary_zones *zones);
bool summary_alerts_init(struct summary_alerts *alerts);
void summary_alerts_fini(struct summary_alerts *alerts);

/** Adds a flow that crosses the border to its zone, if it has one. */
void summary_zones_add(struct summary_zones *zones, const struct judged_flow *flow,
		       const struct summary_sums *sums);

/** Alerts of all severities. */
uint64_t summary_alerts_total(const struct summary_alerts *alerts);

/** The number of a database's name, which is copied; 0 for NULL, "" and the ones that find no room.
 */
uint8_t summary_source_number(struct summary_sources *sources, const char *text);

/** What `count` destinations rest on: of each only what it shows counts. */
void summary_find_sources(const struct summary *summary, const void *const *destinations,
			  size_t count, struct summary_shown_sources *out);
