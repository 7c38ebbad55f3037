/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What hosts did before, as far as shapes need it (domain §3d): sums for host, operator and day,
 * the last ten minutes for host and service, earlier nights. Tables are bounded; the entry that was
 * used longest ago goes first, and is counted. Flows come in the order in which they end, and may
 * be told of several times with growing sums; flow_progress.h tells what is new. One thread owns
 * it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/ip_address.h"
#include "base/time_zone.h"

struct history;

/** Sums of days, some 100 bytes each, and services, 150 bytes to 1 KiB each by what they have seen.
 */
#define HISTORY_DAYS_DEFAULT 1048576u
#define HISTORY_SERVICES_DEFAULT 262144u

/** NULL with errno (EINVAL, ENOMEM); free with history_destroy (NULL allowed). */
struct history *history_create(uint32_t max_days, uint32_t max_services);
void history_destroy(struct history *history);
void history_clear(struct history *history);

struct history_flow {
	const void *zone; /**< a host is zone and address; compared by pointer */
	const struct ip_address *host;
	const void *operator_record; /**< NULL: unknown, which sums as one */
	bool is_claimed;      /**< a claim alone names the operator: it sums as unknown too */
	uint64_t service_key; /**< of history_text_key or history_address_key */
	uint64_t start_ns;
	struct wall_time start;        /**< the same by the policy's clock */
	uint64_t up, down;             /**< payload of the flow so far */
	uint64_t fresh_up, fresh_down; /**< parts of these that were not told before */
	bool first;                    /**< nothing was told of this flow before */
	uint64_t day_limit;            /**< sum that makes an export; 0: none */
};

struct history_answer {
	bool day_reached; /**< the limit was reached by this flow or one that began before it */
	bool low_slow;    /**< and by 24 flows or more, each below 1 MiB */
	uint64_t window_up, window_down; /**< of flows that began less than 600 s before this one */
	bool night;                      /**< began from 22:00 to 06:00 */
	bool recurring; /**< three earlier nights of the last seven, same service, time and volume
			 */
};

/** Keys of services; equal texts give equal keys, whatever kind of text they are. */
uint64_t history_text_key(const char *text);
uint64_t history_address_key(const struct ip_address *address);

/** Takes the flow in and answers for it. */
void
history_add(struct history *history, const struct history_flow *flow, struct history_answer *out);

/** Entries dropped to make room, of all tables. */
uint64_t history_evicted(const struct history *history);
