/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The numbers and sentences of the verdict, read from configs/policy/: the table of severities,
 * what each step does, the default thresholds, the words of every sentence, and the law behind
 * them. The code knows how to apply them, not what they say. Immutable after loading.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault_list.h"
#include "classifier/catalogue/exposure.h"
#include "classifier/policy/data_class.h"
#include "classifier/policy/severity.h"
#include "classifier/policy/shape.h"

/** Step 1: for zones with r9 and these classes, at least that much by exposure (0: no effect). */
struct rule_r9 {
	bool classes[DATA_CLASS_COUNT];
	uint8_t least[EXPOSURE_COUNT];
};

/** Steps 3 to 7 (domain §3f). */
struct rule_steps {
	bool final_class[DATA_CLASS_COUNT]; /**< step 2: what follows does not touch these */
	bool outside[EXPOSURE_COUNT]; /**< classes that bulk and content raise: THC, USA, UNK */
	uint8_t trace_becomes;
	uint8_t interactive_subtracts;
	uint8_t bulk_adds;
	uint8_t bulk_from; /**< values that bulk raises, both included */
	uint8_t bulk_to;
	uint8_t low_sink_subtracts;
	uint8_t content_adds;
	uint8_t content_class_from; /**< enum data_class: content below it raises nothing */
	uint8_t low_confidence_subtracts;
	uint8_t low_confidence_from; /**< least value that low confidence lowers */
	uint8_t mismatch_least;
	uint8_t mismatch_class_from; /**< enum data_class: lower classes are left alone */
};

/** A rule of law or a fact about it, for `vigie explain`. */
struct rule_law {
	const char *title;              /**< "18 U.S.C. 2713" */
	bool exposures[EXPOSURE_COUNT]; /**< verdicts it is shown for: of these exposures, ... */
	bool classes[DATA_CLASS_COUNT]; /**< ... and of these classes; a file that names none means
					   all */
	const char *text;
	const char *source;
	const char *checked_on; /**< ISO 8601 date */
};

/** A finding that is not tied to one flow (domain §3f). Limits that it does not have are 0. */
struct rule_finding {
	const char *id;   /**< "GOV-ZONE-UNMAPPED" */
	const char *name; /**< for rule.name */
	enum severity severity;
	uint32_t days;      /**< expiring: that many before the end; stale: older than that */
	uint32_t late_days; /**< stale: older than that it is of ... */
	enum severity late_severity; /**< ... this one; else equal to `severity` */
	uint32_t lost_share;         /**< blind: more than that of the packets, ten-thousandths */
	uint32_t one_way_share;      /**< blind: more than that of the flows, ten-thousandths */
	const char *sentence;        /**< for sentence_fill, with the placeholders of its id */
	const char *what_to_do;
};

/**
 * First clauses, with {zone} {up} {flows} {name} {address} {address_of} {kind} {operator}
 * {host_operator} {region} {proxy}.
 */
struct rule_clauses {
	const char *sent;           /**< the usual case */
	const char *fronted;        /**< operator is the front itself */
	const char *fronted_named;  /**< operator is whom the name says, behind the front */
	const char *hidden;         /**< name hidden by ECH */
	const char *hidden_unknown; /**< and nobody knows whose address it is */
	const char *withheld;       /**< it may be: the hello was cut */
	const char *withheld_unknown;
	const char *mismatch;
	const char *hosted;
	const char *unknown; /**< operator not identified */
	const char *served;  /**< an outside client took it */
	const char *served_unknown;
};

/** Why it matters, with {subject} {whose} {scheme} {version} {date} {vendor} {country}. */
struct rule_exposure_sentences {
	const char *by_class[EXPOSURE_COUNT];
	const char *undated_qualification; /**< class says qualified, no record has dates */
	const char *stale;          /**< operator known, its record too old to be relied on */
	const char *no_control;     /**< operator known, who controls it is not recorded */
	const char *proxy_unknown;  /**< who gets it is said, who runs the proxy is not known */
	const char *tunnel_unknown; /**< who gets it is known, who runs the tunnel's end is not */
};

/**
 * How we know, with {evidence} {address_evidence} {name_evidence} {tenancy} {operator}
 * {host_operator} {service_operator} {asn_operator} {named_operator} {confidence} {day_limit}
 * {proxy_operator} {proxy_evidence} {tunnel_operator} {tunnel_evidence};
 * operators by their short names.
 */
struct rule_evidence_sentences {
	const char *begin;        /**< put before all */
	const char *begin_of_one; /**< instead, where it is one flow's of a group: {up} {name} */
	const char *agree;
	const char *single;
	const char *tenancy;
	const char *tenancy_address; /**< put behind: the address is another operator's */
	const char *tenancy_name;    /**< put behind: the name is */
	const char *tenancy_both;    /**< put behind: both are, and of one operator */
	const char *fronted_cname;
	const char *fronted_unlisted;
	const char *fronted_named;
	const char *hosted;     /**< the catalogue says so */
	const char *hosted_dns; /**< dns alone does */
	const char *hosted_asn; /**< the AS alone does; a list says otherwise */
	const char *hidden;
	const char *hidden_unknown; /**< and nobody knows whose address it is */
	const char *withheld;       /**< the hello was cut, its name may be an outer one */
	const char *withheld_unknown;
	const char *mismatch;
	const char *mismatch_contradicted;
	const char *claimed;
	const char *claimed_contradicted; /**< and dns gives the name other addresses */
	const char *claimed_certificate;  /**< and the server's certificate has it */
	const char *asked;                /**< of a proxy */
	const char *asked_unlisted;       /**< the same, of a name that is not in the catalogue */
	const char *asked_address;        /**< the same, of an address */
	const char *tunnel_unlisted;      /**< in a tunnel, to what is not in the catalogue */
	const char *sources_differ;
	const char *nothing;
	const char *nothing_unlisted;
	const char *mismatch_certificate; /**< put behind: the certificate has the name */
	const char *certificate;          /**< put behind: the certificate has other names */
	const char *proxy;                /**< put behind: who runs the proxy */
	const char *tunnel;               /**< put behind: who runs the far end of the tunnel */
	const char *review;               /**< put behind: low confidence and a severity */
	const char *day_total;            /**< put behind: the day's sum made it an export */
	const char *end;                  /**< put behind all */
};

/** Derogations, with {exception} {date} {severity} {limit}; of a part {covered}, its volume. */
struct rule_exception_sentences {
	const char *covered; /**< applied, and it changed the value */
	const char *covered_no_change;
	const char *part_covered; /**< the same, of some flows of a group */
	const char *part_covered_no_change;
	const char *expired;      /**< ended, not applied */
	const char *surplus;      /**< bytes of the day are used up */
	const char *surplus_rest; /**< the same, where it covers other flows of the group */
};

/** Data of class health only, with {date}. */
struct rule_hds_sentences {
	const char *recorded;
	const char *missing;
};

/** Pieces that stand for placeholders of other sentences. */
struct rule_words {
	const char *one_flow;
	const char *flows;           /**< with {n} */
	const char *one_other;       /**< with {name} */
	const char *others;          /**< with {name} {n} */
	const char *at_least_others; /**< the same, where it is not known how many */
	const char *one_address;     /**< {address_of} */
	const char *addresses;       /**< the same of several */
	const char *region;          /**< with {region} */
	const char *proxy_inside;    /**< {proxy}: the flow asked an explicit proxy of our own */
	const char *proxy_at;        /**< the same of a proxy outside, with {address} */
	const char *tunnel;          /**< {proxy}: the far end is a tunnel's, with {tunnel} */
	const char *tunnel_at;       /**< and where it lies behind one, with {address} */
	const char *tunnel_zone;     /**< put behind these: {zone} is what an end inside says */
	const char *unknown_kind;
	const char *subject; /**< {subject}: the operator of the first clause */
	const char
		*part_subject;  /**< {subject}: this service or address differs from its operator */
	const char *whose;      /**< {whose}: the operator of the first clause */
	const char *part_whose; /**< {whose}, as part_subject */
	const char *third_country; /**< {country} where none can be named */
	const char *vendor;        /**< {vendor} where none is recorded */
	const char *no_owner;      /**< {owner} of a zone that has none */
};

struct rule_sentences {
	struct rule_clauses clause;
	struct rule_exposure_sentences exposure;
	const char *data_class[DATA_CLASS_COUNT];
	struct rule_evidence_sentences evidence;
	struct rule_exception_sentences exception;
	struct rule_hds_sentences hds;
	struct rule_words words;
};

struct rule_book {
	const char *version;
	const char *source;
	const char *checked_on;
	uint8_t table[DATA_CLASS_COUNT][EXPOSURE_COUNT];     /**< enum severity */
	uint8_t table_hds[DATA_CLASS_COUNT][EXPOSURE_COUNT]; /**< with a valid HDS record */
	struct rule_r9 r9;
	struct rule_steps steps;
	struct shape_thresholds thresholds; /**< defaults */
	uint32_t max_age_days;              /**< default of policy.max_age_days */
	struct rule_sentences sentences;
	const char *rule_name;                  /**< rule.name, with {class} and {exposure} */
	const char *what_to_do[SEVERITY_COUNT]; /**< with {zone} and {owner} */
	const struct rule_finding *findings;
	size_t finding_count;
	const struct rule_law *laws;
	size_t law_count;
	struct arena *arena;
};

/**
 * Loads the *.yaml files of a directory or one file; a key of the outermost mapping stands in one
 * of them only. All faults go to `faults`; a hole in the table, a severity above 4 or an unknown
 * {placeholder} is one. Returns NULL when there was any; free with rule_book_destroy (NULL
 * allowed).
 */
struct rule_book *rule_book_load(const char *path, struct fault_list *faults);

/** The same for text in memory. */
struct rule_book *
rule_book_parse(const char *name, const char *text, size_t len, struct fault_list *faults);
void rule_book_destroy(struct rule_book *rules);

/** The finding of that id; never NULL for an id of ours (loading demands them all). */
const struct rule_finding *rule_book_finding(const struct rule_book *rules, const char *id);
