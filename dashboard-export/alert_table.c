/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries hang in two lists: in the chain of their bucket, and in the order of use. What leaves the
 * table is handed on first, if it is an alert and has news.
 */
#include "dashboard-export/alert_table.h"

#include "base/byte_hash.h"
#include "base/reserve.h"
#include "base/time_zone.h"
#include "dashboard-export/alert_group.h"
#include "dashboard-export/alert_id.h"
#include "dashboard-export/alert_room.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Keys are longer only where ids of the settings are. */
#define KEY_ROOM 96

#define CACHE_LINE 64

#define BUCKETS_FIRST 1024u

struct entry {
	struct entry *chain; /* of the bucket; of a free entry: the next free one */
	struct entry *older, *newer;
	uint64_t hash;
	struct alert alert;
	bool changed; /* since it was handed on */
	bool told;
	enum severity told_severity;
	uint64_t told_ns; /* by the table's clock */
	size_t key_len;
	char *key; /* in `key_room`, or allocated */
	struct alert_room room;
	char key_room[KEY_ROOM];
};

/* Whose entry was looked for ahead. */
struct next {
	const struct judged_flow *flow; /* NULL: nobody's */
	uint64_t hash;
	struct alert_id_parts key;
};

struct alert_table {
	struct next next;
	struct alert_table_config config;
	struct keyed_hash *ids;
	uint64_t seed;          /* of the hashes */
	struct entry **buckets; /* more of them as entries become more */
	size_t bucket_mask;
	struct entry *entries; /* room for the greatest number */
	size_t touched;        /* of them, from the first on */
	struct entry *free;
	struct entry **sorted; /* room for flushing */
	struct entry *oldest, *newest;
	size_t count;
	uint64_t evicted;
	uint64_t now_ns; /* latest time heard of: of packets, or of the caller's clock */
	int error;       /* the receiver's first */
};

struct alert_table *
alert_table_create(const struct alert_table_config *config)
{
	struct alert_table *t = config->max_alerts > 0 ? calloc(1, sizeof(*t)) : NULL;

	if (t == NULL) {
		errno = config->max_alerts > 0 ? ENOMEM : EINVAL;
		return NULL;
	}
	t->config = *config;
	t->seed = byte_hash_seed();
	t->bucket_mask = BUCKETS_FIRST - 1;
	t->buckets = calloc(BUCKETS_FIRST, sizeof(*t->buckets));
	t->entries = reserve_take(t->config.max_alerts * sizeof(*t->entries), RESERVE_IN_ORDER);
	t->sorted = reserve_take(t->config.max_alerts * sizeof(*t->sorted), RESERVE_SCATTERED);
	t->ids = keyed_hash_create(config->key.bytes, sizeof(config->key.bytes));
	site_key_fini(&t->config.key); /* the hash has its own copy */
	if (t->buckets == NULL || t->entries == NULL || t->sorted == NULL || t->ids == NULL) {
		alert_table_destroy(t);
		errno = ENOMEM;
		return NULL;
	}
	return t;
}

static void
release_entry(struct entry *entry)
{
	alert_fini(&entry->alert);
	if (entry->key != entry->key_room)
		free(entry->key);
}

void
alert_table_destroy(struct alert_table *table)
{
	if (table == NULL)
		return;
	for (struct entry *e = table->oldest; e != NULL; e = e->newer)
		release_entry(e);
	keyed_hash_destroy(table->ids);
	reserve_release(table->entries, table->config.max_alerts * sizeof(*table->entries));
	reserve_release(table->sorted, table->config.max_alerts * sizeof(*table->sorted));
	free(table->buckets);
	free(table);
}

static void
unlink_use(struct alert_table *t, struct entry *e)
{
	*(e->older != NULL ? &e->older->newer : &t->oldest) = e->newer;
	*(e->newer != NULL ? &e->newer->older : &t->newest) = e->older;
}

static void
link_newest(struct alert_table *t, struct entry *e)
{
	e->older = t->newest;
	e->newer = NULL;
	*(t->newest != NULL ? &t->newest->newer : &t->oldest) = e;
	t->newest = e;
}

static struct entry **
find_slot(struct alert_table *t, const struct alert_id_parts *key, uint64_t hash)
{
	struct entry **slot = &t->buckets[hash & t->bucket_mask];

	while (*slot != NULL && !((*slot)->hash == hash && (*slot)->key_len == key->len &&
				  memcmp((*slot)->key, key->bytes, key->len) == 0))
		slot = &(*slot)->chain;
	return slot;
}

/* What reaches the minimum has an id from then on; most groups never do. */
static bool
has_id(struct alert_table *t, struct entry *e)
{
	struct alert_id_parts key;

	if (e->alert.id[0] != '\0')
		return true;
	key.len = e->key_len;
	memcpy(key.bytes, e->key, e->key_len);
	return alert_id_make(t->ids, &key, e->alert.id);
}

static void
hand_on(struct alert_table *t, struct entry *e)
{
	if (t->error == 0)
		t->error = has_id(t, e) ? 0 : -ENOMEM;
	if (t->error == 0)
		t->error = t->config.on_alert(t->config.context, &e->alert);
	e->changed = false;
	e->told = true;
	e->told_severity = alert_severity(&e->alert);
	e->told_ns = t->now_ns;
}

static void
note_time(struct alert_table *t, uint64_t now_ns)
{
	if (now_ns > t->now_ns)
		t->now_ns = now_ns;
}

/* Whether so much time has passed that new sums are worth a line. */
static bool
is_update_due(const struct alert_table *t, const struct entry *e)
{
	return t->config.update_ns != 0 && t->now_ns - e->told_ns >= t->config.update_ns;
}

/* What is no alert, or was told of in full, has none. */
static bool
has_news(const struct entry *e)
{
	return e->changed && alert_reached_minimum(&e->alert);
}

static void
forget(struct alert_table *t, struct entry *e)
{
	struct entry **slot = &t->buckets[e->hash & t->bucket_mask];

	if (has_news(e))
		hand_on(t, e);
	while (*slot != e)
		slot = &(*slot)->chain;
	*slot = e->chain;
	unlink_use(t, e);
	t->count--;
	release_entry(e);
	e->chain = t->free;
	t->free = e;
}

static void
make_room(struct alert_table *t)
{
	if (t->count < t->config.max_alerts)
		return;
	t->evicted += alert_reached_minimum(&t->oldest->alert);
	forget(t, t->oldest);
}

static void
enter_chain(struct alert_table *t, struct entry *e)
{
	struct entry **bucket = &t->buckets[e->hash & t->bucket_mask];

	e->chain = *bucket;
	*bucket = e;
}

/* Without memory buckets stay as few as they are. */
static void
grow(struct alert_table *t)
{
	size_t mask = 2 * t->bucket_mask + 1;
	struct entry **buckets = calloc(mask + 1, sizeof(struct entry *));

	if (buckets == NULL)
		return;
	free(t->buckets);
	t->buckets = buckets;
	t->bucket_mask = mask;
	for (struct entry *e = t->oldest; e != NULL; e = e->newer)
		enter_chain(t, e);
}

static struct entry *
take_place(struct alert_table *t)
{
	struct entry *e = t->free;

	if (e == NULL)
		return &t->entries[t->touched++];
	t->free = e->chain;
	return e;
}

/* A new entry, which is the newest; NULL without memory. */
static struct entry *
add_entry(struct alert_table *t, const struct alert_id_parts *key, uint64_t hash, int32_t day)
{
	char *long_key = key->len > KEY_ROOM ? malloc(key->len) : NULL;

	if (key->len > KEY_ROOM && long_key == NULL)
		return NULL;
	make_room(t);
	struct entry *e = take_place(t);
	e->hash = hash;
	e->changed = e->told = false;
	e->key_len = key->len;
	e->key = long_key != NULL ? long_key : e->key_room;
	memcpy(e->key, key->bytes, key->len);
	alert_init(&e->alert, NULL, day, t->config.minimum);
	alert_use_room(&e->alert, &e->room);
	link_newest(t, e);
	enter_chain(t, e);
	if (++t->count > t->bucket_mask)
		grow(t);
	return e;
}

/* The entry of the key, used just now. */
static struct entry *
get_entry(struct alert_table *t, const struct alert_id_parts *key, uint64_t hash, int32_t day)
{
	struct entry *e = *find_slot(t, key, hash);

	if (e == NULL)
		return add_entry(t, key, hash, day);
	unlink_use(t, e);
	link_newest(t, e);
	return e;
}

/* What becomes of news: where somebody watches, a new alert or severity is told at once and new
 * sums now and then; else all is told when the day is over. */
static int
note_change(struct alert_table *t, struct entry *e)
{
	e->changed = true;
	if (!alert_reached_minimum(&e->alert))
		return t->error;
	if (!has_id(t, e))
		return -ENOMEM;
	if (t->config.live &&
	    (!e->told || e->told_severity != alert_severity(&e->alert) || is_update_due(t, e)))
		hand_on(t, e);
	return t->error;
}

/* The key of the flow's group. */
static void
join_key(const struct judged_flow *flow, struct alert_id_parts *key)
{
	const struct attribution *a = flow->attribution;
	char day[TIME_ZONE_DATE_LEN];

	time_zone_format_day(flow->day, day);
	const char *const texts[ALERT_ID_PARTS] = {
		flow->zone != NULL ? flow->zone->id : NULL,
		flow->host,
		a != NULL && a->owner != NULL ? a->owner->id : NULL,
		service_kind_text(a != NULL ? a->kind : SERVICE_KIND_UNKNOWN),
		flow->verdict->rule_id,
		day,
	};
	alert_id_join(texts, key);
}

void
alert_table_prefetch(struct alert_table *table, const struct judged_flow *flow)
{
	struct next *next = &table->next;

	join_key(flow, &next->key);
	next->flow = flow;
	next->hash = byte_hash(slice_of(next->key.bytes, next->key.len), table->seed);
	const char *e = (const char *)table->buckets[next->hash & table->bucket_mask];
	for (size_t at = 0; e != NULL && at < sizeof(struct entry); at += CACHE_LINE)
		__builtin_prefetch(e + at);
}

int
alert_table_add(struct alert_table *table, const struct judged_flow *flow,
		const struct flow_fresh *fresh)
{
	if (table->next.flow != flow)
		alert_table_prefetch(table, flow);
	table->next.flow = NULL;
	note_time(table, flow->record->end_ns);
	struct entry *e = get_entry(table, &table->next.key, table->next.hash, flow->day);
	if (e == NULL || alert_add_flow(&e->alert, flow, fresh) != 0)
		return -ENOMEM;
	return note_change(table, e);
}

int
alert_table_add_finding(struct alert_table *table, const struct judged_finding *finding)
{
	char day[TIME_ZONE_DATE_LEN];
	struct alert_id_parts key;

	time_zone_format_day(finding->day, day);
	const char *const texts[ALERT_ID_PARTS] = {
		finding->zone != NULL ? finding->zone->id : NULL,
		finding->subject,
		NULL,
		NULL,
		finding->rule->id,
		day,
	};
	alert_id_join(texts, &key);
	uint64_t hash = byte_hash(slice_of(key.bytes, key.len), table->seed);
	struct entry *e = get_entry(table, &key, hash, finding->day);
	if (e == NULL)
		return -ENOMEM;
	/* Its end is news only as long as it has not been told: one line is enough. */
	if (e->alert.finding != NULL) {
		alert_extend_finding(&e->alert, finding);
		return table->error;
	}
	if (alert_set_finding(&e->alert, finding) != 0)
		return -ENOMEM;
	return note_change(table, e);
}

int
alert_table_update(struct alert_table *table, uint64_t now_ns)
{
	note_time(table, now_ns);
	for (struct entry *e = table->oldest; table->config.live && e != NULL; e = e->newer) {
		if (e->told && has_news(e) && is_update_due(table, e))
			hand_on(table, e);
	}
	return table->error;
}

static int
compare_entries(const void *a, const void *b)
{
	const struct alert *x = &(*(const struct entry *const *)a)->alert;
	const struct alert *y = &(*(const struct entry *const *)b)->alert;

	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	return strcmp(x->id, y->id);
}

int
alert_table_flush(struct alert_table *table, int32_t day)
{
	size_t count = 0;

	for (struct entry *e = table->oldest, *next; e != NULL; e = next) {
		next = e->newer;
		if (e->alert.day >= day && day != INT32_MAX)
			continue;
		if (has_news(e))
			table->sorted[count++] = e;
		else
			forget(table, e); /* in silence */
	}
	qsort(table->sorted, count, sizeof(*table->sorted), compare_entries);
	for (size_t i = 0; i < count; i++)
		forget(table, table->sorted[i]);
	return table->error;
}

uint64_t
alert_table_evicted(const struct alert_table *table)
{
	return table->evicted;
}
