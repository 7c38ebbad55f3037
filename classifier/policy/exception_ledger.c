/* SPDX-License-Identifier: Apache-2.0 */
#include "classifier/policy/exceptions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct day_use {
	int32_t day;
	bool in_use;
	uint64_t *bytes; /* of each exception */
};

struct exception_ledger {
	const struct exception_list *list;
	struct day_use days[EXCEPTION_DAYS];
	uint64_t *bytes; /* of all days, one block */
};

struct exception_ledger *
exception_ledger_create(const struct exception_list *list)
{
	size_t count = exception_list_count(list);
	struct exception_ledger *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->list = list;
	/* One more than needed: no exception is no reason to allocate nothing. */
	l->bytes = calloc(count * EXCEPTION_DAYS + 1, sizeof(*l->bytes));
	if (l->bytes == NULL) {
		free(l);
		errno = ENOMEM;
		return NULL;
	}
	for (unsigned i = 0; i < EXCEPTION_DAYS; i++)
		l->days[i].bytes = l->bytes + i * count;
	return l;
}

void
exception_ledger_destroy(struct exception_ledger *ledger)
{
	if (ledger == NULL)
		return;
	free(ledger->bytes);
	free(ledger);
}

void
exception_ledger_clear(struct exception_ledger *ledger)
{
	for (unsigned i = 0; i < EXCEPTION_DAYS; i++)
		ledger->days[i].in_use = false;
}

/*
 * Bytes used that day. Flows are told of when they end, some long after their day; a day that is
 * not kept takes the place of the earliest. One before all of these has its bytes used up as far
 * as anybody knows: NULL.
 */
static uint64_t *
use_of_day(struct exception_ledger *l, int32_t day)
{
	struct day_use *place = &l->days[0];

	for (unsigned i = 0; i < EXCEPTION_DAYS; i++) {
		struct day_use *d = &l->days[i];
		if (d->in_use && d->day == day)
			return d->bytes;
		if (place->in_use && (!d->in_use || d->day < place->day))
			place = d;
	}
	if (place->in_use && place->day > day)
		return NULL;
	place->in_use = true;
	place->day = day;
	memset(place->bytes, 0, exception_list_count(l->list) * sizeof(*place->bytes));
	return place->bytes;
}

static bool
lists_zone(const struct exception *e, const struct zone *zone)
{
	for (size_t i = 0; i < e->zone_count; i++) {
		if (e->zones[i] == zone)
			return true;
	}
	return false;
}

static bool
lists_operator(const struct exception *e, const struct catalogue_operator *operator_record)
{
	for (size_t i = 0; i < e->operator_count; i++) {
		if (e->operators[i] == operator_record)
			return true;
	}
	return false;
}

/* Every operator that is known has to be listed: a name of a listed one on another's address buys
 * nothing (domain §5.27). */
static bool
covers_operators(const struct exception *e, const struct exception_query *q)
{
	if (e->operator_count == 0)
		return true;
	if (q->service_operator == NULL && q->host_operator == NULL)
		return false;
	return (q->service_operator == NULL || lists_operator(e, q->service_operator)) &&
	       (q->host_operator == NULL || lists_operator(e, q->host_operator));
}

/* A service named alone is covered on its own operator's addresses, or where nobody knows whose
 * they are. */
static bool
is_at_home(const struct exception_query *q)
{
	const struct catalogue_operator *owner = q->service->owner, *host = q->host_operator;

	return owner == NULL || host == NULL || owner == host ||
	       strcmp(owner->group, host->group) == 0;
}

static bool
covers_service(const struct exception *e, const struct exception_query *q)
{
	if (e->service_count == 0)
		return true;
	for (size_t i = 0; q->service != NULL && i < e->service_count; i++) {
		if (strcmp(e->services[i], q->service->id) == 0)
			return is_at_home(q);
	}
	return false;
}

/* Never for secret; for diffusion restreinte only by an approval of its own kind (domain §3g). */
static bool
covers_class(const struct exception *e, enum data_class data_class)
{
	if (data_class == DATA_CLASS_SECRET || data_class > e->max_class)
		return false;
	return data_class != DATA_CLASS_DIFFUSION_RESTREINTE || e->dr_approval;
}

/* Whether all fields match but dates and bytes. */
static bool
covers(const struct exception *e, const struct exception_query *q)
{
	return q->confidence >= CONFIDENCE_MEDIUM && covers_class(e, q->data_class) &&
	       (e->kinds & 1u << q->kind) != 0 && lists_zone(e, q->zone) &&
	       covers_operators(e, q) && covers_service(e, q);
}

static bool
has_room(const struct exception *e, const uint64_t *used, uint64_t bytes)
{
	return used != NULL && e->max_bytes_day - *used >= bytes;
}

void
exception_ledger_apply(struct exception_ledger *ledger, const struct exception_query *query,
		       struct exception_answer *out)
{
	size_t count = exception_list_count(ledger->list), best = 0;

	*out = (struct exception_answer){0};
	if (count == 0)
		return;
	uint64_t *used = use_of_day(ledger, query->day);
	for (size_t i = 0; i < count; i++) {
		const struct exception *e = exception_list_at(ledger->list, i);
		if (query->day < e->approved_day || !covers(e, query))
			continue;
		if (query->day > e->expires_day) {
			if (out->ended_count < EXCEPTION_ENDED_MAX)
				out->ended[out->ended_count++] = e;
		} else if (!has_room(e, used != NULL ? &used[i] : NULL, query->bytes)) {
			if (out->surplus == NULL)
				out->surplus = e;
		} else if (out->covering == NULL || e->cap < out->covering->cap) {
			out->covering = e;
			best = i;
		}
	}
	if (out->covering != NULL)
		used[best] += query->bytes;
}
