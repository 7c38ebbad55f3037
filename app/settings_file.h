/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys of the settings file and the plain structs they become; settings.c gives them their
 * meaning. Members called `self` are the mapping itself, `other` are known keys whose meaning is
 * the verdict's: accepted, not looked into here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/config_reader.h"

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
	struct file_timeouts *timeouts;
};

struct file_run {
	const char *flows;
	struct config_list ports, eal;
	uint64_t report_every; /**< seconds */
};

struct file_privacy {
	unsigned addresses; /**< enum settings_addresses */
	const struct config_node *other[3];
};

struct file_policy {
	const struct config_node *inside;
	const struct config_node *other[5];
};

/** The outermost mapping. Records that the file does not have are NULL. */
struct settings_file {
	const struct config_node *self;
	const char *catalogue;
	struct file_databases *databases;
	struct file_flows *flows;
	struct file_run *run;
	struct file_privacy *privacy;
	struct file_policy *policy;
	const struct config_node *zones;
	const struct config_node *other[6];
};

/** What a file without `flows` and `run` says. */
extern const struct file_flows settings_file_flows_defaults;
extern const struct file_run settings_file_run_defaults;

/** Reads the outermost mapping; as config_read. */
bool settings_file_read(const struct config_node *root, struct arena *arena,
			struct settings_file *out, struct fault_list *faults);
