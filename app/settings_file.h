/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys of the settings file and the plain structs they become; settings.c gives them their
 * meaning. Those of the policy (classifier/policy/policy_file.h) stand beside the program's own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/config_reader.h"
#include "classifier/policy/policy_file.h"

struct file_databases {
	const struct config_node *self;
	const char *table, *asn, *country;
};

/** Seconds. */
struct file_timeouts {
	uint64_t tcp, tcp_closed, udp, other, active;
};

struct file_flows {
	const struct config_node *self;
	uint64_t workers, max_flows;
	unsigned protocol_detection; /**< enum protocol_detection */
	struct file_timeouts *timeouts;
};

struct file_run {
	const char *flows, *alerts;
	struct config_list ports, eal;
	uint64_t report_every; /**< seconds */
};

struct file_privacy {
	const struct config_node *self;
	unsigned addresses; /**< enum settings_addresses */
	const char *key_file;
	const char *dpia_ref;
	const char *staff_informed_on; /**< ISO 8601 date */
	uint64_t alert_retention_days;
};

struct file_sensor {
	const struct config_node *self;
	const char *name;
	uint64_t enterprise_number;
};

struct file_journal {
	const struct config_node *self;
	const char *path;
	uint64_t flow_retention_days;
};

/** The outermost mapping. Records that the file does not have are NULL. */
struct settings_file {
	const struct config_node *self;
	struct config_list include; /**< const char *: taken in already */
	const char *catalogue, *rules;
	struct file_databases *databases;
	struct file_flows *flows;
	struct file_run *run;
	struct file_privacy *privacy;
	struct file_sensor *sensor;
	struct file_journal *journal;
	struct config_list sinks; /**< struct sink_file */
	struct policy_file policy;
};

/** What a file without these records says. */
extern const struct file_timeouts settings_file_timeouts_defaults;
extern const struct file_flows settings_file_flows_defaults;
extern const struct file_run settings_file_run_defaults;
extern const struct file_privacy settings_file_privacy_defaults;
extern const struct file_sensor settings_file_sensor_defaults;
extern const struct file_journal settings_file_journal_defaults;

/** Of struct settings_file; the keys in the order in which they are printed. */
extern const struct config_schema settings_file_schema;
