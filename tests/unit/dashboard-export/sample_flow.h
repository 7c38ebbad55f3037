/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judged flows made by hand, with a small catalogue of their own, for the tests of what leaves the
 * program.
 */
#pragma once

#include "classifier/policy/judged_flow.h"

struct sample_flow {
	struct flow_record record;
	struct origin origin;
	struct attribution attribution;
	struct verdict verdict;
	struct exception_answer exception;
	struct judged_flow flow; /**< points into the others */
};

extern const struct catalogue_operator sample_aws;
extern const struct catalogue_operator sample_wetransfer;
extern const struct catalogue_operator sample_ovhcloud;
extern const struct catalogue_service sample_s3;
extern const struct catalogue_service sample_transfer;
extern const struct zone sample_licences;
extern const struct zone sample_desktops;

/** 2026-12-01, on which the flows begin. */
#define SAMPLE_DAY 20788

/** TCP from 10.0.0.5 inside to `far_end` outside, ports 51000 and 443, final, nothing known. */
void sample_flow_init(struct sample_flow *sample, const char *far_end);

/** Payload in both directions, and packets and IP bytes that go with it. */
void sample_flow_set_payload(struct sample_flow *sample, uint64_t up, uint64_t down);

/** A name and where it comes from; borrowed. */
void sample_flow_set_name(struct sample_flow *sample, const char *name, enum name_source source);

/** Attribution to an operator and a service (may be NULL), by its own class. */
void sample_flow_set_operator(struct sample_flow *sample, const struct catalogue_operator *owner,
			      const struct catalogue_service *service, unsigned evidence);

/** Swaps who is inside: the far end is the initiator. */
void sample_flow_make_ingress(struct sample_flow *sample);

/** Says who is inside, and the direction that follows. */
void sample_flow_set_inside(struct sample_flow *sample, bool source, bool destination);

/** A verdict without steps for a zone; exposure is the attribution's. */
void sample_flow_set_verdict(struct sample_flow *sample, const struct zone *zone,
			     const char *rule_id, enum severity severity);

/** A step that changed the value to `after`. */
void
sample_flow_add_step(struct sample_flow *sample, enum verdict_step_kind kind, enum severity after);
