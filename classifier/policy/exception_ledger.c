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

/* What one exception is looked for by. Those of a flow stand together, in file order. */
struct key {
	const struct zone *zone;
	const struct catalogue_operator *operator_record; /* NULL: any, it names services */
	uint32_t kind;
	uint32_t exception; /* place in the list */
};

/* Keys of one flow that are still to come. */
struct key_range {
	const struct key *next, *end;
};

struct exception_ledger {
	const struct exception_list *list;
	struct key *keys; /* sorted; each once */
	size_t key_count;
	struct day_use days[EXCEPTION_DAYS];
	uint64_t *bytes; /* of all days, one block */
};

static int
compare_pointers(const void *a, const void *b)
{
	return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

/* Where things lie in memory says nothing, but it keeps together what is one flow's. */
static int
compare_place(const struct key *a, const struct key *b)
{
	int order = compare_pointers(a->zone, b->zone);

	if (order == 0)
		order = compare_pointers(a->operator_record, b->operator_record);
	return order != 0 ? order : (a->kind > b->kind) - (a->kind < b->kind);
}

static int
compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int order = compare_place(x, y);

	return order != 0 ? order : (x->exception > y->exception) - (x->exception < y->exception);
}

static void
add_key(struct exception_ledger *l, const struct key *key)
{
	l->keys[l->key_count++] = *key;
}

static void
add_keys(struct exception_ledger *l, uint32_t number)
{
	const struct exception *e = exception_list_at(l->list, number);
	struct key key = {.exception = number};

	for (size_t i = 0; i < e->zone_count; i++) {
		key.zone = e->zones[i];
		for (uint32_t kinds = e->kinds; kinds != 0; kinds &= kinds - 1) {
			key.kind = (uint32_t)__builtin_ctz(kinds);
			key.operator_record = NULL;
			if (e->operator_count == 0)
				add_key(l, &key);
			for (size_t k = 0; k < e->operator_count; k++) {
				key.operator_record = e->operators[k];
				add_key(l, &key);
			}
		}
	}
}

/* A zone or an operator may be named twice. */
static void
drop_equal_keys(struct exception_ledger *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->key_count; i++) {
		if (kept == 0 || compare_keys(&l->keys[kept - 1], &l->keys[i]) != 0)
			l->keys[kept++] = l->keys[i];
	}
	l->key_count = kept;
}

static int
build_keys(struct exception_ledger *l)
{
	size_t count = exception_list_count(l->list), most = 0;

	for (size_t i = 0; i < count; i++) {
		const struct exception *e = exception_list_at(l->list, i);
		size_t operators = e->operator_count != 0 ? e->operator_count : 1;
		most += e->zone_count * operators * (size_t)__builtin_popcount(e->kinds);
	}
	/* One more than needed: no exception is no reason to allocate nothing. */
	l->keys = calloc(most + 1, sizeof(*l->keys));
	if (l->keys == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		add_keys(l, (uint32_t)i);
	qsort(l->keys, l->key_count, sizeof(*l->keys), compare_keys);
	drop_equal_keys(l);
	return 0;
}

struct exception_ledger *
exception_ledger_create(const struct exception_list *list)
{
	size_t count = exception_list_count(list);
	struct exception_ledger *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->list = list;
	l->bytes = calloc(count * EXCEPTION_DAYS + 1, sizeof(*l->bytes));
	if (l->bytes == NULL || build_keys(l) != 0) {
		exception_ledger_destroy(l);
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
	free(ledger->keys);
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

/* Keys of that zone, operator and kind. */
static struct key_range
find_range(const struct exception_ledger *l, const struct key *wanted)
{
	size_t low = 0;

	for (size_t high = l->key_count; low < high;) {
		size_t middle = (low + high) / 2;
		if (compare_place(&l->keys[middle], wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	struct key_range range = {&l->keys[low], &l->keys[low]};
	while (range.end < l->keys + l->key_count && compare_place(range.end, wanted) == 0)
		range.end++;
	return range;
}

/* Takes the first of both in file order; NULL behind the last. */
static const struct key *
take_first(struct key_range *a, struct key_range *b)
{
	bool of_a =
		b->next == b->end || (a->next != a->end && a->next->exception < b->next->exception);
	struct key_range *first = of_a ? a : b;

	return first->next != first->end ? first->next++ : NULL;
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

/* A proxy outside that nobody knows may be anybody's: what it was asked for buys nothing. */
static bool
asks_stranger(const struct exception_query *q)
{
	return q->proxy_outside && q->proxy_operator == NULL;
}

/* Every operator that is known has to be listed: a name of a listed one on another's address buys
 * nothing (domain §5.27). */
static bool
covers_operators(const struct exception *e, const struct exception_query *q)
{
	if (e->operator_count == 0)
		return true;
	if (asks_stranger(q))
		return false;
	const struct catalogue_operator *const all[] = {q->service_operator, q->host_operator,
							q->proxy_operator};
	bool any = false;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (all[i] != NULL && !lists_operator(e, all[i]))
			return false;
		any |= all[i] != NULL;
	}
	return any;
}

static bool
is_of(const struct catalogue_operator *owner, const struct catalogue_operator *other)
{
	return owner == NULL || other == NULL || owner == other ||
	       strcmp(owner->group, other->group) == 0;
}

/* A service named alone is covered on its own operator's addresses, or where nobody knows whose
 * they are; by way of another's proxy it is not. */
static bool
is_at_home(const struct exception_query *q)
{
	return !asks_stranger(q) && is_of(q->service->owner, q->host_operator) &&
	       is_of(q->service->owner, q->proxy_operator);
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

/* Whether all fields match but dates and bytes; zone and kind are those of the key that led here.
 */
static bool
covers(const struct exception *e, const struct exception_query *q)
{
	return !q->in_tunnel && q->confidence >= CONFIDENCE_MEDIUM &&
	       covers_class(e, q->data_class) && covers_operators(e, q) && covers_service(e, q);
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
	/* Every operator that is known has to be listed, so it is enough to look for one. */
	const struct catalogue_operator *known =
		query->service_operator != NULL ? query->service_operator
		: query->host_operator != NULL  ? query->host_operator
						: query->proxy_operator;
	struct key wanted = {.zone = query->zone, .kind = (uint32_t)query->kind};
	size_t best = 0;

	*out = (struct exception_answer){0};
	if (exception_list_count(ledger->list) == 0)
		return;
	uint64_t *used = use_of_day(ledger, query->day);
	struct key_range any = find_range(ledger, &wanted), of_operator = {NULL, NULL};
	wanted.operator_record = known;
	if (known != NULL)
		of_operator = find_range(ledger, &wanted);
	for (const struct key *key; (key = take_first(&any, &of_operator)) != NULL;) {
		size_t i = key->exception;
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
