/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Derogations in force (domain §3g): which one covers a flow, how many bytes of its day are left,
 * and which one would have, had it not ended. The list is immutable; the ledger of bytes used
 * belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault_list.h"
#include "classifier/catalogue/catalogue.h"
#include "classifier/policy/confidence.h"
#include "classifier/policy/data_class.h"
#include "classifier/policy/policy_file.h"
#include "classifier/policy/severity.h"
#include "classifier/policy/zones.h"

struct exception {
	const char *id;
	const struct zone **zones;
	size_t zone_count;
	const struct catalogue_operator **operators; /**< none: any, then `services` is not empty */
	size_t operator_count;
	const char *const *services; /**< ids; none: any */
	size_t service_count;
	uint32_t kinds; /**< bit of each enum service_kind */
	enum data_class max_class;
	uint64_t max_bytes_day;
	enum severity cap;
	bool dr_approval;
	int32_t approved_day;                 /**< itself valid; days as in time_zone.h */
	int32_t expires_day;                  /**< last valid day */
	const char *approved_on, *expires_on; /**< the same as written */
	const char *reason, *legal_basis, *owner, *approved_by, *measures;
};

struct exception_list;
struct exception_ledger;

/** What an exception's operators and services are found in. */
struct exception_scope {
	const struct catalogue *catalogue;
	const struct zone_table *zones;
	const struct config_list *services; /**< of the settings: struct file_policy_service */
};

/** Builds the list from `struct file_exception` items; NULL after a fault. */
struct exception_list *
exception_list_create(const struct config_list *items, const struct exception_scope *scope,
		      struct fault_list *faults);
void exception_list_destroy(struct exception_list *list);
size_t exception_list_count(const struct exception_list *list);
const struct exception *exception_list_at(const struct exception_list *list, size_t index);

/** Bytes used, by exception and day. The last EXCEPTION_DAYS days are kept; what comes of an
 * earlier one finds its bytes used up. NULL, ENOMEM. */
#define EXCEPTION_DAYS 40
struct exception_ledger *exception_ledger_create(const struct exception_list *list);
void exception_ledger_destroy(struct exception_ledger *ledger);
void exception_ledger_clear(struct exception_ledger *ledger);

struct exception_query {
	const struct zone *zone;
	const struct catalogue_operator *service_operator; /**< or NULL */
	const struct catalogue_operator *host_operator;    /**< or NULL */
	const struct catalogue_operator *proxy_operator;   /**< of a proxy outside; or NULL */
	bool proxy_outside;                      /**< one was asked: whose it is has to be known */
	const struct catalogue_service *service; /**< or NULL */
	bool in_tunnel; /**< what was approved is the service, not the end of a tunnel before it */
	enum service_kind kind;
	enum data_class data_class; /**< effective */
	enum confidence confidence;
	int32_t day;    /**< of the flow's start, in the policy's time zone */
	uint64_t bytes; /**< upload of this flow that is not yet accounted for */
};

/** Ended exceptions told of one flow. */
#define EXCEPTION_ENDED_MAX 4

struct exception_answer {
	const struct exception *covering; /**< lowest cap, then file order; or NULL */
	/** Match in all but date and bytes, and have ended; in file order. */
	const struct exception *ended[EXCEPTION_ENDED_MAX];
	size_t ended_count;
	const struct exception *surplus; /**< would cover, but the bytes of its day are used up */
};

/** Finds, and where one covers accounts the bytes to it (domain §5.27-29, §5.37). */
void exception_ledger_apply(struct exception_ledger *ledger, const struct exception_query *query,
			    struct exception_answer *out);
