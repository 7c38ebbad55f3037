/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A judge with the small catalogue of the policy's tests and without address databases, that writes
 * its flows to a file of its own: what it says of records and answers made by hand.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/judge.h"
#include "tests/unit/unit.h"

struct judging {
	struct ruleset ruleset;
	struct summary *summary;
	struct flow_writer *flows;
	struct judge *judge;
	char path[64];
};

/* `outputs` says what is wanted; flows and summary are added. End with judging_end. */
static inline void
judging_begin_under(struct judging *j, struct judge_outputs outputs,
		    const struct policy_file *policy)
{
	struct fault_list faults = FAULT_LIST_INIT;
	static const struct origin_paths nothing;
	int error = 0;

	memset(j, 0, sizeof(*j));
	strcpy(j->path, "/tmp/vigie-judging-XXXXXX");
	int fd = mkstemp(j->path);
	CU_ASSERT_TRUE_FATAL(fd >= 0);
	close(fd);
	j->ruleset.catalogue =
		catalogue_load(unit_source_path("tests/unit/policy/attribution.yaml"), &faults);
	j->ruleset.origins = origin_db_open(&nothing, &faults);
	j->ruleset.rules = rule_book_load(unit_source_path("configs/policy"), &faults);
	j->ruleset.policy = policy_create(policy, j->ruleset.catalogue, j->ruleset.rules, &faults);
	CU_ASSERT_EQUAL_FATAL(faults.count, 0);
	j->summary = summary_create();
	j->flows = flow_writer_open(j->path, &error);
	CU_ASSERT_TRUE_FATAL(j->summary != NULL && j->flows != NULL);
	outputs.flows = j->flows;
	outputs.summary = j->summary;
	j->judge = judge_create(&j->ruleset, &outputs);
	CU_ASSERT_PTR_NOT_NULL_FATAL(j->judge);
	judge_begin(j->judge, "test.pcap");
}

/* The same without settings. */
static inline void
judging_begin(struct judging *j, struct judge_outputs outputs)
{
	static const struct policy_file no_policy;

	judging_begin_under(j, outputs, &no_policy);
}

/* The lines written; to be freed. */
static inline char *
judging_end(struct judging *j)
{
	char *text = calloc(1, 1 << 20);

	judge_destroy(j->judge);
	CU_ASSERT_EQUAL(flow_writer_close(j->flows), 0);
	summary_destroy(j->summary);
	ruleset_fini(&j->ruleset);
	FILE *file = fopen(j->path, "r");
	CU_ASSERT_TRUE_FATAL(file != NULL && text != NULL);
	size_t len = fread(text, 1, (1 << 20) - 1, file);
	text[len] = '\0';
	fclose(file);
	unlink(j->path);
	return text;
}

static inline struct ip_address
judging_address(const char *text)
{
	struct ip_address address;

	CU_ASSERT_EQUAL_FATAL(ip_address_parse(text, &address), 0);
	return address;
}

/* An egress flow over TCP to port 443 with a name (NULL: none) in its ClientHello. */
static inline struct flow_message
judging_flow(const char *client, const char *server, uint64_t start_ns, const char *name)
{
	struct flow_message m = {
		.record =
			{
				.flow_id = start_ns,
				.start_ns = start_ns,
				.end_ns = start_ns + 1,
				.source = judging_address(client),
				.destination = judging_address(server),
				.vni = FLOW_NO_VNI,
				.vlan = FLOW_NO_VLAN,
				.inner_vlan = FLOW_NO_VLAN,
				.source_port = 50000,
				.destination_port = 443,
				.transport = TRANSPORT_TCP,
				.protocol = APP_PROTOCOL_TLS,
				.final = 1,
				.source_inside = 1,
			},
	};
	if (name != NULL) {
		m.record.name_source = NAME_SOURCE_TLS_SNI;
		m.record.name_len = (uint8_t)strlen(name);
		strcpy(m.record.name, name);
	}
	return m;
}

static inline void
judging_add_flow(struct judging *j, const struct flow_message *flow)
{
	struct message message = {.time_ns = flow->record.end_ns,
				  .body = flow,
				  .len = sizeof(*flow),
				  .kind = WORKER_MESSAGE_FLOW};

	CU_ASSERT_EQUAL(judge_message(j->judge, &message), 0);
}
