/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/summary.h"

#include "base/flow_payload.h"
#include "base/reserve.h"
#include "dashboard-export/summary_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A text of a key: longer ones are cut, which keeps the key on the stack. */
#define KEY_TEXT_MAX 200
#define KEY_TEXTS 7
#define KEY_MAX (KEY_TEXTS * (KEY_TEXT_MAX + 1) + sizeof(struct ip_address) + sizeof(uint32_t))

#define OPERATORS_SIZE (SUMMARY_KEYS_MAX * sizeof(struct summary_operator))
#define DESTINATIONS_SIZE (SUMMARY_KEYS_MAX * sizeof(struct summary_destination))

struct row_key {
	size_t len;
	char bytes[KEY_MAX];
};

struct summary *
summary_create(void)
{
	struct summary *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	/* Zero pages until they are used: a small capture costs no megabytes. */
	s->operators = reserve_take(OPERATORS_SIZE, RESERVE_IN_ORDER);
	s->destinations = reserve_take(DESTINATIONS_SIZE, RESERVE_IN_ORDER);
	s->operator_keys = key_index_create(SUMMARY_KEYS_MAX);
	s->destination_keys = key_index_create(SUMMARY_KEYS_MAX);
	bool has_zones = summary_zones_init(&s->zones);
	bool has_alerts = summary_alerts_init(&s->alerts);
	if (!has_zones || !has_alerts || s->operators == NULL || s->destinations == NULL ||
	    s->operator_keys == NULL || s->destination_keys == NULL) {
		summary_destroy(s);
		errno = ENOMEM;
		return NULL;
	}
	return s;
}

void
summary_destroy(struct summary *summary)
{
	if (summary == NULL)
		return;
	summary_alerts_fini(&summary->alerts);
	summary_zones_fini(&summary->zones);
	key_index_destroy(summary->destination_keys);
	key_index_destroy(summary->operator_keys);
	reserve_release(summary->destinations, DESTINATIONS_SIZE);
	reserve_release(summary->operators, OPERATORS_SIZE);
	free(summary);
}

static void
put_bytes(struct row_key *key, const void *bytes, size_t len)
{
	memcpy(key->bytes + key->len, bytes, len);
	key->len += len;
}

/* The text with its NUL; NULL counts as "". */
static void
put_text(struct row_key *key, const char *text)
{
	size_t len = text != NULL ? strnlen(text, KEY_TEXT_MAX) : 0;

	if (len > 0)
		put_bytes(key, text, len);
	put_bytes(key, "", 1);
}

/* The next text of a stored key. */
static const char *
take_text(const char **at)
{
	const char *text = *at;

	*at += strlen(text) + 1;
	return text;
}

static void
put_operator(struct row_key *key, const struct catalogue_operator *owner)
{
	put_text(key, owner != NULL ? owner->id : NULL);
	put_text(key, owner != NULL ? owner->name : NULL);
}

static void
build_operator_key(const struct attribution *a, enum exposure exposure, struct row_key *key)
{
	const struct catalogue_operator *shown = a != NULL ? a->owner : NULL;
	const struct catalogue_operator *host = a != NULL ? attribution_shown_host(a) : NULL;
	const struct catalogue_service *service = a != NULL ? a->service : NULL;
	uint8_t class = (uint8_t)exposure;

	if (shown != NULL && host != NULL && strcmp(shown->id, host->id) == 0)
		host = NULL;
	key->len = 0;
	put_operator(key, shown);
	put_text(key, shown != NULL ? shown->control_country : NULL);
	put_text(key, service != NULL ? service->id : NULL);
	put_text(key, service != NULL ? service->name : NULL);
	put_text(key,
		 a != NULL && a->kind != SERVICE_KIND_UNKNOWN ? service_kind_text(a->kind) : NULL);
	put_operator(key, host);
	put_bytes(key, &class, sizeof(class));
}

static void
init_operator(struct summary_operator *row, const char *key)
{
	row->operator_id = take_text(&key);
	row->operator_name = take_text(&key);
	row->control_country = take_text(&key);
	row->service_id = take_text(&key);
	row->service_name = take_text(&key);
	row->service_kind = take_text(&key);
	row->host_id = take_text(&key);
	row->host_name = take_text(&key);
	row->exposure = (enum exposure)(uint8_t)*key;
}

static void
add_to_operator(struct summary *s, const struct attribution *a, enum exposure exposure,
		const struct summary_sums *flow)
{
	struct row_key key;
	size_t known = key_index_count(s->operator_keys);

	build_operator_key(a, exposure, &key);
	size_t number = key_index_add(s->operator_keys, key.bytes, key.len);
	if (number == KEY_INDEX_FULL) {
		summary_sums_add(&s->operators_beyond, flow);
		return;
	}
	struct summary_operator *row = &s->operators[number];
	if (number == known)
		init_operator(row, key_index_key(s->operator_keys, number));
	row->evidence |= a != NULL ? a->evidence : 0;
	summary_sums_add(&row->sums, flow);
}

static void
build_destination_key(const struct judged_flow *flow, struct row_key *key)
{
	const struct origin *origin = flow->origin;
	uint32_t asn = origin != NULL ? origin->asn : 0;

	key->len = 0;
	put_bytes(key, judged_flow_far_end(flow), sizeof(struct ip_address));
	put_bytes(key, &asn, sizeof(asn));
	put_text(key, origin != NULL ? origin->as_org : NULL);
	put_text(key, origin != NULL ? origin->country : NULL);
}

static void
init_destination(struct summary_destination *row, const char *key)
{
	memcpy(&row->address, key, sizeof(row->address));
	key += sizeof(row->address);
	memcpy(&row->asn, key, sizeof(row->asn));
	key += sizeof(row->asn);
	row->as_org = take_text(&key);
	row->country = take_text(&key);
}

/* One address is in one record of each database, so the first flow speaks for all. */
static void
add_sources(struct summary *s, struct summary_destination *row, const struct origin *origin)
{
	if (origin == NULL)
		return;
	row->asn_source = summary_source_number(&s->sources, origin->asn_source);
	row->country_source = summary_source_number(&s->sources, origin->country_source);
}

static void
add_to_destination(struct summary *s, const struct judged_flow *flow,
		   const struct summary_sums *sums)
{
	struct row_key key;
	size_t known = key_index_count(s->destination_keys);

	build_destination_key(flow, &key);
	size_t number = key_index_add(s->destination_keys, key.bytes, key.len);
	if (number == KEY_INDEX_FULL) {
		summary_sums_add(&s->destinations_beyond, sums);
		return;
	}
	struct summary_destination *row = &s->destinations[number];
	if (number == known) {
		init_destination(row, key_index_key(s->destination_keys, number));
		add_sources(s, row, flow->origin);
	}
	summary_sums_add(&row->sums, sums);
}

static enum summary_naming
naming_of(const struct judged_flow *flow)
{
	if (flow->name == NULL || flow->name[0] == '\0')
		return SUMMARY_UNNAMED;
	if (flow->name_is_outer)
		return SUMMARY_OUTER_ONLY;
	return domain_name_is_address(flow->name) ? SUMMARY_ADDRESS_ONLY : SUMMARY_NAMED;
}

static bool
tells_names(uint8_t protocol)
{
	return protocol == APP_PROTOCOL_TLS || protocol == APP_PROTOCOL_QUIC ||
	       protocol == APP_PROTOCOL_HTTP;
}

static void
add_egress(struct summary *s, const struct judged_flow *flow, const struct summary_sums *sums)
{
	enum summary_naming naming = naming_of(flow);
	bool known = flow->attribution != NULL && flow->attribution->owner != NULL;

	summary_sums_add(&s->namings[naming], sums);
	if (tells_names(flow->record->protocol))
		summary_sums_add(&s->web_namings[naming], sums);
	if (!known)
		summary_sums_add(&s->operator_unknown, sums);
	if (naming == SUMMARY_NAMED)
		return;
	if (known)
		summary_sums_add(&s->told_by_address, sums);
	if (!flow->excluded)
		add_to_destination(s, flow, sums);
}

void
summary_add_flow(struct summary *summary, const struct judged_flow *flow)
{
	const struct flow_record *r = flow->record;
	const struct attribution *a = flow->attribution;
	enum flow_direction direction = flow->direction;
	struct summary_direction *totals = &summary->directions[direction];
	struct flow_payload payload = flow_payload_of(r);
	struct summary_sums sums = {.flows = 1, .up = payload.out, .down = payload.in};
	enum exposure exposure = a != NULL ? a->exposure : EXPOSURE_UNKNOWN;

	summary_sums_add(&totals->payload, &sums);
	totals->packets += r->from_source.packets + r->from_destination.packets;
	totals->ip_bytes += r->from_source.bytes + r->from_destination.bytes;
	if (direction == FLOW_DIRECTION_INTERNAL || direction == FLOW_DIRECTION_TRANSIT)
		return;
	summary_sums_add(&summary->exposures[exposure], &sums);
	add_to_operator(summary, a, exposure, &sums);
	if (!flow->excluded)
		summary_zones_add(&summary->zones, flow, &sums);
	if (direction == FLOW_DIRECTION_EGRESS)
		add_egress(summary, flow, &sums);
}

static void
add_counter(struct summary_counters *to, const struct summary_counter *counter)
{
	size_t i = 0;

	to->total += counter->count;
	while (i < to->used &&
	       strncmp(to->names[i], counter->name, SUMMARY_COUNTER_NAME_MAX - 1) != 0)
		i++;
	if (i == SUMMARY_COUNTERS_MAX)
		return;
	if (i == to->used) {
		memcpy(to->names[i], counter->name,
		       strnlen(counter->name, SUMMARY_COUNTER_NAME_MAX - 1));
		to->used++;
	}
	to->counts[i] += counter->count;
}

void
summary_add_packets(struct summary *summary, const struct summary_packets *packets)
{
	summary->packets_in += packets->packets_in;
	summary->bytes_in += packets->bytes_in;
	summary->packets_tracked += packets->packets_tracked;
	for (size_t i = 0; i < packets->refused_count; i++)
		add_counter(&summary->refused, &packets->refused[i]);
	for (size_t i = 0; i < packets->note_count; i++)
		add_counter(&summary->notes, &packets->notes[i]);
}

void
summary_add_capture(struct summary *summary, bool damaged)
{
	summary->captures++;
	summary->captures_damaged += damaged;
}

void
summary_add_passed_over(struct summary *summary)
{
	summary->passed_over++;
}
