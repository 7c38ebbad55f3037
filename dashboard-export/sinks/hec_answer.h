/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Splunk's HTTP Event Collector answers: to events, {"text", "code", "ackId"}, and to the
 * question what has been indexed, {"acks": {"ID": true}}. The bytes are not trusted. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Codes that mean: one of the events, not the address, the token or the collector. */
bool hec_code_blames_event(int code);

/** Codes that no waiting will change, such as an index that does not exist. */
bool hec_code_blames_settings(int code);

struct hec_answer {
	int code;       /**< 0: taken; -1: none */
	char text[160]; /**< the collector's words, clean; "" */
	bool has_ack;   /**< false where acknowledgement is not enabled for the token */
	uint64_t ack;
	bool has_invalid;
	size_t invalid; /**< the event that is to blame, counted from 0 */
};

/** Reads an answer to events. False, with code -1, where it is none. */
bool hec_answer_parse(const char *body, size_t len, struct hec_answer *out);

/** A request whose indexing is waited for. */
struct hec_pending {
	uint64_t ack;
	bool done;
};

/**
 * Reads an answer about acknowledgements: sets `done` of those that it says are indexed and
 * leaves the others. Returns how many were set newly; -1 where it is no such answer.
 */
int hec_acks_parse(const char *body, size_t len, struct hec_pending *pending, size_t count);
