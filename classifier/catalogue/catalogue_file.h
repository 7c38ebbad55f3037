/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A catalogue file as it is written, one struct a record, checked field by field but not yet
 * against each other: that is done when the tables are built (catalogue_build.h).
 * configs/catalogue/README.md explains the fields to whoever writes them. Texts and lists are NULL
 * or empty where a key is absent.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/config_reader.h"
#include "classifier/catalogue/catalogue.h"
#include "classifier/catalogue/service_record.h"

struct file_presence {
	const char *country;
	const char *kind;
};

struct file_asn_country {
	const char *country;
	unsigned exposure;
};

struct file_asn {
	const struct config_node *node;
	uint64_t asn;
	const char *org;
	unsigned scope;
	unsigned exposure;             /* EXPOSURE_COUNT: not given */
	struct config_list by_country; /* struct file_asn_country */
	bool mixed;
	const char *note;
};

struct file_tag {
	const struct config_node *node;
	const char *tag;
	const char *service;
};

struct file_feed {
	const struct config_node *node;
	const char *list;
	struct config_list regions; /* const char * */
	struct config_list tags;    /* struct file_tag */
	const char *service;        /* of entries that no tag gives one */
	unsigned exposure;          /* EXPOSURE_COUNT: not given */
};

struct file_resolver {
	const struct config_node *node;
	struct config_list addresses; /* const char * */
	const char *source;
	const char *checked_on;
	const char *note;
};

struct file_operator {
	const struct config_node *node;
	const char *id;
	const char *name;
	const char *short_name;
	struct config_list aliases; /* const char * */
	const char *group;
	const char *seat_country;
	struct config_list controllers;      /* struct catalogue_controller */
	struct config_list foreign_presence; /* struct file_presence */
	const char *technology_origin;
	unsigned exposure;
	bool cdn;
	bool retired;
	struct config_list hosted_on;        /* const char * */
	struct config_list asns;             /* struct file_asn */
	struct config_list feeds;            /* struct file_feed */
	struct config_list services;         /* struct file_service */
	struct config_list names;            /* struct file_name */
	struct config_list ech_public_names; /* const char * */
	struct config_list resolvers;        /* struct file_resolver */
	const char *source;
	const char *checked_on;
	const char *note;
};

struct file_region {
	const char *code;
	const char *country;
	const char *city;
	const char *note;
};

struct file_region_table {
	const struct config_node *node;
	const char *operator_id;
	struct config_list forms; /* const char * */
	struct config_list codes; /* struct file_region */
	const char *source;
	const char *checked_on;
};

struct catalogue_file {
	struct config_list operators; /* struct file_operator */
	struct config_list regions;   /* struct file_region_table */
};

/**
 * Reads the root node of a catalogue file. Everything lands in `arena`, but the `node` members
 * borrow from the tree. Faults go to `faults`; false when there was any.
 */
bool catalogue_file_read(const struct config_node *root, struct arena *arena,
			 struct catalogue_file *out, struct fault_list *faults);
