/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One TCP flow shown to an inspector segment by segment, as the worker does it: only while the
 * direction owes something. Ends: 0 is the client, 1 the server. A mistake in a test ends the
 * program.
 */
#pragma once

#include "base/flow_record.h"
#include "dataplane/inspect.h"
#include "tests/unit/dataplane/first_messages.h"

#define CLIENT 0u
#define SERVER 1u

/** First sequence numbers of both sides, behind their SYNs, once fixture_begin_with_syn was called.
 */
#define CLIENT_SEQ 100u
#define SERVER_SEQ 500u

/** Messages that the inspector handed on. */
struct handed {
	unsigned certificates, dns;
	uint64_t id;        /**< of the last certificate */
	struct wire der;    /**< the last certificate */
	struct wire answer; /**< the last DNS message */
	bool is_full;       /**< no further certificate is taken */
};

struct fixture {
	struct flow_table *flows;
	struct worker_counters counters;
	struct inspector ins;
	struct flow *flow;
	uint32_t index;
	struct handed handed;
};

extern struct fixture fixture;

/** A fresh TCP flow of which nothing is known, to port `server_port`. */
void fixture_begin(uint16_t server_port);

/** The same, and both SYNs were seen. */
void fixture_begin_with_syn(uint16_t server_port);
void fixture_end(void);

/** One more flow, which is the one spoken of from here on. */
uint32_t fixture_add_flow(uint16_t client_port, uint16_t server_port);

/** A segment. */
void fixture_tcp(unsigned direction, uint32_t seq, uint8_t flags, struct slice payload);
void fixture_text(unsigned direction, uint32_t seq, const char *text);

/** A segment of which every byte was seen before. */
void fixture_again(unsigned direction, uint32_t seq, struct slice payload);

/** A SYN's answer. */
void fixture_syn_ack(unsigned direction, uint32_t seq, uint32_t ack);

/** A segment of which the capture kept `kept` bytes. */
void fixture_cut(unsigned direction, uint32_t seq, struct slice payload, size_t kept);

/** Whether the flow has this name; NULL: none. */
bool fixture_name_is(const char *name);

/** Sum of all notes. */
unsigned fixture_notes(void);

/** The flow's detail; all zero where it has none. */
const struct flow_detail *fixture_detail(void);
