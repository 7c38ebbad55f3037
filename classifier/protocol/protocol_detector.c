/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one file that knows nDPI 4.2. What keeps its answers the same in every run and for any number
 * of workers:
 *
 * - its tables across flows (BitTorrent peers, STUN, Zoom, Teams, mining, Ookla, certificates,
 *   tinc) are emptied after every packet; they are members of a struct that only the library's own
 *   build sees, so this file asks for that view and compares its size when a detector is created;
 * - it sees no captured packet, but one that protocol_frame.c writes around the same payload: its
 *   list of addresses would know nothing, and is not searched;
 * - a rule for BitTorrent over UDP compares bytes with the wall clock: such a packet is only shown
 *   to that dissector when it also looks like BitTorrent.
 *
 * What it allocates for a flow comes from the flow's slot (protocol_memory.h) through hooks, which
 * are the process's: so the slot of the call under way is kept in a variable of the thread.
 */
#include "classifier/protocol/protocol_detector.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define NDPI_LIB_COMPILATION
#include <ndpi/ndpi_api.h>

#include "classifier/protocol/protocol_belief.h"
#include "classifier/protocol/protocol_category.h"
#include "classifier/protocol/protocol_check.h"
#include "classifier/protocol/protocol_frame.h"
#include "classifier/protocol/protocol_memory.h"
#include "classifier/protocol/protocol_risk.h"

_Static_assert(NDPI_MAX_RISK == PROTOCOL_RISK_COUNT, "protocol_risk.c has a word for each risk");
_Static_assert(CUSTOM_CATEGORY_MINING + 1 == PROTOCOL_CATEGORY_COUNT &&
		       NDPI_PROTOCOL_CATEGORY_VIRTUAL_ASSISTANT == 32,
	       "protocol_category.c goes by the library's numbers");
_Static_assert(sizeof(((struct ndpi_flow_struct *)0)->host_server_name) == PROTOCOL_HOST_MAX,
	       "names are cut where the header says");

struct state {
	struct ndpi_flow_struct flow;
	struct protocol_sequence sequence;
	struct protocol_doubt doubt;
	uint8_t hidden; /* from which of `picky` packets are hidden so far, a bit each */
};

struct protocol_detector {
	enum protocol_detector_scope scope;
	struct ndpi_detection_module_struct *module;
	struct protocol_memory *memory;
	ndpi_patricia_tree_t *no_addresses; /* of IPv4, in place of the library's list */
	uint8_t frame[PROTOCOL_FRAME_ROOM];
};

/* Of the call into the library under way: where its memory comes from, and whether that ran out. */
static _Thread_local struct {
	struct protocol_memory *memory; /* NULL: outside a call */
	uint32_t slot;
	bool ran_out;
} call;

/* The table of BitTorrent peers is larger than any block: it is done without. */
static void *
hook_malloc(size_t size)
{
	if (call.memory == NULL)
		return malloc(size);
	void *block = protocol_memory_alloc(call.memory, call.slot, size);
	call.ran_out |= block == NULL && size <= PROTOCOL_MEMORY_BLOCK_MAX;
	return block;
}

static void
hook_free(void *block)
{
	if (call.memory != NULL && protocol_memory_contains(call.memory, block))
		protocol_memory_free(call.memory, block);
	else
		free(block);
}

/* Detectors kept when they are destroyed: as many as there are workers, usually. */
#define SPARES_MAX 8

/* Guards the spares and the library's globals: hooks, tables that the first detector builds. */
static pthread_mutex_t creation = PTHREAD_MUTEX_INITIALIZER;

/* What was destroyed waits to be created again, with nothing of a flow in it: a replay of many
 * captures has a new worker for each, and the library's start would take longer than the capture.
 */
static struct {
	struct ndpi_detection_module_struct *module;
	enum protocol_detector_scope scope;
} spares[SPARES_MAX];

/* The struct's layouts are part of what this was built with. */
static bool
is_same_library(void)
{
	return ndpi_get_api_version() == NDPI_API_VERSION &&
	       ndpi_detection_get_sizeof_ndpi_flow_struct() == sizeof(struct ndpi_flow_struct) &&
	       ndpi_get_ndpi_detection_module_size() == sizeof(struct ndpi_detection_module_struct);
}

/* Dissectors that random bytes pass, or bytes of which a few are small, or any on their port; and
 * no cheap look of ours tells better. */
static const uint16_t left_out[] = {
	NDPI_PROTOCOL_SKYPE_TEAMS, NDPI_PROTOCOL_TARGUS_GETDATA,
	NDPI_PROTOCOL_NOE,         NDPI_PROTOCOL_VIBER,
	NDPI_PROTOCOL_IMO,         NDPI_PROTOCOL_AYIYA,
	NDPI_PROTOCOL_CASSANDRA,   NDPI_PROTOCOL_WEBSOCKET,
	NDPI_PROTOCOL_RTMP,        NDPI_PROTOCOL_H323,
	NDPI_PROTOCOL_Z3950,
};

static void
choose_dissectors(struct ndpi_detection_module_struct *module, enum protocol_detector_scope scope)
{
	NDPI_PROTOCOL_BITMASK chosen;

	NDPI_BITMASK_SET_ALL(chosen);
	for (size_t i = 0; i < sizeof(left_out) / sizeof(*left_out); i++)
		NDPI_BITMASK_DEL(chosen, left_out[i]);
	if (scope == PROTOCOL_DETECTOR_UNKNOWN)
		NDPI_BITMASK_DEL(chosen, NDPI_PROTOCOL_QUIC);
	ndpi_set_protocol_detection_bitmask2(module, &chosen);
}

static struct ndpi_detection_module_struct *
create_module(enum protocol_detector_scope scope)
{
	char text[] = "fills the library's table of characters";
	char found[sizeof(text)];

	if (!is_same_library()) {
		errno = ENOTSUP;
		return NULL;
	}
	set_ndpi_malloc(hook_malloc);
	set_ndpi_free(hook_free);
	struct ndpi_detection_module_struct *module =
		ndpi_init_detection_module(ndpi_dont_load_tor_hosts);
	if (module == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	choose_dissectors(module, scope);
	ndpi_finalize_initialization(module);
	/* Built at its first use, which must not be that of two workers at once. */
	(void)ndpi_has_human_readeable_string(module, text, sizeof(text), 8, found, sizeof(found));
	return module;
}

/* A spare one, or a new one. */
static struct ndpi_detection_module_struct *
take_module(enum protocol_detector_scope scope)
{
	for (size_t i = 0; i < SPARES_MAX; i++) {
		struct ndpi_detection_module_struct *module = spares[i].module;
		if (module != NULL && spares[i].scope == scope) {
			spares[i].module = NULL;
			return module;
		}
	}
	return create_module(scope);
}

static void
give_module_back(struct ndpi_detection_module_struct *module, enum protocol_detector_scope scope)
{
	for (size_t i = 0; i < SPARES_MAX; i++) {
		if (spares[i].module == NULL) {
			spares[i].module = module;
			spares[i].scope = scope;
			return;
		}
	}
	ndpi_exit_detection_module(module);
}

struct protocol_detector *
protocol_detector_create(enum protocol_detector_scope scope)
{
	struct protocol_detector *detector = calloc(1, sizeof(*detector));
	if (detector == NULL)
		return NULL;
	detector->scope = scope;
	detector->memory = protocol_memory_create(PROTOCOL_STATES_MAX, sizeof(struct state));
	int error = errno;
	if (detector->memory != NULL) {
		pthread_mutex_lock(&creation);
		errno = ENOMEM;
		detector->no_addresses = ndpi_patricia_new(32);
		if (detector->no_addresses != NULL)
			detector->module = take_module(scope);
		error = errno;
		pthread_mutex_unlock(&creation);
	}
	if (detector->module == NULL) {
		protocol_detector_destroy(detector);
		errno = error;
		return NULL;
	}
	return detector;
}

void
protocol_detector_destroy(struct protocol_detector *detector)
{
	if (detector == NULL)
		return;
	pthread_mutex_lock(&creation);
	if (detector->module != NULL)
		give_module_back(detector->module, detector->scope);
	if (detector->no_addresses != NULL)
		ndpi_patricia_destroy(detector->no_addresses, NULL);
	pthread_mutex_unlock(&creation);
	protocol_memory_destroy(detector->memory);
	free(detector);
}

uint32_t
protocol_detector_begin(struct protocol_detector *detector, uint32_t flow)
{
	return protocol_memory_take(detector->memory, flow);
}

void
protocol_detector_release(struct protocol_detector *detector, uint32_t state)
{
	protocol_memory_release(detector->memory, state);
}

uint32_t
protocol_detector_oldest(const struct protocol_detector *detector)
{
	return protocol_memory_oldest(detector->memory);
}

uint32_t
protocol_detector_flow(const struct protocol_detector *detector, uint32_t state)
{
	return protocol_memory_owner(detector->memory, state);
}

static void
forget_cache(struct ndpi_lru_cache **cache)
{
	if (*cache == NULL)
		return;
	ndpi_lru_free_cache(*cache);
	*cache = NULL;
}

/* What the packet left in the tables across flows lies in its slot, and goes. */
static void
forget_other_flows(struct ndpi_detection_module_struct *module)
{
	forget_cache(&module->ookla_cache);
	forget_cache(&module->bittorrent_cache);
	forget_cache(&module->zoom_cache);
	forget_cache(&module->stun_cache);
	forget_cache(&module->tls_cert_cache);
	forget_cache(&module->mining_cache);
	forget_cache(&module->msteams_cache);
	module->tinc_cache = NULL;
	memset(&module->packet, 0, sizeof(module->packet));
}

static void
copy_lowered(char *out, size_t size, const char *text)
{
	size_t i = 0;

	for (; text[i] != '\0' && i + 1 < size; i++)
		out[i] = (char)tolower((unsigned char)text[i]);
	out[i] = '\0';
}

/* Protocols in which the library's one field for a name holds that of the server. */
static bool
names_server(uint16_t protocol)
{
	return protocol == NDPI_PROTOCOL_TLS || protocol == NDPI_PROTOCOL_QUIC ||
	       protocol == NDPI_PROTOCOL_DTLS || protocol == NDPI_PROTOCOL_HTTP ||
	       protocol == NDPI_PROTOCOL_HTTP_CONNECT || protocol == NDPI_PROTOCOL_HTTP_PROXY;
}

/* Of "TLS.Netflix" the first is what is spoken, and the second whose service it is taken for: that
 * is the catalogue's business. */
static uint16_t
spoken(const struct ndpi_flow_struct *flow)
{
	return flow->detected_protocol_stack[1] != NDPI_PROTOCOL_UNKNOWN
		       ? flow->detected_protocol_stack[1]
		       : flow->detected_protocol_stack[0];
}

static void
tell(struct ndpi_detection_module_struct *module, const struct ndpi_flow_struct *flow,
     struct protocol_opinion *out)
{
	uint16_t protocol = spoken(flow);
	ndpi_protocol alone = {.app_protocol = protocol};

	copy_lowered(out->protocol, sizeof(out->protocol), ndpi_get_proto_name(module, protocol));
	copy_lowered(out->category, sizeof(out->category),
		     protocol_category_text(ndpi_get_proto_category(module, alone)));
	out->risks = flow->risk;
	if (names_server(protocol))
		copy_lowered(out->host, sizeof(out->host), flow->host_server_name);
}

/* By content; what was found by port or address does not count. What was found in a table across
 * flows does, since only this packet can have put it there. */
static bool
is_found(const struct ndpi_flow_struct *flow)
{
	return spoken(flow) != NDPI_PROTOCOL_UNKNOWN &&
	       (flow->confidence == NDPI_CONFIDENCE_DPI ||
		flow->confidence == NDPI_CONFIDENCE_DPI_CACHE);
}

/*
 * Dissectors that a packet is shown to only where it looks worth it: BitTorrent's, which compares
 * with the clock; TLS's, which keeps the bytes of every stream, and would not be believed of one
 * that never had a record; and those that go over each byte of every payload for words of their
 * own.
 */
enum picky {
	PICKY_BITTORRENT,
	PICKY_TLS,
	PICKY_HTTP,
	PICKY_RTSP,
	PICKY_MINING,
	PICKY_COUNT,
};

static const uint16_t picky_protocols[PICKY_COUNT] = {
	[PICKY_BITTORRENT] = NDPI_PROTOCOL_BITTORRENT,
	[PICKY_TLS] = NDPI_PROTOCOL_TLS,
	[PICKY_HTTP] = NDPI_PROTOCOL_HTTP,
	[PICKY_RTSP] = NDPI_PROTOCOL_RTSP,
	[PICKY_MINING] = NDPI_PROTOCOL_MINING,
};

/* Hides a flow from a dissector, or shows it again, unless that had enough of it by itself. */
static void
hide(struct state *s, enum picky which, bool hidden)
{
	NDPI_PROTOCOL_BITMASK *excluded = &s->flow.excluded_protocol_bitmask;
	uint16_t protocol = picky_protocols[which];
	uint8_t bit = (uint8_t)(1u << which);

	if (hidden && !NDPI_ISSET(excluded, protocol)) {
		NDPI_SET(excluded, protocol);
		s->hidden |= bit;
	} else if (!hidden && (s->hidden & bit) != 0) {
		NDPI_CLR(excluded, protocol);
		s->hidden &= (uint8_t)~bit;
	}
}

static void
leave_out(struct state *s, const struct protocol_packet *packet)
{
	hide(s, PICKY_BITTORRENT, packet->is_udp && !protocol_check_bittorrent(packet->payload));
	hide(s, PICKY_TLS, !packet->is_udp && !s->doubt.saw_tls);
	hide(s, PICKY_HTTP, !protocol_check_line(packet->payload));
	hide(s, PICKY_RTSP, !protocol_check_rtsp(packet->payload));
	hide(s, PICKY_MINING, !packet->is_udp && !protocol_check_mining(packet->payload));
}

/* One call into the library, with the flow's memory; false when that did not suffice. */
static bool
call_library(struct protocol_detector *detector, uint32_t slot, struct state *s,
	     const struct protocol_packet *packet)
{
	uint16_t len = protocol_frame_write(detector->frame, packet, &s->sequence);
	if (len == 0)
		return true;

	call.memory = detector->memory;
	call.slot = slot;
	call.ran_out = false;
	leave_out(s, packet);
	void *addresses = detector->module->protocols_ptree;
	detector->module->protocols_ptree = detector->no_addresses;
	(void)ndpi_detection_process_packet(detector->module, &s->flow, detector->frame, len,
					    packet->time_ns / 1000000);
	detector->module->protocols_ptree = addresses;
	forget_other_flows(detector->module);
	call.memory = NULL;
	return !call.ran_out;
}

/* The flow as if nothing had been shown of it. */
static void
start_again(struct protocol_detector *detector, struct ndpi_flow_struct *flow)
{
	call.memory = detector->memory;
	ndpi_free_flow_data(flow);
	call.memory = NULL;
	memset(flow, 0, sizeof(*flow));
}

enum protocol_answer
protocol_detector_feed(struct protocol_detector *detector, uint32_t state,
		       const struct protocol_packet *packet, struct protocol_opinion *out)
{
	struct state *s = protocol_memory_state(detector->memory, state);

	memset(out, 0, sizeof(*out));
	protocol_doubt_note(&s->doubt, packet);
	if (!call_library(detector, state, s, packet))
		return PROTOCOL_NO_ROOM;
	if (spoken(&s->flow) == NDPI_PROTOCOL_UNKNOWN)
		return s->doubt.packets < PROTOCOL_PACKETS_MAX ? PROTOCOL_MORE : PROTOCOL_DECIDED;
	if (!is_found(&s->flow))
		return PROTOCOL_DECIDED;
	switch (protocol_believe(&s->doubt, ndpi_get_proto_name(detector->module, spoken(&s->flow)),
				 packet)) {
	case PROTOCOL_BELIEVED:
		tell(detector->module, &s->flow, out);
		return PROTOCOL_DECIDED;
	case PROTOCOL_NOT_YET:
		start_again(detector, &s->flow);
		break;
	case PROTOCOL_NEVER:
		return PROTOCOL_DECIDED;
	}
	return s->doubt.packets < PROTOCOL_PACKETS_MAX ? PROTOCOL_MORE : PROTOCOL_DECIDED;
}
