/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first datagrams of a UDP flow, one after another, as the worker shows them. No change to a
 * sealed packet survives its tag, so an Initial may also be given as its clear frames: it is sealed
 * here. Each datagram: how it is made, for a sealed one whose keys and version, a length of two
 * bytes, and as many bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/flow_record.h"
#include "dataplane/inspect.h"
#include "tests/unit/dataplane/first_messages.h"

#define FRAMES_MAX 1400
#define INITIAL_MIN 1200
#define OVERHEAD 80 /* header, token, packet number and tag of a sealed Initial at most */

/* First byte of a datagram. */
#define FROM_SERVER 0x01
#define SEALED 0x02
#define CUT 0x04 /* the capture has half of it */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct flow_table *flows;
static struct worker_counters counters;
static struct inspector inspector;

static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* An Initial around `frames` as `form` says: two bits each for the id in the header and the id that
 * makes the keys, three for the version, one for a token. */
static void
seal(struct wire *w, uint8_t form, struct slice frames)
{
	static const char *const ids[] = {"firstdst", "fromretry", "srv", "seconddst"};
	static const uint32_t versions[] = {1,          0x6b3343cf, 0xff00001d, 0xfaceb002,
					    0x0a0a0a0a, 0x1a2a3a4a, 0x00000002, 0xff000022};
	uint32_t version = versions[form >> 4 & 7];
	struct message_initial initial = {
		.version = version,
		.keys_version = version,
		.dcid = ids[form & 3],
		.keys_dcid = ids[form >> 2 & 3],
		.token = (form & 0x80) != 0 ? "token" : NULL,
	};

	if (version == 0x0a0a0a0a)
		initial.keys_version = 0xff00001d;
	else if (version == 0x1a2a3a4a)
		initial.keys_version = 0x6b3343cf;
	else if (version == 2)
		initial.keys_version = 1;
	if (frames.len > FRAMES_MAX)
		frames.len = FRAMES_MAX;
	initial.len = frames.len + OVERHEAD > INITIAL_MIN ? frames.len + OVERHEAD : INITIAL_MIN;
	message_initial(w, &initial, frames);
}

/* Takes the next datagram into `w`; false at the end of the input. */
static bool
take_datagram(struct cursor *c, uint8_t *how, struct wire *w)
{
	*how = cursor_u8(c);
	uint8_t form = (*how & SEALED) != 0 ? cursor_u8(c) : 0;
	size_t len = cursor_be16(c);
	if (c->failed)
		return false;
	struct slice bytes = cursor_take(c, len < cursor_left(c) ? len : cursor_left(c));
	w->len = 0;
	if ((*how & SEALED) != 0)
		seal(w, form, bytes);
	else
		wire_bytes(w, bytes.data, bytes.len);
	return true;
}

static struct flow *
begin_flow(uint32_t *index)
{
	static const struct flow_key key = {.version = 4, .transport = TRANSPORT_UDP};

	if (flows == NULL) {
		flows = flow_table_create(16);
		require(flows != NULL && inspector_init(&inspector, flows, &counters) == 0);
	}
	*index = flow_table_add(flows, &key, 1);
	require(*index != FLOW_NONE);
	struct flow *flow = flow_table_get(flows, *index);
	flow->inspect = flow->name = flow->detail = FLOW_NONE;
	flow->owes = FLOW_OWES_QUIC;
	return flow;
}

static void
end_flow(struct flow *flow, uint32_t index)
{
	inspect_end(&inspector, index);
	require(flow->inspect == FLOW_NONE);
	require((flow->name != FLOW_NONE) == (flow->name_source != NAME_SOURCE_NONE));
	if (flow->name != FLOW_NONE) {
		require(flow->protocol == APP_PROTOCOL_QUIC || flow->protocol == APP_PROTOCOL_DTLS);
		require((flow->flags & FLOW_FLAG_ENCRYPTED) == 0);
		name_pool_remove(inspector.names, flow->name);
	}
	if (flow->detail != FLOW_NONE)
		detail_pool_release(inspector.details, flow->detail);
	flow_table_remove(flows, index);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wire w;
	struct cursor c = cursor_over(slice_of(data, size));
	uint32_t index;
	struct flow *flow = begin_flow(&index);
	unsigned shown = 0;
	uint8_t how;

	while (flow->owes != 0 && take_datagram(&c, &how, &w)) {
		size_t len = (how & CUT) != 0 ? w.len / 2 : w.len;
		uint8_t *copy = wire_exact_copy(slice_of(w.bytes, len));
		struct decoded decoded = {.payload = copy,
					  .payload_len = (uint32_t)len,
					  .wire_payload_len = (uint32_t)w.len};
		inspect_udp(&inspector, index, &decoded, how & FROM_SERVER);
		free(copy);
		shown += len != 0;
		require(shown <= 200 && (flow->inspect == FLOW_NONE || flow->owes != 0));
	}
	end_flow(flow, index);
	return 0;
}
