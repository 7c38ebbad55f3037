/* SPDX-License-Identifier: Apache-2.0 */
#include "dataplane/inspect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "classifier/names/client_stream.h"
#include "classifier/names/ja4.h"
#include "dataplane/inspect_internal.h"

/* In flight at once: directions whose first message has begun and is not complete. */
#define INSPECTIONS_MAX 16384u
#define INSPECTIONS_LARGE_MAX 512u

int
inspector_init(struct inspector *inspector, struct flow_table *flows,
	       struct worker_counters *counters)
{
	*inspector = (struct inspector){.flows = flows, .counters = counters};
	inspector->pool = inspection_pool_create(INSPECTIONS_MAX, INSPECTIONS_LARGE_MAX);
	inspector->names = name_pool_create(flow_table_max(flows));
	inspector->details = detail_pool_create(flow_table_max(flows));
	inspector->repeats = repeat_table_create();
	inspector->quic = quic_opener_create();
	inspector->reader = client_reader_create();
	inspector->ja4 = ja4_maker_create();
	inspector->scratch = malloc(INSPECTOR_SCRATCH);
	if (inspector->pool == NULL || inspector->names == NULL || inspector->details == NULL ||
	    inspector->repeats == NULL || inspector->quic == NULL || inspector->reader == NULL ||
	    inspector->ja4 == NULL || inspector->scratch == NULL) {
		inspector_fini(inspector);
		return -ENOMEM;
	}
	return 0;
}

void
inspector_fini(struct inspector *inspector)
{
	inspection_pool_destroy(inspector->pool);
	name_pool_destroy(inspector->names);
	detail_pool_destroy(inspector->details);
	repeat_table_destroy(inspector->repeats);
	quic_opener_destroy(inspector->quic);
	client_reader_destroy(inspector->reader);
	ja4_maker_destroy(inspector->ja4);
	free(inspector->scratch);
	*inspector = (struct inspector){0};
}

struct inspection *
inspect_find(const struct inspector *ins, const struct flow *flow, unsigned direction)
{
	uint32_t index = flow->inspect;

	while (index != FLOW_NONE) {
		struct inspection *i = inspection_pool_get(ins->pool, index);
		if (i->direction == direction)
			return i;
		index = i->pair;
	}
	return NULL;
}

void
inspect_release(struct inspector *ins, struct flow *flow)
{
	while (flow->inspect != FLOW_NONE) {
		uint32_t index = flow->inspect;
		flow->inspect = inspection_pool_get(ins->pool, index)->pair;
		inspection_pool_release(ins->pool, index);
	}
}

void
inspect_release_side(struct inspector *ins, struct flow *flow, unsigned direction)
{
	uint32_t *link = &flow->inspect;

	while (*link != FLOW_NONE) {
		uint32_t index = *link;
		struct inspection *i = inspection_pool_get(ins->pool, index);
		if (i->direction == direction) {
			*link = i->pair;
			inspection_pool_release(ins->pool, index);
			return;
		}
		link = &i->pair;
	}
}

/* The direction asks for nothing more; a beginning that is lost by it is told. */
static void
evict_oldest(struct inspector *ins)
{
	const struct inspection *i =
		inspection_pool_get(ins->pool, inspection_pool_oldest(ins->pool));
	struct flow *flow = flow_table_get(ins->flows, i->flow);
	unsigned direction = i->direction;

	inspect_note(ins, NOTE_INSPECTION_EVICTED);
	flow->flags |= FLOW_FLAG_CUT_POOL;
	if (flow->initiator_rank <= INITIATOR_GUESSED || flow->initiator == direction)
		flow->flags |= FLOW_FLAG_NAME_INCOMPLETE;
	if (flow->key.transport == TRANSPORT_TCP) {
		flow->owes &= (uint8_t) ~(FLOW_OWES_LOW << direction);
		inspect_release_side(ins, flow, direction);
	} else {
		flow->owes &= (uint8_t)~FLOW_OWES_FIRST_BYTES;
		inspect_release(ins, flow);
	}
}

static uint32_t
take_from_pool(struct inspector *ins, uint32_t index)
{
	uint32_t taken = inspection_pool_take(ins->pool, index);

	if (taken == FLOW_NONE) {
		evict_oldest(ins);
		taken = inspection_pool_take(ins->pool, index);
	}
	return taken;
}

struct inspection *
inspect_take(struct inspector *ins, uint32_t index)
{
	struct flow *flow = flow_table_get(ins->flows, index);

	if (flow->inspect == FLOW_NONE)
		flow->inspect = take_from_pool(ins, index);
	return inspection_pool_get(ins->pool, flow->inspect);
}

struct inspection *
inspect_take_side(struct inspector *ins, uint32_t index, unsigned direction)
{
	struct flow *flow = flow_table_get(ins->flows, index);
	struct inspection *i = inspect_find(ins, flow, direction);

	if (i != NULL)
		return i;
	uint32_t taken = take_from_pool(ins, index);
	i = inspection_pool_get(ins->pool, taken);
	i->direction = (uint8_t)direction;
	i->pair = flow->inspect;
	flow->inspect = taken;
	return i;
}

bool
inspect_add_to(struct inspector *ins, struct flow *flow, struct inspection *to, uint64_t offset,
	       struct slice piece)
{
	if (offset + piece.len > to->stream.size)
		(void)inspection_pool_enlarge(ins->pool, to);
	unsigned result = first_bytes_add(&to->stream, offset, piece);
	if ((result & FIRST_BYTES_CONFLICT) != 0) {
		flow->flags |= FLOW_FLAG_OVERLAP_CONFLICT;
		inspect_note(ins, NOTE_OVERLAP_CONFLICT);
	}
	if ((result & FIRST_BYTES_TOO_MANY_RUNS) != 0)
		inspect_note(ins, NOTE_FIRST_BYTES_SCATTERED);
	if ((result & FIRST_BYTES_BEYOND) == 0)
		return true;
	bool is_large = to->stream.size >= INSPECTION_LARGE;
	inspect_note(ins, is_large ? NOTE_FIRST_BYTES_TOO_LONG : NOTE_LARGE_POOL_EMPTY);
	/* What fitted may still hold the whole message: only a stream that cannot grow is given up.
	 */
	if (first_bytes_contiguous(&to->stream).len < to->stream.size)
		return true;
	flow->flags |= is_large ? FLOW_FLAG_CUT_BUFFER : FLOW_FLAG_CUT_POOL;
	return false;
}

bool
inspect_add(struct inspector *ins, struct flow *flow, uint64_t offset, struct slice piece)
{
	return inspect_add_to(ins, flow, inspection_pool_get(ins->pool, flow->inspect), offset,
			      piece);
}

void
inspect_initiator(struct flow *flow, unsigned direction)
{
	if (flow->initiator_rank >= INITIATOR_NAMED)
		return;
	flow->initiator = (uint8_t)direction;
	flow->initiator_rank = INITIATOR_NAMED;
}

void
inspect_name(struct inspector *ins, struct flow *flow, const char *name, size_t len,
	     enum name_source source)
{
	if (len == 0) {
		flow->flags |= FLOW_FLAG_NAME_REFUSED;
		inspect_note(ins, NOTE_NAME_REFUSED);
		return;
	}
	if (flow->name != FLOW_NONE)
		return;
	flow->name = name_pool_add(ins->names, name, len);
	if (flow->name == NAME_POOL_NONE)
		inspect_note(ins, NOTE_NAME_POOL_FULL);
	else
		flow->name_source = (uint8_t)source;
}

void
inspect_other_names(struct inspector *ins, struct flow *flow, unsigned count)
{
	struct flow_detail *detail = count != 0 ? inspect_detail(ins, flow) : NULL;

	if (detail == NULL)
		return;
	unsigned room = UINT16_MAX - detail->other_names;
	detail->other_names += (uint16_t)(count < room ? count : room);
}

bool
inspect_name_is(const struct inspector *ins, const struct flow *flow, const char *name, size_t len)
{
	size_t known_len;
	const char *known = name_pool_get(ins->names, flow->name, &known_len);

	return known_len == len && memcmp(known, name, len) == 0;
}

struct flow_detail *
inspect_detail(struct inspector *ins, struct flow *flow)
{
	if (flow->detail == FLOW_NONE) {
		flow->detail = detail_pool_take(ins->details);
		if (flow->detail == FLOW_NONE)
			inspect_note(ins, NOTE_DETAIL_POOL_FULL);
	}
	return flow->detail != FLOW_NONE ? detail_pool_get(ins->details, flow->detail) : NULL;
}

void
inspect_alpn(struct inspector *ins, struct flow *flow, struct slice alpn)
{
	if (alpn.len == 0 || alpn.len >= FLOW_ALPN_MAX)
		return;
	for (size_t i = 0; i < alpn.len; i++) {
		if (alpn.data[i] <= ' ' || alpn.data[i] >= 0x7f)
			return;
	}
	struct flow_detail *detail = inspect_detail(ins, flow);
	if (detail == NULL)
		return;
	memcpy(detail->alpn, alpn.data, alpn.len);
	detail->alpn[alpn.len] = '\0';
}

void
inspect_hello_detail(struct inspector *ins, struct flow *flow, const struct tls_client_hello *hello)
{
	struct flow_detail *detail = inspect_detail(ins, flow);

	_Static_assert(JA4_TEXT_SIZE == sizeof(detail->ja4), "a fingerprint and its NUL");
	if (detail != NULL && detail->ja4[0] == '\0')
		ja4_format(ins->ja4, hello, detail->ja4);
	/* What a server chose before its client's hello was seen stays. */
	if (detail != NULL && detail->alpn[0] == '\0')
		inspect_alpn(ins, flow, hello->alpn);
	if (hello->has_ech)
		flow->flags |= FLOW_FLAG_ECH_OR_GREASE;
	if (hello->server_name.len == 0)
		flow->flags |= FLOW_FLAG_NO_SNI;
}

void
inspect_client_hello(struct inspector *ins, struct flow *flow, const struct tls_client_hello *hello,
		     enum name_source source)
{
	char name[DOMAIN_NAME_MAX];

	flow->state |= FLOW_HELLO_SEEN;
	inspect_hello_detail(ins, flow, hello);
	if (hello->server_name.len != 0)
		inspect_name(ins, flow, name, domain_name_canonical(hello->server_name, name),
			     source);
}

/* A QUIC client's hello of which no more will come. */
static void
read_cut_crypto(struct inspector *ins, struct flow *flow, struct slice bytes)
{
	struct tls_client_hello hello;
	char name[DOMAIN_NAME_MAX];

	if (tls_client_hello_cut_parse(bytes, TLS_CARRIER_QUIC, &hello) == PARSE_FOUND)
		inspect_name(ins, flow, name, domain_name_canonical(hello.server_name, name),
			     NAME_SOURCE_QUIC_SNI);
}

void
inspect_end(struct inspector *inspector, uint32_t index)
{
	struct flow *flow = flow_table_get(inspector->flows, index);

	if (flow->key.transport == TRANSPORT_UDP)
		inspect_udp_end(inspector, flow);
	if (flow->inspect == FLOW_NONE)
		return;
	if (flow->key.transport == TRANSPORT_TCP) {
		inspect_tcp_end(inspector, index);
		return;
	}
	const struct inspection *i = inspection_pool_get(inspector->pool, flow->inspect);
	if (i->began || i->stream.run_count != 0) {
		flow->flags |= FLOW_FLAG_NAME_INCOMPLETE;
		if (i->stream.run_count > 1)
			flow->flags |= FLOW_FLAG_CUT_GAP;
		inspect_note(inspector, NOTE_NAME_INCOMPLETE);
		if (flow->protocol == APP_PROTOCOL_QUIC)
			read_cut_crypto(inspector, flow, first_bytes_contiguous(&i->stream));
	}
	inspect_release(inspector, flow);
}
