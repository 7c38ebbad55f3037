/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets in the order of a capture, and what workers make of them: a trace is written once and
 * shown to one worker or to several, and all their messages are kept. A mistake in a test ends the
 * program.
 */
#pragma once

#include "dataplane/worker.h"
#include "tests/unit/dataplane/packet_builder.h"
#include "tests/unit/names/wire.h"

#define SECOND UINT64_C(1000000000)

/** 2026-07-01 00:00 UTC, when the traces begin. */
#define TRACE_START (UINT64_C(1782864000) * SECOND)

#define TRACE_PACKETS_MAX 65536
#define OUTCOME_MESSAGES_MAX 32768

/** The two ends of a conversation. */
struct talk {
	const char *client, *server;
	uint16_t client_port, server_port;
};

struct trace {
	struct packet packets[TRACE_PACKETS_MAX];
	size_t count;
	/* Of the packets to come. */
	uint64_t now_ns;
	struct talk talk;
	uint32_t acked; /* by the SYNs of servers: 1001 until a client's SYN sets it */
};

/** Empties the trace and sets a conversation from inside to a web server. */
void trace_begin(struct trace *t);
void trace_end(struct trace *t);

/** Appends a copy of what the builder has; returns it, to be spoilt. */
struct packet *trace_packet(struct trace *t, struct builder *b);

/** Appends a packet of the conversation. */
struct packet *
trace_tcp(struct trace *t, bool from_client, uint8_t flags, uint32_t seq, struct slice payload);
struct packet *trace_udp(struct trace *t, bool from_client, struct slice payload);

/** SYN, SYN-ACK and ACK; the first bytes are then client 1001 and server 5001. */
void trace_handshake(struct trace *t);

/** What a worker with these values does in replay: one of one, many flows, the usual time-outs. */
struct worker_config trace_config(void);

struct outcome_message {
	struct message message; /* its body is a copy */
	struct message_order order;
	unsigned worker;
};

struct outcome {
	struct outcome_message messages[OUTCOME_MESSAGES_MAX];
	size_t count;
	struct worker_counters counters; /* sums of all workers */
};

/** Takes what is in the worker's ring. */
void outcome_take(struct outcome *o, struct worker *worker, unsigned index);
void outcome_clear(struct outcome *o);

/** Shows the trace to `config->count` workers, each its own run, drains them, and merges their
 * messages. */
void trace_run(const struct trace *t, const struct worker_config *config, struct outcome *o);

/** The n-th flow record, or NULL. */
const struct flow_record *outcome_flow(const struct outcome *o, size_t n);
size_t outcome_flow_count(const struct outcome *o);
