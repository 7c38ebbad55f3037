/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a user set, with everything else at its default: one YAML file and those that it includes,
 * checked as a whole. Texts live as long as the settings. Reading is cold; nobody changes them
 * afterwards.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/fault_list.h"
#include "base/inside_map.h"
#include "classifier/policy/policy_file.h"
#include "dataplane/worker.h"

/** Most workers of one program. */
#define SETTINGS_WORKERS_MAX 64

/** Flows of one worker: least, usual and most. Memory is touched as far as it is used. */
#define SETTINGS_FLOWS_MIN 16u
#define SETTINGS_FLOWS_DEFAULT (4u * 1024 * 1024)
#define SETTINGS_FLOWS_MAX (1u << 28)

/** Whether inside addresses are written; the default differs between `replay` and `run`. */
enum settings_addresses {
	SETTINGS_ADDRESSES_DEFAULT,
	SETTINGS_ADDRESSES_CLEAR,
	SETTINGS_ADDRESSES_PSEUDONYM,
};

struct settings_file;
struct sink_config;

struct settings {
	bool from_file;                 /**< a settings file was given */
	const char *origin_table;       /**< compiled AS origins and range lists, or NULL */
	const char *asn_mmdb;           /**< or NULL */
	const char *country_mmdb;       /**< or NULL */
	const char *catalogue;          /**< file or directory; NULL after a fault */
	const char *rules;              /**< the same, of the verdict's rules */
	const char *key_file;           /**< the site's key; NULL without a settings file */
	struct policy_file policy_file; /**< for policy_create */
	struct inside_map inside;
	unsigned workers;
	uint32_t max_flows; /**< of each worker */
	struct flow_timeouts timeouts;
	enum protocol_detection protocol_detection;
	enum settings_addresses addresses;
	uint32_t alert_retention_days;
	uint32_t alert_update_s;      /**< seconds between two lines of one alert */
	uint32_t alert_rule_limit;    /**< lines a minute of one rule; 0: no limit */
	uint32_t alert_limit;         /**< the same of all rules */
	const char *sensor_name;      /**< as syslog names hosts */
	uint32_t enterprise_number;   /**< IANA's, of syslog's structured data */
	const char *journal_path;     /**< of the database, whether it exists or not */
	uint32_t flow_retention_days; /**< of flows' sums in the journal */
	struct sink_config *sinks;    /**< without secrets until settings_read_secrets */
	size_t sink_count;
	const char *run_flows;        /**< where `run` writes flows, "-" or a path, or NULL */
	const char *run_alerts;       /**< the same for alerts */
	const char *const *run_ports; /**< DPDK port names; none: every port there is */
	size_t run_port_count;
	const char *const *run_eal; /**< options for EAL, before those of the command line */
	size_t run_eal_count;
	uint32_t run_report_s;            /**< a status line that often; 0: none */
	const struct settings_file *file; /**< as it was written; NULL where it said nothing */
	struct config_tree *tree;         /**< for faults that are found later; or NULL */
	struct arena *arena;
};

/**
 * Fills `out` with the defaults and what the file `path` (NULL: none) says. All mistakes go to
 * `faults`. Returns 0, or -EINVAL with at least one fault, and what could be made out in `out`;
 * free with settings_fini in either case.
 */
int settings_load(const char *path, struct settings *out, struct fault_list *faults);

/** The same for text in memory, `name` standing for the file, without includes; for tests. */
int settings_parse(const char *name, const char *text, size_t len, struct settings *out,
		   struct fault_list *faults);

/**
 * Reads the secrets of the sinks, and looks whether their certificates can be read: for those who
 * are about to send, since nobody else needs to be allowed to. Faults stand at their keys.
 */
void settings_read_secrets(struct settings *settings, struct fault_list *faults);

/** The same for sink `index` alone. */
void settings_read_secrets_of(struct settings *settings, size_t index, struct fault_list *faults);

/**
 * Adds what was found wrong in the databases. A fault of one that the settings name gets the line
 * of the key which does.
 */
void settings_add_faults(const struct settings *settings, const struct fault_list *found,
			 struct fault_list *faults);

/** Wipes the secrets as well. */
void settings_fini(struct settings *settings);
