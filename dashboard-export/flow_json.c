/* SPDX-License-Identifier: Apache-2.0 */
#include "dashboard-export/flow_json.h"

#include "base/rfc3339.h"
#include "dashboard-export/flow_json_parts.h"

#include <assert.h>

static_assert(JSON_TEXTS_MAX_LEN + JSON_WORDS_MAX_LEN < FLOW_JSON_MAX,
	      "a flow with the longest texts fits");

static void
write_event(struct json_writer *w, const struct flow_record *r)
{
	char start[RFC3339_LEN + 1];

	rfc3339_format(r->start_ns, start);
	json_writer_plain_member(w, "@timestamp", start);
	json_writer_open_object(w, "event");
	json_writer_plain_member(w, "kind", "event");
	json_writer_open_array(w, "category");
	json_writer_plain(w, "network", strlen("network"));
	json_writer_close(w, ']');
	json_writer_open_array(w, "type");
	json_writer_plain(w, "connection", strlen("connection"));
	if (r->final)
		json_writer_plain(w, "end", strlen("end"));
	json_writer_close(w, ']');
	flow_json_times(w, r, start);
	json_writer_close(w, '}');
}

/* What follows from the flow by the rules; a flow that is not judged has none of it. */
static void
write_rule(struct json_writer *w, const struct judged_flow *flow)
{
	if (flow->verdict == NULL)
		return;
	json_writer_open_object(w, "rule");
	json_writer_plain_member(w, "id", flow->verdict->rule_id);
	json_writer_close(w, '}');
	json_optional_member(w, "message", flow->message, JSON_MESSAGE_MAX_LEN);
}

static void
write_vigie(struct json_writer *w, const struct judged_flow *flow)
{
	json_writer_open_object(w, "vigie");
	flow_json_capture(w, flow);
	json_writer_uint_member(w, "seq", flow->record->seq);
	json_writer_bool_member(w, "final", flow->record->final != 0);
	flow_json_place(w, flow);
	flow_json_far_end(w, flow);
	flow_json_detail(w, flow);
	flow_json_grounds(w, flow);
	json_writer_close(w, '}');
}

size_t
flow_json_format(const struct judged_flow *flow, char *out)
{
	struct json_writer w;

	json_writer_init(&w, out, FLOW_JSON_MAX);
	json_writer_open(&w, '{');
	write_event(&w, flow->record);
	flow_json_wire(&w, flow);
	write_rule(&w, flow);
	write_vigie(&w, flow);
	json_writer_close(&w, '}');
	json_writer_raw(&w, "\n", 1);
	assert(!w.overflow);
	return json_writer_len(&w);
}
